/*
 * What a database has in its -wal file: reading it takes no more than its size explains.
 *
 * Input: a byte that is passed over, then the file, whose first four bytes are made those of
 * such a one.
 */
#include "base/alloc.h"
#include "inside/inside.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NEEDLE "needle"

static const unsigned char magic[] = {0x37, 0x7f, 6, 0x82};

struct seen {
	struct slice file;
	uint64_t members, looked_at;
};

static bool is_worth(void *payload, struct slice bytes)
{
	((struct seen *)payload)->looked_at += bytes.len;
	return memmem(bytes.ptr, bytes.len, NEEDLE, strlen(NEEDLE)) != NULL;
}

static void on_member(void *payload, const struct inside_member *member)
{
	struct seen *seen = payload;
	struct slice value = member->bytes->text;

	assert(slice_has_prefix(member->name, SLICE("page ")));
	assert(value.len && value.len <= seen->file.len);
	assert(inside_holds_others(value) || memmem(value.ptr, value.len, NEEDLE, strlen(NEEDLE)));
	seen->members++;
}

static void on_complaint(void *payload, struct slice name, const char *what)
{
	abort(); /* of values that are members none is complained of */
}

static void read_file(struct seen *seen)
{
	struct inside_limits limits = {.size = seen->file.len};
	const struct inside_wanted wanted = {is_worth, strlen(NEEDLE), is_worth, seen};
	const struct inside_told told = {on_member, on_complaint, seen, &limits, &wanted};
	struct inside *inside = inside_new();
	struct stream stream;
	struct err err;
	int rc;

	stream_from_memory(&stream, seen->file);
	rc = inside_read(inside, inside_kind_of(seen->file), &stream, &told, &err);
	assert(rc == 0 || *err.msg);
	assert(limits.members == seen->members + (limits.over != NULL) && !limits.holds_much);
	/* Of each value it is asked twice. */
	assert(seen->looked_at <= 2 * (seen->file.len * 5 + ((uint64_t)16 << 20)));
	inside_free(inside);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy;

	if (size < 1 + sizeof(magic)) /* the first byte: see seeds.py */
		return 0;
	copy = xmalloc(--size);
	memcpy(copy, data + 1, size);
	memcpy(copy, magic, sizeof(magic));
	read_file(&(struct seen){.file = slice_of(copy, size)});
	free(copy);
	return 0;
}
