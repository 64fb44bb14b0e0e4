/*
 * A growing byte string. ptr is always NUL-terminated at len, and never NULL,
 * so a buf can be read as a C string where it is known to hold no NUL.
 * Growth stops at a ceiling given at init: what would exceed it is cut off
 * and buf_overflowed() says so.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

struct buf {
	char *ptr;
	size_t len; /* bytes, without the NUL */
	size_t cap;
	size_t max; /* the ceiling for len */
	bool overflowed;
};

/* Ceilings by purpose. */
#define BUF_MAX_LINE   ((size_t)64 << 10) /* one message or excerpt */
#define BUF_MAX_PATH   ((size_t)1 << 20)  /* deep trees have long paths */
#define BUF_MAX_FILE   ((size_t)16 << 20) /* rules, configuration */
#define BUF_MAX_REPORT ((size_t)1 << 30)  /* whatever a report needs */

void buf_init(struct buf *b, size_t max);
void buf_dispose(struct buf *b);
/* Wipes the contents, then disposes; for bufs that held a token. */
void buf_dispose_wiped(struct buf *b);
void buf_reset(struct buf *b);

void buf_append(struct buf *b, const void *ptr, size_t len);
void buf_append_slice(struct buf *b, struct slice s);
void buf_append_str(struct buf *b, const char *s);
void buf_append_byte(struct buf *b, unsigned char byte);
void buf_appendf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Shortens to len bytes; len must not exceed b->len. */
void buf_truncate(struct buf *b, size_t len);
static inline bool buf_overflowed(const struct buf *b)
{
	return b->overflowed;
}

/* Borrowed until the next change of b. */
static inline struct slice buf_slice(const struct buf *b)
{
	return slice_of(b->ptr, b->len);
}

/* Hands the string to the caller, who frees it; b is empty again. */
char *buf_detach(struct buf *b);

#endif
