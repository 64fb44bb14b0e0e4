/*
 * What a database has in its -wal file ("The Write-Ahead Log"): pages that are not yet
 * in it, each as often as it was written. libsqlite3 would read them only together with the
 * database, and what is scanned may be one of the two. So records are read here, without
 * knowing what table they belong to: in such a page, too, a value may have others right
 * before and behind it, or go on in another page.
 *
 * When all is in the database, the file is written from its beginning again, with other
 * salts in each frame's header, and what is not overwritten stays.
 */
#include "base/alloc.h"
#include "base/buf.h"
#include "base/tr.h"
#include "inside/kinds.h"
#include "inside/sqlite_format.h"
#include "inside/sqlite_pages.h"
#include "inside/whole.h"

#include <stdlib.h>

#define WAL_HEADER   ((size_t)32)
#define FRAME_HEADER ((size_t)24)
#define PAGE_SIZE_AT 8
#define SALTS_AT     8             /* in a frame's header: two, of 32 bits */
#define FILE_HEADER  ((size_t)100) /* of page 1 */
#define RESERVED_AT  20
/* What is read and put together, so that pages that lead to each other, or to one cell
 * again and again, do not come to more than anybody could wait for. */
#define READ_A_BYTE   5
#define READ_AT_LEAST ((uint64_t)16 << 20)
/* Of what was seen so much is remembered: a frame's worth each, within bounds. */
#define SEEN_MIN ((size_t)1 << 12)
#define SEEN_MAX ((size_t)1 << 16)

struct frame {
	uint32_t page, number;
	uint64_t salts;
};

/* Where a cell goes on that does not fit into its page. */
struct chain {
	uint64_t payload; /* bytes of all */
	uint64_t salts;
	uint32_t next;
};

struct record {
	size_t frame;
	unsigned cell;
	struct slice local; /* what is in its page */
	struct chain chain; /* of one that has all there: none */
	struct slice bytes; /* as much as was put together */
	bool again;         /* what is not in its page was told of */
};

/* Bytes of the file, what they are, and where they go on. */
enum seen_as { SEEN_VALUE, SEEN_CELL, SEEN_COLUMNS };
struct seen {
	enum seen_as as;
	struct slice bytes;
	struct chain chain;
};

struct wal {
	struct inside *inside;
	const struct inside_told *told;
	struct slice bytes;
	size_t page, usable; /* bytes of one */
	size_t count;
	uint64_t left; /* bytes to be read */
	bool is_spent;
	bool is_much;         /* inside_take_much() was called */
	struct frame *frames; /* in the order of their pages, of salts, and of the file */
	struct seen *seen;    /* lately: a page is there as often as it was written */
	size_t seen_slots;
};

static const unsigned char *frame_at(const struct wal *w, size_t i)
{
	return w->bytes.ptr + WAL_HEADER + i * (FRAME_HEADER + w->page);
}

static uint64_t salts_of(const struct wal *w, size_t frame)
{
	return load_be64(frame_at(w, frame) + SALTS_AT);
}

/* Whether so much may be read. */
static bool spend(struct wal *w, uint64_t bytes)
{
	w->is_spent |= bytes > w->left;
	if (!w->is_spent)
		w->left -= bytes;
	return !w->is_spent;
}

/* ---- pages by number ---- */

static int order_pages(const struct frame *a, uint32_t page, uint64_t salts)
{
	return a->page != page ? (a->page > page) - (a->page < page)
			       : (a->salts > salts) - (a->salts < salts);
}

static int order_frames(const void *left, const void *right)
{
	const struct frame *a = left, *b = right;
	int order = order_pages(a, b->page, b->salts);

	return order ? order : (a->number > b->number) - (a->number < b->number);
}

/* The last of a page's frames with these salts or lesser ones; NULL: there is none. */
static const struct frame *find_frame(const struct wal *w, uint32_t page, uint64_t salts)
{
	size_t beg = 0, end = w->count;

	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;

		if (order_pages(&w->frames[mid], page, salts) <= 0)
			beg = mid + 1;
		else
			end = mid;
	}
	return beg && w->frames[beg - 1].page == page ? &w->frames[beg - 1] : NULL;
}

/*
 * As it was written last with these salts, or else right before they were chosen: the first
 * of the two is one more each time, and what is left of a page then is its last. NULL: it
 * is in the database, or was.
 */
static const unsigned char *find_page(const struct wal *w, uint32_t page, uint64_t salts)
{
	const struct frame *f = find_frame(w, page, salts);
	uint32_t before = (uint32_t)(salts >> 32) - 1;

	if (!f || f->salts != salts) {
		f = find_frame(w, page, (uint64_t)before << 32 | UINT32_MAX);
		if (!f || f->salts >> 32 != before)
			return NULL;
	}
	return frame_at(w, f->number) + FRAME_HEADER;
}

/* ---- what was seen ---- */

static bool is_same(const struct seen *a, const struct seen *b)
{
	return a->as == b->as && a->chain.next == b->chain.next &&
	       a->chain.salts == b->chain.salts && a->chain.payload == b->chain.payload &&
	       slice_eq(a->bytes, b->bytes);
}

