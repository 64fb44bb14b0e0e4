/*
 * What can be asked of which kind of credential. Only what is known to be Hugging
 * Face's is ever sent there: rules of the user's own may find anything.
 */
#ifndef VERIFY_KIND_H
#define VERIFY_KIND_H

#include "base/slice.h"

struct kind {
	const char *prefix;
	size_t body;    /* characters behind the prefix; 0: three segments of a JWT */
	bool asks;      /* whoami takes it as a bearer token */
	bool is_jwt;    /* tells its own expiry (claims.h) */
	bool revocable; /* /api/credentials/revoke takes it */
};

/* NULL when token is of no kind that is known, or not whole. */
const struct kind *kind_of(struct slice token);

#endif
