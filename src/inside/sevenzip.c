/*
 * At the end of the file stands the header, which says how everything is packed, and
 * is mostly packed itself; so libarchive unpacks that alone first, as the only member of a file
 * that is made up around it.
 */
#include "inside/sevenzip.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/endian.h"
#include "base/tr.h"
#include "inside/sevenzip_header.h"

#include <libdeflate.h>
#include <stdlib.h>

#define SIGNATURE_LEN ((size_t)32) /* what offsets count from */
#define NEXT_OFFSET   12
#define NEXT_SIZE     20
/* 100,000 members with long names have 30 MB. */
#define HEADER_MAX ((uint64_t)64 << 20)
#define PACKED_MAX 2 /* headers in headers: 7-Zip writes one */

/* That libarchive takes for each at once, before the first member is told: of a file name and
 * all, of a folder as its coders come. */
#define FILE_BYTES   128
#define STREAM_BYTES 16
#define FOLDER_BYTES 512

/* ---- headers in headers ---- */

struct text {
	unsigned char *ptr;
	size_t len;
};

static void text_dispose(struct text *t)
{
	if (t->ptr)
		wipe(t->ptr, t->len);
	free(t->ptr);
	*t = (struct text){0};
}

/* Leaves so much room before and behind. False: there are not as many bytes. */
static bool text_read(struct text *t, const struct stream *s, uint64_t at, uint64_t len,
		      size_t before, size_t behind)
{
	if (len > HEADER_MAX || at + len > stream_size(s) || at + len < at)
		return false;
	t->len = before + (size_t)len + behind;
	t->ptr = xmalloc(t->len + 1);
	return stream_read_at(s, at, t->ptr + before, (size_t)len) == (ssize_t)len;
}

static int damaged(struct err *err)
{
	return err_set(err, HF_EFORMAT, "%s", tr(ARCHIVE_DAMAGED));
}

static int too_large(struct err *err)
{
	return err_set(err, HF_ELIMIT, ARCHIVE_TOO_LARGE);
}

/* Each thread may unpack one at any time, and so may take what each may have: 7-Zip looks back on
 * 1 MiB for it, and py7zr on 16. */
static int check_packed(const struct sevenzip_streams *of, struct err *err)
{
	if (of->is_encrypted)
		return err_set(err, HF_EFORMAT, "%s", tr(ARCHIVE_ENCRYPTED));
	if (of->dictionary > INSIDE_DICTIONARY_MAX || of->packed > HEADER_MAX)
		return too_large(err);
	if (of->packs != 1 || of->folders != 1 || of->dictionary > INSIDE_DICTIONARY_FREE)
		return err_set(err, HF_EFORMAT, "%s", tr(ARCHIVE_UNREADABLE));
	return 0;
}

static void put_number(struct buf *b, unsigned bytes, uint64_t value)
{
	for (; bytes; bytes--, value >>= 8)
		buf_append_byte(b, (unsigned char)value);
}

/* The header of a file that has nothing but the packed one for its only member, called "h", so
 * that libarchive unpacks that in whatever way it can. */
static void write_header(struct buf *header, const struct sevenzip_streams *of)
{
	buf_append(header, "\1\4\6\0\1\x09\xff", 7); /* one stream, of so many bytes */
	put_number(header, 8, of->packed);
	buf_append_byte(header, 0);
	buf_append_slice(header, of->folder);
	buf_append(header, "\x08\0\0\5\1\x11\5\0h\0\0\0\0\0", 14);
}

static void write_signature(unsigned char out[SIGNATURE_LEN], uint64_t packed, struct slice header)
{
	struct buf b;

	buf_init(&b, SIGNATURE_LEN);
	put_number(&b, 8, packed);
	put_number(&b, 8, header.len);
	put_number(&b, 4, libdeflate_crc32(0, header.ptr, header.len));
	memcpy(out, "7z\xbc\xaf\x27\x1c\0\4", 8);
	memcpy(out + NEXT_OFFSET, b.ptr, b.len);
	buf_reset(&b);
	put_number(&b, 4, libdeflate_crc32(0, out + NEXT_OFFSET, SIGNATURE_LEN - NEXT_OFFSET));
	memcpy(out + NEXT_OFFSET - 4, b.ptr, b.len);
	buf_dispose(&b);
}

