/* base/stream: however a document is cut into windows, its bytes, offsets and
 * lines are those of the whole. */
#include "base/stream.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "stream_file.h"

static unsigned char *content(size_t len)
{
	unsigned char *bytes = xmalloc(len);
	uint64_t state = 7;

	for (size_t i = 0; i < len; i++) {
		state = state * UINT64_C(6364136223846793005) + 1;
		bytes[i] = (unsigned char)((state >> 60) == 3 ? '\n' : 'a' + (state >> 40) % 26);
	}
	return bytes;
}

/* Line and column the slow way. */
static void locate_plainly(const unsigned char *bytes, size_t at, uint64_t *line, uint64_t *column)
{
	*line = *column = 1;
	for (size_t i = 0; i < at; i++) {
		*column = bytes[i] == '\n' ? 1 : *column + 1;
		*line += bytes[i] == '\n';
	}
}

static void check_window(const struct stream *s, const unsigned char *bytes)
{
	uint64_t line, column, wanted_line, wanted_column;
	size_t at = s->text.len / 2;

	assert_memory_equal(s->text.ptr, bytes + s->offset, s->text.len);
	if (!s->text.len)
		return;
	locate(s, at, &line, &column);
	locate_plainly(bytes, s->offset + at, &wanted_line, &wanted_column);
	assert_int_equal(line, wanted_line);
	assert_int_equal(column, wanted_column);
}

static void walk(struct stream *s, const unsigned char *bytes, size_t len, size_t kept)
{
	uint64_t reached = 0;
	size_t keep = 0;
	struct err err;
	int rc;

	while ((rc = stream_next(s, keep, &err)) > 0) {
		assert_true(s->offset <= reached);
		check_window(s, bytes);
		reached = s->offset + s->text.len;
		keep = s->text.len > kept ? s->text.len - kept : 0;
	}
	assert_int_equal(rc, 0);
	assert_int_equal(reached, len);
	assert_int_equal(s->total, len);
	assert_true(s->closed);
}

static void a_file_of_any_size_is_read_whole(void **state)
{
	static const size_t sizes[] = {1,
				       100,
				       STREAM_WINDOW - 1,
				       STREAM_WINDOW,
				       STREAM_WINDOW + 1,
				       3 * STREAM_WINDOW + 777};
	static const size_t kept[] = {0, 1, 4096, STREAM_KEEP_MAX, 2 * STREAM_KEEP_MAX};
	struct stream_buffer buffer;

	stream_buffer_init(&buffer);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		unsigned char *bytes = content(sizes[i]);

		for (size_t k = 0; k < sizeof(kept) / sizeof(*kept); k++) {
			FILE *f = file_of(bytes, sizes[i]);
			struct stream s;

			stream_from_fd(&s, fileno(f), &buffer, k % 2 ? sizes[i] : 0, false);
			walk(&s, bytes, sizes[i], kept[k]);
			fclose(f);
		}
		free(bytes);
	}
	stream_buffer_dispose(&buffer);
}

static void a_file_of_empty_lines_is_counted(void **state)
{
	size_t len = STREAM_WINDOW + 100;
	unsigned char *bytes = xmalloc(len);
	struct stream_buffer buffer;
	struct stream s;
	FILE *f;

	memset(bytes, '\n', len);
	f = file_of(bytes, len);
	stream_buffer_init(&buffer);
	stream_from_fd(&s, fileno(f), &buffer, len, false);
	walk(&s, bytes, len, 0);
	stream_buffer_dispose(&buffer);
	fclose(f);
	free(bytes);
}

static void a_file_that_shrank_is_shorter_and_one_that_grew_is_not_longer(void **state)
{
	size_t len = 2 * STREAM_WINDOW;
	unsigned char *bytes = content(len);
	struct stream_buffer buffer;
	struct stream s;
	FILE *f = file_of(bytes, len);

	stream_buffer_init(&buffer);
	stream_from_fd(&s, fileno(f), &buffer, 3 * STREAM_WINDOW, false);
	walk(&s, bytes, len, 100);
	lseek(fileno(f), 0, SEEK_SET);
	stream_from_fd(&s, fileno(f), &buffer, STREAM_WINDOW + 5, false);
	walk(&s, bytes, STREAM_WINDOW + 5, 100);
	fclose(f);
	stream_buffer_dispose(&buffer);
	free(bytes);
}

