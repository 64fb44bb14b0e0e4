/*
 * The formats for programs. cJSON builds and escapes one finding at a time;
 * what joins them is written here, so that a report of 200,000 findings is
 * never held in memory whole.
 */
#include "report/formats.h"

#include "base/quote.h"
#include "report/json_class.h"
#include "report/live_text.h"
#include "report/names.h"
#include "report/object.h"

#define REPORT_SCHEMA 1

/* Array elements by way of an object, for object_add_scanned()'s sake. */
static cJSON *text_array(char *const *texts, size_t count)
{
	cJSON *array = cJSON_CreateArray();
	cJSON *holder = cJSON_CreateObject();

	for (size_t i = 0; i < count; i++) {
		object_add_scanned(holder, "text", NULL, slice_str(texts[i]));
		cJSON_AddItemToArray(array, cJSON_DetachItemFromArray(holder, 0));
	}
	cJSON_Delete(holder);
	return array;
}

/* ---- one finding ---- */

static void add_secret(cJSON *object, const struct secret *secret)
{
	cJSON *item = cJSON_AddObjectToObject(object, "secret");

	object_add_utf8(item, "redacted", slice_str(secret->redacted));
	cJSON_AddStringToObject(item, "fingerprint", secret->fingerprint);
	if (secret->clear)
		object_add_utf8(item, "clear", slice_str(secret->clear));
}

static bool needs_root(const struct finding *f, const struct result *result)
{
	return f->root && !(result->root_count == 1 && strcmp(f->root, result->roots[0]) == 0 &&
			    quote_is_utf8(slice_str(f->root)));
}

static void add_place(cJSON *object, const struct finding *f, const struct result *result)
{
	if (needs_root(f, result))
		object_add_scanned(object, "root", "root_base64", slice_str(f->root));
	if (f->path_len)
		object_add_scanned(object, "path", "path_base64", slice_of(f->path, f->path_len));
	cJSON_AddNumberToObject(object, "line", (double)f->line1);
	cJSON_AddNumberToObject(object, "column", (double)f->column1);
	cJSON_AddNumberToObject(object, "end_column", (double)f->end_column1);
	cJSON_AddNumberToObject(object, "offset", (double)f->offset);
	cJSON_AddNumberToObject(object, "length", (double)f->length);
}

void report_add_form(cJSON *object, const struct finding *f)
{
	const struct decodings *decoded = &f->decoded;
	cJSON *list = decoded->count ? cJSON_AddArrayToObject(object, "decoded") : NULL;

	for (size_t i = 0; i < decoded->count; i++)
		cJSON_AddItemToArray(list, cJSON_CreateString(decoding_name(decoded->list[i])));
	if (f->member)
		object_add_scanned(object, "member", "member_base64",
				   slice_of(f->member, f->member_len));
}

static void add_notebook(cJSON *object, const struct notebook_place *place)
{
	cJSON *notebook = cJSON_AddObjectToObject(object, "notebook");

	if (place->cell)
		cJSON_AddNumberToObject(notebook, "cell", place->cell);
	if (place->id.ptr)
		object_add_scanned(notebook, "cell_id", NULL, place->id);
	if (cell_type_name(place->type))
		cJSON_AddStringToObject(notebook, "cell_type", cell_type_name(place->type));
	cJSON_AddStringToObject(notebook, "part", part_name(place->part));
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
			object_add_scanned(git, texts[i].key, NULL, slice_str(texts[i].text));
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
	cJSON_AddStringToObject(git, "where", where_name(f->where));
	if (f->origin)
		add_origin(git, f);
}

static void add_text(cJSON *object, const char *key, const char *text)
{
	if (text)
		object_add_scanned(object, key, NULL, slice_str(text));
}

static void add_date(cJSON *object, const char *key, int64_t seconds)
{
	char date[REPORT_DATE_SIZE];

	if (seconds && report_date(date, seconds))
		cJSON_AddStringToObject(object, key, date);
}

