/* One decoder, and two ways to write what it finds. */
#include "base/quote.h"

#include <stdint.h>

#define INVALID UINT32_MAX

/* The character at the beginning of text and its length; INVALID and 1 where
 * no valid one begins. RFC 3629, table 3-7 of the Unicode standard. */
static uint32_t decode(struct slice text, size_t *len)
{
	static const struct {
		unsigned char first, last; /* of the lead byte */
		unsigned char low, high;   /* of the byte after it */
		unsigned char more;        /* how many follow */
	} forms[] = {
		{0x00, 0x7f, 0x00, 0xff, 0}, {0xc2, 0xdf, 0x80, 0xbf, 1},
		{0xe0, 0xe0, 0xa0, 0xbf, 2}, {0xe1, 0xec, 0x80, 0xbf, 2},
		{0xed, 0xed, 0x80, 0x9f, 2}, {0xee, 0xef, 0x80, 0xbf, 2},
		{0xf0, 0xf0, 0x90, 0xbf, 3}, {0xf1, 0xf3, 0x80, 0xbf, 3},
		{0xf4, 0xf4, 0x80, 0x8f, 3},
	};
	unsigned char lead = text.ptr[0];
	uint32_t c;
	size_t i = 0;

	*len = 1;
	while (i < sizeof(forms) / sizeof(*forms) &&
	       (lead < forms[i].first || lead > forms[i].last))
		i++;
	if (i == sizeof(forms) / sizeof(*forms) || text.len <= forms[i].more)
		return INVALID;
	if (forms[i].more == 0)
		return lead;
	if (text.ptr[1] < forms[i].low || text.ptr[1] > forms[i].high)
		return INVALID;
	c = lead & (0x3fu >> forms[i].more);
	for (size_t k = 1; k <= forms[i].more; k++) {
		if ((text.ptr[k] & 0xc0) != 0x80)
			return INVALID;
		c = c << 6 | (text.ptr[k] & 0x3f);
	}
	*len = forms[i].more + 1u;
	return c;
}

/* Characters that show nothing, or move what others show. */
static bool is_invisible(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{0x00ad, 0x00ad}, {0x034f, 0x034f}, {0x061c, 0x061c},   {0x115f, 0x1160},
		{0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200f},   {0x2028, 0x202e},
		{0x2060, 0x206f}, {0x3164, 0x3164}, {0xfe00, 0xfe0e},   {0xfeff, 0xfeff},
		{0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0xe0000, 0xe0fff},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

static void append_quoted(struct buf *out, uint32_t c, struct slice bytes)
{
	if (c == '\t')
		buf_append_byte(out, ' ');
	else if (c == INVALID || c < 0x20 || (c >= 0x7f && c < 0xa0))
		for (size_t i = 0; i < bytes.len; i++)
			buf_appendf(out, "\\x%02X", bytes.ptr[i]);
	else if (is_invisible(c))
		buf_appendf(out, "\\u{%04X}", (unsigned)c);
	else
		buf_append_slice(out, bytes);
}

/* In a line of its log, wherever it stands, GitHub's runner takes this for the
 * beginning of a command (actions/runner, ActionCommand.cs). */
static bool begins_command(struct slice text)
{
	return slice_has_prefix(text, SLICE("##["));
}

void quote_terminal(struct buf *out, struct slice text)
{
	while (text.len > 0) {
		size_t len;
		uint32_t c = decode(text, &len);

		if (begins_command(text))
			buf_append_str(out, "\\x23");
		else
			append_quoted(out, c, slice_cut(text, (struct span){0, len}));
		text = slice_cut(text, (struct span){len, text.len});
	}
}

static void append_escaped(struct buf *out, uint32_t c)
{
	if (c > 0xffff) { /* a surrogate pair, RFC 8259 section 7 */
		c -= 0x10000;
		buf_appendf(out, "\\u%04x", (unsigned)(0xd800 + (c >> 10)));
		c = 0xdc00 + (c & 0x3ff);
	}
	buf_appendf(out, "\\u%04x", (unsigned)c);
}

void quote_json(struct buf *out, struct slice json)
{
	while (json.len > 0) {
		size_t len;
		uint32_t c = decode(json, &len);

		if (begins_command(json) ||
		    (c != INVALID && ((c >= 0x7f && c < 0xa0) || is_invisible(c))))
			append_escaped(out, c);
		else
			buf_append(out, json.ptr, len);
		json = slice_cut(json, (struct span){len, json.len});
	}
}

bool quote_is_utf8(struct slice text)
{
	while (text.len > 0) {
		size_t len;

		if (decode(text, &len) == INVALID)
			return false;
		text = slice_cut(text, (struct span){len, text.len});
	}
	return true;
}

void quote_utf8(struct buf *out, struct slice text)
{
	while (text.len > 0) {
		size_t len;

		if (decode(text, &len) == INVALID)
			buf_append_str(out, "\xEF\xBF\xBD");
		else
			buf_append(out, text.ptr, len);
		text = slice_cut(text, (struct span){len, text.len});
	}
}

size_t quote_utf16_len(struct slice text)
{
	size_t units = 0;

	while (text.len > 0) {
		size_t len;
		uint32_t c = decode(text, &len);

		units += c != INVALID && c > 0xffff ? 2 : 1;
		text = slice_cut(text, (struct span){len, text.len});
	}
	return units;
}
