#include "report/forge.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "report/group.h"
#include "report/live_text.h"
#include "report/path.h"
#include "report/redact.h"
#include "report/remedy.h"
#include "report/text.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- identities ---- */

struct identity {
	char key[FORGE_ID_SIZE]; /* of what the finding is and where, without its line */
	size_t finding;
	unsigned nth; /* of those with that key, from 0 */
};

static void put_part(struct buf *out, struct slice part)
{
	buf_append_slice(out, part);
	buf_append_byte(out, '\0');
}

static void fill_key(struct identity *identity, const struct forge *forge, const struct finding *f)
{
	struct buf parts;

	buf_init(&parts, BUF_MAX_REPORT);
	put_part(&parts, slice_str(f->rule->id));
	put_part(&parts, slice_str(f->secret.fingerprint));
	buf_appendf(&parts, "%d", (int)f->where);
	put_part(&parts, slice_str(f->history ? f->blob : ""));
	forge_put_path(&parts, forge, f);
	redact_fingerprint(identity->key, buf_slice(&parts));
	buf_dispose(&parts);
}

static int by_key(const void *left, const void *right)
{
	const struct identity *a = left;
	const struct identity *b = right;
	int order = strcmp(a->key, b->key);

	return order ? order : (a->finding > b->finding) - (a->finding < b->finding);
}

static int by_finding(const void *left, const void *right)
{
	const struct identity *a = left;
	const struct identity *b = right;

	return (a->finding > b->finding) - (a->finding < b->finding);
}

static void identify(struct forge *forge)
{
	size_t count = forge->result->finding_count;
	struct identity *list = xcalloc(count + 1, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		list[i].finding = i;
		fill_key(&list[i], forge, &forge->result->findings[i]);
	}
	qsort(list, count, sizeof(*list), by_key);
	for (size_t i = 1; i < count; i++)
		if (strcmp(list[i].key, list[i - 1].key) == 0)
			list[i].nth = list[i - 1].nth + 1;
	qsort(list, count, sizeof(*list), by_finding);
	forge->identities = list;
}

void forge_identity(char out[FORGE_ID_SIZE], const struct forge *forge,
		    const struct finding *finding)
{
	const struct identity *identity = &forge->identities[finding - forge->result->findings];
	char text[FORGE_ID_SIZE + 12];

	snprintf(text, sizeof(text), "%s:%u", identity->key, identity->nth);
	redact_fingerprint(out, slice_str(text));
}

/* ---- its life ---- */

void forge_init(struct forge *forge, const struct result *result,
		const struct report_options *options)
{
	*forge = (struct forge){.result = result, .options = options};
	forge->cwd = options->cwd ? xstrdup(options->cwd) : getcwd(NULL, 0);
	if (!forge->cwd)
		forge->cwd = xstrdup("");
	identify(forge);
}

void forge_dispose(struct forge *forge)
{
	free(forge->identities);
	free(forge->cwd);
	*forge = (struct forge){0};
}

/* ---- paths ---- */

/* Takes the last name off what stands behind beg. */
static void drop_name(struct buf *out, size_t beg)
{
	while (out->len > beg && out->ptr[out->len - 1] != '/')
		buf_truncate(out, out->len - 1);
	if (out->len > beg)
		buf_truncate(out, out->len - 1);
}

/* Name by name, so that nothing absolute and no way up is left. */
static void put_names(struct buf *out, struct slice path)
{
	size_t beg = out->len;

	while (path.len > 0) {
		const unsigned char *slash = memchr(path.ptr, '/', path.len);
		size_t len = slash ? (size_t)(slash - path.ptr) : path.len;
		struct slice name = slice_cut(path, (struct span){0, len});

		path = slice_cut(path, (struct span){slash ? len + 1 : len, path.len});
		if (slice_eq(name, SLICE(".."))) {
			drop_name(out, beg);
		} else if (name.len > 0 && !slice_eq(name, SLICE("."))) {
			if (out->len > beg)
				buf_append_byte(out, '/');
			buf_append_slice(out, name);
		}
	}
}

static void put_masked_names(struct buf *out, struct slice path)
{
	struct buf names;

	buf_init(&names, BUF_MAX_REPORT);
	put_names(&names, path);
	redact_text(out, buf_slice(&names));
	buf_dispose(&names);
}

/* Of several roots, which one it is; of the only one that goes without saying. */
static void put_joined(struct buf *out, const struct forge *forge, const struct finding *f)
{
	struct slice path = slice_of(f->path, f->path_len);

	path_show(out, forge->cwd, forge->result->root_count > 1 ? f->root : NULL, path);
	if (out->len == 0 || out->ptr[0] != '/')
		return;
	buf_reset(out);
	path_show(out, forge->cwd, NULL, path);
}

/* Where git keeps an object as long as no pack has it: two objects are two places. */
static void put_object(struct buf *out, const char *id)
{
	buf_append_str(out, out->len ? "/.git" : ".git");
	if (strlen(id) > 2)
		buf_appendf(out, "/objects/%.2s/%s", id, id + 2);
}

void forge_put_path(struct buf *out, const struct forge *forge, const struct finding *finding)
{
	struct buf joined;

	buf_init(&joined, BUF_MAX_REPORT);
	put_joined(&joined, forge, finding);
	if (!text_has_file(finding))
		put_object(&joined, finding->blob);
	put_masked_names(out, buf_slice(&joined));
	buf_dispose(&joined);
}

