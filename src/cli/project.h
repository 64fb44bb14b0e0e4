/*
 * .hfscan.json, by which a repository says how it wants to be scanned:
 *
 *   { "disable-rule": [ "hf-near-token" ],
 *     "ignore":       [ "docs/examples/", "*.golden" ],     as gitignore(5) has it
 *     "severity":     { "hf-org-api-token": "medium" },
 *     "lang":         "es" }
 *
 * It comes from who is scanned, so that it may do no more, and what else it says makes it
 * no good as a whole. What it turns off or ignores is not left out but allowed: counted, and shown
 * with -v. One thread builds one, then it is frozen.
 */
#ifndef CLI_PROJECT_H
#define CLI_PROJECT_H

#include "base/err.h"
#include "hfscan.h"
#include "match/rules.h"
#include "source/repo.h"

struct project {
	bool *off;                 /* by index of the rule */
	enum severity *severity;   /* the same; SEVERITY_COUNT: the rule's own */
	struct path_rules *ignore; /* NULL: none */
	enum lang lang;            /* LANG_COUNT: it says nothing */
	char **unknown;            /* ids that no rule has; masked by who shows them */
	size_t unknown_count, unknown_cap;
};

/* HF_EFORMAT with name and what is wrong; dispose either way. A rule that is not known
 * is no error: whoever scans may have others. */
int project_read(struct project *out, struct slice text, const char *name,
		 const struct rules *rules, struct err *err);
void project_dispose(struct project *config);

#endif
