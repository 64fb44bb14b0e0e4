/*
 * Deltas: a result written as copies from a base and insertions
 * (gitformat-pack(5), "Deltified representation").
 */
#ifndef SOURCE_PACK_DELTA_H
#define SOURCE_PACK_DELTA_H

#include "base/err.h"
#include "base/slice.h"
#include "source/pack/seams.h"

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
 * Whether the result may hold one of the strings of seams, if neither base nor delta,
 * taken as bytes, holds one: 1, or 0 if it does not. HF_EFORMAT as delta_apply() would.
 * result, if it is not NULL, has the result's size and receives it too; without it,
 * what follows the first place that may hold one is not read. *last: if 0, what the result
 * ends in, as a part of base or of delta. Any thread.
 */
int delta_may_hold(struct slice base, struct slice delta, const struct seams *seams,
		   unsigned char *result, struct slice *last, struct err *err);

/* Whether the first len bytes of the result are those of base, as one copy of them. Any
 * thread. */
bool delta_keeps_beginning(struct slice base, struct slice delta, size_t len);

/* Writes the first bytes of what delta makes of base into out, room at most; returns how
 * many: fewer where the delta is broken. Any thread. */
size_t delta_beginning(struct slice base, struct slice delta, unsigned char *out, size_t room);

/* The same of the last bytes, of a delta that is sound. Any thread. */
size_t delta_ending(struct slice base, struct slice delta, unsigned char *out, size_t room);

#endif
