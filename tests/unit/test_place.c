/* report/place: what a file is known as, by its path alone. */
#include "report/place.h"

#include "base/tr.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static const char *id_of(const char *path, enum where where)
{
	const struct place *place = place_find(slice_str(path), where, PART_UNKNOWN);

	return place ? place->id : "";
}

/* Paths end in NULL. */
struct known {
	const char *id;
	const char *paths[10];
};

static const struct known known[] = {
	{"git-config", {"/lab/.git/config", ".git/config"}},
	{"dotenv-template",
	 {"/lab/.env.example", "/lab/.env.sample", "/lab/.env.template", "/lab/.env.dist",
	  "/lab/example.env", "/lab/sample.env"}},
	{"dotenv", {"/lab/.env", "/lab/.env.local", "/lab/prod.env", "/lab/.envrc", ".env"}},
	{"hub-token",
	 {"/home/ana/.cache/huggingface/token", "/srv/huggingface_staging/token",
	  "/home/ana/.huggingface/token"}},
	{"stored-tokens", {"/home/ana/.cache/huggingface/stored_tokens"}},
	{"netrc", {"/home/ana/.netrc", "/home/ana/_netrc"}},
	{"git-credentials", {"/home/ana/.git-credentials", "/home/ana/.config/git/credentials"}},
	{"shell-history",
	 {"/home/ana/.bash_history", "/home/ana/.zsh_history", "/home/ana/.histfile",
	  "/home/ana/.sh_history", "/home/ana/.local/share/fish/fish_history",
	  "/home/ana/ConsoleHost_history.txt"}},
	{"python-history",
	 {"/home/ana/.python_history", "/home/ana/.ipython/profile_default/history.sqlite"}},
	{"kaggle-key", {"/home/ana/.kaggle/kaggle.json"}},
	{"kaggle-log", {"/lab/kaggle/run.log", "/lab/my-kaggle-7.log", "/lab/kaggle.log"}},
	{"wandb-run",
	 {"/lab/wandb/run-20260301_1200-ab/files/config.yaml", "/lab/wandb/offline-run-1/x",
	  "/lab/wandb/latest-run/logs/debug.log", "/lab/wandb/debug-internal.log",
	  "/lab/wandb-metadata.json"}},
	{"notebook-checkpoint",
	 {"/lab/.ipynb_checkpoints/lab-checkpoint.ipynb", "/lab/.ipynb_checkpoints/a/b.py"}},
	{"notebook", {"/lab/unit1.ipynb", ".ipynb"}},
	{"dockerfile",
	 {"/lab/Dockerfile", "/lab/Dockerfile.gpu", "/lab/gpu.Dockerfile", "/lab/Containerfile"}},
	{"compose",
	 {"/lab/docker-compose.yml", "/lab/docker-compose.prod.yaml", "/lab/compose.yml",
	  "/lab/compose.override.yaml"}},
	{"github-workflow", {"/lab/.github/workflows/ci.yml", "/lab/.github/workflows/ci.yaml"}},
	{"training-args", {"/lab/out/training_args.bin"}},
	{"streamlit-secrets", {"/lab/.streamlit/secrets.toml"}},
	{"kubernetes-secret", {"/lab/secret.yaml", "/lab/k8s/hf-secrets.yml", "Secret.YAML"}},
	{"archive",
	 {"/lab/homework.zip", "/lab/lab.tar", "/lab/lab.tar.gz", "/lab/lab.tgz", "/lab/lab.7z",
	  "/lab/lab-1-py3-none-any.whl", "/lab/lab.jar"}},
	{"document",
	 {"/lab/report.docx", "/lab/slides.pptx", "/lab/notes.xlsx", "/lab/a.odt", "/lab/a.odp",
	  "/lab/a.ods"}},
};

#define KNOWN_COUNT (sizeof(known) / sizeof(*known))

static void every_known_place_is_told_by_its_path(void **state)
{
	for (size_t i = 0; i < KNOWN_COUNT; i++)
		for (size_t k = 0; known[i].paths[k]; k++)
			assert_string_equal(id_of(known[i].paths[k], WHERE_BLOB), known[i].id);
}

static void each_part_of_a_notebook_has_its_own_advice(void **state)
{
	static const char *const ids[PART_COUNT] = {
		[PART_UNKNOWN] = "notebook",           [PART_SOURCE] = "cell-source",
		[PART_OUTPUT] = "cell-output",         [PART_METADATA] = "notebook-metadata",
		[PART_ATTACHMENT] = "cell-attachment", [PART_OTHER] = "notebook-metadata",
	};

	for (unsigned part = 0; part < PART_COUNT; part++) {
		const struct place *place =
			place_find(SLICE("/lab/unit1.ipynb"), WHERE_BLOB, (enum cell_part)part);

		assert_string_equal(place->id, ids[part]);
		assert_string_not_equal(tr_in(LANG_EN, place->explanation),
					tr_in(LANG_ES, place->explanation));
	}
}

static void every_place_is_explained_in_each_language(void **state)
{
	for (size_t i = 0; i < KNOWN_COUNT; i++) {
		const struct place *place =
			place_find(slice_str(known[i].paths[0]), WHERE_BLOB, PART_UNKNOWN);

		for (size_t l = 0; l < LANG_COUNT; l++) {
			assert_true(strlen(tr_in(l, place->explanation)) > 20);
			assert_null(strchr(tr_in(l, place->explanation), '\n'));
		}
		assert_string_not_equal(tr_in(LANG_EN, place->explanation),
					tr_in(LANG_ES, place->explanation));
	}
}

