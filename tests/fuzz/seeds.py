#!/usr/bin/env python3
"""Writes the seed corpus: python3 tests/fuzz/seeds.py tests/fuzz/corpus

Real packs come from a scratch repository that git makes, the hostile ones from
hostile_pack.py. The same bytes each time, as long as git packs alike.
"""
import base64
import bz2
import gzip
import io
import json
import lzma
import os
import sqlite3
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

from hostile_pack import (BLOB, COMMIT, OFS_DELTA, REF_DELTA, TAG, TREE, Pack, copy, delta, header,
                          insert)

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import archives
import zips
from packed import KINDS

SOUND = b"some lines\nthat many versions\nof a file share\n" * 4


def one(pack, idx, rest=b"", is_midx=False):
    return bytes([is_midx]) + struct.pack(">II", len(pack), len(idx)) + pack + idx + rest


def loose(kind, data, size=None):
    return zlib.compress(b"%s %d\0" % (kind, len(data) if size is None else size) + data)


# ---- what git writes ----

def git(repo, *args, **more):
    env = {"PATH": os.environ["PATH"], "HOME": repo, "GIT_CONFIG_NOSYSTEM": "1"}
    for who in "AUTHOR", "COMMITTER":
        env[f"GIT_{who}_NAME"] = env[f"GIT_{who}_EMAIL"] = "a"
        env[f"GIT_{who}_DATE"] = "1700000000 +0000"
    return subprocess.run(["git", "-C", repo, *args], env=env, check=True,
                          stdout=subprocess.PIPE, **more).stdout


def scratch_repository(repo):
    git(repo, "init", "-q", "-b", "main")
    for version in range(6):
        os.makedirs(f"{repo}/folder/deeper", exist_ok=True)
        with open(f"{repo}/folder/deeper/file", "wb") as file:
            file.write(SOUND + b"version %d\n" % version + SOUND)
        git(repo, "add", "-A")
        git(repo, "commit", "-q", "-m", f"version {version}")
    git(repo, "tag", "-a", "-m", "tagged", "v1")


def real_packs():
    with tempfile.TemporaryDirectory() as repo:
        scratch_repository(repo)
        names = git(repo, "rev-list", "--all", "--objects", "--no-object-names")
        for label, options in (("ofs", ["--delta-base-offset"]), ("ref", []),
                               ("idx-v1", ["--index-version=1"])):
            stem = f"{repo}/made-{label}"
            git(repo, "pack-objects", "-q", "--depth=50", "--threads=1", *options, stem,
                input=names)
            stem = next(f"{repo}/{name[:-5]}" for name in sorted(os.listdir(repo))
                        if name.startswith(f"made-{label}") and name.endswith(".pack"))
            with open(stem + ".pack", "rb") as pack, open(stem + ".idx", "rb") as idx:
                yield label, pack.read(), idx.read()


# ---- what nobody writes ----

def chain(length, **base_options):
    """A blob and deltas of deltas; the offsets of all."""
    made = Pack()
    offsets = [made.add(BLOB, SOUND, **base_options)]
    for i in range(length):
        made.add(OFS_DELTA, delta(len(SOUND), len(SOUND), copy(0, len(SOUND))),
                 name=b"%020d" % i, base=offsets[-1])
        offsets.append(made.rows[-1][1])
    return made, offsets


def packed(made):
    return one(made.pack(), made.idx())


def with_delta(*pieces, base_size=len(SOUND), result_size=len(SOUND), **options):
    made = Pack()
    base = made.add(BLOB, SOUND)
    made.add(OFS_DELTA, delta(base_size, result_size, *pieces), name=b"d" * 20, base=base,
             **options)
    return packed(made)


def ring(length):
    made = Pack()
    made.add(BLOB, SOUND)
    for i in range(length):
        made.add(REF_DELTA, delta(8, 8, copy(0, 8)), name=b"%020d" % i,
                 base=b"%020d" % ((i + 1) % length))
    return packed(made)


def lying_offsets(*offsets):
    made = Pack()
    made.add(BLOB, SOUND)
    for i, offset in enumerate(offsets):
        made.rows.append((b"%020d" % i, offset))
    return packed(made)


