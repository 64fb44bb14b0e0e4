#include "cli/secrets.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "cli/cmd.h"
#include "result.h"
#include "source/repo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- the file of replacements ---- */

/* The folder that the file would be in, as it really is; NULL with errno. Caller frees. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = !slash          ? xstrdup(".")
		       : slash == path ? xstrdup("/")
				       : xmemdup0(path, (size_t)(slash - path));
	char *real = realpath(folder, NULL);

	free(folder);
	return real;
}

/* Where nobody commits it. What looks like a broken repository is one, too. */
static int check_folder(const char *path, struct err *err)
{
	char *folder = folder_of(path), *top = NULL;
	bool bare = false;
	int rc = 0;

	if (!folder)
		return err_errno(err, errno, "cannot be made");
	repo_library_init();
	if (repo_discover(folder, &top, &bare, err) < 0 || top || bare)
		rc = err_set(
			err, HF_EUSAGE,
			"it will hold tokens in clear, so it may not lie in a repository: name "
			"a file elsewhere, such as in your home folder");
	repo_library_shutdown();
	free(top);
	free(folder);
	return rc;
}

static int open_file(struct secrets *secrets, const char *path)
{
	struct err err;
	int rc = check_folder(path, &err);

	if (rc == 0)
		rc = replacements_open(&secrets->file, path, &err);
	if (rc < 0)
		complain(path, err.msg);
	return rc;
}

static int write_file(struct secrets *secrets, const struct result *result, const char *path)
{
	struct replacements *file = &secrets->file;
	struct err err;
	char line[360];

	if (replacements_write(file, result, &err) < 0) {
		complain(path, err.msg);
		return HF_EIO;
	}
	if (!file->written) {
		complain(path, file->left ? "not written: no line of it can hold what leaked"
					  : "not written: nothing leaked in a history");
		return 0;
	}
	snprintf(line, sizeof(line),
		 tr("%llu secrets written in clear%s; `git filter-repo --replace-text FILE` in a "
		    "fresh clone takes them out of the history, then delete the file"),
		 (unsigned long long)file->written,
		 file->left ? tr(", those left out that no line can hold") : "");
	complain(path, line);
	return 0;
}

/* ---- --only-live ---- */

static bool is_no_longer(const struct finding *f)
{
	return f->verdict == VERDICT_LEAK && f->live && f->live->status != LIVE_LIVE;
}

/* The others are counted, not told of. */
static void keep_live(struct scan *scan)
{
	size_t dropped = scan_leave_out(scan, is_no_longer);
	char line[160];

	if (!dropped)
		return;
	snprintf(line, sizeof(line),
		 tr("--only-live: %zu places of dead or unknown tokens left out"), dropped);
	complain(NULL, line);
}

/* ---- the way of a scan ---- */

int secrets_open(struct secrets *secrets, const struct options *options)
{
	int rc = 0;

	*secrets = (struct secrets){.file = {.fd = -1}};
	if (options->verify)
		rc = ask_open(&secrets->verifier, options);
	if (rc == 0 && options->write_replacements)
		rc = open_file(secrets, options->write_replacements);
	return rc;
}

int secrets_use(struct secrets *secrets, struct run *run)
{
	const struct options *options = run->options;
	int rc = 0;

	if (secrets->verifier)
		rc = ask_result(&secrets->ask, secrets->verifier, run->result);
	if (rc == 0 && secrets->file.fd >= 0)
		rc = write_file(secrets, run->result, options->write_replacements);
	if (!options->show_secrets)
		result_forget_clear(run->result);
	if (rc == 0 && options->only_live)
		keep_live(run->scan);
	return rc;
}

void secrets_close(struct secrets *secrets, const struct options *options)
{
	struct err err;

	if (secrets->file.fd >= 0) {
		if (replacements_close(&secrets->file, &err) < 0)
			complain(options->write_replacements, err.msg);
		if (!secrets->file.written) /* nothing came of it */
			unlink(options->write_replacements);
	}
	ask_dispose(&secrets->ask);
	verify_free(secrets->verifier);
}
