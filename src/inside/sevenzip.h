/* What a .7z file asks for before any of it is unpacked. */
#ifndef INSIDE_SEVENZIP_H
#define INSIDE_SEVENZIP_H

#include "inside/archive_library.h"
#include "inside/inside.h"

/*
 * Bytes that libarchive takes for it: for what the greediest of its packers looks back on, and for
 * what the header says of files and streams, all of which it holds. Negative and *err where nobody
 * knows: what is encrypted, damaged or packed in another way than anybody does, or HF_ELIMIT
 * where the header alone is too large. s must be readable at any place.
 */
int sevenzip_memory(const struct archive_library *lib, const struct stream *s, uint64_t *memory,
		    struct err *err);

#endif
