#!/bin/sh
# Builds repositories of every shape with the real git, the same bytes each time.
#
#   sh tests/git/repos.sh SHAPE FOLDER     builds FOLDER/repo, and beside it what it needs
#   sh tests/git/repos.sh --list           names the shapes
#
# Each shape is a function of shapes/*.sh, in the words below. EXPAND names the
# program that makes tokens of placeholders such as @TOKEN:a@ (default: that of
# build/release). Where git could not read what is built, or must not,
# FOLDER/reference is a copy that it can.
set -eu

here=$(cd -- "$(dirname -- "$0")" && pwd)
: "${EXPAND:=$here/../../build/release/expand}"

# ---- words for the shapes ----

# clock: a minute passes, for git.
clock()
{
	now=$((${now:-1767225600} + 60))
	GIT_AUTHOR_DATE="$now +0000" GIT_COMMITTER_DATE="$now +0100"
	export GIT_AUTHOR_DATE GIT_COMMITTER_DATE
}

# tokens TEXT: with its placeholders expanded.
tokens()
{
	printf '%s' "$1" | "$EXPAND"
}

# put FILE TEXT: writes a line of it, in folders that need not be there.
put()
{
	mkdir -p "$(dirname -- "$1")"
	tokens "$2" >"$1"
	echo >>"$1"
}

# commit MESSAGE [OPTION]...: of all there is.
commit()
{
	message=$(tokens "$1")
	shift
	clock
	git add -A
	git commit -q -m "$message" "$@"
}

# start NAME [OPTION]...: a new repository, with us in it.
start()
{
	repo=$1
	shift
	git init -q "$@" "$folder/$repo"
	cd "$folder/$repo"
}

# id REV: of the object.
id()
{
	git rev-parse --verify -q "$1"
}

# noise BYTES SEED: what does not compress and holds nothing, always the same.
noise()
{
	python3 -c '
import random, sys
sys.stdout.buffer.write(random.Random(sys.argv[2]).randbytes(int(sys.argv[1])).translate(
	bytes(b if b != 95 else 45 for b in range(256))))' "$@"
}

# history: some commits of which two hold a token, for shapes that are about how it is kept.
history()
{
	put lab.py 'login("@TOKEN:a@")'
	put src/deep/er/model.py 'import torch'
	commit 'first lab'
	put lab.py 'login()'
	put notes/week1.md 'see the lab'
	commit 'no token any more'
	for week in 2 3 4 5; do
		put "notes/week$week.md" "week $week: nothing to see"
		put src/deep/er/model.py "import torch # $week"
		commit "week $week"
	done
	put src/deep/keys.env 'HF_TOKEN=@TOKEN:b@'
	commit 'keys'
}

# unreachable: a blob, a tree and a commit that nothing names.
unreachable()
{
	tokens 'x = "@TOKEN:lost@"' | git hash-object -w --stdin >/dev/null
	tree=$(printf '100644 blob %s\tgone.py\n' \
		"$(tokens 'y = "@TOKEN:gone@"' | git hash-object -w --stdin)" | git mktree)
	clock
	git commit-tree -m "$(tokens 'gone @TOKEN:t1@')" "$tree" >/dev/null
}

# ---- the way in ----

for file in "$here"/shapes/*.sh; do
	# shellcheck source=/dev/null
	. "$file"
done
if [ "${1-}" = --list ]; then
	sed -n 's/^shape_\([a-z0-9_]*\)()$/\1/p' "$here"/shapes/*.sh
	exit
fi
shape=$1
mkdir -p "$2/home"
folder=$(cd -- "$2" && pwd -P)
# shellcheck disable=SC2046 # one word a variable
unset $(env | sed -n 's/^\(GIT_[A-Z_]*\)=.*/\1/p') XDG_CONFIG_HOME
export HOME="$folder/home" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C TZ=UTC
cat >"$HOME/.gitconfig" <<'END'
[user]
	name = Student
	email = student@example.org
[init]
	defaultBranch = main
[gc]
	auto = 0
[maintenance]
	auto = false
[advice]
	detachedHead = false
[protocol "file"]
	allow = always
END
exec 3>&2 >"$folder/log" 2>&1
trap '[ $? -eq 0 ] || cat "$folder/log" >&3' EXIT
"shape_$shape"
