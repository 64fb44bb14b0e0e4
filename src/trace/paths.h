/* The paths at which flagged trees, and what they hold, ever lived. */
#ifndef TRACE_PATHS_H
#define TRACE_PATHS_H

#include "base/buf.h"
#include "trace/trees.h"

/* A tree has more only where somebody tries hard. */
#define PATHS_OF_TREE_MAX 1000

struct paths;

/* is_root[slot]: a commit's own tree. Caller frees. */
struct paths *paths_new(const struct trees *trees, const bool *is_root);
void paths_free(struct paths *paths);

/* The paths of the tree in a slot, as numbers for paths_append(); borrowed. */
const uint32_t *paths_of(const struct paths *paths, uint32_t slot, size_t *count);

/* Appends path to out, with '/' between names; the root is "". */
void paths_append(const struct paths *paths, uint32_t path, struct buf *out);

#endif
