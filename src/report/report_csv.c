/*
 * CSV for spreadsheets, as RFC 4180 has it: a header, CRLF, every cell in quotes.
 * The cells are those of a finding's JSON, so that both formats say the same.
 *
 * It begins with a byte order mark: without one, Excel on Windows takes UTF-8 for
 * the code page of the system, and every masked token has an ellipsis. Programs
 * that do not expect one have json and jsonl.
 *
 * What a spreadsheet would run as a formula is preceded by an apostrophe, as in
 * OWASP's "CSV Injection", which says, too, that a separator inside of a cell may
 * begin another one: where the comma is the decimal sign, that is the semicolon.
 */
#include "report/formats.h"

#include "base/alloc.h"
#include "base/quote.h"
#include "base/tr.h"
#include "report/object.h"
#include "report/redact.h"

#include <nettle/base64.h>
#include <stdlib.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* Where a column's value stands in the JSON of a finding. */
static const struct column {
	const char *name;
	const char *parent; /* NULL: the finding itself */
	const char *key;    /* NULL: as name */
} columns[] = {
	{"verdict", NULL, NULL},
	{"severity", NULL, NULL},
	{"rule", NULL, NULL},
	{"reason", NULL, NULL},
	{"redacted", "secret", NULL},
	{"exposure", NULL, NULL},
	{"root", NULL, NULL},
	{"path", NULL, NULL},
	{"line", NULL, NULL},
	{"column", NULL, NULL},
	{"cell", "notebook", NULL},
	{"part", "notebook", NULL},
	{"output", "notebook", NULL},
	{"cell_line", "notebook", "line"},
	{"cell_column", "notebook", "column"},
	{"where", "git", NULL},
	{"commit", "git", NULL},
	{"author", "git", NULL},
	{"email", "git", NULL},
	{"date", "git", NULL},
	{"summary", "git", NULL},
	{"removed", "git", NULL},
	{"paths", "git", NULL},
	{"in_head", "git", NULL},
	{"occurrences", NULL, NULL},
	{"fingerprint", "secret", NULL},
	{"clear", "secret", NULL},
	{"object", "git", NULL},
	{"cell_id", "notebook", NULL},
	{"cell_type", "notebook", NULL},
	{"end_column", NULL, NULL},
	{"offset", NULL, NULL},
	{"length", NULL, NULL},
	{"path_base64", NULL, NULL},
	{"live", "live", "status"},
	{"live_reason", "live", "reason"},
	{"user", "live", NULL},
	{"owner", "live", NULL},
	{"role", "live", NULL},
	{"token_name", "live", NULL},
	{"created_at", "live", NULL},
	{"expires_at", "live", NULL},
	{"checked_at", "live", NULL},
	{"member", NULL, NULL},
	{"decoded", NULL, NULL},
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(columns[0]))

/* ---- one cell ---- */

/* The last four are the wide forms, which some spreadsheets take for the same. */
static bool is_formula(struct slice text)
{
	static const char *const signs[] = {"=",
					    "+",
					    "-",
					    "@",
					    "\t",
					    "\r",
					    "\n",
					    "\xEF\xBC\x9D",
					    "\xEF\xBC\x8B",
					    "\xEF\xBC\x8D",
					    "\xEF\xBC\xA0"};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (slice_has_prefix(text, slice_str(signs[i])))
			return true;
	return false;
}

static struct slice skip(struct slice text, size_t len)
{
	return slice_cut(text, (struct span){len, text.len});
}

/* Quotes and blanks before a sign do not hide it in a cell that was begun by accident. */
static bool is_formula_inside(struct slice text)
{
	while (text.len > 0 && (text.ptr[0] == '"' || text.ptr[0] == ' '))
		text = skip(text, 1);
	return is_formula(text);
}

/* text as it may stand in a cell: in one line, visible, no formula. */
static void defuse(struct buf *out, struct slice text)
{
	struct buf shown;
	struct slice rest;

	buf_init(&shown, BUF_MAX_REPORT);
	if (is_formula(text))
		buf_append_byte(out, '\'');
	quote_terminal(&shown, text);
	for (rest = buf_slice(&shown); rest.len > 0; rest = skip(rest, 1)) {
		buf_append_byte(out, rest.ptr[0]);
		if (rest.ptr[0] == ';' && is_formula_inside(skip(rest, 1)))
			buf_append_byte(out, '\'');
	}
	buf_dispose_wiped(&shown);
}

