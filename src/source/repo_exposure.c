/*
 * Blobs of the index: what they hold, and how far they got. Both ask the
 * object database, and the second only when something was found.
 */
#include "source/repo_private.h"

#include "base/alloc.h"
#include "source/git_loose.h"

#include <stdatomic.h>
#include <stdlib.h>

/* ---- reading ---- */

git_odb *repo_handle_objects(struct repo_handle *handle)
{
	if (handle->git && !handle->tried_objects) {
		handle->tried_objects = true;
		handle->objects = git_loose_open(handle->git);
	}
	return handle->objects;
}

static void hex_of(const struct repo_entry *entry, char hex[65])
{
	git_oid_tostr(hex, 65, &entry->oid);
}

static int read_object(git_odb *odb, const struct repo_entry *entry, uint64_t max_bytes,
		       struct repo_blob *out, struct err *err)
{
	git_odb_object *object = NULL;
	git_object_t type;
	size_t size;
	char hex[65];

	hex_of(entry, hex);
	if (git_odb_read_header(&size, &type, odb, &entry->oid) < 0)
		return err_set(err, HF_EGIT, "object %s is missing or broken", hex);
	if (type != GIT_OBJECT_BLOB)
		return err_set(err, HF_EGIT, "object %s is no blob", hex);
	if (size > max_bytes)
		return err_set(err, HF_ELIMIT, "object %s is %zu bytes, over the limit of %llu",
			       hex, size, (unsigned long long)max_bytes);
	if (git_odb_read(&object, odb, &entry->oid) < 0)
		return err_set(err, HF_EGIT, "object %s is missing or broken", hex);
	out->bytes = slice_of(git_odb_object_data(object), git_odb_object_size(object));
	out->handle = object;
	return 0;
}

int repo_entry_read(struct repo *repo, unsigned worker, size_t entry, uint64_t max_bytes,
		    struct repo_blob *out, struct err *err)
{
	git_odb *odb = repo_handle_objects(repo_handle_get(repo, worker));

	if (!odb)
		return repo_fail(err, "cannot open the object database");
	return read_object(odb, &repo->index.entries[entry], max_bytes, out, err);
}

void repo_blob_release(struct repo_blob *blob)
{
	git_odb_object_free(blob->handle);
	*blob = (struct repo_blob){0};
}

int repo_read_staged(struct repo *repo, unsigned worker, struct slice path, struct buf *out,
		     struct err *err)
{
	size_t entry = repo_entry_find(repo, path);
	struct repo_blob blob;
	int rc;

	if (entry == REPO_NO_ENTRY || repo->index.entries[entry].intent_to_add)
		return err_set(err, HF_ENOTFOUND, "there is none");
	if (!S_ISREG(repo->index.entries[entry].mode))
		return err_set(err, HF_EGIT, "is a link, which is not followed here");
	rc = repo_entry_read(repo, worker, entry, out->max, &blob, err);
	if (rc < 0)
		return rc;
	buf_append_slice(out, blob.bytes);
	repo_blob_release(&blob);
	return 0;
}

/* ---- the commits that count ---- */

/* Refs that lead nowhere are passed over: they have carried nothing away. */
static void collect_remote_commits(struct repo_tips *tips, git_repository *git)
{
	git_reference_iterator *refs = NULL;
	git_reference *ref = NULL;

	if (git_reference_iterator_glob_new(&refs, git, "refs/remotes/*") < 0)
		return;
	while (git_reference_next(&ref, refs) == 0) {
		git_object *commit = NULL;

		if (git_reference_peel(&commit, ref, GIT_OBJECT_COMMIT) == 0) {
			grow_array(&tips->commits, &tips->commit_cap, tips->commit_count,
				   sizeof(*tips->commits));
			tips->commits[tips->commit_count++] = *git_object_id(commit);
		}
		git_object_free(commit);
		git_reference_free(ref);
	}
	git_reference_iterator_free(refs);
}

static git_tree *tree_of(git_repository *git, const git_oid *id)
{
	git_commit *commit = NULL;
	git_tree *tree = NULL;

	if (git_commit_lookup(&commit, git, id) == 0 && git_commit_tree(&tree, commit) < 0)
		tree = NULL;
	git_commit_free(commit);
	return tree;
}

static bool has_tree(const struct repo_tips *tips, const git_tree *tree)
{
	for (size_t i = 0; i < tips->tree_count; i++)
		if (git_oid_equal(git_tree_id(tips->trees[i]), git_tree_id(tree)))
			return true;
	return false;
}

