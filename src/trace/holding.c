#include "trace/holding.h"

#include "base/alloc.h"

#include <stdlib.h>

const struct tree_edge *holders_of(const struct trees *trees, uint32_t target, size_t *count)
{
	const size_t *beg = &trees->holders_beg[target];

	*count = beg[1] - beg[0];
	return trees->holders + beg[0];
}

/* Calls for each bit; few are set. */
#define EACH_BIT(bits, i)                                                                          \
	for (uint64_t left_ = (bits); left_ && ((i) = (size_t)__builtin_ctzll(left_), true);       \
	     left_ &= left_ - 1)

/* Whether a tree that has a name may be an earlier or later version of the one
 * in which it was found; of everything else, who holds it holds it. */
static bool lives_alike(const struct holding *holding, const struct target *target, uint32_t slot)
{
	size_t own_count, count;
	const uint32_t *own, *paths;

	if (!target->name.ptr)
		return true;
	own = paths_of(holding->paths, holding->trees->slots[target->number], &own_count);
	paths = paths_of(holding->paths, slot, &count);
	for (size_t i = 0; i < own_count; i++)
		for (size_t j = 0; j < count; j++)
			if (own[i] == paths[j])
				return true;
	return false;
}

static uint32_t slot_of(const struct holding *holding, const struct commit *commit)
{
	return commit->tree == ODB_NO_OBJECT ? TREES_NO_SLOT : holding->trees->slots[commit->tree];
}

static void carry_upwards(struct holding *holding, const uint32_t *batch, size_t asked)
{
	const struct trees *trees = holding->trees;
	const struct commits *commits = &holding->h->commits;

	memset(holding->in_trees, 0, trees->slot_count * sizeof(*holding->in_trees));
	for (size_t i = 0; i < asked; i++) {
		const struct target *target = &holding->targets->list[batch[i]];
		size_t count;
		const struct tree_edge *holders = holders_of(trees, target->holders, &count);

		for (size_t j = 0; j < count; j++)
			if (lives_alike(holding, target, holders[j].parent))
				holding->in_trees[holders[j].parent] |= (uint64_t)1 << i;
	}
	/* Children have the higher slots. */
	for (uint32_t slot = trees->slot_count; slot-- > 0;)
		for (size_t i = trees->edges_beg[slot];
		     holding->in_trees[slot] && i < trees->edges_beg[slot + 1]; i++)
			holding->in_trees[trees->edges[i].parent] |= holding->in_trees[slot];
	for (size_t i = 0; i < commits->count; i++) {
		uint32_t slot = slot_of(holding, &commits->list[i]);

		holding->in_commits[i] = slot == TREES_NO_SLOT ? 0 : holding->in_trees[slot];
	}
}

static bool is_reached(const struct reach *reach, size_t commit)
{
	return reach->local[commit] || reach->pushed[commit];
}

/* Whether a comes before b: those that a ref reaches, then by time. */
static bool is_earlier(const struct holding *holding, size_t a, size_t b)
{
	const struct commit *list = holding->h->commits.list;

	if (b == NO_COMMIT || is_reached(holding->reach, a) != is_reached(holding->reach, b))
		return b == NO_COMMIT || is_reached(holding->reach, a);
	return list[a].time != list[b].time ? list[a].time < list[b].time : a < b;
}

static bool is_later(const struct holding *holding, size_t a, size_t b)
{
	const struct commit *list = holding->h->commits.list;

	if (b == NO_COMMIT || is_reached(holding->reach, a) != is_reached(holding->reach, b))
		return b == NO_COMMIT || is_reached(holding->reach, a);
	return list[a].time != list[b].time ? list[a].time > list[b].time : a > b;
}

/* The third parent of a stash has only the untracked files; that the stash itself
 * lacks them takes nothing out (git-stash(1)). */
static bool is_untracked(const struct commits *commits, const struct commit *c, uint32_t p,
			 size_t parent)
{
	return p == 2 && c->parent_count == 3 && commits->list[parent].parent_count == 0;
}

static void look_at_commit(struct holding *holding, size_t commit, const uint32_t *batch,
			   struct answer *answers)
{
	const struct commits *commits = &holding->h->commits;
	const struct reach *reach = holding->reach;
	const struct commit *c = &commits->list[commit];
	bool known = reach->asked && holding->h->range.known[commit];
	uint64_t here = holding->in_commits[commit], before = 0, had = here, lost = 0;
	size_t i;

