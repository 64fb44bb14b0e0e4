/*
 * What a teacher looks at: a row for each repository and each author, the worst
 * first, and the tokens that they share. The rows show no token: names are masked,
 * the rest is numbers.
 */
#include "report/class_table.h"

#include "base/alloc.h"
#include "report/path.h"

#include <stdlib.h>

/* Names in one line; all of them with -v. */
#define NAMES_SHOWN ((size_t)5)
/* Bytes of a name in a table. */
#define NAME_MAX_SHOWN ((size_t)48)

/* ---- tables ---- */

static void table_init(struct class_table *t, const struct text *w)
{
	*t = (struct class_table){0};
	page_init(&t->scratch, NULL, w->lang, false);
}

static struct class_row *add_row(struct class_table *t, enum paint paint)
{
	grow_array(&t->rows, &t->cap, t->count, sizeof(*t->rows));
	t->rows[t->count] = (struct class_row){.paint = paint};
	return &t->rows[t->count++];
}

static char *take_cell(struct class_table *t)
{
	char *cell = xmemdup0(t->scratch.text.ptr, t->scratch.text.len);

	buf_reset(&t->scratch.text);
	return cell;
}

static char *number_cell(struct class_table *t, uint64_t n)
{
	say_number(&t->scratch.text, t->scratch.lang, n);
	return take_cell(t);
}

static char *word_cell(struct class_table *t, enum word word)
{
	page_put_said(&t->scratch, PAINT_PLAIN, word, 1, NULL);
	return take_cell(t);
}

static void put_blanks(struct page *page, size_t count)
{
	while (count-- > 0)
		page_put(page, PAINT_PLAIN, " ");
}

static size_t width_of(const char *cell)
{
	return cell ? page_width(slice_str(cell)) : 0;
}

static void put_row(struct page *page, const struct class_row *row, const size_t *widths,
		    bool is_head)
{
	for (size_t i = 0; i < CLASS_COLUMNS && row->cells[i]; i++) {
		bool is_last = i + 1 == CLASS_COLUMNS || !row->cells[i + 1];
		size_t blanks = widths[i] - width_of(row->cells[i]);

		if (is_last && !*row->cells[i])
			break;
		put_blanks(page, i == 0 && is_head ? 0 : 2);
		if (i > 0 && !is_last)
			put_blanks(page, blanks);
		page_put_quoted(page,
				is_head                ? PAINT_STRONG
				: is_last              ? row->paint
				: i == 0 && row->paint ? PAINT_STRONG
						       : PAINT_PLAIN,
				row->cells[i]);
		if (i == 0)
			put_blanks(page, blanks + (is_head ? 2 : 0));
	}
	page_put(page, PAINT_PLAIN, "\n");
	page_flush(page);
}

/* The first row is the head. */
static void table_put(struct class_table *t, struct page *page)
{
	size_t widths[CLASS_COLUMNS] = {0};

	for (size_t i = 0; i < t->count; i++)
		for (size_t j = 0; j < CLASS_COLUMNS; j++) {
			size_t width = width_of(t->rows[i].cells[j]);

			widths[j] = width > widths[j] ? width : widths[j];
		}
	for (size_t i = 0; i < t->count; i++)
		put_row(page, &t->rows[i], widths, i == 0);
}

void class_table_dispose(struct class_table *t)
{
	for (size_t i = 0; i < t->count; i++)
		for (size_t j = 0; j < CLASS_COLUMNS; j++)
			free(t->rows[i].cells[j]);
	free(t->rows);
	page_dispose(&t->scratch);
}

static void put_head(struct class_table *t, const enum word *words, size_t count)
{
	struct class_row *row = add_row(t, PAINT_STRONG);

	for (size_t i = 0; i < count; i++)
		row->cells[i] = word_cell(t, words[i]);
}

/* How far a leak got; there may be no word for it. */
static char *exposure_cell(struct class_table *t, enum exposure exposure)
{
	const char *said = say_exposure(t->scratch.lang, exposure);

	page_put(&t->scratch, PAINT_PLAIN, said ? said : "");
	return take_cell(t);
}

static enum paint paint_of(enum exposure exposure)
{
	return exposure == EXPOSURE_PUSHED ? PAINT_BAD : PAINT_PLAIN;
}

/* ---- names ---- */

static void put_unit_name(struct page *page, const struct text *w, const struct unit *unit)
{
	struct buf shown;

	buf_init(&shown, BUF_MAX_PATH);
	path_show(&shown, w->cwd, NULL, slice_str(unit->name));
	page_put_beginning(page, PAINT_PLAIN, buf_slice(&shown), NAME_MAX_SHOWN);
	buf_dispose(&shown);
}

static void put_author_name(struct page *page, const struct author *author)
{
	page_put_beginning(page, PAINT_PLAIN, slice_str(author->name), NAME_MAX_SHOWN);
	if (!author->email[0])
		return;
	page_put(page, PAINT_PLAIN, author->name[0] ? " <" : "<");
	page_put_beginning(page, PAINT_PLAIN, slice_str(author->email), NAME_MAX_SHOWN);
	page_put(page, PAINT_PLAIN, ">");
}

