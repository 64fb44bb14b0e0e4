/* result: an order that does not depend on who found what first, each place
 * once, and the counts that follow. */
#include "result.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const struct rule first_rule = {.index = 0}, second_rule = {.index = 1};

/* A finding in short; fingerprints are one letter. */
struct row {
	const char *root, *path;
	uint64_t offset;
	char secret;
	enum verdict verdict;
	enum exposure exposure;
	const struct rule *rule;
};

static void add(struct result *r, const struct row *row)
{
	struct finding *f;

	r->findings = xrealloc(r->findings, (r->finding_count + 1) * sizeof(*r->findings));
	f = &r->findings[r->finding_count++];
	*f = (struct finding){
		.rule = row->rule ? row->rule : &first_rule,
		.verdict = row->verdict,
		.root = row->root ? xstrdup(row->root) : NULL,
		.path = xstrdup(row->path),
		.path_len = strlen(row->path),
		.exposure = row->exposure,
		.offset = row->offset,
		.secret.redacted = xstrdup("x"),
		.excerpt = xstrdup("x"),
	};
	f->secret.fingerprint[0] = row->secret;
}

static void the_order_is_the_same_whoever_came_first(void **state)
{
	static const struct row rows[] = {
		{".", "a", 1, 'p', VERDICT_LEAK, EXPOSURE_NONE, &first_rule},
		{".", "a", 1, 'p', VERDICT_LEAK, EXPOSURE_NONE, &second_rule},
		{".", "a", 2, 'q', VERDICT_LEAK, EXPOSURE_PUSHED, NULL},
		{".", "a", 2, 'q', VERDICT_LEAK, EXPOSURE_STAGED, NULL},
		{".", "a/b", 0, 'r', VERDICT_WARNING, EXPOSURE_NONE, NULL},
		{"b", "a", 0, 's', VERDICT_PLACEHOLDER, EXPOSURE_NONE, NULL},
	};
	const size_t count = sizeof(rows) / sizeof(*rows);

	for (size_t turn = 0; turn < count; turn++) {
		struct result r = {0};

		for (size_t i = 0; i < count; i++)
			add(&r, &rows[(i * 5 + turn) % count]);
		result_settle(&r);
		assert_int_equal(r.finding_count, count);
		for (size_t i = 0; i < count; i++) {
			assert_string_equal(r.findings[i].path, rows[i].path);
			assert_int_equal(r.findings[i].offset, rows[i].offset);
			assert_int_equal(r.findings[i].exposure, rows[i].exposure);
			assert_ptr_equal(r.findings[i].rule,
					 rows[i].rule ? rows[i].rule : &first_rule);
		}
		result_dispose(&r);
	}
}

static void one_place_reached_by_many_roots_counts_once(void **state)
{
	char folder[] = "/tmp/hfscan-result-XXXXXX";
	struct result r = {0};

	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(mkdir("sub", 0700), 0);
	assert_int_equal(symlink("sub", "link"), 0);
	add(&r, &(struct row){".", "sub/x", 5, 'p', VERDICT_LEAK, EXPOSURE_NONE, NULL});
	add(&r, &(struct row){"sub", "x", 5, 'p', VERDICT_LEAK, EXPOSURE_NONE, NULL});
	add(&r, &(struct row){"./link/", "x", 5, 'p', VERDICT_LEAK, EXPOSURE_NONE, NULL});
	add(&r, &(struct row){folder, "sub/x", 5, 'p', VERDICT_LEAK, EXPOSURE_NONE, NULL});
	add(&r, &(struct row){"sub", "x", 6, 'p', VERDICT_LEAK, EXPOSURE_NONE, NULL});
	add(&r, &(struct row){"gone", "x", 5, 'p', VERDICT_LEAK, EXPOSURE_NONE, NULL});
	add(&r, &(struct row){NULL, "x", 5, 'p', VERDICT_LEAK, EXPOSURE_NONE,
			      NULL}); /* standard input called x */
	result_settle(&r);
	assert_int_equal(r.finding_count, 4);
	assert_null(r.findings[0].root);
	assert_string_equal(r.findings[1].root, ".");
	assert_int_equal(r.summary.by_verdict[VERDICT_LEAK], 4);
	assert_int_equal(r.findings[0].occurrences, 4);
	result_dispose(&r);
	unlink("link");
	rmdir("sub");
	assert_int_equal(chdir("/"), 0);
	rmdir(folder);
}

