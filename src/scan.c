/*
 * One document on its way: windows from the stream, matches from the matcher,
 * a verdict from the judge, and what is kept of it. Each worker writes to
 * records of its own; scan_finish() joins them (result.h puts them in order).
 */
#include "scan.h"

#include "base/alloc.h"
#include "judge/judge.h"
#include "match/matcher.h"
#include "report/redact.h"
#include "result.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Places kept per run: at 1 KB each, as measured, 60 MB at the very worst. Leaks
 * have a ceiling of their own, so that a flood of placeholders hides none. */
#define LEAKS_MAX  ((uint64_t)50000)
#define OTHERS_MAX ((uint64_t)10000)
/* Diagnostics kept; the rest is counted. */
#define DIAGS_MAX ((uint64_t)10000)

/* What one thread gathers. Counters are atomic only so that progress can look. */
struct worker {
	struct scan *scan;
	struct matcher *matcher;
	struct finding *findings;
	size_t finding_count, finding_cap;
	struct diag *diags;
	size_t diag_count, diag_cap;
	uint64_t images, objects, incomplete;
	uint64_t unlisted[VERDICT_COUNT]; /* found past the ceiling */
	_Alignas(CACHE_LINE) atomic_uint_least64_t files, bytes, leaks;
};

struct scan {
	const struct rules *rules;
	struct scan_options options;
	struct patterns *patterns;
	struct worker *workers;
	struct sink sink;
	struct timespec began;
	atomic_uint_least64_t leaks_kept, others_kept, diags_kept;
	size_t root_cap, origin_cap;
	pthread_mutex_t repositories_lock; /* those and their count in the summary */
	struct repository *repositories;
	size_t repository_count, repository_cap;
	struct result result;
};

/* ---- one document ---- */

struct visit {
	struct worker *worker;
	struct document *doc;
	bool told; /* doc->found was called */
};

static const struct slice picture_suffixes[] = {
	{(const unsigned char *)".png", 4},  {(const unsigned char *)".jpg", 4},
	{(const unsigned char *)".jpeg", 5}, {(const unsigned char *)".gif", 4},
	{(const unsigned char *)".webp", 5}, {(const unsigned char *)".bmp", 4},
	{(const unsigned char *)".tif", 4},  {(const unsigned char *)".tiff", 5},
	{(const unsigned char *)".heic", 5},
};

static bool ends_in_any_case(struct slice path, struct slice suffix)
{
	if (path.len < suffix.len)
		return false;
	for (size_t i = 0; i < suffix.len; i++) {
		unsigned char c = path.ptr[path.len - suffix.len + i];

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c != suffix.ptr[i])
			return false;
	}
	return true;
}

static bool is_picture(struct slice path)
{
	for (size_t i = 0; i < sizeof(picture_suffixes) / sizeof(*picture_suffixes); i++)
		if (ends_in_any_case(path, picture_suffixes[i]))
			return true;
	return false;
}

static bool take_place(struct scan *scan, enum verdict verdict)
{
	bool leak = verdict == VERDICT_LEAK;
	atomic_uint_least64_t *kept = leak ? &scan->leaks_kept : &scan->others_kept;

	return atomic_fetch_add_explicit(kept, 1, memory_order_relaxed) <
	       (leak ? LEAKS_MAX : OTHERS_MAX);
}

static void describe_secret(struct secret *out, const struct rule *rule, struct slice secret,
			    bool clear)
{
	struct buf redacted;

	buf_init(&redacted, BUF_MAX_LINE);
	redact_secret(&redacted, rule, secret);
	out->redacted = buf_detach(&redacted);
	redact_fingerprint(out->fingerprint, secret);
	out->clear = clear ? xmemdup0(secret.ptr, secret.len) : NULL;
}

static void describe_place(struct finding *f, const struct document *doc, struct span secret,
			   bool wary)
{
	const struct provenance *from = &doc->from;
	const struct stream *s = doc->bytes;
	size_t line_beg;

	f->root = from->root ? xstrdup(from->root) : NULL;
	f->path = xmemdup0(from->path.ptr, from->path.len);
	f->path_len = from->path.len;
	f->where = doc->where_at ? doc->where_at(doc, s->offset + secret.beg) : from->where;
	f->exposure = from->exposure;
	f->repository = from->repository;
	f->history = from->history;
	if (from->blob)
		memcpy(f->blob, from->blob, strnlen(from->blob, sizeof(f->blob) - 1));
	f->offset = s->offset + secret.beg;
	f->length = span_len(secret);
	stream_locate(s, secret.beg, &f->line1, &f->column1, &line_beg);
	f->end_column1 = f->column1 + f->length;
	f->excerpt = redact_excerpt(f->rule,
				    &(struct excerpt_of){.text = s->text,
							 .secret = secret,
							 .begins = s->offset == 0,
							 .ends = s->closed,
							 .wary = wary},
				    &f->excerpt_beg, &f->excerpt_end);
}

