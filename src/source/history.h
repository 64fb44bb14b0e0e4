/*
 * The history of one repository: every object of its database once, what its
 * refs are called, what its reflogs and the other texts in its git directory
 * say. What was found in objects is kept by number, for trace/ to follow.
 */
#ifndef SOURCE_HISTORY_H
#define SOURCE_HISTORY_H

#include "source/commits.h"
#include "source/range.h"
#include "source/refs.h"
#include "source/source.h"

struct history_options {
	unsigned jobs;
	uint64_t max_bytes;    /* what may be held of objects at once */
	bool all_names;        /* names in every tree, not only in those of the refs' tips */
	const char *from, *to; /* only what commits brought in that `to` reaches and `from`
				  (NULL: none) does not; NULL: everything. As git names them */
	const struct oids *tips, *had; /* the same by their ids, any number of either and of
					  whatever type; NULL: see above */
	/* Where objects are if not in the repository's own folder, as git's environment
	 * has it for a server's hook: GIT_OBJECT_DIRECTORY, and
	 * GIT_ALTERNATE_OBJECT_DIRECTORIES. NULL */
	const char *objects, *more_objects;
	const char *deepen;      /* what gets the rest of a shallow clone; NULL: git fetch */
	bool all_pushed;         /* whatever is here came from a server, as in a job of CI */
	const struct odb_gate *gate; /* other histories are read meanwhile; NULL */
	bool check_connectivity; /* look for missing objects behind every commit, not only the tips
				  */
};

/* A tag object and what it names. */
struct tag {
	uint32_t number, target; /* ODB_NO_OBJECT: missing */
	uint32_t peeled;         /* what is no tag any more; ODB_NO_OBJECT: missing, or a ring */
	struct oid end;          /* the name of that, missing or not */
	uint32_t walk;           /* while it is found out */
};

/* Filled by history_open() and history_scan(), then frozen. */
struct history {
	const struct repository *repository; /* borrowed */
	unsigned repository_number;
	struct history_options options;
	const struct sink *sink;
	struct odb *odb;
	struct refs refs;
	struct commits commits;
	struct tag *tags;
	size_t tag_count, tag_cap;
	uint32_t *found; /* objects in which something was found, ascending */
	size_t found_count, found_cap;
	struct range range;
	struct oid *shallow; /* commits whose parents were not fetched, ascending */
	size_t shallow_count, shallow_cap;
};

/* Opens the repository. What cannot be read is told to the sink. HF_ENOTFOUND
 * when there is no such commit as the options name. Dispose either way. */
int history_open(struct history *h, const struct repository *repository, unsigned number,
		 const struct history_options *options, const struct sink *sink, struct err *err);
void history_dispose(struct history *h);

/* Gives everything to the sink. Blocks until done. */
void history_scan(struct history *h);

/* The name of a ref is a document of its own; on worker 0. */
void source_ref_name(const struct repository *repository, const char *name, enum exposure exposure,
		     const struct sink *sink);

/* odb_read(), with the share of memory that is the history's, or else with all. */
int history_read(struct history *h, uint32_t number, enum object_type *type, unsigned char **bytes,
		 size_t *len, struct err *err);

/* The tag object of that number; NULL when it is none. */
const struct tag *history_tag(const struct history *h, uint32_t number);

/* git_dir.c: the texts of the git directory, but for config, which belongs to
 * the work tree; on worker 0. Repositories of submodules found there are told
 * to the sink. */
void history_scan_git_dir(struct history *h);
/* Those repositories alone. */
void history_tell_submodules(struct history *h);

/* connectivity.c: names in the tips' trees, and what is missing from them. */
void history_check_trees(struct history *h);

#endif
