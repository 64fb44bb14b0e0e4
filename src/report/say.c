/* One table a kind of word, one column a language. */
#include "report/say.h"

#include <inttypes.h>
#include <stdio.h>

struct phrase {
	const char *one[LANG_COUNT];
	const char *many[LANG_COUNT]; /* NULL: as one */
};

static const struct phrase phrases[SAY_COUNT] = {
	[SAY_IN_PLACES] = {{"in 1 place", "en 1 lugar"}, {"in {n} places", "en {n} lugares"}},
	[SAY_MORE_PLACES] =
		{
			{"… and 1 more place (-v shows all)", "… y 1 lugar más (con -v, todos)"},
			{"… and {n} more places (-v shows all)",
			 "… y {n} lugares más (con -v, todos)"},
		},
	[SAY_IN_FILE_NAME] = {{"in the name", "en el nombre"}, {NULL}},
	[SAY_IN_COMMIT_MESSAGE] =
		{
			{"in the message of commit {s}", "en el mensaje del commit {s}"},
			{NULL},
		},
	[SAY_IN_TAG_MESSAGE] =
		{
			{"in the message of tag object {s}", "en el mensaje del objeto tag {s}"},
			{NULL},
		},
	[SAY_IN_COMMIT_AUTHOR] =
		{
			{"in the author or committer of commit {s}",
			 "en el autor o committer del commit {s}"},
			{NULL},
		},
	[SAY_IN_OBJECT_AUTHOR] =
		{
			{"in the author, committer or tagger of object {s}",
			 "en el autor, committer o tagger del objeto {s}"},
			{NULL},
		},
	[SAY_IN_REF_NAME] =
		{
			{"in the name of a branch or tag", "en el nombre de una rama o un tag"},
			{NULL},
		},
	[SAY_IN_REFLOG] =
		{
			{"in git's own log (reflog)", "en el registro propio de git (reflog)"},
			{NULL},
		},
	[SAY_IN_CELL] = {{"cell {n}", "celda {n}"}, {"cell {n}", "celda {n}"}},
	[SAY_IN_SOURCE] = {{"source line {n}", "línea {n} de la celda"},
			   {"source line {n}", "línea {n} de la celda"}},
	[SAY_IN_OUTPUT] = {{"output {s}, line {n}", "salida {s}, línea {n}"},
			   {"output {s}, line {n}", "salida {s}, línea {n}"}},
	[SAY_IN_METADATA] = {{"metadata", "metadatos"}, {NULL}},
	[SAY_IN_ATTACHMENT] = {{"attachment", "archivo adjunto"}, {NULL}},
	[SAY_IN_COMMIT] = {{"in commit {s}", "en el commit {s}"}, {NULL}},
	[SAY_IN_OBJECT] = {{"in object {s}", "en el objeto {s}"}, {NULL}},
	[SAY_IN_OBJECT_LINE] =
		{
			{"in object {s}, line {n}", "en el objeto {s}, línea {n}"},
			{NULL},
		},
	[SAY_SINCE_COMMIT] = {{"since commit {s}", "desde el commit {s}"}, {NULL}},
	[SAY_ON_COMMIT] = {{"on commit {s}", "sobre el commit {s}"}, {NULL}},
	[SAY_IN_HEAD] =
		{
			{"still in the current commit (HEAD)", "sigue en el commit actual (HEAD)"},
			{NULL},
		},
	[SAY_NOT_IN_HEAD] =
		{
			{"not in the current commit (HEAD)", "no está en el commit actual (HEAD)"},
			{NULL},
		},
	[SAY_REMOVED] =
		{
			{"replaced or deleted by commit {s}, but the history keeps it",
			 "reemplazado o borrado por el commit {s}, pero el historial lo conserva"},
			{NULL},
		},
	[SAY_UNREACHED] =
		{
			{"no branch or tag reaches it, `git cat-file -p {s}` shows it",
			 "ninguna rama ni tag llega a él, `git cat-file -p {s}` lo muestra"},
			{NULL},
		},
	[SAY_MORE_PATHS] =
		{
			{"at 1 more path too", "también en 1 ruta más"},
			{"at {n} more paths too", "también en {n} rutas más"},
		},
	[SAY_WHAT_TO_DO] = {{"What to do", "Qué hacer"}, {NULL}},
	[SAY_SAME_AS] = {{"the same as for {s} above", "lo mismo que con {s}, más arriba"}, {NULL}},
	[SAY_TRIED] = {{"Tried", "Probado"}, {NULL}},
	[SAY_REPOSITORIES] = {{"Repositories", "Repositorios"}, {NULL}},
	[SAY_AUTHORS] = {{"Authors, as their commits name them",
			  "Autores, como los nombran sus commits"},
			 {NULL}},
	[SAY_SECRETS_COLUMN] = {{"secrets", "secretos"}, {NULL}},
	[SAY_WARNINGS_COLUMN] = {{"warnings", "advertencias"}, {NULL}},
	[SAY_NOT_SCANNED_COLUMN] = {{"not scanned", "sin revisar"}, {NULL}},
	[SAY_REPOSITORIES_COLUMN] = {{"repositories", "repositorios"}, {NULL}},
	[SAY_FURTHEST_COLUMN] = {{"how far", "hasta dónde"}, {NULL}},
	[SAY_REST] = {{" (in none of them)", " (en ninguno de ellos)"}, {NULL}},
	[SAY_NO_REPOSITORY] = {{" (no repository)", " (no es un repositorio)"}, {NULL}},
	[SAY_CLEAN_UNITS] =
		{
			{"1 with nothing found (-v names it)",
			 "1 sin hallazgos (con -v se nombra)"},
			{"{n} with nothing found (-v names them)",
			 "{n} sin hallazgos (con -v se nombran)"},
		},
	[SAY_SHARED_SECRETS] = {{"Shared tokens", "Tokens compartidos"}, {NULL}},
	[SAY_SHARED_BY_UNITS] =
		{
			{"shared by 1 repository: ", "compartido por 1 repositorio: "},
			{"shared by {n} repositories: ", "compartido por {n} repositorios: "},
		},
	[SAY_SHARED_BY_AUTHORS] =
		{
			{"brought in by 1 author: ", "incorporado por 1 autor: "},
			{"brought in by {n} authors: ", "incorporado por {n} autores: "},
		},
	[SAY_SHARED_COMMIT] =
		{
			{"commit {s} is in all of them: copies of one template, or forks",
			 "el commit {s} está en todos: copias de una plantilla, o forks"},
			{NULL},
		},
	[SAY_SHARED_ADVICE] =
		{
			{"One token per person and project: with a shared one nobody can tell who "
			 "did what, and deleting it stops everybody at once. Find out whose it is. "
			 "The owner deletes it (huggingface.co → Settings → Access Tokens); "
			 "everybody who needs one creates their own, and copies it to nobody.",
			 "Un token por persona y proyecto: con uno compartido no se sabe quién "
			 "hizo "
			 "qué, y borrarlo detiene a todos a la vez. Hay que averiguar de quién es. "
			 "Esa persona lo borra (huggingface.co → Settings → Access Tokens); quien "
			 "necesite uno crea el suyo, y no se lo pasa a nadie."},
			{NULL},
		},
	[SAY_NOT_SCANNED] = {{"Not scanned", "Sin revisar"}, {NULL}},
	[SAY_NOTES] = {{"Notes", "Notas"}, {NULL}},
	[SAY_MORE_NOT_SCANNED] = {{"… and 1 more", "… y 1 más"}, {"… and {n} more", "… y {n} más"}},
	[SAY_SECRETS_LEAKED] =
		{
			{"1 secret leaked {s}", "1 secreto expuesto {s}"},
			{"{n} secrets leaked {s}", "{n} secretos expuestos {s}"},
		},
	[SAY_NOTHING_FOUND] =
		{
			{"No Hugging Face token found",
			 "No se encontró ningún token de Hugging Face"},
			{NULL},
		},
	[SAY_NOTHING_FOUND_SO_FAR] =
		{
			{"No Hugging Face token found in what could be read",
			 "No se encontró ningún token de Hugging Face en lo que se pudo leer"},
			{NULL},
		},
	[SAY_WARNINGS] = {{"1 warning", "1 advertencia"}, {"{n} warnings", "{n} advertencias"}},
	[SAY_PLACEHOLDERS] =
		{
			{"1 placeholder", "1 ejemplo ficticio"},
			{"{n} placeholders", "{n} ejemplos ficticios"},
		},
	[SAY_ALLOWED] = {{"1 allowed", "1 permitido"}, {"{n} allowed", "{n} permitidos"}},
	[SAY_STRICT] =
		{
			{" (fails the run: --strict)", " (hace fallar la ejecución: --strict)"},
			{" (fail the run: --strict)", " (hacen fallar la ejecución: --strict)"},
		},
	[SAY_SHOWS_THEM] =
		{
			{" (-v shows it)", " (con -v se muestra)"},
			{" (-v shows them)", " (con -v se muestran)"},
		},
	[SAY_FILES] = {{"1 file", "1 archivo"}, {"{n} files", "{n} archivos"}},
	[SAY_IN_TIME] = {{" in {s}", " en {s}"}, {NULL}},
	[SAY_IMAGES] =
		{
			{"1 picture: what it shows was not read (a screenshot may show a token)",
			 "1 imagen: no se leyó lo que muestra (una captura puede mostrar un "
			 "token)"},
			{"{n} pictures: what they show was not read (screenshots may show a token)",
			 "{n} imágenes: no se leyó lo que muestran (una captura puede mostrar un "
			 "token)"},
		},
	[SAY_OBJECTS] =
		{
			{"1 object of history", "1 objeto del historial"},
			{"{n} objects of history", "{n} objetos del historial"},
		},
	[SAY_NO_HISTORY] =
		{
			{"history not searched", "historial sin revisar"},
			{NULL},
		},
	[SAY_INCOMPLETE] =
		{
			{"INCOMPLETE: 1 thing could not be scanned",
			 "INCOMPLETO: 1 elemento no se pudo revisar"},
			{"INCOMPLETE: {n} things could not be scanned",
			 "INCOMPLETO: {n} elementos no se pudieron revisar"},
		},
	[SAY_NARROWED] = {{"Narrowed by", "Limitado por"}, {NULL}},
	[SAY_RULE_OFF] = {{"turns {s} off", "desactiva {s}"}, {NULL}},
	[SAY_PATHS_IGNORED] =
		{
			{"ignores paths by 1 pattern", "ignora rutas con 1 patrón"},
			{"ignores paths by {n} patterns", "ignora rutas con {n} patrones"},
		},
	[SAY_SEVERITY_CHANGED] = {{"changes the severity: {s}", "cambia la gravedad: {s}"}, {NULL}},
	[SAY_BASELINE_ALLOWS] =
		{
			{"allows 1 secret", "permite 1 secreto"},
			{"allows {n} secrets", "permite {n} secretos"},
		},
	[SAY_BASELINE_EXPIRED] =
		{
			{"allows 1 secret no more, which has expired",
			 "ya no permite 1 secreto, cuyo plazo venció"},
			{"allows {n} secrets no more, which have expired",
			 "ya no permite {n} secretos, cuyo plazo venció"},
		},
};

