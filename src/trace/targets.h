/*
 * What is asked: each object in which something was found, and of a tree each
 * name that was found in it. Versions of a folder that have one name in common
 * share one answer.
 */
#ifndef TRACE_TARGETS_H
#define TRACE_TARGETS_H

#include "source/history.h"

struct target {
	uint32_t number;   /* of its object */
	struct slice name; /* in a tree; ptr NULL: it is no tree */
	uint32_t holders;  /* the target under which what holds it is noted: for a name, the
			      first that has it */
	uint32_t alias;    /* the target whose answer is its own too; itself, unless
			      trace.c finds a better one */
};

/* Ordered by number, then name. */
struct targets {
	struct target *list;
	uint32_t count;
	uint32_t *by_name; /* of those with a name, one for each name, ordered by it */
	uint32_t name_count;
};

/* Reads the trees among h->found. Dispose. */
void targets_list(struct targets *targets, struct history *h);
void targets_dispose(struct targets *targets);

#define NO_TARGET UINT32_MAX
/* The target that is this object, and the one under which holders of this name
 * are noted; or NO_TARGET. */
uint32_t targets_find(const struct targets *targets, uint32_t number);
uint32_t targets_find_name(const struct targets *targets, struct slice name);

#endif
