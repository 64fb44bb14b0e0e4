#!/usr/bin/env python3
"""Writes an archive of a kind that no program of Debian writes, or none would.

    python3 packed.py KIND FILE TOKEN
"""
import lzma
import struct
import subprocess
import sys
import zlib


def line(token):
    return f'login("{token}")\n'.encode()


# ---- .rar of version 4 ----

MAIN4, MEMBER4, SERVICE4, END4 = 0x73, 0x74, 0x7A, 0x7B


def block4(kind, flags, body, data=b""):
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data


def member4(name, data, flags=0, method=0x30, kind=MEMBER4, attributes=0o100644, dictionary=0):
    body = struct.pack("<IIBIIBBHI", len(data), len(data), 3, zlib.crc32(data), 0x5A210000, 29, method,
                       len(name), attributes) + name.encode()
    return block4(kind, 0x8000 | dictionary | flags, body, data)


def rar4(*blocks, flags=0, end=True):
    return (b"Rar!\x1a\x07\x00" + block4(MAIN4, flags, bytes(6)) + b"".join(blocks) +
            (block4(END4, 0x4000, b"") if end else b""))


# ---- of version 5 ----

MAIN5, MEMBER5, SERVICE5, CRYPT5, END5 = 1, 2, 3, 4, 5


def number(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def block5(kind, body, flags=0, extra=b"", data=None):
    flags |= (1 if extra else 0) | (2 if data is not None else 0)
    head = number(kind) + number(flags)
    if extra:
        head += number(len(extra))
    if data is not None:
        head += number(len(data))
    head += body + extra
    head = number(len(head)) + head
    return struct.pack("<I", zlib.crc32(head)) + head + (data or b"")


def member5(name, data, flags=0, extra=b"", method=0, dictionary=0, folder=False, kind=MEMBER5, version=0):
    compression = version | method << 7 | dictionary << 10
    body = number(1 if folder else 4) + number(len(data)) + number(0o40755 if folder else 0o100644)
    if not folder:
        body += struct.pack("<I", zlib.crc32(data))
    body += number(compression) + number(1) + number(len(name)) + name.encode()
    return block5(kind, body, flags, extra, data)


def rar5(*blocks, flags=0):
    return b"Rar!\x1a\x07\x01\x00" + block5(MAIN5, number(flags)) + b"".join(blocks) + block5(END5, number(0))


# ---- .rpm ----

def header(entries):
    """Of strings, each (tag, bytes)."""
    index, store = b"", b""
    for tag, data in entries:
        index += struct.pack(">IIII", tag, 6, len(store), 1)
        store += data + b"\0"
    return b"\x8e\xad\xe8\x01" + bytes(4) + struct.pack(">II", len(entries), len(store)) + index + store


def rpm(payload, entries=()):
    lead = struct.pack(">IBBHH66sHH16s", 0xEDABEEDB, 3, 0, 0, 1, b"lab-1-1", 1, 5, b"")
    signature = header([(1000, b"x")])
    signature += bytes(-len(signature) % 8)
    return lead + signature + header([(1000, b"lab"), (1124, b"cpio"), (1125, b"xz"), *entries]) + payload


# ---- .cpio ----

def newc(name, data, name_len=None, magic=b"070701"):
    name = name + b"\0"
    head = magic + b"%08X" * 13 % (1, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0,
                                   len(name) if name_len is None else name_len, 0)
    head += name
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def cpio(*members):
    return b"".join(members) + newc(b"TRAILER!!!", b"")


# ---- .a ----

def ar_member(name, data, size=None):
    head = b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name, 0, 0, 0, 0o100644, len(data) if size is None else size)
    return head + data + b"\n" * (len(data) % 2)


def lib_member(name, data):
    """Microsoft writes no numbers for the owner."""
    return b"%-16s%-12d%12s%-8o%-10d`\n" % (name, 0, b"", 0, len(data)) + data + b"\n" * (len(data) % 2)


def windows_lib(token, symbols):
    """Two tables of symbols, and one of names that end with a zero, not with a slash and a line feed."""
    names = b"a_long_name_of_an_object.obj\0another_long_name_of_one.obj\0"
    return (b"!<arch>\n" + lib_member(b"/", bytes(4 + symbols)) + lib_member(b"/", bytes(8)) +
            lib_member(b"//", names) + lib_member(b"/0", line(token)) + lib_member(b"/29", b"b"))


