/* report/remedy: what to do is decided by how far the secret got. */
#include "report/remedy.h"

#include "base/tr.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* Steps by a word that stands in them in each language; in order, ended by NULL. */
struct row {
	enum exposure exposure;
	enum where where;
	const char *says[REMEDY_STEPS_MAX + 1][LANG_COUNT];
};

#define DELETE_NOW                                                                                 \
	{                                                                                          \
		"Delete the token now", "Elimina el token ahora mismo"                             \
	}
#define DELETE_IT                                                                                  \
	{                                                                                          \
		"quick and sure", "rápido y seguro"                                               \
	}
#define DELETE_IF_SHARED                                                                           \
	{                                                                                          \
		"anybody else ever got", "alguien más recibió"                                   \
	}
#define READ_IT                                                                                    \
	{                                                                                          \
		"variable HF_TOKEN", "HF_TOKEN"                                                    \
	}
#define NO_PUSH_YET                                                                                \
	{                                                                                          \
		"Do not push yet", "No hagas push todavía"                                        \
	}
#define REWRITE                                                                                    \
	{                                                                                          \
		"git commit --amend", "git commit --amend"                                         \
	}
#define UNSTAGE                                                                                    \
	{                                                                                          \
		"git restore --staged", "git restore --staged"                                     \
	}
#define NOT_ENOUGH                                                                                 \
	{                                                                                          \
		"is not enough", "no basta"                                                        \
	}
#define LEFTOVERS                                                                                  \
	{                                                                                          \
		"No branch holds it", "no está en ninguna rama"                                   \
	}
#define RENAME                                                                                     \
	{                                                                                          \
		"Rename the file or folder", "Cambia el nombre"                                    \
	}

#define EXPIRE                                                                                     \
	{                                                                                          \
		"git reflog expire --expire=now --all", "git reflog expire --expire=now --all"     \
	}
#define REWRITE_OLDER                                                                              \
	{                                                                                          \
		"git stash drop", "git stash drop"                                                 \
	}
#define REWRITE_PUBLISHED                                                                          \
	{                                                                                          \
		"git filter-repo", "git filter-repo"                                               \
	}
#define NEW_TAG                                                                                    \
	{                                                                                          \
		"git tag -d TAG", "git tag -d TAG"                                                 \
	}
#define RENAME_REF                                                                                 \
	{                                                                                          \
		"git branch -m OLD NEW", "git branch -m VIEJO NUEVO"                               \
	}

