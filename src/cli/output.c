#include "cli/output.h"

#include "base/alloc.h"
#include "cli/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool env_is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value && strcmp(value, "0") != 0 && strcmp(value, "false") != 0;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* What a CI job prints is kept and often public, however it is named here. */
static bool is_ci_log(FILE *out)
{
	struct stat st, stream;

	if (!env_is_set("CI"))
		return false;
	if (out == stdout || fstat(fileno(out), &st) < 0 || !S_ISREG(st.st_mode))
		return true;
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (fstat(fd, &stream) == 0 && same_file(&st, &stream))
			return true;
	return false;
}

/* `hfscan -o lab.py lab.py` would end the homework. */
static bool is_scanned(const struct options *options, const char *file)
{
	struct stat st, path;

	if (stat(file, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	for (size_t i = 0; i < options->arg_count; i++)
		if (stat(options->args[i], &path) == 0 && same_file(&st, &path))
			return true;
	if (options->repos_from && stat(options->repos_from, &path) == 0 && same_file(&st, &path))
		return true;
	return options->files_from && stat(options->files_from, &path) == 0 &&
	       same_file(&st, &path);
}

static FILE *open_file(const struct options *options, const char *file)
{
	mode_t mode = options->show_secrets ? 0600 : 0666;
	FILE *out = NULL;
	int fd;

	if (is_scanned(options, file)) {
		complain(file, "is to be read; name another file for the report");
		return NULL;
	}
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, mode);
	/* The mode above is for a new file only; a device may keep its own. */
	if (fd >= 0 && options->show_secrets)
		fchmod(fd, 0600);
	if (fd >= 0)
		out = fdopen(fd, "w");
	if (!out) {
		complain(file, err_reason(errno));
		if (fd >= 0)
			close(fd);
	}
	return out;
}

static bool is_stdout(const char *file)
{
	return !file || strcmp(file, "-") == 0;
}

/* Two reports in one file would be none. A device (/dev/null) takes any number. */
static bool is_taken(const struct outputs *outputs, FILE *out)
{
	struct stat st, other;

	if (fstat(fileno(out), &st) < 0 || !(S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode)))
		return false;
	for (size_t i = 0; i < outputs->count; i++)
		if (fstat(fileno(outputs->list[i].out), &other) == 0 && same_file(&st, &other))
			return true;
	return false;
}

static int open_one(struct outputs *outputs, const struct options *options,
		    const struct reporter *reporter, const char *file)
{
	FILE *out = is_stdout(file) ? stdout : open_file(options, file);
	const char *objection = NULL;

	if (!out)
		return HF_EIO;
	if (is_taken(outputs, out))
		objection = "two reports cannot go to one place; name another file";
	else if (options->show_secrets && is_ci_log(out))
		objection = "--show-secrets is refused where the report goes to a CI log";
	if (!objection) {
		outputs->list[outputs->count++] = (struct output){
			.reporter = reporter,
			.file = is_stdout(file) ? NULL : file,
			.out = out,
		};
		return 0;
	}
	complain(is_stdout(file) ? NULL : file, objection);
	if (out != stdout)
		fclose(out);
	return HF_EUSAGE;
}

/* What --report puts on standard output stands there instead of what would go there
 * without being asked for. */
static bool wants_plain(const struct options *options)
{
	if (options->output || options->format_given)
		return true;
	for (size_t i = 0; i < options->report_count; i++)
		if (is_stdout(options->reports[i].file))
			return false;
	return true;
}

int outputs_open(struct outputs *outputs, const struct options *options)
{
	int rc = 0;

	*outputs = (struct outputs){
		.list = xcalloc(options->report_count + 1, sizeof(*outputs->list)),
	};
	if (wants_plain(options))
		rc = open_one(outputs, options, report_find(options->format), options->output);
	for (size_t i = 0; rc == 0 && i < options->report_count; i++)
		rc = open_one(outputs, options, options->reports[i].reporter,
			      options->reports[i].file);
	return rc;
}

/* What was there is kept until there is something to put in its place. */
static int empty_file(FILE *out)
{
	struct stat st;

	if (out == stdout || fstat(fileno(out), &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	return ftruncate(fileno(out), 0);
}

static int write_one(struct output *output, const struct options *options, enum lang lang,
		     int exit_code, const struct result *result)
{
	struct report_options how = {
		.color = output_wants_color(options, output->out),
		.verbose = options->verbose,
		.quiet = options->quiet,
		.strict = options->strict,
		.allow_incomplete = options->allow_incomplete,
		.fail_on_live = options->fail_on_live,
		.exit_code = exit_code,
		.lang = lang,
	};
	struct err err;
	int rc = 0;

	if (empty_file(output->out) < 0)
		rc = err_errno(&err, errno, "cannot write the report");
	if (rc == 0)
		rc = report_write(output->reporter, output->out, result, &how, &err);
	if (rc < 0)
		complain(output->file, err.msg);
	output->failed = rc < 0;
	return rc;
}

int outputs_write(struct outputs *outputs, const struct options *options, enum lang lang,
		  int exit_code, const struct result *result)
{
	int rc = 0;

	for (size_t i = 0; i < outputs->count; i++)
		if (write_one(&outputs->list[i], options, lang, exit_code, result) < 0)
			rc = HF_EIO;
	return rc;
}

int outputs_close(struct outputs *outputs)
{
	int rc = 0;

	for (size_t i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];

		if (output->out == stdout || fclose(output->out) == 0 || output->failed)
			continue;
		complain(output->file, err_reason(errno));
		rc = HF_EIO;
	}
	free(outputs->list);
	*outputs = (struct outputs){0};
	return rc;
}

bool output_wants_color(const struct options *options, FILE *out)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	/* Whatever NO_COLOR is set to, it is meant (no-color.org). */
	return isatty(fileno(out)) && !(no_color && *no_color) &&
	       !(term && strcmp(term, "dumb") == 0);
}
