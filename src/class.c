/*
 * Places are known by where they really lie: the nearest folder above that is a
 * unit's top, or its git directory, says whose they are. So a submodule belongs to
 * the repository around it, and a second work tree to the repository it is one of.
 */
#include "class.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>
#include <unistd.h>

/* Real paths, without a '/' behind; "" is the file system's root. */
struct place {
	char *path;
	size_t unit;
};

struct places {
	struct place *list;
	size_t count, cap;
};

/* One meeting with a repository. */
struct meeting {
	char *common, *top; /* real */
	char *name;
	bool is_main; /* common is the .git of top */
};

struct settling {
	struct result *r;
	struct places places;
	size_t unit_cap;
	char *here;
	const char *root; /* whose real path is kept */
	char *real;
};

/* ---- paths ---- */

static void trim(struct buf *path)
{
	while (path->len && path->ptr[path->len - 1] == '/')
		buf_truncate(path, path->len - 1);
}

/* Of what is gone meanwhile, the name that it had. */
static char *real_path(struct settling *s, const char *path)
{
	char *real = realpath(path, NULL);
	struct buf made;

	if (real)
		return real;
	buf_init(&made, BUF_MAX_PATH);
	if (*path != '/')
		buf_appendf(&made, "%s/", s->here);
	buf_append_str(&made, path);
	return buf_detach(&made);
}

/* What root and a path below it come to. Mostly asked for one root many times. */
static void put_real(struct settling *s, const char *root, struct slice path, struct buf *out)
{
	if (!s->root || strcmp(s->root, root) != 0) {
		free(s->real);
		s->root = root;
		s->real = real_path(s, root);
	}
	buf_reset(out);
	buf_append_str(out, s->real);
	trim(out);
	if (path.len) {
		buf_append_byte(out, '/');
		buf_append_slice(out, path);
		trim(out);
	}
}

static char *name_of(const char *root, struct slice prefix)
{
	struct buf name;

	buf_init(&name, BUF_MAX_PATH);
	if (strcmp(root, ".") != 0 || !prefix.len)
		buf_append_str(&name, root);
	if (prefix.len && name.len && name.ptr[name.len - 1] != '/')
		buf_append_byte(&name, '/');
	buf_append_slice(&name, prefix);
	while (name.len > 1 && name.ptr[name.len - 1] == '/')
		buf_truncate(&name, name.len - 1);
	return buf_detach(&name);
}

/* ---- finding by place ---- */

static int order_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	return strcmp(a->path, b->path);
}

static void sort_places(struct places *places)
{
	if (places->count)
		qsort(places->list, places->count, sizeof(*places->list), order_places);
}

static void add_place(struct places *places, const char *path, size_t unit)
{
	grow_array(&places->list, &places->cap, places->count, sizeof(*places->list));
	places->list[places->count++] = (struct place){xstrdup(path), unit};
}

/* The first that does not come before path. */
static size_t index_of(const struct places *places, const char *path)
{
	size_t beg = 0, end = places->count;

	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;

		if (strcmp(places->list[mid].path, path) < 0)
			beg = mid + 1;
		else
			end = mid;
	}
	return beg;
}

/* Among those that are in order. */
static void insert_place(struct places *places, const char *path, size_t unit)
{
	size_t at = index_of(places, path);
	struct place last;

	add_place(places, path, unit);
	last = places->list[places->count - 1];
	memmove(&places->list[at + 1], &places->list[at],
		(places->count - 1 - at) * sizeof(*places->list));
	places->list[at] = last;
}

static const struct place *find_place(const struct places *places, const char *path)
{
	size_t at = index_of(places, path);

	return at < places->count && strcmp(places->list[at].path, path) == 0 ? &places->list[at]
									      : NULL;
}

static void go_up(struct buf *path)
{
	while (path->len && path->ptr[path->len - 1] != '/')
		buf_truncate(path, path->len - 1);
	trim(path);
}

/* The nearest at or above path, which is cut on the way; NULL when there is none. */
static const struct place *climb(const struct places *places, struct buf *path)
{
	const struct place *place;

	while (!(place = find_place(places, path->ptr)) && path->len)
		go_up(path);
	return place;
}

static void places_dispose(struct places *places)
{
	for (size_t i = 0; i < places->count; i++)
		free(places->list[i].path);
	free(places->list);
}

/* ---- units ---- */

/* Takes over name. */
static size_t add_unit(struct settling *s, char *name, bool is_repository)
{
	struct result *r = s->r;

	grow_array(&r->units, &s->unit_cap, r->unit_count, sizeof(*r->units));
	r->units[r->unit_count] = (struct unit){.name = name, .is_repository = is_repository};
	return r->unit_count++;
}

