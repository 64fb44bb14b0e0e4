/*
 * JUnit XML, as CI servers show it: a test case a finding. A leak is a failure, a
 * warning one only with --strict, a dead token none with --fail-on live; what could not be scanned
 * is an error, so that no run that exits with other than 0 shows green. The form is that of
 * Jenkins' junit-10.xsd, and the attribute `file`, which GitLab links to.
 */
#include "report/formats.h"

#include "base/quote.h"
#include "base/tr.h"
#include "report/forge.h"
#include "report/redact.h"
#include "report/say.h"

#include <stdio.h>

/* ---- XML ---- */

/* Every byte string becomes characters that XML 1.0 allows: controls and broken UTF-8
 * are spelled out, U+FFFE and U+FFFF are none. */
static void put_xml(struct buf *out, struct slice text)
{
	static const struct {
		struct slice from;
		const char *to;
	} signs[] = {
		{{(const unsigned char *)"&", 1}, "&amp;"},
		{{(const unsigned char *)"<", 1}, "&lt;"},
		{{(const unsigned char *)">", 1}, "&gt;"},
		{{(const unsigned char *)"\"", 1}, "&quot;"},
		{{(const unsigned char *)"'", 1}, "&apos;"},
		{{(const unsigned char *)"\xEF\xBF\xBE", 3}, "\xEF\xBF\xBD"},
		{{(const unsigned char *)"\xEF\xBF\xBF", 3}, "\xEF\xBF\xBD"},
	};
	struct buf quoted;
	struct slice rest;

	buf_init(&quoted, BUF_MAX_REPORT);
	quote_terminal(&quoted, text);
	rest = buf_slice(&quoted);
	while (rest.len > 0) {
		size_t i = 0, len = 1;

		while (i < sizeof(signs) / sizeof(*signs) && !slice_has_prefix(rest, signs[i].from))
			i++;
		if (i < sizeof(signs) / sizeof(*signs)) {
			buf_append_str(out, signs[i].to);
			len = signs[i].from.len;
		} else {
			buf_append_byte(out, rest.ptr[0]);
		}
		rest = slice_cut(rest, (struct span){len, rest.len});
	}
	buf_dispose(&quoted);
}

static void put_attribute(struct buf *out, const char *name, struct slice value)
{
	buf_appendf(out, " %s=\"", name);
	put_xml(out, value);
	buf_append_byte(out, '"');
}

/* ---- what a finding is to a test ---- */

enum outcome { FAILED, SKIPPED, LEFT_OUT };

static enum outcome outcome_of(const struct forge *forge, const struct finding *f)
{
	if (report_excuses(forge->options, f))
		return SKIPPED;
	if (f->verdict == VERDICT_LEAK || (f->verdict == VERDICT_WARNING && forge->options->strict))
		return FAILED;
	if (f->verdict == VERDICT_WARNING || forge->options->verbose)
		return SKIPPED;
	return LEFT_OUT;
}

static uint64_t count(const struct forge *forge, enum outcome outcome)
{
	uint64_t n = 0;

	for (size_t i = 0; i < forge->result->finding_count; i++)
		n += outcome_of(forge, &forge->result->findings[i]) == outcome;
	return n;
}

/* ---- one finding ---- */

/* Lines of our own making, each with what was scanned quoted. */
static void put_details(struct buf *out, const struct forge *forge, const struct finding *f,
			struct slice path)
{
	struct buf text;

	put_xml(out, path);
	if (forge_has_line(f))
		buf_appendf(out, ":%llu:%llu", (unsigned long long)f->line1,
			    (unsigned long long)f->column1);
	buf_append_byte(out, '\n');
	buf_init(&text, BUF_MAX_REPORT);
	redact_text(&text, slice_str(f->excerpt ? f->excerpt : ""));
	put_xml(out, buf_slice(&text));
	buf_reset(&text);
	redact_text(&text, slice_str(forge_explanation(forge, f->rule)));
	buf_append_byte(out, '\n');
	put_xml(out, buf_slice(&text));
	buf_reset(&text);
	forge_put_live(&text, forge, f, "");
	buf_append_str(out, text.len ? "\n" : "");
	put_xml(out, buf_slice(&text));
	buf_dispose(&text);
}

