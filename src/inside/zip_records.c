/* APPNOTE.TXT, 4.3.7 to 4.3.16. */
#include "inside/zip_records.h"

#include "base/alloc.h"
#include "base/endian.h"
#include "inside/inside.h"
#include "inside/xz.h"

#include <stdlib.h>

#define ENTRY_LEN     ((size_t)46)
#define END64_LEN     ((size_t)56) /* as all write it and Python expects it */
#define LOCATOR64_LEN ((size_t)20)
#define BLOCK_MAX     ((size_t)66000)
#define IN_64_BITS    0xffffffff
#define EXTRA_64      1

/* Flags of a member. */
#define IS_ENCRYPTED 1u
#define SIZES_BEHIND 8u

/* ---- bytes ---- */

static bool read_at(const struct zip_bytes *b, uint64_t at, void *out, size_t len)
{
	return stream_read_at(b->s, at, out, len) == (ssize_t)len;
}

/* At most BLOCK_MAX bytes from there, valid until the next call; NULL: there are not as
 * many. */
static const unsigned char *look_at(struct zip_bytes *b, uint64_t at, size_t len)
{
	ssize_t n;

	if (at >= b->block_at && at - b->block_at <= b->block_len &&
	    len <= b->block_len - (size_t)(at - b->block_at))
		return b->block + (at - b->block_at);
	n = stream_read_at(b->s, at, b->block, BLOCK_MAX);
	b->block_at = at;
	b->block_len = n > 0 ? (size_t)n : 0;
	return len <= b->block_len ? b->block : NULL;
}

void zip_bytes_init(struct zip_bytes *b, const struct stream *s)
{
	*b = (struct zip_bytes){.s = s, .block = xmalloc(BLOCK_MAX)};
}

void zip_bytes_dispose(struct zip_bytes *b)
{
	wipe(b->block, BLOCK_MAX);
	free(b->block);
}

/* ---- members by themselves ---- */

static bool is_method(unsigned method)
{
	return method <= 20 || (method >= 93 && method <= 99);
}

/* Bytes in a program may look like the beginning of one. */
static bool is_local(const unsigned char *header, uint64_t left)
{
	unsigned name = load_le16(header + 26), extra = load_le16(header + 28);

	return memcmp(header, "PK\3\4", 4) == 0 && header[4] <= 63 &&
	       is_method(load_le16(header + 8)) && name && name <= 4096 &&
	       ZIP_LOCAL_LEN + name + extra <= left;
}

uint64_t zip_find_local(struct zip_bytes *b, struct zip_range r)
{
	while (r.end - r.beg >= ZIP_LOCAL_LEN) {
		size_t len = r.end - r.beg < BLOCK_MAX ? (size_t)(r.end - r.beg) : BLOCK_MAX;
		const unsigned char *block = look_at(b, r.beg, len), *at = block;

		while (at && (at = memmem(at, len - (size_t)(at - block), "PK\3\4", 4))) {
			size_t before = (size_t)(at++ - block);

			if (len - before < ZIP_LOCAL_LEN)
				break;
			if (is_local(block + before, r.end - r.beg - before))
				return r.beg + before;
		}
		if (!block || len == r.end - r.beg)
			break;
		r.beg += len - ZIP_LOCAL_LEN + 1;
	}
	return r.end;
}

/* ---- what is said of a member ---- */

static void read_64(uint64_t *value, const unsigned char **at, const unsigned char *end)
{
	if (*value != IN_64_BITS || end - *at < 8)
		return;
	*value = load_le64(*at);
	*at += 8;
}

/* What did not fit into 32 bits stands among the extra fields. */
static void read_extra(struct zip_said *said, const unsigned char *at, size_t len)
{
	const unsigned char *end = at + len;

	while (end - at >= 4) {
		size_t field = load_le16(at + 2);
		bool is_64 = load_le16(at) == EXTRA_64;

		at += 4;
		if (field > (size_t)(end - at))
			return;
		if (is_64) {
			const unsigned char *value = at;

			read_64(&said->size, &value, at + field);
			read_64(&said->packed, &value, at + field);
			read_64(&said->local, &value, at + field);
			return;
		}
		at += field;
	}
}