static void what_hides_nothing_and_what_was_put_together_is_told(void **state)
{
	static const struct {
		const char *id;
		struct decodings decoded;
	} rows[] = {
		{"assembled", {1, {DECODED_JOINED}}},
		{"assembled", {2, {DECODED_BASE64, DECODED_UNWRAPPED}}},
		{"coded", {2, {DECODED_BASE64, DECODED_UTF16LE}}},
		{"coded", {1, {DECODED_HEX}}},
		{"", {1, {DECODED_UTF16LE}}},
		{"", {1, {DECODED_MARKUP}}},
		{"", {0, {0}}},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct place *place = place_of_forms(&rows[i].decoded);

		assert_string_equal(place ? place->id : "", rows[i].id);
		if (place)
			assert_string_not_equal(tr_in(LANG_EN, place->explanation),
						tr_in(LANG_ES, place->explanation));
	}
}

static void an_ordinary_file_is_no_place(void **state)
{
	static const char *const paths[] = {
		"",
		"/",
		"/lab/lab.py",
		"/lab/env",
		"/lab/my.envrc",
		"/lab/environment.yml",
		"/lab/token",
		"/lab/huggingface/token/x",
		"/lab/xhuggingface/token",
		"/lab/stored_tokens.py",
		"/lab/git/credentials",
		"/lab/kaggle/run.py",
		"/lab/kaggle.json/x",
		"/lab/wandb/settings",
		"/lab/wandb/x/run-1",
		"/lab/ipynb_checkpoints/x.py",
		"/lab/lab.ipynb.py",
		"/lab/Dockerfile-notes",
		"/lab/MyDockerfile",
		"/lab/docker-compose.json",
		"/lab/.github/ci.yml",
		"/lab/workflows/ci.yml",
		"/lab/.github/workflows/old/ci.yml",
		"/lab/git/config",
		"/lab/.git/config.lock",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		assert_string_equal(id_of(paths[i], WHERE_BLOB), "");
}

static void letter_case_does_not_matter(void **state)
{
	assert_string_equal(id_of("/lab/DOCKERFILE", WHERE_BLOB), "dockerfile");
	assert_string_equal(id_of("/lab/Unit1.IPYNB", WHERE_BLOB), "notebook");
	assert_string_equal(id_of("C:/Users/Ana/.Cache/HuggingFace/Token", WHERE_BLOB),
			    "hub-token");
	assert_string_equal(id_of("/lab/consolehost_HISTORY.txt", WHERE_BLOB), "shell-history");
}

/* The first row that fits counts: a copy by Jupyter is a copy first. */
static void the_closer_description_wins(void **state)
{
	assert_string_equal(id_of("/lab/.env.example", WHERE_BLOB), "dotenv-template");
	assert_string_equal(id_of("/lab/.ipynb_checkpoints/unit1.ipynb", WHERE_BLOB),
			    "notebook-checkpoint");
	assert_string_equal(id_of("/lab/wandb/run-1/files/code/unit1.ipynb", WHERE_BLOB),
			    "wandb-run");
	assert_string_equal(place_find(SLICE("a.zip"), WHERE_BLOB, PART_SOURCE)->id, "cell-source");
}

/* A token in a name is not helped by what the file is for. */
static void a_name_is_no_place_but_gits_own_settings_always_are(void **state)
{
	assert_string_equal(id_of("/lab/.env", WHERE_PATH), "");
	assert_string_equal(id_of("/lab/unit1.ipynb", WHERE_PATH), "");
	assert_string_equal(id_of("/lab/.git/config", WHERE_CONFIG), "git-config");
	assert_string_equal(id_of("/lab/.git/worktrees/a/config.worktree", WHERE_CONFIG),
			    "git-config");
}

static void any_byte_may_stand_for_a_star(void **state)
{
	assert_string_equal(id_of("/lab/\xff\n.ipynb", WHERE_BLOB), "notebook");
	assert_string_equal(id_of("/lab/作业.ipynb", WHERE_BLOB), "notebook");
	assert_string_equal(id_of("/lab/a.env.b.env", WHERE_BLOB), "dotenv");
	assert_string_equal(id_of("/lab/kakaggle.log.log", WHERE_BLOB), "kaggle-log");
}

/* The same place each time, so that a report can tell it has explained it. */
static void a_place_is_one_pointer(void **state)
{
	assert_ptr_equal(place_find(SLICE("a/.env"), WHERE_BLOB, PART_UNKNOWN),
			 place_find(SLICE("/b/prod.env"), WHERE_BLOB, PART_UNKNOWN));
	assert_ptr_not_equal(place_find(SLICE("a/.env"), WHERE_BLOB, PART_UNKNOWN),
			     place_find(SLICE("a/.env.dist"), WHERE_BLOB, PART_UNKNOWN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_part_of_a_notebook_has_its_own_advice),
		cmocka_unit_test(every_known_place_is_told_by_its_path),
		cmocka_unit_test(every_place_is_explained_in_each_language),
		cmocka_unit_test(what_hides_nothing_and_what_was_put_together_is_told),
		cmocka_unit_test(an_ordinary_file_is_no_place),
		cmocka_unit_test(letter_case_does_not_matter),
		cmocka_unit_test(the_closer_description_wins),
		cmocka_unit_test(a_name_is_no_place_but_gits_own_settings_always_are),
		cmocka_unit_test(any_byte_may_stand_for_a_star),
		cmocka_unit_test(a_place_is_one_pointer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
