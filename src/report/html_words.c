/* What only the page says; all else comes from say.c and the other reports. */
#include "report/html.h"

#include "base/tr.h"

static const char *const words[HTML_WORD_COUNT] = {
	[HTML_TITLE] = "hfscan: Hugging Face tokens",
	[HTML_SKIP] = "Skip to the findings",
	[HTML_EXIT_LEAK] = "Exit code 1: at least one token is exposed. Begin with what was "
			   "pushed: it has left this machine.",
	[HTML_EXIT_STRICT] = "Exit code 1: no token leaked, but warnings fail this run (--strict).",
	[HTML_EXIT_INCOMPLETE] = "Exit code 3 (0 with --allow-incomplete): this is no all-clear, "
				 "since not everything could be read.",
	[HTML_EXIT_UNKNOWN] = "Exit code 3 (0 with --allow-incomplete): of some tokens it is not "
			      "known whether they still work.",
	[HTML_EXIT_NONE_LIVE] = "Exit code 0: only a token that still works fails this run "
				"(--fail-on live), and none is known to.",
	[HTML_EXIT_LEFT_OUT] = "Exit code 1: what is left out here fails the run, too; with "
			       "--fail-on live it does not.",
	[HTML_EXIT_ALLOWED] = "Exit code 0, as --allow-incomplete was given: this is no all-clear, "
			      "since not everything could be read.",
	[HTML_EXIT_CLEAN] = "Exit code 0: everything that was to be scanned was scanned.",
	[HTML_ALSO_INCOMPLETE] = "There may be more: not everything could be read.",
	[HTML_DELETE_AT] = "User tokens are deleted here:",
	[HTML_SCANNED] = "Scanned:",
	[HTML_FINDINGS] = "Findings",
	[HTML_NO_FINDINGS] = "Nothing to list.",
	[HTML_FILTER] = "Filter",
	[HTML_BY_EXPOSURE] = "Show what is",
	[HTML_NO_REPOSITORY] = "in no repository",
	[HTML_SEARCH] = "Path, author, commit or text contains",
	[HTML_OPEN_ALL] = "Open all",
	[HTML_CLOSE_ALL] = "Close all",
	[HTML_RESET] = "Reset",
	[HTML_COUNT] = "Places in view: {shown} of {all}",
	[HTML_MADE_BY] = "Tokens are masked. Cells and lines count from 1. Made by hfscan",
};

const char *html_word(enum lang lang, enum html_word word)
{
	return tr_in(lang, words[word]);
}
