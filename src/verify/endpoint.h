/*
 * Where tokens may be sent. HF_ENDPOINT moves huggingface_hub to a mirror, which
 * would receive every token that is tried: so any host but Hugging Face's own and
 * this machine has to be allowed by name of the option.
 *
 * The default, the staging host and HF_ENDPOINT: huggingface_hub,
 * src/huggingface_hub/constants.py.
 */
#ifndef VERIFY_ENDPOINT_H
#define VERIFY_ENDPOINT_H

#include "base/buf.h"
#include "base/err.h"

struct endpoint {
	char *base;    /* "https://huggingface.co", without a '/' at the end; owned */
	char *host;    /* for messages; owned */
	bool loopback; /* this machine: http will do, and no proxy is asked */
};

/*
 * Takes text apart, NULL or "" standing for the default. any_host: hosts that are not
 * known may receive tokens. HF_EUSAGE with one line for what is no such address, is not
 * TLS though not of this machine, or is a host that is not allowed.
 */
int endpoint_init(struct endpoint *out, const char *text, bool any_host, struct err *err);
void endpoint_dispose(struct endpoint *endpoint);

#endif
