#include "source/history.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/pool.h"
#include "base/tr.h"
#include "source/pack/mapped.h"
#include "source/pack/object_id.h"
#include "source/repo.h"
#include "source/repo_config.h"

#include <stdio.h>
#include <stdlib.h>

/* What one thread gathers. */
struct gatherer {
	struct commits commits;
	struct tag *tags;
	size_t tag_count, tag_cap;
	uint32_t *found;
	size_t found_count, found_cap;
};

struct scanning {
	struct history *h;
	struct gatherer *gatherers;
};

/* ---- what is told ---- */

static void tell(const struct history *h, unsigned worker, const char *what)
{
	h->sink->diag(h->sink->payload, worker, h->repository->root, h->repository->prefix, false,
		      what);
}

/* path is absolute: it is shown as it is. */
static void on_problem(void *payload, const char *path, const char *what)
{
	const struct history *h = payload;

	h->sink->diag(h->sink->payload, 0, NULL, slice_str(path), false, what);
}

static void tell_object(const struct history *h, unsigned worker, uint32_t number, const char *why)
{
	char hex[OID_HEX + 1], what[640];

	oid_to_hex(hex, odb_oid(h->odb, number));
	snprintf(what, sizeof(what), tr("object %s: %s"), hex, tr(why));
	tell(h, worker, what);
}

/* ---- documents ---- */

/* What the callbacks of a document need to know. */
struct owner {
	struct scanning *s;
	unsigned worker;
	const struct odb_object *object;
	char hex[OID_HEX + 1];
};

/* An index can lie: what is reported under a name has to have that name. */
static bool has_its_name(const struct owner *o)
{
	struct oid oid;

	if (o->object->stream)
		return true; /* passing by: there is no second look at it */
	oid = object_id_of(o->object->type, o->object->bytes);
	return oid_cmp(oid.raw, odb_oid(o->s->h->odb, o->object->number)) == 0;
}

static void name_object(struct document *doc)
{
	struct owner *o = doc->owner;

	oid_to_hex(o->hex, odb_oid(o->s->h->odb, o->object->number));
	doc->from.blob = o->hex;
}

static void on_found(struct document *doc)
{
	struct owner *o = doc->owner;
	struct gatherer *g = &o->s->gatherers[o->worker];

	name_object(doc);
	grow_array(&g->found, &g->found_cap, g->found_count, sizeof(*g->found));
	g->found[g->found_count++] = o->object->number;
	if (!has_its_name(o))
		tell_object(o->s->h, o->worker, o->object->number,
			    "its contents are not those its name stands for");
}

/* Lines of people begin with these; what else a commit or tag holds counts as
 * its message. */
static bool is_person_line(struct slice line)
{
	return slice_has_prefix(line, SLICE("author ")) ||
	       slice_has_prefix(line, SLICE("committer ")) ||
	       slice_has_prefix(line, SLICE("tagger "));
}

static enum where where_in_object(const struct document *doc, uint64_t offset)
{
	const struct owner *o = doc->owner;
	struct slice bytes = o->object->bytes;
	const unsigned char *blank = memmem(bytes.ptr, bytes.len, "\n\n", 2);
	const unsigned char *beg = memrchr(bytes.ptr, '\n', (size_t)offset);
	size_t line = beg ? (size_t)(beg - bytes.ptr) + 1 : 0;

	if ((!blank || bytes.ptr + offset < blank) &&
	    is_person_line(slice_cut(bytes, (struct span){line, bytes.len})))
		return WHERE_AUTHOR;
	return doc->from.where;
}

static void give_document(struct scanning *s, unsigned worker, const struct odb_object *object,
			  enum where where)
{
	const struct history *h = s->h;
	struct owner owner = {s, worker, object, ""};
	struct stream stream;
	struct document doc = {
		.from = {.root = h->repository->root,
			 .path = h->repository->prefix,
			 .where = where,
			 .exposure = EXPOSURE_UNREACHABLE,
			 .repository = h->repository_number,
			 .history = true},
		.bytes = object->stream ? object->stream : &stream,
		.found = on_found,
		.where_at = where == WHERE_BLOB ? NULL : where_in_object,
		.owner = &owner,
	};

	if (where == WHERE_BLOB)
		name_object(&doc); /* something in it may have to be complained of */
	if (!object->stream)
		stream_from_memory(&stream, object->bytes);
	h->sink->document(h->sink->payload, worker, &doc);
}

/* ---- objects ---- */

