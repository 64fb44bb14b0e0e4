/*
 * Of each cut the bytes before it are noted, and the page where it goes on; of each page
 * the bytes that it begins with, should it turn out to be such a one. When all pages
 * went by, the two are put together. Pages that nobody uses any more are read like
 * others: a cut too many does no harm.
 */
#include "inside/sqlite_pages.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "inside/sqlite_format.h"

#include <stdint.h>
#include <stdlib.h>

#define HEADER_BYTES ((size_t)100)
#define REACH_MAX    ((size_t)512)
#define NOTED_MAX    ((size_t)64 << 20) /* of each kind, in bytes */
#define UTF8         1

/* What is known of a page. */
enum { IS_TREE = 1, GOES_ON = 2, IS_MAP = 4 };

struct cut {
	uint32_t page; /* where it goes on, from 1 */
	uint32_t len;  /* of the bytes before it, among the tails */
};

struct sqlite_pages {
	const struct inside_wanted *wanted;
	size_t seam; /* bytes on either side of a cut that matter */
	bool must_be_read;
	size_t size, usable;   /* of a page; 0: the header was not seen yet */
	uint64_t here;         /* bytes that this page's cells came to so far */
	uint32_t count;        /* of pages so far */
	uint32_t said, unused; /* how many there are, and of these free, by the header */
	uint32_t map_every;    /* so many pages one tells what the next are; 0: none does */
	unsigned char *known;  /* by page, from 0 */
	size_t known_cap;
	struct buf heads; /* seam bytes of each page, behind its first four */
	struct buf tails; /* of all cuts */
	struct cut *cuts;
	size_t cut_count, cut_cap;
	uint32_t *children; /* pages that others say are trees */
	size_t child_count, child_cap;
};

/* ---- what is noted ---- */

static void note_child(struct sqlite_pages *p, uint32_t page)
{
	if (p->child_count >= NOTED_MAX / sizeof(*p->children)) {
		p->must_be_read = true;
		return;
	}
	grow_array(&p->children, &p->child_cap, p->child_count, sizeof(*p->children));
	p->children[p->child_count++] = page;
}

/* before: what stands before the cut. */
static void note_cut(struct sqlite_pages *p, struct slice before, uint32_t page)
{
	size_t len = before.len < p->seam ? before.len : p->seam;

	if (p->cut_count >= NOTED_MAX / sizeof(*p->cuts)) {
		p->must_be_read = true;
		return;
	}
	grow_array(&p->cuts, &p->cut_cap, p->cut_count, sizeof(*p->cuts));
	p->cuts[p->cut_count++] = (struct cut){page, (uint32_t)len};
	buf_append(&p->tails, before.ptr + before.len - len, len);
}

/* ---- cells ---- */

/* Whether a text or blob may hold what is wanted, by itself; of one that goes on
 * elsewhere it is asked otherwise. */
static bool is_wanted(const struct sqlite_pages *p, struct slice value)
{
	return p->wanted->worth(p->wanted->payload, value) &&
	       p->wanted->promising(p->wanted->payload, value);
}

/* Whether one of the values of a record is an archive or the like or, if look, may hold
 * what is wanted. record may be cut short. */
static bool is_promising(const struct sqlite_pages *p, struct slice record, bool look)
{
	const unsigned char *at = record.ptr, *end = record.ptr + record.len;
	uint64_t header, type, beg, len;

	at = sqlite_varint(at, end, &header);
	if (!at || header > record.len)
		return false;
	for (beg = header; at && at < record.ptr + header && beg <= record.len; beg += len) {
		struct slice value;

		at = sqlite_varint(at, end, &type);
		len = at ? sqlite_value_bytes(type) : 0;
		if (!at || type < SQLITE_BYTES_FROM)
			continue;
		value = slice_of(record.ptr + beg, record.len - (size_t)beg);
		if (len < value.len)
			value.len = (size_t)len;
		if ((type % 2 == 0 && inside_kind_of(value)) ||
		    (look && value.len == len && is_wanted(p, value)))
			return true;
	}
	return false;
}

