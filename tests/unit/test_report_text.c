/* report/report_text: what people read, and what never reaches their terminal. */
#include "match/sample.h"
#include "report/report.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MASKED "hf_Ab…yZ"
#define CWD    "/home/ana"
/* What the report only reads. */
#define TEXT(literal) ((char *)(literal))

static const struct rule rule = {
	.id = TEXT("t"),
	.title = {TEXT("User token"), TEXT("Token de usuario")},
	.explanation = {TEXT("It opens the account."), TEXT("Abre la cuenta.")},
	.severity = SEVERITY_CRITICAL,
};

/* Line 3, column 7; the excerpt is `k = "hf_Ab…yZ"`. */
static struct finding finding(const char *path, const char *secret)
{
	struct finding f = {
		.rule = &rule,
		.secret.redacted = TEXT(MASKED),
		.root = TEXT("."),
		.path = TEXT(path),
		.path_len = strlen(path),
		.line1 = 3,
		.column1 = 7,
		.excerpt = TEXT("k = \"" MASKED "\""),
		.excerpt_beg = 5,
		.excerpt_end = 5 + strlen(MASKED),
	};

	strcpy(f.secret.fingerprint, secret);
	return f;
}

static struct result result(struct finding *findings, size_t count)
{
	struct result r = {
		.summary = {.files = 2, .bytes = 1500, .seconds = 0.25, .secrets = 1},
		.findings = findings,
		.finding_count = count,
	};

	for (size_t i = 0; i < count; i++)
		r.summary.by_verdict[findings[i].verdict]++;
	return r;
}

/* The report, to be freed. */
static char *report(const struct result *r, struct report_options options)
{
	struct err err;
	size_t len;
	char *text;
	FILE *out = open_memstream(&text, &len);

	options.cwd = CWD;
	assert_int_equal(report_write(report_find("text"), out, r, &options, &err), 0);
	fclose(out);
	assert_int_equal(strlen(text), len);
	return text;
}

static void report_is(const struct result *r, struct report_options options, const char *wanted)
{
	char *text = report(r, options);

	assert_string_equal(text, wanted);
	free(text);
}

static void report_says(const struct result *r, struct report_options options, const char *wanted)
{
	char *text = report(r, options);

	if (!strstr(text, wanted))
		fail_msg("no \"%s\" in:\n%s", wanted, text);
	free(text);
}

static size_t occurrences(const char *text, const char *part)
{
	size_t n = 0;

	while ((text = strstr(text, part)) != NULL) {
		text += strlen(part);
		n++;
	}
	return n;
}

static void a_leak_is_told_in_the_language_asked_for(void **state)
{
	struct finding f = finding("lab.py", "1");
	struct result r = result(&f, 1);

	f.exposure = EXPOSURE_UNREACHABLE;
	r.summary.repositories = 1;
	report_is(
		&r, (struct report_options){.lang = LANG_EN},
		"CRITICAL  User token  hf_Ab…yZ  in 1 place\n"
		"  It opens the account.\n"
		"  lab.py:3:7  only in git's leftovers\n"
		"    k = \"hf_Ab…yZ\"\n"
		"  What to do:\n"
		"  1. No branch holds it any more, only what git keeps for a while. A push does\n"
		"     not send it, a copy of the folder does.\n"
		"  2. `git reflog expire --expire=now --all && git gc --prune=now` deletes these\n"
		"     leftovers. It forgets every `git stash` too: apply (`git stash pop`) what\n"
		"     you still need first.\n"
		"  3. If anybody else ever got the file (mail, chat, shared drive, screenshot),\n"
		"     delete the token too (a user token: huggingface.co → Settings → Access\n"
		"     Tokens).\n\n"
		"One token per person and project, with no more than it needs: Read or\n"
		"Fine-grained rather than Write.\n\n"
		"1 secret leaked in 1 place · 2 files, 1.5 kB in 0.25 s · history not "
		"searched\n");
	report_is(
		&r, (struct report_options){.lang = LANG_ES},
		"CRÍTICA  Token de usuario  hf_Ab…yZ  en 1 lugar\n"
		"  Abre la cuenta.\n"
		"  lab.py:3:7  solo en restos de git\n"
		"    k = \"hf_Ab…yZ\"\n"
		"  Qué hacer:\n"
		"  1. Ya no está en ninguna rama, solo en lo que git guarda por un tiempo. Un\n"
		"     push no lo envía; una copia de la carpeta, sí.\n"
		"  2. `git reflog expire --expire=now --all && git gc --prune=now` borra esos\n"
		"     restos. También olvida cada `git stash`: aplica antes (`git stash pop`) lo\n"
		"     que aún necesites.\n"
		"  3. Si alguien más recibió el archivo alguna vez (correo, chat, carpeta\n"
		"     compartida, captura de pantalla), elimina también el token (uno de usuario:\n"
		"     huggingface.co → Settings → Access Tokens).\n\n"
		"Un token por persona y proyecto, con no más permisos que los necesarios: Read o\n"
		"Fine-grained antes que Write.\n\n"
		"1 secreto expuesto en 1 lugar · 2 archivos, 1,5 kB en 0,25 s · historial sin "
		"revisar\n");
}

