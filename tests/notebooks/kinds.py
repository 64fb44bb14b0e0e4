"""The kinds of notebooks: a function each, named as the kind, which writes it."""
import base64
import json
import os
import random

import nbformat
from nbformat import v3, v4

from writings import Tokens, dumped, escaped, records_of, save, write

KINDS = {}


def kind(make):
    """A function of tokens that gives a notebook is written in all ways."""
    name = make.__name__.replace("_", "-")

    def run(folder):
        tokens = Tokens()
        write(folder, name, make(tokens), tokens)
    KINDS[name] = run
    return make


def kind_by_itself(make):
    """A function of folder and tokens that writes by itself."""
    name = make.__name__.replace("_", "-")
    KINDS[name] = lambda folder: make(folder / name, Tokens())
    return make


def notebook(*cells, **metadata):
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
                **metadata}
    made = v4.new_notebook(cells=list(cells), metadata=metadata)
    # nbformat draws ids at random.
    for number, cell in enumerate(made.cells, 1):
        if "id" in cell:
            cell["id"] = f"cell-{number}"
    return made


def code(source="", *outputs, **more):
    return v4.new_code_cell(source, outputs=list(outputs), **more)


def output(data, **more):
    return v4.new_output("display_data", data=data, **more)


def stream(text, name="stdout"):
    return v4.new_output("stream", name=name, text=text)


def picture(seed, size=20000):
    """What stands in a PNG, as far as a search can tell."""
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + random.Random(seed).randbytes(size)).decode()


# ---- sources ----

@kind
def code_source(t):
    return notebook(
        code("from huggingface_hub import login\n"
             f'login(token="{t("double")}")\n'),
        code(f"TOKEN = '{t('single')}'"),
        code(f"# año 2026 \U0001f917\n\n\té = f'{t('wide')}'  # ← aquí"),
        code(f"!huggingface-cli login --token {t('shell')} --add-to-git-credential\n"
             f"%env HF_TOKEN={t('magic')}\n"
             f"!git clone https://user:{t('url')}@huggingface.co/user/model"),
        code("%%bash\n" f"export HF_TOKEN={t('bash')}\n"),
        code(f'os.environ["HF_TOKEN"]="{t("twice")}"; login("{t("twice")}")'))


@kind
def markdown_and_raw_source(t):
    return notebook(
        v4.new_markdown_cell(f"# Token\n\n> `{t('quoted')}`\n\n| a | {t('table')} |\n"),
        v4.new_raw_cell(f"---\ntoken: {t('yaml')}\n---"),
        v4.new_markdown_cell(f"[me](https://huggingface.co/?token={t('link')}&x=1)"),
        v4.new_markdown_cell(t("alone")))


# ---- outputs ----

@kind
def streams(t):
    return notebook(
        code("print()", stream("ready\n"), stream(f"{t('line')}\nnext\n")),
        code("print()", stream(f"your token:\n\n{t('behind-newlines')}"),
             stream(f"col\t{t('behind-tab')}\n", "stderr")),
        code("loop()", stream(f"  0%|   |\r{t('behind-return')}\r100%", "stderr")),
        code("print()", stream("line\n" * 500 + f"{t('deep')} {t('beside')}\n")),
        code("organization()", stream(f"first\n{t.organization('org')}\n")))


@kind
def execute_result(t):
    return notebook(
        code("token", v4.new_output("execute_result", execution_count=7,
                                    data={"text/plain": f"'{t('repr')}'"})),
        code("tokens", v4.new_output(
            "execute_result", execution_count=8,
            data={"text/plain": f"{{'a': '{t('dict')}',\n 'b': ('{t('tuple')}',)}}",
                  "text/markdown": f"**{t('markdown')}**",
                  "text/latex": f"$\\text{{{t('latex')}}}$"})),
        code("twice", v4.new_output("execute_result", data={"text/plain": t("plain")}),
             v4.new_output("execute_result", data={"text/plain": f"Out: {t('second')}"})))


def entities(token, underscore):
    return token.replace("_", underscore)


