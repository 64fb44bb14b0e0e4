/*
 * A whole document, as a program would hand it over: text, notebook, archive in an
 * archive, database, in whatever form. What is found lies inside of it, and what is found
 * through a pipe is found in a file, too.
 *
 * Input: a byte that says what it is called, a byte for how much a pipe gives at a time,
 * then the document.
 */
#include "scan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A short secret, so that seeds can hold one that is no token of anybody's. */
static const char rule[] =
	"{\"schema\":1,\"rules\":[{\"id\":\"fuzz\",\"title\":{\"en\":\"t\"},\"explanation\":{"
	"\"en\":"
	"\"e\"},\"severity\":\"high\",\"anchors\":[\"hf_\"],\"pattern\":\"(?<secret>hf_[a-z]{9})\","
	"\"judge\":{\"body\":\"any\"},\"examples\":{\"match\":[\"hf_abcdefghi\"],\"no_match\":["
	"\"x\"]}"
	"}]}";

static const char *const names[] = {"x.py", "x.ipynb", "x.docx", "x.xml"};

#define NAMES (sizeof(names) / sizeof(*names))

/* What a pipe still has to give. */
struct pipe_end {
	struct slice left;
	size_t most;
};

static ssize_t on_read(void *payload, void *out, size_t len)
{
	struct pipe_end *end = payload;
	size_t n = len < end->most ? len : end->most;

	n = n < end->left.len ? n : end->left.len;
	if (n)
		memcpy(out, end->left.ptr, n);
	end->left = slice_of(end->left.ptr + n, end->left.len - n);
	return (ssize_t)n;
}

static void check_finding(const struct finding *f, struct slice bytes)
{
	assert(f->line1 >= 1 && f->column1 >= 1);
	assert(f->excerpt_beg <= f->excerpt_end && f->excerpt_end <= strlen(f->excerpt));
	if (f->member)
		return;
	assert(f->offset <= bytes.len && f->length <= bytes.len - f->offset);
	if (!f->decoded.count && !f->notebook)
		assert(memcmp(bytes.ptr + f->offset, "hf_", 3) == 0);
}

/* How many were found; complete: all was read. */
static size_t search(const struct rules *rules, const char *name, struct stream *stream,
		     struct slice bytes, bool *complete)
{
	const struct scan_options options = {.jobs = 1, .max_depth = 4};
	struct document doc = {.from = {.path = slice_str(name), .where = WHERE_BLOB},
			       .bytes = stream};
	const struct sink *sink;
	struct result *result;
	struct scan *scan;
	struct err err;
	size_t count;

	if (scan_new(&scan, rules, &options, &err) < 0)
		abort();
	sink = scan_sink(scan);
	sink->root(sink->payload, ".");
	sink->document(sink->payload, 0, &doc);
	result = scan_finish(scan);
	for (size_t i = 0; i < result->finding_count; i++)
		check_finding(&result->findings[i], bytes);
	count = result->finding_count;
	*complete = result->summary.incomplete == 0;
	scan_free(scan);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool from_file = false, from_pipe = false;
	struct rules *rules = rules_new();
	struct stream_buffer buffer;
	struct pipe_end end;
	struct stream s;
	struct err err;
	size_t in_file, in_pipe;

	if (rules_add_json(rules, slice_str(rule), "fuzz", &err) < 0)
		abort();
	if (size > 2) {
		const char *name = names[data[0] % NAMES];
		struct slice bytes = slice_of(data + 2, size - 2);

		stream_from_memory(&s, bytes);
		in_file = search(rules, name, &s, bytes, &from_file);
		end = (struct pipe_end){bytes, (size_t)data[1] * 16 + 1};
		stream_buffer_init(&buffer);
		stream_from_reader(&s, on_read, &end, &buffer, 0);
		in_pipe = search(rules, name, &s, bytes, &from_pipe);
		stream_buffer_dispose(&buffer);
		/* What is only compressed is not searched as it is when it goes by. */
		assert(!from_file || !from_pipe || in_file >= in_pipe);
	}
	rules_free(rules);
	return 0;
}
