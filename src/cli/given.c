#include "cli/given.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "cli/cmd.h"
#include "cli/run.h"
#include "report/redact.h"
#include "verify/kind.h"
#include "verify/live.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- standard input ---- */

/* Longer than any secret; a web token has some hundred characters. */
#define LINE_MAX_BYTES ((size_t)8192)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The line without blanks around it. */
static struct slice trimmed(const char *line, size_t len)
{
	while (len > 0 && is_blank(line[len - 1]))
		len--;
	while (len > 0 && is_blank(*line)) {
		line++;
		len--;
	}
	return slice_of(line, len);
}

static struct slice without_mark(struct slice line)
{
	struct slice mark = SLICE("\xef\xbb\xbf");

	return slice_has_prefix(line, mark) ? slice_cut(line, (struct span){mark.len, line.len})
					    : line;
}

/* PowerShell's > writes UTF-16: every second byte is NUL. */
static bool is_utf16(struct slice line)
{
	return memchr(line.ptr, '\0', line.len) != NULL;
}

static int take_line(struct ask *ask, const char *line, size_t len, unsigned number)
{
	struct slice given = slice_of(line, len);
	struct slice secret = number == 1 ? without_mark(given) : given;
	char where[60];

	secret = trimmed((const char *)secret.ptr, secret.len);
	if (!secret.len)
		return 0;
	if (kind_of(secret)) {
		ask_add(ask, secret);
		return 0;
	}
	snprintf(where, sizeof(where), tr("standard input, line %u"), number);
	complain(where, is_utf16(secret)
				? "is UTF-16, as PowerShell writes it: save the file as UTF-8"
				: "is no whole secret of Hugging Face's: one a line, nothing "
				  "beside it");
	return HF_EUSAGE;
}

static int take_stdin(struct ask *ask)
{
	/* Read without stdio, whose buffer nobody wipes. */
	char *line = xmalloc(LINE_MAX_BYTES);
	unsigned number = 1;
	size_t len = 0;
	ssize_t got = 1;
	int rc = 0;

	if (isatty(STDIN_FILENO))
		fputs(tr("hfscan: reading tokens, one a line; Ctrl-D ends it\n"), stderr);
	while (rc == 0 && got > 0) {
		got = read(STDIN_FILENO, line + len, 1);
		if (got > 0 && line[len++] != '\n' && len < LINE_MAX_BYTES)
			continue;
		rc = take_line(ask, line, len, number++);
		len = 0;
	}
	if (rc == 0 && got < 0) {
		complain(tr("standard input"), err_reason(errno));
		rc = HF_EUSAGE;
	} else if (rc == 0 && !ask->count) {
		complain(tr("standard input"), "holds no token: nothing was asked");
	}
	wipe(line, LINE_MAX_BYTES);
	free(line);
	return rc;
}

/* ---- a report ---- */

/* A report of that many bytes tells of some hundred thousand places. */
#define REPORT_MAX ((size_t)256 << 20)

/* What a report says: which secrets, and where it was looked. */
struct told {
	char (*prints)[33];
	size_t print_count, print_cap;
	char **roots;
	size_t root_count, root_cap;
	bool whole; /* its summary was there */
};

static void told_dispose(struct told *told)
{
	for (size_t i = 0; i < told->root_count; i++)
		free(told->roots[i]);
	free(told->roots);
	free(told->prints);
}

static bool tells_of(const struct told *told, const char *print)
{
	for (size_t i = 0; i < told->print_count; i++)
		if (strcmp(told->prints[i], print) == 0)
			return true;
	return false;
}

