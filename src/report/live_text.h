/* What was learnt of a secret when it was tried, in one sentence for people. */
#ifndef REPORT_LIVE_TEXT_H
#define REPORT_LIVE_TEXT_H

#include "base/buf.h"
#include "hfscan.h"

/*
 * Appends, without a line end: whether it works, whose it is and how far it reaches, or why
 * that is not known. What a stranger wrote in it is masked and quoted for a terminal.
 */
void live_put(struct buf *out, enum lang lang, const struct live *live);

/* The same, as reports have it: "Tried: STILL WORKS: user ana". */
void live_put_tried(struct buf *out, enum lang lang, const struct live *live);

/* Static, for programs: "live", "timed-out"; NULL where there is no reason. */
const char *live_status_name(enum live_status status);
const char *live_reason_name(enum live_reason reason);
const char *live_role_name(enum live_role role);
const char *live_owner_name(enum live_owner owner);

#endif
