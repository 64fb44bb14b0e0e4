#include "cli/cmd.h"

const struct verb *verbs_table(void)
{
	static const struct verb verbs[] = {
		{"scan", "[PATH]...", "find tokens in files, folders, standard input (the default)",
		 cmd_scan},
		{"rules", "list | check [FILE]... | explain ID", "show, test and explain the rules",
		 cmd_rules},
		{"hook", "install | uninstall [NAME]..., run NAME [ARG]...",
		 "stop commits and pushes with a token: pre-commit (default), commit-msg, "
		 "pre-push, "
		 "pre-receive",
		 cmd_hook},
		{"ci", "[PATH]", "judge what a push or pull request brings, in a job of CI",
		 cmd_ci},
		{"baseline", "create | update | prune | show [PATH]",
		 "the secrets that may stay, one by one", cmd_baseline},
		{"verify", "< TOKENS", "ask whether tokens on standard input still work",
		 cmd_verify},
		{"revoke", "< TOKENS", "have Hugging Face delete tokens on standard input",
		 cmd_revoke},
		{"explain", "[TOPIC]", "answers to what people ask about tokens", cmd_explain},
		{0},
	};

	return verbs;
}
