/*
 * Names of objects: SHA-1, as git's default object format has it
 * (gitformat-pack(5)). The other format, SHA-256, is refused when a repository
 * is opened.
 */
#ifndef SOURCE_PACK_OID_H
#define SOURCE_PACK_OID_H

#include "base/endian.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define OID_BYTES 20
#define OID_HEX   40

struct oid {
	unsigned char raw[OID_BYTES];
};

/* Begins as {0}; the owner frees list. */
struct oids {
	struct oid *list;
	size_t count, cap;
};
void oids_add(struct oids *oids, const struct oid *oid);

static inline struct oid oid_from(const unsigned char *raw)
{
	struct oid oid;

	memcpy(oid.raw, raw, OID_BYTES);
	return oid;
}

static inline int oid_cmp(const unsigned char *a, const unsigned char *b)
{
	return memcmp(a, b, OID_BYTES);
}

/* Writes 40 digits and a NUL. */
static inline void oid_to_hex(char *hex, const unsigned char *raw)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < OID_BYTES; i++) {
		hex[2 * i] = digits[raw[i] >> 4];
		hex[2 * i + 1] = digits[raw[i] & 15];
	}
	hex[OID_HEX] = '\0';
}

/* Reads 40 digits of either case from hex, which has at least that many bytes. */
bool oid_from_hex(struct oid *oid, const unsigned char *hex);

#endif
