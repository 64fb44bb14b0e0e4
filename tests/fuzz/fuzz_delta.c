/*
 * Deltas without the compression around them, whose checksum no fuzzer guesses.
 * What a digest's result is has to be what applying gives.
 *
 * Input: the base's length in two bytes, big endian, the base, the delta.
 */
#include "base/alloc.h"
#include "source/pack/delta.h"

#include <assert.h>
#include <stdlib.h>

#define RESULT_MAX ((uint64_t)1 << 20)
#define SEAM       ((size_t)9)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In blocks of their own, so that a byte too many is seen. */
static struct slice copy_of(struct slice s)
{
	unsigned char *copy = xmalloc(s.len);

	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return slice_of(copy, s.len);
}

static void apply(struct slice base, struct slice delta, size_t size)
{
	size_t room = delta.len * 4 + 64;
	unsigned char *applied = xmalloc(size), *digested = xmalloc(size);
	unsigned char *digest = xmalloc(room);
	struct err err;
	int rc = delta_apply(base, delta, applied, size, &err);
	long len = delta_digest(base, delta, SEAM, digest, room, digested, &err);
	long alone = delta_digest(base, delta, SEAM, digest, room, NULL, &err);

	assert((rc == 0) == (len >= 0 || len == HF_ELIMIT));
	assert(rc < 0 || memcmp(applied, digested, size) == 0);
	assert(len < 0 || alone == len);
	free(applied);
	free(digested);
	free(digest);
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
