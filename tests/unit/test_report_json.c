/* report/report_json: every key other programs rely on, and nothing but UTF-8. */
#include "base/quote.h"
#include "match/sample.h"
#include "report/report.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* What the report only reads. */
#define TEXT(literal) ((char *)(literal))

static struct rule rule = {.id = TEXT("hf-user-access-token"), .severity = SEVERITY_CRITICAL};

static struct finding finding(const char *path)
{
	return (struct finding){
		.rule = &rule,
		.secret = {.redacted = TEXT("hf_Ab…yZ"), .fingerprint = "0123"},
		.path = TEXT(path),
		.path_len = strlen(path),
		.line1 = 57,
		.column1 = 31,
		.end_column1 = 68,
		.offset = 5000000001,
		.length = 37,
	};
}

static char *write_report(const char *format, const struct result *result)
{
	struct err err;
	size_t len;
	char *text;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(
		report_write(report_find(format), out, result, &(struct report_options){0}, &err),
		0);
	fclose(out);
	assert_int_equal(strlen(text), len);
	assert_int_equal(text[len - 1], '\n');
	return text;
}

/* The json report of these findings, parsed; to be deleted. */
static cJSON *report(struct finding *findings, size_t count)
{
	struct result result = {.findings = findings, .finding_count = count};
	char *text = write_report("json", &result);
	cJSON *json = cJSON_Parse(text);

	assert_non_null(json);
	free(text);
	return json;
}

/* The value at "findings.0.secret.redacted"; NULL where there is none. */
static const cJSON *at(const cJSON *json, const char *keys)
{
	char copy[128], *rest;

	strcpy(copy, keys);
	for (char *key = strtok_r(copy, ".", &rest); key; key = strtok_r(NULL, ".", &rest))
		json = cJSON_IsArray(json) ? cJSON_GetArrayItem(json, atoi(key))
					   : cJSON_GetObjectItemCaseSensitive(json, key);
	return json;
}

static void string_is(const cJSON *json, const char *keys, const char *wanted)
{
	const char *value = cJSON_GetStringValue(at(json, keys));

	if (!value)
		fail_msg("no %s", keys);
	assert_string_equal(value, wanted);
}

static void number_is(const cJSON *json, const char *keys, double wanted)
{
	if (!cJSON_IsNumber(at(json, keys)))
		fail_msg("no %s", keys);
	assert_true(at(json, keys)->valuedouble == wanted);
}

static void a_finding_has_every_key_that_applies(void **state)
{
	static const struct {
		const char *keys, *text;
		double number;
	} rows[] = {
		{"findings.0.rule", "hf-user-access-token", 0},
		{"findings.0.severity", "critical", 0},
		{"findings.0.verdict", "placeholder", 0},
		{"findings.0.reason", "few letters", 0},
		{"findings.0.secret.redacted", "hf_Ab…yZ", 0},
		{"findings.0.secret.fingerprint", "0123", 0},
		{"findings.0.secret.clear", "in clear", 0},
		{"findings.0.root", "unit1", 0},
		{"findings.0.path", "a/lab.ipynb", 0},
		{"findings.0.line", NULL, 57},
		{"findings.0.column", NULL, 31},
		{"findings.0.end_column", NULL, 68},
		{"findings.0.offset", NULL, 5000000001},
		{"findings.0.length", NULL, 37},
		{"findings.0.git.blob", "e69de29b", 0},
		{"findings.0.git.object", "e69de29b", 0},
		{"findings.0.git.where", "blob", 0},
		{"findings.0.exposure", "pushed", 0},
		{"findings.0.occurrences", NULL, 3},
	};
	struct finding f = finding("a/lab.ipynb");
	cJSON *json;

	f.verdict = VERDICT_PLACEHOLDER;
	f.reason = "few letters";
	f.secret.clear = TEXT("in clear");
	f.root = TEXT("unit1");
	strcpy(f.blob, "e69de29b");
	f.exposure = EXPOSURE_PUSHED;
	f.occurrences = 3;
	json = report(&f, 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].text)
			string_is(json, rows[i].keys, rows[i].text);
		else
			number_is(json, rows[i].keys, rows[i].number);
	cJSON_Delete(json);
}

static char *two_paths[] = {TEXT("a/lab.ipynb"), TEXT("b")};

