#include "view/condense.h"

#include "base/alloc.h"

#include <stdlib.h>
#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

/* The last byte is only there to be looked at by who looks at the last but one. */
#define BLOCK (((size_t)4 << 10) + 1)
/* A block of lines has the end of one among its first bytes: no line of base64 is
 * longer. */
#define LINE ((size_t)128)
/* Room to begin with, and kept for the next document: the system gives what of it
 * is written to. */
#define ROOM ((size_t)4 << 20)

static void drop_room(struct condensed *c)
{
	wipe(c->ptr, c->used);
	free(c->ptr);
	c->ptr = NULL;
	c->cap = c->used = 0;
}

void condensed_dispose(struct condensed *c)
{
	drop_room(c);
	wipe(c->tail, sizeof(c->tail));
	free(c->cuts);
	*c = (struct condensed){.len = 0};
}

static void make_room(struct condensed *c, size_t cap)
{
	unsigned char *room = xmalloc(cap);

	if (c->len)
		memcpy(room, c->ptr, c->len);
	drop_room(c);
	c->ptr = room;
	c->cap = cap;
	c->used = c->len;
}

void condensed_reset(struct condensed *c)
{
	if (c->cap > ROOM)
		drop_room(c);
	c->len = c->cut_count = c->head = c->tail_len = 0;
	c->next = c->dropped = c->lines = 0;
	c->broken = false;
}

void condensed_expect(struct condensed *c, size_t bytes)
{
	if (bytes > c->cap)
		make_room(c, bytes > ROOM ? bytes : ROOM);
}

/* ---- what is plain ---- */

/* Signed, since a processor of 2013 compares bytes no other way. */
typedef signed char lanes __attribute__((vector_size(32)));

enum kind { MIXED, PLAIN, LINES };

/* Marks what is not ASCII, or a blank, quote or backslash, or divides JSON or begins
 * an entity, unless it is a backslash marked in *but. With one bit turned "," stands
 * where "(" did, right behind what is below. "[\\]^_" and "{|}~" and DEL are the same
 * but for one bit. */
static inline __attribute__((always_inline)) void mark_bad(lanes *bad, const unsigned char *p,
							   const lanes *but)
{
	lanes c;

	memcpy(&c, p, sizeof(c));
	*bad |= ((c ^ 4) <= '(') | (((c & 0x5f) > 'Z') ^ *but);
}

/* Marks the same, but takes ends of lines for plain and counts them downwards. Reads
 * one byte more. */
static inline __attribute__((always_inline)) void mark_lines(lanes *bad, lanes *counts,
							     const unsigned char *p)
{
	lanes c, next, ends;

	memcpy(&c, p, sizeof(c));
	memcpy(&next, p + 1, sizeof(next));
	ends = (c == '\\') & (next == 'n');
	mark_bad(bad, p, &ends);
	*counts += ends;
}

static inline __attribute__((always_inline)) bool is_none(const lanes *marks)
{
	uint64_t any[sizeof(*marks) / sizeof(uint64_t)];

	memcpy(any, marks, sizeof(any));
	return !(any[0] | any[1] | any[2] | any[3]);
}

static bool is_plain(unsigned char c)
{
	return c >= '(' && c < 0x80 && c != ',' && (c & 0x5f) <= 'Z';
}

static inline __attribute__((always_inline)) bool all_plain(const unsigned char *p, size_t len)
{
	lanes bad = {0}, none = {0};
	bool plain;

	for (; len >= 2 * sizeof(bad); p += 2 * sizeof(bad), len -= 2 * sizeof(bad)) {
		mark_bad(&bad, p, &none);
		mark_bad(&bad, p + sizeof(bad), &none);
	}
	plain = is_none(&bad);
	for (size_t i = 0; i < len; i++)
		plain &= is_plain(p[i]);
	return plain;
}

/* Plain but for ends of lines, of which there are *count; a lane counts to 128, so
 * that len is at most BLOCK and some. */
static inline __attribute__((always_inline)) bool all_lines(const unsigned char *p, size_t len,
							    size_t *count)
{
	lanes bad = {0}, counts = {0};
	bool plain;

	for (; len > 2 * sizeof(bad); p += 2 * sizeof(bad), len -= 2 * sizeof(bad)) {
		mark_lines(&bad, &counts, p);
		mark_lines(&bad, &counts, p + sizeof(bad));
	}
	plain = is_none(&bad);
	*count = 0;
	for (size_t i = 0; i < sizeof(counts); i++)
		*count += (size_t)-counts[i];
	for (size_t i = 0; i < len; i++) {
		bool end = p[i] == '\\' && i + 1 < len && p[i + 1] == 'n';

		plain &= end || is_plain(p[i]);
		*count += end;
	}
	return plain;
}

