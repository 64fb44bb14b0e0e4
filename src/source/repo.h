/*
 * What git knows about a work tree: which files are tracked, which it ignores,
 * what the index holds, how far a blob got. Configuration, refs and objects are
 * read through libgit2, the index and the ignore rules by ourselves. Nothing
 * that the repository names (hooks, filters, textconv, fsmonitor) is ever run.
 *
 * A struct repo is shared by the workers: each has its own libgit2 handle and
 * its own place in the ignore rules, so every call takes the worker's number.
 */
#ifndef SOURCE_REPO_H
#define SOURCE_REPO_H

#include "base/err.h"
#include "hfscan.h"

#include <sys/stat.h>
#include <time.h>

struct repo;

/* Call once before threads and once at the end. Turns libgit2's owner check
 * off: CI containers scan what another user checked out. */
void repo_library_init(void);
void repo_library_shutdown(void);

/*
 * The top folder of the work tree that path (a file or folder) lies in, as an
 * absolute path without links and with a trailing '/'; NULL in *top when it
 * lies in none. *bare: path is or lies in a git directory, which is then in
 * *top.
 * Looks at nothing but the folders: no environment, no owner, no ceiling.
 * HF_ENOTFOUND or HF_EIO when path cannot be looked at, HF_EGIT when a .git
 * file on the way leads nowhere (a submodule or worktree copied without its
 * repository). Caller frees *top.
 */
int repo_discover(const char *path, char **top, bool *bare, struct err *err);

/*
 * What a git directory (ends in '/') is: *common_dir, where its refs and objects
 * are (ends in '/', caller frees), and whether it is a server's, without a work
 * tree. HF_EGIT with a reason when it cannot be read.
 */
int repo_identify(const char *git_dir, char **common_dir, bool *bare, struct err *err);

/* Whether it is a server's, so that whatever its refs reach was pushed to it: nobody works
 * in a work tree of it, wherever that lies (git init --separate-git-dir). common_dir ends
 * in '/'. */
bool repo_is_served(const char *common_dir);

/*
 * The git directory (ends in '/') that git means in the present folder: the one that
 * GIT_DIR names, else that of the repository around it; and the top of the work tree,
 * NULL where there is none. Negative with a reason when there is no repository. Caller
 * frees both.
 */
int repo_here(char **git_dir, char **top, struct err *err);

/* The remotes that the configuration names. Dispose either way. */
struct remotes {
	char **names;
	size_t count;
};
int repo_remotes(struct remotes *remotes, const char *git_dir, struct err *err);
void remotes_dispose(struct remotes *remotes);

/* Calls tell for the git directory (ends in '/', borrowed) of each linked work
 * tree of a repository, in byte order. Those that cannot be listed are none. */
typedef void (*repo_git_dir_fn)(void *payload, const char *git_dir);
void repo_each_linked(const char *common_dir, repo_git_dir_fn tell, void *payload);

/* What git's environment says of a repository; NULL where it says nothing. */
struct repo_place {
	const char *git_dir;    /* else that to which .git, folder or file, leads */
	const char *index_file; /* else "index" in the git directory */
};

/*
 * Opens the repository whose work tree's top is exactly `top`. HF_EGIT with a reason
 * when it cannot be read. Caller frees with repo_free(), when no worker uses it any
 * more.
 */
int repo_open(struct repo **out, const char *top, const struct repo_place *place, unsigned workers,
	      struct err *err);
void repo_free(struct repo *repo);

/* The top of the work tree, absolute, ends in '/'; borrowed from repo. */
const char *repo_top(const struct repo *repo);

/* The git directory of this work tree, and the one that holds refs and objects:
 * the same but in a linked work tree. Both end in '/'; borrowed from repo. */
const char *repo_git_dir(const struct repo *repo);
const char *repo_common_dir(const struct repo *repo);

/* Path of the configuration file git reads for this repository (.git/config),
 * borrowed from repo; NULL when there is none. */
const char *repo_config_path(const struct repo *repo);

/* Why not all of that file could be read; borrowed, NULL when it was. */
const char *repo_config_problem(const struct repo *repo);

enum repo_class {
	REPO_TRACKED,   /* in the index; a folder: something in it is */
	REPO_UNTRACKED, /* git add would take it */
	REPO_IGNORED,
};

/*
 * What git makes of path, relative to the top, without a trailing '/'; empty is
 * the top itself. is_folder: a link to a folder is none. An ignored folder that
 * holds tracked files is REPO_TRACKED; its untracked files are ignored each. A
 * submodule's folder is tracked. Cheapest folder by folder: a worker keeps the
 * rule files from the top to where it was asked last.
 */
