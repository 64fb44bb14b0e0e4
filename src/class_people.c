/*
 * Whoever changes another line of a file brings in a new version of it, with the
 * secret that stood there before. So of one secret's versions at one path only the
 * oldest says who brought it in; the others go with it.
 */
#include "class.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>

struct leaks {
	struct finding **list;
	size_t count;
};

/* ---- identities ---- */

struct identity {
	char *email;
	const char *name;
	struct finding *finding;
};

static bool is_dated(const struct finding *f)
{
	return f->origin && f->origin->commit[0];
}

/* ASCII's: what else an address may have is nobody's other spelling. */
static char *fold(const char *email)
{
	const char *end;
	char *folded;

	while (*email == ' ')
		email++;
	end = email + strlen(email);
	while (end > email && end[-1] == ' ')
		end--;
	folded = xmemdup0(email, (size_t)(end - email));
	for (char *c = folded; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c |= 0x20;
	return folded;
}

static bool same_person(const struct identity *a, const struct identity *b)
{
	return strcmp(a->email, b->email) == 0 && (a->email[0] || strcmp(a->name, b->name) == 0);
}

/* Of one person's names the longest first: it is the whole one. */
static int order_identities(const void *left, const void *right)
{
	const struct identity *a = left, *b = right;
	size_t a_len = strlen(a->name), b_len = strlen(b->name);
	int order = strcmp(a->email, b->email);

	if (!order && a_len != b_len && a->email[0])
		order = a_len > b_len ? -1 : 1;
	return order ? order : strcmp(a->name, b->name);
}

/* Everybody with a commit that brought some version of a leak in. */
static void list_authors(struct result *r, const struct leaks *leaks)
{
	struct identity *all = xcalloc(leaks->count, sizeof(*all));
	size_t count = 0, cap = 0;

	for (size_t i = 0; i < leaks->count; i++) {
		const struct origin *o = leaks->list[i]->origin;

		if (is_dated(leaks->list[i]) && o->author)
			all[count++] = (struct identity){fold(o->email ? o->email : ""), o->author,
							 leaks->list[i]};
	}
	if (count)
		qsort(all, count, sizeof(*all), order_identities);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || !same_person(&all[i - 1], &all[i])) {
			grow_array(&r->authors, &cap, r->author_count, sizeof(*r->authors));
			r->authors[r->author_count++] = (struct author){
				.name = xstrdup(all[i].name), .email = xstrdup(all[i].email)};
		}
		all[i].finding->author = (unsigned)r->author_count;
	}
	for (size_t i = 0; i < count; i++)
		free(all[i].email);
	free(all);
}

/* ---- versions of one file ---- */

/* A path that a version lived at, and which version. */
struct stay {
	const char *path;
	size_t version;
};

static int order_stays(const void *left, const void *right)
{
	const struct stay *a = left, *b = right;
	int order = strcmp(a->path, b->path);

	return order ? order : (a->version > b->version) - (a->version < b->version);
}

/* Of one secret in one unit, the oldest first. */
static int order_leaks(const void *left, const void *right)
{
	const struct finding *a = *(struct finding *const *)left;
	const struct finding *b = *(struct finding *const *)right;
	int order = strcmp(a->secret.fingerprint, b->secret.fingerprint);

	if (order)
		return order;
	if (a->unit != b->unit)
		return a->unit < b->unit ? -1 : 1;
	if (is_dated(a) != is_dated(b))
		return is_dated(a) ? -1 : 1;
	if (is_dated(a) && a->origin->time != b->origin->time)
		return a->origin->time < b->origin->time ? -1 : 1;
	return (a > b) - (a < b); /* the result's order */
}

static size_t list_stays(struct finding *const *versions, size_t count, struct stay **out)
{
	struct stay *list = NULL;
	size_t stay_count = 0, cap = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; is_dated(versions[i]) && j < versions[i]->origin->path_count;
		     j++) {
			grow_array(&list, &cap, stay_count, sizeof(*list));
			list[stay_count++] = (struct stay){versions[i]->origin->paths[j], i};
		}
	if (stay_count)
		qsort(list, stay_count, sizeof(*list), order_stays);
	*out = list;
	return stay_count;
}