static inline __attribute__((always_inline)) enum kind kind_of(const unsigned char *p, size_t len,
							       bool may_break, size_t *ends)
{
	*ends = 0;
	if (may_break && memchr(p, '\\', len < LINE ? len : LINE))
		return all_lines(p, len, ends) ? LINES : MIXED;
	return all_plain(p, len) ? PLAIN : MIXED;
}

#if defined(__x86_64__) || defined(__i386__)

/* All but the last bytes: the least and the greatest tell of all what mark_bad() tells
 * of each. Nearly everything in a large notebook is looked at by this loop. */
__attribute__((target("avx2"))) static bool all_plain_avx2(const unsigned char *p, size_t len)
{
	const __m256i comma = _mm256_set1_epi8(4), letters = _mm256_set1_epi8((char)0xdf);
	const __m256i least_plain = _mm256_set1_epi8('(' + 1), most_plain = _mm256_set1_epi8('Z');
	__m256i least = least_plain, most = most_plain, same;

	for (; len >= sizeof(__m256i); p += sizeof(__m256i), len -= sizeof(__m256i)) {
		__m256i c = _mm256_loadu_si256((const __m256i *)p);

		least = _mm256_min_epu8(least, _mm256_xor_si256(c, comma));
		most = _mm256_max_epu8(most, _mm256_and_si256(c, letters));
	}
	same = _mm256_and_si256(_mm256_cmpeq_epi8(least, least_plain),
				_mm256_cmpeq_epi8(most, most_plain));
	return ~_mm256_movemask_epi8(same) == 0 && all_plain(p, len);
}

__attribute__((target("avx2"))) static enum kind kind_avx2(const unsigned char *p, size_t len,
							   bool may_break, size_t *ends)
{
	if (may_break && memchr(p, '\\', len < LINE ? len : LINE))
		return kind_of(p, len, may_break, ends);
	*ends = 0;
	return all_plain_avx2(p, len) ? PLAIN : MIXED;
}

static enum kind find_kind(const unsigned char *p, size_t len, bool may_break, size_t *ends)
{
	return __builtin_cpu_supports("avx2") ? kind_avx2(p, len, may_break, ends)
					      : kind_of(p, len, may_break, ends);
}

#else

static enum kind find_kind(const unsigned char *p, size_t len, bool may_break, size_t *ends)
{
	return kind_of(p, len, may_break, ends);
}

#endif

/* Of the next block. It takes an end of line as a whole, or leaves it. */
static size_t block_len(struct slice bytes)
{
	size_t len = bytes.len < BLOCK ? bytes.len : BLOCK;

	if (bytes.ptr[len - 1] != '\\')
		return len;
	if (len < bytes.len)
		return len + 1;
	return len > 1 ? len - 1 : len;
}

/* How many of the bytes stand in blocks that are all of one kind, with so many ends
 * of lines. */
static size_t stretch(struct slice bytes, bool may_break, enum kind *kind, uint64_t *lines)
{
	size_t len = 0, block, ends;

	for (*lines = 0; len < bytes.len; len += block, *lines += ends) {
		struct slice rest = slice_cut(bytes, (struct span){len, bytes.len});
		enum kind is;

		block = block_len(rest);
		is = find_kind(rest.ptr, block, may_break, &ends);
		if (len && is != *kind)
			break;
		*kind = is;
	}
	return len;
}

/* ---- adding ---- */

static void keep(struct condensed *c, const unsigned char *p, size_t len)
{
	if (c->cap - c->len < len) {
		size_t cap = c->cap ? c->cap * 2 : ROOM;

		while (cap - c->len < len)
			cap *= 2;
		make_room(c, cap);
	}
	if (len)
		memcpy(c->ptr + c->len, p, len);
	c->len += len;
	c->used = c->len > c->used ? c->len : c->used;
}

static void cut(struct condensed *c, uint64_t bytes)
{
	struct condensed_cut last = {0};

	if (!bytes)
		return;
	if (c->cut_count)
		last = c->cuts[c->cut_count - 1];
	grow_array(&c->cuts, &c->cut_cap, c->cut_count, sizeof(*c->cuts));
	last.at = c->len;
	last.lost += bytes;
	c->cuts[c->cut_count++] = last;
}

static uint64_t count_ends(struct slice bytes)
{
	const unsigned char *p = bytes.ptr, *end = p + bytes.len;
	uint64_t ends = 0;

	while ((p = memchr(p, '\\', (size_t)(end - p))) && ++p < end)
		ends += *p == 'n';
	return ends;
}

