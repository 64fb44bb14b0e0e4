"""Writes a gzip file that unpacks to itself: `python3 quine.py FILE`.

After Russ Cox, "Zip Files All The Way Down" (https://research.swtch.com/zip): a program of
two orders, "copy what follows" and "repeat what you wrote", five bytes each. Its checksum stands
in it twice, and is linear in its bits, so that it can be solved for.
"""
import struct
import sys
import zlib

NAME = b"r\0"  # as long as repeat() needs it
HEADER = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + NAME


def literal(n):
    """A stored block of the next n bytes."""
    return b"\0" + struct.pack("<HH", n, n ^ 0xffff)


def repeat(n):
    """A block of fixed codes: the last n bytes once more, in two copies."""
    bits = []

    def put(value, count):
        bits.extend(value >> i & 1 for i in range(count))

    def put_code(value, count):
        bits.extend(value >> i & 1 for i in reversed(range(count)))
    put(0b010, 3)
    for length in 10, n - 10:
        put_code(length - 2, 7)  # 257 to 264 are the lengths 3 to 10
        put_code(8, 5)           # distances from 17 on
        put(n - 17, 3)
    put_code(0, 7)
    assert 17 <= n <= 20 and len(bits) == 40
    return bytes(sum(bits[i * 8 + j] << j for j in range(8)) for i in range(5))


def program(crc, size):
    end = b"\1\0\0\xff\xff" + struct.pack("<II", crc, size)
    head, again = literal(len(HEADER) + 5), repeat(len(HEADER) + 5)
    tail, last = literal(len(end) + 5), repeat(len(end) + 5)
    none, one, four, back = literal(0), literal(5), literal(20), repeat(20)
    return b"".join((HEADER, head, HEADER, head, again, one, again, one, one, four, again, one, one, four, back,
                     four, back, four, back, four, back, four, back, none, none, tail, back, none, none,
                     tail, last, end, last, end))


def quine(crc):
    return program(crc, len(program(0, 0)))


def solved():
    """The crc of which quine(crc) has that checksum, by elimination."""
    base, rows = zlib.crc32(quine(0)), {}
    for i in range(32):
        value, bits = zlib.crc32(quine(1 << i)) ^ base ^ 1 << i, 1 << i
        while value and value.bit_length() in rows:
            row = rows[value.bit_length()]
            value, bits = value ^ row[0], bits ^ row[1]
        if value:
            rows[value.bit_length()] = value, bits
    crc = 0
    while base:
        row = rows[base.bit_length()]
        base, crc = base ^ row[0], crc ^ row[1]
    return crc


if __name__ == "__main__":
    with open(sys.argv[1], "wb") as out:
        out.write(quine(solved()))
