#include "report/json_class.h"

#include "report/names.h"
#include "report/object.h"

static void add_count(cJSON *object, const char *key, uint64_t n)
{
	cJSON_AddNumberToObject(object, key, (double)n);
}

static void add_exposure(cJSON *object, enum exposure exposure)
{
	if (exposure_name(exposure))
		cJSON_AddStringToObject(object, "exposure", exposure_name(exposure));
}

static void add_unit_name(cJSON *object, const struct unit *unit)
{
	object_add_scanned(object, "repository", "repository_base64", slice_str(unit->name));
}

void class_add_unit(cJSON *object, const struct finding *f, const struct result *result)
{
	if (result->is_class && f->unit)
		add_unit_name(object, &result->units[f->unit - 1]);
}

/* ---- rows ---- */

static cJSON *unit_object(const struct result *result, size_t row)
{
	const struct unit *unit = &result->units[row];
	cJSON *object = cJSON_CreateObject();

	add_unit_name(object, unit);
	cJSON_AddStringToObject(object, "kind",
				unit->is_repository ? "repository"
				: unit->is_rest     ? "rest"
						    : "folder");
	add_count(object, "secrets", unit->secrets);
	add_count(object, "leaks", unit->by_verdict[VERDICT_LEAK]);
	add_count(object, "warnings", unit->by_verdict[VERDICT_WARNING]);
	add_count(object, "placeholders", unit->by_verdict[VERDICT_PLACEHOLDER]);
	add_count(object, "allowed", unit->by_verdict[VERDICT_ALLOWED]);
	add_count(object, "incomplete", unit->incomplete);
	add_exposure(object, unit->exposure);
	return object;
}

static void add_person(cJSON *object, const struct author *author)
{
	object_add_scanned(object, "author", NULL, slice_str(author->name));
	object_add_scanned(object, "email", NULL, slice_str(author->email));
}

static cJSON *author_object(const struct result *result, size_t row)
{
	const struct author *author = &result->authors[row];
	cJSON *object = cJSON_CreateObject();

	add_person(object, author);
	add_count(object, "secrets", author->secrets);
	add_count(object, "repositories", author->units);
	add_exposure(object, author->exposure);
	return object;
}

static cJSON *shared_object(const struct result *result, size_t row)
{
	const struct shared *shared = &result->shared[row];
	cJSON *object = cJSON_CreateObject();
	cJSON *secret = cJSON_AddObjectToObject(object, "secret");
	cJSON *units = cJSON_AddArrayToObject(object, "repositories");
	cJSON *authors = cJSON_AddArrayToObject(object, "authors");

	object_add_utf8(secret, "redacted", slice_str(shared->secret->redacted));
	cJSON_AddStringToObject(secret, "fingerprint", shared->secret->fingerprint);
	for (size_t i = 0; i < shared->unit_count; i++) {
		cJSON *unit = cJSON_CreateObject();

		add_unit_name(unit, &result->units[shared->units[i] - 1]);
		cJSON_AddItemToArray(units, unit);
	}
	for (size_t i = 0; i < shared->author_count; i++) {
		cJSON *author = cJSON_CreateObject();

		add_person(author, &result->authors[shared->authors[i] - 1]);
		cJSON_AddItemToArray(authors, author);
	}
	if (shared->commit)
		cJSON_AddStringToObject(object, "commit", shared->commit);
	return object;
}

/* ---- tables ---- */

static const struct {
	const char *name;
	cJSON *(*row)(const struct result *result, size_t row);
} tables[TABLE_COUNT] = {
	[TABLE_REPOSITORIES] = {"repositories", unit_object},
	[TABLE_AUTHORS] = {"authors", author_object},
	[TABLE_SHARED] = {"shared", shared_object},
};

const char *class_table_name(enum class_table table)
{
	return tables[table].name;
}

size_t class_table_rows(const struct result *result, enum class_table table)
{
	switch (table) {
	case TABLE_REPOSITORIES:
		return result->is_class ? result->unit_count : 0;
	case TABLE_AUTHORS:
		return result->is_class ? result->author_count : 0;
	default:
		return result->shared_count;
	}
}

cJSON *class_table_row(const struct result *result, enum class_table table, size_t row)
{
	return tables[table].row(result, row);
}
