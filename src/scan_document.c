/*
 * One document on its way: windows from the stream, matches from the matcher,
 * a verdict from the judge, and what is kept of it.
 */
#include "scan_private.h"

#include "base/tr.h"
#include "base/alloc.h"
#include "base/quote.h"
#include "judge/judge.h"
#include "judge/mark.h"
#include "report/redact.h"
#include "result.h"
#include "scan_scout.h"
#include "view/notebook.h"

#include <stdio.h>

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

/* Where the line before the one of text[at] begins, as far as excerpts look back: what is
 * in pieces may begin there. */
static size_t line_before(struct slice text, size_t at)
{
	size_t beg = at, ends = 0;

	while (beg > 0 && at - beg < EXCERPT_AROUND) {
		ends += text.ptr[beg - 1] == '\n';
		if (ends == 2)
			break;
		beg--;
	}
	return beg;
}

/* The part of text that an excerpt around the secret may show: no mask knows a token that
 * stands beside it in another form, or in pieces. */
static struct span without_coded(const struct patterns *patterns, struct slice text,
				 struct span secret)
{
	struct span shown = {0, text.len}, after = {secret.end, text.len};
	struct span before = {line_before(text, secret.beg), secret.beg};

	if (text.len - secret.end > EXCERPT_AROUND)
		after.end = secret.end + EXCERPT_AROUND;
	if (patterns_find_coded(patterns, text, before) < before.end)
		shown.beg = secret.beg;
	after.beg = patterns_find_coded(patterns, text, after);
	if (after.beg < after.end)
		shown.end = after.beg;
	return shown;
}

void scan_excerpt(const struct visit *visit, struct finding *f, struct slice text,
		  struct span secret, bool begins, bool ends)
{
	/* Nobody told redact how the secrets of somebody's own rules look, and what
	 * is only warned of may stand beside the real one. */
	bool wary = visit->worker->scan->options.own_rules || f->rule->verdict == VERDICT_WARNING;
	struct span shown = without_coded(visit->worker->scan->patterns, text, secret);

	f->excerpt = redact_excerpt(
		f->rule,
		&(struct excerpt_of){.text = slice_cut(text, shown),
				     .secret = {secret.beg - shown.beg, secret.end - shown.beg},
				     .begins = begins && shown.beg == 0,
				     .ends = ends && shown.end == text.len,
				     .wary = wary},
		&f->excerpt_beg, &f->excerpt_end);
}

static void describe_origin(struct finding *f, const struct provenance *from)
{
	f->root = from->root ? xstrdup(from->root) : NULL;
	f->path = xmemdup0(from->path.ptr, from->path.len);
	f->path_len = from->path.len;
	f->name_len = from->name_len;
	if (from->member.len) {
		f->member = xmemdup0(from->member.ptr, from->member.len);
		f->member_len = from->member.len;
		f->by_path = from->by_path;
	}
	f->where = from->where;
	f->exposure = from->exposure;
	f->repository = from->repository;
	f->named = from->named;
	f->history = from->history;
	if (from->blob)
		memcpy(f->blob, from->blob, strnlen(from->blob, sizeof(f->blob) - 1));
}

/* A name has no line on which a mark could stand. */
static const char *allowed_by(const struct visit *visit, struct slice text, struct span secret)
{
	enum where where = visit->doc->from.where;

	if (visit->worker->scan->options.no_marks || where == WHERE_PATH || where == WHERE_REF_NAME)
		return NULL;
	return visit->allowed ? visit->allowed : mark_reason(text, secret);
}

static struct judgement judge(const struct visit *visit, const struct rule *rule, struct slice text,
			      struct span secret)
{
	struct judgement judgement = judge_secret(rule, slice_cut(text, secret));

	if (judgement.verdict == VERDICT_LEAK || judgement.verdict == VERDICT_WARNING) {
		const char *allowed = allowed_by(visit, text, secret);

		if (allowed)
			return (struct judgement){VERDICT_ALLOWED, allowed};
	}
	return judgement;
}

