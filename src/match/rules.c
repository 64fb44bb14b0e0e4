/*
 * From JSON to struct rule. A table says which key goes where and how, so that
 * an unknown key or a wrong type is told and never ignored: a rule that is
 * silently half-read is a leak that is silently missed.
 */
#include "match/rules.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/json_text.h"
#include "base/tr.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const lang_keys[LANG_COUNT] = {[LANG_EN] = "en", [LANG_ES] = "es"};
static const char *const severity_words[SEVERITY_COUNT] = {"low", "medium", "high", "critical"};
static const char *const verdict_words[] = {[VERDICT_LEAK] = "leak", [VERDICT_WARNING] = "warning"};
static const char *const body_words[BODY_COUNT] = {"random", "jwt", "any"};

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

/* ---- reading one value: 0, or what is wrong with it ---- */

typedef const char *(*read_fn)(struct rule *rule, const cJSON *value);

static int find_word(const cJSON *value, const char *const *words, size_t count)
{
	for (size_t i = 0; cJSON_IsString(value) && i < count; i++)
		if (strcmp(value->valuestring, words[i]) == 0)
			return (int)i;
	return -1;
}

static const char *read_text(char **out, const cJSON *value)
{
	if (!cJSON_IsString(value) || !*value->valuestring)
		return "must be a text that is not empty";
	*out = xstrdup(value->valuestring);
	return NULL;
}

static const char *read_localized(localized out, const cJSON *value)
{
	const cJSON *item;

	if (!cJSON_IsObject(value))
		return "must be an object with \"en\" and, if you like, \"es\"";
	cJSON_ArrayForEach(item, value)
	{
		const cJSON wanted = {.type = cJSON_String, .valuestring = item->string};
		int lang = find_word(&wanted, lang_keys, LANG_COUNT);

		if (lang < 0 || out[lang])
			return "may hold \"en\" and \"es\", once each";
		if (read_text(&out[lang], item))
			return "holds a text that is empty or no text";
	}
	return out[LANG_EN] ? NULL : "lacks \"en\"";
}

static const char *read_id(struct rule *rule, const cJSON *value)
{
	const char *complaint = read_text(&rule->id, value);

	if (!complaint && rule->id[strspn(rule->id, "abcdefghijklmnopqrstuvwxyz0123456789-")])
		return "may hold small letters, digits and '-'";
	return complaint;
}

static const char *read_title(struct rule *rule, const cJSON *value)
{
	return read_localized(rule->title, value);
}

static const char *read_explanation(struct rule *rule, const cJSON *value)
{
	return read_localized(rule->explanation, value);
}

static const char *read_severity(struct rule *rule, const cJSON *value)
{
	int word = find_word(value, severity_words, SEVERITY_COUNT);

	if (word < 0)
		return "must be low, medium, high or critical";
	rule->severity = (enum severity)word;
	return NULL;
}

static const char *read_verdict(struct rule *rule, const cJSON *value)
{
	int word = find_word(value, verdict_words, COUNT_OF(verdict_words));

	if (word < 0)
		return "must be leak or warning";
	rule->verdict = (enum verdict)word;
	return NULL;
}

static const char *read_anchors(struct rule *rule, const cJSON *value)
{
	const cJSON *item;
	size_t cap = 0;

	if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) == 0)
		return "must be a list of at least one text";
	cJSON_ArrayForEach(item, value)
	{
		size_t len = cJSON_IsString(item) ? strlen(item->valuestring) : 0;

		if (len < 2 || len > 32)
			return "must hold texts of 2 to 32 bytes";
		grow_array(&rule->anchors, &cap, rule->anchor_count, sizeof(*rule->anchors));
		rule->anchors[rule->anchor_count++] = slice_of(xstrdup(item->valuestring), len);
	}
	return NULL;
}

static const char *read_before(struct rule *rule, const cJSON *value)
{
	if (!cJSON_IsNumber(value) || value->valuedouble < 0 || value->valuedouble > 1024)
		return "must be a number from 0 to 1024";
	rule->before = (size_t)value->valuedouble;
	return NULL;
}

static const char *read_prefix(struct rule *rule, const cJSON *value)
{
	if (!cJSON_IsString(value))
		return "must be a text";
	rule->prefix = slice_str(xstrdup(value->valuestring));
	return NULL;
}

static const char *read_pattern(struct rule *rule, const cJSON *value)
{
	return read_text(&rule->pattern, value);
}

static const char *read_judge(struct rule *rule, const cJSON *value)
{
	const cJSON *item;

	if (!cJSON_IsObject(value))
		return "must be an object";
	cJSON_ArrayForEach(item, value)
	{
		int body = find_word(item, body_words, BODY_COUNT);
		bool number =
			cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble <= 1000;

		if (strcmp(item->string, "body") == 0 && body >= 0)
			rule->judge.body = (enum body_kind)body;
		else if (strcmp(item->string, "min_entropy") == 0 && number)
			rule->judge.min_entropy = item->valuedouble;
		else if (strcmp(item->string, "min_distinct") == 0 && number)
			rule->judge.min_distinct = (unsigned)item->valuedouble;
		else if (strcmp(item->string, "min_each_case") == 0 && number)
			rule->judge.min_each_case = (unsigned)item->valuedouble;
		else
			return "may hold body (random, jwt, any) and the numbers min_entropy, "
			       "min_distinct, min_each_case";
	}
	return NULL;
}

