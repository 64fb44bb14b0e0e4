/* source/repo: what is ignored, with the real git as the judge. */
#include "source/repo.h"

#include "git_sandbox.h"

#include <sys/stat.h>
#include <time.h>

static void put(const char *path, const char *text)
{
	FILE *file = fopen(in_sandbox(path), "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	fclose(file);
}

static struct repo *open_repo(const char *name)
{
	struct repo *repo = NULL;
	struct err err = {0};

	if (repo_open(&repo, in_sandbox(name), &(struct repo_place){0}, 2, &err) < 0)
		fail_msg("%s: %s", name, err.msg);
	return repo;
}

/* ---- against git ---- */

/* Files and folders (they end in '/') of the tree that all rules are tried on. */
static const char *const tree[] = {
	"a",
	"b",
	"ab",
	"abc",
	"a.log",
	"keep.log",
	"Case.TXT",
	"case.txt",
	"sp ace",
	"trail",
	"trail ",
	"#hash",
	"!bang",
	"[x]",
	"x",
	"back\\slash",
	".env",
	"cr.txt",
	"cr.txt\r",
	"new\nline",
	"caf\303\251",
	"\377byte",
	"star*star",
	"q?",
	"dir/",
	"dir/f",
	"dir/a.log",
	"dir/sub/",
	"dir/sub/f",
	"dir/sub/keep.log",
	"foo/",
	"foo/bar/",
	"foo/bar/f",
	"foo/a",
	"foo/b/",
	"foo/b/a",
	"foo/b/c/",
	"foo/b/c/a",
	"foo/b/c/d/",
	"foo/b/c/d/a",
	"sub/",
	"sub/foo/",
	"sub/foo/bar/",
	"sub/foo/bar/f",
	"sub/dir/",
	"sub/dir/f",
	"sub/.env",
	"sub/keep.log",
	"env/",
	"env/f",
	"env/.keep",
	"only/",
	"only/in",
	"only/out",
	"only/d/",
	"only/d/in",
};

/* text of rule files; the first is .gitignore at the top. */
static const struct {
	const char *top, *in_sub, *in_dir, *info;
} rule_cases[] = {
	{.top = "*.log\n!keep.log\n"},
	{.top = "!keep.log\n*.log\n"},
	{.top = "dir/\n"},
	{.top = "dir/\n!dir/f\n"},
	{.top = "dir/*\n!dir/f\n"},
	{.top = "/a\n/foo/a\n"},
	{.top = "foo/bar\n"},
	{.top = "/foo/bar/\n"},
	{.top = "**/a\n"},
	{.top = "foo/**\n"},
	{.top = "foo/**/a\n"},
	{.top = "foo/**/\n"},
	{.top = "**/foo/bar\n"},
	{.top = "foo/*/a\n"},
	{.top = "foo/**b/a\n/**/d/a\n"},
	{.top = "/f**/a\n"},
	{.top = "?oo/b/**/b/c\n"},
	{.top = "**\n!*/\n!*.log\n"},
	{.top = "only/*\n!only/in\n"},
	{.top = "/*\n!/foo/\n/foo/*\n!/foo/b/\n"},
	{.top = "env/\n!env/.keep\n"},
	{.top = "sp ace\n"},
	{.top = "sp\\ ace  \n"},
	{.top = "trail \n"},
	{.top = "trail\\ \n"},
	{.top = "trail\\  \n"},
	{.top = "\\#hash\n\\!bang\n"},
	{.top = "#hash\n!bang\n"},
	{.top = "[x]\n"},
	{.top = "\\[x\\]\n"},
	{.top = "[[]x]\n[]x]\n"},
	{.top = "[!a]\n"},
	{.top = "[^a]\n"},
	{.top = "a[b-d]\n"},
	{.top = "[[:alpha:]]\n[[:upper:]]ase*\n"},
	{.top = "[[:nothing:]]\n[a\n[a-\n[\\\n"},
	{.top = "[!-z]\n[a-]\n"},
	{.top = "?\n??\n"},
	{.top = "foo?a\nfoo[/]a\nfoo*a\n"},
	{.top = "star\\*star\nq\\?\nback\\\\slash\n"},
	{.top = "a\\\n\\\n"},
	{.top = "cr.txt\r\n"},
	{.top = "cr.txt\r"},
	{.top = "\r\n\r\nx\r\n"},
	{.top = "\357\273\277a\nb\n"},
	{.top = "case.txt\n"},
	{.top = "caf\303\251\n\377*\n"},
	{.top = "caf??\n"},
	{.top = "/\n//\n!\n!/\n \n\n"},
	{.top = "./a\nfoo//a\n"},
	{.top = "a", .in_sub = "b"},
	{.top = ".env\n", .in_sub = "!.env\n"},
	{.top = "*.log\n", .in_sub = "!keep.log\n"},
	{.top = "sub/\n", .in_sub = "!.env\n"},
	{.top = "!.env\n", .info = ".env\n"},
	{.top = "x\n", .info = "!x\na\n"},
	{.in_sub = "/foo\ndir/f\n"},
	{.in_sub = "foo/bar/f\n", .in_dir = "*\n!f\n"},
	{.in_dir = "*\n!.gitignore\n!sub/\n"},
	{.info = "*\n!*.log\n!*/\n"},
};

static void write_rules(const char *path, const char *text)
{
	if (text)
		put(path, text);
	else
		unlink(in_sandbox(path));
}

/* Asks git about everything in the tree; [i] receives whether it is ignored. */
static void ask_git(bool *ignored)
{
	static char answer[1 << 16];
	size_t count = sizeof(tree) / sizeof(tree[0]), len;
	FILE *file = fopen(in_sandbox("paths"), "wb");

	assert_non_null(file);
	for (size_t i = 0; i < count; i++) {
		len = strlen(tree[i]);
		len -= tree[i][len - 1] == '/'; /* else "foo/" would match "foo/<star>" */
		fwrite(tree[i], 1, len, file);
		fputc('\0', file);
	}
	fclose(file);
	sh("git -C t check-ignore -z -v -n --stdin < paths > answer || test $? = 1");
	file = fopen(in_sandbox("answer"), "rb");
	assert_non_null(file);
	len = fread(answer, 1, sizeof(answer) - 1, file);
	fclose(file);
	/* source NUL line NUL pattern NUL path NUL, each time; no source: no match */
	for (size_t i = 0, at = 0; i < count; i++) {
		const char *field[4];

		for (size_t k = 0; k < 4; k++) {
			assert_true(at < len);
			field[k] = answer + at;
			at += strlen(answer + at) + 1;
		}
		ignored[i] = field[0][0] && field[2][0] != '!';
	}
}

static void rules_mean_what_git_takes_them_for(void **state)
{
	size_t count = sizeof(tree) / sizeof(tree[0]);
	unsigned some = 0;

	sh("git init -q t");
	for (size_t i = 0; i < count; i++) {
		char path[256];

		snprintf(path, sizeof(path), "t/%s", tree[i]);
		if (tree[i][strlen(tree[i]) - 1] == '/')
			mkdir(in_sandbox(path), 0777);
		else
			put(path, "");
	}
	for (size_t c = 0; c < sizeof(rule_cases) / sizeof(rule_cases[0]); c++) {
		bool ignored[sizeof(tree) / sizeof(tree[0])];
		struct repo *repo;

		write_rules("t/.gitignore", rule_cases[c].top);
		write_rules("t/sub/.gitignore", rule_cases[c].in_sub);
		write_rules("t/dir/.gitignore", rule_cases[c].in_dir);
		write_rules("t/.git/info/exclude", rule_cases[c].info);
		ask_git(ignored);
		repo = open_repo("t");
		for (size_t i = 0; i < count; i++) {
			struct slice path = slice_str(tree[i]);
			bool is_folder = slice_has_suffix(path, SLICE("/"));
			bool ours;

			path.len -= is_folder;
			ours = repo_classify(repo, 0, path, is_folder) == REPO_IGNORED;
			if (ours != ignored[i])
				fail_msg("case %zu, %s: we say %d", c, tree[i], ours);
			some += ours;
		}
		repo_free(repo);
	}
	assert_true(some > 100);
}

static void core_ignorecase_folds_letters_as_git_does(void **state)
{
	struct repo *repo;

	put("t/.gitignore", "CASE.*\n[k-l]EEP.LOG\nFOO/BAR\n");
	write_rules("t/sub/.gitignore", NULL);
	write_rules("t/.git/info/exclude", NULL);
	repo = open_repo("t");
	assert_int_equal(repo_classify(repo, 0, SLICE("case.txt"), false), REPO_UNTRACKED);
	repo_free(repo);
	sh("git -C t config core.ignoreCase true && "
	   "cd t && git check-ignore -q case.txt && git check-ignore -q keep.log");
	repo = open_repo("t");
	assert_int_equal(repo_classify(repo, 0, SLICE("case.txt"), false), REPO_IGNORED);
	assert_int_equal(repo_classify(repo, 0, SLICE("keep.log"), false), REPO_IGNORED);
	assert_int_equal(repo_classify(repo, 0, SLICE("foo/bar"), true), REPO_IGNORED);
	repo_free(repo);
}

/* ---- other places rules come from ---- */

static enum repo_class class_of(const char *name, const char *path)
{
	struct repo *repo = open_repo(name);
	enum repo_class class = repo_classify(repo, 1, slice_str(path), false);

	repo_free(repo);
	return class;
}

static void the_users_own_rules_count(void **state)
{
	sh("git init -q u && mkdir -p .config/git xdg/git && echo '*.xdghome' > .config/git/ignore "
	   "&& "
	   "echo '*.xdg' > xdg/git/ignore && echo '*.mine' > mine && echo '*.rel' > u/rel");
	assert_int_equal(class_of("u", "f.xdghome"), REPO_IGNORED);
	setenv("XDG_CONFIG_HOME", in_sandbox("xdg"), 1);
	assert_int_equal(class_of("u", "f.xdghome"), REPO_UNTRACKED);
	assert_int_equal(class_of("u", "f.xdg"), REPO_IGNORED);
	unsetenv("XDG_CONFIG_HOME");
	sh("git -C u config core.excludesFile '~/mine'");
	assert_int_equal(class_of("u", "f.mine"), REPO_IGNORED);
	assert_int_equal(class_of("u", "f.xdghome"), REPO_UNTRACKED);
	sh("git -C u config core.excludesFile rel");
	assert_int_equal(class_of("u", "f.rel"), REPO_IGNORED);
}

static void a_linked_worktree_shares_info_exclude(void **state)
{
	sh("git init -q m && git -C m commit -q --allow-empty -m x && "
	   "git -C m worktree add -q ../linked 2>/dev/null && echo '*.shared' > "
	   "m/.git/info/exclude");
	assert_int_equal(class_of("linked", "f.shared"), REPO_IGNORED);
}

/* git opens them with O_NOFOLLOW since 2.32. */
static void a_gitignore_that_is_a_link_is_not_followed(void **state)
{
	sh("git init -q l && echo '*' > rules && ln -s ../rules l/.gitignore && touch l/f && "
	   "! git -C l check-ignore -q f 2>/dev/null");
	assert_int_equal(class_of("l", "f"), REPO_UNTRACKED);
}

/* ---- tracked things in ignored places ---- */

static void tracked_things_are_tracked_wherever_they_lie(void **state)
{
	static const struct {
		const char *path;
		bool is_folder;
		enum repo_class class;
	} cases[] = {
		{"", true, REPO_TRACKED},          {"out", true, REPO_TRACKED},
		{"out/kept", false, REPO_TRACKED}, {"out/new", false, REPO_IGNORED},
		{"out/deep", true, REPO_TRACKED},  {"out/deep/er", true, REPO_TRACKED},
		{"out/other", true, REPO_IGNORED}, {"out/de", true, REPO_IGNORED},
		{"x", true, REPO_UNTRACKED},       {"x-y", true, REPO_TRACKED},
		{"out2", true, REPO_UNTRACKED},    {"out/kept", true, REPO_IGNORED},
		{"mod.ign", true, REPO_TRACKED},   {"mod.ign/f", false, REPO_IGNORED},
		{"other.ign", true, REPO_IGNORED},
	};
	struct repo *repo;

	sh("git init -q k && cd k && printf 'out/\\n*.ign\\n' > .gitignore && "
	   "mkdir -p out/deep/er x-y x && touch out/kept out/new out/deep/er/f x-y/f x.z && "
	   "git init -q mod.ign && git -C mod.ign commit -q --allow-empty -m s && "
	   "git add -f out/kept out/deep x-y x.z mod.ign 2>/dev/null");
	repo = open_repo("k");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (repo_classify(repo, 0, slice_str(cases[i].path), cases[i].is_folder) !=
		    cases[i].class)
			fail_msg("%s", cases[i].path);
	repo_free(repo);
}

static void folders_may_be_asked_about_in_any_order(void **state)
{
	static const char *const paths[] = {"d/a/f.n", "f.n",   "d/b/f.n", "d/a/b/f.n",
					    "d/f.n",   "e/f.n", "d/a/f.n", "da/f.n"};
	struct repo *repo;

	sh("git init -q o && cd o && mkdir -p d/a/b d/b e da && echo '*.n' > d/.gitignore && "
	   "echo '!*.n' > d/a/.gitignore");
	repo = open_repo("o");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct slice path = slice_str(paths[i]);
		bool ignored = slice_has_prefix(path, SLICE("d/")) &&
			       !slice_has_prefix(path, SLICE("d/a/"));

		assert_int_equal(repo_classify(repo, 0, path, false) == REPO_IGNORED, ignored);
	}
	repo_free(repo);
}

