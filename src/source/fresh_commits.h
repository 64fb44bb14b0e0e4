/* Which commits some tips reach and some others do not, by a walk from the newest on. */
#ifndef SOURCE_FRESH_COMMITS_H
#define SOURCE_FRESH_COMMITS_H

#include "base/err.h"
#include "source/oid_set.h"

#include <git2.h>

struct fresh_commit {
	git_commit *commit; /* NULL: it is not there, or no commit */
	int64_t time;
	bool known;  /* the others reach it */
	bool waits;  /* to be looked at */
	bool passed; /* it was looked at */
};

/* Begins with git, and the rest 0. Dispose. */
struct fresh_commits {
	git_repository *git;
	struct oid_set set;
	struct fresh_commit *list; /* by place in the set */
	size_t cap;
	size_t *heap; /* places of those that wait, the newest first */
	size_t heap_count, heap_cap;
	size_t waiting; /* of those, how many are not known */
};

/* Starts from a commit; one that is not there is HF_EGIT, unless it is known. */
int fresh_commits_start(struct fresh_commits *c, const unsigned char *oid, bool known,
			struct err *err);
/* Afterwards list[] has those that are asked for: passed and not known. Where clocks
 * went wrong, there may be more of them than have to be. HF_ELIMIT: more than max. */
int fresh_commits_walk(struct fresh_commits *c, size_t max, struct err *err);
void fresh_commits_dispose(struct fresh_commits *c);

#endif
