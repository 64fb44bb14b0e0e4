#include "match/rules_check.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/tr.h"
#include "match/matcher.h"
#include "match/sample.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

/* As long as a scanner's window: what is bad in there shows. */
#define STRAIN_LEN ((size_t)64 << 10)

struct trial {
	const struct rule *rule;
	struct patterns *patterns;
	struct matcher *matcher;
	rules_judge_fn judge;
	struct err *err;
};

static int refuse(const struct trial *t, const char *what, const char *kind, size_t number)
{
	int rc;

	if (kind)
		rc = err_set(t->err, HF_EFORMAT, "%s: rule %s at offset %zu: %s %zu %s",
			     t->rule->file, t->rule->id, t->rule->file_offset, kind, number + 1,
			     tr(what));
	else
		rc = err_set(t->err, HF_EFORMAT, "%s: rule %s at offset %zu: %s", t->rule->file,
			     t->rule->id, t->rule->file_offset, tr(what));
	t->err->offset = t->rule->file_offset;
	return rc;
}

/* ---- the pattern by itself ---- */

static int check_pattern(const struct trial *t)
{
	uint32_t can_be_empty = 0, min_len = 0;
	PCRE2_SIZE offset;
	int errnum;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)t->rule->pattern, PCRE2_ZERO_TERMINATED,
					 PCRE2_NEVER_UTF, &errnum, &offset, NULL);

	if (!code) /* patterns_compile_all() has told */
		return HF_EFORMAT;
	pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &can_be_empty);
	pcre2_pattern_info(code, PCRE2_INFO_MINLENGTH, &min_len);
	pcre2_code_free(code);
	if (can_be_empty || min_len == 0)
		return refuse(t, "the pattern can match nothing at all", NULL, 0);
	return 0;
}

/* ---- examples ---- */

struct outcome {
	const struct trial *trial;
	struct slice text;
	bool matched; /* by this rule, whatever the verdict */
	bool as_wanted;
};

static int look(void *payload, const struct match *match)
{
	struct outcome *o = payload;

	if (match->rule != o->trial->rule)
		return 0;
	o->matched = true;
	if (o->trial->judge(match->rule, slice_cut(o->text, match->secret)) == match->rule->verdict)
		o->as_wanted = true;
	return 0;
}

/* Whether the pattern matches somewhere, anchors or not. */
static bool matches_plainly(const struct trial *t, struct slice text)
{
	PCRE2_SIZE offset;
	int errnum, rc;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)t->rule->pattern, PCRE2_ZERO_TERMINATED,
					 PCRE2_NEVER_UTF, &errnum, &offset, NULL);
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);

	rc = pcre2_match(code, text.ptr, text.len, 0, 0, data, NULL);
	pcre2_match_data_free(data);
	pcre2_code_free(code);
	return rc > 0;
}

static int run_example(const struct trial *t, struct slice text, struct outcome *out)
{
	size_t resume;

	*out = (struct outcome){.trial = t, .text = text};
	return matcher_run(t->matcher, text, 0, true, look, NULL, out, &resume, t->err);
}

static int judge_example(const struct trial *t, struct slice text, bool wanted, const char *kind,
			 size_t number)
{
	struct outcome o;

	if (run_example(t, text, &o) < 0)
		return refuse(t, "hits PCRE2's limits", kind, number);
	if (!wanted)
		return o.as_wanted ? refuse(t, "matches and must not", kind, number) : 0;
	if (o.as_wanted)
		return 0;
	if (o.matched)
		return refuse(t, "is judged a placeholder", kind, number);
	if (matches_plainly(t, text))
		return refuse(t, "matches, but not at one of the anchors (see \"before\")", kind,
			      number);
	return refuse(t, "does not match", kind, number);
}

static int check_examples(const struct trial *t, char **examples, size_t count, bool wanted,
			  const char *kind)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct buf text;

		buf_init(&text, BUF_MAX_LINE);
		sample_expand(&text, slice_str(examples[i]));
		rc = judge_example(t, buf_slice(&text), wanted, kind, i);
		buf_dispose(&text);
	}
	return rc;
}

/* ---- strain ---- */

/* An anchor, then its own bytes or one of these again and again, and an example
 * behind, for PCRE2 gives up early where a byte that every match has is missing. */
static int check_strain(const struct trial *t, struct slice anchor)
{
	static const struct slice runs[] = {
		{(const unsigned char *)"a", 1},
		{(const unsigned char *)"aB3", 3},
		{(const unsigned char *)"a.", 2},
		{(const unsigned char *)"aaaaaaaaaaaa.", 13},
		{(const unsigned char *)"_-", 2},
		{(const unsigned char *)" ", 1},
		{NULL, 0},
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(runs) / sizeof(*runs); i++) {
		struct slice run = runs[i].len ? runs[i] : anchor;
		struct outcome o;
		struct buf text;

		buf_init(&text, BUF_MAX_FILE);
		buf_append_slice(&text, anchor);
		while (text.len < STRAIN_LEN)
			buf_append_slice(&text, run);
		if (t->rule->example_count)
			sample_expand(&text, slice_str(t->rule->examples[0]));
		if (run_example(t, buf_slice(&text), &o) < 0)
			rc = refuse(t,
				    "the pattern hits PCRE2's limits on a long run of characters",
				    NULL, 0);
		buf_dispose(&text);
	}
	return rc;
}

int rules_check(const struct rules *rules, const struct rule *rule, rules_judge_fn judge,
		struct err *err)
{
	struct trial t = {.rule = rule, .judge = judge, .err = err};
	int rc = patterns_new(&t.patterns, rules, err);

	if (rc < 0)
		return rc;
	rc = patterns_compile(t.patterns, rule, err);
	t.matcher = matcher_new(t.patterns);
	if (rc == 0)
		rc = check_pattern(&t);
	if (rc == 0)
		rc = check_examples(&t, rule->examples, rule->example_count, true, "example");
	if (rc == 0)
		rc = check_examples(&t, rule->counterexamples, rule->counterexample_count, false,
				    "counterexample");
	for (size_t i = 0; rc == 0 && i < rule->anchor_count; i++)
		rc = check_strain(&t, rule->anchors[i]);
	matcher_free(t.matcher);
	patterns_free(t.patterns);
	return rc;
}
