/*
 * What stands around an anchor that is stored in another form, as it is meant:
 * base64, UTF-16, escapes, a literal that a program puts together, ... Each form
 * is undone once, and comes out no longer than half as long again; who asks
 * again of what came out goes deeper.
 *
 * Serves one thread.
 */
#ifndef VIEW_FORMS_H
#define VIEW_FORMS_H

#include "hfscan.h"
#include "view/text.h"

/* Bytes before and behind an anchor that are looked at. */
#define FORM_BEFORE ((size_t)1 << 10)
#define FORM_BEHIND ((size_t)8 << 10)
/* At most so many of them stay around a word that is in pieces. */
#define FORM_NEIGHBOURS ((size_t)256)

struct form_source {
	struct slice text;
	size_t at;      /* where the anchor stands in it, in its form */
	unsigned phase; /* of base64: its first digit's place in a group of four */
	bool odd;       /* text[at] stands at an odd offset of its document */
};

/* Writes to out what is meant. False when it is not stored so; then out may hold
 * anything. The map of out leads to places in from->text. */
bool form_decode(enum decoding form, const struct form_source *from, struct view_text *out);

/* The wide characters in which a document is that begins so, by its byte order mark;
 * DECODED_COUNT: in none. */
enum decoding form_of_mark(struct slice beginning);

#endif
