/*
 * Literal first, expression second. The prefilter names the few places where
 * a match can begin, and PCRE2 is asked at each of them alone, anchored, so
 * its cost does not depend on how much text there is.
 */
#include "match/matcher.h"

#include "base/alloc.h"
#include "base/ascii.h"
#include "base/tr.h"
#include "match/coded.h"
#include "match/prefilter.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A token needs a few hundred steps; this many mean that a pattern runs away. */
#define MATCH_LIMIT    100000
#define DEPTH_LIMIT    1000
#define HEAP_LIMIT_KIB 1024
/* The JIT's own stack: the machine's default of 32 KiB is enough for our rules,
 * not for every rule somebody may write. */
#define JIT_STACK_MAX ((size_t)512 << 10)
/* Machine code for a pattern takes as long to make as it saves when so many candidates
 * are matched by it; most runs have a handful. */
#define JIT_FROM 256
/* Groups whose place PCRE2 tells us, the whole match being one; `secret` must
 * be among them. */
#define GROUPS_MAX 64
/* Candidates taken from the prefilter at a time. */
#define BATCH 1024
/* A subject ends so far behind the candidate, to leave room for what a right
 * boundary looks at. */
#define SUBJECT_AHEAD (MATCH_AHEAD + 64)

/* ---- patterns: one a rule, compiled when first needed ---- */

struct pattern {
	const struct rule *rule;
	_Atomic(pcre2_code *) code; /* NULL until compiled */
	pcre2_code *interpreted;    /* what code was before, which some may still be using */
	atomic_uint asked;          /* how often code was, up to JIT_FROM */
	uint32_t secret_group;      /* written before code is published */
};

/* The rules that have an anchor, by index. */
struct anchor_rules {
	unsigned *rules;
	size_t count, cap;
	size_t len;    /* of the anchor */
	bool any_body; /* one of the rules has no prefix, and a secret of any shape */
	bool is_coded; /* it is looked for in other forms, and may go on in one */
};

struct patterns {
	const struct rules *rules;
	struct pattern *list;
	struct prefilter *prefilter; /* of the anchors, and behind them escapes[] and coded */
	struct anchor_rules *by_anchor;
	size_t anchor_count;
	struct coded_anchor *coded;
	size_t coded_count, coded_cap;
	size_t most_before;
	pthread_mutex_t compiling;
};

/* Where a list of lines cuts "hf_"; numbers that are written otherwise than nearly all
 * do; "h", "f" and "_" in JSON (either case of digits) and in HTML. Who writes '&' as
 * nobody does is looked at for that alone. */
enum { CUT_BEFORE_LINE, CUT_BEHIND_LETTER, ODD_NUMBER, ODD_NUMBER_END = ODD_NUMBER + 3 };
static const struct {
	struct slice text;
	enum decoding form; /* COUNT: only a notebook is meant */
} escapes[] = {
	[CUT_BEFORE_LINE] = {{(const unsigned char *)"hf\"", 3}, DECODED_JOINED},
	[CUT_BEHIND_LETTER] = {{(const unsigned char *)"\"f_", 3}, DECODED_COUNT},
	[ODD_NUMBER] = {{(const unsigned char *)"&#X", 3}, DECODED_ENTITIES},
	{{(const unsigned char *)"&#0", 3}, DECODED_ENTITIES},
	{{(const unsigned char *)"&#x0", 4}, DECODED_ENTITIES},
	{{(const unsigned char *)"\\u0068", 6}, DECODED_ESCAPES},
	{{(const unsigned char *)"\\u0066", 6}, DECODED_ESCAPES},
	{{(const unsigned char *)"\\u005f", 6}, DECODED_ESCAPES},
	{{(const unsigned char *)"\\u005F", 6}, DECODED_ESCAPES},
	{{(const unsigned char *)"\\u0026#", 7}, DECODED_ESCAPES},
	{{(const unsigned char *)"&#104;", 6}, DECODED_ENTITIES},
	{{(const unsigned char *)"&#x68;", 6}, DECODED_ENTITIES},
	{{(const unsigned char *)"&#102;", 6}, DECODED_ENTITIES},
	{{(const unsigned char *)"&#x66;", 6}, DECODED_ENTITIES},
	{{(const unsigned char *)"&#95;", 5}, DECODED_ENTITIES},
	{{(const unsigned char *)"&#x5f;", 6}, DECODED_ENTITIES},
	{{(const unsigned char *)"&#x5F;", 6}, DECODED_ENTITIES},
	{{(const unsigned char *)"&lowbar;", 8}, DECODED_ENTITIES},
};
#define ESCAPE_COUNT (sizeof(escapes) / sizeof(escapes[0]))

