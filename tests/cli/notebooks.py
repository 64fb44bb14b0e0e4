"""Writes notebooks that hold a made-up token in every place, and what is to be
said of each: `python3 notebooks.py FOLDER < TOKENS`.

TOKENS: one a line. The notebook is written in several forms of JSON; beside it,
in expected.jsonl, stand fingerprint, cell, cell_type, part, output, line and
column of each token, by its place in the notebook's own structure.
"""
import hashlib
import json
import os
import sys

RED, PLAIN = "\x1b[0;31m", "\x1b[0m"


def notebook(token):
    """The notebook, and for each token where it is: (cell, part, output, line, column)."""
    places, taken = [], iter(token)

    def here(*place):
        places.append((next(taken), place))
        return places[-1][0]

    cells = [
        {"cell_type": "markdown", "id": "intro", "metadata": {},
         "source": ["# Configurar el token\n", "No publiques `%s`.\n" % here(1, "source", None, 2, 15)]},
        {"cell_type": "code", "id": "login", "execution_count": 1,
         "metadata": {"cellView": "form", "param": here(2, "metadata", None, 1, 1)},
         "source": ["from huggingface_hub import login\n", "\n",
                    "login(\"%s\")" % here(2, "source", None, 3, 8)],
         "outputs": []},
        {"cell_type": "code", "id": "out", "execution_count": 2, "metadata": {}, "source": "print(t)",
         "outputs": [
             {"output_type": "stream", "name": "stdout",
              "text": ["one\n", "ñ\t" + here(3, "output", 1, 2, 3) + "\n"]},
             {"output_type": "execute_result", "execution_count": 2, "metadata": {},
              "data": {"text/plain": ["'" + here(3, "output", 2, 1, 2) + "'"],
                       "text/html": ["<p>&quot;" + here(3, "output", 2, 1, 5) + "&quot;</p>"],
                       "application/json": {"deep": [{"token": here(3, "output", 2, 1, 1)}]}}},
             {"output_type": "error", "ename": "ValueError", "evalue": here(3, "output", 3, 1, 1),
              "traceback": [RED + "ValueError" + PLAIN,
                            "  " + RED + here(3, "output", 3, 2, 3) + PLAIN]},
             {"output_type": "display_data", "metadata": {"k": here(3, "metadata", 4, 1, 1)},
              "data": {"image/png": "iVBORw0KGgo" * 2000}},
         ]},
        {"cell_type": "raw", "id": "raw", "metadata": {}, "source": here(4, "source", None, 1, 1),
         "attachments": {"a.txt": {"text/plain": here(4, "attachment", None, 1, 1)}}},
        {"cell_type": "code", "id": "split", "execution_count": None, "metadata": {}, "outputs": []},
    ]
    whole = here(5, "source", None, 1, 6)
    cells[4]["source"] = ["t = '" + whole[:12], whole[12:] + "'\n"]
    coloured = here(5, "output", 1, 1, 1)
    cells[4]["outputs"].append({"output_type": "stream", "name": "stderr",
                                "text": RED + coloured[:9] + PLAIN + coloured[9:]})
    parameters = {"papermill": {"parameters": {"token": here(None, "metadata", None, 1, 1)}}}
    return {"cells": cells, "metadata": parameters, "nbformat": 4, "nbformat_minor": 5}, places


def escape_first_letters(text, tokens):
    for token in tokens[::2]:
        text = text.replace(token, "\\u0068\\u0066\\u005F" + token[3:])
    return text


def main(folder, tokens):
    book, places = notebook(tokens)
    forms = {
        "nbformat": json.dumps(book, indent=1, ensure_ascii=False) + "\n",
        "compact": json.dumps(book, separators=(",", ":")),
        "flat": json.dumps(book, indent=0),
        "crlf": json.dumps(book, indent=1).replace("\n", "\r\n"),
        "bom": "\ufeff" + json.dumps(book, indent=2),
    }
    forms["escaped"] = escape_first_letters(forms["compact"], tokens)
    types = [cell["cell_type"] for cell in book["cells"]]
    with open(os.path.join(folder, "expected.jsonl"), "w") as expected:
        for token, (cell, part, output, line, column) in places:
            record = {"fingerprint": hashlib.sha256(token.encode()).hexdigest()[:32],
                      "cell": cell, "cell_type": cell and types[cell - 1], "part": part,
                      "output": output, "line": line, "column": column}
            print(json.dumps({k: v for k, v in record.items() if v is not None}, sort_keys=True),
                  file=expected)
    for name, text in forms.items():
        with open(os.path.join(folder, name + ".ipynb"), "w", encoding="utf-8", newline="") as out:
            out.write(text)


main(sys.argv[1], sys.stdin.read().split())
