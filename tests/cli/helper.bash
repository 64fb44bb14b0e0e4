# What the bats files share. HFSCAN and EXPAND come from the Makefile.
bats_require_minimum_version 1.5.0

TOP=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)
: "${HFSCAN:=$TOP/build/release/hfscan}" "${EXPAND:=$TOP/build/release/expand}"
export TOP HFSCAN EXPAND

# Every test in a folder of its own, with nothing of the user's around.
setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir home scanned
	export HOME=$BATS_TEST_TMPDIR/home LC_ALL=C.UTF-8 TERM=xterm GIT_CONFIG_NOSYSTEM=1
	unset CI NO_COLOR LANGUAGE XDG_CONFIG_HOME
	git config --global init.defaultBranch main
	git config --global user.name Student
	git config --global user.email student@example.org
	cd scanned || return 1
}

# Never hangs: 124 is what timeout says then.
hfscan()
{
	timeout 60 "$HFSCAN" "$@"
}

# token NAME: a made-up token, always the same for the same name.
token()
{
	printf '@TOKEN:%s@' "$1" | "$EXPAND"
}

# plant NAME FILE: a line with that token.
plant()
{
	printf 'login("%s")\n' "$(token "$1")" >"$2"
}

# tree ENTRY...: in "repo", of "MODE NAME ID" each, whatever git thinks of it; its id.
tree()
{
	python3 -c '
import os, sys
for entry in sys.argv[1:]:
    about, oid = entry.rsplit(" ", 1)
    sys.stdout.buffer.write(os.fsencode(about) + b"\0" + bytes.fromhex(oid))' "$@" |
		git -C repo hash-object -t tree -w --literally --stdin
}

# reported ARGUMENT...: scans; report, errors and $status are what came of it.
reported()
{
	status=0
	hfscan -f jsonl "$@" >report 2>errors || status=$?
}

# packed MEMBER FILE [OPTION]...: nothing but token a is found in that member of FILE, and
# all of it was read.
packed()
{
	status=0
	hfscan -f jsonl "${@:2}" >report 2>errors || status=$?
	cat report errors
	[ "$status" -eq 1 ]
	[ ! -s errors ]
	[ "$(jq -r 'select(.rule) | "\(.member)|\(.secret.fingerprint)"' report)" = \
		"$1|$(token a | sha256sum | cut -c 1-32)" ]
}

# incomplete FILE: no leak, but the run is incomplete; errors has what it says of it.
incomplete()
{
	status=0
	hfscan -q "$1" >report 2>errors || status=$?
	cat report errors
	[ "$status" -eq 3 ]
	[ ! -s report ]
}

# peak_kb COMMAND...: runs it and prints its peak resident memory; a floor of
# some 10 MB is Python's own.
peak_kb()
{
	python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, timeout=60)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"
}

# on_terminal COMMAND...: runs it with stdout and stderr on a terminal.
on_terminal()
{
	python3 -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$@" </dev/null
}

# Root reads everything: without these capabilities it is a user like any other.
powerless()
{
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --bounding-set=-dac_override,-dac_read_search "$@"
	else
		"$@"
	fi
}

# without_seconds: a report in which only the clock would differ.
without_seconds()
{
	sed -e 's/"seconds":[0-9.e-]*//' -e 's/ in [0-9.]* s\( ·\|<\|$\)/\1/'
}
