/*
 * Joins the rooms: source -> window(prefilter, matcher, judge) -> findings.
 * What a verb calls to have bytes searched.
 */
#ifndef SCAN_H
#define SCAN_H

#include "base/err.h"
#include "hfscan.h"
#include "match/rules.h"
#include "source/source.h"

struct scan;

struct scan_options {
	unsigned jobs;      /* worker threads, at least 1 */
	bool keep_secrets;  /* keep the clear text of secrets in the findings */
	bool no_marks;      /* what is marked as allowed is told all the same */
	bool listed;        /* the user listed the repositories: each is told by itself */
	unsigned max_depth; /* of members in members; 0: none are looked at */
	bool own_rules;     /* the user brought rules: compile every pattern at once, mask more */
};

/* rules must outlive the scan. Caller frees with scan_free(). */
int scan_new(struct scan **out, const struct rules *rules, const struct scan_options *options,
	     struct err *err);
/* Wipes what held secrets. */
void scan_free(struct scan *scan);

/* Where sources put documents; borrowed from scan. */
const struct sink *scan_sink(struct scan *scan);

/* The repository of that number (from 1) among those that sources have met so
 * far; false when there is none. Borrowed from scan. Any thread. */
bool scan_repository(struct scan *scan, unsigned number, struct repository *out);

/* Those settings that sources have met so far, each once, ordered by root, prefix and
 * name. Borrowed from scan; call when all sources are done. */
const struct settings *scan_settings(struct scan *scan, size_t *count);

/* How many PATHs, or tops of work trees around them, sources have met so far. */
size_t scan_root_count(const struct scan *scan);
/* Puts those behind the first named ones in order: threads met them in none. */
void scan_order_roots(struct scan *scan, size_t named);

/* How many work trees and bare repositories sources met so far. */
size_t scan_met(const struct scan *scan);

/* How many things could not be scanned so far. */
uint64_t scan_incomplete(const struct scan *scan);

/* Tells that the history of one of them was scanned. Any thread. */
void scan_count_history(struct scan *scan);

/* How far a running scan is; any thread. */
struct scan_progress {
	uint64_t files, bytes, findings;
	uint64_t histories, repositories; /* scanned, of so many known */
};
struct scan_progress scan_progress(const struct scan *scan);

/* Call when all sources are done: orders the findings, drops what was seen
 * twice, counts. Borrowed from scan. */
struct result *scan_finish(struct scan *scan);

/*
 * Asks of each finding that stands, when scan_finish() is done, what becomes of it; may
 * change its verdict, reason and rule (to one of the same index). Counts again. Then
 * narrowings, whose file the result takes over, are part of the result.
 */
typedef void (*scan_judge_fn)(void *payload, struct finding *finding);
void scan_judge_again(struct scan *scan, scan_judge_fn judge, void *payload);
void scan_add_narrowing(struct scan *scan, const struct narrowing *narrowing);

/* Takes findings out of the result, when all are judged: how many. The summary counts
 * them as left out and no more, the tables of a class not at all. */
typedef bool (*scan_leave_out_fn)(const struct finding *finding);
size_t scan_leave_out(struct scan *scan, scan_leave_out_fn is_left_out);

#endif
