/*
 * All objects of a repository: packs, loose ones, and those of the repositories
 * it borrows from (objects/info/alternates). Each has a number, by ascending
 * name, and is visited once, however often it is stored.
 */
#ifndef SOURCE_PACK_ODB_H
#define SOURCE_PACK_ODB_H

#include "base/stream.h"
#include "source/pack/object_dirs.h"
#include "source/pack/pack.h"
#include "source/pack/seams.h"

#define ODB_NO_OBJECT UINT32_MAX

struct odb;

/*
 * Opens the folder "objects" of a repository. What cannot be used is told, and
 * left out. Uses as many threads as jobs. Never fails: a folder that is not there holds nothing,
 * and says so. Caller frees. Frozen once opened: any thread, but for odb_read().
 */
struct odb *odb_open(const char *objects, unsigned jobs, odb_problem_fn problem, void *payload);
/* The same, with more folders as object_dirs_list() takes them; NULL. */
struct odb *odb_open_with(const char *objects, const char *more, unsigned jobs,
			  odb_problem_fn problem, void *payload);
void odb_free(struct odb *odb);

uint32_t odb_count(const struct odb *odb);
/* The number of the object of that name (20 bytes), or ODB_NO_OBJECT. */
uint32_t odb_find(const struct odb *odb, const unsigned char *oid);
/* The numbers of count objects at once: several times as fast, since their places
 * are fetched from memory while others are looked at. */
#define ODB_FIND_MANY 64
void odb_find_many(const struct odb *odb, const struct oid *oids, size_t count, uint32_t *numbers);
/* Its name, 20 bytes, borrowed. */
const unsigned char *odb_oid(const struct odb *odb, uint32_t number);
/* OBJECT_NONE for loose ones that were not yet visited, and where it cannot be
 * known. */
enum object_type odb_type(const struct odb *odb, uint32_t number);
/* Whether a pack's deltas came to so much that the rest of it is told as broken: a
 * pack of 200 kB can come to 150 GB. */
bool odb_is_spent(const struct odb *odb);
/* The folders it is read from: its own first, then those it borrows from. */
const struct object_dirs *odb_dirs(const struct odb *odb);
/* Whether a pack came from a partial clone's server, so that objects may be
 * left out on purpose. */
bool odb_is_partial(const struct odb *odb);

struct odb_object {
	uint32_t number;
	enum object_type type;
	struct slice bytes;    /* the whole of it, for the call */
	struct stream *stream; /* not NULL: too large to be held, to be read from here */
};

/* Called by all workers at once, each with its number. */
struct odb_visitor {
	void (*object)(void *payload, unsigned worker, const struct odb_object *object);
	void (*broken)(void *payload, unsigned worker, uint32_t number, const struct err *why);
	/* As in pack/rebuild.h: blobs that hold nothing of interest are told by
	 * clean() alone. All NULL: every object is given. */
	bool (*worth)(void *payload, struct slice bytes);
	bool (*kind)(void *payload, struct slice bytes);
	const struct seams *seams;
	void (*clean)(void *payload, unsigned worker, uint64_t size);
	void *payload;
};

/* For several databases that are read at the same time, by a thread or more each, and
 * together may hold max_bytes. What needs all of it waits until nobody else reads. */
struct odb_gate {
	unsigned parts; /* databases at once, at least 1 */
	/* begin: returns when this thread is the only one; end: lets others go on. */
	void (*begin)(void *payload);
	void (*end)(void *payload);
	void *payload;
};

struct odb_visit {
	unsigned jobs;
	unsigned types;              /* bits (1u << type) */
	const uint64_t *wanted;      /* a bit for each number; NULL: all */
	uint64_t max_bytes;          /* what all workers together may hold of objects */
	const struct odb_gate *gate; /* NULL: no other database is read meanwhile */
};

/* Visits every object asked for, in no order. */
void odb_visit(struct odb *odb, const struct odb_visit *how, const struct odb_visitor *visitor);

/* What one of so many workers may hold at any time. */
uint64_t odb_share(uint64_t max_bytes, unsigned jobs, const struct odb_gate *gate);

/* The whole object, allocated; the caller wipes and frees it. HF_ELIMIT when it
 * is larger than max_bytes. One thread at a time. */
int odb_read(struct odb *odb, uint32_t number, uint64_t max_bytes, enum object_type *type,
	     unsigned char **bytes, size_t *len, struct err *err);

static inline bool bit_get(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static inline void bit_set(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= (uint64_t)1 << i % 64;
}

#endif
