#!/usr/bin/env bats
# Whether a token still works, asked of a server on the loopback that plays each of the
# answers there may be (server.py).
load ../cli/helper
load serve

# verify NAME...: of these tokens, on standard input.
verify()
{
	local name
	for name in "$@"; do token "$name"; echo; done >../tokens
	run --separate-stderr timeout 60 "$HFSCAN" verify --verify-timeout 2 <../tokens
	no_token_in "$output$stderr"
}

no_token_in() { ! grep -qE 'hf_[A-Za-z0-9]{5}' <<<"$1"; }

@test "one that works is told with its owner and its reach" {
	serve live
	verify a
	[ "$status" -eq 1 ]
	[[ $output == *"…"*"STILL WORKS: user ana, a write token"*"named colab"*"created 2026-01-02"*"organisations: acme (admin)"* ]]
	[ "$(cat ../log)" = "GET /api/whoami-v2 hfscan/$("$HFSCAN" --version | cut -d' ' -f2) $(token a | sha256sum | cut -c1-32)" ]
}

@test "what a fine-grained one may do is told" {
	serve fine
	verify a
	[[ $output == *"fine-grained"*"may: discussion.write; gated: read; model ana/private: repo.content.read, repo.write"* ]]
}

@test "in Spanish where people read Spanish" {
	serve live
	token a >../tokens
	run -1 hfscan verify --lang es <../tokens
	[[ $output == *"TODAVÍA FUNCIONA: cuenta ana, un token de escritura"* ]]
}

@test "what the server says cannot touch the terminal" {
	serve evil
	verify a
	[ "$status" -eq 1 ]
	[[ $output != *$'\e'* && $output != *$'\a'* && $output != *$'\u202e'* ]]
	[ "$(wc -l <<<"$output")" -eq 1 ]
	[ "${#output}" -lt 1500 ]
}

@test "401 is dead, and says if it expired" {
	serve dead,expired
	verify a b
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *"dead: Hugging Face does not know it"* ]]
	[[ ${lines[1]} == *"dead: it has expired"* ]]
}

@test "nothing but a 200 with a name is proof" {
	local play
	for play in html noname emptyname numbername twonames created bomb array deep nul cut large missing forbidden redirect broken; do
		rm -f ../port ../log
		serve "$play"
		verify a
		echo "$play: $status $output" >&2
		case $play in
		nul) [ "$status" -ne 0 ] ;; # JSON that ends at the NUL is none
		*) [ "$status" -eq 3 ] && [[ $output == *"not known"* ]] ;;
		esac || return 1
		kill "$server"
	done
}

@test "a redirect is not followed" {
	serve redirect
	verify a
	[[ $output == *"points elsewhere"* ]]
	[ "$(asked)" -eq 1 ]
}

@test "the first 429 ends the asking, and what remains is said" {
	serve dead,limited,live
	verify a b c d
	[ "$status" -eq 3 ]
	[[ ${lines[0]} == *dead* && ${lines[1]} == *429* && ${lines[2]} == *429* && ${lines[3]} == *429* ]]
	[ "$(asked)" -eq 2 ]
	[[ $stderr == "hfscan: 127.0.0.1: 3 of 4 secrets could not be tried (rate-limited)" ]]
}

@test "when no request is left, it waits if that is short, and stops if it is long" {
	serve last,dead
	SECONDS=0
	verify a b
	[ "$status" -eq 1 ]
	[ "$SECONDS" -ge 1 ]
	[[ ${lines[1]} == *dead* ]]
	rm ../port ../log
	kill "$server"
	serve lastlong,dead
	verify a b
	[ "$(asked)" -eq 1 ]
	[[ ${lines[1]} == *429* ]]
}

@test "a fault of the server's is asked again, three times in all" {
	serve broken,busy,live
	verify a
	[ "$status" -eq 1 ]
	[ "$(asked)" -eq 3 ]
	rm ../port ../log
	kill "$server"
	serve broken
	verify a
	[ "$status" -eq 3 ]
	[ "$(asked)" -eq 3 ]
}

