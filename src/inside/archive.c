/*
 * Archives and compressed files, by way of libarchive. A kind's format and filter
 * are switched on and no other: each is code that a stranger's bytes get to, and what
 * lies inside of a member is another document's affair.
 */
#include "base/tr.h"
#include "inside/archive_hows.h"
#include "inside/archive_input.h"
#include "inside/archive_members.h"
#include "inside/zip_parts.h"

#include <locale.h>

/* ---- opening ---- */

bool archive_can_tell(struct inside *inside)
{
	struct err err;

	return inside_archive_library(inside, &err) != NULL;
}

/* Not so the zip's and 7z's, which is searched with all else that they are stored as. */
static bool goes_by(enum archive_how how)
{
	return how >= ARCHIVE_HOW_TAR;
}

/* gzip's ends with a sum and a size. Of a short one without, libarchive says that it is empty, and
 * so of an rpm that ends in its headers. */
static bool is_cut(const struct archive_opened *o, const unsigned char last[ARCHIVE_LAST])
{
	static const unsigned char none[ARCHIVE_LAST];

	if (o->lib->archive_format(o->a) != ARCHIVE_FORMAT_EMPTY)
		return false;
	return o->how == ARCHIVE_HOW_RPM ||
	       (o->how == ARCHIVE_HOW_GZ && memcmp(last, none, sizeof(none)) != 0);
}

/* What follows the end is another document, of any kind. */
static int tell_behind(struct archive_opened *o, struct archive_input *in, struct err *err)
{
	unsigned char last[ARCHIVE_LAST];
	int rc = archive_input_go_behind(in, o->a, last);
	struct stream s;

	if (rc < 0 || is_cut(o, last))
		return err_set(err, HF_EFORMAT, "%s", tr(ARCHIVE_DAMAGED));
	if (rc == 0)
		return 0;
	stream_from_reader(&s, archive_input_read, in, &o->buffer, 0);
	return archive_tell_stream(o, &s, err);
}

static int tell_opened(struct archive_opened *o, struct archive_input *in, struct err *err)
{
	locale_t before = uselocale(inside_utf8(o->inside));
	int rc;

	rc = archive_how_allow(o->lib, o->a, o->how, err);
	if (rc == 0 && archive_input_open(in, o->lib, o->a) < ARCHIVE_WARN)
		rc = err_set(err, HF_EFORMAT, "%s", tr(archive_reason(o)));
	if (rc == 0)
		rc = archive_how_is_open(o->lib, o->a, o->how, err);
	if (rc == 0)
		rc = archive_tell_all(o, err);
	if (rc == 0 && goes_by(o->how))
		rc = tell_behind(o, in, err);
	uselocale(before);
	return rc;
}

/* ---- memory ---- */

/* Whether so much may be held at a time, which waits until it may. */
static bool may_hold(struct archive_opened *o, uint64_t bytes)
{
	if (bytes > INSIDE_DICTIONARY_MAX)
		return false;
	if (bytes > INSIDE_DICTIONARY_FREE)
		o->is_much |= inside_take_much(o->inside, o->told->limits);
	return true;
}

/* Memory for the dictionary of a block is taken when its header was read: of that of one too large
 * the last byte is kept back. */
static size_t watch_xz(void *payload, struct slice bytes)
{
	struct archive_opened *o = payload;
	struct xz_walk *w = &o->xz;
	size_t at = 0;

	while (at < bytes.len) {
		at += xz_walk(w, slice_of(bytes.ptr + at, bytes.len - at));
		if (w->is_broken)
			return at;
		if (w->dictionary && !may_hold(o, w->dictionary)) {
			o->refused = w->blocks > 1 ? "needs more than 256 MiB of memory to unpack "
						     "further: the rest of it was not scanned"
						   : ARCHIVE_TOO_LARGE;
			return at - 1;
		}
	}
	return at;
}

/* Tells all of what in has; offset: where that ended, as far as libarchive knows. */
static int tell_input(struct archive_opened *o, struct archive_input *in, uint64_t memory,
		      uint64_t *offset, struct err *err)
{
	int rc;

	if (!may_hold(o, memory))
		return err_set(err, HF_ELIMIT, ARCHIVE_TOO_LARGE);
	o->a = o->lib->archive_read_new();
	if (o->a) {
		rc = tell_opened(o, in, err);
		*offset = in->beg + (uint64_t)o->lib->archive_read_header_position(o->a);
		o->lib->archive_read_free(o->a);
	} else {
		rc = err_set(err, HF_ELIMIT, "there is no memory for it");
	}
	if (o->is_much)
		inside_give_much(o->inside, o->told->limits);
	o->is_much = false;
	return rc;
}

/* Says what is wrong with it as a whole, too. */
static int tell_part(struct archive_opened *o, struct archive_input *in,
		     const struct zip_part *part, uint64_t *offset, struct err *err)
{
	bool said_damage = o->said_damage;
	int rc;

	in->beg = part->beg;
	in->end = part->end;
	in->adds_end = !part->by_directory;
	o->how = part->by_directory ? ARCHIVE_HOW_ZIP : ARCHIVE_HOW_ZIP_MEMBERS;
	o->count = 0;
	o->said_damage = false;
	rc = part->members || !part->by_directory ? tell_input(o, in, part->dictionary, offset, err)
						  : 0;
	if (rc == 0 && !o->said_damage &&
	    (part->is_odd || (part->by_directory && o->count != part->members)))
		rc = err_set(err, HF_EFORMAT, "%s", tr(ARCHIVE_DAMAGED));
	o->said_damage |= said_damage;
	return rc;
}

/* Of all parts that have something wrong the first one is told of. */
static int tell_parts(struct archive_opened *o, struct archive_input *in, struct err *err)
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

/* As its headers say that it should be. */
static int tell_asked(struct archive_opened *o, struct archive_input *in, struct err *err)
{
	struct archive_asked asked;
	uint64_t offset;
	int rc = archive_how_ask(o->lib, o->how, in->s, &asked, err);

	if (rc == 0)
		rc = tell_input(o, in, asked.memory, &offset, err);
	if (rc == 0 && !o->said_damage &&
	    (asked.is_broken || (asked.members != UINT64_MAX && asked.members != o->count)))
		rc = err_set(err, HF_EFORMAT, "%s", tr(ARCHIVE_DAMAGED));
	return rc;
}

int archive_tell(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
		 const struct inside_told *told, struct err *err)
{
	const struct archive_library *lib = inside_archive_library(inside, err);
	struct archive_opened o = {.inside = inside, .lib = lib, .how = kind->how, .told = told};
	struct archive_input in;
	int rc;

	if (!lib)
		return HF_ENOTFOUND;
	o.is_whole = stream_can_read_at(outer);
	stream_buffer_init(&o.buffer);
	archive_input_init(&in, outer, told->limits);
	if (kind->how == ARCHIVE_HOW_XZ) {
		xz_walk_init(&o.xz);
		in.watch = watch_xz;
		in.payload = &o;
	}
	if (kind->how == ARCHIVE_HOW_ZIP)
		rc = tell_parts(&o, &in, err);
	else
		rc = tell_asked(&o, &in, err);
	archive_input_dispose(&in);
	stream_buffer_dispose(&o.buffer);
	return rc;
}
