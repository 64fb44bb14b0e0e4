/* What `git commit` would take: blobs of the index, whatever the files hold now. */
#include "source/source.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/pool.h"
#include "source/settings.h"
#include "source/tree.h"

#include <errno.h>
#include <stdlib.h>

/* Fewer entries are done before a thread has started. */
#define ENTRIES_A_THREAD ((size_t)32)

struct staged {
	struct tree *tree;
	struct slice limit; /* a folder or file below the top; "" */
	const struct sink *sink;
	struct visitor *visitors;
	size_t *entries;
	size_t count, cap;
};

static bool is_below(struct slice path, struct slice limit)
{
	return !limit.len || slice_eq(path, limit) ||
	       (path.len > limit.len && slice_has_prefix(path, limit) &&
		path.ptr[limit.len] == '/');
}

static void keep_entry(void *payload, size_t entry)
{
	struct staged *s = payload;

	if (!is_below(repo_entry_path(s->tree->repo, entry), s->limit))
		return;
	grow_array(&s->entries, &s->cap, s->count, sizeof(*s->entries));
	s->entries[s->count++] = entry;
}

/* The file's name and those of the folders it is in. */
static void visit_names(struct staged *s, struct visitor *v, struct slice path)
{
	if (!s->sink->worth(s->sink->payload, path))
		return;
	for (size_t len = 1; len < path.len; len++)
		if (path.ptr[len] == '/')
			tree_visit_name(s->tree, v, slice_of(path.ptr, len), true);
	tree_visit_name(s->tree, v, path, false);
}

static void visit_entry(unsigned worker, size_t i, void *payload)
{
	struct staged *s = payload;
	struct visitor *v = &s->visitors[worker];
	size_t entry = s->entries[i];

	visit_names(s, v, repo_entry_path(s->tree->repo, entry));
	tree_visit_entry(s->tree, v, entry);
}

static void visit_entries(struct staged *s, unsigned jobs)
{
	if (jobs > s->count / ENTRIES_A_THREAD + 1)
		jobs = (unsigned)(s->count / ENTRIES_A_THREAD + 1);
	s->visitors = xcalloc(jobs, sizeof(*s->visitors));
	for (unsigned i = 0; i < jobs; i++)
		visitor_init(&s->visitors[i], s->sink, i);
	pool_each(jobs, s->count, visit_entry, s);
	for (unsigned i = 0; i < jobs; i++)
		visitor_dispose(&s->visitors[i]);
	free(s->visitors);
}

static int scan_tree(const char *top, struct slice limit, const struct source_options *options,
		     const struct sink *sink, struct err *err)
{
	struct staged s = {.limit = limit, .sink = sink};

	sink->root(sink->payload, top);
	s.tree = tree_open(top, top, "", options, err);
	if (!s.tree)
		return err->code;
	s.tree->history = true; /* who asks knows that it is staged */
	s.tree->number =
		sink->repository(sink->payload, 0,
				 &(struct repository){.root = top,
						      .prefix = SLICE(""),
						      .git_dir = repo_git_dir(s.tree->repo),
						      .common_dir = repo_common_dir(s.tree->repo)});
	tree_tell_config(s.tree, sink);
	settings_tell_repo(sink, 0, options, top, SLICE(""), s.tree->repo);
	repo_each_changed(s.tree->repo, 0, keep_entry, &s);
	visit_entries(&s, options->jobs);
	tree_free(s.tree);
	free(s.entries);
	return 0;
}

/* The top of the work tree, ending in '/'; caller frees. */
static int find_top(const char *path, const struct source_options *options, char **top,
		    struct err *err)
{
	bool bare = false;
	int rc;

	*top = NULL;
	if (options->git_dir) {
		const char *tree = options->work_tree ? options->work_tree : path;
		char *real = realpath(tree, NULL);
		struct buf out;

		if (!real)
			return err_errno(err, errno, "GIT_WORK_TREE cannot be opened");
		buf_init(&out, BUF_MAX_PATH);
		buf_appendf(&out, "%s/", strcmp(real, "/") == 0 ? "" : real);
		free(real);
		*top = buf_detach(&out);
		return 0;
	}
	rc = repo_discover(path, top, &bare, err);
	if (rc == 0 && bare)
		rc = err_set(err, HF_EUSAGE, "is a bare repository, which has no index");
	else if (rc == 0 && !*top)
		rc = err_set(err, HF_ENOTFOUND, "lies in no repository, so nothing is staged");
	return rc;
}

int source_staged(const char *path, const struct source_options *options, const struct sink *sink,
		  struct err *err)
{
	char *top, *real = realpath(path, NULL);
	int rc;

	if (!real)
		return err_errno(err, errno, "cannot open");
	rc = find_top(real, options, &top, err);
	if (rc == 0) {
		size_t len = strlen(top);
		bool is_in = strncmp(real, top, len) == 0;

		rc = scan_tree(top, is_in ? slice_str(real + len) : SLICE(""), options, sink, err);
	}
	free(top);
	free(real);
	return rc;
}

int source_settings(const char *path, const char *root, const struct source_options *options,
		    const struct sink *sink, struct err *err)
{
	struct repo_place place = {options->git_dir, options->index_file};
	struct repo *repo;
	char *top;
	int rc = find_top(path, options, &top, err);

	if (rc == 0)
		rc = repo_open(&repo, top, &place, 1, err);
	if (rc == 0) {
		settings_tell_repo(sink, 0, options, root, SLICE(""), repo);
		repo_free(repo);
	}
	free(top);
	return rc;
}
