/* What each kind of archive takes: what is switched on of libarchive, and what its headers are
 * asked for before that gets to see it. */
#ifndef INSIDE_ARCHIVE_HOWS_H
#define INSIDE_ARCHIVE_HOWS_H

#include "inside/archive_library.h"
#include "inside/kinds.h"

/* Switches on what reads it, and nothing else. HF_ENOTFOUND and *err where this libarchive has no
 * reader of its own: it would run a program. */
int archive_how_allow(const struct archive_library *lib, struct archive *a, enum archive_how how,
		      struct err *err);

/* When a was opened: it takes that filter once, and not what it unpacks to once more, of which
 * nothing would be told, nor counted. Else negative and *err. */
int archive_how_is_open(const struct archive_library *lib, struct archive *a, enum archive_how how,
			struct err *err);

struct archive_asked {
	uint64_t memory;  /* bytes that it takes to unpack it; 0: few, or nobody knows */
	uint64_t members; /* UINT64_MAX: it does not say */
	bool is_broken;   /* they do not add up: what can be read is read, and that is told */
};
/* outer is at its first window, or can be read at any place. Negative and *err where it is not to
 * be opened. */
int archive_how_ask(const struct archive_library *lib, enum archive_how how,
		    const struct stream *outer, struct archive_asked *asked, struct err *err);

#endif
