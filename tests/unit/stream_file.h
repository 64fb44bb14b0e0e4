/* Files for streams to read, and where something stands in what they show. */
#ifndef TESTS_STREAM_FILE_H
#define TESTS_STREAM_FILE_H

#include "base/stream.h"

/* At its first byte, for both its descriptor and itself. */
static FILE *file_of(const unsigned char *bytes, size_t len)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	fflush(f);
	rewind(f);
	lseek(fileno(f), 0, SEEK_SET);
	return f;
}

/* Line and column, in bytes, of s->text.ptr[index], by what the stream says of its window. */
static void locate(const struct stream *s, size_t index, uint64_t *line1, uint64_t *column1)
{
	size_t line_beg;
	uint64_t lines = stream_count_lines(slice_of(s->text.ptr, index), &line_beg);

	*line1 = s->line1 + lines;
	*column1 = s->offset + index - (lines ? s->offset + line_beg : s->line_offset) + 1;
}

#endif
