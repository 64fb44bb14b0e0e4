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
#define TOLD_SLOTS    4096

struct frame {
	uint32_t page, number;
	uint64_t salts;
};

struct wal {
	const struct inside_told *told;
	struct slice bytes;
	size_t page, usable; /* bytes of one */
	size_t count;
	uint64_t left; /* bytes to be read */
	bool is_spent;
	struct frame *frames; /* in the order of their pages, of salts, and of the file */
	struct slice *seen; /* values told of lately: a page is there as often as it was written */
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

/* ---- values ---- */

static bool was_told(struct wal *w, struct slice value)
{
	struct slice *slot;
	uint32_t hash = 0;

	for (size_t i = 0; i < value.len; i++)
		hash = hash * 31 + value.ptr[i];
	slot = &w->seen[hash % TOLD_SLOTS];
	if (slot->len && slice_eq(*slot, value))
		return true;
	*slot = value;
	return false;
}

/* lasts: the value stands in the file, and not in memory that is used again. */
static void tell_value(struct wal *w, size_t frame, unsigned cell, unsigned column,
		       struct slice value, bool lasts)
{
	struct inside_limits *limits = w->told->limits;
	struct stream bytes;
	struct buf name;

	if (!inside_is_worth(w->told->wanted, value) || (lasts && was_told(w, value)) ||
	    !inside_is_promising(w->told->wanted, value))
		return;
	if (!inside_may_tell(limits) || !inside_may_read(limits, value.len))
		return;
	buf_init(&name, BUF_MAX_LINE);
	buf_appendf(&name, "page %u record %u column %u", (unsigned)load_be32(frame_at(w, frame)),
		    cell + 1, column + 1);
	stream_from_memory(&bytes, value);
	w->told->member(w->told->payload,
			&(struct inside_member){.name = buf_slice(&name), .bytes = &bytes});
	buf_dispose(&name);
}

static void tell_record(struct wal *w, size_t frame, unsigned cell, struct slice record, bool lasts)
{
	const unsigned char *at, *end = record.ptr + record.len;
	uint64_t header, type, beg, len;

	at = sqlite_varint(record.ptr, end, &header);
	if (!at || header > record.len)
		return;
	beg = header;
	for (unsigned column = 0; at < record.ptr + header && beg < record.len; column++) {
		at = sqlite_varint(at, record.ptr + header, &type);
		if (!at)
			return;
		len = sqlite_value_bytes(type);
		if (len > record.len - beg)
			len = record.len - beg; /* the rest is in the database */
		if (type >= SQLITE_BYTES_FROM && len)
			tell_value(w, frame, cell, column, slice_of(record.ptr + beg, (size_t)len),
				   lasts);
		beg += len;
	}
}

/* Puts together what goes on elsewhere, as far as that is in this file. */
static void tell_long(struct wal *w, size_t frame, unsigned cell, struct slice local,
		      uint64_t payload, uint32_t next)
{
	struct buf all;

	buf_init(&all, SQLITE_BYTES_MAX);
	buf_append_slice(&all, local);
	while (all.len < payload) {
		const unsigned char *page = find_page(w, next, salts_of(w, frame));
		uint64_t len = payload - all.len;

		if (len > w->usable - 4)
			len = w->usable - 4;
		if (!page || !spend(w, len))
			break;
		buf_append(&all, page + 4, (size_t)len);
		next = load_be32(page);
	}
	tell_record(w, frame, cell, buf_slice(&all), false);
	buf_dispose_wiped(&all);
}

/* ---- pages ---- */

static void tell_cell(struct wal *w, size_t frame, unsigned cell, struct slice rest, int type)
{
	const unsigned char *at = rest.ptr, *end = at + rest.len;
	uint64_t payload, number, local;
	struct slice here;
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
	here = slice_of(at, (size_t)local);
	if (!spend(w, local))
		return;
	if (local < payload && left - local >= 4)
		tell_long(w, frame, cell, here, payload, load_be32(at + local));
	else
		tell_record(w, frame, cell, here, true);
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

static int tell_all(struct slice bytes, const struct inside_told *told, struct err *err)
{
	struct wal w = {.told = told,
			.bytes = bytes,
			.left = bytes.len * READ_A_BYTE + READ_AT_LEAST,
			.seen = xcalloc(TOLD_SLOTS, sizeof(*w.seen))};
	int rc = 0;

	if (!read_header(&w))
		rc = err_set(err, HF_EFORMAT, "a database that cannot be read row by row: %s",
			     tr("it is damaged"));
	for (size_t i = 0; rc == 0 && i < w.count; i++)
		tell_page(&w, i);
	if (w.is_spent)
		rc = err_set(err, HF_ELIMIT, "a database that cannot be read row by row: %s",
			     tr("it comes to more than its size explains"));
	free(w.frames);
	free(w.seen);
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
		rc = tell_all(slice_of(whole.ptr, whole.len), told, err);
	whole_dispose(&whole);
	if (is_much)
		inside_give_much(inside, told->limits);
	return rc;
}
