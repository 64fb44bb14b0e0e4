/*
 * A document that holds others was searched as it is. Here its members become documents
 * of their own, which may hold others in turn. Of what both searches found, what is said
 * of the member stays.
 */
#include "scan_private.h"

#include "base/tr.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "result.h"

#include <stdio.h>
#include <stdlib.h>

/* Of the members of one outermost document so many are named that were not scanned. */
#define COMPLAINTS_MAX 10

/* A document whose members are told. */
struct box {
	struct visit *visit;
	const struct inside_kind *kind;
	size_t raw_end; /* of the worker's findings, those before are of the plain search */
	bool quiet;     /* that search saw all of it, and nothing */
	struct buf name;
};

/* ---- what is held ---- */

static void grow_kept(struct visit *visit, size_t needed)
{
	struct kept *k = &visit->kept;
	size_t cap = k->cap ? k->cap : STREAM_WINDOW;
	unsigned char *grown;

	while (cap < needed)
		cap *= 2;
	if (cap > INSIDE_HELD_FREE)
		k->is_much |= inside_take_much(visit->worker->scan->inside, &visit->worker->limits);
	grown = xmalloc(cap);
	if (k->len)
		memcpy(grown, k->ptr, k->len);
	if (k->ptr)
		wipe(k->ptr, k->len);
	free(k->ptr);
	k->ptr = grown;
	k->cap = cap;
}

static void drop_kept(struct visit *visit)
{
	struct kept *k = &visit->kept;

	if (k->ptr)
		wipe(k->ptr, k->len);
	free(k->ptr);
	visit->worker->held_bytes -= k->len;
	if (k->is_much)
		inside_give_much(visit->worker->scan->inside, &visit->worker->limits);
	*k = (struct kept){.too_large = k->too_large};
}

/* A record's first bytes may be the last of what was looked at: not so if they were kept. */
#define RECORD_BEFORE ((uint64_t)64)

/* Of what is no program it is known how far from its end an archive's may be. */
static void look_for_end(struct visit *visit)
{
	const struct stream *s = visit->doc->bytes;
	uint64_t size = stream_size(s), end = s->offset + s->text.len, beg = s->offset;

	if (beg + RECORD_BEFORE < visit->looked)
		beg = visit->looked - RECORD_BEFORE;
	if (!visit->is_program && size != UINT64_MAX && size > INSIDE_END &&
	    beg < size - INSIDE_END)
		beg = size - INSIDE_END;
	if (beg < end)
		inside_look_for_end(
			&visit->end,
			slice_cut(s->text, (struct span){(size_t)(beg - s->offset), s->text.len}),
			beg);
	visit->looked = end;
}

void scan_members_go_on(struct visit *visit)
{
	const struct stream *s = visit->doc->bytes;
	struct kept *k = &visit->kept;
	struct slice more;

	if (visit->by_end)
		look_for_end(visit);
	if (!k->on)
		return;
	/* The window begins with what was kept of the one before. */
	more = slice_cut(s->text, (struct span){(size_t)(k->len - s->offset), s->text.len});
	if (k->in_case && k->len + more.len > INSIDE_HELD_FREE) {
		drop_kept(visit);
		return;
	}
	if (more.len > INSIDE_HELD_MAX - visit->worker->held_bytes) {
		k->too_large = true;
		drop_kept(visit);
		return;
	}
	if (k->len + more.len > k->cap)
		grow_kept(visit, k->len + more.len);
	if (more.len)
		memcpy(k->ptr + k->len, more.ptr, more.len);
	k->len += more.len;
	visit->worker->held_bytes += more.len;
}

/* ---- what it is ---- */

struct slice scan_name(const struct document *doc)
{
	return doc->from.member.len ? doc->from.member : doc->from.path;
}

static bool has_markup(struct slice name)
{
	static const char *const suffixes[] = {".xml", ".xhtml", ".html", ".htm"};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (slice_has_suffix(name, slice_str(suffixes[i])))
			return true;
	return false;
}

