# shellcheck shell=sh
# Which packages hfscan needs, in one table, and how each package manager
# installs them. Read by run.sh and test.sh:
#
#   packages_ensure GROUP...    installs what is missing of these groups;
#                               1 and one line on stderr when it cannot
#
# Nothing is asked of the network, and no rights are asked for, while nothing
# is missing. apt is the tested one; the other columns are kept beside it.

# group: build | test | pages | real. check: how to tell that it is there.
#   header:FILE  the C compiler finds that header    lib:NAME   pkg-config knows it
#   cmd:NAME     it is a command                     py:NAME    python3 has that module
# "-": this package manager has none, or the system brings it.
packages_table()
{
	cat <<'TABLE'
# group | check           | apt                  | dnf                    | pacman      | apk             | brew
build   | header:stdio.h  | gcc libc6-dev        | gcc glibc-devel        | gcc         | gcc musl-dev    | -
build   | cmd:make        | make                 | make                   | make        | make            | make
build   | cmd:pkg-config  | pkg-config           | pkgconf-pkg-config     | pkgconf     | pkgconf         | pkgconf
build   | cmd:msgfmt      | gettext              | gettext                | gettext     | gettext         | gettext
build   | lib:libpcre2-8  | libpcre2-dev         | pcre2-devel            | pcre2       | pcre2-dev       | pcre2
build   | lib:libgit2     | libgit2-dev          | libgit2-devel          | libgit2     | libgit2-dev     | libgit2
build   | lib:libcjson    | libcjson-dev         | cjson-devel            | cjson       | cjson-dev       | cjson
build   | lib:nettle      | nettle-dev           | nettle-devel           | nettle      | nettle-dev      | nettle
build   | lib:libdeflate  | libdeflate-dev       | libdeflate-devel       | libdeflate  | libdeflate-dev  | libdeflate
build   | lib:zlib        | zlib1g-dev           | zlib-devel             | zlib        | zlib-dev        | -
build   | lib:libcurl     | libcurl4-openssl-dev | libcurl-devel          | curl        | curl-dev        | curl
build   | lib:libarchive  | libarchive-dev       | libarchive-devel       | libarchive  | libarchive-dev  | libarchive
build   | header:sqlite3.h | libsqlite3-dev      | sqlite-devel           | sqlite      | sqlite-dev      | sqlite
test    | lib:cmocka      | libcmocka-dev        | libcmocka-devel        | cmocka      | cmocka-dev      | cmocka
test    | cmd:bats        | bats                 | bats                   | bats        | bats            | bats-core
test    | cmd:clang       | clang                | clang                  | clang       | clang           | llvm
test    | cmd:valgrind    | valgrind             | valgrind               | valgrind    | valgrind        | -
test    | cmd:git         | git                  | git-core               | git         | git             | git
test    | cmd:git-filter-repo | git-filter-repo  | git-filter-repo        | git-filter-repo | git-filter-repo | git-filter-repo
test    | cmd:jq          | jq                   | jq                     | jq          | jq              | jq
test    | cmd:parallel    | parallel             | parallel               | parallel    | parallel        | parallel
test    | cmd:python3     | python3              | python3                | python      | python3         | python3
test    | py:yaml         | python3-yaml         | python3-pyyaml         | python-yaml | py3-yaml        | -
test    | cmd:openssl     | openssl              | openssl                | openssl     | openssl         | openssl
test    | cmd:zip         | zip                  | zip                    | zip         | zip             | zip
test    | cmd:7zz         | 7zip                 | 7zip                   | 7zip        | 7zip            | sevenzip
test    | cmd:bzip2       | bzip2                | bzip2                  | bzip2       | bzip2           | bzip2
test    | cmd:xz          | xz-utils             | xz                     | xz          | xz              | xz
test    | cmd:zstd        | zstd                 | zstd                   | zstd        | zstd            | zstd
test    | cmd:lz4         | lz4                  | lz4                    | lz4         | lz4             | lz4
test    | cmd:lzip        | lzip                 | lzip                   | lzip        | lzip            | lzip
test    | cmd:compress    | ncompress            | ncompress              | ncompress   | ncompress       | -
test    | cmd:cpio        | cpio                 | cpio                   | cpio        | cpio            | cpio
test    | cmd:dpkg-deb    | dpkg                 | dpkg                   | dpkg        | dpkg            | dpkg
test    | cmd:strace      | strace               | strace                 | strace      | strace          | -
test    | cmd:shellcheck  | shellcheck           | ShellCheck             | shellcheck  | shellcheck      | shellcheck
test    | cmd:man         | man-db               | man-db                 | man-db      | mandoc          | -
test    | cmd:zsh         | zsh                  | zsh                    | zsh         | zsh             | zsh
test    | cmd:fish        | fish                 | fish                   | fish        | fish            | fish
pages   | cmd:chromium    | chromium             | chromium               | chromium    | chromium        | -
real    | py:pip          | python3-pip          | python3-pip            | python-pip  | py3-pip         | -
real    | cmd:xz          | xz-utils             | xz                     | xz          | xz              | xz
TABLE
}

