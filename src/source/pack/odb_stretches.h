/*
 * What a visit reads, parted into work. The order of all packs together is cut into
 * stretches of about the same cost, whatever families they cut through; each worker takes
 * the next that is left. So no family, however large, keeps one core busy while others
 * idle. Towards the end stretches get smaller, so that all workers end together, and what
 * holds a large object goes before: that cannot be cut, and it may be an archive.
 */
#ifndef SOURCE_PACK_ODB_STRETCHES_H
#define SOURCE_PACK_ODB_STRETCHES_H

#include "source/pack/odb.h"

struct stretch {
	uint32_t store; /* number of a pack; ODB_LOOSE: beg and end count loose objects */
	uint32_t beg, end;
	uint64_t weight; /* those that weigh most are begun first */
};

struct stretches {
	const struct odb *odb;
	const struct odb_visit *how;
	uint32_t **orders; /* for each pack, the nodes to visit */
	uint32_t *order_counts;
	struct stretch *list; /* in the order in which they are to be begun */
	size_t count, cap;
};

/* Cuts what how asks for, with as many threads as it says. Borrows both; frozen when it
 * returns. The caller disposes. */
void stretches_cut(struct stretches *s, const struct odb *odb, const struct odb_visit *how);
void stretches_dispose(struct stretches *s);

#endif
