/*
 * Where others may have the token it is made worthless first and cleaned up
 * second. Where a token is deleted: huggingface/hub-docs
 * docs/hub/security-tokens.md. That $HF_TOKEN, a login and a Colab secret are
 * found without any code: huggingface/huggingface_hub
 * src/huggingface_hub/utils/_auth.py, get_token(). What git does: git-commit(1),
 * git-rebase(1), git-tag(1), git-branch(1), git-push(1); that `git branch -m`
 * notes both names in the reflog and that `git reflog expire --expire=now --all`
 * empties `git stash list`: seen with git 2.39.
 */
#include "report/remedy.h"

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

static const struct step read_it_instead = {
	"Take it out of the file. huggingface_hub finds a token by itself in the environment "
	"variable HF_TOKEN, after login() or `hf auth login`, and in Colab's Secrets (the key "
	"symbol) under the name HF_TOKEN."};

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

/* What no branch or tag reaches any more, whatever it is. */
#define LEFTOVERS                                                                                  \
	{                                                                                          \
		{                                                                                  \
			&only_leftovers, &expire_leftovers, &delete_if_shared                      \
		}                                                                                  \
	}

/* By exposure, for what a file holds; what is UNREACHABLE is in the past. */
static const struct remedy in_file[EXPOSURE_COUNT] = {
	[EXPOSURE_NONE] = {{&read_it_instead, &delete_if_shared}},
	[EXPOSURE_IGNORED] = {{&not_published, &delete_if_shared}},
	[EXPOSURE_WORKTREE] = {{&read_it_instead, &before_add, &delete_if_shared}},
	[EXPOSURE_STAGED] = {{&unstage, &read_it_instead, &delete_if_shared}},
	[EXPOSURE_COMMITTED] = {{&no_push_yet, &delete_it, &read_it_instead, &rewrite}},
	[EXPOSURE_PUSHED] = {{&delete_now, &not_enough, &read_it_instead}},
};

/* git's own settings are neither committed nor pushed. */
static const struct remedy in_config = {{&new_remote, &login_for_git, &delete_if_shared}};

/* The same, for what the name of a file or folder holds. */
static const struct remedy in_name[EXPOSURE_COUNT] = {
	[EXPOSURE_NONE] = {{&rename_it, &delete_if_shared}},
	[EXPOSURE_IGNORED] = {{&rename_it, &delete_if_shared}},
	[EXPOSURE_WORKTREE] = {{&rename_it, &delete_if_shared}},
	[EXPOSURE_STAGED] = {{&unstage, &rename_it, &delete_if_shared}},
	[EXPOSURE_COMMITTED] = {{&no_push_yet, &delete_it, &rename_it, &rewrite}},
	[EXPOSURE_PUSHED] = {{&delete_now, &not_enough, &rename_it}},
};

/* For what only the history holds: there is nothing left to edit in a file. */
struct by_reach {
	struct remedy local, committed, pushed;
};

static const struct by_reach in_past = {
	.local = LEFTOVERS,
	.committed = {{&no_push_yet, &delete_it, &rewrite_older}},
	.pushed = {{&delete_now, &not_enough, &rewrite_published}},
};

static const struct by_reach beside_files[WHERE_COUNT] = {
	[WHERE_COMMIT_MESSAGE] =
		{
			.local = LEFTOVERS,
			.committed = {{&no_push_yet, &delete_it, &reword}},
			.pushed = {{&delete_now, &not_enough, &rewrite_published}},
		},
	[WHERE_TAG_MESSAGE] =
		{
			.local = LEFTOVERS,
			.committed = {{&no_tag_push, &delete_it, &new_tag}},
			.pushed = {{&delete_now, &not_enough, &new_published_tag}},
		},
	[WHERE_AUTHOR] =
		{
			.local = LEFTOVERS,
			.committed = {{&no_push_yet, &delete_it, &correct_identity}},
			.pushed = {{&delete_now, &not_enough, &rewrite_published}},
		},
	[WHERE_REF_NAME] =
		{
			.local = {{&rename_ref, &expire_old_name, &delete_if_shared}},
			.committed = {{&no_ref_push, &delete_it, &rename_ref, &expire_old_name}},
			.pushed = {{&delete_now, &not_enough, &rename_published_ref}},
		},
	[WHERE_REFLOG] =
		{
			.local = {{&only_reflog, &expire_leftovers, &delete_if_shared}},
			.committed = {{&only_reflog, &delete_it, &expire_leftovers}},
			.pushed = {{&delete_now, &not_enough, &expire_leftovers}},
		},
};

static const struct remedy *of_reach(const struct by_reach *remedies, enum exposure exposure)
{
	if (exposure == EXPOSURE_PUSHED)
		return &remedies->pushed;
	return exposure == EXPOSURE_COMMITTED ? &remedies->committed : &remedies->local;
}

const struct remedy *remedy_find(enum exposure exposure, enum where where, bool is_past)
{
	if (where == WHERE_CONFIG)
		return &in_config;
	if (where != WHERE_BLOB && where != WHERE_PATH)
		return of_reach(&beside_files[where], exposure);
	/* What the index holds can be taken out of it, wherever it was seen. */
	if ((is_past && exposure != EXPOSURE_STAGED) || exposure == EXPOSURE_UNREACHABLE)
		return of_reach(&in_past, exposure);
	return where == WHERE_PATH ? &in_name[exposure] : &in_file[exposure];
}