/* Those of one repository together, the work tree that it lies in first. */
static int order_meetings(const void *left, const void *right)
{
	const struct meeting *a = left, *b = right;
	int order = strcmp(a->common, b->common);

	if (!order)
		order = b->is_main - a->is_main;
	if (!order)
		order = strcmp(a->top, b->top);
	return order ? order : strcmp(a->name, b->name);
}

static struct meeting *list_meetings(struct settling *s, const struct repository *met, size_t count)
{
	struct meeting *list = xcalloc(count, sizeof(*list));
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	for (size_t i = 0; i < count; i++) {
		struct meeting *m = &list[i];
		size_t len;

		put_real(s, met[i].common_dir, SLICE(""), &path);
		m->common = xmemdup0(path.ptr, path.len);
		put_real(s, met[i].root, met[i].prefix, &path);
		m->top = xmemdup0(path.ptr, path.len);
		len = path.len;
		m->is_main = strncmp(m->common, m->top, len) == 0 &&
			     strcmp(m->common + len, "/.git") == 0;
		m->name = name_of(met[i].root, met[i].prefix);
	}
	buf_dispose(&path);
	if (count)
		qsort(list, count, sizeof(*list), order_meetings);
	return list;
}

/* Whether its git directory lies in that of another repository. */
static bool is_submodule(const struct places *commons, const char *common)
{
	struct buf path;
	bool is;

	buf_init(&path, BUF_MAX_PATH);
	buf_append_str(&path, common);
	go_up(&path);
	is = climb(commons, &path) != NULL;
	buf_dispose(&path);
	return is;
}

static void add_repositories(struct settling *s, const struct repository *met, size_t count)
{
	struct meeting *list = list_meetings(s, met, count);
	struct places commons = {0};
	size_t beg, end;

	for (size_t i = 0; i < count; i++)
		add_place(&commons, list[i].common, 0);
	sort_places(&commons);
	for (beg = 0; beg < count; beg = end) {
		size_t unit;

		for (end = beg + 1; end < count; end++)
			if (strcmp(list[beg].common, list[end].common) != 0)
				break;
		if (is_submodule(&commons, list[beg].common))
			continue;
		unit = add_unit(s, xstrdup(list[beg].name), true);
		add_place(&s->places, list[beg].common, unit);
		for (size_t i = beg; i < end; i++)
			add_place(&s->places, list[i].top, unit);
	}
	sort_places(&s->places);
	places_dispose(&commons);
	for (size_t i = 0; i < count; i++) {
		free(list[i].common);
		free(list[i].top);
		free(list[i].name);
	}
	free(list);
}

static bool is_in_repository(const struct settling *s, const char *real)
{
	const struct place *around;
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	buf_append_str(&path, real);
	around = climb(&s->places, &path);
	buf_dispose(&path);
	return around && s->r->units[around->unit].is_repository;
}

/* A repository that could not be opened was never met, but something was told of
 * its folder. */
static void add_broken(struct settling *s)
{
	const struct result *r = s->r;
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	for (size_t i = 0; i < r->diag_count; i++) {
		bool has_git;

		if (r->diags[i].is_note || !r->diags[i].path)
			continue;
		put_real(s, r->diags[i].path, SLICE(""), &path);
		buf_append_str(&path, "/.git");
		has_git = access(path.ptr, F_OK) == 0;
		buf_truncate(&path, path.len - strlen("/.git"));
		if (has_git && !is_in_repository(s, path.ptr))
			insert_place(&s->places, path.ptr,
				     add_unit(s, name_of(r->diags[i].path, SLICE("")), true));
	}
	buf_dispose(&path);
}

/* What PATHs hold beside the repositories. */
static void add_roots(struct settling *s)
{
	const struct result *r = s->r;
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	for (size_t i = 0; i < r->root_count; i++) {
		const char *root = r->roots[i];

		if (strcmp(root, "-") == 0)
			continue;
		put_real(s, root, SLICE(""), &path);
		if (!is_in_repository(s, path.ptr) && !find_place(&s->places, path.ptr))
			insert_place(&s->places, path.ptr,
				     add_unit(s, name_of(root, SLICE("")), false));
	}
	buf_dispose(&path);
}

/* A PATH with repositories in it has a rest. */
static void mark_rests(struct settling *s)
{
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	for (size_t i = 0; i < s->places.count; i++) {
		const struct place *around;

		if (!s->r->units[s->places.list[i].unit].is_repository)
			continue;
		buf_reset(&path);
		buf_append_str(&path, s->places.list[i].path);
		go_up(&path);
		around = climb(&s->places, &path);
		if (around && !s->r->units[around->unit].is_repository)
			s->r->units[around->unit].is_rest = true;
	}
	buf_dispose(&path);
}

/* ---- order ---- */

static int order_units(const void *left, const void *right)
{
	const struct unit *const *a = left, *const *b = right;
	int order = strcmp((*a)->name, (*b)->name);

	return order ? order : (*a > *b) - (*a < *b);
}

