/* https://tukaani.org/xz/xz-file-format.txt; LZMA2 as liblzma reads it. */
#include "inside/xz.h"

#include "base/endian.h"

#define STREAM_HEADER    12
#define STREAM_FOOTER    12
#define FILTER_LZMA2     0x21
#define DICTIONARY_CODES 40 /* the last one: 4 GiB - 1 */

uint64_t lzma2_dictionary(unsigned char code)
{
	if (code >= DICTIONARY_CODES)
		return code == DICTIONARY_CODES ? UINT32_MAX : 0;
	return (uint64_t)(2 | (code & 1)) << (code / 2 + 11);
}

/* ---- a block's header ---- */

/* 0: it cannot be read. LZMA2 is the last of its filters. */
static uint64_t dictionary_of(struct slice b)
{
	unsigned flags = b.ptr[1];
	uint64_t id, len;
	size_t at = 2;

	for (unsigned bit = 0x40; bit <= 0x80; bit <<= 1)
		if (flags & bit && !load_leb128(b.ptr, b.len, &at, &len))
			return 0;
	for (unsigned filters = (flags & 3) + 1; filters; filters--) {
		if (!load_leb128(b.ptr, b.len, &at, &id) || !load_leb128(b.ptr, b.len, &at, &len) ||
		    len > b.len - at)
			return 0;
		if (id == FILTER_LZMA2 && len == 1)
			return filters == 1 ? lzma2_dictionary(b.ptr[at]) : 0;
		at += (size_t)len;
	}
	return 0;
}

/* ---- the walk ---- */

/* What the bytes that are collected are. */
enum state {
	STATE_STREAM,      /* its header */
	STATE_SIZE,        /* of a block's header; or the index */
	STATE_BLOCK,       /* its header */
	STATE_CHUNK,       /* how it is packed */
	STATE_PLAIN_CHUNK, /* its header */
	STATE_PACKED_CHUNK,
	STATE_COUNT, /* of the records of the index */
	STATE_RECORDS,
	STATE_PADDING, /* behind a stream */
	STATE_BEHIND,  /* what is no stream any more */
};

/* Those collected so far are the first of them. */
static void want(struct xz_walk *w, enum state state, size_t len)
{
	w->state = state;
	w->wanted = len;
}

static void want_next(struct xz_walk *w, enum state state, size_t len)
{
	w->len = 0;
	want(w, state, len);
}

void xz_walk_init(struct xz_walk *w)
{
	*w = (struct xz_walk){0};
	want_next(w, STATE_STREAM, STREAM_HEADER);
}

static unsigned padding(uint64_t len)
{
	return (unsigned)-len & 3;
}

static void on_stream(struct xz_walk *w)
{
	/* By the kind of check. */
	static const unsigned char lens[16] = {0,  4,  4,  4,  8,  8,  8,  16,
					       16, 16, 32, 32, 32, 64, 64, 64};

	static const unsigned char magic[6] = {0xfd, '7', 'z', 'X', 'Z', 0};

	if (memcmp(w->bytes, magic, sizeof(magic)) != 0) {
		want_next(w, STATE_BEHIND, 1);
		return;
	}
	w->check_len = lens[w->bytes[7] & 15];
	want_next(w, STATE_SIZE, 1);
}

static void on_size(struct xz_walk *w)
{
	if (w->bytes[0]) {
		want(w, STATE_BLOCK, ((size_t)w->bytes[0] + 1) * 4);
		return;
	}
	w->data_len = 1;
	w->number = w->shift = 0;
	want_next(w, STATE_COUNT, 1);
}

static void on_block(struct xz_walk *w)
{
	w->dictionary = dictionary_of(slice_of(w->bytes, w->len));
	w->is_broken = !w->dictionary;
	w->blocks += w->blocks < 2;
	w->data_len = 0;
	want_next(w, STATE_CHUNK, 1);
}

static void on_chunk(struct xz_walk *w)
{
	unsigned control = w->bytes[0];

	w->data_len++;
	if (control == 0) {
		w->skip = padding(w->data_len) + w->check_len;
		want_next(w, STATE_SIZE, 1);
	} else if (control <= 2) {
		want(w, STATE_PLAIN_CHUNK, 3);
	} else if (control >= 0x80) {
		want(w, STATE_PACKED_CHUNK, control >= 0xc0 ? 6 : 5);
	} else {
		w->is_broken = true;
	}
}

/* Its size stands in the two bytes from at on. */
static void pass_chunk(struct xz_walk *w, size_t at)
{
	w->skip = (uint64_t)(w->bytes[at] << 8 | w->bytes[at + 1]) + 1;
	w->data_len += w->wanted - 1 + w->skip;
	want_next(w, STATE_CHUNK, 1);
}

/* One byte of it. */
static void on_index(struct xz_walk *w)
{
	unsigned char c = w->bytes[0];

	w->data_len++;
	w->number |= w->shift < 63 ? (uint64_t)(c & 0x7f) << w->shift : 0;
	w->shift += 7;
	want_next(w, w->state, 1);
	if (c & 0x80)
		return;
	if (w->state == STATE_COUNT)
		w->numbers = w->number > UINT64_MAX / 2 ? UINT64_MAX : w->number * 2;
	else
		w->numbers--;
	w->number = w->shift = 0;
	w->state = STATE_RECORDS;
	if (w->numbers)
		return;
	w->skip = padding(w->data_len) + 4 + STREAM_FOOTER;
	want_next(w, STATE_PADDING, 4);
}

static void on_padding(struct xz_walk *w)
{
	static const unsigned char none[4];

	if (memcmp(w->bytes, none, sizeof(none)) == 0)
		w->len = 0;
	else
		want(w, STATE_STREAM, STREAM_HEADER);
}

static void on_behind(struct xz_walk *w)
{
	w->skip = UINT64_MAX;
	w->len = 0;
}

static void on_plain_chunk(struct xz_walk *w)
{
	pass_chunk(w, 1);
}

static void on_packed_chunk(struct xz_walk *w)
{
	pass_chunk(w, 3);
}

size_t xz_walk(struct xz_walk *w, struct slice bytes)
{
	static void (*const on[])(struct xz_walk *) = {
		[STATE_STREAM] = on_stream,
		[STATE_SIZE] = on_size,
		[STATE_BLOCK] = on_block,
		[STATE_CHUNK] = on_chunk,
		[STATE_PLAIN_CHUNK] = on_plain_chunk,
		[STATE_PACKED_CHUNK] = on_packed_chunk,
		[STATE_COUNT] = on_index,
		[STATE_RECORDS] = on_index,
		[STATE_PADDING] = on_padding,
		[STATE_BEHIND] = on_behind,
	};
	size_t at = 0;

	w->dictionary = 0;
	while (at < bytes.len && !w->is_broken && !w->dictionary) {
		size_t left = bytes.len - at, len = w->skip < left ? (size_t)w->skip : left;

		if (!w->skip) {
			len = w->wanted - w->len < left ? w->wanted - w->len : left;
			memcpy(w->bytes + w->len, bytes.ptr + at, len);
			w->len += len;
		} else {
			w->skip -= len;
		}
		at += len;
		if (w->len == w->wanted)
			on[w->state](w);
	}
	return at;
}
