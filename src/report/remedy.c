/*
 * Where others may have the token it is made worthless first and cleaned up
 * second. Where a token is deleted: huggingface/hub-docs
 * docs/hub/security-tokens.md. That $HF_TOKEN, a login and a Colab secret are
 * found without any code: huggingface/huggingface_hub
 * src/huggingface_hub/utils/_auth.py, get_token(). What git does: git-commit(1),
 * git-rebase(1), git-tag(1), git-branch(1), git-push(1); that `git branch -m`
 * notes both names in the reflog and that `git reflog expire --expire=now --all`
 * empties `git stash list`: seen with git 2.39. Where a user token is deleted, and that
 * Read or Fine-grained is enough for whoever uploads nothing: security-tokens.md, too.
 */
#include "report/remedy.h"

#include "report/place.h"

/* ---- steps ---- */

static const struct step delete_it = {
	"Delete the token where it was made (a user token: huggingface.co → Settings → Access "
	"Tokens): that is quick and sure. Create a new one and give that to your programs."};

static const struct step delete_now = {
	"Delete the token now, where it was made (a user token: huggingface.co → Settings → Access "
	"Tokens). Create a new one and give that to your programs."};

static const struct step delete_if_shared = {
	"If anybody else ever got the file (mail, chat, shared drive, screenshot), delete the "
	"token too (a user token: huggingface.co → Settings → Access Tokens)."};

/* For one that was tried and works. */
static const struct step delete_live = {
	"It still works, so delete it first of all, now: huggingface.co/settings/tokens → Manage → "
	"Delete, or `hfscan revoke`. Create a new one and give that to your programs."};

static const struct step delete_live_write = {
	"It still works, and it can change and delete repositories: delete it first of all, now "
	"(huggingface.co/settings/tokens → Manage → Delete, or `hfscan revoke`). Create the new "
	"one as Read or Fine-grained: Write is only for a program that uploads."};

/* For one that was tried and does not. */
static const struct step rest_assured = {
	"Nothing is urgent: this token opens nothing any more. It need not be deleted, and no "
	"history rewritten for it."};

static const struct step list_it = {
	"If it shall not be reported again: `hfscan baseline create --reason TEXT` lists it as one "
	"that may stay (`update` where there is a list)."};

static const struct step read_it_instead = {
	"Take it out of the file. huggingface_hub finds a token by itself in the environment "
	"variable HF_TOKEN, after login() or `hf auth login`, and in Colab's Secrets (the key "
	"symbol) under the name HF_TOKEN."};

/* Instead of read_it_instead, by what the file is. */
static const struct step in_python = {
	"Take it out of the file. Its line becomes `login()`, which asks for the token, or "
	"reads `os.environ[\"HF_TOKEN\"]`; huggingface_hub finds the environment variable "
	"HF_TOKEN, "
	"and a login, by itself. In Colab: `userdata.get('HF_TOKEN')`, from Secrets (the key "
	"symbol)."};

static const struct step in_cell = {
	"Take it out of the cell, clear all outputs, and save: `login()` asks for the token; in "
	"Colab `userdata.get('HF_TOKEN')` reads it from Secrets (the key symbol)."};

static const struct step in_output = {
	"Clear this output (Edit, Clear Outputs), save the notebook, and print no token again: "
	"`login()` needs no print, nor does `userdata.get('HF_TOKEN')` in Colab."};

static const struct step in_shell = {
	"Take it out of the file and write `\"$HF_TOKEN\"` in its place. The variable is set "
	"outside, in no file that others get; after `hf auth login` not even that is needed."};

static const struct step in_javascript = {
	"Take it out of the file and write `process.env.HF_TOKEN` in its place. The variable is "
	"set outside: in no file that others get, and in no page that a browser loads."};

static const struct step keep_it = {
	"A token may stand in this file as long as nobody else gets it. Name it in .gitignore; if "
	"git has it already, `git rm --cached FILE` takes it out of the next commit only."};

static const struct step not_published = {
	"git does not publish this file, so the token may stay if this is the place for it. A zip, "
	"an upload or a copy of the folder takes it along."};

static const struct step only_leftovers = {
	"No branch holds it any more, only what git keeps for a while. A push does not send it, a "
	"copy of the folder does."};

