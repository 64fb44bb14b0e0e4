/*
 * A repository's work tree while it is walked: which of its files git would
 * publish, and, when all were seen, what of the index is not in them.
 */
#ifndef SOURCE_TREE_H
#define SOURCE_TREE_H

#include "source/repo.h"
#include "source/visit.h"

#include <stdatomic.h>

struct tree {
	struct repo *repo;
	const char *root; /* as in provenance; borrowed from the walk */
	char *prefix;     /* path of the tree's top relative to root; "" or ends in '/' */
	size_t prefix_len;
	unsigned number;     /* that the sink gave the repository */
	char *limit;         /* of the index, only what is below it counts; "" or ends in '/' */
	bool ignored;        /* read what git ignores too */
	bool history;        /* how far committed blobs got is told later */
	atomic_uint pending; /* items of work that belong to it */
	atomic_bool files_done;
	atomic_size_t skipped; /* files and folders not read because git ignores them */
};

/* Opens the repository whose top is the folder `top` (a path that opens from
 * here), prefix below root; of the root's own the options say where it is. NULL and *err when
 * it cannot be read. */
struct tree *tree_open(const char *top, const char *root, const char *prefix,
		       const struct source_options *options, struct err *err);
void tree_free(struct tree *tree);

/* Whether to enter the folder at path (relative to root). */
bool tree_enters(struct tree *tree, unsigned worker, struct slice path);

/* Scans one file, if git would publish it; name opens from fd. */
void tree_visit(struct tree *tree, struct visitor *v, int fd, const char *name,
		struct document *doc);

/* Scans one file that the user named, ignored or not; path opens it. */
void tree_visit_named(struct tree *tree, struct visitor *v, const char *path, struct document *doc);

/* Scans the name of the file or folder at path (relative to root), if git would
 * publish it. */
void tree_visit_name(struct tree *tree, struct visitor *v, struct slice path, bool is_folder);

/* Scans git's own settings of this repository. */
void tree_visit_config(struct tree *tree, struct visitor *v);

/* Scans the blob of one index entry. */
void tree_visit_entry(struct tree *tree, struct visitor *v, size_t entry);

/* Scans the blobs of index entries [beg, end) that differ from what was seen. */
void tree_visit_entries(struct tree *tree, struct visitor *v, size_t beg, size_t end);

/* Tells why git's settings of this repository could not be read whole, if so. The
 * history tells it too. */
void tree_tell_config(struct tree *tree, const struct sink *sink);

/* Tells what was left out. */
void tree_tell_skipped(struct tree *tree, struct visitor *v);

#endif
