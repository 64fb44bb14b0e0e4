/*
 * What a CI system says of the change for which it started the job. All of it may be
 * wrong, or made up by whoever opened the pull request: of ids nothing but their 40
 * digits is kept, names are only looked up, and nothing of it is ever shown.
 */
#ifndef CLI_CI_CHANGE_H
#define CLI_CI_CHANGE_H

#include "source/pack/oid.h"

struct change {
	const char *what; /* "this push"; static, for messages */
	bool is_whole;    /* no change is told of: everything is meant */
	bool is_request;  /* a pull request, whose merge with its target may be checked out */
	bool has_tip;     /* what is to be judged is known */
	bool has_base;    /* and what was there before it */
	bool has_sha;     /* and what the system checks out for it */
	struct oid tip, base, sha;
	const char *trouble; /* what of it could not be read; static, NULL */
	char *ref;           /* that was pushed to ("refs/heads/x"), looked up as a tag and scanned
			      * as a name; owned, NULL */
	char *trunk;         /* ref of the remote's default branch, if that is another one: a base
			      * where there is no better; owned, NULL */
};

void change_dispose(struct change *change);

struct forge {
	const char *variable; /* of the environment: it is this one where it is "true" */
	const char *format;   /* of the report on standard output */
	const char *deepen;   /* what gets all of the history, for messages */
	const char *summary;  /* variable that names a file for a page in Markdown; NULL */
	void (*read)(struct change *change); /* fills one that is all zero */
};

/* The one whose job this is; NULL. Static. */
const struct forge *forge_here(void);

/* ci_github.c, ci_gitlab.c: the rows of the table. */
void ci_github_read(struct change *change);
void ci_gitlab_read(struct change *change);

/* ---- for those two ---- */

/* NULL where it is not set, or empty. */
const char *change_variable(const char *name);
/* False when text (may be NULL) is no id, or the one of all zeros for "none". */
bool change_id(struct oid *oid, const char *text);
/* The ref that a clone has for a branch of its remote; caller frees. */
char *change_remote_branch(const char *branch);

#endif
