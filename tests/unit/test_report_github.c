/* report/report_github and report/report_markdown: what GitHub is given to show, and
 * what of a hostile tree it never acts on. */
#include "match/sample.h"
#include "report/report.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MASKED        "hf_Ab…yZ"
#define TEXT(literal) ((char *)(literal))
/* What GitHub's runner takes for the beginning of an order or of a property. */
#define HOSTILE "::error::x\n##[y]%0A,a=|b`<i>@me"

static const struct rule rule = {
	.id = TEXT("t"),
	.title = {TEXT("User token"), TEXT("Token de usuario")},
	.explanation = {TEXT("It opens the account."), TEXT("Abre la cuenta.")},
	.severity = SEVERITY_CRITICAL,
};

static struct finding finding(const char *path, unsigned secret)
{
	struct finding f = {
		.rule = &rule,
		.secret.redacted = TEXT(MASKED),
		.root = TEXT("."),
		.path = TEXT(path),
		.path_len = strlen(path),
		.line1 = 3,
		.column1 = 7,
		.end_column1 = 44,
		.excerpt = TEXT("k = \"" MASKED "\""),
		.excerpt_beg = 5,
		.excerpt_end = 5 + strlen(MASKED),
	};

	snprintf(f.secret.fingerprint, sizeof(f.secret.fingerprint), "%u", secret);
	return f;
}

static struct result result(struct finding *findings, size_t count)
{
	struct result r = {
		.summary = {.files = 2, .bytes = 1500, .seconds = 0.25, .secrets = count},
		.findings = findings,
		.finding_count = count,
	};

	for (size_t i = 0; i < count; i++)
		r.summary.by_verdict[findings[i].verdict]++;
	return r;
}

/* To be freed. */
static char *report(const char *format, const struct result *r, struct report_options options)
{
	struct err err;
	size_t len;
	char *text;
	FILE *out = open_memstream(&text, &len);

	options.cwd = "/home/ana";
	assert_int_equal(report_write(report_find(format), out, r, &options, &err), 0);
	fclose(out);
	assert_int_equal(strlen(text), len);
	return text;
}

static size_t occurrences(const char *text, const char *what)
{
	size_t count = 0;

	while ((text = strstr(text, what)) != NULL) {
		text += strlen(what);
		count++;
	}
	return count;
}

/* ---- github ---- */

static void an_annotation_stands_at_its_line(void **state)
{
	struct finding f = finding("a b.py", 1);
	struct result r = result(&f, 1);
	char *text = report("github", &r, (struct report_options){0});

	assert_non_null(strstr(text, "::error title=hfscan%3A User token " MASKED
				     ",file=a b.py,line=3,endLine=3,col=7,endColumn=44::"
				     "a b.py:3:7%0A    k = \"" MASKED "\"%0AWhat to do:%0A1. "));
	assert_non_null(strstr(text, "\n1 secret leaked in 1 place · 2 files, 1.5 kB in 0.25 s\n"));
	free(text);
	text = report("github", &r, (struct report_options){.lang = LANG_ES});
	assert_non_null(strstr(text, "Token de usuario"));
	assert_non_null(strstr(text, "%0AQué hacer:%0A1. "));
	free(text);
}

static void a_notebook_is_told_by_its_cell(void **state)
{
	struct notebook_place place = {.cell = 4, .part = PART_SOURCE, .line1 = 2};
	struct finding f = finding("lab.ipynb", 1);
	struct result r = result(&f, 1);
	char *text;

	f.notebook = &place;
	text = report("github", &r, (struct report_options){0});
	assert_non_null(strstr(text, MASKED "%2C cell 4,file=lab.ipynb,line=3,"));
	assert_non_null(strstr(text, "::lab.ipynb › cell 4 › source line 2%0A"));
	free(text);
}

