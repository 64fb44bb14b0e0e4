#include "source/pack/object_dirs.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "source/pack/mapped.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* As deep as git follows alternates: object-file.c, link_alt_odb_entries() reads the
 * files of a repository and of five that it borrows from in a row. */
#define ALTERNATES_DEPTH 6
/* Of two hundred repositories that each borrowed from all others each read what all have. */
#define ALTERNATES_MAX ((size_t)128)
/* So many entries are looked at in all: beyond, nobody means what they say. */
#define ENTRIES_MAX ((size_t)4096)

#define TOO_MANY_ALTERNATES "borrowed from over too many repositories: not read"

/* One that is known; the folder of the same number in the list. */
struct known {
	dev_t dev;
	ino_t ino;
	unsigned depth; /* from how many in a row it is borrowed: the fewest */
};

struct listing {
	struct object_dirs *dirs;
	struct known known[ALTERNATES_MAX];
	char **deep; /* that lie too deep on the way by which they were met */
	size_t deep_count, deep_cap;
	size_t entries;
	bool is_cut; /* there are more than are listed */
	odb_problem_fn problem;
	void *payload;
};

static bool is_known(const struct listing *l, const struct stat *st)
{
	for (size_t i = 0; i < l->dirs->count; i++)
		if (l->known[i].ino == st->st_ino && l->known[i].dev == st->st_dev)
			return true;
	return false;
}

/* path: any name of a folder. */
static void add_dir(struct listing *l, const char *path, unsigned depth)
{
	struct object_dirs *dirs = l->dirs;
	char *real = NULL;
	struct stat st = {0};

	if (stat(path, &st) == 0 && is_known(l, &st))
		return;
	if (dirs->count >= ALTERNATES_MAX) {
		l->is_cut = true;
		return;
	}
	real = realpath(path, NULL);
	if (!real) {
		l->problem(l->payload, path, "cannot be opened: its objects are not read");
		return;
	}
	l->known[dirs->count] = (struct known){st.st_dev, st.st_ino, depth};
	grow_array(&dirs->list, &dirs->cap, dirs->count, sizeof(*dirs->list));
	dirs->list[dirs->count++] = real;
}

/* The character that an escape stands for, -1 when there is none; *escape, behind
 * the backslash, is moved behind it. */
static int unescape(const char **escape)
{
	static const char from[] = "abfnrtv\\\"", to[] = "\a\b\f\n\r\t\v\\\"";
	const char *s = *escape, *at = *s ? strchr(from, *s) : NULL;

	if (at) {
		*escape = s + 1;
		return to[at - from];
	}
	for (int i = 0; i < 3; i++)
		if (s[i] < '0' || s[i] > (i == 0 ? '3' : '7'))
			return -1;
	*escape = s + 3;
	return (s[0] - '0') << 6 | (s[1] - '0') << 3 | (s[2] - '0');
}

/* A path in double quotes, as git's quote_c_style() writes those that hold one.
 * What comes behind it; NULL when it is not whole. */
static const char *unquote(const char *s, struct buf *out)
{
	for (s++; *s && *s != '"';) {
		int c = (unsigned char)*s++;

		if (c == '\\')
			c = unescape(&s);
		if (c <= 0)
			return NULL;
		buf_append_byte(out, (unsigned char)c);
	}
	return *s ? s + 1 : NULL;
}

/* Relative to the folder "objects" whose alternates file names it. */
static void add_named(struct listing *l, const char *objects, const char *name, unsigned depth)
{
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	if (*name != '/')
		buf_appendf(&path, "%s/", objects);
	buf_append_str(&path, name);
	if (depth < ALTERNATES_DEPTH) {
		add_dir(l, path.ptr, depth + 1);
	} else {
		grow_array(&l->deep, &l->deep_cap, l->deep_count, sizeof(*l->deep));
		l->deep[l->deep_count++] = xstrdup(path.ptr);
	}
	buf_dispose(&path);
}

/* The next entry of an alternates file; what comes behind it. As git reads it: in
 * quotes a path may go over lines, and broken quotes are part of a path. */
