#!/usr/bin/env bats
# Where the tokens that a run sees go to: nowhere. Each run is watched from outside, so that
# whatever it writes counts, to whichever file, and also if that is removed again.
load ../cli/helper
load serve

setup_file()
{
	if ! strace -o /dev/null true 2>/dev/null; then
		[ -z "${CI-}" ] || return 1
		export UNWATCHED=1
	fi
}

# watched STATUS ARG...: hfscan ends with that, and no token is in what it writes or what it
# starts other programs with: their arguments and environment.
watched()
{
	local want=$1 got=0
	shift
	[ -z "${UNWATCHED-}" ] || skip "strace cannot watch here"
	timeout 60 strace -f -v -s 1000000 -e trace=execve,write,writev,pwrite64,pwritev \
		-o ../trace "$HFSCAN" "$@" <"${input:-/dev/null}" >../out 2>../err || got=$?
	[ "$got" -eq "$want" ] || { echo "$*: $got"; cat ../err; return 1; } >&2
	sed -i 1d ../trace # how this test itself started it
	if grep "$secrets" ../trace ../out ../err >../told; then
		{ echo "in: $*"; cut -c1-300 ../told; } >&2
		return 1
	fi
}

# What nobody may write: the bodies of the tokens, so that no prefix hides one.
secrets_are()
{
	secrets=$(for name in "$@"; do token "$name" | cut -c4-; done | paste -sd'|' | sed 's/|/\\|/g')
}

# A repository with one token in a file, one in its history, and one staged.
repository()
{
	git init -q .
	plant b b.py
	git add . && git commit -qm "uses $(token d)"
	plant a b.py
	git commit -qam two
	plant c c.py
	git add c.py
	secrets_are a b c d e
}

@test "no report tells a token, in any format, however much is told" {
	local format
	repository
	for format in $("$HFSCAN" -f nothing 2>&1 | sed 's/.*one of: //'); do
		watched 1 -f "$format" .
		watched 1 -v -f "$format" -o ../report . || return 1
		run ! grep -q "$secrets" ../report
	done
	[ "$format" = junit ] # the last one: all were tried
}

@test "no verb tells a token" {
	repository
	watched 1 --staged
	watched 1 --lang es -v --report json=../r.json --report html=../r.html .
	watched 1 ci --range HEAD~1..HEAD
	watched 1 hook run pre-commit
	watched 0 baseline create
	watched 0 baseline show
}

# asked_in_all_ways CODE: a scan, verify and revoke of a server that plays something; verify
# ends with that.
asked_in_all_ways()
{
	input=
	watched 1 --verify --verify-timeout 1 -q . || return 1
	watched 1 --verify --verify-timeout 1 -v -f json . || return 1
	input=../tokens
	watched "$1" verify --verify-timeout 1 || return 1
	watched 3 revoke --yes --verify-timeout 1
}

@test "no way in which asking ends tells a token" {
	local play
	repository
	for name in a b; do token $name; echo; done >../tokens
	for play in live=1 echo=1 dead=0 html=3 broken=3 limited=3 redirect=3 cut=3 hang=3 large=3; do
		rm -f ../port ../log
		serve "${play%=*}"
		asked_in_all_ways "${play#*=}" || { echo "$play" >&2; return 1; }
		kill "$server"
	done
	rm -f ../port
	serve revoke
	input=../tokens
	watched 0 revoke --yes
	HF_ENDPOINT=${HF_ENDPOINT/http:/https:} asked_in_all_ways 3
	HF_ENDPOINT=http://127.0.0.1:9 asked_in_all_ways 3
	HF_HUB_OFFLINE=1 watched 2 verify
}

@test "a token in the wrong place is not told back" {
	secrets_are e
	HF_ENDPOINT="https://$(token e).example.org" watched 2 verify
	HF_ENDPOINT="https://$(token e)" watched 2 verify
	HF_ENDPOINT="$(token e)" watched 2 verify
	watched 2 verify "$(token e)"
	watched 2 revoke "$(token e)"
	watched 2 verify --from-report "$(token e)"
	watched 2 "--no-such-option=$(token e)" .
	watched 2 "./$(token e)"
	watched 2 "$(token e)"
	watched 2 -f "$(token e)" .
	watched 2 explain "$(token e)"
	watched 2 --write-replacements "$(token e)/f" .
}

@test "a report that is read again tells no token" {
	serve dead
	repository
	run -1 hfscan -f json -o ../report.json .
	watched 0 verify --from-report ../report.json
}

@test "only the file of replacements holds tokens" {
	[ -z "${UNWATCHED-}" ] || skip "strace cannot watch here"
	repository
	mkdir ../elsewhere
	timeout 60 strace -f -y -s 1000000 -e trace=write,writev,pwrite64,pwritev -o ../trace \
		"$HFSCAN" --write-replacements ../elsewhere/r.txt -v . >../out 2>../err || [ $? -eq 1 ]
	grep -q "$secrets" ../elsewhere/r.txt
	[ "$(stat -c %a ../elsewhere/r.txt)" = 600 ]
	run ! grep -q "$secrets" ../out ../err
	run ! grep -q "write.*$secrets" <(grep -v 'elsewhere/r.txt>' ../trace)
}