static void add_orgs(cJSON *object, const struct live *live)
{
	cJSON *orgs = live->org_count ? cJSON_AddArrayToObject(object, "orgs") : NULL;

	for (size_t i = 0; i < live->org_count; i++) {
		cJSON *org = cJSON_CreateObject();

		add_text(org, "name", live->orgs[i].name);
		add_text(org, "role", live->orgs[i].role);
		cJSON_AddItemToArray(orgs, org);
	}
}

cJSON *report_live_object(const struct live *live)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "status", live_status_name(live->status));
	add_text(object, "reason", live_reason_name(live->reason));
	add_text(object, "user", live->user);
	add_text(object, "owner", live_owner_name(live->owner));
	add_text(object, "role", live_role_name(live->role));
	add_text(object, "token_name", live->token_name);
	add_text(object, "created_at", live->created_at);
	add_date(object, "expires_at", live->expires_at);
	add_text(object, "subject", live->subject);
	add_text(object, "scope", live->scope);
	add_orgs(object, live);
	if (live->grant_count)
		cJSON_AddItemToObject(object, "grants",
				      text_array(live->grants, live->grant_count));
	add_date(object, "checked_at", live->checked_at);
	return object;
}

cJSON *report_finding_object(const struct finding *f, const struct result *result)
{
	cJSON *object = cJSON_CreateObject();

	object_add_utf8(object, "rule", slice_str(f->rule->id));
	cJSON_AddStringToObject(object, "severity", severity_name(f->rule->severity));
	cJSON_AddStringToObject(object, "verdict", verdict_name(f->verdict));
	if (f->reason)
		cJSON_AddStringToObject(object, "reason", f->reason);
	add_secret(object, &f->secret);
	class_add_unit(object, f, result);
	add_place(object, f, result);
	report_add_form(object, f);
	if (f->notebook)
		add_notebook(object, f->notebook);
	add_git(object, f);
	if (exposure_name(f->exposure))
		cJSON_AddStringToObject(object, "exposure", exposure_name(f->exposure));
	if (f->live)
		cJSON_AddItemToObject(object, "live", report_live_object(f->live));
	if (f->occurrences)
		cJSON_AddNumberToObject(object, "occurrences", f->occurrences);
	return object;
}

/* ---- the rest ---- */

static cJSON *diag_object(const struct diag *diag)
{
	cJSON *object = cJSON_CreateObject();

	if (diag->path)
		object_add_scanned(object, "path", "path_base64", slice_str(diag->path));
	object_add_scanned(object, "what", NULL, slice_str(diag->what));
	return object;
}

static cJSON *tool_object(void)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "name", "hfscan");
	cJSON_AddStringToObject(object, "version", HFSCAN_VERSION);
	return object;
}

static cJSON *narrowing_object(const struct narrowing *n)
{
	static const struct {
		const char *kind, *count;
	} names[NARROWED_COUNT] = {
		[NARROWED_RULE] = {"rule-off", NULL},
		[NARROWED_PATHS] = {"paths-ignored", "patterns"},
		[NARROWED_SEVERITY] = {"severity", NULL},
		[NARROWED_BASELINE] = {"baseline", "secrets"},
		[NARROWED_EXPIRED] = {"baseline-expired", "secrets"},
	};
	cJSON *object = cJSON_CreateObject();

	object_add_scanned(object, "file", "file_base64", slice_str(n->file));
	cJSON_AddStringToObject(object, "kind", names[n->kind].kind);
	if (n->rule)
		object_add_utf8(object, "rule", slice_str(n->rule->id));
	if (n->kind == NARROWED_SEVERITY)
		cJSON_AddStringToObject(object, "severity", severity_name(n->severity));
	if (names[n->kind].count)
		cJSON_AddNumberToObject(object, names[n->kind].count, (double)n->count);
	cJSON_AddNumberToObject(object, "places", (double)n->places);
	return object;
}

