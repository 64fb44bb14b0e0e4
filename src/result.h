/*
 * What a run comes to, once every worker is done: findings and diagnostics in
 * an order that no number of threads changes, each place once, counted. One
 * thread.
 */
#ifndef RESULT_H
#define RESULT_H

#include "hfscan.h"

/*
 * Orders the findings, diagnostics and origins gathered so far, gives each
 * finding its origin, and with it path and exposure to those of history; drops
 * what is one place: what PATHs that overlap brought in twice, bytes of the
 * database that a file holds too (each such file stays), and a name in several
 * versions of its folder. Fills occurrences and the summary's verdicts and
 * secrets (on top of what by_verdict already counts). Once for a result.
 */
void result_settle(struct result *result);

/* Fills occurrences and the summary's secrets: again, when verdicts have changed. */
void result_count_secrets(struct result *result);

/* Wipes the clear text that findings have. */
void result_forget_clear(struct result *result);

/* Frees what result holds; wipes clear text. */
void result_dispose(struct result *result);

/* Frees what it owns; wipes clear text. */
void finding_dispose(struct finding *finding);
void findings_free(struct finding *findings, size_t count);
void diags_free(struct diag *diags, size_t count);

#endif
