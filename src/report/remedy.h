/*
 * What to do about a secret. How far it got decides: what never left this
 * machine can be taken back, what did can only be made worthless.
 */
#ifndef REPORT_REMEDY_H
#define REPORT_REMEDY_H

#include "hfscan.h"

#define REMEDY_STEPS_MAX 4

struct step {
	const char *text; /* English; a key to its translations */
};

struct remedy {
	const struct step *steps[REMEDY_STEPS_MAX + 1]; /* in the order to take them, then NULL */
};

/* is_past: the file or name is there no more, only the history has it. Never
 * NULL; static, the same pointer for the same advice. */
const struct remedy *remedy_find(enum exposure exposure, enum where where, bool is_past);

#endif
