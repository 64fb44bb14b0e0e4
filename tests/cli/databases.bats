#!/usr/bin/env bats
# SQLite databases, written by Python's sqlite3.
load helper

# database FILE SCRIPT: what Python does with a connection db to it. t(name): a token.
database()
{
	python3 - "$@" <<-'EOF'
		import functools, os, sqlite3, subprocess, sys, textwrap
		@functools.cache
		def t(name):
		    return subprocess.run([os.environ["EXPAND"]], input=b"@TOKEN:%s@" % name.encode(),
		                          capture_output=True, check=True).stdout.decode()
		db = sqlite3.connect(sys.argv[1], isolation_level=None)
		exec(textwrap.dedent(sys.argv[2]))
	EOF
}

# places: of each finding the place that people see.
places()
{
	jq -r 'select(.rule) | "\(.path): \(.member // "-") \(.line):\(.column) @\(.offset)"' report | sort
}

@test "a token that is all of a column, right behind another" {
	database settings.db "
		db.execute('CREATE TABLE settings(name TEXT, value TEXT)')
		db.execute('INSERT INTO settings VALUES(?,?)', ('hf_token', t('a')))
		db.execute('INSERT INTO settings VALUES(?,?)', ('other', 'x'))"
	reported .
	[ "$status" -eq 1 ]
	[ ! -s errors ]
	[ "$(places)" = "settings.db: settings row 1 column value 1:1 @0" ]
	hfscan settings.db | grep -F "settings.db › settings row 1 column value:1:1"
}

@test "a history of IPython's: the row, and the line in its cell" {
	database history.sqlite "
		db.execute('CREATE TABLE history(session integer, line integer, source text, source_raw text, PRIMARY KEY(session, line))')
		for line in range(1, 200):
		    cell = 'import os\nos.environ[\'HF_TOKEN\'] = \'' + t('a') + '\'' if line == 120 else 'x = %d' % line
		    db.execute('INSERT INTO history VALUES(3,?,?,?)', (line, cell, cell))"
	reported .
	[ "$status" -eq 1 ]
	diff <(places) - <<-'EOF'
		history.sqlite: history row 120 column source 2:27 @36
		history.sqlite: history row 120 column source_raw 2:27 @36
	EOF
}

@test "the end of a page hides nothing, wherever it cuts" {
	database cut.db "
		db.execute('PRAGMA page_size=512')
		db.execute('CREATE TABLE pages(id INTEGER PRIMARY KEY, body TEXT)')
		for pad in range(1100):
		    db.execute('INSERT INTO pages VALUES(?,?)', (pad + 1, '.' * pad + ' ' + t('a') + ' ' + '.' * (1200 - pad)))"
	reported .
	[ "$status" -eq 1 ]
	[ ! -s errors ]
	diff <(places | sort -V) <(for pad in $(seq 1100); do echo "cut.db: pages row $pad column body 1:$((pad + 1)) @$pad"; done | sort -V)
}

@test "text in UTF-16, tables without row ids, blobs" {
	database wide.db "
		db.execute('PRAGMA encoding=\'UTF-16le\'')
		db.execute('CREATE TABLE kv(k TEXT PRIMARY KEY, v) WITHOUT ROWID')
		db.executemany('INSERT INTO kv VALUES(?,?)', [('a', 1), ('b', 'ñ ' + t('a')), ('c', b'\0\1' + t('b').encode() + b'\0')])"
	reported .
	[ "$status" -eq 1 ]
	diff <(places) - <<-'EOF'
		wide.db: kv record 2 column v 1:3 @3
		wide.db: kv record 3 column v 1:3 @2
	EOF
}

@test "a deleted row that is still in the file" {
	database gone.db "
		db.execute('PRAGMA secure_delete=OFF')
		db.execute('CREATE TABLE t(a)')
		db.execute('INSERT INTO t VALUES(?)', ('x = \"' + t('a') + '\"',))
		db.execute('INSERT INTO t VALUES(?)', ('y = \"' + t('b') + '\"',))
		db.execute('DELETE FROM t WHERE rowid=1')"
	reported .
	[ "$status" -eq 1 ]
	places | grep -qx "gone.db: t row 2 column a 1:6 @5"
	places | grep -q "gone.db: - "
	[ "$(places | wc -l)" -eq 2 ]
}

