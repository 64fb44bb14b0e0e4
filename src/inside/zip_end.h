#ifndef INSIDE_ZIP_END_H
#define INSIDE_ZIP_END_H

#include "base/stream.h"

/* How many members the end of a zip archive says that it has; 0 where it does not say so
 * in 16 bits, or there is no end to be seen. The stream must be readable at any place. */
unsigned zip_end_count(struct stream *s);

#endif
