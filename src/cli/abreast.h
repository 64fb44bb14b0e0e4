/*
 * Histories of many repositories. Threads bring a small one little: it is over before
 * they have divided it. So small ones are read side by side, a thread each.
 */
#ifndef CLI_ABREAST_H
#define CLI_ABREAST_H

#include "scan.h"
#include "source/history.h"

/* Which repositories' histories were read already. Begins as {0}. */
struct abreast {
	bool *done; /* by number, less 1 */
	unsigned known;
};

/* The history of one repository, with where what was found comes from, into sink,
 * which is the scan's. Negative when the commits that how names are not there. */
int read_history(const struct repository *repository, unsigned number,
		 const struct history_options *how, const struct sink *sink, struct scan *scan,
		 struct err *err);

/* Reads the small ones of the repositories that sources met since the last time,
 * with how->jobs threads; together they hold no more than how->max_bytes. None
 * where how asks for certain commits. */
void abreast_run(struct abreast *abreast, struct scan *scan, const struct history_options *how);

bool abreast_has(const struct abreast *abreast, unsigned number);
void abreast_dispose(struct abreast *abreast);

#endif