@test "what a database has in its -wal file" {
	database live.db "
		import shutil
		db.execute('PRAGMA journal_mode=WAL')
		db.execute('CREATE TABLE t(a)')
		db.execute('INSERT INTO t VALUES(?)', ('x = \"' + t('a') + '\"',))
		db.execute('PRAGMA wal_checkpoint')
		db.execute('INSERT INTO t VALUES(?)', ('y = \"' + t('b') + '\"',))
		os.mkdir('copy')
		shutil.copy('live.db', 'copy'); shutil.copy('live.db-wal', 'copy')"
	reported copy
	[ "$status" -eq 1 ]
	[ ! -s errors ]
	places | grep -qx "live.db: t row 1 column a 1:6 @5"
	places | grep -qx "live.db-wal: page 2 record 2 column 1 1:6 @5"
}

# wal SCRIPT: log.db with its -wal file as it is while somebody has it open, and only that file.
wal()
{
	rm -f log.db*
	database log.db "
		import shutil
		db.execute('PRAGMA page_size=1024')
		db.execute('PRAGMA journal_mode=WAL')
		db.execute('CREATE TABLE t(a, b)')
		db.execute('PRAGMA wal_checkpoint')
		$1
		shutil.copy('log.db-wal', 'only.db-wal')"
}

@test "in a -wal file by itself no column hides another, and no page its next" {
	# The page is there as often as it was written, and told once.
	wal "
		db.execute('INSERT INTO t VALUES(?,?)', ('hf_token', t('a')))
		for i in range(9): db.execute('INSERT INTO t VALUES(?,?)', ('other', 'x' + str(i)))"
	reported only.db-wal
	[ "$(places)" = "only.db-wal: page 2 record 1 column 2 1:1 @0" ]
	[ ! -s errors ]
	wal "
		db.execute('PRAGMA encoding')
		for pad in range(900, 1100): db.execute('INSERT INTO t VALUES(?,?)', ('.' * pad + ' ' + t('a') + ' ' + '.' * 1200, pad))"
	reported only.db-wal
	diff <(places | cut -d @ -f 2 | sort -n -u) <(seq 901 1100)
	wal "
		db.execute('CREATE INDEX i ON t(b)')
		db.execute('INSERT INTO t VALUES(?,?)', (b'PK', ('y' * 2000).encode()))
		db.execute('DELETE FROM t')"
	reported only.db-wal
	[ "$status" -eq 0 ]
}

@test "what is left in a -wal file from before the database had all of it" {
	# Pages are used again: of each the last in the file is an older one.
	wal "
		for i in range(300): db.execute('INSERT INTO t VALUES(?,?)', ('-' * 2200, i))
		db.execute('PRAGMA wal_checkpoint(RESTART)')
		db.execute('BEGIN')
		db.execute('DELETE FROM t')
		for pad in range(900, 1000): db.execute('INSERT INTO t VALUES(?,?)', ('.' * pad + ' ' + t('a') + ' ' + '.' * 1200, pad))
		db.execute('COMMIT')"
	reported only.db-wal
	diff <(places | cut -d @ -f 2 | sort -n) <(seq 901 1000)
	[ ! -s errors ]
}

