/*
 * Anchors in the forms in which they may be stored: what the prefilter has to
 * look for besides them. Those of Hugging Face's own kinds of credentials only,
 * since every anchor costs something at every byte.
 *
 * Frozen; any thread.
 */
#ifndef MATCH_CODED_H
#define MATCH_CODED_H

#include "hfscan.h"

#define CODED_LEN 16
/* Most forms that one family has. */
#define CODED_MAX 40

struct coded_anchor {
	unsigned char bytes[CODED_LEN];
	unsigned char len;
	enum decoding form; /* UTF16LE and UTF32LE stand for either order */
	unsigned phase;     /* of base64: its first digit's place in a group of four */
	const char *rest;   /* of base64: the next digits; NULL: none */
	const char *behind; /* one of these stands right behind it, in base64 in the next line
			     * if it ends there; NULL: whatever does */
};

/* Writes the forms of an anchor, and tells how many; none when no credential of
 * Hugging Face begins with it. */
size_t coded_anchors(struct slice anchor, struct coded_anchor out[CODED_MAX]);

/* Whether what stands behind the anchor, which was found at text[pos], is worth decoding:
 * "hf\n" ends a line of base64 in every other notebook. */
bool coded_goes_on(const struct coded_anchor *anchor, struct slice text, size_t pos);

/*
 * The forms (bits of enum decoding) in which what begins at text[pos] with a
 * plain anchor of that length may go on: in the next literal, the next line, ...
 * 0 for nearly all.
 */
unsigned coded_forms_at(struct slice text, size_t pos, size_t anchor_len);

#endif
