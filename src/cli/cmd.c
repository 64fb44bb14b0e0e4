/* What several verbs need. */
#include "cli/cmd.h"

#include "base/quote.h"
#include "base/tr.h"
#include "match/rules.h"
#include "report/redact.h"

#include <stdio.h>

static void append_safe(struct buf *out, const char *text)
{
	struct buf masked;

	buf_init(&masked, BUF_MAX_PATH);
	redact_text(&masked, slice_str(text));
	quote_terminal(out, buf_slice(&masked));
	buf_dispose(&masked);
}

void print_safe(const char *text)
{
	struct buf safe;

	buf_init(&safe, BUF_MAX_FILE);
	append_safe(&safe, text);
	fwrite(safe.ptr, 1, safe.len, stdout);
	buf_dispose(&safe);
}

void complain(const char *path, const char *what)
{
	struct buf line;

	buf_init(&line, BUF_MAX_PATH);
	if (path) {
		append_safe(&line, path);
		buf_append_str(&line, ": ");
	}
	append_safe(&line, tr(what));
	fprintf(stderr, "hfscan: %s\n", line.ptr);
	buf_dispose(&line);
}

static int drop_disabled(struct rules *rules, const struct options *options, struct err *err)
{
	for (size_t i = 0; i < options->disabled_count; i++)
		if (!rules_drop(rules, options->disabled[i]))
			return err_set(err, HF_EUSAGE,
				       "--disable-rule: there is no rule %.100s: `hfscan rules "
				       "list` names them",
				       options->disabled[i]);
	return 0;
}

struct rules *cmd_load_rules(const struct options *options)
{
	struct rules *rules = rules_new();
	struct err err;
	int rc = 0;

	if (!options->no_default_rules)
		rc = rules_add_builtin(rules, &err);
	for (size_t i = 0; rc == 0 && i < options->rules_count; i++)
		rc = rules_add_path(rules, options->rules[i], &err);
	if (rc == 0 && rules->count == 0)
		rc = err_set(&err, HF_EUSAGE,
			     options->rules_count
				     ? "the files of --rules hold no rule"
				     : "no rules: --no-default-rules needs --rules FILE|DIR");
	if (rc == 0)
		rc = drop_disabled(rules, options, &err);
	if (rc == 0 && rules->count == 0)
		rc = err_set(&err, HF_EUSAGE, "--disable-rule leaves no rule");
	if (rc == 0)
		return rules;
	complain(NULL, err.msg);
	rules_free(rules);
	return NULL;
}
