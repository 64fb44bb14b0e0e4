/* The headers of a .rar file: what is cut off says no more than the whole. */
#include "inside/rar.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of either version no member's header is shorter. */
#define HEADER_MIN 7

static struct rar_headers headers_of(struct rar_headers (*read)(const struct stream *),
				     struct slice bytes)
{
	struct stream s;

	stream_from_memory(&s, bytes);
	return read(&s);
}

static void compare(struct rar_headers (*read)(const struct stream *), struct slice file,
		    size_t cut)
{
	struct rar_headers whole = headers_of(read, file);
	struct rar_headers part = headers_of(read, slice_of(file.ptr, cut));

	assert(whole.members <= file.len / HEADER_MIN && part.members <= whole.members);
	assert(part.memory <= whole.memory || part.is_broken);
	assert(!part.is_part || whole.is_part);
}

/* Input: a byte for where it is cut, in 256ths, the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice file = slice_of(data + 1, size ? size - 1 : 0);
	size_t cut = size ? file.len * data[0] / 256 : 0;

	if (size == 0)
		return 0;
	compare(rar4_headers, file, cut);
	compare(rar5_headers, file, cut);
	return 0;
}
