/*
 * Archives and compressed files, by way of libarchive. A kind's format and filter
 * are switched on and no other: each is code that a stranger's bytes get to, and what
 * lies inside of a member is another document's affair.
 */
#include "inside/archive_input.h"
#include "base/tr.h"
#include "inside/kinds.h"
#include "inside/sevenzip.h"
#include "inside/xz.h"
#include "inside/zip_parts.h"

#include <locale.h>

/* What is shown of a hole, so that boundaries see its zeros; see base/stream.c. */
static const unsigned char hole[16];

/* What a block without bytes counts for, of which there may be any number. */
#define EMPTY_BLOCK 4096

/* An archive at work. */
struct opened {
	struct inside *inside;
	const struct archive_library *lib;
	struct archive *a;
	enum archive_how how;
	const struct inside_told *told;
	struct stream_buffer buffer;
	uint64_t count; /* members so far */
	bool complained;
	bool is_whole; /* the container is a document, and not what another one unpacks to */
	/* the member's: */
	const unsigned char *block;
	size_t block_len;
	const unsigned char *behind; /* the block behind a hole that is shown first */
	size_t behind_len;
	int64_t at;      /* of the first byte not yet handed out */
	const char *why; /* it was not read, or not to its end; NULL */
	bool ended;
};

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
		[ARCHIVE_HOW_ZIP] = lib->archive_read_support_format_zip_seekable,
		[ARCHIVE_HOW_ZIP_MEMBERS] = lib->archive_read_support_format_zip_streamable,
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

/* Bytes of what the packer looks back on, which have to be held. Memory for it is taken as
 * far as something was unpacked; 0: not known. */
