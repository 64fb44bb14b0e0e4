"""Writes files that hold a made-up token in every form in which text is stored, and what
is to be said of each: `python3 forms.py FOLDER < TOKENS`.

TOKENS: one a line, enough of them. expected.jsonl has of each file its path, the token's
fingerprint, the forms that are undone, and where the stored token stands.
"""
import base64
import binascii
import hashlib
import json
import marshal
import os
import pickle
import quopri
import sys

FOLDER = sys.argv[1]
TOKENS = iter(sys.stdin.read().split())
EXPECTED = []


def put(name, forms, before, stored, after=b""):
    """A file, of which `stored` is the token: `token` in it may only be its meaning."""
    before, stored, after = (b if isinstance(b, bytes) else b.encode() for b in (before, stored, after))
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(before + stored + after)
    EXPECTED.append({"path": name, "fingerprint": hashlib.sha256(put.token.encode()).hexdigest()[:32],
                     "decoded": forms, "offset": len(before), "length": len(stored)})


def token():
    put.token = next(TOKENS)
    return put.token


def digits_of(plain, at, width=None, encode=base64.b64encode, end=b"\n", indent=b""):
    """Base64 of plain, in lines or not, cut where those digits are that have bits of the
    token, which is plain[at:]..."""
    digits = encode(plain)
    beg, stop = at * 8 // 6, ((at + 37) * 8 - 1) // 6 + 1
    if not width:
        return digits[:beg], digits[beg:stop], digits[stop:]
    lines, offsets = b"", []
    for i, digit in enumerate(digits):
        if i and i % width == 0:
            lines += end + indent
        offsets.append(len(lines))
        lines += bytes([digit])
    return lines[:offsets[beg]], lines[offsets[beg]:offsets[stop - 1] + 1], lines[offsets[stop - 1] + 1:]


# ---- wide characters ----

def wide():
    for codec in "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be":
        form = [codec[:6] + codec[7:]]
        for mark in "", "\ufeff":
            put(f"{codec}{'-mark' if mark else ''}.txt", form, (mark + 'línea €\nHF_TOKEN="').encode(codec),
                token().encode(codec), '"\nüber\n'.encode(codec))
    for kind in "api_org_", "oauth_app_secret_":
        put.token = kind + token()[3:]
        put(f"{kind}.ps1", ["utf-16le"], "$x='".encode("utf-16-le"), put.token.encode("utf-16-le"),
            "'".encode("utf-16-le"))
    put("windows.exe", ["utf-16le"], bytes(range(256)) * 4, token().encode("utf-16-le"), bytes(range(256)))
    # The second file takes the place of the first, and has both tokens.
    for name, codec, between in ("odd.exe", "utf-16-le", b"\xff"), ("both.exe", "utf-16-be", b"\xff\xff"):
        first = token().encode("utf-16-le")
        put(name, ["utf-16le"], b"", first)
        put(name, [codec[:6] + codec[7:]], first + between, token().encode(codec), b"\xff")


def wide_documents():
    """What is in another form, in a document of wide characters."""
    for codec in "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be":
        form = codec[:6] + codec[7:]
        lines = "\u0141\u00f3d\u017a \u20ac\r\n"
        for name, inner, parts_of in (
                ("secret.yaml", "base64", lambda t: [part.decode() for part in digits_of(b"user:" + t.encode() + b"\n", 5)]),
                ("lab.ps1", "joined", lambda t: ('$t = "', t.replace("_", '_" + "'), '"\r\n')),
                ("lab.json", "escapes", lambda t: ('"', t.replace("_", "\\u005f"), '"'))):
            parts = parts_of(token())
            before = "\ufeff" + lines * (9000 if inner == "base64" else 3)
            put(f"{codec}-{name}", [form, inner], (before + parts[0]).encode(codec), parts[1].encode(codec), parts[2].encode(codec))


# ---- digits ----

