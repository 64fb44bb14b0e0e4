/*
 * Files that were named one by one, as PATH or in a list: scanned whatever the
 * ignore rules, and still told how far they got when they lie in a repository.
 * One struct named serves one thread.
 */
#ifndef SOURCE_NAMED_H
#define SOURCE_NAMED_H

#include "source/tree.h"
#include "source/visit.h"

struct named {
	struct visitor visitor;
	struct source_options options;
	bool by_user;      /* each by hand, not in a list */
	char *folder;      /* of the file before; NULL at first */
	char *real;        /* the same with links resolved; NULL when it cannot be */
	char *top;         /* of the work tree that folder lies in, or NULL */
	struct tree *tree; /* the repository with that top, or NULL */
};

/* Of options, jobs and settings count. */
void named_init(struct named *n, const struct sink *sink, unsigned worker,
		const struct source_options *options);
void named_dispose(struct named *n);

/* What the path of the file scanned last is relative to; borrowed until the next. */
const char *named_root(const struct named *n);

/* Scans the file; what is no file that can be read is told to the sink. */
void named_visit(struct named *n, const char *path);

#endif
