/*
 * SARIF 2.1.0 (OASIS), with what GitHub's code scanning asks for on top: a rule's
 * security-severity as text, a region with all four numbers, and fingerprints
 * under the name primaryLocationLineHash, the only one it compares
 * (docs.github.com, "SARIF support for code scanning").
 *
 * It shows a suppressed result like any other (github/codeql-action#1230), so what is
 * allowed is left out but for -v, like placeholders.
 */
#include "report/formats.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "report/forge.h"
#include "report/names.h"
#include "report/object.h"
#include "report/redact.h"

#include <stdlib.h>

#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"
/* The base that GitHub and others know for the top of a repository. */
#define ROOT_ID "%SRCROOT%"

struct sarif {
	struct forge forge;
	const struct rule **rules; /* those of the results, in the order of their first */
	size_t rule_count, rule_cap;
};

/* ---- severities ---- */

static const struct {
	const char *security_severity; /* GitHub: critical above 9, high from 7, medium from 4 */
	const char *problem_severity;
} severities[SEVERITY_COUNT] = {
	[SEVERITY_LOW] = {"3.0", "recommendation"},
	[SEVERITY_MEDIUM] = {"5.5", "warning"},
	[SEVERITY_HIGH] = {"8.0", "error"},
	[SEVERITY_CRITICAL] = {"9.5", "error"},
};

static const struct {
	const char *kind, *level;
	bool only_verbose;
} verdicts[VERDICT_COUNT] = {
	[VERDICT_LEAK] = {"fail", "error", false},
	[VERDICT_WARNING] = {"fail", "warning", false},
	[VERDICT_PLACEHOLDER] = {"informational", "none", true},
	[VERDICT_ALLOWED] = {"fail", "note", true},
};

static bool is_listed(const struct sarif *sarif, const struct finding *f)
{
	return !verdicts[f->verdict].only_verbose || sarif->forge.options->verbose > 0;
}

/* ---- rules ---- */

static size_t index_of(const struct sarif *sarif, const struct rule *rule)
{
	size_t i = 0;

	while (i < sarif->rule_count && sarif->rules[i] != rule)
		i++;
	return i;
}

static void collect_rules(struct sarif *sarif)
{
	const struct result *result = sarif->forge.result;

	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *f = &result->findings[i];

		if (!is_listed(sarif, f) || index_of(sarif, f->rule) < sarif->rule_count)
			continue;
		grow_array(&sarif->rules, &sarif->rule_cap, sarif->rule_count,
			   sizeof(*sarif->rules));
		sarif->rules[sarif->rule_count++] = f->rule;
	}
}

static cJSON *add_text(cJSON *object, const char *key, const char *text)
{
	cJSON *item = cJSON_AddObjectToObject(object, key);

	object_add_scanned(item, "text", NULL, slice_str(text));
	return item;
}

/* What a reader of a code host needs: it was pushed, or the host would not have it. */
static void add_help(cJSON *object, const struct forge *forge, const struct rule *rule)
{
	struct finding pushed = {
		.rule = rule, .verdict = rule->verdict, .exposure = EXPOSURE_PUSHED};
	cJSON *help;
	struct buf text;

	buf_init(&text, BUF_MAX_REPORT);
	buf_appendf(&text, "%s\n\n", forge_explanation(forge, rule));
	forge_put_remedy(&text, forge, &pushed, "\n");
	help = add_text(object, "help", text.ptr);
	object_add_scanned(help, "markdown", NULL, buf_slice(&text));
	buf_dispose(&text);
}

static cJSON *rule_object(const struct sarif *sarif, const struct rule *rule)
{
	static const char *const tags[] = {"security", "secret", "hugging-face"};
	const struct forge *forge = &sarif->forge;
	cJSON *object = cJSON_CreateObject(), *properties, *configuration;

	object_add_utf8(object, "id", slice_str(rule->id));
	add_text(object, "shortDescription", forge_title(forge, rule));
	add_text(object, "fullDescription", forge_explanation(forge, rule));
	add_help(object, forge, rule);
	cJSON_AddStringToObject(object, "helpUri", FORGE_URL);
	configuration = cJSON_AddObjectToObject(object, "defaultConfiguration");
	cJSON_AddStringToObject(configuration, "level", verdicts[rule->verdict].level);
	properties = cJSON_AddObjectToObject(object, "properties");
	cJSON_AddItemToObject(properties, "tags",
			      cJSON_CreateStringArray(tags, sizeof(tags) / sizeof(*tags)));
	cJSON_AddStringToObject(properties, "precision",
				rule->verdict == VERDICT_LEAK ? "high" : "medium");
	cJSON_AddStringToObject(properties, "problem.severity",
				severities[rule->severity].problem_severity);
	cJSON_AddStringToObject(properties, "security-severity",
				severities[rule->severity].security_severity);
	return object;
}

