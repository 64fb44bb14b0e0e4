/*
 * The table of kinds, by which a document is known to hold others, and what
 * all kinds share.
 */
#include "inside/inside.h"

#include "base/alloc.h"
#include "base/endian.h"
#include "inside/archive_library.h"
#include "inside/kinds.h"
#include "inside/libsqlite.h"
#include "inside/sqlite_pages.h"
#include "inside/zip_records.h"

#include <pthread.h>
#include <stdlib.h>

/* ---- how they begin ---- */

#define BEGINS_WITH(beginning, literal) slice_has_prefix(beginning, SLICE(literal))

/* Empty ones and the first of several volumes, too. */
static bool is_zip(struct slice b)
{
	return BEGINS_WITH(b, "PK\3\4") || BEGINS_WITH(b, "PK\5\6") ||
	       BEGINS_WITH(b, "PK\7\10PK\3\4");
}

/* A zip behind a line for a shell, as Python's zipapp makes. */
static bool is_script(struct slice b)
{
	const unsigned char *end = BEGINS_WITH(b, "#!") ? memchr(b.ptr, '\n', b.len) : NULL;

	return end &&
	       slice_has_prefix(slice_of(end, b.len - (size_t)(end - b.ptr)), SLICE("\nPK\3\4"));
}

/* A slice of bytes that are no text. */
#define BYTES(...)                                                                                 \
	((struct slice){(const unsigned char[]){__VA_ARGS__},                                      \
			sizeof((const unsigned char[]){__VA_ARGS__})})

static struct slice behind(struct slice b, size_t at)
{
	return b.len > at ? slice_of(b.ptr + at, b.len - at) : SLICE("");
}

static bool is_7z(struct slice b)
{
	return slice_has_prefix(b, BYTES('7', 'z', 0xbc, 0xaf, 0x27, 0x1c));
}

static bool is_gz(struct slice b)
{
	return slice_has_prefix(b, BYTES(0x1f, 0x8b, 8));
}

/* The first block's magic, or that of an end without one. */
static bool is_bz2(struct slice b)
{
	return BEGINS_WITH(b, "BZh") &&
	       (slice_has_prefix(behind(b, 4), BYTES(0x31, 0x41, 0x59, 0x26, 0x53, 0x59)) ||
		slice_has_prefix(behind(b, 4), BYTES(0x17, 0x72, 0x45, 0x38, 0x50, 0x90)));
}

static bool is_xz(struct slice b)
{
	return slice_has_prefix(b, BYTES(0xfd, '7', 'z', 'X', 'Z', 0));
}

static bool is_zst(struct slice b)
{
	return slice_has_prefix(b, BYTES(0x28, 0xb5, 0x2f, 0xfd));
}

/* With a frame to be skipped before the first, as pzstd writes. */
static bool is_zst_skipped(struct slice b)
{
	return slice_has_prefix(behind(b, 1), BYTES(0x2a, 0x4d, 0x18));
}

#define TAR_BLOCK   512
#define TAR_SUM     148
#define TAR_SUM_LEN 8
#define TAR_MAGIC   257

/* Older than its magic: the sum of the first block's bytes, in octal. */
static bool has_tar_sum(struct slice b)
{
	unsigned said = 0, sum = TAR_SUM_LEN * ' ';
	size_t i = TAR_SUM, digits = 0;

	while (b.ptr[i] == ' ' && i < TAR_SUM + TAR_SUM_LEN - 1)
		i++;
	for (; i < TAR_SUM + TAR_SUM_LEN && b.ptr[i] >= '0' && b.ptr[i] <= '7'; i++, digits++)
		said = said * 8 + (b.ptr[i] - '0');
	if (digits < 3 || b.ptr[0] == 0)
		return false;
	for (i = 0; i < TAR_BLOCK; i++)
		sum += i >= TAR_SUM && i < TAR_SUM + TAR_SUM_LEN ? 0 : b.ptr[i];
	return sum == said;
}

static bool is_tar(struct slice b)
{
	return b.len >= TAR_BLOCK && (memcmp(b.ptr + TAR_MAGIC, "ustar", 5) == 0 || has_tar_sum(b));
}

#define AR_MAGIC  SLICE("!<arch>\n")
#define AR_HEADER ((size_t)60)
#define AR_OWNER  28
#define AR_SIZE   48
#define AR_NUMBER 10 /* digits of the size */

/* A member with a table of symbols. */
static bool is_ar_table(struct slice header)
{
	return BEGINS_WITH(header, "/               ");
}