def base64s():
    noise = hashlib.sha512(b"noise").digest() * 3
    for shift in range(3):
        plain = b"x" * (6 + shift) + b'="' + token().encode() + b'"'
        put(f"base64-{shift}", ["base64"], *digits_of(plain, 8 + shift))
        plain = "ñ".encode() * (3 + shift) + b" " * shift + b":" + token().encode() + "ÿÿ".encode()
        put(f"base64url-{shift}", ["base64"],
            *digits_of(plain, 7 + 3 * shift, encode=lambda b: base64.urlsafe_b64encode(b).rstrip(b"=")))
        for width, end, indent in ((64, b"\n", b""), (76, b"\r\n", b""), (60, b"\n", b"    "), (64, b"\\n", b""), (32, b"\n", b"  "),
                                   (72, b'"\n', b'     "'), (76, b'\\n",\n', b'    "'), (76, b"\n", b"> ")):
            plain = noise[:90 + shift] + b"=" + token().encode() + b"\n" + noise[:99]
            put(f"base64-{width}-{len(end + indent)}-{shift}", ["base64"],
                *digits_of(plain, 91 + shift, width, end=end, indent=indent))


def cut_base64s():
    """Lines that end in the midst of the letters by which a token in base64 is known: lines of so many are cut
    between groups of four, where that is behind two of these letters or behind the first."""
    noise = hashlib.sha512(b"noise").digest() * 3
    ends = ("lf", b"\n", b"", (2, 3)), ("crlf", b"\r\n", b"", (2, 3)), ("yaml", b"\n", b"    ", (2,)), ("json", b"\\n", b"", (2,))
    for width in 64, 76:
        for name, end, indent, phases in ends:
            for alphabet, encode in ("std", base64.b64encode), ("url", base64.urlsafe_b64encode):
                for at in range(90, 90 + width * 3 // 4):
                    first = -(-at * 8 // 6)
                    if first // width != (first + 3) // width and first % 4 in phases:
                        put(f"cut-{first % 4}-{width}-{name}-{alphabet}", ["base64"],
                            *digits_of(noise[:at - 1] + b"=" + token().encode() + b"\n" + noise[:99], at, width, encode, end, indent))
    # A line that begins with a word may end behind three of them.
    for shift in 1, 2:
        digits = digits_of(noise[:89 + shift] + b"=" + token().encode() + b"\n", 90 + shift)
        beg = len(digits[0]) - 61
        put(f"cut-{shift + 1}-word", ["base64"], b"p: " + digits[0][:beg] + b"\n" + digits[0][beg:],
            digits[1][:4] + b"\n" + digits[1][4:], digits[2])


def hexadecimals():
    put("hex", ["hex"], binascii.hexlify(b"x="), binascii.hexlify(token().encode()), b"22\n")
    put("HEX", ["hex"], b"783D", binascii.hexlify(token().encode()).upper(), b"0A")
    both = binascii.hexlify(b"-" * 20 + token().encode() + b"\n").decode()
    lines = "\n".join(both[i:i + 60] for i in range(0, len(both), 60))
    put("hex-xxd", ["hex"], lines[:40], lines[40:40 + 75], lines[115:])


def written(name, pieces, at):
    """pieces: of each byte of a text its digits, and what stands before them. The token's are pieces[at:]..."""
    texts = [before + digits for before, digits in pieces]
    first = len("".join(texts[:at]) + pieces[at][0])
    last = len("".join(texts[:at + 37]))
    text = "".join(texts) + "\n"
    put(name, ["hex"], text[:first], text[first:last], text[last:])


def numbers():
    written("hex-spaces", [(" " if i else "", "%02x" % c) for i, c in enumerate(token().encode())], 0)
    for name, group, middle, after in ("xxd", 2, "", "  {}"), ("hexdump", 1, " ", "  |{}|"), ("od", 1, "", ""):
        for shift in range(3):
            text = b"-" * (11 + shift) + token().encode() + b"\nand so on"
            pieces = []
            for i, c in enumerate(text):
                before = " " if i % group == 0 else ""
                if i % 16 == 0:
                    line = text[i - 16:i].decode().replace("\n", ".")
                    before = (after.format(line) + "\n" if i else "") + ("%08x:" if name == "xxd" else "%07o" if name == "od" else "%08x ") % i + " "
                pieces.append((before + (middle if i % 16 == 8 else ""), "%02x" % c))
            written(f"dump-{shift}.{name}", pieces, 11 + shift)


# ---- escapes ----

def each(form, text):
    return "".join(form % c for c in text.encode())


def escapes():
    for name, form, kind, pairs in (
            ("percent", "%%%02X", "percent", ('?t=', '&x=1')), ("x.py", "\\x%02x", "escapes", ('t = "', '"\n')),
            ("u.js", "\\u%04x", "escapes", ('t = "', '"\n')), ("octal.c", "\\%03o", "escapes", ('t = "', '"\n')),
            ("entities.html", "&#%d;", "entities", ("<p>", "</p>")),
            ("hex-entities.html", "&#x%02x;", "entities", ("<p>", "</p>"))):
        put(name, [kind], pairs[0], each(form, token()), pairs[1])
        underline = form % ord("_")
        put("underline-" + name, [kind], pairs[0], token().replace("_", underline), pairs[1])
    put("note.md", ["escapes"], "My token is ", token().replace("_", "\\_"), ", so.\n")
    put("underline.py", ["escapes"], 't = "', token().replace("_", "\\U0000005f"), '"\n')
    put("underline.rs", ["escapes"], 't = "', token().replace("_", "\\u{5f}"), '"\n')
    put("percent-twice", ["percent", "percent"], "?u=%3Ft%3D", token().replace("_", "%255F"), "&x=1")
    put("twice.json", ["escapes", "escapes"], '{"a":"{\\"t\\":\\"', token().replace("_", "\\\\u005f"), '\\"}"}')
    put("quoted.eml", ["quoted-printable"], quopri.encodestring("ñandú ".encode()),
        token().replace("_", "=5F"), " so\n")
    for cut in 1, 2, 4, 20, 36:
        for name, end in ("", "\r\n"), ("-lf", "\n"):
            whole = token()
            put(f"soft-{cut}{name}.eml", ["quoted-printable"], "The token is=3D", whole[:cut] + "=" + end + whole[cut:], " so" + end)
    for kind in "hf_", "api_org_", "oauth_app_secret_":
        put.token = kind + token()[3:]
        put(f"named-{kind.replace('_', '-')}.html", ["entities"], "<p>", put.token.replace("_", "&lowbar;"), "</p>")


# ---- pieces ----

JOINTS = {"py": ('t = ("', '" "', '")\n'), "lines.py": ("t = ('", "'\n     '", "')\n"), "raw.py": ("t = (r'", "' f\"", "\")\n"),
          "js": ("t = '", "' +\n  '", "';\n"), "lua": ('t = "', '" .. "', '"\n'), "php": ('$t = "', '" . "', '";\n'),
          "vb": ('t = "', '" & _\r\n  "', '"\r\n'), "sql": ("SELECT '", "' || '", "';\n"),
          "list.py": ('t = "".join(["', '", "', '"])\n'), "list.js": ("t = ['", "', '", "'].join('')\n"),
          "goes-on.c": ('t = "', "\\\n", '";\n'), "goes-on.sh": ('export HF_TOKEN="', "\\\r\n", '"\n'),
          "comment.py": ('t = ("', '"  # the first half\n     "', '")\n'), "comment.java": ('t = "', '" // half\n  + "', '";\n'),
          "comment.c": ('t = "', '" /* half */ "', '";\n'), "concat.js": ('t = "', '".concat("', '");\n'),
          "more.py": ('t = "', '"\nt += "', '"\n'), "more.php": ("$t = '", "';\n$t .= '", "';\n"), "more.sh": ('T="', '"\nT+="', '"\n'),
          "hs": ('t = "', '" ++ "', '"\n'), "ml": ('t = "', '" ^ "', '"\n'), "jl": ('t = "', '" * "', '"\n'),
          "ps1": ('$t = "', '" + `\r\n "', '"\r\n'), "quoted.sh": ("T=", '"', '"\n'), "yaml": ('t: "', "\\\n  ", '"\n'),
          "format.py": ('t = "%s%s" % ("', '", "', '")\n'), "rs": ('t = concat!("', '", "', '");\n'), "R": ("t <- paste('", "', '", "', sep='')\n"),
          "tex": ("token ", "\\\\\n", " end\n"), "goes-on-and-on.py": ('t = "', '" "', '" "/rest"\n')}

# Other kinds, which begin like the first or have a body of another length.
KINDS = {"api_org_": 34, "hf_app_": 32, "hf_oauth__refresh_": 34, "oauth_app_secret_": 34}

# How lines end and begin where somebody broke a token.
ENDS = {"md": "\n", "windows.md": "\r\n", "eml": "\n> ", "flowed.eml": " \n", "hard.md": "  \n", "py": "\n# ", "js": "\n// ",
        "c": "\n * ", "diff": "\n+", "box": "   \u2502\n\u2502 "}


def pieces():
    for name, (before, joint, after) in JOINTS.items():
        # Of a shell's word "b" is no part, but the beginning of one.
        for cut in 3, 17, 30 if name == "quoted.sh" else 36:
            whole = token()
            put(f"joined-{cut}.{name}", ["joined"], before, whole[:cut] + joint + whole[cut:], after)
    whole = token()
    put("many.js", ["joined"], "t = '", "'+'".join(whole[i:i + 4] for i in range(0, 37, 4)), "'")
    for name, joint in ("letter.js", '" + "'), ("letter.py", '" "'), ("letter-lines.py", '"\n     "'):
        whole = token()
        put(name, ["joined"], 't = "', whole[0] + joint + whole[1:], '"')
    whole = token()
    put("anchor.js", ["joined"], 't = "', whole[:2] + '" + "' + whole[2:], '"')
    for kind, body in KINDS.items():
        whole = put.token = kind + token()[3:3 + body]
        put(f"joined-{kind.replace('_', '-')}.py", ["joined"], 't = "', whole[:24] + '" "' + whole[24:], '"\n')
        whole = put.token = kind + token()[3:3 + body]
        put(f"broken-{kind.replace('_', '-')}.md", ["unwrapped"], "", whole[:24] + "\n" + whole[24:], " and so.\n")
    for name, end in ENDS.items():
        for cut in 8, 30:
            whole = token()
            put(f"broken-{cut}.{name}", ["unwrapped"], "> My token is ", whole[:cut] + end + whole[cut:], " and so.\n")


def lines_of_their_own():
    whole = token()
    put("alone.md", ["unwrapped"], "My token:\n", whole[:20] + "\n" + whole[20:], "\nand another line\n")
    whole = token()
    put("three.eml", ["unwrapped"], "> Token: ", whole[:12] + "\n> " + whole[12:25] + "\n> " + whole[25:], "\n> so\n")


def stored(name, data):
    """The token stands in data as it is, but maybe beside what is a letter, too."""
    at = data.index(put.token.encode())
    end = at + len(put.token)
    beside = data[at - 1:at].isalnum() or data[end:end + 1].isalnum()
    put(name, ["counted"] if beside else [], data[:at], data[at:end], data[end:])


def pickles():
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        whole = "Bearer " + token()
        # What follows the string is an opcode, and may be a letter.
        stored(f"pickle-{protocol}", pickle.dumps({"hub_token": whole, "again": 1}, protocol=protocol))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for kind, body in KINDS.items():
            put.token = kind + token()[3:3 + body]
            stored(f"pickle-{protocol}-{kind.replace('_', '-')}", pickle.dumps([put.token, "again"], protocol=protocol))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        stored(f"pickle-{protocol}-long", pickle.dumps(["lorem ipsum " * 25 + token(), "again"], protocol=protocol))
        # What stands before it in its string is no length of another.
        stored(f"pickle-{protocol}-header", pickle.dumps(["Authorization: Bearer " + token(), "again"], protocol=protocol) + b"z" * 300)
        # One of its lines begins as a string of protocol 0 does.
        stored(f"pickle-{protocol}-lines", pickle.dumps(["How to:\nVisit the hub\nHF_TOKEN=" + token(), "again"], protocol=protocol))
        stored(f"pickle-{protocol}-first", pickle.dumps([token() + " is my token, all of it", "again"], protocol=protocol) + b"z" * 300)
    stored("pickle-0-bytes", pickle.dumps([token().encode()], protocol=0))
    stored("pickle-0-second", pickle.dumps(["again", token()], protocol=0))
    stored("module.pyc", marshal.dumps(compile(f"t = '{token()}'", "lab.py", "exec")))
    stored("long.pyc", marshal.dumps(("Bearer " + token(), "again")))
    stored("protobuf", b"\x2a\x25" + token().encode() + b"2\x01a")
    whole = token()
    put("old-pickle", ["counted"], b"(lp0\nV", whole, b"\np1\na.")
    put("msgpack", ["counted"], b"\x81\xa5token\xd9\x25", token(), b"x")


def main():
    wide()
    wide_documents()
    base64s()
    cut_base64s()
    hexadecimals()
    numbers()
    escapes()
    pieces()
    lines_of_their_own()
    pickles()
    with open(os.path.join(FOLDER, "expected.jsonl"), "w") as file:
        for line in EXPECTED:
            file.write(json.dumps(line) + "\n")


main()
