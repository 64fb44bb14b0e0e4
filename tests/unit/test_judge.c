/* judge/judge: each verdict, and each reason with what just answers to it and
 * what just does not. How much is lost of real tokens is in test_placeholder.c. */
#include "judge/judge.h"

#include "base/alloc.h"
#include "match/sample.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define PREFIX                                                                                     \
	{                                                                                          \
		(const unsigned char *)"zq_", 3                                                    \
	}
#define SAME     "the same character again and again"
#define COUNTING "characters in alphabetical or counting order"
#define CASES    "not the mix of capital and small letters a token has"
#define FEW      "too few different characters"
#define WORD     "a word that says it is an example"
#define PERIOD   "a pattern that repeats"
#define LANGUAGE "words or a name, not random characters"
#define KEYBOARD "keys that lie side by side"
#define NOTHING  "nothing behind the prefix"
#define NO_JSON  "its first part is no JSON, which a real one is"

/* Fails unless secret gets this reason; NULL: unless the rule's verdict stands. */
static void expect(const struct rule *rule, const char *secret, const char *reason)
{
	size_t len = strlen(secret);
	char *exact = memcpy(xmalloc(len), secret, len); /* a byte too far is seen */
	struct judgement j = judge_secret(rule, slice_of(exact, len));

	if ((!reason) != (!j.reason) || (reason && strcmp(reason, j.reason) != 0))
		fail_msg("%s: %s, not %s", secret, j.reason ? j.reason : "stands",
			 reason ? reason : "stands");
	assert_int_equal(j.verdict, reason ? VERDICT_PLACEHOLDER : rule->verdict);
	free(exact);
}

/* ---- random bodies ---- */

/* A random body, from its eighth character on replaced by this. */
static void expect_in_random(const struct rule *rule, const char *part, const char *reason)
{
	struct buf secret;

	buf_init(&secret, BUF_MAX_LINE);
	sample_expand(&secret, SLICE("zq_@ALNUM34:a@"));
	memcpy(secret.ptr + 10, part, strlen(part));
	expect(rule, secret.ptr, reason);
	buf_dispose(&secret);
}

