/*
 * What is let pass because somebody said so: the configuration and the baselines of
 * those who are scanned, each for what lies below it, and the baseline that the user names.
 *
 * It judges when all is scanned and traced, on the thread that runs the scan: which paths
 * an object of history lived at is not known before. Whatever it changes is still
 * found, counted and shown with -v.
 */
#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include "cli/options.h"
#include "scan.h"

struct policy {
	const struct options *options; /* borrowed, as is rules */
	const struct rules *rules;
	struct scan *scan; /* since policy_load() */
	struct covered *places;  /* ordered by root and prefix */
	size_t place_count;
	struct covered *named; /* by --baseline; NULL */
	enum lang lang;        /* of the one repository under scan; LANG_COUNT: it says nothing */
};

/* Reads the baseline that the options name. Negative, and told, when it is no good.
 * policy_dispose() either way. */
int policy_open(struct policy *policy, const struct options *options, const struct rules *rules);

/*
 * Reads what the sources met. What is broken ends the run (negative, and told) where
 * it is that of the one root; of several repositories, each its owner's, the run goes on without it
 * and is incomplete.
 */
int policy_load(struct policy *policy, struct scan *scan);

/* After scan_finish(). The findings may point to rules of the policy from then on. */
void policy_apply(struct policy *policy, struct scan *scan);
void policy_dispose(struct policy *policy);

#endif
