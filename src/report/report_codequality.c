/*
 * For GitLab's artifacts:reports:codequality (docs.gitlab.com, "Code Quality report
 * format"). It knows of issues only: what is allowed or a placeholder is none, what
 * could not be scanned is one.
 */
#include "report/formats.h"

#include "report/forge.h"
#include "report/redact.h"

#include <limits.h>
#include <stdio.h>

static const char *severity_of(const struct forge *forge, const struct finding *f)
{
	static const char *const severities[SEVERITY_COUNT] = {
		[SEVERITY_LOW] = "minor",
		[SEVERITY_MEDIUM] = "major",
		[SEVERITY_HIGH] = "critical",
		[SEVERITY_CRITICAL] = "blocker",
	};

	if (report_excuses(forge->options, f))
		return "info";
	return f->verdict == VERDICT_LEAK ? severities[f->rule->severity] : "info";
}

static cJSON *quality_object(const struct forge *forge, const struct finding *f)
{
	cJSON *object = cJSON_CreateObject(), *location, *lines;
	char id[FORGE_ID_SIZE];
	struct buf message;

	buf_init(&message, BUF_MAX_LINE);
	forge_put_message(&message, forge, f);
	forge_put_live(&message, forge, f, ". ");
	forge_identity(id, forge, f);
	object_add_utf8(object, "description", buf_slice(&message));
	object_add_scanned(object, "check_name", NULL, slice_str(f->rule->id));
	cJSON_AddStringToObject(object, "fingerprint", id);
	cJSON_AddStringToObject(object, "severity", severity_of(forge, f));
	location = cJSON_AddObjectToObject(object, "location");
	forge_add_path(location, "path", forge, f);
	lines = cJSON_AddObjectToObject(location, "lines");
	cJSON_AddNumberToObject(lines, "begin", (double)forge_line(f));
	buf_dispose(&message);
	return object;
}

/* Of the diagnostics, which are ordered by path, the how manieth of that path. */
static unsigned nth_of_path(const struct result *result, size_t i)
{
	unsigned nth = 0;

	for (; i > 0; i--) {
		const struct diag *a = &result->diags[i], *b = &result->diags[i - 1];

		if (strcmp(a->path ? a->path : "", b->path ? b->path : "") != 0)
			break;
		nth += !b->is_note;
	}
	return nth;
}

/* What it says is in some language, so its identity is its path alone. */
static cJSON *unscanned_object(struct slice path, const char *what, unsigned nth)
{
	cJSON *object = cJSON_CreateObject(), *location;
	char fingerprint[33];
	struct buf text;

	buf_init(&text, BUF_MAX_REPORT);
	buf_appendf(&text, "%u ", nth);
	buf_append_slice(&text, path);
	redact_fingerprint(fingerprint, buf_slice(&text));
	buf_reset(&text);
	buf_appendf(&text, "hfscan: %s", what);
	object_add_scanned(object, "description", NULL, buf_slice(&text));
	cJSON_AddStringToObject(object, "check_name", "incomplete");
	cJSON_AddStringToObject(object, "fingerprint", fingerprint);
	cJSON_AddStringToObject(object, "severity", "major");
	location = cJSON_AddObjectToObject(object, "location");
	object_add_scanned(location, "path", NULL, path.len ? path : SLICE("."));
	cJSON_AddNumberToObject(cJSON_AddObjectToObject(location, "lines"), "begin", 1);
	buf_dispose(&text);
	return object;
}

static int write_unscanned(FILE *out, const struct forge *forge, const char *before)
{
	const struct result *result = forge->result;
	struct buf text;
	int rc = 0;

	buf_init(&text, BUF_MAX_REPORT);
	for (size_t i = 0; rc == 0 && i < result->diag_count; i++) {
		const struct diag *diag = &result->diags[i];

		if (diag->is_note)
			continue;
		buf_reset(&text);
		if (diag->path)
			forge_put_diag_path(&text, forge, diag->path);
		rc = object_write(
			out, before,
			unscanned_object(buf_slice(&text), diag->what, nth_of_path(result, i)), "");
		before = ",\n";
	}
	buf_reset(&text);
	forge_put_unlisted(&text, forge);
	if (rc == 0 && text.len)
		rc = object_write(out, before, unscanned_object(SLICE(""), text.ptr, UINT_MAX), "");
	buf_dispose(&text);
	return rc;
}

int report_codequality_write(FILE *out, const struct result *result,
			     const struct report_options *options)
{
	const char *before;
	struct forge forge;
	int rc;

	forge_init(&forge, result, options);
	rc = fputs("[", out) < 0 ? -1 : forge_write_alerts(out, &forge, &before, quality_object);
	if (rc == 0)
		rc = write_unscanned(out, &forge, before);
	if (rc == 0 && fputs("]\n", out) < 0)
		rc = -1;
	forge_dispose(&forge);
	return rc;
}
