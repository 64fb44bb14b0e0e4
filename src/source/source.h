/*
 * Where bytes come from. A source hands documents to a sink; the sink never
 * learns how they were come by.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/err.h"
#include "base/stream.h"
#include "hfscan.h"

/* Where the settings of those who are scanned are read (source/settings.h). */
enum settings_from {
	SETTINGS_NONE,
	SETTINGS_FILES,
	SETTINGS_INDEX, /* as the next commit would have them */
};

#define SETTINGS_CONFIG   ".hfscan.json"
#define SETTINGS_BASELINE ".hfscan-baseline.json"
/* More is refused: about 50,000 secrets. */
#define SETTINGS_MAX ((size_t)16 << 20)

/* One such file. All borrowed for the call. */
struct settings {
	const char *root;
	struct slice prefix; /* path of the folder relative to root; "" or ends in '/' */
	const char *name;    /* one of those above */
	struct slice text;
	const char *refused; /* why there is no text; NULL */
};

/* Who receives. All but root() are called from worker threads, several at
 * once, each with its own worker number in [0, jobs). */
struct sink {
	/* What the paths that follow are relative to; on the thread
	 * that runs the source. "-" stands for standard input. */
	void (*root)(void *payload, const char *root);
	/* doc and all it points to are borrowed for the call. */
	void (*document)(void *payload, unsigned worker, struct document *doc);
	/* Whether bytes hold anything that a rule looks for: cheap enough to ask of
	 * names by the hundred, before each becomes a document. */
	bool (*worth)(void *payload, struct slice bytes);
	/* Whether a document that begins, or ends, so is of interest whatever else it holds:
	 * an archive, say. May be NULL: none is. */
	bool (*kind)(void *payload, struct slice bytes);
	/* The strings of which worth() says whether bytes hold one; borrowed. */
	const struct slice *worth_strings;
	size_t worth_count;
	/* An object of so many bytes of which neither said that it holds anything. */
	void (*passed)(void *payload, unsigned worker, uint64_t bytes);
	/* Something that is not scanned. path: relative to root, any bytes; root and
	 * path may be NULL / empty. is_note: worth telling with -v, harmless. */
	void (*diag)(void *payload, unsigned worker, const char *root, struct slice path,
		     bool is_note, const char *what);
	/* A repository is part of the run. Returns its number, from 1: the same one
	 * for the same common_dir, whichever work tree led there. */
	unsigned (*repository)(void *payload, unsigned worker, const struct repository *which);
	/* A file by which a folder says how it wants to be scanned; may be NULL. May come
	 * several times. */
	void (*settings)(void *payload, unsigned worker, const struct settings *settings);
	/* What history knows of an object that was found; on the thread that runs
	 * the source. Takes over what origin points to. */
	void (*origin)(void *payload, const struct origin *origin);
	void *payload;
};

struct source_options {
	unsigned jobs; /* worker threads, at least 1 */
	bool ignored;  /* read what git ignores too */
	bool history;  /* the histories of repositories come later: exposure can wait */
	bool no_files; /* only look for repositories */
	enum settings_from settings;
	/* As git's environment has it, for a PATH that the user did not name: the
	 * git directory, the work tree it belongs to (NULL: the present folder) and
	 * its index; NULL when it has to be found. */
	const char *git_dir, *work_tree, *index_file;
};

/*
 * source_files.c: everything PATH covers (design: a folder in a work tree, a
 * plain folder, a folder of repositories, a file). Blocks until done. Returns
 * 0 even when single files could not be read (those are diags); negative when
 * PATH itself cannot be scanned: it does not exist, cannot be opened, is a
 * device.
 */
int source_files(const char *path, const struct source_options *options, const struct sink *sink,
		 struct err *err);

/*
 * source_staged.c: of the repository around PATH, a folder or a name in the index,
 * what the next commit would bring in. HF_ENOTFOUND when there is no repository.
 */
int source_staged(const char *path, const struct source_options *options, const struct sink *sink,
		  struct err *err);

/*
 * source_staged.c: nothing but the settings of the repository around PATH, for who scans
 * something that belongs to it otherwise. root: what paths of that are relative to.
 * HF_ENOTFOUND when there is no repository.
 */
int source_settings(const char *path, const char *root, const struct source_options *options,
		    const struct sink *sink, struct err *err);

/*
 * source_list.c: the files named one a line (or NUL-separated) in list, "-" for
 * stdin. A named file is scanned whatever the ignore rules; a folder in the
 * list is a diag. Names that cannot be opened are diags.
 */
int source_list(const char *list, bool nul_separated, const struct source_options *options,
		const struct sink *sink, struct err *err);

/* The same of names that are there already. */
void source_names(char *const *names, size_t count, const struct source_options *options,
		  const struct sink *sink);

/* source_stdin.c: standard input as one document called name. Worker 0. */
int source_stdin(const char *name, const struct sink *sink, struct err *err);

#endif
