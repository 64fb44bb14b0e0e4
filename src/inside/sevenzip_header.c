/*
 * 7zFormat.txt of the LZMA SDK. Read as libarchive reads it, or refused: what it would
 * take memory for must be what was counted here.
 */
#include "inside/sevenzip_header.h"

#include "base/endian.h"
#include "inside/xz.h"

#define MANY 100 /* of coders or streams in a folder: 7-Zip takes 32 */

enum {
	ID_END,
	ID_HEADER,
	ID_PROPERTIES,
	ID_MORE_STREAMS,
	ID_STREAMS,
	ID_FILES,
	ID_PACK = 6,
	ID_FOLDERS = 7,
	ID_SUBSTREAMS = 8,
	ID_SIZES = 9,
	ID_DIGESTS = 10,
	ID_FOLDER = 11,
	ID_UNPACKED_SIZES = 12,
	ID_SUBSTREAM_COUNTS = 13,
	ID_PACKED_HEADER = 23,
};

/* What is left of a header. */
struct header {
	const unsigned char *at, *end;
	bool is_broken;
};

/* ---- its parts ---- */

/* NULL: there are not as many. */
static const unsigned char *take(struct header *h, uint64_t len)
{
	const unsigned char *at = h->at;

	if (h->is_broken || len > (uint64_t)(h->end - h->at)) {
		h->is_broken = true;
		return NULL;
	}
	h->at += len;
	return at;
}

static unsigned take_byte(struct header *h)
{
	const unsigned char *at = take(h, 1);

	return at ? *at : 0;
}

/* The first byte's leading ones count the bytes behind it; its other bits are the highest. */
static uint64_t take_number(struct header *h)
{
	unsigned first = take_byte(h), mask = 0x80;
	uint64_t number = 0;

	for (unsigned i = 0; i < 8; i++, mask >>= 1) {
		if (!(first & mask))
			return number | (uint64_t)(first & (mask - 1)) << (8 * i);
		number |= (uint64_t)take_byte(h) << (8 * i);
	}
	return number;
}

/* No more than there are bytes left for. */
static uint64_t take_count(struct header *h)
{
	uint64_t count = take_number(h);

	if (count > (uint64_t)(h->end - h->at))
		h->is_broken = true;
	return h->is_broken ? 0 : count;
}

static bool bit_of(const unsigned char *bits, uint64_t i)
{
	return bits[i / 8] >> (7 - i % 8) & 1;
}

/* Which of so many have one; NULL: all. */
static const unsigned char *take_digests(struct header *h, uint64_t count)
{
	const unsigned char *bits = NULL;
	uint64_t defined = count;

	if (!take_byte(h)) {
		bits = take(h, (count + 7) / 8);
		defined = 0;
		for (uint64_t i = 0; bits && i < count; i++)
			defined += bit_of(bits, i);
	}
	take(h, defined * 4);
	return bits;
}

static void pass_numbers(struct header *h, uint64_t count)
{
	for (uint64_t i = 0; !h->is_broken && i < count; i++)
		take_number(h);
}

static void must_be(struct header *h, uint64_t id, uint64_t wanted)
{
	h->is_broken |= id != wanted;
}

static void take_pack(struct header *h, struct sevenzip_streams *s)
{
	uint64_t id;

	s->packed_at = take_number(h);
	s->packs = take_count(h);
	id = take_number(h);
	if (id == ID_SIZES && s->packs) {
		s->packed = take_number(h);
		pass_numbers(h, s->packs - 1);
		id = take_number(h);
	}
	if (id == ID_DIGESTS) {
		take_digests(h, s->packs);
		id = take_number(h);
	}
	must_be(h, id, ID_END);
}

static uint64_t dictionary_of(struct slice id, struct slice properties)
{
	if (slice_eq(id, SLICE("\x21")) && properties.len == 1)
		return lzma2_dictionary(properties.ptr[0]);
	/* LZMA's dictionary, and the memory that PPMd takes at once */
	if ((slice_eq(id, SLICE("\3\1\1")) || slice_eq(id, SLICE("\3\4\1"))) && properties.len == 5)
		return load_le32(properties.ptr + 1);
	return 0;
}

/* AES, with a password for its key. */
static bool is_cipher(struct slice id)
{
	return slice_eq(id, SLICE("\6\xf1\7\1"));
}

