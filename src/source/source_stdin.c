/* A chat export, a clipboard, a diff: whatever comes in. */
#include "source/source.h"

#include "source/visit.h"

#include <unistd.h>

int source_stdin(const char *name, const struct sink *sink, struct err *err)
{
	struct document doc = {.from = {.path = slice_str(name)}};
	struct visitor visitor;
	struct stream stream;

	(void)err;
	sink->root(sink->payload, "-");
	visitor_init(&visitor, sink, 0);
	stream_from_fd(&stream, STDIN_FILENO, &visitor.buffer, 0, false);
	doc.bytes = &stream;
	sink->document(sink->payload, 0, &doc);
	visitor_dispose(&visitor);
	return 0;
}
