/*
 * Which commits hold what: targets are asked 64 at a time. A word for each tree
 * and each commit says which of them it holds, carried upwards from the trees
 * that hold them. One was brought in where it is in a commit's word and in no
 * parent's.
 */
#ifndef TRACE_HOLDING_H
#define TRACE_HOLDING_H

#include "trace/paths.h"
#include "trace/reach.h"
#include "trace/targets.h"
#include "trace/trees.h"

#define HOLDING_BATCH 64

/* What the walk over commits finds out of one target. */
struct answer {
	size_t commit, removed; /* places in the list; NO_COMMIT */
	bool local, pushed, in_head;
	bool known; /* a commit has it that those asked for build on */
	bool named; /* a tag leads to it that was asked for */
};

struct holding {
	const struct history *h;
	const struct targets *targets;
	const struct trees *trees;
	const struct paths *paths;
	const struct reach *reach;
	uint64_t *in_trees;   /* by slot */
	uint64_t *in_commits; /* by place in the list of commits */
	uint64_t *had;        /* the same: whether it or one it reaches holds it */
	uint64_t local, pushed, in_head, known; /* what any commit said of the batch */
	size_t *order;                          /* of all commits, parents first */
	uint32_t *named_trees;                  /* flagged trees that a ref or tag names */
	size_t named_count, named_cap;
};

/* All are borrowed. Dispose. */
void holding_open(struct holding *holding, const struct history *h, const struct targets *targets,
		  const struct trees *trees, const struct paths *paths, const struct reach *reach);
void holding_dispose(struct holding *holding);

/* Fills answers[batch[i]] for as many targets, HOLDING_BATCH at most. */
void holding_answer(struct holding *holding, const uint32_t *batch, size_t count,
		    struct answer *answers);

/* The trees that hold a target, in the order of their slots: edges whose parent
 * is the tree, and whose name is what it gives the target. Of a target with a
 * name, all that have a thing of that name. */
const struct tree_edge *holders_of(const struct trees *trees, uint32_t target, size_t *count);

#endif
