#!/usr/bin/env bats
# Notebooks, cell by cell: notebooks.py writes them and says what is in them.
load helper

setup_file()
{
	export BATS_NO_PARALLELIZE_WITHIN_FILE=true
}

# tokens N: as many made-up ones, all different.
tokens()
{
	local i
	for i in $(seq "$1"); do token "n$i"; echo; done
}

# said: of each finding of the report, what expected.jsonl has, in order.
said()
{
	jq -cS 'select(.rule) | .notebook + {fingerprint: .secret.fingerprint} | del(.cell_id)' report | sort
}

written()
{
	tokens 15 | python3 "$TOP/tests/cli/notebooks.py" .
}

# A notebook with this source in its one cell, on one line.
one_cell()
{
	printf '{"cells":[{"cell_type":"code","source":%s,"outputs":[],"metadata":{}}],"metadata":{},"nbformat":4,"nbformat_minor":5}' "$1"
}

@test "every place of a notebook, in every form of JSON" {
	written
	for form in nbformat compact flat crlf bom escaped; do
		hfscan -f jsonl "$form.ipynb" >report && false
		diff <(said) <(jq -cS . expected.jsonl | sort) || { echo "in $form"; false; }
	done
}

@test "offset and length hold the token, or what is stored in its stead" {
	written
	for form in nbformat escaped; do
		hfscan -f jsonl "$form.ipynb" >report && false
		python3 - "$form.ipynb" <<-'EOF'
			import hashlib, json, re, sys
			stored = open(sys.argv[1], "rb").read()
			for line in open("report"):
			    f = json.loads(line)
			    if "rule" not in f: continue
			    part = stored[f["offset"]:f["offset"] + f["length"]].decode()
			    part = json.loads('"' + re.sub(r'",\s*"', "", part) + '"')
			    part = re.sub("\x1b\\[[0-9;]*m", "", part)
			    assert hashlib.sha256(part.encode()).hexdigest()[:32] == f["secret"]["fingerprint"], part
			    before = stored[:f["offset"]]
			    assert f["line"] == before.count(b"\n") + 1
			    line = before[before.rfind(b"\n") + 1:].decode("utf-8-sig")
			    assert f["column"] == len(line.encode("utf-16-le")) // 2 + 1
		EOF
	done
}

@test "the text report says cell and part, and what to do there" {
	written
	run hfscan nbformat.ipynb
	[ "$status" -eq 1 ]
	[[ $output == *"nbformat.ipynb › cell 2 › source line 3"* ]]
	[[ $output == *"nbformat.ipynb › cell 3 › output 1, line 2"* ]]
	[[ $output == *"nbformat.ipynb › metadata"* ]]
	[[ $output == *"userdata.get('HF_TOKEN')"* ]]
	[[ $output == *"it was displayed"*"Delete the token"*"clear this output"* ]]
	[[ $output == *"Clear the widget state"* ]]
	for secret in $(tokens 15); do [[ $output != *"$secret"* ]]; done
	run hfscan --lang es nbformat.ipynb
	[[ $output == *"› celda 2 › línea 3 de la celda"* ]]
}

@test "in the index, in history and on standard input" {
	written
	git init -q .
	git add escaped.ipynb
	git commit -q -m one
	hfscan --history-only -f jsonl . >report && false
	diff <(said) <(jq -cS . expected.jsonl | sort)
	cp compact.ipynb escaped.ipynb
	git add escaped.ipynb
	rm escaped.ipynb
	hfscan --no-history -f jsonl . >report && false
	jq -es 'map(select(.rule and .exposure == "staged" and .notebook.cell == 2)) | length == 2' report
	hfscan --stdin-name lab.ipynb -f jsonl - <nbformat.ipynb >report && false
	diff <(said) <(jq -cS . expected.jsonl | sort)
}

@test "from a pipe, what is long too" {
	{
		printf '{"cells":[{"cell_type":"code","source":"%s","outputs":[' "login(\\u0022$(token a)\\u0022)"
		for i in $(seq 3000); do printf '{"output_type":"stream","text":"%0100d\\n"},' "$i"; done
		printf '{}]}],"nbformat":4}'
	} >long.ipynb
	cat long.ipynb | hfscan --stdin-name long.ipynb -f jsonl - >report && false
	jq -es 'map(select(.rule))[0].notebook | .cell == 1 and .part == "source" and .column == 8' report
}

# dumped SECRET: a notebook that is searched on the way, in whose one output SECRET stands in
# and behind 5 MB of base64 in lines; line and column of the two as expected.
dumped()
{
	python3 - "$1" <<-'EOF'
		import json, random, string, sys
		rng = random.Random(1)
		line = lambda: "".join(rng.choices(string.ascii_lowercase + string.digits + "+/", k=76))
		lines = [line() for _ in range(70000)]
		lines[35000] = sys.argv[1]
		lines.append(f"print('{sys.argv[1]}')\n")
		cell = {"cell_type": "code", "source": "", "metadata": {}, "outputs": [
		    {"output_type": "stream", "name": "stdout", "text": "\n".join(lines)}]}
		text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}, indent=1)
		open("dump.ipynb", "w").write(text.replace("'", "\\u0027"))
		text = open("dump.ipynb").read()
		places = [text.index(sys.argv[1]), text.rindex(sys.argv[1])]
		with open("expected", "w") as file:
		    for at, line, column in zip(places, (35001, 70001), (1, 8)):
		        print(at, text.count("\n", 0, at) + 1, at - text.rindex("\n", 0, at), line, column, file=file)
	EOF
}