static void keep_commit(struct scanning *s, unsigned worker, const struct odb_object *object)
{
	struct err err;

	if (commits_add(&s->gatherers[worker].commits, object->number, object->bytes, &err) < 0)
		tell_object(s->h, worker, object->number, err.msg);
}

static void keep_tag(struct scanning *s, unsigned worker, const struct odb_object *object)
{
	struct gatherer *g = &s->gatherers[worker];
	const size_t key = strlen("object ");
	struct oid oid;

	if (object->bytes.len < key + OID_HEX ||
	    !slice_has_prefix(object->bytes, SLICE("object ")) ||
	    !oid_from_hex(&oid, object->bytes.ptr + key)) {
		tell_object(s->h, worker, object->number, "it is no tag");
		return;
	}
	grow_array(&g->tags, &g->tag_cap, g->tag_count, sizeof(*g->tags));
	g->tags[g->tag_count++] = (struct tag){
		.number = object->number,
		.target = odb_find(s->h->odb, oid.raw),
		.end = oid,
	};
}

static void on_object(void *payload, unsigned worker, const struct odb_object *object)
{
	struct scanning *s = payload;

	switch (object->type) {
	case OBJECT_BLOB:
		give_document(s, worker, object, WHERE_BLOB);
		break;
	case OBJECT_COMMIT:
		keep_commit(s, worker, object);
		give_document(s, worker, object, WHERE_COMMIT_MESSAGE);
		break;
	case OBJECT_TAG:
		keep_tag(s, worker, object);
		give_document(s, worker, object, WHERE_TAG_MESSAGE);
		break;
	default:
		break;
	}
}

static bool is_worth(void *payload, struct slice bytes)
{
	const struct sink *sink = ((struct scanning *)payload)->h->sink;

	return sink->worth(sink->payload, bytes);
}

static bool is_of_kind(void *payload, struct slice bytes)
{
	const struct sink *sink = ((struct scanning *)payload)->h->sink;

	return sink->kind(sink->payload, bytes);
}

static void on_clean(void *payload, unsigned worker, uint64_t size)
{
	const struct sink *sink = ((struct scanning *)payload)->h->sink;

	sink->passed(sink->payload, worker, size);
}

/* Not given to libgit2: in 800 packs and indexes broken at random it read no object
 * that is not read here, and it does not return from deltas in a ring. */
static void on_broken(void *payload, unsigned worker, uint32_t number, const struct err *why)
{
	struct scanning *s = payload;

	tell_object(s->h, worker, number, why->msg);
}

/* ---- gathering ---- */

static int order_numbers(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void add_found(struct history *h, const uint32_t *found, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		grow_array(&h->found, &h->found_cap, h->found_count, sizeof(*h->found));
		h->found[h->found_count++] = found[i];
	}
}

static void settle_found(struct history *h)
{
	size_t kept = 0;

	if (!h->found_count)
		return;
	qsort(h->found, h->found_count, sizeof(*h->found), order_numbers);
	for (size_t i = 0; i < h->found_count; i++)
		if (!kept || h->found[kept - 1] != h->found[i])
			h->found[kept++] = h->found[i];
	h->found_count = kept;
}

static int order_tags(const void *left, const void *right)
{
	const struct tag *a = left, *b = right;

	return (a->number > b->number) - (a->number < b->number);
}

static struct tag *find_tag(const struct history *h, uint32_t number)
{
	struct tag key = {.number = number};

	return h->tag_count ? bsearch(&key, h->tags, h->tag_count, sizeof(key), order_tags) : NULL;
}

#define WALKED UINT32_MAX

/* Each tag once, however many refs lead to however long a row of them. */
static void peel_tags(struct history *h)
{
	for (uint32_t i = 0; i < h->tag_count; i++) {
		uint32_t number = h->tags[i].number, end;
		struct oid name = h->tags[i].end;
		struct tag *tag;

		while ((tag = find_tag(h, number)) && tag->walk == 0) {
			tag->walk = i + 1;
			name = tag->end;
			number = tag->target;
		}
		if (tag && tag->walk == WALKED)
			name = tag->end;
		end = !tag ? number : tag->walk == WALKED ? tag->peeled : ODB_NO_OBJECT;
		number = h->tags[i].number;
		while ((tag = find_tag(h, number)) && tag->walk == i + 1) {
			tag->walk = WALKED;
			tag->peeled = end;
			tag->end = name;
			number = tag->target;
		}
	}
}

