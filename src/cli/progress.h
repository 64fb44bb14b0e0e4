/*
 * One line on stderr that tells how far a long run is: repositories, if there are several,
 * files, bytes, rate, findings. Only on a terminal, only after half a second, and gone at the end.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdint.h>

struct progress;

struct progress_sample {
	uint64_t files, bytes, findings;
	uint64_t histories, repositories; /* read, of so many known */
};

/* Asked some ten times a second, from a thread of its own. */
typedef struct progress_sample (*progress_fn)(void *payload);

/* *out is NULL where there is nothing to do. End with progress_stop(). */
void progress_start(struct progress **out, progress_fn sample, void *payload);

/* Erases the line. NULL is fine. */
void progress_stop(struct progress *progress);

#endif
