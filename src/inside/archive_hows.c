#include "inside/archive_hows.h"

#include "base/endian.h"
#include "base/tr.h"
#include "inside/rar.h"
#include "inside/sevenzip.h"

/* ---- what is switched on ---- */

/* Without a library of its own libarchive would start a program, and says so with a warning. */
static bool is_there(int (*allow)(struct archive *), struct archive *a)
{
	return allow && allow(a) == ARCHIVE_OK;
}

int archive_how_allow(const struct archive_library *lib, struct archive *a, enum archive_how how,
		      struct err *err)
{
	/* Filters are appended, and not only allowed: allowed, they are taken as often as they
	 * fit, and of what lies between two of them nothing is told, nor counted. */
	const struct {
		int (*allow)(struct archive *);
		int filter;
	} ways[ARCHIVE_HOW_COUNT] = {
		[ARCHIVE_HOW_ZIP] = {lib->archive_read_support_format_zip_seekable, 0},
		[ARCHIVE_HOW_ZIP_MEMBERS] = {lib->archive_read_support_format_zip_streamable, 0},
		[ARCHIVE_HOW_7Z] = {lib->archive_read_support_format_7zip, 0},
		[ARCHIVE_HOW_TAR] = {lib->archive_read_support_format_tar, 0},
		[ARCHIVE_HOW_AR] = {lib->archive_read_support_format_ar, 0},
		[ARCHIVE_HOW_CPIO] = {lib->archive_read_support_format_cpio, 0},
		[ARCHIVE_HOW_RAR] = {lib->archive_read_support_format_rar, 0},
		[ARCHIVE_HOW_RAR5] = {lib->archive_read_support_format_rar5, 0},
		[ARCHIVE_HOW_GZ] = {lib->archive_read_support_filter_gzip, ARCHIVE_FILTER_GZIP},
		[ARCHIVE_HOW_BZ2] = {lib->archive_read_support_filter_bzip2, ARCHIVE_FILTER_BZIP2},
		[ARCHIVE_HOW_XZ] = {lib->archive_read_support_filter_xz, ARCHIVE_FILTER_XZ},
		[ARCHIVE_HOW_ZST] = {lib->archive_read_support_filter_zstd, ARCHIVE_FILTER_ZSTD},
		[ARCHIVE_HOW_LZMA] = {lib->archive_read_support_filter_lzma, ARCHIVE_FILTER_LZMA},
		[ARCHIVE_HOW_LZIP] = {lib->archive_read_support_filter_lzip, ARCHIVE_FILTER_LZIP},
		[ARCHIVE_HOW_LZ4] = {lib->archive_read_support_filter_lz4, ARCHIVE_FILTER_LZ4},
		/* It reads its first bytes at once, and so cannot be appended: see
		 * archive_how_is_open(). */
		[ARCHIVE_HOW_COMPRESS] = {lib->archive_read_support_filter_compress, 0},
		[ARCHIVE_HOW_RPM] = {lib->archive_read_support_filter_rpm, ARCHIVE_FILTER_RPM},
	};

	if (!is_there(ways[how].allow, a) ||
	    (ways[how].filter &&
	     lib->archive_read_append_filter(a, ways[how].filter) != ARCHIVE_OK))
		return err_set(err, HF_ENOTFOUND,
			       "is of a kind that the libarchive here cannot read: it was not "
			       "scanned; unpack it and scan what comes out");
	if (how >= ARCHIVE_HOW_GZ) {
		lib->archive_read_support_format_raw(a);
		lib->archive_read_support_format_empty(a);
	}
	if (how == ARCHIVE_HOW_TAR) /* as `cat` and `tar -A` join them */
		lib->archive_read_set_option(a, "tar", "read_concatenated_archives", "1");
	return 0;
}

int archive_how_is_open(const struct archive_library *lib, struct archive *a, enum archive_how how,
			struct err *err)
{
	/* What libarchive counts as one is that it reads the file. */
	if (lib->archive_filter_count(a) == (how >= ARCHIVE_HOW_GZ ? 2 : 1))
		return 0;
	return err_set(err, HF_EFORMAT, "%s", tr(ARCHIVE_UNREADABLE));
}

/* ---- what its headers say ---- */

/* Its first bytes, at most len, which out has room for. */
static struct slice beginning_of(const struct stream *outer, unsigned char *out, size_t len)
{
	ssize_t n;

