/*
 * The refs of a repository and what its reflogs remember, read from the files
 * themselves (gitrepository-layout(5)), so that a name counts even where what it
 * names is broken.
 */
#ifndef SOURCE_REFS_H
#define SOURCE_REFS_H

#include "source/pack/oid.h"

/* What it means for an object that it is reached from here. */
enum ref_reach {
	REF_LOCAL,  /* a branch, tag, stash, note, HEAD: it is committed */
	REF_PUSHED, /* a remote has it, or had it */
};

struct ref {
	char *name; /* "refs/heads/main", "HEAD"; any bytes; "" where is_name is not set */
	struct oid oid;
	bool is_name; /* a ref by that name, or one that another stands for, which may not be
			 there; else a reflog's memory of one, or a lender's */
	bool has_oid; /* it names an object, and not another ref */
	char *other;  /* the ref that it stands for; NULL */
	enum ref_reach reach;
};

struct refs {
	struct ref *list;
	size_t count, cap;
	bool has_remarks; /* packed-refs holds more than refs: it is a text to be scanned, too */
};

typedef void (*refs_problem_fn)(void *payload, const char *path, const char *what);

/* Reads those of common_dir and of every work tree linked to it. Paths end in
 * '/'. all_pushed: a server's repository. Dispose either way. */
void refs_read(struct refs *refs, const char *common_dir, bool all_pushed, refs_problem_fn problem,
	       void *payload);
/* Adds what a repository that lends its objects refers to: what it pushed has left
 * the machine. Its refs are no names of ours, and what is wrong with them is told
 * where it is scanned itself. */
void refs_add_lender(struct refs *refs, const char *common_dir, bool all_pushed);
void refs_dispose(struct refs *refs);

/* The object that HEAD of git_dir (a work tree's own) leads to; false when there
 * is none yet. */
bool refs_head(const struct refs *refs, const char *git_dir, struct oid *oid);

#endif