static bool read_texts(char ***out, size_t *count, const cJSON *value)
{
	const cJSON *item;
	size_t cap = 0;

	if (!cJSON_IsArray(value) || *count)
		return false;
	cJSON_ArrayForEach(item, value)
	{
		if (!cJSON_IsString(item))
			return false;
		grow_array(out, &cap, *count, sizeof(**out));
		(*out)[(*count)++] = xstrdup(item->valuestring);
	}
	return true;
}

static const char *read_examples(struct rule *rule, const cJSON *value)
{
	const cJSON *item;

	if (!cJSON_IsObject(value))
		return "must be an object";
	cJSON_ArrayForEach(item, value)
	{
		bool match = strcmp(item->string, "match") == 0;

		if (!match && strcmp(item->string, "no_match") != 0)
			return "may hold the lists match and no_match";
		if (!read_texts(match ? &rule->examples : &rule->counterexamples,
				match ? &rule->example_count : &rule->counterexample_count, item))
			return "must hold lists of texts";
	}
	return rule->example_count ? NULL : "lacks a match: show at least one";
}

/* ---- one rule ---- */

static const struct {
	const char *key;
	read_fn read;
	bool needed;
} rule_keys[] = {
	{"id", read_id, true},
	{"title", read_title, true},
	{"explanation", read_explanation, true},
	{"severity", read_severity, true},
	{"verdict", read_verdict, false},
	{"anchors", read_anchors, true},
	{"before", read_before, false},
	{"prefix", read_prefix, false},
	{"pattern", read_pattern, true},
	{"judge", read_judge, true},
	{"examples", read_examples, true},
};

/* Where a complaint belongs. */
struct place {
	const char *file;
	size_t offset;
	struct err *err;
};

static int complain(const struct place *at, const struct rule *rule, const char *key,
		    const char *what)
{
	int rc = err_set(at->err, HF_EFORMAT, "%s: %s%s at offset %zu: \"%s\" %s", at->file,
			 rule && rule->id ? tr("rule ") : tr("rule"),
			 rule && rule->id ? rule->id : "", at->offset, key, tr(what));

	if (at->err)
		at->err->offset = at->offset;
	return rc;
}

static int find_key(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(rule_keys); i++)
		if (strcmp(rule_keys[i].key, name) == 0)
			return (int)i;
	return -1;
}

static int read_rule(struct rule *rule, const cJSON *object, const struct place *at)
{
	bool seen[COUNT_OF(rule_keys)] = {false};
	const cJSON *item;

	if (!cJSON_IsObject(object))
		return complain(at, NULL, "rules", "must hold objects");
	cJSON_ArrayForEach(item, object)
	{
		int key = find_key(item->string);
		const char *complaint;

		if (key < 0)
			return complain(at, rule, item->string, "is no key of a rule");
		if (seen[key])
			return complain(at, rule, item->string, "is there twice");
		seen[key] = true;
		complaint = rule_keys[key].read(rule, item);
		if (complaint)
			return complain(at, rule, item->string, complaint);
	}
	for (size_t i = 0; i < COUNT_OF(rule_keys); i++)
		if (rule_keys[i].needed && !seen[i])
			return complain(at, rule, rule_keys[i].key, "is missing");
	return 0;
}

static void free_texts(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

static void rule_dispose(struct rule *rule)
{
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		free(rule->title[lang]);
		free(rule->explanation[lang]);
	}
	for (size_t i = 0; i < rule->anchor_count; i++)
		free((void *)rule->anchors[i].ptr);
	free(rule->anchors);
	free_texts(rule->examples, rule->example_count);
	free_texts(rule->counterexamples, rule->counterexample_count);
	free((void *)rule->prefix.ptr);
	free(rule->pattern);
	free(rule->id);
}

/* ---- one file ---- */

/* Appends "(?(DEFINE)(?<NAME>...)...)". */
static int read_definitions(struct buf *out, const cJSON *object, const struct place *at)
{
	const cJSON *item;

	if (!cJSON_IsObject(object))
		return complain(at, NULL, "define", "must be an object");
	buf_append_str(out, "(?(DEFINE)");
	cJSON_ArrayForEach(item, object)
	{
		if (!cJSON_IsString(item))
			return complain(at, NULL, "define", "must hold texts");
		buf_appendf(out, "(?<%s>", item->string);
		buf_append_str(out, item->valuestring);
		buf_append_str(out, ")");
	}
	buf_append_str(out, ")");
	return 0;
}

static struct rule *find_rule(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->count; i++)
		if (strcmp(rules->list[i].id, id) == 0)
			return &rules->list[i];
	return NULL;
}

static int read_rules(struct rules *out, const cJSON *list, struct json_objects *objects,
		      struct place *at)
{
	const cJSON *item;
	size_t cap = 0;

