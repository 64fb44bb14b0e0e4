/* Every option of every verb, and what setting it records. */
#include "cli/options.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/tr.h"
#include "judge/baseline.h"
#include "report/report.h"

#include <stdlib.h>

/* ---- setters ---- */

static const char *set_format(struct options *o, const char *value)
{
	o->format = value;
	o->format_given = true;
	return NULL;
}

static const char *add_report(struct options *o, const char *value)
{
	size_t len = strcspn(value, "=");

	for (const struct reporter *r = report_formats(); r->name; r++) {
		if (strlen(r->name) != len || strncmp(r->name, value, len) != 0 || !value[len] ||
		    !value[len + 1])
			continue;
		o->reports = xrealloc(o->reports, (o->report_count + 1) * sizeof(*o->reports));
		o->reports[o->report_count++] = (struct report_to){r, value + len + 1};
		return NULL;
	}
	return "must be FORMAT=FILE, such as json=report.json, with a FORMAT that `hfscan --help` "
	       "lists";
}

static const char *set_output(struct options *o, const char *value)
{
	o->output = value;
	return *value ? NULL : "the name is empty";
}

static const char *add_rules(struct options *o, const char *value)
{
	o->rules = xrealloc(o->rules, (o->rules_count + 1) * sizeof(*o->rules));
	o->rules[o->rules_count++] = value;
	return NULL;
}

static const char *set_no_default_rules(struct options *o, const char *value)
{
	(void)value;
	o->no_default_rules = true;
	return NULL;
}

static const char *add_disabled(struct options *o, const char *value)
{
	o->disabled = xrealloc(o->disabled, (o->disabled_count + 1) * sizeof(*o->disabled));
	o->disabled[o->disabled_count++] = value;
	return NULL;
}

static const char *set_files_from(struct options *o, const char *value)
{
	o->files_from = value;
	return *value ? NULL : "the name is empty";
}

static const char *set_repos_from(struct options *o, const char *value)
{
	o->repos_from = value;
	return *value ? NULL : "the name is empty";
}

static const char *set_null(struct options *o, const char *value)
{
	(void)value;
	o->nul_separated = true;
	return NULL;
}

static const char *set_stdin_name(struct options *o, const char *value)
{
	o->stdin_name = value;
	return *value ? NULL : "the name is empty";
}

static const char *set_ignored(struct options *o, const char *value)
{
	(void)value;
	o->ignored = true;
	return NULL;
}

static const char *set_staged(struct options *o, const char *value)
{
	(void)value;
	o->staged = true;
	return NULL;
}

static const char *set_global(struct options *o, const char *value)
{
	(void)value;
	o->global = true;
	return NULL;
}

static const char *set_no_history(struct options *o, const char *value)
{
	(void)value;
	o->no_history = true;
	return NULL;
}

static const char *set_history_only(struct options *o, const char *value)
{
	(void)value;
	o->history_only = true;
	return NULL;
}

static const char *set_range(struct options *o, const char *value)
{
	const char *dots = strstr(value, "..");

	o->range = value;
	if (!dots || dots == value || strncmp(dots, "...", 3) == 0)
		return "must be two commits with two dots between them: A..B";
	return NULL;
}

static const char *set_since_commit(struct options *o, const char *value)
{
	o->since_commit = value;
	return *value ? NULL : "the name is empty";
}

static const char *set_branch(struct options *o, const char *value)
{
	o->branch = value;
	return *value ? NULL : "the name is empty";
}

static const char *set_all(struct options *o, const char *value)
{
	(void)value;
	o->range = o->since_commit = o->branch = NULL;
	o->all = true;
	return NULL;
}

static const char *set_all_names(struct options *o, const char *value)
{
	(void)value;
	o->all_names = true;
	return NULL;
}

static const char *set_check_connectivity(struct options *o, const char *value)
{
	(void)value;
	o->check_connectivity = true;
	return NULL;
}

/* Less could not hold what a page of text needs beside the program's tables. */
#define MEMORY_MIN ((uint64_t)16 << 20)

