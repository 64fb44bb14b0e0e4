"""Notebooks that are none, or nearly none: each with a token or two."""
import json

import places
import positions
from writings import Tokens, escaped, save

HUGE = 300 << 20
FRAME = '{{"cells": [{}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}\n'
CELL = '{{"cell_type": "code", "id": "a", "metadata": {{}}, "outputs": [], "source": {}}}'


def notebook(*sources):
    """Text of a notebook with these sources, which are JSON."""
    return FRAME.format(",\n".join(CELL.format(source) for source in sources))


def deep(depth, inside=""):
    return "[" * depth + inside + "]" * depth


def shapes(t):
    """(name, what becomes of the view, text). '@third:x@' is a token that is hidden."""
    plain, hidden = f'"a = \'{t("plain")}\'"', '"\\n@third:hidden@"'
    whole = notebook(plain, hidden)

    # The bytes are no JSON, or none that can be read.
    yield "cut-in-a-string", "gives up", whole[:whole.index("hidden") + 7]
    yield "cut-between-cells", "gives up", whole[:whole.index("},\n") + 3]
    yield "cut-at-the-end", "gives up", whole.rstrip()[:-1]
    yield "cut-behind-a-backslash", "gives up", whole[:whole.index("\\n@") + 1]
    yield "no-json", "gives up", f"login({t('plain')})\n"
    yield "no-json-in-braces", "gives up", f"{{login: '{t('plain')}'}}\n"
    yield "a-lone-quote", "gives up", f'{{"cells": [{t("plain")}, "\n'
    yield "python", "gives up", f"{{'cells': [{{'source': '{t('plain')}'}}], 'nbformat': 4}}\n"
    yield "text-behind", "gives up", whole + f"{t('behind')}\n"
    yield "two-notebooks", "gives up", whole + notebook(f'"{t("second")}"')
    yield "conflict", "gives up", whole.replace(
        ",\n", f",\n<<<<<<< HEAD\n{CELL.format(chr(34) + t('ours') + chr(34))},\n=======\n>>>>>>> x\n", 1)
    yield "deep", "gives up", whole.replace('"metadata": {}, "nbformat"',
                                            f'"metadata": {{"x": {deep(100000)}}}, "nbformat"')
    yield "deep-and-cut", "gives up", '{"nbformat": 4, "cells": ' + "[" * 100000 + f'"{t("plain")}"'
    yield "deep-objects", "gives up", (
        '{"nbformat": 4, "x": ' + '{"a":' * 100000 + f'"{t("plain")}"' + "}" * 100001)

    # JSON, but no notebook.
    yield "a-string", "gives up", f'"{t("plain")} \\"nbformat\\""\n'
    yield "a-list", "gives up", f'["{t("plain")}"]\n'
    yield "no-cells", "gives up", f'{{"a": "{t("plain")}", "nbformat": 4}}\n'
    yield "cells-is-an-object", "gives up", f'{{"cells": {{"a": "{t("plain")}"}}, "nbformat": 4}}\n'
    yield "cells-is-a-string", "gives up", f'{{"cells": "{t("plain")}", "nbformat": 4}}\n'
    yield "cells-is-null", "gives up", f'{{"cells": null, "a": "{t("plain")}", "nbformat": 4}}\n'

    # What some readers refuse and others do not.
    yield "numbers-beyond-double", "may give up", whole.replace(
        '"metadata": {}, "nbformat"',
        f'"metadata": {{"a": 1e999, "b": -1e-999, "c": {"9" * 5000}}}, "nbformat"')
    yield "not-a-number", "may give up", whole.replace(
        '"metadata": {}, "nbformat"', '"metadata": {"a": NaN, "b": -Infinity}, "nbformat"')
    yield "comma-at-the-end", "gives up", whole.replace('"outputs": []', '"outputs": [1,]')
    yield "raw-line-ends-in-strings", "may give up", notebook(f'"a\n{t("plain")}\n"', hidden)
    yield "raw-nul", "may give up", notebook(f'"\0{t("plain")}"', hidden)
    yield "invalid-utf-8", "may give up", notebook(f'"\udcff\udc80 {t("plain")}\udcc3"', hidden)
    yield "latin-1", "may give up", notebook(f'"a\udcf1o {t("plain")}"', hidden)
    yield "no-such-escape", "may give up", notebook(f'"\\q {t("other")}\\x {t("plain")}"', hidden)
    yield "short-escape", "may give up", notebook(f'"\\u12 {t("plain")} \\u"', hidden)
    yield "nul-behind", "may give up", whole + "\0" * 4096

    # Odd, and read.
    yield "lone-surrogates", "read", notebook(
        f'"\\ud83e {t("plain")}\\udd17\\ud83e\\ud83e"', '"\\ud83e\\u0068@rest:hidden@"',
        '"\\udc00\\n@third:third@"', '["\\ud83e", "\\udd17@first:list@"]')
    yield "blanks-around", "read", "\n\t " + whole + " \n\n"
    yield "keys-in-odd-order", "read", (
        f'{{"nbformat": 4, "cells": [{{"source": "{t("plain")}", "id": "z", '
        f'"outputs": [{{"text": "@first:hidden@", "output_type": "stream"}}], "cell_type": "code"}}]}}')
    yield "cells-are-no-objects", "read", (
        f'{{"nbformat": 4, "cells": ["{t("plain")}", 5, null, [["@third:hidden@"]], '
        f'{CELL.format(chr(34) + t("source") + chr(34))}]}}')
    yield "no-nbformat", "read", f'{{"cells": [{CELL.format(plain)}]}}'
    yield "one-empty-cell", "read", f'{{"cells": [{{}}], "metadata": {{"a": "{t("plain")}"}}}}'
    yield "no-cell", "read", f'{{"cells": [], "metadata": {{"a": "@third:hidden@"}}, "nbformat": 4}}'
    yield "deep-but-readable", "read", whole.replace(
        '"metadata": {}, "nbformat"', '"metadata": {"x": ' + deep(500, f'"{t("deep")}"') + '}, "nbformat"')

    # Nothing to be found, so nobody looks.
    for name, text in (("empty", ""), ("empty-list", "[]"), ("empty-object", "{}"),
                       ("blank", " \n"), ("cut-and-clean", '{"cells": ["'), ("null", "null")):
        yield name, "clean", text


