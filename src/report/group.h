/*
 * Findings by secret: one token in forty places is one problem with forty
 * places. Borrows everything from the result it was made of.
 */
#ifndef REPORT_GROUP_H
#define REPORT_GROUP_H

#include "hfscan.h"

/* Whether it is in today's files or HEAD, and not only in the history. */
bool finding_is_present(const struct finding *finding);

/* The places of one secret that share a verdict, furthest exposure first; of
 * equals, those in today's files before the history's, these by the age of
 * their commits, the oldest first; then in the order of the result. Of equals in
 * today's files a file where a token may stay does not come first, and of the
 * others one of the highest severity does. */
struct group {
	const struct finding **places;
	size_t count;
	const struct finding *first; /* the earliest of them in the result */
	bool is_present; /* one of them is in today's files or HEAD, not only in the history */
};

/* By verdict, then furthest exposure, then first place. */
struct groups {
	struct group *list;
	size_t count;
	const struct finding **places; /* private: what the groups point into */
};

/* Takes the findings whose verdict has its bit (1u << verdict) in verdicts. */
void groups_init(struct groups *groups, const struct result *result, unsigned verdicts);
void groups_dispose(struct groups *groups);

#endif