static const char *set_max_memory(struct options *o, const char *value)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;
	unsigned long long n = strtoull(value, &end, 10);
	unsigned shift = 0;

	unit = *end ? strchr(units, *end >= 'a' ? *end - 'a' + 'A' : *end) : NULL;
	if (unit) {
		shift = 10 * (unsigned)(unit - units + 1);
		end++;
	}
	if (*value < '0' || *value > '9' || *end || n > UINT64_MAX >> shift >> 1 ||
	    (uint64_t)n << shift < MEMORY_MIN)
		return "must be a size of at least 16M, such as 512M or 4G";
	o->max_memory = (uint64_t)n << shift;
	return NULL;
}

static const char *set_number(unsigned *out, const char *value, unsigned long most)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || n < 1 || n > most)
		return "must be a number from 1 on, and no larger one than makes sense";
	*out = (unsigned)n;
	return NULL;
}

static const char *set_jobs(struct options *o, const char *value)
{
	char *end;
	unsigned long jobs = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || jobs < 1 || jobs > 256)
		return "must be a number from 1 to 256";
	o->jobs = (unsigned)jobs;
	return NULL;
}

static const char *set_max_depth(struct options *o, const char *value)
{
	if (strlen(value) > 2 || value[0] < '0' || value[0] > '9' ||
	    (value[1] && (value[1] < '0' || value[1] > '9')))
		return "must be a number from 0 to 99";
	o->max_depth = (unsigned)strtoul(value, NULL, 10);
	return NULL;
}

static const char *set_color(struct options *o, const char *value)
{
	o->color = strcmp(value, "always") == 0  ? COLOR_ALWAYS
		   : strcmp(value, "never") == 0 ? COLOR_NEVER
						 : COLOR_AUTO;
	return NULL;
}

static const char *set_no_color(struct options *o, const char *value)
{
	(void)value;
	o->color = COLOR_NEVER;
	return NULL;
}

static const char *set_quiet(struct options *o, const char *value)
{
	(void)value;
	o->quiet = true;
	o->verbose = 0;
	return NULL;
}

static const char *set_verbose(struct options *o, const char *value)
{
	(void)value;
	o->verbose++;
	o->quiet = false;
	return NULL;
}

static const char *set_strict(struct options *o, const char *value)
{
	(void)value;
	o->strict = true;
	return NULL;
}

static const char *set_no_inline_allow(struct options *o, const char *value)
{
	(void)value;
	o->no_inline_allow = true;
	return NULL;
}

static const char *set_allow_incomplete(struct options *o, const char *value)
{
	(void)value;
	o->allow_incomplete = true;
	return NULL;
}

static const char *set_show_secrets(struct options *o, const char *value)
{
	(void)value;
	o->show_secrets = true;
	return NULL;
}

static const char *set_baseline(struct options *o, const char *value)
{
	o->baseline = value;
	return *value ? NULL : "the name is empty";
}

static const char *set_no_repo_config(struct options *o, const char *value)
{
	(void)value;
	o->no_repo_config = true;
	return NULL;
}

static const char *set_no_config(struct options *o, const char *value)
{
	(void)value;
	o->no_config = true;
	return NULL;
}

static const char *set_reason(struct options *o, const char *value)
{
	o->reason = value;
	return *value ? NULL : "the reason is empty";
}

static const char *set_expires(struct options *o, const char *value)
{
	o->expires = value;
	return baseline_is_date(value) ? NULL : "must be a day, such as 2026-12-31";
}

static const char *set_verify(struct options *o, const char *value)
{
	(void)value;
	o->verify = true;
	return NULL;
}

static const char *set_verify_jobs(struct options *o, const char *value)
{
	return set_number(&o->verify_jobs, value, 16);
}

static const char *set_verify_timeout(struct options *o, const char *value)
{
	return set_number(&o->verify_timeout, value, 600);
}

static const char *set_verify_endpoint_ok(struct options *o, const char *value)
{
	(void)value;
	o->verify_endpoint_ok = true;
	return NULL;
}

static const char *set_fail_on(struct options *o, const char *value)
{
	o->fail_on_live = strcmp(value, "live") == 0;
	return NULL;
}

static const char *set_only_live(struct options *o, const char *value)
{
	(void)value;
	o->only_live = true;
	return NULL;
}

static const char *set_from_report(struct options *o, const char *value)
{
	o->from_report = value;
	return *value ? NULL : "the name is empty";
}

static const char *set_yes(struct options *o, const char *value)
{
	(void)value;
	o->yes = true;
	return NULL;
}

