/* The table of formats, and what is the same for all: how writing may fail. */
#include "report/report.h"

#include "report/formats.h"

#include <errno.h>
#include <string.h>
#include <time.h>

static const struct reporter formats[] = {
	{"text", "for people, grouped by secret", report_text_write},
	{"json", "one JSON object", report_json_write},
	{"jsonl", "one JSON object a line", report_jsonl_write},
	{"csv", "one finding a line, for spreadsheets", report_csv_write},
	{"html", "one page for a browser, with a filter", report_html_write},
	{"github", "annotations of GitHub Actions", report_github_write},
	{"markdown", "a summary for people, as GitHub and GitLab show it", report_markdown_write},
	{"sarif", "SARIF 2.1.0, for code scanning at GitHub and others", report_sarif_write},
	{"gitlab", "GitLab's secret detection report", report_gitlab_write},
	{"codequality", "GitLab's Code Quality report", report_codequality_write},
	{"junit", "JUnit XML, which most CI servers show", report_junit_write},
	{NULL, NULL, NULL},
};

const struct reporter *report_formats(void)
{
	return formats;
}

const struct reporter *report_find(const char *name)
{
	for (const struct reporter *r = formats; r->name; r++)
		if (strcmp(r->name, name) == 0)
			return r;
	return NULL;
}

int report_flush(FILE *out, struct buf *b)
{
	size_t written = fwrite(b->ptr, 1, b->len, out);
	int rc = written == b->len ? 0 : -1;

	buf_reset(b);
	return rc;
}

/* 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
#define DATE_MIN INT64_C(-62167219200)
#define DATE_MAX INT64_C(253402300799)

bool report_date(char out[REPORT_DATE_SIZE], int64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm utc;

	if (seconds < DATE_MIN || seconds > DATE_MAX || when != seconds || !gmtime_r(&when, &utc))
		return false;
	snprintf(out, REPORT_DATE_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ",
		 (unsigned)(utc.tm_year + 1900) % 10000, (unsigned)(utc.tm_mon + 1) % 100,
		 (unsigned)utc.tm_mday % 100, (unsigned)utc.tm_hour % 100,
		 (unsigned)utc.tm_min % 100, (unsigned)utc.tm_sec % 100);
	return true;
}

bool report_excuses(const struct report_options *options, const struct finding *f)
{
	if (!options->fail_on_live || f->verdict != VERDICT_LEAK || !f->live)
		return false;
	return f->live->status == LIVE_DEAD ||
	       (f->live->status == LIVE_UNKNOWN && options->allow_incomplete);
}

int report_write(const struct reporter *reporter, FILE *out, const struct result *result,
		 const struct report_options *options, struct err *err)
{
	int rc;

	errno = 0;
	rc = reporter->write(out, result, options);
	if (rc == 0 && fflush(out) == 0 && !ferror(out))
		return 0;
	if (errno == EPIPE) {
		clearerr(out); /* the reader has what it wanted */
		return 0;
	}
	return err_errno(err, errno ? errno : EIO, "cannot write the report");
}
