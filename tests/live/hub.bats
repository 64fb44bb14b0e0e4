#!/usr/bin/env bats
# The real huggingface_hub, asked the same of the same server, comes to the same.
load ../cli/helper
load serve

setup_file()
{
	export PYTHONDONTWRITEBYTECODE=1
	if packages=$(sh "$BATS_TEST_DIRNAME/../python.sh" "$BATS_TEST_DIRNAME" live-packages); then
		export PYTHONPATH=$packages
	elif [ -n "${CI-}" ]; then
		return 1
	fi
}

# hub: what the client makes of the token on standard input: live, dead or unknown.
hub()
{
	[ -n "${PYTHONPATH-}" ] || skip "cannot fetch huggingface_hub"
	python3 -c '
import os, sys
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
try:
    user = HfApi(endpoint=os.environ["HF_ENDPOINT"]).whoami(token=sys.stdin.read().strip())
    print("live", user["name"])
except HfHubHTTPError as error:
    print("dead" if error.response.status_code == 401 else "unknown")'
}

# ours: the same, of hfscan.
ours()
{
	plant a a.py
	hfscan --verify -f jsonl a.py | jq -r 'select(.live) | .live | [.status, .user // empty] | join(" ")'
}

@test "it agrees on what is live" {
	serve live
	[ "$(token a | hub)" = "live ana" ]
	[ "$(ours)" = "live ana" ]
	[ "$(awk '/whoami/ { print $1, $2, $NF }' ../log | sort -u | wc -l)" -eq 1 ] # the same question of both
}

@test "it agrees on what is dead" {
	serve dead
	[ "$(token a | hub)" = dead ]
	[ "$(ours)" = dead ]
}

@test "it agrees on what proves nothing" {
	serve forbidden
	[ "$(token a | hub)" = unknown ]
	[ "$(ours)" = unknown ]
}
