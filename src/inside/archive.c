/*
 * Archives and compressed files, by way of libarchive. A kind's format and filter
 * are switched on and no other: each is code that a stranger's bytes get to, and what
 * lies inside of a member is another document's affair.
 */
#include "inside/archive_library.h"
#include "base/tr.h"
#include "inside/kinds.h"
#include "inside/xz.h"
#include "inside/zip_end.h"

#include <locale.h>

/* What is shown of a hole, so that boundaries see its zeros; see base/stream.c. */
static const unsigned char hole[16];

/* What a block without bytes counts for, of which there may be any number. */
#define EMPTY_BLOCK 4096

/* The container, as libarchive asks for it. */
struct input {
	struct stream *s;
	bool at_any_place;
	bool started;
	uint64_t at;
	struct inside_limits *limits;
	struct stream_buffer buffer; /* archives in archives are as many calls on the stack */
};

/* An archive at work. */
struct opened {
	struct inside *inside;
	const struct archive_library *lib;
	struct archive *a;
	enum archive_how how;
	const struct inside_told *told;
	struct stream_buffer buffer;
	uint64_t count; /* members so far */
	bool is_whole;  /* the container is a document, and not what another one unpacks to */
	/* the member's: */
	const unsigned char *block;
	size_t block_len;
	const unsigned char *behind; /* the block behind a hole that is shown first */
	size_t behind_len;
	int64_t at;      /* of the first byte not yet handed out */
	const char *why; /* it was not read, or not to its end; NULL */
	bool ended;
};

/* ---- what libarchive reads ---- */

/* It cannot be gone back to: the window held now, and then the others. */
static la_ssize_t read_on(struct input *in, const void **out)
{
	struct stream *s = in->s;
	struct err err;
	int rc = in->started ? stream_next(s, s->text.len, &err) : 1;

	in->started = true;
	*out = s->text.ptr;
	if (rc > 0 && in->limits->unsized == s)
		in->limits->size += s->text.len;
	return rc < 0 ? -1 : rc > 0 ? (la_ssize_t)s->text.len : 0;
}

static la_ssize_t on_read(struct archive *a, void *payload, const void **out)
{
	struct input *in = payload;
	ssize_t n;

	(void)a;
	if (!in->at_any_place)
		return read_on(in, out);
	n = stream_read_at(in->s, in->at, in->buffer.ptr, STREAM_WINDOW);
	*out = in->buffer.ptr;
	in->at += n > 0 ? (uint64_t)n : 0;
	return n;
}

static la_int64_t on_skip(struct archive *a, void *payload, la_int64_t request)
{
	struct input *in = payload;
	uint64_t size = stream_size(in->s);

	(void)a;
	if (!in->at_any_place || request < 0)
		return 0;
	if ((uint64_t)request > size - in->at)
		request = (la_int64_t)(size - in->at);
	in->at += (uint64_t)request;
	return request;
}

static la_int64_t on_seek(struct archive *a, void *payload, la_int64_t offset, int whence)
{
	struct input *in = payload;
	int64_t size = (int64_t)stream_size(in->s);
	int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_END ? size : (int64_t)in->at;

	(void)a;
	if (!in->at_any_place || __builtin_add_overflow(base, offset, &base) || base < 0)
		return ARCHIVE_FATAL;
	in->at = (uint64_t)(base < size ? base : size);
	return (la_int64_t)in->at;
}

/* ---- opening ---- */

static void support(const struct archive_library *lib, struct archive *a, enum archive_how how)
{
	int (*const filters[ARCHIVE_HOW_COUNT])(struct archive *) = {
		[ARCHIVE_HOW_GZ] = lib->archive_read_support_filter_gzip,
		[ARCHIVE_HOW_BZ2] = lib->archive_read_support_filter_bzip2,
		[ARCHIVE_HOW_XZ] = lib->archive_read_support_filter_xz,
		[ARCHIVE_HOW_ZST] = lib->archive_read_support_filter_zstd,
	};

	int (*const formats[ARCHIVE_HOW_COUNT])(struct archive *) = {
		[ARCHIVE_HOW_ZIP] = lib->archive_read_support_format_zip,
		[ARCHIVE_HOW_7Z] = lib->archive_read_support_format_7zip,
		[ARCHIVE_HOW_TAR] = lib->archive_read_support_format_tar,
	};

	if (formats[how]) {
		formats[how](a);
	} else {
		filters[how](a);
		lib->archive_read_support_format_raw(a);
		lib->archive_read_support_format_empty(a);
	}
	if (how == ARCHIVE_HOW_TAR) /* as `cat` and `tar -A` join them */
		lib->archive_read_set_option(a, "tar", "read_concatenated_archives", "1");
}

