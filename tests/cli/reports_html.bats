#!/usr/bin/env bats
# The page, as a parser sees it; tests/pages looks at it in a browser.
load helper

# page [OPTION]...: scans . into ../page.html; exit code in $code, the page's text in $output.
page()
{
	code=0
	hfscan -f html -o ../page.html "$@" 2>/dev/null || code=$?
	run python3 "$TOP/tests/cli/html_page.py" ../page.html
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
}

@test "html: a whole page that needs nothing from elsewhere, with what was found" {
	git init -q
	plant a lab.py
	git add lab.py
	git commit -q -m 'first lab'
	plant b .env
	page .
	[ "$code" -eq 1 ]
	[[ $output == *'2 secrets leaked in 2 places'* ]]
	[[ $output == *'Exit code 1:'* ]]
	[[ $output == *'lab.py:1:8'* && $output == *'Student <student@example.org>: first lab'* ]]
	[[ $output == *'committed, not pushed (1)'* && $output == *'not committed (1)'* ]]
	[[ $output == *'What to do'* && $output == *'userdata.get'* ]]
	[[ $output == *'A file for settings and passwords'* ]]
	[ "$(grep -c '<li data-exposure="committed">' ../page.html)" -eq 1 ]
	[ "$(grep -c '<li data-exposure="worktree">' ../page.html)" -eq 1 ]
}

@test "html: one secret in many places is told once, and its places are closed" {
	for i in {1..25}; do plant a "copy$i.py"; done
	plant b other.py
	page .
	[ "$(grep -c '<article ' ../page.html)" -eq 2 ]
	[ "$(grep -c '<li data-exposure="none">' ../page.html)" -eq 26 ]
	[ "$(grep -c '<details class="places">' ../page.html)" -eq 1 ]
	[ "$(grep -c '<details class="places" open>' ../page.html)" -eq 1 ]
	[ "$(grep -c '<details class="todo" open>' ../page.html)" -eq 1 ]
	[ "$(grep -c '<details class="todo">' ../page.html)" -eq 1 ]
}

@test "html: a notebook's places are cells" {
	python3 -c '
import json, sys
json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"id": "abc",
    "cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [],
    "source": "login(\"" + sys.argv[1] + "\")"}]}, open("lab.ipynb", "w"))' "$(token b)"
	page .
	[[ $output == *'lab.ipynb › cell 1 › source line 1'* ]]
	[[ $output == *'userdata.get('* ]]
}

@test "html: nothing found is green only when everything was read" {
	page .
	[ "$code" -eq 0 ]
	[[ $output == *'No Hugging Face token found'* && $output == *'Exit code 0:'* ]]
	grep -q '<div class="outcome good">' ../page.html
	printf 'gone\n' >../list
	page --files-from ../list
	[ "$code" -eq 3 ]
	[[ $output == *'found in what could be read'* && $output == *'Exit code 3 (0 with --allow-incomplete)'* ]]
	[[ $output == *'INCOMPLETE: 1 thing'* && $output == *$'gone\n:'* ]]
	grep -q '<div class="outcome warn">' ../page.html
	run cat ../page.html
	[[ $output != *'outcome good'* ]]
}

@test "html: a leak does not hide that the scan was incomplete" {
	plant a lab.py
	printf 'gone\nlab.py\n' >../list
	page --files-from ../list
	[ "$code" -eq 1 ]
	[[ $output == *'There may be more: not everything could be read.'* ]]
	[[ $output == *'INCOMPLETE: 1 thing'* ]]
}

@test "html: warnings that fail the run are shown, others counted" {
	printf 'AWS_ACCESS_KEY_ID=HFAK@ALNUM20:a@\n' | "$EXPAND" >s3.env
	page .
	[ "$code" -eq 0 ]
	[[ $output == *'1 warning (-v shows it)'* ]]
	run grep -c '<article ' ../page.html
	[ "$output" = 0 ]
	page --strict .
	[ "$code" -eq 1 ]
	[[ $output == *'warnings fail this run'* ]]
	grep -q '<div class="outcome bad">' ../page.html
	grep -q '<article class="secret warn"' ../page.html
}