struct finding *scan_add(struct visit *visit, const struct rule *rule, struct slice text,
			 struct span secret)
{
	struct worker *w = visit->worker;
	struct judgement judgement;
	struct finding *f;

	visit->found = true;
	if (visit->is_trial)
		return NULL;
	judgement = judge(visit, rule, text, secret);
	if (judgement.verdict == VERDICT_LEAK)
		atomic_fetch_add_explicit(&w->leaks, 1, memory_order_relaxed);
	if (!take_place(w->scan, judgement.verdict)) {
		w->unlisted[judgement.verdict]++;
		return NULL;
	}
	if (!visit->told && visit->doc->found)
		visit->doc->found(visit->doc);
	visit->told = true;
	grow_array(&w->findings, &w->finding_cap, w->finding_count, sizeof(*w->findings));
	f = &w->findings[w->finding_count++];
	*f = (struct finding){
		.rule = rule,
		.verdict = judgement.verdict,
		.reason = judgement.reason,
	};
	describe_secret(&f->secret, rule, slice_cut(text, secret), w->scan->options.keep_secrets);
	describe_origin(f, &visit->doc->from);
	return f;
}

static int keep_match(void *payload, const struct match *match)
{
	struct visit *visit = payload;
	const struct stream *s = visit->doc->bytes;
	struct finding *f = scan_add(visit, match->rule, s->text, match->secret);

	if (!f)
		return 0;
	scan_place(visit, f, match->secret);
	scan_excerpt(visit, f, s->text, match->secret, s->offset == 0, s->closed);
	return 0;
}

static void place(void *payload, struct finding *f, struct span raw)
{
	scan_place(payload, f, raw);
}

static struct coded_base window_of(struct visit *visit)
{
	const struct stream *s = visit->doc->bytes;

	return (struct coded_base){.visit = visit,
				   .text = s->text,
				   .offset = s->offset,
				   .ordered = visit->wide != DECODED_COUNT,
				   .done = visit->coded_done,
				   .place = place,
				   .payload = visit};
}

static void look_at_coded(void *payload, const struct coded *coded)
{
	const struct coded_base base = window_of(payload);

	scan_coded(&base, coded);
}

/* What is in wide characters may hold other forms, of which no anchor is seen before that is
 * undone. What is cut off by the window's end is left to the next. */
static void search_wide(struct visit *visit)
{
	size_t len = visit->doc->bytes->text.len,
	       left = visit->doc->bytes->closed ? 0 : FORM_BEHIND;
	struct coded_base base;

	if (visit->doc->bytes->offset == 0)
		visit->wide = form_of_mark(visit->doc->bytes->text);
	base = window_of(visit);
	if (base.ordered)
		scan_wide(&base, visit->wide, len > left ? len - left : 0);
}

void scan_diag(void *payload, unsigned worker, const char *root, struct slice path, bool is_note,
	       const char *what)
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
		.what = xstrdup(tr(what)),
		.is_note = is_note,
	};
	buf_dispose(&full);
}

void scan_complain(struct visit *visit, uint64_t offset, const struct err *err)
{
	char what[640];

	visit->found |= visit->is_trial; /* it is read again, and this comes up again */
	if (visit->is_trial)
		return;
	snprintf(what, sizeof(what), "byte %llu: %s", (unsigned long long)offset, err->msg);
	scan_tell(visit, visit->doc->from.member, what);
}

/* Searches the window held now, going on after a place where PCRE2 gave up.
 * Returns the index where the next window's search has to begin. */
static size_t search_window(struct visit *visit, size_t beg)
{
	const struct stream *s = visit->doc->bytes;
	size_t resume = beg;
	struct err err;

	while (matcher_run(visit->worker->matcher, s->text, beg, s->closed, keep_match,
			   look_at_coded, visit, &resume, &err) < 0) {
		scan_complain(visit, s->offset + err.offset, &err);
		beg = resume;
	}
	return resume;
}

