"""Histories too large for a shell, as streams for `git fast-import`.

    python3 stream.py versions TOKEN...       60 versions of one file
    python3 stream.py random SEED TOKEN...    150 commits of anything
"""
import random
import sys

START = 1767225600


def data(text):
    return f"data {len(text)}\n{text}\n"


def commit(mark, ref, time, parents, changes):
    lines = [f"commit {ref}", f"mark :{mark}", f"author Ann <ann@example.org> {time} +0000",
             f"committer Ann <ann@example.org> {time} +0000", data(f"commit {mark}").rstrip("\n")]
    lines += [f"{'merge' if i else 'from'} :{parent}" for i, parent in enumerate(parents)]
    return "\n".join(lines + changes) + "\n\n"


def write(path, text):
    return f"M 100644 inline {path}\n" + data(text).rstrip("\n")


def versions(tokens):
    """A token that is inserted, moved, cut over lines and joined again."""
    token = tokens[0]
    for version in range(1, 61):
        lines = [f"line {i}: {random.Random(i).getrandbits(60)}" for i in range(200)]
        at, cut = version * 3 % 200, version % 37
        if version % 5 == 0:
            lines[at] += token[:cut]
            lines.insert(at + 1, token[cut:])
        elif version % 5 == 1:
            lines[at] += token[:cut]
            lines[100] += token[cut:]
        elif version % 5 == 2:
            lines[at] += f' "{token}"'
        elif version % 5 == 3:
            lines[at] += f" {token[:cut]} {token[cut:]}"
        else:
            lines[at] += f" {token},{token[:cut]}"
        yield commit(version, "refs/heads/main", START + 60 * version,
                     [version - 1] if version > 1 else [], [write("lab.txt", "\n".join(lines))])


def random_changes(draw, tokens):
    """Few contents and few paths, so that they come, go, move and meet again."""
    folders = ["", "a/", "b/", "a/a/", "b/a/", "c/d/e/"]
    changes = []
    for _ in range(draw.randrange(4)):
        path = draw.choice(folders) + draw.choice("xyz")
        if draw.random() < .3:
            changes.append(f"D {draw.choice(folders[1:] + [path]).rstrip('/')}")
        else:
            text = draw.choice(tokens) if draw.random() < .6 else str(draw.randrange(9))
            changes.append(write(path, f"{text}\n"))
    return changes


def random_history(seed, tokens):
    """Any parents, any times; refs of every reach, and commits that none reaches."""
    draw = random.Random(seed)
    time = START
    for mark in range(1, 151):
        time += draw.choice([0, 60, 60, 3600])
        count = draw.choice([0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3]) if mark > 3 else mark > 1
        recent = range(max(1, mark - 12), mark)
        yield commit(mark, f"refs/heads/tmp{mark}", time, draw.sample(recent, int(count)),
                     random_changes(draw, tokens))
    for name in ("heads/main", "heads/topic", "tags/v1", "remotes/origin/main",
                 "remotes/origin/old", "pull/7/head", "stash", "notes/x"):
        last = 150 if name == "heads/main" else draw.randrange(40, 151)
        yield f"reset refs/{name}\nfrom :{last}\n\n"


def main():
    kind, *words = sys.argv[1:]
    stream = versions(words) if kind == "versions" else random_history(words[0], words[1:])
    sys.stdout.writelines(stream)


if __name__ == "__main__":
    main()