/* ---- places ---- */

/* RFC 3986, section 2.3: what needs no %; and the slash between names. */
static bool is_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~/", c));
}

static void put_percent(struct buf *out, struct slice path)
{
	for (size_t i = 0; i < path.len; i++) {
		if (is_plain(path.ptr[i]))
			buf_append_byte(out, path.ptr[i]);
		else
			buf_appendf(out, "%%%02X", path.ptr[i]);
	}
}

static cJSON *add_artifact(cJSON *location, struct slice path)
{
	cJSON *physical = cJSON_AddObjectToObject(location, "physicalLocation");
	cJSON *artifact = cJSON_AddObjectToObject(physical, "artifactLocation");
	struct buf uri;

	buf_init(&uri, BUF_MAX_REPORT);
	put_percent(&uri, path);
	object_add_utf8(artifact, "uri", buf_slice(&uri));
	cJSON_AddStringToObject(artifact, "uriBaseId", ROOT_ID);
	buf_dispose(&uri);
	return physical;
}

/* A name is shown at the beginning. */
static void add_region(cJSON *physical, const struct finding *f)
{
	cJSON *region = cJSON_AddObjectToObject(physical, "region");
	bool has_line = forge_has_line(f) && f->column1 > 0;
	double line = has_line ? (double)f->line1 : 1;

	cJSON_AddNumberToObject(region, "startLine", line);
	cJSON_AddNumberToObject(region, "startColumn", has_line ? (double)f->column1 : 1);
	cJSON_AddNumberToObject(region, "endLine", line);
	cJSON_AddNumberToObject(region, "endColumn", has_line ? (double)f->end_column1 : 1);
}

static void put_cell_name(struct buf *out, const struct notebook_place *place)
{
	if (place->cell)
		buf_appendf(out, "cell %u/", place->cell);
	buf_append_str(out, part_name(place->part));
	if (place->output)
		buf_appendf(out, " %u", place->output);
	buf_appendf(out, "/line %llu", (unsigned long long)place->line1);
}

/* A member's own lines: those of its archive mean nothing. */
static void put_member_name(struct buf *out, const struct finding *f)
{
	redact_text(out, slice_of(f->member, f->member_len));
	if (f->notebook)
		buf_append_byte(out, '/');
	else if (f->where == WHERE_BLOB)
		buf_appendf(out, "/line %llu", (unsigned long long)f->line1);
}

/* Where in a notebook, or in what else than the contents of a file. */
static void add_logical(cJSON *location, const struct finding *f)
{
	cJSON *array, *logical;
	struct buf name;

	if (!f->notebook && !f->member && f->where == WHERE_BLOB)
		return;
	buf_init(&name, BUF_MAX_REPORT);
	if (f->member)
		put_member_name(&name, f);
	if (f->notebook)
		put_cell_name(&name, f->notebook);
	else if (f->where != WHERE_BLOB)
		buf_append_str(&name, where_name(f->where));
	if (!f->notebook && f->where != WHERE_BLOB && f->blob[0])
		buf_appendf(&name, "/%s", f->blob);
	array = cJSON_AddArrayToObject(location, "logicalLocations");
	logical = cJSON_CreateObject();
	object_add_utf8(logical, "fullyQualifiedName", buf_slice(&name));
	cJSON_AddItemToArray(array, logical);
	buf_dispose(&name);
}

static void add_location(cJSON *object, const struct forge *forge, const struct finding *f)
{
	cJSON *array = cJSON_AddArrayToObject(object, "locations");
	cJSON *location = cJSON_CreateObject();
	struct buf path;

	buf_init(&path, BUF_MAX_REPORT);
	forge_put_path(&path, forge, f);
	add_region(add_artifact(location, buf_slice(&path)), f);
	add_logical(location, f);
	cJSON_AddItemToArray(array, location);
	buf_dispose(&path);
}

