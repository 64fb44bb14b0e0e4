/* A chat export, a clipboard, a diff: whatever comes in. */
#include "source/source.h"

#include "base/alloc.h"
#include "source/visit.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Whoever looks at a notebook's cells needs all of it twice, which a pipe does
 * not give: so it is read into memory, up to this many bytes. */
#define KEPT_MAX ((size_t)1 << 30)

struct kept {
	unsigned char *ptr;
	size_t len, cap, given;
	bool ended;
};

static void keep_all(struct kept *k)
{
	while (k->len < KEPT_MAX) {
		ssize_t n;

		if (k->len == k->cap) {
			k->cap = k->cap ? k->cap * 2 : STREAM_WINDOW;
			k->ptr = xrealloc(k->ptr, k->cap);
		}
		n = read(STDIN_FILENO, k->ptr + k->len, k->cap - k->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			k->ended = n == 0;
			return;
		}
		k->len += (size_t)n;
	}
}

/* What was kept, and then what is left; a reading error comes again. */
static ssize_t read_kept(void *payload, void *out, size_t len)
{
	struct kept *k = payload;
	size_t left = k->len - k->given;

	if (!left)
		return read(STDIN_FILENO, out, len);
	if (len > left)
		len = left;
	memcpy(out, k->ptr + k->given, len);
	k->given += len;
	return (ssize_t)len;
}

static void begin(struct stream *stream, const char *name, struct visitor *visitor,
		  struct kept *kept)
{
	if (!slice_has_suffix(slice_str(name), SLICE(".ipynb"))) {
		stream_from_fd(stream, STDIN_FILENO, &visitor->buffer, 0, false);
		return;
	}
	keep_all(kept);
	if (kept->ended)
		stream_from_memory(stream, slice_of(kept->ptr, kept->len));
	else
		stream_from_reader(stream, read_kept, kept, &visitor->buffer, 0);
}

int source_stdin(const char *name, const struct sink *sink, struct err *err)
{
	struct document doc = {.from = {.path = slice_str(name)}};
	struct kept kept = {.len = 0};
	struct visitor visitor;
	struct stream stream;

	(void)err;
	sink->root(sink->payload, "-");
	visitor_init(&visitor, sink, 0);
	begin(&stream, name, &visitor, &kept);
	doc.bytes = &stream;
	sink->document(sink->payload, 0, &doc);
	visitor_dispose(&visitor);
	wipe(kept.ptr, kept.len);
	free(kept.ptr);
	return 0;
}
