/*
 * Deltas: a result written as copies from a base and insertions
 * (gitformat-pack(5), "Deltified representation").
 */
#ifndef SOURCE_PACK_DELTA_H
#define SOURCE_PACK_DELTA_H

#include "base/err.h"
#include "base/slice.h"

#include <stdint.h>

/* Reads the two sizes a delta begins with, in bytes. HF_EFORMAT when it is cut
 * short. Any thread. */
int delta_sizes(struct slice delta, uint64_t *base, uint64_t *result, struct err *err);

/*
 * Writes what delta makes of base into out, which has exactly the result's
 * size. HF_EFORMAT when the delta is for another base, copies from outside of
 * it, or does not come to that size; out is then undefined. Any thread.
 */
int delta_apply(struct slice base, struct slice delta, unsigned char *out, uint64_t size,
		struct err *err);

/*
 * Writes into out what of the result a search for strings of at most seam + 1
 * bytes has to look at when base holds none: what is inserted, and seam bytes on
 * either side of where pieces meet, in their order; where bytes are left out
 * between them stands a NUL. Returns how many bytes, HF_ELIMIT when they are more
 * than room, or HF_EFORMAT as delta_apply() would. result, if it is not NULL, has
 * the result's size and receives it too, whatever room there is for the digest.
 * Any thread.
 */
long delta_digest(struct slice base, struct slice delta, size_t seam, unsigned char *out,
		  size_t room, unsigned char *result, struct err *err);

#endif
