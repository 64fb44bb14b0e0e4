/*
 * Places that are known to hold tokens: what that file is, in words for
 * somebody who never opened it, and what to do there.
 */
#ifndef REPORT_PLACE_H
#define REPORT_PLACE_H

#include "hfscan.h"

struct place {
	const char *id;          /* "dotenv" */
	const char *explanation; /* English; a key to its translations */
};

/* The place that path (as whole as it is known) is, or NULL for an ordinary
 * file. part: of a notebook; PART_UNKNOWN. Static. */
const struct place *place_find(struct slice path, enum where where, enum cell_part part);

/* What is to be said of a token that was seen only when these forms were undone; NULL:
 * nothing. Static. */
const struct place *place_of_forms(const struct decodings *decoded);

/* Whether a token may stay there as long as nobody else gets the file. NULL may be. */
bool place_is_for_tokens(const struct place *place);

#endif