	if (!stream_can_read_at(outer))
		return outer->text;
	n = stream_read_at(outer, 0, out, len);
	return slice_of(out, n > 0 ? (size_t)n : 0);
}

static int ask_7z(const struct archive_library *lib, const struct stream *outer,
		  struct archive_asked *asked, struct err *err)
{
	return sevenzip_memory(lib, outer, &asked->memory, err);
}

/* Properties, what it looks back on, and its size. */
#define LZMA_HEADER 13

static int ask_lzma(const struct archive_library *lib, const struct stream *outer,
		    struct archive_asked *asked, struct err *err)
{
	unsigned char header[LZMA_HEADER];
	struct slice b = beginning_of(outer, header, sizeof(header));

	if (b.len >= sizeof(header))
		asked->memory = load_le32(b.ptr + 1);
	return 0;
}

/* Members of a file may follow each other, each with a header of its own: all places that look
 * like one are asked. */
#define LZIP_MAGIC  SLICE("LZIP\1")
#define LZIP_HEADER 6

static uint64_t lzip_dictionary(unsigned char code)
{
	uint64_t base = (uint64_t)1 << (code & 31);

	return base - base / 16 * (code >> 5);
}

static uint64_t largest_lzip(struct slice b)
{
	uint64_t largest = 0, dictionary;
	const unsigned char *at;

	while (b.len >= LZIP_HEADER &&
	       (at = memmem(b.ptr, b.len - 1, LZIP_MAGIC.ptr, LZIP_MAGIC.len))) {
		dictionary = lzip_dictionary(at[LZIP_HEADER - 1]);
		if (dictionary > largest)
			largest = dictionary;
		b = slice_of(at + 1, b.len - (size_t)(at + 1 - b.ptr));
	}
	return largest;
}

static int ask_lzip(const struct archive_library *lib, const struct stream *outer,
		    struct archive_asked *asked, struct err *err)
{
	unsigned char block[16384];
	uint64_t at = 0, largest;
	ssize_t n;

	while ((n = stream_read_at(outer, at, block, sizeof(block))) >= LZIP_HEADER) {
		largest = largest_lzip(slice_of(block, (size_t)n));
		if (largest > asked->memory)
			asked->memory = largest;
		at += (size_t)n - (LZIP_HEADER - 1);
	}
	return 0;
}

static int heed_rar(const struct rar_headers *of, struct archive_asked *asked, struct err *err)
{
	if (of->is_encrypted)
		return err_set(err, HF_EFORMAT, "%s", tr(ARCHIVE_ENCRYPTED));
	if (of->is_part)
		return err_set(err, HF_EFORMAT, "%s",
			       tr("is one of several parts: it was not scanned; unpack them "
				  "together and scan what comes out"));
	/* Where they end too early nobody knows of the others. */
	asked->memory = of->is_broken ? INSIDE_DICTIONARY_MAX : of->memory;
	asked->members = of->members;
	asked->is_broken = of->is_broken;
	return 0;
}

static int ask_rar(const struct archive_library *lib, const struct stream *outer,
		   struct archive_asked *asked, struct err *err)
{
	const struct rar_headers of = rar4_headers(outer);

	return heed_rar(&of, asked, err);
}

static int ask_rar5(const struct archive_library *lib, const struct stream *outer,
		    struct archive_asked *asked, struct err *err)
{
	const struct rar_headers of = rar5_headers(outer);

	return heed_rar(&of, asked, err);
}

int archive_how_ask(const struct archive_library *lib, enum archive_how how,
		    const struct stream *outer, struct archive_asked *asked, struct err *err)
{
	static int (*const ask[ARCHIVE_HOW_COUNT])(const struct archive_library *lib,
						   const struct stream *outer,
						   struct archive_asked *asked, struct err *err) = {
		[ARCHIVE_HOW_7Z] = ask_7z,     [ARCHIVE_HOW_LZMA] = ask_lzma,
		[ARCHIVE_HOW_LZIP] = ask_lzip, [ARCHIVE_HOW_RAR] = ask_rar,
		[ARCHIVE_HOW_RAR5] = ask_rar5,
	};

	*asked = (struct archive_asked){.members = UINT64_MAX};
	return ask[how] ? ask[how](lib, outer, asked, err) : 0;
}