# places: the same as the report has it.
places()
{
	jq -r 'select(.rule) | [.offset, .line, .column, .notebook.line, .notebook.column] | join(" ")' report
}

@test "behind and amid base64 in lines, cell and file are counted right" {
	dumped "$(token a)"
	hfscan -f jsonl dump.ipynb >report && false
	diff expected <(places)
	hfscan -f jsonl --stdin-name dump.ipynb - <dump.ipynb >report && false
	diff expected <(places)
	cat dump.ipynb | hfscan -f jsonl --stdin-name dump.ipynb - >report && false
	diff expected <(places)
}

@test "amid base64 in lines, what only a cell's text shows is found by an own rule too" {
	cat >own.json <<-'EOF'
		{"schema": 1, "rules": [{"id": "own", "title": {"en": "t"},
		  "explanation": {"en": "e"}, "severity": "high", "anchors": ["KEYHERE"],
		  "pattern": "(?<![A-Za-z0-9])(?<secret>KEYHERE[0-9]{9})", "judge": {"body": "any"},
		  "examples": {"match": ["KEYHERE123456789"], "no_match": ["nKEYHERE123456789"]}}]}
	EOF
	dumped KEYHERE123456789
	hfscan --rules own.json -f jsonl dump.ipynb >report && false
	diff expected <(places)
}

# large BEGIN BETWEEN END: a notebook with a token behind some 35 MB of base64 that stands in
# BEGIN and END, with BETWEEN its lines.
large()
{
	{
		printf '{"cells":[{"cell_type":"code","metadata":{},"outputs":[{"output_type":"display_data","data":{"image/png":%s' "$1"
		yes "$(printf '%076d' 7)$2" | head -n 450000 | tr -d '\n'
		printf '%s}}],"source":"%s"}],"metadata":{},"nbformat":4}' "$3" "login(\\u0022$(token a)\\u0022)"
	} >large.ipynb
	hfscan -f jsonl large.ipynb >report && false
	jq -es 'map(select(.rule))[0].notebook | .cell == 1 and .part == "source" and .column == 8' report
	peak=$(peak_kb "$HFSCAN" large.ipynb)
}

@test "a notebook of pictures takes little memory, in lines or not" {
	large '"' '' '"'
	[ "$peak" -lt 30000 ]
	large '"' '\n' '"'
	[ "$peak" -lt 30000 ]
}

@test "a picture that is a list of lines is held once" {
	large '["' '\n","' '"]'
	[ "$((peak * 1024))" -lt "$((7 * $(stat -c %s large.ipynb) / 4))" ]
}

@test "what the guide calls right passes" {
	one_cell '["from google.colab import userdata\n","login()\n","notebook_login()\n","t = os.environ.get(\"HUGGINGFACE_TOKEN\")\n","t = userdata.get('"'HF_TOKEN'"')\n","t = getpass(\"hf_... : \")\n","login(\"hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\")"]' >lab.ipynb
	hfscan -q .
}

@test "a broken notebook is searched as text, and says why in one line" {
	secret=$(token a)
	while IFS='|' read -r name why; do
		case $name in
		cut) one_cell "\"login(\\\"$secret\\\")\"" | head -c 60 ;;
		none) printf 'token = \\n%s' "x$secret hf_" ;;
		deep) printf '{"a":%*s"%s' 2000 '' "\\n$secret\"" | tr ' ' '[' ;;
		trailing) one_cell "\"\\n$secret\"" && printf ' more' ;;
		cells) printf '{"nbformat":4,"cells":{"a":"\\n%s"}}' "$secret" ;;
		esac >"$name.ipynb"
		run --separate-stderr hfscan "$name.ipynb"
		[ "$status" -eq 1 ] || [ "$status" -eq 3 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == *"$name.ipynb: searched as text only, not cell by cell: "*"$why"* ]] || { echo "$stderr"; false; }
	done <<-'EOF'
		cut|a string in it does not end
		none|it is no JSON
		deep|it is nested deeper than 1000 levels
		trailing|something follows behind its JSON
		cells|it has no cells
	EOF
	for name in deep trailing cells; do
		run hfscan "$name.ipynb"
		[ "$status" -eq 1 ]
	done
}

@test "JSON that is no notebook is read as any file" {
	printf '{"login": "%s"}' "$(token a)" >settings.json
	run --separate-stderr hfscan -f jsonl settings.json
	[ "$status" -eq 1 ]
	[ -z "$stderr" ]
	[[ $output != *'"notebook"'* ]]
	# A copy of a notebook under another name is one.
	one_cell "\"login(\\u0022$(token b)\\u0022)\"" >lab.ipynb.bak
	hfscan -f jsonl lab.ipynb.bak >report && false
	jq -es '.[0].notebook.cell == 1' report
}
