/*
 * 7zFormat.txt of the LZMA SDK. At the end of the file stands the header, which says how
 * everything is packed, and is mostly packed itself; so libarchive unpacks that alone first,
 * with LZMA's properties before it, as a file of the format .lzma.
 */
#include "inside/sevenzip.h"

#include "base/alloc.h"
#include "base/endian.h"
#include "inside/xz.h"

#include <stdlib.h>

#define SIGNATURE_LEN ((size_t)32) /* what offsets count from */
#define NEXT_OFFSET   12
#define NEXT_SIZE     20
/* 100,000 members with long names have 30 MB. */
#define HEADER_MAX ((uint64_t)64 << 20)
#define FILE_BYTES 128 /* that libarchive takes for each at once, name and all */
#define PACKED_MAX 2   /* headers in headers: 7-Zip writes one */
#define MANY       100 /* of coders or streams in a folder: 7-Zip takes 32 */

enum {
	ID_END,
	ID_HEADER,
	ID_PROPERTIES,
	ID_MORE_STREAMS,
	ID_STREAMS,
	ID_FILES,
	ID_PACK = 6,
	ID_FOLDERS = 7,
	ID_SIZES = 9,
	ID_DIGESTS = 10,
	ID_FOLDER = 11,
	ID_UNPACKED_SIZES = 12,
	ID_PACKED_HEADER = 23,
};

/* What is left of a header. */
struct header {
	const unsigned char *at, *end;
	bool is_broken;
};