static size_t find_anchor(const struct slice *anchors, size_t count, struct slice wanted)
{
	size_t i = 0;

	while (i < count && !slice_eq(anchors[i], wanted))
		i++;
	return i;
}

/* The distinct anchors of all rules, and who has each. */
static struct slice *collect_anchors(struct patterns *p)
{
	struct slice *anchors = NULL;
	size_t cap = 0, rules_cap = 0;

	for (size_t r = 0; r < p->rules->count; r++) {
		const struct rule *rule = &p->rules->list[r];

		if (rule->before > p->most_before)
			p->most_before = rule->before;
		for (size_t i = 0; i < rule->anchor_count; i++) {
			size_t at = find_anchor(anchors, p->anchor_count, rule->anchors[i]);
			struct anchor_rules *users;

			if (at == p->anchor_count) {
				grow_array(&anchors, &cap, at, sizeof(*anchors));
				grow_array(&p->by_anchor, &rules_cap, at, sizeof(*p->by_anchor));
				anchors[at] = rule->anchors[i];
				p->by_anchor[at] =
					(struct anchor_rules){.len = rule->anchors[i].len};
				p->anchor_count++;
			}
			users = &p->by_anchor[at];
			grow_array(&users->rules, &users->cap, users->count, sizeof(*users->rules));
			users->rules[users->count++] = (unsigned)r;
			users->any_body = users->any_body || !rule->prefix.len;
		}
	}
	return anchors;
}

static void collect_coded(struct patterns *p, const struct slice *anchors)
{
	for (size_t i = 0; i < p->anchor_count; i++) {
		struct coded_anchor forms[CODED_MAX];
		size_t count = coded_anchors(anchors[i], forms);

		p->by_anchor[i].is_coded = count > 0;
		for (size_t k = 0; k < count; k++) {
			grow_array(&p->coded, &p->coded_cap, p->coded_count, sizeof(*p->coded));
			p->coded[p->coded_count++] = forms[k];
		}
	}
	/* Somebody's own rules may need all the room. */
	if (p->anchor_count + ESCAPE_COUNT + p->coded_count > PREFILTER_MAX_ANCHORS)
		p->coded_count = 0;
}

static int make_prefilter(struct patterns *p, const struct slice *anchors, struct err *err)
{
	struct slice *all;
	size_t count = 0;
	int rc;

	collect_coded(p, anchors);
	all = xcalloc(p->anchor_count + ESCAPE_COUNT + p->coded_count, sizeof(*all));
	while (count < p->anchor_count) {
		all[count] = anchors[count];
		count++;
	}
	for (size_t i = 0; i < ESCAPE_COUNT; i++)
		all[count++] = escapes[i].text;
	for (size_t i = 0; i < p->coded_count; i++)
		all[count++] = slice_of(p->coded[i].bytes, p->coded[i].len);
	rc = prefilter_new(&p->prefilter, all, count, PREFILTER_AUTO, err);
	free(all);
	return rc;
}

int patterns_new(struct patterns **out, const struct rules *rules, struct err *err)
{
	struct patterns *p = xcalloc(1, sizeof(*p));
	struct slice *anchors;
	int rc;

	p->rules = rules;
	pthread_mutex_init(&p->compiling, NULL);
	p->list = xcalloc(rules->count, sizeof(*p->list));
	for (size_t i = 0; i < rules->count; i++)
		p->list[i].rule = &rules->list[i];
	anchors = collect_anchors(p);
	rc = make_prefilter(p, anchors, err);
	free(anchors);
	if (rc < 0) {
		patterns_free(p);
		return rc;
	}
	*out = p;
	return 0;
}

static void pattern_dispose(struct pattern *pattern)
{
	pcre2_code_free(atomic_load(&pattern->code));
	pcre2_code_free(pattern->interpreted);
}

void patterns_free(struct patterns *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->rules->count; i++)
		pattern_dispose(&p->list[i]);
	for (size_t i = 0; i < p->anchor_count; i++)
		free(p->by_anchor[i].rules);
	prefilter_free(p->prefilter);
	pthread_mutex_destroy(&p->compiling);
	free(p->coded);
	free(p->by_anchor);
	free(p->list);
	free(p);
}

