/*
 * Whether a match is a credential or only looks like one. Nothing is dropped:
 * a match that is no leak keeps a verdict and the reason for it.
 *
 * Pure functions of their arguments; any thread.
 * The criteria and their measured losses come from simulation on random
 * bodies; tests/unit/test_placeholder.c repeats it on a million of them.
 */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

#include "hfscan.h"

struct judgement {
	enum verdict verdict;
	const char *reason; /* a static string, NULL when the rule's own verdict stands */
};

/* secret: the matched bytes, prefix included. */
struct judgement judge_secret(const struct rule *rule, struct slice secret);

#endif