static void nothing_found_is_one_line(void **state)
{
	struct result r = result(NULL, 0);

	r.summary.images = 2;
	report_is(&r, (struct report_options){0},
		  "No Hugging Face token found · 2 files, 1.5 kB in 0.25 s\n");
	report_says(&r, (struct report_options){.verbose = 1},
		    "2 pictures: what they show was not read (screenshots may show a token)\nNo ");
	report_is(&r, (struct report_options){.quiet = true}, "");
}

/* Takes ESC [ … m out of text, and checks that no other escape is in it. */
static void strip_color(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from != '\033') {
			*to++ = *from;
			continue;
		}
		assert_int_equal(from[1], '[');
		from += 2 + strspn(from + 2, "0123456789;");
		assert_int_equal(*from, 'm');
	}
	*to = '\0';
}

static void color_only_paints(void **state)
{
	struct finding f = finding("lab.py", "1");
	struct result r = result(&f, 1);
	char *plain, *painted;

	f.exposure = EXPOSURE_PUSHED;
	plain = report(&r, (struct report_options){0});
	painted = report(&r, (struct report_options){.color = true});
	assert_null(strchr(plain, '\033'));
	assert_memory_equal(painted, "\033[1;31mCRITICAL\033[0m", 19);
	assert_non_null(strstr(painted, "\033[1;31mPUSHED\033[0m\n"));
	assert_int_equal(occurrences(painted, "\033["), 2 * occurrences(painted, "\033[0m"));
	strip_color(painted);
	assert_string_equal(painted, plain);
	free(painted);
	free(plain);
}

#define HOSTILE "a\033[2J\nb\xff\u202e"
#define QUOTED  "a\\x1B[2J\\x0Ab\\xFF\\u{202E}"

static void hostile_bytes_are_spelled_out(void **state)
{
	struct finding f = finding(HOSTILE, "1");
	struct diag diag = {.path = TEXT(HOSTILE), .what = TEXT(HOSTILE)};
	struct result r = result(&f, 1);

	f.root = TEXT("r" HOSTILE);
	f.excerpt = TEXT(HOSTILE MASKED HOSTILE);
	f.excerpt_beg = strlen(HOSTILE);
	f.excerpt_end = f.excerpt_beg + strlen(MASKED);
	r.diags = &diag;
	r.diag_count = r.summary.incomplete = 1;
	report_says(&r, (struct report_options){.quiet = true},
		    "\n  r" QUOTED "/" QUOTED ":3:7\n    " QUOTED MASKED QUOTED "\n");
	report_says(&r, (struct report_options){0}, "\nNot scanned:\n  " QUOTED ": " QUOTED "\n\n");
}

