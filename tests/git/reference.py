"""What a history holds, found the slow way: git reads, Python searches.

    python3 reference.py REPO

prints a sorted line `type id offset fingerprint` for each token in a blob, a
commit or a tag, and for each in a name in the trees of the refs' tips (type
tree, each tree that has the name, offset in the name). compare.py holds hfscan
to this, and to trace() for each object and name: where it lived, what brought
it in, and how far it got.

Nothing here is shared with hfscan: objects come from `git cat-file`, reach from
`git rev-list`, paths and commits from `git diff-tree -m` and `git ls-tree`.
"""
import hashlib
import os
import re
import subprocess
import sys
from collections import defaultdict

# User access tokens and what may stand around them.
LEFT = (rb"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbfv0])|(?<=%[0-9A-Fa-f]{2})|(?<=\\x[0-9A-Fa-f]{2})"
        rb"|(?<=\\u[0-9A-Fa-f]{4})|(?<=\\[0-7]{3})|(?<=[0-9;\[]m)|(?<=hf_[A-Za-z0-9]{34}))")
RIGHT = rb"(?:(?![A-Za-z0-9]|_[A-Za-z0-9])|(?=hf_[A-Za-z0-9]{34}))"
TOKEN = re.compile(LEFT + rb"hf_[A-Za-z0-9]{34}" + RIGHT)

PUSHED_REFS = ("refs/remotes/", "refs/pull/", "refs/merge-requests/", "refs/prefetch/")


def tokens(data):
    """The (offset, fingerprint) of each token in data."""
    at = data.find(b"hf_")
    while at >= 0:
        hit = TOKEN.match(data, at)
        if hit:
            yield at, hashlib.sha256(hit.group()).hexdigest()[:32]
        at = data.find(b"hf_", hit.end() if hit else at + 1)


