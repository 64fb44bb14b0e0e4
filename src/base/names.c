#include "base/names.h"

#include "base/alloc.h"
#include "base/os.h"

#include <stdlib.h>
#include <string.h>

static void add(void *payload, const char *name, enum os_type type)
{
	struct names *names = payload;

	(void)type;
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return;
	grow_array(&names->list, &names->cap, names->count, sizeof(*names->list));
	names->list[names->count++] = xstrdup(name);
}

static int order_names(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

int names_read(struct names *names, int fd)
{
	int rc = os_list_folder(fd, add, names);

	if (names->count)
		qsort(names->list, names->count, sizeof(*names->list), order_names);
	return rc;
}

void names_dispose(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
	*names = (struct names){0};
}
