#include "cli/abreast.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/names.h"
#include "base/pool.h"
#include "trace/trace.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* What one thread reads in some tenths of a second: no other waits long for it. */
#define SMALL_PACKS ((uint64_t)32 << 20)
#define SMALL_LOOSE ((size_t)16384)

/* One thread, which writes to the scan under its own number. */
struct lane {
	struct sink sink; /* what a history run by one thread sees */
	const struct sink *to;
	unsigned worker;
};

struct side {
	struct scan *scan;
	struct history_options how;
	struct lane *lanes;
	unsigned *numbers; /* of the repositories */
	size_t count;
	pthread_rwlock_t lock; /* each that reads holds it; who needs all memory, alone */
	struct odb_gate gate;
};

/* ---- sinks ---- */

static void lane_root(void *payload, const char *root)
{
	const struct lane *lane = payload;

	lane->to->root(lane->to->payload, root);
}

static void lane_document(void *payload, unsigned worker, struct document *doc)
{
	const struct lane *lane = payload;

	lane->to->document(lane->to->payload, lane->worker, doc);
}

static bool lane_worth(void *payload, struct slice bytes)
{
	const struct lane *lane = payload;

	return lane->to->worth(lane->to->payload, bytes);
}

static bool lane_kind(void *payload, struct slice bytes)
{
	const struct lane *lane = payload;

	return lane->to->kind(lane->to->payload, bytes);
}

static void lane_passed(void *payload, unsigned worker, uint64_t bytes)
{
	const struct lane *lane = payload;

	lane->to->passed(lane->to->payload, lane->worker, bytes);
}

static void lane_diag(void *payload, unsigned worker, const char *root, struct slice path,
		      bool is_note, const char *what)
{
	const struct lane *lane = payload;

	lane->to->diag(lane->to->payload, lane->worker, root, path, is_note, what);
}

static unsigned lane_repository(void *payload, unsigned worker, const struct repository *which)
{
	const struct lane *lane = payload;

	return lane->to->repository(lane->to->payload, lane->worker, which);
}

static void lane_origin(void *payload, const struct origin *origin)
{
	const struct lane *lane = payload;

	lane->to->origin(lane->to->payload, origin);
}

static void open_lane(struct lane *lane, const struct sink *to, unsigned worker)
{
	*lane = (struct lane){.to = to, .worker = worker, .sink = *to};
	lane->sink.root = lane_root;
	lane->sink.document = lane_document;
	lane->sink.worth = lane_worth;
	lane->sink.kind = to->kind ? lane_kind : NULL;
	lane->sink.passed = lane_passed;
	lane->sink.diag = lane_diag;
	lane->sink.repository = lane_repository;
	lane->sink.origin = lane_origin;
	lane->sink.payload = lane;
}

/* ---- memory ---- */

static void begin_alone(void *payload)
{
	struct side *side = payload;

	pthread_rwlock_unlock(&side->lock);
	pthread_rwlock_wrlock(&side->lock);
}

static void end_alone(void *payload)
{
	struct side *side = payload;

	pthread_rwlock_unlock(&side->lock);
	pthread_rwlock_rdlock(&side->lock);
}

/* ---- which are small ---- */

static uint64_t size_of_packs(const char *folder, const struct names *names)
{
	uint64_t size = 0;
	struct buf path;
	struct stat st;

	buf_init(&path, BUF_MAX_PATH);
	for (size_t i = 0; i < names->count; i++) {
		buf_reset(&path);
		buf_appendf(&path, "%s/%s", folder, names->list[i]);
		if (stat(path.ptr, &st) == 0)
			size += (uint64_t)st.st_size;
	}
	buf_dispose(&path);
	return size;
}

static bool list(struct names *names, const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_listed = fd >= 0 && names_read(names, fd) == 0;

	if (fd >= 0)
		close(fd);
	return is_listed;
}

