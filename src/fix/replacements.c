#include "fix/replacements.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int replacements_open(struct replacements *out, const char *path, struct err *err)
{
	*out = (struct replacements){
		.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
	if (out->fd >= 0)
		return 0;
	return errno == EEXIST ? err_set(err, HF_EUSAGE, "is there already; name a new file")
			       : err_errno(err, errno, "cannot be made");
}

/* ---- what it holds ---- */

/* In any commit, or in what is left of one. */
static bool is_history(const struct finding *f)
{
	return f->verdict == VERDICT_LEAK && f->secret.clear &&
	       (f->history || f->exposure >= EXPOSURE_COMMITTED);
}

static bool fits_a_line(const char *secret)
{
	return !strpbrk(secret, "\r\n") && !strstr(secret, "==>");
}

static int by_fingerprint(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left;
	const struct finding *b = *(const struct finding *const *)right;

	return strcmp(a->secret.fingerprint, b->secret.fingerprint);
}

static bool write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t wrote = write(fd, text, len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		text += wrote;
		len -= (size_t)wrote;
	}
	return true;
}

/* "literal:SECRET==>***REMOVED***" */
static bool write_line(struct replacements *r, const char *secret)
{
	if (!fits_a_line(secret)) {
		r->left++;
		return true;
	}
	r->written++;
	return write_all(r->fd, "literal:", strlen("literal:")) &&
	       write_all(r->fd, secret, strlen(secret)) &&
	       write_all(r->fd, "==>***REMOVED***\n", strlen("==>***REMOVED***\n"));
}

int replacements_write(struct replacements *r, const struct result *result, struct err *err)
{
	const struct finding **found = xcalloc(result->finding_count + 1, sizeof(*found));
	size_t count = 0;
	bool ok = true;

	for (size_t i = 0; i < result->finding_count; i++)
		if (is_history(&result->findings[i]))
			found[count++] = &result->findings[i];
	if (count)
		qsort(found, count, sizeof(*found), by_fingerprint);
	for (size_t i = 0; ok && i < count; i++)
		if (i == 0 || by_fingerprint(&found[i - 1], &found[i]) != 0)
			ok = write_line(r, found[i]->secret.clear);
	free(found);
	return ok ? 0 : err_errno(err, errno, "cannot be written");
}

int replacements_close(struct replacements *r, struct err *err)
{
	int rc = close(r->fd);

	r->fd = -1;
	return rc == 0 ? 0 : err_errno(err, errno, "cannot be written");
}
