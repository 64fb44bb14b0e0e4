/*
 * The folders that hold a repository's objects: its own, and those it borrows
 * from (objects/info/alternates, gitrepository-layout(5)).
 */
#ifndef SOURCE_PACK_OBJECT_DIRS_H
#define SOURCE_PACK_OBJECT_DIRS_H

#include <stddef.h>

struct object_dirs {
	char **list; /* its own first; absolute, no links, each once */
	size_t count, cap;
};

/* A folder or file that cannot be used; both strings are borrowed. */
typedef void (*odb_problem_fn)(void *payload, const char *path, const char *what);

/* Lists them from the folder "objects", then from more, which has the form of
 * GIT_ALTERNATE_OBJECT_DIRECTORIES (git(1)) and may be NULL. What cannot be opened is
 * told and left out. Caller disposes. */
void object_dirs_list(struct object_dirs *dirs, const char *objects, const char *more,
		      odb_problem_fn problem, void *payload);
void object_dirs_dispose(struct object_dirs *dirs);

#endif
