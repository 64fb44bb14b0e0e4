/* Sorts pointers twice: to bring each secret's places together, and to put
 * the secrets in the order they are told in. */
#include "report/group.h"

#include "base/alloc.h"
#include "report/remedy.h"

#include <stdlib.h>
#include <string.h>

static int ascending(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

/* All findings lie in one array, so their addresses are their order. */
static int in_result(const struct finding *a, const struct finding *b)
{
	return (a > b) - (a < b);
}

static bool same_group(const struct finding *a, const struct finding *b)
{
	return a->verdict == b->verdict &&
	       strcmp(a->secret.fingerprint, b->secret.fingerprint) == 0;
}

bool finding_is_present(const struct finding *f)
{
	if (f->where != WHERE_BLOB && f->where != WHERE_PATH)
		return !f->history;
	return !f->history || (f->origin && f->origin->in_head);
}

/* The oldest first; what no commit brought in has no age and comes last. */
static int by_age(const struct finding *a, const struct finding *b)
{
	bool a_dated = a->origin && a->origin->commit[0];
	bool b_dated = b->origin && b->origin->commit[0];

	if (a_dated != b_dated)
		return a_dated ? -1 : 1;
	if (!a_dated)
		return 0;
	return (a->origin->time > b->origin->time) - (a->origin->time < b->origin->time);
}

static int by_presence(const struct finding *a, const struct finding *b)
{
	int order = -ascending(finding_is_present(a), finding_is_present(b));

	return order || finding_is_present(a) ? order : by_age(a, b);
}

static int by_secret(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left;
	const struct finding *b = *(const struct finding *const *)right;
	int order = strcmp(a->secret.fingerprint, b->secret.fingerprint);

	if (order == 0)
		order = ascending(a->verdict, b->verdict);
	if (order == 0)
		order = -ascending(a->exposure, b->exposure);
	if (order == 0)
		order = by_presence(a, b);
	return order ? order : in_result(a, b);
}

static int by_urgency(const void *left, const void *right)
{
	const struct group *a = left;
	const struct group *b = right;
	int order = ascending(a->first->verdict, b->first->verdict);

	if (order == 0)
		order = -ascending(a->places[0]->exposure, b->places[0]->exposure);
	return order ? order : in_result(a->first, b->first);
}

static size_t collect(const struct finding **places, const struct result *result, unsigned verdicts)
{
	size_t count = 0;

	for (size_t i = 0; i < result->finding_count; i++)
		if (verdicts & (1u << result->findings[i].verdict))
			places[count++] = &result->findings[i];
	return count;
}

static bool is_level(const struct finding *a, const struct finding *b)
{
	return a->exposure == b->exposure && finding_is_present(a) == finding_is_present(b);
}

static unsigned severity_of(const struct finding *f)
{
	return f->rule ? f->rule->severity : SEVERITY_LOW;
}

/* Of equals in today's files, the one that the advice is to be about. */
static bool leads(const struct finding *a, const struct finding *b)
{
	int order = ascending(remedy_lets_stay(a), remedy_lets_stay(b));

	return (order ? order : -ascending(severity_of(a), severity_of(b))) < 0;
}

static void put_lead_first(struct group *group)
{
	const struct finding **places = group->places, *lead = places[0];
	size_t at = 0;

	if (!finding_is_present(lead))
		return;
	for (size_t i = 1; i < group->count && is_level(places[i], places[0]); i++)
		if (leads(places[i], places[at]))
			at = i;
	lead = places[at];
	memmove(places + 1, places, at * sizeof(*places));
	places[0] = lead;
}

void groups_init(struct groups *groups, const struct result *result, unsigned verdicts)
{
	const struct finding **places = xcalloc(result->finding_count, sizeof(*places));
	size_t place_count = collect(places, result, verdicts);
	struct group *group = NULL;
	size_t cap = 0;

	*groups = (struct groups){.places = places};
	if (place_count > 0)
		qsort(places, place_count, sizeof(*places), by_secret);
	for (size_t i = 0; i < place_count; i++) {
		if (!group || !same_group(group->first, places[i])) {
			grow_array(&groups->list, &cap, groups->count, sizeof(*groups->list));
			group = &groups->list[groups->count++];
			*group = (struct group){.places = &places[i], .first = places[i]};
		}
		group->count++;
		group->is_present = group->is_present || finding_is_present(places[i]);
		if (in_result(places[i], group->first) < 0)
			group->first = places[i];
	}
	for (size_t i = 0; i < groups->count; i++)
		put_lead_first(&groups->list[i]);
	if (groups->count > 0)
		qsort(groups->list, groups->count, sizeof(*groups->list), by_urgency);
}

void groups_dispose(struct groups *groups)
{
	free(groups->list);
	free(groups->places);
	*groups = (struct groups){0};
}
