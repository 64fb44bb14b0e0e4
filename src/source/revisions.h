/*
 * A few questions about the commits of a repository, ahead of its scan: whether an id is
 * one, what HEAD is, where a ref leads. One thread.
 */
#ifndef SOURCE_REVISIONS_H
#define SOURCE_REVISIONS_H

#include "base/err.h"
#include "source/pack/oid.h"

#include <stdbool.h>

struct revisions;

/* git_dir ends in '/'. HF_EGIT when it cannot be read. Caller frees. */
int revisions_open(struct revisions **out, const char *git_dir, struct err *err);
void revisions_free(struct revisions *revisions);

/* Whether it is a commit, or a tag, that is here. */
bool revisions_have(const struct revisions *revisions, const struct oid *oid);

/* The commit that is checked out; false when there is none. */
bool revisions_head(const struct revisions *revisions, struct oid *oid);

/* What a ref ("refs/tags/v1") names, be it a tag; false when there is no such ref. */
bool revisions_ref(const struct revisions *revisions, const char *name, struct oid *oid);

/* The first two parents that a commit names, whether they are here or not, and how many
 * there are; 0 when it cannot be read. */
unsigned revisions_parents(const struct revisions *revisions, const struct oid *commit,
			   struct oid parents[2]);

#endif
