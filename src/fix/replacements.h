/*
 * The file that `git filter-repo --replace-text` takes to write a history anew without
 * its secrets. It holds them in clear: the user asked for it by name, and it is for nobody
 * else to read. That it lies where git does not take it up is up to the caller.
 *
 * Format: git-filter-repo(1), --replace-text.
 */
#ifndef FIX_REPLACEMENTS_H
#define FIX_REPLACEMENTS_H

#include "base/err.h"
#include "hfscan.h"

struct replacements {
	int fd;
	uint64_t written; /* secrets */
	uint64_t left;    /* of which a line cannot tell */
};

/*
 * Makes the file, mode 0600. HF_EUSAGE when it is there already, also as a link; HF_EIO
 * when it cannot be made. End with replacements_close().
 */
int replacements_open(struct replacements *out, const char *path, struct err *err);

/* Writes each secret once that leaked into the history of a repository, in clear: the
 * findings have to have kept it. */
int replacements_write(struct replacements *r, const struct result *result, struct err *err);

int replacements_close(struct replacements *r, struct err *err);

#endif
