/* hfscan rules list | check [FILE]... | explain ID */
#include "cli/cmd.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "judge/judge.h"
#include "match/rules.h"
#include "match/rules_check.h"

#include <stdio.h>

static const char *const severities[SEVERITY_COUNT] = {"low", "medium", "high", "critical"};

static const char *verdict_word(const struct rule *rule)
{
	return rule->verdict == VERDICT_LEAK ? "leak" : "warning";
}

static const char *in(const struct options *options, const localized text)
{
	return text[options->lang] ? text[options->lang] : text[LANG_EN];
}

static int list(const struct options *options, const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->list[i];

		printf("%-26s %-8s  %-7s  ", rule->id, severities[rule->severity],
		       verdict_word(rule));
		print_safe(in(options, rule->title));
		putchar('\n');
	}
	return EXIT_CLEAN;
}

static enum verdict verdict_of(const struct rule *rule, struct slice secret)
{
	return judge_secret(rule, secret).verdict;
}

static int check(const struct options *options, struct rules *rules)
{
	int code = EXIT_CLEAN;
	struct err err;

	for (size_t i = 1; i < options->arg_count; i++) {
		if (rules_add_path(rules, options->args[i], &err) == 0)
			continue;
		complain(NULL, err.msg);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->list[i];

		if (rules_check(rules, rule, verdict_of, &err) < 0) {
			complain(NULL, err.msg);
			code = EXIT_USAGE;
		} else if (!options->quiet) {
			printf(tr("ok  %s (%zu examples, %zu counterexamples)\n"), rule->id,
			       rule->example_count, rule->counterexample_count);
		}
	}
	return code;
}

static int explain(const struct options *options, const struct rules *rules)
{
	const char *id = options->arg_count > 1 ? options->args[1] : NULL;
	const struct rule *rule = id ? rules_find(rules, id) : NULL;

	if (!id) {
		complain("rules explain", "name a rule; `hfscan rules list` shows them");
		return EXIT_USAGE;
	}
	if (!rule) {
		complain(id, "no such rule; `hfscan rules list` shows them");
		return EXIT_USAGE;
	}
	printf("%s: ", rule->id);
	print_safe(in(options, rule->title));
	printf("\n%s, %s\n\n", severities[rule->severity], verdict_word(rule));
	print_safe(in(options, rule->explanation));
	printf("\n\n%s", tr("anchors:"));
	for (size_t i = 0; i < rule->anchor_count; i++) {
		putchar(' ');
		print_safe((const char *)rule->anchors[i].ptr);
	}
	printf("\n%s", tr("pattern: "));
	print_safe(rule->pattern + rule->pattern_beg);
	putchar('\n');
	return EXIT_CLEAN;
}

int cmd_rules(const struct options *options)
{
	const char *what = options->arg_count ? options->args[0] : "list";
	struct rules *rules = cmd_load_rules(options);
	int code = EXIT_USAGE;

	if (!rules)
		return EXIT_USAGE;
	if (strcmp(what, "list") == 0)
		code = list(options, rules);
	else if (strcmp(what, "check") == 0)
		code = check(options, rules);
	else if (strcmp(what, "explain") == 0)
		code = explain(options, rules);
	else
		complain(what, "must be list, check or explain (hfscan rules --help)");
	rules_free(rules);
	return code;
}
