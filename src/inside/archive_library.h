/* What is used of libarchive. It is loaded when the first archive turns up. */
#ifndef INSIDE_ARCHIVE_LIBRARY_H
#define INSIDE_ARCHIVE_LIBRARY_H

#include "base/err.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>

/* Each function under the name that it has there. */
#define ARCHIVE_FUNCTIONS(X)                                                                       \
	X(archive_read_new)                                                                        \
	X(archive_read_free)                                                                       \
	X(archive_read_set_read_callback)                                                          \
	X(archive_read_set_seek_callback)                                                          \
	X(archive_read_set_skip_callback)                                                          \
	X(archive_read_set_callback_data)                                                          \
	X(archive_read_set_option)                                                                 \
	X(archive_read_append_filter)                                                              \
	X(archive_read_open_memory)                                                                \
	X(archive_read_data)                                                                       \
	X(archive_read_open1)                                                                      \
	X(archive_read_next_header)                                                                \
	X(archive_read_header_position)                                                            \
	X(archive_read_data_block)                                                                 \
	X(archive_filter_count)                                                                    \
	X(archive_filter_bytes)                                                                    \
	X(archive_error_string)                                                                    \
	X(archive_format)                                                                          \
	X(archive_format_name)                                                                     \
	X(archive_entry_pathname)                                                                  \
	X(archive_entry_pathname_utf8)                                                             \
	X(archive_entry_filetype)                                                                  \
	X(archive_entry_size)                                                                      \
	X(archive_entry_symlink)                                                                   \
	X(archive_entry_symlink_utf8)                                                              \
	X(archive_entry_is_encrypted)                                                              \
	X(archive_entry_sparse_count)                                                              \
	X(archive_read_support_filter_gzip)                                                        \
	X(archive_read_support_filter_bzip2)                                                       \
	X(archive_read_support_filter_xz)                                                          \
	X(archive_read_support_filter_lzma)                                                        \
	X(archive_read_support_filter_lzip)                                                        \
	X(archive_read_support_filter_lz4)                                                         \
	X(archive_read_support_filter_compress)                                                    \
	X(archive_read_support_filter_rpm)                                                         \
	X(archive_read_support_format_zip_seekable)                                                \
	X(archive_read_support_format_zip_streamable)                                              \
	X(archive_read_support_format_7zip)                                                        \
	X(archive_read_support_format_tar)                                                         \
	X(archive_read_support_format_ar)                                                          \
	X(archive_read_support_format_cpio)                                                        \
	X(archive_read_support_format_rar)                                                         \
	X(archive_read_support_format_raw)                                                         \
	X(archive_read_support_format_empty)

/* Those that came later, and are NULL where it is older. */
#define ARCHIVE_LATER_FUNCTIONS(X)                                                                 \
	X(archive_read_support_filter_zstd)                                                        \
	X(archive_read_support_format_rar5)

struct archive_library {
	void *library;
#define X(name) __typeof__(name) *name;
	ARCHIVE_FUNCTIONS(X)
	ARCHIVE_LATER_FUNCTIONS(X)
#undef X
};

/* HF_ENOTFOUND, with what to install, when there is none. */
int archive_library_load(struct archive_library *lib, struct err *err);
void archive_library_unload(struct archive_library *lib);

/* What is said of what was not read, by whoever finds out. */
#define ARCHIVE_DAMAGED    "is damaged: what cannot be read of it was not scanned"
#define ARCHIVE_ENCRYPTED  "is encrypted: it was not scanned"
#define ARCHIVE_UNREADABLE "is packed in a way that cannot be read: it was not scanned"
#define ARCHIVE_TOO_LARGE  "needs more than 256 MiB of memory to unpack: it was not scanned"

#endif
