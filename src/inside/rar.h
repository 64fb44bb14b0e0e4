/* What the headers of a .rar file ask for and say, before any of it is unpacked. */
#ifndef INSIDE_RAR_H
#define INSIDE_RAR_H

#include "base/stream.h"

struct rar_headers {
	uint64_t members;
	uint64_t memory;   /* the most that libarchive takes to unpack one of them */
	bool is_part;      /* of several volumes */
	bool is_encrypted; /* as a whole; of version 5: some member is */
	bool is_broken;    /* they lead to nowhere, or are too many: the above is not all */
};

/* s must be readable at any place; of version 4 and before, or 5. */
struct rar_headers rar4_headers(const struct stream *s);
struct rar_headers rar5_headers(const struct stream *s);

#endif
