#include "hook/script.h"

#include <nettle/sha2.h>

/* The second line: this, the digest of all lines below, and a line end. */
static const char first_line[] = "#!/bin/sh\n";
static const char marker[] = "# hfscan-hook 1 ";
#define DIGEST_BYTES 16
#define DIGEST_HEX   (2 * DIGEST_BYTES)

/* ---- the text ---- */

/* A word for the shell, whatever bytes it holds. */
static void put_word(struct buf *out, const char *word)
{
	buf_append_byte(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_append_str(out, "'\\'");
		buf_append_byte(out, (unsigned char)*word);
	}
	buf_append_byte(out, '\'');
}

/* Hooks to which git says on standard input what it is about: githooks(5). */
static bool is_told(const char *name)
{
	return strcmp(name, "pre-push") == 0 || strcmp(name, "pre-receive") == 0;
}

/* Another hook first; its exit code counts. */
static void put_other(struct buf *out, const struct script *script, const char *variable)
{
	buf_appendf(out,
		    "if [ -f \"$%s\" ] && [ -x \"$%s\" ]; then\n\t%s\"$%s\" \"$@\" || exit\nfi\n",
		    variable, variable, is_told(script->name) ? "told | " : "", variable);
}

/* Without a process where it is where it mostly is. */
static void put_own(struct buf *out, const char *name)
{
	buf_appendf(out,
		    "own=.git/hooks/%s\n"
		    "[ -d .git ] && [ -z \"$GIT_DIR\" ] ||\n"
		    "\town=$(git rev-parse --git-common-dir)/hooks/%s\n",
		    name, name);
}

static void put_gate(struct buf *out, const struct script *script)
{
	bool told = is_told(script->name);

	if (told)
		buf_append_str(out, "input=$(cat && echo .)\n"
				    "told()\n{\n\tprintf '%s' \"${input%.}\"\n}\n");
	buf_appendf(out, "before=${0%%/*}/%s.before-hfscan\n", script->name);
	put_other(out, script, "before");
	if (script->runs_own) {
		put_own(out, script->name);
		put_other(out, script, "own");
	}
	buf_append_str(out, "hfscan=");
	put_word(out, script->hfscan ? script->hfscan : "");
	buf_appendf(out,
		    "\n[ -x \"$hfscan\" ] || hfscan=$(command -v hfscan) || {\n"
		    "\techo \"hfscan: stopped: hfscan cannot be found any more: install it again, "
		    "or delete $0\" >&2\n"
		    "\texit 2\n}\n"
		    "%s\"$hfscan\" hook run %s -- \"$@\"\n",
		    told ? "told | " : "exec ", script->name);
}

static void put_pass(struct buf *out, const struct script *script)
{
	put_own(out, script->name);
	buf_append_str(out, "[ -f \"$own\" ] && [ -x \"$own\" ] || exit 0\n"
			    "exec \"$own\" \"$@\"\n");
}

static void put_digest(struct buf *out, struct slice text)
{
	unsigned char digest[DIGEST_BYTES];
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, text.len, text.ptr);
	sha256_digest(&ctx, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		buf_appendf(out, "%02x", digest[i]);
}

void script_write(struct buf *out, const struct script *script)
{
	struct buf body;

	buf_init(&body, BUF_MAX_PATH);
	buf_append_str(&body, "# Put here by `hfscan hook install`, taken away by `hfscan hook "
			      "uninstall`.\n");
	if (script->is_gate)
		put_gate(&body, script);
	else
		put_pass(&body, script);
	buf_append_str(out, first_line);
	buf_append_str(out, marker);
	put_digest(out, buf_slice(&body));
	buf_append_byte(out, '\n');
	buf_append_slice(out, buf_slice(&body));
	buf_dispose(&body);
}

/* ---- knowing it again ---- */

enum script_kind script_kind(struct slice text)
{
	const unsigned char *mark = memmem(text.ptr, text.len, marker, strlen(marker));
	size_t at = strlen(first_line) + strlen(marker), body = at + DIGEST_HEX + 1;
	struct buf digest;
	bool same;

	if (!mark)
		return SCRIPT_FOREIGN;
	if (mark != text.ptr + strlen(first_line) || text.len < body ||
	    !slice_has_prefix(text, slice_str(first_line)))
		return SCRIPT_EDITED;
	buf_init(&digest, BUF_MAX_LINE);
	put_digest(&digest, slice_cut(text, (struct span){body, text.len}));
	buf_append_byte(&digest, '\n');
	same = slice_eq(buf_slice(&digest), slice_cut(text, (struct span){at, body}));
	buf_dispose(&digest);
	return same ? SCRIPT_OURS : SCRIPT_EDITED;
}
