/* What .xz files and LZMA2 ask for before any of it is unpacked. */
#ifndef INSIDE_XZ_H
#define INSIDE_XZ_H

#include "base/slice.h"

#include <stdint.h>

/* That of LZMA2 by the one byte that it has for its dictionary; 0: it is none. */
uint64_t lzma2_dictionary(unsigned char code);

/*
 * Goes over the bytes of an .xz file before they are unpacked: of its streams and blocks each has
 * a dictionary of its own, and liblzma takes memory for it as it comes to the block. Nothing
 * is unpacked for that: how long the pieces are that blocks are made of stands before each.
 */
struct xz_walk {
	uint64_t dictionary; /* of the block whose header ended where the walk halted; 0: none */
	unsigned blocks;     /* so far, no more than are of interest: 2 */
	bool is_broken;      /* nobody can go further */

	/* private */
	uint64_t skip; /* bytes to come that need not be looked at */
	unsigned state;
	size_t wanted, len; /* of bytes[] */
	unsigned check_len;
	uint64_t data_len; /* of the block */
	uint64_t numbers;  /* of the index, that are still to come */
	uint64_t number;
	unsigned shift;
	unsigned char bytes[1024];
};

void xz_walk_init(struct xz_walk *w);
/* Goes over bytes, which follow those before. Returns how many of them: all, or up to the end
 * of a block's header, or to where it is broken. */
size_t xz_walk(struct xz_walk *w, struct slice bytes);

#endif
