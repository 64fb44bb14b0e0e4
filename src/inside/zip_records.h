/*
 * What stands at the places of a zip file: the header before each member, the
 * directory's entries and the record at the end. Whether they agree is zip_parts.h's
 * affair. One thread.
 */
#ifndef INSIDE_ZIP_RECORDS_H
#define INSIDE_ZIP_RECORDS_H

#include "base/stream.h"

#define ZIP_LOCAL_LEN ((size_t)30)
#define ZIP_END_LEN   ((size_t)22)

struct zip_range {
	uint64_t beg, end;
};

/* The file's bytes, a block of which is held. */
struct zip_bytes {
	const struct stream *s;
	unsigned char *block;
	uint64_t block_at;
	size_t block_len;
	uint64_t walked; /* by zip_dictionary(): each byte once, or it is refused */
};

/* s is borrowed, and must be readable at any place. */
void zip_bytes_init(struct zip_bytes *b, const struct stream *s);
/* Wipes. */
void zip_bytes_dispose(struct zip_bytes *b);

/* What a header says of a member. */
struct zip_said {
	unsigned flags, method;
	uint64_t packed, size, local; /* local: where it stands, by the directory */
};

/* Where the first member begins in a range; its end: there is none. */
uint64_t zip_find_local(struct zip_bytes *b, struct zip_range r);
/* What stands before a member at `at`, and where that ends; false: it is none. */
bool zip_read_local(struct zip_bytes *b, uint64_t at, struct zip_said *said, uint64_t *end);
/* Bytes of the entry with which left begins; 0: it is none. */
size_t zip_read_entry(struct zip_bytes *b, struct zip_range left, struct zip_said *said);
/* Whether an entry and what stands before the member say the same of it. */
bool zip_is_same(const struct zip_said *entry, const struct zip_said *local);
/* What the packer of a member looks back on, whose bytes are data: of those for which there
 * is no limit to it; 0: of others, or none can be read. */
uint64_t zip_dictionary(struct zip_bytes *b, unsigned method, struct zip_range data);

/* The end of an archive. */
struct zip_end {
	uint64_t at;   /* of its record */
	uint64_t last; /* behind the directory */
	uint64_t members, size, offset;
};

/* The last in a range that there is, as unzip and Python look for it: near the end. */
bool zip_find_end(struct zip_bytes *b, struct zip_range r, struct zip_end *end);
/* The last that is likely, however far from the end. */
bool zip_find_far_end(struct zip_bytes *b, struct zip_range r, struct zip_end *end);

/* A record with which an archive ends. */
struct zip_record {
	uint64_t at, end; /* end: behind its comment; 0: there is none */
};
/* likely: it makes sense, with members, a directory and room for both before it. */
struct zip_records {
	struct zip_record last, likely;
};
/* Takes the last ones in bytes, which are those of a file from offset on, if there are any. */
void zip_look_for_records(struct zip_records *records, struct slice bytes, uint64_t offset);

#endif
