#include "view/notebook.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "view/entities.h"
#include "view/json.h"
#include "view/terminal.h"

#include <stdlib.h>

struct reading {
	struct json json;
	notebook_text_fn tell;
	void *payload;
	struct notebook_place where;
	unsigned cells;               /* so far */
	struct view_text text, plain; /* at work, reused */
};

/* ---- telling ---- */

/* A terminal's codes may cut a token, or part it from what stands beside it: so
 * the text is told without them, and with blanks in their place. */
static void tell_text(struct reading *r, bool is_html)
{
	if (!r->text.len)
		return;
	if (terminal_has_codes(&r->text)) {
		terminal_strip(&r->text, true, &r->plain);
		r->tell(r->payload, &r->plain, &r->where);
		terminal_strip(&r->text, false, &r->plain);
		r->tell(r->payload, &r->plain, &r->where);
		return;
	}
	r->tell(r->payload, &r->text, &r->where);
	if (is_html && entities_decode(&r->text, &r->plain))
		r->tell(r->payload, &r->plain, &r->where);
}

static void tell_string(struct reading *r, size_t string)
{
	view_text_reset(&r->text);
	json_unescape(&r->json, string, &r->text);
	tell_text(r, false);
}

/* Every string in item by itself, keys too. */
static void tell_strings(struct reading *r, const cJSON *item)
{
	const cJSON *child;
	size_t string;

	if (json_key(&r->json, item, &string))
		tell_string(r, string);
	if (json_string(&r->json, item, &string))
		tell_string(r, string);
	cJSON_ArrayForEach(child, item) tell_strings(r, child);
}

/* ---- texts that are stored as one string or a list of them ---- */

static bool is_text(const cJSON *item)
{
	const cJSON *line;

	if (cJSON_IsString(item))
		return true;
	if (!cJSON_IsArray(item))
		return false;
	cJSON_ArrayForEach(line, item) if (!cJSON_IsString(line)) return false;
	return true;
}

/* between: what stands between two of a list; lines of a source bring their
 * own ends. */
static void join(struct reading *r, const cJSON *item, struct slice between)
{
	const cJSON *line;
	size_t string;

	view_text_reset(&r->text);
	if (json_string(&r->json, item, &string))
		json_unescape(&r->json, string, &r->text);
	cJSON_ArrayForEach(line, item)
	{
		if (!json_string(&r->json, line, &string))
			continue;
		if (r->text.len)
			view_text_put(&r->text, between, r->json.strings[string].beg, 0);
		json_unescape(&r->json, string, &r->text);
	}
}

static void tell_joined(struct reading *r, const cJSON *item, struct slice between, bool is_html)
{
	if (!is_text(item)) {
		tell_strings(r, item);
		return;
	}
	join(r, item, between);
	tell_text(r, is_html);
}

/* ---- outputs ---- */

/* Long and in base64: what is stored is all there is to see. */
static bool is_picture(const struct json *json, size_t type)
{
	struct slice name = slice_cut(json->bytes, json->strings[type]);

	if (slice_eq(name, SLICE("image/svg+xml")))
		return false;
	return slice_has_prefix(name, SLICE("image/")) || slice_has_prefix(name, SLICE("audio/")) ||
	       slice_has_prefix(name, SLICE("video/")) ||
	       slice_eq(name, SLICE("application/pdf")) || slice_eq(name, SLICE("png")) ||
	       slice_eq(name, SLICE("jpeg"));
}

/* One representation of an output or attachment, by its MIME type. */
static void tell_data(struct reading *r, const cJSON *data)
{
	size_t type;

	if (!json_key(&r->json, data, &type))
		return;
	tell_string(r, type);
	if (is_text(data) && is_picture(&r->json, type))
		return;
	if (is_text(data))
		tell_joined(r, data, SLICE(""),
			    json_is(&r->json, type, SLICE("text/html")) ||
				    json_is(&r->json, type, SLICE("html")));
	else
		tell_strings(r, data);
}

/* What is known by one of these keys; everything else string by string. */
enum treatment {
	AS_STRINGS,
	AS_TEXT,  /* a string, or a list that is one text */
	AS_LINES, /* a list of lines without ends */
	AS_DATA,  /* by MIME type */
	AS_ATTACHMENTS,
	AS_OUTPUTS,
	AS_METADATA,
	AS_CELLS,
	AS_WORKSHEETS,
	AS_NAMED, /* an output's own data in nbformat 3: "text", "html", "png", ... */
};

