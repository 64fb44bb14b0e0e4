/*
 * The options of every verb, in ONE table: parsing, --help, the man page and
 * the completions of bash, zsh and fish are made from it. Parsing only
 * records; cmd_*.c gives the record its meaning.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/err.h"
#include "hfscan.h"

struct reporter; /* report/report.h */

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* --report FORMAT=FILE; "-" is standard output. */
struct report_to {
	const struct reporter *reporter;
	const char *file; /* argv's */
};

struct options {
	const char *verb; /* "scan" when none was given */
	bool verb_given;
	char **args; /* what is left: PATHs, or the verb's words; the array is owned */
	size_t arg_count;

	const char *format; /* "text" when not given */
	bool format_given;
	const char *output;        /* NULL: stdout */
	struct report_to *reports; /* beside that one, in order; the array is owned */
	size_t report_count;
	const char **rules; /* in order; the array is owned, the names are argv's */
	size_t rules_count;
	bool no_default_rules;
	const char **disabled; /* ids of rules; as rules */
	size_t disabled_count;
	const char *files_from; /* NULL when not given */
	const char *repos_from; /* NULL when not given */
	bool nul_separated;
	const char *stdin_name; /* NULL when not given */
	bool ignored;
	unsigned max_depth; /* of archives in archives */
	bool staged;
	bool global;
	bool no_history;
	bool history_only;
	const char *range, *since_commit, *branch; /* NULL when not given */
	bool all;                                  /* of them, the last word */
	bool all_names;
	bool check_connectivity;
	uint64_t max_memory; /* bytes */
	unsigned jobs;       /* 0: one per core */
	enum color_when color;
	bool quiet;
	unsigned verbose;
	bool strict;
	bool no_inline_allow;
	bool allow_incomplete;
	bool show_secrets;
	bool verify;
	unsigned verify_jobs, verify_timeout; /* requests at a time; seconds */
	bool verify_endpoint_ok;
	bool fail_on_live;
	bool only_live;
	const char *from_report; /* NULL when not given */
	bool yes;
	const char *write_replacements; /* NULL when not given */
	enum lang lang;                 /* --lang, else from the locale */
	bool lang_given;
	const char *baseline;         /* a file; NULL: that of each repository */
	bool no_repo_config;          /* take no word of those who are scanned */
	bool no_config;               /* nor of the user's own file */
	const char *reason, *expires; /* of what is added to a baseline; NULL */
	char **kept;                  /* what the user's own file says; these point into it */
	size_t kept_count, kept_cap;
	bool help;
	bool version;
	const char *generate; /* man, bash, zsh, fish */
};

/* One row of the table. */
struct option {
	const char *name;     /* "format", without the dashes */
	char letter;          /* 'f'; 0 when it has none */
	const char *argument; /* "FORMAT"; NULL when it takes none */
	const char *category; /* heading in --help and the man page */
	const char *help;     /* one line */
	const char *more;     /* what the man page adds; may be NULL */
	const char *choices;  /* "auto always never"; NULL when anything goes; @ = the formats */
	unsigned verbs;       /* bits by position in verbs_table() */
	/* What is wrong with value, or NULL. */
	const char *(*set)(struct options *options, const char *value);
};

/* A table that ends with a row without a name. */
const struct option *options_table(void);
/* The choices with @ replaced; appended to out, separated by blanks. */
struct buf;
void options_choices(struct buf *out, const struct option *option);

struct verb {
	const char *name;                          /* "scan" */
	const char *synopsis;                      /* what stands behind the options */
	const char *help;                          /* one line */
	int (*run)(const struct options *options); /* returns the exit code */
};

enum {
	VERB_SCAN = 1 << 0,
	VERB_RULES = 1 << 1,
	VERB_HOOK = 1 << 2,
	VERB_CI = 1 << 3,
	VERB_BASELINE = 1 << 4,
	VERB_VERIFY = 1 << 5,
	VERB_REVOKE = 1 << 6,
	VERB_EXPLAIN = 1 << 7,
	/* that look for tokens */
	VERB_SCANS = VERB_SCAN | VERB_HOOK | VERB_CI | VERB_BASELINE,
	VERB_REPORTS = VERB_SCAN | VERB_CI,                /* that write a report */
	VERB_ASKS = VERB_SCAN | VERB_VERIFY | VERB_REVOKE, /* that may use the network */
	VERB_ALL = VERB_SCANS | VERB_ASKS | VERB_RULES | VERB_EXPLAIN,
};

/* verbs.c; in the order of the bits, ended by a row without a name. */
const struct verb *verbs_table(void);

/* Writes to out, which is empty, the command or option that a word may have been meant for which
 * names no file: "verfy", "help". False: none. */
bool options_guess(struct buf *out, const char *word);

/* Records argv. HF_EUSAGE with one line that names the word and what to do.
 * options_dispose() either way. */
int options_parse(struct options *out, int argc, char **argv, struct err *err);
void options_dispose(struct options *options);

/* The same, with what the user's own configuration sets; file: NULL: there is none. */
int options_parse_with(struct options *out, int argc, char **argv, const char *file,
		       struct err *err);

/* generate.c: --help (verb NULL: the whole program's), and --generate KIND, one
 * of the option's choices. Written to stdout. */
void options_help(const char *verb);
void options_generate(const char *kind);

#endif
