/* hfscan hook install|uninstall: which hooks, in which folder, and what came of it. */
#include "cli/gates.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/os.h"
#include "base/tr.h"
#include "cli/cmd.h"
#include "hook/hook_file.h"
#include "source/hooks_path.h"
#include "source/repo.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- words ---- */

static const char *const dones[HOOK_DONE_COUNT] = {
	[HOOK_INSTALLED] = "installed",
	[HOOK_CHAINED] = "installed; the hook that was there runs first",
	[HOOK_THERE] = "is installed already",
	[HOOK_EDITED] = "was edited since it was installed: left as it is",
	[HOOK_REMOVED] = "taken away",
	[HOOK_RESTORED] = "taken away; the hook that was there is back",
	[HOOK_ABSENT] = "is not installed",
};

static void tell(const struct options *options, const char *folder, const char *name,
		 enum hook_done done)
{
	if (options->quiet)
		return;
	print_safe(folder);
	printf("/%s: %s\n", name, tr_in(options->lang, dones[done]));
}

static int fail(const char *folder, const char *name, const struct err *err)
{
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%s/%s", folder, name);
	complain(path.ptr, err->msg);
	buf_dispose(&path);
	return EXIT_USAGE;
}

/* ---- the folder ---- */

struct place {
	char *folder;
	bool is_own;    /* a folder of ours for all repositories */
	bool is_needed; /* and git does not look there yet */
};

/* hfscan/hooks in the user's configuration. */
static char *own_folder(void)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct buf path;

	if ((!xdg || *xdg != '/') && (!home || *home != '/'))
		return NULL;
	buf_init(&path, BUF_MAX_PATH);
	if (xdg && *xdg == '/')
		buf_append_str(&path, xdg);
	else
		buf_appendf(&path, "%s/.config", home);
	buf_append_str(&path, "/hfscan/hooks");
	return buf_detach(&path);
}

static int find_global(struct place *p, struct err *err)
{
	char *own = own_folder();

	if (hooks_path_global(&p->folder, err) < 0 || !own) {
		free(own);
		return own ? err->code : err_set(err, HF_EUSAGE, "HOME is not set");
	}
	p->is_needed = !p->folder;
	p->is_own = !p->folder || strcmp(p->folder, own) == 0;
	if (!p->folder)
		p->folder = own;
	else
		free(own);
	if (*p->folder != '/')
		return err_set(
			err, HF_EUSAGE,
			"core.hooksPath is relative, so each repository has its own: install "
			"without --global");
	return 0;
}

static int find_place(struct place *p, const struct options *options)
{
	struct err err;
	int rc;

	*p = (struct place){0};
	repo_library_init();
	rc = options->global ? find_global(p, &err) : hooks_path(&p->folder, &err);
	repo_library_shutdown();
	if (rc == HF_ENOTFOUND && !options->global)
		complain(".", "lies in no repository: go into one first, or use --global, which is "
			      "for all of yours");
	else if (rc < 0)
		complain(options->global ? NULL : ".", err.msg);
	return rc;
}

/* ---- install ---- */

/* Hooks of a repository that a folder for all would hide from git: githooks(5). Not
 * those that do something else by being there (push-to-checkout, proc-receive), nor
 * those that run at every turn (reference-transaction, post-index-change). */
static const char *const hidden[] = {
	"applypatch-msg",     "pre-applypatch",   "post-applypatch",
	"pre-commit",         "pre-merge-commit", "prepare-commit-msg",
	"commit-msg",         "post-commit",      "pre-rebase",
	"post-checkout",      "post-merge",       "pre-push",
	"pre-receive",        "update",           "post-receive",
	"post-update",        "pre-auto-gc",      "post-rewrite",
	"sendemail-validate",
};
#define HIDDEN_COUNT (sizeof(hidden) / sizeof(*hidden))

static int install_one(const struct options *options, const struct place *p, const char *name,
		       const char *hfscan)
{
	struct script script = {
		.name = name, .hfscan = hfscan, .is_gate = true, .runs_own = p->is_own};
	enum hook_done done;
	struct err err;

	if (hook_install(p->folder, &script, &done, &err) < 0)
		return fail(p->folder, name, &err);
	tell(options, p->folder, name, done);
	return EXIT_CLEAN;
}