@kind
def display_data_html(t):
    return notebook(
        code("show()", output({"text/html": f"<b>{t('bold')}</b>", "text/plain": "<HTML>"})),
        code("show()", output({"text/html":
             f"<pre>\n&quot;{t('quot')}&quot; &#39;{t('apostrophe')}&#39; &lt;{t('lt')}&gt;\n</pre>"})),
        code("show()", output({"text/html": "<p>\n" + "\n".join([
            entities(t("decimal"), "&#95;"), entities(t("hexadecimal"), "&#x5f;"),
            entities(t("upper"), "&#X5F;"), entities(t("padded"), "&#0095;"),
            entities(t("named"), "&lowbar;"), "&#104;&#102;&#95;" + t("anchor")[3:],
            "".join(f"&#{ord(c)};" for c in t("all")),
            f"&amp;{t('amp')}&nbsp;&#10;{t('break')}"]) + "</p>"})),
        code("show()", output({"image/svg+xml": f"<svg>\n<text>{t('svg')}</text></svg>",
                               "application/javascript": f"let t = \"{t('javascript')}\";"})))


@kind
def display_data_json(t):
    return notebook(
        code("show()", output({"application/json":
             {"token": t("value"), t("key"): 1, "deep": [[{"a": ["x", f"\n{t('deep')}"]}]]}})),
        # Strings of a list in JSON's own data are no lines of one text.
        code("show()", output({"application/json": ["word", "@first:listed@", t("last")]})),
        code("show()", output({"application/vnd.plotly.v1+json":
             {"data": [{"text": [f"\"{t('plotly')}\""]}], "layout": {"title": t("title")}}})),
        code("show()", output({"application/vnd.vegalite.v5+json": {"url": f"u?t={t('vega')}&a"}})))


@kind
def widgets(t):
    state = {
        "1f": {"model_name": "PasswordModel", "model_module": "@jupyter-widgets/controls",
               "state": {"description": "Token:", "value": t("password"),
                         "placeholder": "hf_..."}},
        "2f": {"model_name": "HTMLModel", "state": {"value": f"<b>{t('html')}</b>"}},
        "3f": {"model_name": "OutputModel", "state": {"outputs": [
            {"output_type": "stream", "name": "stdout", "text": f"saved\n{t('output')}\n"}]}}}
    view = {"version_major": 2, "version_minor": 0, "model_id": "1f"}
    return notebook(
        code("login_widget()", output({
            "application/vnd.jupyter.widget-view+json": {**view, "unknown": t("view")},
            "application/vnd.jupyter.widget-state+json": {"state": {"x": {"value": t("state")}}},
            "text/plain": f"Password(value='{t('plain')}')"})),
        widgets={"application/vnd.jupyter.widget-state+json":
                 {"version_major": 2, "version_minor": 0, "state": state}})


@kind
def errors_with_colours(t):
    red, bold, off = "\x1b[31m", "\x1b[1;33m", "\x1b[0m"
    inside = t("inside")
    return notebook(
        code("login()", v4.new_output(
            "error", ename="HTTPError", evalue=f"401 for {t('evalue')}",
            traceback=[
                f"{red}{'-' * 75}{off}",
                f"{red}HTTPError{off}      Traceback (most recent call last)",
                f"Cell In[1], line 1\n{bold}----> 1{off} login({bold}{t('before')}{off})",
                f"{red}{t('around')}{off}{red}{t('next')}{off}",
                f"\x1b[38;5;28m'\x1b[39m\x1b[38;2;1;2;3m{inside[:9]}\x1b[39m\x1b[33m{inside[9:]}{off}'",
                f"x{red}{t('glued')}{off}y",
                f"{t('entry')}",
                f"\x1b]8;;https://example.org/\x1b\\{t('hyperlink')}\x1b]8;;\x1b\\",
                f"{red}HTTPError{off}: {t('after')}{off}\x1b[K"])),
        code("login()", v4.new_output("error", ename=t("ename"), evalue="", traceback=[])),
        code("log()", stream(f"\x1b[32m{t('green')}\x1b[0m\n\x1b[1m\x1b[36mINFO\x1b[0m:"
                             f"\x1b[2K{t('line')}\n", "stderr")),
        code("show()", v4.new_output("execute_result", data={
            "text/plain": f"\x1b[32m'{inside[:2]}\x1b[0m\x1b[32m{inside[2:]}'\x1b[0m"})))


# ---- everything else ----

@kind
def attachments(t):
    cell = v4.new_markdown_cell("![x](attachment:x.png)")
    cell["attachments"] = {"x.png": {"image/png": picture("x")},
                           f"{t('name')}.txt": {"text/plain": f"first\n{t('text')}\n"},
                           "page.html": {"text/html": f"<i>&quot;{entities(t('html'), '&#95;')}"}}
    raw = v4.new_raw_cell("")
    raw["attachments"] = {"a": {"application/json": {"token": t("json")}}}
    return notebook(code("1"), cell, raw)


