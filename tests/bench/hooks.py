"""Times the pre-commit gate, as a whole process, against `git diff --cached --quiet`.

    python3 hooks.py HFSCAN CLONE [RUNS]

Each time with one small clean file staged: in a fresh repository, in a copy of CLONE
that shares its objects, and in repositories of 10,000 and 40,000 files in folders of
100, of whose difference the cost of 10,000 entries is told.

Both run RUNS times (101) after a warm-up, in pairs of which each goes first every
second time. Ratio: of the medians. Pairs: the median of the pairs' ratios. CPU is the
median of user and system time: where the machine is busy, trust it more than the
clock. Peak is resident memory, by GNU time where there is one: of what Python starts, the system
counts Python's own.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from history import Run, median


def git(folder, *words, **more):
    subprocess.run(["git", "-C", folder, "-c", "user.name=x", "-c", "user.email=x@example.org",
                    *words], check=True, stdout=subprocess.DEVNULL, **more)


def stage_small(folder):
    with open(f"{folder}/small.py", "w", encoding="utf-8") as file:
        file.write("print('hello')\n" * 20)
    git(folder, "add", "small.py")


def fresh(folder, count=0):
    git(".", "init", "-q", folder)
    if count:
        with open(f"{folder}/file", "w", encoding="utf-8") as file:
            file.write("x\n")
        blob = subprocess.run(["git", "-C", folder, "hash-object", "-w", "file"], check=True,
                              stdout=subprocess.PIPE).stdout.decode().strip()
        entries = "".join(f"100644 {blob}\td{i // 100}/file{i}\n" for i in range(count))
        git(folder, "update-index", "--index-info", input=entries.encode())
    git(folder, "commit", "-q", "--allow-empty", "-m", "one")
    stage_small(folder)


def copy_of(clone, folder):
    git(".", "clone", "-q", "--shared", "--no-checkout", clone, folder)
    git(folder, "read-tree", "HEAD")
    stage_small(folder)


def peak_mb(command):
    timer = shutil.which("time")
    if not timer:
        return "?"
    said = subprocess.run([timer, "-f", "%M", *command], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=True).stderr
    return f"{int(said.split()[-1]) * 1024 / 1e6:.1f}"


def compare(name, hfscan, folder, runs):
    os.chdir(folder)
    gate, floor = [hfscan, "hook", "run", "pre-commit"], ["git", "diff", "--cached", "--quiet"]
    mine, least = [], []
    for command in (gate, floor):
        for _ in range(3):
            Run(command)
    for i in range(runs):
        for command, taken in ((gate, mine), (floor, least))[:: 1 if i % 2 else -1]:
            taken.append(Run(command))
    if any(run.code for run in mine) or any(run.code != 1 for run in least):
        sys.exit(f"hooks.py: {name}: hfscan ended with {mine[0].code}, git with {least[0].code}")
    pairs = statistics.median(a.seconds / b.seconds for a, b in zip(mine, least))
    a, b = 1000 * median(mine, "seconds"), 1000 * median(least, "seconds")
    ours, theirs = 1000 * median(mine, "cpu"), 1000 * median(least, "cpu")
    print(f"{name:<22} {a:9.2f} {b:8.2f} {a / b:6.2f} {pairs:6.2f} {ours:14.2f} {theirs:10.2f} "
          f"{peak_mb(gate):>8}", flush=True)
    return ours


def main():
    hfscan, clone = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 101
    print(f"{'':<22} {'hfscan ms':>9} {'git ms':>8} {'ratio':>6} {'pairs':>6} {'hfscan CPU ms':>14} "
          f"{'git CPU ms':>10} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as scratch:
        fresh(f"{scratch}/fresh")
        copy_of(clone, f"{scratch}/copy")
        fresh(f"{scratch}/small", 10_000)
        fresh(f"{scratch}/large", 40_000)
        compare("a fresh repository", hfscan, f"{scratch}/fresh", runs)
        compare("a copy of the clone", hfscan, f"{scratch}/copy", runs)
        small = compare("10,000 entries", hfscan, f"{scratch}/small", runs)
        large = compare("40,000 entries", hfscan, f"{scratch}/large", runs)
        print(f"10,000 entries cost {(large - small) / 3:.2f} ms of processor time")
        os.chdir("/")


if __name__ == "__main__":
    main()