@test "html: hostile names are text" {
	names=('<script>alert(1)<' '"><img src=x onerror=alert(1)>' "' onclick='x" ']]>' '-->' '<!--'
		'</title>' '&lt;' '</style><' $'esc\e[31m' $'over\u202egnp' $'two\nlines' $'latin\351')
	for i in "${!names[@]}"; do
		mkdir "d$i"
		case ${names[$i]} in
		*/*) mkdir -p "d$i/${names[$i]%/*}" ;;
		esac
		plant "t$i" "d$i/${names[$i]}"
	done
	page .
	[ "$code" -eq 1 ]
	[ "$(grep -c '<article ' ../page.html)" -eq "${#names[@]}" ]
	for name in "${names[@]:0:9}"; do
		[[ $output == *"$name:1:8"* ]]
	done
	[[ $output == *'esc\x1B[31m:1:8'* && $output == *'over\u{202E}gnp:1:8'* ]]
	[[ $output == *'two\x0Alines:1:8'* && $output == *'latin\xE9:1:8'* ]]
	run cat ../page.html
	[[ $output != *$'\e'* && $output != *$'\u202e'* ]]
}

@test "html: hostile lines, authors, summaries and rules are text" {
	git init -q
	printf '<img src=x onerror=alert(2)> "%s" </code></pre><script>\e[31m\u202e\351\n' "$(token a)" >lab.py
	git add lab.py
	git -c user.name="Ana & 'Co" commit -q -m '<script>alert(3)</script>'
	jq -n '{schema: 1, rules: [{id: "own", title: {en: "<u>title"}, explanation: {en: "<u>`why"},
		severity: "low", anchors: ["own_"], pattern: "(?<secret>own_[a-z]{12})", judge: {body: "any"},
		examples: {match: ["own_abcdefghijkl"], no_match: ["own_"]}}]}' >../own.json
	echo own_abcdefghijkl >own.txt
	page --rules ../own.json .
	[ "$code" -eq 1 ]
	[[ $output == *'<img src=x onerror=alert(2)> "'* ]]
	[[ $output == *'" </code></pre><script>\x1B[31m\u{202E}\xE9'* ]]
	[[ $output == *"Ana & 'Co <student@example.org>: <script>alert(3)</script>"* ]]
	[[ $output == *'<u>title'* && $output == *'<u>`why'* ]]
}

@test "html: what could not be read has a hostile name, too" {
	printf '<script>gone\n' >../list
	page --files-from ../list
	[[ $output == *$'<script>gone\n:'* ]]
}

@test "html: in Spanish" {
	git init -q
	plant a lab.py
	page --lang es .
	grep -q '^<html lang="es">' ../page.html
	[[ $output == *'1 secreto expuesto en 1 lugar'* && $output == *'Código de salida 1:'* ]]
	[[ $output == *'Qué hacer'* && $output == *'sin commit (1)'* && $output == *'Ir a los hallazgos'* ]]
	run grep -E '>(Findings|Filter|Reset|Open all|What to do|Scanned:)' ../page.html
	[ "$status" -eq 1 ]
}

@test "html: no token, and with --show-secrets the whole one" {
	plant a "$(token b).py"
	page .
	run cat ../page.html
	[[ $output != *"$(token a)"* && $output != *"$(token b)"* ]]
	page --show-secrets .
	[[ $output == *"$(token a)"* ]]
	mkdir "$(token c)"
	printf '%s/gone\n' "$(token d)" >../list
	page --files-from ../list
	run cat ../page.html
	[[ $output == *INCOMPLETE* && $output != *"$(token d)"* ]]
	page "$(token c)"
	run cat ../page.html
	[[ $output == *Scanned* && $output != *"$(token c)"* ]]
}

@test "html: it is written as it is made" {
	plant a line
	for i in {1..200}; do cat line; done >f0.py
	for i in {1..99}; do cp f0.py "f$i.py"; done
	jsonl=$(peak_kb "$HFSCAN" -j 1 -f jsonl -o ../report.jsonl .)
	page=$(peak_kb "$HFSCAN" -j 1 -f html -o ../page.html .)
	[ "$(wc -c <../page.html)" -gt 3000000 ]
	echo "jsonl $jsonl kB, html $page kB"
	[ "$page" -lt $((jsonl + 2048)) ]
}
