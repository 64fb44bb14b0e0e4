#include "source/refs.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/names.h"
#include "source/pack/mapped.h"
#include "source/repo.h"

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
	const char **loose; /* names of refs with a file of their own, in order */
	size_t loose_count;
};

/* ---- what a name means ---- */

static enum ref_reach reach_of(const struct reading *r, const char *name)
{
	/* refs/prefetch/: what `git maintenance` got from remotes ahead of a fetch. */
	static const char *const pushed[] = {"refs/remotes/", "refs/pull/", "refs/merge-requests/",
					     "refs/changes/", "refs/prefetch/"};

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
	refs->list[refs->count] = (struct ref){
		.name = xstrdup(is_name ? name : ""),
		.is_name = is_name,
		.reach = reach_of(r, name),
	};
	return &refs->list[refs->count++];
}

static void set_oid(struct ref *ref, const char *hex, size_t len)
{
	ref->has_oid = len >= OID_HEX && oid_from_hex(&ref->oid, (const unsigned char *)hex);
}

/* ---- lines ---- */

/* What editors and other systems leave behind a line is none of a name, as git has it. */
static size_t trim(char *line, size_t len)
{
	while (len && (line[len - 1] == ' ' || line[len - 1] == '\t' || line[len - 1] == '\r'))
		line[--len] = '\0';
	return len;
}

/* The ref that "ref: refs/heads/main" stands for; NULL. Caller frees. */
static char *other_of(FILE *file)
{
	char *line = xmalloc(TEXT_LINE_MAX), *other = NULL;
	ssize_t len = text_line(file, line, TEXT_LINE_MAX);

	if (len > 4 && trim(line, (size_t)len) > 4 && memcmp(line, "ref:", 4) == 0)
		other = xstrdup(line + 4 + strspn(line + 4, " \t"));
	free(line);
	return other;
}

/* The ref that a link stands for, wherever that leads: HEAD was one once, and is where
 * core.preferSymlinkRefs is set. NULL. Caller frees. */
static char *linked_ref(const char *path)
{
	char ref[TEXT_LINE_MAX];
	ssize_t len = readlink(path, ref, sizeof(ref));

	return len > 5 && memcmp(ref, "refs/", 5) == 0 ? xmemdup0(ref, (size_t)len) : NULL;
}

/* ---- files ---- */

static FILE *open_text(struct reading *r, const char *path)
{
	struct err err;
	FILE *file = text_open(path, &err);

	if (!file && err.code != HF_ENOTFOUND)
		r->problem(r->payload, path, err.msg);
	return file;
}

/* What git takes for a ref, by its name: git-check-ref-format(1). */
static bool is_ref_name(const char *name)
{
	return !strstr(name, "/.") && !slice_has_suffix(slice_str(name), SLICE(".lock"));
}

/* other: the ref that it stands for, whose name may be nowhere else. */
static void add_alias(struct reading *r, const char *name, char *other)
{
	add(r, name, true)->other = other;
	add(r, other, true);
}

static void read_ref_text(struct reading *r, FILE *file, const char *path, const char *name)
{
	char text[OID_HEX + 1], *other;
	size_t len = fread(text, 1, OID_HEX, file);
	struct oid oid;

	if (len == OID_HEX && oid_from_hex(&oid, (const unsigned char *)text)) {
		set_oid(add(r, name, true), text, len);
		return;
	}
	rewind(file);
	other = other_of(file);
	if (other && strcmp(name, "HEAD") != 0) {
		add_alias(r, name, other);
		return;
	}
	add(r, name, true)->other = other; /* HEAD is a text that is scanned */
	if (!other && is_ref_name(name))
		r->problem(r->payload, path, "is broken: it names no object");
}

static void read_ref_file(struct reading *r, const char *path, const char *name)
{
	char *other = linked_ref(path);
	FILE *file = other ? NULL : open_text(r, path);

	if (other) {
		add_alias(r, name, other);
	} else if (file) {
		read_ref_text(r, file, path, name);
		fclose(file);
	}
}

