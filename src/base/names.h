/*
 * The names in a folder, in byte order, which no file system decides. One
 * thread.
 */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <stddef.h>

/* Begins as {0}. */
struct names {
	char **list;
	size_t count, cap;
};

/* Adds what the folder fd holds, without "." and "..". 0, or -1 with errno, when
 * some were added already. Dispose either way. */
int names_read(struct names *names, int fd);
void names_dispose(struct names *names);

#endif