static const cJSON *member(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

static void take_finding(struct told *told, const cJSON *finding)
{
	const char *verdict = cJSON_GetStringValue(member(finding, "verdict"));
	const char *print = cJSON_GetStringValue(member(member(finding, "secret"), "fingerprint"));

	if (!verdict || strcmp(verdict, "leak") != 0 || !print || strlen(print) != 32 ||
	    tells_of(told, print))
		return;
	grow_array(&told->prints, &told->print_cap, told->print_count, sizeof(*told->prints));
	memcpy(told->prints[told->print_count++], print, 33);
}

static void take_summary(struct told *told, const cJSON *summary)
{
	const cJSON *root;

	told->whole = cJSON_IsObject(summary);
	cJSON_ArrayForEach(root, member(summary, "roots"))
	{
		if (!cJSON_IsString(root))
			continue;
		grow_array(&told->roots, &told->root_cap, told->root_count, sizeof(*told->roots));
		told->roots[told->root_count++] = xstrdup(root->valuestring);
	}
}

/* One object: a line of jsonl, or the whole of json. */
static bool take_object(struct told *told, const char *text, size_t len)
{
	cJSON *object = cJSON_ParseWithLength(text, len);
	const cJSON *finding;

	if (member(object, "rule"))
		take_finding(told, object);
	cJSON_ArrayForEach(finding, member(object, "findings"))
	{
		take_finding(told, finding);
	}
	if (member(object, "summary"))
		take_summary(told, member(object, "summary"));
	cJSON_Delete(object);
	return object != NULL;
}

/* jsonl unless the text as a whole is one object. */
static bool take_report(struct told *told, const struct buf *text)
{
	const char *at = text->ptr, *end = text->ptr + text->len;

	if (take_object(told, at, text->len) && told->whole)
		return true;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline : end) - at);

		if (len > 0 && !take_object(told, at, len))
			return false;
		at += len + 1;
	}
	return told->whole;
}

static int read_report(struct told *told, const char *path)
{
	FILE *file = fopen(path, "rb");
	char chunk[32768];
	struct buf text;
	int rc = HF_EUSAGE;
	size_t got;

	if (!file) {
		complain(path, err_reason(errno));
		return rc;
	}
	buf_init(&text, REPORT_MAX);
	while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0 && !buf_overflowed(&text))
		buf_append(&text, chunk, got);
	if (ferror(file))
		complain(path, err_reason(errno));
	else if (buf_overflowed(&text) || !take_report(told, &text))
		complain(path, "is no whole report of `hfscan -f json` or `-f jsonl`");
	else
		rc = 0;
	buf_dispose(&text);
	fclose(file);
	return rc;
}

/* What a pipe brought is gone, as a folder may be: only what is there is scanned again. */
static size_t keep_roots(struct told *told)
{
	size_t kept = 0;

	for (size_t i = 0; i < told->root_count; i++) {
		if (strcmp(told->roots[i], "-") != 0 && access(told->roots[i], F_OK) == 0)
			told->roots[kept++] = told->roots[i];
		else
			free(told->roots[i]);
	}
	return told->root_count = kept;
}

/* Scans what the report was about once more, and takes what it told of. */
static int scan_again(struct ask *ask, const struct options *options, struct told *told)
{
	struct options own = *options;
	struct run run;
	int rc;

	own.args = told->roots;
	own.arg_count = told->root_count;
	own.verify = own.quiet = true; /* keeps what it finds until it was tried */
	rc = run_open(&run, &own);
	if (rc == 0)
		rc = run_scan(&run, scan_named, NULL);
	for (size_t i = 0; rc == 0 && i < run.result->finding_count; i++) {
		const struct secret *secret = &run.result->findings[i].secret;

		if (secret->clear && tells_of(told, secret->fingerprint))
			ask_add(ask, slice_str(secret->clear));
	}
	run_close(&run, 0);
	return rc;
}

static int take_told(struct ask *ask, const struct options *options, size_t *gone)
{
	struct told told = {0};
	int rc = read_report(&told, options->from_report);

	if (rc == 0 && told.print_count > 0 && keep_roots(&told) > 0)
		rc = scan_again(ask, options, &told);
	*gone = told.print_count - ask->count;
	told_dispose(&told);
	return rc;
}

static int take(struct ask *ask, const struct options *options, size_t *gone)
{
	if (options->from_report && options->arg_count == 0)
		return take_told(ask, options, gone);
	if (options->arg_count == 0)
		return take_stdin(ask);
	complain(NULL, "a token on the command line can be seen by others: give it on standard "
		       "input, or a report with --from-report FILE");
	return HF_EUSAGE;
}

/* ---- the way of a verb ---- */

static void tell_gone(size_t gone)
{
	char line[160];

	if (!gone)
		return;
	snprintf(line, sizeof(line),
		 tr("%zu secrets of the report were not found again: not known"), gone);
	complain(NULL, line);
}

int given_use(const struct options *options, given_fn use)
{
	struct verifier *verifier = NULL;
	struct ask ask = {0};
	int code = EXIT_USAGE;
	size_t gone = 0;

	if (ask_open(&verifier, options) == 0 && take(&ask, options, &gone) == 0) {
		code = use(&ask, verifier, options);
		tell_gone(gone);
	}
	if (gone && code == EXIT_CLEAN)
		code = EXIT_INCOMPLETE;
	ask_dispose(&ask);
	verify_free(verifier);
	return code;
}
