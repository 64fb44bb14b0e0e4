#!/usr/bin/env bats
# Tokens that are stored in another form: forms.py writes them and says where they are.
load helper

setup_file()
{
	export BATS_NO_PARALLELIZE_WITHIN_FILE=true
}

# tokens N: as many made-up ones, all different.
tokens()
{
	seq "$1" | sed 's/.*/@TOKEN:n&@/' | "$EXPAND"
}

# said: of each finding of the report, what expected.jsonl has, in order.
said()
{
	jq -cS 'select(.rule) | {path, fingerprint: .secret.fingerprint, decoded: (.decoded // []), offset, length}' "$1" | sort
}

written()
{
	mkdir forms
	tokens 400 | python3 "$TOP/tests/cli/forms.py" forms
	mv forms/expected.jsonl .
}

@test "every form, with its chain and place, and nothing else" {
	written
	hfscan -f jsonl forms >report && false
	diff <(jq -cS . expected.jsonl | sort) <(said report)
	[ "$(jq -r 'select(.rule) | .verdict' report | sort -u)" = leak ]
}

@test "what the usual programs write, with its chain" {
	plain=$'# configuraci\u00f3n\r\nHF_TOKEN="'$(token a)$'"\r\n'
	for to in UTF-16 UTF-16LE UTF-16BE UTF-32 UTF-32LE UTF-32BE; do
		iconv -t "$to" <<<"$plain" >"$to"
	done
	base64 <<<"$plain" >base64
	base64 -w 64 <<<"$plain" >base64-64
	base64 -w 0 <<<"$plain" >base64-0
	basenc --base64url -w 0 <<<"$plain" >base64url
	openssl base64 <<<"$plain" >base64-openssl
	openssl base64 -A <<<"$plain" >base64-openssl-A
	od -An -v -tx1 <<<"$plain" | tr -d ' \n' >hex
	# Of a URL's own characters "_" is one, so programs that leave it have nothing to decode.
	jq -Rsr '@uri | gsub("_"; "%5F")' <<<"$plain" >percent
	python3 -c 'import quopri, sys; quopri.encode(sys.stdin.buffer, sys.stdout.buffer, True, True)' <<<"$plain" >quoted-printable
	python3 -c 'import json, sys; print(json.dumps(json.dumps(sys.stdin.read().replace("_", "ñ"))).replace("\\u00f1", "\\u005f"))' \
		<<<"$plain" >escapes
	python3 -c 'import pickle, sys; sys.stdout.buffer.write(pickle.dumps({"hub_token": sys.argv[1]}, 2))' "$(token a)" >pickle
	hfscan -f jsonl . >report && false
	fingerprint=$(token a | sha256sum | cut -c 1-32)
	diff - <(jq -r --arg f "$fingerprint" 'select(.rule) | "\(.path) \(.decoded // ["plain"] | join(" ")) \(.secret.fingerprint == $f)"' report | sort) <<-'EOF'
		UTF-16 utf-16le true
		UTF-16BE utf-16be true
		UTF-16LE utf-16le true
		UTF-32 utf-32le true
		UTF-32BE utf-32be true
		UTF-32LE utf-32le true
		base64 base64 true
		base64-0 base64 true
		base64-64 base64 true
		base64-openssl base64 true
		base64-openssl-A base64 true
		base64url base64 true
		escapes escapes escapes true
		hex hex true
		percent percent true
		pickle plain true
		quoted-printable quoted-printable true
	EOF
}

@test "wherever a line of base64 or of e-mail ends in a token, it is found" {
	whole=$(token a)
	for width in 64 76; do
		for ((before = 0; before < width * 3 / 4 + 3; before++)); do
			printf '# %*s\nHF_TOKEN=%s\nMORE=of-what-stands-behind-it, as there is in every such file\n' \
				$((before + 40)) x "$whole" >plain
			base64 -w $width plain >"lf-$width-$before"
			basenc --base64url -w $width plain >"url-$width-$before"
			sed 's/$/\r/' "lf-$width-$before" >"crlf-$width-$before"
			sed 's/$/\r/' "url-$width-$before" >"url-crlf-$width-$before"
		done
	done
	rm plain
	python3 - "$whole" <<'END'
import email.message
import email.policy
import quopri
import sys
for before in range(80):
    text = "=" + "x" * before + " " + sys.argv[1] + " so\n"
    with open(f"quopri-{before}", "wb") as file:
        file.write(quopri.encodestring(text.encode()))
    message = email.message.EmailMessage()
    message.set_content(text, cte="quoted-printable")
    for name, policy in ("mail", email.policy.default), ("smtp", email.policy.SMTP):
        with open(f"{name}-{before}", "wb") as file:
            file.write(message.as_bytes(policy=policy))
END
	hfscan -f jsonl . >report && false
	fingerprint=$(token a | sha256sum | cut -c 1-32)
	diff <(find . -type f ! -name report -printf '%f\n' | sort) \
		<(jq -r --arg f "$fingerprint" 'select(.rule and .secret.fingerprint == $f) | .path' report | sort)
}

