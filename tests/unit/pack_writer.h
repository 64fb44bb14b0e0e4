/*
 * Packs and deltas made by hand, for what git would never write: every cut of a
 * delta, deltas in a ring, sizes that lie. Sound ones are packs that git reads
 * too. gitformat-pack(5).
 */
#ifndef TESTS_PACK_WRITER_H
#define TESTS_PACK_WRITER_H

#include "base/alloc.h"
#include "base/buf.h"
#include "source/pack/pack.h"

#include <limits.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <nettle/sha1.h>
#include <zlib.h>

/* ---- chance that comes out the same every time ---- */

static uint64_t chance_state = 88172645463325252u;

/* Xorshift: below n, which is not 0. */
static inline uint32_t chance(uint32_t n)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (uint32_t)(chance_state >> 16) % n;
}

static inline bool holds(struct slice bytes, const char *needle)
{
	return bytes.len && memmem(bytes.ptr, bytes.len, needle, strlen(needle));
}

/* ---- deltas ---- */

static inline void delta_put_size(struct buf *delta, uint64_t size)
{
	for (; size >= 0x80; size >>= 7)
		buf_append_byte(delta, (unsigned char)(size | 0x80));
	buf_append_byte(delta, (unsigned char)size);
}

/* From base to a result of size bytes. */
static inline void delta_begin(struct buf *delta, uint64_t base, uint64_t size)
{
	buf_init(delta, BUF_MAX_REPORT);
	delta_put_size(delta, base);
	delta_put_size(delta, size);
}

static inline void delta_put_copy(struct buf *delta, uint32_t offset, uint32_t len)
{
	uint64_t bits = (uint64_t)(len == 0x10000 ? 0 : len) << 32 | offset;
	size_t op = delta->len;

	buf_append_byte(delta, 0x80);
	for (unsigned i = 0; i < 7; i++)
		if (bits >> 8 * i & 0xff) {
			buf_append_byte(delta, (unsigned char)(bits >> 8 * i));
			delta->ptr[op] = (char)(delta->ptr[op] | 1 << i);
		}
}

static inline void delta_put_insert(struct buf *delta, const void *bytes, size_t len)
{
	for (size_t part; len; len -= part, bytes = (const char *)bytes + part) {
		part = len < 0x7f ? len : 0x7f;
		buf_append_byte(delta, (unsigned char)part);
		buf_append(delta, bytes, part);
	}
}

/* ---- packs ---- */

struct written {
	struct oid oid;
	uint64_t offset;
};

struct pack_writer {
	struct buf pack;
	struct written *list;
	size_t count, cap;
};

static inline void pack_begin(struct pack_writer *w)
{
	*w = (struct pack_writer){0};
	buf_init(&w->pack, BUF_MAX_REPORT);
	buf_append(&w->pack, "PACK\0\0\0\2\0\0\0\0", 12);
}

static inline struct oid object_id(enum object_type type, struct slice bytes)
{
	static const char *const types[] = {"", "commit", "tree", "blob", "tag"};
	char header[32];
	int len = snprintf(header, sizeof(header), "%s %zu", types[type], bytes.len);
	struct sha1_ctx ctx;
	struct oid oid;

	sha1_init(&ctx);
	sha1_update(&ctx, (size_t)len + 1, (const uint8_t *)header);
	sha1_update(&ctx, bytes.len, bytes.ptr);
	sha1_digest(&ctx, OID_BYTES, oid.raw);
	return oid;
}

static inline void put_header(struct buf *out, unsigned type, uint64_t size)
{
	unsigned char byte = (unsigned char)(type << 4 | (size & 15));

	for (size >>= 4; size; size >>= 7) {
		buf_append_byte(out, byte | 0x80);
		byte = size & 0x7f;
	}
	buf_append_byte(out, byte);
}

static inline void put_distance(struct buf *out, uint64_t distance)
{
	unsigned char digits[10];
	size_t at = sizeof(digits);

	digits[--at] = distance & 0x7f;
	while (distance >>= 7)
		digits[--at] = 0x80 | (--distance & 0x7f);
	buf_append(out, digits + at, sizeof(digits) - at);
}

static inline void put_deflated(struct buf *out, struct slice bytes)
{
	uLongf len = compressBound(bytes.len);
	Bytef *packed = xmalloc(len);

	assert_int_equal(compress2(packed, &len, bytes.ptr, bytes.len, 1), Z_OK);
	buf_append(out, packed, len);
	free(packed);
}

