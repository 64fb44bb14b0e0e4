#include "source/pack/seams.h"

#include "base/alloc.h"

#include <stdlib.h>

#define GROUPS 64

struct cut {
	struct slice string; /* borrowed from struct seam_cuts */
	size_t at;           /* so many of its bytes are before the place */
};

struct seam_cuts {
	unsigned char *bytes; /* of all strings */
	struct cut *list;     /* ordered by the bytes on either side */
	size_t count;
};

/* ---- which strings ---- */

/* Wherever it lies lies another one, whose turn it is to be found. */
static bool holds_another(const struct slice *strings, size_t count, size_t i)
{
	bool holds = false;

	for (size_t j = 0; j < count && !holds; j++)
		holds = j != i &&
			(strings[j].len < strings[i].len ||
			 (strings[j].len == strings[i].len && j < i)) &&
			memmem(strings[i].ptr, strings[i].len, strings[j].ptr, strings[j].len);
	return holds;
}

static int order_cuts(const void *left, const void *right)
{
	const struct cut *a = left, *b = right;
	int order = memcmp(a->string.ptr + a->at - 1, b->string.ptr + b->at - 1, 2);

	return order ? order : slice_cmp(a->string, b->string);
}

static void add_cuts(struct seam_cuts *cuts, struct slice string, size_t *used)
{
	memcpy(cuts->bytes + *used, string.ptr, string.len);
	for (size_t at = 1; at < string.len; at++)
		cuts->list[cuts->count++] =
			(struct cut){slice_of(cuts->bytes + *used, string.len), at};
	*used += string.len;
}

static struct seam_cuts *cut_all(const struct slice *strings, size_t count)
{
	struct seam_cuts *cuts = xcalloc(1, sizeof(*cuts));
	size_t sum = 0, used = 0;

	for (size_t i = 0; i < count; i++)
		sum += strings[i].len;
	cuts->bytes = xcalloc(sum, 1);
	cuts->list = xcalloc(sum, sizeof(*cuts->list));
	for (size_t i = 0; i < count; i++)
		if (strings[i].len && !holds_another(strings, count, i))
			add_cuts(cuts, strings[i], &used);
	if (cuts->count)
		qsort(cuts->list, cuts->count, sizeof(*cuts->list), order_cuts);
	return cuts;
}

/* ---- the tables ---- */

/* Cuts that are much the same share a group. */
static unsigned group_of(const struct seam_cuts *cuts, size_t i)
{
	return (unsigned)(i * GROUPS / cuts->count);
}

/* at: of the byte in the string; beyond an end of it any will do. */
static void note_byte(uint64_t *table, uint64_t group, struct slice string, size_t at)
{
	bool any = at >= string.len;

	for (unsigned byte = 0; byte <= SEAM_NO_BYTE; byte++)
		if (any || string.ptr[at] == byte)
			table[byte] |= group;
}

struct seams *seams_new(const struct slice *strings, size_t count)
{
	struct seams *seams = xcalloc(1, sizeof(*seams));
	struct seam_cuts *cuts = seams->cuts = cut_all(strings, count);

	for (size_t i = 0; i < cuts->count; i++) {
		uint64_t group = (uint64_t)1 << group_of(cuts, i);
		struct slice string = cuts->list[i].string;
		size_t at = cuts->list[i].at;

		/* Before the first byte, at - 2 is beyond any end, too. */
		note_byte(seams->before2, group, string, at - 2);
		note_byte(seams->before1, group, string, at - 1);
		note_byte(seams->behind1, group, string, at);
		note_byte(seams->behind2, group, string, at + 1);
	}
	return seams;
}

void seams_free(struct seams *seams)
{
	if (!seams)
		return;
	free(seams->cuts->bytes);
	free(seams->cuts->list);
	free(seams->cuts);
	free(seams);
}

/* ---- one place ---- */

static bool may_hold(const struct cut *cut, struct slice before, struct slice behind)
{
	size_t left = cut->at, right = cut->string.len - cut->at;

	if (right > behind.len)
		return false; /* it lies across the next place, too */
	if (left > before.len)
		left = before.len;
	return memcmp(before.ptr + before.len - left, cut->string.ptr + cut->at - left, left) ==
		       0 &&
	       memcmp(behind.ptr, cut->string.ptr + cut->at, right) == 0;
}

bool seams_may_hold(const struct seams *seams, uint64_t groups, struct slice before,
		    struct slice behind)
{
	const struct seam_cuts *cuts = seams->cuts;
	bool may = false;

	for (; groups && !may; groups &= groups - 1) {
		size_t group = (size_t)__builtin_ctzll(groups);
		size_t i = (group * cuts->count + GROUPS - 1) / GROUPS;

		for (; i < cuts->count && group_of(cuts, i) == group && !may; i++)
			may = may_hold(&cuts->list[i], before, behind);
	}
	return may;
}