@test "the same behind windows of other bytes, however they are cut" {
	written
	# Of these the mark at their beginning tells.
	rm forms/utf-*-{lab,secret}.*
	sed -i '/"utf-[^"]*-\(lab\|secret\)\./d' expected.jsonl
	mkdir long
	for file in forms/*; do
		# Where the stored token is cut by the end of a window, and its like.
		for before in 65536 65500 98304; do
			{ yes 'print("nothing to see here")' | head -c $((before - 1)); printf '\n'; cat "$file"; } >"long/$before-${file#*/}"
		done
	done
	hfscan -f jsonl long >report && false
	for before in 65536 65500 98304; do
		diff <(jq -cS --arg b "$before" '.path = $b + "-" + .path | .offset += ($b | tonumber)' expected.jsonl | sort) \
			<(said report | grep "\"$before-") || { echo "behind $before"; false; }
	done
}

@test "in a history too, with the commit" {
	written
	git init -q .
	git add forms
	git commit -qm "homework"
	git rm -rq forms
	git commit -qm "no homework"
	hfscan --history-only -f jsonl . >report && false
	diff <(jq -cS '.path |= "forms/" + .' expected.jsonl | sort) <(said report)
	[ "$(jq -r 'select(.rule) | .git.summary' report | sort -u)" = homework ]
}

@test "what has to be put together is one step less severe, and told so" {
	whole=$(token a)
	printf 't = "%s" + "%s"\n' "${whole:0:10}" "${whole:10}" >lab.py
	run --separate-stderr hfscan .
	[ "$status" -eq 1 ]
	[[ $output == *"(joined)"* ]]
	[[ $output == *"User access token"* ]]
	[[ $output != *"${whole:10}"* ]]
	hfscan -f json . >report && false
	[ "$(jq -r '.findings[0].severity' report)" = high ]
}

@test "a cell's source that hides it is decoded in the cell" {
	printf '{"cells":[{"cell_type":"code","source":["x = 1\\n","t = (\\"%s\\"\\n","     \\"%s\\")"],"outputs":[],"metadata":{}}],"metadata":{},"nbformat":4,"nbformat_minor":5}' \
		"$(token a | cut -c1-9)" "$(token a | cut -c10-)" >lab.ipynb
	printf '{"cells":[{"cell_type":"code","source":"t = \\"%s\\"","outputs":[],"metadata":{}}],"metadata":{},"nbformat":4,"nbformat_minor":5}' \
		"$(token b | base64 -w0)" >coded.ipynb
	hfscan -f jsonl . >report && false
	[ "$(jq -c 'select(.rule) | [.path, .decoded, .notebook.cell, .notebook.line]' report)" = \
		'["coded.ipynb",["base64"],1,1]
["lab.ipynb",["joined"],1,2]' ]
}

@test "every form of text in a notebook's cell, too, with its line there" {
	written
	python3 - <<'END' >expected
import json, os
# In three pieces, or of which the first has too little to be known for one.
MISSED = {"three.eml", "broken-8.box", "joined-3.more.py", "joined-3.more.sh", "soft-4.eml", "soft-4-lf.eml",
          "cut-3-word"}
# Of which the first line has too little to be known for one, and nothing else is looked for.
MISSED |= {f"soft-{cut}{end}.eml" for cut in (1, 2) for end in ("", "-lf")}
MISSED |= {f"cut-3-{width}-{end}-{kind}" for width in (64, 76) for end in ("lf", "crlf") for kind in ("std", "url")}
for line in open("expected.jsonl", encoding="utf-8"):
    told = json.loads(line)
    if told["path"] in MISSED:
        continue
    try:
        text = open("forms/" + told["path"], newline="", encoding="utf-8").read()
    except UnicodeDecodeError:
        continue
    if "\0" in text or text.startswith("(lp"):
        continue
    before = text.encode()[:told["offset"]]
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text.split("\n")}
    cell["source"] = [part + "\n" for part in cell["source"][:-1]] + cell["source"][-1:]
    os.makedirs("cells", exist_ok=True)
    with open(f"cells/{told['path']}.ipynb", "w") as file:
        json.dump({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, file, indent=1)
    print(json.dumps([told["path"] + ".ipynb", told["fingerprint"], told["decoded"], 1, before.count(b"\n") + 1],
                     separators=(",", ":")))
END
	hfscan -f jsonl cells >report && false
	diff <(sort expected) <(jq -c 'select(.rule) | [.path, .secret.fingerprint, .decoded // [], .notebook.cell, .notebook.line]' report | sort)
}

@test "marks and placeholders count in what was decoded" {
	printf 'x = "%s"' "$(printf '%s  # hfscan:allow' "$(token a)" | base64 -w0)" >marked
	printf 'x = "%s"' "$(printf 'hf_%s' xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | base64 -w0)" >placeholder
	run --separate-stderr hfscan -f jsonl .
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.rule) | .verdict' <<<"$output" | sort | tr '\n' ' ')" = "allowed placeholder " ]
}

