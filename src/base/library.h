/*
 * A shared library that is loaded when it is needed, and not with the program:
 * it brings others, and whoever does not need it pays for none.
 */
#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/* slot: a pointer to a pointer to a function of that name. */
struct library_symbol {
	const char *name;
	void *slot;
};

/* The first of names (ended by NULL) that there is; NULL: none. Any thread.
 * Caller closes with library_close(). */
void *library_open(const char *const *names);
/* Fills all slots; false when the library lacks one. */
bool library_find(void *library, const struct library_symbol *symbols, size_t count);
void library_close(void *library);

#endif
