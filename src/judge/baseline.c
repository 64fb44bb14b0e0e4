/* Kept as cJSON read it, so that what others wrote into it stays. */
#include "judge/baseline.h"

#include "base/alloc.h"
#include "base/json_text.h"
#include "base/quote.h"
#include "base/tr.h"

#include <stdlib.h>
#include <time.h>

#define FINGERPRINT_LEN 32

struct entry {
	const char *fingerprint; /* the item's */
	cJSON *item;             /* in the list, or NULL when it was taken out of it */
};

struct baseline {
	char today[BASELINE_DATE_SIZE];
	cJSON *root, *list;    /* list is in root */
	struct entry *entries; /* ordered by fingerprint */
	size_t count, cap;
};

/* ---- dates ---- */

static int number(const char *text, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = n * 10 + (text[i] - '0');
	}
	return n;
}

bool baseline_is_date(const char *text)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day;
	bool leap;

	if (strlen(text) != BASELINE_DATE_SIZE - 1 || text[4] != '-' || text[7] != '-')
		return false;
	year = number(text, 4);
	month = number(text + 5, 2);
	day = number(text + 8, 2);
	if (year < 0 || month < 1 || month > 12 || day < 1)
		return false;
	leap = month == 2 && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
	return day <= days[month - 1] + leap;
}

void baseline_today(char out[BASELINE_DATE_SIZE])
{
	time_t now = time(NULL);
	struct tm tm;

	if (!gmtime_r(&now, &tm) || strftime(out, BASELINE_DATE_SIZE, "%Y-%m-%d", &tm) == 0)
		memcpy(out, "9999-12-31",
		       BASELINE_DATE_SIZE); /* then nothing is allowed any more */
}

/* ---- life cycle ---- */

struct baseline *baseline_new(const char *today)
{
	struct baseline *b = xcalloc(1, sizeof(*b));

	memcpy(b->today, today, BASELINE_DATE_SIZE);
	b->root = cJSON_CreateObject();
	cJSON_AddNumberToObject(b->root, "schema", 1);
	b->list = cJSON_AddArrayToObject(b->root, "allowed");
	if (!b->list)
		alloc_failed(sizeof(cJSON));
	return b;
}

void baseline_free(struct baseline *b)
{
	if (!b)
		return;
	cJSON_Delete(b->root);
	free(b->entries);
	free(b);
}

/* ---- reading ---- */

static const char *check_fingerprint(const char *text)
{
	size_t len = strspn(text, "0123456789abcdef");

	return len == FINGERPRINT_LEN && !text[len] ? NULL : "must be 32 small hex digits";
}

static const char *check_date(const char *text)
{
	return baseline_is_date(text) ? NULL : "must be a day, such as 2026-12-31";
}

static const struct {
	const char *key;
	const char *(*check)(const char *text); /* NULL: any text */
} keys[] = {
	{"fingerprint", check_fingerprint},
	{"rule", NULL},
	{"path", NULL},
	{"reason", NULL},
	{"added", check_date},
	{"expires", check_date},
};

#define KEY_COUNT (sizeof(keys) / sizeof(*keys))

static const char *text_of(const cJSON *item, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, key));
}

/* What is wrong with one of the list; *key says where. Keys that are not known here may
 * be of a later version. */
static const char *check_entry(const cJSON *entry, const char **key)
{
	bool seen[KEY_COUNT] = {false};
	const cJSON *item;

	*key = "allowed";
	if (!cJSON_IsObject(entry))
		return "must hold objects";
	cJSON_ArrayForEach(item, entry)
	{
		const char *wrong = NULL;

		for (size_t i = 0; i < KEY_COUNT && !wrong; i++) {
			if (strcmp(keys[i].key, item->string) != 0)
				continue;
			*key = keys[i].key;
			if (seen[i])
				wrong = "is there twice";
			else if (!cJSON_IsString(item))
				wrong = "must be a text";
			else if (keys[i].check)
				wrong = keys[i].check(item->valuestring);
			seen[i] = true;
		}
		if (wrong)
			return wrong;
	}
	*key = "fingerprint";
	return seen[0] ? NULL : "is missing";
}

static int by_fingerprint(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->fingerprint,
		      ((const struct entry *)b)->fingerprint);
}

static void sort(struct baseline *b)
{
	if (b->count)
		qsort(b->entries, b->count, sizeof(*b->entries), by_fingerprint);
}

static void note_entry(struct baseline *b, cJSON *item)
{
	grow_array(&b->entries, &b->cap, b->count, sizeof(*b->entries));
	b->entries[b->count++] = (struct entry){text_of(item, "fingerprint"), item};
}

/* In other lists, which stand before ours. */
static size_t objects_before(const struct baseline *b)
{
	const cJSON *list, *item;
	size_t count = 0;

	for (list = b->root->child; list != b->list; list = list->next)
		if (cJSON_IsArray(list))
			cJSON_ArrayForEach(item, list) count += cJSON_IsObject(item);
	return count;
}

