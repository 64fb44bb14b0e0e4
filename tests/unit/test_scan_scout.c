/* scan_scout: with a scout or without, and however far it got, the same is found at the
 * same places, and the same of it is held. */
#include "scan_scout.h"

#include "base/alloc.h"
#include "match/matcher.h"
#include "match/rules.h"
#include "match/sample.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "finder.h"
#include "stream_file.h"

#define DOCUMENT  ((size_t)12 << 20)
#define FOUND_MAX 4096

static uint64_t state = 11;

static uint32_t chance(uint32_t of)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % of;
}

/* What a walk through a document came to. */
struct told {
	const struct stream *s;
	struct place {
		uint64_t offset, line1, column1;
	} found[FOUND_MAX];
	size_t count, windows;
	uint64_t total;
	struct condensed held;
};

/* ---- documents ---- */

enum shape { PICTURES, PICTURES_IN_LINES, BOTH, LONG_LINES, SOURCES, SHAPES };

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void fill(unsigned char *out, size_t len, enum shape shape)
{
	for (size_t i = 0; i < len; i++) {
		out[i] = (unsigned char)digits[chance(64)];
		if (shape == SOURCES && chance(8) == 0)
			out[i] = chance(5) ? ' ' : '\n';
		if (shape == LONG_LINES && chance(100000) == 0)
			out[i] = '\n';
		if ((shape == PICTURES_IN_LINES ||
		     (shape == BOTH && i / (16 * STREAM_WINDOW) % 2)) &&
		    i % 78 == 77) {
			out[i - 1] = '\\';
			out[i] = 'n';
		}
	}
}

/* Tokens anywhere, with a stretch behind most that is some windows long, and where windows
 * meet, be it within an anchor. */
static unsigned char *document(enum shape shape)
{
	unsigned char *bytes = xmalloc(DOCUMENT);
	struct buf token;
	size_t at = 0;

	buf_init(&token, BUF_MAX_LINE);
	sample_expand(&token, SLICE(" login(\"@TOKEN:a@\") "));
	fill(bytes, DOCUMENT, shape);
	for (;;) {
		at += chance(4) ? chance(20 * (uint32_t)STREAM_WINDOW) : chance(2000);
		if (chance(2))
			at = at / STREAM_WINDOW * STREAM_WINDOW + STREAM_WINDOW -
			     (chance(2) ? chance(60) : 9 + chance(2));
		if (at + token.len > DOCUMENT)
			break;
		memcpy(bytes + at, token.ptr, token.len);
		bytes[at] = chance(2) ? '\n' : ' ';
		at += token.len;
	}
	buf_dispose(&token);
	return bytes;
}

/* ---- walking ---- */

static int keep_place(void *payload, const struct match *match)
{
	struct told *told = payload;
	struct place *place = &told->found[told->count++];

	assert_true(told->count < FOUND_MAX);
	place->offset = told->s->offset + match->secret.beg;
	locate(told->s, match->secret.beg, &place->line1, &place->column1);
	return 0;
}

/* As a worker does. wait: until the scout went as far as it will. leave_at: the scout is
 * sent home when so many windows were searched. */
struct walking {
	bool scouted, held, wait;
	size_t leave_at;
};

static void walk(struct finder *f, struct stream *s, const struct walking *how, struct told *told)
{
	struct scout *scout = NULL;
	bool was_sent = !how->scouted, done = false;
	uint64_t next = 0;
	size_t keep = 0;
	struct err err;

	*told = (struct told){.s = s};
	while (stream_next(s, keep, &err) > 0) {
		size_t beg = next > s->offset ? (size_t)(next - s->offset) : 0, resume;
		uint64_t seen = matcher_seen(f->matcher);

		told->windows++;
		assert_int_equal(matcher_run(f->matcher, s->text, beg, s->closed, keep_place, NULL,
					     told, &resume, &err),
				 0);
		if (how->held)
			condensed_add(&told->held, s->text, s->offset,
				      matcher_seen(f->matcher) == seen);
		next = s->offset + resume;
		keep = resume > MATCH_BEHIND ? resume - MATCH_BEHIND : 0;
		if (!was_sent)
			scout = scout_send(s, f->patterns, how->held);
		if (!was_sent && scout && how->wait)
			scout_await(scout);
		was_sent = true;
		if (scout)
			next = scout_pass(scout, s, next, how->held ? &told->held : NULL, &done);
		if (done || told->windows == how->leave_at) {
			scout_free(scout);
			scout = NULL;
			done = false;
		}
	}
	scout_free(scout);
	condensed_end(&told->held);
	told->total = s->total;
}

static void assert_same(const struct told *a, const struct told *b)
{
	assert_int_equal(a->count, b->count);
	assert_memory_equal(a->found, b->found, a->count * sizeof(*a->found));
	assert_int_equal(a->total, b->total);
	assert_int_equal(a->held.len, b->held.len);
	if (a->held.len)
		assert_memory_equal(a->held.ptr, b->held.ptr, a->held.len);
	assert_int_equal(a->held.cut_count, b->held.cut_count);
	for (size_t i = 0; i < a->held.cut_count; i++) {
		assert_int_equal(a->held.cuts[i].at, b->held.cuts[i].at);
		assert_int_equal(a->held.cuts[i].lost, b->held.cuts[i].lost);
		assert_int_equal(a->held.cuts[i].lost_lines, b->held.cuts[i].lost_lines);
	}
}

