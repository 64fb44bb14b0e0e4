/*
 * RateLimit: "api";r=0;t=55 as Hugging Face sends it: huggingface_hub,
 * src/huggingface_hub/utils/_http.py. Retry-After: RFC 9110, 10.2.3, which is seconds or
 * a date.
 */
#include "verify/http.h"

#include "base/alloc.h"
#include "hfscan.h"

#include <stdlib.h>
#include <strings.h>
#include <time.h>

/* Longer than that is for ever: a week. */
#define SECONDS_MAX 604800L

struct http {
	const struct curl *curl;
	const struct endpoint *endpoint;
	long timeout_s;
	CURL *easy;
};

void http_reply_init(struct http_reply *reply)
{
	*reply = (struct http_reply){0};
	buf_init(&reply->body, HTTP_BODY_MAX);
}

void http_reply_dispose(struct http_reply *reply)
{
	buf_dispose_wiped(&reply->body);
}

int http_new(struct http **out, const struct curl *curl, const struct endpoint *endpoint,
	     unsigned timeout_s, struct err *err)
{
	CURL *easy = curl->easy_init();

	if (!easy)
		return err_set(err, HF_ELIMIT, "libcurl cannot prepare a request");
	*out = xcalloc(1, sizeof(**out));
	**out = (struct http){curl, endpoint, (long)timeout_s, easy};
	return 0;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	http->curl->easy_cleanup(http->easy);
	free(http);
}

/* ---- what comes back ---- */

static size_t take_body(char *data, size_t size, size_t count, void *payload)
{
	struct http_reply *reply = payload;

	buf_append(&reply->body, data, size * count);
	return buf_overflowed(&reply->body) ? 0 : size * count;
}

/* The value of a header, when it is that one; NULL. */
static const char *value_of(const char *line, size_t len, const char *name)
{
	size_t name_len = strlen(name);

	if (len <= name_len || line[name_len] != ':' || strncasecmp(line, name, name_len) != 0)
		return NULL;
	return line + name_len + 1;
}

/* -1 when there is no number; what is too large for anybody is SECONDS_MAX. */
static long number_at(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	long number = digits <= 9 ? atol(text) : SECONDS_MAX;

	return digits == 0 ? -1 : number < SECONDS_MAX ? number : SECONDS_MAX;
}

/* Of a parameter such as "; r=0"; -1 when there is none. */
static long parameter(const char *value, const char *key)
{
	while ((value = strchr(value, ';')) != NULL) {
		value += 1 + strspn(value + 1, " \t");
		if (strncmp(value, key, strlen(key)) == 0)
			return number_at(value + strlen(key));
	}
	return -1;
}

static long wait_asked(const struct curl *curl, const char *value)
{
	long seconds = number_at(value + strspn(value, " \t"));
	time_t until = seconds < 0 ? curl->getdate(value, NULL) : -1;
	time_t now = time(NULL);

	if (until < 0)
		return seconds;
	return until <= now ? 0 : until - now < SECONDS_MAX ? (long)(until - now) : SECONDS_MAX;
}

/* What libcurl hands a reply's header to. */
struct hearing {
	const struct curl *curl;
	struct http_reply *reply;
};

static size_t take_header(char *data, size_t size, size_t count, void *payload)
{
	const struct hearing *hearing = payload;
	struct http_reply *reply = hearing->reply;
	char *line = xmemdup0(data, size * count);
	const char *value;

	if ((value = value_of(line, size * count, "Retry-After")) != NULL)
		reply->retry_after = wait_asked(hearing->curl, value);
	if ((value = value_of(line, size * count, "RateLimit")) != NULL) {
		reply->remaining = parameter(value, "r=");
		reply->resets = parameter(value, "t=");
	}
	wipe(line, size * count); /* an error may tell the token back */
	free(line);
	return size * count;
}

static enum http_outcome outcome_of(CURLcode code, const struct http_reply *reply)
{
	switch (code) {
	case CURLE_OK:
		return HTTP_ANSWERED;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TIMED_OUT;
	case CURLE_WRITE_ERROR:
		return buf_overflowed(&reply->body) ? HTTP_TOO_LARGE : HTTP_NO_CONNECTION;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_USE_SSL_FAILED:
		return HTTP_NO_TLS;
	default:
		return HTTP_NO_CONNECTION;
	}
}

/* ---- what goes out ---- */