/* A library of Windows has two of those. libarchive does not read how the names behind them are
 * written, and as no member of one is packed it is searched as it is. Where the second is out
 * of view: Microsoft says of none who owns it ("PE Format"). */
static bool is_windows_library(struct slice b)
{
	struct slice first = behind(b, AR_MAGIC.len), second;
	size_t size = 0;

	if (first.len < AR_HEADER || !is_ar_table(first))
		return false;
	for (size_t i = AR_SIZE; i < AR_SIZE + AR_NUMBER && first.ptr[i] != ' '; i++)
		size = size * 10 + (size_t)(first.ptr[i] - '0') % 10;
	second = behind(first, AR_HEADER + size + size % 2);
	return second.len >= AR_HEADER ? is_ar_table(second)
				       : BEGINS_WITH(behind(first, AR_OWNER), "            ");
}

static bool is_ar(struct slice b)
{
	return slice_has_prefix(b, AR_MAGIC) && !is_windows_library(b);
}

/* In letters: with and without sums, of old, and afio's. Six digits are little to tell it by,
 * since a log may begin with a date: its header's other numbers are digits, too. */
#define CPIO_MAGIC   6
#define CPIO_NEW_LEN 110
#define CPIO_OLD_LEN 76
#define CPIO_HEX     SLICE("0123456789abcdefABCDEF")
#define CPIO_OCTAL   SLICE("01234567")

static bool has_digits(struct slice b, size_t beg, size_t end, struct slice digits)
{
	if (b.len < end)
		return false;
	while (beg < end && memchr(digits.ptr, b.ptr[beg], digits.len))
		beg++;
	return beg == end;
}

/* Letters stand between its numbers. */
static bool has_afio_header(struct slice b)
{
	static const struct {
		size_t beg, end;
		unsigned char behind;
	} numbers[] = {{CPIO_MAGIC, 30, 'm'}, {31, 85, 'n'}, {86, 98, 's'}, {99, 115, ':'}};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (b.len <= numbers[i].end || b.ptr[numbers[i].end] != numbers[i].behind ||
		    !has_digits(b, numbers[i].beg, numbers[i].end, CPIO_HEX))
			return false;
	return true;
}

static bool is_cpio(struct slice b)
{
	if (BEGINS_WITH(b, "070701") || BEGINS_WITH(b, "070702"))
		return has_digits(b, CPIO_MAGIC, CPIO_NEW_LEN, CPIO_HEX);
	if (BEGINS_WITH(b, "070707"))
		return has_digits(b, CPIO_MAGIC, CPIO_OLD_LEN, CPIO_OCTAL);
	return BEGINS_WITH(b, "070727") && has_afio_header(b);
}

/* In numbers of 16 bits, of which the first is 070707. */
#define CPIO_MODE     6
#define CPIO_NAME_LEN 20
#define CPIO_HEADER   26

/* Two bytes are little to tell it by: its first member is a file of some type, and its name
 * ends where it says. */
static bool has_cpio_header(struct slice b, uint32_t (*load)(const unsigned char *))
{
	unsigned type = load(b.ptr + CPIO_MODE) >> 12, name_len = load(b.ptr + CPIO_NAME_LEN);

	return (type == 1 || type == 2 || type == 4 || type == 6 || type == 8 || type == 10 ||
		type == 12) &&
	       name_len > 1 && b.len >= CPIO_HEADER + name_len &&
	       b.ptr[CPIO_HEADER + name_len - 1] == 0 && b.ptr[CPIO_HEADER] != 0;
}

static bool is_old_cpio(struct slice b)
{
	if (b.len < CPIO_HEADER)
		return false;
	return load_le16(b.ptr) == 070707   ? has_cpio_header(b, load_le16)
	       : load_be16(b.ptr) == 070707 ? has_cpio_header(b, load_be16)
					    : false;
}

static bool is_rar(struct slice b)
{
	return slice_has_prefix(b, BYTES('R', 'a', 'r', '!', 0x1a, 7, 0));
}

static bool is_rar5(struct slice b)
{
	return slice_has_prefix(b, BYTES('R', 'a', 'r', '!', 0x1a, 7, 1, 0));
}

/* Whether it is one that lzma itself would take, of those that all write: what it looks back on
 * is 2^n or half as much again; its size is not known, or less than 256 GiB; the first of
 * what is packed is 0. */
#define LZMA_HEADER   13
#define LZMA_SIZE_MAX ((uint64_t)1 << 38)
#define LZMA_LC0      0x5a
#define LZMA_LC4      0x5e

