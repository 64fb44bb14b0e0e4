"""Packs as no git writes them: every size, offset, base and name as asked for.

Layouts are those of gitformat-pack(5). Used by seeds.py and by
tests/cli/history_hostile.bats.
"""
import hashlib
import struct
import zlib

COMMIT, TREE, BLOB, TAG, OFS_DELTA, REF_DELTA = 1, 2, 3, 4, 6, 7
NAMES = {COMMIT: "commit", TREE: "tree", BLOB: "blob", TAG: "tag"}


def name_of(kind, data):
    """The 20 bytes git names an object by."""
    return hashlib.sha1(b"%s %d\0" % (NAMES[kind].encode(), len(data)) + data).digest()


def header(kind, size):
    byte, size = kind << 4 | size & 15, size >> 4
    out = b""
    while size:
        out += bytes([byte | 0x80])
        byte, size = size & 0x7F, size >> 7
    return out + bytes([byte])


def distance(back):
    out = bytes([back & 0x7F])
    while back >> 7:
        back = (back >> 7) - 1
        out = bytes([0x80 | back & 0x7F]) + out
    return out


def varint(size):
    out = b""
    while size >> 7:
        out += bytes([size & 0x7F | 0x80])
        size >>= 7
    return out + bytes([size])


def copy(offset, size):
    """A delta's copy of up to 0xffffff bytes, in the long way."""
    args = struct.pack("<I", offset) + struct.pack("<I", size)[:3]
    op = 0x80 | sum(1 << i for i, byte in enumerate(args) if byte)
    return bytes([op]) + bytes(byte for byte in args if byte)


def insert(data):
    return bytes([len(data)]) + data


def delta(base_size, result_size, *pieces):
    return varint(base_size) + varint(result_size) + b"".join(pieces)


class Pack:
    """add() in order, then pack() and idx()."""

    def __init__(self):
        self.body = b"PACK" + struct.pack(">II", 2, 0)
        self.rows = []  # name, offset

    def add(self, kind, data, name=None, size=None, base=None, stream=None):
        """base: an offset, or for REF_DELTA a name. Returns the offset."""
        offset = len(self.body)
        out = header(kind, len(data) if size is None else size)
        if kind == OFS_DELTA:
            out += distance(offset - base)
        elif kind == REF_DELTA:
            out += base
        self.body += out + (zlib.compress(data, 9) if stream is None else stream)
        if name is None:
            name = name_of(kind, data)
        self.rows.append((name, offset))
        return offset

    def pack(self, count=None):
        body = bytearray(self.body)
        body[8:12] = struct.pack(">I", len(self.rows) if count is None else count)
        return bytes(body) + hashlib.sha1(body).digest()

    def fanout(self):
        first = [name[0] for name, _ in self.rows]
        return b"".join(struct.pack(">I", sum(f <= i for f in first)) for i in range(256))

    def idx(self):
        rows, large, offsets = sorted(self.rows), b"", b""
        for _, offset in rows:
            if offset < 1 << 31:
                offsets += struct.pack(">I", offset)
            else:
                offsets += struct.pack(">I", 1 << 31 | len(large) // 8)
                large += struct.pack(">Q", offset)
        out = b"\xfftOc" + struct.pack(">I", 2) + self.fanout()
        out += b"".join(name for name, _ in rows) + b"\0\0\0\0" * len(rows) + offsets + large
        out += self.pack()[-20:]
        return out + hashlib.sha1(out).digest()

    def idx_v1(self):
        out = self.fanout()
        out += b"".join(struct.pack(">I", offset) + name for name, offset in sorted(self.rows))
        out += self.pack()[-20:]
        return out + hashlib.sha1(out).digest()

    def midx(self, pack_name="pack-0.idx", cut=None):
        """A multi-pack-index of this pack alone; cut: {chunk: (begin, end)} to lie with."""
        rows = sorted(self.rows)
        chunks = [
            (b"PNAM", pack_name.encode() + b"\0" * (4 - len(pack_name) % 4)),
            (b"OIDF", self.fanout()),
            (b"OIDL", b"".join(name for name, _ in rows)),
            (b"OOFF", b"".join(struct.pack(">II", 0, offset) for _, offset in rows)),
        ]
        at = 12 + 12 * (len(chunks) + 1)
        table = body = b""
        for chunk, data in chunks:
            beg = (cut or {}).get(chunk, at)
            table += chunk + struct.pack(">Q", beg)
            at += len(data)
            body += data
        table += b"\0\0\0\0" + struct.pack(">Q", at)
        out = b"MIDX" + bytes([1, 1, len(chunks), 0]) + struct.pack(">I", 1) + table + body
        return out + hashlib.sha1(out).digest()
