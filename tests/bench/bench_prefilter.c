/*
 * Throughput of each prefilter variant, in windows as the scanner uses them.
 *   bench_prefilter [FILE]     without FILE: 64 MB of made-up source text
 */
#include "match/prefilter.h"

#include "base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WINDOW ((size_t)256 << 10)
#define ROUNDS 5

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct slice read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	unsigned char *ptr = NULL;
	size_t len = 0, cap = 0, got;

	if (!f) {
		perror(path);
		exit(2);
	}
	do {
		cap = cap ? cap * 2 : 1 << 20;
		ptr = xrealloc(ptr, cap);
		got = fread(ptr + len, 1, cap - len, f);
		len += got;
	} while (len == cap);
	fclose(f);
	return slice_of(ptr, len);
}

static struct slice made_up_text(void)
{
	static const char *const words[] = {"int ", "api_version", "self.", "return ",   "half",
					    "h",    "_",           "\n\t",  "hfs_inode", "(",
					    ");\n", "model",       "    "};
	size_t len = (size_t)64 << 20, at = 0;
	unsigned char *ptr = xmalloc(len + 16);
	uint64_t state = 1;

	while (at < len) {
		const char *word;

		state = state * 6364136223846793005u + 1442695040888963407u;
		word = words[(state >> 33) % (sizeof(words) / sizeof(*words))];
		memcpy(ptr + at, word, strlen(word));
		at += strlen(word);
	}
	return slice_of(ptr, len);
}

static size_t run_once(const struct prefilter *p, struct slice text)
{
	static struct candidate found[4096];
	size_t total = 0;

	for (size_t beg = 0; beg < text.len; beg += WINDOW) {
		size_t len = text.len - beg < WINDOW ? text.len - beg : WINDOW;
		struct slice window = slice_of(text.ptr + beg, len);

		for (size_t at = 0; at < len;)
			total += prefilter_run(p, window, at, found, 4096, &at);
	}
	return total;
}

static void measure(const char *set, const struct slice *anchors, size_t count,
		    enum prefilter_variant variant, struct slice text)
{
	struct prefilter *p = NULL;
	double best = 1e9;
	size_t total = 0;

	if (prefilter_new(&p, anchors, count, variant, NULL) < 0)
		return;
	for (int i = 0; i < ROUNDS; i++) {
		double began = now(), took;

		total = run_once(p, text);
		took = now() - began;
		if (took < best)
			best = took;
	}
	printf("%-14s %-6s %7.2f GB/s %9zu candidates\n", set, prefilter_variant_name(p),
	       (double)text.len / best / 1e9, total);
	prefilter_free(p);
}

int main(int argc, char **argv)
{
	static const struct slice anchors[] = {
		{(const unsigned char *)"hf_", 3},
		{(const unsigned char *)"api_", 4},
		{(const unsigned char *)"oauth_app_secret_", 17},
		{(const unsigned char *)"HFAK", 4},
		{(const unsigned char *)"aGZf", 4},
		{(const unsigned char *)"hmX", 3},
		{(const unsigned char *)"oZl", 3},
		{(const unsigned char *)"h\0f\0_", 5},
		{(const unsigned char *)"\0h\0f\0_", 6},
		{(const unsigned char *)"\\u0068", 6},
		{(const unsigned char *)"\\u0066", 6},
		{(const unsigned char *)"\\u005f", 6},
		{(const unsigned char *)"\\u005F", 6},
		{(const unsigned char *)"hf%5F", 5},
		{(const unsigned char *)"hf%5f", 5},
		{(const unsigned char *)"%68f", 4},
		{(const unsigned char *)"h%66", 4},
		{(const unsigned char *)"\\x68", 4},
		{(const unsigned char *)"\\x5f", 4},
		{(const unsigned char *)"&#104;", 6},
		{(const unsigned char *)"YXBp", 4},
		{(const unsigned char *)"b2F1", 4},
		{(const unsigned char *)"68665f", 6},
		{(const unsigned char *)"hf=5F", 5},
	};
	struct slice text = argc > 1 ? read_file(argv[1]) : made_up_text();

	for (int v = PREFILTER_PLAIN; v <= PREFILTER_NEON; v++) {
		measure("today's", anchors, 4, v, text);
		measure("24 anchors", anchors, 24, v, text);
	}
	free((void *)text.ptr);
	return 0;
}
