/* The writers of the formats, for the table in report.c. */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "base/buf.h"
#include "report/report.h"

int report_text_write(FILE *out, const struct result *result, const struct report_options *options);
int report_json_write(FILE *out, const struct result *result, const struct report_options *options);
int report_jsonl_write(FILE *out, const struct result *result,
		       const struct report_options *options);

/* Writes b and empties it, so that a report of any size needs the memory of
 * one finding. Negative when out refused, with the reason in errno. */
int report_flush(FILE *out, struct buf *b);

#endif
