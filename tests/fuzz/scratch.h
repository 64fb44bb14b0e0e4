/* A folder to write inputs to, gone when the process ends; in memory if it can
 * be. For one thread. */
#ifndef FUZZ_SCRATCH_H
#define FUZZ_SCRATCH_H

#include "base/slice.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch[4096];

static int scratch_unlink(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void scratch_remove(void)
{
	nftw(scratch, scratch_unlink, 8, FTW_DEPTH | FTW_PHYS);
}

static void scratch_make(void)
{
	const char *tmp = getenv("TMPDIR");

	if (*scratch)
		return;
	if (!tmp)
		tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(scratch, sizeof(scratch), "%s/fuzz.XXXXXX", tmp);
	if (!mkdtemp(scratch))
		abort();
	atexit(scratch_remove);
}

static void scratch_folder(const char *name)
{
	char path[sizeof(scratch) + 64];

	snprintf(path, sizeof(path), "%s/%s", scratch, name);
	mkdir(path, 0700);
}

/* Without bytes: the file is not there. */
static void scratch_write(const char *name, struct slice bytes)
{
	char path[sizeof(scratch) + 64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", scratch, name);
	unlink(path);
	if (!bytes.len)
		return;
	file = fopen(path, "w");
	if (!file || fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len || fclose(file) != 0)
		abort();
}

#endif
