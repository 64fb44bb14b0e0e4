#include "cli/policy.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/small_file.h"
#include "base/tr.h"
#include "cli/cmd.h"
#include "cli/project.h"
#include "judge/baseline.h"
#include "report/path.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What the patterns of one repository may take in all: past that, they ignore nothing more. */
#define IGNORE_SECONDS 5

/* A folder, with what its files say of all below it. */
struct covered {
	const char *root; /* the scan's, as is prefix */
	struct slice prefix;
	char *config_path, *baseline_path; /* for people; NULL: there is none */
	struct project config;
	clock_t time_left;    /* for its patterns */
	struct rule *changed; /* copies of rules with another severity, by index; NULL */
	struct baseline *baseline;
	bool *met; /* by position in it */
	/* What it did, in places. */
	uint64_t *off, *severity; /* by index of the rule */
	uint64_t ignored, allowed, expired;
};

/* ---- reading ---- */

static int read_baseline(struct covered *c, struct slice text, const char *name, struct err *err)
{
	char today[BASELINE_DATE_SIZE];
	int rc;

	baseline_today(today);
	rc = baseline_read(&c->baseline, text, name, today, err);
	if (rc == 0)
		c->met = xcalloc(baseline_count(c->baseline) + 1, sizeof(*c->met));
	return rc;
}

int policy_open(struct policy *policy, const struct options *options, const struct rules *rules)
{
	struct buf text;
	struct err err;
	int rc;

	*policy = (struct policy){.options = options, .rules = rules, .lang = LANG_COUNT};
	if (!options->baseline || strcmp(options->verb, "baseline") == 0)
		return 0;
	policy->named = xcalloc(1, sizeof(*policy->named));
	policy->named->baseline_path = xstrdup(options->baseline);
	buf_init(&text, SETTINGS_MAX);
	rc = small_file_read(&text, AT_FDCWD, options->baseline, true, &err);
	if (rc < 0) {
		complain(options->baseline, err.msg);
	} else {
		rc = read_baseline(policy->named, buf_slice(&text), options->baseline, &err);
		if (rc < 0)
			complain(NULL, err.msg);
	}
	buf_dispose(&text);
	return rc;
}

static void copy_changed(struct covered *c, const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		if (c->config.severity[i] == SEVERITY_COUNT)
			continue;
		if (!c->changed)
			c->changed = xcalloc(rules->count, sizeof(*c->changed));
		c->changed[i] = rules->list[i];
		c->changed[i].severity = c->config.severity[i];
	}
}

static void note_unknown(const struct covered *c, struct scan *scan)
{
	const struct sink *sink = scan_sink(scan);
	char what[240];

	for (size_t i = 0; i < c->config.unknown_count; i++) {
		snprintf(what, sizeof(what), tr("there is no rule %.80s: `hfscan rules list`"),
			 c->config.unknown[i]);
		sink->diag(sink->payload, 0, NULL, slice_str(c->config_path), true, what);
	}
}

static int read_config(struct policy *policy, struct covered *c, struct slice text,
		       struct scan *scan, struct err *err)
{
	int rc = project_read(&c->config, text, SETTINGS_CONFIG, policy->rules, err);

	if (rc < 0) { /* nothing of it counts */
		project_dispose(&c->config);
		c->config = (struct project){.lang = LANG_COUNT};
		return rc;
	}
	c->time_left = (clock_t)IGNORE_SECONDS * CLOCKS_PER_SEC;
	copy_changed(c, policy->rules);
	c->off = xcalloc(policy->rules->count, sizeof(*c->off));
	c->severity = xcalloc(policy->rules->count, sizeof(*c->severity));
	note_unknown(c, scan);
	return 0;
}

/* As it can be opened from here. */
static char *path_of(const struct settings *s)
{
	char *cwd = getcwd(NULL, 0);
	struct buf name, path;

	buf_init(&name, BUF_MAX_PATH);
	buf_init(&path, BUF_MAX_PATH);
	buf_append_slice(&name, s->prefix);
	buf_append_str(&name, s->name);
	path_show(&path, cwd ? cwd : "", s->root, buf_slice(&name));
	buf_dispose(&name);
	free(cwd);
	return buf_detach(&path);
}

static int read_one(struct policy *policy, struct covered *c, const struct settings *s,
		    struct scan *scan, struct err *err)
{
	bool is_config = strcmp(s->name, SETTINGS_CONFIG) == 0;
	char **path = is_config ? &c->config_path : &c->baseline_path;
	int rc;

	*path = path_of(s);
	if (s->refused)
		rc = err_set(err, HF_EIO, "%s: %s", s->name, tr(s->refused));
	else
		rc = is_config ? read_config(policy, c, s->text, scan, err)
			       : read_baseline(c, s->text, s->name, err);
	return rc;
}

