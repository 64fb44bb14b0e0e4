/*
 * One stack of work for all threads. An item is a folder to be listed, a batch
 * of a folder's files, or a stretch of a repository's index; a long folder is
 * cut into batches, so that it keeps every thread busy.
 */
#include "source/walk.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/os.h"
#include "base/pool.h"
#include "source/folder.h"
#include "source/settings.h"
#include "source/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files in a batch: enough to make the stack's lock cheap, few enough to share. */
#define BATCH_FILES   64
#define BATCH_ENTRIES ((size_t)1024)

struct walk {
	const char *top, *root;
	const struct source_options *options;
	const struct sink *sink;
	struct visitor *visitors;
	struct folder_budget budget;
};

enum item_kind { ITEM_FOLDER, ITEM_FILES, ITEM_ENTRIES };

struct item {
	enum item_kind kind;
	struct folder *folder; /* FOLDER: the parent, or itself when there is no name */
	struct tree *tree;     /* NULL in a plain folder */
	struct buf names;      /* FOLDER: one; FILES: many, a NUL behind each */
	size_t beg, end;       /* ENTRIES */
};

/* A copy for the stack, which holds the folder and the tree until it is done. */
static struct item *item_new(struct item item)
{
	struct item *copy = xmalloc(sizeof(*copy));

	*copy = item;
	if (item.folder)
		folder_use(item.folder);
	if (item.tree)
		atomic_fetch_add(&item.tree->pending, 1);
	return copy;
}

static struct slice child_path(struct buf *path, const struct folder *folder, const char *name)
{
	buf_reset(path);
	buf_append(path, folder->path, folder->path_len);
	if (folder->path_len)
		buf_append_byte(path, '/');
	buf_append_str(path, name);
	return buf_slice(path);
}

static void tell(struct walk *w, unsigned worker, struct slice path, bool is_note, const char *what)
{
	w->sink->diag(w->sink->payload, worker, w->root, path, is_note, what);
}

/* Names may hold tokens, though hardly ever: one look at all of them together. */
static void visit_names(struct walk *w, unsigned worker, const struct folder *folder,
			struct tree *tree, const struct buf *names, bool are_folders)
{
	struct visitor *v = &w->visitors[worker];
	struct buf path;

	if (!w->sink->worth(w->sink->payload, buf_slice(names)))
		return;
	buf_init(&path, BUF_MAX_PATH);
	for (size_t at = 0; at < names->len; at += strlen(names->ptr + at) + 1) {
		struct document doc = {
			.from = {.root = w->root,
				 .path = child_path(&path, folder, names->ptr + at)}};

		if (tree)
			tree_visit_name(tree, v, doc.from.path, are_folders);
		else
			visit_name(v, &doc);
	}
	buf_dispose(&path);
}

/* ---- files ---- */

static void visit_batch(struct walk *w, unsigned worker, struct item *item)
{
	struct visitor *v = &w->visitors[worker];
	bool owned;
	int fd = folder_fd(item->folder, &owned);
	struct buf path;

	if (fd < 0) {
		tell(w, worker, slice_of(item->folder->path, item->folder->path_len), false,
		     "cannot open again");
		return;
	}
	buf_init(&path, BUF_MAX_PATH);
	for (size_t at = 0; at < item->names.len; at += strlen(item->names.ptr + at) + 1) {
		const char *name = item->names.ptr + at;
		struct document doc = {
			.from = {.root = w->root, .path = child_path(&path, item->folder, name)}};
		struct stat st;

		if (item->tree)
			tree_visit(item->tree, v, fd, name, &doc);
		else
			visit_file(v, fd, name, 0, &doc, &st);
	}
	buf_dispose(&path);
	if (owned)
		close(fd);
}

/* ---- folders ---- */

/* A folder's names while it is listed. */
struct listing {
	int fd;
	struct buf files, folders; /* a NUL behind each name */
	bool has_git;
	unsigned bare_signs; /* bits, by the names that make a bare repository */
};

/* gitrepository-layout(5): what every git directory has. */
static const char *const bare_names[] = {"HEAD", "objects", "refs"};
#define BARE_SIGNS ((1u << sizeof(bare_names) / sizeof(*bare_names)) - 1)

static enum os_type look_up_type(int fd, const char *name)
{
	struct stat st;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return OS_FILE; /* opening it will tell why */
	return S_ISDIR(st.st_mode) ? OS_FOLDER : S_ISREG(st.st_mode) ? OS_FILE : OS_OTHER;
}