static const char *const severities[SEVERITY_COUNT][LANG_COUNT] = {
	[SEVERITY_LOW] = {"LOW", "BAJA"},
	[SEVERITY_MEDIUM] = {"MEDIUM", "MEDIA"},
	[SEVERITY_HIGH] = {"HIGH", "ALTA"},
	[SEVERITY_CRITICAL] = {"CRITICAL", "CRÍTICA"},
};

/* A leak is named by its severity. */
static const char *const verdicts[VERDICT_COUNT][LANG_COUNT] = {
	[VERDICT_LEAK] = {NULL},
	[VERDICT_WARNING] = {"WARNING", "ADVERTENCIA"},
	[VERDICT_PLACEHOLDER] = {"PLACEHOLDER", "EJEMPLO FICTICIO"},
	[VERDICT_ALLOWED] = {"ALLOWED", "PERMITIDO"},
};

static const char *const exposures[EXPOSURE_COUNT][LANG_COUNT] = {
	[EXPOSURE_NONE] = {NULL},
	[EXPOSURE_IGNORED] = {"ignored by git", "ignorado por git"},
	[EXPOSURE_UNREACHABLE] = {"only in git's leftovers", "solo en restos de git"},
	[EXPOSURE_WORKTREE] = {"not committed", "sin commit"},
	[EXPOSURE_STAGED] = {"staged for commit", "preparado para el commit"},
	[EXPOSURE_COMMITTED] = {"committed, not pushed", "en un commit, sin push"},
	[EXPOSURE_PUSHED] = {"PUSHED", "PUBLICADO (push)"},
};

