/*
 * A .rar file is one block after the other, each with a header that tells how long it and
 * what is packed behind it are. Of version 4: unrar's headers.hpp; of version 5:
 * https://www.rarlab.com/technote.htm. Sums are left to who unpacks it.
 */
#include "inside/rar.h"

#include "base/endian.h"

/* 100,000 members have one or two each. */
#define BLOCKS_MAX 300000

/* What is looked at of a header, whose numbers stand at its beginning. */
#define LOOKED_AT ((size_t)128)

/* A place in it. */
struct header {
	unsigned char bytes[LOOKED_AT];
	size_t len, at;
	bool is_broken;
};

/* 1; 0 when there are no more bytes. */
static int look_at(struct header *h, const struct stream *s, uint64_t at)
{
	ssize_t n = stream_read_at(s, at, h->bytes, sizeof(h->bytes));

	h->len = n > 0 ? (size_t)n : 0;
	h->at = 0;
	h->is_broken = n < 0;
	return n != 0;
}

/* Moves *at to the next block. */
static bool go_on(const struct stream *s, uint64_t *at, uint64_t header, uint64_t data)
{
	uint64_t left = stream_size(s) - *at;

	if (!header || header > left || data > left - header)
		return false;
	*at += header + data;
	return true;
}

/* ---- version 4 ---- */

enum {
	MAIN = 0x73,
	MEMBER = 0x74,
	SERVICE = 0x7a,
	END = 0x7b,
};
#define BLOCK_LEN  7
#define MEMBER_LEN 32

#define MAIN_IS_PART      0x0001u
#define MAIN_IS_ENCRYPTED 0x0080u
#define MEMBER_IS_PART    0x0003u
#define MEMBER_IS_LARGE   0x0100u
#define HAS_DATA          0x8000u

#define METHOD_AT     25
#define METHOD_STORED 0x30
/* PPMd's, which any block of what is packed may ask for. */
#define PPMD_MAX ((uint64_t)256 << 20)

/* How many bytes follow the header. */
static uint64_t data4(const struct header *h, bool is_member, unsigned flags)
{
	uint64_t data = 0;

	if ((is_member || flags & HAS_DATA) && h->len >= BLOCK_LEN + 4)
		data = load_le32(h->bytes + BLOCK_LEN);
	if (is_member && flags & MEMBER_IS_LARGE && h->len >= MEMBER_LEN + 8)
		data |= (uint64_t)load_le32(h->bytes + MEMBER_LEN) << 32;
	return data;
}

static void note_main4(struct rar_headers *of, unsigned flags)
{
	of->is_part |= (flags & MAIN_IS_PART) != 0;
	of->is_encrypted |= (flags & MAIN_IS_ENCRYPTED) != 0;
}

static void note_member4(struct rar_headers *of, const struct header *h, unsigned flags)
{
	if (h->len < MEMBER_LEN + (flags & MEMBER_IS_LARGE ? 8u : 0u)) {
		of->is_broken = true;
		return;
	}
	of->is_part |= (flags & MEMBER_IS_PART) != 0;
	if (h->bytes[METHOD_AT] != METHOD_STORED)
		of->memory = PPMD_MAX;
}

struct rar_headers rar4_headers(const struct stream *s)
{
	struct rar_headers of = {0};
	struct header h;
	uint64_t at = 0;

	for (unsigned i = 0; !of.is_broken && !of.is_encrypted && look_at(&h, s, at); i++) {
		unsigned type, flags;
		bool is_member;

		if (h.len < BLOCK_LEN || load_le16(h.bytes + 5) < BLOCK_LEN || i == BLOCKS_MAX) {
			of.is_broken = true;
			break;
		}
		if (h.len > load_le16(h.bytes + 5))
			h.len = load_le16(h.bytes + 5);
		type = h.bytes[2];
		flags = load_le16(h.bytes + 3);
		is_member = type == MEMBER || type == SERVICE;
		of.members += type == MEMBER;
		if (type == MAIN)
			note_main4(&of, flags);
		if (is_member)
			note_member4(&of, &h, flags);
		of.is_broken |= !go_on(s, &at, load_le16(h.bytes + 5), data4(&h, is_member, flags));
		if (type == END)
			break;
	}
	return of;
}

/* ---- version 5 ---- */

#define SIGNATURE5_LEN 8
#define SUM_LEN        4

