#include "base/os.h"

#include "base/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

void os_fill_standard_streams(void)
{
	/* The lowest free number is taken; the wrong way round, it serves nobody. */
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
				return;
}

void os_forbid_core_dumps(void)
{
#ifndef HFSCAN_DEBUG
	struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

char *os_own_path(void)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));

	if (len <= 0 || (size_t)len == sizeof(path))
		return NULL;
	path[len] = '\0';
	return access(path, X_OK) == 0 ? xstrdup(path) : NULL; /* else " (deleted)" */
}

unsigned os_cores(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
		return (unsigned)CPU_COUNT(&set);
	return 1;
}

/* More than this is never needed, and some systems allow a thousand million. */
#define OPEN_FILES_MAX 65536

unsigned os_raise_open_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 256;
	if (limit.rlim_cur < limit.rlim_max && limit.rlim_cur < OPEN_FILES_MAX) {
		limit.rlim_cur = limit.rlim_max < OPEN_FILES_MAX ? limit.rlim_max : OPEN_FILES_MAX;
		setrlimit(RLIMIT_NOFILE, &limit);
		getrlimit(RLIMIT_NOFILE, &limit);
	}
	return limit.rlim_cur < OPEN_FILES_MAX ? (unsigned)limit.rlim_cur : OPEN_FILES_MAX;
}

bool os_is_virtual_filesystem(int fd)
{
	static const unsigned long magics[] = {
		PROC_SUPER_MAGIC,   SYSFS_MAGIC,        DEBUGFS_MAGIC,       TRACEFS_MAGIC,
		SECURITYFS_MAGIC,   CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, BPF_FS_MAGIC,
		DEVPTS_SUPER_MAGIC, SELINUX_MAGIC,      PSTOREFS_MAGIC,      EFIVARFS_MAGIC,
	};
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return false;
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if ((unsigned long)fs.f_type == magics[i])
			return true;
	return false;
}

static enum os_type type_of(unsigned char type)
{
	switch (type) {
	case DT_DIR:
		return OS_FOLDER;
	case DT_REG:
		return OS_FILE;
	case DT_UNKNOWN:
		return OS_UNKNOWN;
	}
	return OS_OTHER;
}

/* getdents64() on the descriptor that is open anyway: fdopendir() would cost
 * five more system calls a folder. */
int os_list_folder(int fd, os_name_fn tell, void *payload)
{
	_Alignas(struct dirent64) char names[32 << 10];
	ssize_t len;

	while ((len = getdents64(fd, names, sizeof(names))) > 0) {
		for (ssize_t at = 0; at < len;) {
			const struct dirent64 *entry = (const struct dirent64 *)(names + at);

			tell(payload, entry->d_name, type_of(entry->d_type));
			at += entry->d_reclen;
		}
	}
	return len < 0 ? -1 : 0;
}

bool os_next_data(int fd, uint64_t offset, uint64_t *beg, uint64_t *end)
{
	off_t data = lseek(fd, (off_t)offset, SEEK_DATA);
	off_t hole;

	if (data < 0 && errno == ENXIO) /* nothing but a hole up to the end */
		return false;
	if (data < 0) { /* a file system that cannot tell: all is data */
		*beg = offset;
		*end = UINT64_MAX;
		return true;
	}
	hole = lseek(fd, data, SEEK_HOLE);
	*beg = (uint64_t)data;
	*end = hole < 0 ? UINT64_MAX : (uint64_t)hole;
	lseek(fd, data, SEEK_SET);
	return true;
}

ssize_t os_read_cached(int fd, void *out, size_t len, uint64_t offset)
{
	struct iovec to = {out, len};

	ssize_t n = preadv2(fd, &to, 1, (off_t)offset, RWF_NOWAIT);

	return n < 0 && errno == EOPNOTSUPP ? pread(fd, out, len, (off_t)offset) : n;
}