/* GitHub's runner takes a line that begins so, after any blanks, for an order. */
static void no_line_begins_with_an_order_to_a_runner(void **state)
{
	struct finding f = finding("::add-mask::a", "1");
	struct result r = result(&f, 1);

	f.root = NULL;
	f.excerpt = TEXT("\xc2\xa0 ::stop-commands::" MASKED " ::x");
	f.excerpt_beg = strlen(f.excerpt) - strlen(MASKED " ::x");
	f.excerpt_end = f.excerpt_beg + strlen(MASKED);
	report_says(&r, (struct report_options){.quiet = true},
		    "\n  \\x3A:add-mask::a:3:7\n    \xc2\xa0 \\x3A:stop-commands::" MASKED
		    " ::x\n");
}

static void tokens_in_names_and_complaints_are_masked(void **state)
{
	struct buf token;
	struct finding f;
	struct diag diag;
	struct result r;
	char *text;

	buf_init(&token, BUF_MAX_LINE);
	sample_expand(&token, SLICE("@TOKEN:a@"));
	f = finding(token.ptr, "1");
	f.root = f.excerpt = token.ptr;
	f.excerpt_beg = 0;
	f.excerpt_end = token.len;
	diag = (struct diag){.path = token.ptr, .what = token.ptr};
	r = result(&f, 1);
	r.diags = &diag;
	r.diag_count = 1;
	text = report(&r, (struct report_options){.verbose = 1});
	assert_null(strstr(text, token.ptr + 8));
	assert_int_equal(occurrences(text, "hf_"), 6);
	free(text);
	buf_dispose(&token);
}

static void no_more_than_ten_places_are_listed(void **state)
{
	static const struct {
		size_t count;
		unsigned verbose;
		size_t listed;
		const char *more;
	} rows[] = {
		{10, 0, 10, NULL},
		{11, 0, 10, "  … and 1 more place (-v shows all)\n"},
		{12, 0, 10, "  … and 2 more places (-v shows all)\n"},
		{12, 1, 12, NULL},
	};
	struct finding findings[12];

	for (size_t i = 0; i < 12; i++)
		findings[i] = finding("lab.py", "1");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct result r = result(findings, rows[i].count);
		char *text = report(&r, (struct report_options){.verbose = rows[i].verbose});

		assert_int_equal(occurrences(text, "lab.py:3:7"), rows[i].listed);
		assert_int_equal(occurrences(text, "-v shows all"), rows[i].more != NULL);
		assert_true(!rows[i].more || strstr(text, rows[i].more));
		free(text);
	}
}

static void what_was_not_scanned_is_told_and_counted(void **state)
{
	struct diag diags[] = {
		{.path = TEXT("x"), .what = TEXT("permission denied")},
		{.what = TEXT("too many")},
		{.path = TEXT("y"), .what = TEXT("a note"), .is_note = true},
	};
	struct result r = result(NULL, 0);

	r.diags = diags;
	r.diag_count = 3;
	r.summary.incomplete = 5;
	report_is(&r, (struct report_options){0},
		  "Not scanned:\n  x: permission denied\n  too many\n  … and 3 more\n\n"
		  "No Hugging Face token found in what could be read · 2 files, 1.5 kB in 0.25 s · "
		  "INCOMPLETE: 5 things could not be scanned\n");
	report_says(&r, (struct report_options){.verbose = 1}, "\nNotes:\n  y: a note\n\n");
	report_says(&r, (struct report_options){.lang = LANG_ES},
		    "INCOMPLETO: 5 elementos no se pudieron revisar\n");
}