/* Git follows a .git that is one. */
static bool is_link(int fd, const char *name)
{
	struct stat st;

	return fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
}

static void list_name(void *payload, const char *name, enum os_type type)
{
	struct listing *list = payload;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return;
	if (type == OS_UNKNOWN)
		type = look_up_type(list->fd, name);
	if (strcmp(name, ".git") == 0)
		list->has_git = type != OS_OTHER || is_link(list->fd, name);
	for (unsigned i = 0; i < sizeof(bare_names) / sizeof(*bare_names); i++)
		if (strcmp(name, bare_names[i]) == 0)
			list->bare_signs |= 1u << i;
	buf_append(type == OS_FOLDER ? &list->folders : &list->files, name, strlen(name) + 1);
}

/* Names are gathered whole before any is worked on: whether the folder is a
 * repository's top decides about all of them. */
static int list_folder(struct listing *list, struct folder *folder, struct err *err)
{
	bool owned;
	int rc = 0;

	list->fd = folder_fd(folder, &owned);
	if (list->fd < 0 || os_list_folder(list->fd, list_name, list) < 0)
		rc = err_errno(err, errno, "cannot be listed");
	if (owned && list->fd >= 0)
		close(list->fd);
	return rc;
}

/* The tree whose top this folder is, held by the caller; NULL, and told, when
 * git cannot read it. inner: it lies in another's. */
static struct tree *open_tree(struct walk *w, unsigned worker, const struct folder *folder,
			      bool inner)
{
	struct buf top, prefix;
	struct tree *tree;
	struct err err;

	buf_init(&top, BUF_MAX_PATH);
	buf_init(&prefix, BUF_MAX_PATH);
	buf_append(&prefix, folder->path, folder->path_len);
	if (prefix.len)
		buf_append_byte(&prefix, '/');
	buf_appendf(&top, "%s%s", w->top, w->top[strlen(w->top) - 1] == '/' ? "" : "/");
	buf_append_str(&top, folder->path);
	tree = tree_open(top.ptr, w->root, prefix.ptr, w->options, &err);
	buf_dispose(&prefix);
	buf_dispose(&top);
	if (!tree) {
		tell(w, worker, slice_of(folder->path, folder->path_len), false, err.msg);
		return NULL;
	}
	atomic_fetch_add(&tree->pending, 1);
	tree->number =
		w->sink->repository(w->sink->payload, worker,
				    &(struct repository){.root = w->root,
							 .prefix = slice_str(tree->prefix),
							 .git_dir = repo_git_dir(tree->repo),
							 .common_dir = repo_common_dir(tree->repo),
							 .inner = inner});
	if (folder->path_len || w->options->settings == SETTINGS_INDEX)
		settings_tell_repo(w->sink, worker, w->options, w->root, slice_str(tree->prefix),
				   tree->repo);
	if (!w->options->no_files)
		tree_visit_config(tree, &w->visitors[worker]);
	return tree;
}

static void path_of(struct walk *w, const struct folder *folder, struct buf *out)
{
	buf_appendf(out, "%s%s", w->top, w->top[strlen(w->top) - 1] == '/' ? "" : "/");
	buf_append(out, folder->path, folder->path_len);
	if (folder->path_len)
		buf_append_byte(out, '/');
}

/* Whether the folder, which looks like a bare repository, is one; then it is
 * part of the run. inner: it lies in a work tree. */
static bool open_bare(struct walk *w, unsigned worker, const struct folder *folder, bool inner)
{
	struct repository which = {.root = w->root, .inner = inner};
	char *common_dir = NULL;
	struct buf path, prefix;
	struct err err;
	bool is_one;

	buf_init(&path, BUF_MAX_PATH);
	buf_init(&prefix, BUF_MAX_PATH);
	path_of(w, folder, &path);
	buf_append(&prefix, folder->path, folder->path_len);
	buf_append_byte(&prefix, '/');
	which.git_dir = path.ptr;
	is_one = repo_identify(path.ptr, &common_dir, &which.bare, &err) == 0;
	if (is_one) {
		which.common_dir = common_dir;
		which.prefix = buf_slice(&prefix);
		/* A .git whose work tree cannot be read as such. */
		if (!which.bare && slice_has_suffix(which.prefix, SLICE(".git/")))
			which.prefix.len -= strlen(".git/");
		w->sink->repository(w->sink->payload, worker, &which);
	}
	free(common_dir);
	buf_dispose(&prefix);
	buf_dispose(&path);
	return is_one;
}