static const char *set_write_replacements(struct options *o, const char *value)
{
	o->write_replacements = value;
	return *value ? NULL : "the name is empty";
}

static const char *set_lang(struct options *o, const char *value)
{
	o->lang = strcmp(value, "es") == 0 ? LANG_ES : LANG_EN;
	o->lang_given = true;
	tr_set(o->lang);
	return NULL;
}

static const char *set_help(struct options *o, const char *value)
{
	(void)value;
	o->help = true;
	return NULL;
}

static const char *set_version(struct options *o, const char *value)
{
	(void)value;
	o->version = true;
	return NULL;
}

static const char *set_generate(struct options *o, const char *value)
{
	o->generate = value;
	return NULL;
}

/* ---- the table ---- */

#define WHAT    "What to scan"
#define HOOKS   "Hooks"
#define HISTORY "History"
#define RULES   "Rules"
#define REPORT  "Report"
#define LIVE    "Trying tokens"
#define CODE    "Exit code"
#define OTHER   "Other"

const struct option *options_table(void)
{
	static const struct option table[] = {
		{"ignored", 0, NULL, WHAT, "read what git ignores too",
		 "Without it, a file in a repository that git ignores is read only when it is "
		 "named.",
		 NULL, VERB_SCAN, set_ignored},
		{"staged", 0, NULL, WHAT, "only what the next commit would bring in",
		 "The index where it differs from HEAD, whatever the files hold by now.", NULL,
		 VERB_SCAN, set_staged},
		{"files-from", 0, "FILE", WHAT,
		 "scan the files named in FILE, one a line; - is stdin",
		 "Files of the list are scanned whatever git ignores.", NULL, VERB_SCAN,
		 set_files_from},
		{"repos-from", 0, "FILE", WHAT, "scan repositories named in FILE, one a line",
		 "- is standard input. Folders, from where you stand, as if each were a PATH. One "
		 "that is "
		 "missing or broken is told and does not stop the others. Every line is a name, "
		 "whatever it begins with; empty ones are left out.",
		 NULL, VERB_SCAN, set_repos_from},
		{"null", '0', NULL, WHAT, "names in such lists end with NUL, not a line end",
		 "As `git ls-files -z` and `find -print0` write them.", NULL, VERB_SCAN, set_null},
		{"stdin-name", 0, "NAME", WHAT, "what to call standard input in the report",
		 "Its ending tells what it is: lab.ipynb, chat.txt.", NULL, VERB_SCAN,
		 set_stdin_name},
		{"max-depth", 0, "N", WHAT, "archives in archives, so deep (default: 4; 0: none)",
		 "Into zip, tar, 7z, rar, cpio and ar, into what gzip, bzip2, xz, zstd, lz4, lzip, "
		 "lzma and compress pack, and what is made of them: wheels, office documents, "
		 "checkpoints, packages (deb, rpm). Nothing is written to disk. What is encrypted, "
		 "damaged, one of several parts, nested deeper or of a kind that is not opened "
		 "(cab, "
		 "lzo) is told as not scanned, and so is what goes beyond 100,000 members, or 256 "
		 "MiB and 200 times the size of the archive, or 64 GiB.",
		 NULL, VERB_SCANS, set_max_depth},
		{"jobs", 'j', "N", WHAT, "scan with N threads (default: one per core)",
		 "The report is the same whatever N is.", NULL, VERB_SCANS, set_jobs},

		{"global", 0, NULL, HOOKS, "install or uninstall for all of your repositories",
		 "In the folder that core.hooksPath names in your configuration of git, else in "
		 "hfscan/hooks in $XDG_CONFIG_HOME, to which core.hooksPath is set. The hooks of "
		 "each repository, which git then passes over, are run from there. A repository "
		 "with a core.hooksPath of its own has to be seen to by itself.",
		 NULL, VERB_HOOK, set_global},

		{"no-history", 0, NULL, HISTORY, "leave the history of repositories out", NULL,
		 NULL, VERB_SCAN, set_no_history},
		{"history-only", 0, NULL, HISTORY,
		 "only the history, not the files as they are now", NULL, NULL, VERB_SCAN,
		 set_history_only},
		{"range", 0, "A..B", HISTORY, "only what commits of B that A lacks brought in",
		 "A and B as git names commits: a branch, a tag, an id, HEAD~3.", NULL,
		 VERB_REPORTS, set_range},
		{"since-commit", 0, "COMMIT", HISTORY, "the same as --range COMMIT..HEAD", NULL,
		 NULL, VERB_REPORTS, set_since_commit},
		{"branch", 0, "NAME", HISTORY, "only what commits of one branch or tag brought in",
		 NULL, NULL, VERB_REPORTS, set_branch},
		{"all", 0, NULL, HISTORY, "every object there is (default)", NULL, NULL,
		 VERB_REPORTS, set_all},
		{"all-names", 0, NULL, HISTORY,
		 "names of files in every commit, not just the newest",
		 "Without it, names are looked at in the newest commit of each branch and tag.",
		 NULL, VERB_REPORTS, set_all_names},
		{"check-connectivity", 0, NULL, HISTORY, "look for missing objects in every commit",
		 "Without it, the newest commit of each branch and tag is looked at; in a partial "
		 "clone, all are.",
		 NULL, VERB_REPORTS, set_check_connectivity},
		{"max-memory", 0, "SIZE", HISTORY, "memory for objects of history (default: 1G)",
		 "What one object and what it is built from may take; all threads share it. "
		 "Packs, which are mapped, come on top. An object that takes more is told as not "
		 "scanned.",
		 NULL, VERB_SCANS, set_max_memory},

		{"rules", 0, "FILE|DIR", RULES, "add rules; one with a known id replaces that",
		 "A folder stands for all its *.json. May be given several times.", NULL, VERB_ALL,
		 add_rules},
		{"no-default-rules", 0, NULL, RULES, "only the rules given with --rules", NULL,
		 NULL, VERB_ALL, set_no_default_rules},

		{"disable-rule", 0, "ID", RULES, "leave a rule out",
		 "`hfscan rules list` names them. May be given several times.", NULL, VERB_ALL,
		 add_disabled},
		{"no-inline-allow", 0, NULL, RULES, "marks and tags in the text allow nothing",
		 "Without it, hfscan:allow on a secret's line, or alone on the line before, allows "
		 "it; so do the common marks of other tools, and the tag hfscan-allow of a "
		 "notebook's cell.",
		 NULL, VERB_SCANS, set_no_inline_allow},

		{"baseline", 0, "FILE", RULES, "what may stay, instead of .hfscan-baseline.json",
		 "Without it, that file at the top of a repository, or of a folder that is "
		 "named, counts for what lies below it. `hfscan baseline` writes it.",
		 NULL, VERB_SCANS, set_baseline},
		{"reason", 0, "TEXT", RULES, "why what is added to the baseline may stay", NULL,
		 NULL, VERB_BASELINE, set_reason},
		{"expires", 0, "DATE", RULES, "the day from which on it is reported again",
		 "As 2026-12-31, by UTC.", NULL, VERB_BASELINE, set_expires},
		{"no-repo-config", 0, NULL, RULES, "believe no word of what is scanned",
		 "Ignores .hfscan.json, .hfscan-baseline.json, marks and tags: for teachers and "
		 "servers.",
		 NULL, VERB_SCANS, set_no_repo_config},
		{"no-config", 0, NULL, RULES, "ignore your own configuration file",
		 "It is $XDG_CONFIG_HOME/hfscan/config.json, or ~/.config/hfscan/config.json: an "
		 "object of options by their long names.",
		 NULL, VERB_ALL, set_no_config},

		{"format", 'f', "FORMAT", REPORT, "how the report is written (default: text)", NULL,
		 "@", VERB_REPORTS, set_format},
		{"output", 'o', "FILE", REPORT, "write the report into FILE",
		 "What stood in FILE is replaced when the scan is done.", NULL, VERB_REPORTS,
		 set_output},
		{"report", 0, "FORMAT=FILE", REPORT, "another report, beside that of -f and -o",
		 "May be given several times, each with a file of its own. A - puts it on standard "
		 "output, where then nothing else goes. All are opened before the scan; one that "
		 "cannot be written leaves the others whole.",
		 NULL, VERB_REPORTS, add_report},
		{"verbose", 'v', NULL, REPORT, "placeholders, warnings and notes too", NULL, NULL,
		 VERB_ALL, set_verbose},
		{"quiet", 'q', NULL, REPORT, "findings only: no advice, summary or progress", NULL,
		 NULL, VERB_ALL, set_quiet},
		{"color", 0, "WHEN", REPORT, "auto (default), always or never",
		 "auto: on a terminal, unless NO_COLOR is set or TERM is dumb.",
		 "auto always never", VERB_ALL, set_color},
		{"no-color", 0, NULL, REPORT, "the same as --color=never", NULL, NULL, VERB_ALL,
		 set_no_color},
		{"lang", 0, "LANG", REPORT, "en or es (default: from the locale)", NULL, "en es",
		 VERB_ALL, set_lang},
		{"show-secrets", 0, NULL, REPORT, "show tokens in full",
		 "In a CI job, whose log others can read, only into a file. Formats made to be "
		 "uploaded (sarif, gitlab, codequality, junit) never do.",
		 NULL, VERB_SCAN, set_show_secrets},
		{"write-replacements", 0, "FILE", REPORT,
		 "leaked tokens in clear, for git filter-repo",
		 "A new file that only you can read, outside of any repository, for `git "
		 "filter-repo "
		 "--replace-text FILE`. It rewrites every commit from the first with a token on: "
		 "revoke "
		 "the tokens first, since clones and forks keep the old commits.",
		 NULL, VERB_SCAN, set_write_replacements},

		{"verify", 0, NULL, LIVE, "ask Hugging Face whether what was found still works",
		 "Sends each leaked token once to huggingface.co, over TLS, and nothing else to "
		 "nobody else. Placeholders and what is allowed are not sent. HF_ENDPOINT, "
		 "HF_HUB_OFFLINE, TRANSFORMERS_OFFLINE, SSL_CERT_FILE and proxies count.",
		 NULL, VERB_SCAN, set_verify},
		{"verify-jobs", 0, "N", LIVE, "requests at a time (default: 1)", NULL, NULL,
		 VERB_ASKS, set_verify_jobs},
		{"verify-timeout", 0, "SECONDS", LIVE, "for one answer (default: 10)",
		 "After three in a row that did not come, nothing more is asked.", NULL, VERB_ASKS,
		 set_verify_timeout},
		{"verify-endpoint-ok", 0, NULL, LIVE, "HF_ENDPOINT may be another host",
		 "A mirror receives the tokens that are tried.", NULL, VERB_ASKS,
		 set_verify_endpoint_ok},
		{"only-live", 0, NULL, LIVE, "tell of those that still work only",
		 "How many places of others are left out is said in the report's summary and on "
		 "standard error.",
		 NULL, VERB_SCAN, set_only_live},
		{"from-report", 0, "FILE", LIVE, "the leaks of a report of -f json or -f jsonl",
		 "A report holds no token: what it is about is scanned again, and what is not "
		 "there "
		 "any more stays unknown.",
		 NULL, VERB_VERIFY | VERB_REVOKE, set_from_report},
		{"yes", 0, NULL, LIVE, "revoke without asking", "For scripts.", NULL, VERB_REVOKE,
		 set_yes},

		{"fail-on", 0, "WHAT", CODE, "any (default) leak, or only one that is live",
		 "With live, and some of which it is not known: 3.", "any live", VERB_SCAN,
		 set_fail_on},
		{"strict", 0, NULL, CODE, "warnings fail the run too", NULL, NULL, VERB_SCANS,
		 set_strict},
		{"allow-incomplete", 0, NULL, CODE, "exit with 0 where it would be 3", NULL, NULL,
		 VERB_REPORTS, set_allow_incomplete},

		{"help", 'h', NULL, OTHER, "show this help", NULL, NULL, VERB_ALL, set_help},
		{"version", 'V', NULL, OTHER, "show the version", NULL, NULL, VERB_ALL,
		 set_version},
		{"generate", 0, "KIND", OTHER, "write the man page or a shell's completions",
		 "For packagers; `make install` does it.", "man bash zsh fish", VERB_SCAN,
		 set_generate},
		{0},
	};

	return table;
}

void options_choices(struct buf *out, const struct option *option)
{
	if (strcmp(option->choices, "@") != 0) {
		buf_append_str(out, option->choices);
		return;
	}
	for (const struct reporter *r = report_formats(); r->name; r++)
		buf_appendf(out, "%s%s", r == report_formats() ? "" : " ", r->name);
}
