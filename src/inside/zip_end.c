/* The end of a zip archive: libarchive passes over a directory that is damaged as over one
 * that ends early, and says nothing. */
#include "inside/zip_end.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define END_LEN  22 /* but for the comment behind it */
#define AT_COUNT 10
#define TAIL_MAX ((size_t)16 << 10) /* as far as libarchive looks for it */
#define IN_ZIP64 0xffff

static unsigned count_in(const unsigned char *tail, size_t len)
{
	unsigned count;

	for (size_t at = len - END_LEN + 1; at-- > 0;)
		if (memcmp(tail + at, "PK\5\6", 4) == 0) {
			count = tail[at + AT_COUNT] | (unsigned)tail[at + AT_COUNT + 1] << 8;
			return count == IN_ZIP64 ? 0 : count;
		}
	return 0;
}

unsigned zip_end_count(struct stream *s)
{
	uint64_t size = stream_size(s);
	size_t want = size < TAIL_MAX ? (size_t)size : TAIL_MAX;
	unsigned char *tail = xmalloc(TAIL_MAX);
	ssize_t n = stream_read_at(s, size - want, tail, want);
	unsigned count = n >= END_LEN ? count_in(tail, (size_t)n) : 0;

	wipe(tail, TAIL_MAX);
	free(tail);
	return count;
}
