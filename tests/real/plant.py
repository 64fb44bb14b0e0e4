"""Puts one token into each notebook below a folder and says where.

    python3 plant.py FOLDER < TOKENS

A token goes into the first line of a code cell that can take a comment, so
that the notebook stays one. Prints "path line column", one a notebook. Takes a
token a line from standard input; a notebook that has no such line is left out.
"""
import json
import pathlib
import re
import sys

SOURCE_LINE = re.compile(rb'^\s*"source": \[\s*\n\s*"', re.MULTILINE)


def plant(path, token):
    """Returns (line, column) of the token, or None."""
    raw = path.read_bytes()
    place = SOURCE_LINE.search(raw)
    if not place:
        return None
    before = raw[: place.end()] + b"# token="
    planted = before + token + b" " + raw[place.end():]
    json.loads(planted)
    path.write_bytes(planted)
    return before.count(b"\n") + 1, len(before) - before.rfind(b"\n")


def main():
    root = pathlib.Path(sys.argv[1])
    tokens = iter(sys.stdin.buffer.read().split())
    for path in sorted(root.rglob("*.ipynb")):
        try:
            where = plant(path, next(tokens))
        except ValueError:
            continue  # shipped broken on purpose
        if where:
            print(path.relative_to(root).as_posix(), *where)


if __name__ == "__main__":
    main()
