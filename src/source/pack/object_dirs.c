#include "source/pack/object_dirs.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "source/pack/mapped.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* As deep as git follows alternates: object-file.c, link_alt_odb_entry(). */
#define ALTERNATES_DEPTH 5
#define ALTERNATES_MAX   ((size_t)1024)

#define TOO_MANY_ALTERNATES "borrowed from over too many repositories: not read"

struct listing {
	struct object_dirs *dirs;
	odb_problem_fn problem;
	void *payload;
};

static bool is_known(const struct object_dirs *dirs, const char *path)
{
	for (size_t i = 0; i < dirs->count; i++)
		if (strcmp(dirs->list[i], path) == 0)
			return true;
	return false;
}

static void add_dir(struct listing *l, const char *path, unsigned depth);

/* One line of an alternates file; relative to the folder "objects" it is in. */
static void add_alternate(struct listing *l, const char *objects, const char *line, unsigned depth)
{
	struct buf path;

	if (!*line || *line == '#')
		return;
	buf_init(&path, BUF_MAX_PATH);
	if (*line != '/')
		buf_appendf(&path, "%s/", objects);
	buf_append_str(&path, line);
	if (depth >= ALTERNATES_DEPTH)
		l->problem(l->payload, path.ptr, TOO_MANY_ALTERNATES);
	else
		add_dir(l, path.ptr, depth + 1);
	buf_dispose(&path);
}

static void add_alternates(struct listing *l, const char *objects, unsigned depth)
{
	char *line = xmalloc(TEXT_LINE_MAX);
	struct buf path;
	struct err err;
	ssize_t len;
	FILE *file;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%s/info/alternates", objects);
	file = text_open(path.ptr, &err);
	if (!file && err.code != HF_ENOTFOUND)
		l->problem(l->payload, path.ptr, err.msg);
	while (file && (len = text_line(file, line, TEXT_LINE_MAX)) >= 0) {
		if (len > 0 && line[len - 1] == '\r')
			line[len - 1] = '\0';
		add_alternate(l, objects, line, depth);
	}
	free(line);
	if (file)
		fclose(file);
	buf_dispose(&path);
}

static void add_dir(struct listing *l, const char *path, unsigned depth)
{
	struct object_dirs *dirs = l->dirs;
	char *real = realpath(path, NULL);

	if (!real) {
		l->problem(l->payload, path, "cannot be opened: its objects are not read");
		return;
	}
	if (is_known(dirs, real) || dirs->count >= ALTERNATES_MAX) {
		if (!is_known(dirs, real))
			l->problem(l->payload, path, TOO_MANY_ALTERNATES);
		free(real);
		return;
	}
	grow_array(&dirs->list, &dirs->cap, dirs->count, sizeof(*dirs->list));
	dirs->list[dirs->count++] = real;
	add_alternates(l, real, depth);
}

void object_dirs_list(struct object_dirs *dirs, const char *objects, odb_problem_fn problem,
		      void *payload)
{
	struct listing l = {dirs, problem, payload};

	*dirs = (struct object_dirs){0};
	add_dir(&l, objects, 0);
}

void object_dirs_dispose(struct object_dirs *dirs)
{
	for (size_t i = 0; i < dirs->count; i++)
		free(dirs->list[i]);
	free(dirs->list);
	*dirs = (struct object_dirs){0};
}