def records(data, view, tokens):
    """As a notebook, or of what can be seen of it."""
    if view == "clean":
        return []
    if view == "gives up" or view == "may give up" and not is_readable(data):
        found = places.raw_records(data, tokens.names)
        # Where nobody can say what is a string, a hidden one may be found or not.
        return found + hidden_records(data, tokens)
    return places.records(data, positions.read(data), tokens.names)


def is_readable(data):
    try:
        positions.read(data)
    except ValueError:
        return False
    return True


def hidden_records(data, tokens):
    found = []
    for token, name in tokens.names.items():
        as_written = token.replace(b"_", b"\\u005f")
        at = data.find(as_written)
        if at >= 0:
            found.append(places.in_file(data, at, at + len(as_written), token, name))
    return found


def make_huge(folder):
    """A string of 300 MB with a token in its middle; its record is known beforehand."""
    t = Tokens()
    token = t("huge")
    before, after = notebook('"@"').split("@")
    half = "x = 1\\n" * (HUGE // 14)
    head = before + half
    record = {**places.in_file(token.encode(), 0, len(token), token.encode(), "huge"),
              "path": "huge.ipynb", "offset": len(head), "line": 1, "column": len(head) + 1,
              "end_column": len(head) + 1 + len(token),
              "notebook": {"cell": 1, "cell_id": "a", "cell_type": "code", "part": "source",
                           "line": HUGE // 14 + 1, "column": 1}, "kind": None, "key": "source"}
    (folder / "huge.ipynb").write_text(head + token + "\\n" + half + after)
    (folder / "huge.expected.jsonl").write_text(json.dumps(record) + "\n")
    (folder / "huge.view").write_text("read\n")


def make(folder, huge):
    folder.mkdir(parents=True, exist_ok=True)
    names = Tokens()
    for name, view, text in shapes(names):
        data = escaped(text.encode("utf-8", "surrogateescape"), names)
        save(folder / f"{name}.ipynb", data, records(data, view, names))
        (folder / f"{name}.view").write_text(view + "\n")
    if huge:
        make_huge(folder)
