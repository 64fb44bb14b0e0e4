/*
 * How a finding's path is named to somebody who stands in a certain folder.
 * Works on names only and never looks at the disk; quoting is the caller's.
 */
#ifndef REPORT_PATH_H
#define REPORT_PATH_H

#include "base/buf.h"

/*
 * Appends what opens the file from cwd (absolute): root and path joined, and
 * without cwd in front where the file lies below it. A root of "." or NULL,
 * or an absolute path, leaves path alone; an empty path is the root itself.
 */
void path_show(struct buf *out, const char *cwd, const char *root, struct slice path);

/* Appends the same file's name from "/" on, as far as names alone can tell:
 * with cwd in front where what path_show() gives is relative. */
void path_show_whole(struct buf *out, const char *cwd, const char *root, struct slice path);

#endif
