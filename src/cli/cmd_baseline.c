/* hfscan baseline create | update | prune | show [PATH] */
#include "cli/cmd.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/quote.h"
#include "base/small_file.h"
#include "base/tr.h"
#include "cli/run.h"
#include "judge/baseline.h"
#include "report/path.h"
#include "report/redact.h"
#include "source/repo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct job {
	const struct options *options;
	char *top;  /* of what is scanned */
	char *file; /* the baseline */
	struct baseline *baseline;
	char today[BASELINE_DATE_SIZE];
};

/* ---- words ---- */

static const char expired[] = ": expired";
static const char *const headings[] = {"FINGERPRINT", "EXPIRES", "RULE", "PATH", "REASON"};

static void say_counts(const struct job *job, size_t added, size_t taken_out)
{
	if (job->options->quiet)
		return;
	if (added)
		fputs(tr_in(job->options->lang,
			    "What is listed is not reported any more, and no safer for that: a "
			    "token "
			    "that still works\nhas to be deleted, at huggingface.co → Settings → "
			    "Access Tokens.\n"),
		      stdout);
	print_safe(job->file);
	printf(tr_in(job->options->lang, ": %zu added, %zu taken out, %zu in all\n"), added,
	       taken_out, baseline_count(job->baseline));
}

/* ---- the file ---- */

static int read_file(struct job *job)
{
	struct buf text;
	struct err err;
	int rc;

	buf_init(&text, SETTINGS_MAX);
	rc = small_file_read(&text, AT_FDCWD, job->file, job->options->baseline != NULL, &err);
	if (rc == HF_ENOTFOUND) {
		complain(job->file, "there is none: `hfscan baseline create` makes one");
	} else if (rc < 0) {
		complain(job->file, err.msg);
	} else {
		rc = baseline_read(&job->baseline, buf_slice(&text), job->file, job->today, &err);
		if (rc < 0)
			complain(NULL, err.msg);
	}
	buf_dispose(&text);
	return rc;
}

static int write_all(int fd, const struct buf *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(fd, text->ptr + done, text->len - done);

		if (n < 0 && errno != EINTR)
			return -1;
		done += n > 0 ? (size_t)n : 0;
	}
	return fsync(fd);
}

/* Who may read the old one may read the new one. */
static mode_t mode_for(const char *file)
{
	mode_t mask = umask(0);
	struct stat st;

	umask(mask);
	return stat(file, &st) == 0 ? st.st_mode & 0777 : 0666 & ~mask;
}

/* Where no hard links are, a look has to do. */
static int put_in_free_place(const char *temporary, const char *file)
{
	struct stat st;

	if (link(temporary, file) == 0)
		return unlink(temporary);
	if (errno != EEXIST && lstat(file, &st) < 0)
		return rename(temporary, file);
	errno = EEXIST;
	return -1;
}

/* As a whole or not at all; a new one takes no place that is taken. */
static int put_file(const char *file, const struct buf *text, bool is_new)
{
	struct buf temporary;
	int fd, rc = -1, errnum = 0;

	buf_init(&temporary, BUF_MAX_PATH);
	buf_appendf(&temporary, "%s.XXXXXX", file);
	fd = mkstemp(temporary.ptr);
	if (fd >= 0 && fchmod(fd, mode_for(file)) == 0 && write_all(fd, text) == 0)
		rc = is_new ? put_in_free_place(temporary.ptr, file) : rename(temporary.ptr, file);
	if (rc < 0)
		errnum = errno;
	if (fd >= 0) {
		close(fd);
		if (rc < 0)
			unlink(temporary.ptr);
	}
	buf_dispose(&temporary);
	errno = errnum;
	return rc;
}

static int write_file(const struct job *job, bool is_new)
{
	/* One that the user names may be a link to where it really is. */
	char *real = is_new ? NULL : realpath(job->file, NULL);
	struct buf text;
	int rc;

	buf_init(&text, BUF_MAX_REPORT);
	baseline_write(&text, job->baseline);
	rc = put_file(real ? real : job->file, &text, is_new);
	if (rc < 0)
		complain(job->file, err_reason(errno));
	buf_dispose(&text);
	free(real);
	return rc;
}

/* ---- the scan ---- */

/* Texts go into a file that others read. */
static char *masked(struct slice text)
{
	struct buf safe, whole;

	buf_init(&safe, BUF_MAX_PATH);
	buf_init(&whole, BUF_MAX_PATH);
	redact_text(&safe, text);
	quote_utf8(&whole, buf_slice(&safe));
	buf_dispose(&safe);
	return buf_detach(&whole);
}

