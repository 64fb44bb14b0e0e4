/* What verify.c and revoke.c share. Nobody else includes this. */
#ifndef VERIFY_VERIFY_PRIVATE_H
#define VERIFY_VERIFY_PRIVATE_H

#include "verify/http.h"
#include "verify/verify.h"

struct verifier {
	struct verify_options options;
	struct endpoint endpoint;
	struct curl curl;
};

#endif
