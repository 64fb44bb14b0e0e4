#include "source/git_open.h"

#include "base/buf.h"
#include "source/repo_private.h"

#include <git2/sys/repository.h>

/* ---- the user's ---- */

/* In no order: libgit2 knows which level wins. */
static const struct {
	int (*find)(git_buf *path);
	git_config_level_t level;
} levels[] = {
	{git_config_find_programdata, GIT_CONFIG_LEVEL_PROGRAMDATA},
	{git_config_find_system, GIT_CONFIG_LEVEL_SYSTEM},
	{git_config_find_xdg, GIT_CONFIG_LEVEL_XDG},
	{git_config_find_global, GIT_CONFIG_LEVEL_GLOBAL},
};

int git_open_user_config(git_config **out, git_repository *git, struct err *err)
{
	int rc = git_config_new(out);

	for (size_t i = 0; rc == 0 && i < sizeof(levels) / sizeof(*levels); i++) {
		git_buf path = GIT_BUF_INIT;

		if (levels[i].find(&path) == 0)
			rc = git_config_add_file_ondisk(*out, path.ptr, levels[i].level, git, 0);
		git_buf_dispose(&path);
	}
	if (rc == 0)
		return 0;
	repo_fail(err, "the configuration of git cannot be read");
	git_config_free(*out);
	*out = NULL;
	return HF_EGIT;
}

/* ---- the repository ---- */

static bool can_be_read(git_repository *git)
{
	git_config *config = NULL;
	bool can = git_repository_config(&config, git) == 0;

	git_config_free(config);
	return can;
}

/* From here on libgit2 reads nothing of the repository's configuration. */
static int shut_out(git_repository *git, struct err *err)
{
	git_config *user = NULL;
	int rc = git_open_user_config(&user, git, err);

	if (rc == 0 && git_repository_set_config(git, user) < 0)
		rc = repo_fail(err, REPO_CANNOT_OPEN);
	git_config_free(user);
	return rc;
}

static int read_config(git_repository *git, struct repo_config *config, struct err *err)
{
	struct buf path;
	int rc;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%sconfig", git_repository_commondir(git));
	repo_config_read(config, path.ptr);
	buf_dispose(&path);
	rc = repo_config_check(config, err);
	if (rc == 0 && (config->has_include || !can_be_read(git)))
		rc = shut_out(git, err);
	return rc;
}

int git_open(git_repository **out, const char *git_dir, struct repo_config *config, struct err *err)
{
	git_repository *git = NULL;
	int rc;

	if (git_repository_open_bare(&git, git_dir) < 0)
		return repo_fail(err, REPO_CANNOT_OPEN);
	rc = read_config(git, config, err);
	if (rc < 0) {
		repo_config_dispose(config);
		git_repository_free(git);
		return rc;
	}
	*out = git;
	return 0;
}
