#include "verify/curl.h"

#include "base/alloc.h"
#include "base/library.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory that is wiped ---- */

/* In front of each block, as large as any alignment asks for. */
struct head {
	size_t size;
} __attribute__((aligned(16)));

static void *take(size_t size)
{
	struct head *head = size > SIZE_MAX - sizeof(*head) ? NULL : malloc(sizeof(*head) + size);

	if (!head)
		return NULL;
	head->size = size;
	return head + 1;
}

static void give_back(void *ptr)
{
	struct head *head = ptr ? (struct head *)ptr - 1 : NULL;

	if (!head)
		return;
	wipe(ptr, head->size);
	free(head);
}

static void *take_again(void *ptr, size_t size)
{
	void *other = take(size);
	size_t old = ptr ? ((struct head *)ptr - 1)->size : 0;

	if (!other)
		return NULL;
	if (ptr)
		memcpy(other, ptr, old < size ? old : size);
	give_back(ptr);
	return other;
}

static void *take_zeroed(size_t count, size_t size)
{
	void *ptr = size && count > SIZE_MAX / size ? NULL : take(count * size);

	return ptr ? memset(ptr, 0, count * size) : NULL;
}

static char *take_copy(const char *text)
{
	char *copy = take(strlen(text) + 1);

	return copy ? strcpy(copy, text) : NULL;
}

/* ---- loading ---- */

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
	if (find_all(curl) && curl->global_init_mem(CURL_GLOBAL_DEFAULT, take, give_back,
						    take_again, take_copy, take_zeroed) == CURLE_OK)
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
