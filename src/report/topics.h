/* What people ask about tokens, answered: one table, in both languages. */
#ifndef REPORT_TOPICS_H
#define REPORT_TOPICS_H

#include "hfscan.h"

#define TOPIC_PARAGRAPHS_MAX 8

struct topic {
	const char *names[LANG_COUNT]; /* "expired", "caducado": either is understood */
	const char *titles[LANG_COUNT];
	/* A line that begins with a blank is code; ended by NULL. */
	const char *paragraphs[LANG_COUNT][TOPIC_PARAGRAPHS_MAX];
};

/* The table, ended by a row without names. */
const struct topic *topics(void);
/* By its name in any language; NULL. */
const struct topic *topic_find(const char *name);

#endif