/* Whose file it is decides: a student's must not stop the scan of a class. */
static int settle(struct scan *scan, const char *path, bool is_single, const char *what)
{
	const struct sink *sink = scan_sink(scan);

	if (is_single) {
		complain(path, what);
		return HF_EUSAGE;
	}
	sink->diag(sink->payload, 0, NULL, slice_str(path), false, what);
	return 0;
}

static bool is_single_root(const struct scan *scan, const struct settings *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (strcmp(list[i].root, list[0].root) != 0)
			return false;
	return scan_root_count(scan) <= 1;
}

static struct covered *place_of(struct policy *policy, const struct settings *s)
{
	struct covered *last =
		policy->place_count ? &policy->places[policy->place_count - 1] : NULL;

	if (last && strcmp(last->root, s->root) == 0 && slice_eq(last->prefix, s->prefix))
		return last;
	last = &policy->places[policy->place_count++];
	*last = (struct covered){.root = s->root, .prefix = s->prefix, .config.lang = LANG_COUNT};
	return last;
}

int policy_load(struct policy *policy, struct scan *scan)
{
	size_t count;
	const struct settings *list = scan_settings(scan, &count);
	bool is_single = is_single_root(scan, list, count);

	policy->scan = scan;
	policy->places = xcalloc(count + 1, sizeof(*policy->places));
	for (size_t i = 0; i < count; i++) {
		bool is_top = is_single && !list[i].prefix.len;
		bool is_config = strcmp(list[i].name, SETTINGS_CONFIG) == 0;
		struct covered *c;
		struct err err;

		if (!is_config && policy->options->baseline)
			continue;
		c = place_of(policy, &list[i]);
		/* Messages name the file once: whole. */
		if (read_one(policy, c, &list[i], scan, &err) < 0 &&
		    settle(scan, is_config ? c->config_path : c->baseline_path, is_top,
			   err.msg + strlen(list[i].name) + 2) < 0)
			return HF_EUSAGE;
		if (is_top && is_config)
			policy->lang = c->config.lang;
	}
	return 0;
}

/* ---- judging ---- */

#define ALLOWED_OFF     "the repository's .hfscan.json turns its rule off"
#define ALLOWED_IGNORED "the repository's .hfscan.json ignores its path"
#define ALLOWED_LISTED  "the baseline allows it"
#define EXPIRED         "its allowance in the baseline has expired"

static bool is_hook(const struct policy *policy)
{
	return strcmp(policy->options->verb, "hook") == 0;
}

/* Only what has a path in the tree can be ignored: no message, no name of a branch, nothing
 * of git's own. */
static bool may_ignore(const struct policy *policy, const struct finding *f)
{
	/* Names behind a hook were chosen by the program that calls it. */
	return (f->where == WHERE_BLOB || f->where == WHERE_PATH) && (!f->named || is_hook(policy));
}

static bool is_ignored(struct covered *c, struct slice path)
{
	return slice_has_prefix(path, c->prefix) && path.len <= PATH_MAX &&
	       path_rules_match(c->config.ignore,
				slice_cut(path, (struct span){c->prefix.len, path.len}),
				&c->time_left);
}

/* One of the paths at which history has the finding's bytes, as result.c completes it:
 * of a name, that of its folder. */
static void complete(struct buf *out, const struct repository *repository, const char *path,
		     const struct finding *f)
{
	buf_append_slice(out, repository->prefix);
	buf_append_str(out, path);
	if (f->where == WHERE_PATH) {
		buf_append_str(out, *path ? "/" : "");
		buf_append_slice(out, slice_last_name(slice_of(f->path, f->path_len)));
	}
}

/* What also lived where nothing is ignored is not ignored. */
static bool all_ignored(const struct policy *policy, struct covered *c, const struct finding *f)
{
	bool ignored = is_ignored(c, slice_of(f->path, f->path_len));
	const struct origin *origin = f->origin;
	struct repository repository;
	struct buf path;

	if (!ignored || !origin || !scan_repository(policy->scan, f->repository, &repository))
		return ignored;
	buf_init(&path, BUF_MAX_PATH);
	for (size_t i = 0; ignored && i < origin->path_count; i++) {
		buf_reset(&path);
		complete(&path, &repository, origin->paths[i], f);
		ignored = is_ignored(c, buf_slice(&path));
	}
	buf_dispose(&path);
	return ignored && origin->paths_total == origin->path_count;
}

static void allow(struct finding *f, const char *why, uint64_t *counter)
{
	f->verdict = VERDICT_ALLOWED;
	f->reason = why;
	f->by_list = true;
	++*counter;
}

static bool may_allow(const struct finding *f)
{
	return f->verdict == VERDICT_LEAK || f->verdict == VERDICT_WARNING;
}