/* Gives the younger versions the author of the oldest at a path of theirs. */
static void follow_versions(struct finding **versions, size_t count, bool *is_later)
{
	size_t *oldest = xcalloc(count, sizeof(*oldest));
	struct stay *stays;
	size_t stay_count = list_stays(versions, count, &stays), first = 0;

	for (size_t i = 0; i < count; i++)
		oldest[i] = i;
	for (size_t i = 0; i < stay_count; i++) {
		if (strcmp(stays[i].path, stays[first].path) != 0)
			first = i;
		if (stays[first].version < oldest[stays[i].version])
			oldest[stays[i].version] = stays[first].version;
	}
	for (size_t i = 0; i < count; i++) {
		is_later[i] = oldest[i] < i;
		versions[i]->author = versions[oldest[i]]->author;
	}
	free(oldest);
	free(stays);
}

static bool same_secret(const struct finding *a, const struct finding *b)
{
	return strcmp(a->secret.fingerprint, b->secret.fingerprint) == 0;
}

static void follow_all(const struct leaks *leaks, bool *is_later)
{
	size_t beg, end;

	for (beg = 0; beg < leaks->count; beg = end) {
		for (end = beg + 1; end < leaks->count; end++)
			if (leaks->list[beg]->unit != leaks->list[end]->unit ||
			    !same_secret(leaks->list[beg], leaks->list[end]))
				break;
		follow_versions(&leaks->list[beg], end - beg, &is_later[beg]);
	}
}

/* Who only ever changed other lines is nobody to be told of. */
static void drop_bystanders(struct result *r, const struct leaks *leaks)
{
	unsigned *numbers = xcalloc(r->author_count + 1, sizeof(*numbers));
	unsigned kept = 0;

	for (size_t i = 0; i < leaks->count; i++)
		numbers[leaks->list[i]->author] = 1;
	for (size_t i = 0; i < r->author_count; i++) {
		struct author author = r->authors[i];

		if (!numbers[i + 1]) {
			free(author.name);
			free(author.email);
			continue;
		}
		r->authors[kept++] = author;
		numbers[i + 1] = kept;
	}
	numbers[0] = 0;
	r->author_count = kept;
	for (size_t i = 0; i < leaks->count; i++)
		leaks->list[i]->author = numbers[leaks->list[i]->author];
	free(numbers);
}

/* ---- counts ---- */

/* Two numbers of a pair: how many different second ones a first one has. */
struct pair {
	unsigned author;
	size_t other;
};

static int order_pairs(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;

	if (a->author != b->author)
		return a->author < b->author ? -1 : 1;
	return (a->other > b->other) - (a->other < b->other);
}

/* Of the pairs, which are put in order, those that differ. */
static size_t drop_repeated(struct pair *pairs, size_t count)
{
	size_t kept = 0;

	if (count)
		qsort(pairs, count, sizeof(*pairs), order_pairs);
	for (size_t i = 0; i < count; i++)
		if (!kept || order_pairs(&pairs[kept - 1], &pairs[i]) != 0)
			pairs[kept++] = pairs[i];
	return kept;
}

static void count_authors(struct result *r, const struct leaks *leaks)
{
	struct pair *secrets = xcalloc(leaks->count, sizeof(*secrets));
	struct pair *units = xcalloc(leaks->count, sizeof(*units));
	size_t count = 0, secret = 0, kept;

	for (size_t i = 0; i < leaks->count; i++) {
		const struct finding *f = leaks->list[i];

		secret += i > 0 && !same_secret(leaks->list[i - 1], f);
		if (!f->author)
			continue;
		secrets[count] = (struct pair){f->author, secret};
		units[count++] = (struct pair){f->author, f->unit};
		if (f->exposure > r->authors[f->author - 1].exposure)
			r->authors[f->author - 1].exposure = f->exposure;
	}
	kept = drop_repeated(secrets, count);
	for (size_t i = 0; i < kept; i++)
		r->authors[secrets[i].author - 1].secrets++;
	kept = drop_repeated(units, count);
	for (size_t i = 0; i < kept; i++)
		r->authors[units[i].author - 1].units += units[i].other > 0;
	free(units);
	free(secrets);
}

