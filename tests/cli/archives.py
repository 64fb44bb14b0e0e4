#!/usr/bin/env python3
"""Writes an archive of a kind that no command line writes.

    python3 archives.py KIND FILE TOKEN
"""
import io
import lzma
import pickle
import struct
import sys
import tarfile
import warnings
import zipfile
import zlib


def zipped(members, how=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as z:
        for name, data in members:
            z.writestr(name, data)
    return out.getvalue()


def line(token):
    return f'login("{token}")\n'.encode()


def torch(token):
    """As torch.save() lays it out: a zip of stored members, the arguments pickled."""
    arguments = {"output_dir": "out", "push_to_hub": True, "hub_token": token, "steps": list(range(500))}
    return zipped([("archive/data.pkl", pickle.dumps(arguments, protocol=2)),
                   ("archive/data/0", bytes(1 << 20)), ("archive/version", b"3\n")],
                  zipfile.ZIP_STORED)


def npz(token):
    """As numpy.savez_compressed() does: one .npy each."""
    text = token.encode()
    header = "{'descr': '|S%d', 'fortran_order': False, 'shape': (1,), }" % len(text)
    header = header.ljust(117) + "\n"
    npy = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + text
    return zipped([("token.npy", npy)])


def wheel(token):
    return zipped([("lab/__init__.py", line(token)),
                   ("lab-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: lab\nVersion: 1\n"),
                   ("lab-1.dist-info/WHEEL", "Wheel-Version: 1.0\n"),
                   ("lab-1.dist-info/RECORD", "")])


def odt(token):
    """A word of which the author changed the second half, as LibreOffice stores it."""
    text = (f'<text:p text:style-name="P1">token: <text:span text:style-name="T1">{token[:9]}'
            f'</text:span>{token[9:]}</text:p>')
    return zipped([("mimetype", "application/vnd.oasis.opendocument.text"),
                   ("content.xml", "<?xml version=\"1.0\"?>\n<office:document-content>"
                    f"<office:body><office:text>{text}</office:text></office:body>"
                    "</office:document-content>")])


def pptx(token):
    runs = "".join(f'<a:r><a:rPr lang="es"/><a:t>{part}</a:t></a:r>' for part in (token[:3], token[3:]))
    return zipped([("ppt/slides/slide1.xml", f"<p:txBody><a:p>{runs}</a:p></p:txBody>")])


def xlsx(token):
    """As Excel stores texts: each once, apart from the cells, with its runs."""
    runs = "".join(f"<r><rPr><b/></rPr><t>{part}</t></r>" for part in (token[:30], token[30:]))
    return zipped([("xl/sharedStrings.xml", f"<sst><si><t>a</t></si><si>{runs}</si></sst>"),
                   ("xl/worksheets/sheet1.xml", '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>')])


def two_paragraphs(token):
    paras = "".join(f"<w:p><w:r><w:t>{part}</w:t></w:r></w:p>" for part in (token[:9], token[9:]))
    return zipped([("word/document.xml", f"<w:body>{paras}</w:body>")])


def epub(token):
    return zipped([("mimetype", "application/epub+zip"),
                   ("OEBPS/chapter1.xhtml", f"<html><body><p>hf<i>&#95;</i><b>{token[3:20]}</b>"
                    f"{token[20:]}</p></body></html>")])


def notebook(token):
    cell = '{"cell_type": "code", "source": ["t = \\"%s\\"\\n"], "outputs": [], "metadata": {}, ' \
           '"execution_count": null}' % token
    text = '{"cells": [%s], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}' % cell
    return zipped([("lab/one.ipynb", text)])


def named(token):
    return zipped([(f"keys/{token}.txt", "nothing")])


def accents(token):
    return zipped([("a\u00f1o/\u00e1rbol \u4e2d.py", line(token))])


def behind_a_line(token):
    return b"#!/usr/bin/env python3\n" + zipped([("__main__.py", line(token))])


def tricks(token):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", encoding="latin-1", format=tarfile.GNU_FORMAT) as t:
        for name in ("../../../tmp/hfscan-evil", "/tmp/hfscan-evil", "a\x1b[31m\xff\n.txt", "CON"):
            info = tarfile.TarInfo(name)
            info.size = len(line(token))
            t.addfile(info, io.BytesIO(line(token)))
        for kind, name in ((tarfile.SYMTYPE, "link"), (tarfile.LNKTYPE, "hard"),
                           (tarfile.CHRTYPE, "device"), (tarfile.FIFOTYPE, "fifo")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            t.addfile(info)
    return out.getvalue()


def tricks_zip(token):
    names = ("../../../tmp/hfscan-evil", "/tmp/hfscan-evil", "C:\\hfscan-evil", "CON", "NUL.txt", "con/aux",
             "a/../../b", "..", "/dev/tty", "a\nb", "x" * 60000)
    link, device = zipfile.ZipInfo("link"), zipfile.ZipInfo("device")
    link.external_attr, device.external_attr = 0o120777 << 16, 0o020666 << 16
    return zipped([(name, line(token)) for name in names] + [(link, "/etc/passwd"), (device, "")])


def nested(depth):
    def make(token):
        data, name = line(token), "lab.py"
        for level in range(depth):
            data, name = zipped([(name, data)]), f"{level + 1}.zip"
        return data
    return make


def many(token):
    """A zip of stored, empty members, with what is looked for before the ceiling and behind."""
    return zipped([("first.py", line(token))] + [(f"{i:x}", b"") for i in range(100001)],
                  zipfile.ZIP_DEFLATED)


def bomb(token):
    """16 times 16 times 16 times 64 MiB of zeros, in 20 kB."""
    data = zipped([("zeros", bytes(64 << 20))])
    for level in range(3):
        data = zipped([(f"{level}{i}.zip", data) for i in range(16)])
    return zipped([("first.py", line(token)), ("bomb.zip", data)])


def twice(token):
    warnings.simplefilter("ignore")
    return zipped([("lab.py", b"nothing\n"), ("lab.py", line(token))])


def number(n):
    """As 7-Zip writes what has at most 32 bits."""
    return bytes([n]) if n < 128 else b"\xf0" + n.to_bytes(4, "little")


LZMA = {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}
LZMA2 = {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}


def lzma_coder(dictionary):
    return b"\x23\3\1\1\5\x5d" + struct.pack("<I", dictionary)


def lzma2_coder(code):
    return b"\x21\x21\1" + bytes([code])


def streams(at, packed, coder, size):
    return (b"\6" + number(at) + b"\1\x09" + number(packed) + b"\0" +
            b"\7\x0b\1\0\1" + coder + b"\x0c" + number(size) + b"\0")


def empty_files(count):
    """That of so many files behind the first one only it has bytes."""
    bits = (1 << count) - 1 << (7 - count) % 8
    bits = bits.to_bytes(count // 8 + 1, "big")
    return b"\x0e" + number(len(bits)) + bits


def seven(coder, how, packs_header, empty=0, packer=None):
    """A .7z file of 1,000 lines, which says that its packer looks back on so much; packer: of the header."""
    def make(token):
        data = line(token) * 1000
        packed = lzma.compress(data, lzma.FORMAT_RAW, filters=[how])
        name = "lab.py\0".encode("utf-16le") + b"a\0\0\0" * empty
        header = (b"\1\4" + streams(0, len(packed), coder, len(data)) +
                  b"\x08\x0a\1" + struct.pack("<I", zlib.crc32(data)) + b"\0\0" +
                  b"\5" + number(1 + empty) + (empty_files(empty) if empty else b"") +
                  b"\x11" + number(1 + len(name)) + b"\0" + name + b"\0\0")
        if packs_header:
            small = lzma.compress(header, lzma.FORMAT_RAW, filters=[packs_header])
            said = packer or (lzma_coder(1 << 16) if packs_header is LZMA else lzma2_coder(8))
            header = b"\x17" + streams(len(packed), len(small), said, len(header)) + b"\0"
            packed += small
        start = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
        return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + packed + header
    return make


def varint(n):
    return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + varint(n >> 7)


def with_sum(data):
    return data + struct.pack("<I", zlib.crc32(data))


def padded(data):
    return data + bytes(-len(data) % 4)


def xz(*blocks):
    """A stream of blocks, of (a byte for the dictionary, bytes) each."""
    out, index = b"\xfd7zXZ\0" + with_sum(b"\0\0"), b"\0" + varint(len(blocks))
    for code, data in blocks:
        packed = lzma.compress(data, lzma.FORMAT_RAW, filters=[LZMA2])
        header = with_sum(bytes([2, 0, 0x21, 1, code, 0, 0, 0]))
        index += varint(len(header) + len(packed)) + varint(len(data))
        out += header + padded(packed)
    index = with_sum(padded(index))
    end = struct.pack("<IH", len(index) // 4 - 1, 0)
    return out + index + struct.pack("<I", zlib.crc32(end)) + end + b"YZ"


def later_block(code):
    """Of more than libarchive unpacks at a time, with what is looked for in the first block."""
    def make(token):
        lines = "".join(f"{i}\n" for i in range(100000)).encode()
        return xz((8, line(token) + lines), (8, lines), (code, lines))
    return make


def later_block_of_tar(code):
    """The block begins amid what a tar says of a member, and where what libarchive unpacks at a time ends."""
    first = 8 << 16

    def make(token):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as t:
            for name, data in ("lab.py", line(token)), ("more", bytes(first - 5 * 512)), ("x" * 150, bytes(100000)):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                t.addfile(info, io.BytesIO(data))
        data = out.getvalue()
        return xz((8, data[:first]), (code, data[first:]))
    return make


def zip_of_xz(code):
    def make(token):
        data = line(token) * 1000
        packed = xz((8, data), (code, data))
        said = struct.pack("<5H3I2H", 20, 0, 95, 0, 33, zlib.crc32(data + data), len(packed), 2 * len(data), 6, 0)
        member = b"PK\3\4" + said + b"lab.py" + packed
        entry = b"PK\1\2" + struct.pack("<H", 20) + said + struct.pack("<3H2I", 0, 0, 0, 0, 0) + b"lab.py"
        return member + entry + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(entry), len(member), 0)
    return make


KINDS = {"later_block": later_block(36), "later_block_modest": later_block(30), "zip_of_xz": zip_of_xz(36),
         "later_block_of_tar": later_block_of_tar(36),
         "zip_of_xz_modest": zip_of_xz(30),
         "modest": seven(lzma2_coder(30), LZMA2, LZMA), "modest1": seven(lzma_coder(1 << 27), LZMA, None),
         "modest2": seven(lzma2_coder(30), LZMA2, LZMA2),
         "greedy": seven(lzma2_coder(34), LZMA2, None), "greedy_packed": seven(lzma2_coder(40), LZMA2, LZMA),
         "greedy1": seven(lzma_coder(1 << 30), LZMA, LZMA), "greedy2": seven(lzma2_coder(34), LZMA2, LZMA2),
         "header_modest": seven(lzma2_coder(8), LZMA2, LZMA2, packer=lzma2_coder(28)),
         "header_greedy": seven(lzma2_coder(8), LZMA2, LZMA2, packer=lzma2_coder(29)),
         "header_greedy1": seven(lzma2_coder(8), LZMA2, LZMA, packer=lzma_coder(1 << 28)),
         "many_empty": seven(lzma2_coder(8), LZMA2, LZMA2, 150000),
         "too_many_empty": seven(lzma2_coder(8), LZMA2, LZMA, 3000000),
         "torch": torch, "npz": npz, "wheel": wheel, "odt": odt, "pptx": pptx, "xlsx": xlsx, "epub": epub,
         "notebook": notebook, "named": named, "accents": accents, "behind_a_line": behind_a_line, "tricks": tricks,
         "tricks_zip": tricks_zip,
         "many": many, "bomb": bomb, "twice": twice, "two_paragraphs": two_paragraphs,
         "nested4": nested(4), "nested5": nested(5)}

if __name__ == "__main__":
    kind, path, secret = sys.argv[1:]
    with open(path, "wb") as file:
        file.write(KINDS[kind](secret))