/* Both walks through the first `len` bytes in a file that is said to have DOCUMENT. */
static void compare(struct finder *f, const unsigned char *bytes, size_t len,
		    const struct walking *how, struct told *plain, struct told *scouted)
{
	struct stream_buffer buffer;
	FILE *file = file_of(bytes, len);
	struct stream s;

	stream_buffer_init(&buffer);
	stream_from_fd(&s, fileno(file), &buffer, DOCUMENT, false);
	walk(f, &s, &(struct walking){.held = how->held}, plain);
	assert_true(stream_restart(&s));
	walk(f, &s, how, scouted);
	assert_same(plain, scouted);
	condensed_dispose(&plain->held);
	condensed_dispose(&scouted->held);
	fclose(file);
	stream_buffer_dispose(&buffer);
}

static struct told one, other;

static void what_a_scout_went_through_is_gone_by_and_all_is_found(void **unused)
{
	struct finder f;

	finder_init(&f, NULL);
	for (unsigned i = 0; i < 2 * SHAPES; i++) {
		unsigned char *bytes = document(i % SHAPES);
		struct walking how = {.scouted = true, .held = i >= SHAPES, .wait = true};

		compare(&f, bytes, DOCUMENT, &how, &one, &other);
		assert_true(one.count > 5);
		/* What has lines is not plain: where something is held, all of it is. */
		if (i % SHAPES < LONG_LINES || !how.held)
			assert_true(other.windows < one.windows * 3 / 4);
		else if (i % SHAPES == SOURCES)
			assert_int_equal(other.windows, one.windows);
		free(bytes);
	}
	finder_dispose(&f);
}

static void wherever_they_meet_all_is_found(void **unused)
{
	struct finder f;

	finder_init(&f, NULL);
	for (unsigned i = 0; i < 15; i++) {
		unsigned char *bytes = document(i % SHAPES);
		struct walking how = {.scouted = true, .held = i % 2, .leave_at = chance(100)};

		compare(&f, bytes, DOCUMENT, &how, &one, &other);
		free(bytes);
	}
	finder_dispose(&f);
}

static void a_file_that_shrank_is_searched_as_far_as_it_goes(void **unused)
{
	struct walking how = {.scouted = true, .wait = true};
	unsigned char *bytes = document(PICTURES);
	struct finder f;

	finder_init(&f, NULL);
	compare(&f, bytes, DOCUMENT - 1000000, &how, &one, &other);
	assert_int_equal(other.total, DOCUMENT - 1000000);
	free(bytes);
	finder_dispose(&f);
}

static void a_document_that_begins_within_a_file_is_searched(void **unused)
{
	const off_t before = 1234567; /* some windows */
	unsigned char *bytes = document(PICTURES);
	struct stream_buffer buffer;
	FILE *file = file_of(bytes, DOCUMENT);
	struct finder f;
	struct stream s;

	finder_init(&f, NULL);
	stream_buffer_init(&buffer);
	lseek(fileno(file), before, SEEK_SET);
	stream_from_fd(&s, fileno(file), &buffer, DOCUMENT - (uint64_t)before, false);
	walk(&f, &s, &(struct walking){.held = false}, &one);
	assert_true(stream_restart(&s));
	walk(&f, &s, &(struct walking){.scouted = true, .wait = true}, &other);
	assert_same(&one, &other);
	assert_true(other.windows < one.windows);
	fclose(file);
	stream_buffer_dispose(&buffer);
	free(bytes);
	finder_dispose(&f);
}

static void a_document_that_is_small_or_goes_by_once_has_none(void **unused)
{
	unsigned char *bytes = document(PICTURES);
	struct stream_buffer buffer;
	FILE *file = file_of(bytes, SCOUT_FROM);
	struct finder f;
	struct stream s;
	struct err err;
	int ends[2];

	finder_init(&f, NULL);
	stream_buffer_init(&buffer);
	stream_from_fd(&s, fileno(file), &buffer, SCOUT_FROM, false);
	assert_int_equal(stream_next(&s, 0, &err), 1);
	assert_null(scout_send(&s, f.patterns, false));
	stream_from_memory(&s, slice_of(bytes, DOCUMENT));
	assert_int_equal(stream_next(&s, 0, &err), 1);
	assert_null(scout_send(&s, f.patterns, false));
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes, 1000), 1000);
	close(ends[1]);
	stream_from_fd(&s, ends[0], &buffer, 0, false);
	assert_int_equal(stream_next(&s, 0, &err), 1);
	assert_null(scout_send(&s, f.patterns, false));
	close(ends[0]);
	fclose(file);
	stream_buffer_dispose(&buffer);
	free(bytes);
	finder_dispose(&f);
}

/* What stands before a block says that a token which begins with it is none. */
static void what_was_gone_by_is_not_taken_for_a_boundary(void **unused)
{
	struct walking how = {.scouted = true, .wait = true};
	unsigned char *bytes = xmalloc(DOCUMENT);
	struct finder f;
	struct buf token;

	finder_init(&f, NULL);
	buf_init(&token, BUF_MAX_LINE);
	sample_expand(&token, SLICE("x@TOKEN:a@\""));
	fill(bytes, DOCUMENT, PICTURES);
	for (size_t at = STREAM_WINDOW; at + token.len < DOCUMENT; at += STREAM_WINDOW)
		memcpy(bytes + at - 1, token.ptr, token.len);
	compare(&f, bytes, DOCUMENT, &how, &one, &other);
	assert_int_equal(one.count, 0);
	assert_true(other.windows < one.windows);
	buf_dispose(&token);
	free(bytes);
	finder_dispose(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_gone_by_is_not_taken_for_a_boundary),
		cmocka_unit_test(what_a_scout_went_through_is_gone_by_and_all_is_found),
		cmocka_unit_test(wherever_they_meet_all_is_found),
		cmocka_unit_test(a_file_that_shrank_is_searched_as_far_as_it_goes),
		cmocka_unit_test(a_document_that_begins_within_a_file_is_searched),
		cmocka_unit_test(a_document_that_is_small_or_goes_by_once_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
