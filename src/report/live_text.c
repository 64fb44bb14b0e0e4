#include "report/live_text.h"

#include "base/quote.h"
#include "base/tr.h"
#include "report/formats.h"
#include "report/redact.h"
#include "report/say.h"

/* More names than that nobody reads in one sentence. */
#define LISTED_MAX 5

/* ---- words ---- */

static const char *const statuses[LIVE_STATUS_COUNT] = {
	[LIVE_UNCHECKED] = "not tried",
	[LIVE_LIVE] = "STILL WORKS",
	[LIVE_DEAD] = "dead",
	[LIVE_UNKNOWN] = "not known",
};

static const char *const reasons[LIVE_REASON_COUNT] = {
	[LIVE_REVOKED] = "Hugging Face does not know it: it was deleted, or never was a token",
	[LIVE_EXPIRED] = "it has expired",
	[LIVE_NOT_ASKABLE] = "there is no question that tells for this kind of secret",
	[LIVE_REFUSED] = "a policy of its organisation refused it (403); elsewhere it may work",
	[LIVE_RATE_LIMITED] = "the server asks to wait (429): try again later",
	[LIVE_REDIRECTED] = "the server points elsewhere, where no token is sent",
	[LIVE_SERVER_ERROR] = "the server has a fault of its own",
	[LIVE_STRANGE] = "the answer is not one that Hugging Face gives",
	[LIVE_TIMED_OUT] = "no answer in time",
	[LIVE_NO_TLS] = "the server cannot prove who it is (TLS)",
	[LIVE_NO_CONNECTION] = "no connection",
	[LIVE_GIVEN_UP] = "not asked any more, after the server had failed before",
	[LIVE_GONE] = "it is not there any more, where the report saw it",
};

static const char *const owners[OWNER_COUNT] = {
	[OWNER_UNKNOWN] = "owner",
	[OWNER_USER] = "user",
	[OWNER_ORG] = "organisation",
	[OWNER_APP] = "app",
};

/* How far a leaked one reaches. */
static const char *const roles[ROLE_COUNT] = {
	[ROLE_READ] = "a read token: it opens what is private or gated",
	[ROLE_WRITE] = "a write token: it changes and deletes, too",
	[ROLE_FINE_GRAINED] = "a fine-grained token",
};

enum label { NAMED, CREATED, EXPIRES, ORGS, MAY, SCOPE, MORE, LABEL_COUNT };

static const char *const labels[LABEL_COUNT] = {
	[NAMED] = "named", [CREATED] = "created", [EXPIRES] = "expires", [ORGS] = "organisations",
	[MAY] = "may",     [SCOPE] = "scope",     [MORE] = "more",
};

/* ---- words for programs ---- */

const char *live_status_name(enum live_status status)
{
	static const char *const names[LIVE_STATUS_COUNT] = {
		[LIVE_UNCHECKED] = "unchecked",
		[LIVE_LIVE] = "live",
		[LIVE_DEAD] = "dead",
		[LIVE_UNKNOWN] = "unknown",
	};

	return names[status];
}

const char *live_reason_name(enum live_reason reason)
{
	static const char *const names[LIVE_REASON_COUNT] = {
		[LIVE_REVOKED] = "revoked",
		[LIVE_EXPIRED] = "expired",
		[LIVE_NOT_ASKABLE] = "not-askable",
		[LIVE_REFUSED] = "refused",
		[LIVE_RATE_LIMITED] = "rate-limited",
		[LIVE_REDIRECTED] = "redirected",
		[LIVE_SERVER_ERROR] = "server-error",
		[LIVE_STRANGE] = "strange-answer",
		[LIVE_TIMED_OUT] = "timed-out",
		[LIVE_NO_TLS] = "no-tls",
		[LIVE_NO_CONNECTION] = "no-connection",
		[LIVE_GIVEN_UP] = "given-up",
		[LIVE_GONE] = "gone",
	};

	return names[reason];
}

