/*
 * A run: its sink, its repositories, and the end, when what the workers kept is
 * joined. Each worker writes to records of its own (result.h puts them in order).
 */
#include "scan_private.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "class.h"
#include "result.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the sink ---- */

static void keep_root(void *payload, const char *root)
{
	struct scan *scan = payload;
	struct result *r = &scan->result;
	bool is_known = false;

	pthread_mutex_lock(&scan->lock);
	for (size_t i = 0; !is_known && i < r->root_count; i++)
		is_known = strcmp(r->roots[i], root) == 0;
	if (!is_known) {
		grow_array(&r->roots, &scan->root_cap, r->root_count, sizeof(*r->roots));
		r->roots[r->root_count++] = xstrdup(root);
	}
	pthread_mutex_unlock(&scan->lock);
}

static bool is_worth(void *payload, struct slice bytes)
{
	struct scan *scan = payload;

	return patterns_may_match(scan->patterns, bytes);
}

/* What is in wide characters may hold other forms, of which no anchor is seen before. */
static bool is_wide(struct slice bytes)
{
	return form_of_mark(bytes) != DECODED_COUNT;
}

bool scan_is_worth(const struct scan *scan, struct slice bytes)
{
	return patterns_may_match(scan->patterns, bytes) || is_wide(bytes);
}

static bool is_of_kind(void *payload, struct slice bytes)
{
	struct scan *scan = payload;

	return is_wide(bytes) || (scan->options.max_depth && inside_holds_others(bytes));
}

static void count_passed(void *payload, unsigned number, uint64_t bytes)
{
	struct scan *scan = payload;
	struct worker *w = &scan->workers[number];

	w->objects++;
	atomic_fetch_add_explicit(&w->bytes, bytes, memory_order_relaxed);
}

/* ---- repositories ---- */

static struct slice copy_of(struct slice bytes)
{
	return slice_of(xmemdup0(bytes.ptr, bytes.len), bytes.len);
}

static unsigned number_of(const struct scan *scan, const char *common_dir)
{
	for (size_t i = 0; i < scan->repository_count; i++)
		if (strcmp(scan->repositories[i].common_dir, common_dir) == 0)
			return (unsigned)i + 1;
	return 0;
}

static struct repository copy_repository(const struct repository *which)
{
	struct repository copy = *which;

	copy.root = xstrdup(which->root);
	copy.prefix = slice_of(xmemdup0(which->prefix.ptr, which->prefix.len), which->prefix.len);
	copy.git_dir = xstrdup(which->git_dir);
	copy.common_dir = xstrdup(which->common_dir);
	return copy;
}

static void free_repository(struct repository *copy)
{
	free((char *)copy->root);
	free((unsigned char *)copy->prefix.ptr);
	free((char *)copy->git_dir);
	free((char *)copy->common_dir);
}

static bool is_main(const struct repository *r)
{
	return r->bare || strcmp(r->git_dir, r->common_dir) == 0;
}

/* Of several work trees the main one names the repository, else the first by name,
 * whichever a thread came to first. What looks bare is not where it has a main one. */
static bool goes_before(const struct repository *a, const struct repository *b)
{
	int order = strcmp(a->root, b->root);

	if (a->separate || is_main(a) != is_main(b))
		return !a->separate && is_main(a);
	if (a->bare != b->bare)
		return !a->bare;
	if (!order)
		order = slice_cmp(a->prefix, b->prefix);
	return order < 0;
}

static void add_repository(struct repository **list, size_t *count, size_t *cap,
			   const struct repository *which)
{
	grow_array(list, cap, *count, sizeof(**list));
	(*list)[(*count)++] = copy_repository(which);
}

static unsigned keep_repository(void *payload, unsigned worker, const struct repository *which)
{
	struct scan *scan = payload;
	struct repository *kept;
	unsigned number;
	bool inner;

	pthread_mutex_lock(&scan->lock);
	number = number_of(scan, which->common_dir);
	/* A submodule's was counted with its work tree. */
	scan->result.summary.repositories += !number || !which->separate;
	if (!number) {
		add_repository(&scan->repositories, &scan->repository_count, &scan->repository_cap,
			       which);
		number = (unsigned)scan->repository_count;
		atomic_store_explicit(&scan->repositories_known, number, memory_order_relaxed);
	}
	kept = &scan->repositories[number - 1];
	inner = kept->inner && which->inner; /* it may be named besides */
	if (goes_before(which, kept)) {
		free_repository(kept);
		*kept = copy_repository(which);
	}
	kept->inner = inner;
	if (!which->separate || !which->inner)
		add_repository(&scan->met, &scan->met_count, &scan->met_cap, which);
	pthread_mutex_unlock(&scan->lock);
	return number;
}

static void free_repositories(struct repository *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free_repository(&list[i]);
	free(list);
}