struct field {
	const char *key;
	enum treatment treatment;
	enum cell_part part;
};

static const struct field notebook_fields[] = {
	{"cells", AS_CELLS, PART_OTHER},
	{"worksheets", AS_WORKSHEETS, PART_OTHER},
	{"metadata", AS_METADATA, PART_METADATA},
	{NULL, AS_STRINGS, PART_OTHER},
};
static const struct field cell_fields[] = {
	{"source", AS_TEXT, PART_SOURCE},         {"input", AS_TEXT, PART_SOURCE}, /* nbformat 3 */
	{"outputs", AS_OUTPUTS, PART_OUTPUT},     {"attachments", AS_ATTACHMENTS, PART_ATTACHMENT},
	{"metadata", AS_METADATA, PART_METADATA}, {NULL, AS_STRINGS, PART_OTHER},
};
static const struct field output_fields[] = {
	{"text", AS_TEXT, PART_OUTPUT},       {"data", AS_DATA, PART_OUTPUT},
	{"traceback", AS_LINES, PART_OUTPUT}, {"metadata", AS_METADATA, PART_METADATA},
	{NULL, AS_NAMED, PART_OUTPUT},
};

static void tell_fields(struct reading *r, const cJSON *object, const struct field *fields);

static const struct field *find_field(const struct json *json, const cJSON *item,
				      const struct field *fields)
{
	size_t key;

	for (; fields->key; fields++)
		if (json_key(json, item, &key) && json_is(json, key, slice_str(fields->key)))
			break;
	return fields;
}

static void tell_outputs(struct reading *r, const cJSON *outputs)
{
	const cJSON *output;

	r->where.output = 0;
	cJSON_ArrayForEach(output, outputs)
	{
		r->where.output++;
		tell_fields(r, output, output_fields);
	}
	r->where.output = 0;
}

/* ---- cells ---- */

static const struct {
	struct slice name;
	enum cell_type type;
} cell_types[] = {
	{{(const unsigned char *)"code", 4}, CELL_CODE},
	{{(const unsigned char *)"markdown", 8}, CELL_MARKDOWN},
	{{(const unsigned char *)"raw", 3}, CELL_RAW},
	{{(const unsigned char *)"heading", 7}, CELL_HEADING},
};

/* The last of several of one name counts, as for Python's json. */
static bool find_string(const struct json *json, const cJSON *object, const char *key, size_t *at)
{
	const cJSON *item;
	bool found = false;
	size_t name;

	cJSON_ArrayForEach(item, object) if (json_key(json, item, &name) &&
					     json_is(json, name, slice_str(key))) found =
		json_string(json, item, at);
	return found;
}

static void note_cell(struct reading *r, const cJSON *cell)
{
	size_t string;

	r->where = (struct notebook_place){.cell = ++r->cells, .type = CELL_OTHER};
	if (find_string(&r->json, cell, "id", &string))
		r->where.id = slice_cut(r->json.bytes, r->json.strings[string]);
	if (!find_string(&r->json, cell, "cell_type", &string))
		return;
	for (size_t i = 0; i < sizeof(cell_types) / sizeof(*cell_types); i++)
		if (json_is(&r->json, string, cell_types[i].name))
			r->where.type = cell_types[i].type;
}

static void tell_cells(struct reading *r, const cJSON *cells)
{
	const cJSON *cell;

	cJSON_ArrayForEach(cell, cells)
	{
		note_cell(r, cell);
		tell_fields(r, cell, cell_fields);
	}
	r->where = (struct notebook_place){.part = PART_OTHER};
}

static void tell_worksheets(struct reading *r, const cJSON *worksheets)
{
	const cJSON *sheet, *item;
	size_t key;

	cJSON_ArrayForEach(sheet, worksheets) cJSON_ArrayForEach(item, sheet)
	{
		if (json_key(&r->json, item, &key) && json_is(&r->json, key, SLICE("cells")))
			tell_cells(r, item);
		else
			tell_strings(r, item);
	}
}

