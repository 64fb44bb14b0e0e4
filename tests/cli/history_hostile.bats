#!/usr/bin/env bats
# Histories that are damaged, or made to harm: what can be read is searched, what
# cannot is named, and neither time nor memory runs away.
load helper

# bounded ARGUMENT...: hfscan on the folder "repo", with 20 s and 2 GB of address
# space, which the sanitizers need more of.
bounded()
{
	(
		case $HFSCAN in
		*/asan/* | */tsan/*) ;;
		*) ulimit -v 2000000 ;;
		esac
		timeout 20 "$HFSCAN" --max-memory 100M "$@" repo
	)
}

# leaks_and_names ID...: the token planted was found in spite of all, and each ID is named.
leaks_and_names()
{
	run --separate-stderr bounded --history-only
	echo "$output" "$stderr" >&2
	[ "$status" -eq 1 ]
	[[ $output == *"User access token"* ]]
	for id in "$@"; do
		[[ $stderr == *"$id"* ]]
	done
	# The files as they are now as well, and one commit: never for ever.
	run bounded
	[ "$status" -eq 1 ] || [ "$status" -eq 3 ]
	run bounded --since-commit HEAD
	[ "$status" -le 3 ]
}

# A repository of one pack: a token in the oldest commit's message, and versions
# of a file, each the next one's delta.
history()
{
	rm -rf repo
	git init -q repo
	git -C repo config gc.auto 0
	git -C repo config core.logAllRefUpdates false # the message is only where it is committed
	for i in 1 2 3 4 5 6 7 8; do
		{
			seq 1 300
			echo "version $i"
		} >repo/file
		git -C repo add file
		git -C repo commit -q -m "$([ "$i" -gt 1 ] || token a) version $i"
	done
	git -C repo repack -adfq
	pack=$(echo repo/.git/objects/pack/*.pack)
	chmod u+w "$pack" "${pack%pack}idx"
}

# offset_of ID: where it begins in the pack.
offset_of()
{
	git -C repo show-index <"${pack%pack}idx" | awk -v id="$1" '$2 == id { print $1 }'
}

# The ids of all objects, as they lie in the pack.
in_pack_order()
{
	git -C repo show-index <"${pack%pack}idx" | sort -n | cut -d' ' -f2
}

# poke FILE OFFSET BYTES: bytes as printf writes them.
poke()
{
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# hostile: a Python script that adds to a Pack called made, put into the
# repository next to what git made; `planted` is the name of a commit there.
hostile()
{
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$TOP/tests/fuzz planted=$(git -C repo rev-parse HEAD) \
		python3 -c '
import os, sys
from hostile_pack import *
made = Pack()
planted = bytes.fromhex(os.environ["planted"])
exec(sys.stdin.read())
for end, data in ("pack", made.pack()), ("idx", made.idx()):
    with open("repo/.git/objects/pack/pack-hostile." + end, "wb") as file:
        file.write(data)'
}

# A name that is no digest: 40 times the digit.
name()
{
	printf '%040d' 0 | tr 0 "$1"
}

# ---- damage ----

@test "a sound history is read whole" {
	history
	run --separate-stderr bounded --history-only
	[ "$status" -eq 1 ]
	[ -z "$stderr" ]
}

@test "of a pack that is cut short, what is left is searched" {
	history
	last=$(in_pack_order | tail -n 1)
	truncate -s "$(($(offset_of "$last") + 5))" "$pack"
	leaks_and_names "$last"
}

@test "a pack that lacks one byte is not green" {
	history
	last=$(in_pack_order | tail -n 1)
	truncate -s -1 "$pack"
	leaks_and_names "$last"
}

@test "a flipped bit in any object is told, with its id" {
	history
	cp "$pack" sound
	for id in $(in_pack_order | tail -n +9); do
		cp sound "$pack"
		poke "$pack" "$(($(offset_of "$id") + 6))" '\377\377'
		run --separate-stderr bounded --history-only --check-connectivity
		echo "$id: $status $stderr" >&2
		[ "$status" -eq 1 ]
		[[ $stderr == *"$id"* ]]
	done
}

@test "what is broken in one pack is read from another" {
	history
	blob=$(git -C repo rev-parse HEAD:file)
	git -C repo cat-file blob "$blob" | git -C repo hash-object -w --stdin >/dev/null
	git -C repo cat-file blob "$blob" >copy
	hex=$blob
	mkdir -p "repo/.git/objects/${hex:0:2}"
	git init -q other
	git -C other hash-object -w "$PWD/copy" >/dev/null
	cp "other/.git/objects/${hex:0:2}/${hex:2}" "repo/.git/objects/${hex:0:2}/"
	poke "$pack" "$(($(offset_of "$blob") + 6))" '\377\377'
	run --separate-stderr bounded --history-only
	[ "$status" -eq 1 ]
	[[ $stderr != *"$blob"* ]]
}

@test "a pack whose header counts wrongly is named" {
	history
	poke "$pack" 8 '\0\0\1\0'
	run --separate-stderr bounded --history-only
	[ "$status" -eq 3 ]
	[[ $stderr == *"holds 256 objects, but its index names 24"* ]]
}

@test "an index that is cut short, or of disorder, is named" {
	history
	cp "${pack%pack}idx" sound
	truncate -s -8 "${pack%pack}idx"
	run --separate-stderr bounded --history-only
	[ "$status" -eq 3 ]
	[[ $stderr == *"${pack##*/}"* ]]
	cp sound "${pack%pack}idx"
	# One name is wrong; where objects lie is not.
	poke "${pack%pack}idx" 1032 '\377\377\377\377'
	leaks_and_names "${pack##*/}" "its names are not in order"
}

