/* source/refs: what refs, reflogs and HEAD name, of a repository as git made it
 * and of files as nobody should. */
#include "source/refs.h"

#include "base/alloc.h"
#include "base/buf.h"

#include "git_sandbox.h"

/* ---- what is read, as text ---- */

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void count_problem(void *payload, const char *path, const char *what)
{
	++*(unsigned *)payload;
}

/* "<name> <first digit of its id> <L or P>" a line, in order, each once; a reflog's
 * memory has no name, and what names no object no digit. The ids in these tests
 * are one digit, repeated. */
static char *tell_refs(const char *common_dir, bool all_pushed, unsigned *problems)
{
	char path[PATH_MAX], hex[OID_HEX + 1], **lines;
	struct refs refs;
	struct buf all;

	*problems = 0;
	snprintf(path, sizeof(path), "%.4000s/", in_sandbox(common_dir));
	refs_read(&refs, path, all_pushed, count_problem, problems);
	lines = xcalloc(refs.count, sizeof(*lines));
	for (size_t i = 0; i < refs.count; i++) {
		const struct ref *ref = &refs.list[i];
		struct buf line;

		buf_init(&line, BUF_MAX_LINE);
		oid_to_hex(hex, ref->oid.raw);
		buf_appendf(&line, "%s %.*s %c\n", ref->is_name ? ref->name : "log",
			    ref->has_oid ? 1 : 0, hex, ref->reach == REF_PUSHED ? 'P' : 'L');
		lines[i] = buf_detach(&line);
	}
	if (refs.count)
		qsort(lines, refs.count, sizeof(*lines), by_bytes);
	buf_init(&all, BUF_MAX_LINE);
	for (size_t i = 0; i < refs.count; i++)
		if (i == 0 || strcmp(lines[i - 1], lines[i]) != 0)
			buf_append_str(&all, lines[i]);
	for (size_t i = 0; i < refs.count; i++)
		free(lines[i]);
	free(lines);
	refs_dispose(&refs);
	return buf_detach(&all);
}

static void expect_refs(const char *common_dir, bool all_pushed, const char *wanted)
{
	unsigned problems;
	char *told = tell_refs(common_dir, all_pushed, &problems);

	if (strcmp(told, wanted) != 0 || problems)
		fail_msg("%u problems,\n%sand not\n%s", problems, told, wanted);
	free(told);
}

/* id 7 is forty sevens. */
#define SCRIPT                                                                                     \
	"id() { printf \"$1%%.0s\" $(seq 40); } && put() { mkdir -p \"$(dirname \"$1\")\" && "     \
	"{ id $2; echo; } > \"$1\"; } && log() { mkdir -p \"$(dirname \"$1\")\" && "               \
	"echo \"$(id $2) $(id $3) A <a> 1 +0000\tx\" >> \"$1\"; } && "                             \
	"rm -rf g && mkdir -p g/objects g/refs && cd g && echo 'ref: refs/heads/main' > HEAD && "

/* ---- refs ---- */

static void every_kind_of_ref_says_how_far_it_is(void **state)
{
	sh(SCRIPT "put refs/heads/main 1 && put refs/heads/a/b/c 2 && put refs/tags/v1 3 && "
		  "put refs/stash 4 && put refs/notes/commits 5 && put refs/replace/x 6 && "
		  "put refs/remotes/origin/main 7 && put refs/pull/12/head 8 && "
		  "put refs/merge-requests/3/head 9 && put refs/changes/01/1/1 a && "
		  "echo 'ref: refs/remotes/origin/main' > refs/remotes/origin/HEAD && "
		  "put refs/remotesque b && put refs/heads/refs/remotes/x c");
	expect_refs("g", false,
		    "HEAD  L\n"
		    "refs/changes/01/1/1 a P\n"
		    "refs/heads/a/b/c 2 L\n"
		    "refs/heads/main 1 L\n"
		    "refs/heads/refs/remotes/x c L\n"
		    "refs/merge-requests/3/head 9 P\n"
		    "refs/notes/commits 5 L\n"
		    "refs/pull/12/head 8 P\n"
		    "refs/remotes/origin/HEAD  P\n"
		    "refs/remotes/origin/main  P\n" /* as another names it */
		    "refs/remotes/origin/main 7 P\n"
		    "refs/remotesque b L\n"
		    "refs/replace/x 6 L\n"
		    "refs/stash 4 L\n"
		    "refs/tags/v1 3 L\n");
}

static void all_is_pushed_on_a_server(void **state)
{
	sh(SCRIPT
	   "put refs/heads/main 1 && put refs/tags/v1 3 && put refs/remotes/o/m 7 && "
	   "echo \"$(id 9) refs/heads/packed\" > packed-refs && log logs/refs/heads/main 1 2");
	expect_refs("g", true,
		    "HEAD  P\n"
		    "log 1 P\n"
		    "log 2 P\n"
		    "refs/heads/main 1 P\n"
		    "refs/heads/packed 9 P\n"
		    "refs/remotes/o/m 7 P\n"
		    "refs/tags/v1 3 P\n");
}

