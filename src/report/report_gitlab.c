/*
 * For GitLab's artifacts:reports:secret_detection, by secret-detection-report-
 * format.json 15.2.1 (gitlabhq/gitlabhq, lib/gitlab/ci/parsers/security/validators/
 * schemas). It knows of nothing that is allowed or a placeholder.
 */
#include "report/formats.h"

#include "report/forge.h"
#include "report/object.h"

#include <stdio.h>
#include <time.h>

#define GITLAB_SCHEMA "15.2.1"
/* A commit is asked for everywhere; GitLab's own scanner writes this where there is none. */
#define NO_COMMIT "0000000"
/* Ceilings of the schema, in characters: bytes are no fewer. */
#define NAME_MAX_LEN     255
#define SOLUTION_MAX_LEN 7000

static const char *severity_of(const struct forge *forge, const struct finding *f)
{
	static const char *const severities[SEVERITY_COUNT] = {
		[SEVERITY_LOW] = "Low",
		[SEVERITY_MEDIUM] = "Medium",
		[SEVERITY_HIGH] = "High",
		[SEVERITY_CRITICAL] = "Critical",
	};

	if (report_excuses(forge->options, f))
		return "Info";
	return f->verdict == VERDICT_LEAK ? severities[f->rule->severity] : "Info";
}

/* ---- one vulnerability ---- */

static void add_cut(cJSON *object, const char *key, struct buf *text, size_t most)
{
	if (text->len > most) {
		while (most > 0 && ((unsigned char)text->ptr[most] & 0xC0) == 0x80)
			most--;
		buf_truncate(text, most);
	}
	object_add_scanned(object, key, NULL, buf_slice(text));
}

/* The form of a UUID, as the schema recommends (RFC 9562: version 8, one's own). */
static void add_id(cJSON *object, const struct forge *forge, const struct finding *f)
{
	char hex[FORGE_ID_SIZE], id[40];

	forge_identity(hex, forge, f);
	hex[12] = '8';
	hex[16] = "89ab"[hex[16] & 3];
	snprintf(id, sizeof(id), "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
		 hex + 20);
	cJSON_AddStringToObject(object, "id", id);
}

static void add_scanner(cJSON *object, const char *key, bool whole)
{
	cJSON *scanner = cJSON_AddObjectToObject(object, key);

	cJSON_AddStringToObject(scanner, "id", "hfscan");
	cJSON_AddStringToObject(scanner, "name", "hfscan");
	if (!whole)
		return;
	cJSON_AddStringToObject(scanner, "url", FORGE_URL);
	cJSON_AddStringToObject(scanner, "version", HFSCAN_VERSION);
	cJSON_AddStringToObject(cJSON_AddObjectToObject(scanner, "vendor"), "name", "hfscan");
}

static void add_identifier(cJSON *array, const char *type, const char *name, const char *value)
{
	cJSON *item = cJSON_CreateObject();
	struct buf whole;

	buf_init(&whole, BUF_MAX_LINE);
	buf_appendf(&whole, "%s %s", name, value);
	cJSON_AddStringToObject(item, "type", type);
	object_add_scanned(item, "name", NULL, buf_slice(&whole));
	object_add_scanned(item, "value", NULL, slice_str(value));
	cJSON_AddItemToArray(array, item);
	buf_dispose(&whole);
}

/* GitLab takes what has the first identifier, the file and the line in common for one
 * and drops the others (its lib/gitlab/ci/parsers/security/common.rb): two tokens on
 * a line, or one after the other in its history, are two. */
static void add_identifiers(cJSON *object, const struct finding *f)
{
	cJSON *array = cJSON_AddArrayToObject(object, "identifiers");

	add_identifier(array, "hfscan_secret", "hfscan secret", f->secret.fingerprint);
	add_identifier(array, "hfscan_rule_id", "hfscan rule", f->rule->id);
}

static void add_commit(cJSON *location, const struct origin *origin)
{
	cJSON *commit = cJSON_AddObjectToObject(location, "commit");
	char date[REPORT_DATE_SIZE];

	if (!origin || !origin->commit[0]) {
		cJSON_AddStringToObject(commit, "sha", NO_COMMIT);
		return;
	}
	cJSON_AddStringToObject(commit, "sha", origin->commit);
	if (origin->author)
		object_add_scanned(commit, "author", NULL, slice_str(origin->author));
	if (report_date(date, origin->time))
		cJSON_AddStringToObject(commit, "date", date);
	if (origin->summary)
		object_add_scanned(commit, "message", NULL, slice_str(origin->summary));
}

