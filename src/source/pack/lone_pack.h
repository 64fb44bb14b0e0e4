/*
 * A pack by itself, outside of any repository and without an index, as one is handed
 * about or inside of a bundle (gitformat-pack(5), gitformat-bundle(5)).
 */
#ifndef SOURCE_PACK_LONE_PACK_H
#define SOURCE_PACK_LONE_PACK_H

#include "base/err.h"
#include "base/stream.h"

struct lone_pack_told {
	/* Whether bytes hold a string of those that are looked for. */
	bool (*worth)(void *payload, struct slice bytes);
	/* An object that does, or is too large to be held and asked about. name: what it is
	 * and its object id, "blob 0123...". Borrowed for the call. */
	void (*object)(void *payload, struct slice name, struct stream *bytes);
	/* Before more than limits->few bytes are held; called once at most. */
	void (*much)(void *payload);
	/* What cannot be read: one line, to be shown as it is. The rest is read. */
	void (*complaint)(void *payload, const char *what);
	void *payload;
};

/* Bytes of objects that may be held at a time. */
struct lone_pack_limits {
	uint64_t few, most;
};

/* Tells of all objects in the pack, or the bundle, that bytes are, each once. HF_EFORMAT
 * when it is neither. One thread. */
int lone_pack_read(struct slice bytes, const struct lone_pack_limits *limits,
		   const struct lone_pack_told *told, struct err *err);

#endif
