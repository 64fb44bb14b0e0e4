/*
 * Git's own files besides the objects: reflogs, FETCH_HEAD with its addresses,
 * messages that are being written, hooks. What is only names of objects and
 * refs is read by refs.c.
 */
#include "source/history.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/names.h"
#include "source/repo.h"
#include "source/visit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 64

struct walk {
	struct history *h;
	struct visitor visitor;
	const char *root;  /* as in provenance */
	const char *shown; /* what stands before paths in the git directory */
	const char *base;  /* the git directory, ends in '/' */
	bool no_files;     /* only the repositories in there count */
};

/* Not texts, or read elsewhere. Only directly in the git directory. A linked
 * work tree's have an index too. */
static bool is_left_out(const struct history *h, const char *name)
{
	static const char *const names[] = {"objects", "refs", "index"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	if (strcmp(name, "packed-refs") == 0)
		return !h->refs.has_remarks;
	return !h->repository->bare && strcmp(name, "config") == 0;
}

/* Of the folders that lie beside the objects: what is read elsewhere, and tables made of
 * it. What git and others note there is a text: .keep, .promisor, alternates. */
static bool is_of_objects(const char *path)
{
	static const char *const ends[] = {
		".pack",        ".idx", ".rev", ".bitmap", ".mtimes", ".graph", "/multi-pack-index",
		"/commit-graph"};

	if (strncmp(path, "objects/", 8) != 0)
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (slice_has_suffix(slice_str(path), (struct slice){(const unsigned char *)ends[i],
								     strlen(ends[i])}))
			return true;
	return strstr(path, "/tmp_") != NULL;
}

static enum where where_of(const char *path)
{
	const char *last = strrchr(path, '/');

	last = last ? last + 1 : path;
	if (strncmp(path, "logs/", 5) == 0 || strstr(path, "/logs/"))
		return WHERE_REFLOG;
	if (strcmp(last, "config") == 0 || strcmp(last, "config.worktree") == 0 ||
	    strcmp(last, "FETCH_HEAD") == 0)
		return WHERE_CONFIG;
	return WHERE_BLOB;
}

static void scan_file(struct walk *w, const char *path)
{
	struct document doc = {.from = {.root = w->root,
					.where = where_of(path),
					.exposure = EXPOSURE_IGNORED,
					.uncounted = true}};
	struct buf full, shown;
	struct stat st;

	buf_init(&full, BUF_MAX_PATH);
	buf_init(&shown, BUF_MAX_PATH);
	buf_appendf(&full, "%s%s", w->base, path);
	buf_appendf(&shown, "%s%s", w->shown, path);
	doc.from.path = buf_slice(&shown);
	visit_file(&w->visitor, AT_FDCWD, full.ptr, 0, &doc, &st);
	buf_dispose(&shown);
	buf_dispose(&full);
}

/* ---- folders ---- */

static bool exists(const char *folder, const char *name)
{
	struct buf path;
	bool there;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%s%s", folder, name);
	/* HEAD may be a link that leads to nothing (refs.c). */
	there = faccessat(AT_FDCWD, path.ptr, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	buf_dispose(&path);
	return there;
}

/* A submodule's repository lies in "modules", whether it is checked out or not. */
static bool is_repository(const char *folder)
{
	return exists(folder, "HEAD") && exists(folder, "objects") && exists(folder, "refs");
}

static void tell_repository(struct walk *w, const char *folder)
{
	const struct sink *sink = w->h->sink;
	struct repository submodule = {.root = folder, .prefix = SLICE(""), .git_dir = folder};
	char *common_dir = NULL;
	struct err err;

	if (repo_identify(folder, &common_dir, &submodule.bare, &err) < 0) {
		sink->diag(sink->payload, 0, NULL, slice_str(folder), false, err.msg);
		return;
	}
	submodule.common_dir = common_dir;
	submodule.separate = submodule.inner = true;
	submodule.bare = false;
	sink->root(sink->payload, folder);
	sink->repository(sink->payload, 0, &submodule);
	free(common_dir);
}

static void scan_folder(struct walk *w, const char *path, unsigned depth);

/* path: relative to the git directory. */
static void scan_name(struct walk *w, const char *path, unsigned depth)
{
	struct buf full;
	struct stat st;

	buf_init(&full, BUF_MAX_PATH);
	buf_appendf(&full, "%s%s", w->base, path);
	if (lstat(full.ptr, &st) == 0 && S_ISDIR(st.st_mode)) {
		buf_append_byte(&full, '/');
		if (depth > 0 && is_repository(full.ptr))
			tell_repository(w, full.ptr);
		else if (depth < DEPTH_MAX)
			scan_folder(w, path, depth + 1);
	} else if (!w->no_files) {
		scan_file(w, path);
	}
	buf_dispose(&full);
}

static void scan_folder(struct walk *w, const char *path, unsigned depth)
{
	struct names names = {0};
	struct buf full;
	int fd;

	buf_init(&full, BUF_MAX_PATH);
	buf_appendf(&full, "%s%s", w->base, path);
	fd = open(full.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || names_read(&names, fd) < 0)
		w->h->sink->diag(w->h->sink->payload, 0, NULL, buf_slice(&full), false,
				 "cannot be listed");
	if (fd >= 0)
		close(fd);
	for (size_t i = 0; i < names.count; i++) {
		buf_reset(&full);
		buf_appendf(&full, "%s%s%s", path, *path ? "/" : "", names.list[i]);
		if (depth > 0 ? !is_of_objects(full.ptr) : !is_left_out(w->h, names.list[i]))
			scan_name(w, full.ptr, depth);
	}
	names_dispose(&names);
	buf_dispose(&full);
}

static void scan_beside_objects(struct walk *w)
{
	static const char *const folders[] = {"objects/info", "objects/pack"};
	struct buf path;
	struct stat st;

	buf_init(&path, BUF_MAX_PATH);
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		buf_reset(&path);
		buf_appendf(&path, "%s%s", w->base, folders[i]);
		if (lstat(path.ptr, &st) == 0 && S_ISDIR(st.st_mode))
			scan_folder(w, folders[i], 1);
	}
	buf_dispose(&path);
}

/* Whether the git directory is the folder .git of its work tree. */
static bool is_dot_git(const struct repository *repository)
{
	size_t len = strlen(repository->common_dir);

	return !repository->bare && !repository->separate && len >= 5 &&
	       strcmp(repository->common_dir + len - 5, ".git/") == 0;
}

void history_tell_submodules(struct history *h)
{
	struct walk w = {.h = h, .base = h->repository->common_dir, .no_files = true};

	if (exists(w.base, "modules"))
		scan_folder(&w, "modules", 1);
}

void history_scan_git_dir(struct history *h)
{
	const struct repository *repository = h->repository;
	struct walk w = {.h = h, .base = repository->common_dir};
	struct buf shown;

	buf_init(&shown, BUF_MAX_PATH);
	if (is_dot_git(repository)) {
		w.root = repository->root;
		buf_append_slice(&shown, repository->prefix);
		buf_append_str(&shown, ".git/");
	} else if (repository->bare) {
		w.root = repository->root;
		buf_append_slice(&shown, repository->prefix);
	} else {
		w.root = repository->common_dir;
	}
	w.shown = shown.ptr;
	visitor_init(&w.visitor, h->sink, 0);
	scan_folder(&w, "", 0);
	scan_beside_objects(&w);
	visitor_dispose(&w.visitor);
	buf_dispose(&shown);
}
