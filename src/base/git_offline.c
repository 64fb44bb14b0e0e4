/*
 * Keeps the network out of the program, and pipes and rings out of libgit2; and teaches
 * it what HEAD once was.
 *
 * Linked statically, libgit2 brings its transports along only because a few
 * names refer to them. Defined here, those names keep the linker from taking
 * the members of libgit2.a that need TLS, SSH, GSS, HTTP and sockets: nothing
 * is left that could open a connection, and git_libgit2_init() no longer loads
 * a certificate store (6 to 10 ms, now 0.1). We read local repositories and
 * never call what would get here; the one call that could fails.
 *
 * The names are internal to libgit2. git_link.mk looks for them in libgit2.a
 * and falls back to the shared library, with this file empty, when one is
 * missing. Tried with 1.5.1, 1.7.2 and 1.9.0. No version has them all: the
 * sockets' came with 1.7, and 1.8 renamed the one for SSH.
 */
#ifdef HFSCAN_GIT_STATIC

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* libgit2.c: git_libgit2_init() and git_libgit2_opts() */
extern bool git_http__expect_continue;
extern bool git_smart__ofs_delta_enabled;
extern int git_socket_stream__connect_timeout;
extern int git_socket_stream__timeout;
int git_mbedtls__set_cert_location(const char *file, const char *path);
int git_mbedtls_stream_global_init(void);
int git_transport_ssh_global_init(void);
int git_transport_ssh_libssh2_global_init(void);
int git_socket_stream_global_init(void);
/* remote.c: git_remote_connect() */
int git_transport_new(void **out, void *owner, const char *url);
/* every file libgit2 opens; see below */
int __wrap_p_open(const char *path, int flags, ...);
/* where it reads an object of a pack, and a part of one; see below */
int __real_git_packfile_unpack(void *object, void *pack, int64_t *offset);
int __wrap_git_packfile_unpack(void *object, void *pack, int64_t *offset);
int __real_git_packfile_resolve_header(size_t *size, int *type, void *pack, int64_t offset);
int __wrap_git_packfile_resolve_header(size_t *size, int *type, void *pack, int64_t offset);
unsigned char *__real_git_mwindow_open(void *file, void **cursor, int64_t offset, size_t extra,
				       unsigned *left);
unsigned char *__wrap_git_mwindow_open(void *file, void **cursor, int64_t offset, size_t extra,
				       unsigned *left);
/* where it looks for HEAD, and reads it; see below */
bool __real_git_fs_path_contains_file(void *folder, const char *name);
bool __wrap_git_fs_path_contains_file(void *folder, const char *name);
int __real_git_futils_readbuffer(void *text, const char *path);
int __wrap_git_futils_readbuffer(void *text, const char *path);
int git_str_sets(void *text, const char *string);

bool git_http__expect_continue = false;
bool git_smart__ofs_delta_enabled = true;
int git_socket_stream__connect_timeout = 0;
int git_socket_stream__timeout = 0;

int git_mbedtls_stream_global_init(void)
{
	return 0;
}

int git_mbedtls__set_cert_location(const char *file, const char *path)
{
	(void)file;
	(void)path;
	return -1;
}

int git_transport_new(void **out, void *owner, const char *url)
{
	(void)owner;
	(void)url;
	*out = NULL;
	return -1;
}

int git_transport_ssh_global_init(void)
{
	return 0;
}

int git_transport_ssh_libssh2_global_init(void)
{
	return 0;
}

int git_socket_stream_global_init(void)
{
	return 0;
}

/*
 * Takes the place of libgit2's p_open() (ld's --wrap). A hostile work tree can
 * have a FIFO for a .gitignore, or name one or a device in its configuration:
 * opening it would wait for ever, or set the device off. Such a thing reads as
 * an empty file; O_NONBLOCK is for one that is swapped in after stat().
 */
int __wrap_p_open(const char *path, int flags, ...)
{
	struct stat st;
	mode_t mode = 0;

	if (flags & O_CREAT) {
		va_list args;

		va_start(args, flags);
		mode = (mode_t)va_arg(args, int);
		va_end(args);
	}
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		path = "/dev/null";
	return open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode & 0777);
}

/*
 * Where deltas name each other in a ring libgit2 follows them for ever (seen with
 * 1.5.1, in pack_dependency_chain()). Each step opens a window of the pack; git
 * makes no rows of more than 4095 deltas (pack.depth, git-config(1)), and each
 * takes a few windows.
 */
#define WINDOWS_MAX 65536

static _Thread_local unsigned windows; /* for the object at hand */

int __wrap_git_packfile_unpack(void *object, void *pack, int64_t *offset)
{
	windows = 0;
	return __real_git_packfile_unpack(object, pack, offset);
}

int __wrap_git_packfile_resolve_header(size_t *size, int *type, void *pack, int64_t offset)
{
	windows = 0;
	return __real_git_packfile_resolve_header(size, type, pack, offset);
}

unsigned char *__wrap_git_mwindow_open(void *file, void **cursor, int64_t offset, size_t extra,
				       unsigned *left)
{
	if (windows++ >= WINDOWS_MAX)
		return NULL;
	return __real_git_mwindow_open(file, cursor, offset, extra, left);
}

/*
 * HEAD may be a link to the file of a ref (core.preferSymlinkRefs, git-config(1)). When the
 * ref is packed the link leads to nothing, and libgit2 sees no repository. It gets what git
 * takes such a link for. A longer name than any that a file can have is none.
 */
#define REF_MAX 4096

/* path: of HEAD. Whether it is such a link; then text is what a HEAD of today would hold. */
static bool is_linked_head(const char *path, char text[REF_MAX + 8])
{
	char ref[REF_MAX];
	struct stat st;
	ssize_t len = readlink(path, ref, sizeof(ref) - 1);

	if (len < 0 || stat(path, &st) == 0)
		return false;
	ref[len] = '\0';
	snprintf(text, REF_MAX + 8, "ref: %s\n", ref);
	return strncmp(ref, "refs/", 5) == 0;
}

/* folder: libgit2's git_str, which begins with its text; ends in '/'. */
bool __wrap_git_fs_path_contains_file(void *folder, const char *name)
{
	char path[2 * REF_MAX], text[REF_MAX + 8];

	if (__real_git_fs_path_contains_file(folder, name))
		return true;
	if (strcmp(name, "HEAD") != 0)
		return false;
	snprintf(path, sizeof(path), "%s/%s", *(const char *const *)folder, name);
	return is_linked_head(path, text);
}

int __wrap_git_futils_readbuffer(void *text, const char *path)
{
	const char *last = strrchr(path, '/');
	char head[REF_MAX + 8];

	if (last && strcmp(last, "/HEAD") == 0 && is_linked_head(path, head))
		return git_str_sets(text, head);
	return __real_git_futils_readbuffer(text, path);
}

#endif
