"""Where tokens stand in a notebook, by its structure: the expected records.

A record is a JSON object; its fields are named as in hfscan's jsonl report,
and mean:

    path            of the notebook, relative to the folder that is scanned
    offset          in the file, from 0, of the first byte that the token comes from;
                    of `\\u0068f_...` that is the backslash
    length          bytes in the file from there to the end of the token's last byte;
                    more than the token has where escapes, colour codes or the seam
                    between two entries of a list stand in it
    line, column    of offset in the file, from 1; lines end at \\n, columns count
                    UTF-16 code units, those of \\r too, but not a byte order mark
    end_column      behind its last byte, or behind the line where it goes on in the next
    secret.fingerprint   first 32 hex digits of the token's SHA-256
    notebook        absent where the structure cannot be read. In it:
      cell          from 1, in the order of the file, through all worksheets;
                    absent outside of cells
      cell_id       as stored, * for a token; absent where there is none
      cell_type     as stored: code, markdown, raw, heading; absent where it is none of these
      part          source      the cell's `source` (nbformat 3: `input`)
                    output      an output's fields, except
                    metadata    of an output, a cell, a worksheet or the notebook
                    attachment  of a cell, names of attachments included
                    other       every other key of a cell, worksheet or notebook, and its value
      output        from 1 in the cell, also for an output's metadata; absent elsewhere
      line, column  from 1, in the text that the token stands in, as people see it:
                    JSON's escapes undone, terminals' codes taken away, and in HTML
                    (not its tags) entities as what they stand for; columns count
                    UTF-16 code units. The text is the string, except that these are one text when they
                    are a list of strings: source, input, an output's `text` and
                    its data by MIME type (but JSON's own), and in attachments.
                    A traceback's entries are one text with \\n between them

and for people, in no report:

    name, hidden    the token's, and whether its bytes do not stand in the file as such
    kind, key       the output's type as stored, and the MIME type or key
    text            what stands around it in that text

Each byte of a file is in one place, so a record is one location: a token that
can be seen in several ways (as it is, without colour codes, without entities)
has one record.
"""
import hashlib
import re

from positions import Object, Text, joined

# Sample tokens and nothing else: which of them is asked of a table.
SAMPLE = re.compile(rb"(?=((?:hf|api_org)_[A-Za-z]{34}))")
CELL_TYPES = (b"code", b"markdown", b"raw", b"heading")
AROUND = 20


def is_lines(node):
    return isinstance(node, list) and not isinstance(node, Object) and \
        all(isinstance(item, Text) for item in node)


def name_of(key):
    """For a record, where no token may stand."""
    return re.sub(rb"(hf|api_org)_[A-Za-z]{34}", b"*", key.data).decode(errors="replace")


