/* What an .xz file asks for before any of it is unpacked. */
#ifndef INSIDE_XZ_H
#define INSIDE_XZ_H

#include "base/slice.h"

#include <stdint.h>

/* Bytes of the dictionary that the first block needs, 0 where none can be read: of the
 * first XZ_HEADERS bytes of the file, or all there are. */
uint64_t xz_dictionary(struct slice beginning);
#define XZ_HEADERS 256

/* That of LZMA2 by the one byte that it has for it. */
uint64_t lzma2_dictionary(unsigned char code);

#endif