static void judge_by_config(const struct policy *policy, struct covered *c, struct finding *f)
{
	size_t rule = f->rule->index;

	if (!c->off)
		return;
	if (c->config.severity[rule] != SEVERITY_COUNT) {
		f->rule = &c->changed[rule];
		c->severity[rule]++;
	}
	if (may_allow(f) && c->config.off[rule])
		allow(f, ALLOWED_OFF, &c->off[rule]);
	if (may_allow(f) && c->config.ignore && may_ignore(policy, f) && all_ignored(policy, c, f))
		allow(f, ALLOWED_IGNORED, &c->ignored);
}

static void judge_by_baseline(struct covered *c, struct finding *f)
{
	size_t at;

	if (!c->baseline || !may_allow(f))
		return;
	at = baseline_find(c->baseline, f->secret.fingerprint);
	if (at == BASELINE_NONE)
		return;
	c->met[at] = true;
	if (baseline_at(c->baseline, at).expired) {
		f->reason = EXPIRED;
		c->expired++;
	} else {
		allow(f, ALLOWED_LISTED, &c->allowed);
	}
}

static int order_places(const void *left, const void *right)
{
	const struct covered *a = left, *b = right;
	int order = strcmp(a->root, b->root);

	return order ? order : slice_cmp(a->prefix, b->prefix);
}

static void judge(void *payload, struct finding *f)
{
	struct policy *policy = payload;

	if (policy->named)
		judge_by_baseline(policy->named, f);
	if (!f->root && policy->place_count == 1 && is_hook(policy)) {
		judge_by_baseline(&policy->places[0], f); /* a message, not yet anywhere */
		return;
	}
	if (!f->root || !policy->place_count)
		return;
	for (size_t len = 0; len <= f->path_len; len++) {
		struct covered key = {.root = f->root, .prefix = slice_of(f->path, len)}, *c;

		if (len && f->path[len - 1] != '/')
			continue;
		c = bsearch(&key, policy->places, policy->place_count, sizeof(key), order_places);
		if (!c)
			continue;
		judge_by_config(policy, c, f);
		judge_by_baseline(c, f);
	}
}

/* ---- telling ---- */

static void tell(struct scan *scan, const char *file, struct narrowing narrowing)
{
	narrowing.file = xstrdup(file);
	scan_add_narrowing(scan, &narrowing);
}

/* What it narrows is told whether something was there or not. */
static void tell_config(const struct policy *policy, const struct covered *c, struct scan *scan)
{
	for (size_t i = 0; i < policy->rules->count; i++)
		if (c->config.off[i])
			tell(scan, c->config_path,
			     (struct narrowing){.kind = NARROWED_RULE,
						.rule = &policy->rules->list[i],
						.places = c->off[i]});
	if (c->config.ignore && path_rules_count(c->config.ignore))
		tell(scan, c->config_path,
		     (struct narrowing){.kind = NARROWED_PATHS,
					.count = path_rules_count(c->config.ignore),
					.places = c->ignored});
	for (size_t i = 0; i < policy->rules->count; i++)
		if (c->config.severity[i] != SEVERITY_COUNT &&
		    c->config.severity[i] != policy->rules->list[i].severity)
			tell(scan, c->config_path,
			     (struct narrowing){.kind = NARROWED_SEVERITY,
						.rule = &policy->rules->list[i],
						.severity = c->config.severity[i],
						.places = c->severity[i]});
}

static void tell_baseline(const struct covered *c, struct scan *scan)
{
	struct narrowing allowed = {.kind = NARROWED_BASELINE, .places = c->allowed};
	struct narrowing expired = {.kind = NARROWED_EXPIRED, .places = c->expired};

	for (size_t i = 0; i < baseline_count(c->baseline); i++)
		if (c->met[i])
			++*(baseline_at(c->baseline, i).expired ? &expired.count : &allowed.count);
	if (allowed.count)
		tell(scan, c->baseline_path, allowed);
	if (expired.count)
		tell(scan, c->baseline_path, expired);
}

void policy_apply(struct policy *policy, struct scan *scan)
{
	if (!policy->place_count && !policy->named)
		return;
	scan_judge_again(scan, judge, policy);
	if (policy->named)
		tell_baseline(policy->named, scan);
	for (size_t i = 0; i < policy->place_count; i++) {
		if (policy->places[i].off)
			tell_config(policy, &policy->places[i], scan);
		if (policy->places[i].baseline)
			tell_baseline(&policy->places[i], scan);
	}
}

static void dispose(struct covered *c)
{
	free(c->config_path);
	free(c->baseline_path);
	project_dispose(&c->config);
	free(c->changed);
	baseline_free(c->baseline);
	free(c->met);
	free(c->off);
	free(c->severity);
}

void policy_dispose(struct policy *policy)
{
	for (size_t i = 0; i < policy->place_count; i++)
		dispose(&policy->places[i]);
	if (policy->named)
		dispose(policy->named);
	free(policy->named);
	free(policy->places);
}
