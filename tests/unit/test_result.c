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

/* ---- history ---- */

static void add_origin(struct result *r, unsigned repository, const char *object,
		       enum exposure exposure, const char *path)
{
	struct origin *o;

	r->origins = xrealloc(r->origins, (r->origin_count + 1) * sizeof(*r->origins));
	o = &r->origins[r->origin_count++];
	*o = (struct origin){
		.repository = repository,
		.exposure = exposure,
		.author = xstrdup("A"),
		.email = xstrdup("a@b"),
		.summary = xstrdup("s"),
	};
	snprintf(o->object, sizeof(o->object), "%s", object);
	snprintf(o->commit, sizeof(o->commit), "of %s", object);
	if (path) {
		o->paths = xcalloc(2, sizeof(*o->paths));
		o->paths[0] = xstrdup(path);
		o->paths[1] = xstrdup("other");
		o->path_count = o->paths_total = 2;
	}
}

/* The last origin is of a name in that tree. */
static struct origin *set_name(struct result *r, const char *name)
{
	struct origin *o = &r->origins[r->origin_count - 1];

	o->name = xstrdup(name);
	return o;
}

/* What was found in an object; history: of the database, not in a file. */
static void add_found(struct result *r, const char *path, enum where where, const char *object,
		      bool history)
{
	struct finding *f;

	add(r, &(struct row){".", path, 7, 'p', VERDICT_LEAK, EXPOSURE_NONE, NULL});
	f = &r->findings[r->finding_count - 1];
	f->where = where;
	f->repository = 1;
	f->history = history;
	strcpy(f->blob, object);
}