@test "a long value in a -wal file is read once, however often what is beside it was written" {
	for row in 1 2; do
		wal "
		db.execute('PRAGMA wal_autocheckpoint=0')
		db.execute('INSERT INTO t VALUES(?,?)', (1000, '.' * 1000000 + ' ' + t('a')))
		db.execute('INSERT INTO t VALUES(1000,0)')
		for i in range(1000): db.execute('UPDATE t SET a=? WHERE rowid=?', (1001 + i, $row))"
		reported only.db-wal
		[ "$status" -eq 1 ]
		[ ! -s errors ]
		[ "$(places)" = "only.db-wal: page 2 record 1 column 2 1:1000002 @1000001" ]
	done
	# In the first page where it goes on.
	wal "
		db.execute('INSERT INTO t VALUES(?,?)', (1000, '.' * 1000 + ' ' + t('a') + '.' * 1000))
		for i in range(10): db.execute('UPDATE t SET a=?', (1001 + i,))"
	reported only.db-wal
	[ "$(places)" = "only.db-wal: page 2 record 1 column 2 1:1002 @1001" ]
	grep -q '"members":1[,}]' report
	# The same one in two rows is in two places.
	wal "
		for i in range(2): db.execute('INSERT INTO t VALUES(?,?)', (t('a'), str(i) * 2000))"
	reported only.db-wal
	[ "$(places | wc -l)" -eq 2 ]
}

@test "a -wal file comes to no more than it has bytes" {
	# A record of 200 MB, by what it says, whose pages lead in a circle.
	python3 -c '
import struct
def varint(n):
    return bytes(0x80 | n >> shift & 0x7f for shift in (28, 21, 14, 7)) + bytes([n & 0x7f])
def page(number, body):
    return struct.pack(">6I", number, 0, 1, 1, 0, 0) + body.ljust(4096, b"\0")
size = 489 + 4092 * 50000  # 489 bytes stay in the page
cell = varint(size) + b"\1" + b"\6" + varint(13 + 2 * (size - 6)) + b"x" * 483
leaf = b"\x0d\0\0\0\1\0\0\0\0\x10"
pages = [page(2, leaf.ljust(16, b"\0") + cell + struct.pack(">I", 3))]
pages += [page(3 + i, struct.pack(">I", 3 + (i + 1) % 3000) + b"." * 4092) for i in range(3000)]
open("circle.db-wal", "wb").write(struct.pack(">8I", 0x377f0682, 3007000, 4096, 0, 1, 1, 0, 0) + b"".join(pages))'
	reported circle.db-wal
	[ "$status" -eq 0 ]
	[ "$(peak_kb "$HFSCAN" -q circle.db-wal)" -lt 60000 ]
}

@test "cells of a -wal file that are all the same one come to little" {
	# A page of 64 KiB, 256 times.
	python3 -c '
import struct
text = b"hf_ ".ljust(33000, b"x")
cell = b"\x82\x81\x6d\1\4\x84\x83\x5d" + text
leaf = b"\x0d\0\0" + struct.pack(">H", 16000) + b"\0\0\0" + struct.pack(">H", 32100) * 16000
page = (leaf.ljust(32100, b"\0") + cell).ljust(65536, b"\0")
frame = struct.pack(">6I", 2, 0, 1, 1, 0, 0) + page
open("shared.db-wal", "wb").write(struct.pack(">8I", 0x377f0682, 3007000, 65536, 0, 1, 1, 0, 0) + frame * 256)'
	reported shared.db-wal
	[ "$status" -eq 3 ]
	grep -F "it comes to more than its size explains" errors
	[ "$(wc -l <errors)" -eq 1 ]
}

@test "a -wal file that is damaged does no harm, and says so" {
	wal "
		for i in range(50): db.execute('INSERT INTO t VALUES(?,?)', ('hf_token', t('a') + '.' * i * 100))"
	head -c 20 only.db-wal >short.db-wal
	reported short.db-wal
	[ "$status" -eq 3 ]
	[ "$(cat errors)" = "hfscan: short.db-wal: a database that cannot be read row by row: it is damaged" ]
	for seed in $(seq 20); do
		python3 -c '
import random, sys
random.seed(int(sys.argv[1]))
data = bytearray(open("only.db-wal", "rb").read())
for _ in range(2000): data[random.randrange(32, len(data))] = random.randrange(256)
open("odd.db-wal", "wb").write(data)' "$seed"
		reported odd.db-wal
		[ "$status" -eq 1 ] || [ "$status" -eq 3 ] || [ "$status" -eq 0 ]
	done
}

