/*
 * The index as one array that all workers share, and the question it is kept for: does
 * this blob have to be scanned beside the file that was checked out from it?
 */
#include "source/repo_private.h"

#include "base/alloc.h"

#include <fcntl.h>
#include <nettle/sha1.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void repo_index_dispose(struct repo_index *index)
{
	free(index->paths);
	free(index->entries);
	free(index->links);
	repo_cache_dispose(&index->cache);
}

static struct slice path_of(const struct repo_index *index, const struct repo_entry *entry)
{
	return slice_of(index->paths + entry->path, entry->path_len);
}

size_t repo_submodule_count(const struct repo *repo)
{
	return repo->index.link_count;
}

struct slice repo_submodule_path(const struct repo *repo, size_t submodule)
{
	return path_of(&repo->index, &repo->index.links[submodule]);
}

/* ---- of all work trees ---- */

static void each_staged_in(const char *git_dir, repo_staged_fn tell, void *payload)
{
	struct repo_index index = {0};
	struct buf file;

	buf_init(&file, BUF_MAX_PATH);
	buf_appendf(&file, "%sindex", git_dir);
	if (repo_index_read(&index, file.ptr, NULL) == 0)
		for (size_t i = 0; i < index.count; i++)
			if (!index.entries[i].intent_to_add)
				tell(payload, index.entries[i].oid.id,
				     path_of(&index, &index.entries[i]));
	repo_index_dispose(&index);
	buf_dispose(&file);
}

struct asking {
	const char *git_dir; /* was asked already */
	repo_staged_fn tell;
	void *payload;
};

static void each_staged_in_linked(void *payload, const char *git_dir)
{
	struct asking *asking = payload;

	if (strcmp(git_dir, asking->git_dir) != 0)
		each_staged_in(git_dir, asking->tell, asking->payload);
}

void repo_each_staged(const char *git_dir, const char *common_dir, repo_staged_fn tell,
		      void *payload)
{
	struct asking asking = {git_dir, tell, payload};

	each_staged_in(git_dir, tell, payload);
	if (strcmp(common_dir, git_dir) != 0)
		each_staged_in(common_dir, tell, payload);
	repo_each_linked(common_dir, each_staged_in_linked, &asking);
}

/* ---- looking up ---- */

/* The first of count entries whose path is not before `path`. */
static size_t lower_bound(const struct repo_index *index, const struct repo_entry *entries,
			  size_t count, struct slice path)
{
	size_t beg = 0, end = count;

	while (beg < end) {
		size_t middle = beg + (end - beg) / 2;

		if (slice_cmp(path_of(index, &entries[middle]), path) < 0)
			beg = middle + 1;
		else
			end = middle;
	}
	return beg;
}

static bool holds(const struct repo_index *index, const struct repo_entry *entries, size_t count,
		  struct slice path)
{
	size_t at = lower_bound(index, entries, count, path);

	return at < count && slice_eq(path_of(index, &entries[at]), path);
}

/* Entries below a folder stand together, but "a.c" and "a-b/c" may stand
 * between "a" and "a/b", so the slash is part of what is looked for. */
/* The first of the entries that lies in folder; count when none does. */
static size_t first_in(const struct repo_index *index, const struct repo_entry *entries,
		       size_t count, struct slice folder)
{
	char *prefix = xmalloc(folder.len + 1);
	struct slice wanted = slice_of(prefix, folder.len + 1);
	size_t at;

	memcpy(prefix, folder.ptr, folder.len);
	prefix[folder.len] = '/';
	at = lower_bound(index, entries, count, wanted);
	if (at < count && !slice_has_prefix(path_of(index, &entries[at]), wanted))
		at = count;
	free(prefix);
	return at;
}

bool repo_index_tracks(const struct repo_index *index, struct slice path, bool is_folder)
{
	if (!is_folder)
		return holds(index, index->entries, index->count, path);
	if (path.len == 0)
		return index->count + index->link_count > 0;
	return first_in(index, index->entries, index->count, path) < index->count ||
	       holds(index, index->links, index->link_count, path) ||
	       first_in(index, index->links, index->link_count, path) < index->link_count;
}

size_t repo_entry_count(const struct repo *repo)
{
	return repo->index.count;
}

struct slice repo_entry_path(const struct repo *repo, size_t entry)
{
	return path_of(&repo->index, &repo->index.entries[entry]);
}

size_t repo_entry_first_in(const struct repo *repo, struct slice folder)
{
	const struct repo_index *index = &repo->index;
	size_t at = first_in(index, index->entries, index->count, folder);

	return at < index->count ? at : REPO_NO_ENTRY;
}

size_t repo_entry_find(const struct repo *repo, struct slice path)
{
	const struct repo_index *index = &repo->index;
	size_t at = lower_bound(index, index->entries, index->count, path);

	if (at == index->count || index->entries[at].stage != 0 ||
	    !slice_eq(path_of(index, &index->entries[at]), path))
		return REPO_NO_ENTRY;
	return at;
}