/* ---- shared ---- */

static void add_number(unsigned **list, size_t *cap, size_t *count, unsigned number)
{
	if (!number || (*count && (*list)[*count - 1] == number))
		return;
	grow_array(list, cap, *count, sizeof(**list));
	(*list)[(*count)++] = number;
}

static int order_numbers(const void *left, const void *right)
{
	const unsigned *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* What a PATH holds besides its repositories is nobody's, so it shares nothing. */
static unsigned sharing_unit(const struct result *r, const struct finding *f)
{
	return r->is_class && f->unit && !r->units[f->unit - 1].is_rest ? f->unit : 0;
}

/* The commit that brought all of them in, if it is one. */
static const char *common_commit(struct finding *const *leaks, const bool *is_later, size_t count)
{
	const char *commit = NULL;

	for (size_t i = 0; i < count; i++) {
		if (is_later[i])
			continue;
		if (!is_dated(leaks[i]) ||
		    (commit && strcmp(commit, leaks[i]->origin->commit) != 0))
			return NULL;
		commit = leaks[i]->origin->commit;
	}
	return commit;
}

/* leaks: all of one secret. */
static void share(struct result *r, size_t *cap, struct finding *const *leaks, const bool *is_later,
		  size_t count)
{
	struct shared shared = {.secret = &leaks[0]->secret};
	size_t unit_cap = 0, author_cap = 0, kept = 0;

	for (size_t i = 0; i < count; i++) {
		add_number(&shared.units, &unit_cap, &shared.unit_count, sharing_unit(r, leaks[i]));
		add_number(&shared.authors, &author_cap, &shared.author_count, leaks[i]->author);
	}
	if (shared.author_count)
		qsort(shared.authors, shared.author_count, sizeof(unsigned), order_numbers);
	for (size_t i = 0; i < shared.author_count; i++)
		if (!kept || shared.authors[kept - 1] != shared.authors[i])
			shared.authors[kept++] = shared.authors[i];
	shared.author_count = kept;
	if (shared.unit_count < 2 && shared.author_count < 2) {
		free(shared.units);
		free(shared.authors);
		return;
	}
	shared.commit = common_commit(leaks, is_later, count);
	grow_array(&r->shared, cap, r->shared_count, sizeof(*r->shared));
	r->shared[r->shared_count++] = shared;
}

static void share_all(struct result *r, const struct leaks *leaks, const bool *is_later)
{
	size_t cap = 0, beg, end;

	for (beg = 0; beg < leaks->count; beg = end) {
		for (end = beg + 1; end < leaks->count; end++)
			if (!same_secret(leaks->list[beg], leaks->list[end]))
				break;
		share(r, &cap, &leaks->list[beg], &is_later[beg], end - beg);
	}
}

void class_settle_people(struct result *r)
{
	struct leaks leaks = {.list = xcalloc(r->finding_count, sizeof(*leaks.list))};
	bool *is_later;

	for (size_t i = 0; i < r->finding_count; i++)
		if (r->findings[i].verdict == VERDICT_LEAK)
			leaks.list[leaks.count++] = &r->findings[i];
	if (leaks.count)
		qsort(leaks.list, leaks.count, sizeof(*leaks.list), order_leaks);
	is_later = xcalloc(leaks.count, sizeof(*is_later));
	list_authors(r, &leaks);
	follow_all(&leaks, is_later);
	drop_bystanders(r, &leaks);
	count_authors(r, &leaks);
	share_all(r, &leaks, is_later);
	free(is_later);
	free(leaks.list);
}