static const struct step expire_leftovers = {
	"`git reflog expire --expire=now --all && git gc --prune=now` deletes these leftovers. It "
	"forgets every `git stash` too: apply (`git stash pop`) what you still need first."};

static const struct step only_reflog = {"git's own log of where branches have been holds it. A "
					"push does not send that, a copy of the folder does."};

static const struct step before_add = {"Do it before `git add`: this is in no commit yet."};

static const struct step unstage = {
	"Do not commit yet. `git restore --staged FILE` takes the file out of the next commit "
	"(`git rm --cached FILE` if it would be the first one)."};

static const struct step no_push_yet = {
	"Do not push yet: the commit takes the token along, even if a later one removes it."};

static const struct step rewrite = {"Rewrite before pushing: `git commit --amend` if it came with "
				    "the last commit, `git rebase -i` if it is older."};

static const struct step rewrite_older = {
	"Rewrite before pushing: `git rebase -i COMMIT^` with the commit that brought it in, "
	"`edit` on its line, take it out, `git commit --amend`, `git rebase --continue`. If it is "
	"in a stash: `git stash drop`."};

static const struct step reword = {
	"Write the message anew before pushing: `git commit --amend` if it is the last commit's, "
	"`git rebase -i COMMIT^` and `reword` on its line if it is an older one's."};

static const struct step correct_identity = {
	"Correct `git config user.name` and `git config user.email`, then `git commit --amend "
	"--reset-author` if it is the last commit; for an older one the same after `git rebase -i "
	"COMMIT^` with `edit` on its line. A tag: `git tag -d TAG`, and make it anew."};

static const struct step no_tag_push = {
	"Do not push the tag (`git push --tags` or `--follow-tags`): its message goes with it."};

static const struct step new_tag = {"`git tag -d TAG` deletes the tag, its commit stays; `git tag "
				    "-a TAG COMMIT` makes it anew with another message."};

static const struct step new_published_tag = {
	"Then clean up: `git tag -d TAG`, `git push origin --delete TAG`, and if you need it, `git "
	"tag -a TAG COMMIT` with another message. Who has fetched the tag keeps it."};

static const struct step no_ref_push = {
	"Do not push yet: whoever sees a list of branches or tags sees the name."};

static const struct step rename_ref = {"Rename the branch: `git branch -m OLD NEW`. A tag: `git "
				       "tag -d OLD`, and make it anew under another name."};

static const struct step expire_old_name = {
	"git's own log keeps the old name: `git reflog expire --expire=now --all` empties it. It "
	"forgets every `git stash` too: apply (`git stash pop`) what you still need first."};

static const struct step rename_published_ref = {
	"Then take the name away: `git branch -m OLD NEW` (a tag: `git tag -d OLD`), push the new "
	"one, and delete the old one where you pushed it: `git push origin --delete OLD`."};

static const struct step rewrite_published = {
	"With the token deleted nothing more is needed. Who wants it out of the history as well "
	"rewrites all of it (`hfscan --write-replacements FILE`, then `git filter-repo "
	"--replace-text FILE` in a fresh clone), pushes with --force, and has everybody clone "
	"again."};

static const struct step not_enough = {
	"It was published, and others may have it: to remove the line, or to rewrite the history, "
	"is not enough without that."};

static const struct step new_remote = {
	"Take it out of the remote's address: `git remote -v` shows it, `git remote set-url origin "
	"https://huggingface.co/USER/REPO` replaces it."};

static const struct step login_for_git = {"`hf auth login --add-to-git-credential` gives git the "
					  "token without it standing in an address."};

static const struct step rename_it = {
	"Rename the file or folder: whoever sees a list of files sees its name."};

/* ---- remedies ---- */

/* What is known of the token, and what the file is. */
enum life { UNTRIED, WORKS, WORKS_TO_WRITE, DEAD, LIFE_COUNT };
enum kind { ANY, PYTHON, CELL, OUTPUT, SHELL, JAVASCRIPT, FOR_TOKENS, KIND_COUNT };

/* Steps for one that was not tried. key: of each advice made of them, its address. */
struct row {
	const struct step *steps[REMEDY_STEPS_MAX + 1];
	char key[LIFE_COUNT][KIND_COUNT];
};

/* clang-format off */
#define STEPS(...) {.steps = {__VA_ARGS__}}
/* clang-format on */

/* What no branch or tag reaches any more, whatever it is. */
#define LEFTOVERS STEPS(&only_leftovers, &expire_leftovers, &delete_if_shared)

