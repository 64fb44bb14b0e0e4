#!/usr/bin/env bats
# CSV as a spreadsheet and as Python's csv module read it, of folders that wish them ill.
load helper

# cells EXPRESSION: of each line, `row` a dict, what the expression says of it.
cells()
{
	python3 -c '
import csv, sys
with open("../report.csv", encoding="utf-8-sig", newline="") as file:
    for row in csv.DictReader(file, strict=True):
        print(eval(sys.argv[1]))' "$1"
}

@test "csv: a header, and one line a finding" {
	plant a lab.py
	plant b 'two words, "quoted".py'
	printf 'token = "%s"\n' hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx >example.py
	run hfscan -f csv -o ../report.csv .
	[ "$status" -eq 1 ]
	[ "$(head -c 3 ../report.csv)" = $'\xEF\xBB\xBF' ]
	[ "$(grep -c $'\r$' ../report.csv)" -eq 4 ]
	[ "$(wc -l <../report.csv)" -eq 4 ]
	[ "$(cells 'row["path"]')" = $'example.py\nlab.py\ntwo words, "quoted".py' ]
	[ "$(cells 'row["verdict"]')" = $'placeholder\nleak\nleak' ]
	run cells 'None in row or None in row.values()'
	[[ $output != *True* ]]
}

@test "csv: every cell says what json says" {
	git init -q
	plant a lab.py
	git add lab.py
	git commit -q -m 'a lab; with "quotes"'
	python3 -c '
import json, sys
json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"id": "abc",
    "cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [],
    "source": "login(\"" + sys.argv[1] + "\")"}]}, open("lab.ipynb", "w"))' "$(token b)"
	hfscan -f json -o ../report.json . || true
	hfscan -f csv -o ../report.csv . || true
	python3 - <<-'END'
		import csv, json
		places = {"redacted": "secret", "fingerprint": "secret", "clear": "secret",
		          "cell": "notebook", "cell_id": "notebook", "cell_type": "notebook",
		          "part": "notebook", "output": "notebook", "where": "git", "object": "git",
		          "commit": "git", "author": "git", "email": "git", "date": "git",
		          "summary": "git", "removed": "git", "paths": "git", "in_head": "git"}
		text = lambda value: str(value).lower() if isinstance(value, bool) else str(value)
		findings = json.load(open("../report.json"))["findings"]
		rows = list(csv.DictReader(open("../report.csv", encoding="utf-8-sig", newline="")))
		assert len(rows) == len(findings) == 2
		for row, finding in zip(rows, findings):
		    for name, cell in row.items():
		        if name in ("cell_line", "cell_column"):
		            value = finding.get("notebook", {}).get(name[5:], "")
		        else:
		            value = (finding.get(places[name], {}) if name in places else finding).get(name, "")
		        assert text(value) == cell, (name, value, cell)
		assert any(row["cell_id"] == "abc" and row["commit"] == "" for row in rows)
		assert any(row["author"] == "Student" and row["where"] == "blob" for row in rows)
	END
}

@test "csv: no name is a formula, and each can be had back" {
	names=('=cmd|calc' '+1' '-2.py' '@SUM(1)' $'\t=1' $'\r=1' '＝1+1' 'a;=1' 'a;"=1' 'a; +1')
	for i in "${!names[@]}"; do plant "t$i" "./${names[$i]}"; done
	run hfscan -f csv -o ../report.csv .
	[ "$status" -eq 1 ]
	[ "$(cells 'row["path"]' | wc -l)" -eq "${#names[@]}" ]
	run cells 'row["path"][0] in "=+-@＝"'
	[[ $output != *True* ]]
	# Where the semicolon is the separator, as in Excel in Spanish.
	python3 - <<-'END'
		import csv
		for row in csv.reader(open("../report.csv", encoding="utf-8-sig", newline=""), delimiter=";"):
		    for cell in row:
		        assert not cell.lstrip(' "').startswith(tuple("=+-@\t\r＝")), cell
	END
	for name in "${names[@]}"; do
		encoded=$(printf %s "$name" | base64)
		grep -qF "\"$encoded\"" ../report.csv
	done
}

@test "csv: a newline, an escape, an override and Latin-1 in a name stay in one line of UTF-8" {
	plant a $'two\nlines.py'
	plant b $'esc\e[31m.py'
	plant c $'over\u202egnp.py'
	plant d $'latin1-\351.py'
	hfscan -f csv -o ../report.csv . || true
	[ "$(wc -l <../report.csv)" -eq 5 ]
	iconv -f UTF-8 -t UTF-8 ../report.csv >/dev/null
	run cat ../report.csv
	[[ $output != *$'\e'* && $output != *$'\u202e'* ]]
	[[ $output == *'two\x0Alines.py'* && $output == *'over\u{202E}gnp.py'* ]]
	cells 'row["path_base64"]' | while read -r name; do
		[ -f "$(printf %s "$name" | base64 -d)" ]
	done
}

@test "csv: authors and summaries are cells like any other" {
	git init -q
	plant a lab.py
	git add lab.py
	git -c user.name='=HYPERLINK("x")' -c user.email='+1@example.org' commit -q -m '@SUM(A1), "x"'
	hfscan -f csv -o ../report.csv . || true
	[ "$(cells 'row["author"]')" = "'=HYPERLINK(\"x\")" ]
	[ "$(cells 'row["email"]')" = "'+1@example.org" ]
	[ "$(cells 'row["summary"]')" = "'@SUM(A1), \"x\"" ]
}

@test "csv: what was not scanned is a line, so that no sheet looks clean by accident" {
	printf 'gone\n' >../list
	run --separate-stderr hfscan -f csv -o ../report.csv --files-from ../list
	[ "$status" -eq 3 ]
	[ "$(cells '(row["verdict"], row["path"], row["reason"] != "")')" = "('incomplete', 'gone', True)" ]
}

@test "csv: no token, and with --show-secrets the whole one" {
	plant a "$(token b).py"
	hfscan -f csv -o ../report.csv . || true
	run cat ../report.csv
	[[ $output != *"$(token a)"* && $output != *"$(token b)"* ]]
	hfscan -f csv --show-secrets -o ../report.csv . || true
	[[ $(cells 'row["clear"]') == *"$(token a)"* ]]
}

