/* source/repo: finding and opening, what a hostile repository cannot do, and
 * how far a blob got. */
#include "source/repo.h"

#include "git_sandbox.h"

#include <pthread.h>

static struct repo *open_repo(const char *name, unsigned workers)
{
	struct repo *repo = NULL;
	struct err err = {0};

	if (repo_open(&repo, in_sandbox(name), &(struct repo_place){0}, workers, &err) < 0)
		fail_msg("%s: %s", name, err.msg);
	return repo;
}

/* ---- finding ---- */

static void assert_discovered(const char *path, const char *top_wanted, bool bare_wanted)
{
	char *top = NULL;
	bool bare = false;
	struct err err = {0};

	if (repo_discover(in_sandbox(path), &top, &bare, &err) < 0)
		fail_msg("%s: %s", path, err.msg);
	if (top_wanted) {
		char wanted[2 * PATH_MAX];

		snprintf(wanted, sizeof(wanted), "%s/", in_sandbox(top_wanted));
		assert_non_null(top);
		assert_string_equal(top, wanted);
	} else if (top) {
		fail_msg("%s: found %s", path, top);
	}
	assert_int_equal(bare, bare_wanted);
	free(top);
}

static void the_top_is_found_from_wherever_one_stands(void **state)
{
	static const struct {
		const char *path, *top;
		bool bare;
	} cases[] = {
		{"main", "main", false},
		{"main/", "main", false},
		{"main/a/b", "main", false},
		{"main/a/b/f", "main", false},
		{"main/a/../a/b/", "main", false},
		{"alias", "main", false},
		{"alias/a/b/f", "main", false},
		{"main/mod", "main/mod", false},
		{"main/mod/f", "main/mod", false},
		{"linked", "linked", false},
		{"linked/a/b", "linked", false},
		{"main/hollow/d", "main", false},
		{"bare.git", "bare.git", true},
		{"bare.git/hooks", "bare.git", true},
		{"main/.git", "main/.git", true},
		{"main/.git/config", "main/.git", true},
		{"main/.git/refs/heads", "main/.git", true},
		{"main/.git/modules/mod", "main/.git/modules/mod", true},
		{"main/.git/worktrees/linked", "main/.git/worktrees/linked", true},
		{"plain", NULL, false},
		{"plain/f", NULL, false},
	};

	sh("git init -q modsrc && cd modsrc && touch f && git add f && git commit -qm x && cd .. "
	   "&& "
	   "git init -q main && cd main && mkdir -p a/b hollow/.git hollow/d && touch a/b/f && "
	   "git add a && git -c protocol.file.allow=always submodule add -q ../modsrc mod "
	   "2>/dev/null "
	   "&& git commit -qm x && git worktree add -q ../linked 2>/dev/null && cd .. && "
	   "git init -q --bare bare.git && ln -s main alias && mkdir plain && touch plain/f");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_discovered(cases[i].path, cases[i].top, cases[i].bare);
}

static void the_environment_does_not_lead_elsewhere(void **state)
{
	setenv("GIT_DIR", in_sandbox("bare.git"), 1);
	setenv("GIT_CEILING_DIRECTORIES", in_sandbox("main"), 1);
	assert_discovered("main/a/b", "main", false);
	assert_discovered("plain", NULL, false);
	unsetenv("GIT_DIR");
	unsetenv("GIT_CEILING_DIRECTORIES");
}

static void another_owner_does_not_matter(void **state)
{
	if (geteuid() != 0) {
		print_message("skipped: only root can give a folder away\n");
		skip();
	}
	sh("git init -q theirs && touch theirs/f && git -C theirs add f && chown -R 12345 theirs "
	   "&& "
	   "! git -C theirs status >/dev/null 2>&1");
	assert_discovered("theirs", "theirs", false);
	repo_free(open_repo("theirs", 1));
}

static void what_is_not_there_is_an_error(void **state)
{
	char *top = NULL;
	bool bare;
	struct err err;

	assert_int_equal(repo_discover(in_sandbox("missing"), &top, &bare, &err), HF_ENOTFOUND);
	sh("mkdir stray && echo 'gitdir: ../nowhere' > stray/.git");
	assert_int_equal(repo_discover(in_sandbox("stray"), &top, &bare, &err), HF_EGIT);
	assert_null(top);
}

static void the_configuration_is_the_one_git_reads(void **state)
{
	struct repo *repo = open_repo("linked", 1);

	assert_string_equal(repo_config_path(repo), in_sandbox("main/.git/config"));
	repo_free(repo);
	repo = open_repo("main/mod", 1);
	assert_string_equal(repo_config_path(repo), in_sandbox("main/.git/modules/mod/config"));
	repo_free(repo);
	sh("git init -q noconfig && rm noconfig/.git/config");
	repo = open_repo("noconfig", 1);
	assert_null(repo_config_path(repo));
	repo_free(repo);
}