static struct origin origin(void)
{
	return (struct origin){
		.object = "e69de29b",
		.commit = "1a2b",
		.removed = "9f8e",
		.author = TEXT("Ana P\u00e9rez"),
		.email = TEXT("ana@example.org"),
		.summary = TEXT("Add lab"),
		.time = 1772366400,
		.paths = two_paths,
		.path_count = 2,
		.paths_total = 7,
	};
}

static void history_tells_what_it_knows(void **state)
{
	static const struct {
		const char *keys, *text;
	} rows[] = {
		{"findings.0.git.blob", "e69de29b"},
		{"findings.0.git.object", "e69de29b"},
		{"findings.0.git.commit", "1a2b"},
		{"findings.0.git.author", "Ana P\u00e9rez"},
		{"findings.0.git.email", "ana@example.org"},
		{"findings.0.git.summary", "Add lab"},
		{"findings.0.git.date", "2026-03-01T12:00:00Z"},
		{"findings.0.git.removed", "9f8e"},
		{"findings.0.git.where", "blob"},
	};
	struct origin o = origin();
	struct finding f = finding("a/lab.ipynb");
	cJSON *json;

	f.history = true;
	f.origin = &o;
	strcpy(f.blob, o.object);
	json = report(&f, 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		string_is(json, rows[i].keys, rows[i].text);
	number_is(json, "findings.0.git.paths", 7);
	assert_true(cJSON_IsFalse(at(json, "findings.0.git.in_head")));
	cJSON_Delete(json);
	o.in_head = true;
	json = report(&f, 1);
	assert_true(cJSON_IsTrue(at(json, "findings.0.git.in_head")));
	cJSON_Delete(json);
}

/* A message is in no file; that of a commit may be in HEAD's history, that of a
 * tag is beside it. */
static void what_is_in_no_tree_has_no_keys_of_one(void **state)
{
	static const char *const keys[] = {"path", "git.blob", "git.removed", "git.paths",
					   "path_base64"};
	struct origin o = origin();
	struct finding f = finding("");

	o.removed[0] = '\0';
	o.paths_total = 0;
	f.history = true;
	f.origin = &o;
	for (int is_tag = 0; is_tag < 2; is_tag++) {
		cJSON *json;

		f.where = is_tag ? WHERE_TAG_MESSAGE : WHERE_COMMIT_MESSAGE;
		strcpy(f.blob, is_tag ? o.object : o.commit);
		json = report(&f, 1);
		for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
			if (at(at(json, "findings.0"), keys[i]))
				fail_msg("%s", keys[i]);
		string_is(json, "findings.0.git.object", f.blob);
		string_is(json, "findings.0.git.commit", "1a2b");
		assert_int_equal(cJSON_IsFalse(at(json, "findings.0.git.in_head")), !is_tag);
		cJSON_Delete(json);
	}
}

static void what_no_commit_reaches_has_none(void **state)
{
	static const char *const keys[] = {"commit", "author",  "email", "summary",
					   "date",   "removed", "paths"};
	struct origin o = {.object = "e69de29b", .exposure = EXPOSURE_UNREACHABLE};
	struct finding f = finding("");
	cJSON *json;

	f.history = true;
	f.origin = &o;
	strcpy(f.blob, o.object);
	json = report(&f, 1);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (at(at(json, "findings.0.git"), keys[i]))
			fail_msg("%s", keys[i]);
	assert_true(cJSON_IsFalse(at(json, "findings.0.git.in_head")));
	cJSON_Delete(json);
}

static void dates_are_whole_or_absent(void **state)
{
	static const struct {
		int64_t time;
		const char *date;
	} rows[] = {
		{0, "1970-01-01T00:00:00Z"},
		{-1, "1969-12-31T23:59:59Z"},
		{951782399, "2000-02-28T23:59:59Z"},
		{253402300799, "9999-12-31T23:59:59Z"},
		{253402300800, NULL},
		{-62167219200, "0000-01-01T00:00:00Z"},
		{-62167219201, NULL},
		{INT64_MAX, NULL},
		{INT64_MIN, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct origin o = {.commit = "1a2b", .time = rows[i].time};
		struct finding f = finding("a");
		cJSON *json;

		f.origin = &o;
		strcpy(f.blob, "e69de29b");
		json = report(&f, 1);
		if (rows[i].date)
			string_is(json, "findings.0.git.date", rows[i].date);
		else
			assert_null(at(json, "findings.0.git.date"));
		cJSON_Delete(json);
	}
}

static void keys_that_do_not_apply_are_absent(void **state)
{
	static const char *const keys[] = {"reason",   "secret.clear", "root",       "path_base64",
					   "exposure", "git",          "occurrences"};
	struct finding f = finding("lab.py");
	cJSON *json = report(&f, 1);

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (at(at(json, "findings.0"), keys[i]))
			fail_msg("%s", keys[i]);
	cJSON_Delete(json);
}

static void every_value_has_its_name(void **state)
{
	static const char *const severities[] = {"low", "medium", "high", "critical"};
	static const char *const verdicts[] = {"leak", "warning", "placeholder", "allowed"};
	static const char *const wheres[] = {NULL,          "config", "path",     "commit-message",
					     "tag-message", "author", "ref-name", "reflog"};
	static const char *const exposures[] = {NULL,     "ignored",   "unreachable", "worktree",
						"staged", "committed", "pushed"};

	for (unsigned i = 0; i < WHERE_COUNT; i++) {
		struct finding f = finding("lab.py");
		cJSON *json;

		rule.severity = i % SEVERITY_COUNT;
		f.verdict = i % VERDICT_COUNT;
		f.where = i;
		f.exposure = i % EXPOSURE_COUNT;
		json = report(&f, 1);
		string_is(json, "findings.0.severity", severities[rule.severity]);
		string_is(json, "findings.0.verdict", verdicts[f.verdict]);
		if (wheres[f.where])
			string_is(json, "findings.0.git.where", wheres[f.where]);
		if (exposures[f.exposure])
			string_is(json, "findings.0.exposure", exposures[f.exposure]);
		cJSON_Delete(json);
	}
}

static void the_report_says_what_it_covers(void **state)
{
	static const struct {
		const char *keys;
		double number;
	} rows[] = {
		{"schema", 1},
		{"summary.files", 40000},
		{"summary.bytes", 123456789012},
		{"summary.images", 2},
		{"summary.repositories", 3},
		{"summary.objects", 10},
		{"summary.histories", 11},
		{"summary.secrets", 4},
		{"summary.leaks", 5},
		{"summary.warnings", 6},
		{"summary.placeholders", 7},
		{"summary.allowed", 8},
		{"summary.incomplete", 9},
		{"summary.seconds", 0.412},
	};
	char *roots[] = {TEXT("unit1"), TEXT("unit2")};
	struct result result = {
		.summary = {.files = 40000,
			    .bytes = 123456789012,
			    .objects = 10,
			    .histories = 11,
			    .images = 2,
			    .repositories = 3,
			    .by_verdict = {5, 6, 7, 8},
			    .secrets = 4,
			    .incomplete = 9,
			    .seconds = 0.41151},
		.roots = roots,
		.root_count = 2,
	};
	char *text = write_report("json", &result);
	cJSON *json = cJSON_Parse(text);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		number_is(json, rows[i].keys, rows[i].number);
	string_is(json, "tool.name", "hfscan");
	string_is(json, "tool.version", HFSCAN_VERSION);
	string_is(json, "summary.roots.0", "unit1");
	string_is(json, "summary.roots.1", "unit2");
	assert_true(cJSON_IsArray(at(json, "findings")) && cJSON_IsArray(at(json, "incomplete")));
	assert_non_null(strstr(text, "\"bytes\":123456789012,")); /* no exponent */
	cJSON_Delete(json);
	free(text);
}

static void the_only_root_is_not_repeated(void **state)
{
	char *roots[] = {TEXT("unit1"), TEXT("unit2")};
	struct finding f = finding("lab.py");

	f.root = roots[0];
	for (size_t count = 1; count <= 2; count++) {
		struct result result = {
			.findings = &f, .finding_count = 1, .roots = roots, .root_count = count};
		char *text = write_report("json", &result);

		assert_int_equal(strstr(text, "\"root\":\"unit1\"") != NULL, count == 2);
		free(text);
	}
}

/* U+FFFD alone would not tell which file it is. */
static void a_root_that_is_no_utf8_is_given_whole(void **state)
{
	char *roots[] = {TEXT("a\xff")};
	struct finding f = finding("lab.py");
	struct result result = {
		.findings = &f, .finding_count = 1, .roots = roots, .root_count = 1};
	char *text;
	cJSON *json;

	f.root = roots[0];
	text = write_report("json", &result);
	json = cJSON_Parse(text);
	string_is(json, "findings.0.root", "a\uFFFD");
	string_is(json, "findings.0.root_base64", "Yf8=");
	cJSON_Delete(json);
	free(text);
}

static struct diag diags[] = {
	{.path = TEXT("x\n\xff"), .what = TEXT("permission denied")},
	{.path = TEXT("y"), .what = TEXT("a note"), .is_note = true},
	{.what = TEXT("too many")},
};

static void what_was_not_scanned_is_listed_without_the_notes(void **state)
{
	struct result result = {.diags = diags, .diag_count = 3};
	char *text = write_report("json", &result);
	cJSON *json = cJSON_Parse(text);

	assert_int_equal(cJSON_GetArraySize(at(json, "incomplete")), 2);
	string_is(json, "incomplete.0.path", "x\n\uFFFD");
	string_is(json, "incomplete.0.path_base64", "eAr/");
	string_is(json, "incomplete.0.what", "permission denied");
	string_is(json, "incomplete.1.what", "too many");
	assert_null(at(json, "incomplete.1.path"));
	cJSON_Delete(json);
	free(text);
}

static void hostile_names_are_escaped_and_kept_whole(void **state)
{
	static const struct {
		struct slice path;
		const char *shown, *base64;
	} rows[] = {
		{SLICE("a\033[2J\r\nb"), "a\033[2J\r\nb", NULL},
		{SLICE("a\u202e\"\\b"), "a\u202e\"\\b", NULL},
		{SLICE("\xff"), "\uFFFD", "/w=="},
		{SLICE("a\xff"), "a\uFFFD", "Yf8="},
		{SLICE("ab\xff"), "ab\uFFFD", "YWL/"},
		{SLICE("\xfb\xef\xbe\xfb"), "\uFFFD\uFFFD\uFFFD\uFFFD", "+++++w=="},
		{SLICE("a\0b"), "a\uFFFDb", "YQBi"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct finding f = finding("");
		struct result result = {.findings = &f, .finding_count = 1};
		char *text;
		cJSON *json;

		f.path = TEXT(rows[i].path.ptr);
		f.path_len = rows[i].path.len;
		text = write_report("json", &result);
		assert_true(quote_is_utf8(slice_str(text)));
		for (const char *c = text; *c; c++)
			assert_true(*c == '\n' || (unsigned char)*c >= ' ');
		json = cJSON_Parse(text);
		string_is(json, "findings.0.path", rows[i].shown);
		if (rows[i].base64)
			string_is(json, "findings.0.path_base64", rows[i].base64);
		else
			assert_null(at(json, "findings.0.path_base64"));
		cJSON_Delete(json);
		free(text);
	}
}

static void tokens_in_names_are_masked_in_every_key(void **state)
{
	struct finding f = finding("");
	struct buf path;
	struct result result = {.findings = &f, .finding_count = 1};
	struct diag diag;
	char *text, *wanted;
	cJSON *json;

	buf_init(&path, BUF_MAX_LINE);
	sample_expand(&path, SLICE("@TOKEN:a@\xff"));
	f.path = f.root = path.ptr;
	f.path_len = path.len;
	diag = (struct diag){.path = path.ptr, .what = path.ptr};
	result.diags = &diag;
	result.diag_count = 1;
	result.roots = (char *[]){path.ptr, path.ptr};
	result.root_count = 2;
	text = write_report("json", &result);
	assert_non_null(strstr(text, "\"path_base64\":\"aGZf"));
	assert_null(memmem(text, strlen(text), path.ptr + 8, path.len - 9));
	json = cJSON_Parse(text);
	/* hf_, two letters, the ellipsis, two letters, and the odd byte: 11 bytes. */
	wanted = cJSON_GetStringValue(at(json, "findings.0.path_base64"));
	assert_int_equal(strlen(wanted), 16);
	string_is(json, "incomplete.0.path_base64", wanted);
	string_is(json, "findings.0.root", cJSON_GetStringValue(at(json, "findings.0.path")));
	string_is(json, "incomplete.0.what", cJSON_GetStringValue(at(json, "findings.0.path")));
	cJSON_Delete(json);
	free(text);
	buf_dispose(&path);
}

static void tokens_in_commits_are_masked(void **state)
{
	static const char *const keys[] = {"author", "email", "summary"};
	struct origin o = origin();
	struct finding f = finding("");
	struct buf token;
	struct result result = {.findings = &f, .finding_count = 1};
	char *text;
	cJSON *json;

	buf_init(&token, BUF_MAX_LINE);
	sample_expand(&token, SLICE("@TOKEN:a@\xff"));
	o.author = o.email = o.summary = token.ptr;
	f.origin = &o;
	strcpy(f.blob, o.object);
	text = write_report("json", &result);
	assert_null(memmem(text, strlen(text), token.ptr + 8, token.len - 9));
	json = cJSON_Parse(text);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const char *value = cJSON_GetStringValue(at(at(json, "findings.0.git"), keys[i]));

		assert_int_equal(strlen(value), 3 + 2 + 3 + 2 + 3); /* hf_ Od … CX U+FFFD */
	}
	cJSON_Delete(json);
	free(text);
	buf_dispose(&token);
}

/* A finding has "rule", what was not scanned "incomplete", the last line "summary". */
static void jsonl_is_one_object_a_line(void **state)
{
	static const char *const keys[] = {"rule", "rule", "incomplete", "incomplete", "summary"};
	struct finding findings[] = {finding("a\nb"), finding("c")};
	struct result result = {
		.findings = findings, .finding_count = 2, .diags = diags, .diag_count = 3};
	char *text = write_report("jsonl", &result), *rest;
	size_t line = 0;

	for (char *at_line = strtok_r(text, "\n", &rest); at_line;
	     at_line = strtok_r(NULL, "\n", &rest), line++) {
		cJSON *json = cJSON_Parse(at_line);

		assert_true(line < 5 && cJSON_IsObject(json));
		for (size_t i = 0; i < 5; i++)
			assert_int_equal(at(json, keys[i]) != NULL,
					 strcmp(keys[i], keys[line]) == 0);
		if (line == 0)
			string_is(json, "path", "a\nb");
		if (line == 2)
			string_is(json, "incomplete.what", "permission denied");
		if (line == 4) {
			number_is(json, "schema", 1);
			string_is(json, "tool.name", "hfscan");
			number_is(json, "summary.files", 0);
		}
		cJSON_Delete(json);
	}
	assert_int_equal(line, 5);
	free(text);
}

static void a_full_disk_is_an_error(void **state)
{
	struct finding f = finding("lab.py");
	struct result result = {
		.findings = &f, .finding_count = 1, .diags = diags, .diag_count = 3};

	for (int i = 0; i < 4; i++) {
		FILE *full = fopen("/dev/full", "w");
		struct err err = {0};

		assert_non_null(full);
		if (i & 1)
			setvbuf(full, NULL, _IONBF, 0);
		assert_int_equal(report_write(report_find(i & 2 ? "json" : "jsonl"), full, &result,
					      &(struct report_options){0}, &err),
				 HF_EIO);
		assert_non_null(strstr(err.msg, strerror(ENOSPC)));
		fclose(full);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_has_every_key_that_applies),
		cmocka_unit_test(history_tells_what_it_knows),
		cmocka_unit_test(what_is_in_no_tree_has_no_keys_of_one),
		cmocka_unit_test(what_no_commit_reaches_has_none),
		cmocka_unit_test(dates_are_whole_or_absent),
		cmocka_unit_test(keys_that_do_not_apply_are_absent),
		cmocka_unit_test(every_value_has_its_name),
		cmocka_unit_test(the_report_says_what_it_covers),
		cmocka_unit_test(the_only_root_is_not_repeated),
		cmocka_unit_test(a_root_that_is_no_utf8_is_given_whole),
		cmocka_unit_test(what_was_not_scanned_is_listed_without_the_notes),
		cmocka_unit_test(hostile_names_are_escaped_and_kept_whole),
		cmocka_unit_test(tokens_in_names_are_masked_in_every_key),
		cmocka_unit_test(tokens_in_commits_are_masked),
		cmocka_unit_test(jsonl_is_one_object_a_line),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
