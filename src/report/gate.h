/*
 * What is said to somebody whose commit or push was stopped: at most six lines, the
 * first of which says what happened and the last ones what to do.
 */
#ifndef REPORT_GATE_H
#define REPORT_GATE_H

#include "report/report.h"

enum gate {
	GATE_COMMIT,  /* pre-commit: what is staged */
	GATE_FILES,   /* the same, of files that another program chose */
	GATE_MESSAGE, /* commit-msg */
	GATE_PUSH,    /* pre-push */
	GATE_RECEIVE, /* pre-receive: at the server */
	GATE_COUNT,
};

/* Writes why the gate stays shut: leaks (with options->strict, warnings too), else
 * what could not be read. HF_EIO when out refuses. */
int gate_write(enum gate gate, FILE *out, const struct result *result,
	       const struct report_options *options, struct err *err);

#endif