static void add_narrowings(cJSON *summary, const struct result *result)
{
	cJSON *array;

	if (!result->narrowing_count)
		return;
	array = cJSON_AddArrayToObject(summary, "narrowed");
	for (size_t i = 0; i < result->narrowing_count; i++)
		cJSON_AddItemToArray(array, narrowing_object(&result->narrowings[i]));
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

	cJSON_AddItemToObject(object, "roots", text_array(result->roots, result->root_count));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		cJSON_AddNumberToObject(object, counts[i].key, (double)counts[i].value);
	if (s->boxes > 0) {
		cJSON_AddNumberToObject(object, "archives", (double)s->boxes);
		cJSON_AddNumberToObject(object, "members", (double)s->members);
	}
	if (s->left_out) {
		cJSON_AddNumberToObject(object, "left_out", (double)s->left_out);
		cJSON_AddNumberToObject(object, "left_unknown", (double)s->left_unknown);
	}
	add_narrowings(object, result);
	/* Milliseconds: more digits would only be the noise of the clock. */
	milliseconds = (uint64_t)(s->seconds * 1000 + 0.5);
	cJSON_AddNumberToObject(object, "seconds", (double)milliseconds / 1000);
	return object;
}

/* ---- writing ---- */

/* Of several repositories: a key for each table that has rows. */
static int write_tables(FILE *out, const struct result *result)
{
	int rc = 0;

	for (enum class_table table = 0; rc == 0 && table < TABLE_COUNT; table++) {
		size_t count = class_table_rows(result, table);

		if (count && fprintf(out, ",\n\"%s\":[", class_table_name(table)) < 0)
			rc = -1;
		for (size_t i = 0; rc == 0 && i < count; i++)
			rc = object_write(out, i ? ",\n" : "\n", class_table_row(result, table, i),
					  "");
		if (rc == 0 && count && fputs("]", out) < 0)
			rc = -1;
	}
	return rc;
}

static int write_table_lines(FILE *out, const struct result *result)
{
	int rc = 0;

	for (enum class_table table = 0; rc == 0 && table < TABLE_COUNT; table++)
		for (size_t i = 0; rc == 0 && i < class_table_rows(result, table); i++) {
			cJSON *row = class_table_row(result, table, i);

			cJSON_AddStringToObject(row, "table", class_table_name(table));
			rc = object_write(out, "", row, "\n");
		}
	return rc;
}

int report_json_write(FILE *out, const struct result *result, const struct report_options *options)
{
	const char *before = "\n";
	int rc;

	(void)options;
	rc = fprintf(out, "{\"schema\":%d,\n", REPORT_SCHEMA) < 0 ? -1 : 0;
	if (rc == 0)
		rc = object_write(out, "\"tool\":", tool_object(), ",\n");
	if (rc == 0)
		rc = object_write(out, "\"summary\":", summary_object(result), ",\n\"findings\":[");
	for (size_t i = 0; rc == 0 && i < result->finding_count; i++, before = ",\n")
		rc = object_write(out, before, report_finding_object(&result->findings[i], result),
				  "");
	if (rc == 0 && fputs("],\n\"incomplete\":[", out) < 0)
		rc = -1;
	before = "\n";
	for (size_t i = 0; rc == 0 && i < result->diag_count; i++) {
		if (result->diags[i].is_note)
			continue;
		rc = object_write(out, before, diag_object(&result->diags[i]), "");
		before = ",\n";
	}
	if (rc == 0 && fputs("]", out) < 0)
		rc = -1;
	if (rc == 0)
		rc = write_tables(out, result);
	if (rc == 0 && fputs("}\n", out) < 0)
		rc = -1;
	return rc;
}

int report_jsonl_write(FILE *out, const struct result *result, const struct report_options *options)
{
	cJSON *last;
	int rc = 0;

	(void)options;
	for (size_t i = 0; rc == 0 && i < result->finding_count; i++)
		rc = object_write(out, "", report_finding_object(&result->findings[i], result),
				  "\n");
	for (size_t i = 0; rc == 0 && i < result->diag_count; i++) {
		const struct diag *diag = &result->diags[i];

		if (!diag->is_note)
			rc = object_write(out, "{\"incomplete\":", diag_object(diag), "}\n");
	}
	if (rc == 0)
		rc = write_table_lines(out, result);
	if (rc < 0)
		return rc;
	last = cJSON_CreateObject();
	cJSON_AddNumberToObject(last, "schema", REPORT_SCHEMA);
	cJSON_AddItemToObject(last, "tool", tool_object());
	cJSON_AddItemToObject(last, "summary", summary_object(result));
	return object_write(out, "", last, "\n");
}