static int keep_match(void *payload, const struct match *match)
{
	struct visit *visit = payload;
	struct worker *w = visit->worker;
	struct document *doc = visit->doc;
	struct slice secret = slice_cut(doc->bytes->text, match->secret);
	struct judgement judgement = judge_secret(match->rule, secret);
	struct finding *f;

	if (judgement.verdict == VERDICT_LEAK)
		atomic_fetch_add_explicit(&w->leaks, 1, memory_order_relaxed);
	if (!take_place(w->scan, judgement.verdict)) {
		w->unlisted[judgement.verdict]++;
		return 0;
	}
	if (!visit->told && doc->found)
		doc->found(doc);
	visit->told = true;
	grow_array(&w->findings, &w->finding_cap, w->finding_count, sizeof(*w->findings));
	f = &w->findings[w->finding_count++];
	*f = (struct finding){
		.rule = match->rule,
		.verdict = judgement.verdict,
		.reason = judgement.reason,
	};
	describe_secret(&f->secret, match->rule, secret, w->scan->options.show_secrets);
	/* Nobody told redact how the secrets of somebody's own rules look, and what
	 * is only warned of may stand beside the real one. */
	describe_place(f, doc, match->secret,
		       w->scan->options.own_rules || match->rule->verdict == VERDICT_WARNING);
	return 0;
}

static void keep_diag(void *payload, unsigned worker, const char *root, struct slice path,
		      bool is_note, const char *what)
{
	struct scan *scan = payload;
	struct worker *w = &scan->workers[worker];
	struct buf full;

	if (!is_note)
		w->incomplete++;
	if (atomic_fetch_add_explicit(&scan->diags_kept, 1, memory_order_relaxed) >= DIAGS_MAX)
		return;
	buf_init(&full, BUF_MAX_PATH);
	if (root && (strcmp(root, ".") != 0 || !path.len)) {
		buf_append_str(&full, root);
		if (path.len && full.len && full.ptr[full.len - 1] != '/')
			buf_append_byte(&full, '/');
	}
	buf_append_slice(&full, path);
	grow_array(&w->diags, &w->diag_cap, w->diag_count, sizeof(*w->diags));
	w->diags[w->diag_count++] = (struct diag){
		.path = full.len ? buf_detach(&full) : NULL,
		.what = xstrdup(what),
		.is_note = is_note,
	};
	buf_dispose(&full);
}

/* Searches the window held now, going on after a place where PCRE2 gave up.
 * Returns the index where the next window's search has to begin. */
static size_t search_window(struct visit *visit, unsigned number, size_t beg)
{
	struct document *doc = visit->doc;
	const struct stream *s = doc->bytes;
	size_t resume = beg;
	char what[640];
	struct err err;

	while (matcher_run(visit->worker->matcher, s->text, beg, s->closed, keep_match, visit,
			   &resume, &err) < 0) {
		snprintf(what, sizeof(what), "byte %llu: %s",
			 (unsigned long long)(s->offset + err.offset), err.msg);
		keep_diag(visit->worker->scan, number, doc->from.root, doc->from.path, false, what);
		beg = resume;
	}
	return resume;
}

static void scan_document(void *payload, unsigned number, struct document *doc)
{
	struct scan *scan = payload;
	struct worker *w = &scan->workers[number];
	struct visit visit = {.worker = w, .doc = doc};
	struct stream *s = doc->bytes;
	uint64_t next = 0; /* offset in the document where searching goes on */
	uint64_t counted = 0;
	size_t keep = 0;
	struct err err;
	int rc;

	while ((rc = stream_next(s, keep, &err)) > 0) {
		size_t beg = next > s->offset ? (size_t)(next - s->offset) : 0;
		size_t resume = search_window(&visit, number, beg);

		next = s->offset + resume;
		keep = resume > MATCH_BEHIND ? resume - MATCH_BEHIND : 0;
		if (!doc->from.uncounted)
			atomic_fetch_add_explicit(&w->bytes, s->total - counted,
						  memory_order_relaxed);
		counted = s->total;
	}
	if (rc < 0)
		keep_diag(scan, number, doc->from.root, doc->from.path, false, err.msg);
	if (doc->from.uncounted || doc->from.where == WHERE_PATH)
		return; /* no file of the user's, or only its name */
	if (doc->from.history) {
		w->objects++;
		return;
	}
	atomic_fetch_add_explicit(&w->files, 1, memory_order_relaxed);
	w->images += is_picture(doc->from.path);
}

