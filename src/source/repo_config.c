#include "source/repo_config.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/tr.h"
#include "source/pack/mapped.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

/* ---- extensions ---- */

/*
 * What git-config(1) lists under extensions.*: those that leave the layout of
 * what we read alone, or do with one value. Others are refused, as git does.
 */
static const struct {
	const char *name;
	const char *value; /* NULL: any */
	const char *refusal;
} extensions[REPO_EXTENSIONS] = {
	{"noop", NULL, NULL},
	{"objectformat", "sha1", REPO_SHA256_REFUSAL},
	{"partialclone", NULL, NULL},
	{"preciousobjects", NULL, NULL},
	{"refstorage", "files", "it keeps refs in a reftable, which is not supported"},
	{"relativeworktrees", NULL, NULL},
	{"worktreeconfig", NULL, NULL},
};

void repo_config_extensions(const char *names[REPO_EXTENSIONS])
{
	for (size_t i = 0; i < REPO_EXTENSIONS; i++)
		names[i] = extensions[i].name;
}

static void note_extension(struct repo_config *config, const char *name, const char *value)
{
	for (size_t i = 0; i < REPO_EXTENSIONS; i++) {
		const char *wanted = extensions[i].value;

		if (strcmp(name, extensions[i].name) != 0)
			continue;
		if (wanted && strcasecmp(value, wanted) != 0)
			config->refusal = extensions[i].refusal;
		return;
	}
	config->has_unknown_extension = true;
}

/* ---- what is set ---- */

static bool is_true(const char *value)
{
	static const char *const words[] = {"true", "yes", "on"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasecmp(value, words[i]) == 0)
			return true;
	return strtol(value, NULL, 10) != 0;
}

/* What is neither is nonsense to git. */
static bool is_false(const char *value)
{
	static const char *const words[] = {"", "false", "no", "off", "0"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasecmp(value, words[i]) == 0)
			return true;
	return false;
}

static void note_version(struct repo_config *config, const char *value)
{
	char *end;

	config->version = strtol(value, &end, 10);
	if (end == value || *end)
		config->version = -1;
}

/* A name without "= value" is true. */
static void note(struct repo_config *config, const char *name, const char *value)
{
	if (strcmp(name, "core.repositoryformatversion") == 0) {
		note_version(config, value);
	} else if (strcmp(name, "core.ignorecase") == 0) {
		config->ignore_case = is_true(value);
	} else if (strcmp(name, "core.bare") == 0) {
		config->has_work_tree = is_false(value);
	} else if (strcmp(name, "core.worktree") == 0) {
		config->has_work_tree = true;
	} else if (strcmp(name, "core.excludesfile") == 0) {
		free(config->excludes);
		config->excludes = xstrdup(value);
	} else if (strncmp(name, "extensions.", strlen("extensions.")) == 0) {
		note_extension(config, name + strlen("extensions."), value);
	} else if (strncmp(name, "include.", strlen("include.")) == 0 ||
		   strncmp(name, "includeif.", strlen("includeif.")) == 0) {
		config->has_include = true;
	}
}

/* ---- the language ---- */

struct parser {
	struct repo_config *config;
	struct slice rest;
	unsigned line;
	size_t section_len; /* of name, with the dot */
	struct buf name, value;
};

/* The next character, a line's end being '\n'; EOF at the end. */
static int peek(const struct parser *p)
{
	if (p->rest.len == 0)
		return EOF;
	if (p->rest.ptr[0] == '\r' && p->rest.len > 1 && p->rest.ptr[1] == '\n')
		return '\n';
	return p->rest.ptr[0];
}

static int next(struct parser *p)
{
	int c = peek(p);
	size_t len = c == EOF ? 0 : c == '\n' && p->rest.ptr[0] == '\r' ? 2 : 1;

	p->rest = slice_of(p->rest.ptr + len, p->rest.len - len);
	p->line += c == '\n';
	return c;
}

static bool is_line_end(int c)
{
	return c == '\n' || c == EOF;
}

static bool is_comment(int c)
{
	return c == '#' || c == ';';
}

static bool is_blank(int c)
{
	return c != '\n' && c != EOF && isspace(c);
}

static void skip_blanks(struct parser *p)
{
	while (is_blank(peek(p)))
		next(p);
}

static void skip_line(struct parser *p)
{
	while (!is_line_end(peek(p)))
		next(p);
}

/* Letters, digits and '-'; also_dot: the old way to write a subsection. */
static void read_word(struct parser *p, bool also_dot)
{
	for (int c = peek(p); c != EOF && (isalnum(c) || c == '-' || (also_dot && c == '.'));
	     c = peek(p))
		buf_append_byte(&p->name, (unsigned char)tolower(next(p)));
}

/* Behind its opening quote. */
static bool read_subsection(struct parser *p)
{
	for (int c = next(p); c != '"'; c = next(p)) {
		if (c == '\\')
			c = next(p);
		if (is_line_end(c))
			return false;
		buf_append_byte(&p->name, (unsigned char)c);
	}
	return true;
}