/* The file has other lines now, or is no more. */
static void what_is_in_the_past_has_no_line(void **state)
{
	struct origin origin = {.in_head = true};
	struct finding f = finding("a.py", 1);
	struct result r = result(&f, 1);
	char *text;

	f.history = true;
	f.origin = &origin;
	text = report("github", &r, (struct report_options){0});
	assert_non_null(strstr(text, ",file=a.py,line=3,"));
	free(text);
	origin.in_head = false;
	text = report("github", &r, (struct report_options){0});
	assert_non_null(strstr(text, ",file=a.py::"));
	free(text);
	f.where = WHERE_REF_NAME;
	text = report("github", &r, (struct report_options){0});
	assert_null(strstr(text, "file="));
	free(text);
}

static void nothing_that_was_scanned_gives_orders(void **state)
{
	struct origin origin = {
		.commit = "1234567890123456789012345678901234567890",
		.author = TEXT(HOSTILE),
		.email = TEXT(HOSTILE),
		.summary = TEXT(HOSTILE),
	};
	struct diag diag = {.path = TEXT(HOSTILE), .what = TEXT(HOSTILE)};
	struct finding f = finding(HOSTILE, 1);
	struct result r = result(&f, 1);
	char *text;

	f.origin = &origin;
	f.excerpt = TEXT(HOSTILE MASKED HOSTILE);
	f.excerpt_beg = strlen(HOSTILE);
	f.excerpt_end = f.excerpt_beg + strlen(MASKED);
	r.diags = &diag;
	r.diag_count = r.summary.incomplete = 1;
	text = report("github", &r, (struct report_options){0});
	assert_int_equal(occurrences(text, "\n"), 3); /* leak, incompleteness, last line */
	assert_int_equal(occurrences(text, "##["), 0);
	assert_int_equal(strncmp(text, "::error ", 8), 0);
	assert_int_equal(occurrences(text, "\n::"), 1);
	/* Of a property neither colon nor comma is left, and of anything no per cent sign. */
	assert_non_null(
		strstr(text, "file=\\x3A%3Aerror%3A%3Ax\\x0A\\x23#[y]%250A%2Ca=|b`<i>@me,line=3,"));
	assert_int_equal(occurrences(text, "%0A,"), 0);
	free(text);
}

static void the_tenth_annotation_counts_the_rest(void **state)
{
	static const struct {
		size_t leaks, shown;
		bool incomplete, allowed;
		const char *rest;
	} rows[] = {
		{10, 10, false, false, NULL}, {11, 10, false, false, "::… and 2 more\n"},
		{9, 10, true, false, NULL},   {10, 10, true, false, "::… and 2 more\n"},
		{10, 10, true, true, NULL},
	};
	struct finding findings[11];
	struct diag diag = {.what = TEXT("gone")};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct result r;
		char *text;

		for (size_t k = 0; k < rows[i].leaks; k++)
			findings[k] = finding("a.py", (unsigned)k);
		r = result(findings, rows[i].leaks);
		r.diags = &diag;
		r.diag_count = r.summary.incomplete = rows[i].incomplete;
		text = report("github", &r,
			      (struct report_options){.allow_incomplete = rows[i].allowed});
		assert_int_equal(occurrences(text, "::error "), rows[i].shown);
		assert_int_equal(occurrences(text, "::warning "), rows[i].allowed);
		assert_int_equal(!!strstr(text, "more"), !!rows[i].rest);
		assert_true(!rows[i].rest || strstr(text, rows[i].rest));
		assert_int_equal(occurrences(text, "%0Agone\n"), rows[i].incomplete);
		free(text);
	}
}

static void each_secret_comes_before_the_second_place_of_any(void **state)
{
	struct finding findings[13];
	struct result r;
	char *text;

	for (unsigned i = 0; i < 12; i++)
		findings[i] = finding("first.py", 1);
	findings[12] = finding("second.py", 2);
	r = result(findings, 13);
	text = report("github", &r, (struct report_options){0});
	assert_true(strstr(text, "file=second.py") < strstr(text, "::error title=hfscan::…"));
	free(text);
}

