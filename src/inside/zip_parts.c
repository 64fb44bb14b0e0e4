/*
 * The directory (APPNOTE.TXT, 4.3.12 to 4.3.16) leads to the bytes of each member; what
 * none of them covers is looked through for members that it does not know. Each such
 * stretch, and what stands before and behind the archive, is a range of its own, in which
 * there may be a whole archive again.
 */
#include "inside/zip_parts.h"

#include "base/alloc.h"
#include "base/endian.h"
#include "inside/xz.h"

#include <stdlib.h>

#define LOCAL_LEN     ((size_t)30)
#define ENTRY_LEN     ((size_t)46)
#define END_LEN       ((size_t)22)
#define END64_LEN     ((size_t)56) /* as all write it and Python expects it */
#define LOCATOR64_LEN ((size_t)20)
#define COMMENT_MAX   ((size_t)0xffff)
#define IN_64_BITS    0xffffffff
#define EXTRA_64      1

/* Flags of a member. */
#define IS_ENCRYPTED 1u
#define SIZES_BEHIND 8u

struct range {
	uint64_t beg, end;
};

struct zip_parts {
	const struct stream *s;
	uint64_t members_max;
	bool begun;
	struct range *left; /* to be looked at, the last one first */
	size_t left_count, left_cap;
	uint64_t dictionary;   /* as in struct zip_part */
	struct range *covered; /* of the directory that is being read */
	size_t covered_count, covered_cap;
	struct range now;     /* of the part given last */
	uint64_t broken;      /* the end to which no directory that adds up belongs */
	unsigned char *block; /* at most BLOCK_MAX of the file */
	uint64_t block_at;
	size_t block_len;
};
#define BLOCK_MAX (COMMENT_MAX + END_LEN)

/* ---- bytes ---- */

static bool read_at(const struct zip_parts *p, uint64_t at, void *out, size_t len)
{
	return stream_read_at(p->s, at, out, len) == (ssize_t)len;
}

/* At most BLOCK_MAX bytes from there, valid until the next call; NULL: there are not as
 * many. */
static const unsigned char *look_at(struct zip_parts *p, uint64_t at, size_t len)
{
	ssize_t n;

	if (at >= p->block_at && at - p->block_at <= p->block_len &&
	    len <= p->block_len - (size_t)(at - p->block_at))
		return p->block + (at - p->block_at);
	n = stream_read_at(p->s, at, p->block, BLOCK_MAX);
	p->block_at = at;
	p->block_len = n > 0 ? (size_t)n : 0;
	return len <= p->block_len ? p->block : NULL;
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
	       LOCAL_LEN + name + extra <= left;
}

/* Where the first member begins in a range; its end: there is none. */
static uint64_t find_local(struct zip_parts *p, struct range r)
{
	while (r.end - r.beg >= LOCAL_LEN) {
		size_t len = r.end - r.beg < BLOCK_MAX ? (size_t)(r.end - r.beg) : BLOCK_MAX;
		const unsigned char *block = look_at(p, r.beg, len), *at = block;

		while (at && (at = memmem(at, len - (size_t)(at - block), "PK\3\4", 4))) {
			size_t before = (size_t)(at++ - block);

			if (len - before < LOCAL_LEN)
				break;
			if (is_local(block + before, r.end - r.beg - before))
				return r.beg + before;
		}
		if (!block || len == r.end - r.beg)
			break;
		r.beg += len - LOCAL_LEN + 1;
	}
	return r.end;
}

/* ---- ranges ---- */

static void push(struct zip_parts *p, uint64_t beg, uint64_t end)
{
	struct range r = {beg, end};

	if (beg >= end || end - beg < LOCAL_LEN || find_local(p, r) == end)
		return;
	grow_array(&p->left, &p->left_cap, p->left_count, sizeof(*p->left));
	p->left[p->left_count++] = r;
}

static void cover(struct zip_parts *p, uint64_t beg, uint64_t end)
{
	grow_array(&p->covered, &p->covered_cap, p->covered_count, sizeof(*p->covered));
	p->covered[p->covered_count++] = (struct range){beg, end};
}

static int order_ranges(const void *left, const void *right)
{
	const struct range *a = left, *b = right;

	return (a->beg > b->beg) - (a->beg < b->beg);
}

/* What is covered by nothing, in the order of the file. */
static void push_others(struct zip_parts *p, struct range all)
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
		struct range r = p->left[i];

		p->left[i] = p->left[--j];
		p->left[j] = r;
	}
}

