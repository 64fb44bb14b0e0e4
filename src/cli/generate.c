/*
 * Everything that is said of the options, made from their table: --help, the
 * man page, and the completions of three shells.
 */
#include "cli/options.h"

#include "base/buf.h"
#include "base/tr.h"
#include "report/report.h"

#include <stdio.h>

/* Where the text of an option begins in --help. */
#define HELP_COLUMN 24

static unsigned bit_of(const struct verb *verb)
{
	return 1u << (verb - verbs_table());
}

static const struct verb *find_verb(const char *name)
{
	for (const struct verb *v = verbs_table(); v->name; v++)
		if (name && strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

/* "Exit code" and the like begin where the category of the row before differs. */
static bool begins_category(const struct option *o)
{
	return o == options_table() || strcmp(o->category, o[-1].category) != 0;
}

static bool takes_format(const struct verb *v)
{
	for (const struct option *o = options_table(); o->name; o++)
		if (strcmp(o->name, "format") == 0)
			return o->verbs & bit_of(v);
	return false;
}

/* ---- --help ---- */

static void help_option(const struct option *o)
{
	char left[64];
	int len = o->letter ? snprintf(left, sizeof(left), "  -%c, --%s", o->letter, o->name)
			    : snprintf(left, sizeof(left), "      --%s", o->name);

	if (o->argument)
		len += snprintf(left + len, sizeof(left) - (size_t)len, " %s", o->argument);
	if (len + 2 > HELP_COLUMN + 4)
		printf("%s\n%*s%s\n", left, HELP_COLUMN + 4, "", tr(o->help));
	else
		printf("%-*s%s\n", HELP_COLUMN + 4, left, tr(o->help));
}

static void help_options(unsigned verbs)
{
	const char *category = "";

	for (const struct option *o = options_table(); o->name; o++) {
		if (!(o->verbs & verbs))
			continue;
		if (strcmp(category, o->category) != 0)
			printf("\n%s:\n", tr(o->category));
		category = o->category;
		help_option(o);
	}
}

static void help_formats(void)
{
	printf("\n%s:\n", tr("Formats"));
	for (const struct reporter *r = report_formats(); r->name; r++)
		printf("  %-*s%s\n", HELP_COLUMN + 2, r->name, tr(r->help));
}

static void help_verb(const struct verb *v)
{
	printf(tr("Usage: hfscan %s [OPTION]... %s\n\n%s.\n"), v->name, v->synopsis, tr(v->help));
	help_options(bit_of(v));
	if (takes_format(v))
		help_formats();
}

static const char examples[] =
	"Examples:\n"
	"  hfscan                   this folder; in a repository what git would publish\n"
	"  hfscan lab.ipynb         one file, whatever git ignores\n"
	"  hfscan class/            a folder of repositories, each as one\n"
	"  git diff | hfscan -      what comes in on standard input\n"
	"  hfscan -f json -o r.json a report for programs\n"
	"  hfscan --report sarif=r  for code scanning, beside what is shown\n";

static const char exit_codes[] = "Exit code:\n"
				 "  0  nothing found\n"
				 "  1  at least one token found\n"
				 "  2  could not start: wrong option, no such path, broken rules\n"
				 "  3  nothing found, but something could not be read\n";

void options_help(const char *verb)
{
	const struct verb *v = find_verb(verb);

	if (v) {
		help_verb(v);
		return;
	}
	puts(tr("Usage: hfscan [scan] [OPTION]... [PATH]..."));
	for (v = verbs_table() + 1; v->name; v++)
		printf("       hfscan %s %s\n", v->name, v->synopsis);
	fputs(tr("\nFinds Hugging Face tokens before they are published. PATH is a file, a "
		 "folder,\n"
		 "or - for standard input; without one it is this folder.\n"),
	      stdout);
	help_options(VERB_ALL);
	help_formats();
	printf("\n%s\n%s", tr(examples), tr(exit_codes));
}

/* ---- the man page ---- */

/* Text for roff: a backslash, a dash and a line's first dot or quote are signs. */
static void roff(const char *text)
{
	bool line_start = true;

	for (; *text; text++) {
		if (line_start && (*text == '.' || *text == '\''))
			fputs("\\&", stdout);
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else
			putchar(*text);
		line_start = *text == '\n';
	}
}

static void man_option(const struct option *o)
{
	fputs(".TP\n\\fB", stdout);
	if (o->letter)
		printf("\\-%c\\fR, \\fB", o->letter);
	fputs("\\-\\-", stdout);
	roff(o->name);
	fputs("\\fR", stdout);
	if (o->argument)
		printf(" \\fI%s\\fR", o->argument);
	putchar('\n');
	roff(tr(o->help));
	fputs(".\n", stdout);
	if (o->more) {
		roff(tr(o->more));
		putchar('\n');
	}
}

/* One line for each verb. */
static void man_synopsis(void)
{
	fputs(tr(".SH NAME\nhfscan \\- find Hugging Face tokens before they are published\n"),
	      stdout);
	fputs(tr(".SH SYNOPSIS\n"), stdout);
	fputs(".B hfscan\n[\\fBscan\\fR] [\\fIOPTION\\fR]... [\\fIPATH\\fR]...\n", stdout);
	for (const struct verb *v = verbs_table() + 1; v->name; v++) {
		printf(".br\n.B hfscan %s\n[\\fIOPTION\\fR]... ", v->name);
		roff(v->synopsis);
		putchar('\n');
	}
}

static const char *const man_begin[] = {
	".SH DESCRIPTION\n"
	"Looks for the credentials of Hugging Face (\\fBhf_...\\fR and its relatives) in files,\n"
	"and tells where each stands, how far it got, and what to do.\n"
	"Tokens are shown masked.\n",
	".PP\n"
	"A \\fIPATH\\fR that is a folder inside a repository's work tree stands for what could be\n"
	"published: its tracked files, the untracked ones that git does not ignore, what is "
	"staged\n"
	"but differs from the files, and \\fI.git/config\\fR.\n"
	"A plain folder stands for every file in it; a folder that holds repositories, for each "
	"of\n"
	"them and for the files between.\n"
	"A file that is named is always scanned.\n"
	"\\fB\\-\\fR is standard input.\n"
	"Without a \\fIPATH\\fR it is the present folder.\n"
	"Symbolic links that were not named are never followed.\n",
	".PP\n"
	"Of a repository the whole history is scanned too: every object, commit and tag\n"
	"messages, names, stashes and reflogs.\n",
	".PP\n"
	"A notebook (\\fI*.ipynb\\fR, nbformat 3 and 4) is read cell by cell, as people see it:\n"
	"sources, outputs, attachments and metadata. Cells are counted from 1.\n",
	".PP\n"
	"Lines and columns are counted from 1, columns in characters as editors do, whatever the\n"
	"encoding (in UTF\\-16 code units; a byte order mark is none). Far behind the beginning "
	"of a\n"
	"line of more than 64 KiB they are bytes. \\fIoffset\\fR and \\fIlength\\fR in "
	"reports for\n"
	"programs always are.\n",
	".PP\n"
	"Beside leaks there are warnings, placeholders and what is allowed by a mark such as\n"
	"\\fBhfscan:allow\\fR; they are counted, shown with \\fB\\-v\\fR, and fail no run\n"
	"(\\fB\\-\\-strict\\fR: warnings do).\n",
	".PP\n"
	"\\fBhfscan hook install\\fR makes git ask hfscan before it goes on. \\fINAME\\fR is "
	"\\fBpre\\-commit\\fR\n"
	"(what is staged; the one without a \\fINAME\\fR), \\fBcommit\\-msg\\fR, "
	"\\fBpre\\-push\\fR (what the\n"
	"commits bring that the remote lacks) or, at a server, \\fBpre\\-receive\\fR.\n"
	"A hook that is there already runs first. \\fBhfscan hook uninstall\\fR brings back what "
	"was\n"
	"there. Git runs \\fBhfscan hook run\\fR; whatever but 0 it ends with stops git.\n",
	".PP\n"
	"\\fBhfscan ci\\fR is for a job of GitHub Actions or GitLab CI. It judges what the push "
	"or\n"
	"pull request brings that started the job: of a merge, what it adds to its first parent.\n"
	"Where that cannot be told it is the whole history, and standard error says so.\n"
	"What is missing in a shallow clone makes the run incomplete only where it belongs to "
	"that.\n"
	"In GitHub Actions it writes annotations, and a page into \\fI$GITHUB_STEP_SUMMARY\\fR.\n",
	".PP\n"
	"\\fBhfscan verify\\fR asks Hugging Face whether tokens still work, \\fBhfscan revoke\\fR "
	"has\n"
	"it delete them, after a question at the terminal. Both read tokens from standard input,\n"
	"one a line, or with \\fB\\-\\-from\\-report\\fR what a report told of; \\fBverify\\fR "
	"ends with 1\n"
	"if one is live, 3 if none is but one is unknown, 0 if all are dead.\n"
	"\\fBhfscan explain\\fR answers what people ask about tokens.\n",
	".PP\n"
	"A \\fIPATH\\fR that has the name of a command is written with a folder: "
	"\\fB./rules\\fR.\n",
	NULL,
};

static const char *const man_end[] = {
	".SH EXIT STATUS\n",
	".TP\n"
	"\\fB0\\fR\n"
	"Nothing found.\n",
	".TP\n"
	"\\fB1\\fR\n"
	"At least one token found. This wins over 3.\n",
	".TP\n"
	"\\fB2\\fR\n"
	"Could not start (wrong option, no such path, broken rules), or could not\n"
	"write the report.\n",
	".TP\n"
	"\\fB3\\fR\n"
	"Nothing found, but the scan is incomplete: something could not be read.\n"
	"Each such thing is named on standard error and in the report.\n",
	".SH ENVIRONMENT\n",
	".TP\n"
	"\\fBLC_ALL\\fR, \\fBLC_MESSAGES\\fR, \\fBLANG\\fR\n"
	"The language of messages and reports: Spanish when\n"
	"the first that is set begins with \\fBes\\fR, else English.\n",
	".TP\n"
	"\\fBNO_COLOR\\fR\n"
	"No colors when set.\n",
	".TP\n"
	"\\fBCI\\fR\n"
	"When set, \\fB\\-\\-show\\-secrets\\fR is refused unless the report goes to a file.\n",
	".TP\n"
	"\\fBGITHUB_ACTIONS\\fR, \\fBGITLAB_CI\\fR\n"
	"Which CI system \\fBhfscan ci\\fR asks what\n"
	"it was started for, by the variables that this sets.\n",
	".TP\n"
	"\\fBHF_ENDPOINT\\fR\n"
	"The server that is asked, instead of https://huggingface.co.\n",
	".TP\n"
	"\\fBHF_HUB_OFFLINE\\fR, \\fBTRANSFORMERS_OFFLINE\\fR\n"
	"When 1, on, yes or true: nothing is asked, exit status 2.\n",
	".TP\n"
	"\\fBSSL_CERT_FILE\\fR, \\fBSSL_CERT_DIR\\fR, \\fBhttps_proxy\\fR, \\fBno_proxy\\fR\n"
	"As other programs take them.\n",
	".TP\n"
	"\\fBXDG_CONFIG_HOME\\fR\n"
	"Where your own configuration lies; an absolute path, else\n"
	"\\fI~/.config\\fR is taken.\n",
	".SH FILES\n",
	".TP\n"
	"\\fI.hfscan\\-baseline.json\\fR\n"
	"At the top of a repository or of a folder that is named: the\n"
	"secrets that may stay, by the first 128 bits of their SHA\\-256.\n"
	"From the day \\fIexpires\\fR on, by UTC, a secret is reported again.\n",
	".TP\n"
	"\\fI.hfscan.json\\fR\n"
	"Beside it: an object of \\fBdisable\\-rule\\fR (a list of ids),\n"
	"\\fBignore\\fR (a list of patterns, see \\fBgitignore\\fR(5)), \\fBseverity\\fR (an "
	"object\n"
	"of ids and \\fBlow\\fR, \\fBmedium\\fR, \\fBhigh\\fR or \\fBcritical\\fR) and "
	"\\fBlang\\fR; no other\n"
	"key. What it turns off or ignores is still found, counted as allowed, and named in the\n"
	"summary. Hooks and \\fB\\-\\-staged\\fR read both files from the index.\n",
	".TP\n"
	"\\fI~/.config/hfscan/config.json\\fR\n"
	"Your own: an object of options by their long names.\n"
	"The command line beats it.\n",
	".SH EXAMPLES\n",
	".TP\n"
	"\\fBhfscan\\fR\n"
	"Audit the present folder.\n",
	".TP\n"
	"\\fBhfscan lab.ipynb\\fR\n"
	"One file.\n",
	".TP\n"
	"\\fBgit diff | hfscan \\-\\fR\n"
	"What is about to be committed.\n",
	".TP\n"
	"\\fBgit ls\\-files \\-z | hfscan \\-\\-files\\-from \\- \\-0\\fR\n"
	"Files that another program chose.\n",
	".TP\n"
	"\\fBhfscan \\-f jsonl class/ > findings.jsonl\\fR\n"
	"A class of repositories, for programs.\n",
	".SH NOTES\n"
	"Pictures are searched as bytes only: a token that a screenshot shows is not found.\n",
	".SH SEE ALSO\n"
	".BR git (1)\n",
	NULL,
};

static void man_paragraphs(const char *const *texts)
{
	for (; *texts; texts++)
		fputs(tr(*texts), stdout);
}

static void man_formats(void)
{
	fputs(tr(".SH FORMATS\n"), stdout);
	for (const struct reporter *r = report_formats(); r->name; r++) {
		printf(".TP\n\\fB%s\\fR\n", r->name);
		roff(tr(r->help));
		fputs(".\n", stdout);
	}
}

static void generate_man(void)
{
	printf(".TH HFSCAN 1 \"\" \"hfscan %s\" \"%s\"\n", HFSCAN_VERSION, tr("User Commands"));
	man_synopsis();
	man_paragraphs(man_begin);
	fputs(tr(".SH OPTIONS\n"), stdout);
	for (const struct option *o = options_table(); o->name; o++) {
		if (begins_category(o))
			printf(".SS %s\n", tr(o->category));
		man_option(o);
	}
	man_formats();
	man_paragraphs(man_end);
}

/* ---- completions ---- */

static void print_choices(const struct option *o)
{
	struct buf choices;

	buf_init(&choices, BUF_MAX_LINE);
	options_choices(&choices, o);
	fputs(choices.ptr, stdout);
	buf_dispose(&choices);
}

static void bash_words(unsigned verbs)
{
	for (const struct option *o = options_table(); o->name; o++) {
		if (!(o->verbs & verbs))
			continue;
		if (o->letter)
			printf("-%c ", o->letter);
		printf("--%s ", o->name);
	}
}

static void bash_cases(void)
{
	for (const struct option *o = options_table(); o->name; o++) {
		if (!o->argument)
			continue;
		fputs("    ", stdout);
		if (o->letter)
			printf("-%c|", o->letter);
		printf("--%s) ", o->name);
		if (o->choices) {
			fputs("COMPREPLY=($(compgen -W '", stdout);
			print_choices(o);
			fputs("' -- \"$cur\")); return ;;\n", stdout);
		} else {
			fputs("mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n",
			      stdout);
		}
	}
}

static void generate_bash(void)
{
	fputs("# bash completion for hfscan\n"
	      "_hfscan() {\n"
	      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "  COMPREPLY=()\n"
	      "  case $prev in\n",
	      stdout);
	bash_cases();
	fputs("  esac\n"
	      "  if [[ $cur == -* ]]; then\n"
	      "    COMPREPLY=($(compgen -W '",
	      stdout);
	bash_words(VERB_ALL);
	fputs("' -- \"$cur\"))\n"
	      "  elif [[ $prev == rules ]]; then\n"
	      "    COMPREPLY=($(compgen -W 'list check explain' -- \"$cur\"))\n"
	      "  elif [[ $prev == hook ]]; then\n"
	      "    COMPREPLY=($(compgen -W 'install uninstall run' -- \"$cur\"))\n"
	      "  elif [[ $prev == baseline ]]; then\n"
	      "    COMPREPLY=($(compgen -W 'create update prune show' -- \"$cur\"))\n"
	      "  else\n"
	      "    mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	      "    [[ $COMP_CWORD -eq 1 ]] && COMPREPLY+=($(compgen -W '",
	      stdout);
	for (const struct verb *v = verbs_table(); v->name; v++)
		printf("%s ", v->name);
	fputs("' -- \"$cur\"))\n"
	      "  fi\n"
	      "}\n"
	      "complete -o filenames -F _hfscan hfscan\n",
	      stdout);
}

/* In zsh's '...' and fish's '...' no apostrophe may stand; zsh's brackets and
 * colons are signs as well. */
static void print_plain(const char *text)
{
	for (; *text; text++)
		putchar(strchr("'[]:", *text) ? ' ' : *text);
}

static void zsh_option(const struct option *o)
{
	fputs("    '", stdout);
	if (o->letter)
		printf("(-%c --%s)'{-%c,--%s}'", o->letter, o->name, o->letter, o->name);
	else
		printf("--%s", o->name);
	if (o->argument && o->letter)
		fputs("+", stdout);
	putchar('[');
	print_plain(tr(o->help));
	putchar(']');
	if (o->argument && o->choices) {
		printf(":%s:(", o->argument);
		print_choices(o);
		putchar(')');
	} else if (o->argument) {
		printf(":%s:_files", o->argument);
	}
	fputs("' \\\n", stdout);
}

static void generate_zsh(void)
{
	fputs("#compdef hfscan\n"
	      "_hfscan() {\n"
	      "  if (( CURRENT > 2 )) && [[ $words[2] == rules ]]; then\n"
	      "    _values 'what to do' list check explain\n"
	      "    return\n"
	      "  elif (( CURRENT == 3 )) && [[ $words[2] == baseline ]]; then\n"
	      "    _values 'what to do' create update prune show\n"
	      "    return\n"
	      "  fi\n"
	      "  if (( CURRENT > 2 )) && [[ $words[2] == hook ]]; then\n"
	      "    _values 'what to do' install uninstall run pre-commit commit-msg pre-push "
	      "pre-receive\n"
	      "    return\n"
	      "  fi\n"
	      "  _arguments -s \\\n",
	      stdout);
	for (const struct option *o = options_table(); o->name; o++)
		zsh_option(o);
	fputs("    '*:path:_files'\n"
	      "}\n"
	      "_hfscan \"$@\"\n",
	      stdout);
}

static void fish_option(const struct option *o)
{
	printf("complete -c hfscan -l %s", o->name);
	if (o->letter)
		printf(" -s %c", o->letter);
	if (o->argument && o->choices) {
		fputs(" -x -a '", stdout);
		print_choices(o);
		fputs("'", stdout);
	} else if (o->argument) {
		fputs(" -r", stdout);
	}
	fputs(" -d '", stdout);
	print_plain(tr(o->help));
	fputs("'\n", stdout);
}

static void generate_fish(void)
{
	fputs("# fish completion for hfscan\n", stdout);
	for (const struct verb *v = verbs_table(); v->name; v++) {
		printf("complete -c hfscan -n __fish_use_subcommand -a %s -d '", v->name);
		print_plain(tr(v->help));
		fputs("'\n", stdout);
	}
	fputs("complete -c hfscan -n '__fish_seen_subcommand_from rules' -a 'list check explain'\n"
	      "complete -c hfscan -n '__fish_seen_subcommand_from hook' -a 'install uninstall run "
	      "pre-commit commit-msg pre-push pre-receive'\n"
	      "complete -c hfscan -n '__fish_seen_subcommand_from baseline' -a 'create update "
	      "prune show'\n",
	      stdout);
	for (const struct option *o = options_table(); o->name; o++)
		fish_option(o);
}

void options_generate(const char *kind)
{
	static const struct {
		const char *kind;
		void (*generate)(void);
	} kinds[] = {
		{"man", generate_man},
		{"bash", generate_bash},
		{"zsh", generate_zsh},
		{"fish", generate_fish},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			kinds[i].generate();
}
