#include "verify/live.h"

#include "base/alloc.h"

#include <stdlib.h>

void live_unknown(struct live *live, enum live_reason reason)
{
	live->status = LIVE_UNKNOWN;
	live->reason = reason;
}

void live_dead(struct live *live, enum live_reason reason)
{
	live->status = LIVE_DEAD;
	live->reason = reason;
}

void live_dispose(struct live *live)
{
	for (size_t i = 0; i < live->org_count; i++) {
		free(live->orgs[i].name);
		free(live->orgs[i].role);
	}
	for (size_t i = 0; i < live->grant_count; i++)
		free(live->grants[i]);
	free(live->orgs);
	free(live->grants);
	free(live->user);
	free(live->token_name);
	free(live->created_at);
	free(live->subject);
	free(live->scope);
	*live = (struct live){0};
}

void live_add_org(struct live *live, char *name, char *role)
{
	if (live->org_count == LIVE_LIST_MAX) {
		live->more_orgs++;
		free(name);
		free(role);
		return;
	}
	live->orgs = xrealloc(live->orgs, (live->org_count + 1) * sizeof(*live->orgs));
	live->orgs[live->org_count++] = (struct live_org){name, role};
}

void live_add_grant(struct live *live, char *grant)
{
	if (live->grant_count == LIVE_LIST_MAX) {
		live->more_grants++;
		free(grant);
		return;
	}
	live->grants = xrealloc(live->grants, (live->grant_count + 1) * sizeof(*live->grants));
	live->grants[live->grant_count++] = grant;
}