static int order_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void list_loose(struct reading *r)
{
	const struct refs *refs = r->refs;

	r->loose = xcalloc(refs->count, sizeof(*r->loose));
	for (size_t i = 0; i < refs->count; i++)
		if (refs->list[i].is_name && refs->list[i].has_oid)
			r->loose[r->loose_count++] = refs->list[i].name;
	if (r->loose_count)
		qsort(r->loose, r->loose_count, sizeof(*r->loose), order_names);
}

/* Where a ref has a file of its own, what is packed is what it was before: git may
 * have dropped that object since. What a remote had counts on. */
static void add_packed(struct reading *r, const char *name, const char *hex)
{
	bool is_stale = r->loose_count &&
			bsearch(&name, r->loose, r->loose_count, sizeof(name), order_names);

	if (!is_stale || reach_of(r, name) == REF_PUSHED)
		set_oid(add(r, name, !is_stale), hex, OID_HEX);
}

/* Whether git writes such a line that names no ref: its header, or what a tag peels to. */
static bool is_gits_own(const char *line, size_t len)
{
	static const char header[] = "# pack-refs ";
	const size_t key = sizeof(header) - 1;
	struct oid oid;

	if (line[0] == '^')
		return len == OID_HEX + 1 && oid_from_hex(&oid, (const unsigned char *)line + 1);
	return strncmp(line, header, key) == 0 &&
	       !line[key + strspn(line + key, " -:abcdefghijklmnopqrstuvwxyz")];
}

static void read_packed_line(struct reading *r, char *line, size_t len, bool *broken)
{
	struct oid oid;

	len = trim(line, len);
	if (len > OID_HEX + 1 && line[OID_HEX] == ' ' &&
	    oid_from_hex(&oid, (const unsigned char *)line)) {
		add_packed(r, line + OID_HEX + 1, line);
		return;
	}
	*broken |= line[0] != '#' && line[0] != '^';
	r->refs->has_remarks |= !is_gits_own(line, len);
}

/* "<id> <name>"; lines with '^' and '#' say more about others. */
static void read_packed(struct reading *r, const char *common_dir)
{
	char *line = xmalloc(TEXT_LINE_MAX);
	bool broken = false;
	struct buf path;
	ssize_t len;
	FILE *file;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%spacked-refs", common_dir);
	file = open_text(r, path.ptr);
	while (file && (len = text_line(file, line, TEXT_LINE_MAX)) >= 0) {
		read_packed_line(r, line, (size_t)len, &broken);
		broken |= feof(file) != 0; /* cut off: refs are lost */
	}
	if (broken)
		r->problem(r->payload, path.ptr, "is broken: not every line names an object");
	free(line);
	if (file)
		fclose(file);
	buf_dispose(&path);
}

/* "<old id> <new id> ..." */
static void read_log(struct reading *r, const char *path, const char *name)
{
	FILE *file = open_text(r, path);
	char line[2 * OID_HEX + 2], last[OID_HEX] = "";
	ssize_t len;

	/* Mostly each line begins with what the one before ended with. */
	while (file && (len = text_line(file, line, sizeof(line))) >= 0) {
		if (len < 2 * OID_HEX + 1)
			continue;
		if (memcmp(line, last, OID_HEX) != 0)
			set_oid(add(r, name, false), line, OID_HEX);
		memcpy(last, line + OID_HEX + 1, OID_HEX);
		set_oid(add(r, name, false), last, OID_HEX);
	}
	if (file)
		fclose(file);
}

/* ---- folders of them ---- */

typedef void (*file_fn)(struct reading *r, const char *path, const char *name);

static void each_file(struct reading *r, const char *folder, const char *name, unsigned depth,
		      file_fn work);