static const struct row rows[] = {
	{EXPOSURE_NONE, WHERE_BLOB, {READ_IT, DELETE_IF_SHARED}},
	{EXPOSURE_IGNORED,
	 WHERE_BLOB,
	 {{"does not publish this file", "no publica este archivo"}, DELETE_IF_SHARED}},
	{EXPOSURE_UNREACHABLE, WHERE_BLOB, {LEFTOVERS, EXPIRE, DELETE_IF_SHARED}},
	{EXPOSURE_WORKTREE,
	 WHERE_BLOB,
	 {READ_IT, {"before `git add`", "antes de `git add`"}, DELETE_IF_SHARED}},
	{EXPOSURE_STAGED, WHERE_BLOB, {UNSTAGE, READ_IT, DELETE_IF_SHARED}},
	{EXPOSURE_COMMITTED, WHERE_BLOB, {NO_PUSH_YET, DELETE_IT, READ_IT, REWRITE}},
	{EXPOSURE_PUSHED, WHERE_BLOB, {DELETE_NOW, NOT_ENOUGH, READ_IT}},

	{EXPOSURE_NONE, WHERE_PATH, {RENAME, DELETE_IF_SHARED}},
	{EXPOSURE_IGNORED, WHERE_PATH, {RENAME, DELETE_IF_SHARED}},
	{EXPOSURE_UNREACHABLE, WHERE_PATH, {LEFTOVERS, EXPIRE, DELETE_IF_SHARED}},
	{EXPOSURE_WORKTREE, WHERE_PATH, {RENAME, DELETE_IF_SHARED}},
	{EXPOSURE_STAGED, WHERE_PATH, {UNSTAGE, RENAME, DELETE_IF_SHARED}},
	{EXPOSURE_COMMITTED, WHERE_PATH, {NO_PUSH_YET, DELETE_IT, RENAME, REWRITE}},
	{EXPOSURE_PUSHED, WHERE_PATH, {DELETE_NOW, NOT_ENOUGH, RENAME}},

	{EXPOSURE_UNREACHABLE, WHERE_COMMIT_MESSAGE, {LEFTOVERS, EXPIRE, DELETE_IF_SHARED}},
	{EXPOSURE_COMMITTED,
	 WHERE_COMMIT_MESSAGE,
	 {NO_PUSH_YET, DELETE_IT, {"`reword`", "`reword`"}}},
	{EXPOSURE_PUSHED, WHERE_COMMIT_MESSAGE, {DELETE_NOW, NOT_ENOUGH, REWRITE_PUBLISHED}},

	{EXPOSURE_UNREACHABLE, WHERE_TAG_MESSAGE, {LEFTOVERS, EXPIRE, DELETE_IF_SHARED}},
	{EXPOSURE_COMMITTED,
	 WHERE_TAG_MESSAGE,
	 {{"git push --tags", "git push --tags"}, DELETE_IT, NEW_TAG}},
	{EXPOSURE_PUSHED,
	 WHERE_TAG_MESSAGE,
	 {DELETE_NOW,
	  NOT_ENOUGH,
	  {"git push origin --delete TAG", "git push origin --delete TAG"}}},

	{EXPOSURE_UNREACHABLE, WHERE_AUTHOR, {LEFTOVERS, EXPIRE, DELETE_IF_SHARED}},
	{EXPOSURE_COMMITTED,
	 WHERE_AUTHOR,
	 {NO_PUSH_YET, DELETE_IT, {"--reset-author", "--reset-author"}}},
	{EXPOSURE_PUSHED, WHERE_AUTHOR, {DELETE_NOW, NOT_ENOUGH, REWRITE_PUBLISHED}},

	{EXPOSURE_UNREACHABLE, WHERE_REF_NAME, {RENAME_REF, EXPIRE, DELETE_IF_SHARED}},
	{EXPOSURE_COMMITTED,
	 WHERE_REF_NAME,
	 {{"list of branches or tags", "lista de ramas o tags"}, DELETE_IT, RENAME_REF, EXPIRE}},
	{EXPOSURE_PUSHED,
	 WHERE_REF_NAME,
	 {DELETE_NOW,
	  NOT_ENOUGH,
	  {"git push origin --delete OLD", "git push origin --delete VIEJO"}}},

	{EXPOSURE_IGNORED,
	 WHERE_REFLOG,
	 {{"where branches have been", "por dónde pasaron las ramas"}, EXPIRE, DELETE_IF_SHARED}},
	{EXPOSURE_PUSHED, WHERE_REFLOG, {DELETE_NOW, NOT_ENOUGH, EXPIRE}},
};

/* What only the history holds, as above: there is no file to mend. */
static const struct row past_rows[] = {
	{EXPOSURE_UNREACHABLE, WHERE_BLOB, {LEFTOVERS, EXPIRE, DELETE_IF_SHARED}},
	{EXPOSURE_COMMITTED, WHERE_BLOB, {NO_PUSH_YET, DELETE_IT, REWRITE_OLDER}},
	{EXPOSURE_PUSHED, WHERE_BLOB, {DELETE_NOW, NOT_ENOUGH, REWRITE_PUBLISHED}},
	{EXPOSURE_COMMITTED, WHERE_PATH, {NO_PUSH_YET, DELETE_IT, REWRITE_OLDER}},
	{EXPOSURE_PUSHED, WHERE_PATH, {DELETE_NOW, NOT_ENOUGH, REWRITE_PUBLISHED}},
};

static void says(const struct row *row, size_t i, bool is_past)
{
	const struct remedy *remedy = remedy_find(row->exposure, row->where, is_past);
	size_t k;

	for (k = 0; row->says[k][LANG_EN]; k++)
		for (size_t l = 0; l < LANG_COUNT; l++)
			if (!remedy->steps[k] ||
			    !strstr(tr_in(l, remedy->steps[k]->text), row->says[k][l]))
				fail_msg("row %zu, step %zu, language %zu", i, k, l);
	assert_null(remedy->steps[k]);
}

static void each_exposure_has_its_steps_in_each_language(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		says(&rows[i], i, false);
}

static void what_only_the_history_holds_is_rewritten(void **state)
{
	for (size_t i = 0; i < sizeof(past_rows) / sizeof(*past_rows); i++)
		says(&past_rows[i], i, true);
}