static void seen_init(struct wal *w)
{
	w->seen_slots = w->count < SEEN_MIN ? SEEN_MIN : w->count;
	if (w->seen_slots > SEEN_MAX)
		w->seen_slots = SEEN_MAX;
	w->seen = xcalloc(w->seen_slots, sizeof(*w->seen));
}

static bool was_seen(struct wal *w, enum seen_as as, struct slice bytes, struct chain chain)
{
	struct seen now = {as, bytes, chain}, *slot;
	uint32_t hash = chain.next + as;

	for (size_t i = 0; i < bytes.len; i++)
		hash = hash * 31 + bytes.ptr[i];
	slot = &w->seen[hash % w->seen_slots];
	if (is_same(slot, &now))
		return true;
	*slot = now;
	return false;
}

/* ---- values ---- */

/* By what of it stands in the record's page, and where that goes on. len: of all of it. */
static bool was_told(struct wal *w, const struct record *r, uint64_t beg, uint64_t len)
{
	struct chain chain = {len, r->chain.salts, r->chain.next};

	if (beg >= r->local.len)
		return r->again;
	if (len > r->local.len - beg)
		len = r->local.len - beg;
	return was_seen(w, SEEN_VALUE, slice_of(r->local.ptr + beg, (size_t)len), chain);
}

static void tell_value(struct wal *w, const struct record *r, unsigned column, struct slice value)
{
	struct inside_limits *limits = w->told->limits;
	struct stream bytes;
	struct buf name;

	if (!inside_is_promising(w->told->wanted, value) || !inside_may_tell(limits) ||
	    !inside_may_read(limits, value.len))
		return;
	buf_init(&name, BUF_MAX_LINE);
	buf_appendf(&name, "page %u record %u column %u",
		    (unsigned)load_be32(frame_at(w, r->frame)), r->cell + 1, column + 1);
	stream_from_memory(&bytes, value);
	w->told->member(w->told->payload,
			&(struct inside_member){.name = buf_slice(&name), .bytes = &bytes});
	buf_dispose(&name);
}

/* beg: of a value that has so many bytes, unless the rest is in the database. */
static void look_at_value(struct wal *w, const struct record *r, unsigned column, uint64_t beg,
			  uint64_t len)
{
	struct slice value = slice_of(r->bytes.ptr + beg, r->bytes.len - (size_t)beg);

	if (len < value.len)
		value.len = (size_t)len;
	if (value.len && inside_is_worth(w->told->wanted, value) && !was_told(w, r, beg, len))
		tell_value(w, r, column, value);
}

static void tell_record(struct wal *w, const struct record *r)
{
	const unsigned char *at, *beg = r->bytes.ptr, *end = beg + r->bytes.len;
	uint64_t header, value, type, len;

	at = sqlite_varint(beg, end, &header);
	if (!at || header > r->bytes.len)
		return;
	value = header;
	for (unsigned column = 0; at < beg + header && value < r->bytes.len; column++) {
		at = sqlite_varint(at, beg + header, &type);
		if (!at)
			return;
		len = sqlite_value_bytes(type);
		if (type >= SQLITE_BYTES_FROM)
			look_at_value(w, r, column, value, len);
		value += len < r->bytes.len - value ? len : r->bytes.len - value;
	}
}

/* ---- what goes on in other pages ---- */

/* What says where its values begin and end. */
static struct slice header_of(struct slice record)
{
	uint64_t header;

	if (sqlite_varint(record.ptr, record.ptr + record.len, &header) && header < record.len)
		record.len = (size_t)header;
	return record;
}

/* How much of a record to put together: none of one that was told, and of one that differs
 * from it in this page only, as a row does whose counter was changed, what is near. */
static uint64_t bytes_to_read(struct wal *w, struct record *r)
{
	uint64_t bytes = r->chain.payload, near = r->local.len + w->usable - 4;

	if (was_seen(w, SEEN_CELL, r->local, r->chain))
		return 0;
	r->again = was_seen(w, SEEN_COLUMNS, header_of(r->local), r->chain);
	if (r->again && near < bytes)
		bytes = near;
	/* Pages that lead in a circle have no more than the file. */
	return bytes < w->bytes.len ? bytes : w->bytes.len;
}

static void hold_much(struct wal *w, uint64_t bytes)
{
	if (w->bytes.len + bytes > INSIDE_HELD_FREE)
		w->is_much |= inside_take_much(w->inside, w->told->limits);
}

/* Puts together what goes on elsewhere, as far as that is in this file. */
static void tell_long(struct wal *w, struct record *r)
{
	uint64_t bytes = bytes_to_read(w, r);
	uint32_t next = r->chain.next;
	struct buf all;

	if (!bytes)
		return;
	buf_init(&all, SQLITE_BYTES_MAX);
	buf_append_slice(&all, r->local);
	while (all.len < bytes) {
		const unsigned char *page = find_page(w, next, r->chain.salts);
		uint64_t len = bytes - all.len;

		if (len > w->usable - 4)
			len = w->usable - 4;
		if (!page || !spend(w, len))
			break;
		hold_much(w, (all.len + len) * 2); /* as much room as a buffer may have */
		buf_append(&all, page + 4, (size_t)len);
		next = load_be32(page);
	}
	r->bytes = buf_slice(&all);
	tell_record(w, r);
	buf_dispose_wiped(&all);
}

