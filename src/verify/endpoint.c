#include "verify/endpoint.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <strings.h>

static const char by_default[] = "https://huggingface.co";

/* ---- hosts ---- */

static bool is_known(const char *host)
{
	return strcasecmp(host, "huggingface.co") == 0 ||
	       strcasecmp(host, "hub-ci.huggingface.co") == 0;
}

/* 127.0.0.0/8 written as four plain numbers, so that nothing else is meant by it. */
static bool is_loopback_v4(const char *host)
{
	unsigned parts = 0;

	if (strncmp(host, "127.", 4) != 0)
		return false;
	while (*host) {
		size_t digits = strspn(host, "0123456789");

		if (digits < 1 || digits > 3 || atoi(host) > 255)
			return false;
		host += digits;
		parts++;
		if (*host == '.' && host[1])
			host++;
		else if (*host)
			return false;
	}
	return parts == 4;
}

static bool is_loopback(const char *host)
{
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       is_loopback_v4(host);
}

/* ---- taking apart ---- */

/* The bytes of a host or path that mean nothing else to anybody. */
static bool is_plain(const char *text, size_t len, const char *more)
{
	for (size_t i = 0; i < len; i++) {
		bool alnum = (text[i] >= '0' && text[i] <= '9') ||
			     ((text[i] | 32) >= 'a' && (text[i] | 32) <= 'z');

		if (!alnum && !strchr(more, text[i]))
			return false;
	}
	return true;
}

/* ":1" to ":65535"; of nothing as well. */
static bool is_port(const char *text, size_t len)
{
	long port = len > 1 && len <= 6 ? atol(text + 1) : 0;

	if (len == 0)
		return true;
	return *text == ':' && strspn(text + 1, "0123456789") == len - 1 && port >= 1 &&
	       port <= 65535;
}

/* Length of the host in "host[:port]"; 0 when it is none. */
static size_t host_length(const char *authority, size_t len)
{
	size_t host = *authority == '[' ? strcspn(authority, "]") + 1 : strcspn(authority, ":/");

	if (host > len || host < 1)
		return 0;
	if (*authority == '[' ? !is_plain(authority + 1, host - 2, ":.")
			      : !is_plain(authority, host, "-."))
		return 0;
	return is_port(authority + host, len - host) ? host : 0;
}

static int refuse(const struct endpoint *e, bool tls, bool any_host, struct err *err)
{
	if (!tls && !e->loopback)
		return err_set(err, HF_EUSAGE,
			       "HF_ENDPOINT: must begin with https://, or anybody on the way could "
			       "read the tokens");
	if (!any_host && !e->loopback && !is_known(e->host))
		return err_set(err, HF_EUSAGE,
			       "HF_ENDPOINT is %.100s, which is not Hugging Face and would receive "
			       "the tokens: --verify-endpoint-ok allows it",
			       e->host);
	return 0;
}

int endpoint_init(struct endpoint *out, const char *text, bool any_host, struct err *err)
{
	const char *url = text && *text ? text : by_default;
	bool tls = strncasecmp(url, "https://", 8) == 0;
	const char *authority = url + (tls ? 8 : 7);
	size_t len, host, path;

	if (!tls && strncasecmp(url, "http://", 7) != 0)
		return err_set(err, HF_EUSAGE, "HF_ENDPOINT: must be an address, https://HOST");
	len = strcspn(authority, "/");
	path = strlen(authority + len);
	host = host_length(authority, len);
	if (!host || !is_plain(authority + len, path, "/-._~"))
		return err_set(err, HF_EUSAGE,
			       "HF_ENDPOINT: must be https://HOST[:PORT][/PATH], and nothing else");
	while (path > 0 && authority[len + path - 1] == '/')
		path--;
	*out = (struct endpoint){
		.base = xmemdup0(url, (size_t)(authority - url) + len + path),
		.host = xmemdup0(authority, host),
	};
	out->loopback = is_loopback(out->host);
	if (refuse(out, tls, any_host, err) == 0)
		return 0;
	endpoint_dispose(out);
	return HF_EUSAGE;
}

void endpoint_dispose(struct endpoint *endpoint)
{
	free(endpoint->base);
	free(endpoint->host);
	*endpoint = (struct endpoint){0};
}
