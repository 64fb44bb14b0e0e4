#include "verify/curl.h"

#include "base/library.h"
#include "base/wiped.h"

#include <stdbool.h>

static bool find_all(struct curl *curl)
{
	const struct library_symbol symbols[] = {
		{"curl_global_init_mem", &curl->global_init_mem},
		{"curl_global_cleanup", &curl->global_cleanup},
		{"curl_easy_init", &curl->easy_init},
		{"curl_easy_cleanup", &curl->easy_cleanup},
		{"curl_easy_reset", &curl->easy_reset},
		{"curl_easy_setopt", &curl->easy_setopt},
		{"curl_easy_perform", &curl->easy_perform},
		{"curl_easy_getinfo", &curl->easy_getinfo},
		{"curl_slist_append", &curl->slist_append},
		{"curl_slist_free_all", &curl->slist_free_all},
		{"curl_getdate", &curl->getdate},
	};

	return library_find(curl->library, symbols, sizeof(symbols) / sizeof(*symbols));
}

int curl_load(struct curl *curl, struct err *err)
{
	/* One interface, whichever library it has its TLS from. */
	static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4",
					    "libcurl-nss.so.4", NULL};

	*curl = (struct curl){.library = library_open(names)};
	if (!curl->library)
		return err_set(err, HF_ENOTFOUND,
			       "libcurl is not installed: asking needs it (Debian: libcurl4)");
	if (find_all(curl) &&
	    curl->global_init_mem(CURL_GLOBAL_DEFAULT, wiped_take, wiped_give_back,
				  wiped_take_again, wiped_take_copy,
				  wiped_take_zeroed) == CURLE_OK)
		return 0;
	library_close(curl->library);
	curl->library = NULL;
	return err_set(err, HF_ENOTFOUND, "libcurl cannot be used: is it older than 7.85?");
}

void curl_unload(struct curl *curl)
{
	if (!curl->library)
		return;
	curl->global_cleanup();
	library_close(curl->library);
	curl->library = NULL;
}