@kind
def metadata(t):
    return notebook(
        code("#@title Login\nhf_token = '' #@param {type:\"string\"}", metadata={
            "cellView": "form", "colab": {"form": {"hf_token": t("form")}},
            "papermill": {"duration": 0.1, "exception": f"\"{t('exception')}\""},
            "tags": ["parameters", t("tag")]}),
        v4.new_markdown_cell("x", metadata={"vscode": {"languageId": t("vscode")}}),
        code("1", output({"text/plain": "1"}, metadata={
            "text/plain": {"note": t("output")}, t("output-key"): {}})),
        papermill={"parameters": {"hf_token": t("papermill")}, "input_path": f"/a?{t('path')}",
                   "environment_variables": {t("key"): ""}},
        colab={"provenance": [{"file_id": t("colab")}]},
        kaggle={"dataSources": [{"sourceId": 1, "token": t("kaggle")}]},
        title=f"line\n{t('title')}", authors=[{"name": t("author")}])


@kind_by_itself
def unknown_keys(folder, t):
    """nbformat would drop or refuse them."""
    made = {"cells": [
        {"cell_type": "code", "source": [], "outputs": [
            {"output_type": "stream", "text": "x", "unknown": [f"\n{t('output')}"]},
            {"output_type": "pending", "data": {"text/plain": [f"{t('pending')}\n"]}},
            {"wrong": {"deep": t("no-type")}}],
         "prompt": t("cell"), "nested": {"a": [{"b": t("nested")}]}, t("cell-key"): 0},
        {"cell_type": "sql", "source": f"-- {t('sql')}"},
        {"source": [f"{t('untyped')}"], "metadata": t("metadata")},
        {"cell_type": "markdown", "id": t("id"), "source": {"odd": t("odd")}},
        {"cell_type": "code", "source": ["a\n", [t("list-in-list")], None, 7],
         "attachments": [t("attachments")]},
        t("cell-string"), None, [t("cell-list")]],
        "orig_nbformat": 4, "signature": t("notebook"), t("notebook-key"): {"x": t("below")},
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    by_hand(folder, made, t)


def by_hand(folder, made, tokens):
    for name, way in {"compact": dumped(separators=(",", ":")), "indent1": dumped(indent=1),
                      "crlf": lambda m: dumped(indent=1)(m).replace(b"\n", b"\r\n")}.items():
        data = escaped(way(made), tokens)
        save(folder / f"{name}.ipynb", data, records_of(data, tokens, f"{folder.name}/{name}"))


@kind
def format_3(t):
    first = v3.new_worksheet(name="one", cells=[
        v3.new_text_cell("markdown", source=f"# {t('markdown')}"),
        v3.new_heading_cell(source=t("heading"), level=2),
        v3.new_code_cell(input=f"import os\nlogin('{t('input')}')\n", prompt_number=3, outputs=[
            v3.new_output("stream", output_text=f"a\n{t('stream')}\n", stream="stdout"),
            v3.new_output("pyout", output_text=f"'{t('pyout')}'", prompt_number=3,
                          output_html=f"<b>\n&quot;{entities(t('html'), '&#95;')}&quot;</b>",
                          output_svg=f"<svg>{t('svg')}</svg>"),
            v3.new_output("display_data", output_png="iVBORw0KGgo=", output_latex=t("latex"),
                          output_json=json.dumps({"a": t("json")}, indent=1),
                          output_javascript=f"\n{t('javascript')}"),
            v3.new_output("pyerr", ename="E", evalue=t("evalue"), traceback=[
                "\x1b[1;31mE\x1b[0m", f"\x1b[1;32m{t('traceback')}\x1b[0m"])])])
    second = v3.new_worksheet(name="two", metadata={"note": t("sheet")}, cells=[
        v3.new_code_cell(input=t("second-sheet"), metadata={"note": t("cell")})])
    made = v3.new_notebook(metadata=v3.new_metadata(name="old", authors=[f"\n{t('notebook')}"]))
    made.worksheets = [first, second]
    return made


@kind_by_itself
def cut_over_entries(folder, t):
    def lists(cut, *names):
        return [piece for name in names
                for token in [t(name)] for piece in ("say ", token[:cut], token[cut:] + "\n")]
    spread = t("spread")
    made = {"cells": [
        {"cell_type": "code", "id": "a", "source": lists(1, "one") + lists(2, "two"), "outputs": [
            {"output_type": "stream", "name": "stdout", "text": ["x\n"] + lists(3, "prefix")},
            {"output_type": "display_data", "data": {
                "text/plain": lists(20, "plain"), "text/html": lists(36, "html"),
                "text/markdown": [spread[at:at + 5] for at in range(0, 37, 5)]}}]},
        {"cell_type": "raw", "id": "b", "source": lists(9, "raw")},
        {"cell_type": "raw", "id": "c", "source": ["a\n", t("second")[:7], "", t("second")[7:]]},
        {"cell_type": "markdown", "id": "d", "source": ["a", t("behind-word"), "\n"]},
        {"cell_type": "markdown", "id": "e", "source": [t("whole"), "b\n"]}],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    # A word before or behind, in the next entry, makes it no token to a reader, but
    # the file as it is shows one: so the plain search finds it.
    by_hand(folder, made, t)


@kind
def escapes(t):
    hidden = " ".join(f"@{how}:{how}@" for how in
                      ("first", "second", "third", "upper", "inside", "last", "every"))
    return notebook(
        code(f'login("{t("quote")}")\n"\\n{t("written-newline")}"', stream(
            f'"{t("quoted")}"\n{t("newline")}\t{t("tab")}\x1b[32m{t("colour")}\x1b[0m '
            f"\\{t('backslash')}/{t('slash')}\b{t('backspace')}\f{t('feed')}")),
        code(hidden, stream("x\n" + hidden.replace(" ", "\n"))),
        code("@anchor:alone@"), code("@behind:sign@"), code("é€\U0001f917 @first:wide@"),
        v4.new_markdown_cell("", metadata={"a": "@anchor:metadata@"}),
        note="@third:notebook@")


@kind
def nul(t):
    return notebook(
        code(f"x = '\0{t('source')}'", stream(f"\0\0{t('stream')}\0\n\0@first:hidden@")),
        code("show()", output({"text/plain": f"a\0b\n{t('plain')}"})),
        note=f"\0{t('metadata')}")


@kind_by_itself
def duplicate_keys(folder, t):
    text = """{"cells": [{"cell_type": "markdown", "cell_type": "code", "id": "a", "id": "b",
"source": ["@first:source@"], "source": "\\n%s", "outputs": [],
"outputs": [{"output_type": "stream", "text": "%s", "text": ["%s"]}],
"metadata": {"a": "%s", "a": "%s"}, "metadata": {}}],
"nbformat": 4, "nbformat": 3, "metadata": {},
"cells": [{"cell_type": "raw", "source": "@third:more@"}], "metadata": {"z": "%s"}}
""" % tuple(t(name) for name in ("source-2", "text", "text-2", "a", "a-2", "metadata-2"))
    for name, data in (("lines", text), ("one-line", text.replace("\n", "")),
                       ("crlf", text.replace("\n", "\r\n"))):
        data = escaped(data.encode(), t)
        save(folder / f"{name}.ipynb", data, records_of(data, t, f"duplicate-keys/{name}"))


@kind
def images(t):
    html = f'<img src="data:image/png;base64,{picture("html")}">&quot;{t("html")}&quot;'
    return notebook(
        code("plot()", output({"image/png": picture("a"), "text/plain": f"<{t('plain')}>"}),
             output({"image/jpeg": picture("b"), "image/gif": picture("c")}),
             output({"text/html": html, "application/pdf": picture("d")})),
        code(f"# {t('behind')}"))


@kind_by_itself
def many_cells(folder, t):
    cells = [code(f"x = {n}\nprint(x)", stream(f"{n}\n")) for n in range(10000)]
    for cell, name in ((0, "first"), (4998, "middle"), (9999, "last")):
        cells[cell] = code(f"a\nlogin('{t(name)}')", stream(f"a\n{t(name + '-out')}\n"))
    made = notebook(*cells, end=t("end"))
    for name, data in (("nbformat", nbformat.writes(made).encode()),
                       ("compact", dumped(separators=(",", ":"))(made))):
        save(folder / f"{name}.ipynb", data, records_of(data, t, f"many-cells/{name}"))


@kind
def without_tokens(t):
    """What the guide calls right."""
    return notebook(
        code("from huggingface_hub import login, notebook_login\nlogin()\nnotebook_login()"),
        code('import os\nlogin(os.environ.get("HUGGINGFACE_TOKEN"))\nlogin(token=os.environ["HF_TOKEN"])'),
        code("from google.colab import userdata\nlogin(userdata.get('HF_TOKEN'))"),
        code("from getpass import getpass\nlogin(token=getpass('Token: '))",
             stream("Token: ··········\n")),
        code("interpreter_login()", output({"text/html": "<img src='/front/hf_logo.svg'>"})),
        v4.new_markdown_cell(f'Write `login("hf_{"x" * 34}")` or `hf_...`'),
        v4.new_markdown_cell("`HF_TOKEN=hf_your_token_here` `hf_hub_download()` \\u0068f_"))


# ---- run by a real kernel ----

# The kernel takes tokens from its environment, so that they stand in the outputs only.
PRELUDE = "import os, sys\ndef token(name): return os.environ['MADE_UP_' + name.replace('-', '_')]"

RUN = {
    "stdout": "print('saved to ~/.cache')\nprint(token('stdout'))",
    "no-newline": "sys.stdout.write('a\\t' + token('no-newline'))",
    "stderr": "print('warning:', token('stderr'), file=sys.stderr)",
    "logged": "import logging; logging.warning('token %s', token('logged'))",
    "warned": "import warnings; warnings.warn(token('warned'))",
    "progress": "for i in range(3): print(f'\\r{i}0% {token(\"progress\")}', end='', flush=True)",
    "green": "print('\\033[32m' + token('green') + '\\033[0m')",
    "nul": "print('\\0' + token('nul'))",
    "shell": "!echo $MADE_UP_shell",
    "magic": "t = token('magic')\n%env HF_TOKEN=$t",
    "repr": "token('repr')",
    "dict": "{'a': [token('dict')] * 5, 'b': 'é'}",
    "bytes": "token('bytes').encode()",
    "html": "from IPython.display import *; import html\n"
            "display(HTML(f'<pre>{html.escape(repr(token(\"html\")))}</pre>'))",
    "json": "display(JSON({'token': token('json'), 'list': ['a', token('json')]}))",
    "markdown": "display(Markdown('`' + token('markdown') + '`\\n'))",
    "latex": "display(Latex(token('latex')))",
    "svg": "display(SVG(f'<svg xmlns=\"http://www.w3.org/2000/svg\"><text>{token(\"svg\")}</text></svg>'))",
    "script": "display(Javascript('let t = \"' + token('script') + '\"'))",
    "metadata": "display({'text/plain': 'x'}, raw=True, metadata={'note': token('metadata')})",
    "raised": "raise ValueError('bad token ' + token('raised'))",
    "ename": "raise type(token('ename'), (Exception,), {})('x')",
    "chained": "try:\n    {}[token('chained')]\nexcept KeyError as e:\n    raise RuntimeError('x') from e",
    "noted": "e = ValueError('x')\ne.add_note(token('noted'))\nraise e",
    "password": "import ipywidgets\nipywidgets.Password(value=token('password'), description='Token:')",
    "captured": "out = ipywidgets.Output()\ndisplay(out)\nwith out: print(token('captured'))",
    "updated": "h = display(Pretty('...'), display_id=True)\nh.update(Pretty(token('updated')))",
    "pager": "print?",
}
# These stand in the source, and the traceback shows it, coloured.
RUN_IN_SOURCE = {
    "shown": 'def login(token):\n    raise ValueError("401")\nlogin(token="{}")',
    "syntax": 'login("{}"',
    "commented": "1 / 0  # {}",
    "formatted": 'f"{{1 / 0}} {}"',
    "bare": "{}",
    "in-url": 'int("https://user:{}@huggingface.co")',
    "echoed": "!echo {} && false",
}


@kind
def executed(t):
    from nbconvert.preprocessors import ExecutePreprocessor
    os.environ.update({"MADE_UP_" + name.replace("-", "_"): t(name)
                       for name in RUN if name != "pager"})
    sources = [*RUN.values(), *(source.format(t(name)) for name, source in RUN_IN_SOURCE.items())]
    made = notebook(code(PRELUDE), *map(code, sources))
    ExecutePreprocessor(timeout=60, kernel_name="python3", allow_errors=True).preprocess(made)
    return made