static void gather(struct scanning *s)
{
	struct history *h = s->h;

	for (unsigned i = 0; i < h->options.jobs; i++) {
		struct gatherer *g = &s->gatherers[i];

		commits_join(&h->commits, &g->commits);
		add_found(h, g->found, g->found_count);
		for (size_t j = 0; j < g->tag_count; j++) {
			grow_array(&h->tags, &h->tag_cap, h->tag_count, sizeof(*h->tags));
			h->tags[h->tag_count++] = g->tags[j];
		}
		free(g->found);
		free(g->tags);
	}
	commits_settle(&h->commits, h->odb, h->options.jobs);
	if (h->tag_count)
		qsort(h->tags, h->tag_count, sizeof(*h->tags), order_tags);
	peel_tags(h);
	settle_found(h);
}

static void scan_objects(struct history *h)
{
	struct scanning s = {.h = h};
	struct odb_visit how = {
		.jobs = h->options.jobs,
		.types = 1u << OBJECT_BLOB | 1u << OBJECT_COMMIT | 1u << OBJECT_TAG,
		.max_bytes = h->options.max_bytes,
		.gate = h->options.gate,
	};
	struct seams *seams = seams_new(h->sink->worth_strings, h->sink->worth_count);
	struct odb_visitor visitor = {
		.object = on_object,
		.broken = on_broken,
		.worth = is_worth,
		.kind = h->sink->kind ? is_of_kind : NULL,
		.seams = seams,
		.clean = on_clean,
		.payload = &s,
	};

	s.gatherers = xcalloc_lines(h->options.jobs, sizeof(*s.gatherers));
	odb_visit(h->odb, &how, &visitor);
	seams_free(seams);
	gather(&s);
	free(s.gatherers);
}

/* ---- refs ---- */

void source_ref_name(const struct repository *repository, const char *name, enum exposure exposure,
		     const struct sink *sink)
{
	struct stream stream;
	struct buf path;
	struct document doc = {
		.from = {.root = repository->root, .where = WHERE_REF_NAME, .exposure = exposure},
		.bytes = &stream,
	};

	if (!sink->worth(sink->payload, slice_str(name)))
		return;
	buf_init(&path, BUF_MAX_PATH);
	buf_append_slice(&path, repository->prefix);
	buf_append_str(&path, repository->bare ? "" : ".git/");
	buf_append_str(&path, name);
	doc.from.path = buf_slice(&path);
	stream_from_memory(&stream, slice_str(name));
	sink->document(sink->payload, 0, &doc);
	buf_dispose(&path);
}

static void scan_ref_names(const struct history *h)
{
	for (size_t i = 0; i < h->refs.count; i++) {
		const struct ref *ref = &h->refs.list[i];

		if (ref->is_name)
			source_ref_name(h->repository, ref->name,
					ref->reach == REF_PUSHED ? EXPOSURE_PUSHED
								 : EXPOSURE_COMMITTED,
					h->sink);
	}
}

/* ---- where history ends ---- */

static int order_oids(const void *left, const void *right)
{
	return oid_cmp(((const struct oid *)left)->raw, ((const struct oid *)right)->raw);
}

static void read_shallow_lines(struct history *h, FILE *file, const char *path)
{
	char line[OID_HEX + 2];
	bool broken = false;
	struct oid oid;
	ssize_t len;

	while ((len = text_line(file, line, sizeof(line))) >= 0) {
		if (len != OID_HEX || !oid_from_hex(&oid, (const unsigned char *)line)) {
			broken = true;
			continue;
		}
		grow_array(&h->shallow, &h->shallow_cap, h->shallow_count, sizeof(*h->shallow));
		h->shallow[h->shallow_count++] = oid;
	}
	if (h->shallow_count)
		qsort(h->shallow, h->shallow_count, sizeof(*h->shallow), order_oids);
	if (broken)
		on_problem(h, path, "is broken: not every line names a commit");
}

static void read_shallow(struct history *h)
{
	struct buf path;
	struct err err;
	FILE *file;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%sshallow", h->repository->common_dir);
	file = text_open(path.ptr, &err);
	if (file) {
		read_shallow_lines(h, file, path.ptr);
		fclose(file);
	} else if (err.code != HF_ENOTFOUND) {
		on_problem(h, path.ptr, err.msg);
	}
	buf_dispose(&path);
}

