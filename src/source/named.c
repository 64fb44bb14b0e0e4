/* Files named together mostly lie together, so the repository of one is kept
 * for the next. */
#include "source/named.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "source/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

void named_init(struct named *n, const struct sink *sink, unsigned worker,
		const struct source_options *options)
{
	*n = (struct named){
		.options = {.jobs = options->jobs, .ignored = true, .settings = options->settings}};
	visitor_init(&n->visitor, sink, worker);
}

static void forget_tree(struct named *n)
{
	if (n->tree)
		tree_free(n->tree);
	free(n->top);
	n->tree = NULL;
	n->top = NULL;
}

static void forget_folder(struct named *n)
{
	free(n->folder);
	free(n->real);
	n->folder = n->real = NULL;
}

void named_dispose(struct named *n)
{
	forget_tree(n);
	forget_folder(n);
	visitor_dispose(&n->visitor);
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void tell(struct named *n, const char *path, const char *what)
{
	const struct sink *sink = n->visitor.sink;

	sink->diag(sink->payload, n->visitor.worker, NULL, slice_str(path), false, what);
}

/* Gets ready for files in this folder. */
static void go_to(struct named *n, char *folder)
{
	char *top = NULL;
	struct err err;
	bool bare = false;

	forget_folder(n);
	n->folder = folder;
	n->real = realpath(folder, NULL);
	if (n->real && repo_discover(n->real, &top, &bare, &err) < 0)
		tell(n, folder, err.msg);
	if (top && bare) { /* a file of git's own is a file like others */
		free(top);
		top = NULL;
	}
	if (same(top, n->top)) {
		free(top);
		return;
	}
	forget_tree(n);
	n->top = top;
	if (!top)
		return;
	n->tree = tree_open(top, top, "", &n->options, &err);
	if (!n->tree)
		tell(n, top, err.msg);
	else
		settings_tell_repo(n->visitor.sink, n->visitor.worker, &n->options, top, SLICE(""),
				   n->tree->repo);
}

/* In a work tree: known by its path from the top. */
static void visit_in_tree(struct named *n, const char *path, const char *name)
{
	size_t top = strlen(n->top);
	struct document doc = {.from = {.root = named_root(n), .named = n->by_user}};
	struct buf relative;

	buf_init(&relative, BUF_MAX_PATH);
	if (strlen(n->real) > top) {
		buf_append_str(&relative, n->real + top);
		buf_append_byte(&relative, '/');
	}
	buf_append_str(&relative, name);
	doc.from.path = buf_slice(&relative);
	tree_visit_named(n->tree, &n->visitor, path, &doc);
	buf_dispose(&relative);
}

const char *named_root(const struct named *n)
{
	return n->tree ? n->top : n->folder;
}

/* The folder that name, the last part of path, stands in: "." for the cwd. */
static char *folder_of(const char *path, const char *name)
{
	size_t len = (size_t)(name - path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	return len ? xmemdup0(path, len) : xstrdup(".");
}

void named_visit(struct named *n, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char *folder = folder_of(path, name);
	struct stat st;

	if (same(folder, n->folder))
		free(folder);
	else
		go_to(n, folder);
	if (n->tree) {
		visit_in_tree(n, path, name);
	} else {
		struct document doc = {.from = {.root = named_root(n), .path = slice_str(name)}};

		visit_file(&n->visitor, AT_FDCWD, path, VISIT_FOLLOW | VISIT_NAMED, &doc, &st);
	}
}