/* A large notebook is held on the way, while little of it has to be: else it would
 * be read twice. A smaller one is read again, for few hold anything. */
#define HELD_FEW  ((size_t)1 << 20)
#define HELD_FROM ((uint64_t)4 << 20)

struct holding {
	bool named;   /* it is called a notebook */
	bool may_be;  /* its name or beginning says so */
	bool forever; /* it goes by once */
	bool on;
};

static void begin_holding(struct visit *visit, struct holding *h)
{
	const struct stream *s = visit->doc->bytes;

	h->named = ends_in_any_case(scan_name(visit->doc), SLICE(".ipynb"));
	h->may_be = visit->doc->from.where == WHERE_BLOB && (h->named || notebook_begins(s->text));
	if (!h->may_be)
		return;
	h->forever = !stream_can_restart(s);
	h->on = h->forever || (stream_size(s) >= HELD_FROM && !s->closed);
	condensed_reset(&visit->worker->held);
}

/* seen: something was, in the window held now. */
static void go_on_holding(struct visit *visit, struct holding *h, bool seen)
{
	const struct stream *s = visit->doc->bytes;
	struct condensed *held = &visit->worker->held;
	uint64_t most = h->forever && h->named ? NOTEBOOK_MAX : HELD_FEW + s->total / 4;

	if (!h->on)
		return;
	condensed_add(held, s->text, s->offset, !seen);
	h->on = held->len <= most;
}

/* Bytes of a character of UTF-32. */
#define WIDEST 4

/* Who reads its members reads it, or it was searched where it is stored. */
static bool is_done_with(const struct visit *visit)
{
	return visit->passes_by ||
	       (visit->was_seen && !visit->inside && !visit->markup && !visit->kept.in_case);
}

/* ---- a scout ---- */

/* Whether there is a core that no worker and no scout needs. */
static bool is_core_idle(const struct scan *scan)
{
	unsigned busy = atomic_load_explicit(&scan->scouts, memory_order_relaxed);

	for (unsigned i = 0; i < scan->options.jobs; i++)
		busy += atomic_load_explicit(&scan->workers[i].is_at_work, memory_order_relaxed);
	return busy < scan->options.jobs;
}

static void dismiss(struct scan *scan, struct scout **scout)
{
	if (*scout)
		atomic_fetch_sub_explicit(&scan->scouts, 1, memory_order_relaxed);
	scout_free(*scout);
	*scout = NULL;
}

/* Sends a scout where that is worth it, and goes by what it saw. Returns the offset where searching
 * goes on. */
static uint64_t go_by_scouted(const struct visit *visit, const struct holding *h, uint64_t resume,
			      struct scout **scout)
{
	struct scan *scan = visit->worker->scan;
	struct stream *s = visit->doc->bytes;
	bool done = false;

	/* Of a program all is looked through for an archive behind it. */
	if (visit->kept.on || (visit->by_end && visit->is_program) || visit->wide != DECODED_COUNT)
		return resume;
	if (!*scout && is_core_idle(scan)) {
		*scout = scout_send(s, scan->patterns, h->on);
		if (*scout)
			atomic_fetch_add_explicit(&scan->scouts, 1, memory_order_relaxed);
	}
	if (*scout)
		resume = scout_pass(*scout, s, resume, h->on ? &visit->worker->held : NULL, &done);
	if (done)
		dismiss(scan, scout);
	return resume;
}

/* So much before the place where searching goes on stays in view, and whole characters, be they
 * wide. */
static size_t keep_from(const struct stream *s, size_t resume)
{
	size_t keep = resume > MATCH_BEHIND ? resume - MATCH_BEHIND : 0;

	return keep > WIDEST ? keep - (size_t)((s->offset + keep) % WIDEST) : keep;
}