/* ---- results ---- */

static void add_fingerprints(cJSON *object, const struct forge *forge, const struct finding *f)
{
	cJSON *fingerprints = cJSON_AddObjectToObject(object, "partialFingerprints");
	char id[FORGE_ID_SIZE];

	forge_identity(id, forge, f);
	cJSON_AddStringToObject(fingerprints, "primaryLocationLineHash", id);
	cJSON_AddStringToObject(fingerprints, "hfscanSecretAndPath/v1", id);
}

static void add_suppression(cJSON *object, const struct finding *f)
{
	cJSON *array, *suppression;

	if (f->verdict != VERDICT_ALLOWED)
		return;
	array = cJSON_AddArrayToObject(object, "suppressions");
	suppression = cJSON_CreateObject();
	cJSON_AddStringToObject(suppression, "kind", f->by_list ? "external" : "inSource");
	if (f->reason)
		cJSON_AddStringToObject(suppression, "justification", f->reason);
	cJSON_AddItemToArray(array, suppression);
}

static void add_commit(cJSON *properties, const struct origin *origin)
{
	char date[REPORT_DATE_SIZE];

	if (!origin || !origin->commit[0])
		return;
	cJSON_AddStringToObject(properties, "commit", origin->commit);
	if (origin->author)
		object_add_scanned(properties, "author", NULL, slice_str(origin->author));
	if (report_date(date, origin->time))
		cJSON_AddStringToObject(properties, "date", date);
	if (origin->summary)
		object_add_scanned(properties, "summary", NULL, slice_str(origin->summary));
	if (origin->removed[0])
		cJSON_AddStringToObject(properties, "removed", origin->removed);
}

static void add_properties(cJSON *object, const struct finding *f)
{
	cJSON *properties = cJSON_AddObjectToObject(object, "properties");

	cJSON_AddStringToObject(properties, "verdict", verdict_name(f->verdict));
	if (f->reason)
		cJSON_AddStringToObject(properties, "reason", f->reason);
	object_add_utf8(properties, "secret", slice_str(f->secret.redacted));
	cJSON_AddStringToObject(properties, "fingerprint", f->secret.fingerprint);
	if (f->occurrences)
		cJSON_AddNumberToObject(properties, "occurrences", f->occurrences);
	if (exposure_name(f->exposure))
		cJSON_AddStringToObject(properties, "exposure", exposure_name(f->exposure));
	if (f->blob[0])
		cJSON_AddStringToObject(properties, "object", f->blob);
	if (f->live)
		cJSON_AddItemToObject(properties, "live", report_live_object(f->live));
	report_add_form(properties, f);
	add_commit(properties, f->origin);
}

/* What fails no run is no error. */
static const char *level_of(const struct sarif *sarif, const struct finding *f)
{
	return report_excuses(sarif->forge.options, f) ? "note" : verdicts[f->verdict].level;
}

static cJSON *result_object(const struct sarif *sarif, const struct finding *f)
{
	cJSON *object = cJSON_CreateObject(), *message;
	struct buf text;

	buf_init(&text, BUF_MAX_LINE);
	forge_put_message(&text, &sarif->forge, f);
	forge_put_live(&text, &sarif->forge, f, ". ");
	object_add_utf8(object, "ruleId", slice_str(f->rule->id));
	cJSON_AddNumberToObject(object, "ruleIndex", (double)index_of(sarif, f->rule));
	cJSON_AddStringToObject(object, "kind", verdicts[f->verdict].kind);
	cJSON_AddStringToObject(object, "level", level_of(sarif, f));
	message = cJSON_AddObjectToObject(object, "message");
	object_add_utf8(message, "text", buf_slice(&text));
	add_location(object, &sarif->forge, f);
	add_fingerprints(object, &sarif->forge, f);
	add_suppression(object, f);
	add_properties(object, f);
	buf_dispose(&text);
	return object;
}

/* ---- what could not be scanned ---- */