/* What each choice shows of one finding a verdict, and the end of its summary. */
static void only_leaks_are_shown_unless_asked(void **state)
{
	static const struct {
		struct report_options options;
		size_t shown;
		const char *says;
	} rows[] = {
		{{0},
		 1,
		 ", 1 warning (-v shows it), 1 placeholder (-v shows it), 1 allowed (-v shows it) "
		 "·"},
		{{.strict = true},
		 2,
		 ", 1 warning (fails the run: --strict), 1 placeholder (-v shows it), "},
		{{.verbose = 1}, 4, ", 1 warning, 1 placeholder, 1 allowed ·"},
		{{.quiet = true}, 1, "CRITICAL  User token  hf_Ab…yZ  in 1 place\n  lab.py:3:7\n"},
		{{.quiet = true, .strict = true},
		 2,
		 "WARNING  User token  hf_Ab…yZ  in 1 place: why\n"},
	};
	struct finding findings[VERDICT_COUNT];
	struct result r;

	for (size_t v = 0; v < VERDICT_COUNT; v++) {
		findings[v] = finding("lab.py", "1");
		findings[v].verdict = (enum verdict)v;
		findings[v].reason = v == VERDICT_LEAK ? NULL : "why";
	}
	r = result(findings, VERDICT_COUNT);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *text = report(&r, rows[i].options);

		assert_int_equal(occurrences(text, "lab.py:3:7"), rows[i].shown);
		assert_int_equal(occurrences(text, "What to do"), !rows[i].options.quiet);
		assert_int_equal(occurrences(text, "files,"), !rows[i].options.quiet);
		free(text);
		report_says(&r, rows[i].options, rows[i].says);
	}
}

static void advice_is_given_once(void **state)
{
	struct finding findings[] = {finding(".env", "1"), finding("b/.env", "2")};
	struct result r = result(findings, 2);
	char *text;

	findings[1].secret.redacted = TEXT("hf_Cd…wX");
	text = report(&r, (struct report_options){0});
	assert_int_equal(occurrences(text, "It opens the account."), 1);
	assert_int_equal(occurrences(text, "    ↳ A file for settings and passwords"), 1);
	assert_int_equal(occurrences(text, "  1. "), 1);
	assert_int_equal(occurrences(text, "  What to do: the same as for hf_Ab…yZ above\n"), 1);
	free(text);
	text = report(&r, (struct report_options){.quiet = true});
	assert_null(strstr(text, "↳"));
	free(text);
}

static void a_name_has_no_line(void **state)
{
	struct finding f = finding("lab.py", "1");
	struct result r = result(&f, 1);

	f.where = WHERE_PATH;
	f.exposure = EXPOSURE_PUSHED;
	report_says(&r, (struct report_options){0}, "\n  lab.py  in the name  PUSHED\n");
}

/* ---- history ---- */

#define BLOB   "b10bb10bb10bb10bb10bb10bb10bb10bb10bb10b"
#define COMMIT "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d"
#define GONE   "9f8e7d6c5b4a9f8e7d6c5b4a9f8e7d6c5b4a9f8e"
#define ANA    "2026-03-01, Ana Pérez <ana@example.org>: Add lab\n"

static char *three_paths[] = {TEXT("lab.py"), TEXT("old/lab.py"), TEXT("z\033")};

static struct origin origin(void)
{
	return (struct origin){
		.object = BLOB,
		.exposure = EXPOSURE_PUSHED,
		.commit = COMMIT,
		.author = TEXT("Ana Pérez"),
		.email = TEXT("ana@example.org"),
		.summary = TEXT("Add lab"),
		.time = 1772366400,
		.paths = three_paths,
		.path_count = 1,
		.paths_total = 1,
	};
}

static struct finding past_finding(const char *path, const struct origin *o)
{
	struct finding f = finding(path, "1");

	f.history = true;
	f.origin = o;
	f.exposure = o ? o->exposure : EXPOSURE_UNREACHABLE;
	strcpy(f.blob, BLOB);
	return f;
}

/* What stands between the headline and the empty line at the end. */
static void place_is(const struct finding *f, struct report_options options, const char *wanted)
{
	struct finding copy = *f;
	struct result r = result(&copy, 1);
	char *text, *beg;

	options.quiet = true;
	text = report(&r, options);
	beg = strchr(text, '\n') + 1;
	assert_true(strlen(beg) > 1);
	beg[strlen(beg) - 1] = '\0';
	assert_string_equal(beg, wanted);
	free(text);
}

#define EXCERPT "    k = \"" MASKED "\"\n"