static void visit_name(struct reading *r, const char *folder, const char *name, const char *below,
		       unsigned depth, file_fn work)
{
	struct buf path, full;
	struct stat st = {0}, link = {0};
	char *other;

	buf_init(&path, BUF_MAX_PATH);
	buf_init(&full, BUF_MAX_PATH);
	buf_appendf(&path, "%s/%s", folder, below);
	buf_appendf(&full, "%s/%s", name, below);
	lstat(path.ptr, &link);
	other = S_ISLNK(link.st_mode) ? linked_ref(path.ptr) : NULL;
	if (other)
		work(r, path.ptr, full.ptr);
	else if (link.st_mode && stat(path.ptr, &st) < 0)
		r->problem(r->payload, path.ptr, "cannot be read");
	else if (!S_ISDIR(st.st_mode))
		work(r, path.ptr, full.ptr);
	else if (S_ISLNK(link.st_mode)) /* two in each of thirty folders: 2^30 names */
		r->problem(r->payload, path.ptr, "is a link to a folder: not followed");
	else if (depth >= DEPTH_MAX)
		r->problem(r->payload, path.ptr, "lies too deep: not read");
	else
		each_file(r, path.ptr, full.ptr, depth + 1, work);
	free(other);
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
	if (fd < 0 || names_read(&names, fd) < 0) {
		err_errno(&err, errno, "cannot be listed");
		r->problem(r->payload, folder, err.msg);
	}
	if (fd >= 0)
		close(fd);
	for (size_t i = 0; i < names.count; i++)
		visit_name(r, folder, name, names.list[i], depth, work);
	names_dispose(&names);
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

static void read_linked(void *payload, const char *git_dir)
{
	read_git_dir(payload, git_dir);
}

/* ---- all ---- */

void refs_read(struct refs *refs, const char *common_dir, bool all_pushed, refs_problem_fn problem,
	       void *payload)
{
	struct reading r = {refs, all_pushed, problem, payload, NULL, 0};

	*refs = (struct refs){0};
	read_git_dir(&r, common_dir);
	list_loose(&r);
	repo_each_linked(common_dir, read_linked, &r);
	read_packed(&r, common_dir);
	free(r.loose);
}

static void pass_over(void *payload, const char *path, const char *what)
{
}

void refs_add_lender(struct refs *refs, const char *common_dir, bool all_pushed)
{
	struct refs theirs;

	refs_read(&theirs, common_dir, all_pushed, pass_over, NULL);
	for (size_t i = 0; i < theirs.count; i++) {
		struct ref ref = theirs.list[i];

		if (!ref.has_oid)
			continue;
		ref.name = xstrdup("");
		ref.other = NULL; /* it has an object */
		ref.is_name = false;
		grow_array(&refs->list, &refs->cap, refs->count, sizeof(*refs->list));
		refs->list[refs->count++] = ref;
	}
	refs_dispose(&theirs);
}

void refs_dispose(struct refs *refs)
{
	for (size_t i = 0; i < refs->count; i++) {
		free(refs->list[i].other);
		free(refs->list[i].name);
	}
	free(refs->list);
	*refs = (struct refs){0};
}

/* ---- HEAD ---- */

/* As many refs in a row as git follows: refs.c, SYMREF_MAXDEPTH. */
#define OTHERS_MAX 5

/* A loose ref, read before the packed ones, wins over a packed one. */
static const struct ref *find(const struct refs *refs, const char *name)
{
	for (size_t i = 0; i < refs->count; i++) {
		const struct ref *ref = &refs->list[i];

		if (ref->is_name && (ref->has_oid || ref->other) && strcmp(ref->name, name) == 0)
			return ref;
	}
	return NULL;
}

static bool follow(const struct refs *refs, const char *name, struct oid *oid)
{
	const struct ref *ref = find(refs, name);

	for (int i = 0; ref && !ref->has_oid; i++)
		ref = i < OTHERS_MAX ? find(refs, ref->other) : NULL;
	if (ref)
		*oid = ref->oid;
	return ref != NULL;
}

bool refs_head(const struct refs *refs, const char *git_dir, struct oid *oid)
{
	char text[OID_HEX], *other = NULL;
	struct buf path;
	bool found = false;
	FILE *file;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%sHEAD", git_dir);
	other = linked_ref(path.ptr);
	file = other ? NULL : text_open(path.ptr, NULL);
	if (file) {
		found = fread(text, 1, OID_HEX, file) == OID_HEX &&
			oid_from_hex(oid, (const unsigned char *)text);
		rewind(file);
		other = found ? NULL : other_of(file);
		fclose(file);
	}
	if (other)
		found = follow(refs, other, oid);
	free(other);
	buf_dispose(&path);
	return found;
}
