/*
 * Gives the objects of a pack their bytes, each inflated once: depth first, so
 * that what a delta is applied to was built just before and is still near, and
 * in bounded memory. Any ascending part of a pack's order can be rebuilt by
 * itself, which is how threads share a pack: the bases of its first object are
 * rebuilt first, and again wherever memory had to be given back.
 */
#ifndef SOURCE_PACK_REBUILD_H
#define SOURCE_PACK_REBUILD_H

#include "base/stream.h"
#include "source/pack/pack.h"
#include "source/pack/seams.h"

/* An object that is no delta, is nobody's base and is larger than this is never
 * held whole. */
#define REBUILD_STREAMED ((uint64_t)32 << 20)

/* Who gets the objects; on the thread that calls rebuild(). */
struct rebuild_sink {
	/* bytes: the whole object, valid for the call. */
	void (*object)(void *payload, const struct pack *pack, uint32_t node, struct slice bytes);
	/* One too large to be held whole: pieces, size bytes in all. Where they turn
	 * out to be fewer, or broken, broken() is told too. */
	void (*large)(void *payload, const struct pack *pack, uint32_t node, struct stream *bytes);
	/* It cannot be rebuilt. */
	void (*broken)(void *payload, const struct pack *pack, uint32_t node,
		       const struct err *why);
	/* It takes more than max_bytes: for a rebuilder that may have more. */
	void (*postponed)(void *payload, const struct pack *pack, uint32_t node);
	/*
	 * Blobs of no interest can be passed over quicker than they can be built.
	 * worth(): whether bytes hold one of the strings of seams. kind(): whether a blob is
	 * of interest whatever else it holds, by its first 512 bytes or its last 1024, or
	 * all of it; NULL: none is. clean(): told instead of object() of one of which
	 * neither holds; size bytes. All NULL: every object is given.
	 */
	bool (*worth)(void *payload, struct slice bytes);
	bool (*kind)(void *payload, struct slice bytes);
	const struct seams *seams;
	void (*clean)(void *payload, const struct pack *pack, uint32_t node, uint64_t size);
	void *payload;
};

struct rebuilder;

/* One thread's. max_bytes: what it may hold at once. Caller frees, which wipes
 * what held objects. */
struct rebuilder *rebuilder_new(uint64_t max_bytes);
void rebuilder_free(struct rebuilder *r);

/* Rebuilds nodes, some of one pack in its order. */
void rebuild(struct rebuilder *r, const struct pack *pack, const uint32_t *nodes, uint32_t count,
	     const struct rebuild_sink *sink);

#endif
