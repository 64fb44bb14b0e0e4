/* The name that an object's type and contents give it (gitformat-pack(5)): SHA-1. */
#ifndef SOURCE_PACK_OBJECT_ID_H
#define SOURCE_PACK_OBJECT_ID_H

#include "base/stream.h"
#include "source/pack/pack.h"

/* "blob" and so on; type is none of NONE and TYPES. Static. */
const char *object_type_name(enum object_type type);

/* Any thread. */
struct oid object_id_of(enum object_type type, struct slice bytes);

/* The same of what goes by, size bytes in all; negative and *err when that fails. */
int object_id_of_stream(struct oid *oid, enum object_type type, struct stream *bytes, uint64_t size,
			struct err *err);

#endif