@test "an index that puts an object outside of its pack is told" {
	history
	blob=$(git -C repo rev-parse HEAD:file)
	row=$(($(git -C repo show-index <"${pack%pack}idx" | grep -n "$blob" | cut -d: -f1) - 1))
	poke "${pack%pack}idx" $((1032 + 24 * 24 + row * 4)) '\177\377\377\377'
	delta=$(git -C repo rev-parse HEAD~1:file)
	leaks_and_names "$blob"
	# It is what all others are deltas of, and can be read where it is.
	run --separate-stderr bounded --history-only
	[[ $stderr != *"$delta"* ]]
}

@test "an index that puts an object into the midst of another hides only the one" {
	history
	blob=$(git -C repo rev-parse HEAD:file)
	row=$(($(git -C repo show-index <"${pack%pack}idx" | grep -n "$blob" | cut -d: -f1) - 1))
	midst=$(($(offset_of "$(git -C repo rev-list --max-parents=0 HEAD)") + 12))
	poke "${pack%pack}idx" $((1032 + 24 * 24 + row * 4)) "$(printf '\\0\\0\\%03o\\%03o' $((midst / 256)) $((midst % 256)))"
	leaks_and_names "$blob"
}

# The bytes there read as the header of a tree, which nobody inflates to scan it.
@test "an index that puts a file where a tree seems to be is told" {
	history
	blob=$(git -C repo rev-parse HEAD:file)
	row=$(($(git -C repo show-index <"${pack%pack}idx" | grep -n "$blob" | cut -d: -f1) - 1))
	midst=$(git -C repo show-index <"${pack%pack}idx" | cut -d' ' -f1 | python3 -c '
import sys
starts = {int(line) for line in sys.stdin}
pack = open(sys.argv[1], "rb").read()
print(next(i for i in range(13, len(pack) - 40) if 0x20 <= pack[i] <= 0x2f and i not in starts))' "$pack")
	poke "${pack%pack}idx" $((1032 + 24 * 24 + row * 4)) "$(printf '\\0\\0\\%03o\\%03o' $((midst / 256)) $((midst % 256)))"
	leaks_and_names "$blob"
}

@test "an index that puts two objects at one place is told" {
	history
	blob=$(git -C repo rev-parse HEAD:file)
	row=$(($(git -C repo show-index <"${pack%pack}idx" | grep -n "$blob" | cut -d: -f1) - 1))
	poke "${pack%pack}idx" $((1032 + 24 * 24 + row * 4)) '\0\0\0\014'
	run --separate-stderr bounded --history-only
	[ "$status" -eq 1 ]
	[[ $stderr == *"no place of its own"* ]]
}

@test "a token under a name that is not its own is found, and the lie told" {
	history
	a=$(name a)
	echo "made.add(BLOB, b'$(token b)', name=bytes.fromhex('$a'))" | hostile
	leaks_and_names "$a: its contents are not those its name stands for"
}

@test "loose objects that are broken, links or pipes are told" {
	history
	for kind in garbage cut empty pipe folder link; do
		id=$(echo "$kind" | git -C repo hash-object -w --stdin)
		file=repo/.git/objects/${id:0:2}/${id:2}
		rm -f "$file"
		case $kind in
		garbage) head -c 100 /dev/zero >"$file" ;;
		cut) echo "$kind" | git -C repo hash-object -w --stdin && chmod u+w "$file" && truncate -s -5 "$file" ;;
		empty) : >"$file" ;;
		pipe) mkfifo "$file" ;;
		folder) mkdir "$file" ;;
		link) ln -s nowhere "$file" ;;
		esac
		ids+=("$id")
	done
	leaks_and_names "${ids[@]}"
}

