#include "cli/project.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/json_text.h"
#include "base/tr.h"
#include "cli/options.h"

#include <stdlib.h>

/* More, or longer ones, would be an attack on the clock. */
#define PATTERNS_MAX    1000
#define PATTERN_LEN_MAX ((size_t)256)
#define RULES_MAX       1000

struct reading {
	struct project *out;
	const struct rules *rules;
	struct slice text;
	const char *name;
	struct err *err;
};

/* The line of a key, from 1: of the first text that reads like it. */
static size_t line_of(struct slice text, const char *key)
{
	const unsigned char *at;
	size_t line1 = 1;
	struct buf quoted;

	buf_init(&quoted, BUF_MAX_LINE);
	buf_appendf(&quoted, "\"%s\"", key);
	at = memmem(text.ptr, text.len, quoted.ptr, quoted.len);
	for (const unsigned char *p = text.ptr; at && p < at; p++)
		line1 += *p == '\n';
	buf_dispose(&quoted);
	return line1;
}

static int complain_of(const struct reading *r, const char *key, const char *what)
{
	return err_set(r->err, HF_EFORMAT, "%s: line %zu: \"%.40s\" %s", r->name,
		       line_of(r->text, key), key, tr(what));
}

static void note_unknown(struct project *out, const char *id)
{
	grow_array(&out->unknown, &out->unknown_cap, out->unknown_count, sizeof(*out->unknown));
	out->unknown[out->unknown_count++] = xstrdup(id);
}

static const struct rule *find_rule(struct reading *r, const char *id)
{
	const struct rule *rule = rules_find(r->rules, id);

	if (!rule)
		note_unknown(r->out, id);
	return rule;
}

/* ---- one key each: NULL, or what is wrong ---- */

static const char *read_disabled(struct reading *r, const cJSON *value)
{
	const cJSON *item;

	if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) > RULES_MAX)
		return "must be a list of rules' ids";
	cJSON_ArrayForEach(item, value)
	{
		const struct rule *rule;

		if (!cJSON_IsString(item))
			return "must be a list of rules' ids";
		rule = find_rule(r, item->valuestring);
		if (rule)
			r->out->off[rule->index] = true;
	}
	return NULL;
}

static const char *read_ignore(struct reading *r, const cJSON *value)
{
	const char *wrong = NULL;
	const cJSON *item;
	struct buf text;

	if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) > PATTERNS_MAX)
		return "must be a list of at most 1000 patterns";
	buf_init(&text, BUF_MAX_FILE);
	cJSON_ArrayForEach(item, value)
	{
		size_t len = cJSON_IsString(item) ? strlen(item->valuestring) : 0;

		if (!len || len > PATTERN_LEN_MAX || strpbrk(item->valuestring, "\r\n"))
			wrong = "must hold patterns of one line each, of at most 256 bytes";
		else
			buf_appendf(&text, "%s\n", item->valuestring);
	}
	if (!wrong)
		r->out->ignore = path_rules_new(buf_slice(&text));
	buf_dispose(&text);
	return wrong;
}

static const char *read_severity(struct reading *r, const cJSON *value)
{
	static const char *const words[SEVERITY_COUNT] = {"low", "medium", "high", "critical"};
	const cJSON *item;

	if (!cJSON_IsObject(value) || cJSON_GetArraySize(value) > RULES_MAX)
		return "must be an object of rules' ids and severities";
	cJSON_ArrayForEach(item, value)
	{
		const struct rule *rule = find_rule(r, item->string);
		int word = 0;

		while (word < SEVERITY_COUNT &&
		       !(cJSON_IsString(item) && strcmp(item->valuestring, words[word]) == 0))
			word++;
		if (word == SEVERITY_COUNT)
			return "must name low, medium, high or critical";
		if (rule && r->out->severity[rule->index] != SEVERITY_COUNT)
			return "names a rule twice";
		if (rule)
			r->out->severity[rule->index] = (enum severity)word;
	}
	return NULL;
}

static const char *read_lang(struct reading *r, const cJSON *value)
{
	if (!cJSON_IsString(value))
		return "must be en or es";
	if (strcmp(value->valuestring, "en") == 0)
		r->out->lang = LANG_EN;
	else if (strcmp(value->valuestring, "es") == 0)
		r->out->lang = LANG_ES;
	return r->out->lang == LANG_COUNT ? "must be en or es" : NULL;
}

/* For editors. */
static const char *skip(struct reading *r, const cJSON *value)
{
	(void)r;
	(void)value;
	return NULL;
}

static const struct {
	const char *key;
	const char *(*read)(struct reading *r, const cJSON *value);
} keys[] = {
	{"disable-rule", read_disabled},
	{"ignore", read_ignore},
	{"severity", read_severity},
	{"lang", read_lang},
	{"$schema", skip},
};

#define KEY_COUNT (sizeof(keys) / sizeof(*keys))

/* ---- all ---- */

static bool is_option(const char *name)
{
	for (const struct option *o = options_table(); o->name; o++)
		if (strcmp(o->name, name) == 0)
			return true;
	return false;
}

static int read_object(struct reading *r, const cJSON *root)
{
	bool seen[KEY_COUNT] = {false};
	const cJSON *item;

	if (!cJSON_IsObject(root))
		return err_set(r->err, HF_EFORMAT, "%s: line 1: must be an object", r->name);
	cJSON_ArrayForEach(item, root)
	{
		const char *wrong;
		size_t i = 0;

		while (i < KEY_COUNT && strcmp(keys[i].key, item->string) != 0)
			i++;
		if (i == KEY_COUNT)
			return complain_of(
				r, item->string,
				is_option(item->string)
					? "is for whoever scans to say; a repository may "
					  "set disable-rule, ignore, severity and lang"
					: "is no key of this file; a repository may set "
					  "disable-rule, ignore, severity and lang");
		wrong = seen[i] ? "is there twice" : keys[i].read(r, item);
		if (wrong)
			return complain_of(r, item->string, wrong);
		seen[i] = true;
	}
	return 0;
}

int project_read(struct project *out, struct slice text, const char *name,
		 const struct rules *rules, struct err *err)
{
	struct reading r = {out, rules, text, name, err};
	cJSON *root = NULL;
	int rc;

	*out = (struct project){.lang = LANG_COUNT};
	out->off = xcalloc(rules->count, sizeof(*out->off));
	out->severity = xcalloc(rules->count, sizeof(*out->severity));
	for (size_t i = 0; i < rules->count; i++)
		out->severity[i] = SEVERITY_COUNT;
	rc = json_text_parse(&root, text, name, err);
	if (rc == 0)
		rc = read_object(&r, root);
	cJSON_Delete(root);
	return rc;
}

void project_dispose(struct project *config)
{
	for (size_t i = 0; i < config->unknown_count; i++)
		free(config->unknown[i]);
	free(config->unknown);
	path_rules_free(config->ignore);
	free(config->severity);
	free(config->off);
}
