#include "trace/targets.h"

#include "base/alloc.h"
#include "source/tree_object.h"

#include <stdlib.h>

/* Ordered by name while they are grouped. */
struct named {
	struct slice name;
	uint32_t target;
};

static int order_named(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int order = slice_cmp(a->name, b->name);

	return order ? order : (a->target > b->target) - (a->target < b->target);
}

static void add(struct targets *t, size_t *cap, uint32_t number, struct slice name)
{
	grow_array(&t->list, cap, t->count, sizeof(*t->list));
	t->list[t->count] = (struct target){number, name, t->count, t->count};
	t->count++;
}

static int order_targets(const void *left, const void *right)
{
	const struct target *a = left, *b = right;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return slice_cmp(a->name, b->name);
}

/* The names in a tree for whose sake it was kept. */
static void add_names(struct targets *t, size_t *cap, struct history *h, uint32_t number)
{
	enum object_type type;
	struct tree_entry entry;
	unsigned char *bytes;
	struct slice rest;
	struct err err;
	size_t len;

	if (history_read(h, number, &type, &bytes, &len, &err) < 0)
		return;
	rest = slice_of(bytes, len);
	while (tree_next(&rest, &entry))
		if (h->sink->worth(h->sink->payload, entry.name))
			add(t, cap, number,
			    slice_of(xmemdup0(entry.name.ptr, entry.name.len), entry.name.len));
	free(bytes);
}

static void group_names(struct targets *t)
{
	struct named *all = xcalloc(t->count, sizeof(*all));
	size_t count = 0;

	for (uint32_t i = 0; i < t->count; i++)
		if (t->list[i].name.ptr)
			all[count++] = (struct named){t->list[i].name, i};
	if (count)
		qsort(all, count, sizeof(*all), order_named);
	t->by_name = xcalloc(count, sizeof(*t->by_name));
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || !slice_eq(all[i - 1].name, all[i].name))
			t->by_name[t->name_count++] = all[i].target;
		t->list[all[i].target].holders = t->by_name[t->name_count - 1];
	}
	free(all);
}

void targets_list(struct targets *t, struct history *h)
{
	size_t cap = 0;

	*t = (struct targets){0};
	for (size_t i = 0; i < h->found_count; i++) {
		if (odb_type(h->odb, h->found[i]) == OBJECT_TREE)
			add_names(t, &cap, h, h->found[i]);
		else
			add(t, &cap, h->found[i], slice_of(NULL, 0));
	}
	/* A tree that breaks the rules has its names in no order. */
	if (t->count)
		qsort(t->list, t->count, sizeof(*t->list), order_targets);
	for (uint32_t i = 0; i < t->count; i++)
		t->list[i].holders = t->list[i].alias = i;
	group_names(t);
}

void targets_dispose(struct targets *t)
{
	for (uint32_t i = 0; i < t->count; i++)
		free((unsigned char *)t->list[i].name.ptr);
	free(t->list);
	free(t->by_name);
	*t = (struct targets){0};
}

uint32_t targets_find(const struct targets *t, uint32_t number)
{
	uint32_t beg = 0, end = t->count;

	while (beg < end) {
		uint32_t mid = beg + (end - beg) / 2;

		if (t->list[mid].number < number)
			beg = mid + 1;
		else
			end = mid;
	}
	return beg < t->count && t->list[beg].number == number ? beg : NO_TARGET;
}

uint32_t targets_find_name(const struct targets *t, struct slice name)
{
	uint32_t beg = 0, end = t->name_count;

	while (beg < end) {
		uint32_t mid = beg + (end - beg) / 2;
		int order = slice_cmp(t->list[t->by_name[mid]].name, name);

		if (order == 0)
			return t->by_name[mid];
		if (order < 0)
			beg = mid + 1;
		else
			end = mid;
	}
	return NO_TARGET;
}
