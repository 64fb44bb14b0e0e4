/*
 * Opens one file and hands it to the sink: the same for files that were come
 * across, that were named, and that stood in a list.
 */
#ifndef SOURCE_VISIT_H
#define SOURCE_VISIT_H

#include "source/source.h"

#include <sys/stat.h>

/* One thread's means. */
struct visitor {
	const struct sink *sink;
	unsigned worker;
	struct stream_buffer buffer;
};

void visitor_init(struct visitor *v, const struct sink *sink, unsigned worker);
void visitor_dispose(struct visitor *v);

enum visit_flags {
	VISIT_FOLLOW = 1 << 0, /* the user named it: follow a symlink */
	VISIT_LINK = 1 << 1,   /* a symlink's own text is content here */
	VISIT_NAMED = 1 << 2,  /* the user named it: what cannot be read is missed */
};

/*
 * Opens name (relative to the folder fd, as openat) and hands it over with
 * what doc says of it; doc->bytes is set here. What is no regular file, or is
 * gone, is told as a note (unless it was named), what cannot be read as a diag.
 * Returns whether it was handed over; then *st holds what fstat said.
 */
bool visit_file(struct visitor *v, int fd, const char *name, enum visit_flags flags,
		struct document *doc, struct stat *st);

/* Hands over bytes that are in memory. */
void visit_memory(struct visitor *v, struct slice bytes, struct document *doc);

/* Hands over the last part of doc->from.path, a file's or folder's name. */
void visit_name(struct visitor *v, struct document *doc);

/* sink->diag() with the place taken from doc. */
void visit_tell(struct visitor *v, const struct document *doc, bool is_note, const char *what);

#endif