static void a_pipe_that_trickles_is_read_whole(void **state)
{
	size_t len = STREAM_WINDOW + 12345;
	unsigned char *bytes = content(len);
	struct stream_buffer buffer;
	struct stream s;
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		for (size_t at = 0; at < len; at += 1000)
			if (write(ends[1], bytes + at, len - at < 1000 ? len - at : 1000) < 0)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	stream_buffer_init(&buffer);
	stream_from_fd(&s, ends[0], &buffer, 0, false);
	walk(&s, bytes, len, 4096);
	close(ends[0]);
	stream_buffer_dispose(&buffer);
	free(bytes);
}

static void an_empty_document_is_one_empty_window(void **state)
{
	struct stream_buffer buffer;
	struct stream s;
	struct err err;
	FILE *f = tmpfile();

	stream_buffer_init(&buffer);
	stream_from_fd(&s, fileno(f), &buffer, 0, false);
	assert_int_equal(stream_next(&s, 0, &err), 1);
	assert_int_equal(s.text.len, 0);
	assert_true(s.closed);
	assert_int_equal(stream_next(&s, 0, &err), 0);
	stream_from_memory(&s, SLICE(""));
	assert_int_equal(stream_next(&s, 0, &err), 1);
	assert_int_equal(stream_next(&s, 0, &err), 0);
	fclose(f);
	stream_buffer_dispose(&buffer);
}

static void a_failing_read_is_an_error(void **state)
{
	struct stream_buffer buffer;
	struct stream s;
	struct err err;

	stream_buffer_init(&buffer);
	stream_from_fd(&s, -2, &buffer, 10, false);
	s.fd = 999;
	assert_true(stream_next(&s, 0, &err) < 0);
	stream_buffer_dispose(&buffer);
}

#define TB ((off_t)1 << 40)

/* Data at 0, at 1 TB, and 100 KB behind that; the end is another hole. */
static void holes_are_jumped_over(void **state)
{
	struct stream_buffer buffer;
	struct stream s;
	struct err err;
	FILE *f = tmpfile();
	int fd = fileno(f), windows = 0;
	bool first = false, second = false, third = false;

	if (ftruncate(fd, 2 * TB) != 0) {
		print_message("no file of 2 TB here; tried with 2 GB less one window\n");
		fail_msg("the file system refuses sparse files");
	}
	assert_int_equal(pwrite(fd, "one\n", 4, 0), 4);
	assert_int_equal(pwrite(fd, "two\n", 4, TB), 4);
	assert_int_equal(pwrite(fd, "three", 5, TB + 100000), 5);
	stream_buffer_init(&buffer);
	stream_from_fd(&s, fd, &buffer, 2 * TB, true);
	while (stream_next(&s, s.text.len, &err) > 0) {
		uint64_t line, column;
		const unsigned char *at;

		windows++;
		first = first || (s.offset == 0 && slice_has_prefix(s.text, SLICE("one\n")));
		at = memmem(s.text.ptr, s.text.len, "two", 3);
		if (at) {
			second = s.offset + (size_t)(at - s.text.ptr) == (uint64_t)TB;
			assert_true(s.closed || s.text.len > 100000);
		}
		at = memmem(s.text.ptr, s.text.len, "three", 5);
		if (at) {
			third = s.offset + (size_t)(at - s.text.ptr) == (uint64_t)TB + 100000;
			locate(&s, (size_t)(at - s.text.ptr), &line, &column);
			assert_int_equal(line, 3);
			assert_int_equal(column, 100000 - 4 + 1);
		}
	}
	assert_true(first && second && third);
	assert_true(windows < 10);
	assert_int_equal(s.total, 2 * TB);
	fclose(f);
	stream_buffer_dispose(&buffer);
}

