/*
 * hfscan [scan] [OPTION]... [PATH]...: which sources the words and options stand
 * for, and the histories of the repositories that these met.
 */
#include "cli/cmd.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/tr.h"
#include "cli/abreast.h"
#include "cli/repos.h"
#include "cli/secrets.h"
#include "source/repo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what to do before anything is read ---- */

static bool is_stdin(const char *path)
{
	return strcmp(path, "-") == 0;
}

static bool is_address(const char *path)
{
	return strstr(path, "://") || strncmp(path, "git@", 4) == 0;
}

/* There is no such file. first: it stands where a command may. */
static void complain_of_missing(const char *path, bool first)
{
	struct buf meant, what;

	if (is_address(path)) {
		complain(path, "is an address: `git clone` it, and scan the folder that makes");
		return;
	}
	buf_init(&meant, BUF_MAX_LINE);
	buf_init(&what, BUF_MAX_LINE);
	if (first && options_guess(&meant, path))
		buf_appendf(&what, tr("no such file or folder; did you mean `hfscan %s`?"),
			    meant.ptr);
	else
		buf_append_str(&what, "no such file or folder");
	complain(path, what.ptr);
	buf_dispose(&what);
	buf_dispose(&meant);
}

/* A PATH that is not there stops the run before any other is read. */
static int check_paths(const struct options *options)
{
	struct stat st;

	for (size_t i = 0; i < options->arg_count; i++) {
		const char *path = options->args[i];

		if (is_stdin(path) || stat(path, &st) == 0 || errno == EACCES ||
		    errno == ENAMETOOLONG)
			continue;
		if (errno == ENOENT)
			complain_of_missing(path, i == 0 && !options->verb_given);
		else
			complain(path, err_reason(errno));
		return HF_ENOTFOUND;
	}
	return 0;
}

/* ---- files ---- */

/* Who asks for some commits does not ask for files. */
static bool is_history_only(const struct options *options)
{
	return options->history_only || options->range || options->since_commit || options->branch;
}

static int run_path(const char *path, const struct options *options, unsigned jobs,
		    struct scan *scan, struct err *err)
{
	struct source_options how = {
		.jobs = jobs,
		.ignored = options->ignored,
		.history = !options->no_history,
		.no_files = is_history_only(options),
		.settings = run_settings(options),
	};

	/* A PATH that is named beats git's environment. */
	if (options->arg_count == 0 && !options->repos_from)
		run_heed_git(&how);
	if (options->staged)
		return source_staged(path, &how, scan_sink(scan), err);
	if (!is_stdin(path))
		return source_files(path, &how, scan_sink(scan), err);
	if (isatty(STDIN_FILENO))
		fputs(tr("hfscan: reading standard input; Ctrl-D ends it\n"), stderr);
	return source_stdin(options->stdin_name ? options->stdin_name : "-", scan_sink(scan), err);
}

/* A root that fails as a whole is one more thing that was not scanned; one
 * that makes no sense ends the run. */
static int settle(const char *path, struct scan *scan, int rc, const struct err *err)
{
	const struct sink *sink = scan_sink(scan);

	if (rc == HF_EUSAGE || rc == HF_ENOTFOUND) {
		complain(path, err->msg);
		return rc;
	}
	if (rc < 0)
		sink->diag(sink->payload, 0, NULL, slice_str(path), false, err->msg);
	return 0;
}

int scan_sources(struct run *run)
{
	const struct options *options = run->options;
	struct scan *scan = run->scan;
	unsigned jobs = run->jobs;
	static char here[] = ".";
	char *default_paths[] = {here};
	bool use_default = options->arg_count == 0 && !options->files_from && !options->repos_from;
	char **paths = use_default ? default_paths : options->args;
	size_t count = use_default ? 1 : options->arg_count;
	struct source_options how = {
		.jobs = jobs, .ignored = options->ignored, .settings = run_settings(options)};
	struct err err;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++) {
		rc = settle(paths[i], scan, run_path(paths[i], options, jobs, scan, &err), &err);
	}
	if (rc == 0 && options->files_from)
		rc = settle(options->files_from, scan,
			    source_list(options->files_from, options->nul_separated, &how,
					scan_sink(scan), &err),
			    &err);
	how.history = !options->no_history;
	how.no_files = is_history_only(options);
	if (rc == 0 && options->repos_from)
		rc = repos_from(options->repos_from, options->nul_separated, &how, scan);
	return rc;
}