static int open_input(const struct archive_library *lib, struct archive *a, struct input *in)
{
	lib->archive_read_set_read_callback(a, on_read);
	if (in->at_any_place) {
		lib->archive_read_set_skip_callback(a, on_skip);
		lib->archive_read_set_seek_callback(a, on_seek);
	}
	lib->archive_read_set_callback_data(a, in);
	return lib->archive_read_open1(a);
}

/* What a packer looked back on has to be held. It is taken only as far as something was
 * unpacked, which has a ceiling; .xz may ask for so much that it is told beforehand. */
static bool is_greedy(enum archive_how how, struct stream *outer)
{
	unsigned char headers[XZ_HEADERS];
	struct slice b = outer->text;

	if (how != ARCHIVE_HOW_XZ)
		return false;
	if (stream_can_read_at(outer)) {
		ssize_t n = stream_read_at(outer, 0, headers, sizeof(headers));

		b = slice_of(headers, n > 0 ? (size_t)n : 0);
	}
	return xz_dictionary(b) > INSIDE_DICTIONARY_MAX;
}

/* In words of ours: libarchive's own may hold names, and bytes, of the archive. */
static const char *reason(const struct opened *o)
{
	const char *text = o->lib->archive_error_string(o->a);

	if (text && (strstr(text, "ncrypt") || strstr(text, "assphrase")))
		return "is encrypted: it was not scanned";
	if (text && strstr(text, "nsupported"))
		return "is packed in a way that cannot be read: it was not scanned";
	return "is damaged: what cannot be read of it was not scanned";
}

/* ---- one member ---- */

static void set_block(struct opened *o, const unsigned char *ptr, size_t len, bool behind_hole)
{
	o->block = behind_hole ? hole : ptr;
	o->block_len = behind_hole ? sizeof(hole) : len;
	o->behind = ptr;
	o->behind_len = behind_hole ? len : 0;
}

/* Gets the next block. Its holes are cut short: a file may have 8 EiB of them. */
static bool next_block(struct opened *o)
{
	const void *ptr = NULL;
	la_int64_t offset = o->at;
	size_t len = 0;
	int rc = o->lib->archive_read_data_block(o->a, &ptr, &len, &offset);

	if (rc == ARCHIVE_EOF || rc < ARCHIVE_WARN) {
		o->why = rc == ARCHIVE_EOF ? o->why : reason(o);
		return false;
	}
	set_block(o, ptr, len, offset > o->at);
	o->at = offset + (la_int64_t)len;
	return inside_may_read(o->told->limits, len ? len : EMPTY_BLOCK);
}

static ssize_t on_member_read(void *payload, void *out, size_t len)
{
	struct opened *o = payload;

	while (!o->block_len && !o->ended)
		if (o->behind_len)
			set_block(o, o->behind, o->behind_len, false);
		else
			o->ended = !next_block(o);
	if (o->ended)
		return 0;
	if (len > o->block_len)
		len = o->block_len;
	memcpy(out, o->block, len);
	o->block += len;
	o->block_len -= len;
	return (ssize_t)len;
}

static struct slice name_of(const struct opened *o, struct archive_entry *entry)
{
	const char *name;

	if (o->lib->archive_format(o->a) == ARCHIVE_FORMAT_RAW)
		return SLICE("");
	name = o->lib->archive_entry_pathname_utf8(entry);
	if (!name) /* no UTF-8: as it is stored */
		name = o->lib->archive_entry_pathname(entry);
	return name ? slice_str(name) : SLICE("?");
}

static bool is_stored(const struct opened *o, struct archive_entry *entry)
{
	const char *format;

	if (o->how == ARCHIVE_HOW_TAR)
		return o->is_whole && o->lib->archive_entry_sparse_count(entry) == 0;
	format = o->how == ARCHIVE_HOW_ZIP ? o->lib->archive_format_name(o->a) : NULL;
	return format && strstr(format, "(uncompressed)");
}

static bool has_bytes(const struct opened *o, struct archive_entry *entry)
{
	unsigned type = o->lib->archive_entry_filetype(entry);

	return (type == AE_IFREG || type == 0) && !o->lib->archive_entry_hardlink(entry) &&
	       !o->lib->archive_entry_hardlink_utf8(entry);
}

/* What was not asked for is unpacked all the same, and counts. */
static void pass_over(struct opened *o, bool stored)
{
	o->block_len = o->behind_len = 0;
	while (!stored && !o->ended) {
		o->ended = !next_block(o);
		o->block_len = o->behind_len = 0;
	}
}

static void begin_member(struct opened *o)
{
	o->why = NULL;
	o->at = 0;
	o->block_len = o->behind_len = 0;
	o->ended = false;
}

static void tell_member(struct opened *o, struct archive_entry *entry)
{
	const struct inside_told *told = o->told;
	struct inside_member member = {.name = name_of(o, entry), .stored = is_stored(o, entry)};
	struct stream s;

	if (o->lib->archive_entry_is_encrypted(entry)) {
		o->why = "is encrypted: it was not scanned";
		o->ended = true;
	} else if (has_bytes(o, entry)) {
		stream_from_reader(&s, on_member_read, o, &o->buffer, 0);
		member.bytes = &s;
	}
	told->member(told->payload, &member);
	pass_over(o, member.stored);
	if (o->why)
		told->complain(told->payload, member.name, o->why);
}

