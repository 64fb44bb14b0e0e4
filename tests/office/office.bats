#!/usr/bin/env bats
# Documents, arrays and wheels, written by what people write them with (make.py).
load ../cli/helper

setup_file()
{
	export PYTHONDONTWRITEBYTECODE=1
	if packages=$(sh "$BATS_TEST_DIRNAME/../python.sh" "$BATS_TEST_DIRNAME" office-packages); then
		PYTHONPATH=$packages
		export PYTHONPATH
	elif [ -n "${CI-}" ]; then
		return 1
	fi
}

make()
{
	[ -n "${PYTHONPATH-}" ] || skip "cannot fetch what writes documents"
	python3 "$BATS_TEST_DIRNAME/make.py" "$1" "$2" "$(token a)"
}

@test "a token is found wherever it is, and once" {
	while read -r kind file member decoded; do
		make "$kind" "$file"
		hfscan -f jsonl "$file" >report 2>errors || true
		cat report errors
		[ ! -s errors ]
		[ "$(jq -r --arg fingerprint "$(token a | sha256sum | cut -c 1-32)" 'select(.rule) |
			"\(.secret.fingerprint == $fingerprint) \(.member) \(.decoded[0] // "plain")"' report)" = \
			"true $member $decoded" ]
	done <<'TABLE'
docx lab.docx word/document.xml markup
docx_table table.docx word/document.xml markup
docx_header header.docx word/header1.xml plain
xlsx notes.xlsx xl/worksheets/sheet1.xml plain
xlsx_rich rich.xlsx xl/worksheets/sheet1.xml markup
xlsx_comment comment.xlsx xl/comments/comment1.xml plain
pptx slides.pptx ppt/slides/slide1.xml markup
pptx_notes notes.pptx ppt/notesSlides/notesSlide1.xml plain
odt letter.odt content.xml markup
ods keys.ods content.xml plain
epub book.epub EPUB/one.xhtml markup
safetensors model.safetensors null plain
npz arrays.npz token.npy plain
npz_objects objects.npz arguments.npy plain
wheel lab-1-py3-none-any.whl lab/__init__.py plain
TABLE
}

@test "two paragraphs, and two cells, are two texts" {
	make docx_paragraphs two.docx
	make xlsx_cells two.xlsx
	run -0 hfscan .
}

@test "the place leads to the token" {
	make docx lab.docx
	hfscan -f jsonl lab.docx >report || true
	python3 -c 'import sys, zipfile
sys.stdout.buffer.write(zipfile.ZipFile("lab.docx").read("word/document.xml"))' >stored
	offset=$(jq 'select(.rule) | .offset' report)
	length=$(jq 'select(.rule) | .length' report)
	line=$(jq 'select(.rule) | .line' report)
	column=$(jq 'select(.rule) | .column' report)
	[ "$(tail -c +$((offset + 1)) stored | head -c "$length" | sed 's/<[^>]*>//g' | tr -d '\n ')" = "$(token a)" ]
	[ "$(sed -n "${line}p" stored | cut -b "$column-$((column + 2))")" = hf_ ]
}
