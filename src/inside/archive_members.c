/* The members of an archive that libarchive was opened on, and what it unpacks to. */
#include "inside/archive_members.h"

#include "base/tr.h"

/* What is shown of a hole, so that boundaries see its zeros; see base/stream.c. */
static const unsigned char hole[16];

/* What a block without bytes counts for, of which there may be any number. */
#define EMPTY_BLOCK 4096
/* Of a tar, that is no header where there should be one. */
#define SKIPPED_BLOCK 512

/* In words of ours: libarchive's own may hold names, and bytes, of the archive. */
const char *archive_reason(const struct archive_opened *o)
{
	const char *text = o->lib->archive_error_string(o->a);

	if (o->refused)
		return o->refused;
	if (text && (strstr(text, "ncrypt") || strstr(text, "assphrase")))
		return ARCHIVE_ENCRYPTED;
	if (text && (strstr(text, "nsupported") || strstr(text, "not supported")))
		return ARCHIVE_UNREADABLE;
	return ARCHIVE_DAMAGED;
}

/* ---- one member ---- */

static void set_block(struct archive_opened *o, const unsigned char *ptr, size_t len,
		      bool behind_hole)
{
	o->block = behind_hole ? hole : ptr;
	o->block_len = behind_hole ? sizeof(hole) : len;
	o->behind = ptr;
	o->behind_len = behind_hole ? len : 0;
}

/* Gets the next block. Its holes are cut short: a file may have 8 EiB of them. */
static bool next_block(struct archive_opened *o)
{
	const void *ptr = NULL;
	la_int64_t offset = o->at;
	size_t len = 0;
	int rc = o->lib->archive_read_data_block(o->a, &ptr, &len, &offset);

	if (rc == ARCHIVE_EOF || rc < ARCHIVE_WARN) {
		o->why = rc == ARCHIVE_EOF ? o->why : archive_reason(o);
		o->is_lost = rc != ARCHIVE_EOF;
		return false;
	}
	if (rc == ARCHIVE_WARN)
		o->why = archive_reason(o); /* its sum or size is another */
	set_block(o, ptr, len, offset > o->at);
	o->at = offset + (la_int64_t)len;
	return inside_may_read(o->told->limits, len ? len : EMPTY_BLOCK);
}

