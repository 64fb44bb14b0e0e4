"""Looks at pages of `-f html` in a real browser. One check a call:

    python3 look.py CHECK PAGE [PICTURE]
"""
import pathlib
import struct
import sys
import zlib

from browser import Browser

SHOWN = """[...document.querySelectorAll(".places li")].filter((item) =>
    !item.hidden && !item.closest(".secret").hidden)
    .map((item) => item.querySelector(".path").textContent).join()"""

# The worst contrast of all text in sight to what is behind it, by WCAG 2.2, 1.4.3.
CONTRAST = """(() => {
    const channels = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
        .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (element) => {
        for (; element; element = element.parentElement) {
            const back = channels(getComputedStyle(element).backgroundColor);
            if (back.length < 4 || back[3] > 0)
                return back;
        }
    };
    let worst = {ratio: 99}, seen = 0;
    for (const element of document.body.querySelectorAll("*")) {
        const own = [...element.childNodes].some((node) =>
            node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (!own || element.matches("script, .skip") || !element.getClientRects().length)
            continue;
        const [a, b] = [channels(getComputedStyle(element).color), behind(element)]
            .map(light).sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        seen++;
        if (ratio < worst.ratio)
            worst = {ratio, what: element.outerHTML.slice(0, 80)};
    }
    return {...worst, seen};
})()"""


def check_filter(browser, url, _):
    """Each box hides its places and shows them again, and so does the search."""
    browser.open(url)
    assert not browser.evaluate("document.getElementById('filter').hidden")
    everything = browser.evaluate(SHOWN)
    count = "document.getElementById('count').textContent"
    assert browser.evaluate(count) == "Places in view: 3 of 3", browser.evaluate(count)
    for name, path in (("pushed", "pushed.py"), ("committed", "committed.py"),
                       ("worktree", "ana.py")):
        box = "document.querySelector('input[value=%s]')" % name
        browser.evaluate(box + ".click()")
        assert path in everything and path not in browser.evaluate(SHOWN), name
        assert browser.evaluate(count) == "Places in view: 2 of 3"
        browser.evaluate(box + ".click()")
        assert browser.evaluate(SHOWN) == everything
    for word, path in (("ANA.PY", "ana.py"), ("eva@", "pushed.py"), ("second commit", "committed.py")):
        browser.evaluate("document.getElementById('search').focus()")
        browser.type(word)
        browser.wait(count + " === 'Places in view: 1 of 3'")
        assert path in browser.evaluate(SHOWN), word
        browser.evaluate("document.querySelector('button[type=reset]').click()")
        browser.wait(count + " === 'Places in view: 3 of 3'")
    browser.evaluate("document.querySelector('[data-open=false]').click()")
    assert browser.evaluate("document.querySelectorAll('details[open]').length") == 0
    browser.evaluate("document.querySelector('[data-open=true]').click()")
    assert browser.evaluate("document.querySelectorAll('details:not([open])').length") == 0


def check_keyboard(browser, url, _):
    """Tab goes over the skip link to what can be operated, visibly; Space works it."""
    browser.open(url)
    active = "document.activeElement"
    browser.press("Tab", 9)
    assert browser.evaluate(active + ".className") == "skip"
    assert browser.evaluate(active + ".getBoundingClientRect().left") >= 0
    browser.press("Enter", 13, "\r")
    browser.wait(active + ".id === 'findings'")
    browser.press("Tab", 9)
    assert browser.evaluate(active + ".type") == "checkbox"
    assert browser.evaluate("getComputedStyle(%s).outlineStyle" % active) == "solid"
    browser.press(" ", 32, " ")
    assert not browser.evaluate(active + ".checked")
    assert browser.evaluate("document.getElementById('count').textContent").endswith("2 of 3")
    seen = set()
    for _ in range(40):
        browser.press("Tab", 9)
        seen.add(browser.evaluate(active + ".tagName"))
    assert {"INPUT", "BUTTON", "SUMMARY"} <= seen, seen


