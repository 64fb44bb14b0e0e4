/* https://tukaani.org/xz/xz-file-format.txt, 2.1.1 and 3.1 */
#include "inside/xz.h"

#define STREAM_HEADER    12
#define FILTER_LZMA2     0x21
#define DICTIONARY_CODES 40 /* the last one: 4 GiB - 1 */

/* A number of seven bits a byte, lowest first; moves *at behind it. */
static bool read_number(struct slice b, size_t *at, uint64_t *number)
{
	*number = 0;
	for (unsigned shift = 0; *at < b.len && shift < 63; shift += 7) {
		unsigned char c = b.ptr[(*at)++];

		*number |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

uint64_t lzma2_dictionary(unsigned char code)
{
	if (code >= DICTIONARY_CODES)
		return code == DICTIONARY_CODES ? UINT32_MAX : 0;
	return (uint64_t)(2 | (code & 1)) << (code / 2 + 11);
}

uint64_t xz_dictionary(struct slice b)
{
	size_t at = STREAM_HEADER + 1;
	uint64_t id, len;
	unsigned flags;

	if (b.len <= at || b.ptr[STREAM_HEADER] == 0)
		return 0; /* an index: there is no block */
	flags = b.ptr[at++];
	for (unsigned bit = 0x40; bit <= 0x80; bit <<= 1)
		if (flags & bit && !read_number(b, &at, &len))
			return 0;
	for (unsigned filters = (flags & 3) + 1; filters; filters--) {
		if (!read_number(b, &at, &id) || !read_number(b, &at, &len) || len > b.len - at)
			return 0;
		if (id == FILTER_LZMA2 && len == 1)
			return lzma2_dictionary(b.ptr[at]);
		at += (size_t)len;
	}
	return 0;
}
