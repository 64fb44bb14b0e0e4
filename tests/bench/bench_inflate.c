/*
 * The floor of a history scan: what inflating alone takes. Every stream of a
 * blob, commit or annotated tag in a repository's packs is inflated once, as it
 * is stored: a delta stays a delta, and nothing looks at the bytes. Trees are
 * skipped; their deltas are told by the headers, without inflating.
 *   bench_inflate [-j N] REPO_OR_GITDIR
 * Reads packs by itself, so as not to be measured with what it is the measure
 * of. Format: gitformat-pack(5); trusted, since this is a bench, but no read
 * or write leaves what is mapped or allocated.
 */
#include "base/alloc.h"
#include "base/pool.h"
#include "base/slice.h"

#include <fcntl.h>
#include <glob.h>
#include <libdeflate.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Objects a thread takes at a time. */
#define STRETCH 256
#define OID     20
#define TRAILER OID

/* deflate's most: 258 bytes from two bits, so a size beyond that is a lie. */
#define MOST_PER_BYTE 1032

/* As stored in a pack. */
enum kind { UNKNOWN, COMMIT, TREE, BLOB, TAG, UNUSED, OFS_DELTA, REF_DELTA, KINDS };
#define NO_BASE UINT32_MAX

struct header {
	enum kind kind;
	uint64_t size;
	size_t base_at; /* of the base's offset or name, in a delta */
	size_t data_at;
};

struct pack {
	struct slice bytes, index;
	uint32_t count;
	uint64_t *offsets;   /* ascending; [count] is where the trailer begins */
	unsigned char *kind; /* of what is rebuilt, never a delta once resolved */
	uint32_t *base;      /* position of the delta's base, NO_BASE */
};

struct stretch {
	struct pack *pack;
	uint32_t beg, end;
};

struct worker {
	struct libdeflate_decompressor *inflater;
	unsigned char *buf;
	size_t cap;
	uint64_t streams[KINDS], stored[KINDS], inflated[KINDS], broken;
};

struct bench {
	struct pack *packs;
	struct stretch *stretches;
	struct worker *workers;
	size_t npacks, nstretches;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *path, const char *why)
{
	fprintf(stderr, "bench_inflate: %s: %s\n", path, why);
	exit(2);
}

static struct slice map_file(const char *path)
{
	struct stat st;
	void *ptr = MAP_FAILED;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
		ptr = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (ptr == MAP_FAILED)
		fail(path, "cannot be mapped");
	close(fd);
	return slice_of(ptr, (size_t)st.st_size);
}

/* ---- the index ---- */

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Magic and version, 256 counts, then columns: names, checksums, offsets. */
#define NAMES 1032

/* Of the index's entry i; an offset with its top bit set counts 8-byte ones behind. */
static uint64_t index_offset(const struct pack *pack, uint32_t i)
{
	const unsigned char *column = pack->index.ptr + NAMES + (size_t)pack->count * (OID + 4);
	uint32_t small = be32(column + (size_t)i * 4);
	size_t large = NAMES + (size_t)pack->count * (OID + 8) + (size_t)(small & 0x7fffffff) * 8;

	if (!(small >> 31))
		return small;
	if (large + 8 > pack->index.len)
		return UINT64_MAX;
	return (uint64_t)be32(pack->index.ptr + large) << 32 | be32(pack->index.ptr + large + 4);
}

static uint64_t offset_of_name(const struct pack *pack, const unsigned char *oid)
{
	uint32_t lo = 0, hi = pack->count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int order = memcmp(oid, pack->index.ptr + NAMES + (size_t)mid * OID, OID);

		if (order == 0)
			return index_offset(pack, mid);
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return UINT64_MAX;
}

/* By 11 bits at a time: qsort() takes longer here than the inflating of some packs. */
static void sort_offsets(uint64_t *v, uint32_t count, uint64_t most)
{
	uint64_t *other = xmalloc(((size_t)count + 1) * sizeof(*v));

	for (unsigned shift = 0; shift < 64 && most >> shift; shift += 11) {
		uint32_t at[2049] = {0};

		for (uint32_t i = 0; i < count; i++)
			at[(v[i] >> shift & 2047) + 1]++;
		for (unsigned i = 1; i < 2048; i++)
			at[i] += at[i - 1];
		for (uint32_t i = 0; i < count; i++)
			other[at[v[i] >> shift & 2047]++] = v[i];
		memcpy(v, other, (size_t)count * sizeof(*v));
	}
	free(other);
}

static void read_index(struct pack *pack, const char *path)
{
	static const unsigned char magic[] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
	const struct slice *index = &pack->index;
	uint64_t end = pack->bytes.len - TRAILER;

	if (index->len < NAMES || memcmp(index->ptr, magic, sizeof(magic)) != 0)
		fail(path, "is no index of version 2");
	pack->count = be32(index->ptr + NAMES - 4);
	if (index->len < NAMES + (size_t)pack->count * (OID + 8) + 2 * OID)
		fail(path, "is cut short");
	pack->offsets = xmalloc(((size_t)pack->count + 1) * sizeof(*pack->offsets));
	for (uint32_t i = 0; i < pack->count; i++) {
		pack->offsets[i] = index_offset(pack, i);
		if (pack->offsets[i] >= end)
			fail(path, "names an offset that is outside the pack");
	}
	sort_offsets(pack->offsets, pack->count, end);
	pack->offsets[pack->count] = end;
	pack->kind = xcalloc(pack->count, sizeof(*pack->kind));
	pack->base = xmalloc((size_t)pack->count * sizeof(*pack->base));
}

