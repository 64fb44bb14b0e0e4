/*
 * Loose objects for libgit2, read by our own reader. libgit2's own does not
 * return from a file that is cut short (seen with 1.5.1 and 1.9.7), as a crash
 * of the machine leaves them.
 */
#ifndef SOURCE_GIT_LOOSE_H
#define SOURCE_GIT_LOOSE_H

#include <git2.h>

/* git's object database, in which loose objects, those of alternates too, are
 * looked for by us, behind the packs and before libgit2 does. Whatever libgit2
 * reads of git's objects from then on comes from there. NULL when it cannot be
 * opened: no object may be asked for then. Caller frees with git_odb_free(). The
 * thread of git's handle, once for each handle. */
git_odb *git_loose_open(git_repository *git);

#endif
