/*
 * Walks a folder with all that is below it, by several threads: plain folders
 * whole, repositories as far as git would publish them.
 */
#ifndef SOURCE_WALK_H
#define SOURCE_WALK_H

#include "source/source.h"

/*
 * top: opens the root folder; root: how the root is named in provenance.
 * start: the folder to begin with, relative to top, "" for top itself. Where
 * start is not "", top is the top of the work tree that start lies in.
 */
int walk(const char *top, const char *root, const char *start, const struct source_options *options,
	 const struct sink *sink, struct err *err);

#endif
