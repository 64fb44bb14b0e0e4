#include "source/tree.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/tr.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A staged blob is read whole; larger ones are told as not scanned. */
#define BLOB_MAX ((uint64_t)256 << 20)

struct tree *tree_open(const char *top, const char *root, const char *prefix,
		       const struct source_options *options, struct err *err)
{
	struct repo_place place = {0};
	struct repo *repo;
	struct tree *tree;

	if (!*prefix)
		place = (struct repo_place){options->git_dir, options->index_file};
	if (repo_open(&repo, top, &place, options->jobs, err) < 0)
		return NULL;
	tree = xcalloc(1, sizeof(*tree));
	tree->repo = repo;
	tree->root = root;
	tree->prefix = xstrdup(prefix);
	tree->prefix_len = strlen(prefix);
	tree->limit = xstrdup("");
	tree->ignored = options->ignored;
	tree->history = options->history;
	return tree;
}

void tree_free(struct tree *tree)
{
	repo_free(tree->repo);
	free(tree->prefix);
	free(tree->limit);
	free(tree);
}

static struct slice below_top(const struct tree *tree, struct slice path)
{
	return slice_cut(path, (struct span){tree->prefix_len, path.len});
}

bool tree_enters(struct tree *tree, unsigned worker, struct slice path)
{
	if (tree->ignored ||
	    repo_classify(tree->repo, worker, below_top(tree, path), true) != REPO_IGNORED)
		return true;
	atomic_fetch_add(&tree->skipped, 1);
	return false;
}

/* ---- files ---- */

/* What found() needs to know. */
struct owner {
	struct tree *tree;
	unsigned worker;
	size_t entry;
	const struct stat *file; /* NULL: the bytes are the entry's own blob */
	char hex[65];
};

static void look_up_exposure(struct document *doc)
{
	struct owner *o = doc->owner;

	/* A file that was changed since it was staged is not yet anywhere else. */
	if (o->file && !repo_entry_is_file(o->tree->repo, o->worker, o->entry, o->file))
		return;
	doc->from.exposure =
		o->tree->history ? repo_entry_staged(o->tree->repo, o->entry, o->hex)
				 : repo_entry_exposure(o->tree->repo, o->worker, o->entry, o->hex);
	doc->from.blob = o->hex;
	doc->from.repository = o->tree->number;
}

static void visit_tracked(struct tree *tree, struct visitor *v, int fd, const char *name,
			  struct document *doc, size_t entry, enum visit_flags flags)
{
	struct stat st;
	struct owner owner = {.tree = tree, .worker = v->worker, .entry = entry, .file = &st};

	doc->from.exposure = EXPOSURE_WORKTREE;
	doc->found = look_up_exposure;
	doc->owner = &owner;
	if (visit_file(v, fd, name, flags, doc, &st))
		repo_entry_seen(tree->repo, entry, &st);
}

static void visit_either(struct tree *tree, struct visitor *v, int fd, const char *name,
			 struct document *doc, enum visit_flags flags)
{
	struct slice path = below_top(tree, doc->from.path);
	size_t entry = repo_entry_find(tree->repo, path);
	bool is_ignored;
	struct stat st;

	if (entry != REPO_NO_ENTRY) {
		visit_tracked(tree, v, fd, name, doc, entry, flags);
		return;
	}
	is_ignored = repo_classify(tree->repo, v->worker, path, false) == REPO_IGNORED;
	if (is_ignored && !tree->ignored && !(flags & VISIT_NAMED)) {
		atomic_fetch_add(&tree->skipped, 1);
		return;
	}
	doc->from.exposure = is_ignored ? EXPOSURE_IGNORED : EXPOSURE_WORKTREE;
	visit_file(v, fd, name, flags, doc, &st);
}

void tree_visit(struct tree *tree, struct visitor *v, int fd, const char *name,
		struct document *doc)
{
	visit_either(tree, v, fd, name, doc, VISIT_LINK);
}

void tree_visit_named(struct tree *tree, struct visitor *v, const char *path, struct document *doc)
{
	visit_either(tree, v, AT_FDCWD, path, doc, VISIT_FOLLOW | VISIT_NAMED);
}

/* A name got as far as the file, or the first file in the folder. */
void tree_visit_name(struct tree *tree, struct visitor *v, struct slice path, bool is_folder)
{
	struct slice below = below_top(tree, path);
	size_t entry = is_folder ? repo_entry_first_in(tree->repo, below)
				 : repo_entry_find(tree->repo, below);
	struct owner owner = {.tree = tree, .worker = v->worker, .entry = entry};
	struct document doc = {.from = {.root = tree->root, .path = path}};

	if (entry != REPO_NO_ENTRY) {
		doc.found = look_up_exposure;
		doc.owner = &owner;
	} else if (repo_classify(tree->repo, v->worker, below, is_folder) != REPO_IGNORED) {
		doc.from.exposure = EXPOSURE_WORKTREE;
	} else if (tree->ignored) {
		doc.from.exposure = EXPOSURE_IGNORED;
	} else {
		return;
	}
	visit_name(v, &doc);
}

