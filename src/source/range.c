#include "source/range.h"

#include "base/alloc.h"
#include "source/git_loose.h"
#include "source/git_open.h"
#include "source/history.h"

#include <git2.h>
#include <stdlib.h>

/* ---- names ---- */

/* As git names commits: branches, tags, ids, HEAD~3. */
static int find_commit(git_repository *git, const char *name, struct oid *oid, struct err *err)
{
	git_object *object = NULL, *commit = NULL;
	int rc = git_revparse_single(&object, git, name);

	if (rc == 0)
		rc = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
	if (rc == GIT_ERROR)
		rc = err_set(err, HF_EGIT, "the commit %.200s cannot be read", name);
	else if (rc < 0)
		rc = err_set(err, HF_ENOTFOUND, "there is no commit called %.200s", name);
	else
		*oid = oid_from(git_object_id(commit)->id);
	git_object_free(commit);
	git_object_free(object);
	return rc;
}

static int find_commits(struct range *range, git_repository *git,
			const struct history_options *options, struct err *err)
{
	struct oid oid;
	int rc = find_commit(git, options->to, &oid, err);

	if (rc == 0)
		oids_add(&range->tips, &oid);
	if (rc == 0 && options->from && (rc = find_commit(git, options->from, &oid, err)) == 0)
		oids_add(&range->had, &oid);
	return rc;
}

static int find_names(struct range *range, const struct repository *repository,
		      const struct history_options *options, struct err *err)
{
	git_repository *git = NULL;
	git_odb *objects = NULL;
	struct repo_config config;
	int rc;

	if (git_open(&git, repository->git_dir, &config, err) < 0)
		return err->code;
	repo_config_dispose(&config);
	objects = git_loose_open(git);
	if (!objects)
		rc = err_set(err, HF_EGIT, "the repository cannot be opened");
	else
		rc = find_commits(range, git, options, err);
	git_odb_free(objects);
	git_repository_free(git);
	return rc;
}

static void add_all(struct oids *to, const struct oids *from)
{
	for (size_t i = 0; from && i < from->count; i++)
		oids_add(to, &from->list[i]);
}

/* ---- life cycle ---- */

int range_open(struct range *range, const struct repository *repository,
	       const struct history_options *options, struct err *err)
{
	*range = (struct range){.is_all = !options->to && !options->tips};
	add_all(&range->tips, options->tips);
	add_all(&range->had, options->had);
	return options->to ? find_names(range, repository, options, err) : 0;
}

void range_dispose(struct range *range)
{
	free(range->tips.list);
	free(range->had.list);
	free(range->asked);
	free(range->known);
	free(range->named);
	*range = (struct range){0};
}

/* ---- what they reach ---- */

static void follow(struct range *range, const struct history *h, const struct oids *from,
		   unsigned char bit, bool *commits)
{
	for (size_t i = 0; i < from->count; i++) {
		uint32_t number = odb_find(h->odb, from->list[i].raw);
		const struct tag *tag;
		size_t commit;

		while (number != ODB_NO_OBJECT && !(range->named[number] & bit)) {
			range->named[number] |= bit;
			tag = history_tag(h, number);
			commit = commits_find(&h->commits, number);
			if (commit != NO_COMMIT)
				commits[commit] = true;
			number = tag ? tag->target : ODB_NO_OBJECT;
		}
	}
	commits_reach(&h->commits, commits);
}

void range_find(struct range *range, const struct history *h)
{
	size_t commits = h->commits.count + 1;

	if (range->is_all)
		return;
	range->asked = xcalloc(commits, sizeof(*range->asked));
	range->known = xcalloc(commits, sizeof(*range->known));
	range->named = xcalloc((size_t)odb_count(h->odb) + 1, sizeof(*range->named));
	follow(range, h, &range->tips, RANGE_ASKED, range->asked);
	follow(range, h, &range->had, RANGE_KNOWN, range->known);
	for (size_t i = 0; i < h->commits.count; i++)
		range->asked[i] = range->asked[i] && !range->known[i];
}