static int install_passes(const struct place *p)
{
	enum hook_done done;
	struct err err;

	for (size_t i = 0; i < HIDDEN_COUNT; i++) {
		struct script script = {.name = hidden[i], .runs_own = true};

		if (!hook_exists(p->folder, hidden[i]) &&
		    hook_install(p->folder, &script, &done, &err) < 0)
			return fail(p->folder, hidden[i], &err);
	}
	return EXIT_CLEAN;
}

/* When all is in place, so that git never looks into a folder that lacks some. */
static int point_git_there(const struct place *p)
{
	struct err err;

	if (!p->is_needed || hooks_path_set_global(p->folder, &err) == 0)
		return EXIT_CLEAN;
	complain("core.hooksPath", err.msg);
	return EXIT_USAGE;
}

int hooks_install(const struct options *options)
{
	static const char *const by_default[] = {"pre-commit"};
	bool named = options->arg_count > 1;
	size_t count = named ? options->arg_count - 1 : 1;
	char *hfscan = os_own_path();
	struct place p;
	int code = find_place(&p, options) < 0 ? EXIT_USAGE : EXIT_CLEAN;

	for (size_t i = 0; code == EXIT_CLEAN && i < count; i++)
		code = install_one(options, &p, named ? options->args[i + 1] : by_default[i],
				   hfscan);
	if (code == EXIT_CLEAN && p.is_own)
		code = install_passes(&p);
	if (code == EXIT_CLEAN)
		code = point_git_there(&p);
	free(p.folder);
	free(hfscan);
	return code;
}

/* ---- uninstall ---- */

static int uninstall_one(const struct options *options, const struct place *p, const char *name,
			 bool is_named)
{
	enum hook_done done;
	struct err err;

	if (hook_uninstall(p->folder, name, &done, &err) < 0)
		return fail(p->folder, name, &err);
	if (is_named || done != HOOK_ABSENT)
		tell(options, p->folder, name, done);
	return done == HOOK_EDITED ? EXIT_USAGE : EXIT_CLEAN;
}

static bool has_gate(const struct place *p)
{
	for (const struct gate_kind *kind = gate_kinds(); kind->name; kind++)
		if (hook_is_gate(p->folder, kind->name))
			return true;
	return false;
}

/* Without a gate, our folder serves nobody; unless there are others' hooks in it. */
static int give_back(const struct place *p)
{
	enum hook_done done;
	bool unset = true;
	struct err err;

	if (has_gate(p))
		return install_passes(p);
	for (size_t i = 0; i < HIDDEN_COUNT; i++)
		if (hook_uninstall(p->folder, hidden[i], &done, &err) < 0)
			return fail(p->folder, hidden[i], &err);
	if (rmdir(p->folder) < 0 && hook_exists(p->folder, ".")) {
		complain(p->folder, "is not empty: core.hooksPath still leads there");
		return install_passes(p);
	}
	if (p->is_needed || (hooks_path_unset_global(p->folder, &unset, &err) == 0 && unset))
		return EXIT_CLEAN;
	complain("core.hooksPath", unset ? err.msg
					 : "was edited since: `git config --global --unset "
					   "core.hooksPath` takes it away");
	return EXIT_USAGE;
}

int hooks_uninstall(const struct options *options)
{
	bool named = options->arg_count > 1;
	struct place p;
	int code = find_place(&p, options) < 0 ? EXIT_USAGE : EXIT_CLEAN, one;
	bool found = code == EXIT_CLEAN;

	for (size_t i = 1; found && i < options->arg_count; i++)
		if ((one = uninstall_one(options, &p, options->args[i], true)) != EXIT_CLEAN)
			code = one;
	for (const struct gate_kind *kind = gate_kinds(); found && !named && kind->name; kind++)
		if ((one = uninstall_one(options, &p, kind->name, false)) != EXIT_CLEAN)
			code = one;
	if (code == EXIT_CLEAN && p.is_own)
		code = give_back(&p);
	free(p.folder);
	return code;
}
