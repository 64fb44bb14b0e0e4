/* match/rules and rules_check: a rules file that is wrong is refused with its
 * name, the rule and what is wrong, and one that is right is read whole. */
#include "match/rules.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "match/rules_check.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* A good file; each test changes one thing. */
static const char good[] =
	"{\"schema\":1,\"define\":{\"END\":\"(?![a-z])\"},\"rules\":[{\"id\":\"zz\","
	"\"title\":{\"en\":\"t\",\"es\":\"T\"},\"explanation\":{\"en\":\"e\"},"
	"\"severity\":\"high\",\"anchors\":[\"zz_\"],\"before\":0,\"prefix\":\"zz_\","
	"\"pattern\":\"(?<secret>zz_[a-z]{8})(?&END)\","
	"\"judge\":{\"body\":\"random\",\"min_entropy\":1,\"min_distinct\":2},"
	"\"examples\":{\"match\":[\"zz_abcdefgh\"],\"no_match\":[\"zz_abcdefghi\"]}}]}";

/* good with the first `from` replaced; caller frees. */
static char *changed(const char *from, const char *to)
{
	const char *at = strstr(good, from);
	struct buf out;

	assert_non_null(at);
	buf_init(&out, BUF_MAX_FILE);
	buf_append(&out, good, (size_t)(at - good));
	buf_append_str(&out, to);
	buf_append_str(&out, at + strlen(from));
	return buf_detach(&out);
}

static enum verdict take_for_real(const struct rule *rule, struct slice secret)
{
	return rule->verdict;
}

static enum verdict take_for_nothing(const struct rule *rule, struct slice secret)
{
	return VERDICT_PLACEHOLDER;
}

/* ---- loading ---- */

/* Its object's offset is what messages name a rule's place by. */
static void every_rule_knows_where_it_stands(void **state)
{
	struct rules *rules = rules_new();
	struct err err;

	assert_int_equal(rules_add_builtin(rules, &err), 0);
	assert_true(rules->count > 2);
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->list[i];
		struct buf begins;

		buf_init(&begins, BUF_MAX_LINE);
		buf_appendf(&begins, "{\n      \"id\": \"%s\"", rule->id);
		assert_memory_equal(rules_data[0].ptr + rule->file_offset, begins.ptr, begins.len);
		buf_dispose(&begins);
	}
	rules_free(rules);
}

static void a_good_file_is_read_whole(void **state)
{
	struct rules *rules = rules_new();
	const struct rule *rule;
	struct err err;

	assert_int_equal(rules_add_json(rules, slice_str(good), "own.json", &err), 0);
	assert_int_equal(rules->count, 1);
	rule = rules_find(rules, "zz");
	assert_ptr_equal(rule, rules->list);
	assert_null(rules_find(rules, "yy"));
	assert_string_equal(rule->title[LANG_EN], "t");
	assert_string_equal(rule->title[LANG_ES], "T");
	assert_null(rule->explanation[LANG_ES]);
	assert_int_equal(rule->severity, SEVERITY_HIGH);
	assert_int_equal(rule->verdict, VERDICT_LEAK);
	assert_true(slice_eq(rule->prefix, SLICE("zz_")));
	assert_true(slice_eq(rule->anchors[0], SLICE("zz_")));
	assert_string_equal(rule->file, "own.json");
	assert_string_equal(rule->pattern + rule->pattern_beg, "(?<secret>zz_[a-z]{8})(?&END)");
	assert_memory_equal(good + rule->file_offset, "{\"id\":\"zz\"", 10);
	rules_free(rules);
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *from, *to, *says;
	} rows[] = {
		{"\"schema\":1", "\"schema\":2", "schema"},
		{"\"schema\":1,", "", "schema"},
		{"}]}", "}]", "not valid JSON at offset"},
		{"}]}", "}]} x", "not valid JSON at offset"},
		{"\"t\"", "\"t\\u0000\"", "\\u0000"},
		{"\"id\":\"zz\"", "\"id\":\"\"", "\"id\" must be a text that is not empty"},
		{"\"id\":\"zz\"", "\"id\":7", "\"id\""},
		{"\"id\":\"zz\"", "\"id\":\"Z z\"", "rule Z z"},
		{"\"id\":\"zz\",", "", "\"id\""},
		{"\"title\":{\"en\":\"t\",\"es\":\"T\"}", "\"title\":{\"es\":\"T\"}", "rule zz"},
		{"\"title\":{\"en\":\"t\"", "\"title\":{\"fr\":\"t\"", "\"title\""},
		{"\"high\"", "\"awful\"", "\"severity\" must be low, medium, high or critical"},
		{"[\"zz_\"]", "[]", "\"anchors\" must be a list of at least one text"},
		{"[\"zz_\"]", "[\"z\"]", "\"anchors\" must hold texts of 2 to 32 bytes"},
		{"\"before\":0", "\"before\":-1", "\"before\" must be a number from 0 to 1024"},
		{"\"prefix\":\"zz_\"", "\"prefix\":3", "\"prefix\" must be a text"},
		{"\"body\":\"random\"", "\"body\":\"words\"", "\"judge\" may hold body"},
		{"\"min_entropy\":1", "\"min_entropy\":-1", "\"judge\" may hold body"},
		{"\"match\":[\"zz_abcdefgh\"]", "\"match\":[7]", "\"examples\" must hold"},
		{"\"pattern\":", "\"pattren\":", "pattren"},
		{"\"severity\":\"high\",", "\"severity\":\"high\",\"severity\":\"low\",",
		 "severity"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rules *rules = rules_new();
		char *json = changed(rows[i].from, rows[i].to);
		struct err err = {.msg = ""};

		assert_int_equal(rules_add_json(rules, slice_str(good), "good.json", &err), 0);
		if (rules_add_json(rules, slice_str(json), "own.json", &err) != HF_EFORMAT ||
		    !strstr(err.msg, "own.json") || !strstr(err.msg, rows[i].says))
			fail_msg("%s -> %s: %s", rows[i].from, rows[i].to, err.msg);
		assert_int_equal(rules->count, 1); /* as it was */
		assert_string_equal(rules->list[0].file, "good.json");
		free(json);
		rules_free(rules);
	}
}

