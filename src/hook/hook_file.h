/*
 * A hook in a folder of hooks. One that was there before is kept beside ours as
 * NAME.before-hfscan, runs first, and comes back when ours goes. What was edited
 * since, or is another's, is left alone.
 */
#ifndef HOOK_HOOK_FILE_H
#define HOOK_HOOK_FILE_H

#include "base/err.h"
#include "hook/script.h"

enum hook_done {
	HOOK_INSTALLED,
	HOOK_CHAINED, /* installed, and what was there before runs first */
	HOOK_THERE,   /* nothing had to be done */
	HOOK_EDITED,  /* ours, but edited since: left as it is */
	HOOK_REMOVED,
	HOOK_RESTORED, /* removed, and what was there before is back */
	HOOK_ABSENT,   /* there is none of ours */
	HOOK_DONE_COUNT,
};

/* folder, created when it is not there, does not end in '/'. HF_EIO when a file
 * cannot be written, HF_EUSAGE when something is in the way. */
int hook_install(const char *folder, const struct script *script, enum hook_done *done,
		 struct err *err);
int hook_uninstall(const char *folder, const char *name, enum hook_done *done, struct err *err);

/* Whether there is one that asks hfscan. */
bool hook_is_gate(const char *folder, const char *name);
/* Whether there is anything of that name. */
bool hook_exists(const char *folder, const char *name);

#endif