static void warnings_warn_and_fail_where_strict(void **state)
{
	struct finding f = finding("a.py", 1);
	struct result r;
	char *text;

	f.verdict = VERDICT_WARNING;
	r = result(&f, 1);
	text = report("github", &r, (struct report_options){0});
	assert_int_equal(strncmp(text, "::warning ", 10), 0);
	assert_null(strstr(text, "What to do"));
	free(text);
	text = report("github", &r, (struct report_options){.strict = true});
	assert_int_equal(strncmp(text, "::error ", 8), 0);
	free(text);
}

/* ---- markdown ---- */

static void a_page_tells_rule_secret_place_and_advice(void **state)
{
	struct origin origin = {
		.commit = "1234567890123456789012345678901234567890",
		.author = TEXT("Ana"),
		.summary = TEXT("lab"),
		.time = 1772366400, /* 2026-03-01T12:00:00Z */
	};
	struct finding f = finding("a.py", 1);
	struct result r = result(&f, 1);
	char *text;

	f.origin = &origin;
	f.exposure = EXPOSURE_PUSHED;
	text = report("markdown", &r, (struct report_options){0});
	assert_int_equal(strncmp(text, "### hfscan: 1 secret leaked in 1 place\n", 39), 0);
	assert_non_null(strstr(text, "\n#### CRITICAL: User token\n\nIt opens the account.\n"));
	assert_non_null(strstr(text, "\n| Secret | Where | How far it got | Commit | Author |\n"
				     "| --- | --- | --- | --- | --- |\n"
				     "| <code>hf&#95;Ab…yZ</code> | <code>a.py&#58;3&#58;7</code>"
				     " | PUSHED | <code>123456789012</code> 2026-03-01 "
				     "<code>lab</code> | <code>Ana</code> |\n"));
	assert_non_null(strstr(text, "\n**What to do**: <code>hf&#95;Ab…yZ</code>\n\n1. Delete"));
	free(text);
	text = report("markdown", &r, (struct report_options){.lang = LANG_ES});
	assert_non_null(strstr(text, "\n| Secreto | Dónde | Hasta dónde llegó | "));
	free(text);
}

static void clean_and_incomplete_are_told_first(void **state)
{
	struct result r = result(NULL, 0);
	struct diag diags[] = {{TEXT("b"), TEXT("gone"), false}, {NULL, TEXT("A..B"), true}};
	char *text = report("markdown", &r, (struct report_options){0});

	assert_int_equal(strncmp(text, "### hfscan: No Hugging Face token found\n", 40), 0);
	assert_null(strstr(text, "Not scanned"));
	free(text);
	r.diags = diags;
	r.diag_count = 2;
	r.summary.incomplete = 30;
	text = report("markdown", &r, (struct report_options){0});
	assert_non_null(strstr(text, "in what could be read · INCOMPLETE&#58; 30 things"));
	assert_non_null(strstr(text, "\n#### Not scanned\n\n- <code>b</code>: <code>gone</code>\n"
				     "- … and 29 more\n"));
	assert_non_null(strstr(text, "\n#### Notes\n\n- <code>A..B</code>\n"));
	free(text);
}

static void nothing_that_was_scanned_acts_in_a_page(void **state)
{
	struct origin origin = {
		.commit = "1234567890123456789012345678901234567890",
		.author = TEXT(HOSTILE),
		.summary = TEXT(HOSTILE),
	};
	struct diag diag = {.path = TEXT(HOSTILE), .what = TEXT(HOSTILE)};
	struct finding f = finding("[a](b)\\|*_~$ www.x" HOSTILE, 1);
	struct result r = result(&f, 1);
	char *text, *row;

	f.origin = &origin;
	r.diags = &diag;
	r.diag_count = r.summary.incomplete = 1;
	text = report("markdown", &r, (struct report_options){0});
	assert_null(strstr(text, "<i>"));
	assert_null(strstr(text, "@me"));
	row = strstr(text, "\n| <code>hf") + 1;
	*strchr(row, '\n') = '\0';
	assert_int_equal(occurrences(row, "|"), 6); /* those of five cells */
	assert_int_equal(strcspn(row, "`*_~[]\\$"), strlen(row));
	assert_non_null(strstr(row, "www&#46;x"));
	free(text);
}

