#include "view/form_decoders.h"

static const form_decoder decoders[DECODED_COUNT] = {
	[DECODED_UTF16LE] = form_utf16le,   [DECODED_UTF16BE] = form_utf16be,
	[DECODED_UTF32LE] = form_utf32le,   [DECODED_UTF32BE] = form_utf32be,
	[DECODED_BASE64] = form_base64,     [DECODED_HEX] = form_hex,
	[DECODED_PERCENT] = form_percent,   [DECODED_ESCAPES] = form_escapes,
	[DECODED_ENTITIES] = form_entities, [DECODED_QUOTED_PRINTABLE] = form_quoted_printable,
	[DECODED_JOINED] = form_joined,     [DECODED_UNWRAPPED] = form_unwrapped,
	[DECODED_COUNTED] = form_counted,
};

bool form_decode(enum decoding form, const struct form_source *from, struct view_text *out)
{
	view_text_reset(out);
	return decoders[form] && decoders[form](from, out);
}

static const struct {
	size_t len, lines;
} kinds[] = {
	{FORM_TOKEN_MIN, 1},              /* hf_ */
	{38, 1},                          /* api_ */
	{39, 2},                          /* hf_app_ */
	{42, 2},                          /* api_org_ */
	{51, 3},                          /* oauth_app_secret_ */
	{FORM_TOKEN_MAX, FORM_LINES_MAX}, /* hf_oauth__refresh_ */
};

bool form_is_exact(size_t len, size_t lines)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (len == kinds[i].len && lines == kinds[i].lines)
			return true;
	return false;
}

bool form_is_exact_len(size_t len)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (len == kinds[i].len)
			return true;
	return false;
}
