#!/usr/bin/env python3
"""A proxy on the loopback that brings every CONNECT to one port, and ends by itself.

    proxy.py PORTFILE LOG TARGETPORT

The head of each request goes to LOG, as it came.
"""
import os
import select
import socket
import sys
import threading

LIFE_SECONDS = 120


def pump(one, other):
    while True:
        for ready in select.select([one, other], [], [])[0]:
            data = ready.recv(65536)
            if not data:
                return
            (other if ready is one else one).sendall(data)


def serve(client):
    head = b""
    while b"\r\n\r\n" not in head:
        head += client.recv(65536)
    with open(LOG, "ab") as log:
        log.write(head)
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    with client, socket.create_connection(("127.0.0.1", TARGET)) as target:
        pump(client, target)


PORTFILE, LOG, TARGET = sys.argv[1], sys.argv[2], int(sys.argv[3])
listener = socket.create_server(("127.0.0.1", 0))
with open(PORTFILE + ".new", "w", encoding="ascii") as file:
    file.write(str(listener.getsockname()[1]))
os.rename(PORTFILE + ".new", PORTFILE)
threading.Timer(LIFE_SECONDS, lambda: os._exit(0)).start()
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
