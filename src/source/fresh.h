/*
 * A first look at what some commits bring: all objects that are reached from some tips
 * and not from some others, and a few more; never fewer. Costs what these are, not
 * what the repository is. It says only whether there may be something: the history
 * (history.h) is asked then, which knows what was there before.
 */
#ifndef SOURCE_FRESH_H
#define SOURCE_FRESH_H

#include "source/source.h"

#include "source/pack/oid.h"

struct fresh_options {
	const struct oids *tips, *had; /* as in struct history_options */
	const char *objects, *more_objects;
	size_t commits_max;
};

/*
 * Gives the sink, on worker 0, the documents; they tell where they are to nobody. 0
 * when all were given; else something has to be asked of the history: HF_ELIMIT when
 * there are more commits than commits_max, HF_EGIT when an object cannot be read.
 */
int fresh_scan(const struct repository *repository, const struct fresh_options *options,
	       const struct sink *sink, struct err *err);

#endif