static void an_old_version_tells_its_commit_and_its_end(void **state)
{
	struct origin o = origin();
	struct finding f = past_finding("lab.py", &o);

	place_is(&f, (struct report_options){0},
		 "  lab.py:3:7  in commit 1a2b3c4d5e6f  PUSHED\n" EXCERPT "    " ANA
		 "    not in the current commit (HEAD)\n");
	strcpy(o.removed, GONE);
	place_is(&f, (struct report_options){0},
		 "  lab.py:3:7  in commit 1a2b3c4d5e6f  PUSHED\n" EXCERPT "    " ANA
		 "    replaced or deleted by commit 9f8e7d6c5b4a, but the history keeps it\n");
	o.in_head = true;
	o.paths_total = 1235;
	place_is(&f, (struct report_options){0},
		 "  lab.py:3:7  in commit 1a2b3c4d5e6f  PUSHED\n" EXCERPT "    " ANA
		 "    still in the current commit (HEAD) · at 1,234 more paths too\n");
	place_is(&f, (struct report_options){.lang = LANG_ES},
		 "  lab.py:3:7  en el commit 1a2b3c4d5e6f  PUBLICADO (push)\n" EXCERPT "    " ANA
		 "    sigue en el commit actual (HEAD) · también en 1.234 rutas más\n");
}

static void all_paths_are_listed_when_asked_for(void **state)
{
	struct origin o = origin();
	struct finding f = past_finding("lab.py", &o);

	o.path_count = o.paths_total = 3;
	place_is(&f, (struct report_options){.verbose = 1},
		 "  lab.py:3:7  in commit 1a2b3c4d5e6f  PUSHED\n" EXCERPT "    " ANA
		 "    not in the current commit (HEAD) · at 2 more paths too\n"
		 "      old/lab.py\n      z\\x1B\n");
}

/* That it is still there is plain to see. */
static void a_file_tells_since_which_commit(void **state)
{
	struct origin o = origin();
	struct finding f = past_finding("lab.py", &o);

	f.history = false;
	o.in_head = true;
	o.paths_total = 2;
	place_is(&f, (struct report_options){0},
		 "  lab.py:3:7  PUSHED\n" EXCERPT "    since commit 1a2b3c4d5e6f, " ANA
		 "    at 1 more path too\n");
}

static void what_nothing_reaches_can_be_looked_at(void **state)
{
	struct origin o = {.object = BLOB, .exposure = EXPOSURE_UNREACHABLE};
	struct finding f = past_finding("", &o);

	place_is(&f, (struct report_options){0},
		 "  in object b10bb10bb10b, line 3  only in git's leftovers\n" EXCERPT
		 "    no branch or tag reaches it, `git cat-file -p b10bb10bb10b` shows it\n");
	f = past_finding("sub/", NULL); /* not traced, in a repository below the root */
	place_is(&f, (struct report_options){.lang = LANG_ES},
		 "  sub: en el objeto b10bb10bb10b, línea 3  solo en restos de git\n" EXCERPT
		 "    ninguna rama ni tag llega a él, `git cat-file -p b10bb10bb10b` lo muestra\n");
	f = past_finding("unit1/x.py", NULL);
	place_is(&f, (struct report_options){0},
		 "  unit1/x.py:3:7  in object b10bb10bb10b  only in git's leftovers\n" EXCERPT
		 "    no branch or tag reaches it, `git cat-file -p b10bb10bb10b` shows it\n");
}

