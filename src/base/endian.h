/* Numbers as files have them, in either order of bytes and wherever they stand. */
#ifndef BASE_ENDIAN_H
#define BASE_ENDIAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint32_t load_be16(const unsigned char *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t load_be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t load_be64(const unsigned char *p)
{
	return (uint64_t)load_be32(p) << 32 | load_be32(p + 4);
}

static inline uint32_t load_le16(const unsigned char *p)
{
	return (uint32_t)p[1] << 8 | p[0];
}

static inline uint32_t load_le32(const unsigned char *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint64_t load_le64(const unsigned char *p)
{
	return (uint64_t)load_le32(p + 4) << 32 | load_le32(p);
}

/* One of seven bits a byte, the lowest first, with the eighth set where more follow (LEB128), at
 * p[*at], which it moves behind it. False: it does not end before len, or has more than 63 bits. */
static inline bool load_leb128(const unsigned char *p, size_t len, size_t *at, uint64_t *number)
{
	*number = 0;
	for (unsigned shift = 0; *at < len && shift < 63; shift += 7) {
		unsigned char c = p[(*at)++];

		*number |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

#endif
