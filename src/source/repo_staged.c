/*
 * Which entries of the index the next commit would change. Compared with the trees
 * of HEAD folder by folder; where the index notes which tree a folder's entries
 * make up (its cache tree, gitformat-index(5)), one look at the name of that tree
 * does for all of them.
 */
#include "source/repo_private.h"

#include "base/alloc.h"

#include <stdlib.h>

/* Folders in one another. Where a hostile index or tree goes deeper, all that is
 * there counts as changed. */
#define DEPTH_MAX 4096
/* Folders of one folder that are looked for one by one. */
#define SIBLINGS_MAX ((size_t)4096)

/* ---- the cache tree ---- */

struct cache_reader {
	struct repo_cache *cache;
	struct slice rest;
	unsigned depth;
};

/* A decimal number and the byte that ends it. */
static bool read_number(struct slice *rest, char end, long *out)
{
	bool minus = rest->len && rest->ptr[0] == '-';
	size_t at = minus;
	long n = 0;

	while (at < rest->len && at < 11 && rest->ptr[at] >= '0' && rest->ptr[at] <= '9')
		n = n * 10 + (rest->ptr[at++] - '0');
	if (at == minus || at >= rest->len || rest->ptr[at] != (unsigned char)end)
		return false;
	*out = minus ? -n : n;
	*rest = slice_cut(*rest, (struct span){at + 1, rest->len});
	return true;
}

/* "name\0entries subtrees\n", 20 bytes of a name unless entries is negative, then
 * the subtrees. */
static bool read_node(struct cache_reader *r)
{
	const unsigned char *nul = memchr(r->rest.ptr, '\0', r->rest.len);
	struct repo_cache *cache = r->cache;
	size_t at = cache->count;
	long entries, subtrees;

	if (!nul || r->depth >= DEPTH_MAX)
		return false;
	grow_array(&cache->nodes, &cache->cap, cache->count, sizeof(*cache->nodes));
	cache->nodes[cache->count++] =
		(struct repo_cached){.name = slice_of(r->rest.ptr, (size_t)(nul - r->rest.ptr))};
	r->rest = slice_of(nul + 1, r->rest.len - (size_t)(nul + 1 - r->rest.ptr));
	if (!read_number(&r->rest, ' ', &entries) || !read_number(&r->rest, '\n', &subtrees))
		return false;
	if (entries >= 0) {
		if (r->rest.len < GIT_OID_RAWSZ)
			return false;
		cache->nodes[at].is_valid = true;
		memcpy(cache->nodes[at].oid.id, r->rest.ptr, GIT_OID_RAWSZ);
		r->rest = slice_cut(r->rest, (struct span){GIT_OID_RAWSZ, r->rest.len});
	}
	r->depth++;
	while (subtrees-- > 0)
		if (!read_node(r))
			return false;
	r->depth--;
	cache->nodes[at].end = cache->count;
	return true;
}

void repo_cache_read(struct repo_cache *cache, struct slice extension)
{
	struct cache_reader r = {.cache = cache};

	repo_cache_dispose(cache);
	if (!extension.len)
		return;
	cache->bytes = xmemdup0(extension.ptr, extension.len);
	r.rest = slice_of(cache->bytes, extension.len);
	if (!read_node(&r) || r.rest.len)
		repo_cache_dispose(cache); /* it only saves work */
}

void repo_cache_dispose(struct repo_cache *cache)
{
	free(cache->nodes);
	free(cache->bytes);
	*cache = (struct repo_cache){0};
}

/* The node of a folder in that of the folder around it; NULL when there is none. */
static const struct repo_cached *find_cached(const struct repo_cache *cache,
					     const struct repo_cached *parent, struct slice name)
{
	size_t at = parent ? (size_t)(parent - cache->nodes) + 1 : 0;

	for (size_t n = 0; parent && at < parent->end && n < SIBLINGS_MAX; n++) {
		if (slice_eq(cache->nodes[at].name, name))
			return &cache->nodes[at];
		at = cache->nodes[at].end;
	}
	return NULL;
}

/* ---- comparing ---- */

struct comparing {
	struct repo *repo;
	struct repo_handle *handle;
	repo_changed_fn tell;
	void *payload;
	struct buf name;
	unsigned depth;
};

static void tell_all(struct comparing *c, size_t beg, size_t end)
{
	for (size_t entry = beg; entry < end; entry++)
		if (!c->repo->index.entries[entry].intent_to_add)
			c->tell(c->payload, entry);
}

