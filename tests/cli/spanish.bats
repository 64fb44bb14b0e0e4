#!/usr/bin/env bats
# What is said in Spanish, by whichever way it was asked for.
load helper

# english_in FILE: the sentences of the sources that stand in it though they have a
# translation; what a text is in both languages (a command, an example) does not count.
english_in()
{
	PYTHONDONTWRITEBYTECODE=1 python3 - "$TOP" "$1" <<-'END'
		import sys
		top, name = sys.argv[1:]
		sys.path.insert(0, top + "/tests")
		import po
		def flat(text):
		    return " ".join(text.replace("\\n", " ").replace('\\"', '"').split())
		said = flat(open(name, encoding="utf-8").read())
		for entry in po.parse(open(top + "/po/es.po", encoding="utf-8").read()):
		    spanish = " ".join(flat(text) for text in entry.texts)
		    for text in entry.ids:
		        # Between the holes of a format, and long enough to be a sentence.
		        for part in po.re.split(r"%[-.0-9*a-z]+|[{][ns][}]", text):
		            if len(part.split()) >= 3 and flat(part) in said and flat(part) not in spanish:
		                print(flat(part))
	END
}

@test "a mistake is told in Spanish, wherever --lang stands" {
	for words in "--lang es --formt json" "--formt json --lang=es"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr hfscan $words
		[ "$stderr" = "hfscan: --formt: opción desconocida; ¿se trata de --format? (hfscan --help las enumera)" ]
	done
	run -2 --separate-stderr hfscan --lang es -f yaml .
	[[ $stderr == "hfscan: yaml: --format debe ser uno de: text json "* ]]
	run -2 --separate-stderr hfscan --lang es -j
	[ "$stderr" = "hfscan: -j: a esta opción le falta un valor detrás" ]
}

@test "the locale chooses, and --lang has the last word" {
	unset LC_ALL
	LANG=es_AR.UTF-8 run -2 --separate-stderr hfscan missing
	[ "$stderr" = "hfscan: missing: no existe ese archivo o carpeta" ]
	LANG=es_AR.UTF-8 run -2 --separate-stderr hfscan --lang en missing
	[ "$stderr" = "hfscan: missing: no such file or folder" ]
	LANG=es_AR.UTF-8 LC_ALL=C run -2 --separate-stderr hfscan missing
	[ "$stderr" = "hfscan: missing: no such file or folder" ]
}

@test "the C locale has Spanish for whoever asks" {
	export LC_ALL=C
	run -2 --separate-stderr hfscan --lang es missing
	[ "$stderr" = "hfscan: missing: no existe ese archivo o carpeta" ]
	run -0 --separate-stderr hfscan --lang es .
	[[ $output == "No se encontró ningún token de Hugging Face · "* ]]
}

@test "a program that was copied needs no file beside it" {
	cp "$HFSCAN" "$BATS_TEST_TMPDIR/alone"
	cd /
	run -2 --separate-stderr env -i LC_ALL=C "$BATS_TEST_TMPDIR/alone" --lang es /missing
	[ "$stderr" = "hfscan: /missing: no existe ese archivo o carpeta" ]
}

@test "a broken rules file is told in Spanish" {
	echo '{"schema": 1, "rules": [{"id": "x", "severity": "mild"}]}' >rules.json
	run -2 --separate-stderr hfscan --lang es --rules rules.json .
	[[ $stderr == "hfscan: rules.json: regla x en la posición "*'"severity" debe ser low, medium, high o critical' ]]
	echo '{' >rules.json
	run -2 --separate-stderr hfscan --lang es --rules rules.json .
	[[ $stderr == "hfscan: rules.json: JSON no válido en la posición "* ]]
	echo '{"ignore": "*"}' >.hfscan.json
	run -2 --separate-stderr hfscan --lang es .
	[[ $stderr == *'línea 1: "ignore" debe ser una lista de a lo sumo 1000 patrones' ]]
}

@test "an incomplete scan says in Spanish what and why" {
	echo text >closed
	chmod 000 closed
	run -3 --separate-stderr powerless timeout 60 "$HFSCAN" --lang es .
	[ "$stderr" = "hfscan: closed: no se puede abrir: Permiso denegado" ]
	[[ $output == *"no se puede abrir: Permiso denegado"* ]]
	[[ $output == *"INCOMPLETO: 1 elemento no se pudo revisar"* ]]
}

@test "notes count in Spanish" {
	git init -q .
	printf 'ignored*\n' >.gitignore
	touch ignored1
	run -0 hfscan --lang es -v .
	[[ $output == *"1 archivo o carpeta que git ignora sin leer"* ]]
	touch ignored2
	run -0 hfscan --lang es -v .
	[[ $output == *"2 archivos o carpetas que git ignora sin leer"* ]]
}

