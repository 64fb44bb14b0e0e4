/* A matcher with rules of its own, or the built-in ones. Includes go after cmocka's. */
#ifndef TESTS_FINDER_H
#define TESTS_FINDER_H

#include "match/matcher.h"
#include "match/rules.h"

struct finder {
	struct rules *rules;
	struct patterns *patterns;
	struct matcher *matcher;
};

/* json: as in a file of rules; NULL: the built-in ones. */
static void finder_init(struct finder *f, const char *json)
{
	struct err err = {.msg = ""};
	int rc;

	f->rules = rules_new();
	rc = json ? rules_add_json(f->rules, slice_str(json), "test.json", &err)
		  : rules_add_builtin(f->rules, &err);
	if (rc < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(rc, 0);
	assert_int_equal(patterns_new(&f->patterns, f->rules, &err), 0);
	f->matcher = matcher_new(f->patterns);
}

static void finder_dispose(struct finder *f)
{
	matcher_free(f->matcher);
	patterns_free(f->patterns);
	rules_free(f->rules);
}

#endif
