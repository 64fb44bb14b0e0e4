#include "source/folder.h"

#include "base/alloc.h"
#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPEN_FOLDER (O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

static struct folder *folder_new(struct folder *parent, char *path, int fd, const struct stat *st,
				 struct folder_budget *budget)
{
	struct folder *f = xcalloc(1, sizeof(*f));

	f->parent = parent;
	f->path = path;
	f->path_len = strlen(path);
	f->fd = fd;
	f->dev = st->st_dev;
	f->ino = st->st_ino;
	atomic_init(&f->users, 1);
	atomic_init(&f->refs, 1);
	if (parent)
		folder_ref(parent);
	atomic_fetch_add(&budget->open, 1);
	return f;
}

int folder_root(struct folder **out, const char *path, struct folder_budget *budget,
		struct err *err)
{
	int fd = open(path, OPEN_FOLDER);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		int rc = err_errno(err, errno, "cannot open");

		if (fd >= 0)
			close(fd);
		return rc;
	}
	atomic_init(&budget->open, 0);
	budget->most = (int)(os_raise_open_files() / 2);
	*out = folder_new(NULL, xstrdup(""), fd, &st, budget);
	return 0;
}

static bool is_loop(const struct folder *parent, const struct stat *st)
{
	for (; parent; parent = parent->parent)
		if (parent->dev == st->st_dev && parent->ino == st->st_ino)
			return true;
	return false;
}

static char *join(const struct folder *parent, const char *name)
{
	size_t len = strlen(name), skip = parent->path_len ? parent->path_len + 1 : 0;
	char *path = xmalloc(skip + len + 1);

	memcpy(path, parent->path, parent->path_len);
	if (skip)
		path[skip - 1] = '/';
	memcpy(path + skip, name, len + 1);
	return path;
}

enum folder_result folder_open(struct folder **out, struct folder *parent, const char *name,
			       struct folder_budget *budget, struct err *err)
{
	bool owned = false;
	int dir = folder_fd(parent, &owned);
	int fd = dir < 0 ? -1 : openat(dir, name, OPEN_FOLDER | O_NOFOLLOW);
	int errnum = errno;
	struct stat st;

	if (owned)
		close(dir);
	if (fd < 0 && (errnum == ENOENT || errnum == ENOTDIR || errnum == ELOOP))
		return FOLDER_GONE;
	if (fd < 0 || fstat(fd, &st) < 0) {
		err_errno(err, errnum, "cannot open");
		if (fd >= 0)
			close(fd);
		return FOLDER_REFUSED;
	}
	if (is_loop(parent, &st)) {
		close(fd);
		return FOLDER_LOOP;
	}
	*out = folder_new(parent, join(parent, name), fd, &st, budget);
	return FOLDER_OPENED;
}

/* Opens a folder again, from the root, which is never closed, name by name: no
 * name on the way may be a link, and no path is too long. */
static int reopen(const struct folder *folder)
{
	const struct folder *root = folder;
	const char *rest = folder->path;
	int fd;

	while (root->parent)
		root = root->parent;
	fd = dup(root->fd);
	while (fd >= 0 && *rest) {
		size_t len = strcspn(rest, "/");
		char *name = xmemdup0(rest, len);
		int next = openat(fd, name, OPEN_FOLDER | O_NOFOLLOW);

		free(name);
		close(fd);
		fd = next;
		rest += len + (rest[len] == '/');
	}
	return fd;
}

void folder_save(struct folder *folder, struct folder_budget *budget)
{
	if (!folder->parent || folder->fd < 0 || atomic_load(&budget->open) <= budget->most)
		return;
	close(folder->fd);
	folder->fd = -1;
	atomic_fetch_sub(&budget->open, 1);
}

int folder_fd(struct folder *folder, bool *owned)
{
	*owned = folder->fd < 0;
	return folder->fd >= 0 ? folder->fd : reopen(folder);
}

void folder_use(struct folder *folder)
{
	atomic_fetch_add(&folder->users, 1);
	folder_ref(folder);
}

void folder_unuse(struct folder *folder, struct folder_budget *budget)
{
	if (atomic_fetch_sub(&folder->users, 1) == 1 && folder->fd >= 0) {
		close(folder->fd);
		atomic_fetch_sub(&budget->open, 1);
	}
	folder_unref(folder);
}

void folder_ref(struct folder *folder)
{
	atomic_fetch_add(&folder->refs, 1);
}

void folder_unref(struct folder *folder)
{
	while (folder && atomic_fetch_sub(&folder->refs, 1) == 1) {
		struct folder *parent = folder->parent;

		free(folder->path);
		free(folder);
		folder = parent;
	}
}