@test "a damaged database is incomplete, and says so once" {
	database whole.db "
		db.execute('PRAGMA page_size=1024')
		db.execute('CREATE TABLE t(a)')
		db.execute('CREATE TABLE u(a)')
		for i in range(2000):
		    db.execute('INSERT INTO t VALUES(?)', ('-' * (i % 300),))
		    db.execute('INSERT INTO u VALUES(?)', ('-' * (i % 300),))"
	reported whole.db
	[ "$status" -eq 0 ]
	cp whole.db page.db
	printf '\377%.0s' {1..1024} | dd of=page.db bs=1024 seek=40 conv=notrunc status=none
	head -c 200000 whole.db >short.db
	{ printf 'SQLite format 3\0'; head -c 5000 /dev/zero; } >empty.db
	for file in page.db short.db empty.db; do
		reported "$file"
		[ "$status" -eq 3 ]
		[ "$(wc -l <errors)" -eq 1 ]
		grep -F "$file: " errors
	done
	run -3 hfscan --lang es page.db
	[[ $output == *"tabla de esta base de datos no se puede leer hasta el final: está dañada"* ]]
}

@test "a token beside the damage is found" {
	database page.db "
		db.execute('PRAGMA page_size=1024')
		db.execute('CREATE TABLE t(a)')
		db.execute('CREATE TABLE u(n, a)')
		for i in range(2000):
		    db.execute('INSERT INTO t VALUES(?)', ('-' * (i % 300),))
		db.execute('INSERT INTO u VALUES(?,?)', ('name', t('a')))"
	printf '\377%.0s' {1..1024} | dd of=page.db bs=1024 seek=40 conv=notrunc status=none
	reported .
	[ "$status" -eq 1 ]
	[ "$(places)" = "page.db: u row 1 column a 1:1 @0" ]
	[ "$(wc -l <errors)" -eq 1 ]
}

@test "rows that are at the end of all pages come to little" {
	# Each says that what stands before its column goes through the whole file.
	python3 -c '
import sqlite3, struct
def varint(n):
    return bytes(0x80 | n >> shift & 0x7f for shift in (21, 14, 7)) + bytes([n & 0x7f])
db = sqlite3.connect(":memory:", isolation_level=None)
db.execute("PRAGMA page_size=512")
db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a)")
db.executemany("INSERT INTO t VALUES(?,?)", ((i, "x" * 38) for i in range(50000)))
data = bytearray(db.serialize())
pages = len(data) // 512
size = 39 + 508 * (pages - 3)  # 39 bytes stay in the page
record = b"\6" + varint(12 + 2 * (size - 7)) + varint(15)[3:] + b"-" * 33
for at in range(512, len(data), 512):
    if data[at] == 13:
        rows = int.from_bytes(data[at + 3:at + 5], "big")
        first = at + int.from_bytes(data[at + 8:at + 10], "big") + 1
        number = b""
        while not number or number[-1] & 0x80:
            number += data[first + len(number):first + len(number) + 1]
        cell = varint(size) + number + record + struct.pack(">I", pages + 1)
        page = b"\x0d\0\0\0\1\0\0\0" + struct.pack(">H", 400)
        data[at:at + 512] = (page.ljust(400, b"\0") + cell).ljust(512, b"\0")
data[28:32] = struct.pack(">I", pages + 1)
open("far.db", "wb").write(data + struct.pack(">I", pages + 1) + b"hf_ ".ljust(508, b"-"))'
	reported far.db
	[ "$status" -eq 3 ]
	grep -F "it comes to more than its size explains" errors
}

@test "without libsqlite3 a database that has to be read is incomplete" {
	database settings.db "
		db.execute('CREATE TABLE settings(name TEXT, value TEXT)')
		db.execute('INSERT INTO settings VALUES(?,?)', ('hf_token', t('a')))"
	mkdir ../none
	: >../none/libsqlite3.so.0
	LD_LIBRARY_PATH=$PWD/../none reported .
	[ "$status" -eq 3 ]
	grep -F "libsqlite3 is not installed" errors
	[ "$(wc -l <errors)" -eq 1 ]
}

