#!/usr/bin/env python3
"""Writes zip files that do not say the same everywhere, and tells what others unpack of them.

    python3 zips.py KIND FILE TOKEN TOKEN     writes one; python3 zips.py kinds lists them
    python3 zips.py unpack FILE TOKEN...      which of the tokens (1, 2, ...) Python, unzip and 7-Zip bring to light
"""
import io
import os
import struct
import subprocess
import sys
import tempfile
import warnings
import zipfile
import zlib

DEFLATED = zipfile.ZIP_DEFLATED


def text(token):
    """Long enough to be packed."""
    return (f'login("{token}")\n' + "# so that it is packed\n" * 50).encode()


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


class Member:
    """What the two places say of a member, and its bytes."""

    def __init__(self, name, data, **said):
        self.name, self.data = name.encode(), deflate(data)
        self.said = {"flags": 0, "method": 8, "crc": zlib.crc32(data), "packed": len(self.data), "size": len(data)}
        self.local, self.entry = dict(self.said), dict(self.said)
        self.behind = b""
        self.at = 0
        for key, value in said.items():
            where, key = key.split("_")
            getattr(self, where)[key] = value

    def bytes(self):
        s = self.local
        return struct.pack("<4s5H3I2H", b"PK\3\4", 20, s["flags"], s["method"], 0, 33, s["crc"], s["packed"],
                           s["size"], len(self.name), 0) + self.name + self.data + self.behind

    def directory(self):
        s = self.entry
        return struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, s["flags"], s["method"], 0, 33, s["crc"], s["packed"],
                           s["size"], len(self.name), 0, 0, 0, 0, 0o644 << 16, self.at) + self.name


def end(count, size, offset, comment=b""):
    return struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, size, offset, len(comment)) + comment


def end64(count, size, offset, at):
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    return record + struct.pack("<4sIQI", b"PK\6\7", 0, at, 1) + end(0xffff, 0xffffffff, 0xffffffff)


def archive(members, listed=None, count=None, size=None, offset=None, comment=b"", between=b"", in64=False):
    out = b""
    for member in members:
        member.at = len(out)
        out += member.bytes() + between
    at, directory = len(out), b"".join(m.directory() for m in (members if listed is None else listed))
    said = (len(members if listed is None else listed) if count is None else count,
            len(directory) if size is None else size, at if offset is None else offset)
    return out + directory + (end64(*said, at + len(directory)) if in64 else end(*said, comment))


def two(a, b, **said):
    return Member("first.py", text(a)), Member("second.py", text(b), **said)


def with_descriptor(token, **said):
    """Sizes stand behind the member, as whoever writes to a pipe has to."""
    member = Member("second.py", text(token), local_flags=8, entry_flags=8, local_crc=0, local_packed=0, local_size=0,
                    **said)
    member.behind = b"PK\7\10" + struct.pack("<3I", zlib.crc32(text(token)), len(member.data), len(text(token)))
    return member


def whole(a, b):
    return archive(two(a, b))


def not_listed(a, b):
    first, second = two(a, b)
    return archive([first, second], [first])


def not_listed_first(a, b):
    first, second = two(a, b)
    return archive([first, second], [second])


def not_listed_with_descriptor(a, b):
    first = Member("first.py", text(a))
    return archive([first, with_descriptor(b)], [first])


def not_listed_in_two_places(a, b):
    first, second = two(a, b)
    listed = Member("listed.py", b"nothing")
    return archive([first, listed, second], [listed])


def none_listed(a, b):
    return archive(two(a, b), [])


def counts_too_few(a, b):
    return archive(two(a, b), count=1)


def counts_too_many(a, b):
    return archive(two(a, b), count=3)


def directory_too_short(a, b):
    first, second = two(a, b)
    return archive([first, second], size=len(first.directory()))


def directory_elsewhere(a, b):
    return archive(two(a, b), offset=1)


def in_64_bits(a, b):
    return archive(two(a, b), in64=True)


def too_few_in_64_bits(a, b):
    return archive(two(a, b), in64=True, count=1)


def behind_a_program(a, b):
    return b"MZ" + bytes(70000) + archive(two(a, b))


def behind_a_picture(a, b):
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8 + archive(two(a, b), comment=b"a comment")


def behind_a_script(a, b):
    return b"#!/bin/sh\nexec java -jar \"$0\"\nexit\n" + archive(two(a, b))


def behind_a_program_with_a_comment(a, b):
    return b"MZ" + bytes(70000) + archive(two(a, b), comment=b"a comment, PK\5\6 and all. " * 1000)