/* [name], [name "sub"] */
static bool read_section(struct parser *p)
{
	next(p);
	buf_reset(&p->name);
	read_word(p, true);
	if (p->name.len == 0)
		return false;
	if (is_blank(peek(p))) {
		skip_blanks(p);
		buf_append_byte(&p->name, '.');
		if (next(p) != '"' || !read_subsection(p))
			return false;
	}
	buf_append_byte(&p->name, '.');
	p->section_len = p->name.len;
	return next(p) == ']';
}

/* What stands behind a backslash; -1 when nothing that is known does. */
static int unescape(int c)
{
	static const char from[] = "ntb\"\\", to[] = "\n\t\b\"\\";
	const char *at = c == EOF || c == '\0' ? NULL : strchr(from, c);

	return at ? to[at - from] : -1;
}

/* Up to the line's end; blanks at both ends count within quotes only. */
static bool read_value(struct parser *p)
{
	bool quoted = false;
	size_t len = 0; /* without blanks at the end */

	for (;;) {
		int c = next(p);

		if (is_comment(c) && !quoted)
			skip_line(p);
		if (is_line_end(c) || (is_comment(c) && !quoted))
			break;
		if (c == '"') {
			quoted = !quoted;
		} else if (c == '\\' && is_line_end(peek(p))) {
			next(p);
		} else if (c == '\\') {
			c = unescape(next(p));
			if (c < 0)
				return false;
			buf_append_byte(&p->value, (unsigned char)c);
		} else {
			if (!is_blank(c) || quoted || p->value.len)
				buf_append_byte(&p->value, (unsigned char)c);
			if (is_blank(c) && !quoted)
				continue;
		}
		len = p->value.len;
	}
	buf_truncate(&p->value, len);
	return !quoted;
}

/* name, name = value; outside of a section one sets nothing. */
static bool read_entry(struct parser *p)
{
	bool is_whole = true;

	buf_truncate(&p->name, p->section_len);
	buf_reset(&p->value);
	read_word(p, false);
	skip_blanks(p);
	if (peek(p) == '=') {
		next(p);
		is_whole = read_value(p);
	} else {
		buf_append_str(&p->value, "true");
		is_whole = is_line_end(peek(p)) || is_comment(peek(p));
		skip_line(p);
	}
	if (is_whole)
		note(p->config, p->name.ptr, p->value.ptr);
	return is_whole;
}

/* One line, or what else belongs together. */
static bool read_part(struct parser *p)
{
	int c = peek(p);

	if (c == '\n' || is_blank(c))
		next(p);
	else if (is_comment(c))
		skip_line(p);
	else if (c == '[')
		return read_section(p);
	else
		return isalpha(c) && read_entry(p);
	return true;
}

static void parse(struct repo_config *config, struct slice text)
{
	static const struct slice mark = {(const unsigned char *)"\xef\xbb\xbf", 3};
	struct parser p = {.config = config, .rest = text, .line = 1};

	if (slice_has_prefix(text, mark))
		p.rest = slice_cut(text, (struct span){mark.len, text.len});
	buf_init(&p.name, BUF_MAX_FILE);
	buf_init(&p.value, BUF_MAX_FILE);
	while (p.rest.len) {
		if (read_part(&p))
			continue;
		if (!config->problem[0])
			snprintf(config->problem, sizeof(config->problem),
				 tr("is broken, at or before line %u"), p.line);
		if (p.rest.ptr[-1] != '\n')
			skip_line(&p);
	}
	buf_dispose_wiped(&p.name);
	buf_dispose_wiped(&p.value);
}

/* ---- the file ---- */

void repo_config_read(struct repo_config *config, const char *path)
{
	struct err err;
	FILE *file = text_open(path, &err);
	struct buf text;

	*config = (struct repo_config){0};
	if (!file) {
		if (err.code != HF_ENOTFOUND)
			snprintf(config->problem, sizeof(config->problem), "%.150s", err.msg);
		return;
	}
	buf_init(&text, BUF_MAX_FILE);
	if (!text_all(file, &text))
		snprintf(config->problem, sizeof(config->problem), "%s",
			 tr("cannot be read whole"));
	parse(config, buf_slice(&text));
	buf_dispose_wiped(&text); /* addresses of remotes may hold a token */
	fclose(file);
}

int repo_config_check(const struct repo_config *config, struct err *err)
{
	const char *refusal = config->refusal;

	if (config->version < 0)
		refusal = "the version of its format is no number";
	else if (config->version > 1)
		refusal = "its format is newer than version 1";
	else if (config->version == 1 && config->has_unknown_extension && !refusal)
		refusal = "it needs an extension of git that is not known here";
	return refusal ? err_set(err, HF_EGIT, "%s: %s", tr(REPO_CANNOT_OPEN), tr(refusal)) : 0;
}

void repo_config_dispose(struct repo_config *config)
{
	free(config->excludes);
	*config = (struct repo_config){0};
}
