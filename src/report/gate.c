/*
 * Where huggingface_hub finds a token without any code: see remedy.c. That `git commit
 * -e -F FILE` begins with what FILE holds: git-commit(1).
 */
#include "report/gate.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "report/group.h"
#include "report/text.h"

#include <errno.h>
#include <stdlib.h>

/* Secrets and things not read that are listed; with title, rest and advice six lines. */
#define LISTED_MAX 2

/* ---- words ---- */

static const struct {
	const char *stopped; /* a secret was found */
	const char *unread;  /* not everything could be read */
	const char *all;     /* the command that shows everything; NULL: the remedy says */
} titles[GATE_COUNT] = {
	[GATE_COMMIT] = {"commit stopped: a Hugging Face token is staged",
			 "commit stopped: not all that is staged could be read", "hfscan --staged"},
	[GATE_FILES] = {"stopped: a Hugging Face token is in these files",
			"stopped: not all of these files could be read", "hfscan --no-history"},
	[GATE_MESSAGE] = {"commit stopped: a Hugging Face token is in its message",
			  "commit stopped: its message could not be read", NULL},
	[GATE_PUSH] = {"push stopped: a Hugging Face token is in what it would publish",
		       "push stopped: not all that it would publish could be read",
		       "hfscan --history-only"},
	[GATE_RECEIVE] = {"push refused: a Hugging Face token is in it",
			  "push refused: not all of it could be read", "hfscan --history-only"},
};

/* What to do, two lines: what with the place, and how to go on. */
struct advice {
	const char *lines[2];
};

static const struct advice edit_file = {{
	"Take it out of the file: HF_TOKEN in the environment, login() or Colab's Secrets do "
	"without it.",
	"Then `git add` the file and commit again. If it is only an example, write hfscan:allow on "
	"its line.",
}};

static const struct advice clear_output = {{
	"Clear the output of that cell and save the notebook. Who saw the output has the token: "
	"then delete it, too.",
	"Then `git add` the notebook and commit again. huggingface.co → Settings → Access Tokens "
	"deletes tokens.",
}};

static const struct advice rename_file = {{
	"It is in the name of a file or folder: `git mv OLD NEW`.",
	"Then commit again. Nothing has left this machine.",
}};

static const struct advice edit_message = {{
	"Nothing was committed. `git commit -e -F .git/COMMIT_EDITMSG` opens what you wrote:",
	"take the token out of the message there, save and close.",
}};

static const struct advice rewrite = {{
	"Nothing was published. Take it out of the commit: `git commit --amend` if it is the last, "
	"else `git rebase -i COMMIT^`",
	"(a later commit that deletes it is not enough: the push takes both). Then push again.",
}};

static const struct advice refused = {{
	"Nothing was accepted. Take it out of the commit that brought it in: `git commit --amend` "
	"or `git rebase -i COMMIT^`, then push again.",
	"If others may have seen it, delete it: huggingface.co → Settings → Access Tokens.",
}};

static const struct advice delete_it = {{
	"It was published before: delete it now (huggingface.co → Settings → Access Tokens) and "
	"create a new one.",
	"Then take it out of these commits (`git rebase -i COMMIT^`) and push again.",
}};

static const struct advice rename_ref = {{
	"It is in the name of a branch or tag: `git branch -m OLD NEW`; of a tag, make it anew.",
	"Then push again. Nothing was published.",
}};

static const struct advice remake_tag = {{
	"It is in the message of a tag: `git tag -d NAME`, then make the tag anew without it.",
	"Then push again. Nothing was published.",
}};

static const struct advice unread = {{
	"What is named above has to become readable: repack or leave out an archive; of a "
	"repository, `git fsck` tells what is wrong.",
	"Nothing was let pass that was not looked at.",
}};

/* ---- what fits ---- */

