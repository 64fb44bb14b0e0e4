#include "source/hooks_path.h"

#include "base/alloc.h"
#include "source/repo_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY "core.hookspath"

/* ---- asking ---- */

/* NULL when it is not set. "~/" stands for the home folder, as git has it. */
static char *path_in(git_config *config, const char *key)
{
	git_buf value = GIT_BUF_INIT;
	char *path = NULL;

	if (git_config_get_path(&value, config, key) == 0 && value.ptr && *value.ptr)
		path = xstrdup(value.ptr);
	git_buf_dispose(&value);
	return path;
}

/* A linked work tree may have a configuration of its own. libgit2 1.5 does not
 * read it. */
static char *path_of_work_tree(git_config *config, const char *git_dir)
{
	git_config *own = NULL;
	char *path = NULL;
	struct buf file;
	int enabled = 0;

	if (git_config_get_bool(&enabled, config, "extensions.worktreeconfig") < 0 || !enabled)
		return NULL;
	buf_init(&file, BUF_MAX_PATH);
	buf_appendf(&file, "%sconfig.worktree", git_dir);
	if (git_config_open_ondisk(&own, file.ptr) == 0)
		path = path_in(own, KEY);
	git_config_free(own);
	buf_dispose(&file);
	return path;
}

static char *absolute(const char *base, const char *path)
{
	struct buf out;

	buf_init(&out, BUF_MAX_PATH);
	if (*path != '/')
		buf_append_str(&out, base);
	buf_append_str(&out, path);
	while (out.len > 1 && out.ptr[out.len - 1] == '/')
		buf_truncate(&out, out.len - 1);
	return buf_detach(&out);
}

/* Relative to where git runs hooks: the top, in a bare one the git directory. */
static int find_path(char **folder, const char *git_dir, const char *top, struct err *err)
{
	git_repository *git = NULL;
	git_config *config = NULL;
	char *path = NULL;
	int rc = 0;

	if (git_repository_open_bare(&git, git_dir) < 0 ||
	    git_repository_config_snapshot(&config, git) < 0) {
		rc = repo_fail(err, "its configuration cannot be read");
	} else {
		path = path_of_work_tree(config, git_dir);
		if (!path)
			path = path_in(config, KEY);
		*folder = path ? absolute(top ? top : git_dir, path)
			       : absolute(git_repository_commondir(git), "hooks");
	}
	free(path);
	git_config_free(config);
	git_repository_free(git);
	return rc;
}

int hooks_path(char **folder, struct err *err)
{
	char *git_dir, *top;
	int rc = repo_here(&git_dir, &top, err);

	if (rc == 0)
		rc = find_path(folder, git_dir, top, err);
	free(git_dir);
	free(top);
	return rc;
}

/* ---- the user's ---- */

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static char *below(const char *folder, const char *path)
{
	struct buf out;

	buf_init(&out, BUF_MAX_PATH);
	buf_appendf(&out, "%s/%s", folder, path);
	return buf_detach(&out);
}

/* As `git config --global` chooses: git-config(1), FILES. NULL without a home. */
static char *user_file(void)
{
	const char *named = getenv("GIT_CONFIG_GLOBAL"), *home = getenv("HOME");
	const char *xdg = getenv("XDG_CONFIG_HOME");
	char *own, *other;

	if (named)
		return *named ? xstrdup(named) : NULL;
	if (!home || !*home)
		return NULL;
	own = below(home, ".gitconfig");
	other = xdg && *xdg ? below(xdg, "git/config") : below(home, ".config/git/config");
	if (!is_there(own) && is_there(other)) {
		free(own);
		return other;
	}
	free(other);
	return own;
}

int hooks_path_global(char **folder, struct err *err)
{
	const char *named = getenv("GIT_CONFIG_GLOBAL");
	git_config *config = NULL;
	int rc = named ? git_config_open_ondisk(&config, named) : git_config_open_default(&config);

	if (rc < 0)
		return repo_fail(err, "git's configuration cannot be read");
	*folder = path_in(config, KEY);
	git_config_free(config);
	return 0;
}

