#include "inside/sqlite_format.h"

const unsigned char *sqlite_varint(const unsigned char *at, const unsigned char *end,
				   uint64_t *value)
{
	*value = 0;
	for (int i = 0; at < end; i++, at++) {
		if (i == 8) {
			*value = *value << 8 | *at;
			return at + 1;
		}
		*value = *value << 7 | (*at & 0x7f);
		if (!(*at & 0x80))
			return at + 1;
	}
	return NULL;
}

uint64_t sqlite_value_bytes(uint64_t type)
{
	static const unsigned char fixed[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};

	return type < sizeof(fixed) ? fixed[type] : (type - SQLITE_BYTES_FROM) / 2;
}

uint64_t sqlite_local_bytes(size_t usable, uint64_t payload, bool in_table)
{
	uint64_t least = (usable - 12) * 32 / 255 - 23;
	uint64_t most = in_table ? usable - 35 : (usable - 12) * 64 / 255 - 23;
	uint64_t fitting;

	if (payload <= most)
		return payload;
	fitting = least + (payload - least) % (usable - 4);
	return fitting <= most ? fitting : least;
}
