#!/usr/bin/env python3
"""A stand-in for Hugging Face on the loopback, which ends by itself.

    server.py PORTFILE LOG PLAY[,PLAY]... [CERT KEY]

The plays are given one a request, the last one from then on. What was asked goes to LOG,
one line a request: method, path, user agent, and the SHA-256 of the bearer token or body.
"""
import gzip
import hashlib
import http.server
import json
import os
import ssl
import sys
import threading
import time

LIFE_SECONDS = 120

USER = {
    "type": "user", "id": "6000", "name": "ana", "fullname": "Ana", "email": "ana@example.org",
    "orgs": [{"type": "org", "id": "1", "name": "acme", "fullname": "Acme", "roleInOrg": "admin"}],
    "auth": {"type": "access_token", "accessToken": {
        "displayName": "colab", "role": "write", "createdAt": "2026-01-02T03:04:05.000Z"}},
}
FINE = json.loads(json.dumps(USER))
FINE["auth"]["accessToken"].update(role="fineGrained", fineGrained={
    "canReadGatedRepos": True, "global": ["discussion.write"],
    "scoped": [{"entity": {"_id": "1", "type": "model", "name": "ana/private"},
                "permissions": ["repo.content.read", "repo.write"]}]})
EVIL = json.loads(json.dumps(USER))
EVIL["name"] = "\x1b[31m\u202eana\n::error::x"
EVIL["auth"]["accessToken"]["displayName"] = "x" * 5000
EVIL["orgs"] = [{"name": "org%d" % i, "roleInOrg": "\x07"} for i in range(500)]
INVALID = {"error": "Invalid credentials in Authorization header"}


def answer(status, body, **headers):
    return lambda handler: handler.send(status, body, headers)


def drip(handler):
    """A byte a second: alive, and never done."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(1)


def hang(_handler):
    time.sleep(30)


def echo(handler):
    """Tells the token back wherever it can."""
    token = handler.headers.get("Authorization", "").removeprefix("Bearer ")
    body = json.loads(json.dumps(USER))
    body["name"] = body["orgs"][0]["name"] = token
    body["auth"]["accessToken"].update(displayName=token, createdAt=token, role=token)
    handler.send(200, body, {"X-Error-Message": token, "Retry-After": token})


def tiring(handler):
    """Just in time."""
    time.sleep(1.8)
    handler.send(401, INVALID, {})


def slowbroken(handler):
    time.sleep(0.7)
    handler.send(503, "", {})


def large(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" " * 1000000)


def bomb(handler):
    """Small as it is sent, 100 MB when somebody unpacks it."""
    data = gzip.compress(b'{"name":"ana"' + b" " * 100000000 + b"}")
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def cut(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"name":"ana"')


def revoke(handler):
    asked = json.loads(handler.body)["credentials"]
    handler.send(202, {"revoked": len(asked)}, {})


PLAYS = {
    "live": answer(200, USER),
    "fine": answer(200, FINE),
    "evil": answer(200, EVIL),
    "dead": answer(401, INVALID),
    "expired": answer(401, {"error": "User Access Token \"colab\" is expired"}),
    "forbidden": answer(403, {"error": "denied by policy"}),
    "missing": answer(404, {"error": "Not Found"}),
    "limited": answer(429, "<html>Too many</html>", **{"Retry-After": "60"}),
    "last": answer(200, USER, RateLimit='"api";r=0;t=1'),
    "lastlong": answer(200, USER, RateLimit='"api";r=0;t=300'),
    "broken": answer(503, "<html>down</html>"),
    "busy": answer(503, "", **{"Retry-After": "1"}),
    "quoted": answer(401, INVALID, RateLimit='"user=r=0";r=5;t=300'),
    "spaced": answer(401, INVALID, RateLimit='"api"; r=0; t=99999999999'),
    "busyweek": answer(503, "", **{"Retry-After": "99999999999999999999"}),
    "busydate": answer(503, "", **{"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}),
    "busypast": answer(503, "", **{"Retry-After": "Sat, 01 Jan 2000 00:00:00 GMT"}),
    "busyless": answer(503, "", **{"Retry-After": "-5"}),
    "html": answer(200, "<html>Welcome to the airport</html>"),
    "noname": answer(200, {"type": "user"}),
    "emptyname": answer(200, {"name": ""}),
    "numbername": answer(200, {"name": 6000}),
    "twonames": answer(200, '{"name": 6000, "name": "ana"}'),
    "created": answer(201, USER),
    "bomb": bomb,
    "array": answer(200, [USER]),
    "deep": answer(200, "[" * 100000),
    "nul": answer(200, '{"name":"a\x00na"}'),
    "redirect": answer(302, "", Location="http://localhost:9/api/whoami-v2"),
    "echo": echo, "tiring": tiring, "slowbroken": slowbroken,
    "drip": drip, "hang": hang, "large": large, "cut": cut, "revoke": revoke,
    "norevoke": answer(500, "no"),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, status, body, headers):
        text = body if isinstance(body, str) else json.dumps(body)
        data = text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def play(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token = self.headers.get("Authorization", "").removeprefix("Bearer ").encode()
        with LOCK:
            play = PLAYS[TURNS.pop(0) if len(TURNS) > 1 else TURNS[0]]
            with open(LOG, "a", encoding="ascii") as log:
                print(self.command, self.path, self.headers.get("User-Agent"),
                      hashlib.sha256(token or self.body).hexdigest()[:32], file=log)
        try:
            play(self)
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.close_connection = True

    do_GET = do_POST = play

    def log_message(self, *_args):
        pass


LOCK = threading.Lock()
PORTFILE, LOG, TURNS = sys.argv[1], sys.argv[2], sys.argv[3].split(",")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(PORTFILE + ".new", "w", encoding="ascii") as file:
    file.write(str(server.server_port))
os.rename(PORTFILE + ".new", PORTFILE)
threading.Timer(LIFE_SECONDS, lambda: os._exit(0)).start()
server.serve_forever()