static void assert_reads_at(const struct stream *s, const unsigned char *bytes, size_t len)
{
	static const size_t places[] = {0, 1, 70000, 199990, 200000, 200001, SIZE_MAX / 2};
	unsigned char out[64];

	assert_true(stream_can_read_at(s));
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		size_t left = places[i] < len ? len - places[i] : 0;
		ssize_t n = stream_read_at(s, places[i], out, sizeof(out));

		assert_int_equal(n, left < sizeof(out) ? left : sizeof(out));
		if (n > 0)
			assert_memory_equal(out, bytes + places[i], n);
	}
}

static void any_place_can_be_read_without_moving_the_windows(void **state)
{
	size_t len = 200000;
	unsigned char *bytes = content(len);
	struct stream_buffer buffer;
	FILE *f = file_of(bytes, len);
	struct stream s;
	struct err err;
	int ends[2];

	stream_buffer_init(&buffer);
	stream_from_fd(&s, fileno(f), &buffer, len, true);
	assert_reads_at(&s, bytes, len);
	while (stream_next(&s, s.text.len / 2, &err) > 0) {
		assert_reads_at(&s, bytes, len);
		check_window(&s, bytes);
	}
	assert_int_equal(s.total, len);
	stream_from_memory(&s, slice_of(bytes, len));
	assert_reads_at(&s, bytes, len);
	/* Where it was opened is its beginning; what it was said to have, its end. */
	lseek(fileno(f), 1000, SEEK_SET);
	stream_from_fd(&s, fileno(f), &buffer, 150000, false);
	assert_reads_at(&s, bytes + 1000, 150000);
	assert_int_equal(pipe(ends), 0);
	stream_from_fd(&s, ends[0], &buffer, 0, false);
	assert_false(stream_can_read_at(&s));
	close(ends[0]);
	close(ends[1]);
	fclose(f);
	stream_buffer_dispose(&buffer);
	free(bytes);
}

static void what_is_left_out_counts_for_lines_and_offsets(void **state)
{
	size_t len = 6 * STREAM_WINDOW + 99, to = 4 * STREAM_WINDOW, line_beg;
	unsigned char *bytes = content(len);
	struct stream_buffer buffer;
	FILE *f = file_of(bytes, len);
	uint64_t lines, first = 1;
	struct stream s;
	struct err err;
	int fd = -1;

	stream_buffer_init(&buffer);
	stream_from_fd(&s, fileno(f), &buffer, len, false);
	assert_int_equal(stream_next(&s, 0, &err), 1);
	assert_true(stream_file(&s, &fd, &first));
	assert_int_equal(fd, fileno(f));
	assert_int_equal(first, 0);
	lines = stream_count_lines(slice_of(bytes + s.text.len, to - s.text.len), &line_beg);
	assert_true(stream_go_to(&s, to, lines, s.text.len + line_beg));
	assert_int_equal(stream_next(&s, 0, &err), 1);
	assert_int_equal(s.offset, to);
	check_window(&s, bytes);
	assert_reads_at(&s, bytes, len);
	while (stream_next(&s, 12345, &err) > 0)
		check_window(&s, bytes);
	assert_int_equal(s.total, len);
	assert_true(stream_restart(&s));
	walk(&s, bytes, len, 100);
	stream_from_memory(&s, slice_of(bytes, len));
	assert_false(stream_file(&s, &fd, &first));
	stream_from_fd(&s, fileno(f), &buffer, len, true); /* it has holes */
	assert_false(stream_file(&s, &fd, &first));
	fclose(f);
	stream_buffer_dispose(&buffer);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_of_any_size_is_read_whole),
		cmocka_unit_test(a_file_of_empty_lines_is_counted),
		cmocka_unit_test(a_file_that_shrank_is_shorter_and_one_that_grew_is_not_longer),
		cmocka_unit_test(a_pipe_that_trickles_is_read_whole),
		cmocka_unit_test(an_empty_document_is_one_empty_window),
		cmocka_unit_test(a_failing_read_is_an_error),
		cmocka_unit_test(holes_are_jumped_over),
		cmocka_unit_test(any_place_can_be_read_without_moving_the_windows),
		cmocka_unit_test(what_is_left_out_counts_for_lines_and_offsets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
