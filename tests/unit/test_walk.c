/* source/source_files and walk: what of a PATH is read, what is left out and
 * why, whatever lies in it, changes in it, and however many threads there are. */
#include "source/repo.h"
#include "source/source.h"

#include "record_sink.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

/* Rather killed than waiting for ever at a FIFO. */
#define PATIENCE_SECONDS 300
#define NOBODY           65534

/* ---- what lies there ---- */

static void a_plain_folder_is_read_whole(void **state)
{
	sh("mkdir -p plain/.hidden/sub plain/empty && printf 1 > plain/a && printf 2 > "
	   "plain/.hidden/sub/b && touch plain/nothing && echo '*' > plain/.gitignore && "
	   "head -c 200000 /dev/zero > plain/large");
	expect("plain", "file .gitignore = *\n\n"
			"file .hidden/sub/b = 2\n"
			"file a = 1\n"
			"file large = 200000 bytes\n"
			"file nothing = \n"
			"root /plain\n");
}

static void a_link_is_not_followed_but_as_path(void **state)
{
	sh("mkdir -p outside links/in && printf x > outside/f && printf y > links/in/f && cd links "
	   "&& ln -s ../outside/f file && ln -s ../outside folder && ln -s . self && "
	   "ln -s ../.. in/up && ln -s in sibling && ln -s nowhere dangling && "
	   "ln -s circle circle && ln -s links ../alias && ln -s links/in/f ../name");
	expect("links", "file in/f = y\nroot /links\n");
	expect("alias", "file in/f = y\nroot /alias\n");
	expect("name", "file name = y\nroot \n");
}

static void what_is_no_file_is_noted_and_not_waited_for(void **state)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	sh("mkdir odd && mkfifo odd/fifo odd/.git && printf 1 > odd/a");
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", in_sandbox("odd/socket"));
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	expect("odd", "file a = 1\n"
		      "note .git = is a FIFO: not read\n"
		      "note fifo = is a FIFO: not read\n"
		      "note socket = is a socket: not read\n"
		      "root /odd\n");
	expect("odd/fifo", "error  = is neither a file nor a folder; name '-' to read standard "
			   "input\n");
	expect("/dev/zero", "error  = is neither a file nor a folder; name '-' to read standard "
			    "input\n");
	expect("odd/none", "error  = no such file or folder\n");
	close(fd);
}

static void names_may_hold_any_byte(void **state)
{
	static const char *const names[] = {"-rf",      "a\nb", " ", "\xff\xfe\x80", "\\", "*?\"'",
					    "\x1b[31m", "...",  "~", "#!%$H"};
	char path[64];

	sh("mkdir -p \"$(printf 'names/\\377\\n/')\"");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "names/\xff\n/%s", names[i]);
		assert_int_equal(close(open(in_sandbox(path), O_CREAT | O_WRONLY, 0600)), 0);
	}
	expect("names", "file \\377\\012/#!%$H = \n"
			"file \\377\\012/*?\"' = \n"
			"file \\377\\012/-rf = \n"
			"file \\377\\012/... = \n"
			"file \\377\\012/\\ = \n"
			"file \\377\\012/\\033[31m = \n"
			"file \\377\\012/\\040 = \n"
			"file \\377\\012/\\377\\376\\200 = \n"
			"file \\377\\012/a\\012b = \n"
			"file \\377\\012/~ = \n"
			"root /names\n");
}

static void names_are_read_where_they_are_worth_it(void **state)
{
	sh("mkdir -p named/sub && printf 1 > named/sub/a");
	expect_how("named", (struct how){.jobs = 2, .names = true},
		   "file sub/a = 1\nname sub = sub\nname sub/a = a\nroot /named\n");
}

/* A chain of folders, each named d, with a file in each or in the last. */
static void make_deep(const char *name, unsigned depth, bool in_each)
{
	int fd = open(sandbox, O_RDONLY | O_DIRECTORY), next;

	for (; depth > 0; depth--) {
		assert_int_equal(mkdirat(fd, name, 0700), 0);
		next = openat(fd, name, O_RDONLY | O_DIRECTORY);
		close(fd);
		fd = next;
		name = "d";
		if (in_each || depth == 1)
			close(openat(fd, "file", O_CREAT | O_WRONLY, 0600));
	}
	close(fd);
}

static void expect_bottom(const char *name, unsigned depth, unsigned jobs)
{
	char *told = tell_of(name, (struct how){.jobs = jobs});
	size_t len = strlen("file ") + 2 * (depth - 1);

	assert_int_equal(strncmp(told, "file d/d/", 9), 0);
	assert_int_equal(strncmp(told + len - 2, "d/file = \nroot ", 15), 0);
	free(told);
}

