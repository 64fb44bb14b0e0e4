/*
 * Whether a string may lie across the place where two pieces of a text meet: where
 * no piece holds one of certain strings, nothing but these places has to be looked at.
 * A string that lies across several is looked for at the last of them. Nearly always
 * the two bytes on either side tell that there is none.
 *
 * Frozen once made; shared by all threads.
 */
#ifndef SOURCE_PACK_SEAMS_H
#define SOURCE_PACK_SEAMS_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* Stands for a byte where there is none, or none in the piece behind. */
#define SEAM_NO_BYTE 256

/* A bit for each group of cuts, a cut being a string and a place inside of it. The
 * groups that have some cut with such a byte there, or with an end before it. */
struct seams {
	uint64_t before2[SEAM_NO_BYTE + 1], before1[SEAM_NO_BYTE + 1];
	uint64_t behind1[SEAM_NO_BYTE + 1], behind2[SEAM_NO_BYTE + 1];
	struct seam_cuts *cuts;
};

/* Strings may be none, and are copied. Caller frees. */
struct seams *seams_new(const struct slice *strings, size_t count);
void seams_free(struct seams *seams);

/* Whether the place may be the last that some string lies across, so that its end is
 * in the piece behind; groups: what seams_groups() gave, not 0. Of what reaches beyond
 * the piece before, only the part inside of it is compared. */
bool seams_may_hold(const struct seams *seams, uint64_t groups, struct slice before,
		    struct slice behind);

/* 0: that place is not the last that a string lies across; of the two bytes before it
 * and the two behind. */
static inline uint64_t seams_groups(const struct seams *seams, unsigned before2, unsigned before1,
				    unsigned behind1, unsigned behind2)
{
	return seams->before2[before2] & seams->before1[before1] & seams->behind1[behind1] &
	       seams->behind2[behind2];
}

#endif
