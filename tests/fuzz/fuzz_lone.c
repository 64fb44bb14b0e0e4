/* A pack or bundle by itself, read to its end in little memory. */
#include "source/pack/lone_pack.h"
#include "source/pack/oid.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_worth(void *payload, struct slice bytes)
{
	return bytes.len % 2;
}

static void on_object(void *payload, struct slice name, struct stream *bytes)
{
	struct err err;

	assert(name.len > OID_HEX);
	while (stream_next(bytes, bytes->text.len, &err) > 0)
		;
}

static void on_much(void *payload)
{
}

static void on_complaint(void *payload, const char *what)
{
	assert(*what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct lone_pack_told told = {is_worth, on_object, on_much, on_complaint, NULL};
	const struct lone_pack_limits limits = {1 << 10, 64 << 20};
	struct err err;

	if (!size) /* the first byte: see seeds.py */
		return 0;
	lone_pack_read(slice_of(data + 1, size - 1), &limits, &told, &err);
	return 0;
}
