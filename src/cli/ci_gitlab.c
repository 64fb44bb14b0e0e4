/*
 * GitLab CI. What the variables mean: docs.gitlab.com/ci/variables/predefined_variables.
 * CI_COMMIT_BEFORE_SHA is all zeros in merge request, scheduled and manual pipelines, and
 * for the first of a branch; CI_MERGE_REQUEST_TARGET_BRANCH_SHA is there only where the
 * merge with the target is what is checked out.
 */
#include "base/alloc.h"
#include "base/buf.h"
#include "cli/ci_change.h"

static void read_request(struct change *change)
{
	change->what = "this merge request";
	change->is_request = true;
	change->has_tip = change_id(&change->tip, change_variable("CI_COMMIT_SHA"));
	change->has_base =
		change_id(&change->base, change_variable("CI_MERGE_REQUEST_TARGET_BRANCH_SHA")) ||
		change_id(&change->base, change_variable("CI_MERGE_REQUEST_DIFF_BASE_SHA"));
}

static char *make_ref(const char *folder, const char *name)
{
	struct buf ref;

	buf_init(&ref, BUF_MAX_LINE);
	buf_appendf(&ref, "%s%s", folder, name);
	return buf_detach(&ref);
}

static void read_push(struct change *change)
{
	const char *tag = change_variable("CI_COMMIT_TAG");
	const char *branch = change_variable("CI_COMMIT_BRANCH");
	const char *trunk = change_variable("CI_DEFAULT_BRANCH");

	change->what = tag ? "this tag" : "this push";
	change->has_tip = change_id(&change->tip, change_variable("CI_COMMIT_SHA"));
	change->has_base =
		!tag && change_id(&change->base, change_variable("CI_COMMIT_BEFORE_SHA"));
	if (tag || branch)
		change->ref = make_ref(tag ? "refs/tags/" : "refs/heads/", tag ? tag : branch);
	if (trunk && (tag || (branch && strcmp(branch, trunk) != 0)))
		change->trunk = change_remote_branch(trunk);
}

void ci_gitlab_read(struct change *change)
{
	const char *source = change_variable("CI_PIPELINE_SOURCE");

	if (change_variable("CI_MERGE_REQUEST_IID")) {
		read_request(change);
	} else if (!source || strcmp(source, "push") == 0) {
		read_push(change);
	} else {
		change->what = "this pipeline";
		change->is_whole = true;
	}
}
