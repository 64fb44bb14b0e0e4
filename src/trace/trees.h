/*
 * Which tree holds which. All trees are read once, in the order packs hold them,
 * and what each names is noted; then, from the trees that hold something found,
 * the way up to the commits' own trees is flagged. Only flagged trees matter
 * from there on.
 */
#ifndef TRACE_TREES_H
#define TRACE_TREES_H

#include "trace/targets.h"

/* A tree that names another, or a blob that was found. */
struct tree_edge {
	uint32_t parent; /* a tree: its slot */
	uint32_t child;  /* the slot of a tree, or a target */
	uint32_t name;   /* that the parent gives it */
};

/* Flagged trees have slots, from 0, those that name others before these. */
struct trees {
	struct tree_edge *edges;   /* between flagged trees, ordered by child */
	size_t *edges_beg;         /* by slot: of those whose child it is; slot_count + 1 */
	struct tree_edge *holders; /* of targets, ordered by child, then by parent */
	size_t *holders_beg;       /* by target: of those that hold it; one more */
	size_t edge_count, holder_count;
	uint32_t *slots; /* by number of object; TREES_NO_SLOT: not flagged */
	uint32_t slot_count;
	struct slice *names; /* by number; point into the workers' texts */
	size_t name_count;
	char **texts;
	unsigned text_count;
	bool cut_short; /* there was no room for all */
	bool is_spent;  /* trees were left out: odb_is_spent() */
};
#define TREES_NO_SLOT UINT32_MAX

/* Dispose. */
void trees_read(struct trees *trees, struct history *h, const struct targets *targets);
void trees_dispose(struct trees *trees);

#endif
