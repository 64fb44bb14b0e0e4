/* What a .7z file asks for before any of it is unpacked. */
#ifndef INSIDE_SEVENZIP_H
#define INSIDE_SEVENZIP_H

#include "inside/archive_library.h"
#include "inside/inside.h"

/* Bytes that the greediest of its packers looks back on, or that files without bytes take,
 * where there are no others; 0 where its header cannot be
 * read, UINT64_MAX where that is larger than anybody's. s must be readable at any place. */
uint64_t sevenzip_dictionary(const struct archive_library *lib, const struct stream *s);

#endif
