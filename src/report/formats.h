/* The writers of the formats, for the table in report.c. */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "base/buf.h"
#include "report/report.h"

int report_text_write(FILE *out, const struct result *result, const struct report_options *options);
int report_json_write(FILE *out, const struct result *result, const struct report_options *options);
int report_jsonl_write(FILE *out, const struct result *result,
		       const struct report_options *options);
int report_github_write(FILE *out, const struct result *result,
			const struct report_options *options);
int report_markdown_write(FILE *out, const struct result *result,
			  const struct report_options *options);

int report_sarif_write(FILE *out, const struct result *result,
		       const struct report_options *options);
int report_gitlab_write(FILE *out, const struct result *result,
			const struct report_options *options);
int report_codequality_write(FILE *out, const struct result *result,
			     const struct report_options *options);
int report_junit_write(FILE *out, const struct result *result,
		       const struct report_options *options);
int report_csv_write(FILE *out, const struct result *result, const struct report_options *options);
int report_html_write(FILE *out, const struct result *result, const struct report_options *options);

/* What json says of a finding, masked; the caller deletes it. */
struct cJSON *report_finding_object(const struct finding *finding, const struct result *result);

/* The same of what a secret was found to be when it was tried. */
struct cJSON *report_live_object(const struct live *live);
/* Adds `decoded` and `member`, where a finding has them. */
void report_add_form(struct cJSON *object, const struct finding *finding);

/* Writes b and empties it, so that a report of any size needs the memory of
 * one finding. Negative when out refused, with the reason in errno. */
int report_flush(FILE *out, struct buf *b);

/* Writes "2026-03-01T12:00:00Z"; false when seconds since 1970 lie outside of the
 * years that ISO 8601 has four digits for. */
#define REPORT_DATE_SIZE (sizeof("2026-03-01T12:00:00Z"))
bool report_date(char out[REPORT_DATE_SIZE], int64_t seconds);

#endif
