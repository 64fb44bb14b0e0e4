#include "source/pack/pack_index.h"

#include "base/alloc.h"
#include "source/pack/mapped.h"
#include "source/pack/oid.h"

#include <stdlib.h>

#define FANOUT_BYTES  ((size_t)256 * 4)
#define TRAILER_BYTES ((size_t)2 * OID_BYTES) /* checksums of the pack and of the index */

/* ---- .idx ---- */

static int read_v1(struct pack_index *index, struct err *err)
{
	const size_t entry = 4 + OID_BYTES;
	struct slice map = index->map;

	if (map.len < FANOUT_BYTES + TRAILER_BYTES)
		return err_set(err, HF_EFORMAT, "is cut short");
	index->count = load_be32(map.ptr + FANOUT_BYTES - 4);
	if (map.len != FANOUT_BYTES + index->count * entry + TRAILER_BYTES)
		return err_set(err, HF_EFORMAT, "does not have the size it says");
	index->offsets = map.ptr + FANOUT_BYTES;
	index->offset_stride = entry;
	index->oids = index->offsets + 4;
	index->oid_stride = entry;
	return 0;
}

static int read_v2(struct pack_index *index, struct err *err)
{
	const size_t header = 8 + FANOUT_BYTES, entry = OID_BYTES + 4 + 4;
	struct slice map = index->map;
	size_t fixed;

	if (load_be32(map.ptr + 4) != 2)
		return err_set(err, HF_EFORMAT, "has a version that is not known here");
	if (map.len < header + TRAILER_BYTES)
		return err_set(err, HF_EFORMAT, "is cut short");
	index->count = load_be32(map.ptr + header - 4);
	fixed = header + index->count * entry + TRAILER_BYTES;
	if (map.len < fixed || (map.len - fixed) % 8)
		return err_set(err, HF_EFORMAT, "does not have the size it says");
	index->oids = map.ptr + header;
	index->oid_stride = OID_BYTES;
	index->offsets = index->oids + (size_t)index->count * (OID_BYTES + 4);
	index->offset_stride = 4;
	index->large = slice_of(index->offsets + (size_t)index->count * 4, map.len - fixed);
	return 0;
}

void pack_index_dispose(struct pack_index *index)
{
	mapped_dispose(&index->map);
	free(index->own);
	free(index->names);
	*index = (struct pack_index){0};
}

static uint64_t offset_at(const unsigned char *p, struct slice large)
{
	uint32_t small = load_be32(p);
	size_t at = (size_t)(small & 0x7fffffff) * 8;

	if (!(small & 0x80000000) || (!large.len && !large.ptr))
		return small;
	return at + 8 <= large.len ? load_be64(large.ptr + at) : PACK_NO_OFFSET;
}

uint64_t pack_index_offset(const struct pack_index *index, uint32_t i)
{
	if (index->own)
		return index->own[i];
	return offset_at(index->offsets + (size_t)i * index->offset_stride, index->large);
}

static bool is_in_order(const struct pack_index *index)
{
	for (uint32_t i = 1; i < index->count; i++)
		if (oid_cmp(pack_index_oid(index, i - 1), pack_index_oid(index, i)) > 0)
			return false;
	return true;
}

struct index_row {
	unsigned char oid[OID_BYTES];
	uint64_t offset;
};

static int order_rows(const void *left, const void *right)
{
	return oid_cmp(((const struct index_row *)left)->oid,
		       ((const struct index_row *)right)->oid);
}

/* Every search relies on it. Names that are in none are broken, but where the
 * objects lie may be right all the same. */
static void put_in_order(struct pack_index *index)
{
	struct index_row *rows;

	if (is_in_order(index))
		return;
	index->was_disordered = true;
	rows = xcalloc(index->count, sizeof(*rows));
	for (uint32_t i = 0; i < index->count; i++) {
		memcpy(rows[i].oid, pack_index_oid(index, i), OID_BYTES);
		rows[i].offset = pack_index_offset(index, i);
	}
	qsort(rows, index->count, sizeof(*rows), order_rows);
	if (!index->own) {
		index->own = xcalloc(index->count, sizeof(*index->own));
		index->names = xcalloc(index->count, OID_BYTES);
	}
	for (uint32_t i = 0; i < index->count; i++) {
		memcpy(index->names + (size_t)i * OID_BYTES, rows[i].oid, OID_BYTES);
		index->own[i] = rows[i].offset;
	}
	index->oids = index->names;
	index->oid_stride = OID_BYTES;
	free(rows);
}