void forge_put_diag_path(struct buf *out, const struct forge *forge, const char *path)
{
	const struct result *result = forge->result;
	size_t longest = 0;
	struct buf shown;

	for (size_t i = 0; i < result->root_count; i++) {
		size_t len = strlen(result->roots[i]);

		if (result->roots[i][0] == '/' && len > longest &&
		    strncmp(path, result->roots[i], len) == 0)
			longest = len;
	}
	buf_init(&shown, BUF_MAX_REPORT);
	path_show(&shown, forge->cwd, NULL, slice_str(path + longest));
	put_masked_names(out, buf_slice(&shown));
	buf_dispose(&shown);
}

/* ---- words ---- */

bool forge_has_line(const struct finding *f)
{
	return !f->member && f->where != WHERE_PATH && f->where != WHERE_REF_NAME && f->line1 > 0;
}

uint64_t forge_line(const struct finding *f)
{
	return forge_has_line(f) ? f->line1 : 1;
}

static const char *in_language(const localized text, enum lang lang)
{
	return text[lang] ? text[lang] : text[LANG_EN];
}

const char *forge_title(const struct forge *forge, const struct rule *rule)
{
	return in_language(rule->title, forge->options->lang);
}

const char *forge_explanation(const struct forge *forge, const struct rule *rule)
{
	return in_language(rule->explanation, forge->options->lang);
}

/* A blank, and what put_where() has to say. */
static void put_where(struct text *w, const struct finding *f)
{
	size_t beg = w->page.text.len;

	page_put(&w->page, PAINT_PLAIN, " ");
	text_put_where(w, f);
	if (w->page.text.len == beg + 1)
		buf_truncate(&w->page.text, beg);
}

void forge_put_message(struct buf *out, const struct forge *forge, const struct finding *f)
{
	enum lang lang = forge->options->lang;
	const char *exposure = say_exposure(lang, f->exposure);
	struct text w = {.options = forge->options, .lang = lang, .cwd = forge->cwd};

	page_init(&w.page, NULL, lang, false);
	page_put_scanned(&w.page, PAINT_PLAIN, slice_str(forge_title(forge, f->rule)));
	page_put(&w.page, PAINT_PLAIN, " ");
	page_put_quoted(&w.page, PAINT_PLAIN, f->secret.redacted);
	text_put_member(&w, f);
	if (f->member && !f->notebook)
		buf_appendf(&w.page.text, ":%llu", (unsigned long long)f->line1);
	if (f->notebook)
		text_put_cell(&w, f->notebook);
	put_where(&w, f);
	text_put_form(&w, f);
	if (exposure)
		buf_appendf(&w.page.text, " (%s)", exposure);
	buf_append_slice(out, buf_slice(&w.page.text));
	page_dispose(&w.page);
}

void forge_put_live(struct buf *out, const struct forge *forge, const struct finding *f,
		    const char *before)
{
	if (!f->live)
		return;
	buf_append_str(out, before);
	live_put_tried(out, forge->options->lang, f->live);
}

void forge_put_remedy(struct buf *out, const struct forge *forge, const struct finding *f,
		      const char *between)
{
	struct remedy remedy;

	if (f->verdict != VERDICT_LEAK)
		return;
	remedy = remedy_find(f, !finding_is_present(f));
	for (unsigned i = 0; remedy.steps[i]; i++)
		buf_appendf(out, "%s%u. %s", i ? between : "", i + 1,
			    tr_in(forge->options->lang, remedy.steps[i]->text));
}

void forge_put_unlisted(struct buf *out, const struct forge *forge)
{
	const struct result *result = forge->result;
	uint64_t listed = 0;

	for (size_t i = 0; i < result->diag_count; i++)
		listed += !result->diags[i].is_note;
	if (listed < result->summary.incomplete)
		say(out, forge->options->lang, SAY_MORE_NOT_SCANNED,
		    result->summary.incomplete - listed, NULL);
}

void forge_put_narrowed(struct buf *out, const struct forge *forge, const struct narrowing *n)
{
	enum lang lang = forge->options->lang;
	struct text w = {.options = forge->options, .lang = lang, .cwd = forge->cwd};

	page_init(&w.page, NULL, lang, false);
	text_put_narrowed(&w, n);
	buf_append_slice(out, buf_slice(&w.page.text));
	page_dispose(&w.page);
}

/* ---- JSON ---- */

void forge_add_narrowings(cJSON *array, const struct forge *forge,
			  cJSON *(*object_of)(const struct forge *forge, const struct diag *diag))
{
	const struct result *result = forge->result;

	for (size_t i = 0; i < result->narrowing_count; i++) {
		struct diag note = {.path = result->narrowings[i].file, .is_note = true};
		struct buf what;

		buf_init(&what, BUF_MAX_LINE);
		forge_put_narrowed(&what, forge, &result->narrowings[i]);
		note.what = what.ptr;
		cJSON_AddItemToArray(array, object_of(forge, &note));
		buf_dispose(&what);
	}
}

void forge_add_path(cJSON *object, const char *key, const struct forge *forge,
		    const struct finding *finding)
{
	struct buf path;

	buf_init(&path, BUF_MAX_REPORT);
	forge_put_path(&path, forge, finding);
	object_add_scanned(object, key, NULL, buf_slice(&path));
	buf_dispose(&path);
}

int forge_write_alerts(FILE *out, const struct forge *forge, const char **before,
		       cJSON *(*object_of)(const struct forge *forge,
					   const struct finding *finding))
{
	const struct result *result = forge->result;
	int rc = 0;

	*before = "\n";
	for (size_t i = 0; rc == 0 && i < result->finding_count; i++) {
		const struct finding *f = &result->findings[i];

		if (f->verdict != VERDICT_LEAK && f->verdict != VERDICT_WARNING)
			continue;
		rc = object_write(out, *before, object_of(forge, f), "");
		*before = ",\n";
	}
	return rc;
}
