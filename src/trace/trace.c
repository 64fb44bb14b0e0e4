/*
 * First what is asked, then which commits count, then all trees, once; what
 * they say together is told as one origin for each target.
 */
#include "trace/trace.h"

#include "base/alloc.h"
#include "trace/origins.h"

#include <stdlib.h>

static bool needs_trees(const struct history *h)
{
	for (size_t i = 0; i < h->found_count; i++) {
		enum object_type type = odb_type(h->odb, h->found[i]);

		if (type != OBJECT_COMMIT && type != OBJECT_TAG)
			return true;
	}
	return false;
}

static struct paths *find_paths(const struct trees *trees, const struct history *h,
				const struct reach *reach)
{
	bool *is_root = xcalloc((size_t)trees->slot_count + 1, sizeof(*is_root));
	struct paths *paths;

	for (size_t i = 0; i < h->commits.count; i++) {
		uint32_t tree = h->commits.list[i].tree;

		if (tree != ODB_NO_OBJECT && trees->slots[tree] != TREES_NO_SLOT)
			is_root[trees->slots[tree]] = true;
	}
	/* A tree that a tag names is a root too. */
	for (uint32_t i = 0; i < odb_count(h->odb); i++)
		if (reach->named[i] && trees->slots[i] != TREES_NO_SLOT)
			is_root[trees->slots[i]] = true;
	paths = paths_new(trees, is_root);
	free(is_root);
	return paths;
}

/* ---- one answer for versions of a folder ---- */

struct version {
	uint32_t holders, path, target;
};

static int order_versions(const void *left, const void *right)
{
	const struct version *a = left, *b = right;

	if (a->holders != b->holders)
		return a->holders < b->holders ? -1 : 1;
	if (a->path != b->path)
		return a->path < b->path ? -1 : 1;
	return (a->target > b->target) - (a->target < b->target);
}

/* Versions that only ever lived at one path, and have the same name. */
static void find_aliases(struct targets *targets, const struct trees *trees,
			 const struct paths *paths)
{
	struct version *versions = xcalloc(targets->count, sizeof(*versions));
	size_t count = 0, path_count, first = 0;

	for (uint32_t i = 0; i < targets->count; i++) {
		const struct target *target = &targets->list[i];
		const uint32_t *own;

		if (!target->name.ptr)
			continue;
		own = paths_of(paths, trees->slots[target->number], &path_count);
		if (path_count == 1)
			versions[count++] = (struct version){target->holders, own[0], i};
	}
	if (count)
		qsort(versions, count, sizeof(*versions), order_versions);
	for (size_t i = 0; i < count; i++) {
		if (versions[i].holders != versions[first].holders ||
		    versions[i].path != versions[first].path)
			first = i;
		targets->list[versions[i].target].alias = versions[first].target;
	}
	free(versions);
}

/* ---- answers ---- */

static void answer_all(struct holding *holding, const struct targets *targets,
		       struct answer *answers)
{
	uint32_t batch[HOLDING_BATCH];
	size_t count = 0;

	for (uint32_t i = 0; i < targets->count; i++) {
		if (targets->list[i].alias == i)
			batch[count++] = i;
		if (count < HOLDING_BATCH && i + 1 < targets->count)
			continue;
		holding_answer(holding, batch, count, answers);
		count = 0;
	}
	for (uint32_t i = 0; i < targets->count; i++)
		answers[i] = answers[targets->list[i].alias];
}

/* What was found in a commit was brought in by it. */
static void answer_for_commits(const struct history *h, const struct targets *targets,
			       const struct reach *reach, struct answer *answers)
{
	for (uint32_t i = 0; i < targets->count; i++) {
		size_t commit = commits_find(&h->commits, targets->list[i].number);

		if (commit == NO_COMMIT)
			continue;
		answers[i] = (struct answer){
			.commit = reach_asked(reach, commit) ? commit : NO_COMMIT,
			.removed = NO_COMMIT,
			.local = reach->local[commit],
			.pushed = reach->pushed[commit],
			.in_head = reach->in_head[commit],
			.known = reach->asked && h->range.known[commit],
		};
	}
}

static void tell(const struct history *h, const char *what)
{
	h->sink->diag(h->sink->payload, 0, h->repository->root, h->repository->prefix, false, what);
}

static void read_trees(struct trees *trees, struct history *h, const struct targets *targets)
{
	trees_read(trees, h, targets);
	if (trees->cut_short)
		tell(h, "too many folders to follow: some commits and paths are not "
			"known (--max-memory)");
	if (trees->is_spent)
		tell(h, "the deltas of a pack come to too much: not every folder was read, so some "
			"commits and paths are not known");
}

void trace(struct history *h)
{
	struct targets targets;
	struct reach reach;
	struct trees trees = {0};
	struct paths *paths = NULL;
	struct holding holding = {0};
	struct answer *answers;

	if (!h->found_count)
		return;
	targets_list(&targets, h);
	reach_find(&reach, h);
	answers = xcalloc(targets.count, sizeof(*answers));
	for (uint32_t i = 0; i < targets.count; i++)
		answers[i] = (struct answer){.commit = NO_COMMIT, .removed = NO_COMMIT};
	if (needs_trees(h)) {
		read_trees(&trees, h, &targets);
		paths = find_paths(&trees, h, &reach);
		find_aliases(&targets, &trees, paths);
		holding_open(&holding, h, &targets, &trees, paths, &reach);
		answer_all(&holding, &targets, answers);
		holding_dispose(&holding);
	}
	answer_for_commits(h, &targets, &reach, answers);
	origins_tell(h, &targets, &trees, paths, &reach, answers);
	free(answers);
	paths_free(paths);
	trees_dispose(&trees);
	reach_dispose(&reach);
	targets_dispose(&targets);
}
