#include "source/refs.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 64 /* of folders in refs/ */

struct reading {
	struct refs *refs;
	bool all_pushed;
	refs_problem_fn problem;
	void *payload;
};

/* ---- what a name means ---- */

static enum ref_reach reach_of(const struct reading *r, const char *name)
{
	static const char *const pushed[] = {"refs/remotes/", "refs/pull/", "refs/merge-requests/",
					     "refs/changes/"};

	if (r->all_pushed)
		return REF_PUSHED;
	for (size_t i = 0; i < sizeof(pushed) / sizeof(*pushed); i++)
		if (strncmp(name, pushed[i], strlen(pushed[i])) == 0)
			return REF_PUSHED;
	return REF_LOCAL;
}

static struct ref *add(struct reading *r, const char *name, bool is_name)
{
	struct refs *refs = r->refs;

	grow_array(&refs->list, &refs->cap, refs->count, sizeof(*refs->list));
	refs->list[refs->count] =
		(struct ref){.name = xstrdup(name), .is_name = is_name, .reach = reach_of(r, name)};
	return &refs->list[refs->count++];
}

static void set_oid(struct ref *ref, const char *hex, size_t len)
{
	ref->has_oid = len >= OID_HEX && oid_from_hex(&ref->oid, (const unsigned char *)hex);
}

/* ---- files ---- */

static FILE *open_text(struct reading *r, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	struct err err;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return NULL;
	if (fd < 0 || fstat(fd, &st) < 0) {
		err_errno(&err, errno, "cannot be opened");
		r->problem(r->payload, path, err.msg);
	} else if (S_ISREG(st.st_mode)) {
		return fdopen(fd, "r");
	}
	if (fd >= 0)
		close(fd);
	return NULL;
}

static void read_ref_file(struct reading *r, const char *path, const char *name)
{
	FILE *file = open_text(r, path);
	char text[OID_HEX + 1];
	struct ref *ref;

	if (!file)
		return;
	ref = add(r, name, true);
	set_oid(ref, text, fread(text, 1, OID_HEX, file));
	fclose(file);
}

/* "<id> <name>"; lines with '^' and '#' say more about others. */
static void read_packed(struct reading *r, const char *common_dir)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	struct buf path;
	FILE *file;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%spacked-refs", common_dir);
	file = open_text(r, path.ptr);
	while (file && (len = getline(&line, &cap, file)) >= 0) {
		if (len > 0 && line[len - 1] == '\n')
			line[--len] = '\0';
		if (len > OID_HEX + 1 && line[0] != '#' && line[OID_HEX] == ' ')
			set_oid(add(r, line + OID_HEX + 1, true), line, (size_t)len);
	}
	free(line);
	if (file)
		fclose(file);
	buf_dispose(&path);
}

/* "<old id> <new id> ..." */
static void read_log(struct reading *r, const char *path, const char *name)
{
	FILE *file = open_text(r, path);
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	while (file && (len = getline(&line, &cap, file)) >= 0) {
		if (len < 2 * OID_HEX + 1)
			continue;
		set_oid(add(r, name, false), line, OID_HEX);
		set_oid(add(r, name, false), line + OID_HEX + 1, OID_HEX);
	}
	free(line);
	if (file)
		fclose(file);
}

/* ---- folders of them ---- */

typedef void (*file_fn)(struct reading *r, const char *path, const char *name);

struct names {
	char **list;
	size_t count, cap;
};

static void list_name(void *payload, const char *name, enum os_type type)
{
	struct names *names = payload;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return;
	grow_array(&names->list, &names->cap, names->count, sizeof(*names->list));
	names->list[names->count++] = xstrdup(name);
}

static void each_file(struct reading *r, const char *folder, const char *name, unsigned depth,
		      file_fn work);

