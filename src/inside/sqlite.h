/*
 * SQLite databases, row by row: what Jupyter, browsers and many programs keep their
 * histories in. Read by libsqlite3 from a copy in memory; nothing that a database brings
 * along is run. Any thread.
 */
#ifndef INSIDE_SQLITE_H
#define INSIDE_SQLITE_H

#include "base/err.h"
#include "inside/sqlite_pages.h"

struct sqlite_told {
	/* Whether a value is worth telling: few are. */
	bool (*worth)(void *payload, struct slice value);
	/* A text (as UTF-8) or blob, and what it is called: "history row 12 column source", any
	 * bytes. Borrowed for the call. */
	void (*value)(void *payload, struct slice name, struct slice value);
	/* What cannot be read: one line, to be shown as it is. The rest is read. */
	void (*complaint)(void *payload, const char *what);
	void *payload;
};

/*
 * Tells every value of every table of the database that bytes are, at most
 * SQLITE_BYTES_MAX, two bytes of which it may change. Reads no view, no virtual table and
 * no column that is computed.
 */
struct libsqlite;
void sqlite_read(const struct libsqlite *lib, unsigned char *bytes, size_t len,
		 const struct sqlite_told *told);

#endif
