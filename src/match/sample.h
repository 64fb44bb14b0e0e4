/*
 * Made-up tokens for examples and tests. No token of a live format stands in
 * the repository: texts write @TOKEN:a@ and this expands it, always to the
 * same bytes for the same name, from a fixed seed.
 *
 *   @TOKEN:name@      hf_ and 34 letters
 *   @LETTERSn:name@   n letters of either case (n: 1..200)
 *   @ALNUMn:name@     n letters and digits
 *   @B64URLn:name@    n characters of the base64url alphabet
 *   @JWT:name@        three base64url segments, the first and second JSON
 *
 * Anything else between at signs is left as it is. A test checks that the
 * judges take the names in use for real tokens.
 */
#ifndef MATCH_SAMPLE_H
#define MATCH_SAMPLE_H

#include "base/buf.h"

/* Appends text to out with every placeholder expanded. */
void sample_expand(struct buf *out, struct slice text);

#endif
