/* Files that somebody may have put there to do harm, read whole. */
#ifndef BASE_SMALL_FILE_H
#define BASE_SMALL_FILE_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Appends what path, as openat() takes it from dir, holds: at most out->max bytes.
 * Waits for nothing: what is no regular file is refused. follow: it may be a link.
 * HF_ENOTFOUND when there is none; HF_EIO or HF_ELIMIT with the reason.
 */
int small_file_read(struct buf *out, int dir, const char *path, bool follow, struct err *err);

#endif