/* ---- a hostile repository ---- */

static void the_work_tree_is_where_we_say(void **state)
{
	struct repo *repo;
	size_t entry;
	struct stat st;

	sh("git init -q wt && cd wt && echo x > f && git add f && echo y > f && mkdir ../elsewhere "
	   "&& "
	   "echo x > ../elsewhere/f && echo '*.ign' > .gitignore && "
	   "git config core.worktree ../../elsewhere && touch -d 2020-01-01 f");
	repo = open_repo("wt", 1);
	entry = repo_entry_find(repo, SLICE("f"));
	assert_int_equal(lstat(in_sandbox("wt/f"), &st), 0);
	repo_entry_seen(repo, entry, &st);
	assert_true(repo_entry_differs(repo, 0, entry));
	assert_int_equal(repo_classify(repo, 0, SLICE("f.ign"), false), REPO_IGNORED);
	repo_free(repo);
	sh("cd wt/.git && git config -f config core.worktree /nonexistent && "
	   "git config -f config core.bare true");
	repo = open_repo("wt", 1);
	assert_int_equal(repo_entry_count(repo), 1);
	repo_free(repo);
}

/* Does everything there is to do, with two workers. */
static void use_all_of(struct repo *repo)
{
	struct repo_blob blob;
	struct stat st;
	char hex[65];

	for (size_t i = 0; i < repo_entry_count(repo); i++) {
		unsigned worker = i % 2;

		if (lstat(in_sandbox("evil/f.txt"), &st) == 0)
			repo_entry_seen(repo, i, &st);
		repo_entry_differs(repo, worker, i);
		if (repo_entry_read(repo, worker, i, 1000, &blob, NULL) == 0)
			repo_blob_release(&blob);
		repo_entry_exposure(repo, worker, i, hex);
	}
	repo_classify(repo, 0, SLICE("d/new.txt"), false);
	repo_classify(repo, 1, SLICE("d"), true);
}

static void nothing_that_a_repository_names_is_run(void **state)
{
	sh("git init -q evil && cd evil && echo x > f.txt && git add f.txt && git commit -qm x && "
	   "printf '#!/bin/sh\\ntouch %s/ran\\n' > ../run && chmod +x ../run && mkdir hooks && "
	   "for h in post-checkout pre-commit post-index-change fsmonitor-watchman "
	   "reference-transaction; "
	   "do cp ../run hooks/$h; done && echo '* filter=x diff=x merge=x' > .gitattributes && "
	   "for k in core.fsmonitor filter.x.clean filter.x.smudge filter.x.process "
	   "diff.x.textconv "
	   "diff.x.command diff.external merge.x.driver core.sshCommand core.askPass "
	   "credential.helper "
	   "core.pager core.editor gpg.program alias.status uploadpack.packObjectsHook "
	   "core.alternateRefsCommand; do git config $k ../run; done; "
	   "git config core.hooksPath hooks && git config filter.x.required true && "
	   "touch -d 2020-01-01 f.txt && rm -f ../ran",
	   sandbox);
	for (int turn = 0; turn < 2; turn++) {
		struct repo *repo = open_repo("evil", 2);

		use_all_of(repo);
		repo_free(repo);
	}
	assert_int_not_equal(access(in_sandbox("ran"), F_OK), 0);
}

/* Each of these is opened by git or libgit2 and would be waited on. */
static const char *const traps[] = {
	"mkfifo .gitignore",
	"mkfifo d/.gitignore",
	"rm -f .git/info/exclude; mkfifo .git/info/exclude",
	"mkfifo pipe; git config core.excludesFile \"$PWD/pipe\"",
	"git config core.excludesFile /dev/zero",
	"git config core.excludesFile /dev/tty",
	"git config core.attributesFile \"$PWD/pipe\"; mkfifo pipe .gitattributes",
#ifdef HFSCAN_GIT_STATIC
	"mkfifo pipe; git config include.path \"$PWD/pipe\"",
	"git config include.path /dev/zero",
	"mkdir -p .git/objects/info; mkfifo .git/objects/info/alternates",
	"mkdir -p .git/refs/remotes/o; mkfifo .git/refs/remotes/o/main .git/packed-refs",
	"rm -f .git/config; mkfifo .git/config",
	"rm -f .git/refs/heads/*; mkfifo .git/refs/heads/main",
#endif
};