const char *patterns_variant(const struct patterns *p)
{
	return prefilter_variant_name(p->prefilter);
}

const struct slice *patterns_strings(const struct patterns *p, size_t *count)
{
	return prefilter_anchors(p->prefilter, count);
}

size_t patterns_longest_string(const struct patterns *p)
{
	size_t count, longest = 0;
	const struct slice *strings = patterns_strings(p, &count);

	for (size_t i = 0; i < count; i++)
		if (strings[i].len > longest)
			longest = strings[i].len;
	return longest;
}

bool patterns_may_match(const struct patterns *p, struct slice text)
{
	struct candidate some[PREFILTER_MAX_ANCHORS];
	size_t at = 0;

	return prefilter_run(p->prefilter, text, 0, some, PREFILTER_MAX_ANCHORS, &at) > 0;
}

static bool may_be_coded(const struct patterns *p, struct slice text, struct candidate candidate)
{
	size_t other = candidate.anchor - p->anchor_count;
	const struct anchor_rules *users;

	if (candidate.anchor >= p->anchor_count)
		return other >= ESCAPE_COUNT || escapes[other].form != DECODED_COUNT;
	users = &p->by_anchor[candidate.anchor];
	/* Behind the name of a variable no token goes on. */
	return users->is_coded && coded_forms_at(text, candidate.pos, users->len) != 0;
}

size_t patterns_find_coded(const struct patterns *p, struct slice text, struct span span)
{
	struct candidate some[PREFILTER_MAX_ANCHORS];
	struct slice searched = slice_of(text.ptr, span.end);
	size_t at = span.beg, count;

	while (at < span.end) {
		count = prefilter_run(p->prefilter, searched, at, some, PREFILTER_MAX_ANCHORS, &at);
		for (size_t i = 0; i < count; i++)
			if (may_be_coded(p, text, some[i]))
				return some[i].pos;
	}
	return span.end;
}

static int compile(struct pattern *pattern, struct err *err)
{
	const struct rule *rule = pattern->rule;
	/* Anchored here, since pcre2_match() does without the JIT when it is told so. */
	uint32_t compile_options = PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C |
				   (rule->before ? PCRE2_USE_OFFSET_LIMIT : PCRE2_ANCHORED);
	PCRE2_UCHAR why[128];
	PCRE2_SIZE offset;
	pcre2_code *code;
	int errnum, group;

	code = pcre2_compile((PCRE2_SPTR)rule->pattern, PCRE2_ZERO_TERMINATED, compile_options,
			     &errnum, &offset, NULL);
	if (!code) {
		pcre2_get_error_message(errnum, why, sizeof(why));
		return err_set(err, HF_EFORMAT, "%s: rule %s: pattern: %s at offset %zu",
			       rule->file, rule->id, (const char *)why,
			       offset > rule->pattern_beg ? offset - rule->pattern_beg : 0);
	}
	group = pcre2_substring_number_from_name(code, (PCRE2_SPTR) "secret");
	if (group < 0 || group >= GROUPS_MAX) {
		pcre2_code_free(code);
		return err_set(
			err, HF_EFORMAT, "%s: rule %s: pattern has %s", rule->file, rule->id,
			group < 0 ? tr("no group named `secret`")
				  : tr("too many groups before `secret`: write (?:…) for them"));
	}
	pattern->secret_group = (uint32_t)group;
	atomic_store_explicit(&pattern->code, code, memory_order_release);
	return 0;
}

/* May be refused (no executable memory under SELinux, a processor without JIT);
 * pcre2_match() then interprets, which is slower and right. The code that others
 * may be matching by must not change, so it is a copy's. */
static void make_machine_code(struct pattern *pattern)
{
	pcre2_code *interpreted = atomic_load_explicit(&pattern->code, memory_order_relaxed);
	pcre2_code *copy = pattern->interpreted ? NULL : pcre2_code_copy(interpreted);

	if (!copy)
		return;
	pcre2_jit_compile(copy, PCRE2_JIT_COMPLETE);
	pattern->interpreted = interpreted;
	atomic_store_explicit(&pattern->code, copy, memory_order_release);
}

/* Whether this is the time to make machine code of it: true once. */
static bool is_asked_often(struct pattern *pattern)
{
	return atomic_load_explicit(&pattern->asked, memory_order_relaxed) < JIT_FROM &&
	       atomic_fetch_add_explicit(&pattern->asked, 1, memory_order_relaxed) == JIT_FROM - 1;
}