static void keep_root(void *payload, const char *root)
{
	struct scan *scan = payload;
	struct result *r = &scan->result;

	for (size_t i = 0; i < r->root_count; i++)
		if (strcmp(r->roots[i], root) == 0)
			return;
	grow_array(&r->roots, &scan->root_cap, r->root_count, sizeof(*r->roots));
	r->roots[r->root_count++] = xstrdup(root);
}

static bool is_worth(void *payload, struct slice bytes)
{
	struct scan *scan = payload;

	return patterns_may_match(scan->patterns, bytes);
}

static void count_passed(void *payload, unsigned number, uint64_t bytes)
{
	struct scan *scan = payload;
	struct worker *w = &scan->workers[number];

	w->objects++;
	atomic_fetch_add_explicit(&w->bytes, bytes, memory_order_relaxed);
}

/* ---- repositories ---- */

static unsigned number_of(const struct scan *scan, const char *common_dir)
{
	for (size_t i = 0; i < scan->repository_count; i++)
		if (strcmp(scan->repositories[i].common_dir, common_dir) == 0)
			return (unsigned)i + 1;
	return 0;
}

static unsigned keep_repository(void *payload, unsigned worker, const struct repository *which)
{
	struct scan *scan = payload;
	unsigned number;

	pthread_mutex_lock(&scan->repositories_lock);
	number = number_of(scan, which->common_dir);
	/* A submodule's was counted with its work tree. */
	scan->result.summary.repositories += !number || !which->separate;
	if (!number) {
		grow_array(&scan->repositories, &scan->repository_cap, scan->repository_count,
			   sizeof(*scan->repositories));
		scan->repositories[scan->repository_count++] = (struct repository){
			.root = xstrdup(which->root),
			.prefix = slice_of(xmemdup0(which->prefix.ptr, which->prefix.len),
					   which->prefix.len),
			.git_dir = xstrdup(which->git_dir),
			.common_dir = xstrdup(which->common_dir),
			.bare = which->bare,
			.separate = which->separate,
		};
		number = (unsigned)scan->repository_count;
	}
	pthread_mutex_unlock(&scan->repositories_lock);
	return number;
}

static void free_repositories(struct scan *scan)
{
	for (size_t i = 0; i < scan->repository_count; i++) {
		free((char *)scan->repositories[i].root);
		free((unsigned char *)scan->repositories[i].prefix.ptr);
		free((char *)scan->repositories[i].git_dir);
		free((char *)scan->repositories[i].common_dir);
	}
	free(scan->repositories);
	pthread_mutex_destroy(&scan->repositories_lock);
}

static void keep_origin(void *payload, const struct origin *origin)
{
	struct scan *scan = payload;
	struct result *r = &scan->result;

	grow_array(&r->origins, &scan->origin_cap, r->origin_count, sizeof(*r->origins));
	r->origins[r->origin_count++] = *origin;
}

uint64_t scan_incomplete(const struct scan *scan)
{
	uint64_t incomplete = 0;

	for (unsigned i = 0; i < scan->options.jobs; i++)
		incomplete += scan->workers[i].incomplete;
	return incomplete;
}

void scan_count_history(struct scan *scan)
{
	scan->result.summary.histories++;
}

bool scan_repository(const struct scan *scan, unsigned number, struct repository *out)
{
	if (number < 1 || number > scan->repository_count)
		return false;
	*out = scan->repositories[number - 1];
	return true;
}

/* ---- life cycle ---- */

int scan_new(struct scan **out, const struct rules *rules, const struct scan_options *options,
	     struct err *err)
{
	struct scan *scan = xcalloc(1, sizeof(*scan));
	int rc;

