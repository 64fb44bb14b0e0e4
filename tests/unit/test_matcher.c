/* match/matcher: the same secrets at the same places however the text is cut
 * into windows, and none at places that are none. */
#include "match/matcher.h"

#include "base/alloc.h"
#include "match/prefilter.h"
#include "match/rules.h"
#include "match/sample.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "finder.h"

struct spans {
	struct span list[512];
	const char *rules[512];
	size_t count, origin; /* of the window that is searched */
};

static int keep(void *payload, const struct match *match)
{
	struct spans *s = payload;

	assert_true(s->count < sizeof(s->list) / sizeof(*s->list));
	s->rules[s->count] = match->rule->id;
	s->list[s->count++] =
		(struct span){s->origin + match->secret.beg, s->origin + match->secret.end};
	return 0;
}

static void find_whole(struct finder *f, struct slice text, struct spans *out)
{
	struct err err;
	size_t resume;

	out->count = out->origin = 0;
	assert_int_equal(matcher_run(f->matcher, text, 0, true, keep, NULL, out, &resume, &err), 0);
}

static uint64_t draw(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

/* As a scan does: each window brings up to `most` bytes more and keeps what a
 * lookbehind may need. */
static void find_in_windows(struct finder *f, struct slice text, size_t most, uint64_t *state,
			    struct spans *out)
{
	size_t beg = 0, end = 0, next = 0;
	bool last = false;

	out->count = 0;
	while (!last) {
		struct slice window;
		size_t resume;
		struct err err;

		end += 1 + draw(state) % most;
		last = end >= text.len;
		end = last ? text.len : end;
		window = slice_cut(text, (struct span){beg, end});
		out->origin = beg;
		assert_int_equal(matcher_run(f->matcher, window, next > beg ? next - beg : 0, last,
					     keep, NULL, out, &resume, &err),
				 0);
		next = beg + resume;
		beg += resume > MATCH_BEHIND ? resume - MATCH_BEHIND : 0;
	}
}

static void check_equal(const struct spans *a, const struct spans *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		assert_int_equal(a->list[i].beg, b->list[i].beg);
		assert_int_equal(a->list[i].end, b->list[i].end);
		assert_string_equal(a->rules[i], b->rules[i]);
	}
}

/* ---- planted tokens ---- */

/* A text with some hundred tokens of every kind in it, and what may stand
 * around them; where each is goes into planted. */
static void plant(struct buf *text, struct spans *planted, size_t len, uint64_t *state)
{
	static const char *const kinds[] = {
		"@TOKEN:n",
		"api_org_@LETTERS34:n",
		"hf_app_@ALNUM32:n",
		"hf_oauth__refresh_@ALNUM34:n",
		"hf_oauth_@JWT:n",
		"hf_jwt_@JWT:n",
		"oauth_app_secret_@ALNUM34:n",
	};
	static const char *const glue[] = {
		"\n",  " ",  "\\n", "%3D",  "\x1b[32m", "user:", "?token=",
		"<b>", "\"", "=",   "令牌", "\\u0022",  ", ",
	};
	static const char noise[] = "hf_ api_ \nabcXYZ=.\"hf_oauth_ api_org_";

	planted->count = 0;
	while (text->len < len) {
		struct buf one, token;

		for (size_t n = draw(state) % 200; n > 0; n--)
			buf_append_byte(text, noise[draw(state) % (sizeof(noise) - 1)]);
		buf_append_str(text, glue[draw(state) % (sizeof(glue) / sizeof(*glue))]);
		if (draw(state) % 2 == 0)
			buf_append_byte(text, ' ');
		buf_init(&one, BUF_MAX_LINE);
		buf_init(&token, BUF_MAX_LINE);
		buf_appendf(&one, "%s%u@", kinds[draw(state) % (sizeof(kinds) / sizeof(*kinds))],
			    (unsigned)draw(state) % 1000);
		sample_expand(&token, buf_slice(&one));
		if (text->len && text->ptr[text->len - 1] == '_')
			buf_append_byte(text, ' ');
		planted->list[planted->count++] = (struct span){text->len, text->len + token.len};
		buf_append_slice(text, buf_slice(&token));
		buf_append_byte(text, "\n \"'<&@,)"[draw(state) % 9]);
		buf_dispose(&token);
		buf_dispose(&one);
	}
}