static void put_remedy(struct buf *out, const struct forge *forge, const struct finding *f)
{
	struct buf steps;
	struct slice rest;

	buf_init(&steps, BUF_MAX_LINE);
	forge_put_remedy(&steps, forge, f, "\n");
	rest = buf_slice(&steps);
	while (rest.len > 0) {
		const unsigned char *end = memchr(rest.ptr, '\n', rest.len);
		size_t len = end ? (size_t)(end - rest.ptr) : rest.len;

		buf_append_byte(out, '\n');
		put_xml(out, slice_cut(rest, (struct span){0, len}));
		rest = slice_cut(rest, (struct span){end ? len + 1 : len, rest.len});
	}
	buf_dispose(&steps);
}

static void put_outcome(struct buf *out, const struct forge *forge, const struct finding *f,
			struct slice message, struct slice path)
{
	bool failed = outcome_of(forge, f) == FAILED;
	struct buf words;

	buf_append_str(out, failed ? "<failure" : "<skipped");
	if (failed)
		put_attribute(out, "type", slice_str(f->rule->id));
	buf_init(&words, BUF_MAX_LINE);
	if (f->reason)
		buf_append_str(&words, tr_in(forge->options->lang, f->reason));
	else
		buf_append_slice(&words, message);
	forge_put_live(&words, forge, f, ". ");
	put_attribute(out, "message", buf_slice(&words));
	buf_dispose(&words);
	if (!failed) {
		buf_append_str(out, "/>\n");
		return;
	}
	buf_append_byte(out, '>');
	put_details(out, forge, f, path);
	put_remedy(out, forge, f);
	buf_append_str(out, "</failure>\n");
}

static void put_finding(struct buf *out, const struct forge *forge, const struct finding *f)
{
	struct buf message, path;

	buf_init(&message, BUF_MAX_LINE);
	buf_init(&path, BUF_MAX_REPORT);
	forge_put_message(&message, forge, f);
	forge_put_path(&path, forge, f);
	buf_append_str(out, "<testcase");
	put_attribute(out, "classname", buf_slice(&path));
	put_attribute(out, "name", buf_slice(&message));
	put_attribute(out, "file", buf_slice(&path));
	buf_append_str(out, " time=\"0\">\n");
	put_outcome(out, forge, f, buf_slice(&message), buf_slice(&path));
	buf_append_str(out, "</testcase>\n");
	buf_dispose(&path);
	buf_dispose(&message);
}

/* ---- what could not be scanned, or was fine ---- */

static void put_error(struct buf *out, const struct forge *forge, const struct diag *diag)
{
	struct buf path, what;

	buf_init(&path, BUF_MAX_REPORT);
	buf_init(&what, BUF_MAX_REPORT);
	if (diag->path)
		forge_put_diag_path(&path, forge, diag->path);
	redact_text(&what, slice_str(diag->what));
	buf_append_str(out, "<testcase");
	put_attribute(out, "classname", path.len ? buf_slice(&path) : SLICE("hfscan"));
	put_attribute(out, "name", SLICE("scanned"));
	buf_append_str(out, " time=\"0\">\n<error type=\"incomplete\"");
	put_attribute(out, "message", buf_slice(&what));
	buf_append_str(out, "/>\n</testcase>\n");
	buf_dispose(&what);
	buf_dispose(&path);
}

static void put_passed(struct buf *out, const struct forge *forge)
{
	struct buf words;

	buf_init(&words, BUF_MAX_LINE);
	say(&words, forge->options->lang, SAY_NOTHING_FOUND, 1, NULL);
	buf_append_str(out, "<testcase classname=\"hfscan\"");
	put_attribute(out, "name", buf_slice(&words));
	buf_append_str(out, " time=\"0\"/>\n");
	buf_dispose(&words);
}

