#include "source/fresh.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "source/fresh_commits.h"
#include "source/git_loose.h"
#include "source/pack/object_dirs.h"
#include "source/tree_object.h"

#include <stdlib.h>

/* What is larger is left to the history, which does not hold it whole. */
#define OBJECT_MAX ((size_t)64 << 20)
/* As deep as git itself follows trees: core.maxTreeDepth, git-config(1). */
#define DEPTH_MAX 2048
/* Of a commit with more parents, what only the others have is taken for new. */
#define PARENTS_MAX 8

struct fresh {
	git_repository *git;
	git_odb *odb;
	const struct sink *sink;
	struct oid_set seen; /* trees and blobs */
	struct err *err;
	unsigned depth;
};

/* ---- objects ---- */

static int missing(struct fresh *f)
{
	return err_set(f->err, HF_EGIT, "an object is missing, broken or large");
}

/* type: GIT_OBJECT_ANY, or what it has to be. */
static int read_object(struct fresh *f, const unsigned char *oid, git_object_t type,
		       git_odb_object **out)
{
	git_object_t is;
	size_t size;
	git_oid id;

	memcpy(id.id, oid, OID_BYTES);
	if (git_odb_read_header(&size, &is, f->odb, &id) < 0 || size > OBJECT_MAX ||
	    (type != GIT_OBJECT_ANY && type != is) || git_odb_read(out, f->odb, &id) < 0)
		return missing(f);
	return 0;
}

static struct slice bytes_of(git_odb_object *object)
{
	return slice_of(git_odb_object_data(object), git_odb_object_size(object));
}

static void give(struct fresh *f, struct slice bytes, enum where where)
{
	struct stream stream;
	struct document doc = {.from = {.path = SLICE(""), .where = where}, .bytes = &stream};

	stream_from_memory(&stream, bytes);
	f->sink->document(f->sink->payload, 0, &doc);
}

static bool is_seen(struct fresh *f, const unsigned char *oid)
{
	bool is_new;

	oid_set_add(&f->seen, oid, &is_new);
	return !is_new;
}

static int visit_blob(struct fresh *f, const unsigned char *oid)
{
	git_odb_object *object;

	if (is_seen(f, oid))
		return 0;
	if (read_object(f, oid, GIT_OBJECT_BLOB, &object) < 0)
		return HF_EGIT;
	give(f, bytes_of(object), WHERE_BLOB);
	git_odb_object_free(object);
	return 0;
}

/* ---- trees ---- */

/* The tree at the same path in a parent; read along, as both have one order. */
struct before {
	git_odb_object *object; /* NULL: there is none */
	struct slice rest;
	struct tree_entry entry;
	bool has_entry;
};

static void before_next(struct before *b)
{
	b->has_entry = tree_next(&b->rest, &b->entry);
}

static int before_open(struct fresh *f, struct before *b, const unsigned char *oid)
{
	*b = (struct before){0};
	if (!oid)
		return 0;
	if (read_object(f, oid, GIT_OBJECT_TREE, &b->object) < 0)
		return HF_EGIT;
	b->rest = bytes_of(b->object);
	before_next(b);
	return 0;
}

/* As git orders a tree: the name of a folder as if it ended in '/'. */
static int order_entries(const struct tree_entry *a, const struct tree_entry *b)
{
	size_t len = a->name.len < b->name.len ? a->name.len : b->name.len;
	int order = memcmp(a->name.ptr, b->name.ptr, len);
	unsigned char x = len < a->name.len ? a->name.ptr[len] : a->is_tree ? '/' : 0;
	unsigned char y = len < b->name.len ? b->name.ptr[len] : b->is_tree ? '/' : 0;

	return order ? order : (x > y) - (x < y);
}

/* What the parent has for that entry; NULL when nothing. */
static const unsigned char *before_find(struct before *b, const struct tree_entry *entry)
{
	int order = -1;

	while (b->has_entry && (order = order_entries(&b->entry, entry)) < 0)
		before_next(b);
	return b->has_entry && order == 0 ? b->entry.oid : NULL;
}

static int visit_tree(struct fresh *f, const unsigned char *oid,
		      const unsigned char *const *parents, size_t parent_count);

static int visit_entry(struct fresh *f, const struct tree_entry *entry, struct before *before,
		       size_t count)
{
	const unsigned char *parents[PARENTS_MAX];

	for (size_t i = 0; i < count; i++) {
		parents[i] = before_find(&before[i], entry);
		if (parents[i] && oid_cmp(parents[i], entry->oid) == 0)
			return 0;
	}
	if (entry->is_submodule)
		return 0;
	return entry->is_tree ? visit_tree(f, entry->oid, parents, count)
			      : visit_blob(f, entry->oid);
}

static void give_names(struct fresh *f, struct slice tree)
{
	struct tree_entry entry;

	if (f->sink->worth(f->sink->payload, tree))
		while (tree_next(&tree, &entry))
			give(f, entry.name, WHERE_PATH);
}

static int visit_entries(struct fresh *f, struct slice tree, struct before *before, size_t count)
{
	struct tree_entry entry;
	int rc = 0;

	give_names(f, tree);
	while (rc == 0 && tree_next(&tree, &entry))
		rc = visit_entry(f, &entry, before, count);
	return rc == 0 && tree.len ? missing(f) : rc;
}

/*
 * What of a tree is not where it is in the trees of parents, any of which may be
 * NULL. Each once: what was passed over then, since a parent had it, is known or is
 * looked at with that parent.
 */
