"""Holds hfscan's report on notebooks to the records of where tokens are.

    hfscan -f jsonl FOLDER > REPORT; python3 compare.py [--raw] REPORT EXPECTED...

Each EXPECTED is a NAME.expected.jsonl (places.py says what its fields mean).
All of them together are what the report has to say: a leak at each record, as
the record says, and no leak or warning elsewhere. A line each difference, exit 1
on any.

--raw: the notebooks' structure could not be read. Then nothing is in a cell, and
what does not stand in the file as it is (`hidden`) may be missing.

Fields of the report beyond those of a record, such as the output's type or the
MIME type, are held to `kind` and `key` if the report calls them so, in `notebook`.
"""
import json
import sys

SHOWN = 20
INSIDE = ("cell", "cell_id", "cell_type", "part", "output", "line", "column")


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def key_of(item):
    return item.get("path", ""), item["offset"], item["secret"]["fingerprint"]


def label(key, name):
    return f"{key[0]} at {key[1]} ({name or key[2][:8]})"


def expected_fields(record, raw):
    fields = {"verdict": "leak",
              **{f: record[f] for f in ("line", "column", "end_column", "length")}}
    inside = record.get("notebook")
    if raw or inside is None:
        return {**fields, "notebook": None}, {}
    return fields, {f: inside.get(f) for f in INSIDE}


def differences(finding, record, raw):
    outer, inner = expected_fields(record, raw)
    said = finding.get("notebook") or {}
    for field, value in outer.items():
        if finding.get(field) != value:
            yield f"{field} is {finding.get(field)}, should be {value}"
    if inner and not said:
        yield f"is in no cell, should be in {inner}"
        return
    for field, value in inner.items():
        # An id is scanned text: a token in it is masked, each in its own way.
        if said.get(field) != value and not (field == "cell_id" and "*" in (value or "")):
            yield f"notebook.{field} is {said.get(field)}, should be {value}"
    for field in ("kind", "key"):
        if field in said and said[field] != record.get(field):
            yield f"notebook.{field} is {said[field]}, should be {record.get(field)}"


def compare(report, records, raw):
    found, words = {}, []
    for item in report:
        if item.get("verdict") not in ("leak", "warning"):
            continue
        if key_of(item) in found:
            words.append(f"{label(key_of(item), '')}: twice in the report")
        found[key_of(item)] = item
    for record in records:
        name = label(key_of(record), record["name"])
        finding = found.pop(key_of(record), None)
        if finding is None:
            if not (raw and record["hidden"]):
                words.append(f"{name}: not found; {record.get('notebook')} {record.get('key', '')}")
            continue
        words += [f"{name}: {what}" for what in differences(finding, record, raw)]
    words += [f"{label(key, '')}: found, but there is none; {item.get('notebook')}"
              for key, item in found.items()]
    return words


def main():
    words = [word for word in sys.argv[1:] if word != "--raw"]
    if len(words) < 2:
        raise SystemExit(__doc__)
    report = [item for item in read(words[0]) if "rule" in item]
    records = [record for path in words[1:] for record in read(path)]
    said = compare(report, records, "--raw" in sys.argv)
    for line in said[:SHOWN]:
        print(line)
    print(f"compare: {len(report)} in the report, {len(records)} expected, {len(said)} differences")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