/* A payload at at. */
static bool read_payload(struct sqlite_pages *p, const unsigned char *at, const unsigned char *end,
			 uint64_t payload, bool in_table, bool look)
{
	uint64_t local = sqlite_local_bytes(p->usable, payload, in_table);
	struct slice here = slice_of(at, (size_t)local);

	/* Cells that share bytes come to more than any page has. */
	p->here += local;
	if (p->here > p->usable || local + (local < payload ? 4 : 0) > (size_t)(end - at))
		return false;
	p->must_be_read |= is_promising(p, here, look);
	if (local == payload)
		return true;
	p->must_be_read |= look && p->wanted->worth(p->wanted->payload, here);
	note_cut(p, here, load_be32(at + local));
	return true;
}

/* look: what is wanted may be somewhere in the page. */
static bool read_cell(struct sqlite_pages *p, const unsigned char *at, const unsigned char *end,
		      int type, bool look)
{
	uint64_t payload, rowid;

	if (type == TABLE_INTERIOR || type == INDEX_INTERIOR) {
		if (end - at < 4)
			return false;
		note_child(p, load_be32(at));
		at += 4;
	}
	if (type == TABLE_INTERIOR)
		return true;
	at = sqlite_varint(at, end, &payload);
	if (at && type == TABLE_LEAF)
		at = sqlite_varint(at, end, &rowid);
	return at && read_payload(p, at, end, payload, type == TABLE_LEAF, look);
}

/* header: bytes of the file's header before the page's own. */
static bool read_tree_page(struct sqlite_pages *p, const unsigned char *page, size_t header,
			   bool look)
{
	const unsigned char *end = page + p->usable, *own = page + header;
	int type = *own;
	bool inner = type == TABLE_INTERIOR || type == INDEX_INTERIOR;
	const unsigned char *pointers = own + (inner ? 12 : 8);
	uint32_t cells = load_be16(own + 3);

	if (cells * 2 > (size_t)(end - pointers))
		return false;
	if (inner)
		note_child(p, load_be32(own + 8));
	p->here = 0;
	for (uint32_t i = 0; i < cells && !p->must_be_read; i++) {
		uint32_t at = load_be16(pointers + (size_t)i * 2);

		if (at >= p->usable || !read_cell(p, page + at, end, type, look))
			return false;
	}
	return true;
}

/* ---- pages ---- */

static bool is_tree(int type)
{
	return type == INDEX_INTERIOR || type == TABLE_INTERIOR || type == INDEX_LEAF ||
	       type == TABLE_LEAF;
}

/* Pages are numbered from 1; the first map is page 2. */
static bool is_map(const struct sqlite_pages *p, uint32_t page)
{
	return p->map_every && page >= 2 && (page - 2) % p->map_every == 0;
}

static unsigned char read_page(struct sqlite_pages *p, const unsigned char *page)
{
	size_t header = p->count == 0 ? HEADER_BYTES : 0;
	bool look;

	if (is_map(p, p->count + 1))
		return IS_MAP;
	look = p->wanted->worth(p->wanted->payload, slice_of(page, p->usable));
	if (is_tree(page[header])) {
		p->must_be_read |= !read_tree_page(p, page, header, look);
		return IS_TREE;
	}
	p->must_be_read |= look || page[header] != 0;
	if (load_be32(page + header))
		note_cut(p, slice_of(page + 4, p->usable - 4), load_be32(page));
	return 0;
}

static void add_page(struct sqlite_pages *p, const unsigned char *page)
{
	unsigned char known = read_page(p, page);

	grow_array(&p->known, &p->known_cap, p->count, 1);
	p->known[p->count++] = known;
	buf_append(&p->heads, page + 4, p->seam);
}

