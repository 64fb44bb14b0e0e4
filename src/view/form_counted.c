/*
 * A token that runs into its neighbour: a string behind its length, as programs store
 * values one after the other.
 */
#include "view/form_decoders.h"

/* Python's pickle (Lib/pickletools.py) and marshal, which .pyc files are (Python/marshal.c),
 * MessagePack (spec.md), CBOR (RFC 8949): what stands before a string, and how many bytes say how
 * long it is. */
static const struct {
	unsigned char opcode;
	unsigned char width;
	bool big;
} counts[] = {
	{'X', 4, false},  /* pickle BINUNICODE */
	{0x8c, 1, false}, /* pickle SHORT_BINUNICODE */
	{0x8d, 8, false}, /* pickle BINUNICODE8 */
	{'U', 1, false},  /* pickle SHORT_BINSTRING */
	{'T', 4, false},  /* pickle BINSTRING */
	{'C', 1, false},  /* pickle SHORT_BINBYTES */
	{'B', 4, false},  /* pickle BINBYTES */
	{0x8e, 8, false}, /* pickle BINBYTES8 */
	{0x96, 8, false}, /* pickle BYTEARRAY8 */
	{'z', 1, false},  /* marshal TYPE_SHORT_ASCII, and the same that is referred to */
	{0xfa, 1, false}, {'Z', 1, false}, /* marshal TYPE_SHORT_ASCII_INTERNED */
	{0xda, 1, false}, {'a', 4, false}, /* marshal TYPE_ASCII */
	{0xe1, 4, false}, {'u', 4, false}, /* marshal TYPE_UNICODE */
	{0xf5, 4, false}, {'s', 4, false}, /* marshal TYPE_STRING */
	{0xf3, 4, false}, {0xd9, 1, true}, /* MessagePack str 8 */
	{0xda, 2, true},                   /* MessagePack str 16 */
	{0x78, 1, true},                   /* CBOR text, length in one byte */
	{0x79, 2, true},                   /* CBOR text, in two */
};

static uint64_t count_at(const unsigned char *p, size_t width, bool big)
{
	uint64_t value = 0;

	for (size_t i = 0; i < width; i++)
		value = value << 8 | p[big ? i : width - 1 - i];
	return value;
}

/* Whether a token, which begins at text[at], is what a string ends with that begins at
 * text[beg] and is so long; or may be what it begins with. Where it is neither, a boundary stands
 * on both sides, and nobody asks. */
static bool fits(struct slice text, size_t beg, size_t at, uint64_t len)
{
	return len <= text.len - beg && len >= at - beg + FORM_TOKEN_MIN &&
	       (at == beg || form_is_exact_len((size_t)len - (at - beg)));
}

/* How long the string is that begins at text[beg] and fits, if its length stands before it. 0: it
 * does not. */
static size_t counted_len(struct slice text, size_t beg, size_t at)
{
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		size_t width = counts[i].width;
		uint64_t len;

		if (beg < width + 1 || text.ptr[beg - width - 1] != counts[i].opcode)
			continue;
		len = count_at(text.ptr + beg - width, width, counts[i].big);
		if (fits(text, beg, at, len))
			return (size_t)len;
	}
	return 0;
}

/* Protocol buffers, BSON, Java and more have lengths, too, whatever stands before those: a string
 * that is a token and nothing else. */
static size_t exact_len(struct slice text, size_t beg)
{
	size_t len = beg ? text.ptr[beg - 1] : 0;

	return form_is_exact_len(len) && fits(text, beg, beg, len) ? len : 0;
}

/* Of the string that begins at text[beg] as a line of a pickle's protocol 0, and ends with the
 * line, at text[end]. Behind it stands where it is memorized: "p12". */
static size_t line_len(struct slice text, size_t beg, size_t end)
{
	size_t len = end - beg;

	if (beg < 2 || text.ptr[beg - 1] != 'V')
		return 0;
	if (text.ptr[beg - 2] == '\n')
		return len;
	return text.len - end > 2 && text.ptr[end + 1] == 'p' && ascii_is_alnum(text.ptr[end + 2])
		       ? len
		       : 0;
}

/* How far before the anchor a string of less than 256 bytes may begin. */
#define SHORT_BEFORE (255 - FORM_TOKEN_MIN)

/* Where the string begins that has the anchor; *len is 0 when none does. What says how long a
 * longer one is ends with a byte that is 0. */
static size_t find_string(struct slice text, struct span span, size_t at, size_t *len)
{
	const unsigned char *zero = memrchr(text.ptr + span.beg, 0, at - span.beg);
	size_t end = form_line_end(text, at);
	bool is_in_line = end < text.len;

	if ((*len = exact_len(text, at)) != 0)
		return at;
	for (size_t back = 0; back <= SHORT_BEFORE && back <= at - span.beg; back++) {
		/* A line that ended before the anchor does not have it. */
		is_in_line = is_in_line && text.ptr[at - back] != '\n';
		*len = counted_len(text, at - back, at);
		if (!*len && is_in_line)
			*len = line_len(text, at - back, end);
		if (*len)
			return at - back;
	}
	if (!zero)
		return at;
	*len = counted_len(text, (size_t)(zero - text.ptr) + 1, at);
	return (size_t)(zero - text.ptr) + 1;
}

bool form_counted(const struct form_source *from, struct view_text *out)
{
	struct span span = form_around(from);
	struct slice text = slice_of(from->text.ptr, span.end);
	size_t len, beg = find_string(text, span, from->at, &len);

	if (len)
		view_text_copy(out, slice_cut(text, (struct span){beg, beg + len}), beg);
	return len > 0;
}
