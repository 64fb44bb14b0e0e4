/*
 * A run of bytes somebody else owns. Input is never assumed to end in NUL
 * and may hold NULs, so text travels as pointer plus length, by value.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const unsigned char *ptr;
	size_t len; /* bytes */
};

/* Half-open: [beg, end), byte offsets into some slice. */
struct span {
	size_t beg;
	size_t end;
};

/* A slice over a string literal, without its NUL. */
#define SLICE(literal) ((struct slice){(const unsigned char *)("" literal), sizeof(literal) - 1})

static inline struct slice slice_of(const void *ptr, size_t len)
{
	return (struct slice){ptr, len};
}

static inline struct slice slice_str(const char *s)
{
	return (struct slice){(const unsigned char *)s, strlen(s)};
}

/* The part of s that span covers; the span must lie inside s. */
static inline struct slice slice_cut(struct slice s, struct span span)
{
	return (struct slice){s.ptr + span.beg, span.end - span.beg};
}

static inline size_t span_len(struct span span)
{
	return span.end - span.beg;
}

static inline bool slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool slice_has_prefix(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool slice_has_suffix(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len &&
	       (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

/* s up to a suffix that it ends in, if more than that; else all of s. */
static inline struct slice slice_without(struct slice s, struct slice suffix)
{
	return s.len > suffix.len && slice_has_suffix(s, suffix)
		       ? slice_of(s.ptr, s.len - suffix.len)
		       : s;
}

/* What stands behind the last '/' of a path, or all of it. */
static inline struct slice slice_last_name(struct slice path)
{
	const unsigned char *slash = path.len ? memrchr(path.ptr, '/', path.len) : NULL;
	size_t beg = slash ? (size_t)(slash - path.ptr) + 1 : 0;

	return slice_cut(path, (struct span){beg, path.len});
}

/* Bytewise order, a shorter slice before a longer one it begins; <0, 0, >0. */
static inline int slice_cmp(struct slice a, struct slice b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common ? memcmp(a.ptr, b.ptr, common) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

#endif