/* Window by window. */
static int search(struct visit *visit, struct holding *h, struct err *err)
{
	struct worker *w = visit->worker;
	struct stream *s = visit->doc->bytes;
	uint64_t next = 0; /* offset in the document where searching goes on */
	uint64_t counted = 0;
	struct scout *scout = NULL;
	size_t keep = 0;
	int rc;

	visit->wide = DECODED_COUNT;
	while ((rc = stream_next(s, keep, err)) > 0) {
		size_t beg = next > s->offset ? (size_t)(next - s->offset) : 0;
		uint64_t seen = matcher_seen(w->matcher);
		size_t resume;

		if (counted == 0)
			scan_members_begin(visit);
		if (is_done_with(visit)) {
			dismiss(w->scan, &scout);
			return 0;
		}
		search_wide(visit);
		resume = search_window(visit, beg);
		if (counted == 0)
			begin_holding(visit, h);
		scan_members_go_on(visit);
		go_on_holding(visit, h, matcher_seen(w->matcher) != seen);
		keep = keep_from(s, resume);
		scan_place_go_on(visit, keep);
		next = go_by_scouted(visit, h, s->offset + resume, &scout);
		if (!visit->doc->from.uncounted && !visit->doc->from.depth)
			atomic_fetch_add_explicit(&w->bytes, s->total - counted,
						  memory_order_relaxed);
		counted = s->total;
	}
	dismiss(w->scan, &scout);
	if (h->on)
		condensed_end(&w->held);
	return rc;
}

static void search_document(struct visit *visit)
{
	struct worker *w = visit->worker;
	struct holding holding = {false};
	uint64_t seen = matcher_seen(w->matcher);
	struct err err;
	int rc = search(visit, &holding, &err);
	bool any = visit->decoded || matcher_seen(w->matcher) != seen;

	if (visit->decoded)
		scan_drop_repeated(visit, visit->first);
	if (rc < 0)
		scan_tell(visit, visit->doc->from.member, err.msg);
	else if (holding.may_be && any)
		scan_cells(visit, holding.named, holding.on);
	scan_members(visit, !any);
}

void scan_member(struct worker *w, unsigned number, struct document *doc, bool in_markup,
		 bool was_seen)
{
	struct visit visit = {.worker = w,
			      .number = number,
			      .doc = doc,
			      .first = w->finding_count,
			      .in_markup = in_markup,
			      .was_seen = was_seen};

	search_document(&visit);
}

void scan_name_of_member(struct worker *w, unsigned number, struct document *doc)
{
	struct visit visit = {.worker = w, .number = number, .doc = doc, .first = w->finding_count};
	struct holding holding = {false};
	struct err err;

	visit.is_name = true;
	search(&visit, &holding, &err);
	if (visit.decoded)
		scan_drop_repeated(&visit, visit.first);
}

bool scan_try(struct worker *w, unsigned number, struct slice bytes)
{
	struct stream stream;
	struct document doc = {.from = {.where = WHERE_BLOB, .depth = 1}, .bytes = &stream};
	struct visit visit = {.worker = w,
			      .number = number,
			      .doc = &doc,
			      .first = w->finding_count,
			      .is_name = true, /* nothing is inside of it */
			      .is_trial = true};
	struct holding holding = {false};
	uint64_t seen = matcher_seen(w->matcher);
	struct err err;

	stream_from_memory(&stream, bytes);
	search(&visit, &holding, &err);
	return visit.found || (holding.may_be && matcher_seen(w->matcher) != seen);
}

void scan_document(void *payload, unsigned number, struct document *doc)
{
	struct scan *scan = payload;
	struct worker *w = &scan->workers[number];
	struct visit visit = {.worker = w, .number = number, .doc = doc, .first = w->finding_count};

	atomic_store_explicit(&w->is_at_work, true, memory_order_relaxed);
	search_document(&visit);
	atomic_store_explicit(&w->is_at_work, false, memory_order_relaxed);
	if (doc->from.uncounted || doc->from.where == WHERE_PATH)
		return; /* no file of the user's, or only its name */
	if (doc->from.history) {
		w->objects++;
		return;
	}
	atomic_fetch_add_explicit(&w->files, 1, memory_order_relaxed);
	w->images += is_picture(doc->from.path);
}
