/*
 * Which commits, tags and other objects of a history are asked for: those that some
 * tips reach and some others do not.
 */
#ifndef SOURCE_RANGE_H
#define SOURCE_RANGE_H

#include "base/err.h"
#include "hfscan.h"
#include "source/pack/oid.h"

struct history;
struct history_options;

struct range {
	bool is_all;      /* everything is asked for; the rest is empty then */
	struct oids tips; /* of any type */
	struct oids had;  /* what these reach is not asked for */
	/* Filled by range_find(). */
	bool *asked;          /* by place in the list of commits */
	bool *known;          /* the same: what `had` reaches */
	unsigned char *named; /* by number: RANGE_ bits of tags and of what they lead to */
};
#define RANGE_ASKED 1
#define RANGE_KNOWN 2

/* Takes the options' words for it. HF_ENOTFOUND when there is no such commit as
 * they name. Dispose either way. */
int range_open(struct range *range, const struct repository *repository,
	       const struct history_options *options, struct err *err);
void range_dispose(struct range *range);

/* Follows them, when the history's commits and tags are known. */
void range_find(struct range *range, const struct history *h);

/* Whether a tip leads to that object, by way of tags or at once, and no other does. */
static inline bool range_names(const struct range *range, uint32_t number)
{
	return range->named && range->named[number] == RANGE_ASKED;
}

#endif
