#include "match/coded.h"

#include "base/ascii.h"

#include <string.h>

/* What credentials begin with, as far as it takes to tell them from other words. */
static const char *const families[] = {"hf_", "api_", "oaut"};

struct list {
	struct coded_anchor *out;
	size_t count;
};

static void add(struct list *list, const void *bytes, size_t len, enum decoding form,
		unsigned phase)
{
	struct coded_anchor *anchor = &list->out[list->count];

	if (list->count == CODED_MAX || len > CODED_LEN)
		return;
	*anchor = (struct coded_anchor){.len = (unsigned char)len, .form = form, .phase = phase};
	memcpy(anchor->bytes, bytes, len);
	list->count++;
}

/* ---- wide characters ---- */

/* The family in characters of `width` bytes, from its first byte to its last: that
 * is the same in either order of bytes. */
static size_t widen(const char *family, size_t width, unsigned char *out)
{
	size_t len = strlen(family);

	memset(out, 0, len * width);
	for (size_t i = 0; i < len; i++)
		out[i * width] = (unsigned char)family[i];
	return (len - 1) * width + 1;
}

/* ---- base64 (RFC 4648) ---- */

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Digit number `at` of bytes: six bits. */
static char digit64(const unsigned char *bytes, size_t len, size_t at)
{
	unsigned value = 0;

	for (size_t bit = at * 6; bit < at * 6 + 6; bit++)
		value = value << 1 | (bit / 8 < len ? bytes[bit / 8] >> (7 - bit % 8) & 1 : 0);
	return digits64[value];
}

/* The digits that depend on bytes[shift..len) alone. */
static size_t stable64(const unsigned char *bytes, size_t len, size_t shift, char *out)
{
	size_t count = 0;

	for (size_t at = (shift * 8 + 5) / 6; (at + 1) * 6 <= len * 8; at++)
		out[count++] = digit64(bytes, len, at);
	return count;
}

/* Digits that random text has once in 16 million places; three of them would be
 * found in every picture. */
#define DIGITS_MIN 4
#define DIGITS_MAX 8

static void add_digits(struct list *list, const unsigned char *bytes, size_t len, size_t shift)
{
	char found[3 * CODED_LEN];
	size_t count = stable64(bytes, len, shift, found);

	for (size_t i = 0; i < list->count; i++)
		if (count >= DIGITS_MIN && memcmp(list->out[i].bytes, found, DIGITS_MIN) == 0)
			return;
	add(list, found, count < DIGITS_MAX ? count : DIGITS_MAX, DECODED_BASE64,
	    (unsigned)((shift * 8 + 5) / 6 % 4));
}

/* A family that is too short for four digits takes a bit of the byte that follows,
 * a letter or digit. */
static void add_shifted(struct list *list, const unsigned char *bytes, size_t len, size_t shift)
{
	static const unsigned char next[] = {'0', 'A', 'P', 'a', 'p'};
	unsigned char all[CODED_LEN + 4] = {0};
	char found[3 * CODED_LEN];
	size_t end = shift + len;

	memcpy(all + shift, bytes, len);
	if (stable64(all, end, shift, found) >= DIGITS_MIN) {
		add_digits(list, all, end, shift);
		return;
	}
	for (size_t i = 0; i < sizeof(next); i++) {
		size_t count;

		all[end] = next[i];
		count = stable64(all, end, shift, found);
		found[count] = digit64(all, end + 1, (end * 8) / 6);
		for (size_t j = 0; j < list->count; j++)
			if (memcmp(list->out[j].bytes, found, count + 1) == 0)
				count = 0;
		if (count)
			add(list, found, count + 1, DECODED_BASE64,
			    (unsigned)((shift * 8 + 5) / 6 % 4));
	}
}

/* In base64 it may stand at three places of a group. */
static void add_base64(struct list *list, const unsigned char *bytes, size_t len)
{
	for (size_t shift = 0; shift < 3; shift++)
		add_shifted(list, bytes, len, shift);
}

