/*
 * A database: where its pages say that no value holds what is looked for, none does that
 * libsqlite3 reads, and to say so takes no more than its size explains.
 */
#include "base/alloc.h"
#include "inside/libsqlite.h"
#include "inside/sqlite.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NEEDLE "needle"

struct seen {
	uint64_t looked_at;
	bool needle, complaint;
};

static bool is_worth(void *payload, struct slice bytes)
{
	((struct seen *)payload)->looked_at += bytes.len;
	return memmem(bytes.ptr, bytes.len, NEEDLE, strlen(NEEDLE)) != NULL;
}

/* Of a value of a schema, something else may be made. */
static void on_value(void *payload, struct slice name, struct slice value)
{
	struct seen *seen = payload;

	seen->needle |= !slice_has_prefix(name, SLICE("sqlite_master"));
}

static void on_complaint(void *payload, const char *what)
{
	((struct seen *)payload)->complaint = true;
}

static bool must_be_read(struct slice bytes, struct seen *seen)
{
	const struct inside_wanted wanted = {is_worth, strlen(NEEDLE), is_worth, seen};
	struct sqlite_pages *pages = sqlite_pages_new(&wanted);
	bool must;

	for (size_t at = 0; at < bytes.len; at += 65536)
		sqlite_pages_add(pages, slice_of(bytes.ptr + at,
						 bytes.len - at < 65536 ? bytes.len - at : 65536));
	must = sqlite_pages_end(pages);
	sqlite_pages_free(pages);
	/* Pages, their values twice, and what goes on elsewhere, with both sides of the cut. */
	assert(seen->looked_at <= 5 * bytes.len);
	return must;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = {0, false, false};
	const struct sqlite_told told = {is_worth, on_value, on_complaint, &seen};
	unsigned char *copy;
	struct libsqlite lib;
	struct err err;
	bool must;

	if (!size--) /* the first byte: see seeds.py */
		return 0;
	data++;
	must = must_be_read(slice_of(data, size), &seen);
	copy = xmalloc(size);
	if (size)
		memcpy(copy, data, size);
	if (libsqlite_load(&lib, &err) == 0) {
		sqlite_read(&lib, copy, size, &told);
		libsqlite_unload(&lib);
	}
	assert(must || seen.complaint || !seen.needle);
	free(copy);
	return 0;
}