static void tell_attachments(struct reading *r, const cJSON *attachments)
{
	const cJSON *attachment, *data;
	size_t name;

	cJSON_ArrayForEach(attachment, attachments)
	{
		if (json_key(&r->json, attachment, &name))
			tell_string(r, name);
		if (!cJSON_IsObject(attachment))
			tell_strings(r, attachment);
		else
			cJSON_ArrayForEach(data, attachment) tell_data(r, data);
	}
}

static void tell_field(struct reading *r, const cJSON *item, enum treatment treatment)
{
	const cJSON *child;
	size_t key;

	/* The words of the format itself are no texts. */
	if (treatment == AS_STRINGS && json_key(&r->json, item, &key))
		tell_string(r, key);
	switch (treatment) {
	case AS_TEXT:
		tell_joined(r, item, SLICE(""), false);
		break;
	case AS_LINES:
		tell_joined(r, item, SLICE("\n"), false);
		break;
	case AS_DATA:
		cJSON_ArrayForEach(child, item) tell_data(r, child);
		break;
	case AS_NAMED:
		tell_data(r, item);
		break;
	case AS_ATTACHMENTS:
		tell_attachments(r, item);
		break;
	case AS_OUTPUTS:
		tell_outputs(r, item);
		break;
	case AS_CELLS:
		tell_cells(r, item);
		break;
	case AS_WORKSHEETS:
		tell_worksheets(r, item);
		break;
	default:
		cJSON_ArrayForEach(child, item) tell_strings(r, child);
		if (json_string(&r->json, item, &key))
			tell_string(r, key);
	}
}

/* What was expected to be an object and is not is told string by string. */
static void tell_fields(struct reading *r, const cJSON *object, const struct field *fields)
{
	const cJSON *item;

	if (!cJSON_IsObject(object)) {
		r->where.part = PART_OTHER;
		tell_strings(r, object);
		return;
	}
	cJSON_ArrayForEach(item, object)
	{
		const struct field *field = find_field(&r->json, item, fields);

		r->where.part = field->part;
		tell_field(r, item, field->treatment);
	}
}

/* ---- the whole ---- */

static struct slice skip_blanks(struct slice bytes)
{
	if (slice_has_prefix(bytes, SLICE("\xef\xbb\xbf")))
		bytes = slice_cut(bytes, (struct span){3, bytes.len});
	while (bytes.len && (*bytes.ptr == ' ' || *bytes.ptr == '\t' || *bytes.ptr == '\n' ||
			     *bytes.ptr == '\r'))
		bytes = slice_cut(bytes, (struct span){1, bytes.len});
	return bytes;
}

bool notebook_begins(struct slice bytes)
{
	bytes = skip_blanks(bytes);
	return bytes.len && *bytes.ptr == '{';
}

bool notebook_is(struct slice bytes)
{
	return notebook_begins(bytes) && memmem(bytes.ptr, bytes.len, "\"nbformat\"", 10);
}

static bool has_cells(const struct json *json)
{
	const cJSON *item;
	size_t key;

	if (!cJSON_IsObject(json->tree))
		return false;
	cJSON_ArrayForEach(item, json->tree) if (json_key(json, item, &key) &&
						 (json_is(json, key, SLICE("cells")) ||
						  json_is(json, key, SLICE("worksheets"))) &&
						 cJSON_IsArray(item)) return true;
	return false;
}

static int read_json(struct reading *r, struct slice bytes, struct err *err)
{
	int rc = json_read(&r->json, bytes, err);

	if (rc == 0 && !has_cells(&r->json))
		rc = err_set(err, HF_EFORMAT, "it has no cells");
	return rc;
}

int notebook_read(struct slice bytes, notebook_text_fn tell, void *payload, struct err *err)
{
	struct reading r = {.tell = tell, .payload = payload};
	int rc = read_json(&r, bytes, err);

	if (rc == 0) {
		tell_fields(&r, r.json.tree, notebook_fields);
	} else {
		r.where = (struct notebook_place){.part = PART_UNKNOWN};
		for (size_t i = 0; i < r.json.count; i++)
			tell_string(&r, i);
	}
	view_text_dispose(&r.text);
	view_text_dispose(&r.plain);
	json_dispose(&r.json);
	return rc;
}
