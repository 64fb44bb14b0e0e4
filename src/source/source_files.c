/* From a PATH as the user wrote it to what it stands for. */
#include "source/source.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "source/named.h"
#include "source/repo.h"
#include "source/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void tell(const struct sink *sink, const char *path, bool is_note, const char *what)
{
	sink->diag(sink->payload, 0, NULL, slice_str(path), is_note, what);
}

/* All of it is history. */
static int audit_git_dir(const char *git_dir, const char *path,
			 const struct source_options *options, const struct sink *sink)
{
	struct repository which = {.root = path, .prefix = SLICE(""), .git_dir = git_dir};
	char *common_dir = NULL;
	struct err err;

	sink->root(sink->payload, path);
	if (!options->history)
		tell(sink, path, false, "is nothing but history, which --no-history leaves out");
	if (repo_identify(git_dir, &common_dir, &which.bare, &err) < 0) {
		tell(sink, path, false, err.msg);
		return 0;
	}
	which.common_dir = common_dir;
	which.separate = !which.bare;
	sink->repository(sink->payload, 0, &which);
	free(common_dir);
	return 0;
}

static bool holds_git(const char *folder)
{
	struct buf git;
	bool holds;

	buf_init(&git, BUF_MAX_PATH);
	buf_appendf(&git, "%s/.git", folder);
	holds = access(git.ptr, F_OK) == 0;
	buf_dispose(&git);
	return holds;
}

/* Inside a work tree paths count from its top. */
static int audit_folder(const char *path, const struct source_options *options,
			const struct sink *sink, struct err *err)
{
	char *top = NULL, *real = realpath(path, NULL);
	bool bare = false;
	int rc;

	if (!real)
		return err_errno(err, errno, "cannot open");
	rc = repo_discover(real, &top, &bare, err);
	if (rc < 0 && !holds_git(real)) /* else the walk tells it */
		tell(sink, path, false, err->msg);
	if (bare) {
		rc = audit_git_dir(top, path, options, sink);
	} else if (top && strlen(real) > strlen(top)) {
		sink->root(sink->payload, top);
		rc = walk(top, top, real + strlen(top), options, sink, err);
	} else {
		sink->root(sink->payload, path);
		rc = walk(path, path, "", options, sink, err);
	}
	free(top);
	free(real);
	return rc;
}

/* Where git's environment says what belongs together, nothing has to be found. */
static int audit_named_tree(const char *path, const struct source_options *options,
			    const struct sink *sink, struct err *err)
{
	char *top = realpath(options->work_tree ? options->work_tree : path, NULL);
	char *real = realpath(path, NULL);
	const char *start = "";
	int rc;

	if (!top || !real) {
		rc = err_errno(err, errno, "GIT_WORK_TREE cannot be opened");
	} else {
		size_t len = strlen(top);

		if (strncmp(real, top, len) == 0 && real[len] == '/')
			start = real + len + 1;
		sink->root(sink->payload, top);
		rc = walk(top, top, start, options, sink, err);
	}
	free(real);
	free(top);
	return rc;
}

static int audit_file(const char *path, const struct source_options *options,
		      const struct sink *sink)
{
	struct named named;

	named_init(&named, sink, 0, options);
	named.by_user = true;
	named_visit(&named, path);
	sink->root(sink->payload, named_root(&named));
	named_dispose(&named);
	return 0;
}

int source_files(const char *path, const struct source_options *options, const struct sink *sink,
		 struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0 && errno == ENOENT)
		return err_set(err, HF_ENOTFOUND, "no such file or folder");
	if (stat(path, &st) < 0)
		return err_errno(err, errno, "cannot open");
	if (S_ISDIR(st.st_mode) && options->git_dir)
		return audit_named_tree(path, options, sink, err);
	if (S_ISDIR(st.st_mode))
		return audit_folder(path, options, sink, err);
	if (S_ISREG(st.st_mode) && options->no_files)
		return err_set(err, HF_EUSAGE, "is a file; a history belongs to a repository");
	if (S_ISREG(st.st_mode))
		return audit_file(path, options, sink);
	return err_set(err, HF_EUSAGE,
		       "is neither a file nor a folder; name '-' to read standard input");
}
