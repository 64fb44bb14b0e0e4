/*
 * What lies in a folder "objects" at one moment, though git may be putting loose
 * objects into packs meanwhile, or packs into one another.
 */
#ifndef SOURCE_PACK_LISTING_H
#define SOURCE_PACK_LISTING_H

#include "base/names.h"
#include "source/pack/loose.h"

struct listing {
	struct names packs; /* the files in its folder "pack" */
	struct loose **loose;
	size_t *count, *cap; /* of the loose ones */
	loose_problem_fn problem;
	void *payload;
};

/* Adds to what was listed before; dir: as for loose_list(). Problems are told. */
void listing_add(struct listing *listing, const char *objects, uint16_t dir);

#endif
