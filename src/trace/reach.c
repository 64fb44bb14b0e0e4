#include "trace/reach.h"

#include "base/alloc.h"

#include <stdlib.h>

static void mark_named(struct reach *r, uint32_t number, enum ref_reach by)
{
	uint8_t value = (uint8_t)(1 + by);

	if (r->named[number] < value)
		r->named[number] = value;
}

/* A ref, and the objects that tags lead to from it. */
static void follow_ref(struct reach *r, const struct history *h, const struct ref *ref)
{
	uint32_t number = odb_find(h->odb, ref->oid.raw);
	size_t commit;

	while (number != ODB_NO_OBJECT) {
		const struct tag *tag = history_tag(h, number);

		if (r->named[number] >= 1 + ref->reach && tag)
			return; /* so nested tags in a ring end */
		mark_named(r, number, ref->reach);
		if (!tag)
			break;
		number = tag->target;
	}
	commit = number == ODB_NO_OBJECT ? NO_COMMIT : commits_find(&h->commits, number);
	if (commit != NO_COMMIT)
		(ref->reach == REF_PUSHED ? r->pushed : r->local)[commit] = true;
}

static void find_head(struct reach *r, const struct history *h)
{
	struct oid head;
	uint32_t number = ODB_NO_OBJECT;
	const struct tag *tag;

	if (refs_head(&h->refs, h->repository->git_dir, &head))
		number = odb_find(h->odb, head.raw);
	if ((tag = history_tag(h, number)))
		number = tag->peeled;
	r->head = number == ODB_NO_OBJECT ? NO_COMMIT : commits_find(&h->commits, number);
	if (r->head == NO_COMMIT)
		return;
	r->in_head[r->head] = true;
	(h->options.all_pushed ? r->pushed : r->local)[r->head] = true;
}

/* What is about to become a ref. */
static void follow_tips(struct reach *r, const struct history *h)
{
	const struct oids *tips = h->options.tips;

	for (size_t i = 0; tips && i < tips->count; i++)
		follow_ref(r, h, &(struct ref){.oid = tips->list[i], .reach = REF_LOCAL});
}

void reach_find(struct reach *r, const struct history *h)
{
	size_t commits = h->commits.count + 1;

	*r = (struct reach){
		.local = xcalloc(commits, sizeof(*r->local)),
		.pushed = xcalloc(commits, sizeof(*r->pushed)),
		.in_head = xcalloc(commits, sizeof(*r->in_head)),
		.asked = h->range.asked,
		.named = xcalloc((size_t)odb_count(h->odb) + 1, sizeof(*r->named)),
	};
	for (size_t i = 0; i < h->refs.count; i++)
		if (h->refs.list[i].has_oid)
			follow_ref(r, h, &h->refs.list[i]);
	follow_tips(r, h);
	find_head(r, h);
	commits_reach(&h->commits, r->local);
	commits_reach(&h->commits, r->pushed);
	commits_reach(&h->commits, r->in_head);
}

void reach_dispose(struct reach *r)
{
	free(r->local);
	free(r->pushed);
	free(r->in_head);
	free(r->named);
	*r = (struct reach){0};
}
