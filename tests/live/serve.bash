# A server on the loopback in the place of Hugging Face.

# serve PLAY[,PLAY]... [CERT KEY]: HF_ENDPOINT is a server that answers so.
serve()
{
	python3 "$BATS_TEST_DIRNAME/server.py" ../port ../log "$@" 3>&- &
	server=$!
	for _ in {1..100}; do [ -s ../port ] && break || sleep 0.05; done
	export HF_ENDPOINT="http://127.0.0.1:$(cat ../port)"
}

teardown()
{
	[ -z "${server-}" ] || kill "$server" 2>/dev/null || :
}

asked() { [ -e ../log ] && grep -c . ../log || echo 0; }
