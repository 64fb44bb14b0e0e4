/*
 * What lies at the top of a repository, or of a folder that is named, to say how it
 * wants to be scanned. Here it is only read, from the files or from the index, and
 * told to the sink; what it may say is not the sources' business.
 */
#ifndef SOURCE_SETTINGS_H
#define SOURCE_SETTINGS_H

#include "source/repo.h"
#include "source/source.h"

/* Tells what the folder `top`, which is prefix below root, has; a folder without
 * costs as many calls of open() as there are names. Only with SETTINGS_FILES. */
void settings_tell_folder(const struct sink *sink, unsigned worker,
			  const struct source_options *options, const char *root,
			  struct slice prefix, const char *top);

/* The same of a repository: with SETTINGS_INDEX, of what the index has at its top. */
void settings_tell_repo(const struct sink *sink, unsigned worker,
			const struct source_options *options, const char *root, struct slice prefix,
			struct repo *repo);

#endif
