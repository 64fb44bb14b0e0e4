#include "source/pack/mapped.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name for every object of the largest repositories: a hole is as large. */
#define TEXT_FILE_MAX ((off_t)1 << 30)

/* O_NONBLOCK: a FIFO that took a file's place must not hold us up. */
static int open_regular(const char *path, struct stat *st, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc = 0;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(err, HF_ENOTFOUND, "there is none");
	if (fd < 0 || fstat(fd, st) < 0)
		rc = err_errno(err, errno, "cannot be opened");
	else if (!S_ISREG(st->st_mode))
		rc = err_set(err, HF_EIO, "is no regular file");
	if (rc < 0 && fd >= 0)
		close(fd);
	return rc < 0 ? rc : fd;
}

int mapped_open(struct slice *out, const char *path, struct err *err)
{
	struct stat st;
	int fd = open_regular(path, &st, err), rc = 0;
	void *ptr;

	*out = (struct slice){0};
	if (fd < 0)
		return fd;
	if (st.st_size > 0) {
		ptr = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (ptr == MAP_FAILED)
			rc = err_errno(err, errno, "cannot be mapped");
		else
			*out = slice_of(ptr, (size_t)st.st_size);
	}
	close(fd);
	return rc;
}

void mapped_dispose(struct slice *mapped)
{
	if (mapped->ptr)
		munmap((void *)mapped->ptr, mapped->len);
	*mapped = (struct slice){0};
}

FILE *text_open(const char *path, struct err *err)
{
	struct stat st;
	int fd = open_regular(path, &st, err);
	FILE *file = NULL;

	if (fd >= 0 && st.st_size > TEXT_FILE_MAX)
		err_set(err, HF_ELIMIT, "is larger than any that git writes");
	else if (fd >= 0 && !(file = fdopen(fd, "r")))
		err_errno(err, errno, "cannot be read");
	if (fd >= 0 && !file)
		close(fd);
	return file;
}

bool text_all(FILE *file, struct buf *out)
{
	char piece[4096];
	size_t len;

	while ((len = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_append(out, piece, len);
	wipe(piece, sizeof(piece));
	return !ferror(file) && !buf_overflowed(out);
}

/* Not getline(), which takes as much memory as a line is long. */
ssize_t text_line(FILE *file, char *line, size_t size)
{
	size_t len = 0;
	int c;

	while ((c = getc_unlocked(file)) != EOF && c != '\n')
		if (len + 1 < size)
			line[len++] = (char)c;
	line[len] = '\0';
	return c == EOF && len == 0 ? -1 : (ssize_t)len;
}
