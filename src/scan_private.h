/* What scan.c, which runs and joins, scan_document.c, which searches one document,
 * scan_place.c, which says where something stands in it, scan_cells.c, which looks at a
 * notebook's cells, scan_members.c, which looks at what
 * is inside, and scan_markup.c, which reads office documents, share. Nobody else
 * includes this. */
#ifndef SCAN_PRIVATE_H
#define SCAN_PRIVATE_H

#include "base/alloc.h"
#include "inside/inside.h"
#include "match/matcher.h"
#include "scan.h"
#include "view/condense.h"
#include "view/forms.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* Places kept per run: at 1 KB each, as measured, 60 MB at the very worst. Leaks
 * have a ceiling of their own, so that a flood of placeholders hides none. */
#define LEAKS_MAX  ((uint64_t)50000)
#define OTHERS_MAX ((uint64_t)10000)
/* Bytes of a notebook that are held, which long plain stretches are not. */
#define NOTEBOOK_MAX ((uint64_t)1 << 30)
/* Settings of all repositories of a run. */
#define SETTINGS_BYTES_MAX ((size_t)256 << 20)
/* Diagnostics kept; the rest is counted. */
#define DIAGS_MAX ((uint64_t)10000)

/* What one thread needs to look at what was decoded, once for each depth. */
struct coded_level {
	struct matcher *matcher; /* NULL: not yet needed */
	struct view_text text;
};
/* Wipes: they may hold tokens. */
void coded_levels_dispose(struct coded_level levels[DECODINGS_MAX]);

/* What one thread gathers. Counters are atomic only so that progress can look. */
struct worker {
	struct scan *scan;
	struct matcher *matcher;
	struct condensed held; /* of the document, if it may be a notebook */
	struct coded_level coded[DECODINGS_MAX];
	struct finding *findings;
	size_t finding_count, finding_cap;
	struct diag *diags;
	size_t diag_count, diag_cap;
	uint64_t images, objects, incomplete;
	uint64_t unlisted[VERDICT_COUNT]; /* found past the ceiling */
	uint64_t boxes, members;          /* documents that hold others, and those */
	struct inside_limits limits;      /* of what is inside of the document */
	uint64_t complaints, too_deep;    /* about that; archives beyond --max-depth */
	size_t held_bytes;                /* of it */
	_Alignas(CACHE_LINE) atomic_uint_least64_t files, bytes, leaks;
	atomic_bool is_at_work; /* on a document */
};

struct scan {
	const struct rules *rules;
	struct scan_options options;
	struct rule *assembled; /* the rules, each one step less severe: for what was in pieces */
	struct patterns *patterns;
	struct worker *workers;
	struct sink sink;
	struct timespec began;
	atomic_uint_least64_t leaks_kept, others_kept, diags_kept;
	atomic_uint_least64_t histories, repositories_known;
	struct inside *inside;
	atomic_uint scouts;                 /* at work */
	atomic_uint_least64_t boxes_unread; /* because there is no library */
	size_t root_cap, origin_cap, narrowing_cap;
	pthread_mutex_t lock; /* for roots, origins, settings, repositories and their count in the
				 summary */
	struct repository *repositories;
	size_t repository_count, repository_cap;
	struct repository *met; /* the same, once for every time that they were met */
	size_t met_count, met_cap;
	struct settings *settings; /* each once, in no order */
	size_t setting_count, setting_cap, setting_bytes;
	struct result result;
};

/* All of a document, for who reads it twice. */
struct kept {
	bool on, too_large;
	bool in_case; /* its end says that it is needed, and only so much of it is held */
	bool is_much; /* and so inside_take_much() was called */
	unsigned char *ptr;
	size_t len, cap;
};

/* A place of a document, and the line it is in; line1 is 0: none. */
struct line_place {
	uint64_t at, line1, line_offset;
	uint64_t counted_to, columns; /* private to scan_place.c */
};

/* One document at one worker. */
struct visit {
	struct worker *worker;
	unsigned number; /* the worker's */
	struct document *doc;
	size_t first;                       /* of the worker's findings, those of this document */
	bool told;                          /* doc->found was called */
	bool decoded;                       /* some finding was made in another form of the bytes */
	enum decoding wide;                 /* all of it is; COUNT */
	struct line_place wide_beg;         /* then, where the window held now begins */
	struct line_place wide_end;         /* and where the one before ended */
	struct line_place asked;            /* where scan_place() was asked last */
	const char *allowed;                /* why whatever is found now is; NULL */
	uint64_t coded_done[DECODED_COUNT]; /* see scan_coded() */
	/* Of what is inside: */
	const struct inside_kind *inside; /* it holds others; NULL */
	bool by_end;                      /* which its beginning does not tell, its end may */
	bool is_program;                  /* by its beginning */
	struct inside_end end;            /* of an archive behind what it begins with */
	uint64_t looked;                  /* up to there, for that */
	bool passes_by;                   /* and is read only once, by who reads those */
	bool in_markup, markup;           /* it may be a part of an office document, and is */
	bool was_seen;                    /* where it is stored, and holds nothing as it is */
	bool is_name;                     /* of a member, and not what is in it */
	bool is_trial, found;             /* nothing of it is kept but whether it was found */
	struct kept kept;
};