static uint64_t dictionary_of(const struct archive_library *lib, enum archive_how how,
			      const struct stream *outer)
{
	unsigned char headers[XZ_HEADERS];
	struct slice b = outer->text;

	if (how == ARCHIVE_HOW_7Z && stream_can_read_at(outer))
		return sevenzip_dictionary(lib, outer);
	if (how != ARCHIVE_HOW_XZ)
		return 0;
	if (stream_can_read_at(outer)) {
		ssize_t n = stream_read_at(outer, 0, headers, sizeof(headers));

		b = slice_of(headers, n > 0 ? (size_t)n : 0);
	}
	return xz_dictionary(b);
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
	if (rc == ARCHIVE_WARN)
		o->why = reason(o); /* its sum or size is another */
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

static bool is_zip(const struct opened *o)
{
	return o->how == ARCHIVE_HOW_ZIP || o->how == ARCHIVE_HOW_ZIP_MEMBERS;
}

static bool is_stored(const struct opened *o, struct archive_entry *entry)
{
	const char *format;

	if (o->how == ARCHIVE_HOW_TAR)
		return o->is_whole && o->lib->archive_entry_sparse_count(entry) == 0;
	format = is_zip(o) ? o->lib->archive_format_name(o->a) : NULL;
	return format && strstr(format, "(uncompressed)");
}

/* Of a link, which has no bytes of its own, but may have been made of a file's. */
static const char *link_of(const struct opened *o, struct archive_entry *entry)
{
	const char *target = o->lib->archive_entry_symlink_utf8(entry);

	return target ? target : o->lib->archive_entry_symlink(entry);
}

/* A folder or the like with bytes that libarchive gives to nobody, and other programs do. */
static bool is_closed(const struct opened *o, struct archive_entry *entry)
{
	unsigned type = o->lib->archive_entry_filetype(entry);

	return is_zip(o) && type && type != AE_IFREG && o->lib->archive_entry_size(entry) > 0;
}

/* Without a directory nobody looked at what it takes to unpack one. */
static bool is_unbounded(const struct opened *o)
{
	const char *format = o->lib->archive_format_name(o->a);

	return o->how == ARCHIVE_HOW_ZIP_MEMBERS && format &&
	       (strstr(format, "(lzma)") || strstr(format, "(xz)"));
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

static void complain(struct opened *o, struct slice name, const char *why)
{
	o->complained = true;
	o->told->complain(o->told->payload, name, why);
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
	const char *target = link_of(o, entry);
	struct stream s;

	/* Whatever else it says it is: a folder may have bytes, too. */
	stream_from_reader(&s, on_member_read, o, &o->buffer, 0);
	member.bytes = &s;
	if (o->lib->archive_entry_is_encrypted(entry)) {
		o->why = "is encrypted: it was not scanned";
		o->ended = true;
		member.bytes = NULL;
	} else if (target) {
		stream_from_memory(&s, slice_str(target));
	} else if (is_closed(o, entry) || is_unbounded(o)) {
		o->ended = true;
		member.bytes = NULL;
		o->why = "is packed in a way that cannot be read: it was not scanned";
	}
	told->member(told->payload, &member);
	pass_over(o, member.stored);
	if (o->why)
		complain(o, member.name, o->why);
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
		complain(o, name_of(o, entry), reason(o));
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

bool archive_can_tell(struct inside *inside)
{
	struct err err;

	return inside_archive_library(inside, &err) != NULL;
}

static int tell_opened(struct opened *o, struct archive_input *in, struct err *err)
{
	locale_t before = uselocale(inside_utf8(o->inside));
	int rc;

	support(o->lib, o->a, o->how);
	if (archive_input_open(in, o->lib, o->a) < ARCHIVE_WARN)
		rc = err_set(err, HF_EFORMAT, "%s", tr(reason(o)));
	else
		rc = tell_all(o, err);
	uselocale(before);
	return rc;
}

/* Tells all of what in has; offset: where that ended, as far as libarchive knows. */
static int tell_input(struct opened *o, struct archive_input *in, uint64_t dictionary,
		      uint64_t *offset, struct err *err)
{
	bool is_much = false;
	int rc;

	if (dictionary > INSIDE_DICTIONARY_MAX)
		return err_set(err, HF_ELIMIT,
			       "needs more than 256 MiB of memory to unpack: it was not scanned");
	o->a = o->lib->archive_read_new();
	if (!o->a)
		return err_set(err, HF_ELIMIT, "there is no memory for it");
	if (dictionary > INSIDE_DICTIONARY_FREE)
		is_much = inside_take_much(o->inside, o->told->limits);
	rc = tell_opened(o, in, err);
	*offset = in->beg + (uint64_t)o->lib->archive_read_header_position(o->a);
	o->lib->archive_read_free(o->a);
	if (is_much)
		inside_give_much(o->inside, o->told->limits);
	return rc;
}

/* Says what is wrong with it as a whole, too. */
static int tell_part(struct opened *o, struct archive_input *in, const struct zip_part *part,
		     uint64_t *offset, struct err *err)
{
	bool complained = o->complained;
	int rc;

	in->beg = part->beg;
	in->end = part->end;
	in->adds_end = !part->by_directory;
	o->how = part->by_directory ? ARCHIVE_HOW_ZIP : ARCHIVE_HOW_ZIP_MEMBERS;
	o->count = 0;
	o->complained = false;
	rc = part->members || !part->by_directory ? tell_input(o, in, part->dictionary, offset, err)
						  : 0;
	if (rc == 0 && !o->complained &&
	    (part->is_odd || (part->by_directory && o->count != part->members)))
		rc = err_set(err, HF_EFORMAT, "%s",
			     tr("is damaged: what cannot be read of it was not scanned"));
	o->complained |= complained;
	return rc;
}

/* Of all parts that have something wrong the first one is told of. */
static int tell_parts(struct opened *o, struct archive_input *in, struct err *err)
{
	struct zip_parts *parts = zip_parts_new(in->s, INSIDE_MEMBERS_MAX);
	struct zip_part part;
	int first = 0;

	while (!o->told->limits->over && zip_parts_next(parts, &part)) {
		uint64_t offset = part.end;
		struct err own;
		int rc = tell_part(o, in, &part, &offset, &own);

		if (rc == 0 && !part.by_directory)
			zip_parts_go_on(parts, offset);
		if (rc < 0 && first == 0) {
			first = rc;
			*err = own;
		}
	}
	zip_parts_free(parts);
	return first;
}

int archive_tell(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
		 const struct inside_told *told, struct err *err)
{
	const struct archive_library *lib = inside_archive_library(inside, err);
	struct opened o = {.inside = inside, .lib = lib, .how = kind->how, .told = told};
	struct archive_input in;
	uint64_t offset;
	int rc;

	if (!lib)
		return HF_ENOTFOUND;
	o.is_whole = stream_can_read_at(outer);
	stream_buffer_init(&o.buffer);
	archive_input_init(&in, outer, told->limits);
	if (kind->how == ARCHIVE_HOW_ZIP)
		rc = tell_parts(&o, &in, err);
	else
		rc = tell_input(&o, &in, dictionary_of(lib, kind->how, outer), &offset, err);
	archive_input_dispose(&in);
	stream_buffer_dispose(&o.buffer);
	return rc;
}
