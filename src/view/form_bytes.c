/*
 * Bytes as hexadecimal numbers with blanks between them: "68 66 5f", and the lines of xxd,
 * `hexdump -C` and od, which have an offset before them and maybe the text behind.
 */
#include "view/form_decoders.h"

/* Writes the byte whose two digits stand at text[at]. False: none do. */
static bool put_byte(struct slice text, size_t at, struct view_text *out)
{
	int high = at + 1 < text.len ? ascii_hex_value(text.ptr[at]) : -1;
	int low = at + 1 < text.len ? ascii_hex_value(text.ptr[at + 1]) : -1;
	unsigned char byte;

	if (high < 0 || low < 0)
		return false;
	byte = (unsigned char)(high << 4 | low);
	view_text_put(out, slice_of(&byte, 1), at, 2);
	return true;
}

/* ---- lists ---- */

/* More never stands between two numbers, but for the indentation of a line. */
#define BETWEEN_MAX 32

static size_t skip_between(struct slice text, size_t at)
{
	size_t i = at;

	while (i < text.len && i - at < BETWEEN_MAX &&
	       (ascii_is_blank(text.ptr[i]) || (text.ptr[i] && strchr("\\\"'", text.ptr[i]))))
		i++;
	return i;
}

static void put_list(struct slice text, size_t at, struct view_text *out)
{
	while (put_byte(text, at, out)) {
		size_t next = skip_between(text, at + 2);

		if (next == at + 2)
			break;
		at = next;
	}
}

/* ---- dumps ---- */

/* Where in each line the bytes stand, from its beginning. */
struct columns {
	size_t beg, end;
};

/* No offset has fewer digits; no line begins farther away. */
#define OFFSET_MIN 6
#define LINE_MAX   160

static size_t line_beg(struct slice text, size_t at)
{
	size_t beg = at;

	while (beg > 0 && at - beg < LINE_MAX && text.ptr[beg - 1] != '\n')
		beg--;
	return beg;
}

/* How far from the line's beginning the text behind the bytes begins. xxd separates it with two
 * blanks, others with a frame around it. */
static size_t bytes_end(struct slice line, size_t beg, bool is_xxd)
{
	for (size_t i = beg; i + 1 < line.len; i++) {
		unsigned char next = line.ptr[i + 1];

		if (line.ptr[i] == ' ' && (next == '|' || next == '>' || (is_xxd && next == ' ')))
			return i;
	}
	return line.len;
}

/* False: it is no line of a dump. */
static bool find_columns(struct slice line, struct columns *out)
{
	size_t digits = 0;
	bool colon;

	while (digits < line.len && ascii_hex_value(line.ptr[digits]) >= 0)
		digits++;
	colon = digits < line.len && line.ptr[digits] == ':';
	out->beg = digits + colon;
	if (digits < OFFSET_MIN || out->beg >= line.len || line.ptr[out->beg] != ' ')
		return false;
	out->end = bytes_end(line, out->beg + 1, colon);
	return true;
}

/* The bytes from text[at] on, in this line of a dump. */
static void put_line(struct slice text, size_t at, size_t end, struct view_text *out)
{
	while (at < end) {
		if (text.ptr[at] == ' ')
			at++;
		else if (put_byte(slice_of(text.ptr, end), at, out))
			at += 2;
		else
			break;
	}
}

/* Lines of one dump have their bytes in the same columns, though the last has fewer. */
static void put_dump(struct slice text, size_t at, struct view_text *out)
{
	size_t beg = line_beg(text, at), end;
	struct columns here;

	while (beg < text.len) {
		end = form_line_end(text, beg);
		if (!find_columns(slice_cut(text, (struct span){beg, end}), &here))
			break;
		put_line(text, at > beg ? at : beg + here.beg, beg + here.end, out);
		beg = at = end + 1;
	}
}

bool form_bytes(const struct form_source *from, struct view_text *out)
{
	struct slice text = slice_of(from->text.ptr, form_around(from).end);
	size_t at = from->at, beg = line_beg(text, at);
	struct columns columns;

	if (find_columns(slice_cut(text, (struct span){beg, form_line_end(text, beg)}), &columns))
		put_dump(text, at, out);
	else
		put_list(text, at, out);
	return out->len > 0;
}
