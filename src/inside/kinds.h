/* What the rows of the table of kinds share with those who read them. Nobody outside
 * of this room includes it. */
#ifndef INSIDE_KINDS_H
#define INSIDE_KINDS_H

#include "inside/inside.h"

#include <locale.h>

struct inside_kind {
	unsigned char first, mask; /* the first byte, in those bits */
	bool (*begins)(struct slice beginning);
	bool seeks, markup;
	const char *suffix; /* of the name, where there is one member without any; else NULL */
	bool (*can_read)(struct inside *inside);
	int (*read)(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
		    const struct inside_told *told, struct err *err);
	unsigned how; /* for read() */
};

/* archive.c; how: of enum archive_how */
enum archive_how {
	ARCHIVE_HOW_ZIP,         /* by the directory at its end */
	ARCHIVE_HOW_ZIP_MEMBERS, /* one member after the other; of no kind by itself */
	ARCHIVE_HOW_7Z,
	ARCHIVE_HOW_TAR, /* from here on what stands behind its end is read, too */
	ARCHIVE_HOW_AR,
	ARCHIVE_HOW_CPIO,
	ARCHIVE_HOW_RAR, /* of version 4 and before */
	ARCHIVE_HOW_RAR5,
	ARCHIVE_HOW_GZ, /* from here on what it unpacks to has no name */
	ARCHIVE_HOW_BZ2,
	ARCHIVE_HOW_XZ,
	ARCHIVE_HOW_ZST,
	ARCHIVE_HOW_LZMA,
	ARCHIVE_HOW_LZIP,
	ARCHIVE_HOW_LZ4,
	ARCHIVE_HOW_COMPRESS,
	ARCHIVE_HOW_RPM,
	ARCHIVE_HOW_COUNT,
};
bool archive_can_tell(struct inside *inside);
int archive_tell(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
		 const struct inside_told *told, struct err *err);

/* Whether a string of what is looked for stands in a part, or that is a document which holds
 * others. */
bool inside_is_worth(const struct inside_wanted *wanted, struct slice part);
/* Asked where it is: whether it may hold what is looked for by itself, or is such a document. */
bool inside_is_promising(const struct inside_wanted *wanted, struct slice part);

/* database.c */
int database_tell(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
		  const struct inside_told *told, struct err *err);
/* sqlite_wal.c */
int wal_tell(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
	     const struct inside_told *told, struct err *err);
/* git_pack.c */
int git_pack_tell(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
		  const struct inside_told *told, struct err *err);

/* The library that databases are read with; NULL and *err when it is missing. */
struct libsqlite;
const struct libsqlite *inside_libsqlite(struct inside *inside, struct err *err);

/* The library that archives are read with; NULL and *err when it is missing. */
struct archive_library;
const struct archive_library *inside_archive_library(struct inside *inside, struct err *err);
/* For uselocale(), once the library is there: libarchive gives names as the locale writes
 * them, and none that it cannot write. 0: leaves it as it is. */
locale_t inside_utf8(const struct inside *inside);

#endif
