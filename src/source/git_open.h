/*
 * A repository as libgit2 sees it, without what its configuration includes: an
 * include may name any file, and one that is broken or cannot be read would make
 * the repository unreadable.
 */
#ifndef SOURCE_GIT_OPEN_H
#define SOURCE_GIT_OPEN_H

#include "source/repo_config.h"

#include <git2.h>

/*
 * Opens a git directory as a bare one, so that core.worktree and core.bare are not
 * even looked at, and reads its configuration into *config, which may have a problem.
 * HF_EGIT with a reason when it cannot be opened, or its format is not known here;
 * else the caller frees *out and disposes of *config.
 */
int git_open(git_repository **out, const char *git_dir, struct repo_config *config,
	     struct err *err);

/* What the user and the system have configured, for git's conditional includes
 * where git lies. HF_EGIT when a file is broken. Caller frees. */
int git_open_user_config(git_config **out, git_repository *git, struct err *err);

#endif
