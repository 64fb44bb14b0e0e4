"""Holds a page of `-f html` to what every one of them is: a whole document that needs
nothing from elsewhere. Prints its text, one element a line, for the test to look at.

    python3 html_page.py FILE
"""
import base64
import hashlib
import html.parser
import re
import sys

VOID = {"meta", "input", "link", "br", "hr", "img"}
LINKS = {"https://huggingface.co/settings/tokens", "#findings"}


class Page(html.parser.HTMLParser):
    """The elements of a page; fails where one is closed that is not open."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.tags, self.texts, self.inline = [], [], [], {}
        self.feed(text)
        self.close()
        assert not self.stack, self.stack

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), (tag, attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag, (tag, self.getpos())

    def handle_data(self, data):
        if self.stack and self.stack[-1] in ("style", "script"):
            self.inline[self.stack[-1]] = data
        elif data.strip():
            self.texts.append(data.strip())

    def handle_comment(self, data):
        raise AssertionError("a comment: " + data)

    def all(self, *names):
        return [attrs for tag, attrs in self.tags if tag in names]


def check_policy(page):
    policy, = [meta["content"] for meta in page.all("meta")
               if meta.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.keys() == {"default-src", "base-uri", "form-action", "style-src", "script-src"}
    for name, tag in (("style-src", "style"), ("script-src", "script")):
        digest = hashlib.sha256(page.inline[tag].encode()).digest()
        assert rules.pop(name) == "'sha256-%s'" % base64.b64encode(digest).decode()
    assert set(rules.values()) == {"'none'"}


def check_self_contained(page):
    for tag, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on") or name == "style"], attrs
        assert not attrs.keys() & {"src", "srcset", "action", "data", "background"}, attrs
        assert attrs.get("href", "#findings") in LINKS, attrs
    assert not page.all("link", "img", "iframe", "object", "embed", "base")
    assert len(page.all("script")) == len(page.all("style")) == 1
    for text in page.inline.values():
        assert "url(" not in text and "@import" not in text and "//" not in text


def check_access(page):
    """Landmarks, headings in order, names for what can be operated."""
    assert page.all("html")[0]["lang"] in ("en", "es")
    for name in ("header", "main", "footer", "h1", "title"):
        assert len(page.all(name)) == 1, name
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:])), levels
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in page.tags:
        for name in ("for", "aria-labelledby"):
            assert attrs.get(name, ids[0]) in ids, attrs
    labelled = {label.get("for") for label in page.all("label")}
    for attrs in page.all("input"):
        assert attrs["type"] == "checkbox" or attrs["id"] in labelled
    for attrs in page.all("section", "article"):
        assert "aria-labelledby" in attrs
    assert all("type" in attrs for attrs in page.all("button"))
    assert all("hidden" in attrs for attrs in page.all("form"))


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        text = file.read()
    assert text.startswith("<!doctype html>\n") and text.endswith("</html>\n")
    page = Page(text)
    check_policy(page)
    check_self_contained(page)
    check_access(page)
    print("\n".join(page.texts))


if __name__ == "__main__":
    main()
