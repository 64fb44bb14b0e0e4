/* cli/options: what argv says, in every spelling, and one line about what it
 * cannot mean. */
#include "cli/options.h"

#include "base/buf.h"
#include "match/sample.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define WORDS_MAX 12

/* Splits words at blanks; parses them as argv. */
static int parse(struct options *out, const char *words, struct err *err)
{
	static char text[256];
	char *argv[WORDS_MAX + 2] = {text};
	int argc = 1;

	strcpy(text, "hfscan");
	strcpy(text + 8, words);
	for (char *word = strtok(text + 8, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	assert_true(argc <= WORDS_MAX);
	return options_parse(out, argc, argv, err);
}

static void every_spelling_means_the_same(void **state)
{
	static const char *const rows[] = {
		"-f json -j 4 -v -v lab.py x",         "-fjson -j4 -vv lab.py x",
		"--format json --jobs 4 -vv lab.py x", "--format=json --jobs=4 -vv lab.py x",
		"lab.py -vv -j4 x --format json",      "scan -vvfjson -j4 lab.py x",
		"-vv -j4 -fjson -- lab.py x",          "lab.py -vv -fjson -j4 -- x",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct options o;
		struct err err = {.msg = ""};

		if (parse(&o, rows[i], &err) != 0)
			fail_msg("%s: %s", rows[i], err.msg);
		assert_string_equal(o.verb, "scan");
		assert_string_equal(o.format, "json");
		assert_int_equal(o.jobs, 4);
		assert_int_equal(o.verbose, 2);
		assert_int_equal(o.arg_count, 2);
		assert_string_equal(o.args[0], "lab.py");
		assert_string_equal(o.args[1], "x");
		options_dispose(&o);
	}
}

static void nothing_given_is_the_default(void **state)
{
	struct options o;
	struct err err;

	assert_int_equal(parse(&o, "", &err), 0);
	assert_string_equal(o.verb, "scan");
	assert_false(o.verb_given);
	assert_string_equal(o.format, "text");
	assert_int_equal(o.arg_count, 0);
	assert_int_equal(o.jobs, 0);
	assert_int_equal(o.color, COLOR_AUTO);
	assert_null(o.output);
	assert_null(o.files_from);
	assert_null(o.repos_from);
	assert_false(o.quiet || o.strict || o.ignored || o.show_secrets || o.allow_incomplete);
	options_dispose(&o);
}

static void a_verb_is_the_first_word_only(void **state)
{
	struct options o;
	struct err err;

	assert_int_equal(parse(&o, "rules explain hf-oidc-token", &err), 0);
	assert_string_equal(o.verb, "rules");
	assert_int_equal(o.arg_count, 2);
	options_dispose(&o);
	assert_int_equal(parse(&o, "lab.py rules", &err), 0);
	assert_string_equal(o.verb, "scan");
	assert_int_equal(o.arg_count, 2);
	options_dispose(&o);
	assert_int_equal(parse(&o, "./rules", &err), 0);
	assert_string_equal(o.verb, "scan");
	options_dispose(&o);
	assert_int_equal(parse(&o, "-- rules", &err), 0);
	assert_string_equal(o.verb, "scan");
	assert_int_equal(o.arg_count, 1);
	options_dispose(&o);
}

static void a_mistake_is_named(void **state)
{
	static const struct {
		const char *words, *says;
	} rows[] = {
		{"--formt json", "--format"},
		{"-Z", "-Z"},
		{"-f", "-f"},
		{"--format", "--format"},
		{"-f yaml", "text json jsonl csv html"},
		{"-j 0", "1 to 256"},
		{"-j 257", "1 to 256"},
		{"-j 4x", "1 to 256"},
		{"-j -1", "1 to 256"},
		{"--quiet=yes", "takes no value"},
		{"--color blue", "auto always never"},
		{"--lang fr", "en es"},
		{"-0 lab.py", "--files-from"},
		{"--stdin-name x lab.py", "--stdin-name"},
		{"rules --strict", "--strict"},
		{"--output=", "the name is empty"},
		{"--files-from=", "the name is empty"},
		{"--stdin-name=", "the name is empty"},
		{"--files-from - -", "list and PATH at once"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct options o;
		struct err err = {.msg = ""};

		if (parse(&o, rows[i].words, &err) != HF_EUSAGE || !strstr(err.msg, rows[i].says) ||
		    strchr(err.msg, '\n'))
			fail_msg("%s: %s", rows[i].words, err.msg);
		options_dispose(&o);
	}
}

static void the_nearest_option_is_suggested(void **state)
{
	static const char *const rows[][2] = {
		{"--formt", "did you mean --format?"},
		{"--verbos", "did you mean --verbose?"},
		{"--something-else", "--something-else: unknown option (hfscan --help"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct options o;
		struct err err = {.msg = ""};

		assert_int_equal(parse(&o, rows[i][0], &err), HF_EUSAGE);
		if (!strstr(err.msg, rows[i][1]))
			fail_msg("%s: %s", rows[i][0], err.msg);
		options_dispose(&o);
	}
}

static void a_token_given_as_an_option_is_not_repeated(void **state)
{
	struct options o;
	struct err err = {.msg = ""};
	struct buf word;

	buf_init(&word, BUF_MAX_LINE);
	sample_expand(&word, SLICE("--token=@TOKEN:a@"));
	assert_int_equal(parse(&o, word.ptr, &err), HF_EUSAGE);
	assert_non_null(strstr(err.msg, "--token=hf_"));
	assert_null(strstr(err.msg, word.ptr + 16));
	options_dispose(&o);
	buf_dispose(&word);
}

static void the_last_of_two_that_contradict_counts(void **state)
{
	struct options o;
	struct err err;

	assert_int_equal(parse(&o, "-v -q --color=always --no-color --lang es --lang en", &err), 0);
	assert_true(o.quiet && o.verbose == 0 && o.color == COLOR_NEVER && o.lang == LANG_EN);
	options_dispose(&o);
	assert_int_equal(parse(&o, "-q -v --no-color --color=always --lang en --lang es", &err), 0);
	assert_true(!o.quiet && o.verbose == 1 && o.color == COLOR_ALWAYS && o.lang == LANG_ES);
	options_dispose(&o);
}

/* What is made from the table holds together only if the table does. */
static void no_two_rows_of_the_table_have_one_name(void **state)
{
	const struct option *table = options_table();

	for (const struct option *a = table; a->name; a++) {
		assert_non_null(a->help);
		assert_non_null(a->category);
		assert_non_null(a->set);
		assert_true(a->verbs != 0 && (a->verbs & ~(unsigned)VERB_ALL) == 0);
		for (const struct option *b = table; b < a; b++) {
			assert_string_not_equal(a->name, b->name);
			assert_true(!a->letter || a->letter != b->letter);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spelling_means_the_same),
		cmocka_unit_test(nothing_given_is_the_default),
		cmocka_unit_test(a_verb_is_the_first_word_only),
		cmocka_unit_test(a_mistake_is_named),
		cmocka_unit_test(the_nearest_option_is_suggested),
		cmocka_unit_test(a_token_given_as_an_option_is_not_repeated),
		cmocka_unit_test(the_last_of_two_that_contradict_counts),
		cmocka_unit_test(no_two_rows_of_the_table_have_one_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
