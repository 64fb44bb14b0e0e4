/* hfscan revoke: has Hugging Face delete tokens, after asking the person at the terminal. */
#include "cli/cmd.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/tr.h"
#include "cli/given.h"
#include "report/redact.h"
#include "verify/live.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char explanation[] =
	"Hugging Face deletes these tokens at once and for good, wherever they are used, and "
	"mails their owners. Programs that still need one get a new one at "
	"huggingface.co/settings/tokens.\n";
static const char question[] = "Revoke them? [y/N] ";
static const char yes[] = "yY";
static const char done[] = "revoked";

/* Those from that place on. */
static void show(FILE *out, const struct ask *ask, size_t from)
{
	struct buf line;

	buf_init(&line, BUF_MAX_LINE);
	for (size_t i = from; i < ask->count; i++) {
		buf_reset(&line);
		redact_text(&line, ask->items[i].secret);
		fprintf(out, "%s\n", line.ptr);
	}
	buf_dispose(&line);
}

/* Standard input holds the tokens, so that a yes can only come from the terminal. */
static bool is_wanted(const struct ask *ask, const struct options *options)
{
	int fd = options->yes ? -1 : open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	FILE *tty = fd >= 0 ? fdopen(fd, "r+") : NULL;
	int answer = EOF;

	if (options->yes)
		return true;
	if (!tty) {
		complain(NULL,
			 "no terminal to ask on, so nothing was revoked (--yes does without)");
		return false;
	}
	show(tty, ask, 0);
	fprintf(tty, "%s%s", tr_in(options->lang, explanation), tr_in(options->lang, question));
	fflush(tty);
	answer = fgetc(tty);
	fclose(tty);
	if (answer != EOF && answer != '\n' && strchr(tr_in(options->lang, yes), answer))
		return true;
	complain(NULL, "nothing was revoked");
	return false;
}

/* The others have to be deleted by hand. */
static int drop_irrevocable(struct ask *ask)
{
	size_t dropped = 0;

	for (size_t i = 0; i < ask->count; i++) {
		struct verify_item *item = &ask->items[i];

		if (verify_can_revoke(item->secret))
			continue;
		ask_drop(ask, i--);
		dropped++;
	}
	if (dropped)
		complain(NULL,
			 "OAuth tokens, app tokens and app secrets cannot be revoked this way: "
			 "huggingface.co → Settings → Connected Applications, or the app's own");
	return dropped ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

static int revoke_all(struct ask *ask, struct verifier *verifier, const struct options *options)
{
	int code = drop_irrevocable(ask);
	struct err err;
	size_t sent;

	if (ask->count == 0)
		return code;
	if (!is_wanted(ask, options))
		return EXIT_USAGE;
	if (verify_revoke(verifier, ask->items, ask->count, &sent, &err) < 0) {
		complain(verify_host(verifier), err.msg);
		complain(NULL, "these may still work:");
		show(stderr, ask, sent);
		code = EXIT_INCOMPLETE;
	}
	printf("%zu %s\n", sent, tr_in(options->lang, done));
	return code;
}

int cmd_revoke(const struct options *options)
{
	return given_use(options, revoke_all);
}
