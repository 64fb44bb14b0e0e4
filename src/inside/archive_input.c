#include "inside/archive_input.h"

/* That of an empty archive. */
static const unsigned char zip_end[22] = "PK\5\6";

/* It cannot be gone back to: the window held now, and then the others. */
static la_ssize_t read_on(struct archive_input *in, const void **out)
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

static la_ssize_t read_end(struct archive_input *in, const void **out)
{
	bool adds = in->adds_end && !in->ended;

	in->ended = true;
	*out = zip_end;
	return adds ? (la_ssize_t)sizeof(zip_end) : 0;
}

static la_ssize_t on_read(struct archive *a, void *payload, const void **out)
{
	struct archive_input *in = payload;
	uint64_t left = in->end - in->at;
	ssize_t n;

	(void)a;
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
	in->at = in->beg;
	lib->archive_read_set_read_callback(a, on_read);
	if (in->at_any_place) {
		lib->archive_read_set_skip_callback(a, on_skip);
		lib->archive_read_set_seek_callback(a, on_seek);
	}
	lib->archive_read_set_callback_data(a, in);
	return lib->archive_read_open1(a);
}
