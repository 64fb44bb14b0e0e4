/*
 * hfscan ci [PATH]: a job of CI. Judges what the change that started the job brought in,
 * and shows it as the CI system shows things.
 */
#include "cli/cmd.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "cli/ci_range.h"
#include "cli/run.h"
#include "report/report.h"
#include "source/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct job {
	struct options options;    /* as a CI job means them */
	const struct forge *forge; /* NULL: none that is known */
};

/* ---- what is judged ---- */

static bool names_commits(const struct options *options)
{
	return options->range || options->since_commit || options->branch || options->all;
}

/* On standard error, and in every report. */
static void say(struct run *run, const char *said, bool is_note)
{
	const struct sink *sink = scan_sink(run->scan);

	sink->diag(sink->payload, 0, NULL, SLICE(""), is_note, said);
	if (is_note && !run->options->quiet)
		complain(NULL, said);
}

static void say_blind(struct run *run, const struct forge *forge)
{
	struct buf what;

	buf_init(&what, BUF_MAX_LINE);
	buf_appendf(&what,
		    tr("the commits of the change are not here: check them out, with all of their "
		       "history (%s)"),
		    tr(forge->deepen));
	say(run, what.ptr, false);
	buf_dispose(&what);
}

/* The name of a branch or tag is published with it. */
static void scan_ref(struct run *run, const struct change *change,
		     const struct repository *repository)
{
	if (change->ref)
		source_ref_name(repository, change->ref, EXPOSURE_PUSHED, scan_sink(run->scan));
}

static int scan_range(struct run *run, const struct forge *forge, const struct ci_range *range)
{
	struct history_options how = {
		.tips = range->is_whole ? NULL : &range->tips,
		.had = range->is_whole ? NULL : &range->had,
		.deepen = forge->deepen,
		.all_pushed = true,
	};

	say(run, range->said.ptr, true);
	if (range->is_blind)
		say_blind(run, forge);
	return scan_histories(run, &how);
}

static int scan_change(struct run *run, const struct forge *forge,
		       const struct repository *repository)
{
	struct revisions *revisions;
	struct change change = {0};
	struct ci_range range;
	struct err err;
	int rc = revisions_open(&revisions, repository->git_dir, &err);

	if (rc < 0) {
		complain(repository->root, err.msg);
	} else {
		forge->read(&change);
		ci_range_find(&range, &change, revisions);
		scan_ref(run, &change, repository);
		rc = scan_range(run, forge, &range);
		ci_range_dispose(&range);
		change_dispose(&change);
	}
	revisions_free(revisions);
	return rc;
}

static int scan_job(struct run *run, const void *payload)
{
	const struct job *job = payload;
	struct history_options how = {.all_pushed = job->forge != NULL};
	struct repository repository;
	int rc = scan_sources(run);

	if (rc < 0)
		return rc;
	if (job->forge)
		how.deepen = job->forge->deepen;
	if (names_commits(run->options))
		return scan_histories(run, &how);
	if (job->forge && scan_repository(run->scan, 1, &repository))
		return scan_change(run, job->forge, &repository);
	say(run, "judged: the whole history, since no CI system is known that runs this job", true);
	return scan_histories(run, &how);
}

/* ---- the summary ---- */

/* GitHub drops a summary that is larger. */
#define SUMMARY_MAX ((off_t)1 << 20)

static int append(int fd, const char *text, size_t len)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if (S_ISREG(st.st_mode) && st.st_size + (off_t)len >= SUMMARY_MAX) {
		errno = EFBIG;
		return -1;
	}
	while (len > 0) {
		ssize_t written = write(fd, text, len);

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0) {
			text += written;
			len -= (size_t)written;
		}
	}
	return 0;
}

static int write_page(FILE *out, const struct run *run, struct err *err)
{
	struct report_options how = {
		.verbose = run->options->verbose,
		.strict = run->options->strict,
		.exit_code = run_exit_code(run),
		.lang = run_lang(run),
	};

	return report_write(report_find("markdown"), out, run->result, &how, err);
}

/* A summary that cannot be written is worth a line, and changes nothing: not every
 * runner has one, and the verdict is the job's. */
static void write_summary(const struct run *run, const struct forge *forge)
{
	const char *path = forge && forge->summary ? change_variable(forge->summary) : NULL;
	char *text = NULL;
	size_t len = 0;
	struct err err = {0};
	FILE *out;
	int fd, rc;

	if (!path || !(out = open_memstream(&text, &len)))
		return;
	rc = write_page(out, run, &err);
	if (fclose(out) != 0 || rc < 0) {
		complain(forge->summary, "the summary could not be made");
		free(text);
		return;
	}
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
	if (fd < 0 || append(fd, text, len) < 0)
		complain(forge->summary, err_reason(errno));
	if (fd >= 0)
		close(fd);
	free(text);
}

/* ---- the job ---- */

static int run_job(const struct job *job)
{
	int code = EXIT_USAGE;
	struct run run;

	if (run_open(&run, &job->options) == 0 && run_scan(&run, scan_job, job) == 0) {
		code = run_report(&run);
		write_summary(&run, job->forge);
	}
	return run_close(&run, code);
}

int cmd_ci(const struct options *options)
{
	struct job job = {.options = *options, .forge = forge_here()};

	if (options->arg_count > 1 ||
	    (options->arg_count == 1 && strcmp(options->args[0], "-") == 0)) {
		complain("ci", "expected one PATH, that of a repository");
		return EXIT_USAGE;
	}
	job.options.history_only = true;
	if (job.forge && !options->format_given && !options->output)
		job.options.format = job.forge->format;
	return run_job(&job);
}