/* ---- digits and escapes ---- */

/* Of "hf_", whole or the underline alone, which some programs escape; of its
 * letters as far as it takes not to be found in every table of numbers. */
static const struct {
	const char *text;
	enum decoding form;
} escaped[] = {
	{"68665", DECODED_HEX},
	{"%68%66%", DECODED_PERCENT},
	{"hf%5", DECODED_PERCENT},
	{"\\x68\\x66", DECODED_ESCAPES},
	{"\\x68\\\\x66", DECODED_ESCAPES},
	{"\\150\\146", DECODED_ESCAPES},
	{"hf\\x5", DECODED_ESCAPES},
	{"hf\\137", DECODED_ESCAPES},
	{"hf=5F", DECODED_QUOTED_PRINTABLE},
};

static void add_escaped(struct list *list)
{
	for (size_t i = 0; i < sizeof(escaped) / sizeof(escaped[0]); i++)
		add(list, escaped[i].text, strlen(escaped[i].text), escaped[i].form, 0);
}

/* The kind that nearly all have is looked for in every form. */
static void add_rarer(struct list *list, const char *family)
{
	unsigned char wide[4 * CODED_LEN];

	add_base64(list, (const unsigned char *)family, strlen(family));
	add(list, wide, widen(family, 4, wide), DECODED_UTF32LE, 0);
	add_escaped(list);
}

size_t coded_anchors(struct slice anchor, struct coded_anchor out[CODED_MAX])
{
	struct list list = {.out = out};

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		struct slice family = slice_str(families[i]);
		unsigned char wide[CODED_LEN];

		if (!slice_eq(anchor, family) && !(i && slice_has_prefix(anchor, family)))
			continue;
		add(&list, wide, widen(families[i], 2, wide), DECODED_UTF16LE, 0);
		if (i == 0)
			add_rarer(&list, families[i]);
	}
	return list.count;
}

/* ---- behind a plain anchor ---- */

/* The longest body of a token without dots. */
#define BODY_LEN 34
/* A string that was cut in two by a line's end has at least so much of it. */
#define WRAPPED_MIN 4

static size_t body_len(struct slice rest)
{
	size_t len = 0;

	while (len < rest.len && len <= BODY_LEN && ascii_is_alnum(rest.ptr[len]))
		len++;
	return len;
}

/* "=3D" before it is '='; the right '=5F' is an anchor of its own. */
static bool is_behind_quoted(struct slice text, size_t pos)
{
	return pos >= 3 && text.ptr[pos - 3] == '=' && ascii_is_alnum(text.ptr[pos - 2]) &&
	       ascii_is_alnum(text.ptr[pos - 1]);
}

/* The line of a string in a pickle of protocol 0 begins with 'V'. */
static bool is_in_old_pickle(struct slice text, size_t pos)
{
	return pos >= 2 && text.ptr[pos - 1] == 'V' && text.ptr[pos - 2] == '\n';
}

unsigned coded_forms_at(struct slice text, size_t pos, size_t anchor_len)
{
	struct slice rest = slice_cut(text, (struct span){pos + anchor_len, text.len});
	unsigned forms = is_behind_quoted(text, pos) ? 1u << DECODED_QUOTED_PRINTABLE : 0;
	size_t len = body_len(rest);

	if (len > BODY_LEN || is_in_old_pickle(text, pos))
		return forms | 1u << DECODED_COUNTED;
	if (len == BODY_LEN || len == rest.len)
		return forms;
	switch (rest.ptr[len]) {
	case '"':
	case '\'':
	case '`':
	case '\\':
		return forms | 1u << DECODED_JOINED;
	case '=':
		return forms | 1u << DECODED_QUOTED_PRINTABLE;
	case '\r':
	case '\n':
		return len < WRAPPED_MIN ? forms : forms | 1u << DECODED_UNWRAPPED;
	default:
		return forms;
	}
}
