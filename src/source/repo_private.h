/*
 * What the files of a repository share: repo_find.c finds it, repo.c opens it, repo_index_file.c
 * and repo_index.c read and keep the index, repo_glob.c and repo_ignore.c know the ignore rules,
 * repo_exposure.c looks into blobs and commits, repo_staged.c compares the index with HEAD. Nobody
 * else includes this.
 */
#ifndef SOURCE_REPO_PRIVATE_H
#define SOURCE_REPO_PRIVATE_H

#include "base/buf.h"
#include "source/repo.h"

#include <git2.h>

/* What became of the work-tree file of an entry. */
enum repo_file {
	REPO_FILE_NOT_SEEN,
	REPO_FILE_SAME,
	REPO_FILE_UNSURE, /* only its contents can tell */
	REPO_FILE_DIFFERS,
};

/* Fields as git stores them: times and sizes are cut to 32 bits. */
struct repo_entry {
	size_t path; /* offset in the index's paths */
	uint32_t path_len;
	uint32_t size;
	uint32_t mtime, mtime_ns, ctime;
	uint32_t ino;
	uint16_t mode;
	uint8_t stage;
	bool intent_to_add;
	uint8_t file; /* enum repo_file; a byte of its own: written by one worker */
	git_oid oid;
};

/* A folder in the index's cache tree. */
struct repo_cached {
	struct slice name; /* of the folder alone */
	bool is_valid;
	git_oid oid; /* of the tree that its entries make up, if valid */
	size_t end;  /* the nodes up to here lie in it */
};

/* Parents before children. */
struct repo_cache {
	char *bytes; /* of the extension, which names point into */
	struct repo_cached *nodes;
	size_t count, cap;
};

/* Ordered by path, then stage. Frozen after repo_index_read() but for `file`. */
struct repo_index {
	unsigned char *paths;
	size_t paths_len, paths_cap;
	struct repo_entry *entries;
	size_t count, cap;
	struct repo_entry *links; /* submodules */
	size_t link_count, link_cap;
	uint32_t mtime, mtime_ns; /* of the index file */
	struct repo_cache cache;
};

int repo_index_read(struct repo_index *index, const char *file, struct err *err);
void repo_index_dispose(struct repo_index *index);
/* Reads the index's extension TREE; what is damaged leaves the cache empty. */
void repo_cache_read(struct repo_cache *cache, struct slice extension);
void repo_cache_dispose(struct repo_cache *cache);
/* Whether something is tracked at path (is_folder: at it or below it). */
bool repo_index_tracks(const struct repo_index *index, struct slice path, bool is_folder);

/* ---- ignore rules ---- */

/* Whether the whole of text matches; fold: letters of ASCII in either case. */
bool glob_matches(struct slice pattern, struct slice text, bool fold);

/* One rule file. */
struct ignore_list {
	char *bytes; /* its text, which the patterns point into */
	struct ignore_pattern *patterns;
	size_t count, cap;
	size_t base_len; /* of the path of the folder its patterns start from, '/' included */
};

/* Where a worker is in the tree. */
struct ignore_state {
	struct buf folder;
	struct ignore_level *levels;
	size_t count, cap;
};

/* A file that is absent or no file leaves the list empty. open_flags: O_NOFOLLOW
 * for files of the tree, as git does. */
void ignore_list_load(struct ignore_list *list, const char *path, size_t base_len, int open_flags);
void ignore_list_dispose(struct ignore_list *list);
bool ignore_state_matches(const struct repo *repo, struct ignore_state *state, struct slice path,
			  bool is_folder);
void ignore_state_dispose(struct ignore_state *state);

/* ---- commits ---- */

/* The commits that exposure is measured by. One worker's. */
struct repo_tips {
	bool loaded;
	git_oid head_id;
	git_tree *head;   /* NULL when no commit was made yet */
	git_oid *commits; /* the remote-tracking refs */
	size_t commit_count, commit_cap;
	git_tree **trees; /* of those commits, each once */
	size_t tree_count, tree_cap;
};

void repo_tips_dispose(struct repo_tips *tips);
/* The commit that HEAD leads to, by way of a tag too; false when there is none yet. */
bool repo_head_commit(git_repository *git, git_oid *id);

struct repo_handle {
	git_repository *git; /* NULL until first used */
	git_odb *objects;    /* the same */
	bool tried, tried_objects;
	struct buf path;
	struct ignore_state ignore;
	struct repo_tips tips;
};

#define REPO_SHARED_LISTS 2

enum repo_answer { REPO_UNKNOWN, REPO_NO, REPO_YES };

struct repo {
	char *top;            /* absolute, ends in '/' */
	char *git_dir;        /* ends in '/' */
	char *common_dir;     /* the same */
	char *config;         /* NULL when there is none */
	char *config_problem; /* NULL when it was read whole */
	struct repo_handle *handles;
	unsigned workers;
	struct repo_index index;
	/* info/exclude, then core.excludesFile: the order in which they count. */
	struct ignore_list shared_ignores[REPO_SHARED_LISTS];
	bool ignore_case;
	/* Whether a remote-tracking ref reaches HEAD. Asked at most once a worker,
	 * mostly once: it can take a walk over all commits. */
	_Atomic(enum repo_answer) head_pushed;
};

/* The worker's own; its .git is NULL when it cannot be opened, which other
 * than with descriptors or memory gone only a changing repository does. */
struct repo_handle *repo_handle_get(struct repo *repo, unsigned worker);

/* NULL when no object can be asked for. */
git_odb *repo_handle_objects(struct repo_handle *handle);

/* The git directory (ends in '/', caller frees) that the .git in top (ends in '/') is or
 * leads to. HF_EGIT when there is none. */
int repo_git_dir_of(char **git_dir, const char *top, struct err *err);

/* Fills *err with HF_EGIT, what, and the reason libgit2 gave. */
int repo_fail(struct err *err, const char *what);

#endif