static bool same_settings(const struct settings *a, const struct settings *b)
{
	return strcmp(a->root, b->root) == 0 && slice_eq(a->prefix, b->prefix) &&
	       strcmp(a->name, b->name) == 0;
}

static struct settings copy_settings(struct scan *scan, const struct settings *which)
{
	bool fits = scan->setting_bytes + which->text.len <= SETTINGS_BYTES_MAX;
	const char *refused = fits ? which->refused : "is too large, with those of all others";

	if (fits)
		scan->setting_bytes += which->text.len;
	return (struct settings){
		.root = xstrdup(which->root),
		.prefix = copy_of(which->prefix),
		.name = which->name,
		.text = copy_of(fits ? which->text : SLICE("")),
		.refused = refused ? xstrdup(refused) : NULL,
	};
}

static void keep_settings(void *payload, unsigned worker, const struct settings *which)
{
	struct scan *scan = payload;
	size_t i = 0;

	pthread_mutex_lock(&scan->lock);
	while (i < scan->setting_count && !same_settings(&scan->settings[i], which))
		i++;
	if (i == scan->setting_count) {
		grow_array(&scan->settings, &scan->setting_cap, i, sizeof(*scan->settings));
		scan->settings[scan->setting_count++] = copy_settings(scan, which);
	}
	pthread_mutex_unlock(&scan->lock);
}

static int order_settings(const void *left, const void *right)
{
	const struct settings *a = left, *b = right;
	int order = strcmp(a->root, b->root);

	if (!order)
		order = slice_cmp(a->prefix, b->prefix);
	return order ? order : strcmp(a->name, b->name);
}

const struct settings *scan_settings(struct scan *scan, size_t *count)
{
	if (scan->setting_count)
		qsort(scan->settings, scan->setting_count, sizeof(*scan->settings), order_settings);
	*count = scan->setting_count;
	return scan->settings;
}

/* A leak that somebody has to put together is one all the same. */
static struct rule *assembled_rules(const struct rules *rules)
{
	struct rule *list = xcalloc(rules->count + 1, sizeof(*list));

	for (size_t i = 0; i < rules->count; i++) {
		list[i] = rules->list[i];
		list[i].severity -= list[i].severity > SEVERITY_LOW;
	}
	return list;
}

static void free_settings(struct scan *scan)
{
	for (size_t i = 0; i < scan->setting_count; i++) {
		free((char *)scan->settings[i].root);
		free((unsigned char *)scan->settings[i].prefix.ptr);
		free((unsigned char *)scan->settings[i].text.ptr);
		free((char *)scan->settings[i].refused);
	}
	free(scan->settings);
}

static void keep_origin(void *payload, const struct origin *origin)
{
	struct scan *scan = payload;
	struct result *r = &scan->result;

	pthread_mutex_lock(&scan->lock);
	grow_array(&r->origins, &scan->origin_cap, r->origin_count, sizeof(*r->origins));
	r->origins[r->origin_count++] = *origin;
	pthread_mutex_unlock(&scan->lock);
}

uint64_t scan_incomplete(const struct scan *scan)
{
	uint64_t incomplete = 0;

	for (unsigned i = 0; i < scan->options.jobs; i++)
		incomplete += scan->workers[i].incomplete;
	return incomplete;
}

size_t scan_met(const struct scan *scan)
{
	return scan->met_count;
}

void scan_count_history(struct scan *scan)
{
	atomic_fetch_add_explicit(&scan->histories, 1, memory_order_relaxed);
}

bool scan_repository(struct scan *scan, unsigned number, struct repository *out)
{
	bool is_one;

	pthread_mutex_lock(&scan->lock);
	is_one = number >= 1 && number <= scan->repository_count;
	if (is_one)
		*out = scan->repositories[number - 1];
	pthread_mutex_unlock(&scan->lock);
	return is_one;
}

size_t scan_root_count(const struct scan *scan)
{
	return scan->result.root_count;
}