static int read_list(struct baseline *b, struct slice text, const char *name, struct err *err)
{
	size_t number_of = objects_before(b);
	cJSON *item;

	cJSON_ArrayForEach(item, b->list)
	{
		const char *key, *wrong = check_entry(item, &key);

		if (wrong && cJSON_IsObject(item))
			return err_set(err, HF_EFORMAT, "%s: line %zu: \"%s\" %s", name,
				       json_text_line_of(text, number_of), key, tr(wrong));
		if (wrong)
			return err_set(err, HF_EFORMAT, "%s: \"%s\" %s", name, key, tr(wrong));
		note_entry(b, item);
		number_of++;
	}
	sort(b);
	for (size_t i = 1; i < b->count; i++)
		if (by_fingerprint(&b->entries[i - 1], &b->entries[i]) == 0)
			return err_set(err, HF_EFORMAT, "%s: fingerprint %s is there twice", name,
				       b->entries[i].fingerprint);
	return 0;
}

/* A second list would be one that counts for others and not for us. */
static int check_root(struct baseline *b, const char *name, struct err *err)
{
	const cJSON *schema = cJSON_GetObjectItemCaseSensitive(b->root, "schema"), *item;
	size_t lists = 0, schemas = 0;

	cJSON_ArrayForEach(item, b->root)
	{
		lists += item->string && strcmp(item->string, "allowed") == 0;
		schemas += item->string && strcmp(item->string, "schema") == 0;
	}
	b->list = cJSON_GetObjectItemCaseSensitive(b->root, "allowed");
	if (!cJSON_IsObject(b->root) || schemas != 1 || !cJSON_IsNumber(schema) ||
	    schema->valuedouble != 1)
		return err_set(err, HF_EFORMAT, "%s: line 1: must be an object with \"schema\": 1",
			       name);
	if (lists != 1 || !cJSON_IsArray(b->list))
		return err_set(err, HF_EFORMAT, "%s: line 1: must hold one list \"allowed\"", name);
	return 0;
}

int baseline_read(struct baseline **out, struct slice text, const char *name, const char *today,
		  struct err *err)
{
	struct baseline *b = xcalloc(1, sizeof(*b));
	int rc;

	memcpy(b->today, today, BASELINE_DATE_SIZE);
	rc = json_text_parse(&b->root, text, name, err);
	if (rc == 0)
		rc = check_root(b, name, err);
	if (rc == 0)
		rc = read_list(b, text, name, err);
	if (rc == 0)
		*out = b;
	else
		baseline_free(b);
	return rc;
}

/* ---- looking up ---- */

size_t baseline_count(const struct baseline *b)
{
	return b->count;
}

struct allowance baseline_at(const struct baseline *b, size_t i)
{
	const cJSON *item = b->entries[i].item;
	struct allowance a = {
		.fingerprint = b->entries[i].fingerprint,
		.rule = text_of(item, "rule"),
		.path = text_of(item, "path"),
		.reason = text_of(item, "reason"),
		.added = text_of(item, "added"),
		.expires = text_of(item, "expires"),
	};

	a.expired = a.expires && strcmp(b->today, a.expires) >= 0;
	return a;
}

size_t baseline_find(const struct baseline *b, const char *fingerprint)
{
	struct entry key = {fingerprint, NULL}, *found = NULL;

	if (b->count)
		found = bsearch(&key, b->entries, b->count, sizeof(key), by_fingerprint);
	return found ? (size_t)(found - b->entries) : BASELINE_NONE;
}

/* ---- changing ---- */

void baseline_add(struct baseline *b, const struct allowance *which)
{
	const char *const values[KEY_COUNT] = {which->fingerprint, which->rule,  which->path,
					       which->reason,      which->added, which->expires};
	cJSON *item = cJSON_CreateObject();

	for (size_t i = 0; i < KEY_COUNT; i++)
		if (values[i] && !cJSON_AddStringToObject(item, keys[i].key, values[i]))
			alloc_failed(strlen(values[i]));
	cJSON_AddItemToArray(b->list, item);
	note_entry(b, item);
	for (size_t i = b->count - 1; i > 0; i--) {
		struct entry last = b->entries[i];

		if (by_fingerprint(&b->entries[i - 1], &last) < 0)
			break;
		b->entries[i] = b->entries[i - 1];
		b->entries[i - 1] = last;
	}
}

void baseline_retain(struct baseline *b, const bool *keep)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->count; i++) {
		if (keep[i])
			b->entries[kept++] = b->entries[i];
		else
			cJSON_Delete(cJSON_DetachItemViaPointer(b->list, b->entries[i].item));
	}
	b->count = kept;
}

/* ---- writing ---- */

static int by_path(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	const char *x = text_of(a->item, "path"), *y = text_of(b->item, "path");
	int order = strcmp(x ? x : "", y ? y : "");

	return order ? order : by_fingerprint(a, b);
}

void baseline_write(struct buf *out, const struct baseline *b)
{
	struct entry *ordered = xcalloc(b->count + 1, sizeof(*ordered));
	char *text;

	memcpy(ordered, b->entries ? b->entries : ordered, b->count * sizeof(*ordered));
	if (b->count)
		qsort(ordered, b->count, sizeof(*ordered), by_path);
	for (size_t i = 0; i < b->count; i++)
		cJSON_AddItemToArray(b->list, cJSON_DetachItemViaPointer(b->list, ordered[i].item));
	free(ordered);
	text = cJSON_Print(b->root);
	if (!text)
		alloc_failed(0);
	quote_json(out, slice_str(text));
	buf_append_byte(out, '\n');
	cJSON_free(text);
}
