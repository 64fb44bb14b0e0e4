#include "cli/cmd.h"

const struct verb *verbs_table(void)
{
	static const struct verb verbs[] = {
		{"scan", "[PATH]...", "find tokens in files, folders, standard input (the default)",
		 cmd_scan},
		{"rules", "list | check [FILE]... | explain ID", "show, test and explain the rules",
		 cmd_rules},
		{"hook", "run NAME [ARG]...", "what git asks before a commit or push", cmd_hook},
		{0},
	};

	return verbs;
}
