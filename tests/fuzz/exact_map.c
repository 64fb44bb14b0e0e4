/*
 * Files as blocks of exactly their size: behind the end of a mapping lie zeros up
 * to the page's end, where no sanitizer sees a byte too many being read. Linked
 * in place of source/pack/mapped.c, which it is made of.
 */
#define mapped_open    mapped_open_file
#define mapped_dispose mapped_dispose_file
#include "source/pack/mapped.c"
#undef mapped_open
#undef mapped_dispose

#include "base/alloc.h"

#include <stdlib.h>

int mapped_open(struct slice *out, const char *path, struct err *err);
void mapped_dispose(struct slice *mapped);

int mapped_open(struct slice *out, const char *path, struct err *err)
{
	struct slice file;
	int rc = mapped_open_file(&file, path, err);
	unsigned char *copy;

	*out = (struct slice){0};
	if (rc < 0 || !file.len)
		return rc;
	copy = xmalloc(file.len);
	memcpy(copy, file.ptr, file.len);
	*out = slice_of(copy, file.len);
	mapped_dispose_file(&file);
	return 0;
}

void mapped_dispose(struct slice *mapped)
{
	free((void *)mapped->ptr);
	*mapped = (struct slice){0};
}
