/* The format of .mo files: gettext manual, "The Format of GNU MO Files". Ours come from our
 * own build, so that their numbers are believed. */
#include "base/tr.h"

#include "base/endian.h"

/* The header's five numbers that are needed, at these bytes. */
enum { COUNT_AT = 8, ORIGINALS_AT = 12, TRANSLATIONS_AT = 16 };

static enum lang current = LANG_EN;

void tr_set(enum lang lang)
{
	current = lang;
}

enum lang tr_lang(void)
{
	return current;
}

static size_t number_at(const struct tr_catalog *catalog, size_t at)
{
	return load_le32(catalog->bytes + at);
}

/* The i-th string of a table of (length, offset). */
static const char *string_at(const struct tr_catalog *catalog, size_t table, size_t i)
{
	return (const char *)catalog->bytes + number_at(catalog, table + 8 * i + 4);
}

/* NULL when there is none. The originals are sorted; the first, "", is the header. */
static const char *look_up(enum lang lang, const char *text)
{
	const struct tr_catalog *catalog;
	size_t beg, end;

	if (lang == LANG_EN || !*text)
		return NULL;
	catalog = &tr_catalogs[lang - 1];
	beg = 0;
	end = number_at(catalog, COUNT_AT);
	while (beg < end) {
		size_t middle = beg + (end - beg) / 2;
		int order =
			strcmp(text, string_at(catalog, number_at(catalog, ORIGINALS_AT), middle));

		if (order == 0)
			return string_at(catalog, number_at(catalog, TRANSLATIONS_AT), middle);
		if (order < 0)
			end = middle;
		else
			beg = middle + 1;
	}
	return NULL;
}

const char *tr_in(enum lang lang, const char *text)
{
	const char *found = look_up(lang, text);

	return found ? found : text;
}

const char *tr(const char *text)
{
	return tr_in(current, text);
}

const char *tr_n(enum lang lang, const char *one, const char *many, uint64_t n)
{
	const char *found = look_up(lang, one);

	if (!found)
		return n == 1 ? one : many;
	return n == 1 ? found : found + strlen(found) + 1; /* forms follow one another */
}
