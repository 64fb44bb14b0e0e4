/*
 * The nouns every room shares. Bytes come in with a provenance, are read in
 * windows, give matches, matches are judged into findings, and findings are
 * shown without showing the secret.
 *
 * Offsets count bytes from 0, spans are half-open, names that end in 1 count
 * from 1. Nothing here has behaviour.
 */
#ifndef HFSCAN_H
#define HFSCAN_H

#include "base/slice.h"

#include <stdint.h>

#define HFSCAN_VERSION "0.1.0"

/* The languages of the report and of the rules. */
enum lang { LANG_EN, LANG_ES, LANG_COUNT };

/* One text in every language; [LANG_EN] is never NULL. */
typedef char *localized[LANG_COUNT];

enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL, SEVERITY_COUNT };

enum verdict {
	VERDICT_LEAK,        /* a credential; fails the run */
	VERDICT_WARNING,     /* no credential, but a habit the guide warns of */
	VERDICT_PLACEHOLDER, /* looks like one, is documentation */
	VERDICT_ALLOWED,     /* the user has spoken */
	VERDICT_COUNT,
};

/* What the bytes are to their repository. */
enum where {
	WHERE_BLOB,   /* contents of a file */
	WHERE_CONFIG, /* the repository's own .git/config, and what git noted of remotes */
	WHERE_PATH,   /* the name of a file or folder */
	WHERE_COMMIT_MESSAGE,
	WHERE_TAG_MESSAGE,
	WHERE_AUTHOR,   /* author, committer and tagger lines */
	WHERE_REF_NAME, /* of a branch, tag, note, ... */
	WHERE_REFLOG,
	WHERE_COUNT,
};

/* How far a secret got, nearest first, so that the larger is the worse. */
enum exposure {
	EXPOSURE_NONE,        /* no repository: the question does not arise */
	EXPOSURE_IGNORED,     /* git ignores it, or keeps it for itself */
	EXPOSURE_UNREACHABLE, /* only in dangling objects or local reflogs */
	EXPOSURE_WORKTREE,    /* could be committed */
	EXPOSURE_STAGED,      /* will be committed */
	EXPOSURE_COMMITTED,   /* in a local commit */
	EXPOSURE_PUSHED,      /* has left this machine */
	EXPOSURE_COUNT,
};

/* ---- rules ---- */

/* What a credential's body must be like to be taken for a real one. */
enum body_kind {
	BODY_RANDOM, /* letters and digits drawn at random */
	BODY_JWT,    /* three base64url segments */
	BODY_ANY,    /* no opinion: every match is taken as it is */
	BODY_COUNT,
};

struct judge_settings {
	enum body_kind body;
	double min_entropy;     /* Shannon, bits a character of the body */
	unsigned min_distinct;  /* different characters */
	unsigned min_each_case; /* lower-case letters, and upper-case letters */
};

/* One credential or habit, as read from rules/ *.json. Frozen after loading. */
struct rule {
	char *id;
	localized title;       /* "User access token" */
	localized explanation; /* a paragraph: what it opens, what to do */
	enum severity severity;
	enum verdict verdict; /* what an unobjectionable match becomes: LEAK or WARNING */
	struct slice
		*anchors; /* literals, one of which every match begins with after `before` bytes */
	size_t anchor_count;
	size_t before;       /* bytes of a match that may stand before its anchor */
	struct slice prefix; /* what a secret begins with and is no body: "hf_"; may be empty */
	char *pattern;       /* PCRE2, the secret is the group named `secret` */
	size_t pattern_beg;  /* what stands before it are its file's definitions */
	struct judge_settings judge;
	char **examples; /* with @TOKEN:a@ placeholders, must match as `verdict` */
	size_t example_count;
	char **counterexamples; /* must not give a leak or warning */
	size_t counterexample_count;
	const char *file;   /* where it was read, for messages; borrowed from the rules */
	size_t file_offset; /* of its object in that file */
	unsigned index;     /* position in the rules, the order of precedence */
};

/* Where a rule matched, as spans in the text that was searched. */
struct match {
	const struct rule *rule;
	struct span secret;
};

/* ---- other forms ---- */

