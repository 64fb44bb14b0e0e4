/* report/path: what is shown opens the file from where the user stands. */
#include "report/path.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

struct row {
	const char *cwd, *root, *path;
	const char *shown, *whole;
};

static void show_rows(const struct row *rows, size_t count)
{
	struct buf shown, whole;

	buf_init(&shown, BUF_MAX_PATH);
	buf_init(&whole, BUF_MAX_PATH);
	for (size_t i = 0; i < count; i++) {
		const struct row *row = &rows[i];

		buf_reset(&shown);
		buf_reset(&whole);
		path_show(&shown, row->cwd, row->root, slice_str(row->path));
		path_show_whole(&whole, row->cwd, row->root, slice_str(row->path));
		assert_string_equal(shown.ptr, row->shown);
		assert_string_equal(whole.ptr, row->whole);
	}
	buf_dispose(&whole);
	buf_dispose(&shown);
}

#define SHOW(rows) show_rows(rows, sizeof(rows) / sizeof(*(rows)))

static void root_and_path_are_joined(void **state)
{
	static const struct row rows[] = {
		{"/home/ana", "unit1", "lab.py", "unit1/lab.py", "/home/ana/unit1/lab.py"},
		{"/home/ana", "/home/ana//unit1", "lab.py", "unit1/lab.py",
		 "/home/ana//unit1/lab.py"},
		{"/home/ana", "unit1/", "lab.py", "unit1/lab.py", "/home/ana/unit1/lab.py"},
		{"/home/ana", "../bo", "a/b.py", "../bo/a/b.py", "/home/ana/../bo/a/b.py"},
		{"/home/ana", "unit1/lab.py", "", "unit1/lab.py", "/home/ana/unit1/lab.py"},
		{"/home/ana", "/srv", "lab.py", "/srv/lab.py", "/srv/lab.py"},
		{"/home/ana", "/", "etc/x", "/etc/x", "/etc/x"},
		{"/home/ana", "unit1", "/srv/lab.py", "/srv/lab.py", "/srv/lab.py"},
	};

	SHOW(rows);
}

static void the_folder_one_stands_in_is_not_named(void **state)
{
	static const struct row rows[] = {
		{"/home/ana", NULL, "lab.py", "lab.py", "/home/ana/lab.py"},
		{"/home/ana", ".", "lab.py", "lab.py", "/home/ana/lab.py"},
		{"/home/ana", "./", "lab.py", "lab.py", "/home/ana/lab.py"},
		{"/home/ana", "./unit1", "lab.py", "unit1/lab.py", "/home/ana/unit1/lab.py"},
		{"/home/ana", ".//./unit1", "lab.py", "unit1/lab.py", "/home/ana/unit1/lab.py"},
		{"/home/ana", ".hidden", "lab.py", ".hidden/lab.py", "/home/ana/.hidden/lab.py"},
		{"/home/ana", "..", "lab.py", "../lab.py", "/home/ana/../lab.py"},
	};

	SHOW(rows);
}

static void what_lies_below_is_shown_from_there(void **state)
{
	static const struct row rows[] = {
		{"/home/ana", "/home/ana", "lab.py", "lab.py", "/home/ana/lab.py"},
		{"/home/ana", "/home/ana/", "lab.py", "lab.py", "/home/ana/lab.py"},
		{"/home/ana", "/home/ana/unit1", "lab.py", "unit1/lab.py",
		 "/home/ana/unit1/lab.py"},
		{"/home/ana/unit1", "/home/ana", "lab.py", "/home/ana/lab.py", "/home/ana/lab.py"},
		{"/", "/srv", "lab.py", "srv/lab.py", "/srv/lab.py"},
		/* A name that only begins alike is another folder. */
		{"/home/ana", "/home/anabel", "lab.py", "/home/anabel/lab.py",
		 "/home/anabel/lab.py"},
		/* The folder itself has no name from inside. */
		{"/home/ana", "/home/ana", "", "/home/ana", "/home/ana"},
	};

	SHOW(rows);
}

static void any_byte_is_left_as_it_is(void **state)
{
	static const struct row rows[] = {
		{"/home/ana", "a\x1b[2J", "\xff\n\\x", "a\x1b[2J/\xff\n\\x",
		 "/home/ana/a\x1b[2J/\xff\n\\x"},
		{"/home/año", "/home/año/课程", "作业.py", "课程/作业.py",
		 "/home/año/课程/作业.py"},
	};

	SHOW(rows);
}

static void what_was_there_before_stays(void **state)
{
	struct buf out;

	buf_init(&out, BUF_MAX_PATH);
	buf_append_str(&out, "in ");
	path_show(&out, "/home/ana", "/home/ana", SLICE("a"));
	buf_append_str(&out, " and ");
	path_show_whole(&out, "/home/ana", NULL, SLICE("b"));
	assert_string_equal(out.ptr, "in a and /home/ana/b");
	buf_dispose(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_and_path_are_joined),
		cmocka_unit_test(the_folder_one_stands_in_is_not_named),
		cmocka_unit_test(what_lies_below_is_shown_from_there),
		cmocka_unit_test(any_byte_is_left_as_it_is),
		cmocka_unit_test(what_was_there_before_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
