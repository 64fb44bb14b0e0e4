#include "cli/gates.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- what all have in common ---- */

static int say_no(enum gate gate, const struct run *run)
{
	const struct options *options = run->options;
	struct report_options how = {
		.color = output_wants_color(options, stderr),
		.strict = options->strict,
		.lang = run_lang(run),
	};
	struct err err;

	if (gate_write(gate, stderr, run->result, &how, &err) == 0)
		return 0;
	complain(NULL, err.msg);
	return err.code;
}

int gate_ask(enum gate gate, const struct options *options, run_sources_fn sources,
	     const void *payload)
{
	struct options mute = *options;
	int code = EXIT_USAGE;
	struct run run;

	mute.quiet = true; /* no progress */
	if (run_open(&run, options->verbose ? options : &mute) == 0 &&
	    run_scan(&run, sources, payload) == 0) {
		code = options->verbose ? run_report(&run) : run_exit_code(&run);
		if (code != EXIT_CLEAN && !options->verbose)
			say_no(gate, &run);
	}
	return run_close(&run, code);
}

/* ---- pre-commit ---- */

/* Fewer are done before a thread has read the index. */
#define FILES_A_THREAD ((size_t)64)

struct files {
	char **names;
	size_t count;
};

/* Those that a program around the hook chose: what lies there now. */
static int scan_files(struct run *run, const void *payload)
{
	const struct files *files = payload;
	struct source_options how = {.jobs = run->jobs, .settings = run_settings(run->options)};

	/* More threads than files, and each reads an index for nothing. */
	if (how.jobs > files->count / FILES_A_THREAD + 1)
		how.jobs = (unsigned)(files->count / FILES_A_THREAD + 1);
	source_names(files->names, files->count, &how, scan_sink(run->scan));
	return 0;
}

static int run_pre_commit(const struct options *options, char **args, size_t arg_count)
{
	struct files files = {args, arg_count};
	struct options own = *options;

	if (arg_count)
		return gate_ask(GATE_FILES, options, scan_files, &files);
	own.arg_count = 0;
	own.staged = own.no_history = true;
	return gate_ask(GATE_COMMIT, &own, scan_named, NULL);
}

/* ---- commit-msg ---- */

/* More nobody reads. */
#define MESSAGE_MAX ((size_t)64 << 20)

/* What `git commit -v` shows below this line it cuts off again (git-commit(1)). Lines
 * that are there no more or stay as they were are nothing the commit brings. */
static const char scissors[] = " ------------------------ >8 ------------------------\n";

static void blank_old_lines(struct buf *message)
{
	char *at = memmem(message->ptr, message->len, scissors, strlen(scissors));
	char *end = message->ptr + message->len;

	for (at = at ? at + strlen(scissors) : end; at < end;) {
		char *line = at, *newline = memchr(at, '\n', (size_t)(end - at));

		at = newline ? newline + 1 : end;
		if (*line == '-' || *line == ' ')
			memset(line, ' ', (size_t)((newline ? newline : end) - line));
	}
}

static int read_message(struct buf *out, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char chunk[32768];
	ssize_t got = -1;

	while (fd >= 0 && (got = read(fd, chunk, sizeof(chunk))) > 0 && !buf_overflowed(out))
		buf_append(out, chunk, (size_t)got);
	if (fd < 0 || got < 0)
		err_errno(err, errno, "cannot read the message");
	else if (buf_overflowed(out))
		err_set(err, HF_ELIMIT, "the message is larger than 64 MB");
	if (fd >= 0)
		close(fd);
	wipe(chunk, sizeof(chunk));
	return fd < 0 || got < 0 || buf_overflowed(out) ? HF_EUSAGE : 0;
}

static int scan_message(struct run *run, const void *path)
{
	const struct sink *sink = scan_sink(run->scan);
	struct stream stream;
	struct document doc = {
		.from = {.path = slice_str(path),
			 .where = WHERE_BLOB, /* no commit's yet */
			 .exposure = EXPOSURE_STAGED},
		.bytes = &stream,
	};
	struct buf message;
	struct err err;
	int rc;

	run_hear_repository(run, ".");
	buf_init(&message, MESSAGE_MAX);
	rc = read_message(&message, path, &err);
	if (rc < 0) {
		complain(path, err.msg);
	} else {
		blank_old_lines(&message);
		stream_from_memory(&stream, buf_slice(&message));
		sink->document(sink->payload, 0, &doc);
	}
	buf_dispose_wiped(&message);
	return rc;
}

static int run_commit_msg(const struct options *options, char **args, size_t arg_count)
{
	if (arg_count == 1)
		return gate_ask(GATE_MESSAGE, options, scan_message, args[0]);
	complain("hook run commit-msg", "needs the file with the message, as git gives it");
	return EXIT_USAGE;
}

/* ---- the table ---- */

const struct gate_kind *gate_kinds(void)
{
	static const struct gate_kind kinds[] = {
		{"pre-commit", run_pre_commit},
		{"commit-msg", run_commit_msg},
		{"pre-push", gate_pre_push},
		{"pre-receive", gate_pre_receive},
		{0},
	};

	return kinds;
}