/* How bytes are stored that mean others. */
enum decoding {
	DECODED_UTF16LE,
	DECODED_UTF16BE,
	DECODED_UTF32LE,
	DECODED_UTF32BE,
	DECODED_BASE64, /* either alphabet, with line ends in it or not */
	DECODED_HEX,
	DECODED_PERCENT,          /* %5F */
	DECODED_ESCAPES,          /* \x5f, \u005f, \137 */
	DECODED_ENTITIES,         /* &#95; */
	DECODED_QUOTED_PRINTABLE, /* =5F, and lines that go on behind '=' */
	DECODED_JOINED,           /* of literals that a program joins */
	DECODED_UNWRAPPED,        /* of lines into which somebody broke it */
	DECODED_COUNTED,          /* a string behind its length, as in a pickle */
	DECODED_MARKUP,           /* between tags, as in an office document */
	DECODED_COUNT,
};
#define DECODINGS_MAX 3

/* From the stored bytes inwards. */
struct decodings {
	unsigned char count, list[DECODINGS_MAX]; /* of enum decoding */
};

/* ---- documents ---- */

/* Where bytes came from. Strings are borrowed from the source and live as
 * long as the call that handed the document over. */
struct provenance {
	const char *root;    /* how the user named the root, for display; may be NULL (stdin) */
	struct slice path;   /* relative to the root, any bytes, '/' between names */
	size_t name_len;     /* of path: the name in a tree of the history, which may hold '/' as
				no file's can; 0 elsewhere */
	struct slice member; /* of the archive that path is, any bytes; in one that is a member
				itself behind its name and "!/"; empty: the file itself */
	bool by_path;        /* member begins with the path's name without its suffix (.gz), having
				none of its own; in history, until the path is known, with the suffix */
	unsigned depth;      /* archives around it */
	enum where where;
	enum exposure exposure;
	const char *blob;    /* object id in hex when the bytes are that object's, else NULL */
	unsigned repository; /* as sink.repository() numbered it; 0: none */
	bool named;          /* the user named this very file */
	bool uncounted;      /* a file of git's own, which nobody counts among theirs */
	bool history;        /* an object of the database: an origin will tell path and exposure,
				until then path is that of the repository's top, "" or ending in '/' */
};

struct stream;

/* Bytes plus provenance. Which bytes is up to the stream (base/stream.h). */
struct document {
	struct provenance from;
	struct stream *bytes;
	/* Called at most once, when something was found, to fill from.exposure
	 * and from.blob as far as that is too dear to know beforehand; may be
	 * NULL. Same thread as the call that handed the document over. */
	void (*found)(struct document *doc);
	/* What the bytes at an offset are to their repository, where that is not
	 * from.where for all of them; NULL. */
	enum where (*where_at)(const struct document *doc, uint64_t offset);
	void *owner; /* for both */
};

/* A repository that is part of the run. Strings as in struct provenance. */
struct repository {
	const char *root;
	struct slice prefix;    /* path of its top relative to root; "" or ends in '/' */
	const char *git_dir;    /* of this work tree; ends in '/' */
	const char *common_dir; /* where refs and objects are; ends in '/' */
	bool bare;
	bool separate; /* a submodule's, kept apart from its work tree */
	bool inner;    /* a submodule's, or its work tree lies in another's */
};

/*
 * What history knows of one object in which something was found: a blob, a
 * commit, a tag, or a tree (for a name in it). Owns its strings, which are
 * scanned text of any bytes. Paths are relative to the repository's top.
 */
struct origin {
	unsigned repository;
	char object[65];                /* hex object id */
	char *name;                     /* that was found in it, of a tree; else NULL */
	enum exposure exposure;         /* UNREACHABLE, COMMITTED or PUSHED */
	char commit[65];                /* that brought it in; "" when no commit reaches it */
	char removed[65];               /* the last commit that took it out again; "" */
	char *author, *email, *summary; /* of commit; NULL with it */
	int64_t time;                   /* of commit, by its author: seconds since 1970, UTC */
	char **paths; /* it lived at, ordered, without repeats; the first is in HEAD if any is */
	size_t path_count; /* as listed: ORIGIN_PATHS_MAX at most */
	uint64_t paths_total;
	bool in_head;
	bool outside; /* none of the commits that were asked for brought it in: no finding */
};
#define ORIGIN_PATHS_MAX 100

/* ---- places in a notebook ---- */

enum cell_type { CELL_OTHER, CELL_CODE, CELL_MARKDOWN, CELL_RAW, CELL_HEADING, CELL_TYPE_COUNT };

enum cell_part {
	PART_UNKNOWN, /* the notebook's structure could not be read */
	PART_SOURCE,
	PART_OUTPUT,
	PART_METADATA, /* of an output, a cell or the notebook */
	PART_ATTACHMENT,
	PART_OTHER, /* keys that the format does not know */
	PART_COUNT,
};

