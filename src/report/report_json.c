/*
 * The formats for programs. cJSON builds and escapes one finding at a time;
 * what joins them is written here, so that a report of 200,000 findings is
 * never held in memory whole.
 */
#include "report/formats.h"

#include "base/alloc.h"
#include "base/quote.h"
#include "report/redact.h"

#include <cjson/cJSON.h>
#include <errno.h>

#define REPORT_SCHEMA 1

static const char *const verdict_names[VERDICT_COUNT] = {
	[VERDICT_LEAK] = "leak",
	[VERDICT_WARNING] = "warning",
	[VERDICT_PLACEHOLDER] = "placeholder",
	[VERDICT_ALLOWED] = "allowed",
};

static const char *const severity_names[SEVERITY_COUNT] = {
	[SEVERITY_LOW] = "low",
	[SEVERITY_MEDIUM] = "medium",
	[SEVERITY_HIGH] = "high",
	[SEVERITY_CRITICAL] = "critical",
};

static const char *const where_names[WHERE_COUNT] = {
	[WHERE_BLOB] = "blob",
	[WHERE_CONFIG] = "config",
	[WHERE_PATH] = "path",
	[WHERE_COMMIT_MESSAGE] = "commit-message",
	[WHERE_TAG_MESSAGE] = "tag-message",
	[WHERE_AUTHOR] = "author",
	[WHERE_REF_NAME] = "ref-name",
	[WHERE_REFLOG] = "reflog",
};

static const char *const exposure_names[EXPOSURE_COUNT] = {
	[EXPOSURE_NONE] = NULL,
	[EXPOSURE_IGNORED] = "ignored",
	[EXPOSURE_UNREACHABLE] = "unreachable",
	[EXPOSURE_WORKTREE] = "worktree",
	[EXPOSURE_STAGED] = "staged",
	[EXPOSURE_COMMITTED] = "committed",
	[EXPOSURE_PUSHED] = "pushed",
};

/* ---- strings ---- */

static bool holds_nul(struct slice text)
{
	return text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL;
}

/* cJSON ends a string at its first NUL, so none may get that far. */
static void quote_without_nul(struct buf *out, struct slice text)
{
	while (holds_nul(text)) {
		const unsigned char *nul = memchr(text.ptr, '\0', text.len);
		size_t len = (size_t)(nul - text.ptr);

		quote_utf8(out, slice_cut(text, (struct span){0, len}));
		buf_append_str(out, "\xEF\xBF\xBD");
		text = slice_cut(text, (struct span){len + 1, text.len});
	}
	quote_utf8(out, text);
}

static void add_utf8(cJSON *object, const char *key, struct slice text)
{
	struct buf quoted;

	buf_init(&quoted, BUF_MAX_REPORT);
	quote_without_nul(&quoted, text);
	cJSON_AddStringToObject(object, key, quoted.ptr);
	buf_dispose_wiped(&quoted);
}

static void append_base64(struct buf *out, struct slice bytes)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		unsigned group = (unsigned)bytes.ptr[i] << 16;

		if (left > 1)
			group |= (unsigned)bytes.ptr[i + 1] << 8;
		if (left > 2)
			group |= bytes.ptr[i + 2];
		buf_append_byte(out, (unsigned char)digits[group >> 18]);
		buf_append_byte(out, (unsigned char)digits[group >> 12 & 63]);
		buf_append_byte(out, left > 1 ? (unsigned char)digits[group >> 6 & 63] : '=');
		buf_append_byte(out, left > 2 ? (unsigned char)digits[group & 63] : '=');
	}
}

/* Text from scanned data. base64_key (may be NULL) takes what UTF-8 cannot. */
static void add_scanned(cJSON *object, const char *key, const char *base64_key, struct slice text)
{
	struct buf masked, encoded;

	buf_init(&masked, BUF_MAX_REPORT);
	buf_init(&encoded, BUF_MAX_REPORT);
	redact_text(&masked, text);
	add_utf8(object, key, buf_slice(&masked));
	if (base64_key && (!quote_is_utf8(buf_slice(&masked)) || holds_nul(text))) {
		append_base64(&encoded, buf_slice(&masked));
		cJSON_AddStringToObject(object, base64_key, encoded.ptr);
	}
	buf_dispose(&encoded);
	buf_dispose(&masked);
}

/* ---- one finding ---- */

static void add_secret(cJSON *object, const struct secret *secret)
{
	cJSON *item = cJSON_AddObjectToObject(object, "secret");

	add_utf8(item, "redacted", slice_str(secret->redacted));
	cJSON_AddStringToObject(item, "fingerprint", secret->fingerprint);
	if (secret->clear)
		add_utf8(item, "clear", slice_str(secret->clear));
}

static bool needs_root(const struct finding *f, const struct result *result)
{
	return f->root && !(result->root_count == 1 && strcmp(f->root, result->roots[0]) == 0 &&
			    quote_is_utf8(slice_str(f->root)));
}

