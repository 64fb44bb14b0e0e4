/*
 * What to do about a secret. How far it got decides: what never left this machine can be
 * taken back, what did can only be made worthless; then what kind of file it is in, and,
 * where it was tried, whether it still works.
 */
#ifndef REPORT_REMEDY_H
#define REPORT_REMEDY_H

#include "hfscan.h"

#define REMEDY_STEPS_MAX 4

struct step {
	const char *text; /* English; a key to its translations */
};

struct remedy {
	const void *key;                                /* the same for the same advice */
	const struct step *steps[REMEDY_STEPS_MAX + 1]; /* in the order to take them, then NULL */
};

/* Of the place that got furthest. is_past: the file or name is there no more, only the
 * history has it. At least one step; what it points to is static. */
struct remedy remedy_find(const struct finding *worst, bool is_past);

/* The token may stay in that file as long as nobody else gets it. */
bool remedy_lets_stay(const struct finding *finding);

#endif