/* ---- repositories ---- */

static bool has_anything(const struct unit *unit)
{
	return unit->by_verdict[VERDICT_LEAK] || unit->by_verdict[VERDICT_WARNING] ||
	       unit->incomplete;
}

/* How bad a leak is: the furthest first, then the more. */
static int order_leaks(enum exposure a, uint64_t a_secrets, enum exposure b, uint64_t b_secrets)
{
	if ((a_secrets > 0) != (b_secrets > 0))
		return a_secrets > 0 ? -1 : 1;
	if (a != b)
		return a > b ? -1 : 1;
	return (a_secrets < b_secrets) - (a_secrets > b_secrets);
}

static int order_units(const void *left, const void *right)
{
	const struct unit *a = *(const struct unit *const *)left;
	const struct unit *b = *(const struct unit *const *)right;
	int order = order_leaks(a->exposure, a->secrets, b->exposure, b->secrets);

	if (!order)
		order = has_anything(b) - has_anything(a);
	return order ? order : (a > b) - (a < b); /* by name */
}

static void add_unit(struct class_table *t, const struct text *w, const struct unit *unit)
{
	struct class_row *row = add_row(t, paint_of(unit->exposure));

	put_unit_name(&t->scratch, w, unit);
	if (!unit->is_repository)
		page_put_said(&t->scratch, PAINT_PLAIN,
			      unit->is_rest ? SAY_REST : SAY_NO_REPOSITORY, 1, NULL);
	row->cells[0] = take_cell(t);
	row->cells[1] = number_cell(t, unit->secrets);
	row->cells[2] = number_cell(t, unit->by_verdict[VERDICT_WARNING]);
	row->cells[3] = number_cell(t, unit->incomplete);
	row->cells[4] = exposure_cell(t, unit->exposure);
}

/* Those with nothing to tell of are counted; a rest like that is not even one. */
bool class_table_units(struct class_table *t, const struct text *w, const struct result *r)
{
	static const enum word head[] = {SAY_REPOSITORIES, SAY_SECRETS_COLUMN, SAY_WARNINGS_COLUMN,
					 SAY_NOT_SCANNED_COLUMN, SAY_FURTHEST_COLUMN};
	const struct unit **units;
	size_t count = 0;

	table_init(t, w);
	if (!r->is_class)
		return false;
	units = xcalloc(r->unit_count, sizeof(*units));
	put_head(t, head, CLASS_COLUMNS);
	for (size_t i = 0; i < r->unit_count; i++)
		if (!r->units[i].is_rest || has_anything(&r->units[i]))
			units[count++] = &r->units[i];
	if (count)
		qsort(units, count, sizeof(*units), order_units);
	for (size_t i = 0; i < count; i++)
		if (has_anything(units[i]) || w->options->verbose)
			add_unit(t, w, units[i]);
		else
			t->clean++;
	free(units);
	return true;
}

static void put_units(struct text *w, const struct result *r)
{
	struct class_table t;

	if (class_table_units(&t, w, r)) {
		table_put(&t, &w->page);
		if (t.clean) {
			page_put(&w->page, PAINT_PLAIN, "  ");
			page_put_said(&w->page, PAINT_DIM, SAY_CLEAN_UNITS, t.clean, NULL);
			page_put(&w->page, PAINT_PLAIN, "\n");
		}
		page_put(&w->page, PAINT_PLAIN, "\n");
	}
	class_table_dispose(&t);
}

/* ---- authors ---- */

static int order_authors(const void *left, const void *right)
{
	const struct author *a = *(const struct author *const *)left;
	const struct author *b = *(const struct author *const *)right;
	int order = order_leaks(a->exposure, a->secrets, b->exposure, b->secrets);

	return order ? order : (a > b) - (a < b); /* by e-mail */
}

static void add_author(struct class_table *t, const struct author *author)
{
	struct class_row *row = add_row(t, paint_of(author->exposure));

	put_author_name(&t->scratch, author);
	row->cells[0] = take_cell(t);
	row->cells[1] = number_cell(t, author->secrets);
	row->cells[2] = number_cell(t, author->units);
	row->cells[3] = exposure_cell(t, author->exposure);
}

bool class_table_authors(struct class_table *t, const struct text *w, const struct result *r)
{
	static const enum word head[] = {SAY_AUTHORS, SAY_SECRETS_COLUMN, SAY_REPOSITORIES_COLUMN,
					 SAY_FURTHEST_COLUMN};
	const struct author **authors;

	table_init(t, w);
	if (!r->is_class || !r->author_count)
		return false;
	authors = xcalloc(r->author_count, sizeof(*authors));
	put_head(t, head, sizeof(head) / sizeof(*head));
	for (size_t i = 0; i < r->author_count; i++)
		authors[i] = &r->authors[i];
	qsort(authors, r->author_count, sizeof(*authors), order_authors);
	for (size_t i = 0; i < r->author_count; i++)
		add_author(t, authors[i]);
	free(authors);
	return true;
}

