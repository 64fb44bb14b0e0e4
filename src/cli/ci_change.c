#include "cli/ci_change.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>

void change_dispose(struct change *change)
{
	free(change->ref);
	free(change->trunk);
	*change = (struct change){0};
}

static const struct forge forges[] = {
	{
		.variable = "GITHUB_ACTIONS",
		.format = "github",
		.deepen = "`fetch-depth: 0` below `with:` of actions/checkout",
		.summary = "GITHUB_STEP_SUMMARY",
		.read = ci_github_read,
	},
	{
		.variable = "GITLAB_CI",
		.format = "text",
		.deepen = "`GIT_DEPTH: 0` among the job's variables",
		.read = ci_gitlab_read,
	},
};

const struct forge *forge_here(void)
{
	for (size_t i = 0; i < sizeof(forges) / sizeof(*forges); i++) {
		const char *value = change_variable(forges[i].variable);

		if (value && strcmp(value, "true") == 0)
			return &forges[i];
	}
	return NULL;
}

const char *change_variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

bool change_id(struct oid *oid, const char *text)
{
	static const struct oid none;

	return text && strlen(text) == OID_HEX && oid_from_hex(oid, (const unsigned char *)text) &&
	       oid_cmp(oid->raw, none.raw) != 0;
}

char *change_remote_branch(const char *branch)
{
	struct buf ref;

	buf_init(&ref, BUF_MAX_LINE);
	buf_appendf(&ref, "refs/remotes/origin/%s", branch);
	return buf_detach(&ref);
}