/* Ends a hold on the tree. When all its files were seen, its index comes next,
 * and when that is done too, it is done. */
static void release_tree(struct walk *w, struct pool *pool, unsigned worker, struct tree *tree)
{
	size_t count;

	if (!tree || atomic_fetch_sub(&tree->pending, 1) > 1)
		return;
	if (atomic_exchange(&tree->files_done, true)) {
		tree_tell_skipped(tree, &w->visitors[worker]);
		tree_free(tree);
		return;
	}
	atomic_fetch_add(&tree->pending, 1);
	count = w->options->no_files ? 0 : repo_entry_count(tree->repo);
	for (size_t beg = 0; beg < count; beg += BATCH_ENTRIES) {
		struct item item = {.kind = ITEM_ENTRIES, .tree = tree, .beg = beg};

		item.end = count - beg < BATCH_ENTRIES ? count : beg + BATCH_ENTRIES;
		pool_push(pool, item_new(item));
	}
	release_tree(w, pool, worker, tree);
}

static void push_files(struct pool *pool, struct folder *folder, struct tree *tree,
		       const struct buf *files)
{
	size_t at = 0;

	while (at < files->len) {
		struct item item = {.kind = ITEM_FILES, .folder = folder, .tree = tree};
		size_t beg = at;

		for (int n = 0; n < BATCH_FILES && at < files->len; n++)
			at += strlen(files->ptr + at) + 1;
		buf_init(&item.names, BUF_MAX_REPORT);
		buf_append(&item.names, files->ptr + beg, at - beg);
		pool_push(pool, item_new(item));
	}
}

static void push_folders(struct pool *pool, unsigned worker, struct folder *folder,
			 struct tree *tree, const struct buf *folders)
{
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	for (size_t at = 0; at < folders->len; at += strlen(folders->ptr + at) + 1) {
		struct item item = {.kind = ITEM_FOLDER, .folder = folder, .tree = tree};
		const char *name = folders->ptr + at;

		if (tree && (strcmp(name, ".git") == 0 ||
			     !tree_enters(tree, worker, child_path(&path, folder, name))))
			continue;
		buf_init(&item.names, BUF_MAX_PATH);
		buf_append_str(&item.names, name);
		pool_push(pool, item_new(item));
	}
	buf_dispose(&path);
}

/* `.git` as a file only points to the git directory: it is git's, not content. */
static void drop_git_file(struct buf *files)
{
	for (size_t at = 0; at < files->len; at += strlen(files->ptr + at) + 1)
		if (strcmp(files->ptr + at, ".git") == 0) {
			memmove(files->ptr + at, files->ptr + at + 5, files->len - at - 5);
			buf_truncate(files, files->len - 5);
			return;
		}
}

/* Lists an open folder and pushes what is in it. tree: what it belongs to. */
static void enter(struct walk *w, struct pool *pool, unsigned worker, struct folder *folder,
		  struct tree *tree)
{
	struct listing list = {0};
	struct tree *own = NULL;
	bool is_bare = false;
	struct err err;

	buf_init(&list.files, BUF_MAX_REPORT);
	buf_init(&list.folders, BUF_MAX_REPORT);
	if (list_folder(&list, folder, &err) < 0)
		tell(w, worker, slice_of(folder->path, folder->path_len), false, err.msg);
	/* The root's may be known from git's environment. */
	if (list.has_git && (folder->path_len || !w->options->git_dir))
		tree = own = open_tree(w, worker, folder, tree != NULL);
	if (own)
		drop_git_file(&list.files);
	/* What a work tree tracks of one are files like others, besides. */
	else if (list.bare_signs == BARE_SIGNS && w->options->history && folder->path_len)
		is_bare = open_bare(w, worker, folder, tree != NULL) && !tree;
	folder_save(folder, &w->budget);
	if (!w->options->no_files && !is_bare) {
		visit_names(w, worker, folder, tree, &list.files, false);
		visit_names(w, worker, folder, tree, &list.folders, true);
		push_files(pool, folder, tree, &list.files);
	}
	if (!is_bare)
		push_folders(pool, worker, folder, tree, &list.folders);
	buf_dispose(&list.files);
	buf_dispose(&list.folders);
	release_tree(w, pool, worker, own);
}

