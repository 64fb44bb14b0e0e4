/*
 * Deltas without the compression around them, whose checksum no fuzzer guesses.
 * What both readings make of one has to be the same, and no string that pieces make
 * up may be passed over.
 *
 * Input: the base's length in two bytes, big endian, the base, the delta.
 */
#include "base/alloc.h"
#include "source/pack/delta.h"

#include <assert.h>
#include <stdlib.h>

#define RESULT_MAX ((uint64_t)1 << 20)
static const struct slice NEEDLE = {(const unsigned char *)"abab", 4};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In blocks of their own, so that a byte too many is seen. */
static struct slice copy_of(struct slice s)
{
	unsigned char *copy = xmalloc(s.len);

	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return slice_of(copy, s.len);
}

static bool holds(struct slice s)
{
	return s.len && memmem(s.ptr, s.len, NEEDLE.ptr, NEEDLE.len);
}

static void apply(struct slice base, struct slice delta, size_t size)
{
	struct seams *seams = seams_new(&NEEDLE, 1);
	unsigned char *applied = xmalloc(size), *again = xmalloc(size);
	struct err err;
	int rc = delta_apply(base, delta, applied, size, &err);
	struct slice last;
	int may = delta_may_hold(base, delta, seams, again, &last, &err);
	int alone = delta_may_hold(base, delta, seams, NULL, &last, &err);

	assert((rc == 0) == (may >= 0));
	assert(rc < 0 || memcmp(applied, again, size) == 0);
	assert(alone == may || (alone == 1 && may < 0));
	assert(may != 0 || holds(base) || holds(delta) || !holds(slice_of(applied, size)));
	assert(delta_beginning(base, delta, again, size / 2) <= size / 2);
	assert(rc < 0 || memcmp(applied, again, size / 2) == 0);
	free(applied);
	free(again);
	seams_free(seams);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice base, delta;
	uint64_t base_size, result_size;
	struct err err;
	size_t len;

	if (size < 2)
		return 0;
	len = (size_t)data[0] << 8 | data[1];
	len = len < size - 2 ? len : size - 2;
	base = copy_of(slice_of(data + 2, len));
	delta = copy_of(slice_of(data + 2 + len, size - 2 - len));
	if (delta_sizes(delta, &base_size, &result_size, &err) == 0 && result_size <= RESULT_MAX)
		apply(base, delta, (size_t)result_size);
	free((void *)base.ptr);
	free((void *)delta.ptr);
	return 0;
}