static cJSON *notification_object(const struct forge *forge, const struct diag *diag)
{
	cJSON *object = cJSON_CreateObject(), *locations, *location;
	struct buf path;

	cJSON_AddStringToObject(object, "level", diag->is_note ? "note" : "error");
	add_text(object, "message", diag->what);
	buf_init(&path, BUF_MAX_REPORT);
	if (diag->path)
		forge_put_diag_path(&path, forge, diag->path);
	if (path.len) {
		locations = cJSON_AddArrayToObject(object, "locations");
		location = cJSON_CreateObject();
		add_artifact(location, buf_slice(&path));
		cJSON_AddItemToArray(locations, location);
	}
	buf_dispose(&path);
	return object;
}

static cJSON *invocations_array(const struct forge *forge)
{
	const struct result *result = forge->result;
	cJSON *array = cJSON_CreateArray(), *invocation = cJSON_CreateObject(), *notifications;
	struct buf rest;

	cJSON_AddItemToArray(array, invocation);
	cJSON_AddBoolToObject(invocation, "executionSuccessful", result->summary.incomplete == 0);
	notifications = cJSON_AddArrayToObject(invocation, "toolExecutionNotifications");
	for (size_t i = 0; i < result->diag_count; i++)
		if (!result->diags[i].is_note || forge->options->verbose)
			cJSON_AddItemToArray(notifications,
					     notification_object(forge, &result->diags[i]));
	buf_init(&rest, BUF_MAX_LINE);
	forge_put_unlisted(&rest, forge);
	if (rest.len)
		cJSON_AddItemToArray(notifications,
				     notification_object(forge, &(struct diag){.what = rest.ptr}));
	buf_dispose(&rest);
	forge_add_narrowings(notifications, forge, notification_object);
	return array;
}

/* ---- the whole ---- */

static cJSON *tool_object(const struct sarif *sarif)
{
	cJSON *object = cJSON_CreateObject();
	cJSON *driver = cJSON_AddObjectToObject(object, "driver"), *rules;

	cJSON_AddStringToObject(driver, "name", "hfscan");
	cJSON_AddStringToObject(driver, "version", HFSCAN_VERSION);
	cJSON_AddStringToObject(driver, "semanticVersion", HFSCAN_VERSION);
	cJSON_AddStringToObject(driver, "informationUri", FORGE_URL);
	rules = cJSON_AddArrayToObject(driver, "rules");
	for (size_t i = 0; i < sarif->rule_count; i++)
		cJSON_AddItemToArray(rules, rule_object(sarif, sarif->rules[i]));
	return object;
}

/* Where it lies on this machine is nobody's business. */
static cJSON *bases_object(enum lang lang)
{
	cJSON *object = cJSON_CreateObject();

	add_text(cJSON_AddObjectToObject(object, ROOT_ID), "description",
		 tr_in(lang, "The top of the repository or folder that was scanned."));
	return object;
}

static int write_results(FILE *out, const struct sarif *sarif)
{
	const struct result *result = sarif->forge.result;
	const char *before = "\n";
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < result->finding_count; i++) {
		const struct finding *f = &result->findings[i];

		if (!is_listed(sarif, f))
			continue;
		rc = object_write(out, before, result_object(sarif, f), "");
		before = ",\n";
	}
	return rc;
}

static int write_run(FILE *out, const struct sarif *sarif)
{
	int rc = object_write(out, "\"tool\":", tool_object(sarif), ",\n");

	if (rc == 0)
		rc = object_write(out, "\"originalUriBaseIds\":",
				  bases_object(sarif->forge.options->lang), ",\n");
	if (rc == 0)
		rc = object_write(out, "\"invocations\":", invocations_array(&sarif->forge), ",\n");
	if (rc == 0 && fputs("\"results\":[", out) < 0)
		rc = -1;
	return rc == 0 ? write_results(out, sarif) : rc;
}

int report_sarif_write(FILE *out, const struct result *result, const struct report_options *options)
{
	struct sarif sarif = {0};
	int rc = 0;

	forge_init(&sarif.forge, result, options);
	collect_rules(&sarif);
	if (fputs("{\"$schema\":\"" SARIF_SCHEMA "\",\n\"version\":\"2.1.0\",\n\"runs\":[{\n"
		  "\"columnKind\":\"utf16CodeUnits\",\n",
		  out) < 0)
		rc = -1;
	if (rc == 0)
		rc = write_run(out, &sarif);
	if (rc == 0 && fputs("]}]}\n", out) < 0)
		rc = -1;
	free(sarif.rules);
	forge_dispose(&sarif.forge);
	return rc;
}