@test "commits cut short, as a crash leaves them, hold nothing up" {
	history
	tip=$(git -C repo rev-parse HEAD)
	mkdir packs && mv repo/.git/objects/pack/* packs/
	git -C repo unpack-objects -q <packs/*.pack
	mkdir repo/lab && token b >repo/lab/staged && git -C repo add lab/staged
	cp repo/.git/objects/"${tip:0:2}/${tip:2}" sound
	for size in 0 3 50 $(($(stat -c %s sound) - 5)); do
		rm -f repo/.git/objects/"${tip:0:2}/${tip:2}"
		head -c "$size" sound >repo/.git/objects/"${tip:0:2}/${tip:2}"
		leaks_and_names "$tip"
		run bounded --branch "${tip:0:8}"
		[ "$status" -eq 2 ]
		[[ $output == *"the commit ${tip:0:8} cannot be read"* ]]
	done
	# And what is staged, where the file is another by now.
	staged=$(git -C repo rev-parse :lab/staged)
	echo >repo/lab/staged
	chmod u+w repo/.git/objects/"${staged:0:2}/${staged:2}"
	truncate -s -5 repo/.git/objects/"${staged:0:2}/${staged:2}"
	run --separate-stderr bounded --no-history
	[ "$status" -eq 3 ]
	[[ $stderr == *"$staged"* ]]
}

# ---- malice ----

@test "names with slashes in them got as far as their tree" {
	git init -q repo
	blob=$(echo x | git -C repo hash-object -w --stdin)
	plain=$(tree "100644 $(token b).py $blob")
	root=$(tree "100644 ../$(token a) $blob" "100644 lab/$(token b).py $blob" \
		"40000 lab $plain" "100644 x/$(token c)/y/ $blob")
	git -C repo update-ref refs/heads/main "$(git -C repo commit-tree -m hostile "$root")"
	for name in a b c; do
		run --separate-stderr bounded --history-only -f jsonl
		[ "$status" -eq 1 ]
		[ -z "$stderr" ]
		jq -es --arg print "$(token "$name" | sha256sum | cut -c 1-32)" \
			'map(select(.secret.fingerprint == $print)) |
			length > 0 and all(.exposure == "committed" and .git.in_head
				and .git.summary == "hostile")' <<<"$output"
	done
	# Both ways to the same path.
	[ "$(jq -s 'map(select(.path | tostring | startswith("lab/"))) | length' <<<"$output")" -ge 1 ]
}

@test "a tree that another name calls a file is read" {
	git init -q repo
	blob=$(echo x | git -C repo hash-object -w --stdin)
	inner=$(tree "100644 $(token a) $blob")
	root=$(tree "100644 a $inner" "40000 b $inner")
	git -C repo update-ref refs/heads/main "$(git -C repo commit-tree -m hostile "$root")"
	run --separate-stderr bounded --history-only -j 1
	[ "$status" -eq 1 ]
	[[ $output == *"a/hf_"*"at 1 more path too"* ]]
}

@test "deltas of each other end" {
	history
	hostile <<-'END'
		ring = delta(8, 8, copy(0, 8))
		a, b, c = b"\xaa" * 20, b"\xbb" * 20, b"\xcc" * 20
		made.add(REF_DELTA, ring, name=a, base=b)
		made.add(REF_DELTA, ring, name=b, base=a)
		made.add(REF_DELTA, ring, name=c, base=c)
	END
	run --separate-stderr bounded --history-only
	[ "$status" -eq 1 ]
	for id in a b c; do
		[[ $stderr == *"object $(name $id): what it is a delta of is missing or broken"* ]]
	done
	# Tracked files are read by libgit2, and so is what --since-commit names.
	echo changed >repo/ringed
	git -C repo update-index --add --cacheinfo "100644,$(name a),ringed"
	run --separate-stderr bounded
	[ "$status" -eq 1 ]
	[[ $stderr == *"ringed"* ]]
	name a >repo/.git/refs/heads/main
	run --separate-stderr bounded --since-commit HEAD
	[[ $stderr == *"there is no commit called"* ]]
}

@test "a delta that copies from beyond its base, or comes to 2^40 bytes, is told" {
	history
	hostile <<-'END'
		base = made.add(BLOB, b"12345678")
		made.add(OFS_DELTA, delta(8, 8, copy(4, 8)), name=b"\xaa" * 20, base=base)
		made.add(OFS_DELTA, delta(8, 1 << 40, *[copy(0, 8)] * 99), name=b"\xbb" * 20, base=base)
		made.add(OFS_DELTA, delta(9, 8, copy(0, 8)), name=b"\xcc" * 20, base=base)
		made.add(OFS_DELTA, delta(8, 8, copy(0, 8)), name=b"\xdd" * 20, base=base + 1)
		made.add(BLOB, b"12345678", name=b"\xee" * 20, size=1 << 40)
	END
	leaks_and_names "$(name a)" "$(name b)" "$(name c)" "$(name d)" "$(name e)"
}

@test "deltas that come to hundreds of gigabytes end, and hide no other pack" {
	history
	hostile <<-'END'
		size = 16 << 20
		most = copy(0, size - 2 & 0xffffff)
		base = made.add(BLOB, b"hf_" + b"\0" * (size - 3))
		for i in range(8000):
		    end = insert(b"%02d" % (i % 100))
		    base = made.add(OFS_DELTA, delta(size, size, most, end), base=base,
		                    name=b"\xbb" * 16 + i.to_bytes(4, "big"))
	END
	[ "$(stat -c %s repo/.git/objects/pack/pack-hostile.pack)" -lt 500000 ]
	run --separate-stderr timeout 120 "$HFSCAN" --history-only --max-memory 100M repo
	[ "$status" -eq 1 ]
	[[ $output == *"User access token"* ]]
	[[ $stderr == *"object bbbb"*": the deltas of its pack come to too much: it was not rebuilt"* ]]
	[[ $stderr != *"$(git -C repo rev-parse HEAD:file)"* ]]
}

# The limit of one pack of two is 4 GiB and some. No option raises it.
@test "where that leaves out folders, the trace says so" {
	history
	plant b repo/leak.py
	git -C repo add leak.py
	git -C repo commit -q -m leak
	hostile <<-'END'
		size = 16 << 20
		most = copy(0, size - 2 & 0xffffff)
		base = made.add(BLOB, b"hf_" + b"\0" * (size - 3))
		for i in range(52):
		    end = insert(b"%02d" % (i % 100))
		    base = made.add(OFS_DELTA, delta(size, size, most, end), base=base,
		                    name=b"\xbb" * 16 + i.to_bytes(4, "big"))
		made.add(TREE, b"100644 a\0" + b"\xbb" * 20)
	END
	run --separate-stderr timeout 120 "$HFSCAN" --history-only -j 1 --max-memory 100M repo
	[ "$status" -eq 1 ]
	[[ $stderr == *": the deltas of a pack come to too much: not every folder was read"* ]]
	[[ $stderr != *"--max-memory"* ]]
}

@test "what is larger than memory is told, or read in pieces" {
	history
	hostile <<-'END'
		made.add(BLOB, b"\0" * (150 << 20))
		made.add(COMMIT, b"\0" * (150 << 20), name=b"\xaa" * 20)
		base = made.add(BLOB, b"x" * (1 << 20))
		copies = [copy(0, 1 << 20)] * 1000
		made.add(OFS_DELTA, delta(1 << 20, 1000 << 20, *copies), name=b"\xbb" * 20, base=base)
	END
	leaks_and_names "$(name a)"
}

@test "what fits into memory when it is put together is read, if not the quicker way" {
	history
	hostile <<-END
		old, new = b"x" * (10 << 20), b"y" * 126 + b"\\n"
		base = made.add(BLOB, old)
		lines = [bytes([len(new)]) + new] * (1 << 15)
		key = b"key = $(token b)\\n"
		size = (127 << 15) + len(key) + (6 << 20)
		made.add(OFS_DELTA, base=base, name=b"\\xaa" * 20, data=delta(len(old), size,
		    *lines, bytes([len(key)]) + key, *[copy(0, 1 << 20)] * 6))
	END
	run --separate-stderr bounded --history-only -j 1 --max-memory 28M
	[[ $stderr != *"takes more memory"* ]]
	[[ $output == *"2 secrets"* ]]
}

@test "a blob that is read in pieces and turns out broken is told" {
	history
	hostile <<-'END'
		zeros = zlib.compress(b"\0" * (40 << 20))
		made.add(BLOB, b"", size=40 << 20, name=b"\xaa" * 20, stream=zeros[:len(zeros) // 2])
		made.add(BLOB, b"", size=40 << 20, name=b"\xbb" * 20, stream=zeros[:-4] + b"oops")
		made.add(BLOB, b"", size=50 << 20, name=b"\xcc" * 20, stream=zeros)
		made.add(BLOB, b"", size=39 << 20, name=b"\xdd" * 20, stream=zeros)
	END
	leaks_and_names "$(name a)" "$(name b)" "$(name c)" "$(name d)"
}

@test "thousands of deltas in a row are told when the first is broken" {
	history
	hostile <<-'END'
		base = made.add(BLOB, b"12345678", name=b"\0" * 20, stream=b"broken")
		for i in range(9000):
		    name = hashlib.sha1(b"%d" % i).digest()
		    base = made.add(OFS_DELTA, delta(8, 8, copy(0, 8)), base=base, name=name)
	END
	leaks_and_names "$(name 0)" # named first: stderr shows only some
}

@test "a hundred commits of a hundred thousand parents each stay small" {
	history
	hostile <<-'END'
		block = (b"parent " + b"1" * 40 + b"\n") * 100
		end = b"author a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nwords\n"
		commit = b"tree " + b"1" * 40 + b"\n" + block + end
		base = made.add(COMMIT, commit, name=b"\xaa" * 20)
		many = [copy(46, len(block))] * 1000
		size = 46 + 1000 * len(block) + len(end)
		for i in range(100):
		    made.add(OFS_DELTA, base=base, name=b"%020d" % i, data=delta(
		        len(commit), size, copy(0, 46), *many, copy(len(commit) - len(end), len(end))))
	END
	leaks_and_names "it names too many parents"
}

@test "commits, trees and tags that lead to themselves end" {
	history
	hostile <<-'END'
		a, b, c, d = (bytes([byte]) * 20 for byte in (0xaa, 0xbb, 0xcc, 0xdd))
		person = b"author a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nwords\n"
		made.add(COMMIT, b"tree %s\nparent %s\nparent %s\n" % (
			b.hex().encode(), a.hex().encode(), planted.hex().encode()) + person, name=a)
		made.add(TREE, b"40000 x\0" + b + b"40000 y\0" + c, name=b)
		made.add(TREE, b"40000 x\0" + c + b"40000 y\0" + b, name=c)
		made.add(TAG, b"object " + d.hex().encode() + b"\ntype tag\ntag t\n\nwords\n", name=d)
	END
	name a >repo/.git/refs/heads/self
	name d >repo/.git/refs/tags/self
	leaks_and_names "$(name d)"
	run bounded --history-only --all-names --check-connectivity
	[ "$status" -eq 1 ]
}

@test "trees that are none are told" {
	history
	hostile <<-'END'
		made.add(BLOB, b"12345678", name=b"\xaa" * 20)
		made.add(TREE, b"10x644 f\0" + planted + b"100644 g\0" + planted, name=b"\xbb" * 20)
		made.add(TREE, b"40000 a\0" + b"\xaa" * 20 + b"40000 b\0" + b"\xbb" * 20, name=b"\xcc" * 20)
		end = b"\nauthor a <a> 1 +0000\n\nwords\n"
		made.add(COMMIT, b"tree " + b"c" * 40 + end, name=b"\xdd" * 20)
	END
	name d >repo/.git/refs/heads/other
	leaks_and_names "$(name a)" "$(name b)"
}

@test "a folder of folders of folders does not multiply" {
	history
	hostile <<-'END'
		made.add(BLOB, b"words\n")
		mode, held = b"100644", made.rows[-1][0]
		for _ in range(12):
		    made.add(TREE, b"".join(mode + b" f%d\0" % i + held for i in range(10)))
		    mode, held = b"40000", made.rows[-1][0]
		end = b"\nauthor a <a> 1 +0000\n\nwords\n"
		made.add(COMMIT, b"tree " + held.hex().encode() + end, name=b"\xaa" * 20)
	END
	name a >repo/.git/refs/heads/bomb
	leaks_and_names
}

@test "nor do the paths of a token that such folders hold" {
	history
	hostile <<-END
		made.add(BLOB, b"key = $(token b)\\n")
		mode, held = b"100644", made.rows[-1][0]
		for _ in range(6):
		    made.add(TREE, b"".join(mode + b" f%05d\\0" % i + held for i in range(20000)))
		    mode, held = b"40000", made.rows[-1][0]
		end = b"\\nauthor a <a> 1 +0000\\n\\nwords\\n"
		made.add(COMMIT, b"tree " + held.hex().encode() + end, name=b"\\xaa" * 20)
	END
	name a >repo/.git/refs/heads/bomb
	leaks_and_names
	run bounded --history-only
	[[ $output == *"at 49,999 more paths too"* ]]
}

# ---- the files around ----

@test "pipes and links to devices in the place of git's files hold nothing up" {
	for file in HEAD shallow packed-refs refs/heads/pipe logs/HEAD objects/info/alternates index \
		objects/pack/multi-pack-index objects/pack/pack-1.pack objects/pack/pack-1.idx; do
		for make in mkfifo "ln -s /dev/zero"; do
			history
			mkdir -p "$(dirname "repo/.git/$file")"
			rm -f "repo/.git/$file"
			$make "repo/.git/$file"
			run bounded --history-only
			echo "$make $file: $status $output" >&2
			[ "$status" -eq 1 ] || [ "$status" -eq 3 ]
			run bounded
			[ "$status" -eq 1 ] || [ "$status" -eq 3 ]
		done
	done
}

@test "alternates in a ring, or not there, end" {
	history
	echo "$PWD/repo/.git/objects" >repo/.git/objects/info/alternates
	run --separate-stderr bounded --history-only
	[ "$status" -eq 1 ]
	[ -z "$stderr" ]
	echo "$PWD/nowhere" >>repo/.git/objects/info/alternates
	leaks_and_names nowhere
}

@test "a repository without its objects is not green" {
	history
	rm -rf repo/.git/objects/*
	run --separate-stderr bounded --history-only
	[ "$status" -eq 3 ]
	rm -rf repo/.git/objects
	run --separate-stderr bounded --history-only
	[ "$status" -eq 3 ]
}

@test "refs, packed refs and shallow files of garbage are told" {
	history
	head -c 100 /dev/zero >repo/.git/refs/heads/zeros
	head -c 100 /dev/zero >repo/.git/packed-refs
	printf 'x\0y\n' >repo/.git/shallow
	leaks_and_names refs/heads/zeros packed-refs shallow
}

@test "refs in links to their own folder do not multiply" {
	history
	for i in 1 2 3 4; do
		ln -s . "repo/.git/refs/heads/link$i"
	done
	leaks_and_names refs/heads/link4
}

# Between two looks at the pack, which nobody can ask for: after a millisecond more each time.
@test "a pack that is cut short while it is read ends the run with a line, never green" {
	git init -q repo
	python3 -c 'import base64, os; print(base64.b64encode(os.urandom(12 << 20)).decode())' >repo/noise
	git -C repo add .
	git -C repo commit -q -m noise
	git -C repo repack -adq
	python3 - "$HFSCAN" repo/.git/objects/pack/*.pack <<-'END'
		import os, signal, subprocess, sys, time
		hfscan, pack = sys.argv[1:]
		whole = open(pack, "rb").read()
		os.chmod(pack, 0o600)
		for attempt in range(300):
		    open(pack, "wb").write(whole)
		    run = subprocess.Popen([hfscan, "--history-only", "-j1", "repo"], text=True,
		                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
		    time.sleep(attempt / 1000)
		    run.send_signal(signal.SIGSTOP)
		    os.truncate(pack, 4096)
		    run.send_signal(signal.SIGCONT)
		    out, err = run.communicate(timeout=60)
		    print(run.returncode, err, file=sys.stderr)
		    if run.returncode == 2:
		        assert out == "" and err.startswith("hfscan: a file was cut short"), (out, err)
		        assert err.count("\n") == 1, err
		        sys.exit(0)
		    assert run.returncode in (0, 3), run.returncode # it was read before, or not at all
		sys.exit("it was never caught in time")
	END
}

@test "a line is gone through once, however many tokens it has" {
	git init -q .
	python3 - "$(token a)" "$(token b)" >lines.csv <<-'EOF'
		import sys
		sys.stdout.write("ñ " * 2000000)
		for n in range(40000):
		    sys.stdout.write(sys.argv[1 + n % 2] + " ñ" * 20)
	EOF
	git add . && git commit -qm one
	run timeout 60 "$HFSCAN" -q -f jsonl -o ../report --history-only .
	[ "$status" -eq 1 ]
	[ "$(tail -n 2 ../report | jq -c 'select(.rule) | [.line, .column]')" = "[1,$((4000000 + 39999 * 77 + 1))]" ]
}
