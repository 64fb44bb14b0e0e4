/* A walk over an .xz file: halts at the same places whatever it is given at a time. */
#include "inside/xz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct halt {
	size_t at;
	uint64_t dictionary;
	bool is_broken;
};

/* Goes on to the next place where it halts. */
static struct halt next_halt(struct xz_walk *w, struct slice bytes, size_t at, size_t step)
{
	while (at < bytes.len && !w->is_broken) {
		size_t left = bytes.len - at;
		size_t n = xz_walk(w, slice_of(bytes.ptr + at, left < step ? left : step));

		assert(n <= left && (n || w->is_broken));
		at += n;
		if (w->dictionary)
			break;
	}
	return (struct halt){at, w->dictionary, w->is_broken};
}

/* Input: a byte for how many bytes it is given at a time, the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data + 1, size ? size - 1 : 0);
	struct xz_walk whole, parts;
	struct halt a = {0}, b = {0};

	xz_walk_init(&whole);
	xz_walk_init(&parts);
	while (size && a.at < bytes.len && !a.is_broken) {
		a = next_halt(&whole, bytes, a.at, bytes.len);
		b = next_halt(&parts, bytes, b.at, (size_t)data[0] + 1);
		assert(a.at == b.at && a.dictionary == b.dictionary && a.is_broken == b.is_broken);
	}
	return 0;
}
