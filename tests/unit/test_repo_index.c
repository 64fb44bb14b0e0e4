/* source/repo: the index, what it says of files, and its blobs. */
#include "source/repo.h"

#include "git_sandbox.h"

#include <errno.h>
#include <sys/stat.h>

static struct repo *open_repo(const char *name)
{
	struct repo *repo = NULL;
	struct err err = {0};

	if (repo_open(&repo, in_sandbox(name), &(struct repo_place){0}, 2, &err) < 0)
		fail_msg("%s: %s", name, err.msg);
	return repo;
}

static void assert_refused(const char *name, const char *reason)
{
	struct repo *repo = NULL;
	struct err err = {0};

	assert_int_equal(repo_open(&repo, in_sandbox(name), &(struct repo_place){0}, 1, &err),
			 HF_EGIT);
	assert_null(repo);
	if (!strstr(err.msg, reason))
		fail_msg("%s: '%s' does not say '%s'", name, err.msg, reason);
}

/* ---- entries ---- */

/* Compares with git's own list: stage and name of whatever is no submodule. */
static void assert_entries_as_git(const char *name)
{
	struct repo *repo = open_repo(name);
	char line[4096];
	size_t at = 0;
	FILE *list;

	sh("git -C %s ls-files -s -z | tr '\\0' '\\n' | grep -v '^160000' | "
	   "sed 's/.*\\t//' > list",
	   name);
	list = fopen(in_sandbox("list"), "r");
	assert_non_null(list);
	while (fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = '\0';
		assert_true(at < repo_entry_count(repo));
		assert_true(slice_eq(repo_entry_path(repo, at), slice_str(line)));
		at++;
	}
	fclose(list);
	assert_true(at > 0);
	assert_int_equal(at, repo_entry_count(repo));
	repo_free(repo);
}

static void entries_are_those_of_git_in_every_version(void **state)
{
	sh("git init -q v && cd v && mkdir a a-b && touch a/x a-b/y a.c 'sp ace' && "
	   "mkdir -p a/very/deep && touch a/very/deep/one a/very/deep/two && ln -s nowhere link && "
	   "git init -q sub && git -C sub commit -q --allow-empty -m s && git add . 2>/dev/null");
	for (int version = 2; version <= 4; version++) {
		sh("git -C v update-index --index-version %d", version);
		assert_entries_as_git("v");
	}
	sh("touch v/later && git -C v add -N later && git -C v update-index --index-version 3");
	assert_entries_as_git("v");
}

static void a_path_is_found_and_a_part_of_one_is_not(void **state)
{
	static const struct {
		const char *path;
		bool is_there;
	} cases[] = {
		{"a/x", true},
		{"a.c", true},
		{"a-b/y", true},
		{"link", true},
		{"sp ace", true},
		{"a", false},
		{"a/", false},
		{"sub", false},
		{"", false},
		{"zzz", false},
		{"A.c", false},
		{"a/very", false},
		{"a/very/deep/two", true},
	};
	struct repo *repo = open_repo("v");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t entry = repo_entry_find(repo, slice_str(cases[i].path));

		if ((entry != REPO_NO_ENTRY) != cases[i].is_there)
			fail_msg("%s", cases[i].path);
		if (cases[i].is_there)
			assert_true(
				slice_eq(repo_entry_path(repo, entry), slice_str(cases[i].path)));
	}
	repo_free(repo);
}

static void conflict_stages_are_entries_of_their_own(void **state)
{
	struct repo *repo;
	char hex[65];

	sh("git init -q -b main c && cd c && echo base > f && git add f && git commit -qm base && "
	   "git checkout -qb side && echo side > f && git commit -qam side && git checkout -q main "
	   "&& "
	   "echo main > f && git commit -qam main && ! git merge -q side >/dev/null 2>&1");
	repo = open_repo("c");
	assert_int_equal(repo_entry_count(repo), 3);
	assert_int_equal(repo_entry_find(repo, SLICE("f")), REPO_NO_ENTRY);
	assert_int_equal(repo_classify(repo, 0, SLICE("f"), false), REPO_TRACKED);
	for (size_t i = 0; i < 3; i++)
		assert_true(repo_entry_differs(repo, 0, i));
	assert_int_equal(repo_entry_exposure(repo, 0, 0, hex), EXPOSURE_STAGED);
	assert_int_equal(repo_entry_exposure(repo, 0, 1, hex), EXPOSURE_COMMITTED);
	repo_free(repo);
}