static void sort_units(struct settling *s)
{
	struct result *r = s->r;
	const struct unit **sorted = xcalloc(r->unit_count, sizeof(*sorted));
	size_t *numbers = xcalloc(r->unit_count, sizeof(*numbers));
	struct unit *units = xcalloc(r->unit_count, sizeof(*units));

	for (size_t i = 0; i < r->unit_count; i++)
		sorted[i] = &r->units[i];
	if (r->unit_count)
		qsort(sorted, r->unit_count, sizeof(*sorted), order_units);
	for (size_t i = 0; i < r->unit_count; i++) {
		numbers[sorted[i] - r->units] = i;
		units[i] = *sorted[i];
	}
	for (size_t i = 0; i < s->places.count; i++)
		s->places.list[i].unit = numbers[s->places.list[i].unit];
	free(r->units);
	r->units = units;
	free(numbers);
	free(sorted);
}

/* ---- counts ---- */

static unsigned unit_at(struct settling *s, const char *root, struct slice path,
			struct buf *scratch)
{
	const struct place *place;

	put_real(s, root, path, scratch);
	place = climb(&s->places, scratch);
	return place ? (unsigned)place->unit + 1 : 0;
}

static void count_places(struct settling *s)
{
	struct result *r = s->r;
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	for (size_t i = 0; i < r->finding_count; i++) {
		struct finding *f = &r->findings[i];
		struct unit *unit;

		if (f->root)
			f->unit = unit_at(s, f->root, slice_of(f->path, f->path_len), &path);
		if (!f->unit)
			continue;
		unit = &r->units[f->unit - 1];
		unit->by_verdict[f->verdict]++;
		if (f->verdict == VERDICT_LEAK && f->exposure > unit->exposure)
			unit->exposure = f->exposure;
	}
	for (size_t i = 0; i < r->diag_count; i++) {
		const struct diag *diag = &r->diags[i];
		unsigned unit =
			diag->is_note || !diag->path ? 0 : unit_at(s, diag->path, SLICE(""), &path);

		if (unit)
			r->units[unit - 1].incomplete++;
	}
	buf_dispose(&path);
}

static int order_secrets(const void *left, const void *right)
{
	const struct finding *a = *(struct finding *const *)left;
	const struct finding *b = *(struct finding *const *)right;

	if (a->unit != b->unit)
		return a->unit < b->unit ? -1 : 1;
	return strcmp(a->secret.fingerprint, b->secret.fingerprint);
}

static void count_secrets(struct result *r)
{
	const struct finding **leaks = xcalloc(r->finding_count, sizeof(*leaks));
	size_t count = 0;

	for (size_t i = 0; i < r->finding_count; i++)
		if (r->findings[i].verdict == VERDICT_LEAK && r->findings[i].unit)
			leaks[count++] = &r->findings[i];
	if (count)
		qsort(leaks, count, sizeof(*leaks), order_secrets);
	for (size_t i = 0; i < count; i++)
		r->units[leaks[i]->unit - 1].secrets +=
			i == 0 || order_secrets(&leaks[i - 1], &leaks[i]) != 0;
	free(leaks);
}

static bool is_class(const struct result *r, bool listed)
{
	size_t own = 0, repositories = 0;

	for (size_t i = 0; i < r->unit_count; i++) {
		own += !r->units[i].is_rest;
		repositories += r->units[i].is_repository;
	}
	return listed ? own > 0 : own > 1 && repositories > 0;
}

void class_settle(struct result *r, const struct repository *met, size_t met_count, bool listed)
{
	struct settling s = {.r = r, .here = getcwd(NULL, 0)};

	if (!s.here)
		s.here = xstrdup("");
	add_repositories(&s, met, met_count);
	add_broken(&s);
	add_roots(&s);
	mark_rests(&s);
	sort_units(&s);
	count_places(&s);
	count_secrets(r);
	r->is_class = is_class(r, listed);
	places_dispose(&s.places);
	free(s.real);
	free(s.here);
	class_settle_people(r);
}

void class_dispose(struct result *r)
{
	for (size_t i = 0; i < r->unit_count; i++)
		free(r->units[i].name);
	for (size_t i = 0; i < r->author_count; i++) {
		free(r->authors[i].name);
		free(r->authors[i].email);
	}
	for (size_t i = 0; i < r->shared_count; i++) {
		free(r->shared[i].units);
		free(r->shared[i].authors);
	}
	free(r->units);
	free(r->authors);
	free(r->shared);
	r->units = NULL;
	r->authors = NULL;
	r->shared = NULL;
	r->unit_count = r->author_count = r->shared_count = 0;
	for (size_t i = 0; i < r->finding_count; i++)
		r->findings[i].unit = r->findings[i].author = 0;
}