/* By exposure, for what a file holds; what is UNREACHABLE is in the past. */
static const struct row in_file[EXPOSURE_COUNT] = {
	[EXPOSURE_NONE] = STEPS(&read_it_instead, &delete_if_shared),
	[EXPOSURE_IGNORED] = STEPS(&not_published, &delete_if_shared),
	[EXPOSURE_WORKTREE] = STEPS(&read_it_instead, &before_add, &delete_if_shared),
	[EXPOSURE_STAGED] = STEPS(&unstage, &read_it_instead, &delete_if_shared),
	[EXPOSURE_COMMITTED] = STEPS(&no_push_yet, &delete_it, &read_it_instead, &rewrite),
	[EXPOSURE_PUSHED] = STEPS(&delete_now, &not_enough, &read_it_instead),
};

/* git's own settings are neither committed nor pushed. */
static const struct row in_config = STEPS(&new_remote, &login_for_git, &delete_if_shared);

/* The same, for what the name of a file or folder holds. */
static const struct row in_name[EXPOSURE_COUNT] = {
	[EXPOSURE_NONE] = STEPS(&rename_it, &delete_if_shared),
	[EXPOSURE_IGNORED] = STEPS(&rename_it, &delete_if_shared),
	[EXPOSURE_WORKTREE] = STEPS(&rename_it, &delete_if_shared),
	[EXPOSURE_STAGED] = STEPS(&unstage, &rename_it, &delete_if_shared),
	[EXPOSURE_COMMITTED] = STEPS(&no_push_yet, &delete_it, &rename_it, &rewrite),
	[EXPOSURE_PUSHED] = STEPS(&delete_now, &not_enough, &rename_it),
};

/* For what only the history holds: there is nothing left to edit in a file. */
struct by_reach {
	struct row local, committed, pushed;
};

static const struct by_reach in_past = {
	.local = LEFTOVERS,
	.committed = STEPS(&no_push_yet, &delete_it, &rewrite_older),
	.pushed = STEPS(&delete_now, &not_enough, &rewrite_published),
};

static const struct by_reach beside_files[WHERE_COUNT] = {
	[WHERE_COMMIT_MESSAGE] =
		{
			.local = LEFTOVERS,
			.committed = STEPS(&no_push_yet, &delete_it, &reword),
			.pushed = STEPS(&delete_now, &not_enough, &rewrite_published),
		},
	[WHERE_TAG_MESSAGE] =
		{
			.local = LEFTOVERS,
			.committed = STEPS(&no_tag_push, &delete_it, &new_tag),
			.pushed = STEPS(&delete_now, &not_enough, &new_published_tag),
		},
	[WHERE_AUTHOR] =
		{
			.local = LEFTOVERS,
			.committed = STEPS(&no_push_yet, &delete_it, &correct_identity),
			.pushed = STEPS(&delete_now, &not_enough, &rewrite_published),
		},
	[WHERE_REF_NAME] =
		{
			.local = STEPS(&rename_ref, &expire_old_name, &delete_if_shared),
			.committed = STEPS(&no_ref_push, &delete_it, &rename_ref, &expire_old_name),
			.pushed = STEPS(&delete_now, &not_enough, &rename_published_ref),
		},
	[WHERE_REFLOG] =
		{
			.local = STEPS(&only_reflog, &expire_leftovers, &delete_if_shared),
			.committed = STEPS(&only_reflog, &delete_it, &expire_leftovers),
			.pushed = STEPS(&delete_now, &not_enough, &expire_leftovers),
		},
};

/* The same for one that is dead, however far it got. */
static const struct row dead_in_file = STEPS(&rest_assured, &read_it_instead);
static const struct row dead_in_name = STEPS(&rest_assured, &rename_it);
static const struct row dead_in_config = STEPS(&rest_assured, &new_remote, &login_for_git);
static const struct row dead_in_past = STEPS(&rest_assured, &list_it);

static const struct row *of_reach(const struct by_reach *rows, enum exposure exposure)
{
	if (exposure == EXPOSURE_PUSHED)
		return &rows->pushed;
	return exposure == EXPOSURE_COMMITTED ? &rows->committed : &rows->local;
}