struct notebook_place {
	unsigned cell; /* from 1; 0: it is in no cell */
	struct slice id;
	enum cell_type type;
	enum cell_part part;
	unsigned output;         /* from 1; 0: in none */
	uint64_t line1, column1; /* in the text that part is, as in struct finding */
};

/* ---- findings ---- */

struct secret {
	char *redacted;       /* "hf_Ab...yZ" with U+2026 */
	char fingerprint[33]; /* first 32 hex digits of SHA-256 of the secret */
	char *clear;          /* NULL unless the user asked with --show-secrets, or until --verify
				 has tried it */
};

/* One secret at one place. Owns its strings; small, as there may be many. */
struct finding {
	const struct rule *rule;
	enum verdict verdict;
	const char *reason; /* why the verdict, a static string; NULL for a plain leak, but not for
			     * one that was allowed until some day */
	bool by_list;       /* allowed by a baseline or a configuration, not where it stands */
	struct secret secret;
	char *root; /* as in provenance; NULL for stdin */
	char *path; /* as found, any bytes: quote before showing */
	size_t path_len;
	size_t name_len; /* as in provenance */
	char *member;    /* as in provenance; NULL: the file itself. Places are in it */
	size_t member_len;
	bool by_path;             /* as in provenance */
	struct decodings decoded; /* what was undone to see it */
	enum where where;
	enum exposure exposure;
	char blob[65];                   /* hex object id or "" */
	unsigned repository;             /* as in provenance */
	bool named;                      /* as in provenance */
	bool history;                    /* as in provenance: came from the database */
	const struct origin *origin;     /* of blob; NULL: not traced. The result's */
	struct notebook_place *notebook; /* owned, with its id; NULL: it is in no notebook */
	/* As editors, SARIF and GitHub count: columns are UTF-16 code units, and a byte order mark
	 * none; but bytes what lies before the window that was read. The end is exclusive. */
	uint64_t line1, column1, end_column1;
	uint64_t offset;                 /* of the secret in the document */
	uint64_t length;                 /* bytes of the secret */
	char *excerpt;                   /* its line, masked by redact, cut to a window around it */
	size_t excerpt_beg, excerpt_end; /* where the masked secret stands in excerpt */
	unsigned occurrences;    /* locations of this secret in the run, filled at the end */
	unsigned unit, author;   /* the result's, from 1; 0: none. Of leaks, who brought it in */
	const struct live *live; /* NULL: not checked. Whoever had it checked owns it */
};

/* ---- whether a secret still opens a door ---- */

enum live_status { LIVE_UNCHECKED, LIVE_LIVE, LIVE_DEAD, LIVE_UNKNOWN, LIVE_STATUS_COUNT };

/* Why it is dead or unknown. */
enum live_reason {
	LIVE_NO_REASON,
	LIVE_REVOKED,      /* the server does not know it: deleted, or never was one */
	LIVE_EXPIRED,      /* by its own words or the server's */
	LIVE_NOT_ASKABLE,  /* no question that the server answers tells of this kind */
	LIVE_REFUSED,      /* 403: a policy, of which the token may be the reason or not */
	LIVE_RATE_LIMITED, /* 429, or no request left */
	LIVE_REDIRECTED,   /* to where a token is not sent */
	LIVE_SERVER_ERROR, /* 5xx, again and again */
	LIVE_STRANGE,      /* an answer that whoami does not give */
	LIVE_TIMED_OUT,
	LIVE_NO_TLS,        /* the server is not proved to be who it should be */
	LIVE_NO_CONNECTION, /* no network, no such host, a broken connection */
	LIVE_GIVEN_UP,      /* not asked any more, after others had failed */
	LIVE_GONE,          /* what a report tells of is not there any more */
	LIVE_REASON_COUNT,
};

enum live_owner { OWNER_UNKNOWN, OWNER_USER, OWNER_ORG, OWNER_APP, OWNER_COUNT };
enum live_role { ROLE_UNKNOWN, ROLE_READ, ROLE_WRITE, ROLE_FINE_GRAINED, ROLE_COUNT };

/* An organisation that the owner belongs to, and as what ("admin"; NULL). */
struct live_org {
	char *name, *role;
};

/* What the server, or a token's own text, says. Owns its strings, which are a
 * stranger's: quote before showing. */