/* Of the streams that it describes. */
struct streams {
	uint64_t packed_at, packed; /* where the first one is, and its size */
	uint64_t unpacked;          /* size of what it becomes */
	uint64_t dictionary;        /* the largest */
	const unsigned char *lzma;  /* properties of the last packer, if that is LZMA; else NULL */
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

static void pass_digests(struct header *h, uint64_t count)
{
	uint64_t defined = count;

	if (!take_byte(h)) {
		const unsigned char *bits = take(h, (count + 7) / 8);

		defined = 0;
		for (uint64_t i = 0; bits && i < count; i++)
			defined += bits[i / 8] >> (7 - i % 8) & 1;
	}
	take(h, defined * 4);
}

static void take_pack(struct header *h, struct streams *s)
{
	uint64_t count, id;

	s->packed_at = take_number(h);
	count = take_count(h);
	while (!h->is_broken && (id = take_number(h)) != ID_END) {
		for (uint64_t i = 0; id == ID_SIZES && i < count; i++) {
			uint64_t size = take_number(h);

			s->packed = i ? s->packed : size;
		}
		if (id == ID_DIGESTS)
			pass_digests(h, count);
		else if (id != ID_SIZES)
			h->is_broken = true;
	}
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

/* How many streams it makes. */
static uint64_t take_coder(struct header *h, struct streams *s, uint64_t *in)
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
	s->lzma = slice_eq(id, SLICE("\3\1\1")) && properties.len == 5 ? properties.ptr : NULL;
	return out;
}

static uint64_t take_folder(struct header *h, struct streams *s)
{
	uint64_t coders = take_number(h), in = 0, out = 0;

	if (coders > MANY)
		h->is_broken = true;
	for (uint64_t i = 0; !h->is_broken && i < coders; i++)
		out += take_coder(h, s, &in);
	if (in > MANY || out > MANY || !out)
		h->is_broken = true;
	for (uint64_t i = 1; !h->is_broken && i < out; i++) {
		take_number(h);
		take_number(h);
	}
	/* Where only one stream is packed it goes without saying which. */
	for (uint64_t i = 0, packed = in - (out - 1); !h->is_broken && packed > 1 && i < packed;
	     i++)
		take_number(h);
	return out;
}

static void take_folders(struct header *h, struct streams *s)
{
	uint64_t count, out = 0;

	if (take_number(h) != ID_FOLDER)
		h->is_broken = true;
	count = take_count(h);
	if (take_byte(h))
		h->is_broken = true; /* they are elsewhere: nobody writes that */
	for (uint64_t i = 0; !h->is_broken && i < count; i++)
		out += take_folder(h, s);
	if (out && take_number(h) == ID_UNPACKED_SIZES)
		s->unpacked = take_number(h);
}

static bool take_streams(struct header *h, struct streams *s)
{
	uint64_t id = take_number(h);

	*s = (struct streams){0};
	if (id == ID_PACK) {
		take_pack(h, s);
		id = take_number(h);
	}
	if (id == ID_FOLDERS)
		take_folders(h, s);
	return !h->is_broken;
}

/* ---- headers in headers ---- */

struct text {
	unsigned char *ptr;
	size_t len;
};

static void text_dispose(struct text *t)
{
	if (t->ptr)
		wipe(t->ptr, t->len);
	free(t->ptr);
	*t = (struct text){0};
}

static bool text_read(struct text *t, const struct stream *s, uint64_t at, uint64_t len,
		      size_t before)
{
	if (len > HEADER_MAX || at + len > stream_size(s) || at + len < at)
		return false;
	t->len = before + (size_t)len;
	t->ptr = xmalloc(t->len + 1);
	return stream_read_at(s, at, t->ptr + before, (size_t)len) == (ssize_t)len;
}

static bool unpack(const struct archive_library *lib, const struct text *packed, struct text *out)
{
	struct archive *a = lib->archive_read_new();
	struct archive_entry *entry;
	bool is_done = false;

	if (!a)
		return false;
	lib->archive_read_support_filter_lzma(a);
	lib->archive_read_support_format_raw(a);
	if (lib->archive_read_open_memory(a, packed->ptr, packed->len) == ARCHIVE_OK &&
	    lib->archive_read_next_header(a, &entry) == ARCHIVE_OK)
		is_done = lib->archive_read_data(a, out->ptr, out->len) == (la_ssize_t)out->len;
	lib->archive_read_free(a);
	return is_done;
}

#define LZMA_HEADER 13 /* properties, and the size of what is packed */

static bool unpack_header(const struct archive_library *lib, const struct stream *s,
			  const struct streams *of, struct text *out)
{
	struct text packed = {0};
	bool is_done = false;

	if (of->lzma && of->dictionary <= INSIDE_DICTIONARY_MAX && of->unpacked <= HEADER_MAX &&
	    of->packed_at < stream_size(s) &&
	    text_read(&packed, s, SIGNATURE_LEN + of->packed_at, of->packed, LZMA_HEADER)) {
		memcpy(packed.ptr, of->lzma, 5);
		for (unsigned i = 0; i < 8; i++)
			packed.ptr[5 + i] = (unsigned char)(of->unpacked >> (8 * i));
		*out = (struct text){xmalloc((size_t)of->unpacked + 1), (size_t)of->unpacked};
		is_done = unpack(lib, &packed, out);
	}
	text_dispose(&packed);
	return is_done;
}

/* ---- the header ---- */

/* Of what is packed in it, and 0; or of what it is packed in. Where nothing is, files without
 * bytes take memory as well. */
static bool look_at_header(struct text *text, struct streams *s, bool *is_packed)
{
	struct header h = {text->ptr, text->ptr + text->len, false};
	uint64_t id = take_number(&h);

	*is_packed = id == ID_PACKED_HEADER;
	if (*is_packed)
		return take_streams(&h, s);
	if (id != ID_HEADER)
		return false;
	id = take_number(&h);
	if (id == ID_FILES) {
		uint64_t files = take_number(&h);

		*s = (struct streams){.dictionary =
					      files < UINT32_MAX ? files * FILE_BYTES : UINT64_MAX};
		return !h.is_broken;
	}
	return id == ID_STREAMS && take_streams(&h, s);
}

uint64_t sevenzip_dictionary(const struct archive_library *lib, const struct stream *s)
{
	unsigned char signature[SIGNATURE_LEN];
	struct text text = {0}, inner;
	struct streams streams = {0};
	bool is_packed = true, is_read;

	if (stream_read_at(s, 0, signature, sizeof(signature)) != (ssize_t)sizeof(signature))
		return 0;
	if (load_le64(signature + NEXT_SIZE) > HEADER_MAX)
		return UINT64_MAX;
	is_read = load_le64(signature + NEXT_OFFSET) < stream_size(s) &&
		  text_read(&text, s, SIGNATURE_LEN + load_le64(signature + NEXT_OFFSET),
			    load_le64(signature + NEXT_SIZE), 0);
	for (unsigned i = 0; is_read && is_packed && i <= PACKED_MAX; i++) {
		is_read = look_at_header(&text, &streams, &is_packed);
		if (!is_read || !is_packed)
			break;
		inner = (struct text){0};
		is_read = unpack_header(lib, s, &streams, &inner);
		text_dispose(&text);
		text = inner;
	}
	text_dispose(&text);
	return streams.dictionary;
}
