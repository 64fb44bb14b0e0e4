/* What the files odb*.c share: odb.c opens, the others read. Nobody else includes this. */
#ifndef SOURCE_PACK_ODB_PRIVATE_H
#define SOURCE_PACK_ODB_PRIVATE_H

#include "source/pack/loose.h"
#include "source/pack/odb.h"
#include "source/pack/rebuild.h"

#define ODB_LOOSE UINT32_MAX

/* Where an object is stored: in which pack, and where in its index; or which of
 * the loose ones. */
struct odb_place {
	uint32_t store, at;
};

struct odb {
	struct object_dirs dirs;
	struct pack *packs;
	size_t pack_count;
	_Atomic int64_t *left; /* for each pack: see pack.h */
	uint32_t **numbers;    /* for each pack, of each node; NO_OBJECT: read elsewhere */
	struct loose *loose;
	uint8_t *loose_types; /* written by the worker that visits it */
	size_t loose_count;
	struct odb_place *places; /* by number */
	struct odb_place *copies; /* of what is stored more than once, ordered by name */
	size_t copy_count, copy_cap;
	uint32_t *first; /* number of the first name that begins with two such bytes */
	uint32_t *keys;  /* by number: bytes 2 to 5 of the name */
	uint32_t count;
	bool is_partial;
	struct rebuilder *reader; /* for odb_read() */
	uint64_t reader_max;      /* what it may hold */
};

/* Where else the object is stored. */
const struct odb_place *odb_copies(const struct odb *odb, uint32_t number, size_t *count);

#endif
