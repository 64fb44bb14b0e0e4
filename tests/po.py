#!/usr/bin/env python3
"""Is every message translated, and every translation a message?

    python3 tests/po.py             checks po/*.po against src/; 1 and a list if not
    python3 tests/po.py --missing   prints what po/es.po lacks, to be filled in

Whatever literal reads as prose (two words side by side), or is given to a function that
translates, has to be in po/<language>.po or fit a pattern of po/verbatim, fully. What a rule
says is in its own file, rules/*.json, in all languages side by side, as in a rule of the
user's own; each that has a po/<language>.po has to be there.
"""
import glob
import json
import os
import re
import subprocess
import sys

KEYWORDS = ["tr", "tr_in:2", "tr_n:2", "tr_n:3", "complain:2", "err_set:3", "err_errno:3"]
PROSE = re.compile(r"[^\W\d_]+[,;:.)]*[ \n][( ]*[^\W\d_]+")


class Entry:
    """One message: its forms, its translations, its flags. Texts as C writes them."""

    def __init__(self):
        self.ids, self.texts, self.flags = [], [], set()


def parse(text):
    entries, entry, last = [], Entry(), None
    for line in text.splitlines() + [""]:
        word, _, rest = line.partition(" ")
        if line.startswith('"'):
            last[-1] += line[1:-1]
        elif word in ("msgid", "msgid_plural"):
            last = entry.ids
            last.append(rest[1:-1])
        elif word.startswith("msgstr"):
            last = entry.texts
            last.append(rest[1:-1])
        elif word == "#,":
            entry.flags.update(rest.split(", "))
        elif not line and entry.ids:
            entries.append(entry)
            entry = Entry()
    return [e for e in entries if e.ids != [""]]


def xgettext(*how):
    sources = sorted(glob.glob("src/**/*.[ch]", recursive=True))
    done = subprocess.run(
        ["xgettext", "--language=C", "--from-code=UTF-8", "--no-wrap", "-o", "-", *how, *sources],
        capture_output=True, check=True, text=True, encoding="utf-8")
    return parse(done.stdout)


def patterns():
    with open("po/verbatim", encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file]
    return [line for line in lines if line and not line.startswith("#")]


def edges(text):
    """The blanks and line ends around a text."""
    bare = text.replace("\\n", "\n")
    return (bare[:len(bare) - len(bare.lstrip())], bare[len(bare.rstrip()):])


def check_entry(entry, literals, formats):
    """What is wrong with a translation by itself."""
    wrong = []
    if any(form not in literals for form in entry.ids):
        wrong.append("nothing says it any more")
    if "fuzzy" in entry.flags or not all(entry.texts):
        wrong.append("has no finished translation")
    if any(form in formats for form in entry.ids) and "c-format" not in entry.flags:
        wrong.append("is a format: needs `#, c-format`")
    if any(edges(text) != edges(form) for form, text in zip(entry.ids, entry.texts)):
        wrong.append("begins or ends with other blanks than its translation")
    return wrong


def missing_from(entries, needed):
    translated = {form for entry in entries for form in entry.ids}
    return [text for text in needed if text not in translated]


def check(path, literals, formats, needed):
    with open(path, encoding="utf-8") as file:
        entries = parse(file.read())
    for entry in entries:
        for what in check_entry(entry, literals, formats):
            yield f'{path}: "{entry.ids[0]}" {what}'
    for text in missing_from(entries, needed):
        yield f'{path}: "{text}" is not translated'
    done = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", path],
                          capture_output=True, text=True)
    if done.returncode:
        yield done.stderr.strip()


def check_rules(path, languages):
    """Languages that a text of a rule lacks."""
    with open(path, encoding="utf-8") as file:
        rules = json.load(file)["rules"]
    for rule in rules:
        for key in ("title", "explanation"):
            for language in languages:
                if not rule[key].get(language, "").strip():
                    yield f'{path}: {rule["id"]}: "{key}" lacks "{language}"'


def main():
    found = xgettext("--extract-all")
    literals = {form: entry for entry in found for form in entry.ids}
    formats = {form for form, entry in literals.items() if "c-format" in entry.flags}
    marked = {form for entry in xgettext(*("--keyword=" + word for word in KEYWORDS))
              for form in entry.ids}
    spared = [(line, re.compile(line)) for line in patterns()]
    kept = {text for text in literals for _, pattern in spared if pattern.fullmatch(text)}
    needed = [text for text in literals if text not in kept and
              (text in marked or PROSE.search(text.replace("\\n", "\n")))]

    if sys.argv[1:] == ["--missing"]:
        with open("po/es.po", encoding="utf-8") as file:
            lacking = missing_from(parse(file.read()), needed)
        for text in lacking:
            print(f'{"#, c-format" + chr(10) if text in formats else ""}'
                  f'msgid "{text}"\nmsgstr ""\n')
        return 0
    wrong = [f"po/verbatim: {line}: no text fits" for line, pattern in spared
             if not any(pattern.fullmatch(text) for text in literals)]
    catalogs = sorted(glob.glob("po/*.po"))
    for path in catalogs:
        wrong += check(path, literals, formats, needed)
    languages = [os.path.splitext(os.path.basename(path))[0] for path in catalogs]
    for path in sorted(glob.glob("rules/*.json")):
        wrong += check_rules(path, languages)
    print("\n".join(wrong) or f"{len(needed)} messages, all translated")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
