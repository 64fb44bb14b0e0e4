#include "report/live_text.h"

#include "base/quote.h"
#include "report/formats.h"
#include "report/redact.h"

/* More names than that nobody reads in one sentence. */
#define LISTED_MAX 5

typedef const char *const texts[LANG_COUNT];

/* ---- words ---- */

static texts statuses[LIVE_STATUS_COUNT] = {
	[LIVE_UNCHECKED] = {"not tried", "sin probar"},
	[LIVE_LIVE] = {"STILL WORKS", "TODAVÍA FUNCIONA"},
	[LIVE_DEAD] = {"dead", "ya no sirve"},
	[LIVE_UNKNOWN] = {"not known", "no se sabe"},
};

static texts reasons[LIVE_REASON_COUNT] = {
	[LIVE_REVOKED] = {"Hugging Face does not know it: it was deleted, or never was a token",
			  "Hugging Face no lo reconoce: se eliminó o nunca fue un token"},
	[LIVE_EXPIRED] = {"it has expired", "ha caducado"},
	[LIVE_NOT_ASKABLE] = {"there is no question that tells for this kind of secret",
			      "no hay consulta que lo aclare para este tipo de secreto"},
	[LIVE_REFUSED] = {"a policy of its organisation refused it (403); elsewhere it may work",
			  "una política de su organización lo rechazó (403); en otro sitio puede "
			  "funcionar"},
	[LIVE_RATE_LIMITED] = {"the server asks to wait (429): try again later",
			       "el servidor pide esperar (429): prueba más tarde"},
	[LIVE_REDIRECTED] = {"the server points elsewhere, where no token is sent",
			     "el servidor remite a otro lugar, adonde no se envía ningún token"},
	[LIVE_SERVER_ERROR] = {"the server has a fault of its own",
			       "el servidor tiene un fallo propio"},
	[LIVE_STRANGE] = {"the answer is not one that Hugging Face gives",
			  "la respuesta no es de las que da Hugging Face"},
	[LIVE_TIMED_OUT] = {"no answer in time", "no hubo respuesta a tiempo"},
	[LIVE_NO_TLS] = {"the server cannot prove who it is (TLS)",
			 "el servidor no puede demostrar quién es (TLS)"},
	[LIVE_NO_CONNECTION] = {"no connection", "no hay conexión"},
	[LIVE_GIVEN_UP] = {"not asked any more, after the server had failed before",
			   "no se preguntó más, porque el servidor ya había fallado"},
	[LIVE_GONE] = {"it is not there any more, where the report saw it",
		       "ya no está donde lo vio el informe"},
};

static texts owners[OWNER_COUNT] = {
	[OWNER_UNKNOWN] = {"owner", "cuenta"},
	[OWNER_USER] = {"user", "cuenta"},
	[OWNER_ORG] = {"organisation", "organización"},
	[OWNER_APP] = {"app", "aplicación"},
};

/* How far a leaked one reaches. */
static texts roles[ROLE_COUNT] = {
	[ROLE_READ] = {"a read token: it opens what is private or gated",
		       "un token de lectura: abre lo que es privado o de acceso restringido"},
	[ROLE_WRITE] = {"a write token: it changes and deletes, too",
			"un token de escritura: también cambia y borra"},
	[ROLE_FINE_GRAINED] = {"a fine-grained token", "un token de permisos finos (fine-grained)"},
};

enum label { NAMED, CREATED, EXPIRES, ORGS, MAY, SCOPE, MORE, LABEL_COUNT };

static texts labels[LABEL_COUNT] = {
	[NAMED] = {"named", "llamado"},    [CREATED] = {"created", "creado"},
	[EXPIRES] = {"expires", "caduca"}, [ORGS] = {"organisations", "organizaciones"},
	[MAY] = {"may", "puede"},          [SCOPE] = {"scope", "alcance"},
	[MORE] = {"more", "más"},
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
	buf_appendf(out, ", %s ", labels[label][lang]);
	put_stranger(out, text);
}

static void put_more(struct buf *out, enum lang lang, uint64_t more)
{
	if (more)
		buf_appendf(out, ", … %llu %s", (unsigned long long)more, labels[MORE][lang]);
}

static void put_orgs(struct buf *out, enum lang lang, const struct live *live)
{
	size_t shown = live->org_count < LISTED_MAX ? live->org_count : LISTED_MAX;

	for (size_t i = 0; i < shown; i++) {
		if (i == 0)
			buf_appendf(out, "; %s: ", labels[ORGS][lang]);
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
			buf_appendf(out, "; %s: ", labels[MAY][lang]);
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
		buf_appendf(out, ": %s ", owners[live->owner][lang]);
		put_stranger(out, live->user);
	}
	if (roles[live->role][lang])
		buf_appendf(out, ", %s", roles[live->role][lang]);
	put_labelled(out, lang, NAMED, live->token_name);
	put_labelled(out, lang, CREATED, live->created_at);
}

void live_put(struct buf *out, enum lang lang, const struct live *live)
{
	buf_append_str(out, statuses[live->status][lang]);
	if (reasons[live->reason][lang])
		buf_appendf(out, ": %s", reasons[live->reason][lang]);
	put_owner(out, lang, live);
	put_expiry(out, lang, live);
	put_labelled(out, lang, SCOPE, live->scope);
	put_orgs(out, lang, live);
	put_grants(out, lang, live);
}
