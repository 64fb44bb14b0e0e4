/*
 * What differs between operating systems. One os_*.c for each; everything else
 * is POSIX.
 */
#ifndef BASE_OS_H
#define BASE_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Puts something in the place of standard streams that are closed, so that no
 * file opened later takes their number. Reading and writing them still fails. */
void os_fill_standard_streams(void);

/* No core dump and no debugger of another process may see this one's memory,
 * which holds tokens. Does nothing in debug builds. */
void os_forbid_core_dumps(void);

/* The file that this program was started from, absolute; NULL when that cannot be
 * known, or it is gone. Caller frees. */
char *os_own_path(void);

/* Cores this process may use, at least 1. */
unsigned os_cores(void);

/* Lets the process have as many files open as it is allowed to; returns how
 * many that is. */
unsigned os_raise_open_files(void);

/* Whether the folder fd belongs to a file system that is made up by the kernel
 * (/proc, /sys): endless, blocking or changing files that nobody publishes. */
bool os_is_virtual_filesystem(int fd);

enum os_type { OS_FOLDER, OS_FILE, OS_OTHER, OS_UNKNOWN };

/*
 * Lists the folder fd, from where its offset stands, in the system's order and
 * with "." and "..". 0, or -1 with errno, when some names may have been told
 * already.
 */
typedef void (*os_name_fn)(void *payload, const char *name, enum os_type type);
int os_list_folder(int fd, os_name_fn tell, void *payload);

/*
 * The next stretch of the file fd, from offset on, that is not a hole:
 * [*beg, *end). False when there is none; the whole rest where the file system
 * knows no holes. Moves the file offset to *beg.
 */
bool os_next_data(int fd, uint64_t offset, uint64_t *beg, uint64_t *end);

/* pread() of what is in memory anyway: fewer bytes, or -1 with EAGAIN, where it would have
 * to wait for a disk. Waits where the file system cannot tell. */
ssize_t os_read_cached(int fd, void *out, size_t len, uint64_t offset);

#endif
