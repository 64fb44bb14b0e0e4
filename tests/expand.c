/*
 * Tests name tokens by placeholders, since none of a live format may stand in
 * the repository. This makes them real for the length of a test: standard
 * input to standard output, with every placeholder of match/sample.h expanded.
 */
#include "base/buf.h"
#include "match/sample.h"

#include <stdio.h>

static int read_all(struct buf *out, FILE *in)
{
	char chunk[1 << 16];
	size_t len;

	while ((len = fread(chunk, 1, sizeof(chunk), in)) > 0)
		buf_append(out, chunk, len);
	return ferror(in) || buf_overflowed(out) ? -1 : 0;
}

int main(void)
{
	struct buf text, expanded;
	int code = 2;

	buf_init(&text, BUF_MAX_REPORT);
	buf_init(&expanded, BUF_MAX_REPORT);
	if (read_all(&text, stdin) == 0) {
		sample_expand(&expanded, buf_slice(&text));
		if (fwrite(expanded.ptr, 1, expanded.len, stdout) == expanded.len &&
		    fflush(stdout) == 0)
			code = 0;
	}
	if (code != 0)
		perror("expand");
	buf_dispose_wiped(&expanded);
	buf_dispose(&text);
	return code;
}