/* ---- a line of ours in it ---- */

static void put_lines(struct buf *out, const char *folder)
{
	buf_append_str(out, "\n# `hfscan hook uninstall --global` takes these lines away.\n"
			    "[core]\n\thooksPath = \"");
	for (; *folder; folder++) {
		if (*folder == '\n')
			buf_append_str(out, "\\n");
		else if (*folder == '"' || *folder == '\\')
			buf_appendf(out, "\\%c", *folder);
		else
			buf_append_byte(out, (unsigned char)*folder);
	}
	buf_append_str(out, "\"\n");
}

static int read_file(struct buf *text, mode_t *mode, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char chunk[4096];
	struct stat st;
	ssize_t len = -1;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		*mode = st.st_mode & 07777;
		while (!buf_overflowed(text) && (len = read(fd, chunk, sizeof(chunk))) > 0)
			buf_append(text, chunk, (size_t)len);
	}
	if (fd >= 0)
		close(fd);
	if (len < 0 || buf_overflowed(text))
		return err_set(err, HF_EIO, "git's configuration cannot be read");
	return 0;
}

/* By way of FILE.lock, as git itself writes it. */
static int write_file(struct slice text, mode_t mode, const char *path, struct err *err)
{
	struct buf lock;
	bool written;
	int fd, rc = 0;

	buf_init(&lock, BUF_MAX_PATH);
	buf_appendf(&lock, "%s.lock", path);
	fd = open(lock.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0) {
		rc = err_errno(err, errno, "git's configuration cannot be locked");
	} else {
		written = write(fd, text.ptr, text.len) == (ssize_t)text.len;
		written &= !mode || fchmod(fd, mode) == 0;
		written &= close(fd) == 0;
		if (!written || rename(lock.ptr, path) < 0) {
			rc = err_errno(err, errno, "git's configuration cannot be written");
			unlink(lock.ptr);
		}
	}
	buf_dispose(&lock);
	return rc;
}

/* Changes the text of the user's configuration by edit(), which says whether there
 * is anything to write. A link stays one. */
typedef bool (*edit_fn)(struct buf *text, struct slice lines);

static int edit_user_file(const char *folder, edit_fn edit, bool *done, struct err *err)
{
	char *path = user_file(), *real = path ? realpath(path, NULL) : NULL;
	struct buf text, lines;
	mode_t mode = 0;
	int rc = 0;

	buf_init(&text, BUF_MAX_FILE);
	buf_init(&lines, BUF_MAX_PATH);
	put_lines(&lines, folder);
	if (!path)
		rc = err_set(err, HF_EUSAGE, "git knows no configuration of yours (HOME, GIT_CONFIG_GLOBAL)");
	else
		rc = read_file(&text, &mode, real ? real : path, err);
	*done = rc == 0 && edit(&text, buf_slice(&lines));
	if (*done && text.len == 0)
		unlink(real ? real : path);
	else if (*done)
		rc = write_file(buf_slice(&text), mode, real ? real : path, err);
	buf_dispose(&lines);
	buf_dispose(&text);
	free(real);
	free(path);
	return rc;
}

static bool append_lines(struct buf *text, struct slice lines)
{
	buf_append_slice(text, lines);
	return true;
}

static bool cut_lines(struct buf *text, struct slice lines)
{
	char *at = memmem(text->ptr, text->len, lines.ptr, lines.len);
	size_t rest;

	if (!at)
		return false;
	rest = text->len - (size_t)(at - text->ptr) - lines.len;
	memmove(at, at + lines.len, rest);
	buf_truncate(text, text->len - lines.len);
	return true;
}

int hooks_path_set_global(const char *folder, struct err *err)
{
	bool done;

	return edit_user_file(folder, append_lines, &done, err);
}

int hooks_path_unset_global(const char *folder, bool *done, struct err *err)
{
	return edit_user_file(folder, cut_lines, done, err);
}