@test "what a server asks us to wait is kept to, however it is written" {
	local play
	for play in busyweek=1 busydate=1 busypast=3 busyless=3; do
		rm -f ../port ../log
		serve "${play%=*}"
		verify a
		echo "$play: $(asked)" >&2
		[ "$status" -eq 3 ] && [ "$(asked)" -eq "${play#*=}" ] || return 1
		kill "$server"
	done
	rm -f ../port ../log
	serve quoted
	verify a b
	[ "$status" -eq 0 ]
	[ "$(asked)" -eq 2 ]
	kill "$server"
	rm -f ../port ../log
	serve spaced
	verify a b
	[ "$status" -eq 3 ]
	[ "$(asked)" -eq 1 ]
}

@test "a server that answers each just in time does not keep us" {
	serve tiring
	verify a b c d e f g h i j k l m n
	[ "$status" -eq 3 ]
	[ "$(asked)" -le 12 ] # in 3 * 2 s and 14 * 1 s, of 1.8 s each
	[[ ${lines[0]} == *dead* && ${lines[13]} == *"not asked any more"* ]]
}

@test "of several at a time, none asks again once one was told to stop" {
	serve slowbroken,slowbroken,slowbroken,slowbroken,limited
	for i in {1..5}; do token "t$i"; echo; done >../tokens
	run -3 --separate-stderr timeout 60 "$HFSCAN" verify --verify-jobs 5 <../tokens
	[ "$(asked)" -eq 5 ]
}

@test "three that hang end it, whether they are silent or drip" {
	local play
	for play in hang drip; do
		rm -f ../port ../log
		serve "$play"
		SECONDS=0
		verify a b c d e f
		[ "$status" -eq 3 ] || return 1
		[ "$SECONDS" -lt 12 ] || return 1
		[ "$(asked)" -eq 3 ] || return 1
		[[ ${lines[2]} == *"no answer in time"* && ${lines[3]} == *"not asked any more"* ]] || return 1
		kill "$server"
	done
}

@test "without a network it is not known, in one line" {
	export HF_ENDPOINT=http://127.0.0.1:9
	verify a b
	[ "$status" -eq 3 ]
	[[ $output == *"no connection"* ]]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
}

