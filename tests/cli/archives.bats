#!/usr/bin/env bats
# What archives, compressed files and office documents hold, made by the programs that
# make them.
load helper

# make KIND FILE: an archive with token a, as archives.py describes it.
make()
{
	python3 "$BATS_TEST_DIRNAME/archives.py" "$1" "$2" "$(token a)"
}

# unread FILE [TEXT]: no leak, but the run says in one line for each TEXT that it is incomplete.
unread()
{
	incomplete "$1"
	[ "$(wc -l <errors)" -eq $(($# - 1)) ]
	shift
	for text; do grep -qF -- "$text" errors; done
}

@test "every format and every filter is read" {
	plant a lab.py
	mkdir d
	gzip -k lab.py
	bzip2 -k lab.py
	xz -k lab.py
	zstd -q lab.py
	mv lab.py.* d
	zip -q d/deflated.zip lab.py
	zip -q0 d/stored.zip lab.py
	tar -cf d/plain.tar lab.py
	tar --format=v7 -cf d/old.tar lab.py
	tar --format=pax -cf d/pax.tar lab.py
	for how in gzip bzip2 xz zstd; do tar -c --$how -f "d/$how.tar" lab.py; done
	for how in LZMA LZMA2 PPMd BZip2 Deflate Copy; do 7zz a -bso0 -m0=$how d/$how.7z lab.py; done
	7zz a -bso0 -tzip -mm=BZip2 d/bzip2.zip lab.py
	7zz a -bso0 -tzip -mm=LZMA d/lzma.zip lab.py
	for file in d/*; do packed lab.py "$file"; done
}

@test "what is made of zip is read" {
	while read -r kind file member; do
		make "$kind" "$file"
		packed "$member" "$file"
	done <<'TABLE'
torch checkpoint.pt archive/data.pkl
npz arrays.npz token.npy
wheel lab-1-py3-none-any.whl lab/__init__.py
wheel lab.jar lab/__init__.py
odt letter.odt content.xml
pptx slides.pptx ppt/slides/slide1.xml
xlsx notes.xlsx xl/sharedStrings.xml
epub book.epub OEBPS/chapter1.xhtml
notebook labs.zip lab/one.ipynb
behind_a_line app.pyz __main__.py
twice twice.zip lab.py
TABLE
}

@test "runs of a paragraph are one text, paragraphs are not" {
	make pptx slides.pptx
	run -1 hfscan -q --no-color slides.pptx
	[[ $output == *"slides.pptx › ppt/slides/slide1.xml:1:"*"(markup)"* ]]
	make two_paragraphs two.docx
	run -0 hfscan -q two.docx
}

@test "a notebook in an archive is told cell by cell" {
	make notebook labs.zip
	run -1 hfscan -q --no-color labs.zip
	[[ $output == *"labs.zip › lab/one.ipynb › cell 1"* ]]
}

@test "archives in archives are read, as deep as --max-depth says" {
	make nested4 4.zip
	packed '3.zip!/2.zip!/1.zip!/lab.py' 4.zip
	make nested5 5.zip
	unread 5.zip "5.zip: 1 archive in it is nested deeper than --max-depth allows"
	packed '4.zip!/3.zip!/2.zip!/1.zip!/lab.py' 5.zip --max-depth 5
	run -0 hfscan --max-depth 0 4.zip
	plant a lab.py
	tar -czf a.tgz lab.py
	zip -q b.zip a.tgz
	xz b.zip
	packed 'b.zip!/a.tgz!/lab.py' b.zip.xz
	seq 5 >98
	for i in $(seq 49); do gzip <98 | zstd -q >99 && mv 99 98; done
	run -0 hfscan --max-depth 99 98
	run -2 hfscan --max-depth 100 .
	[[ $output == *"--max-depth"*"from 0 to 99"* ]]
}

@test "the user's own configuration may set the depth" {
	make nested4 4.zip
	mkdir -p "$HOME/.config/hfscan"
	echo '{"max-depth": 2}' >"$HOME/.config/hfscan/config.json"
	unread 4.zip "nested deeper"
}

@test "standard input may be an archive" {
	plant a lab.py
	tar -czf a.tgz lab.py
	zip -q a.zip lab.py
	7zz a -bso0 a.7z lab.py
	for file in a.tgz a.zip a.7z; do
		packed lab.py - --stdin-name "$file" <"$file"
		# Through a pipe, which has no places.
		head -c 1M "$file" | packed lab.py - --stdin-name "$file"
	done
}

@test "a member's name is searched, and masked" {
	make named named.zip
	hfscan -f jsonl named.zip >report || true
	[ "$(jq -r 'select(.rule) | .member' report | wc -l)" -eq 1 ]
	run -1 grep -F "$(token a)" report
	tar -czf named.tgz --transform "s/named.zip/$(token b)/" named.zip
	run -1 hfscan -q named.tgz
	[[ $output != *"$(token b)"* ]]
	[[ $output == *"in 1 place"* ]]
}

@test "names are UTF-8 whatever the locale" {
	make accents a.zip
	7zz x -bso0 a.zip
	7zz a -bso0 a.7z año
	tar -cf a.tar año
	for locale in C.UTF-8 C; do
		for file in a.zip a.7z a.tar; do LC_ALL=$locale packed 'año/árbol 中.py' "$file"; done
	done
}

@test "names are only names: nothing is written" {
	make tricks tricks.tgz
	run -1 hfscan -q --no-color tricks.tgz
	[[ $output == *"in 4 places"* ]]
	[[ $output == *'› ../../../tmp/hfscan-evil:1'* ]]
	[[ $output == *'› /tmp/hfscan-evil:1'* ]]
	[[ $output == *'› a\x1B[31m\xFF\x0A.txt:1'* ]]
	[ ! -e /tmp/hfscan-evil ]
	[ ! -e ../../../tmp/hfscan-evil ]
	[ "$(ls)" = tricks.tgz ]
}

@test "nothing is opened to be written, whatever an archive holds" {
	plant a lab.py
	make tricks tricks.tgz
	gzip -dk tricks.tgz
	make tricks_zip tricks.zip
	7zz a -bso0 a.7z tricks.tar
	zip -q all.zip tricks.* a.7z lab.py
	mkdir ../seen
	strace -f -e trace=%file -o ../seen/calls "$HFSCAN" -q . >../seen/report 2>&1 || true
	[ "$(grep -c . ../seen/report)" -ge 2 ]
	run -1 grep -E 'O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|(creat|mkdir|mkdirat|mknod|mknodat|symlink|symlinkat|[^d]link|linkat|rename|renameat|renameat2|unlink|unlinkat|chmod|fchmodat|chown|truncate)\(' ../seen/calls
}

@test "the time zone is not looked up at every member" {
	plant a lab.py
	python3 -c 'import zipfile
with zipfile.ZipFile("many.zip", "w") as z:
	for i in range(50): z.writestr(f"{i}.py", "nothing")'
	env -u TZ strace -f -o calls "$HFSCAN" -q many.zip
	[ "$(grep -c localtime calls)" -le 2 ]
}

@test "an archive that unpacks to itself ends" {
	python3 "$BATS_TEST_DIRNAME/quine.py" quine.gz
	gzip -dc quine.gz | cmp - quine.gz
	for depth in 4 99; do
		status=0
		timeout 5 "$HFSCAN" -q --max-depth "$depth" quine.gz 2>errors || status=$?
		[ "$status" -eq 3 ]
		[ "$(wc -l <errors)" -eq 1 ]
	done
	plant a lab.py
	zip -q lab.zip quine.gz lab.py
	run -1 hfscan -q lab.zip
	[[ $output == *"lab.zip › lab.py:1"* ]]
}

@test "a zip whose directory is damaged is told, and read as far as can be" {
	plant a lab.py
	yes '# so that it is packed' | head -99 >>lab.py
	zip -q damaged.zip lab.py
	LC_ALL=C sed 's/PK\x01\x02/PK\x01\x99/' damaged.zip >cut.zip
	reported cut.zip
	[ "$(cat errors)" = "hfscan: cut.zip: is damaged: what cannot be read of it was not scanned" ]
	[ "$(jq -r 'select(.rule) | .member' report)" = lab.py ]
}

@test "what is encrypted is told" {
	plant a lab.py
	zip -q -P pw crypt.zip lab.py
	7zz a -bso0 -tzip -mem=AES256 -ppw aes.zip lab.py
	7zz a -bso0 -ppw one.7z lab.py
	7zz a -bso0 -ppw -mhe=on all.7z lab.py
	unread crypt.zip "crypt.zip!/lab.py: is encrypted"
	unread aes.zip "aes.zip!/lab.py: is encrypted"
	unread one.7z "one.7z!/lab.py: is encrypted"
	unread all.7z "all.7z: is encrypted"
}

@test "what is damaged is told, in few lines" {
	head -c 30000 /dev/urandom | base64 >numbers
	tar -czf a.tgz numbers
	zip -q a.zip numbers
	7zz a -bso0 a.7z numbers
	xz -k numbers
	zstd -q numbers
	bzip2 -k numbers
	7zz a -bso0 -v10k parts.7z numbers
	for file in a.tgz a.zip a.7z numbers.xz numbers.zst numbers.bz2; do
		head -c 9000 "$file" >"cut-$file"
		unread "cut-$file" "is damaged"
	done
	unread parts.7z.001 "is damaged"
	# What is inside is whole, what is around it is not.
	head -c -5 a.tgz >end.tgz
	unread end.tgz "is damaged"
	mkdir many
	for i in $(seq 30); do seq 2000 >"many/$i"; done
	zip -q -P pw many.zip many/*
	run -3 hfscan -q many.zip
	[ "$(wc -l <<<"$output")" -eq 11 ]
	[[ $output == *"many.zip: 20 more of its members were not scanned"* ]]
}

@test "that some of it is encrypted does not hide that the rest is damaged" {
	seq 1000 >first
	seq 2000 >second
	zip -q -P pw a.zip first
	zip -q a.zip second
	unread a.zip "a.zip!/first: is encrypted"
	# Without its directory, and with a piece of the header of what came then.
	python3 - <<-'EOF'
		data = open("a.zip", "rb").read()
		second = data.index(b"PK\3\4", 4)
		for name, end in ("directory", data.index(b"PK\1\2")), ("first", second), ("header", second + 25):
		    open(name + ".zip", "wb").write(data[:end])
	EOF
	for cut in directory first header; do
		unread $cut.zip "$cut.zip: is damaged" "$cut.zip!/first: is encrypted"
	done
}

@test "members of a tar behind a header that is damaged are told" {
	seq 1000 >one
	plant a two
	plant b three
	tar -cf a.tar one two three
	python3 - <<-'EOF'
		data = bytearray(open("a.tar", "rb").read())
		data[data.index(b"two\0") + 1] ^= 1
		open("a.tar", "wb").write(data)
	EOF
	gzip -k a.tar
	for file in a.tar.gz a.tar; do
		run -1 --separate-stderr hfscan -q "$file"
		[[ $stderr == "hfscan: $file: is damaged: what cannot be read of it was not scanned" ]]
		[[ $output == *"$file › three:1:8"* ]]
	done
	# As long as it is, it is one line.
	{ head -c 512 a.tar; yes 'no header' | head -c 100M; } | gzip -1 >long.tgz
	unread long.tgz "long.tgz"
}

@test "cut at any place, each is told in one line" {
	mkdir ../whole ../whole/repo
	head -c 3000 /dev/urandom | base64 >numbers
	tar -cf ../whole/a.tar numbers
	tar -czf ../whole/a.tgz numbers
	zip -q ../whole/a.zip numbers
	7zz a -bso0 ../whole/a.7z numbers
	gzip -c numbers >../whole/a.gz
	bzip2 -c numbers >../whole/a.bz2
	xz -c numbers >../whole/a.xz
	zstd -qc numbers >../whole/a.zst
	python3 -c 'import sqlite3
db = sqlite3.connect("../whole/a.db", isolation_level=None)
db.execute("CREATE TABLE t(a)")
for i in range(100): db.execute("INSERT INTO t VALUES(?)", ("-" * i,))'
	git init -q ../whole/repo
	cp numbers ../whole/repo
	git -C ../whole/repo add .
	git -C ../whole/repo commit -qm numbers
	git -C ../whole/repo gc -q
	git -C ../whole/repo bundle create -q ../a.bundle HEAD
	cp ../whole/repo/.git/objects/pack/*.pack ../whole/a.pack
	rm -rf numbers ../whole/repo
	hfscan -q ../whole
	# Of a zip all members stand before its directory; a tar of less than a block is none, and has
	# no end but that of its last member.
	python3 - <<-'EOF'
		import os
		for name in os.listdir("../whole"):
		    data = open("../whole/" + name, "rb").read()
		    end = data.index(b"PK\1\2") if name == "a.zip" else 4096 if name == "a.tar" else len(data)
		    for at in range(576 if name == "a.tar" else 64, end, 64):
		        with open(f"{at}-{name}", "wb") as file:
		            file.write(data[:at])
	EOF
	status=0
	hfscan -f jsonl . >../report 2>/dev/null || status=$?
	[ "$status" -eq 3 ]
	diff <(ls | sort) <(jq -r '.incomplete.path // empty | sub("!/.*"; "")' ../report | sort)
}

@test "what is too large to be held is told" {
	python3 -c 'import zipfile
with zipfile.ZipFile("large.zip", "w").open("zeros", "w", force_zip64=True) as member:
	for _ in range(257): member.write(bytes(1 << 20))'
	run -0 hfscan large.zip
	head -c 1G large.zip | { unread - "larger than 256 MiB, which would have to be held"; }
	[ "$(peak_kb "$HFSCAN" -q large.zip)" -lt 60000 ]
}

@test "zeros without end are given up" {
	head -c 1G /dev/zero | gzip -1 >zeros.gz
	head -c 1G /dev/zero | xz -0 >zeros.xz
	head -c 1G /dev/zero | zstd -q >zeros.zst
	cat zeros.zst zeros.zst zeros.zst zeros.zst >more.zst
	# What it unpacks to is no larger archive that would allow more.
	cat more.zst more.zst more.zst more.zst | zstd -q | gzip >twice.gz
	for file in zeros.xz zeros.zst more.zst twice.gz; do unread "$file" "unpacks to more"; done
	[ "$(peak_kb "$HFSCAN" -q zeros.gz)" -lt 60000 ]
	[ "$(peak_kb "$HFSCAN" -q zeros.xz)" -lt 60000 ]
}

@test "what begins with zeros is no empty tar" {
	{
		head -c 1M /dev/zero
		printf '\nlogin("%s")\n' "$(token a)"
	} | gzip >zeros.gz
	packed zeros zeros.gz
}

@test "a bomb of zips in zips is given up, what is beside it is found" {
	make bomb bomb.zip
	run -1 hfscan -q --max-depth 9 bomb.zip
	[[ $output == *"first.py"* ]]
	[[ $output == *"bomb.zip: it unpacks to more than its size allows"* ]]
	[ "$(peak_kb "$HFSCAN" -q bomb.zip)" -lt 60000 ]
}

@test "of members without end some are read" {
	make many many.zip
	run -1 hfscan -q many.zip
	[[ $output == *"many.zip › first.py"* ]]
	[[ $output == *"many.zip: it holds more than 100,000 members"* ]]
}

@test "for a directory of millions no memory is taken" {
	python3 - <<-'EOF'
		import struct, zipfile
		head = struct.pack("<IHHHHHIIIHH", 0x04034b50, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
		n = 1000000
		entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
		inner = head + entry * n + \
		    struct.pack("<IQHHIIQQQQ", 0x06064b50, 44, 45, 45, 0, 0, n, n, len(entry) * n, len(head)) + \
		    struct.pack("<IIQI", 0x07064b50, 0, len(head) + len(entry) * n, 1) + \
		    struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, 0xffff, 0xffff, 0xffffffff, 0xffffffff, 0)
		open("directory.zip", "wb").write(inner)
	EOF
	unread directory.zip "is damaged"
	[ "$(peak_kb "$HFSCAN" -q directory.zip)" -lt 60000 ]
}

@test "for a 7z of millions of files no memory is taken" {
	python3 - <<-'EOF'
		import struct, zlib
		n = 4000000
		header = b"\1\5\xff" + struct.pack("<Q", n) + b"\x0e\xff" + struct.pack("<Q", n // 8) + \
		    b"\xff" * (n // 8) + b"\0\0"
		start = struct.pack("<QQI", 0, len(header), zlib.crc32(header))
		with open("files.7z", "wb") as out:
		    out.write(b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + header)
	EOF
	unread files.7z "needs more than 256 MiB of memory"
	[ "$(peak_kb "$HFSCAN" -q files.7z)" -lt 60000 ]
	# The same, and one that has bytes.
	make too_many_empty more.7z
	unread more.7z "needs more than 256 MiB of memory"
	[ "$(peak_kb "$HFSCAN" -q more.7z)" -lt 60000 ]
	make many_empty many.7z
	run -1 --separate-stderr hfscan -q --no-color many.7z
	[[ $output == *"many.7z › lab.py:1:"* ]]
	[[ $stderr == *"many.7z: it holds more than 100,000 members"* ]]
}

@test "a dictionary of 1 GiB is not taken" {
	seq 100000 | xz -0 --lzma2=dict=1GiB >greedy.xz
	unread greedy.xz "more than 256 MiB of memory"
	for kind in greedy greedy_packed greedy1 greedy2; do
		make $kind greedy.7z
		unread greedy.7z "greedy.7z: needs more than 256 MiB of memory"
	done
	# Of a header, more than 64 MiB: no packer needs as much.
	for kind in header_greedy header_greedy1; do
		make $kind greedy.7z
		unread greedy.7z "greedy.7z: is packed in a way that cannot be read"
	done
	seq 1000 >lab.txt
	7zz a -bso0 -tzip -mm=LZMA:d=16m lzma.zip lab.txt
	run -0 hfscan lzma.zip
	# Its dictionary stands behind name and version, length and one byte more.
	python3 - <<-'EOF'
		data = bytearray(open("lzma.zip", "rb").read())
		at = 30 + len("lab.txt") + int.from_bytes(data[28:30], "little") + 5
		assert data[at - 3:at - 1] == b"\x05\x00"
		data[at:at + 4] = (1 << 30).to_bytes(4, "little")
		open("greedy.zip", "wb").write(data)
		# Without its directory nobody says where that is.
		open("cut.zip", "wb").write(data[:data.index(b"PK\x01\x02")])
	EOF
	unread greedy.zip "greedy.zip: needs more than 256 MiB of memory"
	unread cut.zip "cut.zip: is damaged" "cut.zip!/lab.txt: is packed in a way that cannot be read"
	make zip_of_xz greedy.zip
	unread greedy.zip "greedy.zip: needs more than 256 MiB of memory"
	make zip_of_xz_modest modest.zip
	reported modest.zip
	[ ! -s errors ]
	[ "$(jq -r 'select(.rule) | .member' report | wc -l)" -eq 2000 ]
	for kind in modest modest1 modest2 header_modest; do
		make $kind modest.7z
		reported modest.7z
		[ ! -s errors ]
		[ "$(jq -r 'select(.rule) | .member' report | sort -u)" = lab.py ]
	done
	seq 100000 | xz -9 >nine.xz
	run -0 hfscan nine.xz
}

@test "a dictionary of 1 GiB of a later block or stream is not taken" {
	make later_block a.xz
	xz -t a.xz
	run -1 --separate-stderr hfscan -q --no-color a.xz
	[[ $output == *"a.xz › a:1:8"* ]]
	[[ $stderr == *"a.xz: needs more than 256 MiB of memory to unpack further"* ]]
	[ "$(peak_kb "$HFSCAN" -q a.xz)" -lt 60000 ]
	run -1 --separate-stderr hfscan -q --no-color - <a.xz
	[[ $stderr == *"needs more than 256 MiB of memory to unpack further"* ]]
	make later_block_of_tar a.txz
	run -1 --separate-stderr hfscan -q --no-color a.txz
	[[ $output == *"a.txz › lab.py:1:8"* ]]
	[[ $stderr == "hfscan: a.txz: needs more than 256 MiB of memory to unpack further"* ]]
	seq 100000 >lines
	for between in 0 4 400; do
		{
			xz -c lines
			head -c $between /dev/zero
			xz -0c --lzma2=dict=1GiB lines
		} >b.xz
		xz -t b.xz
		unread b.xz "needs more than 256 MiB of memory to unpack further"
		tar -cf c.tar b.xz
		unread c.tar "needs more than 256 MiB of memory to unpack further"
		rm c.tar
	done
	make later_block_modest a.xz
	packed a a.xz
	# Whatever else its blocks and streams are made of.
	head -c 300000 /dev/urandom >noise
	cat lines noise lines >both
	for options in -0 -9 --check=none --check=crc32 --check=sha256 --block-size=100000 \
		"--block-size=100000 -T2" "--x86 --lzma2=preset=3" "--delta --lzma2=dict=100MiB"; do
		# shellcheck disable=SC2086 # several
		xz -qc $options both >a.xz
		cat a.xz a.xz >b.xz
		run -0 hfscan -q b.xz
		run -0 hfscan -q - <b.xz
	done
}

@test "holes are passed over" {
	truncate -s 1T sparse
	plant a sparse.part
	dd if=sparse.part of=sparse bs=1M seek=500000 conv=notrunc status=none
	tar -Scf sparse.tar sparse
	tar -Sczf sparse.tgz sparse
	rm sparse
	packed sparse sparse.tar
	packed sparse sparse.tgz
}

@test "archives joined one behind the other are read to the end" {
	plant a lab.py
	echo nothing >first.py
	tar -cf a.tar first.py
	tar -cf b.tar lab.py
	cat a.tar b.tar | gzip >both.tgz
	packed lab.py both.tgz
	{ gzip -c first.py; gzip -c lab.py; } >both.gz
	packed both both.gz
}

@test "what stands behind a compressed file is read, through a pipe and in an archive, too" {
	plant a lab.py
	for how in gzip bzip2; do
		{
			echo nothing | $how
			head -c 70000 /dev/zero
			cat lab.py
		} >behind.$how
		{
			echo nothing | $how
			xz -c lab.py
		} >packed.$how
		zip -q $how.zip behind.$how
		packed behind.$how behind.$how
		packed behind.$how!/behind.$how $how.zip
		run -1 bash -c "cat behind.$how | \"\$HFSCAN\" -q -"
		run -1 bash -c "cat packed.$how | \"\$HFSCAN\" -q -"
		{
			echo nothing | $how
			head -c 70000 /dev/zero
		} >padded
		run -0 bash -c "cat padded | \"\$HFSCAN\" -q -"
		[ -z "$output" ]
	done
	for how in xz zstd; do
		{
			echo nothing | $how
			cat lab.py
		} >behind.$how
		cat behind.$how | { unread - "is damaged"; }
	done
}

@test "nothing, packed again and again, is given up" {
	python3 - <<-'EOF'
		import gzip, zlib
		empty = gzip.compress(b"", mtime=0) * 50000
		a, b = zlib.compressobj(9, zlib.DEFLATED, 31), zlib.compressobj(9, zlib.DEFLATED, 31)
		with open("empties.gz", "wb") as out:
		    for _ in range(1000): out.write(b.compress(a.compress(empty)))
		    out.write(b.compress(a.flush())); out.write(b.flush())
	EOF
	unread empties.gz "unpacks to more"
	# Nothing is whole all the same, unless it is cut.
	: | gzip >nothing.gz
	run -0 hfscan -q nothing.gz
	[ -z "$output" ]
	seq 100 | gzip | head -c -8 >cut.gz
	unread cut.gz "is damaged"
	cat cut.gz | { unread - "is damaged"; }
}

@test "in the index and in history, too" {
	git init -q
	plant a lab.py
	zip -q lab.zip lab.py
	tar -czf lab.tgz lab.py
	rm lab.py
	git add .
	run -1 hfscan --staged -q --no-color
	[[ $output == *"lab.zip › lab.py:1:8  staged"* ]]
	git commit -qm "two archives"
	commit=$(git rev-parse HEAD)
	git rm -q lab.zip lab.tgz
	git commit -qm "none"
	git gc -q
	hfscan --history-only -f jsonl >report || true
	[ "$(jq -r --arg commit "$commit" \
		'select(.rule and .git.commit == $commit) | "\(.path) \(.member)"' report | sort)" = \
		$'lab.tgz lab.py\nlab.zip lab.py' ] || { cat report; false; }
}

@test "a file and what the history has of it are one place, with all that either knows" {
	git init -q
	{
		plant a lab.py
		yes '# so that it is packed' | head -99
	} >>lab.py
	zip -q lab.zip lab.py
	gzip lab.py
	tar -czf both.tgz lab.py.gz lab.zip
	git add .
	git commit -qm archives
	oid=$(git rev-parse HEAD:lab.py.gz)
	places()
	{
		hfscan -f jsonl "$@" >report || true
		jq -r 'select(.rule) | "\(.path) \(.member) \(.exposure) \(.git.commit != null)"' report
	}
	all=$'both.tgz lab.py.gz!/lab.py committed true
both.tgz lab.zip!/lab.py committed true
lab.py.gz lab.py committed true
lab.zip lab.py committed true'
	[ "$(places .)" = "$all" ] || { cat report; false; }
	[ "$(places --history-only .)" = "$all" ] || { cat report; false; }
	# Renamed it is the same blob still, in whose name the member is called.
	git mv lab.py.gz other.gz
	[ "$(places . | sed -n 3,9p)" = $'lab.zip lab.py committed true\nother.gz other committed true' ] ||
		{ cat report; false; }
	# What no commit holds has no path that would say it.
	git init -q bare && cd bare
	[ "$(git hash-object -w ../other.gz)" = "$oid" ]
	[ "$(places --history-only .)" = "null .gz unreachable false" ] || { cat report; false; }
}

@test "a version of a text that is an archive is looked into" {
	git init -q
	plant a lab.py
	bzip2 lab.py
	tar -cf lab.tar lab.py.bz2
	head -c 300000 /dev/urandom | base64 >text
	# An archive in the middle of a text is none; at the beginning of a shorter one it is, and
	# git writes that as two copies from the other.
	{ head -c 100000 text; cat lab.tar; tail -c +100001 text; } >big
	git add big
	git commit -qm text
	head -c 200000 text | cat lab.tar - >big
	git add big
	git commit -qm archive
	git repack -qadf --depth=50 --window=50
	git verify-pack -v .git/objects/pack/*.idx | grep -q "^$(git rev-parse HEAD:big) blob .* 1 "
	hfscan --history-only -f jsonl >report || true
	[ "$(jq -r 'select(.rule) | .member' report)" = 'lab.py.bz2!/lab.py' ] || { cat report; false; }
}

@test "the hook stops an archive with a token" {
	git init -q
	hfscan hook install
	plant a lab.py
	zip -q lab.zip lab.py
	rm lab.py
	git add .
	run ! git commit -qm token
	[[ $output == *"lab.zip"* ]]
}

@test "how much was looked into is said" {
	make wheel lab.whl
	make nested4 4.zip
	run -1 hfscan --no-color lab.whl 4.zip
	[[ $output == *"2 files, 8 members of archives, "* ]]
	hfscan -f json . >report || true
	[ "$(jq -c '.summary | [.archives, .members]' report)" = '[5,8]' ]
	run -1 hfscan --lang es --no-color lab.whl
	[[ $output == *"4 miembros de archivos comprimidos"* ]]
	head -c 1M lab.whl >copy
	run -1 bash -c '"$HFSCAN" --no-color - <copy'
	[[ $output != *" 0 B"* ]]
}

@test "without libarchive what it takes is said, and the rest is searched" {
	plant a lab.py
	tar -cf a.tar lab.py
	gzip -k lab.py
	gzip -k a.tar
	rm lab.py
	mkdir "$HOME/none"
	echo >"$HOME/none/libarchive.so.13"
	status=0
	LD_LIBRARY_PATH=$HOME/none hfscan -q --no-color . >report 2>errors || status=$?
	[ "$status" -eq 1 ]
	[ "$(cat errors)" = "hfscan: 3 archives were not looked into: that needs libarchive (Debian: libarchive13)" ]
	grep -F "a.tar:" report
	rm a.tar
	LD_LIBRARY_PATH=$HOME/none run -3 hfscan -q .
	LD_LIBRARY_PATH=$HOME/none run -0 hfscan --max-depth 0 .
}
