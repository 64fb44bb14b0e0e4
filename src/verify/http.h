/*
 * One request to one server, and what came of it. Bounded in time and size
 * whatever the server does; never follows a redirect, never takes TLS on trust.
 * A struct http serves one thread; the struct curl behind it is shared.
 */
#ifndef VERIFY_HTTP_H
#define VERIFY_HTTP_H

#include "base/buf.h"
#include "verify/curl.h"
#include "verify/endpoint.h"

struct http;

/* An answer larger than that is none. */
#define HTTP_BODY_MAX ((size_t)1 << 20)

enum http_outcome {
	HTTP_ANSWERED, /* with any status */
	HTTP_TIMED_OUT,
	HTTP_NO_TLS,
	HTTP_NO_CONNECTION,
	HTTP_TOO_LARGE,
};

/* A part of an answer. Begins as http_reply_init() leaves it; used again and again. */
struct http_reply {
	enum http_outcome outcome;
	long status;            /* 200, ... ; 0 where there was no answer */
	struct buf body;        /* what a stranger wrote */
	long retry_after;       /* seconds, as the server asks; -1: it does not */
	long remaining, resets; /* requests left, and seconds until there are more; -1 */
};

void http_reply_init(struct http_reply *reply);
void http_reply_dispose(struct http_reply *reply);

/* curl and endpoint must outlive it. timeout_s: for the whole of one request.
 * HF_ELIMIT when there is no memory for one. */
int http_new(struct http **out, const struct curl *curl, const struct endpoint *endpoint,
	     unsigned timeout_s, struct err *err);
void http_free(struct http *http);

/* GET base + path with "Authorization: Bearer token". HF_EUSAGE when libcurl
 * cannot be made to keep what this header promises; nothing is sent then. */
int http_get(struct http *http, const char *path, struct slice token, struct http_reply *reply,
	     struct err *err);

/* POST of JSON, without authorization. As http_get(). */
int http_post(struct http *http, const char *path, struct slice json, struct http_reply *reply,
	      struct err *err);

#endif