static void end_stretch(struct condensed *c)
{
	size_t head = c->len - c->head;

	cut(c, c->dropped);
	keep(c, c->tail, c->tail_len);
	if (c->dropped && c->lines)
		c->cuts[c->cut_count - 1].lost_lines +=
			c->lines - count_ends(slice_of(c->ptr + head, c->len - head));
	c->head = c->tail_len = 0;
	c->dropped = c->lines = 0;
}

/* The last CONDENSE_MARGIN bytes wait for what comes behind them. */
static void add_plain(struct condensed *c, struct slice bytes)
{
	size_t head = CONDENSE_MARGIN - c->head, old;

	head = bytes.len < head ? bytes.len : head;
	keep(c, bytes.ptr, head);
	c->head += head;
	bytes = slice_cut(bytes, (struct span){head, bytes.len});
	if (bytes.len > CONDENSE_MARGIN) {
		c->dropped += bytes.len - CONDENSE_MARGIN;
		bytes = slice_cut(bytes, (struct span){bytes.len - CONDENSE_MARGIN, bytes.len});
	}
	old = CONDENSE_MARGIN - bytes.len;
	if (c->tail_len > old) {
		c->dropped += c->tail_len - old;
		memmove(c->tail, c->tail + c->tail_len - old, old);
		c->tail_len = old;
	}
	if (bytes.len)
		memcpy(c->tail + c->tail_len, bytes.ptr, bytes.len);
	c->tail_len += bytes.len;
}

static void add_stretch(struct condensed *c, struct slice bytes, enum kind kind, uint64_t lines)
{
	if (kind == MIXED || c->broken != (kind == LINES))
		end_stretch(c);
	if (kind == MIXED) {
		keep(c, bytes.ptr, bytes.len);
		return;
	}
	c->broken = kind == LINES;
	c->lines += lines;
	add_plain(c, bytes);
}

void condensed_add(struct condensed *c, struct slice bytes, uint64_t offset, bool may_break)
{
	if (offset < c->next) {
		uint64_t known = c->next - offset;

		if (known >= bytes.len)
			return;
		bytes = slice_cut(bytes, (struct span){(size_t)known, bytes.len});
		offset = c->next;
	}
	if (offset > c->next) {
		end_stretch(c);
		cut(c, offset - c->next);
	}
	c->next = offset + bytes.len;
	while (bytes.len) {
		enum kind kind = MIXED;
		uint64_t lines;
		size_t len = stretch(bytes, may_break, &kind, &lines);

		add_stretch(c, slice_of(bytes.ptr, len), kind, lines);
		bytes = slice_cut(bytes, (struct span){len, bytes.len});
	}
}

bool condensed_is_plain(struct slice bytes, bool *in_lines, uint64_t *ends)
{
	enum kind kind = MIXED;
	size_t len = stretch(bytes, true, &kind, ends);

	*in_lines = kind == LINES;
	return len == bytes.len && kind != MIXED;
}

bool condensed_can_pass(const struct condensed *c, bool in_lines)
{
	return c->tail_len == CONDENSE_MARGIN && c->broken == in_lines;
}

void condensed_pass(struct condensed *c, uint64_t bytes, uint64_t ends)
{
	c->dropped += c->tail_len + bytes;
	c->tail_len = 0;
	c->lines += ends;
	c->next += bytes;
}

void condensed_end(struct condensed *c)
{
	end_stretch(c);
}

/* ---- the map ---- */

struct slice condensed_slice(const struct condensed *c)
{
	return slice_of(c->ptr, c->len);
}

/* The last cut before the byte at. */
static struct condensed_cut cut_before(const struct condensed *c, size_t at)
{
	size_t beg = 0, end = c->cut_count;

	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;

		if (c->cuts[mid].at <= at)
			beg = mid + 1;
		else
			end = mid;
	}
	return beg ? c->cuts[beg - 1] : (struct condensed_cut){0};
}

uint64_t condensed_lost(const struct condensed *c, size_t at)
{
	return cut_before(c, at).lost;
}

uint64_t condensed_lost_lines(const struct condensed *c, size_t at)
{
	return cut_before(c, at).lost_lines;
}

size_t condensed_find(const struct condensed *c, uint64_t offset)
{
	size_t beg = 0, end = c->cut_count;
	uint64_t lost;

	/* The cuts that begin at offset or before it. */
	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;
		uint64_t before = mid ? c->cuts[mid - 1].lost : 0;

		if (c->cuts[mid].at + before <= offset)
			beg = mid + 1;
		else
			end = mid;
	}
	if (!beg)
		return (size_t)offset;
	lost = c->cuts[beg - 1].lost;
	return offset < c->cuts[beg - 1].at + lost ? c->cuts[beg - 1].at : (size_t)(offset - lost);
}
