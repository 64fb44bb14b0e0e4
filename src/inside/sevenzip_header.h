/* What the header of a .7z file says of what is packed. */
#ifndef INSIDE_SEVENZIP_HEADER_H
#define INSIDE_SEVENZIP_HEADER_H

#include "base/slice.h"

#include <stdint.h>

struct sevenzip_streams {
	bool is_packed;             /* it says how the header is packed, and nothing else */
	uint64_t packed_at, packed; /* where the first one is, behind the signature, and its size */
	uint64_t dictionary;        /* what the greediest packer looks back on */
	bool is_encrypted;
	struct slice folder; /* all that is said of how it is packed, as it stands there */
	uint64_t packs, folders, substreams, files; /* how many */

	/* private */
	const unsigned char *have_sums; /* of the folders, a bit each; NULL: all or none */
	bool all_have_sums;
};

/* False where it cannot be read. Borrows text. */
bool sevenzip_look(struct slice text, struct sevenzip_streams *streams);

#endif
