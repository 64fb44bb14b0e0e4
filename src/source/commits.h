/*
 * The graph of a repository's commits, as the objects themselves tell it:
 * replacements and grafts do not count, since what they hide is published too.
 */
#ifndef SOURCE_COMMITS_H
#define SOURCE_COMMITS_H

#include "source/pack/odb.h"

struct commit {
	uint32_t number; /* of its object */
	uint32_t tree;   /* ODB_NO_OBJECT: missing */
	uint32_t parents_beg;
	uint32_t parent_count;
	int64_t time; /* of the committer, seconds since 1970 */
};

/* What stands for a parent that is not there, and for one that is no commit. */
#define PARENT_MISSING UINT32_MAX
#define PARENT_OTHER   (UINT32_MAX - 1)

/* Ordered by number. Of parents, list[].parents_beg on count; they are places in
 * the list, or one of the above. */
struct commits {
	struct commit *list;
	size_t count, cap;
	uint32_t *parents;
	size_t parent_count; /* of the array, in which other numbers stand too */
	struct oid *names;   /* of each commit's tree and parents, until commits_settle() */
	size_t name_count, name_cap;
	struct missing_name {
		size_t at; /* in parents */
		struct oid oid;
	} * missing; /* names of what is not there, by place */
	size_t missing_count, missing_cap;
	uint32_t *places; /* by number of object; UINT32_MAX: no commit */
	uint32_t objects;
};

/* Reads a commit object and adds it. HF_EFORMAT when it is none. */
int commits_add(struct commits *commits, uint32_t number, struct slice bytes, struct err *err);
/* Moves all of from to the end of commits. */
void commits_join(struct commits *commits, struct commits *from);
/* Call when all were added: finds their trees and parents, and orders them. */
void commits_settle(struct commits *commits, const struct odb *odb, unsigned jobs);
void commits_dispose(struct commits *commits);

#define NO_COMMIT SIZE_MAX
/* The place in the list of the commit that is this object, or NO_COMMIT. */
size_t commits_find(const struct commits *commits, uint32_t number);

/* The place in the list of a commit's parent, or NO_COMMIT. */
size_t commits_parent(const struct commits *commits, const struct commit *commit, uint32_t i);

/* The name behind a PARENT_MISSING at a place in parents (a commit's tree stands
 * right before its parents). */
const struct oid *commits_missing(const struct commits *commits, size_t at);

/* Sets mark[i] for every commit that those already marked reach. */
void commits_reach(const struct commits *commits, bool *mark);

/*
 * Lists all commits, parents before children. Where names contradict each other
 * so that there is a ring, it is cut somewhere.
 */
void commits_order(const struct commits *commits, size_t *out);

#endif