static void a_tree_of_3000_folders_in_each_other_is_read_to_the_bottom(void **state)
{
	make_deep("deep", 3000, false);
	expect_bottom("deep", 3000, 1);
	expect_bottom("deep", 3000, 8);
}

static void a_tree_deeper_than_files_may_be_open_is_read(void **state)
{
	struct rlimit before, few = {48, 48};
	char *told;

	getrlimit(RLIMIT_NOFILE, &before);
	if (geteuid() != 0) {
		print_message("skipped: only root can have the limit back\n");
		skip();
	}
	make_deep("narrow", 200, true);
	told = tell_of("narrow", (struct how){.jobs = 1});
	setrlimit(RLIMIT_NOFILE, &few);
	expect("narrow", told);
	setrlimit(RLIMIT_NOFILE, &before);
	free(told);
}

/* ---- what changes meanwhile ---- */

/* Which of the three is read first is up to the system: it goes too, being open. */
#define VANISH       "rm -rf busy/*"
#define BECOME_FIFOS "cd busy; for f in *; do rm -rf $f; mkfifo $f; done"
#define BECOME_LINKS "cd busy; for f in *; do rm -rf $f; ln -s ../away $f; done"
#define FILES        "touch a b c"
#define FOLDERS      "mkdir a b c; touch a/f b/f c/f"
#define GONE         "was gone when its turn came"

static void what_changes_while_its_turn_comes_is_no_way_out(void **state)
{
	static const struct {
		const char *make, *meanwhile;
		const char *note; /* on the other two; NULL: nothing is told */
	} cases[] = {
		{FILES, VANISH, GONE},         {FILES, BECOME_FIFOS, "is a FIFO: not read"},
		{FILES, BECOME_LINKS, NULL},   {FOLDERS, VANISH, GONE},
		{FOLDERS, BECOME_FIFOS, GONE}, {FOLDERS, BECOME_LINKS, GONE},
	};

	sh("mkdir -p away && touch away/f");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		unsigned files = 0, notes = 0, lines = 0;
		char *told;

		sh("rm -rf busy && mkdir busy && cd busy && %s", cases[i].make);
		told = tell_of("busy", (struct how){.jobs = 1, .meanwhile = cases[i].meanwhile});
		for (char *line = strtok(told, "\n"); line; line = strtok(NULL, "\n"), lines++) {
			files += strncmp(line, "file ", 5) == 0;
			notes += strncmp(line, "note ", 5) == 0 && cases[i].note &&
				 strstr(line, cases[i].note);
		}
		if (files != 1 || notes != (cases[i].note ? 2 : 0) || lines != 2 + notes)
			fail_msg("case %zu: %u lines, %u files, %u notes", i, lines, files, notes);
		free(told);
	}
}