static void what_is_in_no_file_is_told_in_words(void **state)
{
	static const struct {
		enum where where;
		bool of_commit;
		const char *path, *says[LANG_COUNT], *commit;
	} rows[] = {
		{WHERE_COMMIT_MESSAGE,
		 true,
		 "",
		 {"in the message of commit 1a2b3c4d5e6f", "en el mensaje del commit 1a2b3c4d5e6f"},
		 "    " ANA},
		{WHERE_AUTHOR,
		 true,
		 "",
		 {"in the author or committer of commit 1a2b3c4d5e6f",
		  "en el autor o committer del commit 1a2b3c4d5e6f"},
		 "    " ANA},
		{WHERE_AUTHOR,
		 false,
		 "",
		 {"in the author, committer or tagger of object b10bb10bb10b",
		  "en el autor, committer o tagger del objeto b10bb10bb10b"},
		 NULL},
		{WHERE_TAG_MESSAGE,
		 false,
		 "sub/lab/",
		 {"sub/lab: in the message of tag object b10bb10bb10b",
		  "sub/lab: en el mensaje del objeto tag b10bb10bb10b"},
		 NULL},
		{WHERE_REF_NAME,
		 false,
		 "",
		 {"in the name of a branch or tag", "en el nombre de una rama o un tag"},
		 NULL},
		{WHERE_REFLOG,
		 false,
		 ".git/logs/HEAD",
		 {".git/logs/HEAD:3:7  in git's own log (reflog)",
		  ".git/logs/HEAD:3:7  en el registro propio de git (reflog)"},
		 NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows) * LANG_COUNT; i++) {
		size_t row = i / LANG_COUNT, lang = i % LANG_COUNT;
		struct origin o = origin();
		struct finding f = past_finding(rows[row].path, rows[row].of_commit ? &o : NULL);
		char wanted[400];

		if (rows[row].of_commit)
			strcpy(f.blob, COMMIT);
		f.where = rows[row].where;
		f.exposure = EXPOSURE_COMMITTED;
		snprintf(wanted, sizeof(wanted), "  %s  %s\n" EXCERPT "%s", rows[row].says[lang],
			 lang == LANG_EN ? "committed, not pushed" : "en un commit, sin push",
			 rows[row].commit ? rows[row].commit : "");
		place_is(&f, (struct report_options){.lang = lang}, wanted);
	}
}

static void a_tag_tells_the_commit_it_stands_on(void **state)
{
	struct origin o = origin();
	struct finding f = past_finding("", &o);

	f.where = WHERE_TAG_MESSAGE;
	place_is(&f, (struct report_options){0},
		 "  in the message of tag object b10bb10bb10b  PUSHED\n" EXCERPT
		 "    on commit 1a2b3c4d5e6f, " ANA);
}

static void an_old_name_tells_its_commit(void **state)
{
	struct origin o = origin();
	struct finding f = past_finding("a/lab.py", &o);

	f.where = WHERE_PATH;
	strcpy(o.removed, GONE);
	place_is(&f, (struct report_options){0},
		 "  a/lab.py  in the name  in commit 1a2b3c4d5e6f  PUSHED\n" EXCERPT "    " ANA
		 "    replaced or deleted by commit 9f8e7d6c5b4a, but the history keeps it\n");
}

static void what_people_wrote_into_commits_is_masked_quoted_and_cut(void **state)
{
	struct origin o = origin();
	struct finding f = past_finding("lab.py", &o);
	struct result r;
	struct buf token;
	char text[200];

	o.author = o.email = o.summary = TEXT(HOSTILE);
	place_is(&f, (struct report_options){0},
		 "  lab.py:3:7  in commit 1a2b3c4d5e6f  PUSHED\n" EXCERPT "    2026-03-01, " QUOTED
		 " <" QUOTED ">: " QUOTED "\n    not in the current commit (HEAD)\n");
	o.author = o.email = o.summary = NULL;
	o.time = INT64_MAX;
	place_is(&f, (struct report_options){0},
		 "  lab.py:3:7  in commit 1a2b3c4d5e6f  PUSHED\n" EXCERPT
		 "    \n    not in the current commit (HEAD)\n");

	/* A token that the cut would leave half of, and a character: 79 bytes, é. */
	buf_init(&token, BUF_MAX_LINE);
	for (size_t i = 0; i < 69; i++)
		buf_append_byte(&token, '.');
	sample_expand(&token, SLICE("@TOKEN:a@"));
	buf_append_str(&token, "éééé");
	o.summary = token.ptr;
	o.author = TEXT("A");
	f.exposure = EXPOSURE_COMMITTED;
	snprintf(text, sizeof(text), "    A: %.69shf_%.2s…%.2s…\n", token.ptr, token.ptr + 72,
		 token.ptr + 69 + 35);
	r = result(&f, 1);
	report_says(&r, (struct report_options){0}, text);
	buf_dispose(&token);
}