static void a_backslash_before_u0000_is_text(void **state)
{
	struct rules *rules = rules_new();
	char *json = changed("\"e\"", "\"\\\\u0000\"");
	struct err err;

	assert_int_equal(rules_add_json(rules, slice_str(json), "own.json", &err), 0);
	assert_string_equal(rules->list[0].explanation[LANG_EN], "\\u0000");
	free(json);
	rules_free(rules);
}

static void a_known_id_is_replaced_in_its_place(void **state)
{
	struct rules *rules = rules_new();
	struct err err;
	size_t count, at;
	char *json;

	assert_int_equal(rules_add_builtin(rules, &err), 0);
	count = rules->count;
	assert_true(count >= 10);
	at = rules_find(rules, "hf-oidc-token")->index;
	json = changed("\"id\":\"zz\"", "\"id\":\"hf-oidc-token\"");
	assert_int_equal(rules_add_json(rules, slice_str(json), "own.json", &err), 0);
	assert_int_equal(rules->count, count);
	assert_int_equal(rules_find(rules, "hf-oidc-token")->index, at);
	assert_string_equal(rules->list[at].file, "own.json");
	free(json);
	assert_int_equal(rules_add_json(rules, slice_str(good), "own.json", &err), 0);
	assert_int_equal(rules->count, count + 1);
	assert_int_equal(rules->list[count].index, count);
	rules_free(rules);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void a_folder_gives_its_json_files_in_order(void **state)
{
	char folder[] = "/tmp/hfscan-rules-XXXXXX";
	char *second = changed("\"id\":\"zz\"", "\"id\":\"yy\"");
	struct rules *rules = rules_new();
	struct err err;

	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(rules_add_path(rules, folder, &err), HF_ENOTFOUND);
	assert_int_equal(rules_add_path(rules, "nowhere", &err), HF_ENOTFOUND);
	write_file("b.json", good);
	write_file("a.json", second);
	write_file("notes.txt", "no rules");
	assert_int_equal(rules_add_path(rules, ".", &err), 0);
	assert_int_equal(rules->count, 2);
	assert_string_equal(rules->list[0].id, "yy");
	assert_string_equal(rules->list[1].id, "zz");
	unlink("a.json");
	unlink("b.json");
	unlink("notes.txt");
	assert_int_equal(chdir("/"), 0);
	rmdir(folder);
	free(second);
	rules_free(rules);
}

/* ---- trying ---- */

static void what_is_wrong_with_a_pattern_is_named(void **state)
{
	static const struct {
		const char *from, *to, *says;
	} rows[] = {
		{"(?<secret>zz_[a-z]{8})", "(?<secret>(?:zz_[a-z]{8})?)", "match"},
		{"(?<secret>zz_[a-z]{8})", "(?<secret>zz_[a-z", "offset"},
		{"(?<secret>zz_[a-z]{8})", "(?<other>zz_[a-z]{8})", "`secret`"},
		{"[\"zz_\"]", "[\"yy_\"]", "not at one of the anchors"},
		{"[\"zz_\"]", "[\"z_\"]", "before"},
		{"(?&END)", "", "counterexample 1 matches and must not"},
		{"\"zz_abcdefgh\"", "\"zz_abc\"", "example 1 does not match"},
		{"(?<secret>zz_[a-z]{8})(?&END)", "(?<secret>zz_(?:a|aa|aaa)+q|zz_[a-z]{8}(?&END))",
		 "limits"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rules *rules = rules_new();
		char *json = changed(rows[i].from, rows[i].to);
		struct err err = {.msg = ""};

		assert_int_equal(rules_add_json(rules, slice_str(json), "own.json", &err), 0);
		if (rules_check(rules, &rules->list[0], take_for_real, &err) != HF_EFORMAT ||
		    !strstr(err.msg, "own.json: rule zz") || !strstr(err.msg, rows[i].says))
			fail_msg("%s -> %s: %s", rows[i].from, rows[i].to, err.msg);
		free(json);
		rules_free(rules);
	}
}

static void an_example_must_be_judged_real(void **state)
{
	struct rules *rules = rules_new();
	struct err err;

	assert_int_equal(rules_add_json(rules, slice_str(good), "own.json", &err), 0);
	assert_int_equal(rules_check(rules, rules->list, take_for_real, &err), 0);
	assert_int_equal(rules_check(rules, rules->list, take_for_nothing, &err), HF_EFORMAT);
	assert_non_null(strstr(err.msg, "placeholder"));
	rules_free(rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_knows_where_it_stands),
		cmocka_unit_test(a_good_file_is_read_whole),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(a_backslash_before_u0000_is_text),
		cmocka_unit_test(a_known_id_is_replaced_in_its_place),
		cmocka_unit_test(a_folder_gives_its_json_files_in_order),
		cmocka_unit_test(what_is_wrong_with_a_pattern_is_named),
		cmocka_unit_test(an_example_must_be_judged_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
