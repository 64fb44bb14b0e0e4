/*
 * The rules: data in rules/ *.json, embedded at build and extended or replaced
 * with --rules. Loading checks form; rules_check.h runs the examples.
 *
 *   { "schema": 1,
 *     "define": { "LEFT": "PCRE2...", ... },       optional; used as (?&LEFT)
 *     "rules": [ {
 *       "id": "hf-user-access-token",
 *       "title":       { "en": "...", "es": "..." },   es optional
 *       "explanation": { "en": "...", "es": "..." },
 *       "severity": "critical|high|medium|low",
 *       "verdict": "leak|warning",                    optional: leak
 *       "anchors": [ "hf_" ],                         2 to 32 bytes each
 *       "before": 0,                                  optional
 *       "prefix": "hf_",                              optional: no prefix
 *       "pattern": "...(?<secret>...)...",
 *       "judge": { "body": "random|jwt|any",
 *                  "min_entropy": 3.5, "min_distinct": 14, "min_each_case": 4 },
 *       "examples": { "match": [ "..." ], "no_match": [ "..." ] } } ] }
 *
 * Built by one thread, then frozen: a const struct rules is shared freely.
 */
#ifndef MATCH_RULES_H
#define MATCH_RULES_H

#include "base/err.h"
#include "hfscan.h"

struct rules {
	struct rule *list; /* in order of precedence */
	size_t count;

	/* private: file names that rules point to */
	char **files;
	size_t file_count;
};

/* An empty set. Caller frees with rules_free(). */
struct rules *rules_new(void);
void rules_free(struct rules *rules);

/* Adds the rules of one JSON text. name: the file, for messages (copied).
 * A rule whose id is known replaces the earlier one in place. On failure *err
 * names file, rule and offset, and rules is as it was. */
int rules_add_json(struct rules *rules, struct slice json, const char *name, struct err *err);

/* Adds what was embedded at build. */
int rules_add_builtin(struct rules *rules, struct err *err);

/* Adds a file, or every *.json of a folder in byte order of names. */
int rules_add_path(struct rules *rules, const char *path, struct err *err);

/* One embedded file; the table is made by embed.sh and ends without a name. */
struct rules_data {
	const char *name;
	const unsigned char *ptr;
	size_t len;
};
extern const struct rules_data rules_data[];

/* Takes the rule of that id out; false: there is none. */
bool rules_drop(struct rules *rules, const char *id);
/* The rule with this id, borrowed; NULL when there is none. */
const struct rule *rules_find(const struct rules *rules, const char *id);

#endif
