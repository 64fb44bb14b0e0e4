/* A parser that knows nothing but the table (options_table.c). */
#include "cli/options.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/lang.h"
#include "base/tr.h"
#include "cli/user_config.h"
#include "report/redact.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- complaints ---- */

/* A word from the command line, masked: it may be a token. */
static int usage(struct err *err, const char *word, const char *what)
{
	struct buf masked;
	int rc;

	buf_init(&masked, 200);
	redact_text(&masked, slice_str(word));
	rc = err_set(err, HF_EUSAGE, "%s: %s", masked.ptr, tr(what));
	buf_dispose(&masked);
	return rc;
}

/* How many letters one must change, add or drop to get from a to b
 * (Levenshtein), for words of at most 31 letters. */
static size_t distance(const char *a, const char *b)
{
	size_t row[32], len = strlen(b);

	if (strlen(a) > 31 || len > 31)
		return 32;
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= len; j++) {
			size_t best = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			if (corner + 1 < best)
				best = corner + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[len];
}

/* Whether `name` is nearer to the word than *least, which then becomes its distance. */
static bool is_nearer(const char *word, const char *name, size_t *least)
{
	size_t d = distance(word, name);

	if (d >= *least)
		return false;
	*least = d;
	return true;
}

/* So many letters are no typo any more: "--foo" is none of --jobs. */
static size_t typos_max(const char *word)
{
	return strlen(word) / 2 < 4 ? strlen(word) / 2 : 4;
}

bool options_guess(struct buf *out, const char *word)
{
	size_t least = typos_max(word);

	for (const struct verb *v = verbs_table(); v->name; v++)
		if (is_nearer(word, v->name, &least)) {
			buf_reset(out);
			buf_append_str(out, v->name);
		}
	for (const struct option *o = options_table(); o->name; o++)
		if (strcmp(word, o->name) == 0) {
			buf_reset(out);
			buf_appendf(out, "--%s", o->name);
		}
	return out->len > 0;
}

static int unknown_option(struct err *err, const char *word, const char *name)
{
	const char *nearest = NULL;
	size_t least = typos_max(name);
	char what[200];

	for (const struct option *o = options_table(); o->name; o++)
		if (is_nearer(name, o->name, &least))
			nearest = o->name;
	if (nearest)
		snprintf(what, sizeof(what),
			 tr("unknown option; did you mean --%s? (hfscan --help lists them)"),
			 nearest);
	else
		snprintf(what, sizeof(what), "unknown option (hfscan --help lists them)");
	return usage(err, word, what);
}

/* ---- parsing ---- */

struct parser {
	struct options *out;
	int argc, at; /* at: the word after the present one */
	char **argv;
	unsigned used; /* verbs that know all options seen so far */
	const struct option *seen[64];
	size_t seen_count;
	size_t given;         /* of those, on the command line */
	size_t given_reports; /* of out->reports, there, too */
	struct err *err;
};

static const struct option *find_long(const char *name, size_t len)
{
	for (const struct option *o = options_table(); o->name; o++)
		if (strlen(o->name) == len && strncmp(o->name, name, len) == 0)
			return o;
	return NULL;
}