enum {
	MAIN5 = 1,
	MEMBER5 = 2,
	SERVICE5 = 3,
	ENCRYPTED5 = 4,
	END5 = 5,
};

#define HAS_EXTRA5        1u
#define HAS_DATA5         2u
#define IS_PART5          0x18u
#define MAIN_IS_PART5     1u
#define MEMBER_IS_FOLDER5 1u
#define MEMBER_HAS_TIME5  2u
#define MEMBER_HAS_SUM5   4u
#define EXTRA_ENCRYPTED5  1
/* Of a member there are a handful. */
#define EXTRAS_MAX 32

struct block5 {
	uint64_t len, extra, data; /* of the header, all in all; at its end; behind it */
	uint64_t type, flags;
};

static uint64_t take_number(struct header *h)
{
	uint64_t number;

	if (load_leb128(h->bytes, h->len, &h->at, &number))
		return number;
	h->is_broken = true;
	return 0;
}

static struct block5 take_block5(struct header *h)
{
	struct block5 b = {0};
	uint64_t len;

	h->at = SUM_LEN;
	len = take_number(h);
	b.len = h->at + len;
	if (b.len < len)
		h->is_broken = true;
	b.type = take_number(h);
	b.flags = take_number(h);
	if (b.flags & HAS_EXTRA5)
		b.extra = take_number(h);
	if (b.flags & HAS_DATA5)
		b.data = take_number(h);
	if (b.extra > b.len || h->at > b.len)
		h->is_broken = true;
	return b;
}

/* What it looks back on, and as much again for libarchive's filters; five bits of size and
 * five of 32nds of it, of which the first makers used four and none. */
static uint64_t memory5(uint64_t compression)
{
	uint64_t dictionary = (uint64_t)128 << 10 << (compression >> 10 & 31);

	return 2 * (dictionary + dictionary / 32 * (compression >> 15 & 31));
}

static void note_member5(struct rar_headers *of, struct header *h, bool has_data)
{
	uint64_t flags = take_number(h), memory;

	of->is_broken |= flags & MEMBER_IS_FOLDER5 && has_data;
	take_number(h); /* its size */
	take_number(h); /* attributes */
	h->at += (flags & MEMBER_HAS_TIME5 ? 4 : 0) + (flags & MEMBER_HAS_SUM5 ? 4 : 0);
	memory = memory5(take_number(h));
	if (memory > of->memory)
		of->memory = memory;
}

/* What more is said of a member stands at the end of its header. */
static bool is_encrypted5(const struct stream *s, uint64_t at, uint64_t end, bool *is_broken)
{
	struct header h;

	for (unsigned i = 0; at < end; i++) {
		uint64_t len, type;

		if (i == EXTRAS_MAX || !look_at(&h, s, at))
			break;
		len = take_number(&h);
		at += h.at + len;
		type = take_number(&h);
		if (h.is_broken || !len || at > end)
			break;
		if (type == EXTRA_ENCRYPTED5)
			return true;
	}
	*is_broken |= at != end;
	return false;
}

static void note_block5(struct rar_headers *of, const struct stream *s, uint64_t at,
			struct header *h, const struct block5 *b)
{
	bool is_member = b->type == MEMBER5 || b->type == SERVICE5;

	of->members += b->type == MEMBER5;
	of->is_encrypted |= b->type == ENCRYPTED5;
	of->is_part |= is_member && b->flags & IS_PART5;
	if (b->type == MAIN5)
		of->is_part |= (take_number(h) & MAIN_IS_PART5) != 0;
	if (is_member)
		note_member5(of, h, b->data > 0);
	if (b->type == MEMBER5)
		of->is_encrypted |=
			is_encrypted5(s, at + b->len - b->extra, at + b->len, &of->is_broken);
	of->is_broken |= h->is_broken;
}

struct rar_headers rar5_headers(const struct stream *s)
{
	struct rar_headers of = {0};
	struct header h;
	uint64_t at = SIGNATURE5_LEN;

	for (unsigned i = 0; !of.is_broken && !of.is_encrypted && look_at(&h, s, at); i++) {
		struct block5 b = take_block5(&h);

		if (h.is_broken || i == BLOCKS_MAX) {
			of.is_broken = true;
			break;
		}
		note_block5(&of, s, at, &h, &b);
		of.is_broken |= !go_on(s, &at, b.len, b.data);
		if (b.type == END5)
			break;
	}
	return of;
}