static void secrets_are_counted_among_the_leaks(void **state)
{
	struct result r = {.summary.by_verdict[VERDICT_LEAK] = 10}; /* not listed */

	add(&r, &(struct row){".", "a", 0, 'p', VERDICT_LEAK, EXPOSURE_NONE, NULL});
	add(&r, &(struct row){".", "b", 0, 'q', VERDICT_LEAK, EXPOSURE_NONE, NULL});
	add(&r, &(struct row){".", "c", 0, 'p', VERDICT_LEAK, EXPOSURE_NONE, NULL});
	add(&r, &(struct row){".", "d", 0, 'r', VERDICT_PLACEHOLDER, EXPOSURE_NONE, NULL});
	add(&r, &(struct row){".", "e", 0, 's', VERDICT_WARNING, EXPOSURE_NONE, NULL});
	result_settle(&r);
	assert_int_equal(r.summary.secrets, 2);
	assert_int_equal(r.summary.by_verdict[VERDICT_LEAK], 13);
	assert_int_equal(r.summary.by_verdict[VERDICT_WARNING], 1);
	assert_int_equal(r.findings[0].occurrences, 2);
	assert_int_equal(r.findings[1].occurrences, 1);
	assert_int_equal(r.findings[2].occurrences, 2);
	result_dispose(&r);
}

static void complaints_are_ordered_by_path_and_text(void **state)
{
	static const char *const rows[][2] = {{NULL, "z"}, {"a", "x"}, {"a", "y"}, {"b", "x"}};
	struct result r = {.diags = xcalloc(4, sizeof(*r.diags)), .diag_count = 4};

	for (size_t i = 0; i < 4; i++) {
		const char *const *row = rows[(i * 3 + 2) % 4];

		r.diags[i] = (struct diag){.path = row[0] ? xstrdup(row[0]) : NULL,
					   .what = xstrdup(row[1])};
	}
	result_settle(&r);
	for (size_t i = 0; i < 4; i++) {
		assert_true(!r.diags[i].path == !rows[i][0]);
		if (rows[i][0])
			assert_string_equal(r.diags[i].path, rows[i][0]);
		assert_string_equal(r.diags[i].what, rows[i][1]);
	}
	result_dispose(&r);
}

/* Bytes of one place may be a name and contents, or two blobs. */
static void what_differs_at_one_place_is_kept(void **state)
{
	struct result r = {0};

	for (size_t i = 0; i < 4; i++)
		add(&r, &(struct row){".", "a", 0, 'p', VERDICT_LEAK, EXPOSURE_NONE, NULL});
	r.findings[0].where = WHERE_PATH;
	strcpy(r.findings[1].blob, "e69de29b");
	result_settle(&r);
	assert_int_equal(r.finding_count, 3);
	assert_string_equal(r.findings[0].blob, "");
	assert_string_equal(r.findings[1].blob, "e69de29b");
	assert_int_equal(r.findings[2].where, WHERE_PATH);
	result_dispose(&r);
}

static void nothing_found_is_a_result_too(void **state)
{
	struct result r = {0};

	result_settle(&r);
	assert_int_equal(r.finding_count, 0);
	assert_int_equal(r.summary.secrets, 0);
	result_dispose(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_is_the_same_whoever_came_first),
		cmocka_unit_test(one_place_reached_by_many_roots_counts_once),
		cmocka_unit_test(secrets_are_counted_among_the_leaks),
		cmocka_unit_test(complaints_are_ordered_by_path_and_text),
		cmocka_unit_test(what_differs_at_one_place_is_kept),
		cmocka_unit_test(nothing_found_is_a_result_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