@test "an excerpt shows no neighbour that is stored in another form" {
	one=$(token a)
	two=$(token b)
	digits=$(printf 'k=%s' "$two" | base64 -w0)
	hex=$(printf %s "$two" | od -An -tx1 -v | tr -d ' \n')
	cut="'${two:0:9}' + '${two:9:14}' + '${two:23}'"
	# These nobody undoes.
	twice=$(printf %s "$digits" | base64 -w0)
	unknown="'${two:0:9}' ⊕ '${two:9}'"
	for other in "'$digits'" "'$hex'" "$cut" "hf%5F${two:3}" "hf\\x5f${two:3}" "&#104;f_${two:3}" "h%66_${two:3}" "$twice" "$unknown" "${two:0:14}="$'\n'"${two:14}"; do
		for line in "a = '$one'; b = $other" "b = $other; a = '$one'" "a = '${one:0:20}' + '${one:20}'; b = $other"; do
			printf '%s\n' "$line" >lab
			hfscan -f text lab >report && false
			# Nothing but the first two characters of its body and the last two.
			for shown in "${two:6:6}" "${two:24:6}" "${digits:10:6}" "${digits:40:6}" "${hex:20:8}" "${hex:60:8}" "${twice:20:8}" "${twice:60:8}"; do
				[[ $(<report) != *"$shown"* ]] || { echo "$line: $(<report)"; false; }
			done
		done
	done
}

@test "what only looks like a form is none" {
	cat >near.py <<'EOF'
from hf_transformers import "hf_hub" "download"
x = "hf_hub" + "abcdefghijklmnopqrstuvwxyz"
y = "aGZf" "hmX0" 'oZl8' "68665f"
z = hf_abcdefghij
Of this algorithm
Xz is a part, hf=
_so and h=
f_abcdefghijklmnopqrstuvwxyzabcdefghij, o
Zl8abcdefghijklmnopqrstuvwxyzabcdefghijklm
and_so_it_goes_on_in_the_next_line = 1
EOF
	printf 'h\0f\0_\0' >short
	head -c 3000000 /dev/urandom | base64 >picture
	head -c 3000000 /dev/urandom | xxd -p >dump 2>/dev/null || od -An -tx1 -v <picture >dump
	run --separate-stderr hfscan -f jsonl .
	[ "$status" -eq 0 ]
	[ -z "$(jq -c 'select(.rule)' <<<"$output")" ]
}

@test "decoding is bounded whatever the bytes are" {
	python3 - <<'EOF'
open("anchors64", "w").write("aGZf" * 200000)
open("wide", "wb").write(b"h\0f\0_\0" * 150000)
open("joints", "w").write('"hf_" + ' * 100000)
open("lists", "w").write('"".join(["hf_", ' * 50000)
open("commas", "w").write('hf", ' * 1000000)
open("quotes", "w").write("hf_'" * 500000)
open("escaped", "w").write('\\"hf_' * 400000)
open("calls", "w").write('hf_abc", "' + "(" * 700 + 'join("' + '", "hf_abc' * 300000)
open("lines", "w").write("hf_abcdefgh\n" * 80000)
open("escapes", "w").write("\\u0068\\x68\\x66" * 50000)
open("slashes", "w").write("\\" * 400000 + "\\u0068")
open("quoted", "w").write("hf_=\n" * 150000)
open("soft", "w").write("h=\nf_hf=\n_" * 150000)
open("cut", "w").write("hm\nXzo\nZl8hm    " * 100000)
open("far", "w").write(("hm" + "\\n" * 40) * 50000)
open("counted", "wb").write(b"X\xff\x1f\0\0hf_" + b"a" * 900000)
open("percent", "w").write("hf%5" * 4000000)
open("hex", "w").write("68665f" * 150000)
EOF
	for file in *; do
		timeout 20 "$HFSCAN" -q "$file" || { echo "$file: $?"; false; }
	done
}

@test "every format names the member of an archive and what was undone" {
	mkdir in
	printf 'one\nx = "%s"\n' "$(token a | base64 -w0)" >in/lab.py
	(cd in && python3 -c 'import zipfile; zipfile.ZipFile("../lab.zip", "w").write("lab.py")')
	rm -r in
	for format in text json jsonl csv sarif gitlab codequality junit github markdown html; do
		hfscan -f "$format" . >report && false
		grep -q 'lab\.py' report || { echo "$format: no member"; false; }
		grep -q 'base64' report || { echo "$format: no form"; false; }
	done
	# The archive has no such line.
	hfscan -f sarif . >report && false
	[ "$(jq -c '.runs[0].results[0] | [.locations[0].physicalLocation.region.startLine, .locations[0].logicalLocations[0].fullyQualifiedName, .properties.member, .properties.decoded]' report)" = \
		'[1,"lab.py/line 2","lab.py",["base64"]]' ]
	hfscan -f github . >report && false
	[[ $(<report) != *",line="* ]]
}