/* The compiled pattern of a rule; NULL and *err when it does not compile. */
static pcre2_code *ready(struct patterns *p, struct pattern *pattern, struct err *err)
{
	pcre2_code *code = atomic_load_explicit(&pattern->code, memory_order_acquire);

	if (code && !is_asked_often(pattern))
		return code;
	pthread_mutex_lock(&p->compiling);
	if (!code && !atomic_load_explicit(&pattern->code, memory_order_relaxed))
		compile(pattern, err);
	else if (code)
		make_machine_code(pattern);
	code = atomic_load_explicit(&pattern->code, memory_order_relaxed);
	pthread_mutex_unlock(&p->compiling);
	return code;
}

int patterns_compile(struct patterns *p, const struct rule *rule, struct err *err)
{
	if (!ready(p, &p->list[rule->index], err))
		return err->code;
	make_machine_code(&p->list[rule->index]);
	return 0;
}

int patterns_compile_all(struct patterns *p, struct err *err)
{
	for (size_t i = 0; i < p->rules->count; i++)
		if (patterns_compile(p, p->list[i].rule, err) < 0)
			return err->code;
	return 0;
}

/* ---- one thread's matcher ---- */

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

/* No body of a token is shorter. */
#define BODY_MIN 12

static bool is_quote(unsigned char c)
{
	return c == '"' || c == '\'';
}

static struct slice behind(struct slice text, size_t at)
{
	return slice_cut(text, (struct span){at < text.len ? at : text.len, text.len});
}

/* How much of a body stands there, at most BODY_MIN. */
static size_t body_len(struct slice rest)
{
	size_t len = 0;

	while (len < rest.len && len < BODY_MIN && ascii_is_alnum(rest.ptr[len]))
		len++;
	return len;
}

/* Whether the string that ends with the quote here goes on in the next one of a
 * list: `",` and `"`; then *rest is what that begins with, all there is of it. */
static bool go_to_next(struct slice *rest)
{
	size_t i = 1;

	while (i < rest->len && ascii_is_blank(rest->ptr[i]))
		i++;
	if (i < rest->len && rest->ptr[i] != ',')
		return false;
	for (i++; i < rest->len && ascii_is_blank(rest->ptr[i]);)
		i++;
	if (i < rest->len && rest->ptr[i] != '"')
		return false;
	*rest = behind(*rest, i + 1);
	return true;
}

static bool is_cut_before_line(struct slice rest)
{
	if (!go_to_next(&rest))
		return false;
	return !rest.len || (rest.ptr[0] == '_' && body_len(behind(rest, 1)) == BODY_MIN);
}

/* In the midst of a picture in base64, say: right behind a letter, and neither a code
 * nor an escape, which a token may stand behind, is near. */
static bool is_inside_word(struct slice text, size_t pos)
{
	if (pos < BODY_MIN || !ascii_is_alnum(text.ptr[pos - 1]))
		return false;
	for (size_t i = pos - BODY_MIN; i < pos; i++)
		if (!ascii_is_alnum(text.ptr[i]) && text.ptr[i] != '+' && text.ptr[i] != '/')
			return false;
	return true;
}

/* "&#0104;" or "&#X5F;" at the beginning of text: whether "h", "f" or "_" is meant. "&#039;"
 * is what many write for an apostrophe. */
static bool is_number_of_anchor(struct slice text)
{
	static const char *const numbers[] = {"104;", "102;", "95;", "68;", "66;", "5f;", "5F;"};
	bool hex = text.len > 2 && (text.ptr[2] | 0x20) == 'x';
	size_t at = hex ? 3 : 2;

	while (at < text.len && text.ptr[at] == '0')
		at++;
	for (size_t i = hex ? 3 : 0; i < (hex ? 7 : 3); i++)
		if (slice_has_prefix(behind(text, at), slice_str(numbers[i])))
			return true;
	return false;
}

/* What people put into a token by mistake: a blank, a dash, a letter of another alphabet. */
static bool is_slip(unsigned char c)
{
	return c >= 0x80 || ascii_is_blank(c) || (c && strchr("+-.,:;#@!~", c));
}

/* Whether the body, which ends at rest, goes on behind a slip. */
static bool goes_on_behind_slip(struct slice rest)
{
	size_t slip = 0;

	while (slip < 6 && slip < rest.len && is_slip(rest.ptr[slip]))
		slip++;
	return slip && body_len(behind(rest, slip)) == BODY_MIN;
}

