/*
 * The only way a secret becomes printable. Everything from scanned data, names
 * included, goes through redact_text() before any format.
 */
#ifndef REPORT_REDACT_H
#define REPORT_REDACT_H

#include "base/buf.h"
#include "hfscan.h"

/* Appends the prefix, the first two and last two characters of the body with
 * an ellipsis (U+2026) between them: "hf_Ab...yZ". A body shorter than 12
 * characters is shown as the ellipsis alone. */
void redact_secret(struct buf *out, const struct rule *rule, struct slice secret);

/*
 * Appends text with every token-shaped run masked as above, whatever a judge
 * would say of it: any known prefix followed by 12 or more characters a token
 * may have. Other bytes are copied as they are.
 */
void redact_text(struct buf *out, struct slice text);

/* First 32 hex digits of the SHA-256 of secret, and a NUL. */
void redact_fingerprint(char out[33], struct slice secret);

/* What an excerpt is taken of. */
struct excerpt_of {
	struct slice text;
	struct span secret;
	bool begins, ends; /* the document begins and ends with text */
	bool wary;         /* mask every long word beside the secret too: it may be one
			    * whose shape redact_text() does not know */
};

/*
 * The line around text[secret], masked with redact_text() and cut to at most
 * EXCERPT_MAX bytes at UTF-8 boundaries, with an ellipsis where it was cut;
 * without the blanks, or the byte order mark, that it begins with.
 * *beg, *end: where the masked secret stands in the result. NUL bytes become
 * blanks; other bytes stay as they are, so quote the three parts. Looks at no
 * more than EXCERPT_AROUND bytes to each side. Caller frees.
 */
#define EXCERPT_MAX 160
/* How far to each side of a secret its line is looked at; some three times what is shown, as
 * masking makes it shorter. */
#define EXCERPT_AROUND ((size_t)512)
char *redact_excerpt(const struct rule *rule, const struct excerpt_of *of, size_t *beg,
		     size_t *end);

#endif