static void put_in_quotes(struct buf *line, struct slice text)
{
	buf_append_byte(line, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_append_byte(line, '"');
		buf_append_byte(line, text.ptr[i]);
	}
	buf_append_byte(line, '"');
}

static void append_value(struct buf *out, const cJSON *value)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, value)
	{
		if (item != value->child)
			buf_append_byte(out, ' ');
		defuse(out, slice_str(cJSON_GetStringValue(item)));
	}

	if (cJSON_IsString(value))
		defuse(out, slice_str(value->valuestring));
	else if (cJSON_IsNumber(value))
		buf_appendf(out, "%.0f", value->valuedouble);
	else if (cJSON_IsBool(value))
		buf_append_str(out, cJSON_IsTrue(value) ? "true" : "false");
}

/* ---- one line ---- */

/* A path that a cell had to change is told whole, like one that is no UTF-8. */
static void add_whole_path(cJSON *object)
{
	const char *path = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "path"));
	struct buf shown;
	char *encoded;
	size_t len;

	if (!path || cJSON_HasObjectItem(object, "path_base64"))
		return;
	buf_init(&shown, BUF_MAX_REPORT);
	defuse(&shown, slice_str(path));
	if (strcmp(shown.ptr, path) != 0) {
		len = strlen(path);
		encoded = xcalloc(BASE64_ENCODE_RAW_LENGTH(len) + 1, 1);
		base64_encode_raw(encoded, len, (const uint8_t *)path);
		cJSON_AddStringToObject(object, "path_base64", encoded);
		free(encoded);
	}
	buf_dispose(&shown);
}

/* Writes object's line and frees it. */
static int write_line(FILE *out, cJSON *object)
{
	struct buf line, cell;
	int rc;

	buf_init(&line, BUF_MAX_REPORT);
	buf_init(&cell, BUF_MAX_REPORT);
	add_whole_path(object);
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		const struct column *c = &columns[i];
		const cJSON *parent =
			c->parent ? cJSON_GetObjectItemCaseSensitive(object, c->parent) : object;

		append_value(&cell,
			     cJSON_GetObjectItemCaseSensitive(parent, c->key ? c->key : c->name));
		put_in_quotes(&line, buf_slice(&cell));
		buf_append_str(&line, i + 1 < COLUMN_COUNT ? "," : "\r\n");
		buf_reset(&cell);
	}
	cJSON_Delete(object);
	rc = report_flush(out, &line);
	buf_dispose_wiped(&cell);
	buf_dispose_wiped(&line);
	return rc;
}

static int write_header(FILE *out)
{
	int rc = fputs(BYTE_ORDER_MARK, out) < 0 ? -1 : 0;

	for (size_t i = 0; rc == 0 && i < COLUMN_COUNT; i++)
		if (fprintf(out, "\"%s\"%s", columns[i].name, i + 1 < COLUMN_COUNT ? "," : "\r\n") <
		    0)
			rc = -1;
	return rc;
}

/* What was not scanned: a spreadsheet without it would look complete. */
static cJSON *incomplete_object(const char *path, const char *what)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "verdict", "incomplete");
	object_add_scanned(object, "reason", NULL, slice_str(what));
	if (path)
		object_add_scanned(object, "path", "path_base64", slice_str(path));
	return object;
}

static int write_incomplete(FILE *out, const struct result *result, enum lang lang)
{
	uint64_t left = result->summary.incomplete;
	char more[120];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < result->diag_count; i++) {
		const struct diag *diag = &result->diags[i];

		if (diag->is_note)
			continue;
		rc = write_line(out, incomplete_object(diag->path, diag->what));
		left -= left > 0;
	}
	if (rc < 0 || left == 0)
		return rc;
	snprintf(more, sizeof(more), tr_in(lang, "and %llu more that are not listed"),
		 (unsigned long long)left);
	return write_line(out, incomplete_object(NULL, more));
}

int report_csv_write(FILE *out, const struct result *result, const struct report_options *options)
{
	int rc = write_header(out);

	for (size_t i = 0; rc == 0 && i < result->finding_count; i++)
		rc = write_line(out, report_finding_object(&result->findings[i], result));
	return rc == 0 ? write_incomplete(out, result, options->lang) : rc;
}
