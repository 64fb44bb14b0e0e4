#include "verify/whoami.h"

#include "base/alloc.h"
#include "verify/live.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

/* Longer than any name there; the rest is cut off. */
#define TEXT_MAX ((size_t)200)

/* ---- of JSON ---- */

static const cJSON *member(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* NULL when it is no string, or an empty one. */
static const char *text_of(const cJSON *object, const char *key)
{
	const char *text = cJSON_GetStringValue(member(object, key));

	return text && *text ? text : NULL;
}

static char *copy_of(const char *text)
{
	size_t len = text ? strnlen(text, TEXT_MAX) : 0;

	return text ? xmemdup0(text, len) : NULL;
}

static void take_text(char **slot, const cJSON *object, const char *key)
{
	const char *text = text_of(object, key);

	if (!text)
		return;
	free(*slot);
	*slot = copy_of(text);
}

/* "a.read, a.write" of an array of strings. */
static void append_list(struct buf *out, const cJSON *array)
{
	const char *before = "";
	const cJSON *item;

	cJSON_ArrayForEach(item, array)
	{
		if (!cJSON_IsString(item))
			continue;
		buf_appendf(out, "%s%.60s", before, item->valuestring);
		before = ", ";
	}
}

/* ---- what a token may do ---- */

/* {entity: {type, name}, permissions: [...]}: "model ana/private: repo.content.read" */
static void add_scoped(struct live *live, const cJSON *scoped)
{
	const cJSON *entity = member(scoped, "entity");
	const char *type = text_of(entity, "type"), *name = text_of(entity, "name");
	struct buf grant;

	if (cJSON_GetArraySize(member(scoped, "permissions")) == 0)
		return;
	buf_init(&grant, 2 * TEXT_MAX);
	buf_appendf(&grant, "%.40s%s%.100s: ", type ? type : "", type && name ? " " : "",
		    name ? name : "");
	append_list(&grant, member(scoped, "permissions"));
	live_add_grant(live, buf_detach(&grant));
}

static void take_fine_grained(struct live *live, const cJSON *fine)
{
	const cJSON *scoped;

	if (cJSON_GetArraySize(member(fine, "global")) > 0) {
		struct buf grant;

		buf_init(&grant, 2 * TEXT_MAX);
		append_list(&grant, member(fine, "global"));
		live_add_grant(live, buf_detach(&grant));
	}
	if (cJSON_IsTrue(member(fine, "canReadGatedRepos")))
		live_add_grant(live, xstrdup("gated: read"));
	cJSON_ArrayForEach(scoped, member(fine, "scoped"))
	{
		add_scoped(live, scoped);
	}
}

static enum live_role role_of(const char *name)
{
	static const char *const names[ROLE_COUNT] = {
		[ROLE_READ] = "read",
		[ROLE_WRITE] = "write",
		[ROLE_FINE_GRAINED] = "fineGrained",
	};

	for (unsigned role = 1; name && role < ROLE_COUNT; role++)
		if (strcmp(name, names[role]) == 0)
			return (enum live_role)role;
	return ROLE_UNKNOWN;
}

/* ---- who it is ---- */

static enum live_owner owner_of(const char *type)
{
	static const char *const types[OWNER_COUNT] = {
		[OWNER_USER] = "user",
		[OWNER_ORG] = "org",
		[OWNER_APP] = "app",
	};

	for (unsigned owner = 1; type && owner < OWNER_COUNT; owner++)
		if (strcmp(type, types[owner]) == 0)
			return (enum live_owner)owner;
	return OWNER_UNKNOWN;
}

static void take_identity(struct live *live, const cJSON *body)
{
	const cJSON *token = member(member(body, "auth"), "accessToken");
	const cJSON *org;

	live->owner = owner_of(text_of(body, "type"));
	take_text(&live->user, body, "name");
	take_text(&live->token_name, token, "displayName");
	take_text(&live->created_at, token, "createdAt");
	live->role = role_of(text_of(token, "role"));
	take_fine_grained(live, member(token, "fineGrained"));
	cJSON_ArrayForEach(org, member(body, "orgs"))
	{
		const char *name = text_of(org, "name");

		if (name)
			live_add_org(live, copy_of(name), copy_of(text_of(org, "roleInOrg")));
	}
}

/* ---- what the status means ---- */

static void read_success(struct live *live, const cJSON *body)
{
	if (!text_of(body, "name")) {
		live_unknown(live, LIVE_STRANGE);
		return;
	}
	live->status = LIVE_LIVE;
	live->reason = LIVE_NO_REASON;
	take_identity(live, body);
}

static enum live_reason reason_of(long status)
{
	if (status == 403)
		return LIVE_REFUSED;
	if (status == 429)
		return LIVE_RATE_LIMITED;
	if (status >= 300 && status < 400)
		return LIVE_REDIRECTED;
	return status >= 500 && status < 600 ? LIVE_SERVER_ERROR : LIVE_STRANGE;
}

static void read_answer(struct live *live, const struct http_reply *reply)
{
	cJSON *body = cJSON_ParseWithLength(reply->body.ptr, reply->body.len);
	const char *error = text_of(body, "error");

	live->http_status = reply->status;
	if (reply->status == 200)
		read_success(live, body);
	else if (reply->status == 401)
		live_dead(live, error && strstr(error, "expired") ? LIVE_EXPIRED : LIVE_REVOKED);
	else
		live_unknown(live, reason_of(reply->status));
	cJSON_Delete(body);
}

void whoami_read(struct live *live, const struct http_reply *reply)
{
	static const enum live_reason reasons[] = {
		[HTTP_TIMED_OUT] = LIVE_TIMED_OUT,
		[HTTP_NO_TLS] = LIVE_NO_TLS,
		[HTTP_NO_CONNECTION] = LIVE_NO_CONNECTION,
		[HTTP_TOO_LARGE] = LIVE_STRANGE,
	};

	if (reply->outcome == HTTP_ANSWERED)
		read_answer(live, reply);
	else
		live_unknown(live, reasons[reply->outcome]);
}