static bool is_lzma(struct slice b)
{
	uint64_t size, dictionary, rest;

	if (b.len <= LZMA_HEADER || b.ptr[0] < LZMA_LC0 || b.ptr[0] > LZMA_LC4 ||
	    b.ptr[LZMA_HEADER] != 0)
		return false;
	dictionary = load_le32(b.ptr + 1);
	rest = dictionary & (dictionary - 1);
	size = load_le64(b.ptr + 5);
	return dictionary >= 4096 && (rest == 0 || rest == dictionary / 3 * 2) &&
	       (size == UINT64_MAX || (size > 0 && size < LZMA_SIZE_MAX));
}

static bool is_lzip(struct slice b)
{
	return BEGINS_WITH(b, "LZIP\1");
}

/* As it is now, and as Linux still packs its kernels. */
static bool is_lz4(struct slice b)
{
	return slice_has_prefix(b, BYTES(4, 0x22, 0x4d, 0x18)) ||
	       slice_has_prefix(b, BYTES(2, 0x21, 0x4c, 0x18));
}

/* Codes of 9 to 16 bits. */
static bool is_compress(struct slice b)
{
	return b.len > 2 && slice_has_prefix(b, BYTES(0x1f, 0x9d)) && (b.ptr[2] & 0x60) == 0 &&
	       (b.ptr[2] & 0x1f) >= 9 && (b.ptr[2] & 0x1f) <= 16;
}

static bool is_rpm(struct slice b)
{
	return slice_has_prefix(b, BYTES(0xed, 0xab, 0xee, 0xdb));
}

static bool is_database(struct slice b)
{
	return slice_has_prefix(b, SQLITE_MAGIC);
}

/* What a database has beside it, whatever byte order its sums have. */
static bool is_wal(struct slice b)
{
	return slice_has_prefix(b, BYTES(0x37, 0x7f, 6, 0x82)) ||
	       slice_has_prefix(b, BYTES(0x37, 0x7f, 6, 0x83));
}

/* Of version 2 or 3, as bundles are (gitformat-pack(5), gitformat-bundle(5)). */
static bool is_git_pack(struct slice b)
{
	return BEGINS_WITH(b, "# v2 git bundle\n") || BEGINS_WITH(b, "# v3 git bundle\n") ||
	       BEGINS_WITH(b, "PACK\0\0\0\2") || BEGINS_WITH(b, "PACK\0\0\0\3");
}

/* .cab, .lzo, .lrz, .xar, and .rar of before 1996. */
static bool is_unopened(struct slice b)
{
	const struct slice magics[] = {
		SLICE("MSCF\0\0\0\0"), SLICE("\x89LZO\0\r\n\x1a\n"),
		SLICE("LRZI\0"),       SLICE("xar!\0"),
		SLICE("RE~^"),
	};

	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (slice_has_prefix(b, magics[i]))
			return true;
	return false;
}

/* ---- what is only told ---- */

/* libarchive's readers of these do not stand up to what strangers write: of Debian's 3.6.2 that of
 * .cab crashes on files of its own tests. Or they run a program. */
static int tell_unopened(struct inside *inside, const struct inside_kind *kind,
			 struct stream *outer, const struct inside_told *told, struct err *err)
{
	return err_set(err, HF_EFORMAT,
		       "is an archive of a kind that is not opened: it was not scanned; unpack it "
		       "and scan what comes out");
}

/* ---- the table ---- */

#define BY_ARCHIVE .can_read = archive_can_tell, .read = archive_tell