static void visit_folder(struct walk *w, struct pool *pool, unsigned worker, struct item *item)
{
	struct folder *parent = item->folder, *folder;
	enum folder_result result;
	struct buf path;
	struct err err;

	if (!item->names.len) {
		enter(w, pool, worker, parent, item->tree);
		return;
	}
	result = folder_open(&folder, parent, item->names.ptr, &w->budget, &err);
	buf_init(&path, BUF_MAX_PATH);
	child_path(&path, parent, item->names.ptr);
	if (result == FOLDER_LOOP)
		tell(w, worker, buf_slice(&path), true,
		     "is one of its own parent folders: not entered again");
	else if (result == FOLDER_GONE)
		tell(w, worker, buf_slice(&path), true, "was gone when its turn came");
	else if (result == FOLDER_REFUSED)
		tell(w, worker, buf_slice(&path), false, err.msg);
	else if (folder->dev != parent->dev && os_is_virtual_filesystem(folder->fd))
		tell(w, worker, buf_slice(&path), true, "is made up by the kernel: not entered");
	else
		enter(w, pool, worker, folder, item->tree);
	if (result == FOLDER_OPENED)
		folder_unuse(folder, &w->budget);
	buf_dispose(&path);
}

/* ---- the walk ---- */

static void do_item(struct pool *pool, unsigned worker, void *arg, void *payload)
{
	struct item *item = arg;
	struct walk *w = payload;

	switch (item->kind) {
	case ITEM_FOLDER:
		visit_folder(w, pool, worker, item);
		break;
	case ITEM_FILES:
		visit_batch(w, worker, item);
		break;
	case ITEM_ENTRIES:
		tree_visit_entries(item->tree, &w->visitors[worker], item->beg, item->end);
		break;
	}
	if (item->folder)
		folder_unuse(item->folder, &w->budget);
	if (item->names.cap)
		buf_dispose(&item->names);
	release_tree(w, pool, worker, item->tree);
	free(item);
}

/* Goes down from the root to start, which may be "". */
static int open_start(struct walk *w, struct folder *root, const char *start, struct folder **out,
		      struct err *err)
{
	struct folder *at = root;

	folder_use(root);
	while (*start) {
		size_t len = strcspn(start, "/");
		char *name = xmemdup0(start, len);
		struct folder *below = NULL;
		enum folder_result result = folder_open(&below, at, name, &w->budget, err);

		free(name);
		folder_unuse(at, &w->budget);
		if (result == FOLDER_REFUSED)
			return err->code;
		if (result != FOLDER_OPENED)
			return err_set(err, HF_ENOTFOUND, "was gone when its turn came");
		at = below;
		start += len + (start[len] == '/');
	}
	*out = at;
	return 0;
}

static void run(struct walk *w, struct folder *root, struct folder *first, const char *start)
{
	bool is_known = *start || w->options->git_dir;
	struct tree *tree = is_known ? open_tree(w, 0, root, false) : NULL;
	struct item item = {.kind = ITEM_FOLDER, .folder = first, .tree = tree};
	struct item *seed;

	if (tree && *start) {
		free(tree->limit);
		tree->limit = xmalloc(strlen(start) + 2);
		sprintf(tree->limit, "%s/", start);
	}
	seed = item_new(item);
	if (tree)
		atomic_fetch_sub(&tree->pending, 1); /* the seed holds it now */
	pool_run(w->options->jobs, do_item, w, seed);
}

int walk(const char *top, const char *root, const char *start, const struct source_options *options,
	 const struct sink *sink, struct err *err)
{
	struct walk w = {.top = top, .root = root, .options = options, .sink = sink};
	struct folder *top_folder = NULL, *first = NULL;
	int rc = folder_root(&top_folder, top, &w.budget, err);

	if (rc < 0)
		return rc;
	w.visitors = xcalloc(options->jobs, sizeof(*w.visitors));
	for (unsigned i = 0; i < options->jobs; i++)
		visitor_init(&w.visitors[i], sink, i);
	settings_tell_folder(sink, 0, options, root, SLICE(""), top);
	rc = open_start(&w, top_folder, start, &first, err);
	if (rc == 0) {
		run(&w, top_folder, first, start);
		folder_unuse(first, &w.budget);
	}
	folder_unuse(top_folder, &w.budget);
	for (unsigned i = 0; i < options->jobs; i++)
		visitor_dispose(&w.visitors[i]);
	free(w.visitors);
	return rc;
}
