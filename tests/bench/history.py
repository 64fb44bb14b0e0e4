"""Times hfscan's history scan against its floor and against the peers.

    python3 history.py HFSCAN REPO [RUNS]

The floor is bench_inflate, which only inflates the same streams; it is looked
for beside HFSCAN, or named by BENCH_INFLATE. Both run RUNS times (11), each
going first every second time. A peer takes half a minute and more, so each one
that is installed runs once, with two runs of hfscan right before it and two
right after it.
Everything, this script included, is held on two cores, so that all have the
same; the packs are read before, to have them in memory. Peers run without a
network where the system lets us take it away.

Ratio: of the medians, the row's time by hfscan's; for the floor, hfscan's by
the floor's. Pairs: the median of the pairs' ratios. CPU is the median of user
and system time; where the machine is busy, trust it more than the clock. Peak
is resident memory with all that is mapped, of the largest process.

Exit: 3 is a scan that went through but could not read all, which is told and
right: git's own repository holds damaged archives among its tests. The times
count as those of 0 (nothing found) and 1 (leaks) do; 2 or a crash gives none.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

JOBS = 2

# The exit codes of hfscan for a scan that went through; see above.
THROUGH = (0, 1, 3)

# Each with its own defaults for "all of the history of this clone", and the
# exit codes of a scan that went through.
PEERS = {
    "kingfisher": (["scan", "--no-validate", "--no-update-check"], (0, 200)),
    "betterleaks": (["git", "--no-banner", "--exit-code", "0"], (0,)),
    "gitleaks": (["git", "--no-banner", "--exit-code", "0"], (0,)),
}


class Run:
    """One run of a command: its times, peak memory and exit code."""

    def __init__(self, command):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - start
        self.code = process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024 / 1e6


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs)


def row(name, runs, ratio="", pairs=""):
    seconds = [run.seconds for run in runs]
    codes = ",".join(str(code) for code in sorted({run.code for run in runs}))
    print(f"{name:<14} {median(runs, 'seconds'):>8.3f} {min(seconds):>8.3f} "
          f"{max(seconds):>8.3f} {median(runs, 'cpu'):>8.3f} {ratio:>7} {pairs:>7} "
          f"{max(run.peak for run in runs):>8.0f} {codes:>5}", flush=True)


def against_floor(ours, floor, runs):
    """Alternates which of the two goes first; returns whether both went through."""
    mine, least = [], []
    for command in (ours, floor):
        Run(command)
    for i in range(runs):
        for command, taken in ((ours, mine), (floor, least))[:: 1 if i % 2 else -1]:
            taken.append(Run(command))
    ratio = median(mine, "seconds") / median(least, "seconds")
    pairs = statistics.median(a.seconds / b.seconds for a, b in zip(mine, least))
    row("hfscan", mine)
    row("floor", least, f"{ratio:.2f}", f"{pairs:.2f}")
    return all(run.code in THROUGH for run in mine) and all(run.code == 0 for run in least)


def against_peer(ours, name, command, repo, good):
    # The first run of a version may prepare what it keeps: kingfisher compiles its rules.
    with tempfile.TemporaryDirectory() as empty:
        Run([*command, empty])
    mine = [Run(ours), Run(ours)]
    theirs = Run([*command, repo])
    mine += [Run(ours), Run(ours)]
    row("hfscan", mine)
    if theirs.code in good:
        ratio = theirs.seconds / median(mine, "seconds")
        row(name, [theirs], f"{ratio:.1f}")
    else:
        row(name, [theirs], "failed")


def without_network():
    """What to put before a command, or nothing where that is not allowed."""
    for prefix in (["unshare", "-n"], ["unshare", "-rn"]):
        if shutil.which("unshare") and Run([*prefix, "true"]).code == 0:
            return prefix
    return []


def find_floor(hfscan):
    beside = os.path.dirname(os.path.abspath(hfscan))
    for path in (os.environ.get("BENCH_INFLATE", ""), f"{beside}/bench_inflate",
                 f"{beside}/release/bench_inflate"):
        if os.access(path, os.X_OK):
            return path
    sys.exit("history.py: no bench_inflate; `make build/release/bench_inflate` builds it")


def read_packs(repo):
    """Brings the packs into memory; returns their bytes."""
    size = 0
    for parent, _, names in os.walk(repo):
        if os.path.basename(parent) != "pack":
            continue
        for name in names:
            with open(os.path.join(parent, name), "rb") as f:
                while chunk := f.read(1 << 20):
                    size += len(chunk) if name.endswith(".pack") else 0
    return size


def main():
    hfscan, repo = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 11
    ours = [hfscan, "--history-only", "-q", f"-j{JOBS}", repo]
    floor = [find_floor(hfscan), f"-j{JOBS}", repo]
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:JOBS])
    size = read_packs(repo) / 1e6
    print(f"{repo}: packs of {size:.0f} MB; {JOBS} cores, warm, {runs} pairs, peers once; "
          f"memory may be {1.3 * size + 200:.0f} MB")
    print(f"{'':<14} {'median s':>8} {'min s':>8} {'max s':>8} {'CPU s':>8} {'ratio':>7} "
          f"{'pairs':>7} {'peak MB':>8} {'exit':>5}")
    good = against_floor(ours, floor, runs)
    prefix = without_network()
    for name, (options, codes) in PEERS.items():
        if shutil.which(name):
            against_peer(ours, name, [*prefix, name, *options], repo, codes)
    if not good:
        sys.exit("history.py: hfscan or the floor failed, so the times say nothing")


if __name__ == "__main__":
    main()
