#include "source/fresh_commits.h"

#include "base/alloc.h"

#include <stdlib.h>

/* ---- those that wait ---- */

static bool is_newer(const struct fresh_commits *c, size_t a, size_t b)
{
	return c->list[a].time > c->list[b].time;
}

static void swap(size_t *a, size_t *b)
{
	size_t was = *a;

	*a = *b;
	*b = was;
}

static void let_wait(struct fresh_commits *c, size_t place)
{
	size_t at = c->heap_count++;

	grow_array(&c->heap, &c->heap_cap, at, sizeof(*c->heap));
	c->heap[at] = place;
	for (; at && is_newer(c, c->heap[at], c->heap[(at - 1) / 2]); at = (at - 1) / 2)
		swap(&c->heap[at], &c->heap[(at - 1) / 2]);
	c->list[place].waits = true;
	c->waiting += !c->list[place].known;
}

static size_t take_newest(struct fresh_commits *c)
{
	size_t place = c->heap[0], at = 0;

	c->heap[0] = c->heap[--c->heap_count];
	for (;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < c->heap_count && is_newer(c, c->heap[child + 1], c->heap[child]))
			child++;
		if (child >= c->heap_count || !is_newer(c, c->heap[child], c->heap[at]))
			break;
		swap(&c->heap[at], &c->heap[child]);
		at = child;
	}
	c->list[place].waits = false;
	c->waiting -= !c->list[place].known;
	return place;
}

/* ---- the walk ---- */

static size_t find(struct fresh_commits *c, const unsigned char *oid, bool *is_new)
{
	size_t place = oid_set_add(&c->set, oid, is_new);
	struct fresh_commit *commit;
	git_oid id;

	if (!*is_new)
		return place;
	grow_array(&c->list, &c->cap, place, sizeof(*c->list));
	commit = &c->list[place];
	*commit = (struct fresh_commit){0};
	memcpy(id.id, oid, OID_BYTES);
	if (git_commit_lookup(&commit->commit, c->git, &id) == 0)
		commit->time = git_commit_time(commit->commit);
	return place;
}

/* One that turns out to be known says so to its parents, again if need be. */
int fresh_commits_start(struct fresh_commits *c, const unsigned char *oid, bool known,
			struct err *err)
{
	bool is_new;
	size_t place = find(c, oid, &is_new);
	struct fresh_commit *commit = &c->list[place];

	if (!commit->commit)
		return known ? 0 : err_set(err, HF_EGIT, "a commit is missing");
	if (known && !commit->known) {
		c->waiting -= commit->waits;
		commit->known = true;
		is_new = !commit->waits;
	}
	if (is_new)
		let_wait(c, place);
	return 0;
}

static int go_on(struct fresh_commits *c, size_t place, struct err *err)
{
	git_commit *commit = c->list[place].commit;
	bool known = c->list[place].known;
	unsigned count = git_commit_parentcount(commit);
	int rc = 0;

	c->list[place].passed = true;
	for (unsigned i = 0; rc == 0 && i < count; i++)
		rc = fresh_commits_start(c, git_commit_parent_id(commit, i)->id, known, err);
	return rc;
}

int fresh_commits_walk(struct fresh_commits *c, size_t max, struct err *err)
{
	size_t passed = 0;
	int rc = 0;

	while (rc == 0 && c->waiting) {
		size_t place = take_newest(c);

		passed += !c->list[place].known && !c->list[place].passed;
		rc = passed > max ? err_set(err, HF_ELIMIT, "more than %zu commits", max)
				  : go_on(c, place, err);
	}
	return rc;
}

void fresh_commits_dispose(struct fresh_commits *c)
{
	for (size_t i = 0; i < c->set.oids.count; i++)
		git_commit_free(c->list[i].commit);
	free(c->list);
	free(c->heap);
	oid_set_dispose(&c->set);
}