static const struct option *find_short(char letter)
{
	for (const struct option *o = options_table(); o->name; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

static bool is_choice(const struct option *option, const char *value)
{
	struct buf choices;
	const char *at;
	size_t len = strlen(value);
	bool found = false;

	if (!option->choices)
		return true;
	buf_init(&choices, BUF_MAX_LINE);
	options_choices(&choices, option);
	for (at = choices.ptr; !found && *at; at += strcspn(at, " "), at += *at == ' ')
		found = strcspn(at, " ") == len && strncmp(at, value, len) == 0;
	buf_dispose(&choices);
	return found;
}

static int bad_choice(struct parser *p, const char *word, const struct option *option)
{
	struct buf what;
	int rc;

	buf_init(&what, 200);
	buf_appendf(&what, tr("--%s must be one of: "), option->name);
	options_choices(&what, option);
	rc = usage(p->err, *word ? word : "''", what.ptr);
	buf_dispose(&what);
	return rc;
}

/* Once each, so that there is room for the whole table. */
static void note_seen(struct parser *p, const struct option *option)
{
	for (size_t i = 0; i < p->seen_count; i++)
		if (p->seen[i] == option)
			return;
	if (p->seen_count < sizeof(p->seen) / sizeof(*p->seen))
		p->seen[p->seen_count++] = option;
}

/* value: what was given with '=' or glued to the letter; NULL when nothing. */
static int apply(struct parser *p, const char *word, const struct option *option, const char *value)
{
	const char *complaint;

	if (value && !option->argument)
		return usage(p->err, word, "this option takes no value");
	if (option->argument && !value) {
		if (p->at == p->argc)
			return usage(p->err, word, "this option needs a value behind it");
		value = p->argv[p->at++];
	}
	if (!is_choice(option, value ? value : ""))
		return bad_choice(p, value, option);
	complaint = option->set(p->out, value);
	if (complaint)
		return usage(p->err, word, complaint);
	note_seen(p, option);
	return 0;
}

static int parse_long(struct parser *p, const char *word)
{
	const char *name = word + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct option *option = find_long(name, len);
	char known[64];

	if (option)
		return apply(p, word, option, equals ? equals + 1 : NULL);
	snprintf(known, sizeof(known), "%.*s", (int)(len < 63 ? len : 63), name);
	return unknown_option(p->err, word, known);
}

/* -qv, -j4, -f json */
static int parse_short(struct parser *p, const char *word)
{
	for (const char *letter = word + 1; *letter; letter++) {
		const struct option *option = find_short(*letter);
		int rc;

		if (!option)
			return unknown_option(p->err, word, letter);
		if (option->argument)
			return apply(p, word, option, letter[1] ? letter + 1 : NULL);
		rc = apply(p, word, option, NULL);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static bool is_verb(const char *word)
{
	for (const struct verb *v = verbs_table(); v->name; v++)
		if (strcmp(v->name, word) == 0)
			return true;
	return false;
}

static void take_word(struct parser *p, char *word)
{
	struct options *o = p->out;

	if (!o->verb_given && o->arg_count == 0 && is_verb(word)) {
		o->verb = word;
		o->verb_given = true;
		return;
	}
	o->args[o->arg_count++] = word;
}

static int parse_words(struct parser *p)
{
	bool only_words = false;
	int rc = 0;

	while (rc == 0 && p->at < p->argc) {
		char *word = p->argv[p->at++];

		if (only_words || word[0] != '-' || word[1] == '\0') {
			if (only_words)
				p->out->args[p->out->arg_count++] = word;
			else
				take_word(p, word);
		} else if (strcmp(word, "--") == 0) {
			only_words = true;
		} else {
			rc = word[1] == '-' ? parse_long(p, word) : parse_short(p, word);
		}
	}
	return rc;
}

/* ---- what fits together ---- */

static unsigned bit_of_verb(const char *name)
{
	unsigned bit = 1;

	for (const struct verb *v = verbs_table(); v->name; v++, bit <<= 1)
		if (strcmp(v->name, name) == 0)
			return bit;
	return 0;
}

static bool has_stdin(const struct options *o)
{
	for (size_t i = 0; i < o->arg_count; i++)
		if (strcmp(o->args[i], "-") == 0)
			return true;
	return false;
}

/* The index alone: no other source, and no history. */
static int check_staged(struct err *err, const struct options *o)
{
	const struct {
		bool given;
		const char *name;
	} others[] = {
		{o->files_from, "--files-from"}, {has_stdin(o), "'-' among the PATHs"},
		{o->repos_from, "--repos-from"}, {o->ignored, "--ignored"},
		{o->range, "--range"},           {o->since_commit, "--since-commit"},
		{o->branch, "--branch"},         {o->history_only, "--history-only"},
	};

	for (size_t i = 0; o->staged && i < sizeof(others) / sizeof(*others); i++)
		if (others[i].given)
			return err_set(err, HF_EUSAGE, "--staged: cannot go with %s",
				       tr(others[i].name));
	return 0;
}

/* Each of the options that choose commits excludes what is set against it. */
static int check_history(struct err *err, const struct options *o)
{
	const struct {
		bool given;
		const char *name;
	} choices[] = {
		{o->range, "--range"},
		{o->since_commit, "--since-commit"},
		{o->branch, "--branch"},
		{o->history_only, "--history-only"},
	};
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++) {
		if (!choices[i].given)
			continue;
		if (o->no_history)
			return err_set(err, HF_EUSAGE, "--no-history: cannot go with %s",
				       choices[i].name);
		if (first && !o->history_only)
			return err_set(err, HF_EUSAGE, "%s: cannot go with %s", choices[i].name,
				       first);
		first = choices[i].name;
	}
	return 0;
}

/* Reports that are asked for on standard output. */
static unsigned count_stdout(const struct options *o)
{
	bool plain = o->output ? strcmp(o->output, "-") == 0 : o->format_given;
	unsigned count = plain;

	for (size_t i = 0; i < o->report_count; i++)
		count += strcmp(o->reports[i].file, "-") == 0;
	return count;
}

/* Standard input is read once. */
static int check_stdin(struct err *err, const struct options *o)
{
	bool files = o->files_from && strcmp(o->files_from, "-") == 0;
	bool repos = o->repos_from && strcmp(o->repos_from, "-") == 0;

	if (files && repos)
		return err_set(err, HF_EUSAGE,
			       "--repos-from: standard input cannot be two lists at once");
	if ((files || repos) && has_stdin(o))
		return err_set(err, HF_EUSAGE, "%s: standard input cannot be list and PATH at once",
			       files ? "--files-from" : "--repos-from");
	return 0;
}

static int check_together(const struct parser *p)
{
	const struct options *o = p->out;
	unsigned bit = bit_of_verb(o->verb);
	char word[64];

	for (size_t i = 0; i < p->seen_count; i++) {
		if (p->seen[i]->verbs & bit)
			continue;
		snprintf(word, sizeof(word), "--%s", p->seen[i]->name);
		return err_set(p->err, HF_EUSAGE, "%s: not an option of `hfscan %s`", word,
			       o->verb);
	}
	if (o->nul_separated && !o->files_from && !o->repos_from)
		return err_set(p->err, HF_EUSAGE,
			       "--null: needs --files-from or --repos-from, whose names it is "
			       "about");
	if (o->stdin_name && !has_stdin(o))
		return err_set(p->err, HF_EUSAGE, "--stdin-name: needs '-' among the PATHs");
	if (count_stdout(o) > 1)
		return err_set(
			p->err, HF_EUSAGE,
			"--report: standard output takes one report; name a file for the other");
	if (check_stdin(p->err, o) < 0)
		return p->err->code;
	if ((o->fail_on_live || o->only_live) && !o->verify)
		return err_set(p->err, HF_EUSAGE, "%s: needs --verify, which finds it out",
			       o->only_live ? "--only-live" : "--fail-on live");
	if (check_staged(p->err, o) < 0)
		return p->err->code;
	return check_history(p->err, o);
}

/* ---- the user's own configuration ---- */

/* On the command line one of these beats all of them, for they do not go together. */
static const char *const rivals[][8] = {
	{"no-history", "history-only", "range", "since-commit", "branch", "all", "staged",
	 "files-from"},
	{"color", "no-color"},
	{"quiet", "verbose"},
};

static bool names_both(const char *const *names, const char *a, const char *b)
{
	unsigned found = 0;

	for (size_t i = 0; i < sizeof(rivals[0]) / sizeof(rivals[0][0]) && names[i]; i++)
		found += strcmp(names[i], a) == 0 || strcmp(names[i], b) == 0;
	return found == 2;
}

static bool is_beaten(const struct parser *p, const struct option *option)
{
	for (size_t i = 0; i < p->given; i++) {
		if (p->seen[i] == option)
			return true;
		for (size_t j = 0; j < sizeof(rivals) / sizeof(rivals[0]); j++)
			if (names_both(rivals[j], p->seen[i]->name, option->name))
				return true;
	}
	return false;
}

/* Who asks for a report on standard output asks for no other there. */
static bool is_replaced(const struct parser *p, const struct option *option)
{
	const struct options *o = p->out;

	if (strcmp(option->name, "format") != 0 || o->output)
		return false;
	for (size_t i = 0; i < p->given_reports; i++)
		if (strcmp(o->reports[i].file, "-") == 0)
			return true;
	return false;
}

/* One of another verb is for when that is called. */
static const char *take_configured(void *payload, const struct option *option, const char *value)
{
	struct parser *p = payload;

	if (!(option->verbs & bit_of_verb(p->out->verb)) || is_beaten(p, option) ||
	    is_replaced(p, option))
		return NULL;
	if (!is_choice(option, value ? value : ""))
		return "must be one of those that --help lists";
	note_seen(p, option);
	return option->set(p->out, value);
}

static int take_config(struct parser *p, const char *file)
{
	p->given = p->seen_count;
	p->given_reports = p->out->report_count;
	return user_config_read(file, p->out, take_configured, p, p->err);
}

int options_parse(struct options *out, int argc, char **argv, struct err *err)
{
	return options_parse_with(out, argc, argv, NULL, err);
}

/* A mistake that stands before --lang is told in that language, too. */
static void hear_lang(int argc, char **argv)
{
	static const char name[] = "--lang";

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *value = argv[i] + strlen(name);

		if (strncmp(argv[i], name, strlen(name)) != 0 || (*value && *value != '='))
			continue;
		value = *value ? value + 1 : i + 1 < argc ? argv[i + 1] : "";
		if (strcmp(value, "es") == 0 || strcmp(value, "en") == 0)
			tr_set(value[1] == 's' ? LANG_ES : LANG_EN);
	}
}

int options_parse_with(struct options *out, int argc, char **argv, const char *file,
		       struct err *err)
{
	struct parser p = {.out = out, .argc = argc, .at = 1, .argv = argv, .err = err};
	int rc;

	*out = (struct options){.verb = "scan",
				.format = "text",
				.max_memory = (uint64_t)1 << 30,
				.max_depth = 4,
				.verify_jobs = 1,
				.verify_timeout = 10,
				.lang = lang_of_locale()};
	out->args = xcalloc((size_t)argc + 1, sizeof(*out->args));
	hear_lang(argc, argv);
	rc = parse_words(&p);
	if (rc == 0 && file && !out->help && !out->version && !out->generate && !out->no_config)
		rc = take_config(&p, file);
	if (rc == 0 && !out->help && !out->version)
		rc = check_together(&p);
	return rc;
}

void options_dispose(struct options *options)
{
	free(options->args);
	free(options->rules);
	free(options->disabled);
	free(options->reports);
	for (size_t i = 0; i < options->kept_count; i++)
		free(options->kept[i]);
	free(options->kept);
}