static void packed_refs_are_read_and_what_they_peel_to_is_not(void **state)
{
	sh(SCRIPT "{ echo '# pack-refs with: peeled fully-peeled sorted'; "
		  "echo \"$(id 1) refs/heads/main\"; echo \"$(id 2) refs/remotes/origin/x y\"; "
		  "echo \"$(id 3) refs/tags/v1\"; echo \"^$(id 4)\"; "
		  "printf \"$(id 5) refs/tags/last\\r\\n\"; } > packed-refs");
	expect_refs("g", false,
		    "HEAD  L\n"
		    "refs/heads/main 1 L\n"
		    "refs/remotes/origin/x y 2 P\n"
		    "refs/tags/last 5 L\n"
		    "refs/tags/v1 3 L\n");
}

static void packed_refs_that_were_cut_off_are_told(void **state)
{
	unsigned problems;

	sh(SCRIPT "printf \"$(id 1) refs/heads/main\\n$(id 2) refs/heads/ot\" > packed-refs");
	free(tell_refs("g", false, &problems));
	assert_int_equal(problems, 1);
}

/* The packed value is what a ref was before: nobody calls the object so any more,
 * though what a remote had stays what a remote had. */
static void a_packed_ref_that_was_overwritten_is_no_ref(void **state)
{
	sh(SCRIPT "put refs/heads/main 1 && put refs/remotes/origin/main 2 && "
		  "{ echo \"$(id 8) refs/heads/main\"; echo \"$(id 9) refs/remotes/origin/main\"; "
		  "echo \"$(id 7) refs/heads/mai\"; } > packed-refs");
	expect_refs("g", false,
		    "HEAD  L\n"
		    "log 9 P\n"
		    "refs/heads/mai 7 L\n"
		    "refs/heads/main 1 L\n"
		    "refs/remotes/origin/main 2 P\n");
}

static void reflogs_count_of_remotes_and_stashes(void **state)
{
	sh(SCRIPT "log logs/HEAD 1 1 && log logs/refs/heads/main 2 2 && log logs/refs/stash 3 4 && "
		  "log logs/refs/stash 4 5 && log logs/refs/remotes/origin/main 6 7 && "
		  "log logs/refs/pull/1/head 8 8 && echo short >> logs/refs/stash && "
		  "printf \"$(id a) $(id b)\" >> logs/refs/stash");
	expect_refs("g", false,
		    "HEAD  L\n"
		    "log 3 L\n"
		    "log 4 L\n"
		    "log 5 L\n"
		    "log 6 P\n"
		    "log 7 P\n"
		    "log 8 P\n"
		    "log a L\n"
		    "log b L\n");
}

static void linked_work_trees_have_a_head_and_refs_of_their_own(void **state)
{
	sh(SCRIPT
	   "put refs/heads/main 1 && put worktrees/w/HEAD 2 && put worktrees/w/refs/bisect/bad 3 "
	   "&& put worktrees/v/HEAD 4 && mkdir worktrees/broken");
	expect_refs("g", false,
		    "HEAD  L\n"
		    "HEAD 2 L\n"
		    "HEAD 4 L\n"
		    "refs/bisect/bad 3 L\n"
		    "refs/heads/main 1 L\n");
}

static void names_of_any_bytes_are_kept(void **state)
{
	sh(SCRIPT "put refs/heads/\"$(printf 'sp ace\\303\\274\\001')\" 1 && "
		  "put refs/heads/$(printf 'x%%.0s' $(seq 250)) 2");
	expect_refs("g", false,
		    "HEAD  L\n"
		    "refs/heads/sp ace\303\274\001 1 L\n"
		    "refs/heads/"
		    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		    "xxxxxxxxxxxxxxxx 2 L\n");
}

static void what_git_wrote_is_what_git_says(void **state)
{
	char *told, line[256];
	unsigned problems;
	FILE *list;

	sh("rm -rf r && git init -q -b main r && cd r && git commit -q --allow-empty -m one && "
	   "git tag -am x v1 && git branch side && git pack-refs --all && git branch other && "
	   "git update-ref refs/remotes/origin/main HEAD && git notes add -m n && "
	   "git for-each-ref --format='%%(refname) %%(objectname)' | "
	   "sed -E 's/ (.).*/ \\1/' > ../list");
	told = tell_refs("r/.git", false, &problems);
	assert_int_equal(problems, 0);
	list = fopen(in_sandbox("list"), "r");
	assert_non_null(list);
	while (fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strstr(told, line))
			fail_msg("no '%s' in\n%s", line, told);
	}
	fclose(list);
	free(told);
}

