#include "source/pack/odb_worker.h"

#include "base/alloc.h"

#include <stdlib.h>

/* ---- what a rebuilder gives ---- */

void odb_worker_object(struct odb_worker *w, uint32_t number, enum object_type type,
		       struct slice bytes, struct stream *stream)
{
	const struct odb_visitor *v = w->visitor;
	struct odb_object object = {number, type, bytes, stream};

	v->object(v->payload, w->number, &object);
}

static void on_object(void *payload, const struct pack *pack, uint32_t node, struct slice bytes)
{
	struct odb_worker *w = payload;

	odb_worker_object(w, w->numbers[node], pack->nodes[node].type, bytes, NULL);
}

static void on_large(void *payload, const struct pack *pack, uint32_t node, struct stream *bytes)
{
	struct odb_worker *w = payload;

	odb_worker_object(w, w->numbers[node], pack->nodes[node].type, SLICE(""), bytes);
}

void odb_worker_broken(struct odb_worker *w, uint32_t number, const struct err *why)
{
	const struct odb_visitor *v = w->visitor;
	size_t copies;

	odb_copies(w->odb, number, &copies);
	if (copies && why->code != HF_ELIMIT && !w->is_last) {
		grow_array(&w->broken, &w->broken_cap, w->broken_count, sizeof(*w->broken));
		w->broken[w->broken_count++] = number;
		return;
	}
	v->broken(v->payload, w->number, number, why);
}

static void on_broken(void *payload, const struct pack *pack, uint32_t node, const struct err *why)
{
	struct odb_worker *w = payload;

	odb_worker_broken(w, w->numbers[node], why);
}

static void on_postponed(void *payload, const struct pack *pack, uint32_t node)
{
	struct odb_worker *w = payload;
	struct err err;

	if (w->is_last) {
		err_set(&err, HF_ELIMIT, "it takes more memory than --max-memory allows");
		odb_worker_broken(w, w->numbers[node], &err);
		return;
	}
	grow_array(&w->postponed, &w->postponed_cap, w->postponed_count, sizeof(*w->postponed));
	w->postponed[w->postponed_count++] = (struct postponed){w->store, pack->nodes[node].rank};
}

static bool is_worth(void *payload, struct slice bytes)
{
	const struct odb_visitor *v = ((struct odb_worker *)payload)->visitor;

	return v->worth(v->payload, bytes);
}

static bool is_of_kind(void *payload, struct slice bytes)
{
	const struct odb_visitor *v = ((struct odb_worker *)payload)->visitor;

	return v->kind(v->payload, bytes);
}

static void on_clean(void *payload, const struct pack *pack, uint32_t node, uint64_t size)
{
	struct odb_worker *w = payload;
	const struct odb_visitor *v = w->visitor;

	v->clean(v->payload, w->number, size);
}

void odb_worker_pack(struct odb_worker *w, uint32_t store, const uint32_t *nodes, uint32_t count)
{
	const struct odb_visitor *v = w->visitor;
	struct rebuild_sink sink = {
		.object = on_object,
		.large = on_large,
		.broken = on_broken,
		.postponed = on_postponed,
		.worth = v->worth ? is_worth : NULL,
		.kind = v->kind ? is_of_kind : NULL,
		.seams = v->seams,
		.clean = on_clean,
		.payload = w,
	};

	w->store = store;
	w->numbers = w->odb->numbers[store];
	rebuild(w->rebuilder, &w->odb->packs[store], nodes, count, &sink);
}

/* ---- loose objects ---- */

static void read_loose(struct odb_worker *w, uint32_t number, struct loose_file *file)
{
	size_t size = file->header + (size_t)file->size;
	unsigned char *bytes;
	struct err err;

	if (loose_read(file, w->inflater, &bytes, &err) < 0) {
		odb_worker_broken(w, number, &err);
		return;
	}
	odb_worker_object(w, number, file->type, slice_of(bytes + file->header, (size_t)file->size),
			  NULL);
	wipe(bytes, size);
	free(bytes);
}

static void stream_loose(struct odb_worker *w, uint32_t number, struct loose_file *file)
{
	struct inflate_pieces *pieces = inflate_pieces_new(file->map);
	struct stream stream;
	struct err err;

	if (inflate_pieces_skip(pieces, file->header, &err) < 0) {
		odb_worker_broken(w, number, &err);
	} else {
		inflate_pieces_stream(pieces, &stream, &w->buffer, file->size);
		odb_worker_object(w, number, file->type, SLICE(""), &stream);
		err_set(&err, HF_EFORMAT, "it is broken, or has not the size it says");
		if (inflate_pieces_failed(pieces))
			odb_worker_broken(w, number, &err);
	}
	inflate_pieces_free(pieces);
}

static void give_loose(struct odb_worker *w, uint32_t number, struct loose_file *file)
{
	const struct odb_visit *how = w->how;
	bool fits = file->size <= odb_share(how->max_bytes, how->jobs, how->gate);
	struct err err;

	if (file->type == OBJECT_BLOB && (!fits || file->size > REBUILD_STREAMED)) {
		stream_loose(w, number, file);
	} else if (fits) {
		read_loose(w, number, file);
	} else {
		err_set(&err, HF_ELIMIT, "it takes more memory than --max-memory allows");
		odb_worker_broken(w, number, &err);
	}
}

void odb_worker_loose(struct odb_worker *w, uint32_t at)
{
	struct odb *odb = w->odb;
	const struct odb_visit *how = w->how;
	const struct loose *loose = &odb->loose[at];
	uint32_t number = odb_find(odb, loose->oid.raw);
	struct loose_file file;
	struct err err;

	if (odb->places[number].store != ODB_LOOSE || odb->places[number].at != at ||
	    (how->wanted && !bit_get(how->wanted, number)))
		return; /* it is stored elsewhere too, and read there */
	if (loose_open(&file, odb->dirs.list[loose->dir], &loose->oid, &err) < 0) {
		odb_worker_broken(w, number, &err);
		return;
	}
	odb->loose_types[at] = (uint8_t)file.type;
	if (how->types & 1u << file.type)
		give_loose(w, number, &file);
	loose_close(&file);
}

/* ---- its life ---- */

void odb_worker_open(struct odb_worker *w, struct odb *odb, const struct odb_visit *how,
		     const struct odb_visitor *visitor, unsigned number)
{
	w->odb = odb;
	w->how = how;
	w->visitor = visitor;
	w->number = number;
	w->rebuilder = rebuilder_new(odb_share(how->max_bytes, how->jobs, how->gate));
	w->inflater = inflater_new();
	stream_buffer_init(&w->buffer);
}

void odb_worker_rest(struct odb_worker *w)
{
	rebuilder_free(w->rebuilder);
	w->rebuilder = NULL;
}

void odb_worker_close(struct odb_worker *w)
{
	odb_worker_rest(w);
	inflater_free(w->inflater);
	stream_buffer_dispose(&w->buffer);
	free(w->postponed);
	free(w->broken);
}
