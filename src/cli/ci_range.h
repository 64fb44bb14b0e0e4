/*
 * Which commits of a repository a CI job has to judge. When that cannot be told it is
 * everything; what cannot be had at all is told as not scanned, so that no job is green
 * by accident.
 */
#ifndef CLI_CI_RANGE_H
#define CLI_CI_RANGE_H

#include "base/buf.h"
#include "cli/ci_change.h"
#include "source/revisions.h"

struct ci_range {
	bool is_whole;    /* everything; tips and had are empty then */
	struct oids tips; /* what these reach is judged, */
	struct oids had;  /* but for what these reach */
	bool is_blind;    /* what should be judged is not here */
	struct buf said;  /* one line on what is judged, and why */
};

/* Dispose either way. change: what the CI system says. */
void ci_range_find(struct ci_range *range, const struct change *change,
		   const struct revisions *revisions);
void ci_range_dispose(struct ci_range *range);

#endif
