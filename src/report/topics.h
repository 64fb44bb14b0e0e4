/* What people ask about tokens, answered: one table, in English; po/ holds its translations. */
#ifndef REPORT_TOPICS_H
#define REPORT_TOPICS_H

#include "hfscan.h"

#define TOPIC_PARAGRAPHS_MAX 8

struct topic {
	const char *name; /* "expired"; its translation, "caducado", is understood as well */
	const char *title;
	/* A line that begins with a blank is code; ended by NULL. */
	const char *paragraphs[TOPIC_PARAGRAPHS_MAX];
};

/* The table, ended by a row without a name. */
const struct topic *topics(void);
/* By its name in any language; NULL. */
const struct topic *topic_find(const char *name);

#endif
