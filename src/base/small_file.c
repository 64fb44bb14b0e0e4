#include "base/small_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_all(struct buf *out, int fd, struct err *err)
{
	char chunk[16384];
	struct stat st;
	ssize_t got = 0;

	if (fstat(fd, &st) < 0)
		return err_errno(err, errno, "cannot be read");
	if (!S_ISREG(st.st_mode))
		return err_set(err, HF_EIO, "is no regular file");
	while (!buf_overflowed(out) && (got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got > 0)
			buf_append(out, chunk, (size_t)got);
		else if (errno != EINTR)
			return err_errno(err, errno, "cannot be read");
	}
	if (buf_overflowed(out))
		return err_set(err, HF_ELIMIT, "is larger than %zu KB", out->max >> 10);
	return 0;
}

int small_file_read(struct buf *out, int dir, const char *path, bool follow, struct err *err)
{
	/* O_NONBLOCK: opening a FIFO would wait. */
	int how = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = openat(dir, path, follow ? how : how | O_NOFOLLOW), rc;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(err, HF_ENOTFOUND, "there is none");
	if (fd < 0 && errno == ELOOP && !follow)
		return err_set(err, HF_EIO, "is a link, which is not followed here");
	if (fd < 0)
		return err_errno(err, errno, "cannot open");
	rc = read_all(out, fd, err);
	close(fd);
	return rc;
}