static void no_exposure_is_without_advice(void **state)
{
	for (size_t w = 0; w < WHERE_COUNT; w++)
		for (size_t e = 0; e < EXPOSURE_COUNT; e++)
			for (int past = 0; past < 2; past++)
				assert_non_null(remedy_find(e, w, past)->steps[0]);
}

/* Stashes live in a reflog: who empties it loses them. */
static void whoever_empties_the_reflog_is_warned_of_stashes(void **state)
{
	static const enum where wheres[] = {WHERE_BLOB, WHERE_REF_NAME, WHERE_REFLOG};

	for (size_t i = 0; i < sizeof(wheres) / sizeof(*wheres); i++)
		for (size_t l = 0; l < LANG_COUNT; l++)
			assert_non_null(
				strstr(tr_in(l, remedy_find(EXPOSURE_UNREACHABLE, wheres[i], true)
							->steps[1]
							->text),
				       "git stash pop"));
}

/* git's own settings are never pushed, whatever their repository was. */
static void settings_of_git_have_one_remedy(void **state)
{
	const struct remedy *remedy = remedy_find(EXPOSURE_IGNORED, WHERE_CONFIG, false);

	for (size_t e = 0; e < EXPOSURE_COUNT; e++)
		assert_ptr_equal(remedy_find(e, WHERE_CONFIG, e % 2), remedy);
	for (size_t l = 0; l < LANG_COUNT; l++) {
		assert_non_null(strstr(tr_in(l, remedy->steps[0]->text), "git remote set-url"));
		assert_non_null(
			strstr(tr_in(l, remedy->steps[1]->text), "--add-to-git-credential"));
	}
	assert_non_null(remedy->steps[2]);
	assert_null(remedy->steps[3]);
}

/* What has left the machine is made worthless before anything else. */
static void what_was_pushed_is_deleted_first(void **state)
{
	for (size_t w = 0; w < WHERE_COUNT; w++) {
		if (w == WHERE_CONFIG)
			continue;
		for (int past = 0; past < 2; past++) {
			const struct remedy *remedy = remedy_find(EXPOSURE_PUSHED, w, past);

			assert_memory_equal(tr_in(LANG_EN, remedy->steps[0]->text), "Delete ", 7);
			assert_memory_equal(tr_in(LANG_ES, remedy->steps[0]->text), "Elimina ", 8);
		}
	}
}

/* A report tells a remedy once and then points back to it. */
static void other_advice_is_another_pointer(void **state)
{
	const struct remedy *pushed = remedy_find(EXPOSURE_PUSHED, WHERE_BLOB, false);

	assert_ptr_not_equal(pushed, remedy_find(EXPOSURE_COMMITTED, WHERE_BLOB, false));
	assert_ptr_not_equal(pushed, remedy_find(EXPOSURE_PUSHED, WHERE_PATH, false));
	assert_ptr_not_equal(pushed, remedy_find(EXPOSURE_PUSHED, WHERE_BLOB, true));
	assert_ptr_equal(pushed, remedy_find(EXPOSURE_PUSHED, WHERE_BLOB, false));
}

/* One line each: the report breaks them itself. */
static void steps_are_single_lines(void **state)
{
	for (size_t i = 0; i < (size_t)WHERE_COUNT * EXPOSURE_COUNT * 2; i++) {
		const struct remedy *remedy =
			remedy_find(i / 2 % EXPOSURE_COUNT, i / 2 / EXPOSURE_COUNT, i % 2);

		for (size_t k = 0; remedy->steps[k]; k++)
			for (size_t l = 0; l < LANG_COUNT; l++) {
				const char *text = tr_in(l, remedy->steps[k]->text);

				assert_null(strpbrk(text, "\n\t"));
				assert_non_null(strchr(".", text[strlen(text) - 1]));
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_exposure_has_its_steps_in_each_language),
		cmocka_unit_test(what_only_the_history_holds_is_rewritten),
		cmocka_unit_test(no_exposure_is_without_advice),
		cmocka_unit_test(whoever_empties_the_reflog_is_warned_of_stashes),
		cmocka_unit_test(settings_of_git_have_one_remedy),
		cmocka_unit_test(what_was_pushed_is_deleted_first),
		cmocka_unit_test(other_advice_is_another_pointer),
		cmocka_unit_test(steps_are_single_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
