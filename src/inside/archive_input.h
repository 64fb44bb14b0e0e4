/* The bytes of a container, as libarchive asks for them. */
#ifndef INSIDE_ARCHIVE_INPUT_H
#define INSIDE_ARCHIVE_INPUT_H

#include "inside/archive_library.h"
#include "inside/inside.h"

struct archive_input {
	struct stream *s;
	uint64_t beg, end; /* of s, where it can be read at any place; else all that is left */
	bool adds_end;     /* behind the last byte the end of a zip is made up */
	struct inside_limits *limits;
	/* How many of these bytes, which are the next, libarchive may get; if not all it gets no
	 * more. NULL: all. */
	size_t (*watch)(void *payload, struct slice bytes);
	void *payload;

	/* private */
	const struct archive_library *lib;
	bool at_any_place, started, ended, stopped;
	uint64_t at;
	uint64_t given; /* bytes that went by */
	size_t left;    /* of the window that is held, behind where libarchive came to */
	struct stream_buffer buffer; /* archives in archives are as many calls on the stack */
};

/* What is borrowed must outlive a. */
void archive_input_init(struct archive_input *in, struct stream *s, struct inside_limits *limits);
void archive_input_dispose(struct archive_input *in);

/* Opens a on it; libarchive's result. */
int archive_input_open(struct archive_input *in, const struct archive_library *lib,
		       struct archive *a);

/* Goes to where a, which is at its end, came to: what was read of it ends there. Takes
 * zeros, which pad, for part of that. Returns 1 when there is more, 0 when not; negative when
 * it cannot be gone to. last: the 8 bytes before, as far as there are. */
#define ARCHIVE_LAST 8
int archive_input_go_behind(struct archive_input *in, struct archive *a,
			    unsigned char last[ARCHIVE_LAST]);
/* A stream_read_fn for what is there. */
ssize_t archive_input_read(void *in, void *out, size_t len);

#endif