class Notebook:
    """Walks a document of positions.py; texts are (Text, is_html, place)."""

    def __init__(self, document):
        self.texts = []
        self.cells = 0
        for key, value in document:
            if key.data == b"cells" and isinstance(value, list):
                self.cells_of(value)
            elif key.data == b"worksheets" and isinstance(value, list):
                self.worksheets(value)
            else:
                part = "metadata" if key.data == b"metadata" else "other"
                self.field(key, value, {"part": part})

    def add(self, text, place, key="", is_html=False):
        self.texts.append((text, is_html, {**place, "key": key}))

    def strings(self, node, place, key=""):
        """Every string below node by itself, keys too."""
        if isinstance(node, Text):
            self.add(node, place, key)
        elif isinstance(node, Object):
            for name, value in node:
                self.add(name, place, key)
                self.strings(value, place, name_of(name))
        elif isinstance(node, list):
            for item in node:
                self.strings(item, place, key)

    def text(self, node, place, key, between=b"", is_html=False):
        """A string or a list of lines; or else string by string."""
        if isinstance(node, Text):
            self.add(node, place, key, is_html)
        elif is_lines(node):
            self.add(joined(node, between), place, key, is_html)
        else:
            self.strings(node, place, key)

    def field(self, key, value, place):
        self.add(key, place)
        self.strings(value, place, name_of(key))

    def worksheets(self, sheets):
        for sheet in sheets:
            if not isinstance(sheet, Object):
                self.strings(sheet, {"part": "other"})
                continue
            for key, value in sheet:
                if key.data == b"cells" and isinstance(value, list):
                    self.cells_of(value)
                else:
                    part = "metadata" if key.data == b"metadata" else "other"
                    self.field(key, value, {"part": part})

    def cells_of(self, cells):
        if isinstance(cells, Object):
            self.strings(cells, {"part": "other"}, "cells")
            return
        for cell in cells:
            self.cells += 1
            place = {"cell": self.cells}
            if not isinstance(cell, Object):
                self.strings(cell, {**place, "part": "other"})
                continue
            kind, name = cell.get(b"cell_type"), cell.get(b"id")
            if isinstance(name, Text):
                place["cell_id"] = name_of(name)
            if isinstance(kind, Text) and kind.data in CELL_TYPES:
                place["cell_type"] = name_of(kind)
            for key, value in cell:
                self.cell_field(key, value, place)

    def cell_field(self, key, value, place):
        if key.data in (b"source", b"input"):
            self.text(value, {**place, "part": "source"}, name_of(key))
        elif key.data == b"outputs" and isinstance(value, list) and not isinstance(value, Object):
            for number, output in enumerate(value, 1):
                self.output(output, {**place, "output": number})
        elif key.data == b"outputs":
            self.strings(value, {**place, "part": "output"}, "outputs")
        elif key.data == b"attachments":
            self.attachments(value, {**place, "part": "attachment"})
        else:
            part = "metadata" if key.data == b"metadata" else "other"
            self.field(key, value, {**place, "part": part})

    def attachments(self, value, place):
        if not isinstance(value, Object):
            self.strings(value, place, "attachments")
            return
        for name, bundle in value:
            self.add(name, place, "attachments")
            self.bundle(bundle, place)

    def bundle(self, bundle, place):
        """Data by MIME type."""
        if not isinstance(bundle, Object):
            self.strings(bundle, place)
            return
        for mime, data in bundle:
            self.add(mime, place)
            self.data(name_of(mime), data, place)

    def data(self, mime, data, place):
        # A list in JSON's own data is a list; elsewhere, in nbformat 3's "json" too,
        # it is lines.
        if re.fullmatch(r"application/(json|.*\+json)", mime):
            self.strings(data, place, mime)
        else:
            self.text(data, place, mime, is_html=mime in ("text/html", "html"))

    def output(self, output, place):
        if not isinstance(output, Object):
            self.strings(output, {**place, "part": "output"})
            return
        kind = output.get(b"output_type")
        inside = {**place, "part": "output",
                  "kind": name_of(kind) if isinstance(kind, Text) else None}
        for key, value in output:
            if key.data == b"metadata":
                self.field(key, value, {**inside, "part": "metadata"})
            elif key.data == b"data":
                self.bundle(value, inside)
            elif key.data == b"traceback":
                self.text(value, inside, "traceback", between=b"\n")
            else:
                # nbformat 3 keeps its data here, by short names: "html", "text".
                self.add(key, inside)
                self.data(name_of(key), value, inside)


def units(data):
    """As editors count; a byte that is of no UTF-8 is a character."""
    return len(data.decode(errors="surrogateescape").encode("utf-16-le", "surrogatepass")) // 2


def position(data, at):
    """Line and column, from 1."""
    beg = data.rfind(b"\n", 0, at) + 1
    marked = beg == 0 and data.startswith(b"\xef\xbb\xbf")
    return data.count(b"\n", 0, at) + 1, units(data[beg:at]) - marked + 1


def readings(text, is_html):
    """The forms in which a token may be seen; the last is what people see."""
    forms = [text]
    if b"\x1b" in text.data:
        forms.append(text.without_codes())
    if is_html:
        forms.append(forms[-1].without_entities())
    return forms


def hits(text, tokens):
    for hit in SAMPLE.finditer(text.data):
        # An organization's token is longer by its prefix; both have 34 letters.
        if hit.group(1) in tokens:
            yield hit.start(1), hit.end(1), hit.group(1)


def fingerprint(token):
    return hashlib.sha256(token).hexdigest()[:32]


def around(text, beg, end):
    return (text.data[max(0, beg - AROUND):beg] + b"@" +
            text.data[end:end + AROUND]).decode(errors="replace")


def in_file(data, beg, end, token, name):
    line, column = position(data, beg)
    in_line = data[beg:end].split(b"\n")[0]
    return {"name": name, "offset": beg, "length": end - beg, "line": line, "column": column,
            "end_column": column + units(in_line),
            "hidden": data[beg:beg + len(token)] != token,
            "secret": {"fingerprint": fingerprint(token)}}


def raw_records(data, tokens):
    """Of a file that is no notebook: what stands in it as it is."""
    return [in_file(data, at, end, token, tokens[token])
            for at, end, token in hits(Text(data), tokens)]


def records(data, document, tokens):
    """tokens: names by token. In the order of offsets."""
    found = {}
    for text, is_html, place in Notebook(document).texts:
        forms = readings(text, is_html)
        for form in forms:
            for beg, end, token in hits(form, tokens):
                raw = form.spans[beg][0], form.spans[end - 1][1]
                if raw in found:
                    continue
                at = forms[-1].index_of(raw[0])
                inside = {k: v for k, v in place.items() if k not in ("kind", "key")}
                inside["line"], inside["column"] = position(forms[-1].data, at)
                found[raw] = {**in_file(data, *raw, token, tokens[token]), "notebook": inside,
                              "kind": place.get("kind"), "key": place["key"],
                              "text": around(form, beg, end)}
    return [found[raw] for raw in sorted(found)]
