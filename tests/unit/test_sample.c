/* match/sample: a placeholder is the same token each time and a different one
 * by each other name, and what is no placeholder stays as it is. */
#include "match/sample.h"

#include "judge/judge.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define ALNUM   LETTERS "0123456789"
#define B64URL  ALNUM "-_"

/* Caller frees. */
static char *expand(const char *text)
{
	struct buf out;

	buf_init(&out, BUF_MAX_LINE);
	sample_expand(&out, slice_str(text));
	return buf_detach(&out);
}

static void assert_expands(const char *text, const char *wanted)
{
	char *got = expand(text);

	if (strcmp(got, wanted) != 0)
		fail_msg("%s -> %s, not %s", text, got, wanted);
	free(got);
}

/* ---- kinds ---- */

static void each_kind_has_its_length_and_alphabet(void **state)
{
	static const struct {
		const char *text, *prefix, *alphabet;
		size_t length; /* behind the prefix */
	} cases[] = {
		{"@TOKEN:a@", "hf_", LETTERS, 34},
		{"@LETTERS1:a@", "", LETTERS, 1},
		{"@LETTERS34:a@", "", LETTERS, 34},
		{"@LETTERS200:a@", "", LETTERS, 200},
		{"@ALNUM1:a@", "", ALNUM, 1},
		{"@ALNUM16:some-name_2@", "", ALNUM, 16},
		{"@ALNUM200:a@", "", ALNUM, 200},
		{"@B64URL1:a@", "", B64URL, 1},
		{"@B64URL86:a@", "", B64URL, 86},
		{"@B64URL200:a@", "", B64URL, 200},
		{"hf_@ALNUM034:a@", "hf_", ALNUM, 34},
		{"@JWT:a@", "", B64URL ".", 36 + 1 + 114 + 1 + 86},
		{"x@TOKEN:a@", "xhf_", LETTERS, 34},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *got = expand(cases[i].text);
		size_t skip = strlen(cases[i].prefix);

		if (strncmp(got, cases[i].prefix, skip) != 0 ||
		    strspn(got + skip, cases[i].alphabet) != cases[i].length ||
		    strlen(got) != skip + cases[i].length)
			fail_msg("%s: %zu bytes", cases[i].text, strlen(got));
		free(got);
	}
}

/* A kind that never draws a character it could would look right as well. */
static void every_character_of_an_alphabet_is_drawn(void **state)
{
	static const struct {
		const char *kind, *alphabet;
	} cases[] = {{"LETTERS", LETTERS}, {"ALNUM", ALNUM}, {"B64URL", B64URL}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out;
		char text[64];

		buf_init(&out, BUF_MAX_LINE);
		for (int name = 0; name < 10; name++) {
			snprintf(text, sizeof(text), "@%s200:%d@", cases[i].kind, name);
			sample_expand(&out, slice_str(text));
		}
		for (const char *c = cases[i].alphabet; *c; c++)
			if (!memchr(out.ptr, *c, out.len))
				fail_msg("%s never has '%c'", cases[i].kind, *c);
		buf_dispose(&out);
	}
}

/* What the characters up to `end` say; caller frees. */
static char *decode(const char *text, const char *end)
{
	struct buf out;
	unsigned bits = 0, count = 0;

	buf_init(&out, BUF_MAX_LINE);
	for (; text < end; text++) {
		bits = bits << 6 | (unsigned)(strchr(B64URL, *text) - B64URL);
		count += 6;
		if (count >= 8) {
			count -= 8;
			buf_append_byte(&out, (unsigned char)(bits >> count));
		}
	}
	return buf_detach(&out);
}

static void a_jwt_holds_json_and_a_signature(void **state)
{
	char *jwt = expand("@JWT:a@"), *other = expand("@JWT:b@");
	char *dot = strchr(jwt, '.'), *last = strrchr(jwt, '.');
	char *header = decode(jwt, dot), *payload = decode(dot + 1, last);
	unsigned issued, expires;
	char subject[25];

	assert_string_equal(header, "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}");
	assert_int_equal(
		sscanf(payload,
		       "{\"sub\":\"%24[0-9a-f]\",\"scope\":\"openid\",\"iat\":%u,\"exp\":%u}",
		       subject, &issued, &expires),
		3);
	assert_int_equal(strlen(subject), 24);
	assert_true(issued < expires);
	assert_int_equal(payload[strlen(payload) - 1], '}');
	assert_int_equal(strlen(last + 1), 86);
	assert_int_equal(strlen(other), strlen(jwt));
	assert_int_equal(strncmp(jwt, other, (size_t)(dot - jwt)), 0);
	assert_string_not_equal(dot, strchr(other, '.'));
	assert_string_not_equal(last, strrchr(other, '.'));
	free(payload);
	free(header);
	free(other);
	free(jwt);
}

/* ---- names ---- */

