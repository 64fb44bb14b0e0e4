"""A pack whose deltas cut a token at each of its places.

    python3 split_pack.py TOKEN [KIND ID] >pack     for `git index-pack`

Each blob is its base and one line more: the token, of which the part before a
place is copied and the rest inserted, or the other way round, or both are
copied, or a piece in the middle is inserted. Each is the base of the next, in
chains of 50. Only the line more holds the token whole. KIND commit or tag: the
line is the message's; tree: a name. ID is that of the tree or object they need.
"""
import hashlib
import struct
import sys
import zlib
from collections import namedtuple

OFS_DELTA = 6
CHAIN = 50
PERSON = " S <s@example.org> 1767225600 +0000\n"

# What stands before all lines, before each, and behind each.
Kind = namedtuple("Kind", "number head before behind")


def kind_of(name, oid):
    if name == "commit":
        head = f"tree {oid}\nauthor{PERSON}committer{PERSON}\n"
        return Kind(1, head.encode(), b"", b"\n")
    if name == "tree":
        return Kind(2, b"", b"100644 ", b"\0" + bytes.fromhex(oid))
    if name == "tag":
        head = f"object {oid}\ntype commit\ntag t\ntagger{PERSON}\n"
        return Kind(4, head.encode(), b"", b"\n")
    return Kind(3, b"", b"", b"\n")


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out + bytes([number]))


def copy(offset, size):
    return b"\xff" + struct.pack("<I", offset) + struct.pack("<I", size)[:3]


def insert(text):
    return bytes([len(text)]) + text


def object_head(kind, size):
    first, size = kind << 4 | size & 15, size >> 4
    return bytes([first | (128 if size else 0)]) + (varint(size) if size else b"")


def distance(number):
    out = [number & 127]
    while number := number >> 7:
        number -= 1
        out.append(number & 127 | 128)
    return bytes(reversed(out))


def variants(token, start, gap):
    """Instructions that give the token, from a base with its parts at start[k], a gap between."""
    for k in range(1, len(token)):
        head, tail, middle = (start[k], k), (start[k] + k + gap, len(token) - k), min(k + 5, 36)
        yield copy(*head) + insert(token[k:])
        yield insert(token[:k]) + copy(*tail)
        yield copy(*head) + copy(*tail)
        yield copy(*head) + insert(token[k:middle] or b"-") + (
            copy(start[middle] + middle + gap, len(token) - middle) if k < middle
            else insert(b"-"))


def apply(base, delta):
    out, at = b"", 0
    while at < len(delta):
        if delta[at] & 128:
            offset, size = struct.unpack("<II", delta[at + 1:at + 8] + b"\0")
            out, at = out + base[offset:offset + size], at + 8
        else:
            out, at = out + delta[at + 1:at + 1 + delta[at]], at + 1 + delta[at]
    return out


def main():
    token = sys.argv[1].encode()
    kind = kind_of(*(sys.argv[2:] or ("blob", "")))
    base, start, gap = kind.head, {}, len(kind.behind + kind.before)
    for k in range(1, len(token)):
        start[k] = len(base + kind.before)
        base += kind.before + token[:k] + kind.behind + kind.before + token[k:] + kind.behind
    entries = [object_head(kind.number, len(base)) + zlib.compress(base)]
    places, previous, at = [12], base, 12 + len(entries[0])
    for i, middle in enumerate(variants(token, start, gap)):
        if i % CHAIN == 0:
            previous, of = base, 12
        before, behind = kind.before + b"# ", b" %d" % i + kind.behind
        delta = copy(0, len(base)) + insert(before) + middle + insert(behind)
        made = apply(previous, delta)
        whole = varint(len(previous)) + varint(len(made)) + delta
        entry = object_head(OFS_DELTA, len(whole)) + distance(at - of) + zlib.compress(whole)
        previous, of, at = made, at, at + len(entry)
        entries.append(entry)
    pack = b"PACK" + struct.pack(">II", 2, len(entries)) + b"".join(entries)
    sys.stdout.buffer.write(pack + hashlib.sha1(pack).digest())


if __name__ == "__main__":
    main()
