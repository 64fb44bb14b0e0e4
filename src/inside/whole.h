/* All bytes of a document at once, for what cannot be read window by window. */
#ifndef INSIDE_WHOLE_H
#define INSIDE_WHOLE_H

#include "base/err.h"
#include "base/stream.h"

struct whole {
	unsigned char *ptr;
	size_t len, cap;
};

/* Reads outer from its beginning; HF_ELIMIT when it has more than max bytes. Dispose
 * either way. */
int whole_read(struct whole *whole, struct stream *outer, size_t max, struct err *err);
/* Wipes. */
void whole_dispose(struct whole *whole);

#endif
