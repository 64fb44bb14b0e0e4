/* A file of git's, as memory. Packs and their indexes never change once they
 * are written; other files are not mapped (base/stream.h says why), but read line
 * by line. */
#ifndef SOURCE_PACK_MAPPED_H
#define SOURCE_PACK_MAPPED_H

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

#include <stdio.h>
#include <sys/types.h>

/* Maps the whole of path, read only. HF_ENOTFOUND when there is none, HF_EIO
 * otherwise; an empty file gives an empty slice. Caller calls mapped_dispose(). */
int mapped_open(struct slice *out, const char *path, struct err *err);
void mapped_dispose(struct slice *mapped);

/* Opens a file of git's that is a text; what is no regular file is refused, and
 * never waited for. NULL and HF_ENOTFOUND when there is none, else HF_EIO. */
FILE *text_open(const char *path, struct err *err);
/* All of it is appended to out; false when it cannot be, or does not fit. */
bool text_all(FILE *file, struct buf *out);
/* The next line without its end, and a NUL; returns its length, -1 at the end of
 * the file. What does not fit into size is passed over. */
ssize_t text_line(FILE *file, char *line, size_t size);
/* Longer lines than any name that git can store. */
#define TEXT_LINE_MAX ((size_t)16 << 10)

#endif
