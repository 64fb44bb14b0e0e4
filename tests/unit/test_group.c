/* report/group: each secret once, what is most urgent first. */
#include "report/group.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define EVERY_VERDICT ((1u << VERDICT_COUNT) - 1)
#define FINDINGS_MAX  16

/* A finding in short; path is what the tests know it by. */
struct place {
	const char *path, *secret;
	enum verdict verdict;
	enum exposure exposure;
};

static void make_result(struct result *result, struct finding findings[FINDINGS_MAX],
			const struct place *places, size_t count)
{
	assert_true(count <= FINDINGS_MAX);
	for (size_t i = 0; i < count; i++) {
		findings[i] = (struct finding){
			.path = (char *)places[i].path,
			.verdict = places[i].verdict,
			.exposure = places[i].exposure,
		};
		strcpy(findings[i].secret.fingerprint, places[i].secret);
	}
	*result = (struct result){.findings = findings, .finding_count = count};
}

/* Groups as text: "a b | c": paths by group. */
static void groups_are(const struct place *places, size_t count, unsigned verdicts,
		       const char *wanted)
{
	struct finding findings[FINDINGS_MAX];
	struct result result;
	struct groups groups;
	char told[256] = "";

	make_result(&result, findings, places, count);
	groups_init(&groups, &result, verdicts);
	for (size_t i = 0; i < groups.count; i++) {
		strcat(told, i ? " |" : "");
		for (size_t k = 0; k < groups.list[i].count; k++) {
			strcat(told, i + k ? " " : "");
			strcat(told, groups.list[i].places[k]->path);
		}
	}
	assert_string_equal(told, wanted);
	groups_dispose(&groups);
	assert_int_equal(groups.count, 0);
}

#define GROUPS_ARE(places, verdicts, wanted)                                                       \
	groups_are(places, sizeof(places) / sizeof(*(places)), verdicts, wanted)

static void one_secret_is_one_group(void **state)
{
	static const struct place places[] = {
		{"a", "1", VERDICT_LEAK, EXPOSURE_NONE}, {"b", "2", VERDICT_LEAK, EXPOSURE_NONE},
		{"c", "1", VERDICT_LEAK, EXPOSURE_NONE}, {"d", "2", VERDICT_LEAK, EXPOSURE_NONE},
		{"e", "1", VERDICT_LEAK, EXPOSURE_NONE},
	};

	GROUPS_ARE(places, EVERY_VERDICT, "a c e | b d");
}

static void leaks_come_before_what_is_none(void **state)
{
	static const struct place places[] = {
		{"allowed", "1", VERDICT_ALLOWED, EXPOSURE_PUSHED},
		{"placeholder", "2", VERDICT_PLACEHOLDER, EXPOSURE_PUSHED},
		{"warning", "3", VERDICT_WARNING, EXPOSURE_PUSHED},
		{"leak", "4", VERDICT_LEAK, EXPOSURE_NONE},
	};

	GROUPS_ARE(places, EVERY_VERDICT, "leak | warning | placeholder | allowed");
}

static void the_furthest_exposure_comes_first(void **state)
{
	static const struct place places[] = {
		{"none", "1", VERDICT_LEAK, EXPOSURE_NONE},
		{"ignored", "2", VERDICT_LEAK, EXPOSURE_IGNORED},
		{"unreachable", "3", VERDICT_LEAK, EXPOSURE_UNREACHABLE},
		{"worktree", "4", VERDICT_LEAK, EXPOSURE_WORKTREE},
		{"staged", "5", VERDICT_LEAK, EXPOSURE_STAGED},
		{"committed", "6", VERDICT_LEAK, EXPOSURE_COMMITTED},
		{"pushed", "7", VERDICT_LEAK, EXPOSURE_PUSHED},
	};

	GROUPS_ARE(places, EVERY_VERDICT,
		   "pushed | committed | staged | worktree | unreachable | ignored | none");
}

/* A secret is as urgent as the worst of its places, wherever that stands. */
static void one_pushed_place_lifts_its_whole_group(void **state)
{
	static const struct place places[] = {
		{"a", "1", VERDICT_LEAK, EXPOSURE_COMMITTED},
		{"b", "2", VERDICT_LEAK, EXPOSURE_WORKTREE},
		{"c", "1", VERDICT_LEAK, EXPOSURE_COMMITTED},
		{"d", "2", VERDICT_LEAK, EXPOSURE_PUSHED},
	};

	GROUPS_ARE(places, EVERY_VERDICT, "d b | a c");
}