def midx_of_bases():
    """What a multi-pack-index leaves out is a base: nodes without a name."""
    made, offsets = chain(8)
    full = made.rows
    made.rows = full[6:]
    midx = made.midx()
    made.rows = full
    return one(made.pack(), b"", midx, True)


def midx_one_place():
    made, offsets = chain(3)
    rows = made.rows
    made.rows = [(b"%020d" % i, offsets[2]) for i in range(9)] + [(b"9" * 20, offsets[3])]
    midx = made.midx()
    made.rows = rows
    return one(made.pack(), b"", midx, True)


def hostile():
    made, offsets = chain(4)
    pack, idx = made.pack(), made.idx()
    yield "chain", one(pack, idx)
    yield "truncated", one(pack[:len(pack) // 2], idx)
    yield "truncated-by-one", one(pack[:-1], idx)
    yield "no-index", one(pack, b"")
    yield "index-truncated", one(pack, idx[:len(idx) // 2])
    yield "index-version", one(pack, idx[:7] + b"\3" + idx[8:])
    yield "count-lies", one(made.pack(count=1000), idx)
    yield "fanout-lies", one(pack, idx[:8] + b"\0\0\0\7" * 255 + idx[8 + 255 * 4:])
    yield "fanout-huge", one(pack, idx[:8 + 255 * 4] + b"\xff\xff\xff\xff" + idx[12 + 255 * 4:])
    for bit in (301, 500, 1000):
        flipped = bytearray(pack)
        flipped[bit // 8 % len(flipped)] ^= 1 << bit % 8
        yield f"flipped-{bit}", one(bytes(flipped), idx)
    yield "chain-long", packed(chain(50)[0])
    yield "offset-beyond", lying_offsets(1 << 20, (1 << 31) + 5, 1 << 62)
    yield "offset-in-header", lying_offsets(0, 5, 11)
    yield "offset-in-trailer", lying_offsets(*range(offsets[1] - 24, offsets[1], 4))
    yield "one-place-for-two", lying_offsets(12, 12, 12)
    yield "no-names", packed(Pack())
    yield "ring-of-one", ring(1)
    yield "ring-of-two", ring(2)
    yield "ring-of-many", ring(12)
    yield "copy-past-the-end", with_delta(copy(len(SOUND) - 4, 8), result_size=8)
    yield "copy-far-past", with_delta(copy(0xFFFFFFF0, 0xFFFFF), result_size=0xFFFFF)
    yield "insert-past-the-end", with_delta(b"\x7fabc", result_size=127)
    yield "opcode-0", with_delta(b"\0", result_size=0)
    yield "result-too-short", with_delta(copy(0, 8), result_size=9)
    yield "result-too-long", with_delta(copy(0, 8), result_size=7)
    yield "result-2-40", with_delta(*[copy(0, len(SOUND))] * 20, result_size=1 << 40)
    yield "result-unending", with_delta(b"", result_size=1 << 80)
    yield "base-of-other-size", with_delta(copy(0, 8), base_size=9, result_size=8)
    yield "delta-of-size-2-40", with_delta(copy(0, 8), result_size=8, size=1 << 40)
    yield "size-2-40", packed(chain(2, size=1 << 40)[0])
    yield "size-one-less", packed(chain(2, size=len(SOUND) - 1)[0])
    yield "size-one-more", packed(chain(2, size=len(SOUND) + 1)[0])
    yield "bomb", packed(chain(1, stream=zlib.compress(b"\0" * (2 << 20), 9), size=2 << 20)[0])
    yield "bomb-that-lies", packed(chain(1, stream=zlib.compress(b"\0" * (2 << 20), 9))[0])
    yield "bomb-of-copies", with_delta(*[copy(0, len(SOUND))] * 9000,
                                       result_size=9000 * len(SOUND))
    made = Pack()
    made.add(BLOB, SOUND, size=33 << 20)  # is read piece by piece
    yield "large-truncated", packed(made)
    yield "stream-unending", packed(chain(1, stream=b"\x78\x9c" + b"\xff" * 40)[0])
    made = Pack()
    base = made.add(BLOB, SOUND)
    made.add(OFS_DELTA, delta(len(SOUND), 8, copy(0, 8)), name=b"m" * 20, base=base + 3)
    made.add(REF_DELTA, delta(len(SOUND), 8, copy(0, 8)), name=b"n" * 20, base=b"o" * 20)
    yield "base-amid-another", packed(made)
    made = Pack()
    made.body += b"\xff" * 40
    made.rows = [(b"%020d" % i, 12 + i) for i in range(12)]
    yield "headers-unending", packed(made)
    made = Pack()
    for kind in (0, 5, 7):
        made.body += header(kind, 3) + b"x"
        made.rows.append((b"%020d" % kind, len(made.body) - 2))
    yield "types-unknown", packed(made)
    made = Pack()
    for i in range(20):
        made.add(BLOB, b"%d" % i, name=b"\0" * 19 + bytes([i]))
    yield "names-alike", packed(made)
    made = Pack()
    made.add(BLOB, SOUND, stream=b"broken")
    made.add(BLOB, SOUND)
    yield "name-twice", packed(made)
    made = Pack()
    made.add(COMMIT, b"tree " + b"0" * 40 + b"\nparent " + b"1" * 40 + b"\n\nwords\n")
    made.add(TAG, b"object " + b"1" * 40 + b"\ntype tag\ntag t\n\nwords\n")
    made.add(TREE, b"40000 a\0" + b"\x11" * 20 + b"100644 \0" + b"\x22" * 20)
    yield "types", packed(made)

    made, offsets = chain(4)
    pack, midx = made.pack(), made.midx()
    yield "midx", one(pack, b"", midx, True)
    yield "midx-of-bases", midx_of_bases()
    yield "midx-one-place", midx_one_place()
    yield "midx-truncated", one(pack, b"", midx[:40], True)
    yield "midx-chunk-count", one(pack, b"", midx[:6] + b"\xff" + midx[7:], True)
    lied = made.midx(cut={b"PNAM": 1 << 62})
    yield "midx-chunk-beyond", one(pack, b"", lied, True)
    lied = made.midx(cut={b"OOFF": len(midx) - 3})
    yield "midx-chunk-at-the-end", one(pack, b"", lied, True)

    yield "loose", one(b"", b"", loose(b"blob", SOUND))
    yield "loose-empty", one(b"", b"", zlib.compress(b""))
    yield "loose-truncated", one(b"", b"", loose(b"blob", SOUND)[:30])
    yield "loose-size-2-40", one(b"", b"", loose(b"tree", SOUND, 1 << 40))
    yield "loose-size-unending", one(b"", b"", zlib.compress(b"blob " + b"9" * 40 + b"\0"))
    yield "loose-bomb", one(b"", b"", loose(b"tree", b"\0" * (2 << 20)))
    yield "loose-bomb-streamed", one(b"", b"", loose(b"blob", b"\0" * (2 << 20)))
    yield "loose-of-no-type", one(b"", b"", loose(b"blubb", SOUND))


def deltas():
    base = SOUND[:64]

    def seed(*pieces, size, base_size=len(base)):
        return struct.pack(">H", len(base)) + base + delta(base_size, size, *pieces)

    yield "copies", seed(copy(0, 64), copy(16, 48), copy(63, 1), size=113)
    yield "inserts", seed(insert(b"abc"), insert(b"d" * 127), size=130)
    yield "both", seed(copy(8, 40), insert(b"xyz"), copy(0, 20), size=63)
    yield "copy-past-the-end", seed(copy(60, 5), size=5)
    yield "copy-of-64k", seed(b"\x80", size=0x10000)
    yield "opcode-0", seed(b"\0", size=0)
    yield "cut-short", seed(b"\xff\0\0", size=9)
    yield "sizes-cut-short", struct.pack(">H", 0) + b"\xff" * 12
    yield "many-short", seed(*[copy(i, 3) + insert(b"-") for i in range(30)], size=120)


# ---- notebooks ----

def code(source, outputs=(), **more):
    return {"cell_type": "code", "id": "a", "source": source, "outputs": list(outputs),
            "metadata": {}, **more}


def notebooks():
    def seed(cells, window=9, behind=40, **how):
        whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        return bytes([window, behind]) + json.dumps(whole, **how).encode()

    lines = ["one\n", "two \\ \"three\"\n", "\x00\u00e1\u20ac\U0001f917"]
    coloured = "\x1b[32mgreen\x1b[0m \x1b]0;title\x07 x\x1b[38;5;1my"
    stream = {"output_type": "stream", "name": "stdout", "text": lines}
    error = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": [coloured, "b"]}
    html = {"output_type": "display_data", "metadata": {"a": ["b", {"c": "d"}]}, "data": {
        "text/html": ["<b>&lt;&#104;&#x66;&amp;", "&unknown; &#; &#x110000;</b>"],
        "application/json": {"k": ["v", 1, None]}, "image/png": "iVBORw0KGgo=" * 20}}
    cells = [code(lines, [stream, error, html], metadata={"tags": ["x", "hfscan-allow"]}),
             {"cell_type": "markdown", "source": "text", "attachments": {"a.png": {"image/png": "x"}}}]
    yield "plain", seed(cells)
    yield "indented", seed(cells, indent=1, window=0)
    yield "utf-8", seed(cells, ensure_ascii=False)
    yield "pictures", seed([code("x", [html]), code("iVBOR" * 9000)], window=255)
    yield "in-lines", seed([code(("iVBOR" * 15 + "=\n") * 300)], window=255)
    yield "nothing", seed([])
    yield "odd-types", seed([1, "cell", None, [], {"source": 1, "outputs": {"a": "b"}, "cell_type": 3}])
    yield "worksheets", b"\1\1" + json.dumps({"worksheets": [{"cells": [
        {"cell_type": "code", "input": lines, "outputs": [{"output_type": "pyout", "text": ["a"],
                                                           "html": "&lt;"}]}]}]}).encode()
    whole = seed(cells)
    yield "bom-crlf", whole[:2] + b"\xef\xbb\xbf" + json.dumps({"cells": cells}, indent=0).replace(
        "\n", "\r\n").encode()
    for at in 3, 60, 90, 200, len(whole) - 1:
        yield f"cut-{at}", whole[:at]
    yield "text-behind", whole + b" \"more\""
    yield "same-key-twice", b"\1\1" + b'{"cells":[{"source":"a","source":["b","c"],"cell_type":"code"}],"cells":[]}'
    yield "surrogates", b"\1\1" + b'{"cells":[{"source":"\\ud83e\\udd17\\ud83e\\udd17\\udd17\\ud83ex\\u12\\q\\"}]}'
    yield "deep", b"\1\1" + b'{"cells":[{"source":' + b"[" * 2000 + b'"a"' + b"]" * 2000 + b"}]}"
    yield "no-utf-8", b"\1\1" + b'{"cells":[{"source":"\xff\xfe\x00 \xc3"}]}'
    yield "raw-line-ends", b"\1\1" + b'{"cells":[{"source":["a\nb","c\r\n\t"]}]}'


# ---- forms ----

WORD = b"hf_" + b"not-a-token" * 3
FORMS = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "base64", "hex", "percent", "escapes", "entities",
         "quoted", "joined", "unwrapped", "counted")


def form(name, text, at, phase=0):
    return bytes([FORMS.index(name), phase]) + struct.pack(">H", at) + text


def forms():
    for codec in FORMS[:4]:
        width = 2 if "16" in codec else 4
        at = 3 * width + (width - 1 if codec.endswith("be") else 0)
        text = ("€x=" + WORD.decode() + "\U0001f917").encode(codec)
        yield codec, form(codec, text, at, 4 * (at % 2))
        yield f"{codec}-cut", form(codec, text[:at + width + 1], at, 4 * (at % 2))
    for shift, phase in enumerate((0, 2, 3)):
        digits = base64.b64encode(b"." * (60 + shift) + WORD * 3)
        yield f"base64-{phase}", form("base64", digits, 80 + phase, phase)
        lines = b"\r\n  ".join(digits[i:i + 64] for i in range(0, len(digits), 64))
        yield f"base64-{phase}-lines", form("base64", lines, 84 + phase, phase)
    yield "base64-phase-lies", form("base64", b"hmX0", 0, 3)
    digits = WORD.hex().encode()
    yield "hex", form("hex", b"3d" + digits + b"\n", 2)
    yield "hex-lines", form("hex", digits[:60] + b"\n" + digits[60:], 0)
    yield "percent", form("percent", b"%22hf%5Fx%zz%5", 3)
    yield "escapes", form("escapes", rb'"hf\x5f\u005f\137\U0000005f\u{5f}\u{}\"\n\q\\' + b"\\", 1)
    yield "entities", form("entities", b"&quot;&#104;&#x66;&lowbar;&#;&", 6)
    yield "quoted", form("quoted", b"=3Dhf=5Fab=\r\ncd=\nef=", 3)
    one, two, three = b"hf_abcdefghijkl", b"mnopqrstuvwxyzabc", b"defgh"
    for name, text in (("py", b'"%s" f\'%s\' "%s"' % (one, two, three)), ("js", b"'%s' +\n `%s%s`" % (one, two, three)),
                       ("list", b'"".join(["%s", "%s%s"])' % (one, two, three)), ("no-list", b'["%s", "%s%s"]' % (one, two, three)),
                       ("vb", b'"%s%s" & _\r\n "%s"' % (one, two, three)), ("goes-on", b'"%s%s\\\n%s"' % (one, two, three)),
                       ("comments", b'"%s" /* " */ "%s" # "\n "%s"' % (one, two, three)), ("more", b't = "%s";\nt.x[0] .= "%s%s' % (one, two, three)),
                       ("shell", b"T=%s\"%s%s\"" % (one, two, three)), ("open", b'"hf_" + "')):
        yield f"joined-{name}", form("joined", text, text.index(b"hf_"))
    for name, end in ("", b"\r\n> "), ("-box", b"  \xe2\x94\x82\n\xe2\x94\x82 "), ("-cut", b" \xe2\x94"):
        yield f"unwrapped{name}", form("unwrapped", b"> " + one + end + two + three, 2)
    for name, text in (("list", b"0x68, 0x66,\n  0X5f, 0x41, 0x"), ("colons", b"68:66:5f:41:4"), ("xxd", b"00000000: 6866 5f41  hf_A\n00000010: 42\n0000"),
                       ("hexdump", b"00000000  68 66 5f 41  42 |hf_AB|\n00000005\n"), ("od", b"0000000 68 66 5f\n0000020 41\n0000021\n")):
        yield f"bytes-{name}", form("hex", text, text.index(b"68"))
    for name, text in (("pickle", b"X\x2a\0\0\0xxxxx" + WORD + b"x" + b"q"), ("cut", b"\x8c\xff" + WORD * 2),
                       ("old", b"\nV" + WORD + b"x\n"), ("old-tuple", b"(V" + WORD + b"x\np1\n"), ("exact", b"\x25" + WORD + b"xx"),
                       ("long", b"X\x31\1\0\0" + b"x " * 134 + WORD + b"x" + b"q"), ("huge", b"\x8d" + b"\xff" * 8 + WORD * 2)):
        yield f"counted-{name}", form("counted", text, text.index(b"hf_"))


# ---- office documents ----

def markups():
    word = (b'<?xml version="1.0"?><w:document xmlns:w="urn:w"><w:body><w:p w:rsidR="0">'
            b'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">one </w:t></w:r>\n  <w:r><w:t>tw'
            b'</w:t></w:r><w:proofErr w:type="spellEnd"/><w:r><w:t>o&amp;&#x66;</w:t></w:r></w:p>'
            b'<w:p><w:r><w:tab/><w:t>three</w:t></w:r></w:p></w:body></w:document>')
    yield "word", word
    for at in 1, 40, 100, 170, len(word) - 1:
        yield f"cut-{at}", word[:at]
    yield "sheet", b"<sst><si><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh></si><si/></sst>"
    yield "writer", b"<text:p>a<text:span>b</text:span><text:s text:c='3'/><text:line-break/>c</text:p>"
    yield "page", b"<p>a<i>&#95;</i><b>&lt;p&gt;</b><br>c<a href='>'>d</a><!-- <p> -- -->e"
    yield "cdata", b"a<![CDATA[<p>]]]]><![CDATA[>b]]>c<![CDATA[d]]"
    yield "no-tags", b"a & b &#; &unknown; &#110"
    yield "only-tags", b"<<<>>><a<b>></:></::p><:p:p><" + b"p:" * 40 + b"p>"
    yield "no-utf-8", b"<p>\xff\xfe\0<w:\xff>\xc3</w:\xff></p>"


def databases():
    """Small ones, with and without what is looked for, and broken."""
    for label, more in ("plain", ""), ("maps", "PRAGMA auto_vacuum=1;"), ("wide", "PRAGMA encoding='UTF-16le';"):
        db = sqlite3.connect(":memory:", isolation_level=None)
        db.executescript("PRAGMA page_size=512;" + more + """
            CREATE TABLE t(a, b TEXT); CREATE INDEX i ON t(b);
            CREATE TABLE w(k PRIMARY KEY, v) WITHOUT ROWID""")
        for i in range(8):
            db.execute("INSERT INTO t VALUES(?,?)", (i, "." * (i * 47)))
            db.execute("INSERT INTO w VALUES(?,?)", (str(i), b"\0" * i))
        yield label, db.serialize()
        db.execute("INSERT INTO t VALUES(1,?)", ("-" * 700 + "needle" + "-" * 600,))
        whole = db.serialize()
        yield f"{label}-needle", whole
        yield f"{label}-cut", whole[:len(whole) - 700]
        yield f"{label}-page", whole[:1024] + b"\xff" * 512 + whole[1536:]
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(f"PRAGMA page_size=512; CREATE TABLE t(a); INSERT INTO t VALUES('{'-' * 200}')")
    whole = bytearray(db.serialize())
    whole[515:517] = b"\0\x64"  # a hundred cells that are one
    whole[520:720] = whole[520:522] * 100
    whole[730:736] = b"needle"
    yield "shared", bytes(whole)


# ---- what databases have beside them ----

LIST_OF_ONE = b"\x0d\0\0\0\1\0\0\0\0\x10"  # a leaf with a cell at 16


def frame(number, page, salts=(7, 7), size=512):
    return struct.pack(">6I", number, 0, *salts, 0, 0) + page.ljust(size, b"\0")


def log(*frames, size=512):
    return struct.pack(">8I", 0x377F0682, 3007000, size, 0, 7, 7, 0, 0) + b"".join(frames)


def without_chance(wal, size=512):
    """Salts are random, but one more each time; sums hang on them, and nobody asks."""
    frames = [wal[at:at + 24 + size] for at in range(32, len(wal), 24 + size)]
    last = struct.unpack(">I", wal[16:20])[0]
    return log(*(frame(struct.unpack(">I", f[:4])[0], f[24:],
                       (7 + struct.unpack(">I", f[8:12])[0] - last, 7)) for f in frames))


def written_log(*statements):
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(f"{folder}/a", isolation_level=None)
        db.executescript("PRAGMA page_size=512; PRAGMA journal_mode=WAL")
        for statement in statements:
            db.executescript(statement)
        with open(f"{folder}/a-wal", "rb") as file:
            return without_chance(file.read())


def logs():
    table = "CREATE TABLE t(a, b TEXT)"
    long = f"INSERT INTO t VALUES(1, '{'-' * 474}needle{'-' * 600}')"
    yield "plain", written_log(table, "INSERT INTO t VALUES(1, 'needle'), (x'504b0304', 2)")
    yield "long", written_log(table, long, "UPDATE t SET a=2", "UPDATE t SET a=3")
    yield "generations", written_log(table, long, "UPDATE t SET b='-'", "PRAGMA wal_checkpoint(RESTART)", long)
    yield "keys", written_log("CREATE TABLE t(a PRIMARY KEY, b) WITHOUT ROWID", long,
                              *(f"INSERT INTO t VALUES('{i}needle', 2)" for i in range(20, 30)))
    yield "cut", written_log(table, long)[:-200]
    size = 39 + 508 * 9  # 39 bytes stay in the page
    cell = struct.pack("4B", 0x80 | size >> 7, size & 127, 1, 4)
    cell += struct.pack("3B", 0x80 | size * 2 >> 14 & 127, 0x80 | size * 2 >> 7 & 127, size * 2 & 127)
    cell += b"needle".ljust(35, b"-")
    yield "circle", log(frame(2, LIST_OF_ONE.ljust(16, b"\0") + cell + struct.pack(">I", 3)),
                        frame(3, struct.pack(">I", 4)), frame(4, struct.pack(">I", 3)))
    shared = b"\x0d\0\0\0\x64\0\0\0" + struct.pack(">H", 300) * 100
    cell = b"\x81\x48\1\3\x83\x17needle" + b"-" * 191
    yield "shared", log(frame(2, shared.ljust(300, b"\0") + cell), frame(2, shared))
    yield "header-only", log()
    yield "reserved", log(frame(1, (b"\0" * 20 + b"\x20").ljust(100, b"\0") + LIST_OF_ONE))


# ---- whole documents ----

def run(*command, given):
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True).stdout


def zipped(*members, how=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as file:
        for name, data in members:
            file.writestr(zipfile.ZipInfo(name), data, how)
    return out.getvalue()


def tarred(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as file:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
        info = tarfile.TarInfo("link")
        info.type, info.linkname = tarfile.SYMTYPE, "../../x"
        file.addfile(info)
    return out.getvalue()[:2048]


def seven(data):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/a.py", "wb") as file:
            file.write(data)
        os.chmod(f"{folder}/a.py", 0o644)
        run("7zz", "a", "-bso0", "-mtm-", f"{folder}/a.7z", f"{folder}/a.py", given=b"")
        with open(f"{folder}/a.7z", "rb") as file:
            return file.read()


def documents():
    def seed(data, name=0, gives=255):
        return bytes([name, gives]) + (data if isinstance(data, bytes) else data.encode())

    text = b"t = 'hf_abcdefghi'\n" + b"x = 1\n" * 20
    cells = json.dumps({"cells": [code(["t = \\\"hf_ab", "cdefghi\\\""])], "metadata": {}, "nbformat": 4})
    word = b"<w:p><w:r><w:t>hf_abc</w:t></w:r><w:r><w:t>defghi</w:t></w:r></w:p>"
    yield "text", seed(text, gives=0)
    yield "notebook", seed(cells, 1)
    for label, data in (("base64", base64.b64encode(text)), ("utf-16", text.decode().encode("utf-16")),
                        ("percent", b"t=hf%5Fabcdefghi"), ("escapes", b'"\\u0068f_abcdefghi"'), ("hex", text.hex()),
                        ("joined", b'"hf_abcde" + "fghi"'),
                        ("twice", base64.b64encode(text).decode().encode("utf-16"))):
        yield label, seed(data)
    for label, data in (("zip", zipped(("a.py", text), ("b.ipynb", cells))), ("tar", tarred(("a.py", text), ("b.py", b"x"))),
                        ("gz", gzip.compress(text, mtime=0)), ("bz2", bz2.compress(text)), ("xz", lzma.compress(text)),
                        ("zst", run("zstd", "-qc", given=text)), ("7z", seven(text)),
                        ("tgz", gzip.compress(tarred(("a.py", text)), mtime=0)),
                        ("gz-in-gz", gzip.compress(gzip.compress(text, mtime=0), mtime=0)),
                        ("stored", zipped(("a.py", text), how=zipfile.ZIP_STORED))):
        yield label, seed(data)
        yield f"{label}-cut", seed(data[:len(data) * 2 // 3], gives=1)
    yield "docx", seed(zipped(("word/document.xml", word)), 2)
    inner = zipped(("a.py", text))
    yield "nested", seed(zipped(("a.zip", zipped(("b.zip", inner))), ("c.tar", tarred(("d.zip", inner)))))
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript("PRAGMA page_size=512; CREATE TABLE t(a, b)")
    db.execute("INSERT INTO t VALUES('x', 'hf_abcdefghi')")
    yield "database", seed(db.serialize())
    yield "polyglot", seed(b"#!/bin/sh\n" + inner)


# ---- what is asked of archives before they are unpacked ----

def zip_parts():
    """A byte for the members that may be, the file, a byte for how far reading comes."""
    zips.text = lambda token: f"{token} = 1\n".encode() * 4
    for name, make in zips.KINDS.items():
        data = make("a", "b")
        if len(data) < 700 and "in_a_zip" not in name:  # the same bytes each time
            yield name, b"\x64" + data + b"\x40"


def sevenzips():
    """A byte, the file; or 0 and a header."""
    archives.line = lambda token: b"x\n"
    for name in "modest", "modest1", "modest2", "greedy", "greedy_packed", "greedy2":
        yield name, b"\1" + archives.KINDS[name]("")
    yield "7-zip", b"\1" + seven(b"x = 1\n" * 20)
    header = archives.KINDS["greedy"]("")
    yield "header", b"\0" + header[32 + struct.unpack("<Q", header[12:20])[0]:]
    yield "header-empty", b"\0\1\5\3\x0e\1\xe0\x11\x0d\0a\0\0\0b\0\0\0c\0\0\0\0\0"
    # BCJ2: four coders, seven streams in, of which four are packed.
    yield "header-bcj2", (b"\0\1\4\6\0\4\x09\5\5\5\5\0\7\x0b\1\0\4\x14\3\3\1\x1b\4\1" +
                          b"\x23\3\1\1\5\x5d\0\0\1\0" * 3 + b"\0\1\1\2\2\3\x03\4\5\6\x0c\5\5\5\5\0\0\0")


def xzs():
    """A byte for how much it is given at a time, the file."""
    text = b"".join(b"%d\n" % i for i in range(40))
    yield "plain", b"\7" + lzma.compress(text)
    yield "no-check", b"\0" + lzma.compress(text, check=lzma.CHECK_NONE)
    yield "filters", b"\3" + lzma.compress(text, filters=[{"id": lzma.FILTER_DELTA, "dist": 4},
                                                       {"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2}])
    yield "blocks", b"\xff" + archives.xz((8, text), (36, text), (40, text))
    yield "streams", b"\1" + archives.xz((8, text)) + bytes(8) + lzma.compress(text) + b"behind"
    yield "empty", b"\2" + lzma.compress(b"") * 2
    yield "no-such-dictionary", b"\4" + archives.xz((41, text))


def rars():
    """A byte for where it is cut, the file."""
    for n, kind in enumerate(kind for kind in KINDS if kind.startswith("rar")):
        data = KINDS[kind]("@")
        if len(data) < 1000:
            yield kind, bytes([n * 41 % 256]) + data


def main(top):
    real = list(real_packs())
    packs = [(f"git-{label}", one(pack, idx)) for label, pack, idx in real]
    lone = [(f"git-{label}", pack) for label, pack, idx in real]
    lone += [("bundle", b"# v2 git bundle\n" + b"0" * 40 + b" refs/heads/main\n\n" + lone[0][1]),
             ("cut", lone[0][1][:-300]), ("no-pack", b"# v2 git bundle\n\n")]
    for target, seeds in ("pack", packs + list(hostile())), ("delta", list(deltas())), (
            "notebook", list(notebooks())), ("lone", lone), ("database", list(databases())), (
            "wal", list(logs())), ("markup", list(markups())), ("forms", list(forms())), (
            "scan", list(documents())), ("zip_parts", list(zip_parts())), (
            "sevenzip", list(sevenzips())), ("xz", list(xzs())), ("rar", list(rars())):
        os.makedirs(f"{top}/{target}", exist_ok=True)
        for name, data in seeds:
            # A byte goes before what would be named as damaged by who scans this repository.
            before = b"\0" if target in ("lone", "database", "wal") else b""
            with open(f"{top}/{target}/{name}", "wb") as file:
                file.write(before + data)


if __name__ == "__main__":
    main(sys.argv[1])
