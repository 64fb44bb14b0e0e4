"""Holds hfscan's report on a history to the slow reference.

    hfscan --history-only -f jsonl PATH | python3 compare.py REPO...

Each REPO is one whose objects the report is on: PATH and its submodules. Exits
with 1 and the first differences where there are any. What the report says
besides of refs, reflogs and git's other files is no object, and is not looked at.
"""
import base64
import datetime
import json
import sys

from reference import Repository

SHOWN = 20


def read_report(lines):
    """(findings in objects by (id, offset, fingerprint), findings in names, words)."""
    in_objects, in_names, twice = {}, [], []
    for line in lines:
        item = json.loads(line)
        # A decoded view adds to the raw bytes, which are all the reference reads.
        if item.get("rule") != "hf-user-access-token" or "decoded" in item:
            continue
        if item.get("git", {}).get("where") == "path":
            in_names.append(item)
        elif "object" in item.get("git", {}):
            key = key_of(item)
            if key in in_objects:
                twice.append(f"{label(key)}: twice in the report")
            in_objects[key] = item
    return in_objects, in_names, twice


def key_of(item):
    return item["git"]["object"], item["offset"], item["secret"]["fingerprint"]


def label(key):
    return f"{key[0]} at {key[1]} ({key[2][:8]})"


def path_bytes(finding):
    if "path_base64" in finding:
        return base64.b64decode(finding["path_base64"])
    return finding.get("path", "").encode()


def differences(finding, place, origin, repository):
    """Words on what a finding says otherwise than the reference."""
    where, line, column = place
    git = finding["git"]
    expected = {"where": where, "line": line, "column": column, "length": 37,
                "exposure": origin["exposure"]}
    if where == "blob":
        expected.update(paths=len(origin["paths"]), blob=git["object"])
    if repository.types[git["object"]] != "tag":
        expected["in_head"] = origin["in_head"]
    # What there is none of is left out.
    said = {"paths": 0, **finding, **git}
    for field, value in expected.items():
        if said.get(field) != value:
            yield f"{field} is {said.get(field)}, should be {value}"
    yield from commit_differences(git, origin, repository)
    if where == "blob":
        yield from path_differences(finding, origin, repository)


def commit_differences(git, origin, repository):
    """The oldest that brought it in, of those that a ref reaches if there are any."""
    commit, best = git.get("commit"), origin["reached"] or origin["introduced"]
    if not best and commit:
        yield f"commit is {commit}, but none brought it in"
    elif best and commit not in best:
        yield f"commit is {commit}, should be one of {' '.join(sorted(best))}"
    elif best:
        time = repository.commits[commit][1]
        if time > min(repository.commits[c][1] for c in best):
            yield f"commit is {commit}, but an older one brought it in"
        yield from person_differences(git, commit, repository)
    removed = git.get("removed")
    if removed and removed not in origin["removed"]:
        yield f"removed is {removed}, should be one of {' '.join(sorted(origin['removed']))}"
    if bool(removed) != bool(origin["removed"] and not origin["in_head"]):
        yield f"removed is {removed}, in_head {origin['in_head']}"


def person_differences(git, commit, repository):
    shown = repository.git("log", "-1", "--encoding=UTF-8", "--format=%an%x00%ae%x00%at%x00%s",
                           commit)
    author, email, seconds, summary = shown.decode(errors="replace").rstrip("\n").split("\0")
    date = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc)
    expected = {"author": author, "email": email, "date": date.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "summary": summary}
    for field, value in expected.items():
        # Tokens are masked.
        if "hf_" not in value and (git.get(field) or "") != value:
            yield f"{field} is {git.get(field)}, should be {value}"


def path_differences(finding, origin, repository):
    """Its path is one that it lived at, in HEAD if it is there."""
    paths = origin["paths"]
    if origin["in_head"]:
        now = repository.tree_of(repository.head)
        paths = {path for path, oid in now.items() if oid == finding["git"]["object"]}
    if not paths or any(b"hf_" in path for path in paths):
        return
    said = path_bytes(finding)
    # In a submodule it may stand behind the submodule's own path.
    if not any(said == path or said.endswith(b"/" + path) for path in paths):
        yield f"path is {said}, should be one of {sorted(paths)[:5]}"


def compare(in_objects, in_names, repository):
    """Words on all differences; takes the findings of this repository out."""
    places, names = repository.findings(), repository.names()
    origins = repository.trace({key[0] for key in places} | {key[0] for key in names})
    for key in sorted(places):
        finding = in_objects.pop(key, None)
        if finding is None:
            yield f"{label(key)}: not found; a {repository.types[key[0]]}, {places[key][0]}"
            continue
        for words in differences(finding, places[key], origins[key[0]], repository):
            yield f"{label(key)}: {words}"
    for key in sorted(names):
        found = [item for item in in_names if is_name(item, key, names[key])]
        if not found:
            yield f"the name at {key[1]} ({key[2][:8]}) in {min(names[key])}: not found"
        for item in found:
            in_names.remove(item)
            for words in differences(item, ("path", 1, key[1] + 1), origins[key[0]], repository):
                yield f"the name {item['path']}: {words}"


def is_name(item, key, trees):
    """Whether a finding is that of a name: names are masked, so what is around is told apart."""
    name, offset, fingerprint = key
    said = path_bytes(item).rpartition(b"/")[2]
    return (item["git"]["object"] in trees and item["offset"] == offset and
            item["secret"]["fingerprint"] == fingerprint and
            said.startswith(name[:offset]) and said.endswith(name[offset + 37:]))


def main():
    in_objects, in_names, said = read_report(sys.stdin)
    count = len(in_objects) + len(in_names)
    for path in sys.argv[1:]:
        said += compare(in_objects, in_names, Repository(path))
    said += [f"{label(key_of(item))}: found, but the reference has none"
             for item in [*in_objects.values(), *in_names]]
    for words in said[:SHOWN]:
        print(words)
    print(f"compare: {count} in the report, {len(said)} differences")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
