#include "base/buf.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* What ptr shows while nothing was appended yet; never written to. */
static char empty[1];

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.ptr = empty, .max = max};
}

void buf_dispose(struct buf *b)
{
	if (b->cap)
		free(b->ptr);
	buf_init(b, b->max);
}

void buf_dispose_wiped(struct buf *b)
{
	wipe(b->ptr, b->cap);
	buf_dispose(b);
}

void buf_reset(struct buf *b)
{
	b->overflowed = false;
	buf_truncate(b, 0);
}

void buf_truncate(struct buf *b, size_t len)
{
	b->len = len;
	if (b->cap)
		b->ptr[len] = '\0';
}

/* Room for `more` bytes and the NUL, or as much as the ceiling leaves. */
static size_t make_room(struct buf *b, size_t more)
{
	size_t wanted;

	if (more > b->max - b->len) {
		more = b->max - b->len;
		b->overflowed = true;
	}
	if (b->len + more + 1 <= b->cap)
		return more;
	wanted = b->cap ? b->cap * 2 : 64;
	if (wanted < b->len + more + 1)
		wanted = b->len + more + 1;
	b->ptr = xrealloc(b->cap ? b->ptr : NULL, wanted);
	b->cap = wanted;
	return more;
}

void buf_append(struct buf *b, const void *ptr, size_t len)
{
	len = make_room(b, len);
	if (len)
		memcpy(b->ptr + b->len, ptr, len);
	buf_truncate(b, b->len + len);
}

void buf_append_slice(struct buf *b, struct slice s)
{
	buf_append(b, s.ptr, s.len);
}

void buf_append_str(struct buf *b, const char *s)
{
	buf_append(b, s, strlen(s));
}

void buf_append_byte(struct buf *b, unsigned char byte)
{
	buf_append(b, &byte, 1);
}

void buf_appendf(struct buf *b, const char *format, ...)
{
	va_list args;
	char small[256];
	char *large;
	int len;

	va_start(args, format);
	len = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	if (len < 0)
		return;
	if ((size_t)len < sizeof(small)) {
		buf_append(b, small, (size_t)len);
		return;
	}
	large = xmalloc((size_t)len + 1);
	va_start(args, format);
	vsnprintf(large, (size_t)len + 1, format, args);
	va_end(args);
	buf_append(b, large, (size_t)len);
	free(large);
}

char *buf_detach(struct buf *b)
{
	char *s = b->cap ? b->ptr : xstrdup("");

	buf_init(b, b->max);
	return s;
}