static const git_tree_entry *look_up(struct comparing *c, const git_tree *tree, struct slice name)
{
	buf_reset(&c->name);
	buf_append_slice(&c->name, name);
	return git_tree_entry_byname(tree, c->name.ptr);
}

static void compare_file(struct comparing *c, const git_tree *tree, struct slice name, size_t entry)
{
	const struct repo_entry *e = &c->repo->index.entries[entry];
	const git_tree_entry *old = look_up(c, tree, name);

	if (!old || git_tree_entry_type(old) != GIT_OBJECT_BLOB ||
	    !git_oid_equal(git_tree_entry_id(old), &e->oid))
		tell_all(c, entry, entry + 1);
}

/* Where the entries from beg on cease to begin with the first len bytes of its path. */
static size_t end_of_prefix(const struct repo *repo, size_t beg, size_t end, size_t len)
{
	struct slice prefix = slice_cut(repo_entry_path(repo, beg), (struct span){0, len});

	while (beg < end) {
		size_t middle = beg + (end - beg) / 2;

		if (slice_has_prefix(repo_entry_path(repo, middle), prefix))
			beg = middle + 1;
		else
			end = middle;
	}
	return beg;
}

static void compare_tree(struct comparing *c, const git_oid *id, const struct repo_cached *cached,
			 size_t beg, size_t end, size_t prefix);

static void compare_folder(struct comparing *c, const git_tree *tree,
			   const struct repo_cached *parent, struct slice name, size_t beg,
			   size_t end, size_t prefix)
{
	const struct repo_cached *cached = find_cached(&c->repo->index.cache, parent, name);
	const git_tree_entry *old = look_up(c, tree, name);

	if (old && git_tree_entry_type(old) == GIT_OBJECT_TREE)
		compare_tree(c, git_tree_entry_id(old), cached, beg, end, prefix);
	else
		tell_all(c, beg, end);
}

/* Entries [beg, end), whose paths have their first `prefix` bytes in common, with
 * the tree of that folder in HEAD. */
static void compare_tree(struct comparing *c, const git_oid *id, const struct repo_cached *cached,
			 size_t beg, size_t end, size_t prefix)
{
	git_tree *tree = NULL;

	if (cached && cached->is_valid && git_oid_equal(&cached->oid, id))
		return;
	if (c->depth >= DEPTH_MAX || git_tree_lookup(&tree, c->handle->git, id) < 0) {
		tell_all(c, beg, end);
		return;
	}
	c->depth++;
	while (beg < end) {
		struct slice path = repo_entry_path(c->repo, beg);
		struct slice rest = slice_cut(path, (struct span){prefix, path.len});
		const unsigned char *slash = memchr(rest.ptr, '/', rest.len);
		size_t len = slash ? (size_t)(slash - rest.ptr) : rest.len;
		size_t next = beg + 1;

		rest.len = len;
		if (slash) {
			next = end_of_prefix(c->repo, beg, end, prefix + len + 1);
			compare_folder(c, tree, cached, rest, beg, next, prefix + len + 1);
		} else {
			compare_file(c, tree, rest, beg);
		}
		beg = next;
	}
	c->depth--;
	git_tree_free(tree);
}

/* The tree of HEAD; false when there is no commit yet, or it cannot be read: then
 * every entry is new. */
static bool head_tree(git_repository *git, git_oid *tree)
{
	git_commit *commit = NULL;
	git_oid head;
	bool found = repo_head_commit(git, &head) && git_commit_lookup(&commit, git, &head) == 0;

	if (found)
		*tree = *git_commit_tree_id(commit);
	git_commit_free(commit);
	return found;
}

void repo_each_changed(struct repo *repo, unsigned worker, repo_changed_fn tell, void *payload)
{
	struct comparing c = {.repo = repo, .tell = tell, .payload = payload};
	const struct repo_cache *cache = &repo->index.cache;
	size_t count = repo->index.count;
	git_oid tree;

	c.handle = repo_handle_get(repo, worker);
	buf_init(&c.name, BUF_MAX_PATH);
	if (repo_handle_objects(c.handle) && head_tree(c.handle->git, &tree))
		compare_tree(&c, &tree, cache->count ? &cache->nodes[0] : NULL, 0, count, 0);
	else
		tell_all(&c, 0, count);
	buf_dispose(&c.name);
}