/* Such a file; false: there are not as many bytes. */
static bool wrap(struct text *out, const struct stream *s, const struct sevenzip_streams *of)
{
	struct buf header;
	bool is_read;

	buf_init(&header, BUF_MAX_LINE);
	write_header(&header, of);
	is_read = of->packed_at < stream_size(s) && !buf_overflowed(&header) &&
		  text_read(out, s, SIGNATURE_LEN + of->packed_at, of->packed, SIGNATURE_LEN,
			    header.len);
	if (is_read) {
		write_signature(out->ptr, of->packed, buf_slice(&header));
		memcpy(out->ptr + out->len - header.len, header.ptr, header.len);
	}
	buf_dispose(&header);
	return is_read;
}

/* Its only member. */
static int read_member(const struct archive_library *lib, struct archive *a, struct text *out,
		       struct err *err)
{
	struct archive_entry *entry;
	int64_t len;

	if (lib->archive_read_next_header(a, &entry) != ARCHIVE_OK)
		return damaged(err);
	len = lib->archive_entry_size(entry);
	if (len < 0)
		return damaged(err);
	if ((uint64_t)len > HEADER_MAX)
		return too_large(err);
	*out = (struct text){xmalloc((size_t)len + 1), (size_t)len};
	return lib->archive_read_data(a, out->ptr, out->len) == len ? 0 : damaged(err);
}

static int unwrap(const struct archive_library *lib, const struct text *file, struct text *out,
		  struct err *err)
{
	struct archive *a = lib->archive_read_new();
	int rc;

	if (!a)
		return err_set(err, HF_ELIMIT, "there is no memory for it");
	lib->archive_read_support_format_7zip(a);
	if (lib->archive_read_open_memory(a, file->ptr, file->len) == ARCHIVE_OK)
		rc = read_member(lib, a, out, err);
	else
		rc = damaged(err);
	lib->archive_read_free(a);
	return rc;
}

static int unpack_header(const struct archive_library *lib, const struct stream *s,
			 const struct sevenzip_streams *of, struct text *out, struct err *err)
{
	struct text file = {0};
	int rc = check_packed(of, err);

	if (rc == 0)
		rc = wrap(&file, s, of) ? unwrap(lib, &file, out, err) : damaged(err);
	text_dispose(&file);
	return rc;
}

/* ---- the header ---- */

/* Of folders, packs and what is in them there are no more than the header has bytes; files may
 * be any number. */
static uint64_t memory_of(const struct sevenzip_streams *s)
{
	if (s->files >= UINT32_MAX)
		return UINT64_MAX;
	return s->dictionary + s->files * FILE_BYTES + s->folders * FOLDER_BYTES +
	       (s->packs + s->substreams) * STREAM_BYTES;
}

/* text: of the header; disposed of. */
static int read_header(const struct archive_library *lib, const struct stream *s, struct text *text,
		       uint64_t *memory, struct err *err)
{
	struct sevenzip_streams streams;
	int rc;

	for (unsigned i = 0;; i++) {
		struct text inner = {0};

		if (i > PACKED_MAX || !sevenzip_look(slice_of(text->ptr, text->len), &streams))
			return damaged(err);
		*memory = memory_of(&streams);
		if (!streams.is_packed)
			return 0;
		rc = unpack_header(lib, s, &streams, &inner, err);
		text_dispose(text);
		*text = inner;
		if (rc < 0)
			return rc;
	}
}

int sevenzip_memory(const struct archive_library *lib, const struct stream *s, uint64_t *memory,
		    struct err *err)
{
	unsigned char signature[SIGNATURE_LEN];
	uint64_t at, len;
	struct text text = {0};
	int rc;

	*memory = 0;
	if (stream_read_at(s, 0, signature, sizeof(signature)) != (ssize_t)sizeof(signature))
		return damaged(err);
	at = load_le64(signature + NEXT_OFFSET);
	len = load_le64(signature + NEXT_SIZE);
	if (!len)
		return 0; /* there is nothing in it */
	if (len > HEADER_MAX)
		return too_large(err);
	if (at >= stream_size(s) || !text_read(&text, s, SIGNATURE_LEN + at, len, 0, 0))
		rc = damaged(err);
	else
		rc = read_header(lib, s, &text, memory, err);
	text_dispose(&text);
	return rc;
}
