"""Holds a report to what its readers ask for: forges.py FORMAT FILE. Silent when it is right."""

import json
import re
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def check_relative(path):
    assert path and not path.startswith("/"), path
    assert not {"", ".", ".."} & set(path.split("/")), path


def check_uri(location):
    """RFC 3986: a relative reference whose first name holds no colon."""
    uri = location["artifactLocation"]["uri"]
    assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri), uri
    check_relative(urllib.parse.unquote_to_bytes(uri).decode("latin-1"))
    assert location["artifactLocation"]["uriBaseId"] == "%SRCROOT%"


def check_rules(rules, results):
    ids = [rule["id"] for rule in rules]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {result["ruleId"] for result in results}
    for rule in rules:
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
        assert rule["help"]["text"] and rule["help"]["markdown"]
        severity = rule["properties"]["security-severity"]
        assert isinstance(severity, str) and 0 < float(severity) <= 10
        assert "security" in rule["properties"]["tags"]
    for result in results:
        assert ids[result["ruleIndex"]] == result["ruleId"]


def check_result(result):
    assert (result["level"] == "none") == (result["kind"] != "fail")
    assert not CONTROL.search(result["message"]["text"])
    (location,) = result["locations"]
    check_uri(location["physicalLocation"])
    region = location["physicalLocation"]["region"]
    assert region["startLine"] >= 1 and region["startLine"] == region["endLine"]
    assert 1 <= region["startColumn"] <= region["endColumn"]


def sarif(text):
    log = json.loads(text)
    assert log["version"] == "2.1.0" and log["$schema"].startswith("https://")
    (run,) = log["runs"]
    assert run["columnKind"] == "utf16CodeUnits"
    driver = run["tool"]["driver"]
    assert driver["name"] == "hfscan" and driver["version"]
    check_rules(driver["rules"], run["results"])
    for result in run["results"]:
        check_result(result)
    prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]
    assert len(set(prints)) == len(prints)
    (invocation,) = run["invocations"]
    notes = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] == (not [n for n in notes if n["level"] == "error"])
    for location in [l for n in notes for l in n.get("locations", [])]:
        check_uri(location["physicalLocation"])


def gitlab(text):
    report = json.loads(text)
    assert re.fullmatch(r"15\.\d+\.\d+", report["version"])
    scan = report["scan"]
    assert scan["type"] == "secret_detection"
    assert scan["status"] == ("failure" if any(m["level"] == "warn" for m in scan["messages"])
                              else "success")
    for key in ("start_time", "end_time"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", scan[key])
    for key in ("analyzer", "scanner"):
        assert all(scan[key][name] for name in ("id", "name", "version", "vendor"))
    assert all(m["level"] in ("info", "warn") and m["value"] for m in scan["messages"])
    for item in report["vulnerabilities"]:
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
                            item["id"])
        assert item["severity"] in ("Info", "Low", "Medium", "High", "Critical")
        assert len(item["name"]) <= 255 and len(item.get("solution", "")) <= 7000
        assert all(i["type"] and i["name"] and i["value"] for i in item["identifiers"])
        check_relative(item["location"]["file"])
        assert item["location"]["start_line"] >= 1
        assert re.fullmatch(r"[0-9a-f]{7,64}", item["location"]["commit"]["sha"])
    ids = [item["id"] for item in report["vulnerabilities"]]
    assert len(set(ids)) == len(ids)


def codequality(text):
    report = json.loads(text)
    for item in report:
        assert item["description"] and item["check_name"]
        assert item["severity"] in ("info", "minor", "major", "critical", "blocker")
        if item["location"]["path"] != ".":
            check_relative(item["location"]["path"])
        assert item["location"]["lines"]["begin"] >= 1
    prints = [item["fingerprint"] for item in report]
    assert len(set(prints)) == len(prints)


def junit(text):
    suite = ElementTree.fromstring(text).find("testsuite")
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.get("tests")) > 0
    for name, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert sum(case.find(name) is not None for case in cases) == int(suite.get(count))
    for case in cases:
        assert case.get("name") and case.get("classname")
        assert not CONTROL.search(case.get("name") + case.get("classname"))


def main(name, path):
    with open(path, "rb") as file:
        text = file.read().decode("utf-8")
    {"sarif": sarif, "gitlab": gitlab, "codequality": codequality, "junit": junit}[name](text)


main(*sys.argv[1:])