/* ---- pages ---- */

static void tell_cell(struct wal *w, size_t frame, unsigned cell, struct slice rest, int type)
{
	const unsigned char *at = rest.ptr, *end = at + rest.len;
	struct record r = {.frame = frame, .cell = cell};
	uint64_t payload, number, local;
	size_t left;

	if (type == INDEX_INTERIOR && rest.len < 4)
		return;
	at = sqlite_varint(at + (type == INDEX_INTERIOR ? 4 : 0), end, &payload);
	if (at && type == TABLE_LEAF)
		at = sqlite_varint(at, end, &number);
	if (!at)
		return;
	left = (size_t)(end - at);
	local = sqlite_local_bytes(w->usable, payload, type == TABLE_LEAF);
	if (local > left)
		local = left;
	r.local = r.bytes = slice_of(at, (size_t)local);
	if (local < payload && left - local >= 4)
		r.chain = (struct chain){payload, salts_of(w, frame), load_be32(at + local)};
	if (!spend(w, local))
		return;
	if (r.chain.payload)
		tell_long(w, &r);
	else
		tell_record(w, &r);
}

static void tell_page(struct wal *w, size_t frame)
{
	const unsigned char *page = frame_at(w, frame) + FRAME_HEADER;
	size_t header = load_be32(frame_at(w, frame)) == 1 ? FILE_HEADER : 0;
	int type = page[header];
	size_t first = header + (type == INDEX_INTERIOR ? 12 : 8);
	unsigned cells = load_be16(page + header + 3);

	if (type != TABLE_LEAF && type != INDEX_LEAF && type != INDEX_INTERIOR)
		return;
	for (unsigned i = 0; i < cells && first + i * 2 + 2 <= w->usable; i++) {
		size_t at = load_be16(page + first + (size_t)i * 2);

		if (at < w->usable && !w->told->limits->over && !w->is_spent)
			tell_cell(w, frame, i, slice_of(page + at, w->usable - at), type);
	}
}

/* Bytes at the end of each page, which the first tells. */
static void leave_reserved(struct wal *w, const unsigned char *first)
{
	if (first[RESERVED_AT] <= w->page - 480)
		w->usable -= first[RESERVED_AT];
}

static bool read_header(struct wal *w)
{
	const struct frame *first;

	if (w->bytes.len < WAL_HEADER)
		return false;
	w->page = w->usable = load_be32(w->bytes.ptr + PAGE_SIZE_AT);
	if (w->page < 512 || w->page > 65536 || w->page & (w->page - 1))
		return false;
	w->count = (w->bytes.len - WAL_HEADER) / (FRAME_HEADER + w->page);
	w->frames = xcalloc(w->count + 1, sizeof(*w->frames));
	for (size_t i = 0; i < w->count; i++)
		w->frames[i] =
			(struct frame){load_be32(frame_at(w, i)), (uint32_t)i, salts_of(w, i)};
	if (w->count)
		qsort(w->frames, w->count, sizeof(*w->frames), order_frames);
	first = find_frame(w, 1, UINT64_MAX);
	if (first)
		leave_reserved(w, frame_at(w, first->number) + FRAME_HEADER);
	return true;
}

static int tell_all(struct inside *inside, struct slice bytes, const struct inside_told *told,
		    struct err *err)
{
	struct wal w = {.inside = inside,
			.told = told,
			.bytes = bytes,
			.left = bytes.len * READ_A_BYTE + READ_AT_LEAST};
	int rc = 0;

	if (read_header(&w))
		seen_init(&w);
	else
		rc = err_set(err, HF_EFORMAT, "a database that cannot be read row by row: %s",
			     tr("it is damaged"));
	for (size_t i = 0; rc == 0 && i < w.count; i++)
		tell_page(&w, i);
	if (w.is_spent)
		rc = err_set(err, HF_ELIMIT, "a database that cannot be read row by row: %s",
			     tr("it comes to more than its size explains"));
	free(w.frames);
	free(w.seen);
	if (w.is_much)
		inside_give_much(inside, told->limits);
	return rc == 0 && told->limits->over ? err_set(err, HF_ELIMIT, "%s", told->limits->over)
					     : rc;
}

int wal_tell(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
	     const struct inside_told *told, struct err *err)
{
	bool is_much =
		stream_size(outer) > INSIDE_HELD_FREE && inside_take_much(inside, told->limits);
	struct whole whole;
	int rc = whole_read(&whole, outer, SQLITE_BYTES_MAX, err);

	if (rc == HF_ELIMIT)
		rc = err_set(err, HF_ELIMIT,
			     "a database of more than 256 MiB: it was searched as it "
			     "is, not row by row");
	if (rc == 0)
		rc = tell_all(inside, slice_of(whole.ptr, whole.len), told, err);
	whole_dispose(&whole);
	if (is_much)
		inside_give_much(inside, told->limits);
	return rc;
}