@test "names of tables are a stranger's" {
	database names.db "
		name = 'e\x1b[31m\n::error::\"' + t('b')
		db.execute('CREATE TABLE \"%s\"(\"%s\", x)' % (name.replace('\"', '\"\"'), 'c' * 5000))
		db.execute('INSERT INTO \"%s\" VALUES(?,?)' % name.replace('\"', '\"\"'), ('n', t('a')))"
	status=0
	hfscan . >text 2>errors || status=$?
	[ "$status" -eq 1 ]
	! grep -q $'\x1b' text
	! grep -q '^::error' text
	! grep -qF "$(token b)" text
	grep -F "row 1 column x" text
}

@test "a database that is in no work tree any more" {
	git init -q
	database settings.db "
		db.execute('CREATE TABLE settings(name TEXT, value TEXT)')
		db.execute('INSERT INTO settings VALUES(?,?)', ('hf_token', t('a')))"
	git add . && git commit -qm add && git rm -q settings.db && git commit -qm remove
	reported .
	[ "$status" -eq 1 ]
	jq -se 'map(select(.rule)) | length == 1 and (.[0] | .member == "settings row 1 column value" and .path == "settings.db" and .git.in_head == false)' report
}

@test "a database in an archive, on standard input, and an archive in a database" {
	database settings.db "
		import io, zipfile
		db.execute('CREATE TABLE settings(name TEXT, value)')
		db.execute('INSERT INTO settings VALUES(?,?)', ('hf_token', t('a')))
		packed = io.BytesIO()
		with zipfile.ZipFile(packed, 'w', zipfile.ZIP_DEFLATED) as z: z.writestr('in.txt', t('b'))
		db.execute('INSERT INTO settings VALUES(?,?)', ('packed', packed.getvalue()))"
	python3 -m zipfile -c all.zip settings.db
	reported all.zip
	places | grep -qx "all.zip: settings.db!/settings row 1 column value 1:1 @0"
	status=0
	hfscan -f jsonl - <settings.db >report || status=$?
	[ "$status" -eq 1 ]
	places | grep -q ": settings row 1 column value 1:1 @0"
	places | grep -q ": settings row 2 column value!/in.txt 1:1 @0"
}

@test "no more values than an archive may have members" {
	# Packs of git's without objects. When Python ends, all is in the database.
	wal "
		import hashlib, struct
		pack = struct.pack('>4sII', b'PACK', 2, 0)
		pack += hashlib.sha1(pack).digest()
		db.execute('PRAGMA wal_autocheckpoint=0')
		db.execute('BEGIN')
		for i in range(100001): db.execute('INSERT INTO t VALUES(?,?)', (i, pack + struct.pack('>I', i)))
		db.execute('COMMIT')"
	for file in log.db only.db-wal; do
		reported "$file"
		[ "$status" -eq 3 ]
		[ "$(cat errors)" = "hfscan: $file: it holds more than 100,000 members: the rest of them were not scanned" ]
	done
}

@test "threads hold large ones one after the other" {
	database large.db "
		db.execute('CREATE TABLE t(x)')
		db.executemany('INSERT INTO t VALUES(?)', [(bytes(100000),)] * 300)
		db.execute('INSERT INTO t VALUES(?)', ('y' * 9000 + ' ' + t('a'),))"
	# So many folders that each thread comes to one.
	for i in 1 2 3 4 5 6; do
		mkdir -p "all/$i"
		cp large.db "all/$i"
		for k in $(seq 10); do mkdir "all/$i/$k" && seq 100 | split -l 1 - "all/$i/$k/"; done
	done
	reported -j 6 all
	[ "$(places | wc -l)" -eq 6 ]
	[ "$(peak_kb "$HFSCAN" -q -j 6 all)" -lt 80000 ]
}
