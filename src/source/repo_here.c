/* The repository that git means in the present folder, and its configuration. */
#include "source/repo.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "source/repo_private.h"

#include <errno.h>
#include <stdlib.h>

static char *as_folder(const char *path)
{
	struct buf out;

	buf_init(&out, BUF_MAX_PATH);
	buf_append_str(&out, path);
	if (!out.len || out.ptr[out.len - 1] != '/')
		buf_append_byte(&out, '/');
	return buf_detach(&out);
}

static int find_around(char **git_dir, char **top, struct err *err)
{
	bool bare = false;
	int rc = repo_discover(".", top, &bare, err);

	if (rc == 0 && !*top)
		return err_set(err, HF_ENOTFOUND, "lies in no repository");
	if (rc == 0 && bare) {
		*git_dir = *top;
		*top = NULL;
	} else if (rc == 0) {
		rc = repo_git_dir_of(git_dir, *top, err);
	}
	return rc;
}

int repo_here(char **git_dir, char **top, struct err *err)
{
	const char *named = getenv("GIT_DIR");
	char *real;

	*git_dir = *top = NULL;
	if (!named || !*named)
		return find_around(git_dir, top, err);
	real = realpath(named, NULL);
	if (!real)
		return err_errno(err, errno, "GIT_DIR cannot be opened");
	*git_dir = as_folder(real);
	free(real);
	return 0;
}

/* ---- configuration ---- */

/* "remote.NAME.key"; a name may hold dots. */
static void keep_remote(struct remotes *remotes, const char *key)
{
	static const char section[] = "remote.";
	const char *name = key + strlen(section), *dot = strrchr(key, '.');

	if (strncmp(key, section, strlen(section)) != 0 || dot <= name)
		return;
	remotes->names = xrealloc(remotes->names, (remotes->count + 1) * sizeof(*remotes->names));
	remotes->names[remotes->count++] = xmemdup0(name, (size_t)(dot - name));
}

int repo_remotes(struct remotes *remotes, const char *git_dir, struct err *err)
{
	git_repository *git = NULL;
	git_config *config = NULL;
	git_config_iterator *entries = NULL;
	git_config_entry *entry;
	int rc = 0;

	if (git_repository_open_bare(&git, git_dir) < 0 ||
	    git_repository_config_snapshot(&config, git) < 0 ||
	    git_config_iterator_new(&entries, config) < 0)
		rc = repo_fail(err, "its configuration cannot be read");
	while (rc == 0 && git_config_next(&entry, entries) == 0)
		keep_remote(remotes, entry->name);
	git_config_iterator_free(entries);
	git_config_free(config);
	git_repository_free(git);
	return rc;
}

void remotes_dispose(struct remotes *remotes)
{
	for (size_t i = 0; i < remotes->count; i++)
		free(remotes->names[i]);
	free(remotes->names);
	*remotes = (struct remotes){0};
}