/* What only the history has, nobody can take out of a file. */
static void advice_fits_what_is_left(void **state)
{
	struct origin o = origin();
	struct finding findings[] = {past_finding("lab.py", &o), finding("b.py", "1")};
	struct result r = result(findings, 1);

	report_says(&r, (struct report_options){0}, "git filter-repo");
	findings[1].exposure = EXPOSURE_COMMITTED;
	r = result(findings, 2);
	report_says(&r, (struct report_options){0}, "  3. Take it out of the file.");
}

static void the_summary_counts_the_history(void **state)
{
	struct result r = result(NULL, 0);

	r.summary.repositories = 2;
	r.summary.objects = 407061;
	report_says(&r, (struct report_options){0}, "0.25 s · history not searched\n");
	r.summary.histories = 1;
	report_says(&r, (struct report_options){0},
		    " files, 407,061 objects of history, 1.5 kB in 0.25 s\n");
	report_says(&r, (struct report_options){.lang = LANG_ES},
		    " archivos, 407.061 objetos del historial, 1,5 kB en 0,25 s\n");
	r.summary.objects = 1;
	report_says(&r, (struct report_options){0}, ", 1 object of history, 1.5 kB in");
}

static void a_secret_is_shown_where_it_was_asked_for_only(void **state)
{
	struct finding f = finding("lab.py", "1");
	struct result r = result(&f, 1);

	f.secret.clear = TEXT("in\033clear");
	report_is(&r, (struct report_options){.quiet = true},
		  "CRITICAL  User token  in\\x1Bclear  in 1 place\n  lab.py:3:7\n    k = \"" MASKED
		  "\"\n\n");
}

static void a_full_disk_is_an_error(void **state)
{
	struct finding f = finding("lab.py", "1");
	struct result r = result(&f, 1);

	for (int buffered = 0; buffered < 2; buffered++) {
		FILE *full = fopen("/dev/full", "w");
		struct err err = {0};

		assert_non_null(full);
		if (!buffered)
			setvbuf(full, NULL, _IONBF, 0);
		assert_int_equal(report_write(report_find("text"), full, &r,
					      &(struct report_options){.cwd = CWD}, &err),
				 HF_EIO);
		assert_non_null(strstr(err.msg, strerror(ENOSPC)));
		fclose(full);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_leak_is_told_in_the_language_asked_for),
		cmocka_unit_test(nothing_found_is_one_line),
		cmocka_unit_test(color_only_paints),
		cmocka_unit_test(hostile_bytes_are_spelled_out),
		cmocka_unit_test(no_line_begins_with_an_order_to_a_runner),
		cmocka_unit_test(tokens_in_names_and_complaints_are_masked),
		cmocka_unit_test(no_more_than_ten_places_are_listed),
		cmocka_unit_test(what_was_not_scanned_is_told_and_counted),
		cmocka_unit_test(only_leaks_are_shown_unless_asked),
		cmocka_unit_test(advice_is_given_once),
		cmocka_unit_test(a_name_has_no_line),
		cmocka_unit_test(an_old_version_tells_its_commit_and_its_end),
		cmocka_unit_test(all_paths_are_listed_when_asked_for),
		cmocka_unit_test(a_file_tells_since_which_commit),
		cmocka_unit_test(what_nothing_reaches_can_be_looked_at),
		cmocka_unit_test(what_is_in_no_file_is_told_in_words),
		cmocka_unit_test(a_tag_tells_the_commit_it_stands_on),
		cmocka_unit_test(an_old_name_tells_its_commit),
		cmocka_unit_test(what_people_wrote_into_commits_is_masked_quoted_and_cut),
		cmocka_unit_test(advice_fits_what_is_left),
		cmocka_unit_test(the_summary_counts_the_history),
		cmocka_unit_test(a_secret_is_shown_where_it_was_asked_for_only),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
