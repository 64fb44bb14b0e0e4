/* A place is known by where it really lies, so that `.` and `./lab` or a link
 * to it bring in nothing twice. */
#include "result.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>

/* ---- life cycle ---- */

static void finding_dispose(struct finding *f)
{
	if (f->secret.clear) {
		wipe(f->secret.clear, strlen(f->secret.clear));
		free(f->secret.clear);
	}
	free(f->secret.redacted);
	free(f->root);
	free(f->path);
	free(f->excerpt);
}

void findings_free(struct finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		finding_dispose(&findings[i]);
	free(findings);
}

void diags_free(struct diag *diags, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(diags[i].path);
		free(diags[i].what);
	}
	free(diags);
}

void result_dispose(struct result *result)
{
	findings_free(result->findings, result->finding_count);
	diags_free(result->diags, result->diag_count);
	for (size_t i = 0; i < result->root_count; i++)
		free(result->roots[i]);
	free(result->roots);
}

/* ---- order ---- */

static int order_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int order_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* What two findings at one place of one document still differ in. */
static int order_in_document(const struct finding *a, const struct finding *b)
{
	int order = order_number(a->offset, b->offset);

	if (!order)
		order = order_number(a->rule->index, b->rule->index);
	if (!order)
		order = order_number(a->where, b->where);
	if (!order)
		order = order_number(b->exposure, a->exposure); /* the furthest first */
	return order ? order : strcmp(a->blob, b->blob);
}

static int order_findings(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int order = order_text(a->root, b->root);

	if (!order)
		order = slice_cmp(slice_of(a->path, a->path_len), slice_of(b->path, b->path_len));
	return order ? order : order_in_document(a, b);
}

static int order_diags(const void *left, const void *right)
{
	const struct diag *a = left, *b = right;
	int order = order_text(a->path, b->path);

	return order ? order : strcmp(a->what, b->what);
}

/* ---- each place once ---- */

/* A finding with the path that its root and path come to. */
struct placed {
	struct finding *finding;
	char *path;
};

static int order_places(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	int order = strcmp(a->path, b->path);

	if (!order)
		order = order_in_document(a->finding, b->finding);
	return order ? order : order_number((uintptr_t)a->finding, (uintptr_t)b->finding);
}

static bool same_place(const struct placed *a, const struct placed *b)
{
	return strcmp(a->path, b->path) == 0 && order_in_document(a->finding, b->finding) == 0;
}

/* real: of the root, NULL for standard input, which is no file of that name. */
static char *place_path(const char *real, const struct finding *f)
{
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	if (real) {
		buf_append_str(&path, real);
		if (!path.len || path.ptr[path.len - 1] != '/')
			buf_append_byte(&path, '/');
	}
	buf_append(&path, f->path, f->path_len);
	return buf_detach(&path);
}

/* Findings are ordered by root, so each root is looked up once. */
static struct placed *find_places(const struct result *r)
{
	struct placed *places = xcalloc(r->finding_count, sizeof(*places));
	char *real = NULL;

	for (size_t i = 0; i < r->finding_count; i++) {
		struct finding *f = &r->findings[i];

		if (i == 0 || order_text(f->root, r->findings[i - 1].root) != 0) {
			free(real);
			real = f->root ? realpath(f->root, NULL) : NULL;
			if (f->root && !real)
				real = xstrdup(f->root); /* gone since */
		}
		places[i] = (struct placed){f, place_path(real, f)};
	}
	free(real);
	return places;
}

/* Takes the findings without a rule out of the list. */
static void close_gaps(struct result *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->finding_count; i++)
		if (r->findings[i].rule)
			r->findings[kept++] = r->findings[i];
	r->finding_count = kept;
}

static void drop_repeated(struct result *r)
{
	struct placed *places = find_places(r);
	const struct placed *kept = NULL;

	qsort(places, r->finding_count, sizeof(*places), order_places);
	for (size_t i = 0; i < r->finding_count; i++) {
		if (!kept || !same_place(kept, &places[i])) {
			kept = &places[i];
			continue;
		}
		finding_dispose(places[i].finding);
		places[i].finding->rule = NULL;
	}
	for (size_t i = 0; i < r->finding_count; i++)
		free(places[i].path);
	free(places);
	close_gaps(r);
}

/* ---- counts ---- */

static int order_by_secret(const void *left, const void *right)
{
	const struct finding *const *a = left, *const *b = right;

	return memcmp((*a)->secret.fingerprint, (*b)->secret.fingerprint,
		      sizeof((*a)->secret.fingerprint));
}

/* Fills occurrences, and counts the secrets among the leaks. */
static void count_secrets(struct result *r)
{
	struct finding **by_secret = xcalloc(r->finding_count, sizeof(*by_secret));
	size_t beg, end;

	for (size_t i = 0; i < r->finding_count; i++)
		by_secret[i] = &r->findings[i];
	qsort(by_secret, r->finding_count, sizeof(*by_secret), order_by_secret);
	for (beg = 0; beg < r->finding_count; beg = end) {
		bool leak = false;

		end = beg + 1;
		while (end < r->finding_count &&
		       order_by_secret(&by_secret[beg], &by_secret[end]) == 0)
			end++;
		for (size_t i = beg; i < end; i++) {
			by_secret[i]->occurrences = (unsigned)(end - beg);
			leak = leak || by_secret[i]->verdict == VERDICT_LEAK;
		}
		r->summary.secrets += leak;
	}
	free(by_secret);
}

void result_settle(struct result *r)
{
	if (r->diag_count)
		qsort(r->diags, r->diag_count, sizeof(*r->diags), order_diags);
	if (!r->finding_count)
		return;
	qsort(r->findings, r->finding_count, sizeof(*r->findings), order_findings);
	drop_repeated(r);
	count_secrets(r);
	for (size_t i = 0; i < r->finding_count; i++)
		r->summary.by_verdict[r->findings[i].verdict]++;
}