static void a_pipe_or_device_does_not_hold_us_up(void **state)
{
#ifndef HFSCAN_GIT_STATIC
	print_message("not tried: pipes that a shared libgit2 opens itself\n");
#endif
	for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++) {
		struct repo *repo = NULL;

		sh("rm -rf evil && git init -q -b main evil && cd evil && mkdir d && echo x > "
		   "f.txt && "
		   "git add f.txt && git commit -qm x && git update-ref refs/remotes/o/side HEAD "
		   "&& %s",
		   traps[i]);
		alarm(20); /* ends the program: that is the failure */
		if (repo_open(&repo, in_sandbox("evil"), &(struct repo_place){0}, 2, NULL) == 0)
			use_all_of(repo);
		alarm(0);
		repo_free(repo);
	}
}

static void a_message_quotes_nothing_that_was_read(void **state)
{
	struct repo *repo = NULL;
	struct err err = {0};

	sh("git init -q loud && git -C loud config core.repositoryformatversion SecretValue");
	assert_int_equal(repo_open(&repo, in_sandbox("loud"), &(struct repo_place){0}, 1, &err),
			 HF_EGIT);
	assert_null(strstr(err.msg, "SecretValue"));
	assert_null(strstr(err.msg, "secretvalue"));
}

/* ---- how far ---- */

static enum exposure exposure_of(struct repo *repo, const char *path, char hex[65])
{
	size_t entry = repo_entry_find(repo, slice_str(path));

	assert_int_not_equal(entry, REPO_NO_ENTRY);
	return repo_entry_exposure(repo, 0, entry, hex);
}

static void assert_exposure(const char *name, const char *path, enum exposure wanted)
{
	struct repo *repo = open_repo(name, 1);
	char hex[65];
	enum exposure got = exposure_of(repo, path, hex);

	repo_free(repo);
	if (got != wanted)
		fail_msg("%s in %s: %d, not %d", path, name, (int)got, (int)wanted);
}

static void exposure_follows_a_blob_until_it_is_pushed(void **state)
{
	struct repo *repo;
	char hex[65];

	sh("git init -q --bare remote.git && git init -q -b main e && cd e && "
	   "git remote add o ../remote.git && echo x > f && git add f");
	repo = open_repo("e", 1);
	assert_int_equal(exposure_of(repo, "f", hex), EXPOSURE_STAGED);
	assert_string_equal(hex, "587be6b4c3f93f93c489c0111bba5596147a26cb");
	repo_free(repo);
	sh("git -C e commit -qm x");
	assert_exposure("e", "f", EXPOSURE_COMMITTED);
	sh("git -C e push -q o main");
	assert_exposure("e", "f", EXPOSURE_PUSHED);
	sh("cd e && echo y > f && echo new > d && git add f d");
	assert_exposure("e", "f", EXPOSURE_STAGED);
	assert_exposure("e", "d", EXPOSURE_STAGED);
	sh("git -C e commit -qm y");
	assert_exposure("e", "f", EXPOSURE_COMMITTED);
	sh("git -C e mv d moved");
	assert_exposure("e", "moved", EXPOSURE_STAGED);
}

static void a_tip_that_went_on_or_fell_behind_still_tells(void **state)
{
	/* The remote removed what HEAD has, so only its history holds it. */
	sh("git init -q -b main r && cd r && echo x > f && echo k > k && git add . && git commit "
	   "-qm 1 && "
	   "git rm -q --cached f && git commit -qm 2 && git update-ref refs/remotes/o/main HEAD && "
	   "git reset -q --soft HEAD~1 && git add f");
	assert_exposure("r", "f", EXPOSURE_PUSHED);
	/* HEAD went on, with f as it is at the tip. */
	sh("cd r && git update-ref refs/remotes/o/main HEAD && git commit -q --allow-empty -m 3");
	assert_exposure("r", "f", EXPOSURE_PUSHED);
	sh("cd r && echo z > f && git add f && git commit -qm 4");
	assert_exposure("r", "f", EXPOSURE_COMMITTED);
	assert_exposure("r", "k", EXPOSURE_PUSHED);
	/* A detached HEAD is a HEAD, and a symbolic or broken ref harms nothing. */
	sh("cd r && git checkout -q --detach && git symbolic-ref refs/remotes/o/HEAD "
	   "refs/remotes/o/main "
	   "&& echo 1111111111111111111111111111111111111111 > .git/refs/remotes/o/broken");
	assert_exposure("r", "f", EXPOSURE_COMMITTED);
	assert_exposure("r", "k", EXPOSURE_PUSHED);
}