static void add_location(cJSON *object, const struct forge *forge, const struct finding *f)
{
	cJSON *location = cJSON_AddObjectToObject(object, "location");

	forge_add_path(location, "file", forge, f);
	cJSON_AddNumberToObject(location, "start_line", (double)forge_line(f));
	cJSON_AddNumberToObject(location, "end_line", (double)forge_line(f));
	add_commit(location, f->origin);
}

static void add_words(cJSON *object, const struct forge *forge, const struct finding *f)
{
	struct buf name, description, solution;

	buf_init(&name, BUF_MAX_LINE);
	buf_init(&description, BUF_MAX_LINE);
	buf_init(&solution, BUF_MAX_LINE);
	buf_append_str(&name, forge_title(forge, f->rule));
	add_cut(object, "name", &name, NAME_MAX_LEN);
	forge_put_message(&description, forge, f);
	forge_put_live(&description, forge, f, "\n\n");
	buf_appendf(&description, "\n\n%s", forge_explanation(forge, f->rule));
	object_add_scanned(object, "description", NULL, buf_slice(&description));
	forge_put_remedy(&solution, forge, f, "\n");
	if (solution.len)
		add_cut(object, "solution", &solution, SOLUTION_MAX_LEN);
	buf_dispose(&solution);
	buf_dispose(&description);
	buf_dispose(&name);
}

static cJSON *vulnerability_object(const struct forge *forge, const struct finding *f)
{
	cJSON *object = cJSON_CreateObject();

	add_id(object, forge, f);
	cJSON_AddStringToObject(object, "category", "secret_detection");
	add_words(object, forge, f);
	cJSON_AddStringToObject(object, "severity", severity_of(forge, f));
	add_scanner(object, "scanner", false);
	add_identifiers(object, f);
	add_location(object, forge, f);
	return object;
}

/* ---- the scan ---- */

/* "2026-03-01T12:00:00": the schema has no place for the zone, which is UTC. */
static void add_time(cJSON *scan, const char *key, int64_t seconds)
{
	char date[REPORT_DATE_SIZE];

	if (!report_date(date, seconds))
		report_date(date, 0);
	date[sizeof(date) - 2] = '\0';
	cJSON_AddStringToObject(scan, key, date);
}

static cJSON *message_object(const struct forge *forge, const struct diag *diag)
{
	cJSON *message = cJSON_CreateObject();
	struct buf text;

	buf_init(&text, BUF_MAX_REPORT);
	if (diag->path)
		forge_put_diag_path(&text, forge, diag->path);
	if (text.len)
		buf_append_str(&text, ": ");
	buf_append_str(&text, diag->what);
	cJSON_AddStringToObject(message, "level", diag->is_note ? "info" : "warn");
	object_add_scanned(message, "value", NULL, buf_slice(&text));
	buf_dispose(&text);
	return message;
}

static void add_messages(cJSON *scan, const struct forge *forge)
{
	const struct result *result = forge->result;
	cJSON *messages = cJSON_AddArrayToObject(scan, "messages");
	struct buf rest;

	for (size_t i = 0; i < result->diag_count; i++)
		if (!result->diags[i].is_note)
			cJSON_AddItemToArray(messages, message_object(forge, &result->diags[i]));
	buf_init(&rest, BUF_MAX_LINE);
	forge_put_unlisted(&rest, forge);
	if (rest.len)
		cJSON_AddItemToArray(messages,
				     message_object(forge, &(struct diag){.what = rest.ptr}));
	forge_add_narrowings(messages, forge, message_object);
	buf_dispose(&rest);
}

/* GitLab takes in the findings of a scan that failed, too. */
static cJSON *scan_object(const struct forge *forge)
{
	const struct summary *summary = &forge->result->summary;
	int64_t now = (int64_t)time(NULL);
	cJSON *scan = cJSON_CreateObject();

	cJSON_AddStringToObject(scan, "type", "secret_detection");
	cJSON_AddStringToObject(scan, "status", summary->incomplete ? "failure" : "success");
	add_time(scan, "start_time", now - (int64_t)summary->seconds);
	add_time(scan, "end_time", now);
	add_scanner(scan, "analyzer", true);
	add_scanner(scan, "scanner", true);
	add_messages(scan, forge);
	return scan;
}

/* ---- both ---- */

int report_gitlab_write(FILE *out, const struct result *result,
			const struct report_options *options)
{
	const char *before;
	struct forge forge;
	int rc;

	forge_init(&forge, result, options);
	rc = object_write(out,
			  "{\"version\":\"" GITLAB_SCHEMA "\",\n\"scan\":", scan_object(&forge),
			  ",\n\"vulnerabilities\":[");
	if (rc == 0)
		rc = forge_write_alerts(out, &forge, &before, vulnerability_object);
	if (rc == 0 && fputs("]}\n", out) < 0)
		rc = -1;
	forge_dispose(&forge);
	return rc;
}
