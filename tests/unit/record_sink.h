/*
 * A sink that writes down what it is told, as lines in an order that no number
 * of threads changes, so that a test compares one text.
 */
#ifndef TESTS_RECORD_SINK_H
#define TESTS_RECORD_SINK_H

#include "base/alloc.h"
#include "base/buf.h"
#include "source/source.h"

#include "git_sandbox.h"

#include <pthread.h>

struct record {
	pthread_mutex_t lock;
	char **lines;
	size_t count, cap;
	unsigned jobs;
	bool names;            /* look into names */
	const char *meanwhile; /* for the shell, once a window was read; one job only */
};

/* "<kind> <path> = <text>"; what is not printed as it is, in octal. */
static void keep_line(struct record *r, const char *kind, struct slice path, const char *text)
{
	struct buf line;

	buf_init(&line, BUF_MAX_PATH);
	buf_appendf(&line, "%s ", kind);
	for (size_t i = 0; i < path.len; i++)
		if (path.ptr[i] > ' ' && path.ptr[i] < 0x7f)
			buf_append_byte(&line, path.ptr[i]);
		else
			buf_appendf(&line, "\\%03o", path.ptr[i]);
	buf_appendf(&line, "%s%s\n", text ? " = " : "", text ? text : "");
	pthread_mutex_lock(&r->lock);
	grow_array(&r->lines, &r->cap, r->count, sizeof(*r->lines));
	r->lines[r->count++] = buf_detach(&line);
	pthread_mutex_unlock(&r->lock);
}

static void on_root(void *payload, const char *root)
{
	size_t sandbox_len = strlen(sandbox);

	keep_line(payload, "root",
		  slice_str(strncmp(root, sandbox, sandbox_len) ? root : root + sandbox_len), NULL);
}

/* Keeps a short text whole, of a longer one how long it is. */
static void on_document(void *payload, unsigned worker, struct document *doc)
{
	static const char *const kinds[WHERE_COUNT] = {"file", "config", "name", "message",
						       "tag",  "author", "ref",  "reflog"};
	struct record *r = payload;
	char text[33] = "";
	size_t len = 0;
	struct err err;
	int rc;

	if (worker >= r->jobs) /* no assertion here: this may be any thread */
		keep_line(r, "stranger", doc->from.path, NULL);
	while ((rc = stream_next(doc->bytes, doc->bytes->text.len, &err)) > 0) {
		if (len == 0)
			snprintf(text, sizeof(text), "%.*s", (int)doc->bytes->text.len,
				 (const char *)doc->bytes->text.ptr);
		len += doc->bytes->text.len;
		if (r->meanwhile) {
			sh("%s", r->meanwhile);
			r->meanwhile = NULL;
		}
	}
	if (len >= sizeof(text))
		snprintf(text, sizeof(text), "%zu bytes", len);
	keep_line(r, rc < 0 ? "failed" : kinds[doc->from.where], doc->from.path,
		  doc->from.where == WHERE_CONFIG ? NULL : text);
}

static bool on_worth(void *payload, struct slice bytes)
{
	return ((struct record *)payload)->names;
}

static void on_diag(void *payload, unsigned worker, const char *root, struct slice path,
		    bool is_note, const char *what)
{
	keep_line(payload, is_note ? "note" : "diag", path, what);
}

static unsigned on_repository(void *payload, unsigned worker, const struct repository *which)
{
	keep_line(payload, "repository", SLICE(""), NULL);
	return 1;
}

static void on_origin(void *payload, const struct origin *origin)
{
	keep_line(payload, "origin", slice_str(origin->path_count ? origin->paths[0] : ""),
		  origin->object);
	for (size_t i = 0; i < origin->path_count; i++)
		free(origin->paths[i]);
	free(origin->paths);
	free(origin->author);
	free(origin->email);
	free(origin->summary);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All lines in order; frees the record. */
static char *record_finish(struct record *r)
{
	struct buf all;

	buf_init(&all, BUF_MAX_REPORT);
	if (r->count)
		qsort(r->lines, r->count, sizeof(*r->lines), by_bytes);
	for (size_t i = 0; i < r->count; i++) {
		buf_append_str(&all, r->lines[i]);
		free(r->lines[i]);
	}
	free(r->lines);
	pthread_mutex_destroy(&r->lock);
	return buf_detach(&all);
}

struct how {
	unsigned jobs;
	bool ignored, names;
	const char *meanwhile;
};

/* What the sink was told of path; caller frees. */
static char *tell_of(const char *path, struct how how)
{
	struct source_options options = {.jobs = how.jobs, .ignored = how.ignored};
	struct record r = {.jobs = how.jobs, .names = how.names, .meanwhile = how.meanwhile};
	struct sink sink = {
		.root = on_root,
		.document = on_document,
		.worth = on_worth,
		.diag = on_diag,
		.repository = on_repository,
		.origin = on_origin,
		.payload = &r,
	};
	struct err err = {0};

	pthread_mutex_init(&r.lock, NULL);
	if (source_files(*path == '/' ? path : in_sandbox(path), &options, &sink, &err) < 0)
		keep_line(&r, "error", SLICE(""), err.msg);
	return record_finish(&r);
}

static void expect_how(const char *path, struct how how, const char *wanted)
{
	char *told = tell_of(path, how);

	if (strcmp(told, wanted) != 0)
		fail_msg("%s with %u jobs:\n%sand not\n%s", path, how.jobs, told, wanted);
	free(told);
}

static void expect(const char *path, const char *wanted)
{
	expect_how(path, (struct how){.jobs = 1}, wanted);
	expect_how(path, (struct how){.jobs = 8}, wanted);
}

#endif
