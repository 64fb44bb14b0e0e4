/*
 * The shell scripts that are put where git looks for hooks, and how one is known
 * again: it tells the digest of its own text, so that what was edited since is seen.
 */
#ifndef HOOK_SCRIPT_H
#define HOOK_SCRIPT_H

#include "base/buf.h"

struct script {
	const char *name;   /* of the hook: "pre-commit" */
	const char *hfscan; /* the program, absolute; NULL: only PATH is asked */
	bool is_gate;       /* asks hfscan */
	bool runs_own;      /* runs the repository's hook of that name, too, which a folder
			       for all repositories hides from git */
};

/* Appends the text. One that is no gate only runs what is hidden. */
void script_write(struct buf *out, const struct script *script);

enum script_kind {
	SCRIPT_FOREIGN, /* somebody else's */
	SCRIPT_OURS,    /* as it was written, by whatever version */
	SCRIPT_EDITED,  /* ours, and changed since */
};
enum script_kind script_kind(struct slice text);

#endif
