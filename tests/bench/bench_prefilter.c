/*
 * Throughput of each prefilter variant with all that the built-in rules have it
 * look for, in windows as the scanner uses them.
 *   bench_prefilter [FILE]     without FILE: 64 MB of made-up source text
 */
#include "match/matcher.h"
#include "match/prefilter.h"
#include "match/rules.h"

#include "base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WINDOW ((size_t)64 << 10)
#define ROUNDS 9

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

/* Each window is copied first, untimed, as reading a file leaves it in the cache. Its best
 * time of all rounds counts, since something else at work spoils some of each round. */
static size_t run_once(const struct prefilter *p, struct slice text, double *best)
{
	static struct candidate found[4096];
	static unsigned char buffer[WINDOW];
	size_t total = 0;

	for (size_t beg = 0; beg < text.len; beg += WINDOW, best++) {
		size_t len = text.len - beg < WINDOW ? text.len - beg : WINDOW;
		double began, took;

		memcpy(buffer, text.ptr + beg, len);
		began = now();
		for (size_t at = 0; at < len;)
			total += prefilter_run(p, slice_of(buffer, len), at, found, 4096, &at);
		took = now() - began;
		if (took < *best)
			*best = took;
	}
	return total;
}

static void measure(const struct slice *anchors, size_t count, enum prefilter_variant variant,
		    struct slice text)
{
	size_t windows = (text.len + WINDOW - 1) / WINDOW, total = 0;
	struct prefilter *p = NULL;
	double *best, sum = 0;

	if (prefilter_new(&p, anchors, count, variant, NULL) < 0)
		return;
	best = xcalloc(windows, sizeof(*best));
	for (size_t i = 0; i < windows; i++)
		best[i] = 1e9;
	for (int i = 0; i < ROUNDS; i++)
		total = run_once(p, text, best);
	for (size_t i = 0; i < windows; i++)
		sum += best[i];
	printf("%3zu anchors %-6s %7.2f GB/s %9zu candidates\n", count, prefilter_variant_name(p),
	       (double)text.len / sum / 1e9, total);
	free(best);
	prefilter_free(p);
}

int main(int argc, char **argv)
{
	struct slice text = argc > 1 ? read_file(argv[1]) : made_up_text();
	struct rules *rules = rules_new();
	struct patterns *patterns = NULL;
	struct err err = {0};
	const struct slice *anchors;
	size_t count;

	if (rules_add_builtin(rules, &err) < 0 || patterns_new(&patterns, rules, &err) < 0) {
		fprintf(stderr, "bench_prefilter: %s\n", err.msg);
		return 2;
	}
	anchors = patterns_strings(patterns, &count);
	for (int v = PREFILTER_PLAIN; v <= PREFILTER_NEON; v++)
		measure(anchors, count, v, text);
	patterns_free(patterns);
	rules_free(rules);
	free((void *)text.ptr);
	return 0;
}
