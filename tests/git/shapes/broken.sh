# shellcheck shell=sh disable=SC2154
# What is missing, broken or hostile. FOLDER/missing names the object that is not there.

# The blob is named only in an older commit.
shape_missing_blob()
{
	shape_clean
	rm -f ".git/objects/$(id HEAD:lab.py | sed 's/../&\//')"
	id HEAD:lab.py >"$folder/missing"
}

shape_missing_old_blob()
{
	shape_clean
	id HEAD~1:lab.py >"$folder/missing"
	rm -f ".git/objects/$(sed 's/../&\//' "$folder/missing")"
}

shape_missing_commit()
{
	shape_clean
	put lab.py 'login(0)'
	commit 'third'
	id HEAD~1 >"$folder/missing"
	rm -f ".git/objects/$(sed 's/../&\//' "$folder/missing")"
}

shape_missing_tree()
{
	shape_clean
	id 'HEAD^{tree}' >"$folder/missing"
	rm -f ".git/objects/$(sed 's/../&\//' "$folder/missing")"
}

shape_broken_blob()
{
	shape_clean
	id HEAD:lab.py >"$folder/missing"
	object=".git/objects/$(sed 's/../&\//' "$folder/missing")"
	chmod u+w "$object"
	printf 'not zlib' >"$object"
}

shape_broken_ref()
{
	shape_clean
	echo 0123456789012345678901234567890123456789 >.git/refs/heads/nowhere
	echo 0123456789012345678901234567890123456789 >"$folder/missing"
}

shape_missing_tagged()
{
	shape_clean
	clock
	git tag -a -m 'of a blob' inner "$(echo 'gone' | git hash-object -w --stdin)"
	git tag -a -m 'of a tag' outer inner
	id 'outer^{}' >"$folder/missing"
	rm -f ".git/objects/$(sed 's/../&\//' "$folder/missing")"
}

shape_sha256()
{
	start repo --object-format=sha256
	put lab.py 'login("@TOKEN:a@")'
	commit 'first'
}

# What a hostile repository could have git run: $folder/ran lists what was.
shape_traps()
{
	start repo
	printf '#!/bin/sh\necho trapped >>"%s"\ncat\n' "$folder/ran" >"$folder/trap"
	chmod +x "$folder/trap"
	echo '*.py filter=evil diff=evil merge=evil' >.gitattributes
	history
	cp -R "$folder/repo" "$folder/reference"
	for key in core.fsmonitor core.pager core.editor core.sshCommand core.askPass core.gitProxy \
		core.alternateRefsCommand filter.evil.clean filter.evil.smudge filter.evil.process \
		diff.evil.textconv diff.evil.command diff.external merge.evil.driver credential.helper \
		gpg.program uploadpack.packObjectsHook pager.log pager.status sequence.editor \
		remote.origin.uploadpack remote.origin.receivepack; do
		git config "$key" "$folder/trap"
	done
	for name in log status cat-file rev-list scan; do
		git config "alias.$name" "!$folder/trap"
	done
	git config filter.evil.required true
	# A hole that a partial clone would ask its remote to fill.
	git config extensions.partialClone origin
	git config core.repositoryFormatVersion 1
	git config remote.origin.promisor true
	git config remote.origin.url "ext::$folder/trap %S"
	git config protocol.ext.allow always
	rm -f ".git/objects/$(id HEAD~2:src/deep/er/model.py | sed 's/../&\//')"
	for hook in post-index-change post-checkout pre-commit post-commit pre-auto-gc fsmonitor-watchman \
		reference-transaction query-watchman post-rewrite; do
		cp "$folder/trap" ".git/hooks/$hook"
	done
	mkdir "$folder/hooks"
	cp .git/hooks/* "$folder/hooks"
	git config core.hooksPath "$folder/hooks"
	rm -f "$folder/ran"
}

# One that git cannot read from the moment it follows an include of the repository's.
shape_includes()
{
	shape_plain
	cp -R "$folder/repo" "$folder/reference"
	printf '[broken\n' >"$folder/broken"
	printf '[include]\n\tpath = %s\n[includeIf "gitdir:%s/"]\n\tpath = %s\n' \
		"$folder/broken" "$folder" "$folder/broken" >>.git/config
}
