#include "cli/run.h"

#include "base/os.h"
#include "base/tr.h"
#include "cli/cmd.h"
#include "cli/progress.h"
#include "source/repo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Diagnostics told on stderr one by one; every report lists them all. */
#define DIAGS_TOLD 20

/* ---- scanning ---- */

int run_open(struct run *run, const struct options *options)
{
	struct scan_options how = {
		.keep_secrets =
			options->show_secrets || options->verify || options->write_replacements,
		.no_marks = options->no_inline_allow || options->no_repo_config,
		.listed = options->repos_from != NULL,
		.max_depth = options->max_depth,
		.own_rules = options->rules_count > 0,
	};
	struct err err;

	*run = (struct run){.options = options, .jobs = options->jobs ? options->jobs : os_cores()};
	how.jobs = run->jobs;
	run->rules = cmd_load_rules(options);
	if (!run->rules)
		return HF_EUSAGE;
	if (policy_open(&run->policy, options, run->rules) < 0)
		return HF_EUSAGE;
	if (outputs_open(&run->outputs, options) < 0)
		return HF_EUSAGE;
	if (scan_new(&run->scan, run->rules, &how, &err) < 0) {
		complain(NULL, err.msg);
		return err.code;
	}
	return 0;
}

static struct progress_sample sample(void *payload)
{
	struct scan_progress p = scan_progress(payload);

	return (struct progress_sample){p.files, p.bytes, p.findings, p.histories, p.repositories};
}

int run_scan(struct run *run, run_sources_fn sources, const void *payload)
{
	struct progress *progress = NULL;
	int rc;

	if (!run->options->quiet)
		progress_start(&progress, sample, run->scan);
	repo_library_init();
	rc = sources(run, payload);
	repo_library_shutdown();
	progress_stop(progress);
	if (rc == 0)
		rc = policy_load(&run->policy, run->scan);
	if (rc == 0) {
		run->result = scan_finish(run->scan);
		policy_apply(&run->policy, run->scan);
	}
	return rc;
}

enum settings_from run_settings(const struct options *options)
{
	if (options->no_repo_config)
		return SETTINGS_NONE;
	return options->staged || strcmp(options->verb, "hook") == 0 ? SETTINGS_INDEX
								     : SETTINGS_FILES;
}

static const char *from_environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

void run_heed_git(struct source_options *how)
{
	how->git_dir = from_environment("GIT_DIR");
	how->work_tree = from_environment("GIT_WORK_TREE");
	how->index_file = from_environment("GIT_INDEX_FILE");
}

void run_hear_repository(struct run *run, const char *root)
{
	const struct sink *sink = scan_sink(run->scan);
	struct source_options how = {.jobs = 1, .settings = run_settings(run->options)};
	struct err err;
	int rc;

	run_heed_git(&how);
	rc = how.settings ? source_settings(".", root, &how, sink, &err) : 0;
	if (rc < 0 && rc != HF_ENOTFOUND)
		sink->diag(sink->payload, 0, NULL, SLICE(""), false, err.msg);
}

enum lang run_lang(const struct run *run)
{
	enum lang lang = run->policy.lang;

	return run->options->lang_given || lang == LANG_COUNT ? run->options->lang : lang;
}

/* ---- how it ended ---- */

void run_tell_incomplete(const struct run *run)
{
	const struct result *result = run->result;
	uint64_t told = 0;
	char rest[120];

	for (size_t i = 0; i < result->diag_count && told < DIAGS_TOLD; i++) {
		if (result->diags[i].is_note)
			continue;
		complain(result->diags[i].path, result->diags[i].what);
		told++;
	}
	if (told == result->summary.incomplete)
		return;
	snprintf(rest, sizeof(rest), tr("and %llu more that could not be scanned"),
		 (unsigned long long)(result->summary.incomplete - told));
	complain(NULL, rest);
}

/* --fail-on live: a dead one is no leak any more, one that may work is a thing not known. */
static int exit_code_of_live(const struct options *options, const struct result *result)
{
	bool unknown = result->summary.incomplete > 0 || result->summary.left_unknown > 0;

	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *f = &result->findings[i];

		if (f->verdict != VERDICT_LEAK)
			continue;
		if (f->live && f->live->status == LIVE_LIVE)
			return EXIT_LEAK;
		unknown = unknown || !f->live || f->live->status != LIVE_DEAD;
	}
	return unknown && !options->allow_incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

int run_exit_code(const struct run *run)
{
	const struct options *options = run->options;
	const struct summary *summary = &run->result->summary;

	if (options->strict && summary->by_verdict[VERDICT_WARNING] > 0)
		return EXIT_LEAK;
	if (options->fail_on_live)
		return exit_code_of_live(options, run->result);
	if (summary->by_verdict[VERDICT_LEAK] > 0 || summary->left_out > 0)
		return EXIT_LEAK;
	if (summary->incomplete > 0 && !options->allow_incomplete)
		return EXIT_INCOMPLETE;
	return EXIT_CLEAN;
}

/* Whether whoever sees standard error has just read the same in the report. */
static bool is_shown(const struct options *options)
{
	return isatty(STDOUT_FILENO) && isatty(STDERR_FILENO) && !options->output &&
	       !options->quiet && strcmp(options->format, "text") == 0;
}

int run_report(struct run *run)
{
	int code = run_exit_code(run);

	if (outputs_write(&run->outputs, run->options, run_lang(run), code, run->result) < 0)
		code = EXIT_USAGE;
	if (!is_shown(run->options))
		run_tell_incomplete(run);
	return code;
}

int run_close(struct run *run, int code)
{
	policy_dispose(&run->policy);
	scan_free(run->scan);
	if (outputs_close(&run->outputs) < 0)
		code = EXIT_USAGE;
	rules_free(run->rules);
	return code;
}
