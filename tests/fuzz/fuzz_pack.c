/*
 * A folder "objects" of whatever is in it: a pack, its index, and a loose object
 * or a multi-pack-index. Every object has to be told of, as one that was read or
 * as one that is broken, whatever the bytes are.
 *
 * Input: one byte (1: the last part is a multi-pack-index, else a loose object),
 * the lengths of pack and index in four bytes each, big endian, then the parts.
 */
#include "base/alloc.h"
#include "scratch.h"
#include "source/pack/odb.h"

#include <assert.h>

#define MAX_BYTES ((uint64_t)1 << 20)
#define HEADER    ((size_t)9)
#define ALL_TYPES ((1u << OBJECT_TYPES) - (1u << OBJECT_COMMIT))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct slice take(struct slice *from, size_t len)
{
	struct slice part = slice_of(from->ptr, len < from->len ? len : from->len);

	*from = slice_of(from->ptr + part.len, from->len - part.len);
	return part;
}

static void write_objects(struct slice input)
{
	struct slice head = take(&input, HEADER);
	struct slice pack = take(&input, load_be32(head.ptr + 1));
	struct slice index = take(&input, load_be32(head.ptr + 5));
	bool is_midx = head.ptr[0] & 1;

	scratch_make();
	scratch_folder("pack");
	scratch_folder("11");
	scratch_write("pack/pack-0.pack", pack);
	scratch_write("pack/pack-0.idx", index);
	scratch_write("pack/multi-pack-index", is_midx ? input : SLICE(""));
	scratch_write("11/11111111111111111111111111111111111111", is_midx ? SLICE("") : input);
}

/* ---- what is told ---- */

struct telling {
	uint8_t *told; /* by number */
};

static const struct slice NEEDLE = {(const unsigned char *)"abc", 3};

static bool is_worth(void *payload, struct slice bytes)
{
	(void)payload;
	return memmem(bytes.ptr, bytes.len, NEEDLE.ptr, NEEDLE.len);
}

static void on_object(void *payload, unsigned worker, const struct odb_object *object)
{
	struct telling *t = payload;
	struct stream memory, *s = object->stream;
	struct err err;

	(void)worker;
	if (!s) {
		stream_from_memory(&memory, object->bytes);
		s = &memory;
	}
	while (stream_next(s, s->text.len, &err) > 0)
		is_worth(NULL, s->text);
	t->told[object->number] = 1;
}

static void on_broken(void *payload, unsigned worker, uint32_t number, const struct err *why)
{
	struct telling *t = payload;

	(void)worker;
	assert(why->code < 0 && *why->msg);
	t->told[number] = 1;
}

static void on_clean(void *payload, unsigned worker, uint64_t size)
{
	(void)payload, (void)worker, (void)size;
}

static void on_problem(void *payload, const char *path, const char *what)
{
	(void)payload;
	assert(*path && *what);
}

/* ---- the visits ---- */

static void visit(struct odb *odb, bool passes_over, const uint64_t *wanted)
{
	struct seams *seams = seams_new(&NEEDLE, 1);
	struct telling telling = {.told = xcalloc(odb_count(odb), 1)};
	struct odb_visit how = {
		.jobs = 1, .types = ALL_TYPES, .wanted = wanted, .max_bytes = MAX_BYTES};
	struct odb_visitor visitor = {
		.object = on_object, .broken = on_broken, .payload = &telling};

	if (passes_over) {
		visitor.worth = visitor.kind = is_worth;
		visitor.seams = seams;
		visitor.clean = on_clean;
	}
	odb_visit(odb, &how, &visitor);
	for (uint32_t i = 0; i < odb_count(odb); i++)
		assert(passes_over || wanted || telling.told[i]);
	free(telling.told);
	seams_free(seams);
}

static void visit_all(struct odb *odb)
{
	uint64_t *wanted = xcalloc(odb_count(odb) / 64 + 1, sizeof(*wanted));

	for (uint32_t i = 0; i < odb_count(odb); i += 2)
		bit_set(wanted, i);
	visit(odb, false, NULL);
	visit(odb, true, NULL);
	visit(odb, false, wanted);
	free(wanted);
}

static void read_all(struct odb *odb)
{
	for (uint32_t i = 0; i < odb_count(odb); i++) {
		enum object_type type;
		unsigned char *bytes;
		struct err err;
		size_t len;

		assert(odb_find(odb, odb_oid(odb, i)) == i);
		if (odb_read(odb, i, MAX_BYTES, &type, &bytes, &len, &err) < 0)
			continue;
		assert(type > OBJECT_NONE && type < OBJECT_TYPES && len <= MAX_BYTES);
		free(bytes);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct odb *odb;

	if (size < HEADER)
		return 0;
	write_objects(slice_of(data, size));
	odb = odb_open(scratch, 1, on_problem, NULL);
	visit_all(odb);
	read_all(odb);
	odb_free(odb);
	return 0;
}
