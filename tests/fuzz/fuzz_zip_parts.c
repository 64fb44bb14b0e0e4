/*
 * The parts of a zip: each lies in the file, and there is an end to them, however far whoever
 * reads one comes.
 *
 * Input: a byte that says how many members there may be, the file, a byte for how far reading
 * comes.
 */
#include "inside/zip_parts.h"
#include "inside/zip_records.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_part(const struct zip_part *part, uint64_t size, uint64_t members_max)
{
	assert(part->beg <= part->end && part->end <= size);
	if (!part->by_directory)
		return;
	assert(!part->is_odd && part->members <= members_max);
	assert(part->end - part->beg >= ZIP_END_LEN);
	/* Members stand apart from each other, or in one place. */
	assert(part->members <= size / 46);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zip_part part;
	struct zip_parts *p;
	struct stream s;
	size_t count = 0;

	if (size < 2)
		return 0;
	stream_from_memory(&s, slice_of(data + 1, size - 2));
	p = zip_parts_new(&s, data[0]);
	while (zip_parts_next(p, &part)) {
		check_part(&part, size - 2, data[0]);
		assert(count++ <= size);
		if (!part.by_directory)
			zip_parts_go_on(p, part.beg + 1 +
						   (part.end - part.beg) * data[size - 1] / 256);
	}
	zip_parts_free(p);
	return 0;
}
