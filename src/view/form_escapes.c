/*
 * Escapes, undone once and all at once: %5F (RFC 3986, 2.1), \x5f \u005f \137 of C, Python,
 * JavaScript and JSON, \_ of Markdown and TeX, =5F of e-mail (RFC 2045, 6.7). Only what means ASCII
 * matters to a token; the rest stays as it is.
 */
#include "view/entities.h"
#include "view/form_decoders.h"

/* Reads an escape at the beginning of rest: how many bytes, 0 when there is none.
 * *meaning is a byte, or negative for nothing at all. */
typedef size_t (*read_escape)(struct slice rest, int *meaning);

/* `count` digits at rest[beg]. Their value when it is ASCII, else negative. */
static int number(struct slice rest, size_t beg, size_t count, unsigned base)
{
	unsigned value = 0;

	if (rest.len < beg + count)
		return -1;
	for (size_t i = beg; i < beg + count; i++) {
		int digit = ascii_hex_value(rest.ptr[i]);

		if (digit < 0 || digit >= (int)base)
			return -1;
		value = value * base + (unsigned)digit;
	}
	return value < 0x80 ? (int)value : -1;
}

static size_t read_percent(struct slice rest, int *meaning)
{
	*meaning = rest.ptr[0] == '%' ? number(rest, 1, 2, 16) : -1;
	return *meaning < 0 ? 0 : 3;
}

static size_t read_quoted_printable(struct slice rest, int *meaning)
{
	if (rest.ptr[0] != '=')
		return 0;
	*meaning = -1;
	if (slice_has_prefix(rest, SLICE("=\n")))
		return 2;
	if (slice_has_prefix(rest, SLICE("=\r\n")))
		return 3;
	*meaning = number(rest, 1, 2, 16);
	return *meaning < 0 ? 0 : 3;
}

/* "\u{5f}" of JavaScript and Rust. */
static size_t read_braced(struct slice rest, int *meaning)
{
	size_t end = 3;

	if (!slice_has_prefix(rest, SLICE("\\u{")))
		return 0;
	while (end < rest.len && ascii_hex_value(rest.ptr[end]) >= 0 && end < 9)
		end++;
	*meaning = number(rest, 3, end - 3, 16);
	return end == 3 || end == rest.len || rest.ptr[end] != '}' || *meaning < 0 ? 0 : end + 1;
}

static size_t read_backslash(struct slice rest, int *meaning)
{
	static const struct {
		char letter, means;
	} letters[] = {{'n', '\n'},  {'r', '\r'}, {'t', '\t'},  {'"', '"'},
		       {'\'', '\''}, {'/', '/'},  {'\\', '\\'}, {'_', '_'}};
	static const struct {
		const char *begins;
		size_t digits;
		unsigned base;
	} numbers[] = {{"\\x", 2, 16}, {"\\u", 4, 16}, {"\\U", 8, 16}, {"\\", 3, 8}};

	if (rest.ptr[0] != '\\' || rest.len < 2)
		return 0;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct slice begins = slice_str(numbers[i].begins);

		if (!slice_has_prefix(rest, begins))
			continue;
		*meaning = number(rest, begins.len, numbers[i].digits, numbers[i].base);
		if (*meaning >= 0)
			return begins.len + numbers[i].digits;
	}
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (rest.ptr[1] == (unsigned char)letters[i].letter) {
			*meaning = letters[i].means;
			return 2;
		}
	return read_braced(rest, meaning);
}

static bool undo(const struct form_source *from, read_escape read, struct view_text *out)
{
	struct span span = form_around(from);
	struct slice text = slice_of(from->text.ptr, span.end);
	size_t copied = span.beg, at = span.beg;
	bool any = false;

	while (at < span.end) {
		int meaning;
		size_t len = read(slice_cut(text, (struct span){at, span.end}), &meaning);

		if (!len) {
			at++;
			continue;
		}
		any = true;
		view_text_copy(out, slice_cut(text, (struct span){copied, at}), copied);
		if (meaning >= 0)
			view_text_put(out, slice_of(&(unsigned char){(unsigned char)meaning}, 1),
				      at, len);
		copied = at += len;
	}
	view_text_copy(out, slice_cut(text, (struct span){copied, span.end}), copied);
	return any;
}

bool form_percent(const struct form_source *from, struct view_text *out)
{
	return undo(from, read_percent, out);
}

bool form_escapes(const struct form_source *from, struct view_text *out)
{
	return undo(from, read_backslash, out);
}

bool form_quoted_printable(const struct form_source *from, struct view_text *out)
{
	return undo(from, read_quoted_printable, out);
}

bool form_entities(const struct form_source *from, struct view_text *out)
{
	struct span span = form_around(from);
	struct view_text stored = {0};
	bool any;

	view_text_copy(&stored, slice_cut(from->text, span), span.beg);
	any = entities_decode(&stored, out);
	view_text_dispose(&stored);
	return any;
}