static void what_was_planted_is_found(void **test_state)
{
	uint64_t state = 3;
	struct finder f;

	finder_init(&f, NULL);
	for (int round = 0; round < 20; round++) {
		struct spans planted, found;
		struct buf text;

		buf_init(&text, BUF_MAX_FILE);
		plant(&text, &planted, 40000, &state);
		find_whole(&f, buf_slice(&text), &found);
		assert_int_equal(found.count, planted.count);
		for (size_t i = 0; i < found.count; i++) {
			assert_int_equal(found.list[i].beg, planted.list[i].beg);
			assert_int_equal(found.list[i].end, planted.list[i].end);
		}
		buf_dispose(&text);
	}
	finder_dispose(&f);
}

/* What PCRE2 interprets at first, and turns into machine code when it is asked often. */
static void machine_code_changes_nothing(void **test_state)
{
	uint64_t state = 7;
	struct finder at_once;
	struct err err;

	finder_init(&at_once, NULL);
	assert_int_equal(patterns_compile_all(at_once.patterns, &err), 0);
	for (int round = 0; round < 10; round++) {
		struct spans planted, now, later;
		struct finder f;
		struct buf text;

		finder_init(&f, NULL);
		buf_init(&text, BUF_MAX_FILE);
		plant(&text, &planted, 40000, &state);
		find_whole(&at_once, buf_slice(&text), &now);
		for (int i = 0; i < 12; i++) {
			find_whole(&f, buf_slice(&text), &later);
			check_equal(&now, &later);
		}
		buf_dispose(&text);
		finder_dispose(&f);
	}
	finder_dispose(&at_once);
}

static void windows_change_nothing(void **test_state)
{
	static const size_t most[] = {1000, 9000, 20000, 40000};
	uint64_t state = 5;
	struct finder f;

	finder_init(&f, NULL);
	for (int round = 0; round < 40; round++) {
		struct spans planted, whole, found;
		struct buf text;

		buf_init(&text, BUF_MAX_FILE);
		plant(&text, &planted, 60000, &state);
		find_whole(&f, buf_slice(&text), &whole);
		find_in_windows(&f, buf_slice(&text), most[round % 4], &state, &found);
		check_equal(&whole, &found);
		buf_dispose(&text);
	}
	finder_dispose(&f);
}

/* One token, and a window that ends at each byte around it. */
static void a_token_is_found_whole_wherever_a_window_ends(void **test_state)
{
	size_t before = MATCH_AHEAD + 100;
	struct finder f;
	struct buf text;

	finder_init(&f, NULL);
	buf_init(&text, BUF_MAX_FILE);
	for (size_t i = 0; i < before; i++)
		buf_append_byte(&text, i % 60 == 59 ? '\n' : 'x');
	sample_expand(&text, SLICE("\nlogin(\"@TOKEN:a@@TOKEN:b@\")\n"));
	for (size_t i = 0; i < 2 * before; i++)
		buf_append_byte(&text, ' ');
	for (size_t cut = before - 10; cut < 2 * before + 200; cut++) {
		struct spans found = {.count = 0};
		struct err err;
		size_t resume, keep_from;

		assert_int_equal(matcher_run(f.matcher, slice_of(text.ptr, cut), 0, false, keep,
					     NULL, &found, &resume, &err),
				 0);
		assert_true(resume <= cut);
		keep_from = resume > MATCH_BEHIND ? resume - MATCH_BEHIND : 0;
		found.origin = keep_from;
		assert_int_equal(
			matcher_run(f.matcher, slice_of(text.ptr + keep_from, text.len - keep_from),
				    resume - keep_from, true, keep, NULL, &found, &resume, &err),
			0);
		assert_int_equal(found.count, 2);
		assert_int_equal(found.list[0].beg, before + 8);
		assert_int_equal(found.list[1].beg, before + 8 + 37);
		assert_int_equal(found.list[1].end, before + 8 + 74);
	}
	buf_dispose(&text);
	finder_dispose(&f);
}

