/*
 * A text that stands in a document in another form: its bytes as they are
 * meant, and a map back to the bytes that are stored.
 *
 * Serves one thread.
 */
#ifndef VIEW_TEXT_H
#define VIEW_TEXT_H

#include "base/slice.h"

#include <stdbool.h>

/* A stretch of the text that comes from one stretch of the document: byte by
 * byte where both are as long, else as a whole ("\u00e1" is two bytes). */
struct view_piece {
	size_t text, text_len;
	size_t raw, raw_len;
};

struct view_text {
	unsigned char *ptr;
	size_t len, cap;
	struct view_piece *pieces; /* ascending by text, and by raw */
	size_t piece_count, piece_cap;
};

/* An empty text: all zero. Dispose wipes: it may hold a token. */
void view_text_dispose(struct view_text *text);
/* Empties it, and keeps its memory for the next. */
void view_text_reset(struct view_text *text);

/* Appends bytes that are stored as they are meant, at raw. */
void view_text_copy(struct view_text *text, struct slice bytes, size_t raw);
/* Appends what the raw_len bytes at raw stand for: at most a few bytes. */
void view_text_put(struct view_text *text, struct slice bytes, size_t raw, size_t raw_len);

struct slice view_text_slice(const struct view_text *text);

/* The bytes of the document from which text[span] comes; where it comes from
 * several places, all from the first to the last. An empty span has none. */
struct span view_text_raw(const struct view_text *text, struct span span);
/* Where in the text what is stored at raw comes to stand, or what is stored
 * behind it where the text has none of it; text->len at most. */
size_t view_text_find(const struct view_text *text, size_t raw);

/* Drops what stands before text[beg]: it becomes text[0]. */
void view_text_forget(struct view_text *text, size_t beg);

/* Appends text[span] of another text of the same document. */
void view_text_append(struct view_text *text, const struct view_text *from, struct span span);

#endif
