"""JSON read slowly and plainly, with the place in the file of every byte of every string.

read(data) gives the document as

    Text           a string
    Object         an object: a list of (key, value), repeated keys and all; keys are Texts
    list           an array
    None           a number, true, false or null, which hold no token

and raises ValueError, with the offset, where the bytes are no JSON. What costs no
guess it lets pass: a byte order mark, NaN, control characters and bytes that are
no UTF-8 in strings; an escape that means nothing stands for itself. Nothing here is shared with hfscan.
"""
import bisect
import html
import re
import sys

# Two calls a level, and hostile notebooks are deep.
sys.setrecursionlimit(10000)

BLANKS = b" \t\r\n"
BARE = re.compile(rb"[-+0-9.eE]+|true|false|null|NaN|-?Infinity")
PLAIN = re.compile(rb'[^"\\]*')
SHORT = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t",
         b'"': b'"', b"\\": b"\\", b"/": b"/"}
REPLACEMENT = "\ufffd".encode()

# ECMA-48: control sequences, strings such as links and titles, and what is left.
TERMINAL = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]")
ENTITY = re.compile(rb"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);?")


class Text:
    """Bytes (UTF-8), and for each the half-open span of the file it comes from."""

    def __init__(self, data=b"", spans=()):
        self.data = bytes(data)
        self.spans = list(spans)

    def with_replaced(self, pattern, replace):
        data, spans, at = b"", [], 0
        for hit in pattern.finditer(self.data):
            new = replace(hit.group())
            data += self.data[at:hit.start()] + new
            spans += self.spans[at:hit.start()]
            spans += [(self.spans[hit.start()][0], self.spans[hit.end() - 1][1])] * len(new)
            at = hit.end()
        return Text(data + self.data[at:], spans + self.spans[at:])

    def without_codes(self):
        return self.with_replaced(TERMINAL, lambda code: b"")

    def without_entities(self):
        return self.with_replaced(ENTITY, lambda name: html.unescape(name.decode()).encode())

    def index_of(self, offset):
        """Of the first byte that comes from there, or from behind it."""
        return bisect.bisect_left(self.spans, (offset, 0))


def joined(texts, between=b""):
    """One text of several; what stands between is put behind the one before."""
    data, spans, here = [], [], 0
    for number, text in enumerate(texts):
        if number:
            data.append(between)
            spans += [(here, here)] * len(between)
        data.append(text.data)
        spans += text.spans
        here = spans[-1][1] if spans else 0
    return Text(b"".join(data), spans)


class Object(list):
    def get(self, name):
        """The last value of that name, as json.loads takes it."""
        found = None
        for key, value in self:
            if key.data == name:
                found = value
        return found


class Reader:
    def __init__(self, data):
        self.data = data
        self.at = 3 if data.startswith(b"\xef\xbb\xbf") else 0

    def fail(self, words):
        raise ValueError(f"byte {self.at}: {words}")

    def next_is(self, byte):
        while self.data[self.at:self.at + 1] and self.data[self.at] in BLANKS:
            self.at += 1
        if self.data[self.at:self.at + 1] != byte:
            return False
        self.at += 1
        return True

    def value(self):
        if self.next_is(b"{"):
            return self.object()
        if self.next_is(b"["):
            return self.array()
        if self.next_is(b'"'):
            return self.string()
        word = BARE.match(self.data, self.at)
        if not word:
            self.fail("no value")
        self.at = word.end()
        return None

    def object(self):
        pairs = Object()
        if self.next_is(b"}"):
            return pairs
        while True:
            if not self.next_is(b'"'):
                self.fail("no key")
            key = self.string()
            if not self.next_is(b":"):
                self.fail("no colon")
            pairs.append((key, self.value()))
            if self.next_is(b"}"):
                return pairs
            if not self.next_is(b","):
                self.fail("no comma in an object")

    def array(self):
        items = []
        if self.next_is(b"]"):
            return items
        while True:
            items.append(self.value())
            if self.next_is(b"]"):
                return items
            if not self.next_is(b","):
                self.fail("no comma in a list")

    def string(self):
        data, spans = bytearray(), []
        while True:
            beg = self.at
            self.at = PLAIN.match(self.data, beg).end()
            data += self.data[beg:self.at]
            spans += [(at, at + 1) for at in range(beg, self.at)]
            beg = self.at
            byte = self.data[beg:beg + 1]
            self.at += 1
            if byte == b'"':
                return Text(data, spans)
            if byte == b"":
                self.fail("a string has no end")
            meant = self.escape()
            data += meant
            spans += [(beg, self.at)] * len(meant)

    def escape(self):
        kind = self.data[self.at:self.at + 1]
        self.at += 1
        if kind in SHORT:
            return SHORT[kind]
        unit = self.unit() if kind == b"u" else None
        if unit is None:
            return b"\\" + kind
        if 0xD800 <= unit < 0xDC00 and self.data[self.at:self.at + 2] == b"\\u":
            after_high = self.at
            self.at += 2
            low = self.unit()
            if low is not None and 0xDC00 <= low < 0xE000:
                return chr(0x10000 + ((unit - 0xD800) << 10) + low - 0xDC00).encode()
            self.at = after_high
        if 0xD800 <= unit < 0xE000:
            return REPLACEMENT
        return chr(unit).encode()

    def unit(self):
        digits = self.data[self.at:self.at + 4]
        if not re.fullmatch(rb"[0-9a-fA-F]{4}", digits):
            return None
        self.at += 4
        return int(digits, 16)


def read(data):
    reader = Reader(data)
    value = reader.value()
    while reader.at < len(data):
        if data[reader.at] not in BLANKS:
            reader.fail("text behind the end")
        reader.at += 1
    return value