/* What every request keeps to. False when libcurl does not know one of them. */
static bool set_manners(const struct http *http, struct hearing *hearing)
{
	__typeof__(curl_easy_setopt) *set = http->curl->easy_setopt;
	const char *ca_file = getenv("SSL_CERT_FILE"), *ca_folder = getenv("SSL_CERT_DIR");
	CURL *easy = http->easy;
	bool ok = set(easy, CURLOPT_PROTOCOLS_STR,
		      http->endpoint->loopback ? "http,https" : "https") == CURLE_OK &&
		  set(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
		  set(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
		  set(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
		  set(easy, CURLOPT_TIMEOUT, http->timeout_s) == CURLE_OK &&
		  set(easy, CURLOPT_CONNECTTIMEOUT, http->timeout_s) == CURLE_OK &&
		  set(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;

	/* A proxy is for what is far away, and would get to see the token in http. */
	if (ok && http->endpoint->loopback)
		ok = set(easy, CURLOPT_NOPROXY, "*") == CURLE_OK;
	/* libcurl leaves these variables to curl(1). */
	if (ok && ca_file && *ca_file)
		ok = set(easy, CURLOPT_CAINFO, ca_file) == CURLE_OK;
	if (ok && ca_folder && *ca_folder)
		ok = set(easy, CURLOPT_CAPATH, ca_folder) == CURLE_OK;
	return ok && set(easy, CURLOPT_USERAGENT, "hfscan/" HFSCAN_VERSION) == CURLE_OK &&
	       set(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       set(easy, CURLOPT_WRITEDATA, hearing->reply) == CURLE_OK &&
	       set(easy, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
	       set(easy, CURLOPT_HEADERDATA, hearing) == CURLE_OK;
}

static bool set_url(const struct http *http, const char *path)
{
	struct buf url;
	bool ok;

	buf_init(&url, BUF_MAX_LINE);
	buf_appendf(&url, "%s%s", http->endpoint->base, path);
	ok = !buf_overflowed(&url) &&
	     http->curl->easy_setopt(http->easy, CURLOPT_URL, url.ptr) == CURLE_OK;
	buf_dispose(&url);
	return ok;
}

/* Sends it, once everything is set. headers is freed. */
static int perform(struct http *http, const char *path, struct curl_slist *headers,
		   struct http_reply *reply, struct err *err)
{
	const struct curl *curl = http->curl;
	struct hearing hearing = {curl, reply};
	bool ok = headers && set_manners(http, &hearing) && set_url(http, path) &&
		  curl->easy_setopt(http->easy, CURLOPT_HTTPHEADER, headers) == CURLE_OK;

	reply->status = 0;
	reply->retry_after = reply->remaining = reply->resets = -1;
	buf_dispose_wiped(&reply->body);
	buf_init(&reply->body, HTTP_BODY_MAX);
	if (ok) {
		reply->outcome = outcome_of(curl->easy_perform(http->easy), reply);
		if (reply->outcome == HTTP_ANSWERED)
			curl->easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &reply->status);
	}
	curl->easy_reset(http->easy);
	curl->slist_free_all(headers);
	return ok ? 0 : err_set(err, HF_EUSAGE, "libcurl cannot be used: is it older than 7.85?");
}

int http_get(struct http *http, const char *path, struct slice token, struct http_reply *reply,
	     struct err *err)
{
	static const char before[] = "Authorization: Bearer ";
	size_t size = sizeof(before) + token.len;
	char *line = xmalloc(size); /* no buf: what one outgrows is not wiped */
	struct curl_slist *headers;

	memcpy(line, before, sizeof(before) - 1);
	memcpy(line + sizeof(before) - 1, token.ptr, token.len);
	line[size - 1] = '\0';
	headers = http->curl->slist_append(NULL, line);
	wipe(line, size);
	free(line);
	return perform(http, path, headers, reply, err);
}

int http_post(struct http *http, const char *path, struct slice json, struct http_reply *reply,
	      struct err *err)
{
	const struct curl *curl = http->curl;
	struct curl_slist *headers = curl->slist_append(NULL, "Content-Type: application/json");

	if (curl->easy_setopt(http->easy, CURLOPT_POSTFIELDSIZE, (long)json.len) != CURLE_OK ||
	    curl->easy_setopt(http->easy, CURLOPT_COPYPOSTFIELDS, json.ptr) != CURLE_OK) {
		curl->easy_reset(http->easy);
		curl->slist_free_all(headers);
		return err_set(err, HF_ELIMIT, "libcurl cannot prepare a request");
	}
	return perform(http, path, headers, reply, err);
}
