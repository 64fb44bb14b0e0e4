# What the tests of the gates share.

# gate NAME [REPOSITORY]: the hook of that name asks hfscan.
gate()
{
	local file
	file=$(git -C "${2-.}" rev-parse --absolute-git-dir)/hooks/$1
	mkdir -p "${file%/*}"
	printf '#!/bin/sh\nexec %q hook run %s "$@"\n' "$HFSCAN" "$1" >"$file"
	chmod +x "$file"
}

# says_no PREFIX: six lines at most begin with it, and no token is shown.
says_no()
{
	local said
	[ "$status" -ne 0 ] && [ "$status" -ne 124 ] || return 1
	# What git itself says stands behind, or has another beginning.
	said=$(grep -v -e '^error: failed to push' -e '^To ' -e '\[remote rejected\]' <<<"$stderr")
	[ "$(grep -c . <<<"$said")" -le 6 ] || return 1
	[[ $said == "${1}hfscan: "* && $said != *hf_[A-Za-z0-9][A-Za-z0-9][A-Za-z0-9]* ]]
}

# stopped COMMAND...: git refuses, and says why.
stopped()
{
	run --separate-stderr timeout 60 "$@"
	says_no ""
}

# refused COMMAND...: the server does.
refused()
{
	run --separate-stderr timeout 60 "$@"
	stderr=$(sed '/^remote: *$/d; s/ *$//' <<<"$stderr")
	says_no "remote: "
}
