/*
 * What a run comes to, once every worker is done: findings and diagnostics in
 * an order that no number of threads changes, each place once, counted. One
 * thread.
 */
#ifndef RESULT_H
#define RESULT_H

#include "hfscan.h"

/*
 * Orders the findings and diagnostics gathered so far, drops what PATHs that
 * overlap brought in twice, and fills occurrences and the summary's verdicts
 * and secrets (on top of what by_verdict already counts).
 */
void result_settle(struct result *result);

/* Frees what result holds; wipes clear text. */
void result_dispose(struct result *result);

void findings_free(struct finding *findings, size_t count);
void diags_free(struct diag *diags, size_t count);

#endif
