/*
 * What is stored in another form: at an anchor in that form, what stands around it
 * is decoded and searched, and again what came out. Nothing is decoded where no
 * anchor calls for it.
 */
#include "scan_private.h"

#include "base/alloc.h"

/* A text that was decoded, on its way down from the one that is stored. */
struct level {
	const struct coded_base *base;
	const struct level *outer; /* NULL: decoded from base->text */
	struct view_text *text;
	struct decodings chain;
	uint64_t done[DECODED_COUNT]; /* of it, see note_done() */
};

static void look_deeper(void *payload, const struct coded *coded);

/* ---- what is found ---- */

static struct span stored(const struct level *level, struct span span)
{
	for (; level; level = level->outer)
		span = view_text_raw(level->text, span);
	return span;
}

static bool is_of_pieces(enum decoding form)
{
	return form == DECODED_JOINED || form == DECODED_UNWRAPPED;
}

static bool is_assembled(const struct decodings *chain)
{
	for (size_t i = 0; i < chain->count; i++)
		if (is_of_pieces(chain->list[i]))
			return true;
	return false;
}

static int keep(void *payload, const struct match *match)
{
	const struct level *level = payload;
	struct visit *visit = level->base->visit;
	struct slice text = view_text_slice(level->text);
	const struct rule *rule = match->rule;
	struct finding *f;

	/* A habit is seen in what the user reads. */
	if (rule->verdict != VERDICT_LEAK)
		return 0;
	if (is_assembled(&level->chain))
		rule = &visit->worker->scan->assembled[rule->index];
	f = scan_add(visit, rule, text, match->secret);
	if (!f)
		return 0;
	visit->decoded = true;
	f->decoded = level->chain;
	level->base->place(level->base->payload, f, stored(level, match->secret));
	scan_excerpt(visit, f, text, match->secret, false, false);
	return 0;
}

/* ---- one form ---- */

/*
 * Several anchors of one text are decoded together: none before *done need it again. That is
 * the end of what was decoded, or where it may have been cut off, half-way to there.
 * Of a word in pieces nothing but itself was put together. offset: of the text in what
 * done counts in.
 */
static void note_done(uint64_t *done, uint64_t offset, const struct coded *coded,
		      const struct view_text *text)
{
	size_t end = text->len ? view_text_raw(text, (struct span){0, text->len}).end : 0;

	if (is_of_pieces(coded->form))
		end = end > coded->at + FORM_NEIGHBOURS ? end - FORM_NEIGHBOURS : coded->at + 1;
	if (end > coded->at)
		*done = offset + coded->at +
			(end - coded->at) / (end - coded->at > FORM_BEHIND / 2 ? 2 : 1);
}

/* Where nothing was to be undone, a later anchor need not ask again: as in note_done(). */
static void note_none(uint64_t *done, uint64_t offset, const struct form_source *from,
		      enum decoding form)
{
	size_t left = from->text.len - from->at;

	if (form == DECODED_PERCENT || form == DECODED_ESCAPES || form == DECODED_ENTITIES ||
	    form == DECODED_QUOTED_PRINTABLE)
		*done = offset + from->at + (left < FORM_BEHIND ? left : FORM_BEHIND) / 2;
}

/* How far before its anchor a token may begin: '&#95;' is one. */
#define ANCHOR_BEFORE 64

/* What stands before the anchor is context: it has anchors of its own, if any. */
static void search(struct level *level, const struct coded *coded, struct matcher *matcher)
{
	struct slice text = view_text_slice(level->text);
	size_t at = view_text_find(level->text, coded->at);
	size_t beg = at > ANCHOR_BEFORE ? at - ANCHOR_BEFORE : 0, resume;
	coded_fn deeper = level->chain.count < DECODINGS_MAX ? look_deeper : NULL;
	struct err err;

	/* Where PCRE2 gives up on what was made of the file, the plain search told. */
	while (matcher_run(matcher, text, beg, true, keep, deeper, level, &resume, &err) < 0)
		beg = resume;
}

/* The order of bytes that an anchor stands for is known when it is decoded, but where it was
 * before. */
static bool decode(enum decoding *form, bool ordered, const struct form_source *from,
		   struct view_text *out)
{
	if (form_decode(*form, from, out))
		return true;
	if (ordered)
		return false;
	if (*form != DECODED_UTF16LE && *form != DECODED_UTF32LE)
		return false;
	return form_decode(++*form, from, out);
}

static struct coded_level *level_of(struct worker *w, size_t depth)
{
	struct coded_level *own = &w->coded[depth];

	if (!own->matcher)
		own->matcher = matcher_new(w->scan->patterns);
	return own;
}

/* Text of wide characters that begins at an odd byte is not decoded with what begins at an
 * even one, nor is the other order of bytes. Both orders are asked for as one. */
static size_t done_of(const struct coded *coded, bool odd)
{
	bool wide = coded->form == DECODED_UTF16LE || coded->form == DECODED_UTF32LE;

	return coded->form + (wide && odd);
}

static void look(const struct coded_base *base, const struct level *outer, struct slice text,
		 uint64_t *done, const struct coded *coded)
{
	struct decodings chain = outer ? outer->chain : (struct decodings){0};
	struct coded_level *own = level_of(base->visit->worker, chain.count);
	uint64_t offset = outer ? 0 : base->offset;
	struct form_source from = {.text = text,
				   .at = coded->at,
				   .phase = coded->phase,
				   .odd = (offset + coded->at) & 1};
	struct level level = {.base = base, .outer = outer, .text = &own->text};
	enum decoding form = coded->form;

	done += done_of(coded, from.odd);
	/* Its neighbours are put together where they stand. */
	if (is_of_pieces(form) && is_assembled(&chain))
		return;
	if (offset + coded->at < *done)
		return;
	if (!decode(&form, base->ordered && !outer, &from, &own->text)) {
		note_none(done, offset, &from, coded->form);
		return;
	}
	note_done(done, offset, coded, &own->text);
	chain.list[chain.count++] = (unsigned char)form;
	level.chain = chain;
	search(&level, coded, own->matcher);
}

static void look_deeper(void *payload, const struct coded *coded)
{
	struct level *outer = payload;

	look(outer->base, outer, view_text_slice(outer->text), outer->done, coded);
}

void scan_coded(const struct coded_base *base, const struct coded *coded)
{
	look(base, NULL, base->text, base->done, coded);
}

void scan_wide(const struct coded_base *base, enum decoding form, size_t end)
{
	bool big = form == DECODED_UTF16BE || form == DECODED_UTF32BE;
	size_t width = form == DECODED_UTF16LE || form == DECODED_UTF16BE ? 2 : 4;
	struct coded coded = {.form = form};

	for (coded.at = 0; coded.at < end; coded.at++) {
		if (base->offset + coded.at < base->done[form])
			coded.at = (size_t)(base->done[form] - base->offset);
		if ((base->offset + coded.at) % width == (big ? width - 1 : 0) && coded.at < end)
			scan_coded(base, &coded);
	}
}

void coded_levels_dispose(struct coded_level levels[DECODINGS_MAX])
{
	for (size_t i = 0; i < DECODINGS_MAX; i++) {
		matcher_free(levels[i].matcher);
		view_text_dispose(&levels[i].text);
	}
}
