"""Times the trace of leaks that lie in one busy folder, against the same history without.

    python3 leaks.py HFSCAN [COMMITS [LEAKS [RUNS [OTHER]]]]

Makes two repositories of COMMITS (20,000) commits by `git fast-import`. Each commit
changes one of 50 files of one folder. In the second, LEAKS (200) of them, spread evenly,
also bring in a file with a made-up token, which stays: so every version of the folder
from there on holds it. hfscan runs on both RUNS times (7), each going first every second
time. OTHER is another hfscan, such as the one before a change; its runs alternate with these.
Everything is held on two cores and in the page cache.

Ratio: of the medians, with leaks by without; pairs: the median of the pairs' ratios.
CPU is the median of user and system time; where the machine is busy, trust it more
than the clock.
"""
import os
import random
import statistics
import string
import subprocess
import sys
import tempfile

from history import Run

FILES = 50


def token(chance):
    return "hf" + "_" + "".join(chance.choices(string.ascii_letters, k=34))


def file_lines(name, text):
    return f"M 644 inline src/busy/{name}\ndata {len(text)}\n{text}\n"


def make(folder, commits, leaks):
    """Leaks: how many; 0 for none. The same from one run to the next."""
    chance = random.Random(1)
    every = commits // leaks if leaks else 1
    subprocess.run(["git", "init", "-q", "--bare", folder], check=True)
    with subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet"], text=True,
                          stdin=subprocess.PIPE) as process:
        for i in range(commits):
            step = f"step {i}"
            process.stdin.write(f"commit refs/heads/main\ncommitter S <s@example.org> "
                                f"{1_600_000_000 + 60 * i} +0000\ndata {len(step)}\n{step}\n")
            text = "".join(f"line {n} of {i // FILES}\n" for n in range(20))
            process.stdin.write(file_lines(f"file{i % FILES}.py", text))
            if leaks and i % every == every // 2:
                process.stdin.write(file_lines(f"leak{i}.py", f'login("{token(chance)}")\n'))
        process.stdin.close()
    if process.returncode:
        sys.exit("leaks.py: git fast-import failed")
    subprocess.run(["git", "-C", folder, "repack", "-adfq", "--depth=50"], check=True)


def row(name, runs):
    print(f"{name:<24} {statistics.median(r.seconds for r in runs):>8.3f} "
          f"{min(r.seconds for r in runs):>8.3f} {statistics.median(r.cpu for r in runs):>8.3f} "
          f"{max(r.peak for r in runs):>8.1f} {','.join(str(c) for c in {r.code for r in runs})}")


def ratios(name, runs, clean):
    for field in ("seconds", "cpu"):
        pairs = [getattr(a, field) / getattr(b, field) for a, b in zip(runs, clean)]
        of = statistics.median(getattr(r, field) for r in runs)
        by = statistics.median(getattr(r, field) for r in clean)
        print(f"{name}, {field}: {of / by:.2f}, pairs {statistics.median(pairs):.2f}")


def main():
    hfscan = sys.argv[1]
    commits, leaks, runs = (int(sys.argv[i]) if len(sys.argv) > i else default
                            for i, default in ((2, 20_000), (3, 200), (4, 7)))
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    with tempfile.TemporaryDirectory() as top:
        clean, leaky = f"{top}/clean", f"{top}/leaky"
        make(clean, commits, 0)
        make(leaky, commits, leaks)
        programs = [hfscan, *sys.argv[5:6]]
        commands = [[program, "--history-only", "-q", "-j2", repo]
                    for program in programs for repo in (clean, leaky)]
        taken = [[] for _ in commands]
        for command in commands:
            Run(command)
        for i in range(runs):
            for command, into in list(zip(commands, taken))[:: 1 if i % 2 else -1]:
                into.append(Run(command))
    print(f"{'':<24} {'median s':>8} {'min s':>8} {'CPU s':>8} {'peak MB':>8} exit")
    for i, name in enumerate(("hfscan", "other")[:len(programs)]):
        row(f"{name}, clean", taken[2 * i])
        row(f"{name}, with leaks", taken[2 * i + 1])
        ratios(name, taken[2 * i + 1], taken[2 * i])


if __name__ == "__main__":
    main()
