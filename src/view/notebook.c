#include "view/notebook.h"

#include "view/notebook_parts.h"

struct reading {
	struct json json;
	struct notebook_parts parts; /* of the text at work */
	notebook_worth_fn worth;
	struct notebook_place where;
	unsigned cells; /* so far */
	bool tagged;    /* the cell at work */
};

/* ---- telling ---- */

static void begin_text(struct reading *r, bool is_html)
{
	bool is_shown =
		r->where.output || r->where.part == PART_SOURCE || r->where.part == PART_OUTPUT;

	notebook_parts_begin(&r->parts, &r->where, is_html, r->tagged && is_shown);
}

static void tell_string(struct reading *r, size_t string)
{
	begin_text(r, false);
	notebook_parts_add(&r->parts, string);
	notebook_parts_end(&r->parts);
}

/* Every string in item by itself, keys too. */
static void tell_strings(struct reading *r, const cJSON *item)
{
	struct json_run run;
	const cJSON *child;
	size_t key;

	if (json_key(&r->json, item, &key))
		tell_string(r, key);
	if (json_strings(&r->json, item, &run))
		for (size_t i = 0; i < run.count; i++)
			tell_string(r, run.first + i);
	cJSON_ArrayForEach(child, item) tell_strings(r, child);
}

/* ---- texts that are stored as one string or a list of them ---- */

/* Whether item is, and where it is stored. An empty list is an empty text. */
static bool is_text(const struct json *json, const cJSON *item, struct json_run *run)
{
	const cJSON *first = cJSON_IsArray(item) ? item->child : item;

	*run = (struct json_run){0};
	return !first || (json_strings(json, first, run) && (first == item || !first->next));
}

/* between: what stands between two of a list; lines of a source bring their
 * own ends. */
static void tell_joined(struct reading *r, const cJSON *item, struct slice between, bool is_html)
{
	struct json_run run;

	if (!is_text(&r->json, item, &run)) {
		tell_strings(r, item);
		return;
	}
	begin_text(r, is_html);
	for (size_t i = run.first; i < run.first + run.count; i++) {
		if (i > run.first)
			notebook_parts_add_between(&r->parts, between, i);
		notebook_parts_add(&r->parts, i);
	}
	notebook_parts_end(&r->parts);
}

/* ---- outputs ---- */

/* Whose lists are lists:
 * https://nbformat.readthedocs.io/en/latest/format_description.html#display-data */
static bool is_json(struct slice type)
{
	return slice_eq(type, SLICE("application/json")) || slice_has_suffix(type, SLICE("+json"));
}

static bool is_html(struct slice type)
{
	return slice_eq(type, SLICE("text/html")) || slice_eq(type, SLICE("html"));
}

/* Base64, in nbformat 3 under its own name. */
static bool is_picture(struct slice type)
{
	return slice_eq(type, SLICE("image/png")) || slice_eq(type, SLICE("image/jpeg")) ||
	       slice_eq(type, SLICE("image/gif")) || slice_eq(type, SLICE("image/webp")) ||
	       slice_eq(type, SLICE("application/pdf")) || slice_eq(type, SLICE("png")) ||
	       slice_eq(type, SLICE("jpeg")) || slice_eq(type, SLICE("pdf"));
}

/* The strings of a list are looked at with what stands between them. */
static bool is_worth(const struct reading *r, const cJSON *item)
{
	struct json_run run;
	struct span stored;

	if (!r->worth || !is_text(&r->json, item, &run))
		return true;
	if (!run.count)
		return false;
	stored.beg = r->json.strings[run.first].beg;
	stored.end = r->json.strings[run.first + run.count - 1].end;
	return r->worth(r->parts.payload, slice_cut(r->json.bytes, stored));
}

/* One representation of an output or attachment, by its MIME type. */
static void tell_data(struct reading *r, const cJSON *data)
{
	struct slice type;
	size_t key;

	if (!json_key(&r->json, data, &key))
		return;
	type = slice_cut(r->json.bytes, r->json.strings[key]);
	if (is_json(type)) {
		tell_strings(r, data);
		return;
	}
	tell_string(r, key);
	if (!is_picture(type) || is_worth(r, data))
		tell_joined(r, data, SLICE(""), is_html(type));
}

