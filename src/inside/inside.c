/*
 * The table of kinds, by which a document is known to hold others, and what
 * all kinds share.
 */
#include "inside/inside.h"

#include "base/alloc.h"
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
	return wanted->worth(wanted->payload, part) || wanted->of_kind(wanted->payload, part);
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
