/*
 * Asks Hugging Face whether secrets still work: only when the user said so, each once,
 * one after another by default, no faster than the server allows, and not for longer than
 * it answers.
 */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H

#include "base/err.h"
#include "hfscan.h"

struct verifier;

struct verify_options {
	unsigned jobs;      /* requests at a time, at least 1 */
	unsigned timeout_s; /* for one request */
	bool any_endpoint;  /* HF_ENDPOINT may be a host that is not known */
};

/* A secret to ask about, in clear, and what is known of it. */
struct verify_item {
	struct slice secret; /* borrowed */
	struct live live;    /* begins as {0}; live_dispose() by the caller */
};

/*
 * Looks at HF_ENDPOINT, HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE, and loads libcurl; sends
 * nothing. HF_EUSAGE when one of them says no, HF_ENOTFOUND without libcurl. Before
 * threads. The caller frees it with verify_free().
 */
int verify_new(struct verifier **out, const struct verify_options *options, struct err *err);
void verify_free(struct verifier *verifier);
/* The host that is asked, for messages; borrowed. */
const char *verify_host(const struct verifier *verifier);

/* Asks about each item; equal secrets are the caller's to bring together. Items that were
 * not or in vain asked about are unknown, with the reason. Negative and *err when libcurl
 * refuses what is needed for safety; nothing was sent then. */
int verify_run(struct verifier *verifier, struct verify_item *items, size_t count, struct err *err);

/* Whether verify_revoke() may be asked about it. */
bool verify_can_revoke(struct slice secret);

/*
 * Has Hugging Face delete secrets, for good: POST /api/credentials/revoke, in batches.
 * *sent: how many it took (those of items that came first). HF_EIO, with what came
 * instead, when it did not take all.
 */
int verify_revoke(struct verifier *verifier, const struct verify_item *items, size_t count,
		  size_t *sent, struct err *err);

#endif
