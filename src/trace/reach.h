/* Which commits count: those that refs reach, HEAD does, and that were asked for. */
#ifndef TRACE_REACH_H
#define TRACE_REACH_H

#include "source/history.h"

/* Arrays of bool are by place in the list of commits. */
struct reach {
	bool *local, *pushed; /* refs of which kind reach it */
	bool *in_head;        /* HEAD reaches it */
	const bool *asked;    /* it is of the range asked for; NULL: all are. The history's */
	uint8_t *named; /* by number: 1 + enum ref_reach, where a ref or tag names the object */
	size_t head;    /* NO_COMMIT */
};

void reach_find(struct reach *reach, const struct history *h);
void reach_dispose(struct reach *reach);

static inline bool reach_asked(const struct reach *reach, size_t commit)
{
	return !reach->asked || reach->asked[commit];
}

#endif