static void a_fresh_repository_has_no_entries(void **state)
{
	struct repo *repo;

	sh("git init -q fresh");
	repo = open_repo("fresh");
	assert_int_equal(repo_entry_count(repo), 0);
	assert_int_equal(repo_entry_find(repo, SLICE("f")), REPO_NO_ENTRY);
	assert_int_equal(repo_classify(repo, 0, SLICE("f"), false), REPO_UNTRACKED);
	repo_free(repo);
}

/* ---- what cannot be read ---- */

static void what_cannot_be_read_says_why(void **state)
{
	sh("git init -q sparse && cd sparse && mkdir in out && touch in/f out/f && git add . && "
	   "git commit -qm x && git sparse-checkout set --cone --sparse-index in 2>/dev/null");
	assert_refused("sparse", "sparse");
	sh("git init -q split && cd split && touch f && git add f && git update-index "
	   "--split-index");
	assert_refused("split", "split");
	sh("git init -q --object-format=sha256 sha256 && cd sha256 && touch f && git add f");
	assert_refused("sha256", "SHA-256");
	sh("git init -q short && touch short/f && git -C short add f && echo x > short/.git/index");
	assert_refused("short", "does not begin like one");
	sh("git init -q fifo && mkfifo fifo/.git/index");
	assert_refused("fifo", "no file");
	assert_refused("nowhere", "cannot open");
	sh("git init -q future && git -C future config core.repositoryformatversion 1 && "
	   "git config -f future/.git/config extensions.refStorage reftable");
	assert_refused("future", "reftable");
	sh("git config -f future/.git/config extensions.refStorage files && "
	   "git config -f future/.git/config extensions.hoverboard true");
	assert_refused("future", "extension");
	sh("git config -f future/.git/config core.repositoryformatversion 2");
	assert_refused("future", "version");
}

static void extensions_that_change_nothing_here_are_accepted(void **state)
{
	sh("git init -q ext && cd ext && touch f && git add f && cp .git/config plain && "
	   "for e in partialClone=origin worktreeConfig=true preciousObjects=true "
	   "objectFormat=sha1 "
	   "relativeWorktrees=true; do git config -f .git/config extensions.${e%%=*} ${e#*=}; done "
	   "&& "
	   "git config -f .git/config core.repositoryformatversion 1");
	repo_free(open_repo("ext"));
	sh("mv ext/plain ext/.git/config");
	assert_entries_as_git("ext");
}

static unsigned char *load(const char *name, size_t *len)
{
	FILE *file = fopen(in_sandbox(name), "rb");
	unsigned char *bytes = malloc(1 << 16);

	assert_non_null(file);
	*len = fread(bytes, 1, 1 << 16, file);
	fclose(file);
	return bytes;
}