/* What the index holds can be taken out of it, wherever it was seen. */
static bool is_over(const struct finding *f, bool is_past)
{
	return (is_past && f->exposure != EXPOSURE_STAGED) || f->exposure == EXPOSURE_UNREACHABLE;
}

static const struct row *row_of(const struct finding *f, bool is_past)
{
	if (f->where == WHERE_CONFIG)
		return &in_config;
	if (f->where != WHERE_BLOB && f->where != WHERE_PATH)
		return of_reach(&beside_files[f->where], f->exposure);
	if (is_over(f, is_past))
		return of_reach(&in_past, f->exposure);
	return f->where == WHERE_PATH ? &in_name[f->exposure] : &in_file[f->exposure];
}

static const struct row *row_of_dead(const struct finding *f, bool is_past)
{
	if (f->where == WHERE_CONFIG)
		return &dead_in_config;
	if ((f->where != WHERE_BLOB && f->where != WHERE_PATH) || is_over(f, is_past))
		return &dead_in_past;
	return f->where == WHERE_PATH ? &dead_in_name : &dead_in_file;
}

/* ---- what the file is ---- */

static const struct {
	const char *suffix;
	enum kind kind;
} suffixes[] = {
	{".py", PYTHON},      {".pyw", PYTHON},    {".sh", SHELL},       {".bash", SHELL},
	{".zsh", SHELL},      {".js", JAVASCRIPT}, {".mjs", JAVASCRIPT}, {".cjs", JAVASCRIPT},
	{".jsx", JAVASCRIPT}, {".ts", JAVASCRIPT}, {".tsx", JAVASCRIPT},
};

static enum kind kind_of(const struct finding *f)
{
	struct slice path = f->member ? slice_of(f->member, f->member_len)
				      : slice_of(f->path, f->path ? f->path_len : 0);
	enum cell_part part = f->notebook ? f->notebook->part : PART_UNKNOWN;
	const struct place *place = place_find(path, f->where, part);

	if (part == PART_OUTPUT || part == PART_SOURCE)
		return part == PART_OUTPUT ? OUTPUT : CELL;
	/* What was packed is about to be given to somebody. */
	if (place_is_for_tokens(place) && !f->member)
		return FOR_TOKENS;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (slice_has_suffix(path, slice_str(suffixes[i].suffix)))
			return suffixes[i].kind;
	return ANY;
}

bool remedy_lets_stay(const struct finding *f)
{
	return kind_of(f) == FOR_TOKENS;
}

static const struct step *const instead[KIND_COUNT] = {
	[ANY] = &read_it_instead, [PYTHON] = &in_python, [CELL] = &in_cell,
	[OUTPUT] = &in_output,    [SHELL] = &in_shell,   [JAVASCRIPT] = &in_javascript,
	[FOR_TOKENS] = &keep_it,
};

/* ---- both ---- */

/* One that works is no news where it belongs and nobody else has it. */
static bool is_at_home(const struct finding *f)
{
	return f->exposure == EXPOSURE_IGNORED ||
	       (f->exposure < EXPOSURE_COMMITTED && kind_of(f) == FOR_TOKENS);
}

static enum life life_of(const struct finding *f)
{
	const struct live *live = f->live;

	if (live && live->status == LIVE_DEAD)
		return DEAD;
	if (!live || live->status != LIVE_LIVE || is_at_home(f))
		return UNTRIED;
	return live->role == ROLE_WRITE ? WORKS_TO_WRITE : WORKS;
}

static bool deletes(const struct step *step)
{
	return step == &delete_it || step == &delete_now || step == &delete_if_shared;
}

struct remedy remedy_find(const struct finding *f, bool is_past)
{
	enum life life = life_of(f);
	const struct row *row = life == DEAD ? row_of_dead(f, is_past) : row_of(f, is_past);
	bool works = life == WORKS || life == WORKS_TO_WRITE;
	struct remedy remedy = {0};
	enum kind kind = ANY;
	size_t count = 0;

	if (works)
		remedy.steps[count++] = life == WORKS ? &delete_live : &delete_live_write;
	for (size_t i = 0; row->steps[i]; i++) {
		if (works && deletes(row->steps[i]))
			continue;
		remedy.steps[count] = row->steps[i];
		if (row->steps[i] == &read_it_instead)
			remedy.steps[count] = instead[kind = kind_of(f)];
		count++;
	}
	remedy.key = &row->key[life][kind];
	return remedy;
}