struct live {
	enum live_status status;
	enum live_reason reason;
	long http_status;   /* of the last answer; 0 when there was none */
	int64_t checked_at; /* seconds since 1970; 0: not checked */
	enum live_owner owner;
	enum live_role role;
	char *user;            /* name of the owner; NULL */
	char *token_name;      /* as the owner called it; NULL */
	char *created_at;      /* ISO 8601, as told; NULL */
	int64_t expires_at;    /* seconds since 1970; 0: not known */
	char *subject, *scope; /* of a JWT; NULL */
	struct live_org *orgs;
	size_t org_count;
	char **grants; /* of a fine-grained token: "model ana/private: repo.content.read" */
	size_t grant_count;
	uint64_t more_orgs, more_grants; /* beyond LIVE_LIST_MAX */
};
#define LIVE_LIST_MAX 50

/* ---- what a run comes to ---- */

/* Something that was not scanned, and why. Makes the run incomplete unless
 * it is a note. */
struct diag {
	char *path;   /* any bytes; NULL when it concerns the run */
	char *what;   /* one line */
	bool is_note; /* told with -v, does not make the run incomplete */
};

/* How what is scanned, or a baseline, made the report say less. */
enum narrowed {
	NARROWED_RULE,     /* turned one off */
	NARROWED_PATHS,    /* took paths for nothing */
	NARROWED_SEVERITY, /* changed that of a rule */
	NARROWED_BASELINE, /* allowed secrets one by one */
	NARROWED_EXPIRED,  /* allows them no more */
	NARROWED_COUNT,
};

struct narrowing {
	enum narrowed kind;
	char *file;              /* that says so, any bytes */
	const struct rule *rule; /* of RULE and SEVERITY, else NULL */
	enum severity severity;  /* of SEVERITY: what it became */
	uint64_t count;          /* patterns of paths, or secrets */
	uint64_t places;         /* that it concerned */
};

/* What is looked at as one, such as a student's: a repository with its submodules,
 * or what PATH holds beside any. */
struct unit {
	char *name;         /* root and path as in provenance: "class/ana", "." */
	bool is_repository; /* else files that are in none */
	bool is_rest;       /* of a PATH with repositories in it: what is in none of these */
	uint64_t by_verdict[VERDICT_COUNT]; /* locations */
	uint64_t secrets;                   /* different ones among its leaks */
	uint64_t incomplete;                /* diags that are no notes */
	enum exposure exposure;             /* of the leak that got furthest */
};

/* Of commits that brought leaks in, by e-mail, or by name where there is none. */
struct author {
	char *name;
	char *email;            /* in lower case; may be "" */
	uint64_t secrets;       /* different ones */
	uint64_t units;         /* in so many of them */
	enum exposure exposure; /* of the leak that got furthest */
};

/* A leaked secret that is in several units, or was brought in by several authors. */
struct shared {
	const struct secret *secret;
	unsigned *units, *authors; /* the result's, from 1, ascending */
	size_t unit_count, author_count;
	const char *commit; /* in hex, that brought it in everywhere; NULL: there are several */
};

struct summary {
	uint64_t files, bytes;              /* documents and bytes that were scanned */
	uint64_t objects;                   /* of repositories' histories, scanned */
	uint64_t histories;                 /* repositories whose history was scanned */
	uint64_t images;                    /* of the files: pictures, whose pixels are not read */
	uint64_t boxes, members;            /* what holds others, and those that were in it */
	uint64_t repositories;              /* whose tree was scanned */
	uint64_t by_verdict[VERDICT_COUNT]; /* locations */
	uint64_t secrets;                   /* different ones among the leaks */
	uint64_t left_out; /* locations of leaks that the report leaves out, counted nowhere else */
	uint64_t left_unknown; /* of these, such that may still work */
	uint64_t incomplete;   /* diags that are no notes, those past the ceiling included */
	double seconds;
};

struct result {
	struct summary summary;
	struct finding *findings; /* ordered by root, path, offset, rule */
	size_t finding_count;
	struct diag *diags; /* ordered by path, what */
	size_t diag_count;
	struct origin *origins; /* ordered by repository, object, name */
	size_t origin_count;
	struct narrowing *narrowings; /* ordered by root, folder, kind, rule */
	size_t narrowing_count;
	char **roots; /* what paths are relative to: the PATHs, or their work trees' tops */
	size_t root_count;
	bool is_class;      /* units are several, or were listed: told one by one */
	struct unit *units; /* ordered by name */
	size_t unit_count;
	struct author *authors; /* ordered by e-mail, name */
	size_t author_count;
	struct shared *shared; /* ordered by fingerprint */
	size_t shared_count;
};

#endif
