#!/usr/bin/env bats
# The command line itself, what is made from its table, and what surrounds it:
# installing, the README, the set-up scripts.
load helper

options_of_help()
{
	hfscan --help | grep -oE -- '--[a-z][a-z-]+' | sort -u
}

@test "--help and --version" {
	run --separate-stderr hfscan --help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == *--files-from* ]]
	run --separate-stderr hfscan --version
	[ "$status" -eq 0 ]
	[[ $output =~ ^hfscan\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "each part of --help and of the manual page stands there once" {
	[ -z "$(hfscan --help | grep -E '^[A-Z].*:$' | sort | uniq -d | grep -v '^Exit code:$')" ]
	[ -z "$(hfscan --generate man | grep -E '^\.S[SH]' | sort | uniq -d)" ]
}

@test "no line of --help is wider than a terminal" {
	[ -z "$(hfscan --help | awk 'length($0) > 80')" ]
}

@test "every mistake ends with 2 and one line that names it" {
	while IFS='|' read -r words named; do
		# shellcheck disable=SC2086
		run --separate-stderr hfscan $words </dev/null
		echo "$words: $status: $stderr"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == *"$named"* ]]
	done <<-'END'
		--formt json .|--formt
		-Z .|-Z
		-j|-j
		-j 0 .|-j
		-j many .|-j
		-f yaml .|yaml
		--quiet=yes .|--quiet
		--lang xx .|xx
		--color sometimes .|sometimes
		--rules nowhere .|nowhere
		--no-default-rules .|--rules
		--files-from nowhere|nowhere
		--repos-from nowhere|nowhere
		--repos-from - -|--repos-from
		--repos-from - --files-from -|--repos-from
		--staged --repos-from list|--repos-from
		-0 .|--null
		--generate pdf|pdf
		nowhere|nowhere
		. nowhere|nowhere
		rules explode|explode
		rules explain|explain
		rules explain nothing|nothing
	END
}

@test "options may stand after paths, and -- ends them" {
	plant a lab.py
	run --separate-stderr hfscan lab.py -f json
	[ "$status" -eq 1 ]
	[[ $output == '{"schema":1'* ]]
	plant a ./-f
	run --separate-stderr hfscan -q -- -f
	[ "$status" -eq 1 ]
}

@test "the verb is optional, and a folder of its name has a path" {
	mkdir rules
	plant a rules/lab.py
	run --separate-stderr hfscan scan -q rules
	[ "$status" -eq 1 ]
	run --separate-stderr hfscan -q ./rules
	[ "$status" -eq 1 ]
	run --separate-stderr hfscan rules list
	[ "$status" -eq 0 ]
}

@test "the rules are listed, explained and hold to their examples" {
	run --separate-stderr hfscan rules list
	[ "$status" -eq 0 ]
	[[ $output == *hf-user-access-token* ]]
	for id in $(hfscan rules list | grep -oE '\b(hf|oauth|api)-[a-z0-9-]+\b' | sort -u); do
		run --separate-stderr hfscan rules explain "$id"
		[ "$status" -eq 0 ]
		run --separate-stderr hfscan --lang es rules explain "$id"
		[ "$status" -eq 0 ]
	done
	run --separate-stderr hfscan rules check
	[ "$status" -eq 0 ]
}

@test "the man page is one, without a warning" {
	hfscan --generate man >hfscan.1
	run --separate-stderr env MANWIDTH=80 man --warnings -E UTF-8 -l ./hfscan.1
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	for option in $(options_of_help); do
		grep -qF -- "${option//-/\\-}" hfscan.1
	done
}

@test "the completions are read by their shells and know every option" {
	for shell in bash zsh fish; do
		hfscan --generate "$shell" >"hfscan.$shell"
		for option in $(options_of_help); do
			grep -qF -- "${option#--}" "hfscan.$shell"
		done
	done
	bash -n hfscan.bash
	zsh -n hfscan.zsh
	fish --no-execute hfscan.fish
}

