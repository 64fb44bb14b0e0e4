/* How records stand in the pages of a database: sqlite.org/fileformat2.html. */
#ifndef INSIDE_SQLITE_FORMAT_H
#define INSIDE_SQLITE_FORMAT_H

#include "base/endian.h"
#include "base/slice.h"

#include <stdint.h>

/* What a page is, by its first byte. All others have 0 there: they begin with the number
 * of a page, below 16 million in what can be read row by row. */
enum { INDEX_INTERIOR = 2, TABLE_INTERIOR = 5, INDEX_LEAF = 10, TABLE_LEAF = 13 };

/* Big-endian digits of seven bits, nine bytes at most, all of the last. Where it ends;
 * NULL: cut short. */
const unsigned char *sqlite_varint(const unsigned char *at, const unsigned char *end,
				   uint64_t *value);

/* Bytes of a value, by the number that stands for it ("Record Format"); texts have odd
 * ones, blobs even ones, from SQLITE_BYTES_FROM on. */
uint64_t sqlite_value_bytes(uint64_t type);
#define SQLITE_BYTES_FROM 12

/* Bytes of a payload that stay in its page, of which so many are in use ("B-tree Cell
 * Format"); others are behind the four of a page's number. */
uint64_t sqlite_local_bytes(size_t usable, uint64_t payload, bool in_table);

#endif
