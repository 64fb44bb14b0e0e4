/* A place is known by where it really lies, so that `.` and `./lab` or a link
 * to it bring in nothing twice; and what history holds of a file that is there
 * is no other place than that file. */
#include "result.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>

/* ---- life cycle ---- */

static void forget_clear(struct secret *secret)
{
	if (!secret->clear)
		return;
	wipe(secret->clear, strlen(secret->clear));
	free(secret->clear);
	secret->clear = NULL;
}

void result_forget_clear(struct result *result)
{
	for (size_t i = 0; i < result->finding_count; i++)
		forget_clear(&result->findings[i].secret);
}

void finding_dispose(struct finding *f)
{
	forget_clear(&f->secret);
	free(f->secret.redacted);
	free(f->root);
	free(f->path);
	free(f->member);
	free(f->excerpt);
	if (f->notebook)
		free((unsigned char *)f->notebook->id.ptr);
	free(f->notebook);
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

static void origin_dispose(struct origin *origin)
{
	free(origin->name);
	free(origin->author);
	free(origin->email);
	free(origin->summary);
	for (size_t i = 0; i < origin->path_count; i++)
		free(origin->paths[i]);
	free(origin->paths);
}

void result_dispose(struct result *result)
{
	findings_free(result->findings, result->finding_count);
	diags_free(result->diags, result->diag_count);
	for (size_t i = 0; i < result->origin_count; i++)
		origin_dispose(&result->origins[i]);
	free(result->origins);
	for (size_t i = 0; i < result->narrowing_count; i++)
		free(result->narrowings[i].file);
	free(result->narrowings);
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

/* The member without what a path lends it, which is none of the document's. */
static struct slice own_member(const struct finding *f)
{
	size_t lent = 0;

	if (f->by_path) {
		const char *end = memmem(f->member, f->member_len, "!/", 2);

		lent = end ? (size_t)(end - f->member) : f->member_len;
	}
	return slice_of(f->member + lent, f->member_len - lent);
}

/* Of two findings in one document, or in versions of it. */
static int order_members(const struct finding *a, const struct finding *b)
{
	int order = order_number(a->member_len > 0, b->member_len > 0);

	if (!order)
		order = order_number(a->by_path, b->by_path);
	if (!order && a->member)
		order = slice_cmp(own_member(a), own_member(b));
	return order;
}

static int order_in_document(const struct finding *a, const struct finding *b)
{
	int order = order_members(a, b);

	if (!order)
		order = order_number(a->offset, b->offset);
	if (!order)
		order = order_number(a->rule->index, b->rule->index);
	if (!order)
		order = order_number(a->where, b->where);
	return order ? order : strcmp(a->secret.fingerprint, b->secret.fingerprint);
}

/* What findings at one place of one document may still differ in. Names of
 * branches share a path, so there the name itself tells them apart. */
static int order_versions(const struct finding *a, const struct finding *b)
{
	int order = order_number(b->exposure, a->exposure); /* the furthest first */

	if (!order)
		order = strcmp(a->blob, b->blob);
	if (!order && a->where == WHERE_REF_NAME)
		order = order_text(a->excerpt, b->excerpt);
	return order;
}

static int order_findings(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int order = order_text(a->root, b->root);

	if (!order)
		order = slice_cmp(slice_of(a->path, a->path_len), slice_of(b->path, b->path_len));
	if (!order)
		order = order_in_document(a, b);
	return order ? order : order_versions(a, b);
}

static int order_diags(const void *left, const void *right)
{
	const struct diag *a = left, *b = right;
	int order = order_text(a->path, b->path);

	return order ? order : strcmp(a->what, b->what);
}

/* ---- what history knows ---- */

static int order_origins(const void *left, const void *right)
{
	const struct origin *a = left, *b = right;
	int order = order_number(a->repository, b->repository);

	if (!order)
		order = strcmp(a->object, b->object);
	return order ? order : order_text(a->name, b->name);
}

/* The last part of the finding's path, or what a tree has for one. */
static char *name_in(const struct finding *f)
{
	char *slash;

	if (f->name_len)
		return f->path + f->path_len - f->name_len;
	slash = memrchr(f->path, '/', f->path_len);

	return slash ? slash + 1 : f->path;
}

static const struct origin *find_origin(const struct result *r, const struct finding *f)
{
	struct origin key = {.repository = f->repository};

	if (!f->repository || !f->blob[0] || !r->origin_count)
		return NULL;
	memcpy(key.object, f->blob, sizeof(key.object));
	if (f->where == WHERE_PATH)
		key.name = name_in(f);
	return bsearch(&key, r->origins, r->origin_count, sizeof(*r->origins), order_origins);
}

/* Puts the object's own path behind that of its repository; in a tree, where
 * the object is the folder, before the name that was found. */
static void complete_path(struct finding *f, const char *own)
{
	bool is_folder = f->where == WHERE_PATH;
	size_t before = is_folder ? (size_t)(name_in(f) - f->path) : f->path_len;
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	buf_append(&path, f->path, before);
	buf_append_str(&path, own);
	if (is_folder && *own)
		buf_append_byte(&path, '/');
	buf_append(&path, f->path + before, f->path_len - before);
	free(f->path);
	f->path_len = path.len;
	f->path = buf_detach(&path);
}

/* Puts the name of the object's own path before the member that has none; what stood
 * there is that path's suffix. */
static void complete_member(struct finding *f, const char *own)
{
	size_t suffix = f->member_len - own_member(f).len;
	struct slice name =
		slice_without(slice_last_name(slice_str(own)), slice_of(f->member, suffix));
	struct buf member;

	buf_init(&member, BUF_MAX_PATH);
	buf_append_slice(&member, name);
	buf_append_slice(&member, own_member(f));
	free(f->member);
	f->member_len = member.len;
	f->member = buf_detach(&member);
}

static void raise_exposure(struct finding *f, enum exposure exposure)
{
	if (exposure > f->exposure)
		f->exposure = exposure;
}

static void attach_origin(const struct result *r, struct finding *f)
{
	f->origin = find_origin(r, f);
	if (f->origin)
		raise_exposure(f, f->origin->exposure);
	else if (f->history && f->exposure == EXPOSURE_NONE)
		f->exposure = EXPOSURE_UNREACHABLE;
	if (!f->origin || !f->history || !f->origin->path_count)
		return;
	complete_path(f, f->origin->paths[0]);
	if (f->by_path)
		complete_member(f, f->origin->paths[0]);
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

/* What the commits that were asked for did not bring in is not reported. */
static void drop_outside(struct result *r)
{
	for (size_t i = 0; i < r->finding_count; i++) {
		struct finding *f = &r->findings[i];

		if (!f->history || !f->origin || !f->origin->outside)
			continue;
		finding_dispose(f);
		f->rule = NULL;
	}
	close_gaps(r);
}

static void attach_origins(struct result *r)
{
	if (r->origin_count)
		qsort(r->origins, r->origin_count, sizeof(*r->origins), order_origins);
	for (size_t i = 0; i < r->finding_count; i++)
		attach_origin(r, &r->findings[i]);
	drop_outside(r);
}

/* Whether a branch or tag reaches a commit that has it. An amended commit keeps
 * its date, so the one it replaced must not be taken for its elder. */
static bool is_reached(const struct origin *origin)
{
	return origin && origin->commit[0] && origin->exposure > EXPOSURE_UNREACHABLE;
}

/* The oldest of what is reached first. */
static int order_age(const struct finding *a, const struct finding *b)
{
	const struct origin *x = a->origin, *y = b->origin;

	if (is_reached(x) != is_reached(y))
		return is_reached(x) ? -1 : 1;
	if (x && y && x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return strcmp(a->blob, b->blob);
}

/* ---- each place once ---- */

/* A finding with the path that its root and path come to. */
struct placed {
	struct finding *finding;
	char *path;
};

static bool same_place(const struct placed *a, const struct placed *b)
{
	return strcmp(a->path, b->path) == 0 && order_in_document(a->finding, b->finding) == 0 &&
	       (a->finding->where == WHERE_PATH || order_versions(a->finding, b->finding) == 0);
}

/* A name is one place in all versions of its folder, the one in the work tree first. */
static int order_names(const struct finding *a, const struct finding *b)
{
	int order = order_number(a->history, b->history);

	return order ? order : order_age(a, b);
}

static int order_places(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	int order = strcmp(a->path, b->path);

	if (!order)
		order = order_in_document(a->finding, b->finding);
	if (!order)
		order = a->finding->where == WHERE_PATH ? order_names(a->finding, b->finding)
							: order_versions(a->finding, b->finding);
	return order ? order : order_number((uintptr_t)a->finding, (uintptr_t)b->finding);
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

static void drop(struct finding *f)
{
	finding_dispose(f);
	f->rule = NULL;
}

/* The versions a name was found in, oldest first, become the first finding:
 * their origins already answer for all of them. */
static void merge_names(struct placed *places, size_t count)
{
	struct finding *kept = places[0].finding;

	for (size_t i = 1; i < count; i++) {
		const struct finding *f = places[i].finding;

		raise_exposure(kept, f->exposure);
		if (kept->origin || !f->origin)
			continue;
		kept->origin = f->origin;
		memcpy(kept->blob, f->blob, sizeof(kept->blob));
	}
}

static void drop_repeated_places(struct result *r)
{
	struct placed *places = find_places(r);
	size_t beg, end;

	qsort(places, r->finding_count, sizeof(*places), order_places);
	for (beg = 0; beg < r->finding_count; beg = end) {
		end = beg + 1;
		while (end < r->finding_count && same_place(&places[beg], &places[end]))
			end++;
		if (places[beg].finding->where == WHERE_PATH)
			merge_names(&places[beg], end - beg);
		for (size_t i = beg + 1; i < end; i++)
			drop(places[i].finding);
	}
	for (size_t i = 0; i < r->finding_count; i++)
		free(places[i].path);
	free(places);
	close_gaps(r);
}

/* ---- each object once ---- */

/* Whether the secret stands in bytes that are known to be an object's. */
static bool is_in_object(const struct finding *f)
{
	return f->where == WHERE_BLOB && f->repository && f->blob[0];
}

static int order_in_objects(const struct finding *a, const struct finding *b)
{
	int order = order_number(a->repository, b->repository);

	if (!order)
		order = strcmp(a->blob, b->blob);
	return order ? order : order_in_document(a, b);
}

/* Files before what the database has of them. */
static int order_copies(const void *left, const void *right)
{
	const struct finding *a = *(struct finding *const *)left;
	const struct finding *b = *(struct finding *const *)right;
	int order = order_in_objects(a, b);

	if (!order)
		order = order_number(a->history, b->history);
	return order ? order : order_number((uintptr_t)a, (uintptr_t)b);
}

/* Keeps the files, each of which has to be mended, or else one of the database. */
static void merge_copies(struct finding **copies, size_t count)
{
	enum exposure furthest = EXPOSURE_NONE;

	for (size_t i = 0; i < count; i++)
		if (copies[i]->exposure > furthest)
			furthest = copies[i]->exposure;
	for (size_t i = 0; i < count; i++) {
		raise_exposure(copies[i], furthest);
		if (i > 0 && copies[i]->history)
			drop(copies[i]);
	}
}

static void drop_repeated_objects(struct result *r)
{
	struct finding **copies = xcalloc(r->finding_count, sizeof(*copies));
	size_t count = 0, beg, end;

	for (size_t i = 0; i < r->finding_count; i++)
		if (is_in_object(&r->findings[i]))
			copies[count++] = &r->findings[i];
	if (count)
		qsort(copies, count, sizeof(*copies), order_copies);
	for (beg = 0; beg < count; beg = end) {
		end = beg + 1;
		while (end < count && order_in_objects(copies[beg], copies[end]) == 0)
			end++;
		merge_copies(&copies[beg], end - beg);
	}
	free(copies);
	close_gaps(r);
}

/* ---- counts ---- */

static int order_by_secret(const void *left, const void *right)
{
	const struct finding *const *a = left, *const *b = right;

	return memcmp((*a)->secret.fingerprint, (*b)->secret.fingerprint,
		      sizeof((*a)->secret.fingerprint));
}

void result_count_secrets(struct result *r)
{
	struct finding **by_secret = xcalloc(r->finding_count, sizeof(*by_secret));
	size_t beg, end;

	r->summary.secrets = 0;
	for (size_t i = 0; i < r->finding_count; i++)
		by_secret[i] = &r->findings[i];
	if (r->finding_count)
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
	attach_origins(r);
	qsort(r->findings, r->finding_count, sizeof(*r->findings), order_findings);
	drop_repeated_objects(r);
	drop_repeated_places(r);
	/* Again, as places were given the exposure of what they stand for. */
	qsort(r->findings, r->finding_count, sizeof(*r->findings), order_findings);
	result_count_secrets(r);
	for (size_t i = 0; i < r->finding_count; i++)
		r->summary.by_verdict[r->findings[i].verdict]++;
}
