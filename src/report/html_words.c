/* What only the page says; all else comes from say.c and the other reports. */
#include "report/html.h"

static const char *const words[HTML_WORD_COUNT][LANG_COUNT] = {
	[HTML_TITLE] = {"hfscan: Hugging Face tokens", "hfscan: tokens de Hugging Face"},
	[HTML_SKIP] = {"Skip to the findings", "Ir a los hallazgos"},
	[HTML_EXIT_LEAK] = {"Exit code 1: at least one token is exposed. Begin with what was "
			    "pushed: it has left this machine.",
			    "Código de salida 1: al menos un token está expuesto. Empieza por lo "
			    "publicado (push): ya salió de esta máquina."},
	[HTML_EXIT_STRICT] = {"Exit code 1: no token leaked, but warnings fail this run "
			      "(--strict).",
			      "Código de salida 1: ningún token expuesto, pero las advertencias "
			      "hacen fallar esta ejecución (--strict)."},
	[HTML_EXIT_INCOMPLETE] = {"Exit code 3 (0 with --allow-incomplete): this is no all-clear, "
				  "since not everything could be read.",
				  "Código de salida 3 (0 con --allow-incomplete): esto no "
				  "descarta nada, porque no se pudo leer todo."},
	[HTML_EXIT_CLEAN] = {"Exit code 0: everything that was to be scanned was scanned.",
			     "Código de salida 0: se revisó todo lo que había que revisar."},
	[HTML_ALSO_INCOMPLETE] = {"There may be more: not everything could be read.",
				  "Puede haber más: no se pudo leer todo."},
	[HTML_DELETE_AT] = {"User tokens are deleted here:",
			    "Los tokens de usuario se eliminan aquí:"},
	[HTML_SCANNED] = {"Scanned:", "Revisado:"},
	[HTML_FINDINGS] = {"Findings", "Hallazgos"},
	[HTML_NO_FINDINGS] = {"Nothing to list.", "Nada que listar."},
	[HTML_FILTER] = {"Filter", "Filtro"},
	[HTML_BY_EXPOSURE] = {"Show what is", "Mostrar lo que está"},
	[HTML_NO_REPOSITORY] = {"in no repository", "fuera de un repositorio"},
	[HTML_SEARCH] = {"Path, author, commit or text contains",
			 "La ruta, el autor, el commit o el texto contiene"},
	[HTML_OPEN_ALL] = {"Open all", "Abrir todo"},
	[HTML_CLOSE_ALL] = {"Close all", "Cerrar todo"},
	[HTML_RESET] = {"Reset", "Restablecer"},
	[HTML_COUNT] = {"Places in view: {shown} of {all}", "Lugares a la vista: {shown} de {all}"},
	[HTML_MADE_BY] = {"Tokens are masked. Cells and lines count from 1. Made by hfscan",
			  "Los tokens van enmascarados. Celdas y líneas se cuentan desde 1. Hecho "
			  "por hfscan"},
};

const char *html_word(enum lang lang, enum html_word word)
{
	return words[word][lang];
}
