/*
 * Opening a repository without believing it: what its configuration says of
 * its work tree, its owner or its programs changes nothing here.
 */
#include "source/repo_private.h"

#include "base/alloc.h"
#include "base/names.h"
#include "base/tr.h"
#include "source/git_open.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- the library ---- */

void repo_library_init(void)
{
	const char *names[REPO_EXTENSIONS];

	repo_config_extensions(names);
	git_libgit2_init();
	/* Since 1.6 it checks even what is opened as bare; we do it ourselves. */
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, REPO_EXTENSIONS);
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

void repo_library_shutdown(void)
{
	git_libgit2_shutdown();
}

/* ---- errors ---- */

/* The library quotes what it read: values of the configuration, names of refs.
 * Those are scanned text, so they stay out of messages. */
static void append_without_quotations(struct buf *out, const char *s)
{
	bool quoted = false;

	for (; *s; s++) {
		if (*s == '\'') {
			quoted = !quoted;
			if (!quoted)
				buf_append_str(out, "...");
			buf_append_byte(out, '\'');
		} else if (!quoted) {
			buf_append_byte(out, (unsigned char)*s < ' ' ? ' ' : (unsigned char)*s);
		}
	}
}

int repo_fail(struct err *err, const char *what)
{
	const git_error *last = git_error_last();
	const char *said = last && last->message ? last->message : tr("no reason given");
	struct buf reason;

	/* Since 1.6 libgit2 looks before check_format() can. */
	if (strstr(said, "object format"))
		return err_set(err, HF_EGIT, "%s: %s", tr(what), tr(REPO_SHA256_REFUSAL));
	buf_init(&reason, sizeof(err->msg));
	append_without_quotations(&reason, said);
	err_set(err, HF_EGIT, "%s: %s", tr(what), reason.ptr);
	buf_dispose(&reason);
	return HF_EGIT;
}

/* ---- opening ---- */

struct repo_handle *repo_handle_get(struct repo *repo, unsigned worker)
{
	struct repo_handle *handle = &repo->handles[worker];

	struct repo_config config;

	if (!handle->tried) {
		handle->tried = true;
		if (git_open(&handle->git, repo->git_dir, &config, NULL) < 0)
			handle->git = NULL;
		else
			repo_config_dispose(&config);
	}
	return handle;
}

static char *joined(const char *folder, const char *name)
{
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	buf_append_str(&path, folder);
	buf_append_str(&path, name);
	return buf_detach(&path);
}

/* A folder called .git has a work tree around it, whatever core.bare says. */
static bool is_dot_git(const char *dir)
{
	return slice_has_suffix(slice_str(dir), SLICE("/.git/"));
}

int repo_identify(const char *git_dir, char **common_dir, bool *bare, struct err *err)
{
	git_repository *git = NULL;
	struct repo_config config;
	int rc = git_open(&git, git_dir, &config, err);

	if (rc < 0)
		return rc;
	*common_dir = xstrdup(git_repository_commondir(git));
	*bare = !is_dot_git(*common_dir);
	repo_config_dispose(&config);
	git_repository_free(git);
	return 0;
}

/* What lies in a .git belongs to the work tree around, as a submodule's does. */
bool repo_is_served(const char *common_dir)
{
	char *path = joined(common_dir, "config");
	struct repo_config config;
	bool is_served;

	repo_config_read(&config, path);
	is_served = !config.has_work_tree && !strstr(common_dir, "/.git/");
	repo_config_dispose(&config);
	free(path);
	return is_served;
}

void repo_each_linked(const char *common_dir, repo_git_dir_fn tell, void *payload)
{
	struct names names = {0};
	struct buf path;
	int fd;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%sworktrees", common_dir);
	fd = open(path.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		names_read(&names, fd);
		close(fd);
	}
	for (size_t i = 0; i < names.count; i++) {
		buf_reset(&path);
		buf_appendf(&path, "%sworktrees/%s/", common_dir, names.list[i]);
		tell(payload, path.ptr);
	}
	names_dispose(&names);
	buf_dispose(&path);
}

static bool is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static int read_index(struct repo *repo, const char *named, struct err *err)
{
	char *file = named ? xstrdup(named) : joined(repo->git_dir, "index");
	int rc = repo_index_read(&repo->index, file, err);

	free(file);
	return rc;
}

/* Where git looks when core.excludesFile is not set: git-config(1). */
static char *default_excludes(void)
{
	const char *xdg = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (xdg && *xdg)
		return joined(xdg, "/git/ignore");
	return home ? joined(home, "/.config/git/ignore") : NULL;
}

/* The repository's, else the user's. */
static int excludes_setting(git_buf *value, const struct repo_config *config, git_config *user)
{
	return config->excludes ? git_config_parse_path(value, config->excludes)
				: git_config_get_path(value, user, "core.excludesfile");
}

static char *excludes_file(const struct repo *repo, const struct repo_config *config,
			   git_config *user)
{
	git_buf value = GIT_BUF_INIT;
	char *path;

	if (excludes_setting(&value, config, user) < 0)
		return default_excludes();
	path = joined(value.ptr[0] == '/' ? "" : repo->top, value.ptr);
	git_buf_dispose(&value);
	return path;
}

