/* Of several repositories: the rows that json and jsonl have for each of them, for
 * each author, and for what they share. report.h says what is in a row. */
#ifndef REPORT_JSON_CLASS_H
#define REPORT_JSON_CLASS_H

#include "hfscan.h"

#include <cjson/cJSON.h>

enum class_table { TABLE_REPOSITORIES, TABLE_AUTHORS, TABLE_SHARED, TABLE_COUNT };

/* Static: "repositories". */
const char *class_table_name(enum class_table table);
/* 0 where the report has no such table. */
size_t class_table_rows(const struct result *result, enum class_table table);
/* The caller's. */
cJSON *class_table_row(const struct result *result, enum class_table table, size_t row);

/* Names the finding's repository, where there are several. */
void class_add_unit(cJSON *object, const struct finding *finding, const struct result *result);

#endif
