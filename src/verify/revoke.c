/*
 * POST /api/credentials/revoke {"credentials": [...]}: no login, many at a time, always
 * 202; the owner is mailed (hub-docs, docs/hub/security-tokens.md).
 */
#include "verify/verify_private.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "verify/kind.h"

#include <stdlib.h>

#define REVOKE_PATH "/api/credentials/revoke"
#define BATCH_MAX   ((size_t)100)

bool verify_can_revoke(struct slice secret)
{
	const struct kind *kind = kind_of(secret);

	return kind && kind->revocable;
}

/* Secrets that can be revoked are letters and digits: nothing in them is escaped.
 * The caller wipes and frees it. */
static char *batch_of(const struct verify_item *items, size_t count, size_t *len)
{
	static const char head[] = "{\"credentials\":[", foot[] = "]}";
	size_t size = sizeof(head) + sizeof(foot);
	char *json, *at;

	for (size_t i = 0; i < count; i++)
		size += items[i].secret.len + strlen("\"\",");
	json = at = xmalloc(size); /* no buf: what one outgrows is not wiped */
	memcpy(at, head, sizeof(head) - 1);
	at += sizeof(head) - 1;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			*at++ = ',';
		*at++ = '"';
		memcpy(at, items[i].secret.ptr, items[i].secret.len);
		at += items[i].secret.len;
		*at++ = '"';
	}
	memcpy(at, foot, sizeof(foot));
	*len = (size_t)(at - json) + sizeof(foot) - 1;
	return json;
}

static int settle(const struct http_reply *reply, struct err *err)
{
	static const char *const outcomes[] = {
		[HTTP_ANSWERED] = "",
		[HTTP_TIMED_OUT] = "no answer in time",
		[HTTP_NO_TLS] = "the server cannot prove who it is (TLS)",
		[HTTP_NO_CONNECTION] = "no connection",
		[HTTP_TOO_LARGE] = "an answer that is too large",
	};

	if (reply->outcome != HTTP_ANSWERED)
		return err_set(err, HF_EIO, "not revoked: %s", tr(outcomes[reply->outcome]));
	if (reply->status != 202)
		return err_set(err, HF_EIO, "not revoked: the server answered %ld", reply->status);
	return 0;
}

static int send_batch(struct http *http, const struct verify_item *items, size_t count,
		      struct http_reply *reply, struct err *err)
{
	size_t len;
	char *json = batch_of(items, count, &len);
	int rc = http_post(http, REVOKE_PATH, slice_of(json, len), reply, err);

	wipe(json, len);
	free(json);
	return rc < 0 ? rc : settle(reply, err);
}

int verify_revoke(struct verifier *v, const struct verify_item *items, size_t count, size_t *sent,
		  struct err *err)
{
	struct http_reply reply;
	struct http *http = NULL;
	int rc = http_new(&http, &v->curl, &v->endpoint, v->options.timeout_s, err);

	*sent = 0;
	http_reply_init(&reply);
	while (rc == 0 && *sent < count) {
		size_t batch = count - *sent < BATCH_MAX ? count - *sent : BATCH_MAX;

		rc = send_batch(http, items + *sent, batch, &reply, err);
		if (rc == 0)
			*sent += batch;
	}
	http_reply_dispose(&reply);
	http_free(http);
	return rc;
}