static void load_ignores(struct repo *repo, const struct repo_config *config, git_config *user)
{
	char *info = joined(repo->common_dir, "info/exclude");
	char *excludes = excludes_file(repo, config, user);

	repo->ignore_case = config->ignore_case;
	ignore_list_load(&repo->shared_ignores[0], info, 0, 0);
	if (excludes)
		ignore_list_load(&repo->shared_ignores[1], excludes, 0, 0);
	free(excludes);
	free(info);
}

static void handle_init(struct repo_handle *handle)
{
	buf_init(&handle->path, BUF_MAX_PATH);
	buf_init(&handle->ignore.folder, BUF_MAX_PATH);
}

static void handle_dispose(struct repo_handle *handle)
{
	repo_tips_dispose(&handle->tips);
	ignore_state_dispose(&handle->ignore);
	git_odb_free(handle->objects);
	git_repository_free(handle->git);
	buf_dispose(&handle->path);
}

static struct repo *repo_new(const char *top, unsigned workers)
{
	struct repo *repo = xcalloc(1, sizeof(*repo));
	size_t len = strlen(top);

	repo->top = joined(top, len && top[len - 1] == '/' ? "" : "/");
	repo->workers = workers;
	repo->handles = xcalloc(workers, sizeof(*repo->handles));
	for (unsigned i = 0; i < workers; i++)
		handle_init(&repo->handles[i]);
	return repo;
}

/* By its real path, as libgit2 tells the common one. */
static int take_git_dir(struct repo *repo, const char *git_dir, struct err *err)
{
	char *real = realpath(git_dir, NULL);

	if (!real)
		return err_errno(err, errno, REPO_CANNOT_OPEN);
	repo->git_dir = joined(real, "/");
	free(real);
	return 0;
}

static int find_git_dir(struct repo *repo, struct err *err)
{
	char *git_dir = NULL;
	int rc = repo_git_dir_of(&git_dir, repo->top, err);

	if (rc == 0) {
		rc = take_git_dir(repo, git_dir, err); /* .git may be a link */
		free(git_dir);
	}
	return rc;
}

static void take_common_dir(struct repo *repo, git_repository *git)
{
	repo->common_dir = xstrdup(git_repository_commondir(git));
	repo->config = joined(repo->common_dir, "config");
	if (!is_regular(repo->config)) {
		free(repo->config);
		repo->config = NULL;
	}
}

static int read_all(struct repo *repo, const char *index_file, struct err *err)
{
	struct repo_handle *handle = &repo->handles[0];
	struct repo_config config;
	git_config *user = NULL;
	int rc = git_open(&handle->git, repo->git_dir, &config, err);

	handle->tried = true;
	if (rc < 0)
		return rc;
	take_common_dir(repo, handle->git);
	repo->config_problem = config.problem[0] ? xstrdup(config.problem) : NULL;
	rc = git_open_user_config(&user, handle->git, err);
	if (rc == 0)
		rc = read_index(repo, index_file, err);
	if (rc == 0)
		load_ignores(repo, &config, user);
	git_config_free(user);
	repo_config_dispose(&config);
	return rc;
}

int repo_open(struct repo **out, const char *top, const struct repo_place *place, unsigned workers,
	      struct err *err)
{
	struct repo *repo = repo_new(top, workers);
	int rc = place->git_dir ? take_git_dir(repo, place->git_dir, err) : find_git_dir(repo, err);

	if (rc == 0)
		rc = read_all(repo, place->index_file, err);
	if (rc < 0) {
		repo_free(repo);
		return rc;
	}
	*out = repo;
	return 0;
}

void repo_free(struct repo *repo)
{
	if (!repo)
		return;
	for (unsigned i = 0; i < repo->workers; i++)
		handle_dispose(&repo->handles[i]);
	for (size_t i = 0; i < REPO_SHARED_LISTS; i++)
		ignore_list_dispose(&repo->shared_ignores[i]);
	repo_index_dispose(&repo->index);
	free(repo->handles);
	free(repo->config);
	free(repo->config_problem);
	free(repo->common_dir);
	free(repo->git_dir);
	free(repo->top);
	free(repo);
}

const char *repo_top(const struct repo *repo)
{
	return repo->top;
}

const char *repo_git_dir(const struct repo *repo)
{
	return repo->git_dir;
}

const char *repo_common_dir(const struct repo *repo)
{
	return repo->common_dir;
}

const char *repo_config_path(const struct repo *repo)
{
	return repo->config;
}

const char *repo_config_problem(const struct repo *repo)
{
	return repo->config_problem;
}

/* ---- ignore rules ---- */

enum repo_class repo_classify(struct repo *repo, unsigned worker, struct slice path, bool is_folder)
{
	if (repo_index_tracks(&repo->index, path, is_folder))
		return REPO_TRACKED;
	if (ignore_state_matches(repo, &repo->handles[worker].ignore, path, is_folder))
		return REPO_IGNORED;
	return REPO_UNTRACKED;
}
