/*
 * A window is a stretch of one buffer. To move on, what the reader still needs
 * goes to the buffer's front and the rest is filled behind it, so that a match
 * never straddles two windows and nothing is read twice.
 */
#include "base/stream.h"

#include "base/alloc.h"
#include "base/os.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define CAPACITY (STREAM_WINDOW + STREAM_KEEP_MAX)
/* What stands for the beginning of a hole, so that boundaries see its zeros. */
#define HOLE_SHOWN ((size_t)16)

void stream_buffer_init(struct stream_buffer *b)
{
	b->ptr = xmalloc(CAPACITY);
}

void stream_buffer_dispose(struct stream_buffer *b)
{
	wipe(b->ptr, CAPACITY);
	free(b->ptr);
	b->ptr = NULL;
}

void stream_from_memory(struct stream *s, struct slice bytes)
{
	*s = (struct stream){.text = bytes, .line1 = 1, .closed = true};
}

uint64_t stream_size(const struct stream *s)
{
	return s->buffer ? s->limit : s->text.len;
}

void stream_from_fd(struct stream *s, int fd, struct stream_buffer *buffer, uint64_t size,
		    bool sparse)
{
	*s = (struct stream){
		.text = slice_of(buffer->ptr, 0),
		.line1 = 1,
		.fd = fd,
		.buffer = buffer,
		.limit = size ? size : UINT64_MAX,
		.sparse = sparse && size > STREAM_WINDOW,
		.data_end = sparse && size > STREAM_WINDOW ? 0 : UINT64_MAX,
	};
}

void stream_from_reader(struct stream *s, stream_read_fn read, void *payload,
			struct stream_buffer *buffer, uint64_t size)
{
	stream_from_fd(s, -1, buffer, size, false);
	s->read = read;
	s->payload = payload;
}

/* ---- lines ---- */

/* Each of its bytes counts, downwards, to 128 at most. */
typedef signed char lanes __attribute__((vector_size(16)));

#define LANES_MAX (128 * sizeof(lanes))

static uint64_t count_feeds(const unsigned char *p, size_t len)
{
	uint64_t feeds = 0;

	while (len >= sizeof(lanes)) {
		size_t some = len < LANES_MAX ? len - len % sizeof(lanes) : LANES_MAX;
		lanes counts = {0}, c;

		for (size_t i = 0; i < some; i += sizeof(c)) {
			memcpy(&c, p + i, sizeof(c));
			counts += c == '\n';
		}
		for (size_t i = 0; i < sizeof(counts); i++)
			feeds += (uint64_t)-counts[i];
		p += some;
		len -= some;
	}
	for (size_t i = 0; i < len; i++)
		feeds += p[i] == '\n';
	return feeds;
}

uint64_t stream_count_lines(struct slice text, size_t *line_beg)
{
	const unsigned char *last = text.len ? memrchr(text.ptr, '\n', text.len) : NULL;

	*line_beg = last ? (size_t)(last - text.ptr) + 1 : 0;
	return count_feeds(text.ptr, *line_beg);
}

static void pass_lines(struct stream *s, size_t end)
{
	size_t line_beg;
	uint64_t lines = stream_count_lines(slice_of(s->text.ptr, end), &line_beg);

	s->line1 += lines;
	if (lines)
		s->line_offset = s->offset + line_beg;
}

/* ---- moving on ---- */

/* Reads `want` bytes, or up to the end: then returns 1. */
static int fill(struct stream *s, unsigned char *out, size_t want, size_t *got, struct err *err)
{
	*got = 0;
	while (*got < want) {
		unsigned char *to = out + *got;
		ssize_t n = s->read ? s->read(s->payload, to, want - *got)
				    : read(s->fd, to, want - *got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "cannot be read");
		if (n == 0)
			return 1;
		*got += (size_t)n;
	}
	return 0;
}

/* Goes to the next data of a sparse file. Returns false when only a hole is
 * left. A hole that is shorter than a window is read like data. */
static bool skip_hole(struct stream *s)
{
	uint64_t beg, end;

	if (!os_next_data(s->fd, s->next, &beg, &end) || beg >= s->limit)
		return false;
	if (beg - s->next < STREAM_WINDOW) {
		if (lseek(s->fd, (off_t)s->next, SEEK_SET) < 0)
			return false;
	} else {
		s->total += beg - s->next;
		s->next = beg;
		s->jumped = true;
	}
	s->data_end = end;
	return true;
}

/* Zeros stand in for the hole that the window ends at. */
static size_t show_hole(struct stream *s, size_t held)
{
	size_t len = HOLE_SHOWN;

	if (s->limit - s->next < len)
		len = (size_t)(s->limit - s->next);
	memset(s->buffer->ptr + held, 0, len);
	s->next += len;
	return len;
}

/* The bytes from keep on go to the buffer's front; returns how many. */
static size_t keep_tail(struct stream *s, size_t keep)
{
	if (keep > s->text.len)
		keep = s->text.len;
	if (s->text.len - keep > STREAM_KEEP_MAX)
		keep = s->text.len - STREAM_KEEP_MAX;
	pass_lines(s, keep);
	memmove(s->buffer->ptr, s->text.ptr + keep, s->text.len - keep);
	s->offset += keep;
	return s->text.len - keep;
}

