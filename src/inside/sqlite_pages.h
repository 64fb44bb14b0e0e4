/*
 * A look at a database's pages (sqlite.org/fileformat2.html), to know whether it has to
 * be read row by row, which takes ten times as long as searching its bytes. Those hide
 * something in two ways: a value that does not fit into its page goes on in others,
 * wherever they are, and a value that fits has others right before and behind it, so
 * that nobody sees where it begins and ends. One thread.
 */
#ifndef INSIDE_SQLITE_PAGES_H
#define INSIDE_SQLITE_PAGES_H

#include "inside/inside.h"

#define SQLITE_MAGIC SLICE("SQLite format 3\0")
/* More is not read row by row. */
#define SQLITE_BYTES_MAX ((size_t)256 << 20)

/* wanted is borrowed. Caller frees. */
struct sqlite_pages;
struct sqlite_pages *sqlite_pages_new(const struct inside_wanted *wanted);
void sqlite_pages_free(struct sqlite_pages *p);

/* The next bytes of the file: some times 64 KiB, unless they are the last. False when rows
 * have to be read, whatever follows. */
bool sqlite_pages_add(struct sqlite_pages *p, struct slice bytes);

/* When all was added: whether rows have to be read, since some value may hold it, text is
 * in UTF-16, or pages do not add up. Call once. */
bool sqlite_pages_end(struct sqlite_pages *p);

#endif