static void add_tree(struct repo_tips *tips, git_tree *tree)
{
	if (!tree || has_tree(tips, tree)) {
		git_tree_free(tree);
		return;
	}
	grow_array(&tips->trees, &tips->tree_cap, tips->tree_count, sizeof(git_tree *));
	tips->trees[tips->tree_count++] = tree;
}

bool repo_head_commit(git_repository *git, git_oid *id)
{
	git_object *commit = NULL;

	if (git_revparse_single(&commit, git, "HEAD^{commit}") < 0)
		return false;
	*id = *git_object_id(commit);
	git_object_free(commit);
	return true;
}

static void load_tips(struct repo_tips *tips, git_repository *git)
{
	tips->loaded = true;
	if (repo_head_commit(git, &tips->head_id))
		tips->head = tree_of(git, &tips->head_id);
	collect_remote_commits(tips, git);
	for (size_t i = 0; i < tips->commit_count; i++)
		add_tree(tips, tree_of(git, &tips->commits[i]));
}

void repo_tips_dispose(struct repo_tips *tips)
{
	git_tree_free(tips->head);
	for (size_t i = 0; i < tips->tree_count; i++)
		git_tree_free(tips->trees[i]);
	free(tips->trees);
	free(tips->commits);
}

/* ---- how far ---- */

static bool tree_holds(const git_tree *tree, const char *path, const git_oid *blob)
{
	git_tree_entry *entry = NULL;
	bool same;

	if (!tree || git_tree_entry_bypath(&entry, tree, path) < 0)
		return false;
	same = git_oid_equal(git_tree_entry_id(entry), blob);
	git_tree_entry_free(entry);
	return same;
}

/*
 * Newest commits first, so that a HEAD some way behind is met soon. Not
 * git_graph_reachable_from_any(): it is no faster, and where a shallow clone
 * ends it fails without having looked, and leaks. This walk ends there too,
 * but by then has passed whatever is newer.
 */
static bool is_reached(git_repository *git, const struct repo_tips *tips)
{
	git_revwalk *walk = NULL;
	bool found = false;
	git_oid id;

	if (git_revwalk_new(&walk, git) < 0)
		return false;
	for (size_t i = 0; i < tips->commit_count; i++)
		git_revwalk_push(walk, &tips->commits[i]);
	while (!found && git_revwalk_next(&id, walk) == 0)
		found = git_oid_equal(&id, &tips->head_id);
	git_revwalk_free(walk);
	return found;
}

static bool is_head_pushed(struct repo *repo, const struct repo_handle *handle)
{
	const struct repo_tips *tips = &handle->tips;
	enum repo_answer answer = atomic_load(&repo->head_pushed);

	if (answer == REPO_UNKNOWN) {
		answer = is_reached(handle->git, tips) ? REPO_YES : REPO_NO;
		atomic_store(&repo->head_pushed, answer);
	}
	return answer == REPO_YES;
}

/* The trees first: looking into a thousand of them is nothing to walking
 * over all commits. */
static enum exposure furthest(struct repo *repo, const struct repo_handle *handle,
			      const git_oid *blob)
{
	const struct repo_tips *tips = &handle->tips;
	const char *path = handle->path.ptr;

	for (size_t i = 0; i < tips->tree_count; i++)
		if (tree_holds(tips->trees[i], path, blob))
			return EXPOSURE_PUSHED;
	if (!tree_holds(tips->head, path, blob))
		return EXPOSURE_STAGED;
	return is_head_pushed(repo, handle) ? EXPOSURE_PUSHED : EXPOSURE_COMMITTED;
}

enum exposure repo_entry_staged(const struct repo *repo, size_t entry, char hex[65])
{
	const struct repo_entry *e = &repo->index.entries[entry];

	hex[0] = '\0';
	if (e->intent_to_add)
		return EXPOSURE_WORKTREE;
	hex_of(e, hex);
	return EXPOSURE_STAGED;
}

enum exposure repo_entry_exposure(struct repo *repo, unsigned worker, size_t entry, char hex[65])
{
	const struct repo_entry *e = &repo->index.entries[entry];
	struct repo_handle *handle = repo_handle_get(repo, worker);
	enum exposure least = repo_entry_staged(repo, entry, hex);

	if (least != EXPOSURE_STAGED || !repo_handle_objects(handle))
		return least;
	if (!handle->tips.loaded)
		load_tips(&handle->tips, handle->git);
	buf_reset(&handle->path);
	buf_append_slice(&handle->path, repo_entry_path(repo, entry));
	return furthest(repo, handle, &e->oid);
}
