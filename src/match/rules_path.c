/* Rules of the user's own: --rules FILE or FOLDER. */
#include "match/rules.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_whole(struct buf *out, int fd, const char *path, struct err *err)
{
	char chunk[16384];
	ssize_t got;

	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, errno, "%s", path);
		buf_append(out, chunk, (size_t)got);
		if (buf_overflowed(out))
			return err_set(err, HF_ELIMIT,
				       "%s: larger than %zu MB, too large for rules", path,
				       BUF_MAX_FILE >> 20);
	}
	return 0;
}

static int add_file(struct rules *rules, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct buf json;
	int rc;

	if (fd < 0)
		return err_errno(err, errno, "%s", path);
	buf_init(&json, BUF_MAX_FILE);
	rc = read_whole(&json, fd, path, err);
	if (rc == 0)
		rc = rules_add_json(rules, buf_slice(&json), path, err);
	buf_dispose(&json);
	close(fd);
	return rc;
}

static int is_rules_name(const struct dirent *entry)
{
	return slice_has_suffix(slice_str(entry->d_name), SLICE(".json"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_folder(struct rules *rules, const char *path, struct err *err)
{
	struct dirent **names;
	int count = scandir(path, &names, is_rules_name, by_name);
	struct buf file;
	int rc = 0;

	if (count < 0)
		return err_errno(err, errno, "%s", path);
	if (count == 0)
		rc = err_set(err, HF_ENOTFOUND, "%s: no *.json in this folder", path);
	for (int i = 0; i < count; i++) {
		buf_init(&file, BUF_MAX_PATH);
		buf_appendf(&file, "%s/%s", path, names[i]->d_name);
		if (rc == 0)
			rc = add_file(rules, file.ptr, err);
		buf_dispose(&file);
		free(names[i]);
	}
	free(names);
	return rc;
}

int rules_add_path(struct rules *rules, const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_errno(err, errno, "%s", path);
	return S_ISDIR(st.st_mode) ? add_folder(rules, path, err) : add_file(rules, path, err);
}
