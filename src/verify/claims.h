/*
 * What a JSON web token says of itself, read without asking anybody (RFC 7519). Its
 * signature is not checked: nobody here has the key, and who made one up has leaked
 * nothing.
 */
#ifndef VERIFY_CLAIMS_H
#define VERIFY_CLAIMS_H

#include "base/slice.h"
#include "hfscan.h"

/*
 * Fills subject, scope and expires_at of live from the second of the three segments of
 * token. now: seconds since 1970; a token that expired before is dead. What cannot be read
 * is left as it is.
 */
void claims_read(struct live *live, struct slice token, int64_t now);

#endif