static const struct {
	char thousands;
	char decimal;
} numerals[LANG_COUNT] = {
	[LANG_EN] = {',', '.'},
	[LANG_ES] = {'.', ','},
};

void say(struct buf *out, enum lang lang, enum word word, uint64_t n, const char *what)
{
	const struct phrase *phrase = &phrases[word];
	const char *text = n != 1 && phrase->many[lang] ? phrase->many[lang] : phrase->one[lang];
	const char *hole;

	while ((hole = strchr(text, '{')) != NULL) {
		buf_append(out, text, (size_t)(hole - text));
		if (hole[1] == 'n')
			say_number(out, lang, n);
		else
			buf_append_str(out, what);
		text = hole + strlen("{n}");
	}
	buf_append_str(out, text);
}

const char *say_headline(enum lang lang, enum verdict verdict, enum severity severity)
{
	const char *own = verdicts[verdict][lang];

	return own ? own : severities[severity][lang];
}

const char *say_exposure(enum lang lang, enum exposure exposure)
{
	return exposures[exposure][lang];
}

void say_number(struct buf *out, enum lang lang, uint64_t n)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_append_byte(out, (unsigned char)numerals[lang].thousands);
		buf_append_byte(out, (unsigned char)digits[i]);
	}
}

void say_bytes(struct buf *out, enum lang lang, uint64_t bytes)
{
	static const char *const units[] = {" B", " kB", " MB", " GB", " TB"};
	uint64_t unit = 1;
	size_t i = 0;

	while (bytes / unit >= 1000 && i + 1 < sizeof(units) / sizeof(units[0])) {
		unit *= 1000;
		i++;
	}
	say_number(out, lang, bytes / unit);
	if (i > 0 && bytes / unit < 10)
		buf_appendf(out, "%c%u", numerals[lang].decimal,
			    (unsigned)(bytes % unit * 10 / unit));
	buf_append_str(out, units[i]);
}

void say_seconds(struct buf *out, enum lang lang, double seconds)
{
	uint64_t hundredths = (uint64_t)(seconds * 100 + 0.5);

	say_number(out, lang, hundredths / 100);
	if (hundredths < 100 * 100)
		buf_appendf(out, "%c%02u", numerals[lang].decimal, (unsigned)(hundredths % 100));
	buf_append_str(out, " s");
}