@test "help is in Spanish, and no line is wider than a terminal" {
	for verb in "" rules hook ci baseline verify revoke explain; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr hfscan $verb --help --lang es
		[ -z "$stderr" ]
		[[ $output == "Uso: hfscan"* ]]
		echo "$output" >help
		english_in help >english
		diff /dev/null english
		# A verb's sentence is a paragraph.
		[ "$(grep -v '\.$' help | wc -L)" -le 80 ]
	done
}

@test "the manual page is in Spanish, without a warning" {
	hfscan --generate man --lang es >hfscan.1
	run --separate-stderr env MANWIDTH=80 man --warnings -E UTF-8 -l ./hfscan.1
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == *"ESTADO DE SALIDA"*"VÉASE TAMBIÉN"* ]]
	english_in hfscan.1 >english
	diff /dev/null english
	diff <(hfscan --generate man --lang en | grep '^\\fB\\-\\-') <(grep '^\\fB\\-\\-' hfscan.1)
	[ "$(grep -c '^\\fB\\-\\-' hfscan.1)" -gt 20 ]
}

@test "no English sentence slips into the report of a leak" {
	git init -q .
	plant a lab.py
	plant b committed.py
	echo "x = 'hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'" >example.py
	plant c allowed.py
	sed -i 's/$/ # hfscan:allow/' allowed.py
	git add committed.py example.py
	git commit -qm "first"
	git add lab.py
	for format in text markdown html github; do
		run -1 --separate-stderr hfscan --lang es -v -f $format .
		[ -n "$output" ]
		# An example's reason, a mark's, and the remedies are among what is said.
		[[ $format != text || $output == *"una marca en su línea lo permite"* ]]
		printf '%s\n' "$output" "$stderr" | sed 's/<[^>]*>//g' >report
		english_in report >english
		diff /dev/null english
	done
	hfscan --lang en -v . >report || true
	english_in report | grep -q "Take it out of the file"
}

@test "a gate and its hooks speak Spanish" {
	export LC_ALL=es_AR.UTF-8
	git init -q .
	run -0 hfscan hook install
	[[ $output == *"/pre-commit: instalado" ]]
	plant a lab.py
	git add lab.py
	run -1 --separate-stderr hfscan hook run pre-commit
	[[ $stderr == "hfscan: commit detenido: hay un token de Hugging Face preparado"* ]]
	echo "$stderr" >said
	english_in said >english
	diff /dev/null english
	run -2 --separate-stderr hfscan hook run pre-push </dev/null
	[ "$stderr" = "hfscan: hook run pre-push: necesita el nombre y la URL del remoto, como los da git" ]
}

@test "keys, words and reasons for programs are the same in every language" {
	plant a lab.py
	echo "x = 'hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'" >example.py
	for format in json jsonl; do
		for lang in en es; do
			hfscan --lang $lang -v -f $format . | jq -Sc '
				# What rules say to people is in the language that was asked for.
				walk(if type == "object" then del(.title, .explanation, .seconds) else . end)
			' >"../$format.$lang" || true
			[ -s "../$format.$lang" ]
		done
		diff "../$format.en" "../$format.es"
	done
	grep -q '"reason":"' ../json.es
	# Every key of what forges read, and all by which they know a finding again.
	echo x >closed
	chmod 000 closed
	for format in sarif gitlab codequality; do
		for lang in en es; do
			powerless timeout 60 "$HFSCAN" --lang $lang -v -f $format . | jq -Sc '[paths | map(tostring) | join("/")],
				[.. | objects | .id?, .ruleId?, .kind?, .level?, .severity?, .fingerprint?, .partialFingerprints?,
				.identifiers?, .check_name?, .category? | select(.)]' >"../$format.$lang"
			[ "$(wc -c <"../$format.$lang")" -gt 200 ]
		done
		diff "../$format.en" "../$format.es"
	done
	diff <(hfscan --lang en -f csv . | head -1) <(hfscan --lang es -f csv . | head -1)
	diff <(hfscan --lang en rules list | cut -c1-44) <(hfscan --lang es rules list | cut -c1-44)
}

@test "a rule without Spanish fails the check of translations" {
	mkdir ../copy
	cp -r "$TOP/src" "$TOP/po" "$TOP/rules" "$TOP/tests/po.py" ../copy
	cd ../copy
	run -0 python3 po.py
	jq 'del(.rules[0].title.es) | .rules[1].explanation.es = " "' rules/huggingface.json >rules/new
	mv rules/new rules/huggingface.json
	run -1 python3 po.py
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == 'rules/huggingface.json: hf-user-access-token: "title" lacks "es"' ]]
	[[ ${lines[1]} == *'"explanation" lacks "es"' ]]
}