class Repository:
    """One repository as it is, without replacements and grafts."""

    def __init__(self, path):
        self.path = path
        self.env = {**os.environ, "GIT_NO_REPLACE_OBJECTS": "1",
                    "GIT_GRAFT_FILE": os.devnull, "LC_ALL": "C",
                    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_VALUE_0": "false",
                    "GIT_CONFIG_KEY_0": "advice.graftFileDeprecated"}
        self.trees = {}
        self.git_dir = self.path_of("--absolute-git-dir")
        self.common_dir = self.path_of("--path-format=absolute", "--git-common-dir")
        self.bare = self.git("rev-parse", "--is-bare-repository") == b"true\n"
        self.types = self.read_types()
        self.commits = self.read_commits()
        self.refs = self.read_refs()
        self.head = self.git("rev-parse", "-q", "--verify", "HEAD^{commit}",
                             may_fail=True).decode().strip()

    def git(self, *words, stdin=b"", may_fail=False, index=None):
        env = {**self.env, "GIT_INDEX_FILE": index} if index else self.env
        done = subprocess.run(["git", "-C", self.path, *words], input=stdin, env=env,
                              stdout=subprocess.PIPE, check=not may_fail)
        return done.stdout

    def path_of(self, *words):
        return os.fsdecode(self.git("rev-parse", *words)[:-1])

    # ---- what there is ----

    def read_types(self):
        """Type by id, of every object in the database."""
        listed = self.git("cat-file", "--batch-all-objects", "--unordered",
                          "--batch-check=%(objectname) %(objecttype)")
        return dict(line.split() for line in listed.decode().splitlines())

    def read_commits(self):
        """(tree, committer's time, parents) by id, of every commit in the database."""
        wanted = "\n".join(oid for oid, kind in self.types.items() if kind == "commit")
        listed = self.git("log", "--no-walk=unsorted", "--stdin", "--format=%H %T %ct %P",
                          stdin=wanted.encode()) if wanted else b""
        commits = {}
        for line in listed.decode().splitlines():
            oid, tree, time, *parents = line.split()
            commits[oid] = (tree, int(time), parents)
        return commits

    def read_refs(self):
        """(name, id) of each ref, and of HEAD in each work tree."""
        listed = self.git("for-each-ref", "--format=%(objectname) %(refname)").decode()
        refs = [tuple(reversed(line.split(" ", 1))) for line in listed.splitlines()]
        for line in self.git("worktree", "list", "--porcelain").decode().splitlines():
            if line.startswith("HEAD ") and line[5:] in self.types:
                refs.append(("HEAD", line[5:]))
        return refs

    def lenders(self):
        """The git directories of those it borrows from, and of those they borrow from."""
        for line in self.git("count-objects", "-v").splitlines():
            if line.startswith(b"alternate: "):
                path = line[len(b"alternate: "):]
                if path.startswith(b'"'):
                    path = path[1:-1].decode("unicode_escape").encode("latin-1")
                if path.endswith(b"/objects"):
                    yield os.fsdecode(path[:-len(b"/objects")])

    def peeled(self):
        """The commits, trees and blobs that refs lead to, by way of tags too."""
        wanted = "".join(oid + "^{}\n" for _, oid in self.refs)
        listed = self.git("cat-file", "--batch-check=%(objectname)", stdin=wanted.encode())
        return {line for line in listed.decode().splitlines() if line in self.types}

    def contents(self):
        """Gives (id, type, bytes) of every object."""
        with subprocess.Popen(["git", "-C", self.path, "cat-file", "--batch-all-objects", "--batch",
                               "--unordered", "--buffer"], env=self.env, stdout=subprocess.PIPE,
                              bufsize=1 << 20) as batch:
            while head := batch.stdout.readline().split():
                yield head[0].decode(), head[1].decode(), batch.stdout.read(int(head[2]))
                batch.stdout.read(1)

    def tree(self, oid):
        """Path -> id of all that a tree holds, itself included."""
        if oid not in self.trees:
            entries = {b"": oid}
            for line in self.git("ls-tree", "-r", "-t", "-z", "--full-tree", oid).split(b"\0"):
                if line:
                    about, path = line.split(b"\t", 1)
                    entries[path] = about.split()[2].decode()
            self.trees[oid] = entries
        return self.trees[oid]

    def tree_of(self, tip):
        """All that a commit or a tree holds."""
        return self.tree(self.commits[tip][0] if tip in self.commits else tip)

    def holds(self, tip, what):
        """Whether an object is in there, or a name."""
        entries = self.tree_of(tip)
        if isinstance(what, bytes):
            return any(name_of(path) == what for path in entries)
        return what in entries.values()

    def index(self):
        """The (path, id) of each entry, in any work tree."""
        folders = {self.git_dir, self.common_dir}
        for folder, _, _ in os.walk(os.path.join(self.common_dir, "worktrees")):
            folders.add(folder)
        lines = []
        for folder in folders:
            index = os.path.join(folder, "index")
            if os.path.exists(index):
                # Of a bare one too, and of one whose work tree is gone.
                lines += self.git("--git-dir", self.git_dir, "--work-tree", ".", "ls-files",
                                  "-s", "-z", index=index).split(b"\0")
        pairs = [line.split(b"\t", 1) for line in lines if line]
        return [(path, about.split()[1].decode()) for about, path in pairs]

    # ---- tokens ----

    def findings(self):
        """{(id, offset, fingerprint): (where, line, column)}, as reports say them."""
        found = {}
        for oid, kind, data in self.contents():
            for offset, fingerprint in tokens(data) if kind != "tree" else ():
                found[oid, offset, fingerprint] = (
                    where_in(kind, data, offset),
                    data.count(b"\n", 0, offset) + 1,
                    1 + units(data[data.rfind(b"\n", 0, offset) + 1:offset]))
        return found

    def names(self):
        """{(name, offset, fingerprint): ids of trees}, in the trees of the refs' tips."""
        found = defaultdict(set)
        # Refs may be many and each tip is read whole, so first: is there any at all?
        if not any(any(tokens(data)) for _, kind, data in self.contents() if kind == "tree"):
            return found
        for tip in self.tree_tips():
            entries = self.tree_of(tip)
            for path in entries.keys() - {b""}:
                for offset, fingerprint in tokens(name_of(path)):
                    found[name_of(path), offset, fingerprint].add(
                        entries[path.rpartition(b"/")[0]])
        return found

    def tree_tips(self):
        return {tip for tip in self.peeled() if self.types[tip] in ("commit", "tree")}

    # ---- reach ----

    def logged(self, name):
        """What a ref ever was, as its reflogs remember it, still in the database."""
        ids = []
        for folder in {self.git_dir, self.common_dir}:
            try:
                with open(os.path.join(folder, "logs", name), "rb") as log:
                    ids += [word.decode() for line in log for word in line.split()[:2]]
            except FileNotFoundError:
                pass
        return [oid for oid in ids if oid in self.types]

    def tips(self):
        """(pushed, committed): the objects from which what got that far is reached, here or
        in a repository that this one borrows from."""
        pushed, committed = self.own_tips()
        for path in self.lenders():
            if not os.path.exists(os.path.join(path, "HEAD")):
                continue
            lender = Repository(path)
            for mine, theirs in zip((pushed, committed), lender.own_tips()):
                mine += theirs
        return pushed, committed

    def own_tips(self):
        pushed, committed = [], []
        for name, oid in self.refs:
            if self.bare or name.startswith(PUSHED_REFS):
                pushed.append(oid)
            else:
                committed.append(oid)
        top = os.path.join(self.common_dir, "logs")
        for folder, _, names in os.walk(os.path.join(top, "refs")):
            for name in (os.path.relpath(os.path.join(folder, n), top) for n in names):
                if name.startswith(PUSHED_REFS):
                    pushed += self.logged(name)
        # Every entry of it is a stash of its own.
        (pushed if self.bare else committed).extend(self.logged("refs/stash"))
        return pushed, committed

    def reached(self, tips):
        if not tips:
            return set()
        listed = self.git("rev-list", "--objects", "--missing=allow-any", "--stdin",
                          stdin="\n".join(tips).encode())
        return {line.split(b" ", 1)[0].decode() for line in listed.splitlines()}

    # ---- trace ----

    def changes(self):
        """Gives (commit, old id, new id, path) for each parent of each commit."""
        commits = "".join(commit + "\n" for commit in self.commits)
        listed = self.git("diff-tree", "--stdin", "-m", "-r", "-t", "--root", "--raw", "-z",
                          "--no-renames", "--no-abbrev", stdin=commits.encode())
        commit, words = None, iter(listed.split(b"\0"))
        for word in words:
            if word.startswith(b":"):
                old, new = word.split()[2:4]
                yield commit, old.decode(), new.decode(), next(words)
            elif word:
                commit = word.decode()
        # A commit's own tree is no entry of anything.
        for oid, (tree, _, parents) in self.commits.items():
            yield oid, None, tree, b""
            for parent in parents:
                if parent in self.commits:
                    yield oid, self.commits[parent][0], None, b""

    def was_untracked(self, commit, thing):
        """Whether a stash lacks only what its third parent has: files that git does not track."""
        _, _, parents = self.commits[commit]
        return (len(parents) == 3 and not self.commits.get(parents[2], (0, 0, [0]))[2]
                and not any(self.holds(p, thing) for p in parents[:2]))

    def trace(self, things):
        """Origin by thing, an object's id or a name."""
        if not things:
            return {}
        paths, came, went = defaultdict(set), defaultdict(set), defaultdict(set)
        for commit, old, new, path in self.changes():
            for thing in {new, name_of(path)} & things if exists(new) else ():
                paths[thing].add(path)
                came[thing].add(commit)
            for thing in {old, name_of(path)} & things if exists(old) else ():
                went[thing].add(commit)
        for tip in self.tree_tips() - self.commits.keys():
            for path, oid in self.tree(tip).items():
                paths[oid].add(path)
        pushed, committed = map(self.reached, self.tips())
        in_head = self.reached([self.head]) if self.head else set()
        staged = defaultdict(set)
        for path, oid in self.index():
            staged[oid].add(path)
        origins = {}
        for thing in things:
            if self.types.get(thing) == "commit":
                introduced, removed, now = {thing}, set(), thing in in_head
            else:
                introduced = {c for c in came[thing] if self.changed(c, thing, True)}
                removed = {c for c in went[thing] if self.changed(c, thing, False)
                           and not self.was_untracked(c, thing)}
                now = bool(self.head) and self.holds(self.head, thing)
            origins[thing] = {
                "paths": paths[thing] or staged.get(thing, set()),
                "introduced": introduced, "removed": removed,
                "in_head": now, "reached": introduced & (pushed | committed),
                "exposure": ("pushed" if self.is_in(pushed, thing) else
                             "committed" if self.is_in(committed, thing) else
                             "staged" if thing in staged else "unreachable"),
            }
        return origins

    def is_in(self, reached, thing):
        """Whether it is among what is reached, or a name in there."""
        if isinstance(thing, bytes):
            tips = reached & (self.commits.keys() | self.tree_tips())
            return any(self.holds(tip, thing) for tip in tips)
        return thing in reached

    def changed(self, commit, thing, came):
        """Whether a commit brought it in, or took it out."""
        parents = [p for p in self.commits[commit][2] if p in self.commits]
        before = any(self.holds(parent, thing) for parent in parents)
        return before != came and self.holds(commit, thing) == came


def units(data):
    """Columns that data takes, as editors count; a byte that is of no UTF-8 is one."""
    return len(data.decode(errors="surrogateescape").encode("utf-16-le", "surrogatepass")) // 2


def name_of(path):
    return path.rpartition(b"/")[2]


def exists(oid):
    """Whether a side of a change is there."""
    return bool(oid) and oid.strip("0") != ""


def where_in(kind, data, offset):
    """What a place in an object is: its header names people, the rest is text."""
    line = data[data.rfind(b"\n", 0, offset) + 1:]
    if kind == "blob":
        return "blob"
    if offset < data.find(b"\n\n") and line.startswith((b"author ", b"committer ", b"tagger ")):
        return "author"
    return kind + "-message"


def main():
    repository = Repository(sys.argv[1])
    lines = [(repository.types[oid], oid, offset, fingerprint)
             for oid, offset, fingerprint in repository.findings()]
    lines += [("tree", oid, offset, fingerprint)
              for (_, offset, fingerprint), trees in repository.names().items() for oid in trees]
    for line in sorted(lines):
        print(*line)


if __name__ == "__main__":
    main()