enum repo_class repo_classify(struct repo *repo, unsigned worker, struct slice path,
			      bool is_folder);

/* ---- rules like those of gitignore(5), without a repository ---- */

struct path_rules;

/* text: one pattern a line. Frozen; any thread. Free with path_rules_free(). */
struct path_rules *path_rules_new(struct slice text);
void path_rules_free(struct path_rules *rules);
size_t path_rules_count(const struct path_rules *rules);

/* Whether they exclude the file at path, or a folder it is in. *left: what is left of the
 * processor time that hostile patterns may take; when nothing is, they exclude nothing. */
bool path_rules_match(const struct path_rules *rules, struct slice path, clock_t *left);

/* ---- the index ---- */

#define REPO_NO_ENTRY ((size_t)-1)

/* Blob entries (no submodules), by path; conflict stages are entries of their own. */
size_t repo_entry_count(const struct repo *repo);
struct slice repo_entry_path(const struct repo *repo, size_t entry);
/* The stage-0 entry of path, or REPO_NO_ENTRY. */
size_t repo_entry_find(const struct repo *repo, struct slice path);

/* The first entry somewhere in folder, or REPO_NO_ENTRY. */
size_t repo_entry_first_in(const struct repo *repo, struct slice folder);

/* The submodules the index names, and the path of each. */
size_t repo_submodule_count(const struct repo *repo);
struct slice repo_submodule_path(const struct repo *repo, size_t submodule);

/*
 * Tells that the work-tree file of this entry was scanned and what fstat said
 * of it. When git would take the file for unchanged by that (and it is not
 * racily clean), the entry needs no scan of its own. Returns whether so: then
 * the file's bytes are the blob's. Never for an entry that is only intended
 * (git add -N). At most once an entry, by any worker.
 */
bool repo_entry_seen(struct repo *repo, size_t entry, const struct stat *st);

/*
 * The same question for a file in which something was found: compares contents
 * (hashes the file) where fstat leaves it open. Same thread rule.
 */
bool repo_entry_is_file(struct repo *repo, unsigned worker, size_t entry, const struct stat *st);

/*
 * Whether the entry's blob has to be read by itself: its file was not seen, or
 * differs. Compares contents (hashes the file) where only the times differ.
 * False for an entry that is only intended. Call when all files were seen;
 * each entry by one worker.
 */
bool repo_entry_differs(struct repo *repo, unsigned worker, size_t entry);

/* The entry's blob, whole. Caller calls repo_blob_release(). HF_EGIT when it
 * is missing or broken, HF_ELIMIT when it is larger than max_bytes. */
struct repo_blob {
	struct slice bytes;
	void *handle;
};
int repo_entry_read(struct repo *repo, unsigned worker, size_t entry, uint64_t max_bytes,
		    struct repo_blob *out, struct err *err);
void repo_blob_release(struct repo_blob *blob);

/*
 * Appends what the index has at path, a file at the top, say; at most out->max bytes.
 * HF_ENOTFOUND when there is none, or in conflict, or only intended; HF_EGIT when it
 * is a link, or missing, HF_ELIMIT when it is too large.
 */
struct buf;
int repo_read_staged(struct repo *repo, unsigned worker, struct slice path, struct buf *out,
		     struct err *err);

/*
 * Calls tell for every entry that the next commit would change: HEAD has another
 * blob at its path, or none. All entries where there is no commit yet. Those in
 * conflict count, those only intended (git add -N) do not.
 */
typedef void (*repo_changed_fn)(void *payload, size_t entry);
void repo_each_changed(struct repo *repo, unsigned worker, repo_changed_fn tell, void *payload);

/*
 * Calls tell for every blob in an index, 20 bytes of its name and its path: that
 * of git_dir first, then those of all other work trees of the repository, as git
 * itself holds on to what any of them has staged. Both directories end in '/'.
 * An index that cannot be read has none.
 */
typedef void (*repo_staged_fn)(void *payload, const unsigned char *oid, struct slice path);
void repo_each_staged(const char *git_dir, const char *common_dir, repo_staged_fn tell,
		      void *payload);

/* ---- how far ---- */

/*
 * Called when something was found. For an entry: its blob's id in hex and
 * STAGED, COMMITTED (HEAD has that blob at that path) or PUSHED (a
 * remote-tracking ref reaches HEAD and HEAD has the blob there, or its tip
 * has). WORKTREE and "" for one that is only intended.
 */
enum exposure repo_entry_exposure(struct repo *repo, unsigned worker, size_t entry, char hex[65]);
/* The same without looking at commits: STAGED, or WORKTREE. */
enum exposure repo_entry_staged(const struct repo *repo, size_t entry, char hex[65]);

#endif