/* The longest that each part may be, and of all as many as there may be. */
static void a_page_stays_below_what_github_takes(void **state)
{
	enum { COUNT = 3000 };
	struct finding *findings = calloc(COUNT, sizeof(*findings));
	struct diag *diags = calloc(COUNT, sizeof(*diags));
	struct origin origin = {.commit = "1234567890123456789012345678901234567890"};
	static char long_text[5000];
	struct result r;
	char *text;

	memset(long_text, '\x01', sizeof(long_text) - 1);
	origin.author = origin.summary = long_text;
	for (unsigned i = 0; i < COUNT; i++) {
		findings[i] = finding(long_text, i);
		findings[i].origin = &origin;
		diags[i] = (struct diag){long_text, long_text, i % 2};
	}
	r = result(findings, COUNT);
	r.diags = diags;
	r.diag_count = COUNT;
	r.summary.incomplete = COUNT / 2;
	text = report("markdown", &r, (struct report_options){0});
	assert_in_range(strlen(text), 600 << 10, (1 << 20) - 1);
	assert_non_null(strstr(text, "\n… and "));
	assert_non_null(strstr(text, "**What to do**"));
	free(text);
	free(diags);
	free(findings);
}

static void tokens_in_names_are_masked(void **state)
{
	static const char *const formats[] = {"github", "markdown"};
	struct buf token;
	struct finding f;
	struct origin origin = {.commit = "1234567890123456789012345678901234567890"};
	struct diag diag;
	struct result r;

	buf_init(&token, BUF_MAX_LINE);
	sample_expand(&token, SLICE("@TOKEN:a@"));
	f = finding(token.ptr, 1);
	origin.author = origin.email = origin.summary = token.ptr;
	f.root = token.ptr;
	f.origin = &origin;
	diag = (struct diag){.path = token.ptr, .what = token.ptr};
	r = result(&f, 1);
	r.diags = &diag;
	r.diag_count = r.summary.incomplete = 1;
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		char *text = report(formats[i], &r, (struct report_options){.verbose = 1});

		assert_null(strstr(text, token.ptr + 8));
		free(text);
	}
	buf_dispose(&token);
}

static void a_full_disk_is_an_error(void **state)
{
	static const char *const formats[] = {"github", "markdown"};
	struct finding f = finding("a.py", 1);
	struct result r = result(&f, 1);

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		FILE *full = fopen("/dev/full", "w");
		struct err err;

		assert_non_null(full);
		setvbuf(full, NULL, _IONBF, 0);
		assert_int_equal(report_write(report_find(formats[i]), full, &r,
					      &(struct report_options){.cwd = "/"}, &err),
				 HF_EIO);
		fclose(full);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_annotation_stands_at_its_line),
		cmocka_unit_test(a_notebook_is_told_by_its_cell),
		cmocka_unit_test(what_is_in_the_past_has_no_line),
		cmocka_unit_test(nothing_that_was_scanned_gives_orders),
		cmocka_unit_test(the_tenth_annotation_counts_the_rest),
		cmocka_unit_test(each_secret_comes_before_the_second_place_of_any),
		cmocka_unit_test(warnings_warn_and_fail_where_strict),
		cmocka_unit_test(a_page_tells_rule_secret_place_and_advice),
		cmocka_unit_test(clean_and_incomplete_are_told_first),
		cmocka_unit_test(nothing_that_was_scanned_acts_in_a_page),
		cmocka_unit_test(a_page_stays_below_what_github_takes),
		cmocka_unit_test(tokens_in_names_are_masked),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