static void a_folder_without_anything_has_no_refs(void **state)
{
	sh("rm -rf g && mkdir g");
	expect_refs("g", false, "");
}

static void a_pipe_is_not_waited_for(void **state)
{
	unsigned problems;

	sh(SCRIPT "mkdir refs/heads logs && mkfifo refs/heads/main packed-refs && rm HEAD && "
		  "mkfifo HEAD");
	alarm(60);
	free(tell_refs("g", false, &problems));
	alarm(0);
}

/* ---- HEAD ---- */

/* The digit that HEAD's id consists of, or '-'. */
static char head_of(const char *git_dir)
{
	char common[PATH_MAX], own[PATH_MAX], hex[OID_HEX + 1];
	unsigned problems = 0;
	struct refs refs;
	struct oid oid;
	bool found;

	snprintf(common, sizeof(common), "%.4000s/", in_sandbox("g"));
	snprintf(own, sizeof(own), "%.4000s/", in_sandbox(git_dir));
	refs_read(&refs, common, false, count_problem, &problems);
	found = refs_head(&refs, own, &oid);
	refs_dispose(&refs);
	if (!found)
		return '-';
	oid_to_hex(hex, oid.raw);
	return hex[0];
}

static void head_leads_to_what_it_names(void **state)
{
	static const struct {
		const char *script;
		const char *git_dir;
		char head;
	} cases[] = {
		{"put refs/heads/main 1", "g", '1'},
		{"put refs/heads/main 1 && echo 'ref:   refs/heads/main  ' > HEAD", "g", '1'},
		{"put refs/heads/main 1 && printf 'ref: refs/heads/main' > HEAD", "g", '1'},
		{"put refs/heads/main 1 && printf 'ref:\\trefs/heads/main\\t\\r\\n' > HEAD", "g",
		 '1'},
		{"printf \"$(id 2) refs/heads/main\\r\\n\" > packed-refs", "g", '2'},
		{"put refs/heads/x 1 && echo 'ref: refs/heads/x' > refs/heads/y && "
		 "echo 'ref: refs/heads/y' > refs/heads/main",
		 "g", '1'},
		{"echo \"$(id 2) refs/heads/x\" > packed-refs && mkdir refs/heads && "
		 "echo 'ref: refs/heads/x' > refs/heads/main",
		 "g", '2'},
		{"mkdir refs/heads && echo 'ref: refs/heads/main' > refs/heads/main", "g", '-'},
		{"echo \"$(id 2) refs/heads/main\" > packed-refs", "g", '2'},
		{"echo \"$(id 2) refs/heads/main\" > packed-refs && put refs/heads/main 1", "g",
		 '1'},
		{"put HEAD 3", "g", '3'},
		{"put refs/heads/main 1 && put worktrees/w/HEAD 4", "g/worktrees/w", '4'},
		{"put refs/heads/x 5 && mkdir -p worktrees/w && "
		 "echo 'ref: refs/heads/x' > worktrees/w/HEAD",
		 "g/worktrees/w", '5'},
		{":", "g", '-'}, /* no commit yet */
		{"put refs/heads/mai 1", "g", '-'},
		{"rm HEAD", "g", '-'},
		{": > HEAD", "g", '-'},
		{"echo 'ref:' > HEAD", "g", '-'},
		{"echo 'ref: ' > HEAD", "g", '-'},
		{"id 1 | cut -c2- > HEAD", "g", '-'},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char head;

		sh(SCRIPT "%s", cases[i].script);
		head = head_of(cases[i].git_dir);
		if (head != cases[i].head)
			fail_msg("%s: %c and not %c", cases[i].script, head, cases[i].head);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_ref_says_how_far_it_is),
		cmocka_unit_test(all_is_pushed_on_a_server),
		cmocka_unit_test(packed_refs_are_read_and_what_they_peel_to_is_not),
		cmocka_unit_test(packed_refs_that_were_cut_off_are_told),
		cmocka_unit_test(a_packed_ref_that_was_overwritten_is_no_ref),
		cmocka_unit_test(reflogs_count_of_remotes_and_stashes),
		cmocka_unit_test(linked_work_trees_have_a_head_and_refs_of_their_own),
		cmocka_unit_test(names_of_any_bytes_are_kept),
		cmocka_unit_test(what_git_wrote_is_what_git_says),
		cmocka_unit_test(a_folder_without_anything_has_no_refs),
		cmocka_unit_test(a_pipe_is_not_waited_for),
		cmocka_unit_test(head_leads_to_what_it_names),
	};

	return cmocka_run_group_tests(tests, sandbox_setup, sandbox_teardown);
}
