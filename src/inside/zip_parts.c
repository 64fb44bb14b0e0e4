/*
 * The directory leads to the bytes of each member; what none of them covers is
 * looked through for members that it does not know. Each such stretch, and what stands before
 * and behind the archive, is a range of its own, in which there may be a whole archive again.
 */
#include "inside/zip_parts.h"

#include "base/alloc.h"
#include "inside/zip_records.h"

#include <stdlib.h>

struct zip_parts {
	struct zip_bytes bytes;
	uint64_t members_max;
	bool begun;
	struct zip_range *left; /* to be looked at, the last one first */
	size_t left_count, left_cap;
	uint64_t dictionary;       /* as in struct zip_part */
	struct zip_range *covered; /* of the directory that is being read */
	size_t covered_count, covered_cap;
	struct zip_range now;     /* of the part given last */
	struct zip_range endless; /* no archive ends in it */
	uint64_t broken;          /* the end to which no directory that adds up belongs */
};

/* ---- ranges ---- */

static void push(struct zip_parts *p, uint64_t beg, uint64_t end)
{
	struct zip_range r = {beg, end};

	if (beg >= end || end - beg < ZIP_LOCAL_LEN || zip_find_local(&p->bytes, r) == end)
		return;
	grow_array(&p->left, &p->left_cap, p->left_count, sizeof(*p->left));
	p->left[p->left_count++] = r;
}

static void cover(struct zip_parts *p, uint64_t beg, uint64_t end)
{
	grow_array(&p->covered, &p->covered_cap, p->covered_count, sizeof(*p->covered));
	p->covered[p->covered_count++] = (struct zip_range){beg, end};
}

static int order_ranges(const void *left, const void *right)
{
	const struct zip_range *a = left, *b = right;

	return (a->beg > b->beg) - (a->beg < b->beg);
}

/* What is covered by nothing, in the order of the file. */
static void push_others(struct zip_parts *p, struct zip_range all)
{
	size_t first = p->left_count;
	uint64_t at = all.beg;

	qsort(p->covered, p->covered_count, sizeof(*p->covered), order_ranges);
	for (size_t i = 0; i < p->covered_count; i++) {
		push(p, at, p->covered[i].beg);
		if (p->covered[i].end > at)
			at = p->covered[i].end;
	}
	push(p, at, all.end);
	for (size_t i = first, j = p->left_count; i + 1 < j; i++) {
		struct zip_range r = p->left[i];

		p->left[i] = p->left[--j];
		p->left[j] = r;
	}
}

/* ---- the directory ---- */

/* A member at its place, the archive's bytes from 0 on being those from base on. */
static bool check_member(struct zip_parts *p, const struct zip_said *said, uint64_t base,
			 uint64_t end)
{
	struct zip_said local;
	uint64_t beg, data, dictionary;

	if (said->local > end - base)
		return false;
	beg = base + said->local;
	if (!zip_read_local(&p->bytes, beg, &local, &data) || !zip_is_same(said, &local) ||
	    data > end || said->packed > end - data)
		return false;
	cover(p, beg, data + said->packed);
	dictionary = zip_dictionary(&p->bytes, said->method,
				    (struct zip_range){data, data + said->packed});
	if (dictionary > p->dictionary)
		p->dictionary = dictionary;
	return true;
}

/* Whether there is a directory that leads to members only, all of them, and no more than may
 * be: libarchive takes memory for each. */
static bool read_directory(struct zip_parts *p, struct zip_range r, const struct zip_end *end,
			   struct zip_part *part)
{
	struct zip_range left;
	uint64_t count = 0;

	p->covered_count = 0;
	p->dictionary = p->bytes.walked = 0;
	if (end->size > end->last - r.beg || end->offset > end->last - r.beg - end->size)
		return false;
	left = (struct zip_range){end->last - end->size, end->last};
	*part = (struct zip_part){
		.beg = left.beg - end->offset, .end = end->at + ZIP_END_LEN, .by_directory = true};
	cover(p, left.beg, end->at + ZIP_END_LEN);
	for (; left.beg < left.end && count <= p->members_max; count++) {
		struct zip_said said;
		size_t len = zip_read_entry(&p->bytes, left, &said);

		if (!len || !check_member(p, &said, part->beg, end->last - end->size))
			return false;
		left.beg += len;
	}
	/* Without the fields of 64 bits only the last 16 bits of the number are said. */
	part->members = count;
	return left.beg >= left.end && count <= p->members_max &&
	       (count & 0xffff) == (end->members & 0xffff);
}

/* ---- parts ---- */

struct zip_parts *zip_parts_new(const struct stream *s, uint64_t members_max)
{
	struct zip_parts *p = xcalloc(1, sizeof(*p));

	zip_bytes_init(&p->bytes, s);
	p->broken = UINT64_MAX;
	p->members_max = members_max;
	return p;
}

void zip_parts_free(struct zip_parts *p)
{
	zip_bytes_dispose(&p->bytes);
	free(p->left);
	free(p->covered);
	free(p);
}

/* A range that is no archive as it should be: from its first member on. */
static void give_members(struct zip_parts *p, struct zip_range r, bool is_odd,
			 struct zip_part *part)
{
	uint64_t first = zip_find_local(&p->bytes, r);

	if (first == r.end)
		first = r.beg; /* libarchive says what is wrong with it */
	*part = (struct zip_part){.beg = first, .end = r.end, .is_odd = is_odd};
}

/* Records that make sense and belong to no directory, before nothing more is looked for. */
#define FAR_ENDS 4

/* Where no archive ends near the end, one far from it, but for that inside of a member of one that
 * was cut off. */
static bool is_far_part(struct zip_parts *p, struct zip_range r, struct zip_end *end,
			struct zip_part *part)
{
	struct zip_range left = r;
	struct zip_said said;
	uint64_t behind;

	if (r.beg >= p->endless.beg && r.end <= p->endless.end)
		return false;
	for (unsigned i = 0; i < FAR_ENDS && zip_find_far_end(&p->bytes, left, end); i++) {
		if (read_directory(p, r, end, part) &&
		    (part->beg == r.beg || !zip_read_local(&p->bytes, r.beg, &said, &behind)))
			return true;
		left.end = end->at;
	}
	p->endless = r;
	return false;
}

bool zip_parts_next(struct zip_parts *p, struct zip_part *part)
{
	struct zip_range r = {0, stream_size(p->bytes.s)};
	bool is_all = !p->begun, has_end;
	struct zip_end end, far;

	p->begun = true;
	if (!is_all && !p->left_count)
		return false;
	if (!is_all)
		r = p->left[--p->left_count];
	p->now = r;
	has_end = zip_find_end(&p->bytes, r, &end);
	/* What is left of a range after some members ends alike. */
	if ((has_end && end.at != p->broken && read_directory(p, r, &end, part)) ||
	    is_far_part(p, r, &far, part)) {
		part->dictionary = p->dictionary;
		push_others(p, r);
		return true;
	}
	if (has_end)
		p->broken = end.at;
	give_members(p, r, is_all || has_end, part);
	return true;
}

void zip_parts_go_on(struct zip_parts *p, uint64_t offset)
{
	if (offset > p->now.beg)
		push(p, offset, p->now.end);
}
