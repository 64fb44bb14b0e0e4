/*
 * The door to libcurl, which is loaded when the first request is to be made: it
 * brings thirty libraries, and whoever only scans pays for none. What libcurl
 * frees is wiped, since it keeps copies of tokens.
 */
#ifndef VERIFY_CURL_H
#define VERIFY_CURL_H

#include "base/err.h"

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* What is used of it. libcurl-tutorial(3): curl_global_init() is for one thread. */
struct curl {
	void *library;
	__typeof__(curl_global_init_mem) *global_init_mem;
	__typeof__(curl_global_cleanup) *global_cleanup;
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	__typeof__(curl_easy_reset) *easy_reset;
	__typeof__(curl_easy_setopt) *easy_setopt;
	__typeof__(curl_easy_perform) *easy_perform;
	__typeof__(curl_easy_getinfo) *easy_getinfo;
	__typeof__(curl_slist_append) *slist_append;
	__typeof__(curl_slist_free_all) *slist_free_all;
	__typeof__(curl_getdate) *getdate;
};

/* HF_ENOTFOUND, with what to install, when there is no libcurl. Before threads. */
int curl_load(struct curl *curl, struct err *err);
void curl_unload(struct curl *curl);

#endif
