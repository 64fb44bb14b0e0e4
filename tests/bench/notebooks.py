"""Times hfscan on notebooks: a large one against reading it, clean ones against text.

    python3 notebooks.py [--wrapped | --listed] HFSCAN [FOLDER [RUNS]]

Large: a notebook of 60 MB that is nearly all pictures, with a token in a cell
between them; made up here, the same each time. Against `cat`, which does
nothing but read it from the page cache. --wrapped: its base64 is in lines, as
older IPython wrote it. --listed: these lines are a list of strings.
Clean: every *.ipynb below FOLDER, with what is taken for a token left out, against
the same bytes under names that end in .txt and with another first byte, so that
they are no notebooks. The best thing to give it is a clone of notebooks.

Everything runs RUNS times (15) on two cores, in pairs of which each goes first
every second time. Ratio: of the medians. Pairs: the median of the pairs' ratios.
Peak is resident memory.
"""
import json
import multiprocessing
import os
import random
import statistics
import string
import subprocess
import sys
import tempfile

from history import JOBS, Run, median

PICTURES = 60
PICTURE = 1 << 20  # bytes of base64
LINE = 76


def made_up_token(rng):
    return "hf_" + "".join(rng.choices(string.ascii_letters + string.digits, k=34))


def in_lines(picture):
    return "\n".join(picture[i:i + LINE] for i in range(0, len(picture), LINE)) + "\n"


# How a picture's base64 is written.
SHAPES = {
    "--wrapped": in_lines,
    "--listed": lambda picture: in_lines(picture).splitlines(True),
    None: lambda picture: picture + "\n",
}


def write_large(path, shape):
    rng = random.Random(1)
    digits = string.ascii_letters + string.digits + "+/"
    block = "".join(rng.choices(digits, k=PICTURE))

    def cell(i):
        token = made_up_token(rng) if i == PICTURES // 2 else "…"
        turn = rng.randrange(PICTURE)
        picture = block[turn:] + block[:turn]
        return {"cell_type": "code", "execution_count": i, "id": f"c{i}", "metadata": {},
                "source": ["import matplotlib\n", f"print('{token}')\n"],
                "outputs": [{"output_type": "display_data", "metadata": {},
                             "data": {"image/png": SHAPES[shape](picture)}}]}

    with open(path, "w", encoding="utf-8") as file:
        json.dump({"cells": [cell(i) for i in range(PICTURES)], "metadata": {}, "nbformat": 4,
                   "nbformat_minor": 5}, file, indent=1)


def large_notebook(path, shape):
    """In a process of its own: the peak of what runs later counts that of who starts it."""
    maker = multiprocessing.Process(target=write_large, args=(path, shape))
    maker.start()
    maker.join()
    return os.path.getsize(path)


def pairs(ours, other, runs, codes):
    """Medians of both and of the pairs' ratios, as a row."""
    mine, theirs = [], []
    for command in (ours, other):
        Run(command)
    for i in range(runs):
        for command, taken in ((ours, mine), (other, theirs))[:: 1 if i % 2 else -1]:
            taken.append(Run(command))
    if any(run.code not in codes for run in mine):
        sys.exit(f"notebooks.py: hfscan ended with {mine[0].code}, so the times say nothing")
    ratio = median(mine, "seconds") / median(theirs, "seconds")
    paired = statistics.median(a.seconds / b.seconds for a, b in zip(mine, theirs))
    return (f"{1000 * median(mine, 'seconds'):9.1f} {1000 * median(theirs, 'seconds'):9.1f} "
            f"{ratio:6.2f} {paired:6.2f} {max(run.peak for run in mine):8.0f}")


def copy_clean(hfscan, folder, notebooks, texts):
    """Copies clean notebooks below folder under both names; how many, and their bytes."""
    report = subprocess.run([hfscan, "-f", "jsonl", "--ignored", "--no-history", "-v", folder],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    dirty = {row.get("path") for row in map(json.loads, report.splitlines())}
    count = size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if not name.endswith(".ipynb") or os.path.relpath(path, folder) in dirty:
                continue
            with open(path, "rb") as file:
                data = file.read()
            with open(f"{notebooks}/{count}.ipynb", "wb") as file:
                file.write(data)
            with open(f"{texts}/{count}.txt", "wb") as file:
                file.write(b"[" + data[1:])
            count += 1
            size += len(data)
    return count, size


def main():
    shape = sys.argv[1] if sys.argv[1] in SHAPES else None
    hfscan, *more = sys.argv[2 if shape else 1:]
    folder = more[0] if more else None
    runs = int(more[1]) if len(more) > 1 else 15
    ours = [hfscan, "-q", f"-j{JOBS}"]
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:JOBS])
    print(f"{'':<44} {'hfscan ms':>9} {'other ms':>9} {'ratio':>6} {'pairs':>6} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as scratch:
        large = f"{scratch}/large.ipynb"
        size = large_notebook(large, shape)
        print(f"{f'one notebook of {size / 1e6:.0f} MB, against cat':<44} "
              + pairs([*ours, large], ["cat", large], runs, (1,)), flush=True)
        os.mkdir(f"{scratch}/notebooks")
        os.mkdir(f"{scratch}/texts")
        if folder:
            count, size = copy_clean(hfscan, folder, f"{scratch}/notebooks", f"{scratch}/texts")
            print(f"{f'{count} notebooks of {size / 1e6:.0f} MB, against text':<44} "
                  + pairs([*ours, f"{scratch}/notebooks"], [*ours, f"{scratch}/texts"], runs, (0,)))


if __name__ == "__main__":
    main()