const char *live_role_name(enum live_role role)
{
	static const char *const names[ROLE_COUNT] = {
		[ROLE_READ] = "read",
		[ROLE_WRITE] = "write",
		[ROLE_FINE_GRAINED] = "fineGrained",
	};

	return names[role];
}

const char *live_owner_name(enum live_owner owner)
{
	static const char *const names[OWNER_COUNT] = {
		[OWNER_USER] = "user",
		[OWNER_ORG] = "org",
		[OWNER_APP] = "app",
	};

	return names[owner];
}

/* ---- the sentence ---- */

static void put_stranger(struct buf *out, const char *text)
{
	struct buf masked;

	buf_init(&masked, BUF_MAX_LINE);
	redact_text(&masked, slice_str(text));
	quote_terminal(out, buf_slice(&masked));
	buf_dispose(&masked);
}

static void put_labelled(struct buf *out, enum lang lang, enum label label, const char *text)
{
	if (!text || !*text)
		return;
	buf_appendf(out, ", %s ", tr_in(lang, labels[label]));
	put_stranger(out, text);
}

static void put_more(struct buf *out, enum lang lang, uint64_t more)
{
	if (more)
		buf_appendf(out, ", … %llu %s", (unsigned long long)more,
			    tr_in(lang, labels[MORE]));
}

static void put_orgs(struct buf *out, enum lang lang, const struct live *live)
{
	size_t shown = live->org_count < LISTED_MAX ? live->org_count : LISTED_MAX;

	for (size_t i = 0; i < shown; i++) {
		if (i == 0)
			buf_appendf(out, "; %s: ", tr_in(lang, labels[ORGS]));
		else
			buf_append_str(out, ", ");
		put_stranger(out, live->orgs[i].name);
		if (!live->orgs[i].role)
			continue;
		buf_append_str(out, " (");
		put_stranger(out, live->orgs[i].role);
		buf_append_str(out, ")");
	}
	put_more(out, lang, live->org_count - shown + live->more_orgs);
}

static void put_grants(struct buf *out, enum lang lang, const struct live *live)
{
	size_t shown = live->grant_count < LISTED_MAX ? live->grant_count : LISTED_MAX;

	for (size_t i = 0; i < shown; i++) {
		if (i == 0)
			buf_appendf(out, "; %s: ", tr_in(lang, labels[MAY]));
		else
			buf_append_str(out, "; ");
		put_stranger(out, live->grants[i]);
	}
	put_more(out, lang, live->grant_count - shown + live->more_grants);
}

static void put_expiry(struct buf *out, enum lang lang, const struct live *live)
{
	char date[REPORT_DATE_SIZE];

	if (live->expires_at && report_date(date, live->expires_at))
		put_labelled(out, lang, EXPIRES, date);
}

static void put_owner(struct buf *out, enum lang lang, const struct live *live)
{
	if (live->user) {
		buf_appendf(out, ": %s ", tr_in(lang, owners[live->owner]));
		put_stranger(out, live->user);
	}
	if (roles[live->role])
		buf_appendf(out, ", %s", tr_in(lang, roles[live->role]));
	put_labelled(out, lang, NAMED, live->token_name);
	put_labelled(out, lang, CREATED, live->created_at);
}

void live_put(struct buf *out, enum lang lang, const struct live *live)
{
	buf_append_str(out, tr_in(lang, statuses[live->status]));
	if (reasons[live->reason])
		buf_appendf(out, ": %s", tr_in(lang, reasons[live->reason]));
	put_owner(out, lang, live);
	put_expiry(out, lang, live);
	put_labelled(out, lang, SCOPE, live->scope);
	put_orgs(out, lang, live);
	put_grants(out, lang, live);
}

void live_put_tried(struct buf *out, enum lang lang, const struct live *live)
{
	say(out, lang, SAY_TRIED, 1, NULL);
	buf_append_str(out, ": ");
	live_put(out, lang, live);
}
