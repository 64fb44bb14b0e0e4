/* Where a repository is: what the folders above a path, and a .git in them, lead to. */
#include "source/repo_private.h"

#include "base/alloc.h"
#include "source/pack/mapped.h"
#include "source/repo_config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum found { FOUND_NOTHING, FOUND_REPOSITORY, FOUND_BROKEN };

/* path, seen from the folder that file is in; ends in '/'. Caller frees. */
static char *beside(const char *file, const char *path)
{
	const char *last = strrchr(file, '/');
	struct buf out;

	buf_init(&out, BUF_MAX_PATH);
	if (path[0] != '/' && last)
		buf_append(&out, file, (size_t)(last - file) + 1);
	buf_appendf(&out, "%s/", path);
	return buf_detach(&out);
}

/*
 * What the file says to which the link dot_git leads; NULL when it is no link, or no such file.
 * libgit2 reads a file like that only under the name .git. As git has it, the path in it starts
 * from the folder that the link is in, wherever the file is. Caller frees.
 */
static char *linked_git_dir(const char *dot_git)
{
	static const char key[] = "gitdir: ";
	char *line, *dir = NULL;
	struct stat st;
	ssize_t len;
	FILE *file;

	if (lstat(dot_git, &st) < 0 || !S_ISLNK(st.st_mode))
		return NULL;
	file = text_open(dot_git, NULL);
	if (!file)
		return NULL;
	line = xmalloc(TEXT_LINE_MAX);
	len = text_line(file, line, TEXT_LINE_MAX);
	if (len > 0 && line[len - 1] == '\r')
		line[len - 1] = '\0';
	if (len > 0 && strncmp(line, key, sizeof(key) - 1) == 0)
		dir = beside(dot_git, line + sizeof(key) - 1);
	free(line);
	fclose(file);
	return dir;
}

/* Whether path itself, a .git folder, .git file or bare repository, is one.
 * With no repository asked for, libgit2 only looks and never opens. */
static enum found look_at(const char *path)
{
	struct stat st;
	char *linked;
	bool is_one;
	unsigned flags = GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT |
			 GIT_REPOSITORY_OPEN_CROSS_FS;

	if (stat(path, &st) < 0 || !(S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)))
		return FOUND_NOTHING;
	linked = linked_git_dir(path);
	is_one = git_repository_open_ext(NULL, linked ? linked : path, flags, NULL) == 0;
	free(linked);
	if (is_one)
		return FOUND_REPOSITORY;
	return S_ISREG(st.st_mode) ? FOUND_BROKEN : FOUND_NOTHING;
}

static int look_up_from(struct buf *dir, bool *has_top, bool *bare, struct err *err)
{
	for (;;) {
		size_t len = dir->len;
		enum found found;

		buf_append_str(dir, len && dir->ptr[len - 1] == '/' ? ".git" : "/.git");
		found = look_at(dir->ptr);
		buf_truncate(dir, len);
		*has_top = found == FOUND_REPOSITORY;
		if (found == FOUND_BROKEN)
			return repo_fail(err, "the .git file leads to no repository");
		if (found == FOUND_REPOSITORY)
			return 0;
		*bare = look_at(dir->ptr) == FOUND_REPOSITORY;
		if (*bare || len <= 1)
			return 0;
		while (len > 1 && dir->ptr[len - 1] != '/')
			len--;
		buf_truncate(dir, len > 1 ? len - 1 : len);
	}
}

int repo_discover(const char *path, char **top, bool *bare, struct err *err)
{
	char *real = realpath(path, NULL);
	struct stat st;
	struct buf dir;
	bool has_top = false, is_bare = false;
	int rc;

	if (!real || stat(real, &st) < 0) {
		rc = err_errno(err, errno, "cannot open");
		free(real);
		return rc;
	}
	buf_init(&dir, BUF_MAX_PATH);
	buf_append_str(&dir, real);
	free(real);
	if (!S_ISDIR(st.st_mode)) {
		size_t len = (size_t)(strrchr(dir.ptr, '/') - dir.ptr);

		buf_truncate(&dir, len ? len : 1);
	}
	rc = look_up_from(&dir, &has_top, &is_bare, err);
	if (rc == 0) {
		if (dir.ptr[dir.len - 1] != '/')
			buf_append_byte(&dir, '/');
		*bare = is_bare;
		*top = has_top || is_bare ? buf_detach(&dir) : NULL;
	}
	buf_dispose(&dir);
	return rc;
}

/* By its real path. */
static int take_linked(char **git_dir, char *linked, struct err *err)
{
	char *real = realpath(linked, NULL);

	free(linked);
	if (!real)
		return err_errno(err, errno, REPO_CANNOT_OPEN);
	*git_dir = beside("", real);
	free(real);
	return 0;
}

int repo_git_dir_of(char **git_dir, const char *top, struct err *err)
{
	git_buf dir = GIT_BUF_INIT;
	enum found found;
	struct buf path;
	char *linked;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%s.git", top);
	found = look_at(path.ptr);
	linked = found == FOUND_REPOSITORY ? linked_git_dir(path.ptr) : NULL;
	buf_dispose(&path);
	if (linked)
		return take_linked(git_dir, linked, err);
	/* Where there is nothing, discovery would go on to the folders above. */
	if (found == FOUND_NOTHING)
		return err_set(err, HF_EGIT,
			       "cannot open the repository: there is none, or it is incomplete");
	if (found == FOUND_BROKEN || git_repository_discover(&dir, top, 1, NULL) < 0)
		return repo_fail(err, REPO_CANNOT_OPEN);
	*git_dir = xstrdup(dir.ptr);
	git_buf_dispose(&dir);
	return 0;
}
