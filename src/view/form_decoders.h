/* The decoders of view/forms.h, each as form_decode() has it. Nobody else includes
 * this. */
#ifndef VIEW_FORM_DECODERS_H
#define VIEW_FORM_DECODERS_H

#include "base/ascii.h"
#include "view/forms.h"

typedef bool (*form_decoder)(const struct form_source *from, struct view_text *out);

/* form_utf.c */
bool form_utf16le(const struct form_source *from, struct view_text *out);
bool form_utf16be(const struct form_source *from, struct view_text *out);
bool form_utf32le(const struct form_source *from, struct view_text *out);
bool form_utf32be(const struct form_source *from, struct view_text *out);
/* form_digits.c */
bool form_base64(const struct form_source *from, struct view_text *out);
bool form_hex(const struct form_source *from, struct view_text *out);
/* form_bytes.c: of what form_hex() is not for */
bool form_bytes(const struct form_source *from, struct view_text *out);
/* form_escapes.c */
bool form_percent(const struct form_source *from, struct view_text *out);
bool form_escapes(const struct form_source *from, struct view_text *out);
bool form_entities(const struct form_source *from, struct view_text *out);
bool form_quoted_printable(const struct form_source *from, struct view_text *out);
/* form_pieces.c */
bool form_joined(const struct form_source *from, struct view_text *out);
bool form_unwrapped(const struct form_source *from, struct view_text *out);
/* form_counted.c */
bool form_counted(const struct form_source *from, struct view_text *out);

/* What tokens are made of, but for the dots and dashes of a few. */
static inline bool form_is_of_token(unsigned char c)
{
	return ascii_is_alnum(c) || c == '_';
}

/* Where the line ends that has text[at]; text.len: with the text. */
static inline size_t form_line_end(struct slice text, size_t at)
{
	const unsigned char *end = memchr(text.ptr + at, '\n', text.len - at);

	return end ? (size_t)(end - text.ptr) : text.len;
}

/* forms.c: whether some kind of token is so long, and has so many underlines. Of those with dots
 * nobody knows. */
bool form_is_exact(size_t len, size_t lines);
/* Whatever underlines it has. */
bool form_is_exact_len(size_t len);
/* Those of the longest, and how long the shortest is. */
#define FORM_TOKEN_MIN 37
#define FORM_TOKEN_MAX 52
#define FORM_LINES_MAX 4

/* The part of from->text that is looked at. */
static inline struct span form_around(const struct form_source *from)
{
	size_t beg = from->at > FORM_BEFORE ? from->at - FORM_BEFORE : 0;
	size_t left = from->text.len - from->at;

	return (struct span){beg, from->at + (left < FORM_BEHIND ? left : FORM_BEHIND)};
}

#endif