static void visit_name(struct reading *r, const char *folder, const char *name, const char *below,
		       unsigned depth, file_fn work)
{
	struct buf path, full;
	struct stat st;

	buf_init(&path, BUF_MAX_PATH);
	buf_init(&full, BUF_MAX_PATH);
	buf_appendf(&path, "%s/%s", folder, below);
	buf_appendf(&full, "%s/%s", name, below);
	if (stat(path.ptr, &st) == 0) {
		if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
			each_file(r, path.ptr, full.ptr, depth + 1, work);
		else if (S_ISREG(st.st_mode))
			work(r, path.ptr, full.ptr);
	}
	buf_dispose(&full);
	buf_dispose(&path);
}

/* Calls work for every file in folder and below; name is what it stands for. */
static void each_file(struct reading *r, const char *folder, const char *name, unsigned depth,
		      file_fn work)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct names names = {0};
	struct err err;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return;
	if (fd < 0 || os_list_folder(fd, list_name, &names) < 0) {
		err_errno(&err, errno, "cannot be listed");
		r->problem(r->payload, folder, err.msg);
	}
	if (fd >= 0)
		close(fd);
	for (size_t i = 0; i < names.count; i++) {
		visit_name(r, folder, name, names.list[i], depth, work);
		free(names.list[i]);
	}
	free(names.list);
}

/* Logs count where they remember what a remote had, or what was stashed. */
static void read_logs_that_count(struct reading *r, const char *path, const char *name)
{
	if (reach_of(r, name) == REF_PUSHED || strcmp(name, "refs/stash") == 0)
		read_log(r, path, name);
}

static void read_git_dir(struct reading *r, const char *git_dir)
{
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%sHEAD", git_dir);
	read_ref_file(r, path.ptr, "HEAD");
	buf_reset(&path);
	buf_appendf(&path, "%srefs", git_dir);
	each_file(r, path.ptr, "refs", 0, read_ref_file);
	buf_reset(&path);
	buf_appendf(&path, "%slogs/refs", git_dir);
	each_file(r, path.ptr, "refs", 0, read_logs_that_count);
	buf_dispose(&path);
}

static void read_worktrees(struct reading *r, const char *common_dir)
{
	struct names names = {0};
	struct buf path;
	int fd;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%sworktrees", common_dir);
	fd = open(path.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		os_list_folder(fd, list_name, &names);
		close(fd);
	}
	for (size_t i = 0; i < names.count; i++) {
		buf_reset(&path);
		buf_appendf(&path, "%sworktrees/%s/", common_dir, names.list[i]);
		read_git_dir(r, path.ptr);
		free(names.list[i]);
	}
	free(names.list);
	buf_dispose(&path);
}

/* ---- all ---- */

void refs_read(struct refs *refs, const char *common_dir, bool all_pushed, refs_problem_fn problem,
	       void *payload)
{
	struct reading r = {refs, all_pushed, problem, payload};

	*refs = (struct refs){0};
	read_git_dir(&r, common_dir);
	read_worktrees(&r, common_dir);
	read_packed(&r, common_dir);
}

void refs_dispose(struct refs *refs)
{
	for (size_t i = 0; i < refs->count; i++)
		free(refs->list[i].name);
	free(refs->list);
	*refs = (struct refs){0};
}

/* ---- HEAD ---- */

/* A loose ref, read before the packed ones, wins over a packed one. */
static bool find(const struct refs *refs, const char *name, struct oid *oid)
{
	for (size_t i = 0; i < refs->count; i++) {
		const struct ref *ref = &refs->list[i];

		if (ref->is_name && ref->has_oid && strcmp(ref->name, name) == 0) {
			*oid = ref->oid;
			return true;
		}
	}
	return false;
}

bool refs_head(const struct refs *refs, const char *git_dir, struct oid *oid)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len = -1;
	struct buf path;
	bool found = false;
	FILE *file;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%sHEAD", git_dir);
	file = fopen(path.ptr, "re");
	if (file) {
		len = getline(&line, &cap, file);
		fclose(file);
	}
	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == ' '))
		line[--len] = '\0';
	if (len > 5 && strncmp(line, "ref:", 4) == 0)
		found = find(refs, line + 4 + strspn(line + 4, " "), oid);
	else if (len >= OID_HEX)
		found = oid_from_hex(oid, (const unsigned char *)line);
	free(line);
	buf_dispose(&path);
	return found;
}
