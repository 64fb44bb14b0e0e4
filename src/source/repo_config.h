/*
 * What counts for us of a repository's own configuration, .git/config. What it
 * includes counts for nothing, as for git itself where it decides about a
 * repository's format. One that is broken hides nothing: git does not go on, we do,
 * and say so.
 */
#ifndef SOURCE_REPO_CONFIG_H
#define SOURCE_REPO_CONFIG_H

#include "base/err.h"

#include <stdbool.h>

struct repo_config {
	long version;        /* core.repositoryFormatVersion; -1: no number */
	const char *refusal; /* why an extension stands in the way; NULL */
	bool has_unknown_extension;
	bool has_include;
	bool ignore_case;
	bool has_work_tree; /* core.bare says so, or core.worktree */
	char *excludes;     /* core.excludesFile as it is written, or NULL */
	char problem[160];  /* why it is not all of it; "" */
};

/* Reads the file as far as that can be done; one that is not there sets nothing.
 * Caller disposes. */
void repo_config_read(struct repo_config *config, const char *path);
void repo_config_dispose(struct repo_config *config);
/* HF_EGIT and the reason when the repository's format is not known here. */
int repo_config_check(const struct repo_config *config, struct err *err);

#define REPO_CANNOT_OPEN    "cannot open the repository"
#define REPO_SHA256_REFUSAL "it names objects by SHA-256, which is not supported"

/* The extensions that are known. */
#define REPO_EXTENSIONS 7
void repo_config_extensions(const char *names[REPO_EXTENSIONS]);

#endif