void tree_visit_config(struct tree *tree, struct visitor *v)
{
	const char *config = repo_config_path(tree->repo);
	struct document doc = {
		.from = {.root = tree->root, .where = WHERE_CONFIG, .exposure = EXPOSURE_IGNORED}};
	struct stat st;
	struct buf path;

	if (!config)
		return;
	buf_init(&path, BUF_MAX_PATH);
	buf_append_str(&path, tree->prefix);
	buf_append_str(&path, ".git/config");
	doc.from.path = buf_slice(&path);
	visit_file(v, AT_FDCWD, config, VISIT_FOLLOW, &doc, &st);
	buf_dispose(&path);
}

/* ---- the index ---- */

void tree_visit_entry(struct tree *tree, struct visitor *v, size_t entry)
{
	struct owner owner = {.tree = tree, .worker = v->worker, .entry = entry};
	struct document doc = {
		.from = {.root = tree->root, .where = WHERE_BLOB},
		.found = look_up_exposure,
		.owner = &owner,
	};
	struct repo_blob blob = {.handle = NULL};
	struct buf path;
	struct err err;

	buf_init(&path, BUF_MAX_PATH);
	buf_append_str(&path, tree->prefix);
	buf_append_slice(&path, repo_entry_path(tree->repo, entry));
	doc.from.path = buf_slice(&path);
	if (repo_entry_read(tree->repo, v->worker, entry, BLOB_MAX, &blob, &err) == 0) {
		visit_memory(v, blob.bytes, &doc);
		repo_blob_release(&blob);
	} else {
		visit_tell(v, &doc, false, err.msg);
	}
	buf_dispose(&path);
}

void tree_visit_entries(struct tree *tree, struct visitor *v, size_t beg, size_t end)
{
	struct slice limit = slice_str(tree->limit);

	for (size_t entry = beg; entry < end; entry++)
		if (slice_has_prefix(repo_entry_path(tree->repo, entry), limit) &&
		    repo_entry_differs(tree->repo, v->worker, entry))
			tree_visit_entry(tree, v, entry);
}

static bool is_checked_out(const struct tree *tree, struct slice submodule)
{
	struct buf path;
	bool is;

	buf_init(&path, BUF_MAX_PATH);
	buf_append_str(&path, repo_top(tree->repo));
	buf_append_slice(&path, submodule);
	buf_append_str(&path, "/.git");
	is = access(path.ptr, F_OK) == 0;
	buf_dispose(&path);
	return is;
}

/* A submodule that was never checked out holds nothing yet: worth telling, no more. */
static void tell_submodules(struct tree *tree, struct visitor *v)
{
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	for (size_t i = 0; i < repo_submodule_count(tree->repo); i++) {
		struct slice submodule = repo_submodule_path(tree->repo, i);

		if (is_checked_out(tree, submodule))
			continue;
		buf_reset(&path);
		buf_append_str(&path, tree->prefix);
		buf_append_slice(&path, submodule);
		v->sink->diag(v->sink->payload, v->worker, tree->root, buf_slice(&path), true,
			      "is a submodule that is not checked out: `git submodule update "
			      "--init` gets it");
	}
	buf_dispose(&path);
}

void tree_tell_config(struct tree *tree, const struct sink *sink)
{
	const char *problem = repo_config_problem(tree->repo);
	struct buf path;

	if (!problem)
		return;
	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%s.git/config", tree->prefix);
	sink->diag(sink->payload, 0, tree->root, buf_slice(&path), false, problem);
	buf_dispose(&path);
}

void tree_tell_skipped(struct tree *tree, struct visitor *v)
{
	size_t skipped = atomic_load(&tree->skipped);
	char what[200];

	if (!tree->history)
		tree_tell_config(tree, v->sink);
	tell_submodules(tree, v);
	if (!skipped)
		return;
	snprintf(what, sizeof(what),
		 tr_n(tr_lang(),
		      "%zu file or folder that git ignores not read (--ignored reads them)",
		      "%zu files or folders that git ignores not read (--ignored reads them)",
		      skipped),
		 skipped);
	v->sink->diag(v->sink->payload, v->worker, tree->root, slice_str(tree->prefix), true, what);
}
