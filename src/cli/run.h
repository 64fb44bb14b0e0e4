/*
 * One run as the options ask for it: rules, a scan into which a verb lets its sources
 * run, the report, the exit code. One at a time, by the thread that calls.
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/output.h"
#include "cli/policy.h"
#include "scan.h"

struct run {
	const struct options *options; /* borrowed */
	unsigned jobs;                 /* worker threads, at least 1 */
	struct rules *rules;
	struct scan *scan;
	struct policy policy;   /* what may stay */
	struct result *result;  /* when the scan is done; the scan's */
	struct outputs outputs; /* where the reports go */
};

/* Loads the rules and opens the reports before anything is read. Negative, and
 * told, when one cannot be had. run_close() either way. */
int run_open(struct run *run, const struct options *options);

/* Lets the sources run into run->scan and sums up. Negative, and told, when
 * they say so: the run makes no sense. */
typedef int (*run_sources_fn)(struct run *run, const void *payload);
int run_scan(struct run *run, run_sources_fn sources, const void *payload);

/* Where a run takes the settings of those it scans from: nowhere with
 * options->no_repo_config, which who must not believe them sets (pre-receive); the index
 * for hooks and --staged. */
enum settings_from run_settings(const struct options *options);

/* Which repository git's environment names, as git(1) has it: GIT_DIR and the like. The
 * strings are the environment's. */
void run_heed_git(struct source_options *how);

/* For a hook of git's: what the index says of the repository around the present folder
 * counts for findings whose root is `root`. */
void run_hear_repository(struct run *run, const char *root);

/* The language of the report: the one that the user asks for, else the repository's, else
 * the locale's. */
enum lang run_lang(const struct run *run);

/* The exit code that the options give to the result. */
int run_exit_code(const struct run *run);

/* On stderr, what could not be scanned. */
void run_tell_incomplete(const struct run *run);

/* Writes the reports, tells on stderr what could not be scanned, and returns
 * run_exit_code(), or EXIT_USAGE when one of them cannot be written. */
int run_report(struct run *run);

/* Returns code, or EXIT_USAGE when a report could not be completed. */
int run_close(struct run *run, int code);

/* cmd_scan.c: the history of one repository, with where what was found comes from.
 * Negative when the commits that how names are not there. */
struct history_options;
int run_history(const struct repository *repository, unsigned number,
		const struct history_options *how, struct scan *scan, struct err *err);

/* cmd_scan.c: the two halves of scan_named(). Of more (may be NULL) the second takes
 * which commits are asked for, if it says so, and what is told of them. */
int scan_sources(struct run *run);
int scan_histories(struct run *run, const struct history_options *more);

/* cmd_scan.c: what the PATHs and the options of `hfscan scan` stand for. */
int scan_named(struct run *run, const void *unused);

#endif