int pack_index_open(struct pack_index *index, const char *path, struct err *err)
{
	static const unsigned char magic[] = {0xff, 't', 'O', 'c'};
	int rc;

	*index = (struct pack_index){0};
	rc = mapped_open(&index->map, path, err);
	if (rc < 0)
		return rc;
	if (index->map.len >= 8 && memcmp(index->map.ptr, magic, sizeof(magic)) == 0)
		rc = read_v2(index, err);
	else
		rc = read_v1(index, err);
	if (rc < 0)
		index->count = 0;
	else
		put_in_order(index);
	return rc;
}

/* ---- multi-pack-index ---- */

struct midx {
	struct slice map;
	uint32_t packs, count;
	struct slice names, oids, offsets, large;
};

static int find_chunk(const struct midx *midx, const char *id, struct slice *chunk)
{
	unsigned chunks = midx->map.ptr[6];
	const unsigned char *row = midx->map.ptr + 12;

	/* The last row of the table, with an id of zero, only ends the one before. */
	for (unsigned i = 0; i < chunks; i++, row += 12) {
		uint64_t beg = load_be64(row + 4), end = load_be64(row + 16);

		if (memcmp(row, id, 4) != 0)
			continue;
		if (beg > end || end > midx->map.len)
			return HF_EFORMAT;
		*chunk = slice_of(midx->map.ptr + beg, (size_t)(end - beg));
		return 0;
	}
	return HF_ENOTFOUND;
}

static int read_midx(struct midx *midx, struct err *err)
{
	struct slice map = midx->map, fanout = {0};

	if (map.len < 12 || memcmp(map.ptr, "MIDX", 4) != 0 || map.ptr[4] != 1 || map.ptr[5] != 1 ||
	    map.len < 12 + ((size_t)map.ptr[6] + 1) * 12)
		return err_set(err, HF_EFORMAT, "is no multi-pack-index of a version known here");
	midx->packs = load_be32(map.ptr + 8);
	if (find_chunk(midx, "PNAM", &midx->names) < 0 || find_chunk(midx, "OIDF", &fanout) < 0 ||
	    find_chunk(midx, "OIDL", &midx->oids) < 0 ||
	    find_chunk(midx, "OOFF", &midx->offsets) < 0 || fanout.len < FANOUT_BYTES)
		return err_set(err, HF_EFORMAT, "lacks a part");
	if (find_chunk(midx, "LOFF", &midx->large) == HF_EFORMAT)
		return err_set(err, HF_EFORMAT, "is cut short");
	midx->count = load_be32(fanout.ptr + FANOUT_BYTES - 4);
	if (midx->oids.len / OID_BYTES < midx->count || midx->offsets.len / 8 < midx->count)
		return err_set(err, HF_EFORMAT, "does not have the size it says");
	return 0;
}

int midx_open(struct midx **out, const char *path, struct err *err)
{
	struct midx *midx = xcalloc(1, sizeof(*midx));
	int rc = mapped_open(&midx->map, path, err);

	if (rc == 0)
		rc = read_midx(midx, err);
	if (rc < 0) {
		midx_free(midx);
		return rc;
	}
	*out = midx;
	return 0;
}

void midx_free(struct midx *midx)
{
	if (!midx)
		return;
	mapped_dispose(&midx->map);
	free(midx);
}

static bool find_pack(const struct midx *midx, const char *name, uint32_t *number)
{
	const unsigned char *p = midx->names.ptr, *end = p + midx->names.len;

	for (*number = 0; *number < midx->packs && p < end; (*number)++) {
		const unsigned char *nul = memchr(p, '\0', (size_t)(end - p));

		if (!nul)
			return false;
		if (strcmp((const char *)p, name) == 0)
			return true;
		p = nul + 1;
	}
	return false;
}

int midx_index_of(const struct midx *midx, const char *name, struct pack_index *index,
		  struct err *err)
{
	uint32_t number;

	*index = (struct pack_index){0};
	if (!find_pack(midx, name, &number))
		return err_set(err, HF_ENOTFOUND, "is not in the multi-pack-index");
	index->own = xcalloc(midx->count, sizeof(*index->own));
	index->names = xcalloc(midx->count, OID_BYTES);
	for (uint32_t i = 0; i < midx->count; i++) {
		const unsigned char *at = midx->offsets.ptr + (size_t)i * 8;

		if (load_be32(at) != number)
			continue;
		memcpy(index->names + (size_t)index->count * OID_BYTES,
		       midx->oids.ptr + (size_t)i * OID_BYTES, OID_BYTES);
		index->own[index->count++] = offset_at(at + 4, midx->large);
	}
	index->oids = index->names;
	index->oid_stride = OID_BYTES;
	index->is_part = true;
	put_in_order(index);
	return 0;
}
