#!/usr/bin/env bats
# Notebooks of every kind, written by the real nbformat and run by the real
# ipykernel (make.py), held to where their structure says that tokens are
# (places.py). Each kind is written in several ways, all in one folder.
load ../cli/helper

setup_file()
{
	made=$BATS_FILE_TMPDIR/made
	export made EXPAND PYTHONDONTWRITEBYTECODE=1
	if packages=$(sh "$BATS_TEST_DIRNAME/../python.sh" "$BATS_TEST_DIRNAME" notebook-packages); then
		PYTHONPATH=$packages
		export PYTHONPATH
	elif [ -n "${CI-}" ]; then
		return 1
	fi
	python3 "$BATS_TEST_DIRNAME/make.py" hostile "$BATS_FILE_TMPDIR/hostile"
}

# make_kind KIND: writes that kind into $made, unless it is there.
make_kind()
{
	[ -n "${PYTHONPATH-}" ] || skip "cannot fetch nbformat"
	[ -d "$made/$1" ] || python3 "$BATS_TEST_DIRNAME/make.py" "$made" "$1"
}

# scan PATH...: leaves report, errors and status.
scan()
{
	status=0
	hfscan -f jsonl "$@" >report 2>errors || status=$?
}

compare()
{
	python3 "$BATS_TEST_DIRNAME/compare.py" "$@"
}

