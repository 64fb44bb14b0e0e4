/* A file of git's, as memory. Packs and their indexes never change once they
 * are written; other files are not mapped (base/stream.h says why). */
#ifndef SOURCE_PACK_MAPPED_H
#define SOURCE_PACK_MAPPED_H

#include "base/err.h"
#include "base/slice.h"

/* Maps the whole of path, read only. HF_ENOTFOUND when there is none, HF_EIO
 * otherwise; an empty file gives an empty slice. Caller calls mapped_dispose(). */
int mapped_open(struct slice *out, const char *path, struct err *err);
void mapped_dispose(struct slice *mapped);

#endif
