#include "source/name_list.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int read_all(struct buf *out, int fd, struct err *err)
{
	char chunk[32768];
	ssize_t got;

	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, errno, "cannot read the list");
		buf_append(out, chunk, (size_t)got);
		if (buf_overflowed(out))
			return err_set(err, HF_ELIMIT, "the list is larger than 1 GB");
	}
	return 0;
}

/* Lines become names: the end of each a NUL, without the CR that Windows adds. */
static void end_lines(struct buf *text)
{
	for (size_t i = 0; i < text->len; i++) {
		if (text->ptr[i] != '\n')
			continue;
		text->ptr[i] = '\0';
		if (i > 0 && text->ptr[i - 1] == '\r')
			text->ptr[i - 1] = '\0';
	}
	if (text->len && text->ptr[text->len - 1] == '\r')
		text->ptr[text->len - 1] = '\0';
}

/* What editors and shells of Windows put in front. */
static int drop_mark(struct buf *text, struct err *err)
{
	const struct slice mark = SLICE("\xEF\xBB\xBF");
	struct slice all = buf_slice(text);

	if (slice_has_prefix(all, SLICE("\xFF\xFE")) || slice_has_prefix(all, SLICE("\xFE\xFF")))
		return err_set(err, HF_EUSAGE, "the list is UTF-16: save it as UTF-8");
	if (slice_has_prefix(all, mark)) {
		memmove(text->ptr, text->ptr + mark.len, text->len - mark.len);
		buf_truncate(text, text->len - mark.len);
	}
	return 0;
}

int name_list_read(struct buf *out, const char *name, bool nul_separated, struct err *err)
{
	bool is_stdin = strcmp(name, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int rc;

	buf_init(out, NAME_LIST_MAX);
	if (fd < 0) {
		err_errno(err, errno, "cannot open the list");
		return HF_EUSAGE;
	}
	rc = read_all(out, fd, err);
	if (!is_stdin)
		close(fd);
	if (rc == 0 && !nul_separated)
		rc = drop_mark(out, err);
	if (rc == 0 && !nul_separated)
		end_lines(out);
	return rc < 0 ? HF_EUSAGE : 0;
}
