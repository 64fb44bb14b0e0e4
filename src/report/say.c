/* One table a kind of word; their translations are in po/. */
#include "report/say.h"

#include "base/tr.h"

#include <inttypes.h>
#include <stdio.h>

struct phrase {
	const char *one;
	const char *many; /* NULL: as one */
};

static const struct phrase phrases[SAY_COUNT] = {
	[SAY_IN_PLACES] = {"in 1 place", "in {n} places"},
	[SAY_MORE_PLACES] = {"… and 1 more place (-v shows all)",
			     "… and {n} more places (-v shows all)"},
	[SAY_IN_FILE_NAME] = {"in the name", NULL},
	[SAY_IN_COMMIT_MESSAGE] = {"in the message of commit {s}", NULL},
	[SAY_IN_TAG_MESSAGE] = {"in the message of tag object {s}", NULL},
	[SAY_IN_COMMIT_AUTHOR] = {"in the author or committer of commit {s}", NULL},
	[SAY_IN_OBJECT_AUTHOR] = {"in the author, committer or tagger of object {s}", NULL},
	[SAY_IN_REF_NAME] = {"in the name of a branch or tag", NULL},
	[SAY_IN_REFLOG] = {"in git's own log (reflog)", NULL},
	[SAY_IN_CELL] = {"cell {n}", NULL},
	[SAY_IN_SOURCE] = {"source line {n}", NULL},
	[SAY_IN_OUTPUT] = {"output {s}, line {n}", NULL},
	[SAY_IN_METADATA] = {"metadata", NULL},
	[SAY_IN_ATTACHMENT] = {"attachment", NULL},
	[SAY_IN_COMMIT] = {"in commit {s}", NULL},
	[SAY_IN_OBJECT] = {"in object {s}", NULL},
	[SAY_IN_OBJECT_LINE] = {"in object {s}, line {n}", NULL},
	[SAY_SINCE_COMMIT] = {"since commit {s}", NULL},
	[SAY_ON_COMMIT] = {"on commit {s}", NULL},
	[SAY_IN_HEAD] = {"still in the current commit (HEAD)", NULL},
	[SAY_NOT_IN_HEAD] = {"not in the current commit (HEAD)", NULL},
	[SAY_REMOVED] = {"replaced or deleted by commit {s}, but the history keeps it", NULL},
	[SAY_UNREACHED] = {"no branch or tag reaches it, `git cat-file -p {s}` shows it", NULL},
	[SAY_MORE_PATHS] = {"at 1 more path too", "at {n} more paths too"},
	[SAY_WHAT_TO_DO] = {"What to do", NULL},
	[SAY_SAME_AS] = {"the same as for {s} above", NULL},
	[SAY_TRIED] = {"Tried", NULL},
	[SAY_REPOSITORIES] = {"Repositories", NULL},
	[SAY_AUTHORS] = {"Authors, as their commits name them", NULL},
	[SAY_SECRETS_COLUMN] = {"secrets", NULL},
	[SAY_WARNINGS_COLUMN] = {"warnings", NULL},
	[SAY_NOT_SCANNED_COLUMN] = {"not scanned", NULL},
	[SAY_REPOSITORIES_COLUMN] = {"repositories", NULL},
	[SAY_FURTHEST_COLUMN] = {"how far", NULL},
	[SAY_REST] = {" (in none of them)", NULL},
	[SAY_NO_REPOSITORY] = {" (no repository)", NULL},
	[SAY_CLEAN_UNITS] = {"1 with nothing found (-v names it)",
			     "{n} with nothing found (-v names them)"},
	[SAY_SHARED_SECRETS] = {"Shared tokens", NULL},
	[SAY_SHARED_BY_UNITS] = {"shared by 1 repository: ", "shared by {n} repositories: "},
	[SAY_SHARED_BY_AUTHORS] = {"brought in by 1 author: ", "brought in by {n} authors: "},
	[SAY_SHARED_COMMIT] = {"commit {s} is in all of them: copies of one template, or forks",
			       NULL},
	[SAY_SHARED_ADVICE] =
		{"One token per person and project: with a shared one nobody can tell who did "
		 "what, and deleting it stops everybody at once. Find out whose it is. The owner "
		 "deletes it (huggingface.co → Settings → Access Tokens); everybody who needs one "
		 "creates their own, and copies it to nobody.",
		 NULL},
	[SAY_GENERAL_ADVICE] = {"One token per person and project, with no more than it needs: "
				"Read or Fine-grained rather than Write.",
				NULL},
	[SAY_NOT_SCANNED] = {"Not scanned", NULL},
	[SAY_NOTES] = {"Notes", NULL},
	[SAY_MORE_NOT_SCANNED] = {"… and 1 more", "… and {n} more"},
	[SAY_SECRETS_LEAKED] = {"1 secret leaked {s}", "{n} secrets leaked {s}"},
	[SAY_NOTHING_FOUND] = {"No Hugging Face token found", NULL},
	[SAY_NOTHING_FOUND_SO_FAR] = {"No Hugging Face token found in what could be read", NULL},
	[SAY_NONE_LIVE] = {"No leaked token is known to work", NULL},
	[SAY_LEFT_OUT] = {"1 place of a dead or unknown token left out (--only-live)",
			  "{n} places of dead or unknown tokens left out (--only-live)"},
	[SAY_WARNINGS] = {"1 warning", "{n} warnings"},
	[SAY_PLACEHOLDERS] = {"1 placeholder", "{n} placeholders"},
	[SAY_ALLOWED] = {"1 allowed", "{n} allowed"},
	[SAY_STRICT] = {" (fails the run: --strict)", " (fail the run: --strict)"},
	[SAY_SHOWS_THEM] = {" (-v shows it)", " (-v shows them)"},
	[SAY_FILES] = {"1 file", "{n} files"},
	[SAY_IN_TIME] = {" in {s}", NULL},
	[SAY_IMAGES] = {"1 picture: what it shows was not read (a screenshot may show a token)",
			"{n} pictures: what they show was not read (screenshots may show a token)"},
	[SAY_OBJECTS] = {"1 object of history", "{n} objects of history"},
	[SAY_MEMBERS] = {"1 member of archives", "{n} members of archives"},
	[SAY_NO_HISTORY] = {"history not searched", NULL},
	[SAY_INCOMPLETE] = {"INCOMPLETE: 1 thing could not be scanned",
			    "INCOMPLETE: {n} things could not be scanned"},
	[SAY_NARROWED] = {"Narrowed by", NULL},
	[SAY_RULE_OFF] = {"turns {s} off", NULL},
	[SAY_PATHS_IGNORED] = {"ignores paths by 1 pattern", "ignores paths by {n} patterns"},
	[SAY_SEVERITY_CHANGED] = {"changes the severity: {s}", NULL},
	[SAY_BASELINE_ALLOWS] = {"allows 1 secret", "allows {n} secrets"},
	[SAY_BASELINE_EXPIRED] = {"allows 1 secret no more, which has expired",
				  "allows {n} secrets no more, which have expired"},
};