/* ---- rules of all sorts ---- */

#define RULE(id, anchors, pattern)                                                                 \
	"{\"id\":\"" id "\",\"title\":{\"en\":\"t\"},\"explanation\":{\"en\":\"e\"},"              \
	"\"severity\":\"low\",\"anchors\":[" anchors "],\"pattern\":\"" pattern "\","              \
	"\"judge\":{\"body\":\"any\"},\"examples\":{\"match\":[\"x\"],\"no_match\":[\"y\"]}}"
#define RULES(list) "{\"schema\":1,\"rules\":[" list "]}"

static void the_longer_of_two_wins_then_the_earlier_rule(void **test_state)
{
	static const struct {
		const char *text, *rule;
		size_t beg, end;
	} rows[] = {
		{"ab_1234", "short", 0, 5},
		{"ab_12345678", "long", 0, 11},
		{"ab_12345", "short", 0, 5},
	};
	struct finder f;

	finder_init(&f, RULES(RULE("short", "\"ab_\"", "(?<secret>ab_[0-9]{2})") "," RULE(
				"same", "\"ab_\"",
				"(?<secret>ab_1[0-9])") "," RULE("long", "\"ab_\"",
								 "(?<secret>ab_[0-9]{8})")));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct spans found;

		find_whole(&f, slice_str(rows[i].text), &found);
		assert_int_equal(found.count, 1);
		assert_string_equal(found.rules[0], rows[i].rule);
		assert_int_equal(found.list[0].beg, rows[i].beg);
		assert_int_equal(found.list[0].end, rows[i].end);
	}
	finder_dispose(&f);
}

static void a_pattern_that_runs_away_is_told_and_passed(void **test_state)
{
	struct spans found = {.count = 0};
	struct finder f;
	struct buf text;
	size_t resume;
	struct err err;

	finder_init(&f, RULES(RULE("wild", "\"zz_\"", "(?<secret>zz_(?:a|aa|aaa)+b)")));
	buf_init(&text, BUF_MAX_FILE);
	buf_append_str(&text, "zz_");
	for (int i = 0; i < 400; i++)
		buf_append_byte(&text, 'a');
	buf_append_str(&text, " zz_aab b");
	assert_int_equal(matcher_run(f.matcher, buf_slice(&text), 0, true, keep, NULL, &found,
				     &resume, &err),
			 HF_ELIMIT);
	assert_int_equal(err.offset, 0);
	assert_int_equal(resume, 1);
	assert_int_equal(found.count, 0);
	assert_int_equal(matcher_run(f.matcher, buf_slice(&text), resume, true, keep, NULL, &found,
				     &resume, &err),
			 0);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.list[0].beg, 404);
	buf_dispose(&text);
	finder_dispose(&f);
}

static void a_pattern_is_held_to_its_anchor(void **test_state)
{
	struct spans found;
	struct finder f;

	/* Unanchored, the second rule's would run on to the far b7. */
	finder_init(&f,
		    "{\"schema\":1,\"rules\":[{\"id\":\"behind\",\"title\":{\"en\":\"t\"},"
		    "\"explanation\":{\"en\":\"e\"},\"severity\":\"low\",\"anchors\":[\"key=\"],"
		    "\"before\":3,\"pattern\":\"..[0-9](?:key=)(?<secret>[a-z]+)\","
		    "\"judge\":{\"body\":\"any\"},\"examples\":{\"match\":[\"x\"],\"no_match\":["
		    "\"y\"]}}]}");
	find_whole(&f, SLICE("key=none xx1key=one --key=two key=no ..2key=three"), &found);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.list[0].beg, 16);
	assert_int_equal(found.list[1].end, 49);
	finder_dispose(&f);
}