/* The sink's. */
void scan_document(void *payload, unsigned worker, struct document *doc);
void scan_diag(void *payload, unsigned worker, const char *root, struct slice path, bool is_note,
	       const char *what);

/* The same, of the document, or of the member that is called so in the whole of it and
 * lies inside of it; of an object of a history by its id. */
void scan_tell(struct visit *visit, struct slice member, const char *what);
/* The same, and at this byte. */
void scan_complain(struct visit *visit, uint64_t offset, const struct err *err);

/*
 * Judges text[secret] and adds a finding for it, which still lacks its place and
 * its excerpt. Marks around it count. NULL, and it is only counted, when there are too many. It is
 * the worker's, valid until the next.
 */
struct finding *scan_add(struct visit *visit, const struct rule *rule, struct slice text,
			 struct span secret);

/* Gives it the masked line around text[secret]. begins, ends: the document does
 * so there. */
void scan_excerpt(const struct visit *visit, struct finding *finding, struct slice text,
		  struct span secret, bool begins, bool ends);

/* Counts lines, and in a line columns, from where it was asked last: forwards that is cheap. */
struct lines {
	struct slice text;
	struct line_place place; /* the line that has text[place.at] */
};
struct lines lines_of(struct slice text);
/* Moves to the line that has text[at]. */
void lines_locate(struct lines *lines, size_t at);
/* How many columns text[at] is behind the beginning of the line moved to, which has it. */
uint64_t lines_columns(struct lines *lines, size_t at);

/* Gives the finding its place, which is raw in the window held now. */
void scan_place(struct visit *visit, struct finding *finding, struct span raw);
/* Remembers in which line the next window begins, which is with byte `keep` of the one held now. */
void scan_place_go_on(struct visit *visit, size_t keep);

/* A text of the document in which forms are undone. */
struct coded_base {
	struct visit *visit;
	struct slice text;
	uint64_t offset; /* of text in what `done` counts in */
	bool ordered;    /* in wide characters, of which the order of bytes is known */
	/* Of each form: what stands before it was decoded. One for all texts that follow
	 * each other; all 0 to begin with. */
	uint64_t *done;
	/* Gives the finding its place, which is text[raw]. */
	void (*place)(void *payload, struct finding *finding, struct span raw);
	void *payload;
};

/* Decodes what stands at a place of base->text, and what that holds, and adds findings. */
void scan_coded(const struct coded_base *base, const struct coded *coded);

/* Decodes base->text up to `end`, or a little beyond: the document is in wide characters. */
void scan_wide(const struct coded_base *base, enum decoding form, size_t end);

/*
 * Of the document's findings that overlap the best stays: a credential before a habit,
 * what took least decoding, and what was found as people see it before what the plain
 * search found, which are those before the worker's finding number raw_end. They come out
 * in the order of their offsets.
 */
void scan_drop_repeated(struct visit *visit, size_t raw_end);

/* Looks at the document again, as a notebook, if it is one: places what was found
 * in it, and finds what escapes hid. named: it is called one. all_held: worker->held
 * has the document; else it is read again. */
void scan_cells(struct visit *visit, bool named, bool all_held);

/* A member of another document, whose part with markup it may be. was_seen: as in struct
 * visit. */
void scan_member(struct worker *worker, unsigned number, struct document *doc, bool in_markup,
		 bool was_seen);
/* Its name, which is what doc's bytes are. */
void scan_name_of_member(struct worker *worker, unsigned number, struct document *doc);

/* Whether something would be found in bytes, were they a document, or may be as in a
 * notebook. */
bool scan_try(struct worker *worker, unsigned number, struct slice bytes);

/* Whether an anchor stands in bytes or they are, as a document, in wide characters, in which it
 * may be hidden. Any thread. */
bool scan_is_worth(const struct scan *scan, struct slice bytes);

/* The name by which to tell what a document is. */
struct slice scan_name(const struct document *doc);

/* Looks at the first window, before it is searched; then holds each that was. */
void scan_members_begin(struct visit *visit);
void scan_members_go_on(struct visit *visit);
/* Looks at what is inside, when all was searched. quiet: and nothing seen. */
void scan_members(struct visit *visit, bool quiet);

/* Looks at an office document's part again, as people read it. */
void scan_markup(struct visit *visit, struct slice stored);

#endif
