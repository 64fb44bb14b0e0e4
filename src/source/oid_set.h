/* Ids of objects, each once, with a number; in the order in which they came. */
#ifndef SOURCE_OID_SET_H
#define SOURCE_OID_SET_H

#include "source/pack/oid.h"

/* Begins as {0}. */
struct oid_set {
	struct oids oids;
	uint32_t *table; /* open addressing; 0: empty, else place in oids + 1 */
	size_t table_size;
};

/* The place of the id in oids; *is_new: it was added. */
size_t oid_set_add(struct oid_set *set, const unsigned char *oid, bool *is_new);
void oid_set_dispose(struct oid_set *set);

#endif