static void store(const char *name, const unsigned char *bytes, size_t len)
{
	FILE *file = fopen(in_sandbox(name), "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static int try_open(const char *name, char *reason, size_t size)
{
	struct repo *repo = NULL;
	struct err err = {0};
	int rc = repo_open(&repo, in_sandbox(name), &(struct repo_place){0}, 1, &err);

	if (rc == 0)
		for (size_t i = 0; i < repo_entry_count(repo); i++)
			repo_entry_find(repo, repo_entry_path(repo, i));
	snprintf(reason, size, "%s", err.msg);
	repo_free(repo);
	return rc;
}

static void a_cut_index_is_refused_wherever_it_is_cut(void **state)
{
	size_t len;
	unsigned char *bytes = load("v/.git/index", &len);
	char reason[512];

	for (size_t cut = 0; cut < len; cut++) {
		store("v/.git/index", bytes, cut);
		assert_int_equal(try_open("v", reason, sizeof(reason)), HF_EGIT);
	}
	store("v/.git/index", bytes, len);
	assert_int_equal(try_open("v", reason, sizeof(reason)), 0);
	free(bytes);
}

static void a_changed_byte_is_noticed_by_the_checksum(void **state)
{
	size_t len;
	unsigned char *bytes = load("v/.git/index", &len);
	char reason[512];

	bytes[len / 2] ^= 1;
	store("v/.git/index", bytes, len);
	assert_int_equal(try_open("v", reason, sizeof(reason)), HF_EGIT);
	assert_non_null(strstr(reason, "checksum"));
	bytes[len / 2] ^= 1;
	store("v/.git/index", bytes, len);
	free(bytes);
}

/* index.skipHash leaves zeros, so that every byte can be changed without
 * notice: any outcome will do that is no crash. */
static void an_index_without_checksum_is_read_whatever_it_holds(void **state)
{
	size_t len;
	unsigned char *bytes;
	char reason[512];
	unsigned accepted = 0, refused = 0;

	for (int version = 2; version <= 4; version += 2) {
		sh("git -C v update-index --index-version %d", version);
		bytes = load("v/.git/index", &len);
		memset(bytes + len - 20, 0, 20);
		store("v/.git/index", bytes, len);
		assert_int_equal(try_open("v", reason, sizeof(reason)), 0);
		for (size_t at = 0; at < len - 20; at++) {
			unsigned char was = bytes[at];

			bytes[at] = (unsigned char)(was ^ (at % 2 ? 0xff : 1 << at % 8));
			store("v/.git/index", bytes, len);
			if (try_open("v", reason, sizeof(reason)) == 0)
				accepted++;
			else
				refused++;
			bytes[at] = was;
		}
		for (size_t cut = 12; cut < len - 20; cut++) {
			unsigned char *shorter = calloc(1, cut + 20);

			memcpy(shorter, bytes, cut);
			store("v/.git/index", shorter, cut + 20);
			refused += try_open("v", reason, sizeof(reason)) != 0;
			free(shorter);
		}
		store("v/.git/index", bytes, len);
		free(bytes);
	}
	assert_true(accepted > 0);
	assert_true(refused > 0);
}

static void entries_out_of_order_are_refused(void **state)
{
	size_t len;
	unsigned char *bytes, *name;
	char reason[512];

	sh("git init -q order && cd order && touch aaa bbb && git add . && "
	   "git update-index --index-version 2");
	bytes = load("order/.git/index", &len);
	memset(bytes + len - 20, 0, 20);
	name = memmem(bytes, len, "aaa", 3);
	assert_non_null(name);
	memcpy(name, "ccc", 3);
	store("order/.git/index", bytes, len);
	assert_int_equal(try_open("order", reason, sizeof(reason)), HF_EGIT);
	assert_non_null(strstr(reason, "order"));
	free(bytes);
}

/* ---- files and entries ---- */

/* Each file was added with a time in the past; `then` changes it. seen: what
 * repo_entry_seen() returns; when the file is gone it is not asked. */
static const struct {
	const char *name, *then;
	bool seen, differs;
} file_cases[] = {
	{"same", "true", true, false},
	{"touched", "touch touched", false, false},
	{"other", "echo OTHER > other; touch -d 2020-01-01 other", false, true},
	{"longer", "echo more >> longer", false, true},
	{"gone", "rm gone", false, true},
	{"relinked", "ln -sf there relinked", false, true},
	{"linked", "true", true, false},
	{"becomelink", "ln -sf same becomelink", false, true},
	{"becomefolder", "rm becomefolder; mkdir becomefolder", false, true},
	{"racy", "true", false, false},
	{"racychange", "true", false, true},
	{"intent", "echo x > intent; git add -N intent", false, false},
	{"skipped", "git update-index --skip-worktree skipped; rm skipped", false, true},
	{"assumed", "git update-index --assume-unchanged assumed; echo ASSUMED > assumed", false,
	 true},
	{"copied", "cp -p copied tmp; mv tmp copied", false, false},
	{"exec", "chmod +x exec", false, false},
};

static void only_a_file_that_differs_needs_its_blob(void **state)
{
	struct repo *repo;
	struct stat st;

	sh("git init -q f && cd f && git config core.fileMode false && "
	   "for n in same touched other longer gone becomelink becomefolder racychange skipped "
	   "assumed "
	   "copied exec; do echo $n > $n; touch -d 2020-01-01 $n; done; "
	   "ln -s here relinked; ln -s here linked; touch -h -d 2020-01-01 linked relinked; "
	   "git add . && sleep 1.1");
	for (size_t i = 0; i < sizeof(file_cases) / sizeof(file_cases[0]); i++)
		sh("cd f && %s", file_cases[i].then);
	/* As if written in the tick in which the index was: same time, same size. */
	sh("cd f && echo racy > racy && touch -d 2030-01-01 racy racychange && git add racy "
	   "racychange "
	   "&& echo RACYCHANGE > racychange && touch -d 2030-01-01 racychange");
	repo = open_repo("f");
	for (size_t i = 0; i < sizeof(file_cases) / sizeof(file_cases[0]); i++) {
		const char *name = file_cases[i].name;
		size_t entry = repo_entry_find(repo, slice_str(name));
		char path[64];

		assert_int_not_equal(entry, REPO_NO_ENTRY);
		snprintf(path, sizeof(path), "f/%s", name);
		if (lstat(in_sandbox(path), &st) == 0 &&
		    repo_entry_seen(repo, entry, &st) != file_cases[i].seen)
			fail_msg("%s: seen is not %d", name, file_cases[i].seen);
		if (repo_entry_differs(repo, 1, entry) != file_cases[i].differs)
			fail_msg("%s: differs is not %d", name, file_cases[i].differs);
	}
	repo_free(repo);
}

static void a_file_that_was_not_seen_needs_its_blob(void **state)
{
	struct repo *repo = open_repo("f");

	assert_true(repo_entry_differs(repo, 0, repo_entry_find(repo, SLICE("same"))));
	repo_free(repo);
}

/* git writes a size of 0 for an entry it does not trust. */
static void an_entry_without_size_is_compared_by_contents(void **state)
{
	struct repo *repo;
	struct stat st;
	size_t len, entry;
	unsigned char *bytes, *name;

	sh("git init -q smudged && cd smudged && echo x > file && touch -d 2020-01-01 file && "
	   "git add file && git update-index --index-version 2");
	bytes = load("smudged/.git/index", &len);
	name = memmem(bytes, len, "file", 4);
	assert_non_null(name);
	memset(name - 62 + 36, 0, 4);
	memset(bytes + len - 20, 0, 20);
	store("smudged/.git/index", bytes, len);
	free(bytes);
	repo = open_repo("smudged");
	entry = repo_entry_find(repo, SLICE("file"));
	assert_int_equal(lstat(in_sandbox("smudged/file"), &st), 0);
	assert_false(repo_entry_seen(repo, entry, &st));
	assert_false(repo_entry_differs(repo, 0, entry));
	repo_free(repo);
}

/* ---- blobs ---- */

static void a_blob_is_read_whole_or_refused_with_a_reason(void **state)
{
	struct repo *repo;
	struct repo_blob blob = {0};
	struct err err = {0};
	size_t entry;

	sh("git init -q b && cd b && printf 'a\\0b' > nul && : > empty && echo gone > gone && "
	   "echo broken > broken && git add . && "
	   "for n in gone broken; do o=$(git rev-parse :$n); p=.git/objects/$(echo $o | cut -c1-2)/"
	   "$(echo $o | cut -c3-); chmod u+w $p; if [ $n = gone ]; then rm $p; else echo x > $p; "
	   "fi; done");
	repo = open_repo("b");
	entry = repo_entry_find(repo, SLICE("nul"));
	assert_int_equal(repo_entry_read(repo, 1, entry, 3, &blob, &err), 0);
	assert_true(slice_eq(blob.bytes, SLICE("a\0b")));
	repo_blob_release(&blob);
	assert_int_equal(repo_entry_read(repo, 1, entry, 2, &blob, &err), HF_ELIMIT);
	entry = repo_entry_find(repo, SLICE("empty"));
	assert_int_equal(repo_entry_read(repo, 0, entry, 0, &blob, &err), 0);
	assert_int_equal(blob.bytes.len, 0);
	repo_blob_release(&blob);
	entry = repo_entry_find(repo, SLICE("gone"));
	assert_int_equal(repo_entry_read(repo, 0, entry, 100, &blob, &err), HF_EGIT);
	assert_non_null(strstr(err.msg, "missing"));
	entry = repo_entry_find(repo, SLICE("broken"));
	assert_int_equal(repo_entry_read(repo, 0, entry, 100, &blob, &err), HF_EGIT);
	repo_free(repo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_those_of_git_in_every_version),
		cmocka_unit_test(a_path_is_found_and_a_part_of_one_is_not),
		cmocka_unit_test(conflict_stages_are_entries_of_their_own),
		cmocka_unit_test(a_fresh_repository_has_no_entries),
		cmocka_unit_test(what_cannot_be_read_says_why),
		cmocka_unit_test(extensions_that_change_nothing_here_are_accepted),
		cmocka_unit_test(a_cut_index_is_refused_wherever_it_is_cut),
		cmocka_unit_test(a_changed_byte_is_noticed_by_the_checksum),
		cmocka_unit_test(an_index_without_checksum_is_read_whatever_it_holds),
		cmocka_unit_test(entries_out_of_order_are_refused),
		cmocka_unit_test(only_a_file_that_differs_needs_its_blob),
		cmocka_unit_test(a_file_that_was_not_seen_needs_its_blob),
		cmocka_unit_test(an_entry_without_size_is_compared_by_contents),
		cmocka_unit_test(a_blob_is_read_whole_or_refused_with_a_reason),
	};
	int failed;

	if (sandbox_setup(NULL) < 0)
		return 1;
	repo_library_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	repo_library_shutdown();
	return sandbox_teardown(NULL) != 0 || failed;
}
