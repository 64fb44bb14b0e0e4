/* baseline: what is read, refused, found, kept and written. What the program makes of it
 * is in tests/cli/baseline.bats. */
#include "judge/baseline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccc"

static struct baseline *read_text(const char *text)
{
	struct baseline *b = NULL;
	struct err err;

	if (baseline_read(&b, slice_str(text), "file", "2026-05-04", &err) < 0)
		fail_msg("%s", err.msg);
	return b;
}

static void days_that_there_are(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} rows[] = {
		{"2026-12-31", true},   {"2024-02-29", true},  {"2000-02-29", true},
		{"2023-02-29", false},  {"1900-02-29", false}, {"2026-04-31", false},
		{"2026-13-01", false},  {"2026-00-01", false}, {"2026-01-00", false},
		{"2026-1-1", false},    {"", false},           {"2026/12/31", false},
		{"2026-12-31 ", false}, {"-026-12-31", false}, {"2026-12-3x", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (baseline_is_date(rows[i].text) != rows[i].is)
			fail_msg("%s", rows[i].text);
}

static void found_by_fingerprint_and_expired_from_the_day_on(void **state)
{
	struct baseline *b = read_text("{\"schema\":1,\"allowed\":["
				       "{\"fingerprint\":\"" C "\",\"expires\":\"2026-05-05\"},"
				       "{\"fingerprint\":\"" A
				       "\",\"expires\":\"2026-05-04\",\"reason\":\"why\"},"
				       "{\"fingerprint\":\"" B "\",\"expires\":\"2026-05-03\"}]}");

	assert_int_equal(baseline_count(b), 3);
	assert_int_equal(baseline_find(b, A), 0);
	assert_int_equal(baseline_find(b, B), 1);
	assert_int_equal(baseline_find(b, C), 2);
	assert_true(baseline_find(b, "dddddddddddddddddddddddddddddddd") == BASELINE_NONE);
	assert_true(baseline_at(b, 0).expired);
	assert_string_equal(baseline_at(b, 0).reason, "why");
	assert_null(baseline_at(b, 0).path);
	assert_true(baseline_at(b, 1).expired);
	assert_false(baseline_at(b, 2).expired);
	baseline_free(b);
}

static void nothing_is_found_in_an_empty_one(void **state)
{
	struct baseline *b = baseline_new("2026-05-04");

	assert_int_equal(baseline_count(b), 0);
	assert_true(baseline_find(b, A) == BASELINE_NONE);
	baseline_free(b);
}

static void lines_are_those_of_the_right_list(void **state)
{
	static const char text[] = "{\"schema\": 1,\n\"z\": [{}, 1, {}],\n\"allowed\": [\n"
				   "{\"fingerprint\": \"" A "\"},\n{\"fingerprint\": \"short\"}]}";
	struct baseline *b = NULL;
	struct err err;

	assert_int_equal(baseline_read(&b, slice_str(text), "file", "2026-05-04", &err),
			 HF_EFORMAT);
	assert_null(b);
	assert_string_equal(err.msg, "file: line 5: \"fingerprint\" must be 32 small hex digits");
}

/* Where a text stands in the file that is written; fails when it does not. */
static size_t at(const struct buf *out, const char *text)
{
	const char *found = strstr(out->ptr, text);

	if (!found)
		fail_msg("lacks %s: %s", text, out->ptr);
	return (size_t)(found - out->ptr);
}

static void written_by_path_with_all_that_is_not_known(void **state)
{
	struct baseline *b = read_text("{\"owner\":{\"x\":[1.5,null]},\"schema\":1,\"allowed\":["
				       "{\"fingerprint\":\"" A "\",\"path\":\"z\",\"n\":7}]}");
	struct buf out, again;

	buf_init(&out, BUF_MAX_FILE);
	buf_init(&again, BUF_MAX_FILE);
	baseline_add(b, &(struct allowance){.fingerprint = C, .path = "b"});
	baseline_add(b, &(struct allowance){.fingerprint = B, .path = "b"});
	baseline_write(&out, b);
	assert_int_equal(baseline_find(b, B), 1);
	assert_true(at(&out, B) < at(&out, C) && at(&out, C) < at(&out, A));
	assert_true(at(&out, "owner") < at(&out, "schema"));
	at(&out, "1.5");
	at(&out, "\"n\"");
	baseline_free(b);

	b = read_text(out.ptr);
	baseline_write(&again, b);
	assert_string_equal(again.ptr, out.ptr);
	baseline_free(b);
	buf_dispose(&again);
	buf_dispose(&out);
}

static void only_what_is_kept_stays(void **state)
{
	struct baseline *b = baseline_new("2026-05-04");
	const bool keep[] = {false, true, false};
	struct buf out;

	buf_init(&out, BUF_MAX_FILE);
	baseline_add(b, &(struct allowance){.fingerprint = B});
	baseline_add(b, &(struct allowance){.fingerprint = A});
	baseline_add(b, &(struct allowance){.fingerprint = C});
	baseline_retain(b, keep);
	assert_int_equal(baseline_count(b), 1);
	assert_int_equal(baseline_find(b, B), 0);
	assert_true(baseline_find(b, A) == BASELINE_NONE);
	baseline_write(&out, b);
	at(&out, B);
	assert_null(strstr(out.ptr, A));
	assert_null(strstr(out.ptr, C));
	baseline_free(b);
	buf_dispose(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_that_there_are),
		cmocka_unit_test(found_by_fingerprint_and_expired_from_the_day_on),
		cmocka_unit_test(nothing_is_found_in_an_empty_one),
		cmocka_unit_test(lines_are_those_of_the_right_list),
		cmocka_unit_test(written_by_path_with_all_that_is_not_known),
		cmocka_unit_test(only_what_is_kept_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
