/* hfscan explain [TOPIC]: what people ask about tokens. */
#include "cli/cmd.h"

#include "base/tr.h"
#include "cli/output.h"
#include "report/page.h"
#include "report/topics.h"

#include <errno.h>
#include <stdio.h>

static int list(enum lang lang)
{
	for (const struct topic *topic = topics(); topic->name; topic++)
		printf("hfscan explain %-10s  %s\n", tr_in(lang, topic->name),
		       tr_in(lang, topic->title));
	return EXIT_CLEAN;
}

static void put_paragraph(struct page *page, const char *text)
{
	page_put(page, PAINT_PLAIN, "\n");
	if (*text != ' ') {
		page_put_paragraph(page, "", "", slice_str(text));
		return;
	}
	page_put(page, PAINT_STRONG, text);
	page_put(page, PAINT_PLAIN, "\n");
}

static int show(const struct topic *topic, const struct options *options)
{
	const char *const *paragraphs = topic->paragraphs;
	struct page page;
	int errnum;

	page_init(&page, stdout, options->lang, output_wants_color(options, stdout));
	page_put(&page, PAINT_STRONG, tr_in(options->lang, topic->title));
	page_put(&page, PAINT_PLAIN, "\n");
	for (size_t i = 0; i < TOPIC_PARAGRAPHS_MAX && paragraphs[i]; i++)
		put_paragraph(&page, tr_in(options->lang, paragraphs[i]));
	page_flush(&page);
	errnum = page.errnum;
	page_dispose(&page);
	errno = errnum;
	return EXIT_CLEAN;
}

int cmd_explain(const struct options *options)
{
	const struct topic *topic;

	if (options->arg_count == 0)
		return list(options->lang);
	topic = options->arg_count == 1 ? topic_find(options->args[0]) : NULL;
	if (topic)
		return show(topic, options);
	complain(options->args[0], "no such topic; `hfscan explain` lists them");
	return EXIT_USAGE;
}
