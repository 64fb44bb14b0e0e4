/* report/remedy: what to do is decided by how far the secret got. */
#include "report/remedy.h"

#include "base/tr.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* As of a finding that nobody tried, in a file of no kind. */
static struct remedy find(enum exposure exposure, enum where where, bool is_past)
{
	return remedy_find(&(struct finding){.exposure = exposure, .where = where}, is_past);
}

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
	struct remedy remedy = find(row->exposure, row->where, is_past);
	size_t k;

	for (k = 0; row->says[k][LANG_EN]; k++)
		for (size_t l = 0; l < LANG_COUNT; l++)
			if (!remedy.steps[k] ||
			    !strstr(tr_in(l, remedy.steps[k]->text), row->says[k][l]))
				fail_msg("row %zu, step %zu, language %zu", i, k, l);
	assert_null(remedy.steps[k]);
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
				assert_non_null(find(e, w, past).steps[0]);
}

/* Stashes live in a reflog: who empties it loses them. */
static void whoever_empties_the_reflog_is_warned_of_stashes(void **state)
{
	static const enum where wheres[] = {WHERE_BLOB, WHERE_REF_NAME, WHERE_REFLOG};

	for (size_t i = 0; i < sizeof(wheres) / sizeof(*wheres); i++)
		for (size_t l = 0; l < LANG_COUNT; l++)
			assert_non_null(strstr(
				tr_in(l,
				      find(EXPOSURE_UNREACHABLE, wheres[i], true).steps[1]->text),
				"git stash pop"));
}

/* git's own settings are never pushed, whatever their repository was. */
static void settings_of_git_have_one_remedy(void **state)
{
	struct remedy remedy = find(EXPOSURE_IGNORED, WHERE_CONFIG, false);

	for (size_t e = 0; e < EXPOSURE_COUNT; e++)
		assert_ptr_equal(find(e, WHERE_CONFIG, e % 2).key, remedy.key);
	for (size_t l = 0; l < LANG_COUNT; l++) {
		assert_non_null(strstr(tr_in(l, remedy.steps[0]->text), "git remote set-url"));
		assert_non_null(strstr(tr_in(l, remedy.steps[1]->text), "--add-to-git-credential"));
	}
	assert_non_null(remedy.steps[2]);
	assert_null(remedy.steps[3]);
}

/* What has left the machine is made worthless before anything else. */
static void what_was_pushed_is_deleted_first(void **state)
{
	for (size_t w = 0; w < WHERE_COUNT; w++) {
		if (w == WHERE_CONFIG)
			continue;
		for (int past = 0; past < 2; past++) {
			struct remedy remedy = find(EXPOSURE_PUSHED, w, past);

			assert_memory_equal(tr_in(LANG_EN, remedy.steps[0]->text), "Delete ", 7);
			assert_memory_equal(tr_in(LANG_ES, remedy.steps[0]->text), "Elimina ", 8);
		}
	}
}

/* A report tells a remedy once and then points back to it. */
static void other_advice_is_another_pointer(void **state)
{
	struct remedy pushed = find(EXPOSURE_PUSHED, WHERE_BLOB, false);

	assert_ptr_not_equal(pushed.key, find(EXPOSURE_COMMITTED, WHERE_BLOB, false).key);
	assert_ptr_not_equal(pushed.key, find(EXPOSURE_PUSHED, WHERE_PATH, false).key);
	assert_ptr_not_equal(pushed.key, find(EXPOSURE_PUSHED, WHERE_BLOB, true).key);
	assert_ptr_equal(pushed.key, find(EXPOSURE_PUSHED, WHERE_BLOB, false).key);
}

/* One line each: the report breaks them itself. */
static void steps_are_single_lines(void **state)
{
	for (size_t i = 0; i < (size_t)WHERE_COUNT * EXPOSURE_COUNT * 2; i++) {
		struct remedy remedy = find(i / 2 % EXPOSURE_COUNT, i / 2 / EXPOSURE_COUNT, i % 2);

		for (size_t k = 0; remedy.steps[k]; k++)
			for (size_t l = 0; l < LANG_COUNT; l++) {
				const char *text = tr_in(l, remedy.steps[k]->text);

				assert_null(strpbrk(text, "\n\t"));
				assert_non_null(strchr(".", text[strlen(text) - 1]));
			}
	}
}

/* ---- what the file is ---- */

static struct finding in_path(const char *path, enum exposure exposure)
{
	return (struct finding){
		.exposure = exposure, .path = (char *)path, .path_len = strlen(path)};
}

static bool says_in_each_language(struct remedy remedy, size_t step, const char *text)
{
	for (size_t l = 0; l < LANG_COUNT; l++)
		if (!remedy.steps[step] || !strstr(tr_in(l, remedy.steps[step]->text), text))
			return false;
	return true;
}

static void how_the_line_should_read_is_told_in_the_language_of_the_file(void **state)
{
	static const struct {
		const char *path, *says;
	} files[] = {
		{"unit1/lab.py", "os.environ[\"HF_TOKEN\"]"},
		{"unit1/lab.py", "userdata.get"},
		{"run.sh", "\"$HF_TOKEN\""},
		{"web/app.tsx", "process.env.HF_TOKEN"},
		{"a/.env", ".gitignore"},
		{"home/.netrc", "git rm --cached"},
		{"notes.txt", "hf auth login"},
		{".env.example", "hf auth login"},
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct finding f = in_path(files[i].path, EXPOSURE_WORKTREE);

		if (!says_in_each_language(remedy_find(&f, false), 0, files[i].says))
			fail_msg("%s", files[i].path);
	}
}