static const char *add_next(struct listing *l, const char *objects, const char *text,
			    unsigned depth)
{
	const char *end = NULL;
	struct buf name;

	buf_init(&name, BUF_MAX_PATH);
	if (*text == '"')
		end = unquote(text, &name);
	if (!end) {
		end = text + strcspn(text, "\n");
		buf_reset(&name);
		buf_append(&name, text, (size_t)(end - text));
		if (name.len && name.ptr[name.len - 1] == '\r')
			buf_truncate(&name, name.len - 1);
	}
	if (name.len && *text != '#')
		add_named(l, objects, name.ptr, depth);
	buf_dispose(&name);
	return *end ? end + 1 : end;
}

static void add_alternates(struct listing *l, const char *objects, unsigned depth)
{
	struct buf path, text;
	struct err err;
	FILE *file;

	buf_init(&path, BUF_MAX_PATH);
	buf_init(&text, BUF_MAX_FILE);
	buf_appendf(&path, "%s/info/alternates", objects);
	file = text_open(path.ptr, &err);
	if (!file && err.code != HF_ENOTFOUND)
		l->problem(l->payload, path.ptr, err.msg);
	if (file && !text_all(file, &text))
		l->problem(l->payload, path.ptr, "cannot be read whole");
	for (const char *at = text.ptr; *at && !l->is_cut; l->entries++) {
		l->is_cut = l->entries >= ENTRIES_MAX;
		at = add_next(l, objects, at, depth);
	}
	if (file)
		fclose(file);
	buf_dispose(&text);
	buf_dispose(&path);
}

/* Each folder's file once, and the nearest first, so that none is taken for too deep that
 * is also borrowed from on a shorter way. */
static void follow(struct listing *l)
{
	for (size_t i = 0; i < l->dirs->count; i++)
		add_alternates(l, l->dirs->list[i], l->known[i].depth);
}

/* What lies too deep on one way may have been met on another. */
static void tell_deep(struct listing *l)
{
	struct stat st = {0};

	for (size_t i = 0; i < l->deep_count; i++) {
		if (stat(l->deep[i], &st) < 0 || !is_known(l, &st))
			l->problem(l->payload, l->deep[i], TOO_MANY_ALTERNATES);
		free(l->deep[i]);
	}
	free(l->deep);
}

/* ---- what the environment names ---- */

/* Names with ':' between them, each of which may be in double quotes: git(1),
 * GIT_ALTERNATE_OBJECT_DIRECTORIES. */
static void add_listed(struct listing *l, const char *list)
{
	struct buf name;

	buf_init(&name, BUF_MAX_PATH);
	while (*list) {
		const char *end = *list == '"' ? unquote(list, &name) : NULL;

		if (!end) {
			size_t len = strcspn(list, ":");

			buf_reset(&name); /* buf_append() makes gcc 12 warn of what cannot be */
			buf_appendf(&name, "%.*s", (int)len, list);
			end = list + len;
		}
		if (name.len)
			add_dir(l, name.ptr, 0);
		buf_reset(&name);
		end += strcspn(end, ":");
		list = *end ? end + 1 : end;
	}
	buf_dispose(&name);
}

void object_dirs_list(struct object_dirs *dirs, const char *objects, const char *more,
		      odb_problem_fn problem, void *payload)
{
	struct listing *l = xcalloc(1, sizeof(*l));

	*dirs = (struct object_dirs){0};
	l->dirs = dirs;
	l->problem = problem;
	l->payload = payload;
	add_dir(l, objects, 0);
	if (more)
		add_listed(l, more);
	follow(l);
	tell_deep(l);
	if (l->is_cut)
		problem(payload, objects, "borrows from too many repositories: not all were read");
	free(l);
}

void object_dirs_dispose(struct object_dirs *dirs)
{
	for (size_t i = 0; i < dirs->count; i++)
		free(dirs->list[i]);
	free(dirs->list);
	*dirs = (struct object_dirs){0};
}