/* With a try for every split this would take until the sun burns out. */
static void a_pattern_of_many_stars_ends_soon(void **state)
{
	struct timespec before, after;
	char text[512] = "", name[256];
	struct repo *repo;

	for (int i = 0; i < 60; i++)
		strcat(text, "*a");
	strcat(text, "b\nx/");
	for (int i = 0; i < 60; i++)
		strcat(text, "**/a/");
	strcat(text, "b\n");
	sh("git init -q s");
	put("s/.gitignore", text);
	memset(name, 'a', sizeof(name));
	repo = open_repo("s");
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(repo_classify(repo, 0, slice_of(name, sizeof(name)), false),
			 REPO_UNTRACKED);
	for (size_t i = 1; i < sizeof(name); i += 2)
		name[i] = '/';
	name[0] = 'x';
	assert_int_equal(repo_classify(repo, 0, slice_of(name, sizeof(name) - 1), false),
			 REPO_UNTRACKED);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec < 2);
	repo_free(repo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_mean_what_git_takes_them_for),
		cmocka_unit_test(core_ignorecase_folds_letters_as_git_does),
		cmocka_unit_test(the_users_own_rules_count),
		cmocka_unit_test(a_linked_worktree_shares_info_exclude),
		cmocka_unit_test(a_gitignore_that_is_a_link_is_not_followed),
		cmocka_unit_test(tracked_things_are_tracked_wherever_they_lie),
		cmocka_unit_test(folders_may_be_asked_about_in_any_order),
		cmocka_unit_test(a_pattern_of_many_stars_ends_soon),
	};
	int failed;

	if (sandbox_setup(NULL) < 0)
		return 1;
	repo_library_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	repo_library_shutdown();
	return sandbox_teardown(NULL) != 0 || failed;
}