def behind_a_small_program_with_a_comment(a, b):
    return b"\x7fELF" + bytes(700) + archive(two(a, b), comment=b"x" * 1003)


def in_a_signed_program(a, b):
    return b"MZ" + bytes(70000) + archive(two(a, b)) + bytes(range(256)) * 32


def in_a_program_with_much_behind(a, b):
    return b"MZ" + bytes(70000) + archive(two(a, b)) + b"PK\5\6" + b"." * 100000


def two_in_a_program(a, b):
    return (b"MZ" + bytes(70000) + archive([Member("first.py", text(a))]) + bytes(80000) +
            archive([Member("second.py", text(b))]) + b"." * 100000)


def in_a_page(a, b):
    """The rest of the page is the archive's comment."""
    return (b"<!doctype html><script>unpack()</script><!--" + b"." * 70000 +
            archive(two(a, b), comment=b"-->" + b"<p>It is a page.</p>\n" * 2000))


def as_far_as_unzip_looks(a, b):
    return archive(two(a, b)) + b"." * 65900


def joined(a, b):
    return archive([Member("first.py", text(a))]) + archive([Member("second.py", text(b))])


def joined_by_the_thousand(a, b):
    empty = archive([Member("empty", b"")])
    return archive([Member("first.py", text(a))]) + empty * 1000 + archive([Member("second.py", text(b))])


def comment_is_an_archive(a, b):
    inner = archive([Member("second.py", text(b))])
    return archive([Member("first.py", text(a))], comment=inner)


def zeros_behind(a, b):
    return archive(two(a, b)) + bytes(5000)


def much_behind(a, b):
    return archive(two(a, b)) + b"x" * 100000


def between_members(a, b):
    return archive(two(a, b), between=b"unused" * 10)


def same_name(a, b):
    return archive([Member("first.py", text(a)), Member("first.py", text(b))])


def other_name(a, b):
    first, second = two(a, b)
    out = archive([first, second])
    return out.replace(b"second.py", b"secret.md", 1)


def descriptor(a, b):
    return archive([Member("first.py", text(a)), with_descriptor(b)])


def descriptor_without_magic(a, b):
    member = with_descriptor(b)
    member.behind = member.behind[4:]
    return archive([Member("first.py", text(a)), member])


def sizes_only_in_directory(a, b):
    return archive(two(a, b, local_packed=0, local_size=0))


def size_lies(a, b):
    return archive(two(a, b, local_size=5, entry_size=5))


def packed_size_lies(a, b):
    return archive(two(a, b, local_packed=20, entry_packed=20))


def stored_says_one_place(a, b):
    return archive(two(a, b, local_method=0, local_size=len(deflate(text(b)))))


def stored_says_the_other(a, b):
    return archive(two(a, b, entry_method=0, entry_size=len(deflate(text(b)))))


def folder_with_bytes(a, b):
    return archive([Member("first.py", text(a)), Member("second/", text(b))])


def encrypted_says_one_place(a, b):
    return archive(two(a, b, entry_flags=1))


def method_of_nobody(a, b):
    return archive(two(a, b, entry_method=77, local_method=77))


def wrong_sum(a, b):
    return archive(two(a, b, entry_crc=1, local_crc=1))


def stored_in_a_zip(a, b):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("setup.exe", in_a_signed_program(a, b))
    return out.getvalue()


def in_a_zip(a, b):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", DEFLATED) as z:
        z.writestr("odd.bin", behind_a_program(a, b))
    return out.getvalue()


KINDS = {name: value for name, value in globals().items()
         if callable(value) and getattr(value, "__code__", None) and value.__code__.co_varnames[:2] == ("a", "b")
         and name != "two"}


def by_python(path):
    with zipfile.ZipFile(path) as z:
        for info in z.infolist():
            try:
                yield z.read(info)
            except Exception:
                pass


def by_program(*command):
    def unpack(path):
        yield subprocess.run([*command, path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL).stdout
    return unpack


def unpack(path, tokens):
    seen = set()
    for how in by_python, by_program("unzip", "-p", "-P", "none"), by_program("7zz", "e", "-so", "-pnone"):
        try:
            for data in how(path):
                seen |= {i + 1 for i, token in enumerate(tokens) if token.encode() in data}
        except Exception:
            pass
    print(*sorted(seen))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[1] == "kinds":
        print("\n".join(KINDS))
    elif sys.argv[1] == "unpack":
        unpack(sys.argv[2], sys.argv[3:])
    else:
        with open(sys.argv[2], "wb") as file:
            file.write(KINDS[sys.argv[1]](*sys.argv[3:]))