/* What is known by one of these keys; everything else string by string. */
enum treatment {
	AS_STRINGS,
	AS_TEXT,  /* a string, or a list that is one text */
	AS_LINES, /* a list of lines without ends */
	AS_DATA,  /* by MIME type */
	AS_ATTACHMENTS,
	AS_OUTPUTS,
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
	{"metadata", AS_STRINGS, PART_METADATA},
	{NULL, AS_STRINGS, PART_OTHER},
};
static const struct field worksheet_fields[] = {
	{"cells", AS_CELLS, PART_OTHER},
	{"metadata", AS_STRINGS, PART_METADATA},
	{NULL, AS_STRINGS, PART_OTHER},
};
static const struct field cell_fields[] = {
	{"source", AS_TEXT, PART_SOURCE},        {"input", AS_TEXT, PART_SOURCE}, /* nbformat 3 */
	{"outputs", AS_OUTPUTS, PART_OUTPUT},    {"attachments", AS_ATTACHMENTS, PART_ATTACHMENT},
	{"metadata", AS_STRINGS, PART_METADATA}, {NULL, AS_STRINGS, PART_OTHER},
};
static const struct field output_fields[] = {
	{"text", AS_TEXT, PART_OUTPUT},       {"data", AS_DATA, PART_OUTPUT},
	{"traceback", AS_LINES, PART_OUTPUT}, {"metadata", AS_STRINGS, PART_METADATA},
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

	if (!cJSON_IsArray(outputs)) {
		tell_strings(r, outputs);
		return;
	}
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

/* The last of several of one name counts, as for Python's json; NULL: there is none. */
static const cJSON *find_item(const struct json *json, const cJSON *object, const char *key)
{
	const cJSON *item, *found = NULL;
	size_t name;

	cJSON_ArrayForEach(item, object) if (json_key(json, item, &name) &&
					     json_is(json, name, slice_str(key))) found = item;
	return found;
}

static bool find_string(const struct json *json, const cJSON *object, const char *key, size_t *at)
{
	const cJSON *item = find_item(json, object, key);
	struct json_run run;

	if (!item || !json_strings(json, item, &run))
		return false;
	*at = run.first;
	return true;
}

/* https://nbformat.readthedocs.io/en/latest/format_description.html#cell-metadata */
static bool has_tag(const struct json *json, const cJSON *cell, struct slice tag)
{
	const cJSON *metadata = find_item(json, cell, "metadata");
	const cJSON *tags = metadata ? find_item(json, metadata, "tags") : NULL, *item;
	struct json_run run;

	cJSON_ArrayForEach(item, tags)
	{
		if (!json_strings(json, item, &run))
			continue;
		for (size_t i = 0; i < run.count; i++)
			if (json_is(json, run.first + i, tag))
				return true;
	}
	return false;
}

static void note_cell(struct reading *r, const cJSON *cell)
{
	size_t string;

	r->where = (struct notebook_place){.cell = ++r->cells, .type = CELL_OTHER};
	r->tagged = has_tag(&r->json, cell, SLICE(NOTEBOOK_TAG));
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
	r->tagged = false;
}

static void tell_worksheets(struct reading *r, const cJSON *worksheets)
{
	const cJSON *sheet;

	cJSON_ArrayForEach(sheet, worksheets) tell_fields(r, sheet, worksheet_fields);
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
	case AS_STRINGS:
		tell_strings(r, item);
		break;
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

int notebook_read(struct slice bytes, size_t behind, notebook_text_fn tell, notebook_worth_fn worth,
		  void *payload, struct err *err)
{
	struct reading r = {
		.worth = worth,
		.parts = {.behind = behind, .tell = tell, .payload = payload, .json = &r.json}};
	int rc = read_json(&r, bytes, err);

	if (rc == 0) {
		tell_fields(&r, r.json.tree, notebook_fields);
	} else {
		r.where = (struct notebook_place){.part = PART_UNKNOWN};
		for (size_t i = 0; i < r.json.count; i++)
			tell_string(&r, i);
	}
	notebook_parts_dispose(&r.parts);
	json_dispose(&r.json);
	return rc;
}