/* ---- comparing ---- */

/* A file written in the tick in which the index was, or later, may have
 * changed after it was added and still look the same: git's "racy git". */
static bool is_racy(const struct repo_index *index, const struct repo_entry *entry)
{
	if (entry->mtime != index->mtime)
		return entry->mtime > index->mtime;
	return entry->mtime_ns == 0 || entry->mtime_ns >= index->mtime_ns;
}

/* The test of git with core.checkStat=default, but for owner and device. What
 * the writer of the index left at 0 was not known to it. */
static bool stat_matches(const struct repo_entry *entry, const struct stat *st)
{
	return entry->size == (uint32_t)st->st_size &&
	       entry->mtime == (uint32_t)st->st_mtim.tv_sec &&
	       (entry->mtime_ns == 0 || entry->mtime_ns == (uint32_t)st->st_mtim.tv_nsec) &&
	       (entry->ctime == 0 || entry->ctime == (uint32_t)st->st_ctim.tv_sec) &&
	       (entry->ino == 0 || entry->ino == (uint32_t)st->st_ino);
}

static enum repo_file compare(const struct repo_index *index, const struct repo_entry *entry,
			      const struct stat *st)
{
	if ((entry->mode & S_IFMT) != (st->st_mode & S_IFMT))
		return REPO_FILE_DIFFERS;
	if (stat_matches(entry, st) && !is_racy(index, entry))
		return REPO_FILE_SAME;
	/* git writes a size of 0 to have an entry compared by its contents. */
	if (entry->size != 0 && entry->size != (uint32_t)st->st_size)
		return REPO_FILE_DIFFERS;
	return REPO_FILE_UNSURE;
}

bool repo_entry_seen(struct repo *repo, size_t entry, const struct stat *st)
{
	struct repo_entry *e = &repo->index.entries[entry];

	if (e->intent_to_add)
		return false;
	e->file = (uint8_t)compare(&repo->index, e, st);
	return e->file == REPO_FILE_SAME;
}

static void start_blob(struct sha1_ctx *sha, uint64_t size)
{
	char header[32];
	int len = snprintf(header, sizeof(header), "blob %llu", (unsigned long long)size);

	sha1_init(sha);
	sha1_update(sha, (size_t)len + 1, (const uint8_t *)header);
}

static bool hash_file(struct sha1_ctx *sha, const char *path)
{
	uint8_t bytes[32 << 10];
	struct stat st;
	ssize_t got = -1;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		start_blob(sha, (uint64_t)st.st_size);
		while ((got = read(fd, bytes, sizeof(bytes))) > 0)
			sha1_update(sha, (size_t)got, bytes);
	}
	wipe(bytes, sizeof(bytes));
	close(fd);
	return got == 0;
}

static bool hash_link(struct sha1_ctx *sha, const char *path)
{
	char target[4096];
	ssize_t len = readlink(path, target, sizeof(target));

	if (len < 0 || len == sizeof(target))
		return false;
	start_blob(sha, (uint64_t)len);
	sha1_update(sha, (size_t)len, (const uint8_t *)target);
	wipe(target, sizeof(target));
	return true;
}

/* Bytes as they lie there: a file that a filter changed on its way out of the
 * repository is not what the blob holds. */
static bool same_contents(const struct repo *repo, struct buf *path, const struct repo_entry *entry)
{
	bool is_link = (entry->mode & S_IFMT) == GIT_FILEMODE_LINK;
	unsigned char digest[SHA1_DIGEST_SIZE];
	struct sha1_ctx sha;

	buf_reset(path);
	buf_append_str(path, repo->top);
	buf_append_slice(path, path_of(&repo->index, entry));
	if (!(is_link ? hash_link(&sha, path->ptr) : hash_file(&sha, path->ptr)))
		return false;
	sha1_digest(&sha, sizeof(digest), digest);
	return memcmp(digest, entry->oid.id, sizeof(digest)) == 0;
}

bool repo_entry_is_file(struct repo *repo, unsigned worker, size_t entry, const struct stat *st)
{
	struct repo_entry *e = &repo->index.entries[entry];

	if (repo_entry_seen(repo, entry, st))
		return true;
	if (e->intent_to_add || e->file != REPO_FILE_UNSURE ||
	    !same_contents(repo, &repo->handles[worker].path, e))
		return false;
	e->file = REPO_FILE_SAME;
	return true;
}

bool repo_entry_differs(struct repo *repo, unsigned worker, size_t entry)
{
	const struct repo_entry *e = &repo->index.entries[entry];

	if (e->intent_to_add || e->file == REPO_FILE_SAME)
		return false;
	if (e->file != REPO_FILE_UNSURE)
		return true;
	return !same_contents(repo, &repo->handles[worker].path, e);
}