static bool lacks_parents(const struct history *h, const struct oid *name)
{
	size_t commit = commits_find(&h->commits, odb_find(h->odb, name->raw));
	const struct commit *c = commit == NO_COMMIT ? NULL : &h->commits.list[commit];
	bool lacks = false;

	for (uint32_t i = 0; c && h->range.asked[commit] && i < c->parent_count; i++)
		lacks |= h->commits.parents[c->parents_beg + i] == PARENT_MISSING;
	return lacks;
}

/* Whether what is asked for reaches to where history ends. */
static bool is_cut_short(const struct history *h)
{
	bool is = h->range.is_all && h->shallow_count;

	for (size_t i = 0; !h->range.is_all && !is && i < h->shallow_count; i++)
		is = lacks_parents(h, &h->shallow[i]);
	return is;
}

static void tell_shallow(const struct history *h)
{
	char what[256];

	if (!is_cut_short(h))
		return;
	snprintf(what, sizeof(what),
		 tr("only a part of the history is here (a shallow clone): %s gets the rest"),
		 tr(h->options.deepen ? h->options.deepen : "`git fetch --unshallow`"));
	tell(h, 0, what);
}

/* ---- life cycle ---- */

/* A repository lies around its folder "objects". */
static void add_lender(struct history *h, const char *objects)
{
	static const struct slice end = {(const unsigned char *)"/objects", 8};
	struct buf path;

	if (!slice_has_suffix(slice_str(objects), end))
		return;
	buf_init(&path, BUF_MAX_PATH);
	buf_append(&path, objects, strlen(objects) - end.len + 1);
	/* What is in quarantine borrows from the repository itself. */
	if (strcmp(path.ptr, h->repository->common_dir) != 0)
		refs_add_lender(&h->refs, path.ptr, repo_is_served(path.ptr));
	buf_dispose(&path);
}

static void read_refs(struct history *h)
{
	const struct object_dirs *dirs = odb_dirs(h->odb);

	if (h->repository->bare && repo_is_served(h->repository->common_dir))
		h->options.all_pushed = true;
	refs_read(&h->refs, h->repository->common_dir, h->options.all_pushed, on_problem, h);
	for (size_t i = 1; i < dirs->count; i++)
		add_lender(h, dirs->list[i]);
}

int history_open(struct history *h, const struct repository *repository, unsigned number,
		 const struct history_options *options, const struct sink *sink, struct err *err)
{
	struct buf path;

	*h = (struct history){
		.repository = repository,
		.repository_number = number,
		.options = *options,
		.sink = sink,
	};
	if (range_open(&h->range, repository, options, err) < 0)
		return err->code;
	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%sobjects", repository->common_dir);
	h->odb = odb_open_with(options->objects ? options->objects : path.ptr,
			       options->more_objects, options->jobs, on_problem, h);
	read_refs(h);
	buf_dispose(&path);
	return 0;
}

void history_dispose(struct history *h)
{
	odb_free(h->odb);
	refs_dispose(&h->refs);
	commits_dispose(&h->commits);
	free(h->tags);
	free(h->found);
	free(h->shallow);
	range_dispose(&h->range);
	*h = (struct history){0};
}

const struct tag *history_tag(const struct history *h, uint32_t number)
{
	return find_tag(h, number);
}

/* Git would not go on. */
static void tell_config(struct history *h)
{
	struct repo_config config;
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%sconfig", h->repository->common_dir);
	repo_config_read(&config, path.ptr);
	if (config.problem[0])
		on_problem(h, path.ptr, config.problem);
	repo_config_dispose(&config);
	buf_dispose(&path);
}

int history_read(struct history *h, uint32_t number, enum object_type *type, unsigned char **bytes,
		 size_t *len, struct err *err)
{
	const struct odb_gate *gate = h->options.gate;
	uint64_t max = h->options.max_bytes;
	int rc = odb_read(h->odb, number, odb_share(max, 1, gate), type, bytes, len, err);

	if (!gate || rc != HF_ELIMIT)
		return rc;
	gate->begin(gate->payload);
	rc = odb_read(h->odb, number, max, type, bytes, len, err);
	gate->end(gate->payload);
	return rc;
}

void history_scan(struct history *h)
{
	tell_config(h);
	read_shallow(h);
	scan_objects(h);
	range_find(&h->range, h);
	tell_shallow(h);
	history_check_trees(h);
	settle_found(h);
	if (!h->range.is_all) {
		history_tell_submodules(h);
		return; /* no commit brought in what follows */
	}
	scan_ref_names(h);
	history_scan_git_dir(h);
}