/* ---- histories ---- */

/* "A..B" as two words; HEAD stands for a B that is left out. Caller frees from. */
static void choose_commits(const struct options *options, struct history_options *how, char **from)
{
	const char *dots = options->range ? strstr(options->range, "..") : NULL;

	*from = NULL;
	if (dots) {
		*from = xmemdup0(options->range, (size_t)(dots - options->range));
		how->to = dots[2] ? dots + 2 : "HEAD";
	} else if (options->since_commit) {
		*from = xstrdup(options->since_commit);
		how->to = "HEAD";
	} else {
		how->to = options->branch;
	}
	how->from = *from;
}

/* Of those that the sources met by their own names: not as part of another. */
static unsigned count_outer(struct scan *scan)
{
	struct repository repository;
	unsigned count = 0;

	for (unsigned number = 1; scan_repository(scan, number, &repository); number++)
		count += !repository.inner;
	return count;
}

int run_history(const struct repository *repository, unsigned number,
		const struct history_options *how, struct scan *scan, struct err *err)
{
	return read_history(repository, number, how, scan_sink(scan), scan, err);
}

/* Of several repositories one that lacks the commits asked for is no reason to
 * leave the others out; a single one ends the run. */
static int settle_history(const struct repository *repository, struct scan *scan, bool single,
			  const struct err *err)
{
	const struct sink *sink = scan_sink(scan);
	struct buf path;

	if (!single) {
		sink->diag(sink->payload, 0, repository->root, repository->prefix, false, err->msg);
		return 0;
	}
	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%s%s", repository->root, repository->prefix.len ? "/" : "");
	buf_append_slice(&path, repository->prefix);
	complain(path.ptr, err->msg);
	buf_dispose(&path);
	return err->code;
}

/* The small ones side by side, the others one after another, each with all threads. A
 * history may bring in more repositories: those of submodules. */
int scan_histories(struct run *run, const struct history_options *more)
{
	const struct options *options = run->options;
	struct scan *scan = run->scan;
	const struct sink *sink = scan_sink(scan);
	struct history_options how = more ? *more : (struct history_options){0};
	bool single = count_outer(scan) <= 1 && !options->repos_from;
	struct abreast abreast = {.known = 0};
	size_t named_roots = scan_root_count(scan);
	struct repository repository;
	unsigned number = 1;
	struct err err;
	char *from;
	int rc = 0;

	how.jobs = run->jobs;
	how.max_bytes = options->max_memory;
	how.all_names = options->all_names;
	how.check_connectivity = options->check_connectivity;
	choose_commits(options, &how, &from);
	for (; rc == 0 && scan_repository(scan, number, &repository); number++) {
		if (number > abreast.known)
			abreast_run(&abreast, scan, &how);
		if (abreast_has(&abreast, number))
			continue;
		if ((how.to || how.tips) && repository.inner)
			sink->diag(sink->payload, 0, repository.root, repository.prefix, true,
				   "its history is left out: the commits asked for are those of "
				   "the repository around it");
		else if (run_history(&repository, number, &how, scan, &err) < 0)
			rc = settle_history(&repository, scan, single, &err);
	}
	if (rc == 0 && number == 1 && is_history_only(options) && !scan_incomplete(scan)) {
		complain(NULL, "there is no repository here, so no history to scan");
		rc = HF_ENOTFOUND;
	}
	scan_order_roots(scan, named_roots);
	abreast_dispose(&abreast);
	free(from);
	return rc;
}

/* ---- both ---- */

int scan_named(struct run *run, const void *unused)
{
	const struct options *options = run->options;
	int rc = scan_sources(run);

	if (rc == 0 && !options->no_history && !options->staged)
		rc = scan_histories(run, NULL);
	return rc;
}

int cmd_scan(const struct options *options)
{
	struct secrets secrets;
	int code = EXIT_USAGE;
	struct run run;

	if (check_paths(options) < 0)
		return EXIT_USAGE;
	if (secrets_open(&secrets, options) == 0) {
		if (run_open(&run, options) == 0 && run_scan(&run, scan_named, NULL) == 0 &&
		    secrets_use(&secrets, &run) == 0)
			code = run_report(&run);
		code = run_close(&run, code);
	}
	secrets_close(&secrets, options);
	return code;
}
