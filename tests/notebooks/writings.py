"""Tokens, the ways a notebook is written, and what is kept beside it."""
import functools
import json
import os
import pathlib
import re
import subprocess

import places
import positions

HERE = pathlib.Path(__file__).resolve().parent
EXPAND = os.environ.get("EXPAND", str(HERE / "../../build/release/expand"))


class Tokens:
    """Those of one notebook: made when asked for, always the same for a name."""

    def __init__(self):
        self.names = {}

    def __call__(self, name, placeholder="@TOKEN:{}@"):
        token = expand(placeholder.format(name))
        self.names[token.encode()] = name
        return token

    def organization(self, name):
        return self(name, "api_org_@LETTERS34:{}@")


@functools.lru_cache(None)
def expand(text):
    return subprocess.run([EXPAND], input=text.encode(), stdout=subprocess.PIPE,
                          check=True).stdout.decode()


# ---- ways to write ----

def lines_of(text):
    return text.splitlines(keepends=True)


def one_string(node, inside_json=False):
    """Lists of lines as one string, which nbformat reads and others write."""
    if isinstance(node, dict):
        return {key: one_string(value, inside_json or key.endswith("json"))
                for key, value in node.items()}
    if isinstance(node, list) and not inside_json:
        if node and all(isinstance(item, str) and item.endswith("\n") for item in node[:-1]) \
                and isinstance(node[-1], str):
            return "".join(node)
        return [one_string(item) for item in node]
    return node


def dumped(**settings):
    return lambda notebook: json.dumps(notebook, **settings).encode("utf-8", "surrogatepass")


def crlf(notebook):
    return dumped(indent=1)(notebook).replace(b"\n", b"\r\n")


# By name: what bytes become of a notebook as JSON would have it.
WRITINGS = {
    "compact": dumped(separators=(",", ":"), ensure_ascii=False),
    "indent0": dumped(indent=0, ensure_ascii=False),
    "indent1": dumped(indent=1, ensure_ascii=False),
    "tabs": dumped(indent="\t", ensure_ascii=False),
    "ascii": dumped(indent=1, ensure_ascii=True),
    "crlf": crlf,
    "bom": lambda notebook: b"\xef\xbb\xbf" + dumped(indent=1)(notebook),
    "strings": lambda notebook: dumped(indent=1)(one_string(notebook)),
}


def as_json(notebook):
    """As nbformat writes it; and what that is to others."""
    import nbformat
    if notebook["nbformat"] == 3:
        written = nbformat.v3.writes_json(notebook) + "\n"
    else:
        nbformat.validate(notebook)
        written = nbformat.writes(notebook)
        written += "" if written.endswith("\n") else "\n"
    return written.encode(), json.loads(written)


# ---- bytes that json.dumps would not write ----

# @how:name@ in a notebook becomes that token, some of its characters as escapes.
ESCAPES = {
    "first": lambda t: "\\u0068" + t[1:],
    "second": lambda t: "h\\u0066" + t[2:],
    "third": lambda t: "hf\\u005f" + t[3:],
    "upper": lambda t: "hf\\u005F" + t[3:],
    "anchor": lambda t: "\\u0068\\u0066\\u005f" + t[3:],
    "inside": lambda t: t[:20] + f"\\u{ord(t[20]):04x}" + t[21:],
    "last": lambda t: t[:-1] + f"\\u{ord(t[-1]):04X}",
    "every": lambda t: "".join(f"\\u{ord(c):04x}" for c in t),
    "behind": lambda t: "\\u003d" + t,
    "rest": lambda t: t[1:],
}


def escaped(data, tokens):
    def replace(hit):
        return ESCAPES[hit[1].decode()](tokens(hit[2].decode())).encode()
    return re.sub(rb"@(\w+):([\w-]+)@", replace, data)


# ---- what is beside a notebook ----

def check(document, data, name):
    """Our reader and Python's agree on what the document is."""
    def pairs_of(node):
        if isinstance(node, positions.Text):
            return node.data.decode()
        if isinstance(node, positions.Object):
            return {"pairs": [[pairs_of(key), pairs_of(value)] for key, value in node]}
        if isinstance(node, list):
            return [pairs_of(item) for item in node]
        return None

    def plain(node):
        if isinstance(node, dict):
            return {"pairs": [[plain(key), plain(value)] for key, value in node["pairs"]]}
        if isinstance(node, list):
            return [plain(item) for item in node]
        if isinstance(node, str):
            return re.sub("[\ud800-\udfff]", "\ufffd", node)
        return None
    theirs = plain(json.loads(data.decode("utf-8-sig"),
                              object_pairs_hook=lambda pairs: {"pairs": pairs}))
    if pairs_of(document) != theirs:
        raise SystemExit(f"{name}: read otherwise than by Python's json")


def records_of(data, tokens, name):
    document = positions.read(data)
    check(document, data, name)
    found = places.records(data, document, tokens.names)
    offsets = {record["offset"] for record in found}
    literal = {record["offset"] for record in places.raw_records(data, tokens.names)}
    unseen = set(tokens.names.values()) - {record["name"] for record in found}
    if unseen or literal - offsets:
        raise SystemExit(f"{name}: no place for {sorted(unseen) or sorted(literal - offsets)}")
    return found


def save(path, data, found):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    with open(path.with_suffix(".expected.jsonl"), "w", encoding="utf-8") as out:
        for record in found:
            out.write(json.dumps({"path": path.name, **record}, ensure_ascii=False) + "\n")


def write(folder, kind, notebook, tokens):
    """In all ways, nbformat's own first."""
    own, plain = as_json(notebook)
    written = {"nbformat": own, **{name: way(plain) for name, way in WRITINGS.items()}}
    for name, data in written.items():
        data = escaped(data, tokens)
        save(folder / kind / f"{name}.ipynb", data, records_of(data, tokens, f"{kind}/{name}"))
