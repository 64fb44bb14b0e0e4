/* What stands before the compressed bytes of each object of a pack (gitformat-pack(5)). */
#ifndef SOURCE_PACK_PACK_HEADER_H
#define SOURCE_PACK_PACK_HEADER_H

#include "base/slice.h"

#include <stdint.h>

/* Type numbers that only headers use; others are those of enum object_type. */
enum { PACK_OFS_DELTA = 6, PACK_REF_DELTA = 7 };

struct pack_header {
	unsigned type;
	uint64_t size;
	uint64_t base_offset;      /* OFS_DELTA */
	const unsigned char *base; /* REF_DELTA: the name of its base */
	size_t len;                /* bytes of the header */
};

/* Reads that at offset, which is in pack. False when it is none. Any thread. */
bool pack_header_read(struct pack_header *h, struct slice pack, uint64_t offset);

#endif