static void append_member(struct buf *path, struct slice member)
{
	if (!member.len)
		return;
	buf_append_str(path, "!/");
	buf_append_slice(path, member);
}

/* Where it is in the history shows only when something was found. */
static void tell_of_object(struct visit *visit, struct slice member, const char *what)
{
	const struct provenance *from = &visit->doc->from;
	struct buf name, said;

	buf_init(&name, BUF_MAX_PATH);
	buf_init(&said, BUF_MAX_PATH * 2);
	buf_append_str(&name, from->blob);
	append_member(&name, member);
	buf_appendf(&said, tr("object %s: %s"), name.ptr, tr(what));
	scan_diag(visit->worker->scan, visit->number, from->root, from->path, false, said.ptr);
	buf_dispose(&said);
	buf_dispose(&name);
}

void scan_tell(struct visit *visit, struct slice member, const char *what)
{
	const struct provenance *from = &visit->doc->from;
	struct buf path;

	if (from->history && from->blob) {
		tell_of_object(visit, member, what);
		return;
	}
	buf_init(&path, BUF_MAX_PATH);
	buf_append_slice(&path, from->path);
	append_member(&path, member);
	scan_diag(visit->worker->scan, visit->number, from->root, buf_slice(&path), false, what);
	buf_dispose(&path);
}

/* A bounded number of them. */
static void complain_of(struct visit *visit, struct slice member, const char *what)
{
	if (visit->worker->complaints++ < COMPLAINTS_MAX)
		scan_tell(visit, member, what);
}

static void set_kind(struct visit *visit, const struct inside_kind *kind)
{
	const struct document *doc = visit->doc;
	struct scan *scan = visit->worker->scan;

	visit->inside = kind;
	if (!kind)
		return;
	if (doc->from.depth >= scan->options.max_depth)
		visit->worker->too_deep++;
	else if (!inside_can_read(scan->inside, visit->inside))
		atomic_fetch_add(&scan->boxes_unread, 1);
	else
		return;
	visit->inside = NULL;
}

/* Whether its first window is all of it. */
static bool is_in_one(const struct stream *s)
{
	return s->closed && (stream_size(s) == UINT64_MAX || s->text.len == stream_size(s));
}

static const struct inside_kind *kind_by_end(struct visit *visit)
{
	uint64_t size = visit->doc->bytes->text.len;

	look_for_end(visit);
	return inside_kind_of_end(&visit->end, size, visit->is_program);
}

static void begin_outermost(struct visit *visit)
{
	const struct stream *s = visit->doc->bytes;
	bool is_known = stream_size(s) != UINT64_MAX;

	visit->worker->complaints = visit->worker->too_deep = 0;
	visit->worker->limits = (struct inside_limits){
		.size = is_known ? stream_size(s) : 0,
		.unsized = is_known ? NULL : s,
	};
}

void scan_members_begin(struct visit *visit)
{
	const struct document *doc = visit->doc;
	bool at_any_place = stream_can_read_at(doc->bytes), is_whole = is_in_one(doc->bytes);
	const struct inside_kind *kind;

	if (!visit->worker->scan->options.max_depth || doc->from.where != WHERE_BLOB ||
	    doc->from.uncounted || visit->is_name)
		return;
	if (doc->from.depth == 0)
		begin_outermost(visit);
	visit->is_program = inside_is_program(doc->bytes->text);
	kind = inside_kind_of(doc->bytes->text);
	if (!kind && is_whole)
		kind = kind_by_end(visit);
	set_kind(visit, kind);
	visit->by_end = !kind && !is_whole;
	visit->markup = visit->in_markup && !visit->inside && has_markup(scan_name(doc));
	visit->passes_by = visit->inside && !inside_seeks(visit->inside) && !at_any_place;
	visit->kept.in_case = visit->by_end && !at_any_place && visit->is_program;
	visit->kept.on = visit->kept.in_case || visit->markup ||
			 (visit->inside && inside_seeks(visit->inside) && !at_any_place);
}

