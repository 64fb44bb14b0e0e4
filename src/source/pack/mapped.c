#include "source/pack/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int mapped_open(struct slice *out, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	void *ptr;
	int rc = 0;

	*out = (struct slice){0};
	if (fd < 0 && errno == ENOENT)
		return err_set(err, HF_ENOTFOUND, "there is none");
	if (fd < 0 || fstat(fd, &st) < 0)
		rc = err_errno(err, errno, "cannot be opened");
	else if (!S_ISREG(st.st_mode))
		rc = err_set(err, HF_EIO, "is no regular file");
	else if (st.st_size > 0) {
		ptr = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (ptr == MAP_FAILED)
			rc = err_errno(err, errno, "cannot be mapped");
		else
			*out = slice_of(ptr, (size_t)st.st_size);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

void mapped_dispose(struct slice *mapped)
{
	if (mapped->ptr)
		munmap((void *)mapped->ptr, mapped->len);
	*mapped = (struct slice){0};
}
