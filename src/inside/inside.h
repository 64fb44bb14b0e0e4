/*
 * Files that hold others: archives, what is compressed, databases and git's packs.
 * Told member by member; nothing is ever written to disk, and a member's name is only a
 * name.
 *
 * What they are made of is a stranger's: each has ceilings, which all that is inside
 * of one outermost document shares (struct inside_limits).
 */
#ifndef INSIDE_INSIDE_H
#define INSIDE_INSIDE_H

#include "base/err.h"
#include "base/stream.h"

/* Members of one outermost document, of whatever depth. */
#define INSIDE_MEMBERS_MAX ((uint64_t)100000)
/* Bytes of all of them: so many, and so many times what the outermost document has, but
 * never more than the last. Logs come to 100 times what xz makes of them. */
#define INSIDE_BYTES_FREE ((uint64_t)256 << 20)
#define INSIDE_RATIO_MAX  ((uint64_t)200)
#define INSIDE_BYTES_MAX  ((uint64_t)64 << 30)
/* Bytes that are held at a time of members that have to be read twice, and those that each
 * thread may hold; more is for one thread at a time (inside_take_much()). */
#define INSIDE_HELD_MAX  ((size_t)256 << 20)
#define INSIDE_HELD_FREE ((size_t)16 << 20)

/* Of what a packer looks back on, and what each thread may have of it: as much as
 * `xz -9` needs. */
#define INSIDE_DICTIONARY_MAX  ((uint64_t)256 << 20)
#define INSIDE_DICTIONARY_FREE ((uint64_t)64 << 20)

/* What all members of an outermost document share. */
struct inside_limits {
	uint64_t size;                /* of that document, as far as it is known */
	const struct stream *unsized; /* that document, if its size shows as it is read; NULL */
	uint64_t members;             /* told so far */
	uint64_t bytes;               /* of them */
	bool holds_much;              /* inside_take_much() was called */
	const char *over;             /* which ceiling was reached: nothing more is read; NULL */
};

/* Whether bytes more may be read; else it says why in limits->over. */
bool inside_may_read(struct inside_limits *limits, uint64_t bytes);
/* Whether a member more may be told; else likewise. */
bool inside_may_tell(struct inside_limits *limits);

/* A row of the table of kinds. */
struct inside_kind;

/* By the first bytes of a document; NULL: it holds no members. Costs nothing beside
 * searching those bytes. */
const struct inside_kind *inside_kind_of(struct slice beginning);
/*
 * What is none by its first bytes may be an archive behind a program, a picture, or whatever: by
 * the record with which that ends. Only a comment, and of a program what its maker signed it
 * with, stands behind it.
 */
struct inside_end {
	uint64_t last;   /* where the archive ends, by the last record; 0: there is none */
	uint64_t likely; /* by the last that makes sense, wherever it stands */
};
/* Looks through bytes, which are those of a document from offset on. All 0 to begin with. */
void inside_look_for_end(struct inside_end *end, struct slice bytes, uint64_t offset);
/* Those before the end of which it is one, if so: more are looked through of programs only. */
#define INSIDE_END ((size_t)0xffff + 22)
bool inside_is_program(struct slice beginning);
/* Of a document of so many bytes; NULL. */
const struct inside_kind *inside_kind_of_end(const struct inside_end *end, uint64_t size,
					     bool is_program);
/* By all bytes: whether it is of any kind. */
bool inside_holds_others(struct slice bytes);
/* It is read from several places: of a document that goes by once all must be held. */
bool inside_seeks(const struct inside_kind *kind);
/* What its only member is called, that has no name: the document's without this suffix, if
 * it has it; "" for kinds whose members have names. */
struct slice inside_suffix(const struct inside_kind *kind);
/* Members may be office documents' parts: text with markup in it. */
bool inside_has_markup(const struct inside_kind *kind);

struct inside_member {
	struct slice name; /* any bytes; "" where it has none */
	/* Goes by once. NULL: there is nothing but a name. */
	struct stream *bytes;
	/* Stands in the container's bytes as it is. */
	bool stored;
};

/* What is looked for, for kinds that know where it is. */
struct inside_wanted {
	/* Whether a string with which it begins, none longer than reach bytes, stands in
	 * bytes, or they begin with a mark of wide characters, among which it may be hidden:
	 * cheap enough to ask of all. */
	bool (*worth)(void *payload, struct slice bytes);
	size_t reach;
	/* Whether bytes may hold it: asked where worth() said yes. */
	bool (*promising)(void *payload, struct slice bytes);
	void *payload;
};

/* Who is told. */
struct inside_told {
	/* name and bytes are borrowed for the call; what it leaves unread is passed over. */
	void (*member)(void *payload, const struct inside_member *member);
	/* A member was not read, or not to its end: why, in one line. */
	void (*complain)(void *payload, struct slice name, const char *what);
	void *payload;
	struct inside_limits *limits;
	const struct inside_wanted *wanted;
};

/* The libraries that are needed, loaded when they are; any thread. */
struct inside;
struct inside *inside_new(void);
void inside_free(struct inside *inside);

/* Waits for the right to hold much, of which there is one, unless this document has it. True:
 * it was taken, and whoever took it gives it back. Any thread. */
bool inside_take_much(struct inside *inside, struct inside_limits *limits);
void inside_give_much(struct inside *inside, struct inside_limits *limits);

/* Whether what it takes is there. */
bool inside_can_read(struct inside *inside, const struct inside_kind *kind);

/*
 * Tells all members of what outer holds: from its beginning where it can be read at any
 * place, else from the window that it is at, which is the first. Negative and *err when
 * it cannot be read, or no further: HF_ENOTFOUND where a library is missing, HF_ELIMIT
 * at a ceiling.
 */
int inside_read(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
		const struct inside_told *told, struct err *err);

#endif
