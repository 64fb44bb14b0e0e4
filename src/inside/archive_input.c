#include "inside/archive_input.h"

/* That of an empty archive. */
static const unsigned char zip_end[22] = "PK\5\6";

/* Held of the window before, of which libarchive may have left something. */
#define HELD ((size_t)1024)

/* It cannot be gone back to: the window held now, and then the others. */
static la_ssize_t read_on(struct archive_input *in, const void **out)
{
	struct stream *s = in->s;
	size_t held = !in->started ? 0 : s->text.len < HELD ? s->text.len : HELD;
	struct err err;
	int rc = in->started ? stream_next(s, s->text.len - held, &err) : 1;
	size_t len = rc > 0 ? s->text.len - held : 0;

	in->started = true;
	*out = s->text.ptr + held;
	in->given += len;
	if (in->limits->unsized == s)
		in->limits->size += len;
	return rc < 0 ? -1 : (la_ssize_t)len;
}

static la_ssize_t read_end(struct archive_input *in, const void **out)
{
	bool adds = in->adds_end && !in->ended;

	in->ended = true;
	*out = zip_end;
	return adds ? (la_ssize_t)sizeof(zip_end) : 0;
}

/* libarchive gathers all that it wants to see at once, such as a name, and believes the archive
 * how long that is. No name is longer than this. */
#define AHEAD_MAX ((int64_t)16 << 20)

static bool gathers_too_much(const struct archive_input *in, struct archive *a)
{
	uint64_t given = in->at_any_place ? in->at - in->beg : in->given;

	return (int64_t)given - in->lib->archive_filter_bytes(a, -1) > AHEAD_MAX;
}

static la_ssize_t read_next(struct archive_input *in, const void **out)
{
	uint64_t left = in->end - in->at;
	ssize_t n;

	if (!in->at_any_place)
		return read_on(in, out);
	n = stream_read_at(in->s, in->at, in->buffer.ptr,
			   left < STREAM_WINDOW ? (size_t)left : STREAM_WINDOW);
	if (n == 0)
		return read_end(in, out);
	*out = in->buffer.ptr;
	in->at += n > 0 ? (uint64_t)n : 0;
	return n;
}

static la_ssize_t on_read(struct archive *a, void *payload, const void **out)
{
	struct archive_input *in = payload;
	la_ssize_t n;
	size_t may;

	if (gathers_too_much(in, a))
		return ARCHIVE_FATAL;
	n = in->stopped ? -1 : read_next(in, out);
	may = n > 0 && in->watch ? in->watch(in->payload, slice_of(*out, (size_t)n)) : 0;
	if (n <= 0 || !in->watch)
		return n;
	in->stopped = may < (size_t)n;
	return may || !in->stopped ? (la_ssize_t)may : -1;
}

static la_int64_t on_skip(struct archive *a, void *payload, la_int64_t request)
{
	struct archive_input *in = payload;

	(void)a;
	if (!in->at_any_place || request < 0)
		return 0;
	if ((uint64_t)request > in->end - in->at)
		request = (la_int64_t)(in->end - in->at);
	in->at += (uint64_t)request;
	return request;
}

static la_int64_t on_seek(struct archive *a, void *payload, la_int64_t offset, int whence)
{
	struct archive_input *in = payload;
	int64_t size = (int64_t)(in->end - in->beg);
	int64_t base = whence == SEEK_SET   ? 0
		       : whence == SEEK_END ? size
					    : (int64_t)(in->at - in->beg);

	(void)a;
	if (__builtin_add_overflow(base, offset, &base) || base < 0)
		return ARCHIVE_FATAL;
	base = base < size ? base : size;
	in->at = in->beg + (uint64_t)base;
	return base;
}

void archive_input_init(struct archive_input *in, struct stream *s, struct inside_limits *limits)
{
	*in = (struct archive_input){
		.s = s, .limits = limits, .at_any_place = stream_can_read_at(s)};
	if (in->at_any_place)
		in->end = stream_size(s);
	stream_buffer_init(&in->buffer);
}

void archive_input_dispose(struct archive_input *in)
{
	stream_buffer_dispose(&in->buffer);
}

int archive_input_open(struct archive_input *in, const struct archive_library *lib,
		       struct archive *a)
{
	int rc;

	in->lib = lib;
	in->at = in->beg;
	in->ended = in->stopped = false;
	lib->archive_read_set_read_callback(a, on_read);
	if (in->at_any_place) {
		lib->archive_read_set_skip_callback(a, on_skip);
		lib->archive_read_set_seek_callback(a, on_seek);
	}
	lib->archive_read_set_callback_data(a, in);
	rc = lib->archive_read_open1(a);
	/* An appended filter that fails at once is taken for an empty file. */
	return rc == ARCHIVE_OK && lib->archive_error_string(a) ? ARCHIVE_FATAL : rc;
}

/* ---- what is behind ---- */

static ssize_t read_behind(struct archive_input *in, void *out, size_t len)
{
	const struct stream *s = in->s;
	const void *more;

	if (!in->left) {
		la_ssize_t n = read_on(in, &more);

		if (n <= 0)
			return (ssize_t)n;
		in->left = (size_t)n;
	}
	len = len < in->left ? len : in->left;
	memcpy(out, s->text.ptr + s->text.len - in->left, len);
	in->left -= len;
	return (ssize_t)len;
}

ssize_t archive_input_read(void *payload, void *out, size_t len)
{
	struct archive_input *in = payload;
	ssize_t n;

	if (!in->at_any_place)
		return read_behind(in, out, len);
	n = stream_read_at(in->s, in->at, out, len);
	in->at += n > 0 ? (uint64_t)n : 0;
	return n;
}

/* Where it was gone to, which nothing was read of yet. */
static void read_last(struct archive_input *in, uint64_t used, unsigned char last[ARCHIVE_LAST])
{
	size_t len = used < ARCHIVE_LAST ? (size_t)used : ARCHIVE_LAST;
	size_t before = in->s->text.len - in->left;

	memset(last, 0, ARCHIVE_LAST);
	if (in->at_any_place)
		stream_read_at(in->s, in->at - len, last, len);
	else if (before >= len)
		memcpy(last, in->s->text.ptr + before - len, len);
}

static void go_back(struct archive_input *in, size_t len)
{
	if (in->at_any_place)
		in->at -= len;
	else
		in->left += len;
}

int archive_input_go_behind(struct archive_input *in, struct archive *a,
			    unsigned char last[ARCHIVE_LAST])
{
	uint64_t used = (uint64_t)in->lib->archive_filter_bytes(a, -1);
	unsigned char block[4096];
	ssize_t n;

	if (!in->at_any_place && (used > in->given || in->given - used > in->s->text.len))
		return HF_EFORMAT;
	in->at = in->beg + used;
	in->left = in->at_any_place ? 0 : (size_t)(in->given - used);
	read_last(in, used, last);
	while ((n = archive_input_read(in, block, sizeof(block))) > 0)
		for (size_t i = 0; i < (size_t)n; i++)
			if (block[i]) {
				go_back(in, (size_t)n - i);
				return 1;
			}
	return n < 0 ? HF_EIO : 0;
}
