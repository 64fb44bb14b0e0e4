/*
 * Shows a result. One file a format, one row each in the table of report.c.
 *
 * text     for people: leaks always, warnings with verbose or strict,
 *          placeholders and allowed ones with verbose; the rest is counted.
 * json     one object: schema, tool, summary, findings, incomplete. All
 *          findings; "verdict" tells them apart.
 * jsonl    one object a line. A line with the key "rule" is a finding, one
 *          with "incomplete" is something that was not scanned, and the last
 *          line alone has "summary": a consumer takes the lines that have the
 *          key it knows, and a file without a summary was cut short.
 * csv      for spreadsheets: UTF-8 with a byte order mark, one finding a line, its
 *          cells named as in json. A line whose verdict is "incomplete" is
 *          something that was not scanned. What a spreadsheet would take for a
 *          formula has an apostrophe before it.
 * html     one page for a browser, which needs nothing from elsewhere: lists what text
 *          lists, all places of it, with a filter.
 * github   workflow commands (annotations) for the log of GitHub Actions, and the
 *          last line of text.
 * markdown one page for people, of less than 1 MiB: what GitHub takes as a summary.
 *
 * sarif, gitlab, codequality, junit: for forges and CI servers, see forge.h. Leaks and
 *          warnings, each by its degree, and what was not scanned; sarif with
 *          verbose what is allowed (suppressed) and placeholders (informational),
 *          junit as skipped. Never a secret in full.
 *
 * Of a run over several repositories, or over a list of them, json has the keys "repositories",
 * "authors" and "shared" too, each a list, and left out when empty; jsonl has their items as lines
 * with a key "table" that says which list it is.
 *
 * repositories  one for each: "repository" is its name, which its findings have
 *               under the same key; "kind" is "repository", "folder" (no
 *               repository) or "rest" (of a folder, what is in none of the
 *               repositories in it). secrets: different ones among the leaks;
 *               leaks, warnings, placeholders, allowed: places; incomplete: what
 *               could not be scanned; exposure: of the leak that got furthest.
 * authors       who brought leaks in, as commits name them, by "email" in lower
 *               case: "author", secrets, repositories (numbers), exposure. Leaks
 *               that are in no commit are nobody's.
 * shared        secrets that are in several repositories or were brought in by
 *               several authors, in a single repository too: secret, repositories,
 *               authors, and "commit" when it was one commit that brought it into
 *               all of them.
 *
 * What --verify learnt of a secret is in "live" of json, jsonl and, among a result's properties,
 * sarif; csv has its parts as columns behind all others ("live" is the status); the others tell
 * it in a sentence. Under --fail-on live a dead one is no failure: a warning (github), skipped
 * (junit), "note" (sarif), "Info" and "info" (gitlab, codequality). "left_out" in the summary
 * of json counts the places that --only-live took out of the report and of all other counts,
 * "left_unknown" those of them of which it is not known whether they are dead.
 *
 * In json and jsonl the summary has "narrowed", a list, where configuration or
 * baselines made the report say less: "file", "kind" (rule-off, paths-ignored, severity,
 * baseline, baseline-expired), "places", and "rule", "severity", "patterns" or "secrets" as
 * the kind has it. "root" is there unless it is the only PATH of the run and
 * "path" is relative to it. Names that are not valid UTF-8 are shown with
 * U+FFFD in "path" and whole, but for masked tokens, in "path_base64"; so does
 * csv with those that it shows with escapes or an apostrophe. What
 * stands in no file (a commit's message, the name of a branch) has no "path", or
 * that of its repository, ending in '/'.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/err.h"
#include "hfscan.h"

#include <stdio.h>

struct report_options {
	bool color;            /* ANSI colours (text) */
	unsigned verbose;      /* 1: placeholders, allowed ones, warnings and notes too */
	bool quiet;            /* text: findings only, no advice and no summary */
	bool strict;           /* warnings fail the run: shown without verbose */
	bool allow_incomplete; /* what was not scanned fails no run (github: no error) */
	bool fail_on_live;     /* what is dead fails no run */
	int exit_code;         /* that the run will have */
	enum lang lang;
	const char *cwd; /* what shown paths are relative to; NULL: the process's own */
};

struct reporter {
	const char *name; /* "jsonl" */
	const char *help; /* one line for --help */
	/* 0, or negative when out refused, with the reason in errno. */
	int (*write)(FILE *out, const struct result *result, const struct report_options *options);
};

/* Whether it is a leak that fails no run: one that is dead where only live ones count, or
 * not known where what is not known is allowed, too. */
bool report_excuses(const struct report_options *options, const struct finding *finding);

/* The table, ended by a row without a name. */
const struct reporter *report_formats(void);
/* NULL when there is no such format. */
const struct reporter *report_find(const char *name);

/* Writes and flushes. HF_EIO when out refuses (full disk); a closed pipe is 0
 * (the caller ignores SIGPIPE). */
int report_write(const struct reporter *reporter, FILE *out, const struct result *result,
		 const struct report_options *options, struct err *err);

#endif
