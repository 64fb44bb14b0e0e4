/* Who made a commit, when, and what they called it. */
#ifndef TRACE_PERSON_H
#define TRACE_PERSON_H

#include "hfscan.h"

/* Fills author, email, summary and time of origin from a commit object; what it
 * lacks becomes "". Strings are the origin's. */
void person_read(struct slice commit, struct origin *origin);

#endif
