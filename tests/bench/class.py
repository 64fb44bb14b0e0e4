"""Times a class of many small repositories: side by side against one after another.

    python3 class.py HFSCAN [REPOSITORIES [RUNS [OTHER]]]

Makes REPOSITORIES (80) of 60 commits each, with a file of their own, packed, and runs
hfscan on all of them with one thread and with two, RUNS times (15) each and each
going first every second time. OTHER is another hfscan, such as the one before a
change, which is run with two threads then instead of the first with one.
Everything is held on two cores and in the page cache.

Ratio: of the medians; pairs: the median of the pairs' ratios. CPU is the median of
user and system time; where the machine is busy, trust it more than the clock.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from history import Run

COMMITS = 60


def git(folder, *words):
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    person = ["-c", "user.name=Student", "-c", "user.email=student@example.org"]
    subprocess.run(["git", "-C", folder, *person, *words], check=True, env=environment,
                   stdout=subprocess.DEVNULL)


def make_class(top, count):
    seed = os.path.join(top, "seed")
    os.mkdir(seed)
    git(seed, "init", "-q")
    for i in range(COMMITS):
        for j in range(1, 4):
            with open(os.path.join(seed, f"lab{j}-{i % 20}.py"), "w") as f:
                f.writelines(f"line {n}\n" for n in range(i * j, i * j + 300))
        git(seed, "add", ".")
        git(seed, "commit", "-qm", f"step {i}")
    git(seed, "gc", "-q")
    for i in range(count):
        folder = os.path.join(top, f"student{i}")
        shutil.copytree(seed, folder)
        with open(os.path.join(folder, "own.py"), "w") as f:
            f.write(f"number = {i}\n")
        git(folder, "add", ".")
        git(folder, "commit", "-qm", "mine")
    shutil.rmtree(seed)


def row(name, runs):
    print(f"{name:<24} {statistics.median(r.seconds for r in runs):>8.3f} "
          f"{min(r.seconds for r in runs):>8.3f} {statistics.median(r.cpu for r in runs):>8.3f} "
          f"{max(r.peak for r in runs):>8.1f} {','.join(str(c) for c in {r.code for r in runs})}")


def main():
    hfscan = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 80
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 15
    other = sys.argv[4] if len(sys.argv) > 4 else None
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    with tempfile.TemporaryDirectory() as top:
        make_class(top, count)
        two = [hfscan, "-q", "-j2", top]
        one = [other, "-q", "-j2", top] if other else [hfscan, "-q", "-j1", top]
        ours, theirs = [], []
        for command in (two, one):
            Run(command)
        for i in range(runs):
            for command, taken in ((two, ours), (one, theirs))[:: 1 if i % 2 else -1]:
                taken.append(Run(command))
    print(f"{'':<24} {'median s':>8} {'min s':>8} {'CPU s':>8} {'peak MB':>8} exit")
    row("hfscan -j2", ours)
    row("other -j2" if other else "hfscan -j1", theirs)
    for field in ("seconds", "cpu"):
        pairs = [getattr(a, field) / getattr(b, field) for a, b in zip(ours, theirs)]
        print(f"{field}: median of the pairs' ratios {statistics.median(pairs):.2f}")


if __name__ == "__main__":
    main()
