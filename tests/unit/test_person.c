/* trace/person: author, mail, date and summary of a commit, as anybody may have
 * written it. */
#include "trace/person.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define TREE "tree 0123456789012345678901234567890123456789\n"

static const struct {
	const char *commit;
	const char *author, *email, *summary;
	int64_t time;
} cases[] = {
	{TREE "author A B <a@b> 12 +0000\ncommitter C <c@d> 13 +0000\n\none\n\ntwo\n", "A B", "a@b",
	 "one", 12},
	{TREE "author A <a@b> 12 -0800\n\nonly a line", "A", "a@b", "only a line", 12},
	{TREE "author A <a@b> 12 +0000\n\n\n\n  behind blank lines\n", "A", "a@b",
	 "  behind blank lines", 12},
	{TREE "author A <a@b> 12 +0000\n\n", "A", "a@b", "", 12},
	{TREE "author A <a@b> 12 +0000\n", "A", "a@b", "", 12},
	{TREE "author A <a@b> 12 +0000", "A", "a@b", "", 12},
	{TREE "author  <> 12 +0000\n\nx", "", "", "x", 12},
	{TREE "author <a@b> 12 +0000\n\nx", "", "a@b", "x", 12},
	{TREE "author A <a <b> c> 12 +0000\n\nx", "A", "a <b> c", "x", 12},
	{TREE "author A <a@b>\n\nx", "A", "a@b", "x", 0},
	{TREE "author A <a@b> -12 +0000\n\nx", "A", "a@b", "x", 0},
	{TREE "author A without a mail 12\n\nx", "A without a mail 12", "", "x", 0},
	{TREE "author A >backwards< 12\n\nx", "A >backwards< 12", "", "x", 0},
	{TREE "author \n\nx", "", "", "x", 0},
	{TREE "author First <1> 1 +0000\nauthor Second <2> 2 +0000\n\nx", "First", "1", "x", 1},
	{TREE "gpgsig x\n author Quoted <1> 1 +0000\nauthor A <2> 2 +0000\n\nx", "A", "2", "x", 2},
	{TREE "committer C <c@d> 13 +0000\n\nauthor Not <a@b> 12 +0000\n", "", "",
	 "author Not <a@b> 12 +0000", 0},
	{"", "", "", "", 0},
	{"\n\n", "", "", "", 0},
	{"author", "", "", "", 0},
};

static void each_commit_has_its_author(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = strlen(cases[i].commit);
		unsigned char *own = malloc(len ? len : 1); /* with nothing behind it */
		struct origin origin = {0};

		memcpy(own, cases[i].commit, len);
		person_read(slice_of(own, len), &origin);
		if (strcmp(origin.author, cases[i].author) != 0 ||
		    strcmp(origin.email, cases[i].email) != 0 ||
		    strcmp(origin.summary, cases[i].summary) != 0 || origin.time != cases[i].time)
			fail_msg("%s: '%s' '%s' '%s' %lld", cases[i].commit, origin.author,
				 origin.email, origin.summary, (long long)origin.time);
		free(origin.author);
		free(origin.email);
		free(origin.summary);
		free(own);
	}
}

static void a_time_that_is_too_large_does_not_overflow(void **state)
{
	struct origin origin = {0};

	person_read(SLICE("author A <a> 99999999999999999999999999999999999999 +0000\n\n"),
		    &origin);
	assert_true(origin.time > 0);
	free(origin.author);
	free(origin.email);
	free(origin.summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_commit_has_its_author),
		cmocka_unit_test(a_time_that_is_too_large_does_not_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