static void add_place(cJSON *object, const struct finding *f, const struct result *result)
{
	if (needs_root(f, result))
		add_scanned(object, "root", "root_base64", slice_str(f->root));
	if (f->path_len)
		add_scanned(object, "path", "path_base64", slice_of(f->path, f->path_len));
	cJSON_AddNumberToObject(object, "line", (double)f->line1);
	cJSON_AddNumberToObject(object, "column", (double)f->column1);
	cJSON_AddNumberToObject(object, "end_column", (double)f->end_column1);
	cJSON_AddNumberToObject(object, "offset", (double)f->offset);
	cJSON_AddNumberToObject(object, "length", (double)f->length);
}

static const char *const part_names[PART_COUNT] = {
	[PART_SOURCE] = "source",         [PART_OUTPUT] = "output", [PART_METADATA] = "metadata",
	[PART_ATTACHMENT] = "attachment", [PART_OTHER] = "other",
};

static const char *const cell_type_names[CELL_TYPE_COUNT] = {
	[CELL_CODE] = "code",
	[CELL_MARKDOWN] = "markdown",
	[CELL_RAW] = "raw",
	[CELL_HEADING] = "heading",
};

static void add_notebook(cJSON *object, const struct notebook_place *place)
{
	cJSON *notebook = cJSON_AddObjectToObject(object, "notebook");

	if (place->cell)
		cJSON_AddNumberToObject(notebook, "cell", place->cell);
	if (place->id.ptr)
		add_scanned(notebook, "cell_id", NULL, place->id);
	if (cell_type_names[place->type])
		cJSON_AddStringToObject(notebook, "cell_type", cell_type_names[place->type]);
	cJSON_AddStringToObject(notebook, "part", part_names[place->part]);
	if (place->output)
		cJSON_AddNumberToObject(notebook, "output", place->output);
	cJSON_AddNumberToObject(notebook, "line", (double)place->line1);
	cJSON_AddNumberToObject(notebook, "column", (double)place->column1);
}

static void add_commit(cJSON *git, const struct origin *origin)
{
	const struct {
		const char *key, *text;
	} texts[] = {
		{"author", origin->author},
		{"email", origin->email},
		{"summary", origin->summary},
	};
	char date[REPORT_DATE_SIZE];

	cJSON_AddStringToObject(git, "commit", origin->commit);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].text)
			add_scanned(git, texts[i].key, NULL, slice_str(texts[i].text));
	if (report_date(date, origin->time))
		cJSON_AddStringToObject(git, "date", date);
}

/* What lives in trees, or is a commit, can be in HEAD or not; a tag cannot. */
static void add_origin(cJSON *git, const struct finding *f)
{
	const struct origin *origin = f->origin;

	if (origin->commit[0])
		add_commit(git, origin);
	if (origin->removed[0])
		cJSON_AddStringToObject(git, "removed", origin->removed);
	if (origin->paths_total)
		cJSON_AddNumberToObject(git, "paths", (double)origin->paths_total);
	if (f->where == WHERE_BLOB || f->where == WHERE_PATH ||
	    strcmp(origin->commit, f->blob) == 0)
		cJSON_AddBoolToObject(git, "in_head", origin->in_head);
}

static void add_git(cJSON *object, const struct finding *f)
{
	cJSON *git;

	if (!f->blob[0] && f->where == WHERE_BLOB)
		return;
	git = cJSON_AddObjectToObject(object, "git");
	if (f->blob[0] && f->where == WHERE_BLOB)
		cJSON_AddStringToObject(git, "blob", f->blob);
	if (f->blob[0])
		cJSON_AddStringToObject(git, "object", f->blob);
	cJSON_AddStringToObject(git, "where", where_names[f->where]);
	if (f->origin)
		add_origin(git, f);
}

static cJSON *finding_object(const struct finding *f, const struct result *result)
{
	cJSON *object = cJSON_CreateObject();

	add_utf8(object, "rule", slice_str(f->rule->id));
	cJSON_AddStringToObject(object, "severity", severity_names[f->rule->severity]);
	cJSON_AddStringToObject(object, "verdict", verdict_names[f->verdict]);
	if (f->reason)
		cJSON_AddStringToObject(object, "reason", f->reason);
	add_secret(object, &f->secret);
	add_place(object, f, result);
	if (f->notebook)
		add_notebook(object, f->notebook);
	add_git(object, f);
	if (exposure_names[f->exposure])
		cJSON_AddStringToObject(object, "exposure", exposure_names[f->exposure]);
	if (f->occurrences)
		cJSON_AddNumberToObject(object, "occurrences", f->occurrences);
	return object;
}

/* ---- the rest ---- */

static cJSON *diag_object(const struct diag *diag)
{
	cJSON *object = cJSON_CreateObject();

	if (diag->path)
		add_scanned(object, "path", "path_base64", slice_str(diag->path));
	add_scanned(object, "what", NULL, slice_str(diag->what));
	return object;
}

