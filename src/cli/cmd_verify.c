/* hfscan verify: one line a token, whether it still works. */
#include "cli/cmd.h"

#include "base/buf.h"
#include "cli/given.h"
#include "report/live_text.h"
#include "report/redact.h"

#include <stdio.h>

static void print_item(const struct verify_item *item, enum lang lang)
{
	struct buf line;

	buf_init(&line, BUF_MAX_LINE);
	redact_text(&line, item->secret);
	buf_append_str(&line, "  ");
	live_put(&line, lang, &item->live);
	puts(line.ptr);
	buf_dispose(&line);
}

static int verify_all(struct ask *ask, struct verifier *verifier, const struct options *options)
{
	if (ask_all(ask, verifier) < 0)
		return EXIT_USAGE;
	for (size_t i = 0; i < ask->count; i++)
		print_item(&ask->items[i], options->lang);
	if (ask_count(ask, LIVE_LIVE) > 0)
		return EXIT_LEAK;
	return ask_count(ask, LIVE_UNKNOWN) > 0 ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

int cmd_verify(const struct options *options)
{
	return given_use(options, verify_all);
}