	scan->rules = rules;
	scan->options = *options;
	rc = patterns_new(&scan->patterns, rules, err);
	if (rc == 0 && options->own_rules)
		rc = patterns_compile_all(scan->patterns, err);
	if (rc < 0) {
		patterns_free(scan->patterns);
		free(scan);
		return rc;
	}
	scan->workers = xcalloc_lines(options->jobs, sizeof(*scan->workers));
	for (unsigned i = 0; i < options->jobs; i++) {
		scan->workers[i].scan = scan;
		scan->workers[i].matcher = matcher_new(scan->patterns);
	}
	pthread_mutex_init(&scan->repositories_lock, NULL);
	scan->sink = (struct sink){
		.root = keep_root,
		.document = scan_document,
		.worth = is_worth,
		.worth_reach = patterns_longest_anchor(scan->patterns),
		.passed = count_passed,
		.diag = keep_diag,
		.repository = keep_repository,
		.origin = keep_origin,
		.payload = scan,
	};
	clock_gettime(CLOCK_MONOTONIC, &scan->began);
	*out = scan;
	return 0;
}

void scan_free(struct scan *scan)
{
	if (!scan)
		return;
	for (unsigned i = 0; i < scan->options.jobs; i++) {
		matcher_free(scan->workers[i].matcher);
		findings_free(scan->workers[i].findings, scan->workers[i].finding_count);
		diags_free(scan->workers[i].diags, scan->workers[i].diag_count);
	}
	result_dispose(&scan->result);
	free_repositories(scan);
	free(scan->workers);
	patterns_free(scan->patterns);
	free(scan);
}

const struct sink *scan_sink(struct scan *scan)
{
	return &scan->sink;
}

struct scan_progress scan_progress(const struct scan *scan)
{
	struct scan_progress p = {0};

	for (unsigned i = 0; i < scan->options.jobs; i++) {
		const struct worker *w = &scan->workers[i];

		p.files += atomic_load_explicit(&w->files, memory_order_relaxed);
		p.bytes += atomic_load_explicit(&w->bytes, memory_order_relaxed);
		p.findings += atomic_load_explicit(&w->leaks, memory_order_relaxed);
	}
	return p;
}

/* ---- joining what the workers gathered ---- */

/* Moves everything from the workers into the result. */
static void gather(struct scan *scan)
{
	struct result *r = &scan->result;
	size_t finding_cap = 0, diag_cap = 0;

	for (unsigned i = 0; i < scan->options.jobs; i++) {
		struct worker *w = &scan->workers[i];

		for (size_t j = 0; j < w->finding_count; j++) {
			grow_array(&r->findings, &finding_cap, r->finding_count,
				   sizeof(*r->findings));
			r->findings[r->finding_count++] = w->findings[j];
		}
		for (size_t j = 0; j < w->diag_count; j++) {
			grow_array(&r->diags, &diag_cap, r->diag_count, sizeof(*r->diags));
			r->diags[r->diag_count++] = w->diags[j];
		}
		w->finding_count = w->diag_count = 0;
		r->summary.images += w->images;
		r->summary.objects += w->objects;
		r->summary.incomplete += w->incomplete;
		r->summary.files += atomic_load(&w->files);
		r->summary.bytes += atomic_load(&w->bytes);
		for (int v = 0; v < VERDICT_COUNT; v++)
			r->summary.by_verdict[v] += w->unlisted[v];
	}
}

static void note_ceiling(struct scan *scan)
{
	uint64_t unlisted = 0;
	char what[96];

	for (unsigned i = 0; i < scan->options.jobs; i++)
		for (int v = 0; v < VERDICT_COUNT; v++)
			unlisted += scan->workers[i].unlisted[v];
	if (!unlisted)
		return;
	snprintf(what, sizeof(what), "%llu more places were found than a report lists",
		 (unsigned long long)unlisted);
	atomic_store(&scan->diags_kept, 0); /* this one is always told */
	keep_diag(scan, 0, NULL, SLICE(""), false, what);
}

const struct result *scan_finish(struct scan *scan)
{
	struct result *r = &scan->result;
	struct timespec now;

	note_ceiling(scan);
	gather(scan);
	result_settle(r);
	clock_gettime(CLOCK_MONOTONIC, &now);
	r->summary.seconds = (double)(now.tv_sec - scan->began.tv_sec) +
			     (double)(now.tv_nsec - scan->began.tv_nsec) / 1e9;
	return r;
}