static void a_linked_worktree_has_a_head_of_its_own(void **state)
{
	sh("git init -q -b main own && cd own && echo x > f && git add f && git commit -qm x && "
	   "git update-ref refs/remotes/o/main HEAD && git worktree add -q -b side ../side "
	   "2>/dev/null "
	   "&& cd ../side && echo y > f && git commit -qam y");
	assert_exposure("own", "f", EXPOSURE_PUSHED);
	assert_exposure("side", "f", EXPOSURE_COMMITTED);
}

static void a_shallow_clone_answers_from_its_tips(void **state)
{
	sh("git init -q -b main deep && cd deep && for i in 1 2 3; do echo $i > f; git add f; "
	   "git commit -qm $i; done && cd .. && git clone -q --depth 1 \"file://$PWD/deep\" "
	   "shallow && "
	   "cd shallow && echo local > g && git add g && git commit -qm local");
	assert_exposure("shallow", "f", EXPOSURE_PUSHED);
	assert_exposure("shallow", "g", EXPOSURE_COMMITTED);
}

static void what_is_only_intended_is_in_the_work_tree(void **state)
{
	struct repo *repo;
	char hex[65] = "x";

	sh("git init -q i && touch i/f && git -C i add -N f");
	repo = open_repo("i", 1);
	assert_int_equal(exposure_of(repo, "f", hex), EXPOSURE_WORKTREE);
	assert_string_equal(hex, "");
	repo_free(repo);
}

/* ---- several at once ---- */

#define WORKERS 4

struct job {
	struct repo *repo;
	unsigned worker;
	size_t wrong;
};

static void *work(void *payload)
{
	struct job *job = payload;

	for (size_t i = 0; i < repo_entry_count(job->repo); i++) {
		struct repo_blob blob;
		char hex[65], name[32];

		job->wrong +=
			repo_entry_exposure(job->repo, job->worker, i, hex) != EXPOSURE_COMMITTED;
		job->wrong += repo_entry_read(job->repo, job->worker, i, 100, &blob, NULL) != 0;
		repo_blob_release(&blob);
		if (i % WORKERS == job->worker)
			job->wrong += !repo_entry_differs(job->repo, job->worker, i);
		snprintf(name, sizeof(name), "d%zu/x.%s", i % 7, i % 2 ? "ign" : "txt");
		job->wrong += repo_classify(job->repo, job->worker, slice_str(name), false) !=
			      (i % 2 ? REPO_IGNORED : REPO_UNTRACKED);
	}
	return NULL;
}

static void workers_share_a_repository(void **state)
{
	pthread_t threads[WORKERS];
	struct job jobs[WORKERS];
	struct repo *repo;

	sh("git init -q p && cd p && echo '*.ign' > .gitignore && mkdir d0 d1 d2 d3 d4 d5 d6 && "
	   "for i in 1 2 3 4 5 6 7 8 9; do for d in d*; do echo $i $d > $d/$i; done; done && "
	   "git add . && git commit -qm 1 && git gc -q && git update-ref refs/remotes/o/m "
	   "$(git commit-tree -m other 4b825dc642cb6eb9a060e54bf8d69288fbee4904 </dev/null)");
	repo = open_repo("p", WORKERS);
	assert_int_equal(repo_entry_count(repo), 64);
	for (unsigned i = 0; i < WORKERS; i++) {
		jobs[i] = (struct job){repo, i, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
	}
	for (unsigned i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	for (unsigned i = 0; i < WORKERS; i++)
		assert_int_equal(jobs[i].wrong, 0);
	repo_free(repo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_top_is_found_from_wherever_one_stands),
		cmocka_unit_test(the_environment_does_not_lead_elsewhere),
		cmocka_unit_test(another_owner_does_not_matter),
		cmocka_unit_test(what_is_not_there_is_an_error),
		cmocka_unit_test(the_configuration_is_the_one_git_reads),
		cmocka_unit_test(the_work_tree_is_where_we_say),
		cmocka_unit_test(nothing_that_a_repository_names_is_run),
		cmocka_unit_test(a_pipe_or_device_does_not_hold_us_up),
		cmocka_unit_test(a_message_quotes_nothing_that_was_read),
		cmocka_unit_test(exposure_follows_a_blob_until_it_is_pushed),
		cmocka_unit_test(a_tip_that_went_on_or_fell_behind_still_tells),
		cmocka_unit_test(a_linked_worktree_has_a_head_of_its_own),
		cmocka_unit_test(a_shallow_clone_answers_from_its_tips),
		cmocka_unit_test(what_is_only_intended_is_in_the_work_tree),
		cmocka_unit_test(workers_share_a_repository),
	};
	int failed;

	if (sandbox_setup(NULL) < 0)
		return 1;
	repo_library_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	repo_library_shutdown();
	return sandbox_teardown(NULL) != 0 || failed;
}