static void add(struct job *job, const struct finding *f)
{
	char *path = f->path_len ? masked(slice_of(f->path, f->path_len)) : NULL;
	char *reason = job->options->reason ? masked(slice_str(job->options->reason)) : NULL;

	baseline_add(job->baseline, &(struct allowance){.fingerprint = f->secret.fingerprint,
							.rule = f->rule->id,
							.path = path,
							.reason = reason,
							.added = job->today,
							.expires = job->options->expires});
	free(path);
	free(reason);
}

/* What fails a run and is not listed yet. */
static size_t add_leaks(struct job *job, const struct result *result)
{
	size_t before = baseline_count(job->baseline);

	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *f = &result->findings[i];
		bool fails = f->verdict == VERDICT_LEAK ||
			     (job->options->strict && f->verdict == VERDICT_WARNING);

		if (fails && baseline_find(job->baseline, f->secret.fingerprint) == BASELINE_NONE)
			add(job, f);
	}
	return baseline_count(job->baseline) - before;
}

static int create(struct job *job, const struct run *run)
{
	job->baseline = baseline_new(job->today);
	add_leaks(job, run->result);
	if (write_file(job, true) < 0)
		return EXIT_USAGE;
	say_counts(job, baseline_count(job->baseline), 0);
	run_tell_incomplete(run);
	return run->result->summary.incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

static int update(struct job *job, const struct run *run)
{
	size_t added = add_leaks(job, run->result);

	if (added && write_file(job, false) < 0)
		return EXIT_USAGE;
	say_counts(job, added, 0);
	run_tell_incomplete(run);
	return run->result->summary.incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

/* Whatever the verdict: a placeholder of today's rules was met, too. */
static void drop_unmet(struct job *job, const struct result *result)
{
	bool *met = xcalloc(baseline_count(job->baseline) + 1, sizeof(*met));

	for (size_t i = 0; i < result->finding_count; i++) {
		size_t at = baseline_find(job->baseline, result->findings[i].secret.fingerprint);

		if (at != BASELINE_NONE)
			met[at] = true;
	}
	baseline_retain(job->baseline, met);
	free(met);
}

static int prune(struct job *job, const struct run *run)
{
	size_t before = baseline_count(job->baseline);

	if (run->result->summary.incomplete) {
		run_tell_incomplete(run);
		complain(job->file,
			 "left as it is: what could not be scanned may hold what it lists");
		return EXIT_INCOMPLETE;
	}
	drop_unmet(job, run->result);
	if (baseline_count(job->baseline) != before && write_file(job, false) < 0)
		return EXIT_USAGE;
	say_counts(job, 0, before - baseline_count(job->baseline));
	return EXIT_CLEAN;
}

static int scan(struct job *job, int (*then)(struct job *job, const struct run *run))
{
	struct options own = *job->options;
	char *paths[] = {job->top};
	int code = EXIT_USAGE;
	struct run run;

	own.args = paths;
	own.arg_count = 1;
	if (run_open(&run, &own) == 0 && run_scan(&run, scan_named, NULL) == 0)
		code = then(job, &run);
	return run_close(&run, code);
}

/* ---- show ---- */

/* In characters, as print_safe() shows it. */
static size_t width_of(const char *text)
{
	struct buf masked, safe;
	size_t width = 0;

	buf_init(&masked, BUF_MAX_FILE);
	buf_init(&safe, BUF_MAX_FILE);
	redact_text(&masked, slice_str(text));
	quote_terminal(&safe, buf_slice(&masked));
	for (size_t i = 0; i < safe.len; i++)
		width += ((unsigned char)safe.ptr[i] & 0xc0) != 0x80;
	buf_dispose(&safe);
	buf_dispose(&masked);
	return width;
}

/* width: 0: nothing comes behind it. */
static void put_cell(const char *text, size_t width)
{
	print_safe(text);
	for (size_t i = width ? width_of(text) : 2; i < width + 2; i++)
		putchar(' ');
}

/* The columns whose width can be known, the last one apart. */
enum { COLUMN_FINGERPRINT, COLUMN_EXPIRES, COLUMN_RULE, COLUMN_PATH, COLUMN_REASON, COLUMNS };

struct row {
	char expires[64];
	const char *cells[COLUMNS];
};

static void fill_row(struct row *row, const struct job *job, size_t i)
{
	struct allowance a = baseline_at(job->baseline, i);

	snprintf(row->expires, sizeof(row->expires), "%s%s", a.expires ? a.expires : "-",
		 a.expired ? tr_in(job->options->lang, expired) : "");
	row->cells[COLUMN_FINGERPRINT] = a.fingerprint;
	row->cells[COLUMN_EXPIRES] = row->expires;
	row->cells[COLUMN_RULE] = a.rule ? a.rule : "-";
	row->cells[COLUMN_PATH] = a.path ? a.path : "-";
	row->cells[COLUMN_REASON] = a.reason ? a.reason : "-";
}

static int show(struct job *job)
{
	size_t widths[COLUMNS];
	struct row row;

	for (size_t c = 0; c < COLUMNS; c++)
		widths[c] = width_of(tr_in(job->options->lang, headings[c]));
	for (size_t i = 0; i < baseline_count(job->baseline); i++) {
		fill_row(&row, job, i);
		for (size_t c = 0; c < COLUMNS; c++)
			if (width_of(row.cells[c]) > widths[c])
				widths[c] = width_of(row.cells[c]);
	}
	for (size_t c = 0; c < COLUMNS; c++)
		put_cell(tr_in(job->options->lang, headings[c]), c + 1 < COLUMNS ? widths[c] : 0);
	putchar('\n');
	for (size_t i = 0; i < baseline_count(job->baseline); i++) {
		fill_row(&row, job, i);
		for (size_t c = 0; c < COLUMNS; c++)
			put_cell(row.cells[c], c + 1 < COLUMNS ? widths[c] : 0);
		putchar('\n');
	}
	return EXIT_CLEAN;
}

/* ---- what is asked for ---- */

static const struct {
	const char *name;
	int (*then)(struct job *job, const struct run *run); /* NULL: no scan */
	bool adds;
} kinds[] = {
	{"create", create, true},
	{"update", update, true},
	{"prune", prune, false},
	{"show", NULL, false},
};

#define KIND_COUNT (sizeof(kinds) / sizeof(*kinds))

/* All of the work tree, so that what is not met is not there. */
static int find_top(struct job *job, const char *path)
{
	char *top = NULL;
	bool bare = false;
	struct err err;
	struct stat st;
	int rc;

	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
		complain(path, "is a file: name the repository or folder whose secrets may stay; "
			       "one line alone is allowed by hfscan:allow on it");
		return HF_EUSAGE;
	}
	repo_library_init();
	rc = repo_discover(path, &top, &bare, &err);
	repo_library_shutdown();
	if (rc < 0) {
		complain(path, err.msg);
		return rc;
	}
	if (bare && !job->options->baseline) {
		complain(path, "a bare repository has no place for a baseline: name one with "
			       "--baseline");
		free(top);
		return HF_EUSAGE;
	}
	job->top = top ? top : xstrdup(path);
	return 0;
}

static void name_file(struct job *job)
{
	char *here = job->options->baseline ? NULL : getcwd(NULL, 0);
	struct buf path;

	if (job->options->baseline) {
		job->file = xstrdup(job->options->baseline);
		return;
	}
	buf_init(&path, BUF_MAX_PATH);
	path_show(&path, here ? here : "", job->top, SLICE(SETTINGS_BASELINE));
	job->file = buf_detach(&path);
	free(here);
}

/* Before a scan that may take long. */
static int check(struct job *job, size_t kind)
{
	const struct options *o = job->options;
	struct stat st;

	if ((o->reason || o->expires) && !kinds[kind].adds) {
		complain(o->reason ? "--reason" : "--expires", "goes with create and update only");
		return HF_EUSAGE;
	}
	if (kinds[kind].then == prune &&
	    (o->disabled_count || o->no_default_rules || o->no_repo_config)) {
		complain("prune", "needs all rules: --disable-rule, --no-default-rules and "
				  "--no-repo-config do not go with it");
		return HF_EUSAGE;
	}
	if (kinds[kind].then != create)
		return read_file(job);
	if (lstat(job->file, &st) == 0) {
		complain(job->file, "is there already: `hfscan baseline update` adds to it");
		return HF_EUSAGE;
	}
	return 0;
}

static int run_kind(const struct options *options, size_t kind)
{
	struct job job = {.options = options};
	int code = EXIT_USAGE;

	baseline_today(job.today);
	if (find_top(&job, options->arg_count > 1 ? options->args[1] : ".") == 0) {
		name_file(&job);
		if (check(&job, kind) == 0)
			code = kinds[kind].then ? scan(&job, kinds[kind].then) : show(&job);
	}
	baseline_free(job.baseline);
	free(job.file);
	free(job.top);
	return code;
}

int cmd_baseline(const struct options *options)
{
	const char *what = options->arg_count ? options->args[0] : "show";

	for (size_t i = 0; options->arg_count < 3 && i < KIND_COUNT; i++)
		if (strcmp(kinds[i].name, what) == 0)
			return run_kind(options, i);
	complain(options->arg_count > 2 ? options->args[2] : what,
		 "expected `baseline create|update|prune|show [PATH]`");
	return EXIT_USAGE;
}
