#include "match/patterns_impl.h"

#include "base/alloc.h"
#include "base/tr.h"

#include <stdlib.h>

/* Machine code for a pattern takes as long to make as it saves when so many candidates
 * are matched by it; most runs have a handful. */
#define JIT_FROM 256

/* Where a list of lines cuts "hf_"; numbers that are written otherwise than nearly all
 * do; "h", "f" and "_" in JSON (either case of digits) and in HTML. Who writes '&' as
 * nobody does is looked at for that alone. */
const struct escape patterns_escapes[ESCAPE_COUNT] = {
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
	/* Alone it would be dealt with what code has at every other place: `"lo`, "&co". */
	{{(const unsigned char *)"hf&lowbar;", 10}, DECODED_ENTITIES},
	{{(const unsigned char *)"api&lowbar;", 11}, DECODED_ENTITIES},
	{{(const unsigned char *)"oauth&lowbar;", 13}, DECODED_ENTITIES},
};

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
}

static int make_prefilter(struct patterns *p, const struct slice *anchors, struct err *err)
{
	struct slice *all;
	size_t count = 0, others;
	int rc;

	collect_coded(p, anchors);
	others = ESCAPE_COUNT + p->coded_count;
	/* Told, since without the others a scan would pass over what it promises to find. */
	if (p->anchor_count + others > PREFILTER_MAX_ANCHORS)
		return err_set(err, HF_ELIMIT, "%zu anchors; there may be 1 to %d", p->anchor_count,
			       PREFILTER_MAX_ANCHORS - (int)others);
	all = xcalloc(p->anchor_count + ESCAPE_COUNT + p->coded_count, sizeof(*all));
	while (count < p->anchor_count) {
		all[count] = anchors[count];
		count++;
	}
	for (size_t i = 0; i < ESCAPE_COUNT; i++)
		all[count++] = patterns_escapes[i].text;
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
		return other < ESCAPE_COUNT ? patterns_escapes[other].form != DECODED_COUNT
					    : coded_goes_on(&p->coded[other - ESCAPE_COUNT], text,
							    candidate.pos);
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

pcre2_code *patterns_code(struct patterns *p, struct pattern *pattern, struct err *err)
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
	if (!patterns_code(p, &p->list[rule->index], err))
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
