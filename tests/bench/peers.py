"""Times hfscan against the tools people would use instead.

    python3 peers.py HFSCAN FOLDER [RUNS]

Each peer that is installed runs RUNS times (11), each time right before or
after a run of hfscan, so that both see the same machine; the folder is read
once before, to have it in memory. Ratio: hfscan's time by the peer's, pair by
pair; below 1 hfscan is faster. Peak: resident memory, by GNU time where that
is installed.
"""
import os
import shutil
import statistics
import subprocess
import sys
import time

PATTERN = "hf_[A-Za-z0-9]{34}"

# Every tool with its own defaults for "all files below this folder".
PEERS = {
    "ripgrep": ["rg", "-uuu", "-a", "-c", PATTERN],
    "grep": ["grep", "-raEc", PATTERN],
    "gitleaks": ["gitleaks", "dir", "--no-banner", "--exit-code", "0"],
    "betterleaks": ["betterleaks", "dir", "--no-banner", "--exit-code", "0"],
    "trufflehog": ["trufflehog", "filesystem", "--no-update", "--no-verification"],
    "kingfisher": ["kingfisher", "scan", "--no-validate"],
    "ripsecrets": ["ripsecrets"],
}


def timed(command):
    start = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def peak_mb(command):
    gnu_time = shutil.which("time")
    if not gnu_time:
        return "-"
    done = subprocess.run([gnu_time, "-f", "%M", *command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    return f"{int(done.stderr.split()[-1]) / 1024:.0f}"


def read_all(folder):
    """Brings the folder into memory; returns its files and bytes."""
    files = size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as f:
                    while chunk := f.read(1 << 20):
                        size += len(chunk)
                files += 1
    return files, size


def row(name, times, ratio, peak):
    print(f"{name:<12} {statistics.median(times):>8.3f} {min(times):>8.3f} "
          f"{max(times):>8.3f} {ratio:>8} {peak:>8}", flush=True)


def compare(hfscan, name, command, runs):
    """Alternates which of the two goes first."""
    ours, theirs = [], []
    for i in range(runs):
        for which, times in ((hfscan, ours), (command, theirs))[:: 1 if i % 2 else -1]:
            times.append(timed(which))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs))
    row("hfscan", ours, "", peak_mb(hfscan))
    row(name, theirs, f"{ratio:.2f}", peak_mb(command))


def main():
    hfscan, folder = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 11
    ours = [hfscan, "scan", folder]
    files, size = read_all(folder)
    print(f"{folder}: {files} files, {size / 1e6:.0f} MB; {os.cpu_count()} cores, "
          f"warm, {runs} pairs each")
    print(f"{'':<12} {'median s':>8} {'min s':>8} {'max s':>8} {'ratio':>8} {'peak MB':>8}")
    timed(ours)
    for name, command in PEERS.items():
        if shutil.which(command[0]):
            compare(ours, name, [*command, folder], runs)


if __name__ == "__main__":
    main()