static int order_roots(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

void scan_order_roots(struct scan *scan, size_t named)
{
	struct result *r = &scan->result;

	if (r->root_count > named)
		qsort(r->roots + named, r->root_count - named, sizeof(*r->roots), order_roots);
}

/* ---- life cycle ---- */

int scan_new(struct scan **out, const struct rules *rules, const struct scan_options *options,
	     struct err *err)
{
	struct scan *scan = xcalloc(1, sizeof(*scan));
	const struct slice *strings;
	size_t string_count;
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
	scan->assembled = assembled_rules(rules);
	scan->workers = xcalloc_lines(options->jobs, sizeof(*scan->workers));
	for (unsigned i = 0; i < options->jobs; i++) {
		scan->workers[i].scan = scan;
		scan->workers[i].matcher = matcher_new(scan->patterns);
	}
	pthread_mutex_init(&scan->lock, NULL);
	scan->inside = inside_new();
	strings = patterns_strings(scan->patterns, &string_count);
	scan->sink = (struct sink){
		.root = keep_root,
		.document = scan_document,
		.worth = is_worth,
		.kind = is_of_kind,
		.worth_strings = strings,
		.worth_count = string_count,
		.passed = count_passed,
		.diag = scan_diag,
		.repository = keep_repository,
		.settings = keep_settings,
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
		condensed_dispose(&scan->workers[i].held);
		coded_levels_dispose(scan->workers[i].coded);
		findings_free(scan->workers[i].findings, scan->workers[i].finding_count);
		diags_free(scan->workers[i].diags, scan->workers[i].diag_count);
	}
	class_dispose(&scan->result);
	result_dispose(&scan->result);
	free_repositories(scan->repositories, scan->repository_count);
	free_repositories(scan->met, scan->met_count);
	pthread_mutex_destroy(&scan->lock);
	inside_free(scan->inside);
	free_settings(scan);
	free(scan->workers);
	free(scan->assembled);
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
	p.histories = atomic_load_explicit(&scan->histories, memory_order_relaxed);
	p.repositories = atomic_load_explicit(&scan->repositories_known, memory_order_relaxed);
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
		r->summary.boxes += w->boxes;
		r->summary.members += w->members;
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
	char what[160];

	for (unsigned i = 0; i < scan->options.jobs; i++)
		for (int v = 0; v < VERDICT_COUNT; v++)
			unlisted += scan->workers[i].unlisted[v];
	if (!unlisted)
		return;
	snprintf(what, sizeof(what), tr("%llu more places were found than a report lists"),
		 (unsigned long long)unlisted);
	atomic_store(&scan->diags_kept, 0); /* this one is always told */
	scan_diag(scan, 0, NULL, SLICE(""), false, what);
}

static void note_unread(struct scan *scan)
{
	uint64_t unread = atomic_load(&scan->boxes_unread);
	char what[200];

	if (!unread)
		return;
	snprintf(what, sizeof(what),
		 tr_n(tr_lang(),
		      "%llu archive was not looked into: that needs libarchive (Debian: "
		      "libarchive13)",
		      "%llu archives were not looked into: that needs libarchive (Debian: "
		      "libarchive13)",
		      unread),
		 (unsigned long long)unread);
	scan_diag(scan, 0, NULL, SLICE(""), false, what);
}

struct result *scan_finish(struct scan *scan)
{
	struct result *r = &scan->result;
	struct timespec now;

	note_unread(scan);
	note_ceiling(scan);
	gather(scan);
	r->summary.histories = atomic_load(&scan->histories);
	result_settle(r);
	class_settle(r, scan->met, scan->met_count, scan->options.listed);
	clock_gettime(CLOCK_MONOTONIC, &now);
	r->summary.seconds = (double)(now.tv_sec - scan->began.tv_sec) +
			     (double)(now.tv_nsec - scan->began.tv_nsec) / 1e9;
	return r;
}

void scan_judge_again(struct scan *scan, scan_judge_fn judge, void *payload)
{
	struct result *r = &scan->result;

	for (size_t i = 0; i < r->finding_count; i++) {
		struct finding *f = &r->findings[i];

		r->summary.by_verdict[f->verdict]--;
		judge(payload, f);
		r->summary.by_verdict[f->verdict]++;
	}
	result_count_secrets(r);
	class_dispose(r); /* whose leaks they are, now that there may be fewer */
	class_settle(r, scan->met, scan->met_count, scan->options.listed);
}

static void leave_out(struct result *r, struct finding *f)
{
	r->summary.by_verdict[f->verdict]--;
	r->summary.left_out++;
	r->summary.left_unknown += f->live && f->live->status == LIVE_UNKNOWN;
	finding_dispose(f);
}

size_t scan_leave_out(struct scan *scan, scan_leave_out_fn is_left_out)
{
	struct result *r = &scan->result;
	size_t kept = 0, count = r->finding_count;

	class_dispose(r); /* which points at the findings */
	for (size_t i = 0; i < count; i++) {
		if (is_left_out(&r->findings[i]))
			leave_out(r, &r->findings[i]);
		else
			r->findings[kept++] = r->findings[i];
	}
	r->finding_count = kept;
	result_count_secrets(r);
	class_settle(r, scan->met, scan->met_count, scan->options.listed);
	return count - kept;
}

void scan_add_narrowing(struct scan *scan, const struct narrowing *narrowing)
{
	struct result *r = &scan->result;

	grow_array(&r->narrowings, &scan->narrowing_cap, r->narrowing_count,
		   sizeof(*r->narrowings));
	r->narrowings[r->narrowing_count++] = *narrowing;
}
