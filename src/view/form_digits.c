/*
 * Bytes written as digits: base64 in either alphabet (RFC 4648, sections 4 and 5) and
 * hexadecimal numbers, in lines as programs break them or in one.
 */
#include "base/ascii.h"
#include "view/form_decoders.h"

/* Who breaks digits into lines makes them of 60 (xxd), 64 (PEM), 76 (MIME) or, by hand, of 32:
 * where a shorter one ends, the number does. */
#define LINE_MIN 30

#define NONE SIZE_MAX

typedef int (*digit_value)(unsigned char c);

static int value64(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* ---- digits in lines ---- */

/* A walk over digits, from one to the next or back. */
struct walk {
	struct slice text;
	struct span span; /* not beyond */
	digit_value value;
};

/* Whether LINE_MIN digits stand right before text[end]. */
static bool is_long_before(const struct walk *w, size_t end)
{
	if (end < w->span.beg + LINE_MIN)
		return false;
	for (size_t i = end - LINE_MIN; i < end; i++)
		if (w->value(w->text.ptr[i]) < 0)
			return false;
	return true;
}

/* What else may stand where a line of digits ends: quotes, where each is a literal or in a list,
 * escapes ("\n") where all is in a string; what the next begins with in mail and comments. */
static bool is_between_lines(unsigned char c)
{
	return ascii_is_blank(c) || (c && strchr("\"'`,\\>#*", c));
}

#define BETWEEN_MAX 64

static bool is_escaped_end(struct slice text, size_t at)
{
	return text.ptr[at] == '\\' && at + 1 < text.len &&
	       (text.ptr[at + 1] == 'n' || text.ptr[at + 1] == 'r');
}

/* Behind the end of a line and what stands there besides digits; at where no line ends there. */
static size_t skip_line_end(const struct walk *w, size_t at)
{
	struct slice text = slice_of(w->text.ptr, w->span.end);
	size_t i = at;
	bool ends = false;

	while (i < text.len && i - at < BETWEEN_MAX && is_between_lines(text.ptr[i])) {
		bool escaped = is_escaped_end(text, i);

		ends = ends || escaped || text.ptr[i] == '\n';
		i += escaped ? 2 : 1;
	}
	return ends && is_long_before(w, at) ? i : at;
}

/* Where the line before ended whose end's last byte is text[at - 1]; at where none does. */
static size_t skip_line_end_back(const struct walk *w, size_t at)
{
	size_t i = at;

	while (i > w->span.beg && at - i < BETWEEN_MAX) {
		if (is_between_lines(w->text.ptr[i - 1]))
			i--;
		else if (i - 1 > w->span.beg && is_escaped_end(slice_of(w->text.ptr, i), i - 2))
			i -= 2;
		else
			break;
	}
	return i < at && skip_line_end(w, i) == at ? i : at;
}

/* The first digit at `at` or behind it. */
static size_t next_digit(const struct walk *w, size_t at)
{
	if (at < w->span.end && w->value(w->text.ptr[at]) < 0)
		at = skip_line_end(w, at);
	return at < w->span.end && w->value(w->text.ptr[at]) >= 0 ? at : NONE;
}

/* The last digit before `at`. */
static size_t previous_digit(const struct walk *w, size_t at)
{
	size_t end = skip_line_end_back(w, at);

	if (end > w->span.beg && w->value(w->text.ptr[end - 1]) >= 0)
		return end - 1;
	return NONE;
}

/* Goes back from the first digit of a group by whole groups. */
static size_t go_back(const struct walk *w, size_t at, size_t group)
{
	size_t start = at;

	for (size_t i = 1; at > w->span.beg; i++) {
		at = previous_digit(w, at);
		if (at == NONE)
			break;
		if (i % group == 0)
			start = at;
	}
	return start;
}

/* ---- base64 ---- */

#define GROUP 4

/* Digits of one group and where they stand: gives one byte fewer. */
static void put_group(const struct walk *w, const size_t *places, size_t count,
		      struct view_text *out)
{
	unsigned bits = 0;

	for (size_t i = 0; i < count; i++) {
		bits = bits << 6 | (unsigned)w->value(w->text.ptr[places[i]]);
		if (i) {
			unsigned char byte = (unsigned char)(bits >> (4 - 2 * (i - 1)));

			view_text_put(out, slice_of(&byte, 1), places[i - 1],
				      places[i] + 1 - places[i - 1]);
		}
	}
}

/* Groups from `at` on, at most so many. */
static void put_groups(const struct walk *w, size_t at, size_t most, struct view_text *out)
{
	size_t places[GROUP], count = 0;

	while (most && (at = next_digit(w, at)) != NONE) {
		places[count++] = at++;
		if (count < GROUP)
			continue;
		put_group(w, places, count, out);
		count = 0;
		most--;
	}
	put_group(w, places, count, out);
}

/* Characters of a token that are enough for not being met in a picture, and the groups
 * that have them, be they UTF-16. */
#define TASTE        10
#define TASTE_GROUPS 8

/* Whether what begins with the anchor goes on as tokens do: a picture has an anchor every
 * few megabytes. */
static bool tastes_of_token(const struct walk *w, size_t at, size_t first, struct view_text *out)
{
	size_t taste = 0;

	put_groups(w, at, TASTE_GROUPS, out);
	for (size_t i = first; i < out->len && taste < TASTE; i++) {
		if (form_is_of_token(out->ptr[i]))
			taste++;
		else if (out->ptr[i])
			return false;
	}
	view_text_reset(out);
	return taste == TASTE;
}

bool form_base64(const struct form_source *from, struct view_text *out)
{
	struct walk w = {from->text, form_around(from), value64};
	size_t group = from->at;

	for (unsigned i = 0; i < from->phase && group != NONE; i++)
		group = previous_digit(&w, group);
	/* Of a group that is cut off before its anchor the rest is no use. */
	if (group == NONE || !tastes_of_token(&w, group, from->phase ? from->phase - 1 : 0, out))
		return false;
	put_groups(&w, go_back(&w, group, GROUP), SIZE_MAX, out);
	return out->len > 0;
}

/* ---- hexadecimal ---- */

/* Whether the digits of several bytes stand side by side, as "6866" of xxd does not. */
#define SIDE_BY_SIDE 5

bool form_hex(const struct form_source *from, struct view_text *out)
{
	struct walk w = {from->text, form_around(from), ascii_hex_value};
	size_t at = from->at, high = NONE;

	for (size_t i = at; i < at + SIDE_BY_SIDE; i++)
		if (i >= w.span.end || ascii_hex_value(w.text.ptr[i]) < 0)
			return form_bytes(from, out);
	at = go_back(&w, at, 2);

	while ((at = next_digit(&w, at)) != NONE) {
		unsigned char byte;

		if (high == NONE) {
			high = at++;
			continue;
		}
		byte = (unsigned char)(ascii_hex_value(w.text.ptr[high]) << 4 |
				       ascii_hex_value(w.text.ptr[at]));
		view_text_put(out, slice_of(&byte, 1), high, at + 1 - high);
		at++;
		high = NONE;
	}
	return out->len > 0;
}
