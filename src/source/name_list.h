/* Lists of names that another program wrote, or a person: one a line, or with a NUL
 * behind each. */
#ifndef SOURCE_NAME_LIST_H
#define SOURCE_NAME_LIST_H

#include "base/buf.h"
#include "base/err.h"

/* Bytes of names: some ten million of them. */
#define NAME_LIST_MAX ((size_t)1 << 30)

/*
 * Reads the list called name, "-" for standard input, into *out: the names with a
 * NUL behind each but perhaps the last, empty ones for empty lines. Lines may end as
 * on Windows, and begin as there, with a byte order mark. HF_EUSAGE when it cannot be
 * read: without it there is nothing to start with. *out is initialised here; dispose
 * either way.
 */
int name_list_read(struct buf *out, const char *name, bool nul_separated, struct err *err);

#endif
