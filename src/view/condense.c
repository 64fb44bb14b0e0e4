#include "view/condense.h"

#include "base/alloc.h"

#include <stdlib.h>

#define BLOCK ((size_t)4 << 10)
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

void condensed_reset(struct condensed *c)
{
	if (c->cap > ROOM)
		drop_room(c);
	c->len = c->cut_count = c->head = c->tail_len = 0;
	c->next = c->dropped = 0;
}

/* ---- what is plain ---- */

/* Signed, since a processor of 2013 compares bytes no other way. */
typedef signed char lanes __attribute__((vector_size(32)));

/* Marks what is not ASCII, or a blank, quote or backslash, or divides JSON or begins
 * an entity. "[\\]^_" and "{|}~" and DEL are the same but for one bit. */
static inline __attribute__((always_inline)) void mark_bad(lanes *bad, const unsigned char *p)
{
	lanes c;

	memcpy(&c, p, sizeof(c));
	*bad |= (c < '(') | (c == ',') | ((c & 0x5f) > 'Z');
}

static inline __attribute__((always_inline)) bool all_plain(const unsigned char *p, size_t len)
{
	lanes bad = {0};
	uint64_t any[sizeof(bad) / sizeof(uint64_t)];
	bool plain;

	for (; len >= 2 * sizeof(bad); p += 2 * sizeof(bad), len -= 2 * sizeof(bad)) {
		mark_bad(&bad, p);
		mark_bad(&bad, p + sizeof(bad));
	}
	memcpy(any, &bad, sizeof(bad));
	plain = !(any[0] | any[1] | any[2] | any[3]);
	for (size_t i = 0; i < len; i++)
		plain &= p[i] >= '(' && p[i] < 0x80 && p[i] != ',' && (p[i] & 0x5f) <= 'Z';
	return plain;
}

#if defined(__x86_64__) || defined(__i386__)

__attribute__((target("avx2"))) static bool all_plain_avx2(const unsigned char *p, size_t len)
{
	return all_plain(p, len);
}

static bool is_plain(const unsigned char *p, size_t len)
{
	return __builtin_cpu_supports("avx2") ? all_plain_avx2(p, len) : all_plain(p, len);
}

#else

static bool is_plain(const unsigned char *p, size_t len)
{
	return all_plain(p, len);
}

#endif

/* How many of the bytes stand in blocks that are all plain, or all not. */
static size_t stretch(struct slice bytes, bool *plain)
{
	size_t len = 0;

	while (len < bytes.len) {
		size_t block = bytes.len - len < BLOCK ? bytes.len - len : BLOCK;
		bool is = is_plain(bytes.ptr + len, block);

		if (len && is != *plain)
			break;
		*plain = is;
		len += block;
	}
	return len;
}

/* ---- adding ---- */

static void keep(struct condensed *c, const unsigned char *p, size_t len)
{
	if (c->cap - c->len < len) {
		size_t cap = c->cap ? c->cap * 2 : ROOM;
		unsigned char *grown;

		while (cap - c->len < len)
			cap *= 2;
		grown = xmalloc(cap);
		if (c->len)
			memcpy(grown, c->ptr, c->len);
		drop_room(c);
		c->ptr = grown;
		c->cap = cap;
	}
	if (len)
		memcpy(c->ptr + c->len, p, len);
	c->len += len;
	c->used = c->len > c->used ? c->len : c->used;
}

static void cut(struct condensed *c, uint64_t bytes)
{
	uint64_t lost = c->cut_count ? c->cuts[c->cut_count - 1].lost : 0;

	if (!bytes)
		return;
	grow_array(&c->cuts, &c->cut_cap, c->cut_count, sizeof(*c->cuts));
	c->cuts[c->cut_count++] = (struct condensed_cut){c->len, lost + bytes};
}

static void end_stretch(struct condensed *c)
{
	cut(c, c->dropped);
	keep(c, c->tail, c->tail_len);
	c->head = c->tail_len = 0;
	c->dropped = 0;
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

void condensed_add(struct condensed *c, struct slice bytes, uint64_t offset)
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
		bool plain = false;
		size_t len = stretch(bytes, &plain);

		if (plain) {
			add_plain(c, slice_of(bytes.ptr, len));
		} else {
			end_stretch(c);
			keep(c, bytes.ptr, len);
		}
		bytes = slice_cut(bytes, (struct span){len, bytes.len});
	}
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

uint64_t condensed_lost(const struct condensed *c, size_t at)
{
	size_t beg = 0, end = c->cut_count;

	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;

		if (c->cuts[mid].at <= at)
			beg = mid + 1;
		else
			end = mid;
	}
	return beg ? c->cuts[beg - 1].lost : 0;
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
