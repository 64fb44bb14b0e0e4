/* What is known of whether a secret still opens a door: struct live of hfscan.h. */
#ifndef VERIFY_LIVE_H
#define VERIFY_LIVE_H

#include "hfscan.h"

/* Sets why nothing is known; keeps what a token's own text said. */
void live_unknown(struct live *live, enum live_reason reason);
void live_dead(struct live *live, enum live_reason reason);
void live_dispose(struct live *live);

/* Up to LIVE_LIST_MAX; more are counted. Both take over what they are given. */
void live_add_org(struct live *live, char *name, char *role);
void live_add_grant(struct live *live, char *grant);

#endif
