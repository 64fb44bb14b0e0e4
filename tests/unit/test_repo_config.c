/* source/repo_config: what a configuration sets, held to what git says of it. */
#include "source/repo_config.h"

#include "git_sandbox.h"

/* Whether it is whole. */
static bool read_file(struct repo_config *config)
{
	repo_config_read(config, in_sandbox("config"));
	return !config->problem[0];
}

static void write_file(const char *text)
{
	FILE *file = fopen(in_sandbox("config"), "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* What `git config` prints for core.excludesFile, or NULL. */
static char *as_git_reads_it(void)
{
	static char value[4096];
	FILE *git;
	size_t len;

	sh("git config --no-includes -z -f config core.excludesFile >value 2>/dev/null || "
	   "rm value");
	git = fopen(in_sandbox("value"), "r");
	if (!git)
		return NULL;
	len = fread(value, 1, sizeof(value) - 1, git);
	value[len] = '\0';
	fclose(git);
	return value;
}

/* Each is a configuration; git says which of them are whole. */
static const char *const texts[] = {
	"",
	"[core]\n\texcludesFile = /a/b\n",
	"[core]excludesfile=x",
	"[CORE]\nEXCLUDESFILE = Mixed Case \n",
	"\xef\xbb\xbf[core]\r\n\texcludesFile = dos\r\n",
	"[core]\n\texcludesFile = a # no\n",
	"[core]\n\texcludesFile = a ; no\n",
	"[core]\n\texcludesFile = \"a # yes\" # no\n",
	"[core]\n\texcludesFile = \"  blanks  \"  \n",
	"[core]\n\texcludesFile =   two   words\t\t\n",
	"[core]\n\texcludesFile = a\\\nb \\\n c\n",
	"[core]\n\texcludesFile = a\\tb\\nc\\\"d\\\\e\n",
	"[core]\n\texcludesFile = x\\b\n",
	"[core]\n\texcludesFile = wrong \\x escape\n",
	"[core]\n\texcludesFile = \"open\n",
	"[core]\n\texcludesFile = \"o\"pe\"n\"\n",
	"[core]\n\texcludesFile = \"o\\\np\"\n",
	"[core]\n\texcludesFile = first\n[other]\na = b\n[core]\nexcludesFile = last\n",
	"[core \"sub\"]\n\texcludesFile = not this\n",
	"[core.sub]\n\texcludesFile = not this\n",
	"[core]\n\texcludesFile =\n",
	"[core]\n\texcludesFile = \n",
	"# [core]\n; excludesFile = no\n[core] ; here\n excludesFile = yes",
	"[core]\n\tother = [core]\n\texcludesFile = x\n",
	"[a \"b]\\\"c\"]\n\tk = v\n[core]\n\texcludesFile = x\n",
	"excludesFile = nowhere\n",
	"[core\n\texcludesFile = x\n",
	"[core]]\n\texcludesFile = x\n",
	"[core \"x]\n\texcludesFile = x\n",
	"[core x]\n\texcludesFile = x\n",
	"[co re]\n\texcludesFile = x\n",
	"[core]\n\t1excludesFile = x\n",
	"[core]\n\texcludesFile x\n",
	"[core]\n\texcludes_file = x\n",
	"[core]\n\texcludesFile = a \\\n",
	"[core]\n\texcludesFile = a \\",
	"[]\n\texcludesFile = x\n",
	"garbage\n",
	"\n\n\n \t\n",
};

static bool is_whole_for_git(void)
{
	sh("git config --no-includes -f config --list >/dev/null 2>&1 && : >whole || rm -f whole");
	return access(in_sandbox("whole"), F_OK) == 0;
}

static void values_are_what_git_reads(void **state)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct repo_config config;
		const char *wanted;
		bool is_whole;

		write_file(texts[i]);
		is_whole = read_file(&config);
		if (is_whole != is_whole_for_git())
			fail_msg("case %zu: %s for us", i, is_whole ? "whole" : "broken");
		wanted = is_whole ? as_git_reads_it() : NULL;
		if (is_whole && (!wanted != !config.excludes ||
				 (wanted && strcmp(wanted, config.excludes) != 0)))
			fail_msg("case %zu: '%s', for git '%s'", i, config.excludes, wanted);
		repo_config_dispose(&config);
	}
}

static void what_decides_about_the_format(void **state)
{
	static const struct {
		const char *text, *refusal;
	} cases[] = {
		{"", NULL},
		{"[core]\nrepositoryformatversion = 0\n[extensions]\nwhatever = 1\n", NULL},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\nwhatever = 1\n", "not known"},
		{"[extensions]\nwhatever\n[core]\nrepositoryformatversion = 1\n", "not known"},
		{"[core]\nrepositoryformatversion = 2\n", "newer"},
		{"[core]\nrepositoryformatversion = x\n", "no number"},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = sha1\n", NULL},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = sha256\n",
		 "SHA-256"},
		{"[core]\nrepositoryformatversion = 0\n[extensions]\nobjectFormat = sha256\n",
		 "SHA-256"},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = reftable\n",
		 "reftable"},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = files\n"
		 "noop\npartialClone = origin\nworktreeConfig = true\n",
		 NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct repo_config config;
		struct err err = {0};
		int rc;

		write_file(cases[i].text);
		assert_true(read_file(&config));
		rc = repo_config_check(&config, &err);
		if ((rc < 0) != !!cases[i].refusal ||
		    (rc < 0 && !strstr(err.msg, cases[i].refusal)))
			fail_msg("case %zu: %s", i, err.msg);
		repo_config_dispose(&config);
	}
}

static void an_include_is_noted_and_brings_nothing(void **state)
{
	static const char *const includes[] = {
		"[include]\n\tpath = other\n",
		"[Include] PATH = other\n",
		"[includeIf \"gitdir:**\"]\n\tpath = other\n",
	};

	sh("printf '[core]\n\texcludesFile = hidden\n' >other");
	for (size_t i = 0; i < sizeof(includes) / sizeof(*includes); i++) {
		struct repo_config config;

		write_file(includes[i]);
		assert_true(read_file(&config));
		assert_true(config.has_include);
		assert_null(config.excludes);
		repo_config_dispose(&config);
	}
}

static void behind_what_is_broken_reading_goes_on(void **state)
{
	struct repo_config config;

	write_file("[core]\n\ta = \"open\n\texcludesFile = x\n[broken\n[core]\nignoreCase\n");
	assert_false(read_file(&config));
	assert_string_equal(config.problem, "is broken, at or before line 3");
	assert_true(config.ignore_case);
	repo_config_dispose(&config);
}

static void what_cannot_be_read_is_a_problem(void **state)
{
	struct repo_config config;

	sh("rm -f config");
	assert_true(read_file(&config));
	sh("mkfifo config");
	alarm(20); /* ends the program: that is the failure */
	assert_false(read_file(&config));
	alarm(0);
	sh("rm config; { echo '[core]'; echo; echo 'a = b'; echo 'c = \"SecretValue'; } >config");
	assert_false(read_file(&config));
	assert_string_equal(config.problem, "is broken, at or before line 5");
	repo_config_dispose(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_what_git_reads),
		cmocka_unit_test(what_decides_about_the_format),
		cmocka_unit_test(an_include_is_noted_and_brings_nothing),
		cmocka_unit_test(behind_what_is_broken_reading_goes_on),
		cmocka_unit_test(what_cannot_be_read_is_a_problem),
	};

	return cmocka_run_group_tests(tests, sandbox_setup, sandbox_teardown);
}
