#!/usr/bin/env bats
# Archives that come from elsewhere than zip and tar: RAR, packages of Debian and Red Hat,
# cpio, and what other packers make of a file.
load helper

# make KIND FILE: an archive with token a, as packed.py describes it.
make()
{
	python3 "$BATS_TEST_DIRNAME/packed.py" "$1" "$2" "$(token a)"
}

# unread FILE TEXT: no leak, but the run says in this line that it is incomplete.
unread()
{
	incomplete "$1"
	[ "$(cat errors)" = "hfscan: $2" ]
}

AGAIN="unpack it and scan what comes out"
DAMAGED="is damaged: what cannot be read of it was not scanned"

@test "every format is read" {
	plant a lab.py
	yes '# so that it is packed' | head -999 >>lab.py
	mkdir d
	for how in newc crc odc bin hpodc hpbin; do cpio -o -H $how --quiet <<<lab.py >d/$how.cpio; done
	ar rc d/lab.a lab.py
	mkdir -p long
	cp lab.py long/a_name_of_more_than_16_bytes.py
	ar rc long.a long/a_name_of_more_than_16_bytes.py
	for how in -B4 -B7 -BD -l; do lz4 -q $how lab.py d/lab.py.lz4 && packed lab.py d/lab.py.lz4 && rm d/lab.py.lz4; done
	for how in -0 -9; do lzip -c $how lab.py >d/lab.py.lz && packed lab.py d/lab.py.lz; done
	for how in -0 -9; do xz -c $how --format=lzma lab.py >d/lab.py.lzma && packed lab.py d/lab.py.lzma; done
	xz -c --format=lzma --lzma1=lc=1 lab.py >d/lab.py.lzma
	packed lab.py d/lab.py.lzma
	for how in 10 16; do compress -c -b $how lab.py >d/lab.py.Z && packed lab.py d/lab.py.Z; done
	for how in gzip bzip2 xz zstd lz4 lzip compress; do
		tar -c lab.py | $how -c >d/lab.tar.$how
		cpio -o -H newc --quiet <<<lab.py | $how -c >d/lab.cpio.$how
	done
	for file in d/*; do packed lab.py "$file"; done
	packed a_name_of_more_than_16_bytes.py long.a
}

@test "packages are read" {
	mkdir -p deb/DEBIAN deb/usr
	printf 'Package: lab\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: x\n' \
		>deb/DEBIAN/control
	plant a deb/usr/lab.py
	for how in xz gzip zstd none; do
		dpkg-deb -Z$how --root-owner-group -b deb lab.deb
		case $how in xz) end=.xz ;; gzip) end=.gz ;; zstd) end=.zst ;; none) end= ;; esac
		packed "data.tar$end!/./usr/lab.py" lab.deb
	done
	make rpm lab.rpm
	7zz t -bso0 lab.rpm
	packed 'lab!/./usr/lab.py' lab.rpm
	# It says something of itself before that.
	make rpm_says says.rpm
	run -1 hfscan -q says.rpm
	zip -q says.zip says.rpm
	packed says.rpm says.zip
	make rpm_without cut.rpm
	unread cut.rpm "cut.rpm: $DAMAGED"
}

@test "rar is read, of either version" {
	for version in rar4 rar5; do
		make $version lab.rar
		packed lab/lab.py lab.rar
		head -c 1M lab.rar | packed lab/lab.py - --stdin-name lab.rar
		zip -q lab.zip lab.rar
		packed 'lab.rar!/lab/lab.py' lab.zip
		make ${version}_folder folder.rar
		packed lab/lab.py folder.rar
		make ${version}_behind behind.rar
		packed behind.rar!/behind.rar behind.rar
	done
	make rar4_without_end lab.rar
	packed lab/lab.py lab.rar
}

@test "rar that is not read is told" {
	while read -r kind name what; do
		make "$kind" lab.rar
		unread lab.rar "lab.rar${name#-}: $what"
	done <<TABLE
rar4_encrypted !/lab.py is encrypted: it was not scanned
rar4_names_encrypted - is encrypted: it was not scanned
rar5_encrypted - is encrypted: it was not scanned
rar5_names_encrypted - is encrypted: it was not scanned
rar4_part - is one of several parts: it was not scanned; unpack them together and scan what comes out
rar5_part - is one of several parts: it was not scanned; unpack them together and scan what comes out
rar4_packed !/lab.py $DAMAGED
rar4_unknown !/lab.py is packed in a way that cannot be read: it was not scanned
rar5_full_folder - $DAMAGED
rar5_blocks - $DAMAGED
rar5_long_extra - $DAMAGED
rar5_greedy - needs more than 256 MiB of memory to unpack: it was not scanned
rar5_greedy7 - needs more than 256 MiB of memory to unpack: it was not scanned
rar4_many - it holds more than 100,000 members: the rest of them were not scanned
rar5_many - it holds more than 100,000 members: the rest of them were not scanned
TABLE
}

@test "what asks for much memory gets none" {
	while read -r kind what; do
		make "$kind" greedy
		unread greedy "greedy: $what"
		[ "$(peak_kb "$HFSCAN" -q greedy)" -lt 60000 ]
	done <<TABLE
rar5_greedy needs more than 256 MiB of memory to unpack: it was not scanned
greedy_lzip needs more than 256 MiB of memory to unpack: it was not scanned
greedy_lzma needs more than 256 MiB of memory to unpack: it was not scanned
cpio_long_name $DAMAGED
ar_long_table $DAMAGED
TABLE
	# So it is where nothing can be gone back to.
	make cpio_long_name long
	gzip long
	unread long.gz "long.gz: $DAMAGED"
	[ "$(peak_kb "$HFSCAN" -q long.gz)" -lt 60000 ]
}

@test "what stands behind the end, or between two members, is not passed over" {
	make cpio_behind behind
	packed 'behind!/behind' behind
	make cpio_gap gap
	unread gap "gap: $DAMAGED"
	plant a lab.py
	{ lz4 -qc <<<one; lz4 -qc lab.py; } >lab.py.lz4
	packed lab.py lab.py.lz4
	{ lzip -c <<<one; lzip -c lab.py; } >lab.py.lz
	packed lab.py lab.py.lz
	{ xz -c --format=lzma <<<one; gzip -c lab.py; } >two.lzma
	packed 'two!/two' two.lzma
}

@test "zeros without end are given up" {
	head -c 1G /dev/zero | lz4 -q >zeros.lz4
	head -c 1G /dev/zero | xz -0 --format=lzma >zeros.lzma
	head -c 1G /dev/zero | lzip -0 >zeros.lz
	head -c 1G /dev/zero | compress >zeros.Z
	for file in zeros.lzma zeros.lz zeros.Z; do
		unread $file "$file: it unpacks to more than its size allows: the rest of it was not scanned"
	done
	for file in zeros.*; do [ "$(peak_kb "$HFSCAN" -q "$file")" -lt 60000 ]; done
	compress -f <zeros.Z >twice.Z
	unread twice.Z "twice.Z: is packed in a way that cannot be read: it was not scanned"
}

@test "what is not opened is told" {
	for magic in 'MSCF\0\0\0\0' '\x89LZO\0\r\n\x1a\n' 'LRZI\0' 'xar!\0' 'RE~^'; do
		# shellcheck disable=SC2059
		printf "$magic and more" >lab.bin
		unread lab.bin "lab.bin: is an archive of a kind that is not opened: it was not scanned; $AGAIN"
		zip -q lab.zip lab.bin
		unread lab.zip "lab.zip!/lab.bin: is an archive of a kind that is not opened: it was not scanned; $AGAIN"
		plant a line.py
		cat line.py >>lab.bin
		status=0
		hfscan -q lab.bin >report 2>errors || status=$?
		[ "$status" -eq 1 ]
		rm lab.zip
	done
}

@test "what only looks like one is none" {
	printf ']\0\0\200\0 is no size' >a
	printf 'Z\1\0\0\0\0\0\0\0\0\0\0\0\0\0' >b
	printf '\307q, and no header of cpio' >c
	printf '\37\235 ' >d
	printf '070706' >e
	printf 'Rar!' >f
	printf 'Rar!\x1a\x07\x02\0' >g
	printf '!<thin>\n' >h
	printf 'LZIP by name' >i
	run -0 hfscan -q .
	[ -z "$output" ]
}

@test "a log that begins with a date is no cpio" {
	plant a line
	for date in 070701 070702 070707 070727; do
		for i in 1 2 3 4 5; do echo "$date 12:00:0$i [Note] ready for connections."; done >log
		cat line >>log
		gzip -kf log
		for file in log log.gz; do
			run -1 --separate-stderr hfscan -q --no-color $file
			[[ $output == *"log:6:"* ]]
			[ -z "$stderr" ]
		done
		run -1 --separate-stderr hfscan -q --no-color - <log
		[[ $output == *":6:"* ]]
		[ -z "$stderr" ]
	done
}

@test "a library of Windows is searched as it is" {
	for kind in lib lib_far; do
		make $kind lab.lib
		gzip -kf lab.lib
		for file in lab.lib lab.lib.gz; do
			run -1 --separate-stderr hfscan -q --no-color $file
			[[ $output == *"lab.lib:"* ]]
			[ -z "$stderr" ]
		done
	done
	# What ar makes with a table of symbols is still opened.
	echo 'int lab;' | cc -c -xc -o lab.o -
	plant a lab.py
	ar rcs lab.a lab.o lab.py
	packed lab.py lab.a
}

@test "cut at any place, each is told in one line or read" {
	mkdir ../whole
	head -c 3000 /dev/urandom | base64 >numbers
	cpio -o -H newc --quiet <<<numbers >../whole/a.cpio
	cpio -o -H bin --quiet <<<numbers >../whole/b.cpio
	ar rc ../whole/a.a numbers
	lz4 -qc numbers >../whole/a.lz4
	lzip -c numbers >../whole/a.lz
	xz -c --format=lzma numbers >../whole/a.lzma
	make rpm ../whole/a.rpm
	sed -i "s/$(token a)//" ../whole/a.rpm
	for version in rar4 rar5; do make $version ../whole/a.$version; done
	rm numbers
	python3 - <<-'EOF'
		import os
		for name in os.listdir("../whole"):
		    data = open("../whole/" + name, "rb").read()
		    # The last: an end without anything before it, and the zeros behind that.
		    end = {"a.cpio": data.find(b"TRAILER"), "b.cpio": data.find(b"TRAILER"),
		           "a.rar4": len(data) - 7, "a.rar5": len(data) - 8, "a.lz": len(data) - 20}.get(name, len(data) - 1)
		    # From where it is known for what it is.
		    for at in range({"a.cpio": 110, "b.cpio": 70}.get(name, 68), end, 61 if end > 400 else 3):
		        with open(f"{at}-{name}", "wb") as file:
		            file.write(data[:at])
	EOF
	status=0
	hfscan -f jsonl . >../report 2>/dev/null || status=$?
	[ "$status" -ne 0 ]
	jq -r '(.incomplete.path // .path) | select(.) | sub("!/.*"; "")' ../report | sort -u >../told
	diff <(find . -type f -printf "%P\n" | sort) ../told
}

@test "with flipped bytes it is read or told, and never ends the run" {
	mkdir ../whole
	for kind in rar4 rar5 rpm; do make $kind ../whole/a.$kind; done
	for kind in rar4_packed rar5_large; do make $kind ../whole/a.$kind; done
	plant a lab.py
	cpio -o -H newc --quiet <<<lab.py >../whole/a.cpio
	ar rc ../whole/a.a lab.py
	lz4 -qc lab.py >../whole/a.lz4
	lzip -c lab.py >../whole/a.lz
	xz -c --format=lzma lab.py >../whole/a.lzma
	compress -cf lab.py >../whole/a.Z
	rm lab.py
	python3 - <<-'EOF'
		import os
		for name in os.listdir("../whole"):
		    data = open("../whole/" + name, "rb").read()
		    for at in range(0, min(len(data), 400)):
		        for bit in (0, 7):
		            bad = bytearray(data)
		            bad[at] ^= 1 << bit
		            with open(f"{at}-{bit}-{name}", "wb") as file:
		                file.write(bad)
	EOF
	status=0
	hfscan -f jsonl . >../report 2>/dev/null || status=$?
	[ "$status" -eq 1 ]
	[ "$(jq -c 'select(.summary) | .summary.files' ../report)" = "$(find . -type f | wc -l)" ]
}

@test "where libarchive has no reader of its own it is told, and no program is run" {
	# One that was built without lz4, and so would run lz4: the real one, with that on top.
	mkdir "$HOME/lib" "$HOME/bin"
	python3 - "$HOME/lib/libarchivX.so.13" <<-'EOF'
		import ctypes, sys
		ctypes.CDLL("libarchive.so.13")
		path = next(line.split()[-1] for line in open("/proc/self/maps") if "libarchive.so" in line)
		data = open(path, "rb").read()
		assert b"\0libarchive.so.13\0" in data
		open(sys.argv[1], "wb").write(data.replace(b"\0libarchive.so", b"\0libarchivX.so"))
	EOF
	echo 'int archive_read_support_filter_lz4(void *a) { return -20; }' |
		cc -shared -fPIC -o "$HOME/lib/libarchive.so.13" -xc - -xnone -Wl,--no-as-needed \
			"$HOME/lib/libarchivX.so.13"
	seq 1000 >lab.txt
	lz4 -q lab.txt lab.lz4
	printf '#!/bin/sh\necho >"%s/run"\n' "$HOME" >"$HOME/bin/lz4"
	chmod +x "$HOME/bin/lz4"
	what="is of a kind that the libarchive here cannot read: it was not scanned; $AGAIN"
	status=0
	env PATH="$HOME/bin:$PATH" LD_LIBRARY_PATH="$HOME/lib" timeout 60 "$HFSCAN" -q lab.lz4 2>errors ||
		status=$?
	[ "$status" -eq 3 ]
	[ "$(cat errors)" = "hfscan: lab.lz4: $what" ]
	[ ! -e "$HOME/run" ]
	plant a lab.py
	lzip lab.py
	run -1 env LD_LIBRARY_PATH="$HOME/lib" timeout 60 "$HFSCAN" -q lab.py.lz
	[[ $output == *"lab.py.lz › lab.py:1"* ]]
}

@test "in history, too" {
	git init -q
	make rar5 lab.rar
	make rpm lab.rpm
	plant a lab.py
	ar rc lab.a lab.py
	rm lab.py
	git add .
	git commit -qm archives
	git rm -rq .
	git commit -qm none
	hfscan --history-only -f jsonl >report || true
	[ "$(jq -r 'select(.rule) | "\(.path) \(.member)"' report | sort)" = \
		$'lab.a lab.py\nlab.rar lab/lab.py\nlab.rpm lab!/./usr/lab.py' ] || { cat report; false; }
}