def lzipped(data):
    return subprocess.run(["lzip", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout


def greedy_lzip(token):
    """The second of two looks back on 512 MiB."""
    second = bytearray(lzipped(line(token) * 1000))
    second[5] = 29
    return lzipped(b"nothing\n") + bytes(second)


def greedy_lzma(token):
    data = bytearray(lzma.compress(line(token), lzma.FORMAT_ALONE))
    data[1:5] = struct.pack("<I", 1 << 30)
    return bytes(data)


KINDS = {
    "rar4": lambda t: rar4(member4("lab\\lab.py", line(t)), member4("empty", b"")),
    "rar4_without_end": lambda t: rar4(member4("lab\\lab.py", line(t)), end=False),
    "rar4_folder": lambda t: rar4(member4("lab", b"", dictionary=0xE0, attributes=0o40755),
                                  member4("lab\\lab.py", line(t))),
    "rar4_part": lambda t: rar4(member4("lab.py", bytes(99), flags=2, method=0x33), flags=0x0101),
    "rar4_encrypted": lambda t: rar4(member4("lab.py", bytes(99), flags=4, method=0x33)),
    "rar4_names_encrypted": lambda t: rar4(bytes(99), flags=0x80),
    "rar4_packed": lambda t: rar4(member4("lab.py", bytes(99), method=0x33)),
    "rar4_unknown": lambda t: rar4(member4("lab.py", bytes(99), method=0x39)),
    "rar4_behind": lambda t: rar4(member4("a", b"a")) + zlib.compress(line(t), wbits=31),
    "rar5": lambda t: rar5(member5("lab/lab.py", line(t)), member5("empty", b"")),
    "rar5_folder": lambda t: rar5(member5("lab", b"", folder=True), member5("lab/lab.py", line(t))),
    "rar5_full_folder": lambda t: rar5(member5("lab", bytes(99), folder=True)),
    "rar5_part": lambda t: rar5(member5("lab.py", bytes(99), flags=16, method=3), flags=1),
    "rar5_encrypted": lambda t: rar5(member5("a", b"a"), member5("lab.py", bytes(99), method=3,
                                     extra=number(49) + b"\x01" + bytes(48))),
    "rar5_long_extra": lambda t: rar5(member5("a", b"a", extra=number(50) + b"\x01" + bytes(48))),
    "rar5_names_encrypted": lambda t: rar5(block5(CRYPT5, bytes(20)), bytes(99)),
    "rar5_greedy": lambda t: rar5(member5("lab.py", bytes(99), method=3, dictionary=13)),
    "rar5_greedy7": lambda t: rar5(member5("lab.py", bytes(99), method=3, dictionary=15, version=1)),
    "rar5_large": lambda t: rar5(member5("lab.py", bytes(99), method=3, dictionary=9)),
    "rar5_behind": lambda t: rar5(member5("a", b"a")) + zlib.compress(line(t), wbits=31),
    "rar5_many": lambda t: rar5(*[member5(f"{i:x}", b"") for i in range(100001)]),
    "rar5_blocks": lambda t: rar5(*[block5(99, b"", flags=4)] * 1000000),
    "rar4_many": lambda t: rar4(*[member4(f"{i:x}", b"") for i in range(100001)]),
    "rpm": lambda t: rpm(lzma.compress(cpio(newc(b"./usr/lab.py", line(t))))),
    "rpm_says": lambda t: rpm(lzma.compress(cpio()), [(1023, line(t))]),
    "rpm_without": lambda t: rpm(b""),
    "cpio_long_name": lambda t: newc(b"a", b"", name_len=0xFFFFFFF0) + bytes(64 << 20),
    "cpio_gap": lambda t: cpio(newc(b"a", b"a"), b"-" * 400, newc(b"lab.py", b"b")),
    "cpio_behind": lambda t: cpio(newc(b"a", b"a")) + bytes(300) + zlib.compress(line(t), wbits=31),
    "ar_long_table": lambda t: b"!<arch>\n" + ar_member(b"//", bytes(64 << 20), 1000000000),
    "lib": lambda t: windows_lib(t, 5),
    "lib_far": lambda t: windows_lib(t, 200000),
    "greedy_lzip": greedy_lzip,
    "greedy_lzma": greedy_lzma,
}

if __name__ == "__main__":
    kind, path, secret = sys.argv[1:]
    with open(path, "wb") as file:
        file.write(KINDS[kind](secret))
