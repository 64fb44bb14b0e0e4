#include "source/pack/oid.h"

#include "base/alloc.h"

/* Digit by digit, a branch would be foreseen wrongly every second time. Holds one more
 * than the value; 0: no digit. */
static const unsigned char values[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

bool oid_from_hex(struct oid *oid, const unsigned char *hex)
{
	bool all = true;

	for (size_t i = 0; i < OID_BYTES; i++) {
		unsigned high = values[hex[2 * i]], low = values[hex[2 * i + 1]];

		all &= high && low;
		oid->raw[i] = (unsigned char)((high - 1) << 4 | ((low - 1) & 15));
	}
	return all;
}

void oids_add(struct oids *oids, const struct oid *oid)
{
	grow_array(&oids->list, &oids->cap, oids->count, sizeof(*oids->list));
	oids->list[oids->count++] = *oid;
}
