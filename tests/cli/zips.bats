#!/usr/bin/env bats
# Zip files that do not say the same everywhere: whatever Python, unzip or 7-Zip bring to
# light of them is found, or the run says that it is incomplete.
load helper

zips()
{
	python3 "$BATS_TEST_DIRNAME/zips.py" "$@"
}

# What was found of the tokens a (1) and b (2), and where.
found()
{
	local n=1
	for name in a b; do
		jq -r --arg n "$n" --arg fingerprint "$(token "$name" | sha256sum | cut -c 1-32)" \
			'select(.secret.fingerprint == $fingerprint) | "\($n) \(.member)"' report
		n=2
	done
}

@test "nothing that others unpack is passed over in silence" {
	zips kinds >kinds
	[ "$(wc -l <kinds)" -ge 34 ]
	while read -r kind; do
		zips "$kind" odd.zip "$(token a)" "$(token b)"
		reported odd.zip
		found >ours
		for n in $(zips unpack odd.zip "$(token a)" "$(token b)"); do
			grep -q "^$n " ours || [ -s errors ] || { echo "$kind: $n"; false; }
		done
		# A member is told once, and what is wrong in one line.
		[ "$(sort ours | uniq -d)" = "" ] || { echo "$kind"; cat ours; false; }
		[ "$(wc -l <errors)" -le 1 ] || { echo "$kind"; cat errors; false; }
	done <kinds
}

# all KIND...: both tokens are found in these, and nothing is wrong with them.
all()
{
	for kind; do
		zips "$kind" odd.zip "$(token a)" "$(token b)"
		reported odd.zip
		[ ! -s errors ] || { echo "$kind"; cat errors; false; }
		[ "$(found | cut -d ' ' -f 1 | tr '\n' ' ')" = "1 2 " ] || { echo "$kind"; found; false; }
	done
}

# told WHAT KIND...: these are incomplete, even without a token, and say so.
told()
{
	local what=$1
	shift
	for kind; do
		zips "$kind" odd.zip nothing "nothing else"
		reported odd.zip
		[ "$status" -eq 3 ] || { echo "$kind: $status"; false; }
		grep -qF "$what" errors || { echo "$kind"; cat errors; false; }
	done
}

@test "members that the directory does not list are read" {
	all whole not_listed not_listed_first not_listed_in_two_places not_listed_with_descriptor none_listed between_members other_name
	all in_64_bits descriptor descriptor_without_magic same_name zeros_behind
}

@test "an archive behind a program, a picture or another archive is read" {
	all behind_a_program behind_a_picture behind_a_script joined joined_by_the_thousand comment_is_an_archive
	all in_a_zip behind_a_program_with_a_comment behind_a_small_program_with_a_comment in_a_signed_program \
		in_a_program_with_much_behind two_in_a_program in_a_page as_far_as_unzip_looks much_behind stored_in_a_zip
	zips behind_a_program setup.exe "$(token a)" "$(token b)"
	# Where it goes by, as in a tar archive that is compressed.
	tar -czf setup.tgz setup.exe
	reported setup.tgz
	[ "$(found)" = $'1 setup.exe!/first.py\n2 setup.exe!/second.py' ]
	# Too large to be held in case that its end is one.
	{ printf MZ; head -c 20M /dev/zero; cat setup.exe; } >large.exe
	tar -czf large.tgz large.exe
	reported large.tgz
	[ "$status" -eq 3 ]
	[ "$(cat errors)" = "hfscan: large.tgz!/large.exe: ends in an archive, which would have to be held: it was not looked into" ]
	reported large.exe
	[ "$status" -eq 1 ]
	reported --max-depth 0 setup.exe
	[ "$status" -eq 0 ]
	# Through a pipe, and in an archive, a comment does not hide it, either.
	for kind in behind_a_program_with_a_comment in_a_program_with_much_behind; do
		zips $kind setup.exe "$(token a)" "$(token b)"
		reported - <setup.exe
		[ ! -s errors ]
		[ "$(found)" = $'1 first.py\n2 second.py' ]
		tar -czf setup.tgz setup.exe
		reported setup.tgz
		[ ! -s errors ]
		[ "$(found)" = $'1 setup.exe!/first.py\n2 setup.exe!/second.py' ]
	done
	zips in_a_page page.html "$(token a)" "$(token b)"
	tar -czf page.tgz page.html
	reported page.tgz
	[ "$(cat errors)" = "hfscan: page.tgz!/page.html: ends in an archive, which would have to be held: it was not looked into" ]
	# Programs that read archives know how their ends begin.
	for program in unzip zip python3 git; do
		program=$(readlink -f "$(command -v $program)")
		reported "$program"
		[ "$status" -eq 0 ] && [ ! -s errors ]
	done
}

@test "an archive behind a program is found in history, too" {
	git init -q
	zips behind_a_program setup.exe nothing "nothing else"
	git add . && git commit -qm one
	zips behind_a_program setup.exe "$(token a)" "$(token b)"
	git add . && git commit -qm two
	git rm -q setup.exe && git commit -qm none
	git gc -q
	reported --history-only .
	[ "$(found)" = $'1 first.py\n2 second.py' ]
}

@test "an archive is found in history though its end comes by a delta" {
	git init -q
	zips behind_a_picture clean.exe "$(token a)" "$(token b)"
	# The larger one is the base, which ends in something else.
	{ cat clean.exe && seq 1000; } >setup.exe
	git add setup.exe
	git commit -qm one
	mv clean.exe setup.exe
	git add setup.exe
	git commit -qm two
	git rm -q setup.exe
	git commit -qm three
	git repack -adfq --depth=50 --window=50
	git verify-pack -v .git/objects/pack/*.idx |
		grep "^$(git rev-parse HEAD~1:setup.exe).* 1 $(git rev-parse HEAD~2:setup.exe)"
	reported --history-only .
	[ "$(found)" = $'1 first.py\n2 second.py' ]
}

@test "what does not add up is told" {
	told "is damaged" counts_too_few counts_too_many directory_too_short directory_elsewhere too_few_in_64_bits \
		sizes_only_in_directory size_lies packed_size_lies stored_says_one_place stored_says_the_other \
		encrypted_says_one_place wrong_sum
	told "is packed in a way that cannot be read" method_of_nobody folder_with_bytes
}

@test "a directory of 65536 members, whose number has no room, is read" {
	plant a first.py
	python3 - first.py many.zip <<'EOF'
import io, struct, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("first.py", open(sys.argv[1]).read() + "# so that it is packed\n" * 50)
    for i in range(65535):
        z.writestr(str(i), "")
data = out.getvalue()
size, offset = struct.unpack("<QQ", data[-22 - 20 - 16:-22 - 20])
end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0, 0, size, offset, 0)
open(sys.argv[2], "wb").write(data[:-22 - 20 - 56] + end)
EOF
	run -1 hfscan -q many.zip
	[[ $output == *"many.zip › first.py:1"* ]]
	[[ $output != *"damaged"* ]]
}