/* ---- members ---- */

/* Of all members it is asked once. */
static void on_found(struct document *doc)
{
	struct visit *outer = doc->owner;

	if (!outer->told && outer->doc->found)
		outer->doc->found(outer->doc);
	outer->told = true;
	doc->from.exposure = outer->doc->from.exposure;
	doc->from.blob = outer->doc->from.blob;
	doc->from.repository = outer->doc->from.repository;
}

static struct slice name_of_only(const struct box *b)
{
	const struct provenance *outer = &b->visit->doc->from;
	struct slice suffix = inside_suffix(b->kind);

	if (outer->history && !outer->depth)
		return suffix; /* the path is not known */
	return slice_without(slice_last_name(scan_name(b->visit->doc)), suffix);
}

static struct slice full_name(struct box *b, struct slice name)
{
	const struct document *outer = b->visit->doc;

	buf_reset(&b->name);
	if (outer->from.member.len) {
		buf_append_slice(&b->name, outer->from.member);
		buf_append_str(&b->name, "!/");
	}
	buf_append_slice(&b->name, name.len ? name : name_of_only(b));
	return buf_slice(&b->name);
}

static void search_name(struct box *b, struct document doc, struct slice name)
{
	struct scan *scan = b->visit->worker->scan;
	struct stream stream;

	if (!patterns_may_match(scan->patterns, name))
		return;
	stream_from_memory(&stream, name);
	doc.bytes = &stream;
	scan_name_of_member(b->visit->worker, b->visit->number, &doc);
}

static void on_member(void *payload, const struct inside_member *member)
{
	struct box *b = payload;
	const struct document *outer = b->visit->doc;
	struct document doc = {
		.from = outer->from, .bytes = member->bytes, .found = on_found, .owner = b->visit};

	b->visit->worker->members++;
	doc.from.member = full_name(b, member->name);
	doc.from.by_path |= !doc.from.depth && !member->name.len;
	doc.from.depth++;
	search_name(b, doc, member->name);
	if (member->bytes)
		scan_member(b->visit->worker, b->visit->number, &doc, inside_has_markup(b->kind),
			    member->stored && b->quiet);
}

static void on_complaint(void *payload, struct slice name, const char *what)
{
	struct box *b = payload;

	complain_of(b->visit, name.len ? full_name(b, name) : b->visit->doc->from.member, what);
}

/* ---- what both searches found ---- */