/* "The Database Header". */
static void read_header(struct sqlite_pages *p, struct slice bytes)
{
	const unsigned char *h = bytes.ptr;
	size_t size = bytes.len < HEADER_BYTES ? 0 : load_be16(h + 16);

	size = size == 1 ? 65536 : size;
	if (size < 512 || size & (size - 1) || size - h[20] < 480 || load_be32(h + 56) > UTF8) {
		p->must_be_read = true; /* load_be32(h + 56) is 0 while there is no table */
		return;
	}
	p->size = size;
	p->usable = size - h[20];
	p->said = load_be32(h + 24) == load_be32(h + 92) ? load_be32(h + 28) : 0;
	p->unused = load_be32(h + 36);
	p->map_every = load_be32(h + 52) ? (uint32_t)p->usable / 5 + 1 : 0;
}

bool sqlite_pages_add(struct sqlite_pages *p, struct slice bytes)
{
	if (!p->must_be_read && !p->size)
		read_header(p, bytes);
	for (size_t at = 0; !p->must_be_read && at < bytes.len; at += p->size) {
		if (bytes.len - at < p->size)
			p->must_be_read = true; /* cut short */
		else
			add_page(p, bytes.ptr + at);
	}
	return !p->must_be_read;
}

/* ---- what it comes to ---- */

static bool is_there(const struct sqlite_pages *p, uint32_t page)
{
	return page >= 1 && page <= p->count;
}

/* Whether all references lead to what they should, as far as they are not in pages that
 * are free and have them from earlier, and no other pages are nobody's. */
static bool adds_up(struct sqlite_pages *p)
{
	uint32_t nobodys = 0;
	bool odd = false;

	if (!p->count || p->said > p->count)
		return false;
	for (size_t i = 0; i < p->child_count; i++)
		odd |= !is_there(p, p->children[i]) || !(p->known[p->children[i] - 1] & IS_TREE);
	for (size_t i = 0; i < p->cut_count; i++) {
		uint32_t page = p->cuts[i].page;

		odd |= !is_there(p, page) || p->known[page - 1] & (IS_TREE | IS_MAP);
		if (is_there(p, page))
			p->known[page - 1] |= GOES_ON;
	}
	for (uint32_t i = 0; i < p->count; i++)
		nobodys += !p->known[i];
	return nobodys <= p->unused && (!odd || p->unused);
}

static bool is_cut(const struct sqlite_pages *p)
{
	unsigned char both[REACH_MAX * 2];
	size_t at = 0;

	for (size_t i = 0; i < p->cut_count; at += p->cuts[i++].len) {
		size_t len = p->cuts[i].len;

		if (!is_there(p, p->cuts[i].page))
			continue;
		memcpy(both, p->tails.ptr + at, len);
		memcpy(both + len, p->heads.ptr + (p->cuts[i].page - 1) * p->seam, p->seam);
		if (p->wanted->worth(p->wanted->payload, slice_of(both, len + p->seam)))
			return true;
	}
	return false;
}

bool sqlite_pages_end(struct sqlite_pages *p)
{
	bool noted = !buf_overflowed(&p->heads) && !buf_overflowed(&p->tails);

	return p->must_be_read || !noted || !adds_up(p) || is_cut(p);
}

/* ---- life cycle ---- */

struct sqlite_pages *sqlite_pages_new(const struct inside_wanted *wanted)
{
	struct sqlite_pages *p = xcalloc(1, sizeof(*p));

	p->wanted = wanted;
	p->seam = wanted->reach ? wanted->reach - 1 : 0;
	p->must_be_read = wanted->reach > REACH_MAX;
	buf_init(&p->heads, NOTED_MAX);
	buf_init(&p->tails, NOTED_MAX);
	return p;
}

void sqlite_pages_free(struct sqlite_pages *p)
{
	if (!p)
		return;
	buf_dispose_wiped(&p->heads);
	buf_dispose_wiped(&p->tails);
	free(p->known);
	free(p->cuts);
	free(p->children);
	free(p);
}
