/*
 * hfscan [scan] [OPTION]... [PATH]...: loads the rules, lets the sources run
 * into a scan, writes the report, and chooses the exit code.
 */
#include "cli/cmd.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/os.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "report/report.h"
#include "scan.h"
#include "source/history.h"
#include "source/repo.h"
#include "trace/trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Diagnostics told on stderr one by one; every report lists them all. */
#define DIAGS_TOLD 20

/* ---- what to do before anything is read ---- */

static bool is_stdin(const char *path)
{
	return strcmp(path, "-") == 0;
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
		complain(path, errno == ENOENT ? "no such file or folder" : strerror(errno));
		return HF_ENOTFOUND;
	}
	return 0;
}

/* ---- the report ---- */

static int write_report(const struct options *options, const struct reporter *reporter, FILE *out,
			const struct result *result)
{
	struct report_options how = {
		.color = output_wants_color(options, out),
		.verbose = options->verbose,
		.quiet = options->quiet,
		.strict = options->strict,
		.lang = options->lang,
	};
	struct err err;
	int rc = 0;

	if (output_rewind(out) < 0)
		rc = err_errno(&err, errno, "cannot write the report");
	if (rc == 0)
		rc = report_write(reporter, out, result, &how, &err);
	if (rc < 0)
		complain(options->output, err.msg);
	return rc;
}

/* ---- the run ---- */

/* Who asks for some commits does not ask for files. */
static bool is_history_only(const struct options *options)
{
	return options->history_only || options->range || options->since_commit || options->branch;
}

/* A PATH that is named beats git's environment: git(1), GIT_DIR. */
static const char *from_environment(const struct options *options, const char *name)
{
	const char *value = options->arg_count ? NULL : getenv(name);

	return value && *value ? value : NULL;
}

static int run_path(const char *path, const struct options *options, unsigned jobs,
		    struct scan *scan, struct err *err)
{
	struct source_options how = {
		.jobs = jobs,
		.ignored = options->ignored,
		.history = !options->no_history,
		.no_files = is_history_only(options),
		.git_dir = from_environment(options, "GIT_DIR"),
		.work_tree = from_environment(options, "GIT_WORK_TREE"),
	};

	if (!is_stdin(path))
		return source_files(path, &how, scan_sink(scan), err);
	if (isatty(STDIN_FILENO))
		fputs("hfscan: reading standard input; Ctrl-D ends it\n", stderr);
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

static int run_sources(const struct options *options, unsigned jobs, struct scan *scan)
{
	static char here[] = ".";
	char *default_paths[] = {here};
	bool use_default = options->arg_count == 0 && !options->files_from;
	char **paths = use_default ? default_paths : options->args;
	size_t count = use_default ? 1 : options->arg_count;
	struct source_options how = {.jobs = jobs, .ignored = options->ignored};
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
	return rc;
}

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
static unsigned count_outer(const struct scan *scan)
{
	struct repository repository;
	unsigned count = 0;

	for (unsigned number = 1; scan_repository(scan, number, &repository); number++)
		count += !repository.inner;
	return count;
}

static int run_history(const struct repository *repository, unsigned number,
		       const struct history_options *how, struct scan *scan, struct err *err)
{
	struct history history;
	int rc = history_open(&history, repository, number, how, scan_sink(scan), err);

	if (rc == 0) {
		history_scan(&history);
		scan_count_history(scan);
		trace(&history);
	}
	history_dispose(&history);
	return rc;
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

/* One after another, each with all threads. A history may bring in more
 * repositories: those of submodules. */
static int run_histories(const struct options *options, unsigned jobs, struct scan *scan)
{
	const struct sink *sink = scan_sink(scan);
	struct history_options how = {
		.jobs = jobs,
		.max_bytes = options->max_memory,
		.all_names = options->all_names,
		.check_connectivity = options->check_connectivity,
	};
	bool single = count_outer(scan) <= 1;
	struct repository repository;
	unsigned number = 1;
	struct err err;
	char *from;
	int rc = 0;

	choose_commits(options, &how, &from);
	for (; rc == 0 && scan_repository(scan, number, &repository); number++) {
		if (how.to && repository.inner)
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
	free(from);
	return rc;
}

/* ---- how it ended ---- */

static void tell_incomplete(const struct result *result)
{
	uint64_t told = 0;
	char rest[64];

	for (size_t i = 0; i < result->diag_count && told < DIAGS_TOLD; i++) {
		if (result->diags[i].is_note)
			continue;
		complain(result->diags[i].path, result->diags[i].what);
		told++;
	}
	if (told == result->summary.incomplete)
		return;
	snprintf(rest, sizeof(rest), "and %llu more that could not be scanned",
		 (unsigned long long)(result->summary.incomplete - told));
	complain(NULL, rest);
}

static int exit_code(const struct options *options, const struct summary *summary)
{
	if (summary->by_verdict[VERDICT_LEAK] > 0)
		return EXIT_LEAK;
	if (options->strict && summary->by_verdict[VERDICT_WARNING] > 0)
		return EXIT_LEAK;
	if (summary->incomplete > 0 && !options->allow_incomplete)
		return EXIT_INCOMPLETE;
	return EXIT_CLEAN;
}

static struct progress_sample sample(void *payload)
{
	struct scan_progress p = scan_progress(payload);

	return (struct progress_sample){p.files, p.bytes, p.findings};
}

static int scan_and_report(const struct options *options, const struct rules *rules,
			   const struct reporter *reporter, FILE *out)
{
	unsigned jobs = options->jobs ? options->jobs : os_cores();
	struct scan_options how = {
		.jobs = jobs,
		.show_secrets = options->show_secrets,
		.no_marks = options->no_inline_allow,
		.own_rules = options->rules_count > 0,
	};
	struct progress *progress = NULL;
	const struct result *result;
	struct scan *scan;
	struct err err;
	int code = EXIT_USAGE;
	int rc;

	if (scan_new(&scan, rules, &how, &err) < 0) {
		complain(NULL, err.msg);
		return EXIT_USAGE;
	}
	if (!options->quiet)
		progress_start(&progress, sample, scan);
	repo_library_init();
	rc = run_sources(options, jobs, scan);
	if (rc == 0 && !options->no_history)
		rc = run_histories(options, jobs, scan);
	repo_library_shutdown();
	progress_stop(progress);
	if (rc == 0) {
		result = scan_finish(scan);
		if (write_report(options, reporter, out, result) == 0)
			code = exit_code(options, &result->summary);
		tell_incomplete(result);
	}
	scan_free(scan);
	return code;
}

int cmd_scan(const struct options *options)
{
	const struct reporter *reporter = report_find(options->format);
	struct rules *rules;
	FILE *out;
	int code = EXIT_USAGE;

	if (check_paths(options) < 0)
		return EXIT_USAGE;
	rules = cmd_load_rules(options);
	if (!rules)
		return EXIT_USAGE;
	out = output_open(options);
	if (out) {
		code = scan_and_report(options, rules, reporter, out);
		if (output_close(out) < 0 && code != EXIT_USAGE) {
			complain(options->output, strerror(errno));
			code = EXIT_USAGE;
		}
	}
	rules_free(rules);
	return code;
}
