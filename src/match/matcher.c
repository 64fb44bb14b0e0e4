/*
 * Literal first, expression second. The prefilter names the few places where
 * a match can begin, and PCRE2 is asked at each of them alone, anchored, so
 * its cost does not depend on how much text there is.
 */
#include "match/matcher.h"

#include "base/alloc.h"
#include "match/patterns_impl.h"
#include "match/promise.h"

#include <stdlib.h>

/* A token needs a few hundred steps; this many mean that a pattern runs away. */
#define MATCH_LIMIT    100000
#define DEPTH_LIMIT    1000
#define HEAP_LIMIT_KIB 1024
/* The JIT's own stack: the machine's default of 32 KiB is enough for our rules,
 * not for every rule somebody may write. */
#define JIT_STACK_MAX ((size_t)512 << 10)
/* Candidates taken from the prefilter at a time. */
#define BATCH 1024

/* A match that a later candidate may still beat: one that overlaps it. */
struct pending {
	struct match match;
	size_t pos; /* of its candidate */
};

struct matcher {
	struct patterns *patterns;
	pcre2_match_context *context;
	pcre2_jit_stack *jit_stack;
	pcre2_match_data *data;
	struct candidate batch[BATCH];
	uint64_t seen;           /* candidates that are promising */
	struct pending *pending; /* ordered by the secrets' beginning */
	size_t pending_count, pending_cap;
};

struct matcher *matcher_new(struct patterns *patterns)
{
	struct matcher *m = xcalloc(1, sizeof(*m));

	m->patterns = patterns;
	m->context = pcre2_match_context_create(NULL);
	m->data = pcre2_match_data_create(GROUPS_MAX, NULL);
	if (!m->context || !m->data)
		alloc_failed(sizeof(*m));
	pcre2_set_match_limit(m->context, MATCH_LIMIT);
	pcre2_set_depth_limit(m->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(m->context, HEAP_LIMIT_KIB);
	m->jit_stack = pcre2_jit_stack_create((size_t)32 << 10, JIT_STACK_MAX, NULL);
	if (m->jit_stack)
		pcre2_jit_stack_assign(m->context, NULL, m->jit_stack);
	return m;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->context);
	pcre2_jit_stack_free(m->jit_stack);
	free(m->pending);
	free(m);
}

uint64_t matcher_seen(const struct matcher *m)
{
	return m->seen;
}

static bool overlap(struct span a, struct span b)
{
	return a.beg < b.end && b.beg < a.end;
}

/* Of two that overlap the longer stays, and of equals the earlier rule's. */
static bool beats(const struct match *a, const struct match *b)
{
	if (span_len(a->secret) != span_len(b->secret))
		return span_len(a->secret) > span_len(b->secret);
	return a->rule->index < b->rule->index;
}

static void keep(struct matcher *m, struct pending found)
{
	size_t at, kept = 0;

	for (size_t i = 0; i < m->pending_count; i++)
		if (overlap(m->pending[i].match.secret, found.match.secret) &&
		    !beats(&found.match, &m->pending[i].match))
			return;
	for (size_t i = 0; i < m->pending_count; i++)
		if (!overlap(m->pending[i].match.secret, found.match.secret))
			m->pending[kept++] = m->pending[i];
	m->pending_count = kept;
	grow_array(&m->pending, &m->pending_cap, m->pending_count, sizeof(*m->pending));
	for (at = m->pending_count++; at > 0; at--) {
		if (m->pending[at - 1].match.secret.beg <= found.match.secret.beg)
			break;
		m->pending[at] = m->pending[at - 1];
	}
	m->pending[at] = found;
}

/* Hands out what no candidate from `pos` on can beat any more. */
static int hand_out(struct matcher *m, size_t pos, match_fn hit, void *payload)
{
	size_t safe = pos > m->patterns->most_before ? pos - m->patterns->most_before : 0;
	size_t done = 0;
	int rc = 0;

	while (rc == 0 && done < m->pending_count && m->pending[done].match.secret.end <= safe)
		rc = hit(payload, &m->pending[done++].match);
	if (!done)
		return rc;
	m->pending_count -= done;
	memmove(m->pending, m->pending + done, m->pending_count * sizeof(*m->pending));
	return rc;
}

/* Leaves to the next window what ends too near to this one's end, and all that
 * its candidates found: they are asked again. Returns where that begins. */
static size_t leave_pending(struct matcher *m, size_t limit)
{
	size_t safe = limit > m->patterns->most_before ? limit - m->patterns->most_before : 0;
	size_t resume = limit, kept = 0;

	for (size_t i = 0; i < m->pending_count; i++)
		if (m->pending[i].match.secret.end > safe && m->pending[i].pos < resume)
			resume = m->pending[i].pos;
	for (size_t i = 0; i < m->pending_count; i++)
		if (m->pending[i].pos < resume)
			m->pending[kept++] = m->pending[i];
	m->pending_count = kept;
	return resume;
}