static void put_authors(struct text *w, const struct result *r)
{
	struct class_table t;

	if (class_table_authors(&t, w, r)) {
		table_put(&t, &w->page);
		page_put(&w->page, PAINT_PLAIN, "\n");
	}
	class_table_dispose(&t);
}

/* ---- what they share ---- */

static const struct shared *find_shared(const struct result *r, const char *fingerprint)
{
	size_t beg = 0, end = r->shared_count;

	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;
		int order = strcmp(r->shared[mid].secret->fingerprint, fingerprint);

		if (order == 0)
			return &r->shared[mid];
		if (order < 0)
			beg = mid + 1;
		else
			end = mid;
	}
	return NULL;
}

/* "a, b, … and 3 more"; numbers: of units or else of authors. */
static void put_names(struct text *w, const struct result *r, const unsigned *numbers, size_t count,
		      bool are_units)
{
	size_t shown = w->options->verbose || count <= NAMES_SHOWN ? count : NAMES_SHOWN;

	for (size_t i = 0; i < shown; i++) {
		if (i > 0)
			page_put(&w->page, PAINT_PLAIN, ", ");
		if (are_units)
			put_unit_name(&w->page, w, &r->units[numbers[i] - 1]);
		else
			put_author_name(&w->page, &r->authors[numbers[i] - 1]);
	}
	if (shown == count)
		return;
	page_put(&w->page, PAINT_PLAIN, " ");
	page_put_said(&w->page, PAINT_PLAIN, SAY_MORE_NOT_SCANNED, count - shown, NULL);
}

static void put_shared(struct text *w, const struct result *r, const struct shared *shared,
		       const char *indent)
{
	char commit[13] = "";

	if (shared->unit_count > 1) {
		page_put(&w->page, PAINT_PLAIN, indent);
		page_put_said(&w->page, PAINT_STRONG, SAY_SHARED_BY_UNITS, shared->unit_count,
			      NULL);
		put_names(w, r, shared->units, shared->unit_count, true);
		page_put(&w->page, PAINT_PLAIN, "\n");
	}
	if (shared->author_count > 1) {
		page_put(&w->page, PAINT_PLAIN, indent);
		page_put_said(&w->page, PAINT_STRONG, SAY_SHARED_BY_AUTHORS, shared->author_count,
			      NULL);
		put_names(w, r, shared->authors, shared->author_count, false);
		page_put(&w->page, PAINT_PLAIN, "\n");
	}
	if (!shared->commit || shared->unit_count < 2)
		return;
	strncat(commit, shared->commit, sizeof(commit) - 1);
	page_put(&w->page, PAINT_PLAIN, indent);
	page_put_said(&w->page, PAINT_PLAIN, SAY_SHARED_COMMIT, 1, commit);
	page_put(&w->page, PAINT_PLAIN, "\n");
}

void text_put_sharers(struct text *w, const struct result *r, const char *fingerprint)
{
	const struct shared *shared = find_shared(r, fingerprint);

	if (shared)
		put_shared(w, r, shared, "  ");
}

/* The most sharers first. */
static int order_shared(const void *left, const void *right)
{
	const struct shared *a = *(const struct shared *const *)left;
	const struct shared *b = *(const struct shared *const *)right;
	size_t x = a->unit_count + a->author_count, y = b->unit_count + b->author_count;

	return x != y ? (x < y) - (x > y) : (a > b) - (a < b);
}

const struct shared **class_order_shared(const struct result *r)
{
	const struct shared **all = xcalloc(r->shared_count + 1, sizeof(*all));

	for (size_t i = 0; i < r->shared_count; i++)
		all[i] = &r->shared[i];
	if (r->shared_count)
		qsort(all, r->shared_count, sizeof(*all), order_shared);
	return all;
}

static void put_all_shared(struct text *w, const struct result *r)
{
	const struct shared **all = class_order_shared(r);
	struct buf advice;

	page_put_said(&w->page, PAINT_STRONG, SAY_SHARED_SECRETS, 1, NULL);
	page_put(&w->page, PAINT_PLAIN, "\n");
	for (size_t i = 0; i < r->shared_count; i++) {
		const struct secret *secret = all[i]->secret;

		page_put(&w->page, PAINT_PLAIN, "  ");
		page_put_quoted(&w->page, PAINT_BAD,
				secret->clear ? secret->clear : secret->redacted);
		page_put(&w->page, PAINT_PLAIN, "\n");
		put_shared(w, r, all[i], "    ");
		page_flush(&w->page);
	}
	buf_init(&advice, BUF_MAX_LINE);
	say(&advice, w->lang, SAY_SHARED_ADVICE, 1, NULL);
	page_put_paragraph(&w->page, "  ", "  ", buf_slice(&advice));
	page_put(&w->page, PAINT_PLAIN, "\n");
	buf_dispose(&advice);
	free(all);
}

void text_put_class(struct text *w, const struct result *r)
{
	put_units(w, r);
	put_authors(w, r);
	if (r->shared_count)
		put_all_shared(w, r);
}
