"""Writes notebooks that hold made-up tokens, and beside each where they are.

    python3 make.py FOLDER [KIND]...           FOLDER/KIND/WRITING.ipynb, all kinds or these
    python3 make.py hostile FOLDER [--huge]    FOLDER/*.ipynb that are broken; --huge: 300 MB too
    python3 make.py --list                     names the kinds

Beside NAME.ipynb stands NAME.expected.jsonl, a record a line, in the order of
offsets: places.py says which fields it has. Beside a hostile one stands
NAME.view, too, a line that says what becomes of the view:

    read         it is read like any other
    gives up     there is one line of why; only what stands in the file as it is has
                 to be found, and is in no cell
    may give up  either of these
    clean        nothing is in it, so nobody asks what it is

Notebooks are made by nbformat, some run by nbconvert and ipykernel
(requirements.txt; the hostile ones need none of them), and then written in
several ways. Where tokens are is read from the bytes of the file. EXPAND names
the program that makes tokens of placeholders.
"""
import pathlib
import sys


def main():
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    if "--list" in sys.argv:
        import kinds  # which needs nbformat
        print("\n".join(kinds.KINDS))
    elif words[:1] == ["hostile"] and len(words) == 2:
        import hostile
        hostile.make(pathlib.Path(words[1]), "--huge" in sys.argv)
    elif words:
        import kinds
        for kind in words[1:] or kinds.KINDS:
            kinds.KINDS[kind](pathlib.Path(words[0]))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
