/*
 * The gates of a push, at either end: what the refs bring that git names on standard
 * input (githooks(5)), and that the other side lacks.
 */
#include "cli/gates.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "cli/cmd.h"
#include "cli/run.h"
#include "source/fresh.h"
#include "source/history.h"
#include "source/repo.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A ref as git names it. */
struct update {
	struct oid now, before; /* all zero: there is none */
	char *name;             /* at the side that receives */
};

struct push {
	const char *remote; /* its name, else its URL; NULL: we are that side */
	struct update *updates;
	size_t count, cap;
};

/* ---- what git says ---- */

static bool is_none(const struct oid *oid)
{
	static const struct oid none;

	return oid_cmp(oid->raw, none.raw) == 0;
}

/* Takes the last word, a blank before it, off the line. */
static char *take_last(char *line)
{
	char *blank = strrchr(line, ' ');

	if (!blank)
		return NULL;
	*blank = '\0';
	return blank + 1;
}

static bool read_oid(struct oid *oid, const char *word)
{
	return word && strlen(word) == OID_HEX && oid_from_hex(oid, (const unsigned char *)word);
}

/* "<local ref> <local id> <remote ref> <remote id>"; the first may be any words with
 * which the user named a commit. */
static bool read_sent(struct update *update, char *line)
{
	const char *before = take_last(line), *name = before ? take_last(line) : NULL;
	const char *now = name ? take_last(line) : NULL;

	if (!read_oid(&update->before, before) || !read_oid(&update->now, now) || !*name)
		return false;
	update->name = xstrdup(name);
	return true;
}

/* "<old id> <new id> <ref>" */
static bool read_received(struct update *update, char *line)
{
	const char *name = take_last(line), *now = name ? take_last(line) : NULL;

	if (!read_oid(&update->now, now) || !read_oid(&update->before, line) || !*name)
		return false;
	update->name = xstrdup(name);
	return true;
}

static bool add_line(struct push *push, char *line, size_t len)
{
	struct update update;

	if (len && line[len - 1] == '\n')
		line[--len] = '\0';
	if (strlen(line) != len ||
	    !(push->remote ? read_sent(&update, line) : read_received(&update, line)))
		return false;
	grow_array(&push->updates, &push->cap, push->count, sizeof(*push->updates));
	push->updates[push->count++] = update;
	return true;
}

static bool read_updates(struct push *push, const char *gate)
{
	char *line = NULL;
	size_t cap = 0;
	bool fits = true;
	ssize_t len;

	while (fits && (len = getline(&line, &cap, stdin)) >= 0)
		fits = add_line(push, line, (size_t)len);
	free(line);
	if (fits && !ferror(stdin))
		return true;
	complain(gate, fits ? "standard input cannot be read"
			    : "standard input is not what git gives this hook (githooks(5))");
	return false;
}

static void push_dispose(struct push *push)
{
	for (size_t i = 0; i < push->count; i++)
		free(push->updates[i].name);
	free(push->updates);
}

/* ---- what the other side has ---- */

/* Of remotes a and a/b, refs/remotes/a/b/main is the second's. */
static bool is_of_remote(const char *ref, const char *remote, const struct remotes *all)
{
	static const char folder[] = "refs/remotes/";
	size_t len = strlen(remote), own = 0;

	if (strncmp(ref, folder, strlen(folder)) != 0)
		return false;
	ref += strlen(folder);
	for (size_t i = 0; i < all->count; i++) {
		size_t other = strlen(all->names[i]);

		if (other > own && strncmp(ref, all->names[i], other) == 0 && ref[other] == '/')
			own = other;
	}
	return strncmp(ref, remote, len) == 0 && ref[len] == '/' && own <= len;
}

/* The history reads the refs again, and tells what is wrong with them. */
static void pass_over(void *payload, const char *path, const char *what)
{
}

static int add_known_refs(struct oids *had, const struct push *push,
			  const struct repository *repository, struct err *err)
{
	struct remotes remotes = {0};
	struct refs refs;
	int rc = push->remote ? repo_remotes(&remotes, repository->git_dir, err) : 0;

	if (rc < 0)
		return rc;
	refs_read(&refs, repository->common_dir, repository->bare, pass_over, NULL);
	for (size_t i = 0; i < refs.count; i++) {
		const struct ref *ref = &refs.list[i];

		if (ref->is_name && ref->has_oid &&
		    (!push->remote || is_of_remote(ref->name, push->remote, &remotes)))
			oids_add(had, &ref->oid);
	}
	refs_dispose(&refs);
	remotes_dispose(&remotes);
	return 0;
}

static void add_updates(struct oids *tips, struct oids *had, const struct push *push)
{
	for (size_t i = 0; i < push->count; i++) {
		const struct update *update = &push->updates[i];

		if (!is_none(&update->now))
			oids_add(tips, &update->now);
		if (!is_none(&update->before))
			oids_add(had, &update->before);
	}
}