static int visit_tree(struct fresh *f, const unsigned char *oid,
		      const unsigned char *const *parents, size_t parent_count)
{
	struct before before[PARENTS_MAX] = {{0}};
	git_odb_object *object = NULL;
	int rc = 0;

	if (is_seen(f, oid))
		return 0;
	if (f->depth++ >= DEPTH_MAX)
		return missing(f);
	rc = read_object(f, oid, GIT_OBJECT_TREE, &object);
	for (size_t i = 0; rc == 0 && i < parent_count; i++)
		rc = before_open(f, &before[i], parents[i]);
	if (rc == 0)
		rc = visit_entries(f, bytes_of(object), before, parent_count);
	for (size_t i = 0; i < parent_count; i++)
		git_odb_object_free(before[i].object);
	git_odb_object_free(object);
	f->depth--;
	return rc;
}

/* ---- commits and tags ---- */

static int visit_commit(struct fresh *f, struct fresh_commits *commits, size_t place)
{
	const unsigned char *parents[PARENTS_MAX];
	git_commit *commit = commits->list[place].commit;
	unsigned count = git_commit_parentcount(commit);
	size_t parent_count = 0;
	git_odb_object *object;

	if (read_object(f, commits->set.oids.list[place].raw, GIT_OBJECT_COMMIT, &object) < 0)
		return HF_EGIT;
	give(f, bytes_of(object), WHERE_COMMIT_MESSAGE);
	git_odb_object_free(object);
	for (unsigned i = 0; i < count && parent_count < PARENTS_MAX; i++) {
		bool is_new;
		size_t at =
			oid_set_add(&commits->set, git_commit_parent_id(commit, i)->id, &is_new);

		parents[parent_count++] = git_commit_tree_id(commits->list[at].commit)->id;
		if (oid_cmp(parents[i], git_commit_tree_id(commit)->id) == 0)
			return 0;
	}
	return visit_tree(f, git_commit_tree_id(commit)->id, parents, parent_count);
}

/* A tag's own text, then what it leads to. */
static int visit_tip(struct fresh *f, struct fresh_commits *commits, const unsigned char *oid)
{
	git_odb_object *object;
	struct slice bytes;
	struct oid target;
	int rc;

	if (read_object(f, oid, GIT_OBJECT_ANY, &object) < 0)
		return HF_EGIT;
	bytes = bytes_of(object);
	switch (git_odb_object_type(object)) {
	case GIT_OBJECT_COMMIT:
		rc = fresh_commits_start(commits, oid, false, f->err);
		break;
	case GIT_OBJECT_TREE:
		rc = visit_tree(f, oid, NULL, 0);
		break;
	case GIT_OBJECT_BLOB:
		rc = visit_blob(f, oid);
		break;
	default:
		give(f, bytes, WHERE_TAG_MESSAGE);
		if (f->depth++ < DEPTH_MAX && bytes.len > 7 + OID_HEX &&
		    oid_from_hex(&target, bytes.ptr + 7)) /* "object " */
			rc = visit_tip(f, commits, target.raw);
		else
			rc = missing(f);
		f->depth--;
	}
	git_odb_object_free(object);
	return rc;
}

/* What the others have; where they lead elsewhere, more counts as new. */
static void start_at_known(struct fresh *f, struct fresh_commits *commits, const struct oids *had)
{
	for (size_t i = 0; i < had->count; i++) {
		git_object *object = NULL, *commit = NULL;
		git_oid id;

		memcpy(id.id, had->list[i].raw, OID_BYTES);
		if (git_object_lookup(&object, f->git, &id, GIT_OBJECT_ANY) == 0 &&
		    git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0)
			fresh_commits_start(commits, git_object_id(commit)->id, true, f->err);
		git_object_free(commit);
		git_object_free(object);
	}
}

static int scan(struct fresh *f, const struct fresh_options *options)
{
	struct fresh_commits commits = {.git = f->git};
	int rc = 0;

	start_at_known(f, &commits, options->had);
	for (size_t i = 0; rc == 0 && i < options->tips->count; i++)
		rc = visit_tip(f, &commits, options->tips->list[i].raw);
	if (rc == 0)
		rc = fresh_commits_walk(&commits, options->commits_max, f->err);
	for (size_t i = 0; rc == 0 && i < commits.set.oids.count; i++)
		if (commits.list[i].passed && !commits.list[i].known)
			rc = visit_commit(f, &commits, i);
	fresh_commits_dispose(&commits);
	return rc;
}

/* ---- life cycle ---- */

static void pass_over(void *payload, const char *path, const char *what)
{
}

/* Where a server keeps what it has not accepted yet. */
static int add_objects(struct fresh *f, const struct fresh_options *options)
{
	struct object_dirs dirs;
	int rc = 0;

	if (!options->objects)
		return 0;
	object_dirs_list(&dirs, options->objects, options->more_objects, pass_over, NULL);
	for (size_t i = 0; rc == 0 && i < dirs.count; i++)
		if (git_odb_add_disk_alternate(f->odb, dirs.list[i]) < 0)
			rc = missing(f);
	object_dirs_dispose(&dirs);
	return rc;
}

int fresh_scan(const struct repository *repository, const struct fresh_options *options,
	       const struct sink *sink, struct err *err)
{
	struct fresh f = {.sink = sink, .err = err};
	int rc;

	if (git_repository_open_bare(&f.git, repository->git_dir) < 0 ||
	    !(f.odb = git_loose_open(f.git)))
		rc = missing(&f);
	else
		rc = add_objects(&f, options);
	if (rc == 0)
		rc = scan(&f, options);
	oid_set_dispose(&f.seen);
	git_odb_free(f.odb);
	git_repository_free(f.git);
	return rc;
}