/* Maps the pack that belongs to the index. */
static void open_pack(struct pack *pack, const char *index_path)
{
	char *path = xstrdup(index_path);
	size_t stem = strlen(path) - strlen("idx");

	path = xrealloc(path, stem + sizeof("pack"));
	memcpy(path + stem, "pack", sizeof("pack"));
	pack->index = map_file(index_path);
	pack->bytes = map_file(path);
	if (pack->bytes.len < 12 + TRAILER || memcmp(pack->bytes.ptr, "PACK\0\0\0\2", 8) != 0)
		fail(path, "is no pack of version 2");
	free(path);
	read_index(pack, index_path);
}

/* ---- types, from the headers alone ---- */

static uint32_t position_of(const struct pack *pack, uint64_t offset)
{
	uint32_t lo = 0, hi = pack->count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (pack->offsets[mid] < offset)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < pack->count && pack->offsets[lo] == offset ? lo : NO_BASE;
}

/* Object i's; kind is UNKNOWN where it does not fit before the next object. */
static struct header read_header(const struct pack *pack, uint32_t i)
{
	static const struct header unknown = {.kind = UNKNOWN};
	const unsigned char *p = pack->bytes.ptr;
	size_t at = (size_t)pack->offsets[i], end = (size_t)pack->offsets[i + 1];
	struct header h = {.kind = UNKNOWN};
	unsigned shift = 4;

	if (at >= end)
		return unknown;
	h.kind = (enum kind)(p[at] >> 4 & 7);
	h.size = p[at] & 15;
	while (p[at++] & 0x80) {
		if (at >= end || shift > 57)
			return unknown;
		h.size |= (uint64_t)(p[at] & 0x7f) << shift;
		shift += 7;
	}
	h.base_at = at;
	if (h.kind == REF_DELTA)
		at += OID;
	if (h.kind == OFS_DELTA)
		while (at < end && p[at++] & 0x80)
			;
	h.data_at = at;
	return at < end && h.kind != UNUSED ? h : unknown;
}

static uint64_t base_offset(const struct pack *pack, uint32_t i, const struct header *h)
{
	const unsigned char *p = pack->bytes.ptr + h->base_at;
	uint64_t back = *p & 0x7f;

	if (h->kind == REF_DELTA)
		return offset_of_name(pack, p);
	while (*p++ & 0x80)
		back = (back + 1) << 7 | (*p & 0x7f);
	return pack->offsets[i] - back;
}

static void note_types(unsigned worker, size_t i, void *payload)
{
	const struct bench *bench = payload;
	const struct stretch *s = &bench->stretches[i];
	struct pack *pack = s->pack;

	(void)worker;
	for (uint32_t at = s->beg; at < s->end; at++) {
		struct header h = read_header(pack, at);

		pack->kind[at] = (unsigned char)h.kind;
		pack->base[at] = NO_BASE;
		if (h.kind == OFS_DELTA || h.kind == REF_DELTA)
			pack->base[at] = position_of(pack, base_offset(pack, at, &h));
	}
}

/* Chains are short, bases mostly stand before; the number of steps ends a loop. */
static void resolve_types(struct pack *pack)
{
	for (uint32_t i = 0; i < pack->count; i++) {
		uint32_t at = i, steps = 0;

		while (at != NO_BASE && pack->kind[at] >= OFS_DELTA && steps++ < pack->count)
			at = pack->base[at];
		pack->kind[i] =
			at == NO_BASE || pack->kind[at] >= OFS_DELTA ? UNKNOWN : pack->kind[at];
	}
}

/* ---- the inflating ---- */

static void inflate_one(struct worker *w, const struct pack *pack, uint32_t i)
{
	struct header h = read_header(pack, i);
	size_t stored = (size_t)pack->offsets[i + 1] - h.data_at;
	enum kind kind = (enum kind)pack->kind[i];

	if (kind == UNKNOWN || h.size / MOST_PER_BYTE > stored) {
		w->broken++;
		return;
	}
	if (h.size > w->cap) {
		free(w->buf);
		w->cap = (size_t)h.size * 2;
		w->buf = xmalloc(w->cap);
	}
	if (libdeflate_zlib_decompress(w->inflater, pack->bytes.ptr + h.data_at, stored, w->buf,
				       (size_t)h.size, NULL) != LIBDEFLATE_SUCCESS)
		w->broken++;
	w->streams[kind]++;
	w->stored[kind] += stored;
	w->inflated[kind] += h.size;
}