/* ---- the directory ---- */

/* What a header says of a member. */
struct said {
	unsigned flags, method;
	uint64_t packed, size, local;
};

static void read_64(uint64_t *value, const unsigned char **at, const unsigned char *end)
{
	if (*value != IN_64_BITS || end - *at < 8)
		return;
	*value = load_le64(*at);
	*at += 8;
}

/* What did not fit into 32 bits stands among the extra fields. */
static void read_extra(struct said *said, const unsigned char *at, size_t len)
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

static bool is_large(const struct said *said)
{
	return said->packed == IN_64_BITS || said->size == IN_64_BITS || said->local == IN_64_BITS;
}

/* What stands before a member, and where that ends. */
static bool read_local(struct zip_parts *p, uint64_t at, struct said *said, uint64_t *end)
{
	unsigned char h[LOCAL_LEN], *extra;
	size_t name, len;
	bool is_read = true;

	if (!read_at(p, at, h, sizeof(h)) || memcmp(h, "PK\3\4", 4) != 0)
		return false;
	*said = (struct said){load_le16(h + 6), load_le16(h + 8), load_le32(h + 18),
			      load_le32(h + 22), 0};
	name = load_le16(h + 26);
	len = load_le16(h + 28);
	*end = at + LOCAL_LEN + name + len;
	if (is_large(said) && len) {
		extra = xmalloc(len);
		is_read = read_at(p, at + LOCAL_LEN + name, extra, len);
		if (is_read)
			read_extra(said, extra, len);
		free(extra);
	}
	return is_read;
}

static bool is_same(const struct said *a, const struct said *b)
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

static uint64_t dictionary_of(const struct zip_parts *p, unsigned method, uint64_t data)
{
	unsigned char h[XZ_HEADERS];
	ssize_t n = 0;

	if (method == METHOD_LZMA || method == METHOD_XZ)
		n = stream_read_at(p->s, data, h, sizeof(h));
	if (n < LZMA_AT + 4)
		return 0;
	return method == METHOD_XZ ? xz_dictionary(slice_of(h, (size_t)n)) : load_le32(h + LZMA_AT);
}

/* A member at its place, the archive's bytes from 0 on being those from base on. */
static bool check_member(struct zip_parts *p, const struct said *said, uint64_t base, uint64_t end)
{
	struct said local;
	uint64_t beg, data, dictionary;

	if (said->local > end - base)
		return false;
	beg = base + said->local;
	if (!read_local(p, beg, &local, &data) || !is_same(said, &local) || data > end ||
	    said->packed > end - data)
		return false;
	cover(p, beg, data + said->packed);
	dictionary = dictionary_of(p, said->method, data);
	if (dictionary > p->dictionary)
		p->dictionary = dictionary;
	return true;
}

/* Bytes of the next entry; 0: it is none, or not what stands before its member. */
static size_t read_entry(struct zip_parts *p, struct range left, uint64_t base, uint64_t members)
{
	const unsigned char *e =
		left.end - left.beg < ENTRY_LEN ? NULL : look_at(p, left.beg, ENTRY_LEN);
	size_t name, extra, len;
	struct said said;

	if (!e || memcmp(e, "PK\1\2", 4) != 0)
		return 0;
	said = (struct said){load_le16(e + 8), load_le16(e + 10), load_le32(e + 20),
			     load_le32(e + 24), load_le32(e + 42)};
	name = load_le16(e + 28);
	extra = load_le16(e + 30);
	len = ENTRY_LEN + name + extra + load_le16(e + 32);
	if (len > left.end - left.beg)
		return 0;
	if (is_large(&said) && extra) {
		e = look_at(p, left.beg + ENTRY_LEN + name, extra);
		if (!e)
			return 0;
		read_extra(&said, e, extra);
	}
	return check_member(p, &said, base, members) ? len : 0;
}

/* The end of an archive. */
struct zip_end {
	uint64_t at;   /* of its record */
	uint64_t last; /* behind the directory */
	uint64_t members, size, offset;
};