static bool is_large(const struct zip_said *said)
{
	return said->packed == IN_64_BITS || said->size == IN_64_BITS || said->local == IN_64_BITS;
}

bool zip_read_local(struct zip_bytes *b, uint64_t at, struct zip_said *said, uint64_t *end)
{
	unsigned char h[ZIP_LOCAL_LEN], *extra;
	size_t name, len;
	bool is_read = true;

	if (!read_at(b, at, h, sizeof(h)) || memcmp(h, "PK\3\4", 4) != 0)
		return false;
	*said = (struct zip_said){load_le16(h + 6), load_le16(h + 8), load_le32(h + 18),
				  load_le32(h + 22), 0};
	name = load_le16(h + 26);
	len = load_le16(h + 28);
	*end = at + ZIP_LOCAL_LEN + name + len;
	if (is_large(said) && len) {
		extra = xmalloc(len);
		is_read = read_at(b, at + ZIP_LOCAL_LEN + name, extra, len);
		if (is_read)
			read_extra(said, extra, len);
		free(extra);
	}
	return is_read;
}

bool zip_is_same(const struct zip_said *a, const struct zip_said *b)
{
	if (!a->size && !b->size && a->packed == b->packed)
		return true; /* an empty one is packed in whatever way */
	if (a->method != b->method || (a->flags ^ b->flags) & IS_ENCRYPTED)
		return false;
	return b->flags & SIZES_BEHIND || (a->size == b->size && a->packed == b->packed);
}

/* What a packer looks back on; of others than these there is a limit to it. */
#define METHOD_LZMA 14 /* version, length and then properties (4.4.4, 5.8.8) */
#define METHOD_XZ   95
#define LZMA_AT     5

/* The largest of all its blocks. */
static uint64_t xz_dictionary(struct zip_bytes *b, struct zip_range r)
{
	uint64_t largest = 0;
	struct xz_walk w;

	/* Many members may be said to stand in one place. */
	b->walked += r.end - r.beg;
	if (b->walked > stream_size(b->s))
		return UINT64_MAX;
	xz_walk_init(&w);
	while (r.beg < r.end && !w.is_broken) {
		size_t len = r.end - r.beg < BLOCK_MAX ? (size_t)(r.end - r.beg) : BLOCK_MAX;
		const unsigned char *block = look_at(b, r.beg, len);

		if (!block)
			break;
		/* It halts behind each header, of which there may be thousands in a block. */
		for (size_t at = 0; at < len && !w.is_broken;) {
			at += xz_walk(&w, slice_of(block + at, len - at));
			largest = w.dictionary > largest ? w.dictionary : largest;
		}
		r.beg += len;
	}
	return largest;
}

uint64_t zip_dictionary(struct zip_bytes *b, unsigned method, struct zip_range data)
{
	unsigned char h[LZMA_AT + 4];

	if (method == METHOD_XZ)
		return xz_dictionary(b, data);
	if (method != METHOD_LZMA || !read_at(b, data.beg, h, sizeof(h)))
		return 0;
	return load_le32(h + LZMA_AT);
}

size_t zip_read_entry(struct zip_bytes *b, struct zip_range left, struct zip_said *said)
{
	const unsigned char *e =
		left.end - left.beg < ENTRY_LEN ? NULL : look_at(b, left.beg, ENTRY_LEN);
	size_t name, extra, len;

	if (!e || memcmp(e, "PK\1\2", 4) != 0)
		return 0;
	*said = (struct zip_said){load_le16(e + 8), load_le16(e + 10), load_le32(e + 20),
				  load_le32(e + 24), load_le32(e + 42)};
	name = load_le16(e + 28);
	extra = load_le16(e + 30);
	len = ENTRY_LEN + name + extra + load_le16(e + 32);
	if (len > left.end - left.beg)
		return 0;
	if (is_large(said) && extra) {
		e = look_at(b, left.beg + ENTRY_LEN + name, extra);
		if (!e)
			return 0;
		read_extra(said, e, extra);
	}
	return len;
}