static void a_place_in_history_gets_path_and_exposure_of_its_object(void **state)
{
	static const struct {
		const char *prefix, *own;
		enum where where;
		const char *wanted;
	} rows[] = {
		{"", "lab.py", WHERE_BLOB, "lab.py"},
		{"sub/", "a/lab.py", WHERE_BLOB, "sub/a/lab.py"},
		{"sub/", NULL, WHERE_BLOB, "sub/"},
		{"", NULL, WHERE_COMMIT_MESSAGE, ""},
		{"name", "", WHERE_PATH, "name"},
		{"name", "a/b", WHERE_PATH, "a/b/name"},
		{"sub/name", "", WHERE_PATH, "sub/name"},
		{"sub/deep/name", "a/b", WHERE_PATH, "sub/deep/a/b/name"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct result r = {0};

		add_origin(&r, 1, "b", EXPOSURE_UNREACHABLE, "wrong");
		add_origin(&r, 2, "a", EXPOSURE_PUSHED, "wrong");
		add_origin(&r, 1, "a", EXPOSURE_COMMITTED, rows[i].own);
		if (rows[i].where == WHERE_PATH)
			set_name(&r, "name");
		add_origin(&r, 1, "a", EXPOSURE_PUSHED, "wrong");
		set_name(&r, "other");
		add_found(&r, rows[i].prefix, rows[i].where, "a", true);
		result_settle(&r);
		assert_string_equal(r.findings[0].path, rows[i].wanted);
		assert_int_equal(r.findings[0].path_len, strlen(rows[i].wanted));
		assert_int_equal(r.findings[0].exposure, EXPOSURE_COMMITTED);
		assert_string_equal(r.findings[0].origin->commit, "of a");
		assert_int_equal(r.findings[0].origin->repository, 1);
		result_dispose(&r);
	}
}

static void what_was_not_traced_is_a_leftover_at_least(void **state)
{
	struct result r = {0};

	add_found(&r, "", WHERE_BLOB, "a", true);
	add_found(&r, "", WHERE_BLOB, "b", true);
	add_found(&r, "c", WHERE_BLOB, "c", false);
	r.findings[1].exposure = EXPOSURE_PUSHED;
	add_origin(&r, 2, "a", EXPOSURE_COMMITTED, "a");
	result_settle(&r);
	assert_int_equal(r.finding_count, 3);
	assert_null(r.findings[0].origin);
	assert_int_equal(r.findings[0].exposure, EXPOSURE_PUSHED);
	assert_int_equal(r.findings[1].exposure, EXPOSURE_UNREACHABLE);
	assert_int_equal(r.findings[2].exposure, EXPOSURE_NONE);
	result_dispose(&r);
}

/* Whoever was first, and whether or not the object was traced. */
static void a_file_stands_for_its_object(void **state)
{
	for (unsigned turn = 0; turn < 4; turn++) {
		bool file_first = turn & 1, traced = turn & 2;
		struct result r = {0};

		add_found(&r, file_first ? "z.py" : "", WHERE_BLOB, "a", !file_first);
		add_found(&r, file_first ? "" : "z.py", WHERE_BLOB, "a", file_first);
		r.findings[file_first].exposure = EXPOSURE_COMMITTED;
		r.findings[!file_first].exposure = EXPOSURE_WORKTREE;
		if (traced)
			add_origin(&r, 1, "a", EXPOSURE_PUSHED, "before.py");
		result_settle(&r);
		assert_int_equal(r.finding_count, 1);
		assert_string_equal(r.findings[0].path, "z.py");
		assert_false(r.findings[0].history);
		assert_int_equal(r.findings[0].exposure,
				 traced ? EXPOSURE_PUSHED : EXPOSURE_COMMITTED);
		assert_true(!r.findings[0].origin == !traced);
		assert_int_equal(r.findings[0].occurrences, 1);
		assert_int_equal(r.summary.by_verdict[VERDICT_LEAK], 1);
		result_dispose(&r);
	}
}

/* Each has to be mended; what the database has of them is no third one. */
static void two_files_of_one_object_both_stay(void **state)
{
	struct result r = {0};

	add_found(&r, "a.py", WHERE_BLOB, "a", false);
	add_found(&r, "b.py", WHERE_BLOB, "a", false);
	add_found(&r, "", WHERE_BLOB, "a", true);
	r.findings[1].exposure = EXPOSURE_STAGED;
	add_origin(&r, 1, "a", EXPOSURE_COMMITTED, "a.py");
	result_settle(&r);
	assert_int_equal(r.finding_count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_false(r.findings[i].history);
		assert_int_equal(r.findings[i].exposure, EXPOSURE_COMMITTED);
		assert_non_null(r.findings[i].origin);
	}
	result_dispose(&r);
}

/* The one object was read in each of two repositories, and at two offsets. */
static void other_repositories_and_offsets_are_other_places(void **state)
{
	struct result r = {0};

	for (size_t i = 0; i < 4; i++)
		add_found(&r, i == 2 ? "sub/" : "", WHERE_BLOB, i == 3 ? "b" : "a", true);
	r.findings[1].offset++;
	r.findings[2].repository = 2;
	result_settle(&r);
	assert_int_equal(r.finding_count, 4);
	result_dispose(&r);
}

/* The folder had three versions, and one name stands in the oldest only. The
 * origins of the other answer for all three. */
static void make_versions(struct result *r)
{
	static const char *const objects[] = {"c", "a", "b"};
	struct origin *o;

	for (size_t i = 0; i < 3; i++) {
		add_origin(r, 1, objects[i], EXPOSURE_PUSHED, "f");
		o = set_name(r, "name");
		o->time = (int64_t)i - 1;
		strcpy(o->removed, "end of b");
		add_found(r, "name", WHERE_PATH, objects[i], true);
	}
	add_origin(r, 1, "c", EXPOSURE_COMMITTED, "f");
	o = set_name(r, "once");
	o->time = -1;
	strcpy(o->removed, "end of c");
	add_found(r, "once", WHERE_PATH, "c", true);
}

static void a_name_is_one_place_in_all_versions_of_its_folder(void **state)
{
	for (unsigned turn = 0; turn < 2; turn++) {
		bool has_file = turn & 1;
		struct result r = {0};
		const struct finding *f;

		make_versions(&r);
		if (has_file)
			add(&r, &(struct row){".", "f/name", 7, 'p', VERDICT_LEAK, EXPOSURE_STAGED,
					      NULL});
		if (has_file)
			r.findings[4].where = WHERE_PATH;
		result_settle(&r);
		assert_int_equal(r.finding_count, 2);
		f = &r.findings[0];
		assert_string_equal(f->path, "f/name");
		assert_int_equal(f->history, !has_file);
		assert_int_equal(f->exposure, EXPOSURE_PUSHED);
		assert_string_equal(f->blob, "c");
		assert_string_equal(f->origin->commit, "of c");
		assert_string_equal(f->origin->removed, "end of b");
		f = &r.findings[1];
		assert_string_equal(f->path, "f/once");
		assert_int_equal(f->exposure, EXPOSURE_COMMITTED);
		assert_string_equal(f->origin->commit, "of c");
		assert_string_equal(f->origin->removed, "end of c");
		result_dispose(&r);
	}
}

/* An amended commit has the date of the one it replaced, or even a later one. */
static void a_version_that_nothing_reaches_is_no_elder(void **state)
{
	struct result r = {0};

	add_origin(&r, 1, "a", EXPOSURE_UNREACHABLE, "f");
	set_name(&r, "name")->time = -1;
	strcpy(r.origins[0].removed, "wrong");
	add_origin(&r, 1, "b", EXPOSURE_COMMITTED, "f");
	strcpy(set_name(&r, "name")->removed, "right");
	add_found(&r, "name", WHERE_PATH, "a", true);
	add_found(&r, "name", WHERE_PATH, "b", true);
	result_settle(&r);
	assert_int_equal(r.finding_count, 1);
	assert_string_equal(r.findings[0].origin->commit, "of b");
	assert_string_equal(r.findings[0].origin->removed, "right");
	assert_int_equal(r.findings[0].exposure, EXPOSURE_COMMITTED);
	result_dispose(&r);
}

/* Names of branches have no path of their own. */
static void names_of_branches_are_told_apart(void **state)
{
	struct result r = {0};

	for (size_t i = 0; i < 3; i++) {
		add_found(&r, "", WHERE_REF_NAME, "", true);
		r.findings[i].excerpt[0] = i ? 'y' : 'x';
	}
	add_found(&r, "", WHERE_REF_NAME, "", true);
	r.findings[3].secret.fingerprint[0] = 'q';
	result_settle(&r);
	assert_int_equal(r.finding_count, 3);
	result_dispose(&r);
}

static void history_has_one_order_too(void **state)
{
	char *first = NULL;

	for (size_t turn = 0; turn < 7; turn++) {
		struct result r = {0}, turned = {0};
		char *text;
		size_t len;
		FILE *out = open_memstream(&text, &len);

		make_versions(&r);
		add_found(&r, "", WHERE_BLOB, "d", true);
		add_found(&r, "", WHERE_BLOB, "e", true);
		add_found(&r, "lab", WHERE_BLOB, "e", false);
		turned = r;
		turned.findings = xcalloc(r.finding_count, sizeof(*r.findings));
		for (size_t i = 0; i < r.finding_count; i++)
			turned.findings[i] = r.findings[(i * 3 + turn) % r.finding_count];
		free(r.findings);
		result_settle(&turned);
		for (size_t i = 0; i < turned.finding_count; i++)
			fprintf(out, "%s %s %d\n", turned.findings[i].path, turned.findings[i].blob,
				turned.findings[i].exposure);
		fclose(out);
		if (!first)
			first = xstrdup(text);
		assert_string_equal(text, first);
		free(text);
		result_dispose(&turned);
	}
	free(first);
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
		cmocka_unit_test(a_place_in_history_gets_path_and_exposure_of_its_object),
		cmocka_unit_test(what_was_not_traced_is_a_leftover_at_least),
		cmocka_unit_test(a_file_stands_for_its_object),
		cmocka_unit_test(two_files_of_one_object_both_stay),
		cmocka_unit_test(other_repositories_and_offsets_are_other_places),
		cmocka_unit_test(a_name_is_one_place_in_all_versions_of_its_folder),
		cmocka_unit_test(a_version_that_nothing_reaches_is_no_elder),
		cmocka_unit_test(names_of_branches_are_told_apart),
		cmocka_unit_test(history_has_one_order_too),
		cmocka_unit_test(nothing_found_is_a_result_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
