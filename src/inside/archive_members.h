/* What libarchive says of an archive, member by member. */
#ifndef INSIDE_ARCHIVE_MEMBERS_H
#define INSIDE_ARCHIVE_MEMBERS_H

#include "inside/archive_library.h"
#include "inside/kinds.h"
#include "inside/xz.h"

/* An archive at work. */
struct archive_opened {
	struct inside *inside;
	const struct archive_library *lib;
	struct archive *a;
	enum archive_how how;
	const struct inside_told *told;
	struct stream_buffer buffer;
	uint64_t count; /* members so far */
	bool is_much;   /* inside_take_much() was called */
	struct xz_walk xz;
	const char *refused; /* why libarchive was not given any more; NULL */
	bool said_damage;    /* of a member */
	bool is_whole;       /* the container is a document, and not what another one unpacks to */
	/* the member's: */
	const unsigned char *block;
	size_t block_len;
	const unsigned char *behind; /* the block behind a hole that is shown first */
	size_t behind_len;
	int64_t at;      /* of the first byte not yet handed out */
	const char *why; /* it was not read, or not to its end; NULL */
	bool ended;
	bool is_lost; /* its bytes ended too early, which may end the archive, too */
};

/* What libarchive last complained of, in words of ours: its own may hold names, and bytes,
 * of the archive. */
const char *archive_reason(const struct archive_opened *o);

/* Tells all members from where o->a is, and complains of each. Negative and *err when it
 * cannot be read any further and that was not yet said. */
int archive_tell_all(struct archive_opened *o, struct err *err);
/* Tells s, which has no name, as one more. */
int archive_tell_stream(struct archive_opened *o, struct stream *s, struct err *err);

#endif
