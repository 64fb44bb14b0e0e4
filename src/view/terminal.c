#include "view/terminal.h"

#define ESCAPE 0x1b
#define BELL   0x07

bool terminal_has_codes(const struct view_text *t)
{
	return t->len && memchr(t->ptr, ESCAPE, t->len);
}

/* "ESC ]" up to a bell or "ESC \": what names a window, or links. It is as long
 * as its line at most, so that one without an end hides nothing. */
static size_t string_len(const unsigned char *p, size_t len)
{
	for (size_t i = 2; i < len && p[i] != '\n'; i++) {
		if (p[i] == BELL)
			return i + 1;
		if (p[i] == ESCAPE && i + 1 < len && p[i + 1] == '\\')
			return i + 2;
	}
	return 2;
}

/* Length of the code at the beginning of p; ESC alone counts as one. */
static size_t code_len(const unsigned char *p, size_t len)
{
	size_t i = 2;

	if (len < 2)
		return 1;
	if (p[1] == ']')
		return string_len(p, len);
	if (p[1] != '[')
		return p[1] >= 0x40 && p[1] < 0x60 ? 2 : 1;
	/* Parameters, intermediates, and one final byte. */
	while (i < len && p[i] >= 0x20 && p[i] < 0x40)
		i++;
	return i < len && p[i] >= 0x40 && p[i] < 0x7f ? i + 1 : i;
}

void terminal_strip(const struct view_text *t, bool blanks, struct view_text *out)
{
	size_t at = 0;

	view_text_reset(out);
	while (at < t->len) {
		const unsigned char *code = memchr(t->ptr + at, ESCAPE, t->len - at);
		size_t beg = code ? (size_t)(code - t->ptr) : t->len;
		struct span raw;

		view_text_append(out, t, (struct span){at, beg});
		if (!code)
			return;
		at = beg + code_len(code, t->len - beg);
		raw = view_text_raw(t, (struct span){beg, at});
		if (blanks)
			view_text_put(out, SLICE(" "), raw.beg, span_len(raw));
	}
}