static void a_part_that_people_type_gives_a_body_away(void **state)
{
	static const struct rule rule = {
		.prefix = PREFIX,
		.judge = {BODY_RANDOM, .min_entropy = 3.5, .min_distinct = 14, .min_each_case = 4}};
	static const struct {
		const char *part, *reason;
	} cases[] = {
		{"", NULL},           {"kKkKk", SAME},          {"kKkK", NULL},
		{"33333", SAME},      {"33233", NULL},          {"mnoPQR", COUNTING},
		{"mnoPQ", NULL},      {"RQPonm", COUNTING},     {"RQPon", NULL},
		{"234567", COUNTING}, {"23456", NULL},          {"765432", COUNTING},
		{"76543", NULL},      {"m3N4o5P6q7", COUNTING}, {"m3N4o5P6q", NULL},
		{"exAmple", WORD},    {"exAmpl", NULL},         {"PrueBa", WORD},
		{"PrueB7", NULL},     {"TOKENhere", WORD},      {"TOKENher", NULL},
		{"sdfgh", KEYBOARD},  {"sdfg", NULL},           {"hGfDs", KEYBOARD},
		{"hGfD", NULL},       {"opasd", NULL}, /* the end of one row and the beginning of
							  the next */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		expect_in_random(&rule, cases[i].part, cases[i].reason);
}

static void a_body_as_a_whole_gives_itself_away(void **state)
{
	static const struct {
		const char *secret, *reason;
		struct judge_settings settings;
	} cases[] = {
		{"zq_", NOTHING, {.body = BODY_RANDOM}},
		{"zq_k", NULL, {.body = BODY_RANDOM}},
		/* capital and small letters */
		{"zq_kTmVxRb7", NULL, {.min_each_case = 3}},
		{"zq_ktmVxRb7", CASES, {.min_each_case = 3}},
		{"zq_kTMVXRb7", CASES, {.min_each_case = 3}},
		/* different characters */
		{"zq_kTmVxRb7", NULL, {.min_distinct = 8}},
		{"zq_kTmVxRb7", FEW, {.min_distinct = 9}},
		{"zq_kKmMxXb7", NULL, {.min_distinct = 8}}, /* case counts */
		/* entropy: eight different ones are three bits each */
		{"zq_kTmVxRb7", NULL, {.min_entropy = 2.99}},
		{"zq_kTmVxRb7", FEW, {.min_entropy = 3.01}},
		{"zq_kTkVkRk7", FEW, {.min_entropy = 2.99}},
		/* periods up to 12 */
		{"zq_kTkTkT", PERIOD, {.body = BODY_RANDOM}},
		{"zq_k7pXvR2mTzQ9k7pXvR2mTzQ9k7pXvR2m", PERIOD, {.body = BODY_RANDOM}},
		{"zq_k7pXvR2mTzQ9wk7pXvR2mTzQ9wk7pXvR", NULL, {.body = BODY_RANDOM}},
		/* language */
		{"zq_requiredCharacteristicTypesForDisp", LANGUAGE, {.min_each_case = 4}},
		{"zq_getTheNumberOfRegisteredListenerss", LANGUAGE, {.min_each_case = 4}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rule rule = {.prefix = PREFIX, .judge = cases[i].settings};

		expect(&rule, cases[i].secret, cases[i].reason);
	}
}

/* What a long body ends in is not looked at. */
static void a_long_body_is_judged_by_its_beginning(void **state)
{
	static const struct rule rule = {.prefix = PREFIX, .judge = {.body = BODY_RANDOM}};
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{"zq_@ALNUM200:a@@ALNUM55:b@xxxxx", NULL},
		{"zq_@ALNUM200:a@@ALNUM54:b@xxxxx", NULL},
		{"zq_@ALNUM200:a@@ALNUM50:b@xxxxx", SAME},
		{"zq_@ALNUM200:a@@ALNUM200:b@@ALNUM200:c@", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf secret;

		buf_init(&secret, BUF_MAX_LINE);
		sample_expand(&secret, slice_str(cases[i].text));
		expect(&rule, secret.ptr, cases[i].reason);
		buf_dispose(&secret);
	}
}

static void the_prefix_is_no_body(void **state)
{
	static const struct {
		struct slice prefix;
		const char *secret, *reason;
	} cases[] = {
		{{(const unsigned char *)"xxxxx", 5}, "xxxxxkTmVRb7", NULL},
		{{(const unsigned char *)"xxxxx", 5}, "XxxxxkTmVRb7", SAME}, /* is not the prefix */
		{{(const unsigned char *)"xxxxx", 5}, "xxxxx", NOTHING},
		{{(const unsigned char *)"xxxxx", 5}, "xxxx", PERIOD},
		{{NULL, 0}, "xxxxxkTmVRb7", SAME},
		{{NULL, 0}, "kTmVRb7", NULL},
		{{NULL, 0}, "", NOTHING},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rule rule = {.prefix = cases[i].prefix};

		expect(&rule, cases[i].secret, cases[i].reason);
	}
}

/* ---- other bodies ---- */

static void a_jwt_is_judged_by_its_first_and_last_part(void **state)
{
	static const struct rule rule = {.prefix = PREFIX, .judge = {.body = BODY_JWT}};
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{"zq_@JWT:a@", NULL},
		{"zq_eyJhIjoxfQ.eyJzdWIiOi.@B64URL43:a@", NULL},
		{"zq_ewogICJhIjoxfQ.xxxxxxxxxx.@B64URL86:a@",
		 NULL}, /* the middle may be anything */
		{"zq_eyJhIjoxfQo.eyJzdWIiOi.@B64URL43:a@", NULL},
		{"zq_eyJhbGciOi.eyJzdWIiOi.@B64URL43:a@", NO_JSON}, /* an object cut short */
		{"zq_eyJhIjoxf.eyJzdWIiOi.@B64URL43:a@", NO_JSON},  /* no length base64 can have */
		{"zq_e-JhIjoxfQ.eyJzdWIiOi.@B64URL43:a@", NULL},
		{"zq_e_JhIjoxfQ.eyJzdWIiOi.@B64URL43:a@", NULL},
		{"zq_e9JhIjoxfQ.eyJzdWIiOi.@B64URL43:a@", NULL},
		{"zq_evJhIjoxfQ.eyJzdWIiOi.@B64URL43:a@", NO_JSON},
		{"zq_eYJhIjoxfQ.eyJzdWIiOi.@B64URL43:a@", NO_JSON},
		{"zq_fyJhIjoxfQ.eyJzdWIiOi.@B64URL43:a@", NO_JSON},
		{"zq_header.eyJzdWIiOi.@B64URL43:a@", NO_JSON},
		{"zq_e", NO_JSON},
		{"zq_", NO_JSON},
		{"zq_eyJhIjoxfQ.eyJzdWIiOi.", NOTHING},
		{"zq_eyJhIjoxfQ.eyJzdWIiOi.Ab3Ab3Z", FEW},
		{"zq_eyJhIjoxfQ.eyJzdWIiOi.your-signature-here-as-example", WORD},
		{"zq_eyJhIjoxfQ.eyJzdWIiOi.xxxxxxxxxxxxxxxxxxxxxx", SAME},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf secret;

		buf_init(&secret, BUF_MAX_LINE);
		sample_expand(&secret, slice_str(cases[i].text));
		expect(&rule, secret.ptr, cases[i].reason);
		buf_dispose(&secret);
	}
}

/* ---- verdicts ---- */

static void what_stands_has_the_verdict_of_its_rule(void **state)
{
	static const struct {
		enum body_kind body;
		const char *real, *invented;
	} kinds[] = {
		{BODY_RANDOM, "zq_kTmVxRb7", "zq_xxxxxxxx"},
		{BODY_JWT, "zq_@JWT:a@", "zq_xxxxxxxx"},
		{BODY_ANY, "zq_xxxxxxxx", NULL},
		{BODY_ANY, "zq_", NULL},
		{BODY_ANY, "", NULL},
	};
	static const enum verdict verdicts[] = {VERDICT_LEAK, VERDICT_WARNING};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) * 2; i++) {
		struct rule rule = {.verdict = verdicts[i % 2],
				    .prefix = PREFIX,
				    .judge = {.body = kinds[i / 2].body}};
		struct buf real;

		buf_init(&real, BUF_MAX_LINE);
		sample_expand(&real, slice_str(kinds[i / 2].real));
		expect(&rule, real.ptr, NULL);
		if (kinds[i / 2].invented)
			assert_int_equal(
				judge_secret(&rule, slice_str(kinds[i / 2].invented)).verdict,
				VERDICT_PLACEHOLDER);
		buf_dispose(&real);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_that_people_type_gives_a_body_away),
		cmocka_unit_test(a_body_as_a_whole_gives_itself_away),
		cmocka_unit_test(a_long_body_is_judged_by_its_beginning),
		cmocka_unit_test(the_prefix_is_no_body),
		cmocka_unit_test(a_jwt_is_judged_by_its_first_and_last_part),
		cmocka_unit_test(what_stands_has_the_verdict_of_its_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
