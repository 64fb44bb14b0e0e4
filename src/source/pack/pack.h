/*
 * One pack: its objects in the order in which they lie, and the forest that
 * deltas make of them. A family is an object that is no delta with all that
 * descend from it; its members have one type, so that no object has to be
 * inflated to know what it is.
 */
#ifndef SOURCE_PACK_PACK_H
#define SOURCE_PACK_PACK_H

#include "source/pack/oid.h"
#include "source/pack/pack_index.h"

enum object_type {
	OBJECT_NONE, /* not known: part of no family */
	OBJECT_COMMIT,
	OBJECT_TREE,
	OBJECT_BLOB,
	OBJECT_TAG,
	OBJECT_TYPES,
};

#define PACK_NO_NODE UINT32_MAX

/* An object in a pack. There may be millions: 40 bytes each. */
struct pack_node {
	uint64_t offset;  /* of its header in the pack */
	uint32_t index;   /* its place in the pack's index; PACK_NO_NODE: not named there */
	uint32_t base;    /* node, or PACK_NO_NODE */
	uint32_t child;   /* its first delta */
	uint32_t sibling; /* the next delta of the same base */
	uint32_t rank;    /* its place in the pack's order, if it has a type */
	uint32_t size;    /* inflated, of the object or its delta; UINT32_MAX: or more */
	uint8_t type;     /* enum object_type, its family's */
	uint8_t is_delta;
	uint8_t header; /* bytes before the compressed ones */
};

/* Frozen once opened and its families found; any thread. */
struct pack {
	char *name; /* path of the .pack file */
	struct slice map;
	struct pack_index index;
	struct pack_node *nodes; /* ascending by offset */
	uint32_t count;
	/* Families base first, each object right behind what it is a delta of or
	 * behind the descendants of an earlier delta of that. */
	uint32_t *order;
	uint32_t ordered;   /* how many: those that have a type */
	uint32_t *node_of;  /* by place in the index; PACK_NO_NODE: no such offset, or
			       another's */
	uint32_t misplaced; /* how many in the index have no node */
	/* Bytes that may be made of it yet; below 0: no more are. NULL: as many as it
	 * takes. odb.c's; any thread counts down. */
	_Atomic int64_t *left;
	bool promised; /* from a partial clone's server: what it leaves out may be absent */
};

/*
 * Maps path ("....pack") and its index, or takes what midx (may be NULL) says,
 * and finds the families, with as many threads as jobs. HF_EFORMAT or HF_EIO when it cannot be read
 * at all; single objects that cannot are left without a type. pack_dispose() either way.
 */
int pack_open(struct pack *pack, const char *path, const struct midx *midx, unsigned jobs,
	      struct err *err);
void pack_dispose(struct pack *pack);

/* Fills what depends on which object is a delta of which: child, sibling, type,
 * rank, order. Call once. */
void pack_find_families(struct pack *pack);

/* The node of the object of that name, or PACK_NO_NODE. */
uint32_t pack_find(const struct pack *pack, const unsigned char *oid);

/* The compressed bytes of a node and all that follow them in the pack, since an
 * index may lie about where the next one begins; its inflated size. */
struct slice pack_stream(const struct pack *pack, uint32_t node, uint64_t *size);

#endif
