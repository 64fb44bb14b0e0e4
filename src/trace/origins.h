/* What is told in the end: an origin for each target, with its paths. */
#ifndef TRACE_ORIGINS_H
#define TRACE_ORIGINS_H

#include "trace/holding.h"

/* Tells the sink of h. trees and paths: paths NULL when only commits and tags
 * were found. */
void origins_tell(struct history *h, const struct targets *targets, const struct trees *trees,
		  const struct paths *paths, const struct reach *reach,
		  const struct answer *answers);

#endif
