#!/usr/bin/env bats
# Secrets in clear for git filter-repo, and nowhere else.
bats_require_minimum_version 1.5.0
load ../cli/helper

leak_and_remove()
{
	git init -q repository
	cd repository
	plant a a.py
	plant b b.py
	git add .
	git commit -qm "for $(token c)"
	echo clean >a.py
	git commit -qam two
	plant d d.py # in no commit
}

@test "the real git filter-repo takes them out of the history" {
	leak_and_remove
	run -1 --separate-stderr hfscan --write-replacements ../../replacements
	[[ $stderr == *"3 secrets written in clear"* ]]
	[ "$(stat -c %a ../../replacements)" = 600 ]
	[ "$(sort ../../replacements)" = "$(for t in a b c; do echo "literal:$(token $t)==>***REMOVED***"; done | sort)" ]
	rm d.py
	git clone -q . ../clone
	cd ../clone
	git filter-repo --quiet --replace-text ../../replacements --replace-message ../../replacements
	run -0 hfscan .
	git log -p --all | grep -qF '***REMOVED***'
}

@test "not in a repository, and over nothing that is there" {
	leak_and_remove
	mkdir sub
	for file in replacements sub/x ./x .git/x "$PWD/x" ../repository/x; do
		run -2 --separate-stderr hfscan --write-replacements "$file"
		[[ $stderr == *"may not lie in a repository"* ]] || return 1
		[ ! -e "$file" ] || return 1
	done
	ln -s "$PWD/sub" ../../link
	run -2 hfscan --write-replacements ../../link/x
	echo mine >../../mine
	run -2 --separate-stderr hfscan --write-replacements ../../mine
	[[ $stderr == *"is there already"* ]]
	[ "$(cat ../../mine)" = mine ]
	ln -s nowhere ../../dangling
	run -2 hfscan --write-replacements ../../dangling
	[ ! -e ../../nowhere ]
	run -2 --separate-stderr hfscan --write-replacements ../../no/folder
}

@test "where nothing leaked into a history there is no file" {
	git init -q repository
	cd repository
	plant a a.py
	run -1 --separate-stderr hfscan --write-replacements ../../replacements
	[[ $stderr == "hfscan: "*": not written: nothing leaked in a history" ]]
	[ ! -e ../../replacements ]
	run -2 hfscan --write-replacements ../../replacements nowhere
	[ ! -e ../../replacements ]
}

@test "the report stays masked" {
	leak_and_remove
	run -1 --separate-stderr hfscan -f json --write-replacements ../../replacements
	[[ $output != *'"clear"'* && $output != *"$(token a)"* && $stderr != *"$(token a)"* ]]
}
