/*
 * One worker of a visit: reads objects of packs, by way of a rebuilder, and loose ones,
 * and gives them to the visitor. What it cannot read yet it keeps: what takes more memory
 * than its share, and what is broken here but stored elsewhere, too.
 */
#ifndef SOURCE_PACK_ODB_WORKER_H
#define SOURCE_PACK_ODB_WORKER_H

#include "source/pack/odb_private.h"

struct postponed {
	uint32_t store, rank; /* in its pack's order */
};

/* One thread's. */
struct odb_worker {
	struct odb *odb;
	const struct odb_visit *how;
	const struct odb_visitor *visitor;
	unsigned number;
	struct rebuilder *rebuilder;
	struct inflater *inflater;
	struct stream_buffer buffer;
	const uint32_t *numbers; /* of the pack at work */
	uint32_t store;
	struct postponed *postponed;
	size_t postponed_count, postponed_cap;
	uint32_t *broken; /* numbers of objects that are broken here, but stored elsewhere too */
	size_t broken_count, broken_cap;
	bool is_last; /* there is no more memory to be had: nothing is kept */
};

/* What it borrows must outlive it. */
void odb_worker_open(struct odb_worker *w, struct odb *odb, const struct odb_visit *how,
		     const struct odb_visitor *visitor, unsigned number);
/* Gives back its rebuilder, most of its memory; another may be set, which it owns then. */
void odb_worker_rest(struct odb_worker *w);
void odb_worker_close(struct odb_worker *w);

/* Visits nodes, some of pack number store in its order. */
void odb_worker_pack(struct odb_worker *w, uint32_t store, const uint32_t *nodes, uint32_t count);
/* Visits a loose object, unless it is read elsewhere or not wanted. */
void odb_worker_loose(struct odb_worker *w, uint32_t at);

/* For the visitor, or kept where it is stored elsewhere, too. */
void odb_worker_broken(struct odb_worker *w, uint32_t number, const struct err *why);
/* bytes: the whole object; or stream: one that is too large to be held. */
void odb_worker_object(struct odb_worker *w, uint32_t number, enum object_type type,
		       struct slice bytes, struct stream *stream);

#endif