	if (!cJSON_IsArray(list))
		return complain(at, NULL, "rules", "must be a list");
	cJSON_ArrayForEach(item, list)
	{
		struct rule rule = {0};
		int rc;

		at->offset = json_text_next_object(objects);
		rule.file_offset = at->offset;
		rc = read_rule(&rule, item, at);
		if (rc == 0 && find_rule(out, rule.id))
			rc = complain(at, &rule, "id", "is there twice in this file");
		if (rc < 0) {
			rule_dispose(&rule);
			return rc;
		}
		grow_array(&out->list, &cap, out->count, sizeof(*out->list));
		out->list[out->count++] = rule;
	}
	return 0;
}

static void put_definitions(struct rule *rule, struct slice definitions)
{
	struct buf whole;

	buf_init(&whole, BUF_MAX_FILE);
	buf_append_slice(&whole, definitions);
	buf_append_str(&whole, rule->pattern);
	free(rule->pattern);
	rule->pattern = buf_detach(&whole);
	rule->pattern_beg = definitions.len;
}

static int read_file_object(struct rules *out, const cJSON *root, struct slice json,
			    struct place *at)
{
	const cJSON *item, *schema = cJSON_GetObjectItemCaseSensitive(root, "schema");
	struct json_objects objects = {.json = json};
	struct buf definitions;
	int rc = 0;

	if (!cJSON_IsObject(root))
		return complain(at, NULL, "rules", "must be in an object");
	if (!cJSON_IsNumber(schema) || schema->valuedouble != 1)
		return complain(at, NULL, "schema", "must be 1");
	if (!cJSON_HasObjectItem(root, "rules"))
		return complain(at, NULL, "rules", "is missing");
	buf_init(&definitions, BUF_MAX_FILE);
	cJSON_ArrayForEach(item, root)
	{
		if (strcmp(item->string, "define") == 0)
			rc = read_definitions(&definitions, item, at);
		else if (strcmp(item->string, "rules") == 0)
			rc = read_rules(out, item, &objects, at);
		else if (strcmp(item->string, "schema") != 0)
			rc = complain(at, NULL, item->string, "is no key of a rules file");
		if (rc < 0)
			break;
	}
	for (size_t i = 0; i < out->count; i++)
		put_definitions(&out->list[i], buf_slice(&definitions));
	buf_dispose(&definitions);
	return rc;
}

/* ---- the set ---- */

struct rules *rules_new(void)
{
	return xcalloc(1, sizeof(struct rules));
}

void rules_free(struct rules *rules)
{
	if (!rules)
		return;
	for (size_t i = 0; i < rules->count; i++)
		rule_dispose(&rules->list[i]);
	free_texts(rules->files, rules->file_count);
	free(rules->list);
	free(rules);
}

const struct rule *rules_find(const struct rules *rules, const char *id)
{
	return find_rule(rules, id);
}

static void number(struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		rules->list[i].index = (unsigned)i;
}

bool rules_drop(struct rules *rules, const char *id)
{
	struct rule *rule = find_rule(rules, id);
	size_t behind;

	if (!rule)
		return false;
	behind = (size_t)(rules->list + rules->count - (rule + 1));
	rule_dispose(rule);
	memmove(rule, rule + 1, behind * sizeof(*rule));
	rules->count--;
	number(rules);
	return true;
}

/* Moves the rules of one file over, the earlier one of an id giving way. */
static void merge(struct rules *rules, struct rules *from, size_t *cap)
{
	for (size_t i = 0; i < from->count; i++) {
		struct rule *known = find_rule(rules, from->list[i].id);

		if (known) {
			rule_dispose(known);
			*known = from->list[i];
			continue;
		}
		grow_array(&rules->list, cap, rules->count, sizeof(*rules->list));
		rules->list[rules->count++] = from->list[i];
	}
	from->count = 0;
	number(rules);
}

static void add_file_name(struct rules *rules, char *name)
{
	rules->files = xrealloc(rules->files, (rules->file_count + 1) * sizeof(*rules->files));
	rules->files[rules->file_count++] = name;
}

int rules_add_json(struct rules *rules, struct slice json, const char *name, struct err *err)
{
	char *file = xstrdup(name);
	struct place at = {.file = file, .err = err};
	struct rules *from = rules_new();
	size_t cap = rules->count;
	cJSON *root = NULL;
	int rc = json_text_parse(&root, json, name, err);

	if (rc == 0)
		rc = read_file_object(from, root, json, &at);
	cJSON_Delete(root);
	if (rc < 0) {
		rules_free(from);
		free(file);
		return rc;
	}
	for (size_t i = 0; i < from->count; i++)
		from->list[i].file = file;
	add_file_name(rules, file);
	merge(rules, from, &cap);
	rules_free(from);
	return 0;
}

int rules_add_builtin(struct rules *rules, struct err *err)
{
	int rc = 0;

	for (const struct rules_data *d = rules_data; rc == 0 && d->name; d++)
		rc = rules_add_json(rules, slice_of(d->ptr, d->len), d->name, err);
	return rc;
}