/* ---- a compressed archive ---- */

/* What a compressed file unpacks to, if that is a tar archive. libarchive takes whatever
 * begins with zeros for an empty one, and would pass over the rest: so tar is not switched
 * on before it is known to be one. */
static const struct inside_kind *tar_in(struct opened *o)
{
	const struct inside_kind *kind;

	if (o->lib->archive_format(o->a) != ARCHIVE_FORMAT_RAW)
		return NULL;
	o->ended = !next_block(o);
	kind = inside_kind_of(slice_of(o->block, o->block_len));
	return kind && kind->how == ARCHIVE_HOW_TAR ? kind : NULL;
}

static int tell_tar(struct opened *o, const struct inside_kind *tar, struct err *err)
{
	struct stream s;
	int rc;

	stream_from_reader(&s, on_member_read, o, &o->buffer, 0);
	rc = stream_next(&s, 0, err);
	if (rc >= 0)
		rc = archive_tell(o->inside, tar, &s, o->told, err);
	/* It was whole, and what it was packed in is not. */
	return rc == 0 && o->why ? err_set(err, HF_EFORMAT, "%s", tr(o->why)) : rc;
}

/* ---- all of them ---- */

static bool may_tell_more(struct inside_limits *limits)
{
	if (!limits->over && ++limits->members > INSIDE_MEMBERS_MAX)
		limits->over = "it holds more than 100,000 members: the rest of them were not "
			       "scanned";
	return !limits->over;
}

static int tell_next(struct opened *o, struct archive_entry *entry, int rc, struct err *err)
{
	const struct inside_kind *tar;

	begin_member(o);
	tar = tar_in(o);
	if (tar)
		return tell_tar(o, tar, err);
	if (rc != ARCHIVE_RETRY)
		tell_member(o, entry);
	if (rc == ARCHIVE_FAILED)
		o->told->complain(o->told->payload, name_of(o, entry), reason(o));
	return 0;
}

static int tell_all(struct opened *o, struct err *err)
{
	struct inside_limits *limits = o->told->limits;
	struct archive_entry *entry;
	int rc, told = 0;

	while (told == 0 && (rc = o->lib->archive_read_next_header(o->a, &entry)) != ARCHIVE_EOF) {
		if (rc == ARCHIVE_FATAL)
			/* Of the member before it was said. */
			return o->why ? 0 : err_set(err, HF_EFORMAT, "%s", tr(reason(o)));
		o->count++;
		if (may_tell_more(limits))
			told = tell_next(o, entry, rc, err);
		if (limits->over)
			return err_set(err, HF_ELIMIT, "%s", tr(limits->over));
	}
	return told;
}

/* All that it says it has were come to, or of the last one it was said that it is damaged. */
static int check_count(const struct opened *o, struct stream *outer, struct err *err)
{
	if (o->how != ARCHIVE_HOW_ZIP || o->why || !stream_can_read_at(outer) ||
	    o->count >= zip_end_count(outer))
		return 0;
	return err_set(err, HF_EFORMAT, "%s",
		       tr("is damaged: what cannot be read of it was not scanned"));
}

bool archive_can_tell(struct inside *inside)
{
	struct err err;

	return inside_archive_library(inside, &err) != NULL;
}

int archive_tell(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
		 const struct inside_told *told, struct err *err)
{
	const struct archive_library *lib = inside_archive_library(inside, err);
	struct opened o = {.inside = inside, .lib = lib, .how = kind->how, .told = told};
	struct input in = {.s = outer, .limits = told->limits};
	locale_t before;
	int rc;

	if (!lib)
		return HF_ENOTFOUND;
	if (is_greedy(kind->how, outer))
		return err_set(err, HF_ELIMIT,
			       "needs more than 256 MiB of memory to unpack: it was not scanned");
	o.is_whole = in.at_any_place = stream_can_read_at(outer);
	o.a = lib->archive_read_new();
	if (!o.a)
		return err_set(err, HF_ELIMIT, "there is no memory for it");
	support(lib, o.a, kind->how);
	stream_buffer_init(&o.buffer);
	stream_buffer_init(&in.buffer);
	before = uselocale(inside_utf8(inside));
	if (open_input(lib, o.a, &in) < ARCHIVE_WARN)
		rc = err_set(err, HF_EFORMAT, "%s", tr(reason(&o)));
	else
		rc = tell_all(&o, err);
	if (rc == 0)
		rc = check_count(&o, outer, err);
	lib->archive_read_free(o.a);
	uselocale(before);
	stream_buffer_dispose(&in.buffer);
	stream_buffer_dispose(&o.buffer);
	return rc;
}