packages_say()
{
	printf 'hfscan: %s\n' "$*" >&2
}

# ---- what is missing ----

packages_has()
{
	case $1 in
	header:*) printf '#include <%s>\n' "${1#*:}" | "${CC:-cc}" -E - >/dev/null 2>&1 ;;
	cmd:*) command -v "${1#*:}" >/dev/null 2>&1 ;;
	lib:*) "${PKG_CONFIG:-pkg-config}" --exists "${1#*:}" 2>/dev/null ;;
	py:*) python3 -c "import ${1#*:}" >/dev/null 2>&1 ;;
	esac
}

# packages_missing MANAGER GROUP...: package names, in one line; for a manager
# that is not in the table, the names of the things.
packages_missing()
{
	manager=$1
	shift
	packages_table | sed 's/ *| */|/g; /^#/d' |
	while IFS='|' read -r group check apt dnf pacman apk brew; do
		case " $* " in *" $group "*) ;; *) continue ;; esac
		packages_has "$check" && continue
		case $manager in
		apt) echo "$apt" ;;
		dnf) echo "$dnf" ;;
		pacman) echo "$pacman" ;;
		apk) echo "$apk" ;;
		brew) echo "$brew" ;;
		*) echo "${check#*:}" ;;
		esac
	done | grep -vx -e '-' | paste -s -d ' ' -
}

# ---- installing ----

packages_manager()
{
	for manager in apt-get dnf pacman apk brew; do
		command -v "$manager" >/dev/null 2>&1 || continue
		echo "${manager%-get}"
		return
	done
	echo none
}

# Runs as root what needs root; brew refuses to be root.
packages_as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# packages_install MANAGER PACKAGE...
packages_install()
{
	manager=$1
	shift
	case $manager in
	apt)
		# A source that cannot be reached may not be one we need.
		packages_as_root apt-get -qq -o DPkg::Lock::Timeout=300 update ||
			packages_say "apt-get update had errors; going on"
		packages_as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
			-o DPkg::Lock::Timeout=300 --no-install-recommends install "$@"
		;;
	dnf) packages_as_root dnf -q -y --setopt=install_weak_deps=False install "$@" ;;
	pacman) packages_as_root pacman -Sy --needed --noconfirm --quiet "$@" ;;
	apk) packages_as_root apk add -q --no-cache "$@" ;;
	brew) brew install -q "$@" ;;
	esac
}

packages_ensure()
{
	manager=$(packages_manager)
	names=$(packages_missing "$manager" "$@")
	[ -n "$names" ] || return 0
	if [ "$manager" = none ]; then
		packages_say "found no package manager it knows; please install: $names"
		return 1
	fi
	if [ "$manager" != brew ] && [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
		packages_say "please install as root, with $manager: $names"
		return 1
	fi
	packages_say "installing with $manager: $names"
	packages_log=$(mktemp) || return 1
	# shellcheck disable=SC2086 # a list of names
	packages_install "$manager" $names </dev/null >"$packages_log" 2>&1 || tail -n 5 "$packages_log" >&2
	rm -f "$packages_log"
	names=$(packages_missing "$manager" "$@")
	[ -n "$names" ] || return 0
	packages_say "could not install with $manager: $names"
	return 1
}