/* ---- the scan ---- */

/* Names that the other side does not know yet. */
static void scan_new_names(struct run *run, const struct push *push,
			   const struct repository *repository)
{
	for (size_t i = 0; i < push->count; i++)
		if (is_none(&push->updates[i].before) && !is_none(&push->updates[i].now))
			source_ref_name(repository, push->updates[i].name, EXPOSURE_COMMITTED,
					scan_sink(run->scan));
}

/* Of more, the whole history is read in less time: src/README.md. */
#define COMMITS_MAX 1000

/* A first look: nearly always there is nothing, and what more is to be known of
 * something the history says. */
static bool is_clean(const struct run *run, const struct repository *repository,
		     const struct history_options *how)
{
	struct scan_options alone = {.jobs = 1,
				     .max_depth = run->options->max_depth,
				     .no_marks = run->options->no_inline_allow ||
						 run->options->no_repo_config};
	struct fresh_options what = {
		.tips = how->tips,
		.had = how->had,
		.objects = how->objects,
		.more_objects = how->more_objects,
		.commits_max = COMMITS_MAX,
	};
	struct run first = {.options = run->options};
	struct err err;
	bool clean = false;

	if (run->options->verbose || scan_new(&first.scan, run->rules, &alone, &err) < 0)
		return false;
	if (fresh_scan(repository, &what, scan_sink(first.scan), &err) == 0) {
		first.result = scan_finish(first.scan);
		clean = run_exit_code(&first) == EXIT_CLEAN;
	}
	scan_free(first.scan);
	return clean;
}

static int scan_updates(struct run *run, const struct push *push,
			const struct repository *repository, unsigned number)
{
	struct oids tips = {0}, had = {0};
	struct history_options how = {
		.jobs = run->jobs,
		.max_bytes = run->options->max_memory,
		.tips = &tips,
		.had = &had,
		.objects = push->remote ? NULL : getenv("GIT_OBJECT_DIRECTORY"),
		.more_objects = push->remote ? NULL : getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES"),
	};
	struct err err;
	int rc = add_known_refs(&had, push, repository, &err);

	if (rc < 0)
		complain(repository->git_dir, err.msg);
	add_updates(&tips, &had, push);
	scan_new_names(run, push, repository);
	if (rc == 0 && tips.count && !is_clean(run, repository, &how))
		rc = run_history(repository, number, &how, run->scan, &err);
	free(tips.list);
	free(had.list);
	return rc;
}

/* Where files are checked out it is no server's, whatever its git directory is called:
 * a submodule's, one that lies elsewhere. */
static bool has_index(const char *git_dir)
{
	struct buf path;
	bool has;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%sindex", git_dir);
	has = access(path.ptr, F_OK) == 0;
	buf_dispose(&path);
	return has;
}

/* Of the repository that git runs the hook in. */
static int scan_push(struct run *run, const void *payload)
{
	const struct push *push = payload;
	const struct sink *sink = scan_sink(run->scan);
	struct repository which = {.prefix = SLICE("")};
	char *git_dir = NULL, *common_dir = NULL, *top = NULL;
	struct err err;
	int rc = repo_here(&git_dir, &top, &err);

	if (rc == 0)
		rc = repo_identify(git_dir, &common_dir, &which.bare, &err);
	if (rc < 0) {
		complain(".", err.msg);
	} else {
		which.bare = which.bare && !has_index(git_dir);
		which.git_dir = git_dir;
		which.common_dir = common_dir;
		which.root = top ? top : ".";
		sink->root(sink->payload, which.root);
		if (top)
			run_hear_repository(run, which.root);
		rc = scan_updates(run, push, &which, sink->repository(sink->payload, 0, &which));
	}
	free(top);
	free(common_dir);
	free(git_dir);
	return rc;
}

static int judge(const struct options *options, enum gate gate, const char *name,
		 const char *remote)
{
	struct push push = {.remote = remote};
	int code = EXIT_USAGE;

	if (isatty(STDIN_FILENO))
		complain(name, "git runs this hook, and tells it on standard input what is pushed");
	else if (read_updates(&push, name))
		code = push.count ? gate_ask(gate, options, scan_push, &push) : EXIT_CLEAN;
	push_dispose(&push);
	return code;
}

int gate_pre_push(const struct options *options, char **args, size_t arg_count)
{
	static const char name[] = "hook run pre-push";

	if (arg_count >= 1)
		return judge(options, GATE_PUSH, name, args[0]);
	complain(name, "needs the remote's name and URL, as git gives them");
	return EXIT_USAGE;
}

int gate_pre_receive(const struct options *options, char **args, size_t arg_count)
{
	struct options own = *options;

	own.no_repo_config = true; /* a server believes nothing of what is pushed to it */
	return judge(&own, GATE_RECEIVE, "hook run pre-receive", NULL);
}
