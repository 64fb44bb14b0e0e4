/*
 * Git writes an object to its new place before it deletes it from the old one. So
 * when the packs are the same before and after the loose ones were listed, every
 * object that was there all the time is in one of both lists.
 */
#include "source/pack/listing.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A repack takes longer than a listing: more changes are no repack. */
#define CHANGES_MAX 16

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* False when that cannot be done. A link that leads nowhere is no folder that is missing. */
static bool list_packs(const char *folder, struct names *names)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return errno == ENOENT && !is_there(folder);
	done = names_read(names, fd) == 0;
	close(fd);
	return done;
}

static bool are_same(const struct names *a, const struct names *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++)
		same = strcmp(a->list[i], b->list[i]) == 0;
	return same;
}

void listing_add(struct listing *l, const char *objects, uint16_t dir)
{
	size_t before = *l->count;
	struct names again = {0};
	struct buf folder;
	bool listed, same = false;

	buf_init(&folder, BUF_MAX_PATH);
	buf_appendf(&folder, "%s/pack", objects);
	names_dispose(&l->packs);
	listed = list_packs(folder.ptr, &l->packs);
	for (int i = 0; !same && i < CHANGES_MAX; i++) {
		*l->count = before;
		loose_list(l->loose, l->count, l->cap, objects, dir, l->problem, l->payload);
		listed = list_packs(folder.ptr, &again) && listed;
		same = are_same(&l->packs, &again);
		names_dispose(&l->packs);
		l->packs = again;
		again = (struct names){0};
	}
	if (!listed)
		l->problem(l->payload, folder.ptr, "cannot be listed");
	else if (!same)
		l->problem(l->payload, folder.ptr,
			   "does not stop changing; scan again when git has done its work");
	buf_dispose(&folder);
}