/* A token's body without dots. */
#define BODY_LEN 34

/* Between two literals that a program joins, in a notebook's string: quotes and the
 * line's end are escaped, and the list goes on. */
static bool is_between_literals(unsigned char c)
{
	return ascii_is_blank(c) || (c && strchr("\\n\"',+.&()", c));
}

/* Whether a body that ends at rest, `body` bytes of it, is one when what stands in the
 * next literals is joined to it. */
static bool adds_up(struct slice rest, size_t body)
{
	size_t at = 0;

	while (body < BODY_LEN) {
		size_t beg = at;

		while (at < rest.len && at < beg + 64 && is_between_literals(rest.ptr[at]))
			at++;
		if (at < beg + 2 || !is_quote(rest.ptr[at - 1]))
			return false;
		for (; at < rest.len && ascii_is_alnum(rest.ptr[at]) && body <= BODY_LEN; at++)
			body++;
	}
	return body == BODY_LEN;
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
		pcre2_code *code =
			pattern->rule->prefix.len ? NULL : ready(m->patterns, pattern, &err);

		matches = code && search(m, code, pattern->rule, slice_of(plain, len), at - before,
					 at) != PCRE2_ERROR_NOMATCH;
	}
	wipe(plain, len);
	return matches;
}

/* Whether a token may begin at the candidate once escapes are undone and lists
 * joined. "hf_hub_download(" is not one, and stands in every other notebook. */
static bool is_promising(struct matcher *m, struct slice text, struct candidate candidate)
{
	size_t escape = candidate.anchor - m->patterns->anchor_count, body;
	const struct anchor_rules *users;
	struct slice rest;

	if (candidate.anchor >= m->patterns->anchor_count) {
		if (escape >= ESCAPE_COUNT)
			return false; /* what is stored so is looked at at once */
		if (escape == CUT_BEFORE_LINE)
			return is_cut_before_line(behind(text, candidate.pos + 2));
		if (escape >= ODD_NUMBER && escape < ODD_NUMBER_END)
			return is_number_of_anchor(behind(text, candidate.pos));
		return escape != CUT_BEHIND_LETTER ||
		       body_len(behind(text, candidate.pos + 3)) == BODY_MIN;
	}
	users = &m->patterns->by_anchor[candidate.anchor];
	if (users->any_body && matches_unescaped(m, users, text, candidate.pos))
		return true;
	if (is_inside_word(text, candidate.pos))
		return false;
	rest = behind(text, candidate.pos + users->len);
	body = body_len(rest);
	rest = behind(rest, body);
	if (body == BODY_MIN || rest.len < 2)
		return true;
	if (rest.ptr[0] == '"')
		return go_to_next(&rest);
	if (rest.ptr[0] == '\\' || rest.ptr[0] == '\'')
		return adds_up(rest, body) || slice_has_prefix(rest, SLICE("\\u"));
	return slice_has_prefix(rest, SLICE("\\u")) || slice_has_prefix(rest, SLICE("&#")) ||
	       (text.ptr[candidate.pos + users->len - 1] == '_' && goes_on_behind_slip(rest));
}

/* Asks one rule at one candidate. 0, or negative and *err. */
static int try_rule(struct matcher *m, struct pattern *pattern, struct slice text, size_t pos,
		    struct err *err)
{
	const struct rule *rule = pattern->rule;
	size_t beg = pos > rule->before ? pos - rule->before : 0;
	size_t end = text.len - pos > SUBJECT_AHEAD ? pos + SUBJECT_AHEAD : text.len;
	struct slice subject = slice_of(text.ptr, end);
	const PCRE2_SIZE *spans = pcre2_get_ovector_pointer(m->data);
	struct pending found = {.match.rule = rule, .pos = pos};
	pcre2_code *code = ready(m->patterns, pattern, err);
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
		coded.form = m->patterns->coded[other - ESCAPE_COUNT].form;
		coded.phase = m->patterns->coded[other - ESCAPE_COUNT].phase;
	} else if (other == CUT_BEFORE_LINE || is_promising(m, text, candidate)) {
		coded.form = escapes[other].form;
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
	size_t limit = last ? text.len : text.len > SUBJECT_AHEAD ? text.len - SUBJECT_AHEAD : 0;
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