@test "bash completes an option" {
	hfscan --generate bash >hfscan.bash
	run bash --norc -c '
		. ./hfscan.bash
		how=$(complete -p hfscan)
		how=${how##*-F }
		COMP_WORDS=(hfscan --files) COMP_CWORD=1
		"${how%% *}" hfscan --files hfscan
		printf "%s\n" "${COMPREPLY[@]}"'
	[[ $output == *--files-from* ]]
}

@test "install and uninstall leave nothing behind" {
	export DESTDIR=$BATS_TEST_TMPDIR/root
	run env -u MAKEFLAGS -u MFLAGS -u MODE make -s -C "$TOP" install PREFIX=/usr
	[ "$status" -eq 0 ]
	"$DESTDIR/usr/bin/hfscan" --version
	[ -s "$DESTDIR/usr/share/man/man1/hfscan.1" ]
	grep -q DESCRIPCIÓN "$DESTDIR/usr/share/man/es/man1/hfscan.1"
	run env -u MAKEFLAGS -u MFLAGS -u MODE make -s -C "$TOP" uninstall PREFIX=/usr
	[ "$status" -eq 0 ]
	[ -z "$(find "$DESTDIR" -type f)" ]
}

# sh_blocks HEADING: the commands of the `sh` blocks under it.
sh_blocks()
{
	awk -v heading="$1" '
		/^## / { here = ($0 == "## " heading) }
		/^```/ { inside = here && $0 == "```sh"; if (inside) print "--"; next }
		inside' "$TOP/README.md"
}

@test "the README starts with two commands, each in its own block" {
	run sh_blocks "Quick start"
	[ "$output" = "--
sh ci/run.sh .
--
sh ci/test.sh" ]
}

@test "the example in the README is what is printed" {
	mkdir -p homework/unit1
	"$EXPAND" <"$TOP/tests/cases/one-token-in-a-script/tree/unit1/lab.py" >homework/unit1/lab.py
	run --separate-stderr hfscan homework
	sed -n '/^\$ hfscan homework$/,/^```$/p' "$TOP/README.md" | sed '1d;$d' >shown
	diff <(sed 's/ in [0-9.]* s$//' shown) <(echo "$output" | sed 's/ in [0-9.]* s$//')
}

@test "the README names every exit code and no option that is not there" {
	for option in $(grep -oE -- '--[a-z][a-z-]+' "$TOP/README.md" | sort -u); do
		case $option in
		--build-only | --replace-text) ;; # of ci/run.sh and of git filter-repo
		*) options_of_help | grep -qx -- "$option" ;;
		esac
	done
	for code in 0 1 2 3; do
		grep -q "^| $code | " "$TOP/README.md"
	done
}

@test "ci/run.sh gives hfscan's report and exit code" {
	plant a lab.py
	run --separate-stderr env -u MAKEFLAGS -u MFLAGS sh "$TOP/ci/run.sh" . -f json
	[ "$status" -eq 1 ]
	jq -e '.findings[0].path == "lab.py"' <<<"$output"
	rm lab.py
	run --separate-stderr env -u MAKEFLAGS -u MFLAGS sh "$TOP/ci/run.sh"
	[ "$status" -eq 0 ]
	run --separate-stderr env -u MAKEFLAGS -u MFLAGS sh "$TOP/ci/run.sh" --build-only
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

# A machine that has only these programs.
bare_machine()
{
	mkdir bin
	for program in sh dirname sed grep paste cat mktemp tail rm env; do
		ln -s "$(command -v "$program")" bin
	done
}

fake()
{
	printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
	chmod +x "bin/$1"
}

@test "ci/run.sh that cannot be set up says what to install, and ends with 2" {
	bare_machine
	run --separate-stderr env PATH="$PWD/bin" "$(command -v sh)" "$TOP/ci/run.sh" .
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *"please install: "*libgit2* ]]

	fake apt-get 'exit 100'
	fake id 'echo 1000'
	run --separate-stderr env PATH="$PWD/bin" "$(command -v sh)" "$TOP/ci/run.sh" .
	[ "$status" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *"as root, with apt: "*libgit2-dev* ]]

	fake id 'echo 0'
	run --separate-stderr env PATH="$PWD/bin" "$(command -v sh)" "$TOP/ci/run.sh" .
	[ "$status" -eq 2 ]
	[[ ${stderr_lines[-1]} == *"could not install with apt: "*libgit2-dev* ]]
}

@test "only the package manager is run with sudo" {
	bare_machine
	fake apt-get 'exit 0'
	fake id 'echo 1000'
	fake sudo "echo \"\$*\" >>'$PWD/asked'"
	run --separate-stderr env PATH="$PWD/bin" "$(command -v sh)" "$TOP/ci/run.sh" .
	[ "$status" -eq 2 ]
	[ -z "$(grep -vE '^(env DEBIAN_FRONTEND=noninteractive )?apt-get ' asked)" ]
	grep -q 'install .*libgit2-dev' asked
}

@test "what was meant by a word that names no file is said" {
	run --separate-stderr hfscan help
	[ "$status" -eq 2 ]
	[ "$stderr" = 'hfscan: help: no such file or folder; did you mean `hfscan --help`?' ]
	run --separate-stderr hfscan verfy
	[ "$stderr" = 'hfscan: verfy: no such file or folder; did you mean `hfscan verify`?' ]
	run --separate-stderr hfscan scan help
	[ "$stderr" = 'hfscan: help: no such file or folder' ]
	run --separate-stderr hfscan "$(printf 'x%.0s' {1..3000})"
	[[ $stderr == *': no such file or folder' || $stderr == *': File name too long' ]]
	run --separate-stderr hfscan https://example.edu/ana/lab.git
	[ "$status" -eq 2 ]
	[[ $stderr == *'`git clone` it'* ]]
}

@test "a hook outside of a repository says where it belongs" {
	run --separate-stderr hfscan hook install
	[ "$status" -eq 2 ]
	[[ $stderr == *'lies in no repository: go into one first, or use --global'* ]]
}
