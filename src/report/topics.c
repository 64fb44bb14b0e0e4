/*
 * Kinds of tokens and what they may do: hub-docs, docs/hub/security-tokens.md. Where
 * huggingface_hub looks for one: src/huggingface_hub/utils/_auth.py. That the Hub refuses
 * commits with live tokens: docs/hub/security-secrets.md.
 */
#include "report/topics.h"

#include "base/tr.h"

#include <stddef.h>
#include <string.h>

static const struct topic table[] = {
	{
		"token",
		"What a token is",
		{
			"A token (hf_ and 34 letters and digits) is a password for programs. "
			"Whoever has it acts as its owner at Hugging Face, from anywhere, without "
			"being asked for anything else. It works until it is deleted or expires.",
			"It belongs in a place that programs read and nobody publishes. "
			"huggingface_hub finds it by itself in the environment variable HF_TOKEN, "
			"in the file that login() or `hf auth login` writes in your home folder, "
			"and in Colab's Secrets (the key symbol) under the name HF_TOKEN. So the "
			"code needs no token in it:",
			"    from huggingface_hub import login\n    login()",
			"One token for each person and each project: one that leaks can then be "
			"deleted without stopping anything else, and it is known whose it was.",
		},
	},
	{
		"roles",
		"Read, Write, Fine-grained: how much a token may do",
		{
			"Read: opens what you may read, private and gated repositories included. "
			"Enough to download models and datasets and to run inference.",
			"Write: also uploads, changes and deletes. Only for what publishes models, "
			"and only for as long as it does.",
			"Fine-grained: only the permissions and repositories that you tick. The "
			"best choice for a job that runs without you.",
			"Take the least that does the work: it is the most that a leak can give "
			"away. Which role a token has cannot be seen from its letters; `hfscan "
			"verify` asks for it.",
		},
	},
	{
		"invalid",
		"\"Invalid token\"",
		{
			"The token did not arrive as it was created. Most often a letter is "
			"missing at an end, a blank or a line end came along when it was copied, "
			"or quotes stand in it twice. A user token has 37 characters: hf_ and 34 "
			"more.",
			"Or it was deleted: look at huggingface.co/settings/tokens. A token is "
			"shown once, when it is created; if you do not have it any more, make a "
			"new one.",
			"Do not print it to compare: what a cell prints stays in the notebook. "
			"This tells its length and no more:",
			"    import os\n    len(os.environ[\"HF_TOKEN\"])",
		},
	},
	{
		"denied",
		"\"Permission denied\"",
		{
			"The token works, but may not do this. A read token cannot upload; a "
			"fine-grained one may only what was ticked; of a gated model its page asks "
			"you to accept the conditions first, with the account the token belongs "
			"to.",
			"An organisation may refuse a token, too, by a rule of its own: ask its "
			"administrators.",
			"Give it no more than it needs: a second token with Write for the one "
			"program that uploads is better than Write for all.",
		},
	},
	{
		"expired",
		"\"Token expired\"",
		{
			"A token with an end date stops by itself; one that signs in through the "
			"browser (hf_oauth_…) does so after hours. `hf auth login` gets a new one; "
			"one with a date is made anew at huggingface.co/settings/tokens.",
			"Then put the new one where the old one was kept (HF_TOKEN, Colab's "
			"Secrets), not into the code.",
			"An expired one opens nothing any more. Where it leaked, its successor "
			"would leak the same way: take the line out all the same.",
		},
	},
	{
		"sharing",
		"Chats, mails, screenshots",
		{
			"A token is never sent: not in a chat, not by mail, not in a forum, not in "
			"an issue, not to a teacher and not to an assistant. What was sent can be "
			"forwarded, searched and kept in a backup.",
			"A screenshot of a notebook or terminal shows what its cells and commands "
			"show. hfscan does not read pictures: look at them yourself.",
			"A notebook that others shall run asks for their token instead of carrying "
			"yours: login() without an argument, or Colab's Secrets.",
			"If it was sent, delete it: huggingface.co → Settings → Access Tokens. A "
			"new one costs a minute. `hfscan -` reads a chat export from standard "
			"input.",
		},
	},
	{
		"leaked",
		"A token leaked: what to do",
		{
			"1. Delete it at huggingface.co → Settings → Access Tokens, or with "
			"`hfscan revoke`. From then on it opens nothing, wherever it is. When in "
			"doubt whether anybody saw it: do it.",
			"2. Create a new one, with no more permissions than needed, and put it "
			"where programs find it: HF_TOKEN, `hf auth login`, Colab's Secrets.",
			"3. Take the old one out of the code and out of the outputs of notebooks.",
			"4. If it was pushed, a new commit without it is not enough: the old "
			"commit still has it, and so have clones and forks. That is why step 1 "
			"comes first. Who wants the history clean all the same: `hfscan "
			"--write-replacements FILE`, then git filter-repo.",
		},
	},
	{NULL, NULL, {NULL}},
};

const struct topic *topics(void)
{
	return table;
}

const struct topic *topic_find(const char *name)
{
	for (const struct topic *topic = table; topic->name; topic++)
		for (unsigned lang = 0; lang < LANG_COUNT; lang++)
			if (strcmp(tr_in(lang, topic->name), name) == 0)
				return topic;
	return NULL;
}
