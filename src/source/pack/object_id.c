#include "source/pack/object_id.h"

#include <nettle/sha1.h>
#include <stdio.h>

const char *object_type_name(enum object_type type)
{
	static const char *const names[OBJECT_TYPES] = {
		[OBJECT_COMMIT] = "commit",
		[OBJECT_TREE] = "tree",
		[OBJECT_BLOB] = "blob",
		[OBJECT_TAG] = "tag",
	};

	return names[type];
}

static void begin(struct sha1_ctx *ctx, enum object_type type, uint64_t size)
{
	char header[32];
	int len = snprintf(header, sizeof(header), "%s %llu", object_type_name(type),
			   (unsigned long long)size);

	sha1_init(ctx);
	sha1_update(ctx, (size_t)len + 1, (const uint8_t *)header);
}

struct oid object_id_of(enum object_type type, struct slice bytes)
{
	struct sha1_ctx ctx;
	struct oid oid;

	begin(&ctx, type, bytes.len);
	sha1_update(&ctx, bytes.len, bytes.ptr);
	sha1_digest(&ctx, sizeof(oid.raw), oid.raw);
	return oid;
}

int object_id_of_stream(struct oid *oid, enum object_type type, struct stream *bytes, uint64_t size,
			struct err *err)
{
	struct sha1_ctx ctx;
	int rc;

	begin(&ctx, type, size);
	while ((rc = stream_next(bytes, bytes->text.len, err)) > 0)
		sha1_update(&ctx, bytes->text.len, bytes->text.ptr);
	sha1_digest(&ctx, sizeof(oid->raw), oid->raw);
	return rc;
}
