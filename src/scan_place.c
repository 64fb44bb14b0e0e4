/*
 * Where in its document something stands, as people are told: its line, and the column at which
 * an editor has it. That counts characters, whatever bytes they are stored as.
 */
#include "scan_private.h"

#include "base/quote.h"

static const struct slice byte_order_mark = {(const unsigned char *)"\xef\xbb\xbf", 3};

/* ---- lines of what is held as a whole ---- */

struct lines lines_of(struct slice text)
{
	return (struct lines){.text = text, .line1 = 1};
}

void lines_locate(struct lines *lines, size_t at)
{
	const unsigned char *text = lines->text.ptr, *end;

	if (at < lines->line_beg)
		*lines = lines_of(lines->text);
	while (at > lines->at && (end = memchr(text + lines->at, '\n', at - lines->at))) {
		lines->at = lines->line_beg = (size_t)(end - text) + 1;
		lines->line1++;
	}
	lines->at = at > lines->at ? at : lines->at;
}

/* What a line begins with that nobody sees. */
static size_t mark_len(struct slice line, uint64_t line_offset)
{
	return line_offset == 0 && slice_has_prefix(line, byte_order_mark) ? byte_order_mark.len
									   : 0;
}

uint64_t lines_columns(struct lines *lines, size_t at)
{
	if (lines->counted_to <= lines->line_beg || lines->counted_to > at) {
		struct slice line = slice_cut(lines->text, (struct span){lines->line_beg, at});

		lines->counted_to = lines->line_beg + mark_len(line, lines->line_beg);
		lines->units = 0;
	}
	lines->units +=
		quote_utf16_len(slice_cut(lines->text, (struct span){lines->counted_to, at}));
	lines->counted_to = at;
	return lines->units;
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

/* Counts the line ends up to this place; what a hole has are none. */
static void count_wide(const struct stream *s, enum decoding form, struct wide_line *line,
		       uint64_t to)
{
	size_t width = width_of(form);

	if (line->at < s->offset)
		line->at = (s->offset + width - 1) / width * width;
	for (; line->at + width <= to; line->at += width)
		if (is_line_end(s->text.ptr + (line->at - s->offset), form, width)) {
			line->ended++;
			line->line_offset = line->at + width;
		}
}

void scan_place_go_on(struct visit *visit, size_t keep)
{
	const struct stream *s = visit->doc->bytes;

	if (visit->wide != DECODED_COUNT)
		count_wide(s, visit->wide, &visit->wide_line, s->offset + keep);
}

/* ---- of the window ---- */

/* Where a line begins. */
struct beginning {
	uint64_t line1;
	uint64_t offset;
	size_t in_window; /* 0 where it is further back */
};

/* In a document of wide characters not each byte that is '\n' ends a line: "上" has one. */
static struct beginning beginning_of(const struct visit *visit, size_t at)
{
	const struct stream *s = visit->doc->bytes;
	struct wide_line line = visit->wide_line;
	struct beginning b;
	uint64_t column1;

	if (visit->wide == DECODED_COUNT) {
		stream_locate(s, at, &b.line1, &column1, &b.in_window);
		b.offset = s->offset + at + 1 - column1;
		return b;
	}
	count_wide(s, visit->wide, &line, s->offset + at);
	b.line1 = line.ended + 1;
	b.offset = line.line_offset;
	b.in_window = line.line_offset > s->offset ? (size_t)(line.line_offset - s->offset) : 0;
	return b;
}

/* Characters that are in part before the window are told of by their bytes. */
static uint64_t columns_before(const struct stream *s, const struct beginning *b, size_t at,
			       size_t width)
{
	struct slice line = slice_cut(s->text, (struct span){b->in_window, at});
	uint64_t before = s->offset + b->in_window - b->offset;
	bool is_marked = b->offset == 0 && before == 0 && form_of_mark(s->text) != DECODED_COUNT;

	if (width > 1)
		return (before + line.len) / width - (is_marked ? 1 : 0);
	line = slice_cut(line, (struct span){mark_len(line, b->offset + before), line.len});
	return before + quote_utf16_len(line);
}

void scan_place(struct visit *visit, struct finding *f, struct span raw)
{
	const struct document *doc = visit->doc;
	const struct stream *s = doc->bytes;
	size_t width = f->decoded.count ? width_of(f->decoded.list[0]) : 1;
	struct slice secret = slice_cut(s->text, raw);
	const unsigned char *line_end = memchr(secret.ptr, '\n', secret.len);
	struct beginning line = beginning_of(visit, raw.beg);

	if (line_end) /* one in several lines ends, for its columns, with the first */
		secret.len = (size_t)(line_end - secret.ptr);
	f->offset = s->offset + raw.beg;
	f->length = span_len(raw);
	if (doc->where_at)
		f->where = doc->where_at(doc, f->offset);
	f->line1 = line.line1;
	f->column1 = columns_before(s, &line, raw.beg, width) + 1;
	f->end_column1 = f->column1 + (width > 1 ? secret.len / width : quote_utf16_len(secret));
}