/* Each with what its first byte is, since most documents are none of them. */
static const struct inside_kind kinds[] = {
	/* The first: see inside_kind_of_end(). */
	{'P', 0xff, is_zip, .seeks = true, .markup = true, BY_ARCHIVE, .how = ARCHIVE_HOW_ZIP},
	{'#', 0xff, is_script, .seeks = true, .markup = true, BY_ARCHIVE, .how = ARCHIVE_HOW_ZIP},
	{'7', 0xff, is_7z, .seeks = true, BY_ARCHIVE, .how = ARCHIVE_HOW_7Z},
	{0x1f, 0xff, is_gz, .suffix = ".gz", BY_ARCHIVE, .how = ARCHIVE_HOW_GZ},
	{'B', 0xff, is_bz2, .suffix = ".bz2", BY_ARCHIVE, .how = ARCHIVE_HOW_BZ2},
	{0xfd, 0xff, is_xz, .suffix = ".xz", BY_ARCHIVE, .how = ARCHIVE_HOW_XZ},
	{0x28, 0xff, is_zst, .suffix = ".zst", BY_ARCHIVE, .how = ARCHIVE_HOW_ZST},
	{0x50, 0xf0, is_zst_skipped, .suffix = ".zst", BY_ARCHIVE, .how = ARCHIVE_HOW_ZST},
	{'R', 0xff, is_rar, .seeks = true, BY_ARCHIVE, .how = ARCHIVE_HOW_RAR},
	{'R', 0xff, is_rar5, .seeks = true, BY_ARCHIVE, .how = ARCHIVE_HOW_RAR5},
	{'!', 0xff, is_ar, BY_ARCHIVE, .how = ARCHIVE_HOW_AR},
	{'0', 0xff, is_cpio, BY_ARCHIVE, .how = ARCHIVE_HOW_CPIO},
	{0xc7, 0xff, is_old_cpio, BY_ARCHIVE, .how = ARCHIVE_HOW_CPIO},
	{0x71, 0xff, is_old_cpio, BY_ARCHIVE, .how = ARCHIVE_HOW_CPIO},
	{0x58, 0xf8, is_lzma, .suffix = ".lzma", BY_ARCHIVE, .how = ARCHIVE_HOW_LZMA},
	{'L', 0xff, is_lzip, .seeks = true, .suffix = ".lz", BY_ARCHIVE, .how = ARCHIVE_HOW_LZIP},
	{4, 0xff, is_lz4, .suffix = ".lz4", BY_ARCHIVE, .how = ARCHIVE_HOW_LZ4},
	{2, 0xff, is_lz4, .suffix = ".lz4", BY_ARCHIVE, .how = ARCHIVE_HOW_LZ4},
	{0x1f, 0xff, is_compress, .suffix = ".Z", BY_ARCHIVE, .how = ARCHIVE_HOW_COMPRESS},
	/* What it says of itself before that is searched as it is. */
	{0xed, 0xff, is_rpm, .seeks = true, .suffix = ".rpm", BY_ARCHIVE, .how = ARCHIVE_HOW_RPM},
	/* They are searched as they are, and so must not go by. */
	{'M', 0xff, is_unopened, .seeks = true, .read = tell_unopened},
	{0x89, 0xff, is_unopened, .seeks = true, .read = tell_unopened},
	{'L', 0xff, is_unopened, .seeks = true, .read = tell_unopened},
	{'x', 0xff, is_unopened, .seeks = true, .read = tell_unopened},
	{'R', 0xff, is_unopened, .seeks = true, .read = tell_unopened},
	{'S', 0xff, is_database, .seeks = true, .read = database_tell},
	{0x37, 0xff, is_wal, .seeks = true, .read = wal_tell},
	{'#', 0xff, is_git_pack, .seeks = true, .read = git_pack_tell},
	{'P', 0xff, is_git_pack, .seeks = true, .read = git_pack_tell},
	{0, 0, is_tar, BY_ARCHIVE, .how = ARCHIVE_HOW_TAR},
};

const struct inside_kind *inside_kind_of(struct slice beginning)
{
	unsigned char first = beginning.len ? beginning.ptr[0] : 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if ((first & kinds[i].mask) == kinds[i].first && kinds[i].begins(beginning))
			return &kinds[i];
	return NULL;
}

bool inside_is_program(struct slice beginning)
{
	return BEGINS_WITH(beginning, "MZ") || BEGINS_WITH(beginning, "\177ELF") ||
	       BEGINS_WITH(beginning, "#!");
}

void inside_look_for_end(struct inside_end *end, struct slice bytes, uint64_t offset)
{
	struct zip_records r = {0};

	zip_look_for_records(&r, bytes, offset);
	end->last = r.last.end ? r.last.end : end->last;
	end->likely = r.likely.end ? r.likely.end : end->likely;
}

const struct inside_kind *inside_kind_of_end(const struct inside_end *end, uint64_t size,
					     bool is_program)
{
	bool is_one = end->last &&
		      (end->last == size || end->likely == size || (is_program && end->likely));

	return is_one ? &kinds[0] : NULL;
}

bool inside_holds_others(struct slice bytes)
{
	bool is_program = inside_is_program(bytes);
	size_t beg = !is_program && bytes.len > INSIDE_END ? bytes.len - INSIDE_END : 0;
	struct inside_end end = {0};

	if (inside_kind_of(bytes))
		return true;
	inside_look_for_end(&end, slice_cut(bytes, (struct span){beg, bytes.len}), beg);
	return inside_kind_of_end(&end, bytes.len, is_program);
}

