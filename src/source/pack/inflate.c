#include "source/pack/inflate.h"

#include "base/alloc.h"

#include <limits.h>
#include <stdlib.h>

#include <libdeflate.h>
#include <zlib.h>

/* An object that is larger is passed over piece by piece. */
#define PAST_AT_ONCE ((size_t)1 << 20)
#define PAST_ROOM    (PAST_AT_ONCE + INFLATE_SPARE)

struct inflater {
	struct libdeflate_decompressor *libdeflate;
	unsigned char *room; /* PAST_ROOM bytes; NULL: not needed yet */
};

struct inflater *inflater_new(void)
{
	struct inflater *inflater = xcalloc(1, sizeof(*inflater));

	inflater->libdeflate = libdeflate_alloc_decompressor();
	if (!inflater->libdeflate)
		alloc_failed(1 << 15);
	return inflater;
}

void inflater_free(struct inflater *inflater)
{
	if (!inflater)
		return;
	libdeflate_free_decompressor(inflater->libdeflate);
	if (inflater->room)
		wipe(inflater->room, PAST_ROOM);
	free(inflater->room);
	free(inflater);
}

int inflate_whole(struct inflater *inflater, struct slice in, unsigned char *out, size_t size,
		  size_t room, size_t *used, struct err *err)
{
	unsigned char none;
	size_t came_to;

	switch (libdeflate_zlib_decompress_ex(inflater->libdeflate, in.ptr, in.len,
					      room ? out : &none, room, used, &came_to)) {
	case LIBDEFLATE_SUCCESS:
		if (came_to == size)
			return 0;
		break;
	case LIBDEFLATE_BAD_DATA:
		return err_set(err, HF_EFORMAT, "its compressed bytes are broken");
	default:
		break;
	}
	return err_set(err, HF_EFORMAT, "it does not have the size it says");
}

/* ---- piece by piece ---- */

struct inflate_pieces {
	z_stream z;
	struct slice in;    /* not yet given to zlib */
	struct slice whole; /* for beginning again */
	size_t skipped;
	uint64_t size;
	bool ended, broken;
	bool failed;   /* for inflate_pieces_failed() */
	uint64_t left; /* that the stream still has to give */
};

/* zlib counts in unsigned int. */
static uInt cut(size_t len)
{
	return len > UINT_MAX / 2 ? UINT_MAX / 2 : (uInt)len;
}

static bool begin(struct inflate_pieces *p, struct slice in)
{
	*p = (struct inflate_pieces){.in = in, .whole = in};
	return inflateInit(&p->z) == Z_OK;
}

/* Gives up to len bytes; fewer at the end or where it is broken. */
static size_t give(struct inflate_pieces *p, unsigned char *out, size_t len)
{
	size_t given = 0;

	while (given < len && !p->ended && !p->broken) {
		uInt fed = cut(p->in.len), room = cut(len - given);
		int rc;

		p->z.next_in = (Bytef *)p->in.ptr;
		p->z.avail_in = fed;
		p->z.next_out = out + given;
		p->z.avail_out = room;
		rc = inflate(&p->z, Z_NO_FLUSH);
		p->in.ptr += fed - p->z.avail_in;
		p->in.len -= fed - p->z.avail_in;
		given += room - p->z.avail_out;
		p->ended = rc == Z_STREAM_END;
		p->broken = rc != Z_OK && rc != Z_STREAM_END;
	}
	return given;
}

long inflate_first(struct slice in, unsigned char *out, size_t size, struct err *err)
{
	struct inflate_pieces p;
	size_t given;

	if (!in.len)
		return err_set(err, HF_EFORMAT, "there are no compressed bytes");
	if (!begin(&p, in))
		alloc_failed(1 << 15);
	given = give(&p, out, size);
	inflateEnd(&p.z);
	if (given == 0 && p.broken)
		return err_set(err, HF_EFORMAT, "its compressed bytes are broken");
	return (long)given;
}

static int pass_by(struct slice in, uint64_t size, size_t *used, struct err *err)
{
	unsigned char passed[4096];
	struct inflate_pieces p;
	uint64_t given = 0;
	size_t part;

	if (!begin(&p, in))
		alloc_failed(1 << 15);
	while ((part = give(&p, passed, sizeof(passed))) > 0)
		given += part;
	*used = in.len - p.in.len;
	inflateEnd(&p.z);
	wipe(passed, sizeof(passed));
	if (p.broken || !p.ended)
		return err_set(err, HF_EFORMAT, "its compressed bytes are broken");
	return given == size ? 0 : err_set(err, HF_EFORMAT, "it does not have the size it says");
}

int inflate_past(struct inflater *inflater, struct slice in, uint64_t size, size_t *used,
		 struct err *err)
{
	if (size > PAST_AT_ONCE)
		return pass_by(in, size, used, err);
	if (!inflater->room)
		inflater->room = xmalloc(PAST_ROOM);
	return inflate_whole(inflater, in, inflater->room, (size_t)size, PAST_ROOM, used, err);
}

struct inflate_pieces *inflate_pieces_new(struct slice in)
{
	struct inflate_pieces *p = xmalloc(sizeof(*p));

	if (!begin(p, in))
		alloc_failed(1 << 15);
	return p;
}

void inflate_pieces_free(struct inflate_pieces *pieces)
{
	if (!pieces)
		return;
	inflateEnd(&pieces->z);
	free(pieces);
}

int inflate_pieces_skip(struct inflate_pieces *pieces, size_t bytes, struct err *err)
{
	unsigned char skipped[512];

	pieces->skipped += bytes;
	while (bytes) {
		size_t part = bytes < sizeof(skipped) ? bytes : sizeof(skipped);

		if (give(pieces, skipped, part) < part)
			return err_set(err, HF_EFORMAT, "its compressed bytes are broken");
		bytes -= part;
	}
	return 0;
}

/* The checksum is looked at only by who asks for more than there is. */
static bool is_at_end(struct inflate_pieces *p)
{
	unsigned char more;

	return give(p, &more, 1) == 0 && p->ended;
}

/* What is broken merely ends: its reader does not know what it is called, and who
 * asks inflate_pieces_failed() does. */
static ssize_t read_piece(void *payload, void *out, size_t len)
{
	struct inflate_pieces *p = payload;
	size_t given;

	if (len > p->left)
		len = (size_t)p->left;
	given = give(p, out, len);
	p->left -= given;
	if (given < len || (p->left == 0 && !is_at_end(p)))
		p->failed = true;
	return (ssize_t)given;
}

static bool restart_pieces(void *payload)
{
	struct inflate_pieces *p = payload;
	size_t skipped = p->skipped;
	struct err err;

	if (inflateReset(&p->z) != Z_OK)
		return false;
	p->in = p->whole;
	p->ended = p->broken = p->failed = false;
	p->left = p->size;
	p->skipped = 0;
	return inflate_pieces_skip(p, skipped, &err) == 0;
}

void inflate_pieces_stream(struct inflate_pieces *pieces, struct stream *stream,
			   struct stream_buffer *buffer, uint64_t size)
{
	pieces->left = pieces->size = size;
	pieces->failed = false;
	stream_from_reader(stream, read_piece, pieces, buffer, size);
	stream->restart = restart_pieces;
}

bool inflate_pieces_failed(const struct inflate_pieces *pieces)
{
	return pieces->failed;
}
