/*
 * A second look at a large document while its worker searches it: a thread that goes
 * through it from the end backwards, and notes of which stretches the matcher has nothing to
 * tell. The worker comes from the front; where they meet it goes by what was noted, so
 * that it finds the same in half the time. They share no bytes: those that one core
 * copied take another longer than reading them anew.
 *
 * All functions are for the worker.
 */
#ifndef SCAN_SCOUT_H
#define SCAN_SCOUT_H

#include "base/stream.h"
#include "match/patterns.h"
#include "view/condense.h"

/* Fewer bytes than these are searched before a thread is at work. */
#define SCOUT_FROM ((uint64_t)4 << 20)

struct scout;

/*
 * Sends one through what is behind the present window. held: what is gone by must be plain,
 * too. NULL when nothing is to be gained. It reads what is in the system's memory, and stops
 * where it would have to wait for a disk; the file must stay open.
 */
struct scout *scout_send(const struct stream *s, struct patterns *patterns, bool held);

/*
 * To be called when a window was searched, up to the offset resume: moves on to where the
 * next must be looked at, and returns the offset up to which that is known, too. held, unless
 * NULL, is told what is left out. *done: nothing can be gained from this scout any more.
 */
uint64_t scout_pass(struct scout *scout, struct stream *s, uint64_t resume, struct condensed *held,
		bool *done);

/* Waits until it went as far as it will. For who has to know where it was. */
void scout_await(struct scout *scout);

/* Ends the thread, wherever it is. NULL is fine. Wipes what it read. */
void scout_free(struct scout *scout);

#endif
