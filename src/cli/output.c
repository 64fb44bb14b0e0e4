#include "cli/output.h"

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
static bool is_scanned(const struct options *options)
{
	struct stat st, path;

	if (stat(options->output, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	for (size_t i = 0; i < options->arg_count; i++)
		if (stat(options->args[i], &path) == 0 && same_file(&st, &path))
			return true;
	return options->files_from && stat(options->files_from, &path) == 0 &&
	       same_file(&st, &path);
}

static FILE *open_file(const struct options *options)
{
	mode_t mode = options->show_secrets ? 0600 : 0666;
	FILE *out = NULL;
	int fd;

	if (is_scanned(options)) {
		complain(options->output, "is to be read; name another file for the report");
		return NULL;
	}
	fd = open(options->output, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, mode);
	/* The mode above is for a new file only; a device may keep its own. */
	if (fd >= 0 && options->show_secrets)
		fchmod(fd, 0600);
	if (fd >= 0)
		out = fdopen(fd, "w");
	if (!out) {
		complain(options->output, strerror(errno));
		if (fd >= 0)
			close(fd);
	}
	return out;
}

FILE *output_open(const struct options *options)
{
	bool to_stdout = !options->output || strcmp(options->output, "-") == 0;
	FILE *out = to_stdout ? stdout : open_file(options);

	if (out && options->show_secrets && is_ci_log(out)) {
		complain(NULL, "--show-secrets is refused where the report goes to a CI log");
		output_close(out);
		return NULL;
	}
	return out;
}

int output_rewind(FILE *out)
{
	struct stat st;

	if (out == stdout || fstat(fileno(out), &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	return ftruncate(fileno(out), 0);
}

int output_close(FILE *out)
{
	return out != stdout && fclose(out) != 0 ? -1 : 0;
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