static void a_name_always_gives_the_same_and_no_other_does(void **state)
{
	static const char *const texts[] = {
		"@TOKEN:a@",    "@TOKEN:b@",    "@TOKEN:A@",        "@TOKEN:aa@",
		"@TOKEN:ab@",   "@TOKEN:ba@",   "@LETTERS34:a@",    "@ALNUM34:a@",
		"@B64URL34:a@", "@ALNUM034:a@", "@LETTERS34: a@",   "@ALNUM34:a:b@",
		"@JWT:a@",      "@JWT:b@",      "@TOKEN:\xc3\xb1@",
	};
	enum { COUNT = sizeof(texts) / sizeof(*texts) };
	char *first[COUNT];

	for (size_t i = 0; i < COUNT; i++)
		first[i] = expand(texts[i]);
	for (size_t i = 0; i < COUNT; i++) {
		assert_expands(texts[i], first[i]);
		for (size_t j = 0; j < i; j++)
			/* by their ends: some have hf_ in front */
			if (strcmp(first[i] + strlen(first[i]) - 34,
				   first[j] + strlen(first[j]) - 34) == 0)
				fail_msg("%s is %s", texts[i], texts[j]);
	}
	for (size_t i = 0; i < COUNT; i++)
		free(first[i]);
	/* Golden cases elsewhere hold what these gave: no build may give another. */
	assert_expands("@ALNUM8:a@", "GLUVvzlC");
	assert_expands("@B64URL8:name@", "Z1HL5ryw");
}

static void names_are_judged_real_tokens(void **state)
{
	static const struct rule rule = {
		.prefix = {(const unsigned char *)"hf_", 3},
		.judge = {BODY_RANDOM, .min_entropy = 3.5, .min_distinct = 14, .min_each_case = 4}};
	char text[] = "@TOKEN:?@";

	for (text[7] = 'a'; text[7] <= 'z'; text[7]++) {
		char *token = expand(text);

		if (judge_secret(&rule, slice_str(token)).verdict != VERDICT_LEAK)
			fail_msg("%s: a placeholder", text);
		free(token);
	}
}

/* ---- the text around ---- */

static void what_is_no_placeholder_stays(void **state)
{
	static const char *const texts[] = {
		"",
		"plain",
		"@",
		"@@",
		"@@@@",
		"a@example.org",
		"a@b.c and d@e.f",
		"@TOKEN@",
		"@TOKEN:@",
		"@:a@",
		"@:@",
		"@TOKEN:a",
		"TOKEN:a@",
		"@token:a@",
		"@TOKEN :a@",
		"@TOKENS:a@",
		"@TOKEN34:a@",
		"@JWT2:a@",
		"@OTHER:a@",
		"@LETTERS:a@",
		"@LETTERS0:a@",
		"@LETTERS201:a@",
		"@LETTERS-1:a@",
		"@LETTERS+1:a@",
		"@LETTERS 1:a@",
		"@LETTERS3x:a@",
		"@ALNUM:a@",
		"@ALNUM1.5:a@",
		"@B64URL:a@",
		"@ALNUM18446744073709551617:a@",
		"@ALNUM4294967297:a@",
		"@TOKEN:a-name-that-goes-on-and-on-longer-than-any-name-should-be@",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_expands(texts[i], texts[i]);
}

static void placeholders_may_stand_anywhere(void **state)
{
	static const struct {
		const char *before, *between, *behind;
	} cases[] = {
		{"", "", ""},
		{"x", "y", "z"},
		{"@", "@", "@"},
		{"a@b ", " c@d ", " e@f"},
		{"@OTHER:a@", "@@", "@TOKEN:@"},
		{"\n\"", "\\n", "\"\xff"},
		{"user:", "@host ", "@host"},
	};
	char *a = expand("@TOKEN:a@"), *b = expand("@ALNUM4:b@");

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[128], wanted[256];

		snprintf(text, sizeof(text), "%s@TOKEN:a@%s@ALNUM4:b@%s", cases[i].before,
			 cases[i].between, cases[i].behind);
		snprintf(wanted, sizeof(wanted), "%s%s%s%s%s", cases[i].before, a, cases[i].between,
			 b, cases[i].behind);
		assert_expands(text, wanted);
	}
	free(a);
	free(b);
}

static void bytes_that_are_nul_are_kept(void **state)
{
	struct buf out;
	char *a = expand("@ALNUM4:a@");

	buf_init(&out, BUF_MAX_LINE);
	buf_append_str(&out, "kept ");
	sample_expand(&out, SLICE("x\0@ALNUM4:a@\0@TOKEN:"));
	assert_int_equal(out.len, 5 + 2 + 4 + 8);
	assert_memory_equal(out.ptr, "kept x\0", 7);
	assert_memory_equal(out.ptr + 7, a, 4);
	assert_memory_equal(out.ptr + 11, "\0@TOKEN:", 8);
	buf_dispose(&out);
	free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_its_length_and_alphabet),
		cmocka_unit_test(every_character_of_an_alphabet_is_drawn),
		cmocka_unit_test(a_jwt_holds_json_and_a_signature),
		cmocka_unit_test(a_name_always_gives_the_same_and_no_other_does),
		cmocka_unit_test(names_are_judged_real_tokens),
		cmocka_unit_test(what_is_no_placeholder_stays),
		cmocka_unit_test(placeholders_may_stand_anywhere),
		cmocka_unit_test(bytes_that_are_nul_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