/* Fingerprints are out of step with the places on purpose. */
static void equals_stay_in_the_order_of_the_result(void **state)
{
	static const struct place places[] = {
		{"a", "9", VERDICT_LEAK, EXPOSURE_STAGED},
		{"b", "5", VERDICT_LEAK, EXPOSURE_STAGED},
		{"c", "7", VERDICT_LEAK, EXPOSURE_STAGED},
		{"d", "5", VERDICT_LEAK, EXPOSURE_STAGED},
		{"e", "1", VERDICT_LEAK, EXPOSURE_STAGED},
	};

	GROUPS_ARE(places, EVERY_VERDICT, "a | b d | c | e");
}

/* The first place is the earliest one, though it is not the worst. */
static void a_group_stands_where_its_earliest_place_does(void **state)
{
	static const struct place places[] = {
		{"a", "2", VERDICT_LEAK, EXPOSURE_NONE},
		{"b", "1", VERDICT_LEAK, EXPOSURE_PUSHED},
		{"c", "2", VERDICT_LEAK, EXPOSURE_PUSHED},
	};
	struct finding findings[FINDINGS_MAX];
	struct result result;
	struct groups groups;

	GROUPS_ARE(places, EVERY_VERDICT, "c a | b");
	make_result(&result, findings, places, 3);
	groups_init(&groups, &result, EVERY_VERDICT);
	assert_ptr_equal(groups.list[0].first, &findings[0]);
	assert_ptr_equal(groups.list[0].places[0], &findings[2]);
	groups_dispose(&groups);
}

static const struct origin old = {.commit = "c", .time = -5}, newer = {.commit = "b", .time = 5},
			   at_head = {.commit = "a", .time = 9, .in_head = true},
			   lost = {.time = 1};

/* What can be mended in a file comes first, then who began it. */
static void history_comes_after_files_and_by_age(void **state)
{
	static const struct place places[] = {
		{"lost", "1", VERDICT_LEAK, EXPOSURE_PUSHED},
		{"newer", "1", VERDICT_LEAK, EXPOSURE_PUSHED},
		{"old", "1", VERDICT_LEAK, EXPOSURE_PUSHED},
		{"head", "1", VERDICT_LEAK, EXPOSURE_PUSHED},
		{"untraced", "1", VERDICT_LEAK, EXPOSURE_PUSHED},
		{"file", "1", VERDICT_LEAK, EXPOSURE_PUSHED},
	};
	static const struct origin *const origins[] = {&lost, &newer, &old, &at_head, NULL, NULL};
	static const char *const wanted[] = {"head", "file", "old", "newer", "lost", "untraced"};
	struct finding findings[FINDINGS_MAX];
	struct result result;
	struct groups groups;

	make_result(&result, findings, places, 6);
	for (size_t i = 0; i < 6; i++) {
		findings[i].origin = origins[i];
		findings[i].history = i != 5;
	}
	groups_init(&groups, &result, EVERY_VERDICT);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(groups.list[0].places[i]->path, wanted[i]);
	groups_dispose(&groups);
}

/* A settings file is found first, and may keep the token; the notebook may not. */
static void where_a_token_may_stay_does_not_lead(void **state)
{
	static const struct place places[] = {
		{".env", "1", VERDICT_LEAK, EXPOSURE_NONE},
		{"a.py", "1", VERDICT_LEAK, EXPOSURE_NONE},
		{"b.py", "1", VERDICT_LEAK, EXPOSURE_NONE},
		{"other", "1", VERDICT_LEAK, EXPOSURE_IGNORED},
	};
	static const struct rule severe = {.severity = SEVERITY_CRITICAL}, less = {0};
	static const struct rule *const rules[] = {&severe, &less, &severe, &less};
	static const char *const wanted[] = {"other", ".env", "a.py", "b.py"};
	static const char *const level[] = {"b.py", ".env", "a.py", "other"};
	struct finding findings[FINDINGS_MAX];
	struct result result;
	struct groups groups;

	for (int is_level = 0; is_level < 2; is_level++) {
		make_result(&result, findings, places, 4);
		for (size_t i = 0; i < 4; i++) {
			findings[i].path_len = strlen(findings[i].path);
			findings[i].rule = rules[i];
		}
		if (is_level)
			findings[3].exposure = EXPOSURE_NONE;
		groups_init(&groups, &result, EVERY_VERDICT);
		for (size_t i = 0; i < 4; i++)
			assert_string_equal(groups.list[0].places[i]->path,
					    (is_level ? level : wanted)[i]);
		groups_dispose(&groups);
	}
}