/* Searches the subject for a match that begins at beg or later, at most at the
 * candidate. PCRE2's result. */
static int search(struct matcher *m, pcre2_code *code, const struct rule *rule,
		  struct slice subject, size_t beg, size_t pos)
{
	/* A match begins at the candidate or before it, never behind. */
	pcre2_set_offset_limit(m->context, rule->before ? pos : PCRE2_UNSET);
	return pcre2_match(code, subject.ptr, subject.len, beg, 0, m->data, m->context);
}

/* Bytes before and behind an anchor in which escapes are undone. */
#define UNESCAPED_BEFORE ((size_t)256)
#define UNESCAPED_BEHIND ((size_t)128)

/* Writes text, an anchor standing at pos in it, as JSON means it, as far as quotes and
 * line ends go. Returns where the anchor comes to stand. */
static size_t unescape(struct slice text, size_t pos, unsigned char *out, size_t *len)
{
	size_t at = 0;

	*len = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.ptr[i];

		if (i <= pos)
			at = *len;
		if (c == '\\' && i + 1 < text.len) {
			c = text.ptr[++i];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		out[(*len)++] = c;
	}
	return at;
}

/* Whether a rule that asks for no prefix, and may begin before its anchor, matches
 * but for the backslashes before quotes: print(os.environ[\"HF_TOKEN\"]). */
static bool matches_unescaped(struct matcher *m, const struct anchor_rules *users,
			      struct slice text, size_t pos)
{
	size_t beg = pos > UNESCAPED_BEFORE ? pos - UNESCAPED_BEFORE : 0, len, at;
	size_t end = text.len - pos > UNESCAPED_BEHIND ? pos + UNESCAPED_BEHIND : text.len;
	struct slice around = slice_cut(text, (struct span){beg, end});
	unsigned char plain[UNESCAPED_BEFORE + UNESCAPED_BEHIND];
	bool matches = false;
	struct err err;

	if (!around.len || !memchr(around.ptr, '\\', around.len))
		return false;
	at = unescape(around, pos - beg, plain, &len);
	for (size_t i = 0; i < users->count && !matches; i++) {
		struct pattern *pattern = &m->patterns->list[users->rules[i]];
		size_t before = pattern->rule->before < at ? pattern->rule->before : at;
		pcre2_code *code = pattern->rule->prefix.len
					   ? NULL
					   : patterns_code(m->patterns, pattern, &err);

		matches = code && search(m, code, pattern->rule, slice_of(plain, len), at - before,
					 at) != PCRE2_ERROR_NOMATCH;
	}
	wipe(plain, len);
	return matches;
}

/* Whether a token may begin at the candidate once escapes are undone and lists joined. */
static bool is_promising(struct matcher *m, struct slice text, struct candidate candidate)
{
	size_t escape = candidate.anchor - m->patterns->anchor_count;
	const struct anchor_rules *users;

	if (candidate.anchor >= m->patterns->anchor_count) {
		/* What is stored so is looked at at once, but a dump's next lines are strings of
		 * their own. */
		if (escape >= ESCAPE_COUNT)
			return m->patterns->coded[escape - ESCAPE_COUNT].form == DECODED_HEX;
		if (escape == CUT_BEFORE_LINE)
			return promises_behind_line(text, candidate.pos);
		if (escape >= ODD_NUMBER && escape < ODD_NUMBER_END)
			return promises_character(text, candidate.pos);
		return escape != CUT_BEHIND_LETTER || promises_behind_letter(text, candidate.pos);
	}
	users = &m->patterns->by_anchor[candidate.anchor];
	return (users->any_body && matches_unescaped(m, users, text, candidate.pos)) ||
	       promises_token(text, candidate.pos, users->len);
}

/* Asks one rule at one candidate. 0, or negative and *err. */
static int try_rule(struct matcher *m, struct pattern *pattern, struct slice text, size_t pos,
		    struct err *err)
{
	const struct rule *rule = pattern->rule;
	size_t beg = pos > rule->before ? pos - rule->before : 0;
	size_t end = text.len - pos > MATCH_LEFT ? pos + MATCH_LEFT : text.len;
	struct slice subject = slice_of(text.ptr, end);
	const PCRE2_SIZE *spans = pcre2_get_ovector_pointer(m->data);
	struct pending found = {.match.rule = rule, .pos = pos};
	pcre2_code *code = patterns_code(m->patterns, pattern, err);
	int rc;

