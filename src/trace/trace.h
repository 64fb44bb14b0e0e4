/*
 * Where what was found in a history comes from: which commit brought it in, who
 * and when, at which paths it lived, whether it is in HEAD, which commit took it
 * out, and how far it got. Reads trees, and so costs about as much as the scan;
 * nothing at all where nothing was found.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include "source/history.h"

/* Tells the sink of h an origin for every object in h->found. Call after
 * history_scan(), on the same thread; uses as many threads as that. */
void trace(struct history *h);

#endif