# found KIND: everything in it is, where it is, and nothing else; with any number of threads.
found()
{
	make_kind "$1"
	scan -j 1 "$made/$1"
	mv report report1
	scan -j 8 "$made/$1"
	diff <(without_seconds <report1) <(without_seconds <report)
	cat errors
	[ ! -s errors ]
	compare report "$made/$1"/*.expected.jsonl
	[ "$status" -eq 1 ]
}

# gave_up NAME: one line says why, of that notebook.
gave_up()
{
	[ "$(grep -c "^hfscan: .*$1\.ipynb: " errors)" -eq 1 ] && [ "$(wc -l <errors)" -eq 1 ]
}

# hostile NAME: its view becomes what it has to, and all is found that can be.
hostile()
{
	local expected=$hostile/$1.expected.jsonl
	scan "$hostile/$1.ipynb"
	cat errors
	case $(cat "$hostile/$1.view") in
	read) [ ! -s errors ] && compare report "$expected" ;;
	'gives up') gave_up "$1" && compare --raw report "$expected" ;;
	'may give up')
		if [ -s errors ]; then
			gave_up "$1" && compare --raw report "$expected"
		else
			compare report "$expected"
		fi ;;
	clean) [ ! -s errors ] && [ "$status" -eq 0 ] && return ;;
	esac && [ "$status" -eq 1 ]
}

# all_hostile VIEW: each of them, with a line for each that fails.
all_hostile()
{
	local name bad=0 hostile=$BATS_FILE_TMPDIR/hostile
	for view in "$hostile"/*.view; do
		[ "$(cat "$view")" = "$1" ] || continue
		name=$(basename "$view" .view)
		hostile "$name" >said 2>&1 || { bad=1; echo "== $name"; cat said; }
	done
	[ "$bad" -eq 0 ]
}

# ---- every place ----

@test "in the source of code" { found code-source; }
@test "in the source of markdown and raw cells" { found markdown-and-raw-source; }
@test "in streams" { found streams; }
@test "in results" { found execute-result; }
@test "in HTML, behind and among entities" { found display-data-html; }
@test "in JSON that is displayed" { found display-data-json; }
@test "in widgets, their views and their state" { found widgets; }
@test "in errors, with colours before, inside and behind" { found errors-with-colours; }
@test "in attachments" { found attachments; }
@test "in metadata of notebook, cells and outputs" { found metadata; }
@test "in keys that the format does not know" { found unknown-keys; }
@test "in worksheets of nbformat 3" { found format-3; }
@test "in what a real kernel prints, shows and raises" { found executed; }

# ---- every writing ----

@test "cut over entries of a list" { found cut-over-entries; }
@test "behind escapes, and written in escapes" { found escapes; }
@test "behind NUL" { found nul; }
@test "under keys that are there twice" { found duplicate-keys; }
@test "among pictures" { found images; }
@test "in the first and last of 10,000 cells" { found many-cells; }

@test "what the guide calls right is no leak" {
	make_kind without-tokens
	scan "$made/without-tokens"
	[ "$status" -eq 0 ]
	[ ! -s errors ]
	compare report "$made"/without-tokens/*.expected.jsonl
}

# ---- every way in ----

# one_notebook: in this folder, with its records in $expected.
one_notebook()
{
	make_kind escapes
	cp "$made/escapes/nbformat.ipynb" .
	expected=$made/escapes/nbformat.expected.jsonl
}

@test "a notebook on standard input" {
	one_notebook
	scan --stdin-name nbformat.ipynb - <nbformat.ipynb
	[ "$status" -eq 1 ]
	compare report "$expected"
}

@test "a notebook by name, and in .ipynb_checkpoints" {
	one_notebook
	scan nbformat.ipynb
	compare report "$expected"
	mkdir .ipynb_checkpoints
	mv nbformat.ipynb .ipynb_checkpoints/
	scan .
	compare <(sed 's,.ipynb_checkpoints/,,' report) "$expected"
}

@test "a notebook in the index, and in history only" {
	one_notebook
	git init -q
	git add nbformat.ipynb
	rm nbformat.ipynb
	scan .
	compare report "$expected"
	git commit -q -m notebook
	git rm -q --cached nbformat.ipynb
	git commit -q -m 'no notebook'
	scan .
	compare report "$expected"
	jq -es 'map(select(.rule)) | all(.git.commit)' report
}

@test "in the history that IPython keeps" {
	[ -n "${PYTHONPATH-}" ] || skip "cannot fetch IPython"
	mkdir .ipython
	IPYTHONDIR=$PWD/.ipython python3 - "$(token a)" "$(token b)" <<-'EOF'
		import sys
		from IPython.core.interactiveshell import InteractiveShell
		shell = InteractiveShell.instance()
		for number in range(1, 40):
		    shell.run_cell(f"x = {number}", store_history=True)
		shell.run_cell(f"import os\nos.environ['HF_TOKEN'] = '{sys.argv[1]}'", store_history=True)
		# A row that goes on in another page.
		shell.run_cell("# " + "." * 9000 + f"\ny = '{sys.argv[2]}'", store_history=True)
		shell.history_manager.end_session()
	EOF
	scan .
	cat report errors
	[ "$status" -eq 1 ]
	[ ! -s errors ]
	[ "$(jq -r 'select(.rule) | "\(.path) \(.member) \(.line):\(.column)"' report | sort)" = \
		".ipython/profile_default/history.sqlite history row 40 column source 2:27
.ipython/profile_default/history.sqlite history row 40 column source_raw 2:27
.ipython/profile_default/history.sqlite history row 41 column source 2:6
.ipython/profile_default/history.sqlite history row 41 column source_raw 2:6" ]
	run -1 hfscan --no-color .
	[[ $output == *"What you typed into Python"* ]]
}

# ---- bad input ----

@test "what is no notebook is searched as it is, and one line says why" {
	all_hostile 'gives up'
}

@test "what readers disagree on is read, or searched as it is" {
	all_hostile 'may give up'
}

@test "odd notebooks are read like any other" {
	all_hostile read
}

@test "broken notebooks that hold nothing are none of our business" {
	all_hostile clean
}

@test "a string of 300 MB is read like any other" {
	[ -n "${HUGE-}" ] || skip "takes 600 MB; HUGE=1 runs it"
	local hostile=$BATS_TEST_TMPDIR/huge
	python3 "$BATS_TEST_DIRNAME/make.py" hostile "$hostile" --huge
	hostile huge
}