static void put_suite(struct buf *out, const struct forge *forge, uint64_t errors)
{
	uint64_t failures = count(forge, FAILED), skipped = count(forge, SKIPPED);
	uint64_t tests = failures + skipped + errors;
	char counts[160];

	snprintf(counts, sizeof(counts),
		 "name=\"hfscan\" tests=\"%llu\" failures=\"%llu\" errors=\"%llu\" "
		 "skipped=\"%llu\" time=\"%.3f\"",
		 (unsigned long long)(tests ? tests : 1), (unsigned long long)failures,
		 (unsigned long long)errors, (unsigned long long)skipped,
		 forge->result->summary.seconds);
	buf_appendf(out,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite %s>\n",
		    counts);
	if (tests == 0)
		put_passed(out, forge);
}

/* "file: what it did", a line each. */
static void put_narrowings(struct buf *out, const struct forge *forge)
{
	const struct result *result = forge->result;
	struct buf line;

	if (!result->narrowing_count)
		return;
	buf_init(&line, BUF_MAX_REPORT);
	buf_append_str(out, "<system-out>");
	for (size_t i = 0; i < result->narrowing_count; i++) {
		buf_reset(&line);
		forge_put_diag_path(&line, forge, result->narrowings[i].file);
		buf_append_str(&line, ": ");
		forge_put_narrowed(&line, forge, &result->narrowings[i]);
		put_xml(out, buf_slice(&line));
		buf_append_byte(out, '\n');
	}
	buf_append_str(out, "</system-out>\n");
	buf_dispose(&line);
}

/* ---- the whole ---- */

/* With --only-live a run may fail for what no report shows. */
static bool fails_for_left_out(const struct forge *forge)
{
	const struct summary *s = &forge->result->summary;

	return s->left_out && forge->options->exit_code && !s->by_verdict[VERDICT_LEAK] &&
	       !s->incomplete;
}

static void put_left_out(struct buf *out, const struct forge *forge)
{
	struct buf what;

	buf_init(&what, BUF_MAX_LINE);
	say(&what, forge->options->lang, SAY_LEFT_OUT, forge->result->summary.left_out, NULL);
	put_error(out, forge, &(struct diag){.what = what.ptr});
	buf_dispose(&what);
}

static uint64_t count_errors(const struct result *result, bool unlisted)
{
	uint64_t errors = unlisted;

	for (size_t i = 0; i < result->diag_count; i++)
		errors += !result->diags[i].is_note;
	return errors;
}

static int write_errors(FILE *out, const struct forge *forge, struct buf *unlisted)
{
	const struct result *result = forge->result;
	struct buf text;
	int rc = 0;

	buf_init(&text, BUF_MAX_REPORT);
	for (size_t i = 0; rc == 0 && i < result->diag_count; i++) {
		if (result->diags[i].is_note)
			continue;
		put_error(&text, forge, &result->diags[i]);
		rc = report_flush(out, &text);
	}
	if (unlisted->len)
		put_error(&text, forge, &(struct diag){.what = unlisted->ptr});
	if (fails_for_left_out(forge))
		put_left_out(&text, forge);
	put_narrowings(&text, forge);
	buf_append_str(&text, "</testsuite>\n</testsuites>\n");
	if (rc == 0)
		rc = report_flush(out, &text);
	buf_dispose(&text);
	return rc;
}

static int write_findings(FILE *out, const struct forge *forge, uint64_t errors)
{
	const struct result *result = forge->result;
	struct buf text;
	int rc;

	buf_init(&text, BUF_MAX_REPORT);
	put_suite(&text, forge, errors);
	rc = report_flush(out, &text);
	for (size_t i = 0; rc == 0 && i < result->finding_count; i++) {
		if (outcome_of(forge, &result->findings[i]) == LEFT_OUT)
			continue;
		put_finding(&text, forge, &result->findings[i]);
		rc = report_flush(out, &text);
	}
	buf_dispose(&text);
	return rc;
}

int report_junit_write(FILE *out, const struct result *result, const struct report_options *options)
{
	struct forge forge;
	struct buf unlisted;
	int rc;

	forge_init(&forge, result, options);
	buf_init(&unlisted, BUF_MAX_LINE);
	forge_put_unlisted(&unlisted, &forge);
	rc = write_findings(out, &forge,
			    count_errors(result, unlisted.len > 0) + fails_for_left_out(&forge));
	if (rc == 0)
		rc = write_errors(out, &forge, &unlisted);
	buf_dispose(&unlisted);
	forge_dispose(&forge);
	return rc;
}