static ssize_t on_member_read(void *payload, void *out, size_t len)
{
	struct archive_opened *o = payload;

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

static struct slice name_of(const struct archive_opened *o, struct archive_entry *entry)
{
	const char *name;

	if (o->lib->archive_format(o->a) == ARCHIVE_FORMAT_RAW)
		return SLICE("");
	name = o->lib->archive_entry_pathname_utf8(entry);
	if (!name) /* no UTF-8: as it is stored */
		name = o->lib->archive_entry_pathname(entry);
	return name ? slice_str(name) : SLICE("?");
}

static bool is_zip(const struct archive_opened *o)
{
	return o->how == ARCHIVE_HOW_ZIP || o->how == ARCHIVE_HOW_ZIP_MEMBERS;
}

static bool is_stored(const struct archive_opened *o, struct archive_entry *entry)
{
	const char *format;

	if (o->how == ARCHIVE_HOW_TAR || o->how == ARCHIVE_HOW_AR || o->how == ARCHIVE_HOW_CPIO)
		return o->is_whole && o->lib->archive_entry_sparse_count(entry) == 0;
	format = is_zip(o) ? o->lib->archive_format_name(o->a) : NULL;
	return format && strstr(format, "(uncompressed)");
}

/* Of a link, which has no bytes of its own, but may have been made of a file's. */
static const char *link_of(const struct archive_opened *o, struct archive_entry *entry)
{
	const char *target = o->lib->archive_entry_symlink_utf8(entry);

	return target ? target : o->lib->archive_entry_symlink(entry);
}

/* A folder or the like with bytes that libarchive gives to nobody, and other programs do. */
static bool is_closed(const struct archive_opened *o, struct archive_entry *entry)
{
	unsigned type = o->lib->archive_entry_filetype(entry);

	return is_zip(o) && type && type != AE_IFREG && o->lib->archive_entry_size(entry) > 0;
}

/* libarchive takes it for damage that there are no bytes of one; see rar5_headers(). */
static bool is_folder(const struct archive_opened *o, struct archive_entry *entry)
{
	return o->how == ARCHIVE_HOW_RAR5 && o->lib->archive_entry_filetype(entry) == AE_IFDIR;
}

/* Without a directory nobody looked at what it takes to unpack one. */
static bool is_unbounded(const struct archive_opened *o)
{
	const char *format = o->lib->archive_format_name(o->a);

	return o->how == ARCHIVE_HOW_ZIP_MEMBERS && format &&
	       (strstr(format, "(lzma)") || strstr(format, "(xz)"));
}

/* What was not asked for is unpacked all the same, and counts. */
static void pass_over(struct archive_opened *o, bool stored)
{
	o->block_len = o->behind_len = 0;
	while (!stored && !o->ended) {
		o->ended = !next_block(o);
		o->block_len = o->behind_len = 0;
	}
}

static void complain(struct archive_opened *o, struct slice name, const char *why)
{
	o->said_damage |= strcmp(why, ARCHIVE_DAMAGED) == 0;
	o->told->complain(o->told->payload, name, why);
}

static void begin_member(struct archive_opened *o)
{
	o->why = NULL;
	o->at = 0;
	o->block_len = o->behind_len = 0;
	o->ended = o->is_lost = false;
}

static void tell_member(struct archive_opened *o, struct archive_entry *entry)
{
	const struct inside_told *told = o->told;
	struct inside_member member = {.name = name_of(o, entry), .stored = is_stored(o, entry)};
	const char *target = link_of(o, entry);
	struct stream s;

	/* Whatever else it says it is: a folder may have bytes, too. */
	stream_from_reader(&s, on_member_read, o, &o->buffer, 0);
	member.bytes = &s;
	if (o->lib->archive_entry_is_encrypted(entry)) {
		o->why = ARCHIVE_ENCRYPTED;
		o->ended = true;
		member.bytes = NULL;
	} else if (is_folder(o, entry)) {
		o->ended = true;
		member.bytes = NULL;
	} else if (target) {
		stream_from_memory(&s, slice_str(target));
	} else if (is_closed(o, entry) || is_unbounded(o)) {
		o->ended = true;
		member.bytes = NULL;
		o->why = ARCHIVE_UNREADABLE;
	}
	told->member(told->payload, &member);
	pass_over(o, member.stored);
	if (o->why)
		complain(o, member.name, o->why);
}

/* ---- a compressed archive ---- */

/* What a compressed file unpacks to, if that is an archive which goes by once, too, such as tar.
 * libarchive takes whatever begins with zeros for an empty one of those, and would pass over the
 * rest: so tar is not switched on before it is known to be one. */
static const struct inside_kind *archive_in(struct archive_opened *o)
{
	const struct inside_kind *kind;

	if (o->lib->archive_format(o->a) != ARCHIVE_FORMAT_RAW)
		return NULL;
	o->ended = !next_block(o);
	kind = inside_kind_of(slice_of(o->block, o->block_len));
	return kind && !kind->seeks && kind->how >= ARCHIVE_HOW_TAR && kind->how < ARCHIVE_HOW_GZ
		       ? kind
		       : NULL;
}

static int tell_archive(struct archive_opened *o, const struct inside_kind *kind, struct err *err)
{
	struct stream s;
	int rc;

	stream_from_reader(&s, on_member_read, o, &o->buffer, 0);
	rc = stream_next(&s, 0, err);
	if (rc >= 0)
		rc = archive_tell(o->inside, kind, &s, o->told, err);
	/* It was whole, and what it was packed in is not; or is cut off by us. */
	return (rc == 0 && o->why) || o->refused
		       ? err_set(err, HF_EFORMAT, "%s", tr(o->refused ? o->refused : o->why))
		       : rc;
}

/* ---- all of them ---- */

/* Where libarchive finds no header of a .cpio it looks for the next one, finds some of them, and
 * says nothing if that is the last. So what it read for one is not much longer than a header may
 * be, which has from 76 bytes, as those have that are looked for, up to 116. */
#define CPIO_HEADER_MAX ((size_t)128)
#define CPIO_LAST       SLICE("TRAILER!!!")

static bool is_cpio(const struct archive_opened *o)
{
	return o->how == ARCHIVE_HOW_CPIO;
}

static bool has_gap(const struct archive_opened *o, struct slice name, const char *link)
{
	size_t max = CPIO_HEADER_MAX + name.len + (link ? strlen(link) : 0);

	return o->lib->archive_filter_bytes(o->a, 0) - o->lib->archive_read_header_position(o->a) >
	       (la_int64_t)max;
}

static int tell_next(struct archive_opened *o, struct archive_entry *entry, int rc, struct err *err)
{
	const struct inside_kind *kind;
	bool is_behind_gap = is_cpio(o) && has_gap(o, name_of(o, entry), link_of(o, entry));

	begin_member(o);
	kind = archive_in(o);
	if (kind)
		return tell_archive(o, kind, err);
	tell_member(o, entry);
	if (rc == ARCHIVE_FAILED || is_behind_gap)
		complain(o, name_of(o, entry), is_behind_gap ? ARCHIVE_DAMAGED : archive_reason(o));
	return 0;
}

int archive_tell_stream(struct archive_opened *o, struct stream *s, struct err *err)
{
	const struct inside_member member = {.name = SLICE(""), .bytes = s};

	if (!inside_may_tell(o->told->limits))
		return err_set(err, HF_ELIMIT, "%s", tr(o->told->limits->over));
	o->told->member(o->told->payload, &member);
	return 0;
}

int archive_tell_all(struct archive_opened *o, struct err *err)
{
	struct inside_limits *limits = o->told->limits;
	struct archive_entry *entry;
	bool skipped = false;
	int rc, told = 0;

	while (told == 0 && (rc = o->lib->archive_read_next_header(o->a, &entry)) != ARCHIVE_EOF) {
		if (rc == ARCHIVE_FATAL) /* of the member before it was said, if that lost it */
			return o->is_lost ? 0
					  : err_set(err, HF_EFORMAT, "%s", tr(archive_reason(o)));
		skipped |= rc == ARCHIVE_RETRY;
		if (rc == ARCHIVE_RETRY) {
			inside_may_read(limits, SKIPPED_BLOCK);
		} else {
			o->count++;
			if (inside_may_tell(limits))
				told = tell_next(o, entry, rc, err);
		}
		if (limits->over)
			return err_set(err, HF_ELIMIT, "%s", tr(limits->over));
	}
	if (told == 0 && (skipped || (is_cpio(o) && has_gap(o, CPIO_LAST, NULL))))
		return err_set(err, HF_EFORMAT, "%s", tr(ARCHIVE_DAMAGED));
	return told;
}