/* ---- the end ---- */

/* unzip looks back so far, Python a little less. */
#define END_WITHIN BLOCK_MAX

static bool is_likely(const unsigned char *e, uint64_t at)
{
	uint64_t members = load_le16(e + 10), size = load_le32(e + 12), offset = load_le32(e + 16);

	if (load_le16(e + 4) != load_le16(e + 6) || load_le16(e + 8) != members || !members)
		return false;
	if (size == IN_64_BITS || offset == IN_64_BITS)
		return at >= END64_LEN + LOCATOR64_LEN;
	return members * ENTRY_LEN <= size && ZIP_LOCAL_LEN <= offset && size + offset <= at;
}

static void note_record(struct zip_records *records, const unsigned char *e, uint64_t at)
{
	const struct zip_record r = {at, at + ZIP_END_LEN + load_le16(e + 20)};

	records->last = r;
	if (is_likely(e, at))
		records->likely = r;
}

/* Text has none of the control characters of "PK\5\6", so one of them is looked for. */
void zip_look_for_records(struct zip_records *records, struct slice bytes, uint64_t offset)
{
	const unsigned char *p = bytes.ptr, *at = p + 2, *end;

	if (bytes.len < ZIP_END_LEN)
		return;
	end = p + bytes.len - ZIP_END_LEN + 3;
	while (at < end && (at = memchr(at, 5, (size_t)(end - at)))) {
		if (memcmp(at - 2, "PK\5\6", 4) == 0)
			note_record(records, at - 2, offset + (uint64_t)(at - 2 - p));
		at++;
	}
}

static void read_end64(const struct zip_bytes *b, uint64_t beg, struct zip_end *end)
{
	unsigned char h[END64_LEN + LOCATOR64_LEN];

	if (end->at - beg < sizeof(h) || !read_at(b, end->at - sizeof(h), h, sizeof(h)) ||
	    memcmp(h, "PK\6\6", 4) != 0 || memcmp(h + END64_LEN, "PK\6\7", 4) != 0)
		return;
	end->last = end->at - sizeof(h);
	end->members = load_le64(h + 32);
	end->size = load_le64(h + 40);
	end->offset = load_le64(h + 48);
}

static bool read_end(const struct zip_bytes *b, uint64_t beg, uint64_t at, struct zip_end *end)
{
	unsigned char e[ZIP_END_LEN];

	if (!read_at(b, at, e, sizeof(e)))
		return false;
	*end = (struct zip_end){at, at, load_le16(e + 10), load_le32(e + 12), load_le32(e + 16)};
	read_end64(b, beg, end);
	return true;
}

static bool find_end(struct zip_bytes *b, struct zip_range r, bool likely, uint64_t beg,
		     struct zip_end *end)
{
	const unsigned char *block = look_at(b, r.beg, (size_t)(r.end - r.beg));
	struct zip_records records = {0};
	const struct zip_record *record = likely ? &records.likely : &records.last;

	if (block)
		zip_look_for_records(&records, slice_of(block, (size_t)(r.end - r.beg)),
				     r.beg - beg);
	return record->end && read_end(b, beg, beg + record->at, end);
}

bool zip_find_end(struct zip_bytes *b, struct zip_range r, struct zip_end *end)
{
	struct zip_range tail = r;

	if (r.end - r.beg > END_WITHIN)
		tail.beg = r.end - END_WITHIN;
	return find_end(b, tail, false, r.beg, end);
}

bool zip_find_far_end(struct zip_bytes *b, struct zip_range r, struct zip_end *end)
{
	struct zip_range block = r;

	while (block.end - r.beg >= ZIP_END_LEN) {
		block.beg = block.end - r.beg > BLOCK_MAX ? block.end - BLOCK_MAX : r.beg;
		if (find_end(b, block, true, r.beg, end))
			return true;
		if (block.beg == r.beg)
			break;
		block.end =
			block.beg + ZIP_END_LEN - 1; /* one may be cut by the block's beginning */
	}
	return false;
}