static int order_fingerprints(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* What the plain search found and a member explains gives way. */
static void drop_explained(struct box *b)
{
	struct worker *w = b->visit->worker;
	size_t kept = b->visit->first, count = w->finding_count - b->raw_end;
	const char **explained;

	if (!count || b->raw_end == kept)
		return;
	explained = xcalloc(count, sizeof(*explained));
	for (size_t i = 0; i < count; i++)
		explained[i] = xstrdup(w->findings[b->raw_end + i].secret.fingerprint);
	qsort(explained, count, sizeof(*explained), order_fingerprints);
	for (size_t i = kept; i < w->finding_count; i++) {
		struct finding *f = &w->findings[i];
		const char *key = f->secret.fingerprint;

		if (i < b->raw_end &&
		    bsearch(&key, explained, count, sizeof(*explained), order_fingerprints))
			finding_dispose(f);
		else
			w->findings[kept++] = *f;
	}
	w->finding_count = kept;
	for (size_t i = 0; i < count; i++)
		free((char *)explained[i]);
	free(explained);
}

/* ---- one document ---- */

static void tell_too_deep(struct visit *visit, uint64_t count)
{
	char what[200];

	snprintf(what, sizeof(what),
		 tr_n(tr_lang(),
		      "%llu archive in it is nested deeper than --max-depth allows: it was not "
		      "looked into",
		      "%llu archives in it are nested deeper than --max-depth allows: they were "
		      "not looked into",
		      count),
		 (unsigned long long)count);
	scan_tell(visit, SLICE(""), what);
}

static void tell_more(struct visit *visit, uint64_t count)
{
	char what[200];

	snprintf(what, sizeof(what),
		 tr_n(tr_lang(), "%llu more of its members was not scanned",
		      "%llu more of its members were not scanned", count),
		 (unsigned long long)count);
	scan_tell(visit, SLICE(""), what);
}

static void end_outermost(struct visit *visit)
{
	const struct worker *w = visit->worker;

	if (w->limits.over)
		scan_tell(visit, SLICE(""), w->limits.over);
	if (w->too_deep)
		tell_too_deep(visit, w->too_deep);
	if (w->complaints > COMPLAINTS_MAX)
		tell_more(visit, w->complaints - COMPLAINTS_MAX);
}

/* ---- what is looked for ---- */

static bool is_worth(void *payload, struct slice bytes)
{
	const struct box *b = payload;

	return scan_is_worth(b->visit->worker->scan, bytes);
}

static bool is_promising(void *payload, struct slice bytes)
{
	const struct box *b = payload;

	return scan_try(b->visit->worker, b->visit->number, bytes);
}

static void read_members(struct visit *visit, bool quiet)
{
	struct worker *w = visit->worker;
	struct box b = {.visit = visit,
			.kind = visit->inside,
			.raw_end = w->finding_count,
			.quiet = quiet && !visit->passes_by};
	struct inside_wanted wanted = {is_worth, patterns_longest_string(w->scan->patterns),
				       is_promising, &b};
	struct inside_told told = {on_member, on_complaint, &b, &w->limits, &wanted};
	struct stream held, *bytes = visit->doc->bytes;
	struct err err;
	int rc;

	if (visit->kept.on) {
		stream_from_memory(&held, slice_of(visit->kept.ptr, visit->kept.len));
		w->limits.size += visit->doc->from.depth == 0 ? visit->kept.len : 0;
		bytes = &held;
	}
	buf_init(&b.name, BUF_MAX_PATH);
	w->boxes++;
	rc = inside_read(w->scan->inside, visit->inside, bytes, &told, &err);
	if (rc < 0 && !w->limits.over)
		complain_of(visit, visit->doc->from.member, err.msg);
	drop_explained(&b);
	if (visit->doc->from.depth == 0)
		end_outermost(visit);
	if (visit->passes_by && visit->doc->from.depth == 0)
		atomic_fetch_add_explicit(&w->bytes, visit->doc->bytes->total,
					  memory_order_relaxed);
	buf_dispose(&b.name);
}

/* When all was searched, it is known whether an archive ends where it ends. */
static void look_at_end(struct visit *visit)
{
	const struct stream *s = visit->doc->bytes;
	uint64_t size = stream_size(s) != UINT64_MAX ? stream_size(s) : s->offset + s->text.len;
	const struct inside_kind *kind = inside_kind_of_end(&visit->end, size, visit->is_program);

	if (kind && (visit->kept.on || stream_can_read_at(s)))
		set_kind(visit, kind);
	else if (kind)
		complain_of(visit, visit->doc->from.member,
			    "ends in an archive, which would have to be held: it was not looked "
			    "into");
}

void scan_members(struct visit *visit, bool quiet)
{
	if (visit->by_end)
		look_at_end(visit);
	if (visit->kept.too_large)
		complain_of(visit, visit->doc->from.member,
			    visit->inside ? "is larger than 256 MiB, which would have to be held: "
					    "it was not looked into"
					  : "is larger than 256 MiB: it was searched as it is "
					    "stored only");
	else if (visit->inside)
		read_members(visit, quiet);
	else if (visit->markup)
		scan_markup(visit, slice_of(visit->kept.ptr, visit->kept.len));
	drop_kept(visit);
}