static void a_group_is_past_when_no_file_has_it(void **state)
{
	static const struct {
		enum where where;
		bool history;
		const struct origin *origin;
		bool is_present;
	} rows[] = {
		{WHERE_BLOB, false, NULL, true},    {WHERE_BLOB, false, &old, true},
		{WHERE_BLOB, true, &old, false},    {WHERE_BLOB, true, NULL, false},
		{WHERE_BLOB, true, &at_head, true}, {WHERE_PATH, true, &at_head, true},
		{WHERE_PATH, true, &old, false},    {WHERE_COMMIT_MESSAGE, true, &at_head, false},
		{WHERE_CONFIG, false, NULL, true},
	};
	static const struct place places[] = {
		{"a", "1", VERDICT_LEAK, EXPOSURE_PUSHED},
		{"b", "1", VERDICT_LEAK, EXPOSURE_COMMITTED},
	};
	struct finding findings[FINDINGS_MAX];
	struct result result;
	struct groups groups;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		make_result(&result, findings, places, 2);
		findings[0].history = true;
		findings[1].where = rows[i].where;
		findings[1].history = rows[i].history;
		findings[1].origin = rows[i].origin;
		groups_init(&groups, &result, EVERY_VERDICT);
		if (groups.list[0].is_present != rows[i].is_present)
			fail_msg("row %zu", i);
		groups_dispose(&groups);
	}
}

static void verdicts_of_one_secret_are_told_apart(void **state)
{
	static const struct place places[] = {
		{"a", "1", VERDICT_ALLOWED, EXPOSURE_NONE},
		{"b", "1", VERDICT_LEAK, EXPOSURE_NONE},
		{"c", "1", VERDICT_ALLOWED, EXPOSURE_NONE},
	};

	GROUPS_ARE(places, EVERY_VERDICT, "b | a c");
}

static void only_the_verdicts_asked_for_are_taken(void **state)
{
	static const struct place places[] = {
		{"a", "1", VERDICT_ALLOWED, EXPOSURE_NONE},
		{"b", "2", VERDICT_WARNING, EXPOSURE_NONE},
		{"c", "1", VERDICT_LEAK, EXPOSURE_NONE},
		{"d", "3", VERDICT_PLACEHOLDER, EXPOSURE_NONE},
	};

	GROUPS_ARE(places, 1u << VERDICT_LEAK, "c");
	GROUPS_ARE(places, 1u << VERDICT_LEAK | 1u << VERDICT_WARNING, "c | b");
	GROUPS_ARE(places, 1u << VERDICT_PLACEHOLDER, "d");
	GROUPS_ARE(places, 0, "");
}

static void nothing_found_is_no_group(void **state)
{
	groups_are(NULL, 0, EVERY_VERDICT, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_secret_is_one_group),
		cmocka_unit_test(leaks_come_before_what_is_none),
		cmocka_unit_test(the_furthest_exposure_comes_first),
		cmocka_unit_test(one_pushed_place_lifts_its_whole_group),
		cmocka_unit_test(equals_stay_in_the_order_of_the_result),
		cmocka_unit_test(a_group_stands_where_its_earliest_place_does),
		cmocka_unit_test(history_comes_after_files_and_by_age),
		cmocka_unit_test(where_a_token_may_stay_does_not_lead),
		cmocka_unit_test(a_group_is_past_when_no_file_has_it),
		cmocka_unit_test(verdicts_of_one_secret_are_told_apart),
		cmocka_unit_test(only_the_verdicts_asked_for_are_taken),
		cmocka_unit_test(nothing_found_is_no_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