@test "each token is asked about once" {
	serve dead
	verify a b a
	[ "$(asked)" -eq 2 ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "several at a time give the same answers in the same order" {
	serve dead
	for i in {1..30}; do token "t$i"; echo; done >../tokens
	run -0 hfscan verify <../tokens
	one=$output
	run -0 hfscan verify --verify-jobs 8 <../tokens
	[ "$output" = "$one" ]
	[ "$(asked)" -eq 60 ]
}

@test "an OAuth token that has expired is dead without asking" {
	serve live
	body=$(printf '{"exp":1500000000,"sub":"6000","scope":"read-repos"}' | base64 -w0 | tr '+/' '-_' | tr -d =)
	printf 'hf_oauth_eyJhbGciOiJFZERTQSJ9.%s.c2lnbmF0dXJlc2lnbmF0dXJl\n' "$body" >../tokens
	run -0 --separate-stderr hfscan verify <../tokens
	[[ $output == *"dead: it has expired, expires 2017-07-14T02:40:00Z, scope read-repos"* ]]
	[ "$(asked)" -eq 0 ]
	body=$(printf '{"exp":9999999999,"sub":"6000"}' | base64 -w0 | tr '+/' '-_' | tr -d =)
	printf 'hf_oauth_eyJhbGciOiJFZERTQSJ9.%s.c2lnbmF0dXJlc2lnbmF0dXJl\n' "$body" >../tokens
	run -1 --separate-stderr hfscan verify <../tokens
	[ "$(asked)" -eq 1 ]
}

@test "what cannot be asked about is not sent" {
	serve live
	printf 'hf_oauth__refresh_%s\noauth_app_secret_%s\nhf_app_%s\n' "$(token a | cut -c4-)" \
		"$(token b | cut -c4-)" "$(token c | cut -c4-35)" >../tokens
	run -3 --separate-stderr hfscan verify <../tokens
	[ "$(grep -c "no question that tells" <<<"$output")" -eq 3 ]
	[ "$(asked)" -eq 0 ]
	[ -z "$stderr" ]
}

@test "a line that is no token is named by its number, and nothing is sent" {
	serve live
	{ token a; echo; echo; echo "HF_TOKEN=$(token b)"; } >../tokens
	run -2 --separate-stderr hfscan verify <../tokens
	[[ $stderr == *"standard input, line 3: "* ]]
	no_token_in "$stderr"
	[ "$(asked)" -eq 0 ]
	run -2 --separate-stderr hfscan verify "$(token a)" </dev/null
	no_token_in "$stderr"
	run -0 hfscan verify </dev/null
	[[ $output == *'holds no token'* ]]
	head -c 100000 /dev/zero | tr '\0' x >../tokens
	run -2 --separate-stderr hfscan verify <../tokens
}

@test "lines are taken as editors of any system leave them" {
	serve dead
	{ printf '\xef\xbb\xbf'; token a; printf '\r\n\r\n \t\n  '; token b; printf '\t\r\n'; token a; } >../tokens
	run -0 --separate-stderr hfscan verify <../tokens
	[ "${#lines[@]}" -eq 2 ]
	[ "$(asked)" -eq 2 ]
	local enc
	for enc in UTF-16 UTF-16LE UTF-16BE; do
		token a | iconv -t "$enc" >../tokens
		run -2 --separate-stderr hfscan verify <../tokens
		[[ $stderr == *"line 1: is UTF-16"* ]] || return 1
	done
	{ token a; printf '\0'; } >../tokens # part of no token
	run -2 --separate-stderr hfscan verify <../tokens
	[ "$(asked)" -eq 2 ]
}

@test "offline means offline" {
	serve live
	local switch
	for switch in HF_HUB_OFFLINE=1 HF_HUB_OFFLINE=True TRANSFORMERS_OFFLINE=yes; do
		token a | env "$switch" "$HFSCAN" verify >../out 2>../err && return 1
		[ $? -eq 2 ] || return 1
		grep -q "${switch%=*} is set" ../err
	done
	plant a a.py
	HF_HUB_OFFLINE=1 run -2 --separate-stderr hfscan --verify a.py
	[ "$(asked)" -eq 0 ]
	HF_HUB_OFFLINE=0 run -1 hfscan --verify a.py
	[ "$(asked)" -eq 1 ]
}

@test "a host that is not known gets nothing unless it is allowed" {
	local endpoint
	for endpoint in http://huggingface.co http://127.0.0.1.example.org https://hf-mirror.com \
		https://huggingface.co.example.org https://huggingface.co@example.org \
		https://example.org/huggingface.co ftp://huggingface.co huggingface.co https:// \
		'https://huggingface.co?x=' http://127.1 http://0x7f.0.0.1 http://127.0.0.256 \
		http://127.0.0.1:80@example.org https://huggingface.co:99999 \
		https://huggingface.co:0 https://huggingface.co: https://huggingface.co. https://huggingface.cö https://[::1 http://[::2]; do
		token a | HF_ENDPOINT=$endpoint "$HFSCAN" verify >../out 2>../err && return 1
		[ $? -eq 2 ] || { echo "$endpoint"; return 1; }
		grep -q '^hfscan: HF_ENDPOINT' ../err || { cat ../err; return 1; }
	done
	export HF_ENDPOINT=https://example.invalid
	token a >../tokens
	run -3 hfscan verify --verify-endpoint-ok --verify-timeout 2 <../tokens
}

@test "TLS is asked for its papers" {
	openssl req -x509 -newkey ed25519 -nodes -keyout ../key -out ../cert -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
	serve live ../cert ../key
	export HF_ENDPOINT=${HF_ENDPOINT/http:/https:}
	verify a b
	[ "$status" -eq 3 ]
	[[ ${lines[0]} == *"cannot prove who it is"* && ${lines[1]} == *"not asked any more"* ]]
	[ "$(asked)" -eq 0 ]
	SSL_CERT_FILE=../cert verify a
	[ "$status" -eq 1 ]
	# The right paper of another host.
	openssl req -x509 -newkey ed25519 -nodes -keyout ../key2 -out ../cert2 -days 2 -subj /CN=example.org \
		-addext subjectAltName=DNS:example.org 2>/dev/null
	kill "$server"
	rm ../port
	serve live ../cert2 ../key2
	export HF_ENDPOINT=${HF_ENDPOINT/http:/https:}
	SSL_CERT_FILE=../cert2 verify a
	[ "$status" -eq 3 ]
}

@test "a proxy never sees what goes to this machine" {
	serve live
	http_proxy=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9 ALL_PROXY=http://127.0.0.1:9 verify a
	[ "$status" -eq 1 ]
}

@test "a proxy brings us to a far host, and sees nothing of what is asked there" {
	openssl req -x509 -newkey ed25519 -nodes -keyout ../key -out ../cert -days 2 -subj /CN=hub.invalid \
		-addext subjectAltName=DNS:hub.invalid 2>/dev/null
	serve dead ../cert ../key
	python3 "$BATS_TEST_DIRNAME/proxy.py" ../proxy-port ../proxy-log "$(cat ../port)" 3>&- &
	proxy=$!
	for _ in {1..100}; do [ -s ../proxy-port ] && break || sleep 0.05; done
	token a >../tokens
	export HF_ENDPOINT=https://hub.invalid SSL_CERT_FILE=../cert
	export https_proxy=http://127.0.0.1:$(cat ../proxy-port)
	run -0 hfscan verify --verify-endpoint-ok --verify-timeout 5 <../tokens
	[ "$(asked)" -eq 1 ]
	grep -q '^CONNECT hub.invalid:443 ' ../proxy-log
	run ! grep -qi -e authorization -e "$(token a)" ../proxy-log
	no_proxy=hub.invalid run -3 hfscan verify --verify-endpoint-ok --verify-timeout 5 <../tokens
	[ "$(asked)" -eq 1 ]
	kill "$proxy"
}

@test "what .netrc says of a host is not sent" {
	serve revoke
	token a >../tokens
	echo "machine 127.0.0.1 login ana password of-hers" >"$HOME/.netrc"
	run -0 hfscan revoke --yes <../tokens
	[ "$(cut -d' ' -f4 ../log)" = "$(printf '{"credentials":["%s"]}' "$(token a)" | sha256sum | cut -c1-32)" ]
}

@test "no token is in argv, the environment, or a file" {
	serve hang
	plant a a.py
	"$HFSCAN" --verify --verify-timeout 3 a.py >../out 2>../err 3>&- &
	local pid=$!
	for _ in {1..100}; do [ "$(asked)" -eq 1 ] && break || sleep 0.05; done
	! tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qF "$(token a)"
	! grep -qF "$(token a)" "/proc/$pid/environ"
	wait "$pid" || [ $? -eq 1 ]
	[ "$(grep -rlF "$(token a)" .. | sort | tr '\n' ' ')" = "../scanned/a.py " ]
}

@test "a scan says of each leak whether it still works, and sends each once" {
	serve live,dead
	plant a a.py
	plant a a2.py
	plant b b.py
	printf 'x = "hf_%s"\n' "$(printf 'x%.0s' {1..34})" >placeholder.py
	printf 'login("%s") # hfscan:allow\n' "$(token c)" >allowed.py
	run -1 --separate-stderr hfscan --verify .
	[[ $output == *"Tried: STILL WORKS: user ana"* && $output == *"Tried: dead"* ]]
	no_token_in "$output"
	[ "$(asked)" -eq 2 ]
	rm ../log
	run -1 hfscan --verify -f jsonl .
	[ "$(jq -r 'select(.live) | .live.status' <<<"$output" | sort | uniq -c | tr -s ' \n' ' ')" = " 3 dead " ]
	! grep -q '"clear"' <<<"$output"
}

@test "JSON tells the reach in the words of the API" {
	serve fine
	plant a a.py
	run -1 hfscan --verify -f jsonl a.py
	[ "$(jq -c 'select(.live) | .live | [.status, .user, .owner, .role, .token_name, .orgs[0].name, .orgs[0].role, .grants[2]]' <<<"$output")" = \
		'["live","ana","user","fineGrained","colab","acme","admin","model ana/private: repo.content.read, repo.write"]' ]
	jq -se '.[0].live.checked_at | fromdate > 1700000000' <<<"$output"
}

@test "without --verify nothing is asked" {
	serve live
	plant a a.py
	run -1 hfscan .
	[ "$(asked)" -eq 0 ]
}

@test "a run may fail for live ones only" {
	plant a a.py
	serve dead
	run -1 hfscan --verify a.py
	run -0 hfscan --verify --fail-on live a.py
	kill "$server"
	rm ../port
	serve live
	run -1 hfscan --verify --fail-on live a.py
	kill "$server"
	rm ../port
	serve html
	run -3 hfscan --verify --fail-on live a.py
	run -0 hfscan --verify --fail-on live --allow-incomplete a.py
	run -2 --separate-stderr hfscan --fail-on live a.py
	[[ $stderr == *"needs --verify"* ]]
	run -2 hfscan --only-live a.py
}

@test "--only-live leaves out the others, and counts them" {
	serve dead,live
	plant a a.py
	plant b b.py
	run -1 --separate-stderr hfscan --verify --only-live -f jsonl .
	[ "$(jq -r 'select(.rule) | .path' <<<"$output")" = b.py ]
	[[ $stderr == *"1 places of dead or unknown tokens left out"* ]]
}

@test "--only-live leaves the dead out of the tables of a class, too" {
	local format name
	serve dead
	for name in ana ben; do
		git init -q "class/$name"
		plant a "class/$name/lab.py"
	done
	for format in text json; do
		run -1 --separate-stderr hfscan --verify --only-live -f "$format" class
		[[ $stderr == *"2 places of dead or unknown tokens left out"* ]]
		[[ $output != *"hared by 2"* ]]
		[[ $output != *"hared tokens"* ]]
		[ "$format" = text ] || jq -e '.findings == [] and (.shared | not)' <<<"$output"
	done
}

@test "a report is enough to ask again, from any folder below" {
	serve dead
	git init -q repository
	cd repository
	plant a a.py
	plant b b.py
	git add .
	git commit -qm one
	echo >b.py
	git commit -qam two
	run -1 hfscan -o ../../report.jsonl -f jsonl .
	run -1 hfscan -o ../../report.json -f json .
	run -0 --separate-stderr hfscan verify --from-report ../../report.jsonl
	[ "${#lines[@]}" -eq 2 ]
	run -0 --separate-stderr hfscan verify --from-report ../../report.json
	[ "${#lines[@]}" -eq 2 ]
	rm a.py
	git rm -q --cached a.py
	rm -rf .git
	run -3 --separate-stderr hfscan verify --from-report ../../report.jsonl
	[[ $stderr == *"2 secrets of the report were not found again"* ]]
	head -n 1 ../../report.jsonl >../../cut.jsonl
	run -2 --separate-stderr hfscan verify --from-report ../../cut.jsonl
	echo '{"rule":' >../../broken.jsonl
	run -2 hfscan verify --from-report ../../broken.jsonl
	run -2 hfscan verify --from-report ../../nowhere.jsonl
}

@test "what a report was about may be gone, or have come from a pipe: not known" {
	serve dead
	mkdir gone kept
	plant a gone/a.py
	plant b kept/b.py
	run -1 hfscan -f json -o ../report.json gone kept
	rm -r gone
	run -3 --separate-stderr hfscan verify --from-report ../report.json
	[ "${#lines[@]}" -eq 1 ]
	[[ $stderr == *"1 secrets of the report were not found again"* ]]
	rm -r kept
	run -3 --separate-stderr hfscan verify --from-report ../report.json
	[[ $stderr == *"2 secrets of the report were not found again"* ]]
	run -1 hfscan -f json -o ../report.json - < <(token c)
	token c >../tokens
	run -3 --separate-stderr hfscan verify --from-report ../report.json <../tokens
	[[ $stderr == *"1 secrets of the report were not found again"* ]]
}

# ---- revoking ----

# answering WORD COMMAND...: on a terminal of its own, which is asked.
answering()
{
	python3 - "$@" <<'P'
import os, pty, sys
word, command = sys.argv[1], sys.argv[2:]
def read(fd):
    data = os.read(fd, 1024)
    if b"N] " in data:
        os.write(fd, word.encode() + b"\n")
    return data
sys.exit(os.waitstatus_to_exitcode(pty.spawn(command, read, lambda fd: b"")))
P
}

@test "tokens are revoked in one batch when the person at the terminal says so" {
	serve revoke
	for name in a b a; do token $name; echo; done >../tokens
	run -0 answering y sh -c "'$HFSCAN' revoke <../tokens"
	[[ $output == *"mails their owners"*"Revoke them?"*"2 revoked"* ]]
	no_token_in "$output"
	[ "$(cut -d' ' -f1,2 ../log)" = "POST /api/credentials/revoke" ]
	[ "$(cut -d' ' -f4 ../log)" = "$(printf '{"credentials":["%s","%s"]}' "$(token a)" "$(token b)" | sha256sum | cut -c1-32)" ]
}

@test "a no, or no terminal, sends nothing" {
	serve revoke
	token a >../tokens
	run -2 answering n sh -c "'$HFSCAN' revoke <../tokens"
	run -2 answering '' sh -c "'$HFSCAN' revoke <../tokens"
	run -2 --separate-stderr setsid "$HFSCAN" revoke <../tokens
	[[ $stderr == *"no terminal"* ]]
	[ "$(asked)" -eq 0 ]
	run -0 hfscan revoke --yes <../tokens
	[ "$(asked)" -eq 1 ]
}

@test "what was not revoked is said" {
	serve norevoke
	token a >../tokens
	run -3 --separate-stderr hfscan revoke --yes <../tokens
	[[ $output == "0 revoked" && $stderr == *"answered 500"* ]]
	printf 'oauth_app_secret_%s\n' "$(token b | cut -c4-)" >../tokens
	run -3 --separate-stderr hfscan revoke --yes <../tokens
	[[ $stderr == *"cannot be revoked this way"* ]]
	[ "$(asked)" -eq 1 ]
	run -2 hfscan revoke "$(token a)"
}

@test "when a batch fails, the tokens that remain are named" {
	serve revoke,norevoke
	for i in {1..103}; do token "t$i"; echo; done >../tokens
	run -3 --separate-stderr hfscan revoke --yes <../tokens
	[ "$output" = "100 revoked" ]
	[[ ${stderr_lines[1]} == "hfscan: these may still work:" ]]
	[ "${#stderr_lines[@]}" -eq 5 ]
	[[ ${stderr_lines[2]} == "hf_$(token t101 | cut -c4-5)"* && ${stderr_lines[4]} == "hf_$(token t103 | cut -c4-5)"* ]]
	no_token_in "$stderr"
	[ "$(asked)" -eq 2 ]
}

@test "a leak of a report that is gone was not revoked" {
	serve revoke
	plant a a.py
	plant b b.py
	run -1 hfscan -f jsonl -o ../report.jsonl .
	rm b.py
	run -3 --separate-stderr hfscan revoke --yes --from-report ../report.jsonl
	[ "$output" = "1 revoked" ]
	[[ $stderr == *"1 secrets of the report were not found again"* ]]
}

@test "the leaks of a report are revoked" {
	serve revoke
	plant a a.py
	run -1 hfscan -f jsonl -o ../report.jsonl .
	run -0 hfscan revoke --yes --from-report ../report.jsonl
	[ "$output" = "1 revoked" ]
}

# ---- in reports ----

# reported [OPTION]...: one run of two tokens, a live and b dead, into ../r.FORMAT each.
reported()
{
	local format reports=()
	for format in text json csv html markdown github sarif gitlab codequality junit; do
		reports+=(--report "$format=../r.$format")
	done
	plant a a.py
	plant b b.py
	run --separate-stderr timeout 60 "$HFSCAN" --verify "$@" "${reports[@]}" .
	[ -z "$(grep -lE 'hf_[A-Za-z0-9]{5}' ../r.*)" ]
	# As people read them: unbroken, and without the escapes of Markdown.
	for format in ../r.*; do tr -s ' \n' ' ' <"$format" | sed 's/&#58;/:/g' >"../said.${format##*.}"; done
}

@test "every format says whether it works, and whose it is" {
	serve live,dead
	reported
	[ "$status" -eq 1 ]
	local format
	for format in text html markdown github sarif gitlab codequality junit; do
		grep -q "Tried: STILL WORKS: user ana, a write token" "../said.$format" || { echo "$format"; return 1; }
		grep -q "Tried: dead" "../said.$format" || { echo "$format"; return 1; }
	done
	jq -e '[.runs[0].results[].properties.live | [.status, .user, .role, .reason]] ==
		[["live", "ana", "write", null], ["dead", null, null, "revoked"]]' ../r.sarif
	python3 - <<-'END'
		import csv
		rows = list(csv.DictReader(open("../r.csv", encoding="utf-8-sig", newline="")))
		assert [row["live"] for row in rows] == ["live", "dead"], rows
		assert [rows[0][key] for key in ("user", "owner", "role", "token_name")] == ["ana", "user", "write", "colab"], rows
		assert rows[1]["live_reason"] == "revoked" and rows[0]["checked_at"].endswith("Z"), rows
		assert list(rows[0])[-12:-10] == ["path_base64", "live"], list(rows[0])
	END
	# A dead one fails the run, too.
	grep -q 'failures="2"' ../r.junit
	[ "$(grep -c '^::error' ../r.github)" -eq 2 ]
	grep -q "Exit code 1:" ../r.html
}

@test "the remedy fits what the server said" {
	serve live,dead
	reported
	grep -q "1. It still works, and it can change and delete repositories: delete it first of all" ../said.text
	grep -q "1. Nothing is urgent: this token opens nothing any more. It need not be deleted" ../said.text
	[ "$(grep -o "Read or Fine-grained" ../said.text | wc -l)" -eq 2 ] # with the advice that goes for all
	jq -r '.vulnerabilities[].solution' ../r.gitlab | grep -q "^1. Nothing is urgent"
}

@test "with --fail-on live what is dead is no failure in any format" {
	serve live,dead
	reported --fail-on live
	[ "$status" -eq 1 ]
	grep -q 'tests="2" failures="1" errors="0" skipped="1"' ../r.junit
	[ "$(grep -c '^::error' ../r.github)" -eq 1 ]
	[ "$(grep -c '^::warning' ../r.github)" -eq 1 ]
	jq -e '[.runs[0].results[].level] == ["error", "note"]' ../r.sarif
	jq -e '[.vulnerabilities[].severity] == ["Critical", "Info"]' ../r.gitlab
	jq -e '.[1].severity == "info" and .[0].severity != "info"' ../r.codequality
	kill "$server"
	rm ../port ../r.*
	serve dead
	reported --fail-on live
	[ "$status" -eq 0 ]
	grep -q 'failures="0" errors="0"' ../r.junit
	[ "$(grep -c '^::error' ../r.github)" -eq 0 ]
	grep -q "Exit code 0: only a token that still works" ../r.html
	kill "$server"
	rm ../port ../r.*
	serve html
	reported --fail-on live
	[ "$status" -eq 3 ]
	grep -q 'failures="2"' ../r.junit
	grep -q "Exit code 3 .*not known whether they still work" ../r.html
	rm ../r.*
	reported --fail-on live --allow-incomplete
	[ "$status" -eq 0 ]
	grep -q 'failures="0"' ../r.junit
	grep -q "Exit code 0" ../r.html
}

@test "--only-live counts what it shows, and says what it leaves out" {
	serve live,dead
	reported --only-live
	[ "$status" -eq 1 ]
	jq -e '.summary | .secrets == 1 and .leaks == 1 and .left_out == 1 and .left_unknown == 0' ../r.json
	grep -q "^1 secret leaked in 1 place, 1 place of a dead or unknown token left out (--only-live)" ../r.text
	kill "$server"
	rm ../port ../r.*
	serve dead
	reported --only-live
	[ "$status" -eq 1 ] # as without --only-live
	grep -q "^No leaked token is known to work, 2 places of dead or unknown tokens left out" ../r.text
	[ -z "$(grep -l "No Hugging Face token found" ../r.*)" ]
	grep -q "Exit code 1: what is left out here" ../r.html
	grep -q 'errors="1"' ../r.junit
	rm ../r.*
	reported --only-live --fail-on live
	[ "$status" -eq 0 ]
	grep -q 'errors="0"' ../r.junit
	kill "$server"
	rm ../port ../r.*
	serve html
	reported --only-live --fail-on live
	[ "$status" -eq 3 ] # what is left out may work
	jq -e '.summary.left_unknown == 2' ../r.json
}