/* How many streams it makes. */
static uint64_t take_coder(struct header *h, struct sevenzip_streams *s, uint64_t *in)
{
	unsigned flags = take_byte(h);
	size_t id_len = flags & 15;
	struct slice id = slice_of(take(h, id_len), id_len), properties = SLICE("");
	uint64_t out = 1, dictionary;

	*in += flags & 0x10 ? take_number(h) : 1;
	if (flags & 0x10)
		out = take_number(h);
	if (flags & 0x20) {
		properties.len = take_count(h);
		properties.ptr = take(h, properties.len);
	}
	if (h->is_broken)
		return 0;
	dictionary = dictionary_of(id, properties);
	if (dictionary > s->dictionary)
		s->dictionary = dictionary;
	s->is_encrypted |= is_cipher(id);
	return out;
}

static uint64_t take_folder(struct header *h, struct sevenzip_streams *s)
{
	uint64_t coders = take_number(h), in = 0, out = 0;

	if (coders > MANY)
		h->is_broken = true;
	for (uint64_t i = 0; !h->is_broken && i < coders; i++)
		out += take_coder(h, s, &in);
	if (in > MANY || out > MANY || !out || in < out - 1)
		h->is_broken = true;
	if (h->is_broken)
		return 0;
	pass_numbers(h, 2 * (out - 1));
	/* Where only one stream is packed it goes without saying which. */
	if (in - (out - 1) > 1)
		pass_numbers(h, in - (out - 1));
	return out;
}

static void take_folders(struct header *h, struct sevenzip_streams *s)
{
	uint64_t out = 0, id;

	must_be(h, take_number(h), ID_FOLDER);
	s->folders = take_count(h);
	must_be(h, take_byte(h), 0); /* or they are elsewhere: nobody writes that */
	for (uint64_t i = 0; !h->is_broken && i < s->folders; i++)
		out += take_folder(h, s);
	must_be(h, take_number(h), ID_UNPACKED_SIZES);
	pass_numbers(h, out);
	id = take_number(h);
	if (id == ID_DIGESTS) {
		s->have_sums = take_digests(h, s->folders);
		s->all_have_sums = !s->have_sums;
		id = take_number(h);
	}
	must_be(h, id, ID_END);
}

/* What each folder unpacks to may be several files: how many, but the last of each how large, and
 * the sums of those of which no folder says one. */
static void take_substreams(struct header *h, struct sevenzip_streams *s)
{
	uint64_t id = take_number(h), sizes = 0, sums = 0;
	bool are_counted = id == ID_SUBSTREAM_COUNTS;

	s->substreams = 0;
	for (uint64_t i = 0; !h->is_broken && i < s->folders; i++) {
		uint64_t count = are_counted ? take_number(h) : 1;

		/* Each has a size, but for the last. */
		if (count && count - 1 > (uint64_t)(h->end - h->at))
			h->is_broken = true;
		s->substreams += count;
		sizes += count ? count - 1 : 0;
		if (count != 1 || !(s->all_have_sums || (s->have_sums && bit_of(s->have_sums, i))))
			sums += count;
	}
	if (are_counted)
		id = take_number(h);
	if (id == ID_SIZES) {
		pass_numbers(h, sizes);
		id = take_number(h);
	}
	if (id == ID_DIGESTS) {
		take_digests(h, sums);
		id = take_number(h);
	}
	must_be(h, id, ID_END);
}

static bool take_streams(struct header *h, struct sevenzip_streams *s)
{
	uint64_t id = take_number(h);

	if (id == ID_PACK) {
		take_pack(h, s);
		id = take_number(h);
	}
	if (id == ID_FOLDERS) {
		const unsigned char *beg = h->at - 1;

		take_folders(h, s);
		s->folder = slice_of(beg, (size_t)(h->at - beg));
		s->substreams = s->folders;
		id = take_number(h);
	}
	if (id == ID_SUBSTREAMS) {
		take_substreams(h, s);
		id = take_number(h);
	}
	must_be(h, id, ID_END);
	return !h->is_broken;
}

/* ---- all of it ---- */

bool sevenzip_look(struct slice text, struct sevenzip_streams *s)
{
	struct header h = {text.ptr, text.ptr + text.len, false};
	uint64_t id = take_number(&h);

	*s = (struct sevenzip_streams){.is_packed = id == ID_PACKED_HEADER};
	if (s->is_packed)
		return take_streams(&h, s);
	must_be(&h, id, ID_HEADER);
	id = take_number(&h);
	if (id == ID_STREAMS) {
		take_streams(&h, s);
		id = take_number(&h);
	}
	if (id == ID_FILES)
		s->files = take_number(&h);
	else
		must_be(&h, id, ID_END);
	return !h.is_broken;
}
