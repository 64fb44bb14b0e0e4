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

static int exit_code(const struct ask *ask, size_t gone)
{
	if (ask_count(ask, LIVE_LIVE) > 0)
		return EXIT_LEAK;
	return ask_count(ask, LIVE_UNKNOWN) + gone > 0 ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

int cmd_verify(const struct options *options)
{
	struct verifier *verifier = NULL;
	struct ask ask = {0};
	int code = EXIT_USAGE;
	size_t gone = 0;
	int rc;

	rc = ask_open(&verifier, options);
	if (rc == 0)
		rc = given_take(&ask, options, &gone);
	if (rc == 0)
		rc = ask_all(&ask, verifier);
	for (size_t i = 0; rc == 0 && i < ask.count; i++)
		print_item(&ask.items[i], options->lang);
	if (rc == 0) {
		given_tell_gone(gone);
		code = exit_code(&ask, gone);
	}
	ask_dispose(&ask);
	verify_free(verifier);
	return code;
}
