/*
 * Where in a pack which object stands: .idx files, version 1 and 2, and for
 * packs that have none the multi-pack-index (gitformat-pack(5)).
 */
#ifndef SOURCE_PACK_PACK_INDEX_H
#define SOURCE_PACK_PACK_INDEX_H

#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

#define PACK_NO_OFFSET UINT64_MAX

/* Frozen once opened; any thread. */
struct pack_index {
	struct slice map;
	uint32_t count;
	const unsigned char *oids; /* ascending */
	size_t oid_stride;
	const unsigned char *offsets; /* 4 bytes, big endian */
	size_t offset_stride;
	struct slice large;   /* 8 bytes each: where an offset has its highest bit set */
	uint64_t *own;        /* offsets, instead of the above */
	unsigned char *names; /* owned, what oids points to; NULL when that is the map */
	bool is_part;         /* from a multi-pack-index: there may be more in the pack */
	bool was_disordered;  /* it is broken: its names did not ascend */
};

/* HF_ENOTFOUND when there is no such file, HF_EFORMAT when it is none, or
 * contradicts itself. pack_index_dispose() either way. */
int pack_index_open(struct pack_index *index, const char *path, struct err *err);
void pack_index_dispose(struct pack_index *index);

/* i < count. */
static inline const unsigned char *pack_index_oid(const struct pack_index *index, uint32_t i)
{
	return index->oids + (size_t)i * index->oid_stride;
}

/* Of object i in the pack; PACK_NO_OFFSET when the index has none for it. */
uint64_t pack_index_offset(const struct pack_index *index, uint32_t i);

/* ---- multi-pack-index ---- */

struct midx;

/* The same errors; caller frees with midx_free(). */
int midx_open(struct midx **out, const char *path, struct err *err);
void midx_free(struct midx *midx);
/* Makes an index of what the multi-pack-index says of the pack whose index
 * would be called name ("pack-....idx"): objects it ascribes to another pack are
 * not in it. HF_ENOTFOUND when it does not know the pack. */
int midx_index_of(const struct midx *midx, const char *name, struct pack_index *index,
		  struct err *err);

#endif