/* As git itself guesses how many there are: git-gc(1), gc.auto. */
static bool has_few_loose(const char *objects)
{
	struct names names = {0};
	struct buf folder;
	bool few;

	buf_init(&folder, BUF_MAX_PATH);
	buf_appendf(&folder, "%s/17", objects);
	few = !list(&names, folder.ptr) || names.count * 256 <= SMALL_LOOSE;
	names_dispose(&names);
	buf_dispose(&folder);
	return few;
}

/* What borrows objects may be of any size. */
static bool borrows(const char *objects)
{
	struct buf path;
	bool does;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%s/info/alternates", objects);
	does = access(path.ptr, F_OK) == 0;
	buf_dispose(&path);
	return does;
}

static bool is_small(const struct repository *repository)
{
	struct names names = {0};
	struct buf objects, packs;
	bool small = true;

	buf_init(&objects, BUF_MAX_PATH);
	buf_init(&packs, BUF_MAX_PATH);
	buf_appendf(&objects, "%sobjects", repository->common_dir);
	buf_appendf(&packs, "%s/pack", objects.ptr);
	if (list(&names, packs.ptr))
		small = size_of_packs(packs.ptr, &names) <= SMALL_PACKS;
	small = small && !borrows(objects.ptr) && has_few_loose(objects.ptr);
	names_dispose(&names);
	buf_dispose(&packs);
	buf_dispose(&objects);
	return small;
}

/* ---- reading ---- */

int read_history(const struct repository *repository, unsigned number,
		 const struct history_options *how, const struct sink *sink, struct scan *scan,
		 struct err *err)
{
	struct history history;
	int rc = history_open(&history, repository, number, how, sink, err);

	if (rc == 0) {
		history_scan(&history);
		trace(&history);
		scan_count_history(scan);
	}
	history_dispose(&history);
	return rc;
}

static void read_one(unsigned worker, size_t i, void *payload)
{
	struct side *side = payload;
	struct repository repository;
	struct err err;

	pthread_rwlock_rdlock(&side->lock);
	/* It fails for want of certain commits only, and none is asked for. */
	if (scan_repository(side->scan, side->numbers[i], &repository))
		read_history(&repository, side->numbers[i], &side->how, &side->lanes[worker].sink,
			     side->scan, &err);
	pthread_rwlock_unlock(&side->lock);
}

static void read_all(struct side *side, unsigned jobs)
{
	side->lanes = xcalloc(jobs, sizeof(*side->lanes));
	for (unsigned i = 0; i < jobs; i++)
		open_lane(&side->lanes[i], scan_sink(side->scan), i);
	pthread_rwlock_init(&side->lock, NULL);
	side->gate = (struct odb_gate){jobs, begin_alone, end_alone, side};
	side->how.jobs = 1;
	side->how.gate = &side->gate;
	pool_each(jobs, side->count, read_one, side);
	pthread_rwlock_destroy(&side->lock);
	free(side->lanes);
}

void abreast_run(struct abreast *a, struct scan *scan, const struct history_options *how)
{
	struct side side = {.scan = scan, .how = *how};
	unsigned first = a->known + 1;
	struct repository repository;

	while (scan_repository(scan, a->known + 1, &repository))
		a->known++;
	if (a->known < first)
		return;
	a->done = xrealloc(a->done, a->known * sizeof(*a->done));
	memset(a->done + first - 1, 0, (a->known - first + 1) * sizeof(*a->done));
	if (how->jobs < 2 || how->to || how->tips || a->known == first)
		return;
	side.numbers = xcalloc(a->known - first + 1, sizeof(*side.numbers));
	for (unsigned number = first; number <= a->known; number++) {
		if (scan_repository(scan, number, &repository) && is_small(&repository))
			side.numbers[side.count++] = number;
	}
	for (size_t i = 0; side.count > 1 && i < side.count; i++)
		a->done[side.numbers[i] - 1] = true;
	if (side.count > 1)
		read_all(&side, side.count < how->jobs ? (unsigned)side.count : how->jobs);
	free(side.numbers);
}

bool abreast_has(const struct abreast *a, unsigned number)
{
	return number <= a->known && a->done[number - 1];
}

void abreast_dispose(struct abreast *a)
{
	free(a->done);
	*a = (struct abreast){0};
}