static const char *const severities[SEVERITY_COUNT] = {
	[SEVERITY_LOW] = "LOW",
	[SEVERITY_MEDIUM] = "MEDIUM",
	[SEVERITY_HIGH] = "HIGH",
	[SEVERITY_CRITICAL] = "CRITICAL",
};

/* A leak is named by its severity. */
static const char *const verdicts[VERDICT_COUNT] = {
	[VERDICT_LEAK] = NULL,
	[VERDICT_WARNING] = "WARNING",
	[VERDICT_PLACEHOLDER] = "PLACEHOLDER",
	[VERDICT_ALLOWED] = "ALLOWED",
};

static const char *const exposures[EXPOSURE_COUNT] = {
	[EXPOSURE_NONE] = NULL,
	[EXPOSURE_IGNORED] = "ignored by git",
	[EXPOSURE_UNREACHABLE] = "only in git's leftovers",
	[EXPOSURE_WORKTREE] = "not committed",
	[EXPOSURE_STAGED] = "staged for commit",
	[EXPOSURE_COMMITTED] = "committed, not pushed",
	[EXPOSURE_PUSHED] = "PUSHED",
};

static const struct {
	char thousands;
	char decimal;
} numerals[LANG_COUNT] = {
	[LANG_EN] = {',', '.'},
	[LANG_ES] = {'.', ','},
};

void say(struct buf *out, enum lang lang, enum word word, uint64_t n, const char *what)
{
	const struct phrase *phrase = &phrases[word];
	const char *text =
		phrase->many ? tr_n(lang, phrase->one, phrase->many, n) : tr_in(lang, phrase->one);
	const char *hole;

	while ((hole = strchr(text, '{')) != NULL) {
		buf_append(out, text, (size_t)(hole - text));
		if (hole[1] == 'n')
			say_number(out, lang, n);
		else
			buf_append_str(out, what);
		text = hole + strlen("{n}");
	}
	buf_append_str(out, text);
}

const char *say_headline(enum lang lang, enum verdict verdict, enum severity severity)
{
	const char *own = verdicts[verdict];

	return tr_in(lang, own ? own : severities[severity]);
}

const char *say_exposure(enum lang lang, enum exposure exposure)
{
	return exposures[exposure] ? tr_in(lang, exposures[exposure]) : NULL;
}

void say_number(struct buf *out, enum lang lang, uint64_t n)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_append_byte(out, (unsigned char)numerals[lang].thousands);
		buf_append_byte(out, (unsigned char)digits[i]);
	}
}

void say_bytes(struct buf *out, enum lang lang, uint64_t bytes)
{
	static const char *const units[] = {" B", " kB", " MB", " GB", " TB"};
	uint64_t unit = 1;
	size_t i = 0;

	while (bytes / unit >= 1000 && i + 1 < sizeof(units) / sizeof(units[0])) {
		unit *= 1000;
		i++;
	}
	say_number(out, lang, bytes / unit);
	if (i > 0 && bytes / unit < 10)
		buf_appendf(out, "%c%u", numerals[lang].decimal,
			    (unsigned)(bytes % unit * 10 / unit));
	buf_append_str(out, units[i]);
}

void say_seconds(struct buf *out, enum lang lang, double seconds)
{
	uint64_t hundredths = (uint64_t)(seconds * 100 + 0.5);

	say_number(out, lang, hundredths / 100);
	if (hundredths < 100 * 100)
		buf_appendf(out, "%c%02u", numerals[lang].decimal, (unsigned)(hundredths % 100));
	buf_append_str(out, " s");
}
