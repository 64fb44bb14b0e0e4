/*
 * judge/placeholder: what is lost of real-shaped bodies, measured on a million
 * seeded ones of each alphabet, and that people's inventions are caught.
 */
#include "judge/judge.h"
#include "judge/placeholder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static const struct judge_settings usual = {
	.body = BODY_RANDOM, .min_entropy = 3.5, .min_distinct = 14, .min_each_case = 4};

/* The figure is the release build's; under a sanitizer a million takes minutes. */
#ifdef HFSCAN_DEBUG
#define BODIES 50000
#else
#define BODIES 1000000
#endif
#define LOST_MAX (BODIES * 5 / 10000) /* 0.05 % */

static uint64_t state;

static uint32_t next_random(void)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33);
}

static unsigned count_lost(const char *alphabet, size_t size)
{
	unsigned char body[34];
	unsigned lost = 0;

	state = 20260824;
	for (int n = 0; n < BODIES; n++) {
		for (size_t i = 0; i < sizeof(body); i++)
			body[i] = (unsigned char)alphabet[next_random() % size];
		lost += placeholder_reason(slice_of(body, sizeof(body)), &usual) != NULL;
	}
	return lost;
}

static void few_real_shaped_bodies_are_lost(void **test_state)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	static const char alnum[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	unsigned lost_letters = count_lost(letters, sizeof(letters) - 1);
	unsigned lost_alnum = count_lost(alnum, sizeof(alnum) - 1);

	printf("lost of %d seeded bodies: letters %u (%.4f %%), letters and digits %u (%.4f %%)\n",
	       BODIES, lost_letters, lost_letters * 100.0 / BODIES, lost_alnum,
	       lost_alnum * 100.0 / BODIES);
	assert_true(lost_letters < LOST_MAX);
	assert_true(lost_alnum < LOST_MAX);
}

static void inventions_are_placeholders(void **test_state)
{
	static const char *const bodies[] = {
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
		"abcdefghijklmnopqrstuvwxyzABCDEFGH", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh",
		"1234567890123456789012345678901234", "aBcDaBcDaBcDaBcDaBcDaBcDaBcDaBcDaB",
		"AbAbAbAbAbAbAbAbAbAbAbAbAbAbAbAbAb", "qwertyKpTzLmWcXvRbNfHgJdSaQoUiYeZx",
		"CAASIMULIAComputeServicesBuildTime", "requiredCharacteristicTypesForDisp",
		"getTheNumberOfRegisteredListenerss", "yourHuggingFaceTokenGoesHerePlease",
		"tuTokenDeHuggingFaceVaAquiPorFavor", "KpTzExampleLmWcXvRbNfHgJdSQoUiYZxB",
		"thisisnotarealtokenonlysmallletter", "0000000000000000000000000000000000",
		"MODELCARDDATASETVIEWERNOTIFICATION", "eJemPloKpTzLmWcXvRbNfHgJdSQoUiYZxB",
	};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
		if (!placeholder_reason(slice_str(bodies[i]), &usual))
			fail_msg("taken for a real token: body %zu", i);
}

static void the_settings_of_the_rule_decide(void **test_state)
{
	/* Digits and capitals only: no token of ours, but another rule's key id. */
	struct slice body = SLICE("7Q4ZK2M9XW3JVB8T");
	struct judge_settings id = {.min_entropy = 2.8, .min_distinct = 8};

	assert_non_null(placeholder_reason(body, &usual));
	assert_null(placeholder_reason(body, &id));
	assert_non_null(placeholder_reason(SLICE(""), &id));
}

static void a_jwt_begins_with_a_json_object(void **test_state)
{
	static char pattern[] = "";
	struct rule rule = {.pattern = pattern,
			    .prefix = SLICE("hf"
					    "_jwt_"),
			    .judge = {.body = BODY_JWT}};

	/* "eyJ" is '{"', "ewo" is '{' and a line feed: both are objects. */
	assert_int_equal(judge_secret(&rule, SLICE("hf"
						   "_jwt_eyJhIjoxfQ.eyJzdWIiOi.k7Gw2_xQ-pLr9Zt0Vb"))
				 .verdict,
			 VERDICT_LEAK);
	assert_int_equal(
		judge_secret(&rule, SLICE("hf"
					  "_jwt_ewogICJhIjoxfQ.eyJzdWIiOi.k7Gw2_xQ-pLr9Zt0Vb"))
			.verdict,
		VERDICT_LEAK);
	assert_int_equal(
		judge_secret(&rule, SLICE("hf_jwt_header_one.payload_two.signature_k7Gw2")).verdict,
		VERDICT_PLACEHOLDER);
	assert_int_equal(judge_secret(&rule, SLICE("hf"
						   "_jwt_eyJhIjoxfQ.eyJzdWIiOi.xxxxxxxxxxxxxxx"))
				 .verdict,
			 VERDICT_PLACEHOLDER);
}

static void a_placeholder_keeps_its_reason_and_a_warning_its_verdict(void **test_state)
{
	struct rule rule = {.verdict = VERDICT_WARNING,
			    .prefix = SLICE("HFAK"),
			    .judge = {.body = BODY_RANDOM}};
	struct judgement j = judge_secret(&rule, SLICE("HFAK7Q4ZK2M9XW3JVB8T"));

	assert_int_equal(j.verdict, VERDICT_WARNING);
	assert_null(j.reason);
	j = judge_secret(&rule, SLICE("HFAKxxxxxxxxxxxxxxxx"));
	assert_int_equal(j.verdict, VERDICT_PLACEHOLDER);
	assert_string_equal(j.reason, "the same character again and again");
	rule.judge.body = BODY_ANY;
	assert_int_equal(judge_secret(&rule, SLICE("HFAKxxxxxxxxxxxxxxxx")).verdict,
			 VERDICT_WARNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_real_shaped_bodies_are_lost),
		cmocka_unit_test(inventions_are_placeholders),
		cmocka_unit_test(the_settings_of_the_rule_decide),
		cmocka_unit_test(a_jwt_begins_with_a_json_object),
		cmocka_unit_test(a_placeholder_keeps_its_reason_and_a_warning_its_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
