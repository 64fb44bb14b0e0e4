/* One object, read by itself. */
#include "source/pack/odb_private.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

struct one {
	unsigned char *bytes;
	size_t len;
	struct err *err;
	int rc;
};

static void keep_bytes(void *payload, const struct pack *pack, uint32_t node, struct slice bytes)
{
	struct one *one = payload;

	one->bytes = (unsigned char *)xmemdup0(bytes.ptr, bytes.len);
	one->len = bytes.len;
	one->rc = 0;
}

static void keep_large(void *payload, const struct pack *pack, uint32_t node, struct stream *bytes)
{
	struct one *one = payload;

	one->rc = err_set(one->err, HF_ELIMIT, "it is too large to be held");
}

static void keep_error(void *payload, const struct pack *pack, uint32_t node, const struct err *why)
{
	struct one *one = payload;

	*one->err = *why;
	one->rc = why->code;
}

static void keep_postponed(void *payload, const struct pack *pack, uint32_t node)
{
	keep_large(payload, pack, node, NULL);
}

static int read_packed(struct odb *odb, struct odb_place place, uint64_t max_bytes, struct one *one)
{
	struct rebuild_sink sink = {.object = keep_bytes,
				    .large = keep_large,
				    .broken = keep_error,
				    .postponed = keep_postponed,
				    .payload = one};
	uint32_t node = odb->packs[place.store].node_of[place.at];

	if (node == PACK_NO_NODE || odb->packs[place.store].nodes[node].type == OBJECT_NONE)
		return err_set(one->err, HF_EFORMAT, "it cannot be found in its pack");
	if (!odb->reader || odb->reader_max != max_bytes) {
		rebuilder_free(odb->reader);
		odb->reader = rebuilder_new(max_bytes);
		odb->reader_max = max_bytes;
	}
	rebuild(odb->reader, &odb->packs[place.store], &node, 1, &sink);
	return one->rc;
}

static int read_loose_whole(struct odb *odb, struct odb_place place, uint64_t max_bytes,
			    struct one *one)
{
	const struct loose *loose = &odb->loose[place.at];
	struct inflater *inflater;
	struct loose_file file;
	int rc = loose_open(&file, odb->dirs.list[loose->dir], &loose->oid, one->err);

	if (rc < 0)
		return rc;
	odb->loose_types[place.at] = (uint8_t)file.type;
	if (file.size > max_bytes) {
		loose_close(&file);
		return err_set(one->err, HF_ELIMIT, "it is too large to be held");
	}
	inflater = inflater_new();
	rc = loose_read(&file, inflater, &one->bytes, one->err);
	inflater_free(inflater);
	if (rc == 0) {
		one->len = (size_t)file.size;
		memmove(one->bytes, one->bytes + file.header, one->len);
	}
	loose_close(&file);
	return rc;
}

static int read_place(struct odb *odb, struct odb_place place, uint64_t max_bytes, struct one *one,
		      enum object_type *type)
{
	int rc;

	if (place.store == ODB_LOOSE) {
		rc = read_loose_whole(odb, place, max_bytes, one);
		*type = odb->loose_types[place.at];
		return rc;
	}
	rc = read_packed(odb, place, max_bytes, one);
	if (rc == 0) {
		const struct pack *pack = &odb->packs[place.store];

		*type = pack->nodes[pack->node_of[place.at]].type;
	}
	return rc;
}

int odb_read(struct odb *odb, uint32_t number, uint64_t max_bytes, enum object_type *type,
	     unsigned char **bytes, size_t *len, struct err *err)
{
	struct one one = {.err = err, .rc = HF_EFORMAT};
	int rc = read_place(odb, odb->places[number], max_bytes, &one, type);
	size_t count;
	const struct odb_place *copies = odb_copies(odb, number, &count);

	for (size_t i = 0; rc < 0 && i < count; i++)
		rc = read_place(odb, copies[i], max_bytes, &one, type);
	if (rc < 0)
		return rc;
	*bytes = one.bytes;
	*len = one.len;
	return 0;
}
