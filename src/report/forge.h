/*
 * What the formats that forges and CI servers read have in common: where a
 * finding is in a repository, one line that says what it is, and an identity that
 * stays from run to run.
 *
 * These reports are made to be uploaded: none holds a secret in full, not even
 * with --show-secrets, nor a path of this machine. One thread.
 */
#ifndef REPORT_FORGE_H
#define REPORT_FORGE_H

#include "report/object.h"
#include "report/report.h"

/* Where tokens are explained, and what this program is for. */
#define FORGE_URL "https://huggingface.co/docs/hub/security-tokens"

struct forge {
	const struct result *result;
	const struct report_options *options;
	char *cwd;                   /* what roots are relative to; owned */
	struct identity *identities; /* private: of every finding, in the result's order */
};

void forge_init(struct forge *forge, const struct result *result,
		const struct report_options *options);
void forge_dispose(struct forge *forge);

/*
 * 32 hex digits that no other finding of the report has, and that do not change
 * with its line: they are made of rule, secret and path, and in history of the
 * object. Of several such places the first keeps its own when more come behind it.
 */
#define FORGE_ID_SIZE 33
void forge_identity(char out[FORGE_ID_SIZE], const struct forge *forge,
		    const struct finding *finding);

/* Appends the path from the top of what was scanned, masked: never absolute, no "."
 * or ".." in it. Any bytes: quote it. What stands in no file is in
 * ".git/objects/01/23…". */
void forge_put_path(struct buf *out, const struct forge *forge, const struct finding *finding);
/* The same of a diagnostic's path. */
void forge_put_diag_path(struct buf *out, const struct forge *forge, const char *path);

/* Whether it has a line: of a file, or of the object that a message is in. Names have
 * none. */
bool forge_has_line(const struct finding *finding);
/* That line; 1 where there is none. */
uint64_t forge_line(const struct finding *finding);

/* Appends "User access token hf_Ab…yZ › cell 4 › source line 2 in commit 0123 (PUSHED)":
 * valid UTF-8 without control characters, no path. */
void forge_put_message(struct buf *out, const struct forge *forge, const struct finding *finding);

/* Appends, behind `before`, what was found when it was tried: "Tried: STILL WORKS: user ana";
 * nothing where nobody did. As the message, but it may be long. */
void forge_put_live(struct buf *out, const struct forge *forge, const struct finding *finding,
		    const char *before);

/* Appends what to do, numbered, with `between` between two steps; nothing when the
 * finding is no leak. */
void forge_put_remedy(struct buf *out, const struct forge *forge, const struct finding *finding,
		      const char *between);

/* In the report's language; English where a rule has no other. */
const char *forge_title(const struct forge *forge, const struct rule *rule);
const char *forge_explanation(const struct forge *forge, const struct rule *rule);

/* Appends "… and 3 more" when more things could not be scanned than the result lists. */
void forge_put_unlisted(struct buf *out, const struct forge *forge);

/* Appends what a file narrowed: "ignores paths by 1 pattern (in 2 places)". */
void forge_put_narrowed(struct buf *out, const struct forge *forge,
			const struct narrowing *narrowing);

/* Adds what object_of() makes of a note for each of them. */
void forge_add_narrowings(cJSON *array, const struct forge *forge,
			  cJSON *(*object_of)(const struct forge *forge, const struct diag *diag));

/* The masked path as a member of object; what is no UTF-8 becomes U+FFFD. */
void forge_add_path(cJSON *object, const char *key, const struct forge *forge,
		    const struct finding *finding);

/* Writes what object_of() makes of each leak and warning, commas between. *before:
 * what has to stand before one more. */
int forge_write_alerts(FILE *out, const struct forge *forge, const char **before,
		       cJSON *(*object_of)(const struct forge *forge,
					   const struct finding *finding));

#endif
