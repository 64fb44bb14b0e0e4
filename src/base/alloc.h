/*
 * Memory that is there or the program is not: an allocation that fails calls
 * one handler, set by main.c, so that no other room has to handle it. A
 * library build may set a handler that does not return (longjmp).
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

typedef void (*alloc_failed_fn)(size_t bytes);

/* Call once, before threads. The default prints one line and exits with 2. */
void alloc_on_failure(alloc_failed_fn handler);

/* Calls the handler; for libraries that report failed allocations themselves. */
void alloc_failed(size_t bytes) __attribute__((noreturn));

/* Never NULL; sizes in bytes. Free with free(). */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
/* Zeroed, and beginning at a cache line; for what threads write side by side. */
void *xcalloc_lines(size_t count, size_t size);
#define CACHE_LINE 64
void *xrealloc(void *ptr, size_t size);
char *xstrdup(const char *s);
/* Copies len bytes and adds a NUL. */
char *xmemdup0(const void *ptr, size_t len);

/* Makes room for one more element in a growing array: doubles *cap when
 * count has reached it. Use: grow_array(&v, &cap, n, sizeof(*v)). */
void grow_array(void *array_ptr, size_t *cap, size_t count, size_t elem_size);

/* Overwrites len bytes in a way the compiler may not drop. For buffers that
 * held a token. */
void wipe(void *ptr, size_t len);

#endif