/* The last in a range that there is, as Python looks for it. */
static bool find_end(struct zip_parts *p, struct range r, struct zip_end *end)
{
	size_t len = r.end - r.beg < BLOCK_MAX ? (size_t)(r.end - r.beg) : BLOCK_MAX;
	const unsigned char *tail = look_at(p, r.end - len, len);

	for (size_t at = tail && len >= END_LEN ? len - END_LEN + 1 : 0; at-- > 0;) {
		const unsigned char *e = tail + at;

		if (e[0] != 'P' || memcmp(e, "PK\5\6", 4) != 0)
			continue;
		end->at = end->last = r.end - len + at;
		end->members = load_le16(e + 10);
		end->size = load_le32(e + 12);
		end->offset = load_le32(e + 16);
		return true;
	}
	return false;
}

static void read_end64(const struct zip_parts *p, uint64_t beg, struct zip_end *end)
{
	unsigned char h[END64_LEN + LOCATOR64_LEN];

	if (end->at - beg < sizeof(h) || !read_at(p, end->at - sizeof(h), h, sizeof(h)) ||
	    memcmp(h, "PK\6\6", 4) != 0 || memcmp(h + END64_LEN, "PK\6\7", 4) != 0)
		return;
	end->last = end->at - sizeof(h);
	end->members = load_le64(h + 32);
	end->size = load_le64(h + 40);
	end->offset = load_le64(h + 48);
}

/* Whether there is a directory that leads to members only, all of them, and no more than may
 * be: libarchive takes memory for each. */
static bool read_directory(struct zip_parts *p, struct range r, const struct zip_end *end,
			   struct zip_part *part)
{
	struct range left;
	uint64_t count = 0;

	p->covered_count = 0;
	p->dictionary = 0;
	if (end->size > end->last - r.beg || end->offset > end->last - r.beg - end->size)
		return false;
	left = (struct range){end->last - end->size, end->last};
	*part = (struct zip_part){
		.beg = left.beg - end->offset, .end = end->at + END_LEN, .by_directory = true};
	cover(p, left.beg, end->at + END_LEN);
	for (; left.beg < left.end && count <= p->members_max; count++) {
		size_t len = read_entry(p, left, part->beg, end->last - end->size);

		if (!len)
			return false;
		left.beg += len;
	}
	/* Without the fields of 64 bits only the last 16 bits of the number are said. */
	part->members = count;
	return left.beg >= left.end && count <= p->members_max &&
	       (count & 0xffff) == (end->members & 0xffff);
}

/* ---- parts ---- */

/* By a byte of its magic that text does not have: this is asked of every document. */
bool zip_ends(struct slice end)
{
	const unsigned char *at, *p = end.ptr;
	size_t len = end.len;

	if (len > INSIDE_END) {
		p += len - INSIDE_END;
		len = INSIDE_END;
	}
	for (size_t left = len; left && (at = memrchr(p, 5, left)); left = (size_t)(at - p)) {
		size_t before = (size_t)(at - p);

		if (before >= 2 && len - (before - 2) >= END_LEN &&
		    memcmp(at - 2, "PK\5\6", 4) == 0 &&
		    END_LEN + load_le16(at - 2 + 20) == len - (before - 2))
			return true;
	}
	return false;
}

struct zip_parts *zip_parts_new(const struct stream *s, uint64_t members_max)
{
	struct zip_parts *p = xcalloc(1, sizeof(*p));

	p->s = s;
	p->broken = UINT64_MAX;
	p->members_max = members_max;
	p->block = xmalloc(BLOCK_MAX);
	return p;
}

void zip_parts_free(struct zip_parts *p)
{
	wipe(p->block, BLOCK_MAX);
	free(p->block);
	free(p->left);
	free(p->covered);
	free(p);
}

/* A range that is no archive as it should be: from its first member on. */
static void give_members(struct zip_parts *p, struct range r, bool is_odd, struct zip_part *part)
{
	uint64_t first = find_local(p, r);

	if (first == r.end)
		first = r.beg; /* libarchive says what is wrong with it */
	*part = (struct zip_part){.beg = first, .end = r.end, .is_odd = is_odd};
}

bool zip_parts_next(struct zip_parts *p, struct zip_part *part)
{
	struct range r = {0, stream_size(p->s)};
	bool is_all = !p->begun, has_end;
	struct zip_end end;

	p->begun = true;
	if (!is_all && !p->left_count)
		return false;
	if (!is_all)
		r = p->left[--p->left_count];
	p->now = r;
	has_end = find_end(p, r, &end);
	if (has_end)
		read_end64(p, r.beg, &end);
	/* What is left of a range after some members ends alike. */
	if (has_end && end.at != p->broken && read_directory(p, r, &end, part)) {
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
