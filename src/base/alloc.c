#include "base/alloc.h"

#include "base/tr.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void die_without_memory(size_t bytes)
{
	const char *line = tr("hfscan: out of memory\n");

	(void)bytes;
	if (write(STDERR_FILENO, line, strlen(line)) < 0)
		_exit(2);
	_exit(2);
}

static alloc_failed_fn on_failure = die_without_memory;

void alloc_on_failure(alloc_failed_fn handler)
{
	on_failure = handler;
}

void alloc_failed(size_t bytes)
{
	on_failure(bytes);
	abort(); /* a handler must not return */
}

static void *checked(void *ptr, size_t bytes)
{
	if (!ptr)
		alloc_failed(bytes);
	return ptr;
}

void *xmalloc(size_t size)
{
	return checked(malloc(size ? size : 1), size);
}

void *xcalloc(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size ? size : 1), count * size);
}

void *xcalloc_lines(size_t count, size_t size)
{
	size_t bytes = (count * size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
	void *ptr = checked(aligned_alloc(CACHE_LINE, bytes ? bytes : CACHE_LINE), bytes);

	return memset(ptr, 0, bytes);
}

void *xrealloc(void *ptr, size_t size)
{
	return checked(realloc(ptr, size ? size : 1), size);
}

char *xmemdup0(const void *ptr, size_t len)
{
	char *copy = xmalloc(len + 1);

	if (len)
		memcpy(copy, ptr, len);
	copy[len] = '\0';
	return copy;
}

char *xstrdup(const char *s)
{
	return xmemdup0(s, strlen(s));
}

void grow_array(void *array_ptr, size_t *cap, size_t count, size_t elem_size)
{
	void **array = array_ptr;
	size_t wanted;

	if (count < *cap)
		return;
	wanted = *cap ? *cap * 2 : 8;
	if (wanted <= count)
		wanted = count + 1;
	if (wanted > SIZE_MAX / elem_size)
		alloc_failed(SIZE_MAX);
	*array = xrealloc(*array, wanted * elem_size);
	*cap = wanted;
}

void wipe(void *ptr, size_t len)
{
	if (len)
		explicit_bzero(ptr, len);
}