bool inside_is_worth(const struct inside_wanted *wanted, struct slice part)
{
	return wanted->worth(wanted->payload, part) || inside_holds_others(part);
}

bool inside_is_promising(const struct inside_wanted *wanted, struct slice part)
{
	return inside_holds_others(part) || wanted->promising(wanted->payload, part);
}

bool inside_seeks(const struct inside_kind *kind)
{
	return kind->seeks;
}

bool inside_has_markup(const struct inside_kind *kind)
{
	return kind->markup;
}

struct slice inside_suffix(const struct inside_kind *kind)
{
	return slice_str(kind->suffix ? kind->suffix : "");
}

/* ---- ceilings ---- */

static uint64_t bytes_max(const struct inside_limits *limits)
{
	uint64_t size = limits->size;

	if (size > (INSIDE_BYTES_MAX - INSIDE_BYTES_FREE) / INSIDE_RATIO_MAX)
		return INSIDE_BYTES_MAX;
	return INSIDE_BYTES_FREE + size * INSIDE_RATIO_MAX;
}

bool inside_may_read(struct inside_limits *limits, uint64_t bytes)
{
	limits->bytes += bytes;
	if (!limits->over && limits->bytes > bytes_max(limits))
		limits->over = "it unpacks to more than its size allows: the rest of it was not "
			       "scanned";
	return !limits->over;
}

bool inside_may_tell(struct inside_limits *limits)
{
	if (!limits->over && ++limits->members > INSIDE_MEMBERS_MAX)
		limits->over = "it holds more than 100,000 members: the rest of them were not "
			       "scanned";
	return !limits->over;
}

/* ---- libraries ---- */

/* A library that is needed by now, or cannot be had. */
struct loading {
	bool tried;
	int rc;
	struct err err;
};

struct inside {
	pthread_mutex_t much;
	pthread_mutex_t lock; /* for all below */
	struct loading archive_loading, sqlite_loading;
	struct archive_library archive;
	locale_t utf8; /* 0: there is none */
	struct libsqlite sqlite;
};

struct inside *inside_new(void)
{
	struct inside *inside = xcalloc(1, sizeof(*inside));

	pthread_mutex_init(&inside->much, NULL);
	pthread_mutex_init(&inside->lock, NULL);
	return inside;
}

void inside_free(struct inside *inside)
{
	if (!inside)
		return;
	archive_library_unload(&inside->archive);
	if (inside->utf8)
		freelocale(inside->utf8);
	libsqlite_unload(&inside->sqlite);
	pthread_mutex_destroy(&inside->lock);
	pthread_mutex_destroy(&inside->much);
	free(inside);
}

static int load_archive(struct inside *inside, struct err *err)
{
	inside->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return archive_library_load(&inside->archive, err);
}

static int load_sqlite(struct inside *inside, struct err *err)
{
	return libsqlite_load(&inside->sqlite, err);
}

/* Whether it is there: loads it when it is asked for first. */
static bool is_loaded(struct inside *inside, struct loading *l,
		      int (*load)(struct inside *inside, struct err *err), struct err *err)
{
	bool is_there;

	pthread_mutex_lock(&inside->lock);
	if (!l->tried)
		l->rc = load(inside, &l->err);
	l->tried = true;
	is_there = l->rc == 0;
	if (!is_there)
		*err = l->err;
	pthread_mutex_unlock(&inside->lock);
	return is_there;
}

const struct archive_library *inside_archive_library(struct inside *inside, struct err *err)
{
	return is_loaded(inside, &inside->archive_loading, load_archive, err) ? &inside->archive
									      : NULL;
}

const struct libsqlite *inside_libsqlite(struct inside *inside, struct err *err)
{
	return is_loaded(inside, &inside->sqlite_loading, load_sqlite, err) ? &inside->sqlite
									    : NULL;
}

locale_t inside_utf8(const struct inside *inside)
{
	return inside->utf8;
}

bool inside_take_much(struct inside *inside, struct inside_limits *limits)
{
	if (limits->holds_much)
		return false;
	pthread_mutex_lock(&inside->much);
	return limits->holds_much = true;
}

void inside_give_much(struct inside *inside, struct inside_limits *limits)
{
	limits->holds_much = false;
	pthread_mutex_unlock(&inside->much);
}

bool inside_can_read(struct inside *inside, const struct inside_kind *kind)
{
	return !kind->can_read || kind->can_read(inside);
}

int inside_read(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
		const struct inside_told *told, struct err *err)
{
	return kind->read(inside, kind, outer, told, err);
}
