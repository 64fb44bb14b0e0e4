/*
 * Where in its document something stands, as people are told: its line, and the column at which
 * an editor has it. That counts characters, whatever bytes they are stored as.
 */
#include "scan_private.h"

#include "base/quote.h"

static const struct slice byte_order_mark = {(const unsigned char *)"\xef\xbb\xbf", 3};

/* ---- plain text ---- */

/* Bytes in view, which are those of a document from offset on. */
struct in_view {
	struct slice text;
	uint64_t offset;
};

static struct in_view in_view(const struct stream *s)
{
	return (struct in_view){s->text, s->offset};
}

static struct slice cut(struct in_view v, uint64_t beg, uint64_t end)
{
	return slice_of(v.text.ptr + (beg - v.offset), (size_t)(end - beg));
}

static void count_plain(struct in_view v, struct line_place *p, uint64_t to)
{
	const unsigned char *text = v.text.ptr, *end;

	while (p->at < to && (end = memchr(text + (p->at - v.offset), '\n', to - p->at))) {
		p->line1++;
		p->at = p->line_offset = v.offset + (uint64_t)(end - text) + 1;
	}
	p->at = to;
}

/* What a line begins with that nobody sees. */
static size_t mark_len(struct slice line, uint64_t line_offset)
{
	return line_offset == 0 && slice_has_prefix(line, byte_order_mark) ? byte_order_mark.len
									   : 0;
}

/* How many `at` is behind the beginning of its line, which p is in. Characters before what is in
 * view are told of by their bytes. */
static uint64_t plain_columns(struct in_view v, struct line_place *p, uint64_t at)
{
	if (p->counted_to <= p->line_offset || p->counted_to < v.offset || p->counted_to > at) {
		uint64_t beg = p->line_offset > v.offset ? p->line_offset : v.offset;

		p->columns = beg - p->line_offset;
		p->counted_to = beg + mark_len(cut(v, beg, at), beg);
	}
	p->columns += quote_utf16_len(cut(v, p->counted_to, at));
	p->counted_to = at;
	return p->columns;
}

/* ---- lines of what is held as a whole ---- */

struct lines lines_of(struct slice text)
{
	return (struct lines){text, {.line1 = 1}};
}

void lines_locate(struct lines *lines, size_t at)
{
	if (at < lines->place.line_offset)
		*lines = lines_of(lines->text);
	if (at > lines->place.at)
		count_plain((struct in_view){lines->text, 0}, &lines->place, at);
}

uint64_t lines_columns(struct lines *lines, size_t at)
{
	return plain_columns((struct in_view){lines->text, 0}, &lines->place, at);
}

/* ---- wide characters ---- */

/* Bytes a character has; 1: it is in none that are wide. */
static size_t width_of(enum decoding form)
{
	switch (form) {
	case DECODED_UTF16LE:
	case DECODED_UTF16BE:
		return 2;
	case DECODED_UTF32LE:
	case DECODED_UTF32BE:
		return 4;
	default:
		return 1;
	}
}

static bool is_line_end(const unsigned char *character, enum decoding form, size_t width)
{
	bool big = form == DECODED_UTF16BE || form == DECODED_UTF32BE;

	for (size_t i = 0; i < width; i++)
		if (character[i] != (i == (big ? width - 1 : 0) ? '\n' : 0))
			return false;
	return true;
}

/* ---- places in the window ---- */

static void count_wide(const struct stream *s, enum decoding form, struct line_place *p,
		       uint64_t to)
{
	size_t width = width_of(form);

	for (; p->at + width <= to; p->at += width)
		if (is_line_end(s->text.ptr + (p->at - s->offset), form, width)) {
			p->line1++;
			p->line_offset = p->at + width;
		}
}

/* Goes forwards. In wide characters not each byte that is '\n' ends a line: "上" has one. What
 * a hole jumped over has are none. */
static void go_to(const struct visit *visit, struct line_place *p, uint64_t to)
{
	const struct stream *s = visit->doc->bytes;
	size_t width = width_of(visit->wide);

	if (p->at < s->offset)
		p->at = (s->offset + width - 1) / width * width;
	if (width > 1)
		count_wide(s, visit->wide, p, to);
	else
		count_plain(in_view(s), p, to);
}

/* Where the window begins. */
static struct line_place first_place(const struct visit *visit)
{
	const struct stream *s = visit->doc->bytes;

	if (visit->wide == DECODED_COUNT)
		return (struct line_place){s->offset, s->line1, s->line_offset, 0, 0};
	if (!visit->wide_beg.line1)
		return (struct line_place){.line1 = 1};
	/* Behind a hole, all of the window before it is left behind. */
	return visit->wide_beg.at < s->offset ? visit->wide_end : visit->wide_beg;
}

void scan_place_go_on(struct visit *visit, size_t keep)
{
	const struct stream *s = visit->doc->bytes;

	if (visit->wide == DECODED_COUNT)
		return;
	visit->wide_beg = first_place(visit);
	go_to(visit, &visit->wide_beg, s->offset + keep);
	visit->wide_end = visit->wide_beg;
	go_to(visit, &visit->wide_end, s->offset + s->text.len);
}

/* What was counted for the place before is not counted again: a line may be all of a document, and
 * hold any number of tokens. */
static struct line_place *place_at(struct visit *visit, uint64_t at)
{
	struct line_place *p = &visit->asked;

	if (!p->line1 || p->at < visit->doc->bytes->offset || p->at > at)
		*p = first_place(visit);
	go_to(visit, p, at);
	return p;
}

/* ---- columns ---- */

/* In wide characters. */
static uint64_t wide_columns(const struct visit *visit, const struct line_place *p, uint64_t at,
			     size_t width)
{
	bool is_marked = p->line_offset == 0 && width == width_of(visit->wide);

	return (at - p->line_offset) / width - (is_marked ? 1 : 0);
}

void scan_place(struct visit *visit, struct finding *f, struct span raw)
{
	const struct document *doc = visit->doc;
	const struct stream *s = doc->bytes;
	size_t width = f->decoded.count ? width_of(f->decoded.list[0]) : 1;
	struct slice secret = slice_cut(s->text, raw);
	const unsigned char *line_end = memchr(secret.ptr, '\n', secret.len);
	struct line_place *p = place_at(visit, s->offset + raw.beg);

	if (line_end) /* one in several lines ends, for its columns, with the first */
		secret.len = (size_t)(line_end - secret.ptr);
	f->offset = s->offset + raw.beg;
	f->length = span_len(raw);
	if (doc->where_at)
		f->where = doc->where_at(doc, f->offset);
	f->line1 = p->line1;
	f->column1 = 1 + (width > 1 ? wide_columns(visit, p, f->offset, width)
				    : plain_columns(in_view(s), p, f->offset));
	f->end_column1 = f->column1 + (width > 1 ? secret.len / width : quote_utf16_len(secret));
}