static void inflate_stretch(unsigned worker, size_t i, void *payload)
{
	const struct bench *bench = payload;
	const struct stretch *s = &bench->stretches[i];

	for (uint32_t at = s->beg; at < s->end; at++)
		if (s->pack->kind[at] == TREE)
			bench->workers[worker].streams[TREE]++;
		else
			inflate_one(&bench->workers[worker], s->pack, at);
}

/* ---- the run ---- */

static void open_packs(struct bench *bench, const char *repo)
{
	static const char *const places[] = {"/.git", ""};
	static const char files[] = "/objects/pack/pack-*.idx";
	size_t len = strlen(repo) + strlen(places[0]) + sizeof(files);
	char *pattern = xmalloc(len);
	glob_t found = {0};

	for (size_t i = 0; i < 2 && found.gl_pathc == 0; i++) {
		snprintf(pattern, len, "%s%s%s", repo, places[i], files);
		glob(pattern, 0, NULL, &found);
	}
	free(pattern);
	if (found.gl_pathc == 0)
		fail(repo, "has no pack");
	bench->npacks = found.gl_pathc;
	bench->packs = xcalloc(bench->npacks, sizeof(*bench->packs));
	for (size_t i = 0; i < bench->npacks; i++)
		open_pack(&bench->packs[i], found.gl_pathv[i]);
	globfree(&found);
}

static void cut_stretches(struct bench *bench)
{
	size_t cap = 0;

	for (size_t p = 0; p < bench->npacks; p++) {
		struct pack *pack = &bench->packs[p];

		for (uint32_t beg = 0; beg < pack->count; beg += STRETCH) {
			uint32_t rest = pack->count - beg;
			uint32_t end = beg + (rest < STRETCH ? rest : STRETCH);

			grow_array(&bench->stretches, &cap, bench->nstretches,
				   sizeof(*bench->stretches));
			bench->stretches[bench->nstretches++] = (struct stretch){pack, beg, end};
		}
	}
}

/* Returns how many streams could not be inflated. */
static uint64_t print_sums(const struct bench *bench, unsigned jobs)
{
	static const char *const names[] = {[COMMIT] = "commits", "trees", "blobs", "tags"};
	uint64_t broken = 0;

	for (enum kind kind = COMMIT; kind <= TAG; kind++) {
		uint64_t streams = 0, stored = 0, inflated = 0;

		for (unsigned j = 0; j < jobs; j++) {
			streams += bench->workers[j].streams[kind];
			stored += bench->workers[j].stored[kind];
			inflated += bench->workers[j].inflated[kind];
		}
		if (kind == TREE)
			printf("%-8s %9llu  skipped\n", names[kind], (unsigned long long)streams);
		else
			printf("%-8s %9llu  %8.1f MB stored  %8.1f MB inflated\n", names[kind],
			       (unsigned long long)streams, (double)stored / 1e6,
			       (double)inflated / 1e6);
	}
	for (unsigned j = 0; j < jobs; j++)
		broken += bench->workers[j].broken;
	if (broken)
		printf("broken   %9llu\n", (unsigned long long)broken);
	return broken;
}

static void dispose(struct bench *bench, unsigned jobs)
{
	for (unsigned i = 0; i < jobs; i++) {
		libdeflate_free_decompressor(bench->workers[i].inflater);
		free(bench->workers[i].buf);
	}
	for (size_t i = 0; i < bench->npacks; i++) {
		free(bench->packs[i].offsets);
		free(bench->packs[i].kind);
		free(bench->packs[i].base);
	}
	free(bench->workers);
	free(bench->stretches);
	free(bench->packs);
}

static int run(const char *repo, unsigned jobs)
{
	struct bench bench = {0};
	double began = now(), opened, typed, ended;
	uint64_t broken;

	open_packs(&bench, repo);
	cut_stretches(&bench);
	bench.workers = xcalloc_lines(jobs, sizeof(*bench.workers));
	for (unsigned i = 0; i < jobs; i++)
		bench.workers[i].inflater = libdeflate_alloc_decompressor();
	opened = now();
	pool_each(jobs, bench.nstretches, note_types, &bench);
	for (size_t i = 0; i < bench.npacks; i++)
		resolve_types(&bench.packs[i]);
	typed = now();
	pool_each(jobs, bench.nstretches, inflate_stretch, &bench);
	ended = now();
	printf("index %.3f s, types %.3f s, inflate %.3f s, in all %.3f s; %u threads, %zu packs\n",
	       opened - began, typed - opened, ended - typed, ended - began, jobs, bench.npacks);
	broken = print_sums(&bench, jobs);
	dispose(&bench, jobs);
	return broken ? 2 : 0;
}

int main(int argc, char **argv)
{
	long jobs = sysconf(_SC_NPROCESSORS_ONLN);
	int opt;

	while ((opt = getopt(argc, argv, "j:")) == 'j')
		jobs = strtol(optarg, NULL, 10);
	if (opt != -1 || optind != argc - 1 || jobs < 1 || jobs > 1024) {
		fputs("usage: bench_inflate [-j N] REPO_OR_GITDIR\n", stderr);
		return 2;
	}
	return run(argv[optind], (unsigned)jobs);
}