static int read_window(struct stream *s, size_t held, struct err *err)
{
	size_t want = STREAM_WINDOW, got;
	uint64_t left = s->limit - s->next;
	int rc;

	if (left < want)
		want = (size_t)left;
	if (s->data_end - s->next < want)
		want = (size_t)(s->data_end - s->next);
	rc = fill(s, s->buffer->ptr + held, want, &got, err);
	if (rc < 0)
		return rc;
	s->next += got;
	s->ended = rc > 0 || s->next >= s->limit;
	s->closed = s->ended || s->next == s->data_end;
	if (!s->ended && s->closed)
		got += show_hole(s, held + got);
	s->text = slice_of(s->buffer->ptr, held + got);
	s->total += got;
	s->ended = s->ended || s->next >= s->limit;
	return 1;
}

/* Before the jump the window was closed: nothing of it is needed. */
static size_t forget_before_hole(struct stream *s, size_t held)
{
	s->text = slice_of(s->buffer->ptr, held);
	pass_lines(s, held);
	s->jumped = false;
	s->offset = s->next;
	return 0;
}

int stream_next(struct stream *s, size_t keep, struct err *err)
{
	size_t held;

	if (!s->buffer) {
		int first = !s->started;

		s->started = true;
		s->total = s->text.len;
		return first;
	}
	if (s->ended)
		return 0;
	held = s->started ? keep_tail(s, keep) : 0;
	s->started = true;
	if (s->next >= s->data_end && !skip_hole(s)) {
		s->total += s->limit - s->next;
		s->next = s->limit;
		s->data_end = UINT64_MAX;
	}
	if (s->jumped)
		held = forget_before_hole(s, held);
	return read_window(s, held, err);
}

/* ---- again ---- */

/* Where the document begins in what fd is open on; negative: it has no places. */
static off_t first_of(const struct stream *s)
{
	off_t now;

	if (s->sparse)
		return 0; /* skip_hole() goes by places in the file */
	now = lseek(s->fd, 0, SEEK_CUR);
	return now >= 0 && (uint64_t)now >= s->next ? now - (off_t)s->next : -1;
}

bool stream_can_restart(const struct stream *s)
{
	if (!s->buffer)
		return true;
	return s->read ? s->restart != NULL : first_of(s) >= 0;
}

bool stream_restart(struct stream *s)
{
	off_t first;

	if (!s->buffer) {
		s->started = false;
		return true;
	}
	if (s->read) {
		if (!s->restart || !s->restart(s->payload))
			return false;
	} else {
		first = first_of(s);
		if (first < 0 || lseek(s->fd, first, SEEK_SET) < 0)
			return false;
	}
	s->text = slice_of(s->buffer->ptr, 0);
	s->offset = s->line_offset = s->next = s->total = 0;
	s->line1 = 1;
	s->data_end = s->sparse ? 0 : UINT64_MAX;
	s->started = s->ended = s->closed = s->jumped = false;
	return true;
}

/* ---- anywhere ---- */

bool stream_file(const struct stream *s, int *fd, uint64_t *first)
{
	off_t beg = -1;

	if (s->buffer && !s->read && !s->sparse && s->limit != UINT64_MAX)
		beg = first_of(s);

	if (beg < 0)
		return false;
	*fd = s->fd;
	*first = (uint64_t)beg;
	return true;
}

bool stream_go_to(struct stream *s, uint64_t offset, uint64_t lines, uint64_t line_offset)
{
	off_t first = first_of(s);

	if (first < 0 || lseek(s->fd, first + (off_t)offset, SEEK_SET) < 0)
		return false;
	pass_lines(s, s->text.len);
	s->line1 += lines;
	if (lines)
		s->line_offset = line_offset;
	s->total += offset - s->next;
	s->next = s->offset = offset;
	s->text.len = 0;
	return true;
}

bool stream_can_read_at(const struct stream *s)
{
	return !s->buffer || (!s->read && s->limit != UINT64_MAX && first_of(s) >= 0);
}

static ssize_t read_memory_at(const struct stream *s, uint64_t offset, void *out, size_t len)
{
	if (offset >= s->text.len)
		return 0;
	if (len > s->text.len - offset)
		len = s->text.len - (size_t)offset;
	memcpy(out, s->text.ptr + offset, len);
	return (ssize_t)len;
}

ssize_t stream_read_at(const struct stream *s, uint64_t offset, void *out, size_t len)
{
	ssize_t n;

	if (!s->buffer)
		return read_memory_at(s, offset, out, len);
	if (offset >= s->limit)
		return 0;
	if (len > s->limit - offset)
		len = (size_t)(s->limit - offset);
	do
		n = pread(s->fd, out, len, first_of(s) + (off_t)offset);
	while (n < 0 && errno == EINTR);
	return n;
}
