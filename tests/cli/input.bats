#!/usr/bin/env bats
# Input that is hostile, huge or strange. Nothing hangs, nothing crashes, and
# what could not be read is never green.
load helper

@test "a sparse file of 5 GB takes no time, and what stands at its end is found" {
	truncate -s 5G big
	token a >>big
	SECONDS=0
	run --separate-stderr hfscan -f jsonl big
	[ "$status" -eq 1 ]
	[[ $output == *'"offset":5368709120,'* ]]
	[ "$SECONDS" -le 10 ]
}

# poke TEXT OFFSET: writes it there in the file "holes".
poke()
{
	printf %s "$1" | dd of=holes bs=64k seek="$2" oflag=seek_bytes conv=notrunc status=none
}

@test "a token on either side of a hole is found, and none that the hole cuts is invented" {
	cut=$(token c)
	truncate -s 64M holes
	poke "$(token a)" $(((8 << 20) - 37))
	poke "$(token b)" $((16 << 20))
	poke "${cut:0:20}" $(((24 << 20) - 20))
	poke "${cut:20}" $((32 << 20))
	# On both sides of one, too.
	poke "$(token d)" $(((40 << 20) - 37))
	poke "$(token e)" $((48 << 20))
	python3 -c '
import os
fd = os.open("holes", os.O_RDONLY)
for mib in 8, 24, 40: assert os.lseek(fd, (mib << 20) - 1, os.SEEK_HOLE) == mib << 20
for mib in 16, 32, 48: assert os.lseek(fd, (mib << 20) - 65536, os.SEEK_DATA) == mib << 20'
	for name in a b d e; do token "$name" | sha256sum | cut -c 1-32; done >../expected
	tar -Scf sparse.tar holes
	tar -Sczf sparse.tgz holes
	cat holes >dense
	# What the archive stores side by side is none of the member's.
	for file in holes sparse.tar sparse.tgz dense; do
		reported "$file"
		[ "$status" -eq 1 ]
		[ ! -s errors ]
		diff ../expected <(jq -r 'select(.rule and (.path != "sparse.tar" or .member))
			| .secret.fingerprint' report)
	done
	reported holes
	[ "$(jq -r 'select(.rule) | .offset' report | paste -sd' ')" = "8388571 16777216 41943003 50331648" ]
}

@test "one line of 100 MB is scanned to its end in little memory" {
	head -c 100000000 /dev/zero | tr '\0' x >line
	printf ' %s' "$(token a)" >>line
	run --separate-stderr hfscan -f jsonl line
	[ "$status" -eq 1 ]
	[[ $output == *'"line":1,"column":100000002,'* ]]
	[ "$(peak_kb "$HFSCAN" line)" -lt 65536 ]
}

@test "100 MB of NUL bytes are nothing special" {
	head -c 100000000 /dev/zero >nuls
	token a >>nuls
	run --separate-stderr hfscan -f jsonl nuls
	[ "$status" -eq 1 ]
	[[ $output == *'"offset":100000000,'* ]]
}

@test "100 MB of nothing but anchors end in time" {
	yes hf_api_hf_ | tr -d '\n' | head -c 100000000 >anchors
	run --separate-stderr hfscan -q anchors
	[ "$status" -eq 0 ]
}

@test "100 MB of tokens cut short end in time" {
	yes "hf_$(printf '@LETTERS33:a@' | "$EXPAND")" | head -c 100000000 >short
	run --separate-stderr hfscan -q short
	[ "$status" -eq 0 ]
}

@test "20,000 places of one secret are one secret" {
	yes "HF_TOKEN=$(token a)" | head -n 20000 >log
	run --separate-stderr hfscan .
	[ "$status" -eq 1 ]
	[[ ${lines[-1]} == "1 secret leaked in 20,000 places"* ]]
	[ "${#lines[@]}" -lt 60 ]
}

@test "FIFOs, sockets and devices do not stop a run" {
	mkfifo fifo
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
	plant a lab.py
	run --separate-stderr hfscan -q .
	[ "$status" -eq 1 ]
	[[ $output == *lab.py:1:8* ]]
}

@test "a FIFO, a socket or a device named as PATH is refused, not waited for" {
	mkfifo fifo
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
	for path in fifo socket /dev/zero; do
		run --separate-stderr hfscan "$path"
		[ "$status" -eq 2 ] || [ "$status" -eq 3 ]
		[[ $stderr == *"$path"* ]]
	done
}

@test "a file whose size is not known beforehand is read" {
	export SOME_TOKEN
	SOME_TOKEN=$(token a)
	run --separate-stderr hfscan -q /proc/self/environ
	[ "$status" -eq 1 ]
}

@test "links in a circle end" {
	mkdir -p a/b
	ln -s .. a/b/up
	ln -s self self
	plant a a/lab.py
	run --separate-stderr hfscan -f jsonl .
	[ "$status" -eq 1 ]
	[ "$(grep -c '"rule"' <<<"$output")" -eq 1 ]
}

@test "a tree 3,000 folders deep is walked to its end" {
	token a | python3 -c '
import os, sys
for _ in range(3000):
	os.mkdir("d")
	os.chdir("d")
open("lab.py", "w").write(sys.stdin.read())'
	run --separate-stderr hfscan -f jsonl .
	[ "$status" -eq 1 ]
	[[ $output == *'/d/lab.py"'* ]]
}

@test "a folder of 20,000 files is walked with few files open" {
	python3 -c '
for i in range(20000):
	open(f"f{i}", "w").write("print(1)\n")'
	plant a f10000
	ulimit -n 64
	run --separate-stderr hfscan -f jsonl -j 8 .
	[ "$status" -eq 1 ]
	[[ $output == *'"files":20000,'* ]]
}

@test "files that grow, shrink and vanish meanwhile are survived" {
	timeout 20 python3 - <<'PY' 3>&- &
import os, random
random.seed(1)
while True:
	for i in range(40):
		name = f"f{i}"
		try:
			with open(name, "wb") as f:
				f.write(b"x" * random.randrange(2000000))
			os.truncate(name, random.randrange(1000))
			if random.random() < .3:
				os.unlink(name)
		except OSError:
			pass
PY
	writer=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		run --separate-stderr hfscan -q .
		[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	done
	kill "$writer"
}

@test "an unreadable file makes the run incomplete, and is named" {
	echo hello >lab.py
	echo hello >secret.py
	chmod 000 secret.py
	run --separate-stderr powerless "$HFSCAN" .
	[ "$status" -eq 3 ]
	[[ $stderr == "hfscan: "*"secret.py: "* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $output == *INCOMPLETE* ]]
	run --separate-stderr powerless "$HFSCAN" --allow-incomplete .
	[ "$status" -eq 0 ]
	[[ $output == *INCOMPLETE* ]]
}

@test "an unreadable folder makes the run incomplete, in a repository too" {
	mkdir closed
	echo hello >closed/lab.py
	chmod 000 closed
	run --separate-stderr powerless "$HFSCAN" .
	[ "$status" -eq 3 ]
	[[ $stderr == *closed* ]]
	git init -q
	run --separate-stderr powerless "$HFSCAN" .
	[ "$status" -eq 3 ]
	[[ $stderr == *closed* ]]
}

@test "an unreadable PATH is not green" {
	echo hello >secret.py
	chmod 000 secret.py
	run --separate-stderr powerless "$HFSCAN" secret.py
	[ "$status" -ge 2 ]
	[[ $stderr == *secret.py* ]]
}

@test "a read error in the middle makes the run incomplete" {
	# Reading at offset 0 of this file is an input/output error.
	[ -r /proc/self/mem ] || skip "no /proc"
	run --separate-stderr hfscan /proc/self/mem
	[ "$status" -ge 2 ]
	[[ $stderr == *mem* ]]
}

@test "work that another user checked out is scanned" {
	[ "$(id -u)" -eq 0 ] || skip "only root can give files away"
	git init -q
	plant a lab.py
	chown -R 65534 .
	run --separate-stderr hfscan -f jsonl .
	[ "$status" -eq 1 ]
	[[ $output == *'"exposure":"worktree"'* ]]
}

@test "an empty folder, an empty file and an empty list are clean" {
	run --separate-stderr hfscan .
	[ "$status" -eq 0 ]
	: >empty
	run --separate-stderr hfscan empty
	[ "$status" -eq 0 ]
	run --separate-stderr hfscan --files-from empty
	[ "$status" -eq 0 ]
	run --separate-stderr hfscan - <empty
	[ "$status" -eq 0 ]
}

@test "a large file is searched by two threads, and the same is found at the same places" {
	token a | python3 -c '
import base64, json, random, sys
token, rng = sys.stdin.read(), random.Random(5)
def picture(lines):
	text = base64.b64encode(rng.randbytes(700000)).decode()
	if lines:
		text = "\n".join(text[i:i + 76] for i in range(0, len(text), 76))
	return text + "\n"
def cell(i, lines):
	said = token if i % 4 == 1 else "none"
	return {"cell_type": "code", "execution_count": i, "id": f"c{i}", "metadata": {},
		"source": ["import os\n", f"login(\"{said}\")\n"],
		"outputs": [{"output_type": "display_data", "metadata": {},
			     "data": {"image/png": picture(lines)}}]}
for name, lines in ("one", False), ("lines", True):
	with open(name + ".ipynb", "w") as f:
		json.dump({"cells": [cell(i, lines) for i in range(16)], "metadata": {},
			   "nbformat": 4, "nbformat_minor": 5}, f, indent=1)
# Tokens where windows meet, some on a line that began long before.
text = bytearray(rng.choice(b"abcdefgh ijklm\n") for _ in range(1 << 20)) * 12
for i in range(1, 190, 17):
	at = (i << 16) - i % 50
	text[at:at + 44] = f" {token} ".encode().ljust(44)
open("table.txt", "wb").write(text)'
	# Only a scout reads what is in memory and nothing else.
	strace -f -e trace=preadv2 -o ../calls "$HFSCAN" -q -j 2 table.txt || true
	grep -q 'preadv2.*RWF_NOWAIT' ../calls
	strace -f -e trace=preadv2 -o ../calls "$HFSCAN" -q -j 1 table.txt || true
	run ! grep preadv2 ../calls
	hfscan -v -j 1 -f json . | without_seconds >../one
	[ "$(hfscan -j 2 -f json . | jq '.findings | length')" -eq 20 ]
	for jobs in 2 3 8; do
		for file in one.ipynb lines.ipynb table.txt; do
			hfscan -j 1 -f json "$file" | without_seconds >../alone
			hfscan -j "$jobs" -f json "$file" | without_seconds >../scouted
			cmp ../alone ../scouted
		done
		hfscan -v -j "$jobs" -f json . | without_seconds >../many
		cmp ../one ../many
	done
}

@test "lines before a hole count in a file of wide characters" {
	[ "$(stat -f -c %T .)" != ramfs ] || skip "no holes here"
	python3 - "$(token a)" <<-'EOF'
		import sys
		with open("notes.txt", "wb") as f:
		    f.write(b"\xff\xfe" + "a\n".encode("utf-16-le") * 40000)
		    f.truncate(1 << 20)
		    f.seek(1 << 20)
		    f.write(("\nkey " + sys.argv[1] + "\n").encode("utf-16-le"))
	EOF
	run hfscan -q -f jsonl -o ../report notes.txt
	[ "$(jq -c 'select(.rule) | [.line, .column]' ../report)" = "[40002,5]" ]
}
