/*
 * The secrets that a project lets stay, one by one, by their fingerprints:
 *
 *   { "schema": 1,
 *     "allowed": [ {
 *       "fingerprint": "32 hex digits",    of SHA-256, as in a finding
 *       "rule": "hf-user-access-token",    optional, as all below: for people
 *       "path": "unit1/lab.py",
 *       "reason": "deleted in May",
 *       "added": "2026-05-04",
 *       "expires": "2026-12-31" } ] }      from that day (UTC) on it is reported again
 *
 * Where in a file a secret stands is not held: lines move. 128 bits of the hash of
 * some 200 random bits tell nobody the secret.
 *
 * Built and changed by one thread; what is not changed any more is shared freely.
 */
#ifndef JUDGE_BASELINE_H
#define JUDGE_BASELINE_H

#include "base/buf.h"
#include "base/err.h"
#include "hfscan.h"

struct baseline;

/* "2026-05-04"; ten characters and a NUL. */
#define BASELINE_DATE_SIZE 11

/* One secret. All borrowed from the baseline; texts are NULL where there is none, and as
 * somebody wrote them: mask and quote. */
struct allowance {
	const char *fingerprint, *rule, *path, *reason, *added, *expires;
	bool expired;
};

/* An empty one. today: what expiry is measured by. Free with baseline_free(). */
struct baseline *baseline_new(const char *today);
void baseline_free(struct baseline *baseline);

/* HF_EFORMAT with name and place when text is none; then *out is untouched. */
int baseline_read(struct baseline **out, struct slice text, const char *name, const char *today,
		  struct err *err);

size_t baseline_count(const struct baseline *baseline);
/* Ordered by fingerprint. */
struct allowance baseline_at(const struct baseline *baseline, size_t i);

/* Its position, or BASELINE_NONE. */
#define BASELINE_NONE ((size_t)-1)
size_t baseline_find(const struct baseline *baseline, const char *fingerprint);

/* Adds one, of which the fingerprint must be new; texts are valid UTF-8, or NULL. Positions
 * move. */
void baseline_add(struct baseline *baseline, const struct allowance *which);

/* Takes out those of which keep[position] is false. */
void baseline_retain(struct baseline *baseline, const bool *keep);

/* Appends the file, which ends in a line end: ordered by path and fingerprint, all that
 * was read and is not known here as it was. */
void baseline_write(struct buf *out, const struct baseline *baseline);

/* Whether text is a day that there is. */
bool baseline_is_date(const char *text);
/* Today, UTC. */
void baseline_today(char out[BASELINE_DATE_SIZE]);

#endif