static void what_is_packed_is_told_by_its_member_and_may_not_stay(void **state)
{
	struct finding f = in_path("homework.zip", EXPOSURE_NONE);

	f.member = (char *)"unit1/lab.py";
	f.member_len = strlen(f.member);
	assert_true(says_in_each_language(remedy_find(&f, false), 0, "os.environ[\"HF_TOKEN\"]"));
	f.member = (char *)"unit1/.env";
	f.member_len = strlen(f.member);
	assert_false(remedy_lets_stay(&f));
	assert_true(says_in_each_language(remedy_find(&f, false), 0, "hf auth login"));
	f.member = NULL;
	f.path = (char *)".env";
	f.path_len = strlen(f.path);
	assert_true(remedy_lets_stay(&f));
}

static void a_notebook_is_told_by_the_part_that_holds_it(void **state)
{
	struct notebook_place place = {.cell = 1, .part = PART_SOURCE};
	struct finding f = in_path("lab.ipynb", EXPOSURE_PUSHED);

	f.notebook = &place;
	assert_true(says_in_each_language(remedy_find(&f, false), 2, "userdata.get('HF_TOKEN')"));
	place.part = PART_OUTPUT;
	assert_true(says_in_each_language(remedy_find(&f, false), 2, "Clear Outputs"));
}

/* ---- whether it still works ---- */

static void what_still_works_is_deleted_first_and_once(void **state)
{
	const struct live live = {.status = LIVE_LIVE, .role = ROLE_READ};

	for (size_t w = 0; w < WHERE_COUNT; w++)
		for (size_t e = 0; e < EXPOSURE_COUNT; e++)
			for (int past = 0; past < 2; past++) {
				struct finding f = {.exposure = e, .where = w, .live = &live};
				struct remedy remedy = remedy_find(&f, past);
				unsigned told = 0;

				for (size_t k = 0; remedy.steps[k]; k++)
					told += strstr(remedy.steps[k]->text, "elete") &&
						strstr(remedy.steps[k]->text, "huggingface.co");
				assert_int_equal(told, 1);
				assert_int_equal(strstr(remedy.steps[0]->text, "It still works") !=
							 NULL,
						 e != EXPOSURE_IGNORED);
			}
}

static void a_token_that_writes_is_replaced_by_one_that_reads(void **state)
{
	struct live live = {.status = LIVE_LIVE, .role = ROLE_WRITE};
	struct finding f = in_path("lab.py", EXPOSURE_PUSHED);
	struct remedy writes, reads;

	f.live = &live;
	writes = remedy_find(&f, false);
	assert_true(says_in_each_language(writes, 0, "Fine-grained"));
	live.role = ROLE_READ;
	reads = remedy_find(&f, false);
	assert_false(says_in_each_language(reads, 0, "Fine-grained"));
	assert_ptr_not_equal(reads.key, writes.key);
}

static void what_is_dead_is_neither_deleted_nor_rewritten(void **state)
{
	const struct live live = {.status = LIVE_DEAD, .reason = LIVE_REVOKED};

	for (size_t w = 0; w < WHERE_COUNT; w++)
		for (size_t e = 0; e < EXPOSURE_COUNT; e++)
			for (int past = 0; past < 2; past++) {
				struct finding f = {.exposure = e, .where = w, .live = &live};
				struct remedy remedy = remedy_find(&f, past);

				assert_true(says_in_each_language(remedy, 0, "urgent"));
				assert_non_null(strstr(remedy.steps[0]->text, "Nothing is urgent"));
				for (size_t k = 1; remedy.steps[k]; k++) {
					assert_null(
						strstr(remedy.steps[k]->text, "elete the token"));
					assert_null(strstr(remedy.steps[k]->text, "ewrite"));
					assert_null(strstr(remedy.steps[k]->text, "rebase"));
				}
			}
}

static void what_is_not_known_is_as_if_nobody_had_tried(void **state)
{
	const struct live live = {.status = LIVE_UNKNOWN, .reason = LIVE_TIMED_OUT};
	struct finding f = in_path("lab.py", EXPOSURE_COMMITTED);
	const void *key = remedy_find(&f, false).key;

	f.live = &live;
	assert_ptr_equal(remedy_find(&f, false).key, key);
}

/* A login that works stands where it belongs. */
static void a_live_token_at_home_is_not_deleted(void **state)
{
	const struct live live = {.status = LIVE_LIVE, .role = ROLE_WRITE};
	struct finding f = in_path("home/.cache/huggingface/token", EXPOSURE_NONE);

	f.live = &live;
	assert_true(says_in_each_language(remedy_find(&f, false), 0, ".gitignore"));
	f.exposure = EXPOSURE_PUSHED;
	assert_true(says_in_each_language(remedy_find(&f, false), 0, "hfscan revoke"));
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
		cmocka_unit_test(how_the_line_should_read_is_told_in_the_language_of_the_file),
		cmocka_unit_test(what_is_packed_is_told_by_its_member_and_may_not_stay),
		cmocka_unit_test(a_notebook_is_told_by_the_part_that_holds_it),
		cmocka_unit_test(what_still_works_is_deleted_first_and_once),
		cmocka_unit_test(a_token_that_writes_is_replaced_by_one_that_reads),
		cmocka_unit_test(what_is_dead_is_neither_deleted_nor_rewritten),
		cmocka_unit_test(what_is_not_known_is_as_if_nobody_had_tried),
		cmocka_unit_test(a_live_token_at_home_is_not_deleted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