	for (uint32_t p = 0; p < c->parent_count; p++) {
		size_t parent = commits_parent(commits, c, p);

		if (parent == NO_COMMIT || is_untracked(commits, c, p, parent))
			continue;
		before |= holding->in_commits[parent];
		had |= holding->had[parent];
		lost |= holding->had[parent] & ~holding->in_commits[parent];
	}
	holding->had[commit] = had;
	holding->local |= reach->local[commit] ? here : 0;
	holding->pushed |= reach->pushed[commit] ? here : 0;
	holding->in_head |= commit == reach->head ? here : 0;
	holding->known |= known ? here : 0;
	EACH_BIT(here & ~before, i)
	{
		struct answer *answer = &answers[batch[i]];

		if (reach_asked(reach, commit) && is_earlier(holding, commit, answer->commit))
			answer->commit = commit;
	}
	/* A merge with what took it out before takes nothing out. */
	EACH_BIT(before & ~here & ~lost, i)
	{
		struct answer *answer = &answers[batch[i]];

		if (is_later(holding, commit, answer->removed))
			answer->removed = commit;
	}
}

static void begin_answers(struct holding *holding, const uint32_t *batch, size_t count,
			  struct answer *answers)
{
	for (size_t i = 0; i < count; i++)
		answers[batch[i]] = (struct answer){.commit = NO_COMMIT, .removed = NO_COMMIT};
	holding->local = holding->pushed = holding->in_head = holding->known = 0;
	/* In a ring of commits, some are looked at before their parents. */
	memset(holding->had, 0, holding->h->commits.count * sizeof(*holding->had));
}

/* What any commit said, of all at once. */
static void end_answers(const struct holding *holding, const uint32_t *batch, size_t count,
			struct answer *answers)
{
	for (size_t i = 0; i < count; i++) {
		struct answer *answer = &answers[batch[i]];

		answer->local = holding->local >> i & 1;
		answer->pushed = holding->pushed >> i & 1;
		answer->in_head = holding->in_head >> i & 1;
		answer->known = holding->known >> i & 1;
	}
}

/* What a tag names directly counts as its commits would. */
static void look_at_named(const struct holding *holding, const uint32_t *batch,
			  struct answer *answers)
{
	size_t i;

	for (size_t j = 0; j < holding->named_count; j++) {
		uint32_t number = holding->named_trees[j];
		uint8_t named = holding->reach->named[number];
		uint64_t here = holding->in_trees[holding->trees->slots[number]];
		bool asked = range_names(&holding->h->range, number);

		EACH_BIT(here, i)
		{
			answers[batch[i]].pushed |= named == 1 + REF_PUSHED;
			answers[batch[i]].local |= named == 1 + REF_LOCAL;
			answers[batch[i]].named |= asked;
		}
	}
}

void holding_answer(struct holding *holding, const uint32_t *batch, size_t count,
		    struct answer *answers)
{
	begin_answers(holding, batch, count, answers);
	carry_upwards(holding, batch, count);
	for (size_t i = 0; i < holding->h->commits.count; i++)
		look_at_commit(holding, holding->order[i], batch, answers);
	end_answers(holding, batch, count, answers);
	look_at_named(holding, batch, answers);
}

void holding_open(struct holding *holding, const struct history *h, const struct targets *targets,
		  const struct trees *trees, const struct paths *paths, const struct reach *reach)
{
	size_t commits = h->commits.count + 1;

	*holding = (struct holding){
		.h = h,
		.targets = targets,
		.trees = trees,
		.paths = paths,
		.reach = reach,
		.in_trees = xcalloc((size_t)trees->slot_count + 1, sizeof(*holding->in_trees)),
		.in_commits = xcalloc(commits, sizeof(*holding->in_commits)),
		.had = xcalloc(commits, sizeof(*holding->had)),
		.order = xcalloc(commits, sizeof(*holding->order)),
	};
	commits_order(&h->commits, holding->order);
	for (uint32_t i = 0; i < odb_count(h->odb); i++) {
		if (!reach->named[i] || trees->slots[i] == TREES_NO_SLOT)
			continue;
		grow_array(&holding->named_trees, &holding->named_cap, holding->named_count,
			   sizeof(*holding->named_trees));
		holding->named_trees[holding->named_count++] = i;
	}
}

void holding_dispose(struct holding *holding)
{
	free(holding->in_trees);
	free(holding->in_commits);
	free(holding->had);
	free(holding->order);
	free(holding->named_trees);
	*holding = (struct holding){0};
}