	if (!code)
		return err->code;
	rc = search(m, code, rule, subject, beg, pos);
	while (rc > 0 && spans[1] <= pos && spans[0] < pos) /* an earlier one's, not ours */
		rc = search(m, code, rule, subject, spans[0] + 1, pos);
	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	if (rc < 0) {
		err_set(err, HF_ELIMIT, "rule %s is too complex for it (PCRE2 error %d)", rule->id,
			rc);
		err->offset = pos;
		return HF_ELIMIT;
	}
	if (spans[2 * pattern->secret_group] == PCRE2_UNSET)
		return 0;
	found.match.secret.beg = spans[2 * pattern->secret_group];
	found.match.secret.end = spans[2 * pattern->secret_group + 1];
	if (found.match.secret.end > found.match.secret.beg) {
		m->seen++;
		keep(m, found);
	}
	return 0;
}

/* Tells of an anchor that stands there in another form, or is cut off. */
static void tell_coded(struct matcher *m, struct slice text, struct candidate candidate,
		       coded_fn tell, void *payload)
{
	size_t plain = m->patterns->anchor_count, other = candidate.anchor - plain;
	struct coded coded = {.at = candidate.pos, .form = DECODED_COUNT};
	const struct anchor_rules *users;
	unsigned forms;

	if (candidate.anchor < plain) {
		users = &m->patterns->by_anchor[candidate.anchor];
		forms = users->is_coded ? coded_forms_at(text, candidate.pos, users->len) : 0;
		for (coded.form = 0; forms; coded.form++, forms >>= 1)
			if (forms & 1)
				tell(payload, &coded);
		return;
	}
	if (other >= ESCAPE_COUNT) {
		const struct coded_anchor *anchor = &m->patterns->coded[other - ESCAPE_COUNT];

		if (!coded_goes_on(anchor, text, candidate.pos))
			return;
		coded.form = anchor->form;
		coded.phase = anchor->phase;
	} else if (other == CUT_BEFORE_LINE || is_promising(m, text, candidate)) {
		coded.form = patterns_escapes[other].form;
		if (other == CUT_BEHIND_LETTER)
			coded.at = promises_letter_before(text, candidate.pos);
		if (other == CUT_BEHIND_LETTER && coded.at < text.len)
			coded.form = DECODED_JOINED;
	}
	if (coded.form != DECODED_COUNT)
		tell(payload, &coded);
}

/* All rules are asked, though one fails; *err tells of the first that does. */
static int try_candidate(struct matcher *m, struct slice text, struct candidate candidate,
			 struct err *err)
{
	const struct anchor_rules *users;
	struct err another;
	int rc = 0;

	if (candidate.anchor >= m->patterns->anchor_count)
		return 0; /* nothing begins with it as it stands */
	users = &m->patterns->by_anchor[candidate.anchor];
	for (size_t i = 0; i < users->count; i++) {
		struct pattern *pattern = &m->patterns->list[users->rules[i]];
		int one = try_rule(m, pattern, text, candidate.pos, rc < 0 ? &another : err);

		rc = rc < 0 ? rc : one;
	}
	return rc;
}

/* Tries the candidates of the batch that stand before limit; where one fails,
 * up to the last at its place. */
static int run_batch(struct matcher *m, struct slice text, size_t count, size_t limit, match_fn hit,
		     coded_fn coded, void *payload, size_t *resume, struct err *err)
{
	struct err another;
	int rc = 0;

	for (size_t i = 0; i < count && m->batch[i].pos < limit; i++) {
		size_t pos = m->batch[i].pos;
		int one;

		if (rc < 0 && pos >= *resume)
			break;
		one = hand_out(m, pos, hit, payload);
		if (one != 0)
			return one;
		if (coded)
			tell_coded(m, text, m->batch[i], coded, payload);
		one = try_candidate(m, text, m->batch[i], rc < 0 ? &another : err);
		if (one < 0 && rc == 0) {
			rc = one;
			*resume = pos + 1;
		}
	}
	return rc;
}

int matcher_run(struct matcher *m, struct slice text, size_t beg, bool last, match_fn hit,
		coded_fn coded, void *payload, size_t *resume, struct err *err)
{
	/* Candidates from here on may need bytes that are not here yet. */
	size_t limit = last ? text.len : text.len > MATCH_LEFT ? text.len - MATCH_LEFT : 0;
	size_t at = beg;
	int handed, rc = 0;

	m->pending_count = 0;
	*resume = limit > beg ? limit : beg;
	while (rc == 0 && at < limit) {
		size_t count =
			prefilter_run(m->patterns->prefilter, text, at, m->batch, BATCH, &at);

		for (size_t i = 0; i < count; i++)
			m->seen += is_promising(m, text, m->batch[i]);
		rc = run_batch(m, text, count, limit, hit, coded, payload, resume, err);
	}
	if (rc > 0)
		return rc;
	if (rc == 0 && !last)
		*resume = leave_pending(m, *resume);
	handed = hand_out(m, SIZE_MAX, hit, payload);
	return rc < 0 ? rc : handed;
}