static inline uint32_t pack_note(struct pack_writer *w, struct oid oid)
{
	grow_array(&w->list, &w->cap, w->count, sizeof(*w->list));
	w->list[w->count] = (struct written){oid, w->pack.len};
	return (uint32_t)w->count++;
}

/* Each returns the place of the object in the pack. says: the size its header
 * gives, were it a lie. */
static inline uint32_t pack_add_saying(struct pack_writer *w, enum object_type type,
				       struct slice bytes, uint64_t says)
{
	uint32_t at = pack_note(w, object_id(type, bytes));

	put_header(&w->pack, type, says);
	put_deflated(&w->pack, bytes);
	return at;
}

static inline uint32_t pack_add(struct pack_writer *w, enum object_type type, struct slice bytes)
{
	return pack_add_saying(w, type, bytes, bytes.len);
}

/* oid: of what comes out. */
static inline uint32_t pack_add_delta(struct pack_writer *w, uint32_t base, struct slice delta,
				      struct oid oid)
{
	uint32_t at = pack_note(w, oid);

	put_header(&w->pack, 6, delta.len);
	put_distance(&w->pack, w->list[at].offset - w->list[base].offset);
	put_deflated(&w->pack, delta);
	return at;
}

static inline uint32_t pack_add_ref_delta(struct pack_writer *w, struct oid base,
					  struct slice delta, struct oid oid)
{
	uint32_t at = pack_note(w, oid);

	put_header(&w->pack, 7, delta.len);
	buf_append(&w->pack, base.raw, OID_BYTES);
	put_deflated(&w->pack, delta);
	return at;
}

static inline void put_be32(void *to, uint32_t value)
{
	unsigned char *p = to;

	for (unsigned i = 0; i < 4; i++)
		p[i] = (unsigned char)(value >> (24 - 8 * i));
}

static inline void put_checksum(struct buf *out)
{
	struct sha1_ctx ctx;
	unsigned char digest[OID_BYTES];

	sha1_init(&ctx);
	sha1_update(&ctx, out->len, (const uint8_t *)out->ptr);
	sha1_digest(&ctx, sizeof(digest), digest);
	buf_append(out, digest, sizeof(digest));
}

static inline void write_file(const char *path, const struct buf *bytes)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes->ptr, 1, bytes->len, file), bytes->len);
	assert_int_equal(fclose(file), 0);
}

static inline int order_written(const void *left, const void *right)
{
	const struct written *a = left, *b = right;

	return oid_cmp(a->oid.raw, b->oid.raw);
}

/* An index of version 1; checksum: of the pack. */
static inline void put_index(struct buf *out, const struct pack_writer *w)
{
	struct written *sorted = xcalloc(w->count, sizeof(*sorted));
	unsigned char word[4];
	size_t at = 0;

	memcpy(sorted, w->list, w->count * sizeof(*sorted));
	qsort(sorted, w->count, sizeof(*sorted), order_written);
	for (unsigned first = 0; first < 256; first++) {
		while (at < w->count && sorted[at].oid.raw[0] <= first)
			at++;
		put_be32(word, (uint32_t)at);
		buf_append(out, word, 4);
	}
	for (size_t i = 0; i < w->count; i++) {
		put_be32(word, (uint32_t)sorted[i].offset);
		buf_append(out, word, 4);
		buf_append(out, sorted[i].oid.raw, OID_BYTES);
	}
	buf_append(out, w->pack.ptr + w->pack.len - OID_BYTES, OID_BYTES);
	free(sorted);
}

/* Writes <stem>.pack and <stem>.idx. Keeps the list, which the caller frees. */
static inline void pack_finish(struct pack_writer *w, const char *stem)
{
	struct buf index;
	char name[PATH_MAX + 8];

	put_be32(w->pack.ptr + 8, (uint32_t)w->count);
	put_checksum(&w->pack);
	buf_init(&index, BUF_MAX_REPORT);
	put_index(&index, w);
	put_checksum(&index);
	snprintf(name, sizeof(name), "%s.pack", stem);
	write_file(name, &w->pack);
	snprintf(name, sizeof(name), "%s.idx", stem);
	write_file(name, &index);
	buf_dispose(&index);
	buf_dispose(&w->pack);
}

#endif
