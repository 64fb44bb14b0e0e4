#include "hook/hook_file.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* No script of ours is larger. */
#define SCRIPT_MAX ((size_t)64 << 10)

/* The three names of one hook. */
struct place {
	char *file, *before, *fresh;
};

static char *name_of(const char *folder, const char *name, const char *ending)
{
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%s/%s%s", folder, name, ending);
	return buf_detach(&path);
}

static void place_init(struct place *p, const char *folder, const char *name)
{
	*p = (struct place){
		.file = name_of(folder, name, ""),
		.before = name_of(folder, name, ".before-hfscan"),
		.fresh = name_of(folder, name, ".hfscan-new"),
	};
}

static void place_dispose(struct place *p)
{
	free(p->file);
	free(p->before);
	free(p->fresh);
}

/* ---- what is there ---- */

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* The text of a file; empty when it is none that we wrote. */
static void read_text(struct buf *text, const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char chunk[4096];
	struct stat st;
	ssize_t len;

	buf_init(text, SCRIPT_MAX);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		while (!buf_overflowed(text) && (len = read(fd, chunk, sizeof(chunk))) > 0)
			buf_append(text, chunk, (size_t)len);
	close(fd);
}

static enum script_kind kind_of(const char *path)
{
	enum script_kind kind;
	struct buf text;

	read_text(&text, path);
	kind = script_kind(buf_slice(&text));
	buf_dispose(&text);
	return kind;
}

bool hook_is_gate(const char *folder, const char *name)
{
	char *path = name_of(folder, name, "");
	struct buf text;
	bool is;

	read_text(&text, path);
	is = script_kind(buf_slice(&text)) != SCRIPT_FOREIGN && strstr(text.ptr, " hook run ");
	buf_dispose(&text);
	free(path);
	return is;
}

bool hook_exists(const char *folder, const char *name)
{
	char *path = name_of(folder, name, "");
	bool is = exists(path);

	free(path);
	return is;
}

/* ---- installing ---- */

static int make_folder(const char *folder, struct err *err)
{
	char *path = xstrdup(folder);
	int rc = 0;

	for (char *at = path + 1; rc == 0 && at;) {
		at = strchr(at, '/');
		if (at)
			*at = '\0';
		if (mkdir(path, 0777) < 0 && errno != EEXIST)
			rc = err_errno(err, errno, "the folder for hooks cannot be made");
		if (at)
			*at++ = '/';
	}
	free(path);
	return rc;
}

static int write_fresh(const struct place *p, struct slice text, struct err *err)
{
	int fd, errnum = 0;

	unlink(p->fresh); /* of a run that was cut off */
	fd = open(p->fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777);
	if (fd < 0)
		return err_errno(err, errno, "cannot be written");
	errno = EIO;
	if (write(fd, text.ptr, text.len) != (ssize_t)text.len)
		errnum = errno;
	if (close(fd) < 0 && !errnum)
		errnum = errno;
	if (errnum)
		unlink(p->fresh);
	return errnum ? err_errno(err, errnum, "cannot be written") : 0;
}

/* What is there steps aside. */
static int put_in_place(const struct place *p, bool aside, struct err *err)
{
	if (aside && rename(p->file, p->before) < 0) {
		err_errno(err, errno, "what is there cannot be renamed");
	} else if (rename(p->fresh, p->file) < 0) {
		err_errno(err, errno, "cannot be written");
		if (aside)
			rename(p->before, p->file);
	} else {
		return 0;
	}
	unlink(p->fresh);
	return err->code;
}

static int install(const struct place *p, struct slice text, enum hook_done *done, struct err *err)
{
	bool is_there = exists(p->file), is_other;
	struct buf now;
	int rc = 0;

	read_text(&now, p->file);
	is_other = is_there && script_kind(buf_slice(&now)) == SCRIPT_FOREIGN;
	*done = is_other || exists(p->before) ? HOOK_CHAINED : HOOK_INSTALLED;
	if (slice_eq(buf_slice(&now), text))
		*done = HOOK_THERE;
	else if (script_kind(buf_slice(&now)) == SCRIPT_EDITED)
		*done = HOOK_EDITED;
	else if (is_other && exists(p->before))
		rc = err_set(err, HF_EUSAGE,
			     "another hook took the place of ours, and what ours kept "
			     "(.before-hfscan) is still there: move one of both away");
	else if ((rc = write_fresh(p, text, err)) == 0)
		rc = put_in_place(p, is_other, err);
	buf_dispose(&now);
	return rc;
}

/* husky writes its hooks anew whenever it is run, and they go by their own names, so
 * that one which is kept under another would do nothing. */
static bool is_huskys(const char *folder)
{
	char *part = name_of(folder, "h", "");
	bool is = slice_has_suffix(slice_str(folder), SLICE("/_")) && exists(part);

	free(part);
	return is;
}

int hook_install(const char *folder, const struct script *script, enum hook_done *done,
		 struct err *err)
{
	struct place p;
	struct buf text;
	int rc = 0;

	if (is_huskys(folder))
		return err_set(err, HF_EUSAGE,
			       "is husky's: write the line `hfscan hook run %s` into the file "
			       ".husky/%s instead",
			       script->name, script->name);
	rc = make_folder(folder, err);
	place_init(&p, folder, script->name);
	buf_init(&text, SCRIPT_MAX);
	script_write(&text, script);
	if (rc == 0)
		rc = install(&p, buf_slice(&text), done, err);
	buf_dispose(&text);
	place_dispose(&p);
	return rc;
}

/* ---- taking away ---- */

/* A folder does not take the place of a file by itself. */
static bool bring_back(const struct place *p)
{
	return rename(p->before, p->file) == 0 ||
	       (errno == ENOTDIR && unlink(p->file) == 0 && rename(p->before, p->file) == 0);
}

static int uninstall(const struct place *p, enum hook_done *done, struct err *err)
{
	bool is_there = exists(p->file), is_kept = exists(p->before);
	enum script_kind kind = kind_of(p->file);

	*done = is_kept ? HOOK_RESTORED : HOOK_REMOVED;
	if (kind == SCRIPT_EDITED)
		*done = HOOK_EDITED;
	else if (is_there && kind == SCRIPT_FOREIGN && is_kept)
		return err_set(
			err, HF_EUSAGE,
			"another hook took the place of ours: what ours kept stays beside it "
			"(.before-hfscan)");
	else if ((is_there && kind == SCRIPT_FOREIGN) || (!is_there && !is_kept))
		*done = HOOK_ABSENT;
	else if (is_kept ? !bring_back(p) : unlink(p->file) < 0)
		return err_errno(err, errno, "cannot be taken away");
	return 0;
}

int hook_uninstall(const char *folder, const char *name, enum hook_done *done, struct err *err)
{
	struct place p;
	int rc;

	place_init(&p, folder, name);
	rc = uninstall(&p, done, err);
	place_dispose(&p);
	return rc;
}