def check_quiet(browser, url, _):
    """Nothing is asked of any network, nothing that was scanned runs, nobody complains."""
    browser.open(url)
    assert browser.evaluate("document.querySelectorAll('.secret').length") > 0
    assert browser.evaluate("document.querySelectorAll('main img, main script').length") == 0
    assert browser.evaluate("typeof hostile") == "undefined"
    assert browser.requests == [url], browser.requests
    assert browser.complaints == [], browser.complaints


def check_policy(browser, url, _):
    """What an escape would have let through is stopped by the page's policy."""
    browser.open(url)
    browser.evaluate("""
        document.body.insertAdjacentHTML("beforeend",
            "<img src='http://127.0.0.1:9/' onerror='hostile = 1'><p id=styled style='color: red'>");
        const script = document.createElement("script");
        script.textContent = "hostile = 1";
        document.body.append(script);
        fetch("http://127.0.0.1:9/").catch(() => {})""")
    browser.wait("new Promise((done) => setTimeout(() => done(true), 300))")
    assert browser.evaluate("typeof hostile") == "undefined"
    stopped = [text for text in browser.complaints if "Content Security Policy" in text]
    for what in ("event handler", "inline style", "inline script", "image", "connect"):
        assert any(what in text.lower() for text in stopped), (what, stopped)


def check_without_script(browser, url, _):
    """Everything but the filter, which could do nothing."""
    browser.scripts(False)
    browser.open(url)
    nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
    browser.scripts(True)
    names = [(node.get("role", {}).get("value"), node.get("name", {}).get("value"))
             for node in nodes if not node["ignored"]]
    roles = [role for role, _ in names]
    assert "checkbox" not in roles and "search" not in roles and "searchbox" not in roles
    assert roles.count("article") == 3 and "main" in roles and "banner" in roles
    assert any("pushed.py" in (name or "") for _, name in names)


def check_names(browser, url, _):
    """What a screen reader is told: every control has a name, the count is announced."""
    browser.open(url)
    nodes = [node for node in browser.send("Accessibility.getFullAXTree")["nodes"]
             if not node["ignored"]]
    for role in ("main", "banner", "contentinfo", "search", "status", "searchbox"):
        assert [node for node in nodes if node["role"]["value"] == role], role
    for node in nodes:
        if node["role"]["value"] in ("checkbox", "button", "searchbox", "link", "article",
                                     "region", "search", "heading"):
            assert node["name"]["value"].strip(), node


def colours(path):
    """(width, height, how many different rows of pixels) of a PNG."""
    data = pathlib.Path(path).read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    packed, at = b"", 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        packed += data[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    pixels = zlib.decompress(packed)
    stride = len(pixels) // height
    return width, height, len({pixels[i * stride:(i + 1) * stride] for i in range(height)})


def check_picture(browser, url, picture):
    """In light and dark, wide and narrow: something is to be seen, all of it legible,
    and nothing reaches beyond the side."""
    backs = set()
    for scheme in ("light", "dark"):
        for pixels in (1280, 360):
            browser.scheme(scheme)
            browser.width(pixels)
            browser.open(url)
            name = "%s-%s-%d.png" % (picture, scheme, pixels)
            browser.screenshot(name)
            width, height, rows = colours(name)
            assert (width, height) == (pixels, 900) and rows > 100, (width, height, rows)
            worst = browser.evaluate(CONTRAST)
            assert worst["ratio"] >= 4.5 and worst["seen"] > 20, worst
            assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            backs.add(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(backs) == 2, backs


def check_print(browser, url, _):
    """On paper everything is open, afterwards what was closed is closed again."""
    browser.open(url)
    closed = "document.querySelectorAll('details:not([open])').length"
    browser.evaluate("document.querySelector('[data-open=false]').click()")
    before = browser.evaluate(closed)
    browser.evaluate("addEventListener('beforeprint', () => { printed = %s })" % closed)
    pdf = browser.send("Page.printToPDF")["data"]
    assert len(pdf) > 10000 and before > 0
    assert browser.evaluate("printed") == 0
    browser.wait("%s === %d" % (closed, before))


def main():
    check = globals()["check_" + sys.argv[1]]
    url = pathlib.Path(sys.argv[2]).resolve().as_uri()
    with Browser() as browser:
        check(browser, url, sys.argv[3] if len(sys.argv) > 3 else None)


if __name__ == "__main__":
    main()
