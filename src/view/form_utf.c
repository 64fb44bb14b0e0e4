/*
 * UTF-16 and UTF-32 (https://www.unicode.org/versions/Unicode15.0.0/ch03.pdf, 3.9),
 * with a mark at their beginning or without: the anchor tells width, and what
 * stands next to it the order of bytes.
 */
#include "view/form_decoders.h"

#define REPLACEMENT 0xfffd

struct order {
	size_t width;
	bool big;
};

static uint32_t unit_at(const struct order *order, const unsigned char *p)
{
	uint32_t value = 0;

	for (size_t i = 0; i < order->width; i++)
		value = value << 8 | p[order->big ? i : order->width - 1 - i];
	return value;
}

static size_t put_utf8(uint32_t code, unsigned char out[4])
{
	if (code < 0x80) {
		out[0] = (unsigned char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (unsigned char)(0xc0 | code >> 6);
		out[1] = (unsigned char)(0x80 | (code & 63));
		return 2;
	}
	if (code > 0xffff) /* of no interest: only what is ASCII can be a token */
		code = REPLACEMENT;
	out[0] = (unsigned char)(0xe0 | code >> 12);
	out[1] = (unsigned char)(0x80 | (code >> 6 & 63));
	out[2] = (unsigned char)(0x80 | (code & 63));
	return 3;
}

static void decode(const struct order *order, struct slice text, struct span span,
		   struct view_text *out)
{
	for (size_t at = span.beg; at + order->width <= span.end; at += order->width) {
		unsigned char utf8[4];
		size_t len = put_utf8(unit_at(order, text.ptr + at), utf8);

		view_text_put(out, slice_of(utf8, len), at, order->width);
	}
}

/* Whether the other bytes of the character that has text[at] are zero. */
static bool fits(const struct form_source *from, const struct order *order, size_t at)
{
	size_t beg = order->big ? order->width - 1 : 0;

	if (at < beg || from->text.len - (at - beg) < order->width)
		return false;
	for (size_t i = 0; i < order->width; i++)
		if (i != beg && from->text.ptr[at - beg + i])
			return false;
	return true;
}

/* In plain ASCII both orders read alike, but for where a character begins: that is
 * even in what is text from its beginning on. */
static bool is_likelier(const struct form_source *from, const struct order *order)
{
	struct order other = {order->width, !order->big};
	bool even = !from->odd;

	return !fits(from, &other, from->at) || even == !order->big;
}

static bool decode_in(struct order order, const struct form_source *from, struct view_text *out)
{
	struct span span = form_around(from);
	size_t first = order.big ? from->at - (order.width - 1) : from->at;

	if (!fits(from, &order, from->at) || !is_likelier(from, &order))
		return false;
	span.beg += (first - span.beg) % order.width;
	decode(&order, from->text, span, out);
	return true;
}

bool form_utf16le(const struct form_source *from, struct view_text *out)
{
	return decode_in((struct order){2, false}, from, out);
}

bool form_utf16be(const struct form_source *from, struct view_text *out)
{
	return decode_in((struct order){2, true}, from, out);
}

bool form_utf32le(const struct form_source *from, struct view_text *out)
{
	return decode_in((struct order){4, false}, from, out);
}

bool form_utf32be(const struct form_source *from, struct view_text *out)
{
	return decode_in((struct order){4, true}, from, out);
}

/* Characters behind the mark of which one is ASCII, or the mark is none. */
#define CHARACTERS_ASKED 8

static bool has_ascii(const struct order *order, struct slice text)
{
	for (size_t i = 1; i <= CHARACTERS_ASKED && (i + 1) * order->width <= text.len; i++) {
		uint32_t code = unit_at(order, text.ptr + i * order->width);

		if (code && code < 0x80)
			return true;
	}
	return false;
}

enum decoding form_of_mark(struct slice beginning)
{
	/* That of UTF-32 begins like that of UTF-16. */
	static const struct {
		struct slice mark;
		struct order order;
		enum decoding form;
	} marks[] = {
		{{(const unsigned char *)"\xff\xfe\0\0", 4}, {4, false}, DECODED_UTF32LE},
		{{(const unsigned char *)"\0\0\xfe\xff", 4}, {4, true}, DECODED_UTF32BE},
		{{(const unsigned char *)"\xff\xfe", 2}, {2, false}, DECODED_UTF16LE},
		{{(const unsigned char *)"\xfe\xff", 2}, {2, true}, DECODED_UTF16BE},
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (slice_has_prefix(beginning, marks[i].mark) &&
		    has_ascii(&marks[i].order, beginning))
			return marks[i].form;
	return DECODED_COUNT;
}