static cJSON *tool_object(void)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "name", "hfscan");
	cJSON_AddStringToObject(object, "version", HFSCAN_VERSION);
	return object;
}

/* An array element by way of an object, for add_scanned()'s sake. */
static cJSON *roots_array(const struct result *result)
{
	cJSON *array = cJSON_CreateArray();
	cJSON *holder = cJSON_CreateObject();

	for (size_t i = 0; i < result->root_count; i++) {
		add_scanned(holder, "root", NULL, slice_str(result->roots[i]));
		cJSON_AddItemToArray(array, cJSON_DetachItemFromArray(holder, 0));
	}
	cJSON_Delete(holder);
	return array;
}

static cJSON *summary_object(const struct result *result)
{
	const struct summary *s = &result->summary;
	const struct {
		const char *key;
		uint64_t value;
	} counts[] = {
		{"files", s->files},
		{"bytes", s->bytes},
		{"images", s->images},
		{"repositories", s->repositories},
		{"histories", s->histories},
		{"objects", s->objects},
		{"secrets", s->secrets},
		{"leaks", s->by_verdict[VERDICT_LEAK]},
		{"warnings", s->by_verdict[VERDICT_WARNING]},
		{"placeholders", s->by_verdict[VERDICT_PLACEHOLDER]},
		{"allowed", s->by_verdict[VERDICT_ALLOWED]},
		{"incomplete", s->incomplete},
	};
	cJSON *object = cJSON_CreateObject();
	uint64_t milliseconds;

	cJSON_AddItemToObject(object, "roots", roots_array(result));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		cJSON_AddNumberToObject(object, counts[i].key, (double)counts[i].value);
	/* Milliseconds: more digits would only be the noise of the clock. */
	milliseconds = (uint64_t)(s->seconds * 1000 + 0.5);
	cJSON_AddNumberToObject(object, "seconds", (double)milliseconds / 1000);
	return object;
}

/* ---- writing ---- */

/* Appends object's text to line and frees object. */
static int print_object(struct buf *line, cJSON *object)
{
	char *text = cJSON_PrintUnformatted(object);

	cJSON_Delete(object);
	if (!text) {
		errno = ENOMEM;
		return -1;
	}
	quote_json(line, slice_str(text));
	wipe(text, strlen(text));
	cJSON_free(text);
	return 0;
}

static int write_object(FILE *out, const char *before, cJSON *object, const char *after)
{
	struct buf line;
	int rc;

	buf_init(&line, BUF_MAX_REPORT);
	buf_append_str(&line, before);
	rc = print_object(&line, object);
	buf_append_str(&line, after);
	if (rc == 0)
		rc = report_flush(out, &line);
	buf_dispose_wiped(&line);
	return rc;
}

int report_json_write(FILE *out, const struct result *result, const struct report_options *options)
{
	const char *before = "\n";
	int rc;

	(void)options;
	rc = fprintf(out, "{\"schema\":%d,\n", REPORT_SCHEMA) < 0 ? -1 : 0;
	if (rc == 0)
		rc = write_object(out, "\"tool\":", tool_object(), ",\n");
	if (rc == 0)
		rc = write_object(out, "\"summary\":", summary_object(result), ",\n\"findings\":[");
	for (size_t i = 0; rc == 0 && i < result->finding_count; i++, before = ",\n")
		rc = write_object(out, before, finding_object(&result->findings[i], result), "");
	if (rc == 0 && fputs("],\n\"incomplete\":[", out) < 0)
		rc = -1;
	before = "\n";
	for (size_t i = 0; rc == 0 && i < result->diag_count; i++) {
		if (result->diags[i].is_note)
			continue;
		rc = write_object(out, before, diag_object(&result->diags[i]), "");
		before = ",\n";
	}
	if (rc == 0 && fputs("]}\n", out) < 0)
		rc = -1;
	return rc;
}

int report_jsonl_write(FILE *out, const struct result *result, const struct report_options *options)
{
	cJSON *last;
	int rc = 0;

	(void)options;
	for (size_t i = 0; rc == 0 && i < result->finding_count; i++)
		rc = write_object(out, "", finding_object(&result->findings[i], result), "\n");
	for (size_t i = 0; rc == 0 && i < result->diag_count; i++) {
		const struct diag *diag = &result->diags[i];

		if (!diag->is_note)
			rc = write_object(out, "{\"incomplete\":", diag_object(diag), "}\n");
	}
	if (rc < 0)
		return rc;
	last = cJSON_CreateObject();
	cJSON_AddNumberToObject(last, "schema", REPORT_SCHEMA);
	cJSON_AddItemToObject(last, "tool", tool_object());
	cJSON_AddItemToObject(last, "summary", summary_object(result));
	return write_object(out, "", last, "\n");
}