static void what_cannot_be_compiled_names_rule_and_offset(void **test_state)
{
	static const struct {
		const char *json, *says;
	} rows[] = {
		{RULES(RULE("bad", "\"zz_\"", "zz_(?<secret>[a-z")), "offset 17"},
		{RULES(RULE("none", "\"zz_\"", "zz_[a-z]+")), "`secret`"},
		{RULES(RULE("many", "\"zz_\"",
			    "zz_(((((((((((((((((((((((((((((((((((((((((((((((("
			    "(((((((((((((((((((())))))))))))))))))))))))))))))))))))))))))))))))))"
			    "))))))))))))))))))(?<secret>a)")),
		 "too many groups"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rules *rules = rules_new();
		struct patterns *patterns;
		struct err err;

		assert_int_equal(rules_add_json(rules, slice_str(rows[i].json), "own.json", &err),
				 0);
		assert_int_equal(patterns_new(&patterns, rules, &err), 0);
		assert_int_equal(patterns_compile_all(patterns, &err), HF_EFORMAT);
		assert_non_null(strstr(err.msg, "own.json: rule "));
		assert_non_null(strstr(err.msg, rows[i].says));
		patterns_free(patterns);
		rules_free(rules);
	}
}

static int stop_at_first(void *payload, const struct match *match)
{
	++*(int *)payload;
	return 7;
}

/* Beside the built-in rules so many with an anchor each. What patterns_new() says. */
static int try_own_rules(size_t count, size_t *strings, struct err *err)
{
	struct rules *rules = rules_new();
	struct patterns *patterns = NULL;
	struct buf json;
	char one[400];
	int rc;

	buf_init(&json, BUF_MAX_FILE);
	for (size_t i = 0; i < count; i++) {
		snprintf(one, sizeof(one),
			 RULE("own%zu", "\"own%zu_\"", "(?<secret>own%zu_a)") "%s", i, i, i,
			 i + 1 < count ? "," : "]}");
		buf_append_str(&json, i ? "" : "{\"schema\":1,\"rules\":[");
		buf_append_str(&json, one);
	}
	assert_int_equal(rules_add_builtin(rules, err), 0);
	assert_int_equal(rules_add_json(rules, buf_slice(&json), "own.json", err), 0);
	rc = patterns_new(&patterns, rules, err);
	if (patterns)
		patterns_strings(patterns, strings);
	patterns_free(patterns);
	rules_free(rules);
	buf_dispose(&json);
	return rc;
}

/* Nor do they take the room of the anchors in other forms. */
static void too_many_anchors_are_refused(void **test_state)
{
	size_t of_one = 0, strings = 0;
	struct err err;

	assert_int_equal(try_own_rules(1, &of_one, &err), 0);
	assert_int_equal(try_own_rules(1 + PREFILTER_MAX_ANCHORS - of_one, &strings, &err), 0);
	assert_int_equal(strings, PREFILTER_MAX_ANCHORS);
	assert_int_equal(try_own_rules(2 + PREFILTER_MAX_ANCHORS - of_one, &strings, &err),
			 HF_ELIMIT);
	assert_non_null(strstr(err.msg, "anchors; there may be 1 to"));
}

static void whoever_is_called_may_stop(void **test_state)
{
	struct finder f;
	struct buf text;
	size_t resume;
	struct err err;
	int calls = 0;

	finder_init(&f, NULL);
	buf_init(&text, BUF_MAX_LINE);
	sample_expand(&text, SLICE("@TOKEN:a@ @TOKEN:b@ @TOKEN:c@"));
	assert_int_equal(matcher_run(f.matcher, buf_slice(&text), 0, true, stop_at_first, NULL,
				     &calls, &resume, &err),
			 7);
	assert_int_equal(calls, 1);
	buf_dispose(&text);
	finder_dispose(&f);
}

static void a_name_without_an_anchor_is_not_worth_a_look(void **test_state)
{
	struct finder f;

	finder_init(&f, NULL);
	assert_false(patterns_may_match(f.patterns, SLICE("lab.py\0notes.txt\0")));
	assert_true(patterns_may_match(f.patterns, SLICE("lab.py\0my hf_token.txt\0")));
	finder_dispose(&f);
}

#define BEFORE_RULE(id, anchor, before, pattern)                                                   \
	"{\"id\":\"" id "\",\"title\":{\"en\":\"t\"},\"explanation\":{\"en\":\"e\"},"              \
	"\"severity\":\"low\",\"anchors\":[\"" anchor "\"],\"before\":" before                     \
	",\"pattern\":\"" pattern "\",\"judge\":{\"body\":\"any\"},"                               \
	"\"examples\":{\"match\":[\"x\"],\"no_match\":[\"y\"]}}"

static void two_within_reach_of_one_anchor_are_two(void **test_state)
{
	struct spans found;
	struct finder f;

	finder_init(&f, RULES(BEFORE_RULE("url", "@host", "32", "://(?<secret>[a-z]+)@host")));
	find_whole(&f, SLICE("x://one@host ://two@host ://three@host"), &found);
	assert_int_equal(found.count, 3);
	assert_int_equal(found.list[0].beg, 4);
	assert_int_equal(found.list[1].beg, 16);
	assert_int_equal(found.list[2].beg, 28);
	finder_dispose(&f);
}

/* One candidate, two secrets, and a window's end between them. */
static void a_secret_is_handed_out_once_though_its_neighbour_waits(void **test_state)
{
	uint64_t state = 1;
	struct finder f;
	struct buf text;

	finder_init(&f, RULES(RULE("id", "\"AK_\"", "(?<secret>AK_[0-9]{4})") "," RULE(
				"own", "\"AK_\"", "AK_[0-9]{4} secret:(?<secret>s+)")));
	buf_init(&text, BUF_MAX_FILE);
	for (int i = 0; i < 60; i++) {
		buf_append_str(&text, "AK_1234 secret:");
		for (int n = 0; n < 500; n++)
			buf_append_byte(&text, 's');
		buf_append_byte(&text, ' ');
	}
	for (int round = 0; round < 50; round++) {
		struct spans whole, found;

		find_whole(&f, buf_slice(&text), &whole);
		assert_int_equal(whole.count, 120);
		find_in_windows(&f, buf_slice(&text), 3000, &state, &found);
		check_equal(&whole, &found);
	}
	buf_dispose(&text);
	finder_dispose(&f);
}

static void a_rule_that_fails_hides_no_other(void **test_state)
{
	struct spans found = {.count = 0};
	struct finder f;
	struct buf text;
	size_t resume;
	struct err err;

	finder_init(&f, RULES(RULE("wild", "\"zz_\"", "(?<secret>zz_(?:a|aa|aaa)+b)") "," RULE(
				"tame", "\"zz_\"",
				"(?<secret>zz_a{8})") "," RULE("near", "\"zz_a\"",
							       "(?<secret>zz_a{9})")));
	buf_init(&text, BUF_MAX_FILE);
	buf_append_str(&text, "at ");
	buf_append_str(&text, "zz_");
	for (int i = 0; i < 400; i++)
		buf_append_byte(&text, 'a');
	buf_append_str(&text, " b");
	assert_int_equal(matcher_run(f.matcher, buf_slice(&text), 0, true, keep, NULL, &found,
				     &resume, &err),
			 HF_ELIMIT);
	assert_non_null(strstr(err.msg, "wild"));
	assert_int_equal(err.offset, 3);
	assert_int_equal(resume, 4);
	assert_int_equal(found.count, 1);
	assert_string_equal(found.rules[0], "near");
	buf_dispose(&text);
	finder_dispose(&f);
}

/* ---- what a notebook is looked at for ---- */

#define ALNUM12 "Ab3dEf6hIj9k"

static const struct {
	const char *text;
	bool seen;
} promises[] = {
	{"hf_" ALNUM12, true},
	{"hf_hub_download(", false},
	{"x = HFAK" ALNUM12, true},
	{"\\nHFAK" ALNUM12, true},
	/* What a rule warns of. */
	{"hf_Ab\xd0\xb0" ALNUM12, true},
	{"hf_ " ALNUM12, true},
	{"hf_Ab-" ALNUM12, true},
	{"hf_transfer is fast", false},
	{"hf_xet-read-token", false},
	{"hf-transfer transformers", false},
	/* Quotes that JSON escapes part a rule from what it asks for. */
	{"\"print(os.environ[\\\"HF_TOKEN\\\"])\\n\",", true},
	{"\"HF_TOKEN = os.environ[\\\"HF_TOKEN\\\"]\\n\",", false},
	{"print(HF_TOKEN)", true},
	{"login(HF_TOKEN) # x", false},
	/* In pictures, of which one line in some holds a slash or a plus. */
	{ALNUM12 "HFAK" ALNUM12, false},
	{"4wfdZes9PIl/bHFAK" ALNUM12, false},
	{"PIl/bX+bJ90uHFAK" ALNUM12, false},
	{"https://x.y/users/of/all/hf_" ALNUM12, true},
	{"\\u001b[38;5;124mhf_" ALNUM12, true},
	/* Numbers of HTML: an apostrophe's, and those of "h", "f" and "_". */
	{"I&#039;m, and &#x00; &#X2F; &#0", false},
	{"&#0104;f_" ALNUM12, true},
	{"h&#000102;_" ALNUM12, true},
	{"&#X68;f_" ALNUM12, true},
	{"hf&#X5F;" ALNUM12, true},
	{"hf&#x05f;" ALNUM12, true},
	{"hf&#095;" ALNUM12, true},
	{"hf&#95;" ALNUM12, true},
	{"&#010400; &#x068a; &#X0104;", false},
};

static void only_what_may_begin_a_token_promises_one(void **state)
{
	struct finder f;

	finder_init(&f, NULL);
	for (size_t i = 0; i < sizeof(promises) / sizeof(*promises); i++) {
		uint64_t before = matcher_seen(f.matcher);
		struct spans found = {.count = 0};
		size_t resume;

		assert_int_equal(matcher_run(f.matcher, slice_str(promises[i].text), 0, true, keep,
					     NULL, &found, &resume, NULL),
				 0);
		if ((matcher_seen(f.matcher) > before) != promises[i].seen)
			fail_msg("%s: seen is not %d", promises[i].text, promises[i].seen);
	}
	finder_dispose(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_may_begin_a_token_promises_one),
		cmocka_unit_test(what_was_planted_is_found),
		cmocka_unit_test(machine_code_changes_nothing),
		cmocka_unit_test(windows_change_nothing),
		cmocka_unit_test(a_token_is_found_whole_wherever_a_window_ends),
		cmocka_unit_test(the_longer_of_two_wins_then_the_earlier_rule),
		cmocka_unit_test(a_pattern_that_runs_away_is_told_and_passed),
		cmocka_unit_test(a_pattern_is_held_to_its_anchor),
		cmocka_unit_test(what_cannot_be_compiled_names_rule_and_offset),
		cmocka_unit_test(two_within_reach_of_one_anchor_are_two),
		cmocka_unit_test(a_secret_is_handed_out_once_though_its_neighbour_waits),
		cmocka_unit_test(a_rule_that_fails_hides_no_other),
		cmocka_unit_test(too_many_anchors_are_refused),
		cmocka_unit_test(whoever_is_called_may_stop),
		cmocka_unit_test(a_name_without_an_anchor_is_not_worth_a_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