static void a_file_that_shrinks_or_grows_is_read_as_far_as_it_goes(void **state)
{
	static const struct {
		const char *meanwhile, *wanted;
	} cases[] = {
		{"true", "file f = 200000 bytes\nroot /size\n"},
		{"truncate -s 100000 size/f", "file f = 100000 bytes\nroot /size\n"},
		{"truncate -s 0 size/f", "file f = 65536 bytes\nroot /size\n"},
		{"truncate -s 400000 size/f", "file f = 200000 bytes\nroot /size\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sh("mkdir -p size && head -c 200000 /dev/urandom > size/f");
		expect_how("size", (struct how){.jobs = 1, .meanwhile = cases[i].meanwhile},
			   cases[i].wanted);
	}
}

/* ---- what may not be read ---- */

static void what_cannot_be_read_is_told(void **state)
{
	static const char wanted[] = "diag shut = cannot open: Permission denied\n"
				     "diag shut.txt = cannot open: Permission denied\n"
				     "file open.txt = 1\n"
				     "root /closed\n";

	sh("chmod 755 . && mkdir -p closed/shut && cd closed && printf 1 > open.txt && "
	   "printf 2 > shut.txt && printf 3 > shut/f && chmod 0 shut shut.txt");
	if (geteuid() == 0)
		assert_int_equal(seteuid(NOBODY), 0);
	expect("closed", wanted);
	expect("closed/shut", "error  = cannot open: Permission denied\nroot /closed/shut\n");
	expect("closed/shut.txt", "diag shut.txt = cannot open: Permission denied\nroot /closed\n");
	expect("closed/shut/f", "error  = cannot open: Permission denied\n");
}

static int be_oneself_again(void **state)
{
	return seteuid(getuid());
}

/* ---- repositories ---- */

static void make_repositories(void)
{
	sh("mkdir many && cd many && printf 0 > loose && for r in one two; do git init -q $r; cd "
	   "$r; mkdir sub out; printf 1 > sub/tracked; printf 2 > sub/forced; printf 3 > new; "
	   "printf '*.log\nout\nforced' > .gitignore; printf 8 > gone; git add -f sub gone; rm "
	   "gone; printf 4 > sub/x.log; "
	   "printf 5 > out/f; cd ..; done; git init -q one/inner; printf 6 > one/inner/x.log; "
	   "printf 7 > two/sub/tracked; rm two/sub/forced; ln -s ../loose two/link");
}

#define ONE_FILES                                                                                  \
	"file one/.gitignore = *.log\nout\nforced\nfile one/gone = 8\nfile one/inner/x.log = "     \
	"6\nfile one/new = 3\n"                                                                    \
	"file one/sub/forced = 2\nfile one/sub/tracked = 1\n"

static void repositories_are_read_as_far_as_git_would_publish_them(void **state)
{
	make_repositories();
	expect("many", "config one/.git/config\nconfig one/inner/.git/config\n"
		       "config two/.git/config\nfile loose = 0\n" ONE_FILES
		       "file two/.gitignore = *.log\nout\nforced\nfile two/gone = 8\nfile two/link "
		       "= ../loose\n"
		       "file two/new = 3\n"
		       "file two/sub/forced = 2\n"  /* the index */
		       "file two/sub/tracked = 1\n" /* the index */
		       "file two/sub/tracked = 7\n"
		       "note one/ = 2 files or folders that git ignores not read (--ignored reads "
		       "them)\nnote two/ = 2 files or folders that git ignores not read (--ignored "
		       "reads them)\nrepository \nrepository \nrepository \nroot /many\n");
	expect("many/two/sub",
	       "config .git/config\nfile sub/forced = 2\nfile sub/tracked = 1\nfile sub/tracked = "
	       "7\nnote  = 1 file or folder that git ignores not read (--ignored reads them)\n"
	       "repository \nroot /many/two/\n");
	expect("many/two/sub/x.log", "file sub/x.log = 4\nroot /many/two/\n");
	expect_how("many/one/sub", (struct how){.jobs = 3, .ignored = true},
		   "config .git/config\nfile sub/forced = 2\nfile sub/tracked = 1\n"
		   "file sub/x.log = 4\nrepository \nroot /many/one/\n");
}

static void eight_threads_tell_the_same_as_one(void **state)
{
	unsigned files = 0;
	char *told;

	sh("mkdir -p wide/1/a && cd wide && for j in $(seq 150); do printf 1 > 1/f$j; done && "
	   "cp 1/f* 1/a && for i in $(seq 2 4); do cp -r 1 $i; done && mkfifo 1/fifo && "
	   "cp -r . ../copy && mv ../copy r && cd r && git init -q && echo f2 > .gitignore && "
	   "git add . && rm 3/f*");
	told = tell_of("wide", (struct how){.jobs = 1});
	for (const char *at = told; (at = strstr(at, "file ")); at++)
		files++;
	/* Twice 4 * 2 * 150, but 8 that are ignored, and .gitignore. */
	assert_int_equal(files, 2393);
	for (int run = 0; run < 5; run++)
		expect_how("wide", (struct how){.jobs = 8}, told);
	free(told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_folder_is_read_whole),
		cmocka_unit_test(a_link_is_not_followed_but_as_path),
		cmocka_unit_test(what_is_no_file_is_noted_and_not_waited_for),
		cmocka_unit_test(names_may_hold_any_byte),
		cmocka_unit_test(names_are_read_where_they_are_worth_it),
		cmocka_unit_test(a_tree_of_3000_folders_in_each_other_is_read_to_the_bottom),
		cmocka_unit_test(a_tree_deeper_than_files_may_be_open_is_read),
		cmocka_unit_test(what_changes_while_its_turn_comes_is_no_way_out),
		cmocka_unit_test(a_file_that_shrinks_or_grows_is_read_as_far_as_it_goes),
		cmocka_unit_test_teardown(what_cannot_be_read_is_told, be_oneself_again),
		cmocka_unit_test(repositories_are_read_as_far_as_git_would_publish_them),
		cmocka_unit_test(eight_threads_tell_the_same_as_one),
	};
	int failed;

	alarm(PATIENCE_SECONDS);
	repo_library_init();
	failed = cmocka_run_group_tests(tests, sandbox_setup, sandbox_teardown);
	repo_library_shutdown();
	return failed;
}