static const struct advice *advice_for(enum gate gate, const struct finding *f)
{
	if (f->exposure == EXPOSURE_PUSHED && gate == GATE_PUSH)
		return &delete_it;
	if (f->where == WHERE_REF_NAME)
		return &rename_ref;
	if (f->where == WHERE_TAG_MESSAGE)
		return &remake_tag;
	if (gate == GATE_RECEIVE)
		return &refused;
	if (gate == GATE_PUSH)
		return &rewrite;
	if (gate == GATE_MESSAGE)
		return &edit_message;
	if (f->where == WHERE_PATH)
		return &rename_file;
	return f->notebook && f->notebook->part == PART_OUTPUT ? &clear_output : &edit_file;
}

static void put_line(struct text *w, enum paint paint, const char *line)
{
	page_put(&w->page, paint, line);
	page_put(&w->page, PAINT_PLAIN, "\n");
}

static void put_title(struct text *w, const char *title)
{
	page_put(&w->page, PAINT_STRONG, "hfscan: ");
	put_line(w, PAINT_BAD, tr_in(w->lang, title));
}

static void put_advice(struct text *w, const struct advice *advice)
{
	for (size_t i = 0; i < sizeof(advice->lines) / sizeof(advice->lines[0]); i++)
		put_line(w, PAINT_PLAIN, tr_in(w->lang, advice->lines[i]));
}

/* "… and 3 more: command" */
static void put_rest(struct text *w, uint64_t rest, const char *command)
{
	if (!rest)
		return;
	page_put(&w->page, PAINT_PLAIN, "  ");
	page_put_said(&w->page, PAINT_DIM, SAY_MORE_NOT_SCANNED, rest, NULL);
	if (command) {
		page_put(&w->page, PAINT_DIM, ": ");
		page_put(&w->page, PAINT_DIM, command);
	}
	page_put(&w->page, PAINT_PLAIN, "\n");
}

/* The places of all secrets are one list: a secret's own come together. */
static void put_secrets(struct text *w, enum gate gate, const struct groups *groups)
{
	uint64_t places = 0, listed = 0;

	put_title(w, titles[gate].stopped);
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->list[i];

		for (size_t j = 0; j < group->count && listed < LISTED_MAX; j++, listed++) {
			page_put(&w->page, PAINT_PLAIN, "  ");
			text_put_location(w, group->places[j]);
			page_put(&w->page, PAINT_PLAIN, "  ");
			page_put_quoted(&w->page, PAINT_BAD, group->places[j]->secret.redacted);
			page_put(&w->page, PAINT_PLAIN, "\n");
		}
		places += group->count;
	}
	put_rest(w, places - listed, titles[gate].all);
	put_advice(w, advice_for(gate, groups->list[0].places[0]));
}

static void put_diag(struct text *w, const struct diag *diag)
{
	page_put(&w->page, PAINT_PLAIN, "  ");
	if (diag->path) {
		page_put_scanned(&w->page, PAINT_STRONG, slice_str(diag->path));
		page_put(&w->page, PAINT_PLAIN, ": ");
	}
	page_put_scanned(&w->page, PAINT_PLAIN, slice_str(diag->what));
	page_put(&w->page, PAINT_PLAIN, "\n");
}

static void put_unread(struct text *w, enum gate gate, const struct result *result)
{
	uint64_t listed = 0;

	put_title(w, titles[gate].unread);
	for (size_t i = 0; i < result->diag_count && listed < LISTED_MAX; i++)
		if (!result->diags[i].is_note) {
			put_diag(w, &result->diags[i]);
			listed++;
		}
	put_rest(w, result->summary.incomplete - listed, titles[gate].all);
	put_advice(w, &unread);
}

int gate_write(enum gate gate, FILE *out, const struct result *result,
	       const struct report_options *options, struct err *err)
{
	unsigned verdicts = 1u << VERDICT_LEAK | (options->strict ? 1u << VERDICT_WARNING : 0);
	struct groups groups;
	struct text w;
	int errnum;

	text_init(&w, out, options);
	groups_init(&groups, result, verdicts);
	if (groups.count)
		put_secrets(&w, gate, &groups);
	else
		put_unread(&w, gate, result);
	groups_dispose(&groups);
	page_flush(&w.page);
	errnum = text_dispose(&w);
	return errnum ? err_errno(err, errnum, "cannot write to standard error") : 0;
}
