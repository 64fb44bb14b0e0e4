#include "source/pack/pack_header.h"

#include "source/pack/oid.h"

static const unsigned char *read_type_and_size(const unsigned char *p, const unsigned char *end,
					       struct pack_header *h)
{
	unsigned shift = 4;

	if (p == end)
		return NULL;
	h->type = *p >> 4 & 7;
	h->size = *p & 15;
	while (*p++ & 0x80) {
		if (p == end || shift > 60)
			return NULL;
		h->size |= (uint64_t)(*p & 0x7f) << shift;
		shift += 7;
	}
	return p;
}

/* Big-endian digits of seven bits, each but the last standing for one more. */
static const unsigned char *read_distance(const unsigned char *p, const unsigned char *end,
					  uint64_t *distance)
{
	*distance = 0;
	for (;; p++) {
		if (p == end || *distance >> 56)
			return NULL;
		*distance = *distance << 7 | (*p & 0x7f);
		if (!(*p & 0x80))
			return p + 1;
		++*distance;
	}
}

bool pack_header_read(struct pack_header *h, struct slice pack, uint64_t offset)
{
	const unsigned char *beg = pack.ptr + offset, *end = pack.ptr + pack.len;
	const unsigned char *p = read_type_and_size(beg, end, h);

	if (p && h->type == PACK_OFS_DELTA) {
		uint64_t distance;

		p = read_distance(p, end, &distance);
		if (!p || distance == 0 || distance > offset)
			return false;
		h->base_offset = offset - distance;
	} else if (p && h->type == PACK_REF_DELTA) {
		h->base = p;
		p = end - p > OID_BYTES ? p + OID_BYTES : NULL;
	}
	if (!p)
		return false;
	h->len = (size_t)(p - beg);
	return true;
}
