"""Wrong input of every kind: each case spoils one file of a small valid folder and says what must be reported."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kb.build import KnowledgeBase, build
from kb.errors import InputError, Problem

from small_folder import TEXT, small_folder

ROOT = Path(__file__).resolve().parents[1]
CLI = ROOT / "kb" / "cli.py"

VOCABULARY, DOCUMENTS, POLICY = "vocabulary.ttl", "documents.yaml", "policy.yaml"
BIBLIOGRAPHY, CLAIMS, EVIDENCE = "references.bib", "claims/page-a.yaml", "claims/orlo1911.yaml"
SOURCE, VERDICTS = "sources/page-a.txt", "verdicts.jsonl"

LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
DIGITS = "9" * 400

Change = Callable[[Path], object]


def write(content: str | bytes) -> Change:
    return lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def replace(old: str, new: str | bytes) -> Change:
    def change(path: Path) -> None:
        data, wanted = path.read_bytes(), old.encode("utf-8")
        assert wanted in data, f"the case is out of date: {path.name} has no {old!r}"
        path.write_bytes(data.replace(wanted, new if isinstance(new, bytes) else new.encode("utf-8"), 1))

    return change


def cut_after(mark: str) -> Change:
    return lambda path: path.write_bytes(path.read_bytes().partition(mark.encode())[0] + mark.encode())


def prepend(data: bytes) -> Change:
    return lambda path: path.write_bytes(data + path.read_bytes())


def append(text: str) -> Change:
    return lambda path: path.write_bytes(path.read_bytes() + text.encode("utf-8"))


def match(pattern: str, new: str) -> Change:
    """Replace the first match of a pattern."""

    def change(path: Path) -> None:
        text, count = re.subn(pattern, lambda _: new, path.read_text("utf-8"), count=1)
        assert count, f"the case is out of date: nothing in {path.name} matches {pattern!r}"
        path.write_text(text, "utf-8")

    return change


def crlf(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def remove(path: Path) -> None:
    path.unlink()


def into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def rename(name: str) -> Change:
    return lambda path: path.rename(path.with_name(name))


def both(one: Change, other: Change) -> Change:
    def change(path: Path) -> None:
        one(path)
        other(path)

    return change


def snapshot(data: bytes, characters: int) -> Change:
    """Replace a text and enter its new hash and length in documents.yaml."""

    def change(path: Path) -> None:
        path.write_bytes(data)
        documents = path.parents[1] / DOCUMENTS
        text = re.sub(
            r"sha256: .*", f"sha256: {hashlib.sha256(data).hexdigest()}", documents.read_text("utf-8"), count=1
        )
        documents.write_text(re.sub(r"characters: .*", f"characters: {characters}", text, count=1), "utf-8")

    return change


def repeat_from(start: str, end: str) -> Change:
    """Write the stretch from ``start`` up to ``end`` (or the end of the file) a second time."""

    def change(path: Path) -> None:
        text = path.read_text("utf-8")
        stretch = text[text.index(start) :].partition(end)[0] if end else text[text.index(start) :]
        path.write_bytes((text + stretch).encode("utf-8"))

    return change


LAST = -1  # the last line that holds anything


class Case(NamedTuple):
    """``at`` is the line that must be named: its number (0: the file), or what stands on it after the change."""

    file: str
    what: str
    change: Change
    says: str
    at: int | str
    reported: str = ""  # the file that must be named, where it is not the one that was changed


# What no YAML file may be, whatever it is for

YAML_CASES = [
    Case(file, *fault)
    for file, key in ((DOCUMENTS, "documents"), (POLICY, "bibliography"), (CLAIMS, "source"))
    for fault in (
        ("empty", write(""), "is empty", 0),
        ("only a comment", write("# nothing\n"), "is empty", 0),
        ("truncated within a quotation", append('"and then'), "is not YAML", LAST),
        ("a list at the top", write("- a\n- b\n"), "is no ", 1),
        ("a text at the top", write("hello\n"), "is no ", 1),
        ("duplicate keys", append(f"{key}: again\n"), f"has the key “{key}” twice", LAST),
        ("aliases that multiply (billion laughs)", write(LAUGHS), "uses the alias *a", 2),
        ("a python tag", append("more: !!python/object:os.system x\n"), "python/object:os.system", LAST),
        ("deep nesting", append("more:\n  " + "[" * 5000), "is nested deeper than 20 levels", LAST),
        ("a key that is a list", append("? [b]\n: c\n"), "a key that is not plain text", "? [b]"),
        ("two documents in one", append("---\na: b\n"), "is not YAML", "---"),
        ("a tab as indentation", append("more:\n\t- x\n"), "is not YAML", "\t- x"),
        ("CRLF", crlf, "has carriage returns", 1),
        ("a byte order mark", prepend(b"\xef\xbb\xbf"), "byte order mark", 1),
        ("UTF-16", prepend(b"\xff\xfe"), "byte order mark", 1),
        ("not UTF-8", replace(key, b"# \xff"), "is not UTF-8", 1),
        ("NUL", prepend(b"# \x00\n"), "has the control character [U+0000]", 1),
        ("a terminal's escape sequence", prepend(b"#\n# \x1b[2J\n"), "has the control character [U+001B]", 2),
        ("NUL written as an escape", append('more: "\\0"\n'), "has the control character [U+0000]", LAST),
        ("a surrogate written as an escape", append('more: "\\ud800"\n'), "is not YAML", LAST),
        ("a folder in its place", into_folder, "cannot be read: Is a directory", 0),
    )
]

# fmt: off
VOCABULARY_CASES = [
    Case(VOCABULARY, *fault)
    for fault in (
        ("empty", write(""), "declares 0 domains", 0),
        ("truncated", cut_after("p:bitterness a kb:Property ;\n    skos:prefLabel "), "is not Turtle", LAST),
        ("not Turtle", replace("s:leaf a", "s:leaf ! a"), "is not Turtle", "s:leaf ! a"),
        ("a fault after a long text", append('c:tea skos:note """a\nb""" .\nc:x ! ;\n'), "is not Turtle", LAST),
        ("a quotation mark missing", replace('"brewing"', '"brewing'), "is not Turtle", '"brewing@en'),
        ("a string that breaks the parser", replace('"mild"', '"^mild'), "is not Turtle", '"^mild'),
        ("deep nesting", append("c:deep skos:note " + "[ skos:note " * 3000), "is not Turtle", LAST),
        ("an unknown prefix", replace("u:metre a", "zz:metre a"), "is not Turtle", "zz:metre"),
        ("an unknown kb term", replace("kb:rank 2", "kb:rnak 2"), "unknown term kb:rnak", "c:strong a"),
        ("an unknown SKOS term", replace("skos:broader c:tea", "skos:broder c:tea"), "unknown term skos:broder",
         "c:marsh-leaf a"),
        ("an unknown type", replace("a kb:Axiom", "a kb:Axoim"), "unknown type kb:Axoim", "a:one-island a"),
        ("an unknown broader concept", replace("skos:broader c:tea", "skos:broader c:tee"), "broader concept “tee”",
         "c:marsh-leaf a"),
        ("an unknown unit", replace("kb:unit u:minute", "kb:unit u:minuet"), "unit is not in the vocabulary",
         "p:steeping-time a"),
        ("an unknown dimension", replace("kb:separatedBy s:leaf", "kb:separatedBy s:leef"), "dimension “leef”",
         "p:steeping-time a"),
        ("an unknown scheme of a dimension", replace("kb:scheme h:leaf", "kb:scheme h:leef"), "scheme “leef”",
         "s:leaf a"),
        ("an unknown topic", replace("kb:topic t:brewing", "kb:topic t:brewin"), "topic “brewin”", "p:steeping-time a"),
        ("a cyclic hierarchy", replace('"tea"@en .', '"tea"@en ; skos:broader c:cliff-leaf .'),
         "runs in a circle: cliff-leaf, tea", "c:cliff-leaf a"),
        ("a concept broader than itself", replace('"tea"@en .', '"tea"@en ; skos:broader c:tea .'),
         "runs in a circle: tea", "c:tea a"),
        ("two preferred labels", replace('"mild"@en', '"mild"@en, "weak"@en'), "has 2 preferred labels", "c:mild a"),
        ("no preferred label", replace('skos:prefLabel "mild"@en ;\n', ""), "has 0 preferred labels", "c:mild a"),
        ("a label that is taken", replace('"mild"@en', '"Strong"@en'), "has the same label as mild", "c:strong a"),
        ("an id used twice",
         append('<https://other.example/#mild> a skos:Concept ; skos:inScheme h:leaf ; skos:prefLabel "x" .\n'),
         "is the id of two of type Concept", LAST),
        ("a malformed id", replace("c:cliff-leaf a", "c:CliffLeaf a"), "CliffLeaf: is no id", "c:CliffLeaf a"),
        ("a nameless concept", append('[] a skos:Concept ; skos:inScheme h:leaf ; skos:prefLabel "x" .\n'), "is no id",
         0),
        ("a malformed address", append("c:tea skos:exactMatch <http://a b> .\n"), "malformed address <http://a b>",
         "c:tea a"),
        ("two units of one symbol", replace('kb:symbol "m" ', 'kb:symbol "s" '), "has the same symbol as",
         "u:second a"),
        ("a unit of no kind", replace('kb:quantityKind "length" ;\n', ""), "has no quantityKind", "u:metre a"),
        ("a unit without a symbol", replace('kb:symbol "m" ;\n', ""), "has no symbol", "u:metre a"),
        ("a factor of zero", replace("kb:factor 60", "kb:factor 0"), "factor is 0", "u:minute a"),
        ("a factor beyond all bounds", replace("kb:factor 60", "kb:factor 1e999999"), "factor is “", "u:minute a"),
        ("a factor of 400 digits", replace("kb:factor 60", f"kb:factor {DIGITS}"), "factor is “999", "u:minute a"),
        ("a rank beyond all bounds", replace("kb:rank 2", "kb:rank 1e999999"), "rank is “", "c:strong a"),
        ("a tolerance that is no number", replace("kb:tolerance 0.1", 'kb:tolerance "NaN"'), "tolerance is “NaN”",
         "p:steeping-time a"),
        ("an infinite tolerance", replace("kb:tolerance 0.1", 'kb:tolerance "Infinity"'), "tolerance is “Infinity”",
         "p:steeping-time a"),
        ("a negative tolerance", replace("kb:tolerance 0.1", "kb:tolerance -1"), "tolerance is “-1”",
         "p:steeping-time a"),
        ("stakes out of range", replace('kb:stakes "2"', 'kb:stakes "9"'), "stakes is “9”", "p:steeping-time a"),
        ("stakes twice", replace('kb:stakes "2"', 'kb:stakes "2", "3"'), "stakes is given 2 times",
         "p:steeping-time a"),
        ("two schemes", replace("skos:inScheme h:strength", "skos:inScheme h:strength, h:leaf"),
         "inScheme is given 2 times", "c:mild a"),
        ("a text for a resource", replace("kb:topic t:brewing", 'kb:topic "brewing"'), "must name a resource",
         "p:steeping-time a"),
        ("an implied scope without a value", replace('"leaf=marsh-leaf"', '"leaf"'), "implies “leaf”",
         "c:marsh-leaf a"),
        ("a quantity without a unit", replace("kb:unit u:minute ;\n", ""), "is a quantity without a unit",
         "p:steeping-time a"),
        ("an axiom without a source", replace('dcterms:source "the map in the hall" ;\n', ""), "has no source",
         "a:one-island a"),
        ("two domains", append("<https://claims-kb.example/x/> a kb:Domain .\n"), "declares 2 domains", 0),
        ("CRLF", crlf, "has carriage returns", 1),
        ("a byte order mark", prepend(b"\xef\xbb\xbf"), "byte order mark", 1),
        ("not UTF-8", replace('"mild"', b'"m\xefld"'), "is not UTF-8", 'skos:prefLabel "m\ufffdld'),
        ("NUL", replace('"mild"', '"mi\0ld"'), "has the control character [U+0000]", "mi\0ld"),
        ("missing", remove, "cannot be read: No such file", 0),
        ("a folder in its place", into_folder, "cannot be read: Is a directory", 0),
    )
]

BIBLIOGRAPHY_CASES = [
    Case(BIBLIOGRAPHY, *fault)
    for fault in (
        ("empty", write(""), "is empty", 0),
        ("no entry", write("% nothing yet\n"), "holds no entry", 0),
        ("truncated", cut_after("title = {The marsh"), "broken entry", "@book{tarn1902"),
        ("a year that is none", replace("{1902}", "{long ago}"), "is not a year", "long ago"),
        ("a year of 400 digits", replace("{1902}", f"{{{DIGITS}}}"), "is not a year", DIGITS),
        ("an entry twice", repeat_from("@book", ""), "is already used on line 8", 13),
        ("a field twice", replace("  year = {1902}", "  year = {1901},\n  year = {1902}"),
         "has the field 'year' already", "{1902}"),
        ("no title", replace("  title = {The marshes of Ostrava},\n", ""), "has no title", "@book"),
        ("deep nesting", replace("{The marshes of Ostrava}", "{" * 5000), "broken entry", "@book"),
        ("CRLF", crlf, "has carriage returns", 1),
        ("a byte order mark", prepend(b"\xef\xbb\xbf"), "byte order mark", 1),
        ("not UTF-8", replace("Tarn, Bo", b"T\xe4rn, Bo"), "is not UTF-8", "author = {T\ufffdrn"),
        ("NUL", replace("Tarn", "Ta\0rn"), "has the control character [U+0000]", "Ta\0rn"),
        ("missing", remove, "cannot be read: No such file", 0),
        ("a folder in its place", into_folder, "cannot be read: Is a directory", 0),
    )
]

DOCUMENT_CASES = [
    Case(DOCUMENTS, *fault)
    for fault in (
        ("missing", remove, "cannot be read: No such file", 0),
        ("truncated after a key", cut_after("title:"), "publisher", "- id: page-a"),
        ("a text for a document", append("- hello\n"), "is not a document", "- hello"),
        ("a text for the list", write("documents: all\n"), "is no list of documents", 1),
        ("an unknown field", replace("  kind: shop-page", "  sort: x\n  kind: shop-page"), "sort: Extra inputs",
         "sort: x"),
        ("no title", replace("  title: Leaves of Ostrava Island\n", ""), "title: Field required", "- id: page-a"),
        ("a list for a title", replace("title: Another page", "title: [Another, page]"), "title: Input should be",
         "title: [Another"),
        ("a bad id", replace("id: page-a", "id: Page A"), "id: String should match", "id: Page A"),
        ("an id that leaves the folder", replace("id: page-a", "id: ../page-a"), "id: String should match",
         "../page-a"),
        ("an id twice", replace("id: page-b", "id: page-a"), "id page-a is taken", 16),
        ("the id of a work", replace("id: page-b", "id: tarn1902"), "id tarn1902 is taken", "id: tarn1902"),
        ("the same snapshot twice",
         match(r"(?<=sha256: )\w+(?=\n*\Z)", hashlib.sha256(TEXT.encode()).hexdigest()),
         "has the same snapshot as page-a", "id: page-b"),
        ("a hash that is none", replace("sha256: ", "sha256: x"), "sha256: String should match", "sha256: x"),
        ("a wrong length", replace(f"characters: {len(TEXT)}", "characters: 999"),
         f"page-a: {len(TEXT)} characters, not 999", 0),
        ("a length that claims exceed", replace(f"characters: {len(TEXT)}", "characters: 60"), "characters, not 60", 0),
        ("a length of zero", replace("characters: 10\n", "characters: 0\n"), "characters: Input should be greater",
         "characters: 0"),
        ("a negative length", replace("characters: 10\n", "characters: -5\n"), "characters: Input should be greater",
         "characters: -5"),
        ("a length that is no number", replace("characters: 10\n", "characters: NaN\n"), "characters: Input should be",
         "characters: NaN"),
        ("a length of 400 digits", replace("characters: 10\n", f"characters: {DIGITS}\n"),
         "characters: Input should be less", "characters: 999"),
        ("a length of 5,000 digits", replace("characters: 10\n", f"characters: {'9' * 5000}\n"), "characters: ",
         "characters: 999"),
        ("a length beyond all bounds", replace("characters: 10\n", "characters: 1e999999\n"), "characters: ",
         "characters: 1e"),
        ("an unknown work", replace("- orlo1911", "- orlo1912"), "lists the unknown work “orlo1912”", "- id: page-a"),
        ("an unknown dimension", replace("altitude: {", "attitude: {"), "unknown dimension “attitude”", "attitude"),
        ("a stated page scope",
         replace("inherited:\n      altitude: {is: 200-400 m, from: page}", "stated: {altitude: 200-400 m}"),
         "a page scope is inherited by claims", "- id: page-a"),
        ("an unknown basis", replace("from: page", "from: hearsay"), "altitude: basis", "hearsay"),
        ("an altitude that runs backwards", replace("200-400 m", "400-200 m"), "altitude “400-200 m” is no quantity",
         "400-200 m"),
        ("an altitude of 400 digits", replace("200-400 m", f"{DIGITS} m"), "is no quantity", f"{DIGITS} m"),
        ("an altitude in an unknown unit", replace("200-400 m", "200-400 ells"), "is no quantity", "200-400 ells"),
        ("what references are there", replace("markers without list", "somewhere"), "references: Input should be",
         "somewhere"),
    )
]

POLICY_CASES = [
    Case(POLICY, *fault)
    for fault in (
        ("missing", remove, "cannot be read: No such file", 0),
        ("truncated after a key", cut_after("levels:"), "levels: Input should be a valid dictionary", "levels:"),
        ("an unknown level", replace("error", "loud"), "levels.V001: Input should be", "V001: loud"),
        ("an unknown key", append("colour: green\n"), "colour: Extra inputs", "colour"),
        ("a list for the bibliography", replace("references.bib", "[a, b]"), "bibliography: Input should be", 1),
        ("a bibliography that is not there", replace("references.bib", "other.bib"), "cannot be read: No such file", 0,
         "other.bib"),
        ("a name that is too long", replace("references.bib", "a" * 5000), "cannot be read: File name too long", 0,
         "a" * 5000),
        ("a bibliography without a name", replace("references.bib", '""'), "cannot be read: Is a directory", 0, "."),
        ("a text for the waivers", match(r"waivers:\n(.*\n)+", "waivers: all\n"), "waivers: Input should be",
         "waivers"),
        ("a text for a waiver", append("- V001\n"), "Input should be a valid dictionary", LAST),
        ("an unknown key of a waiver", replace("  by: Ann", "  until: x\n  by: Ann"), "until: Extra inputs",
         "until: x"),
        ("a waiver of nothing", replace("- code: V001\n  sources", "- sources"), "code: Field required", "- sources"),
        ("a waiver of a whole detector", replace("  topic: brewing\n", ""), "needs one of claims, sources",
         "- code: C001"),
        ("a waiver for no sources", replace("[page-a, orlo1911]", "[]"), "sources: Tuple should have at least 1",
         "sources: []"),
        ("a text for the sources", replace("[page-a, orlo1911]", "page-a"), "sources: Input should be",
         "sources: page"),
        ("a source that is no id", replace("[page-a, orlo1911]", "[Page A]"), "sources.0: String should match",
         "Page A"),
        ("a waiver without a reason", replace("  reason: the old table\n", ""), "reason: Field required",
         "- code: V001"),
        ("a waiver with an empty reason", replace("the old table", '" "'), "reason: String should have", 'reason: " "'),
        ("a waiver by nobody", replace("by: Bo", 'by: ""'), "by: String should have at least 1", 'by: ""'),
        ("a waiver without a date", replace("  date: 2026-11-20\n", ""), "date: Field required", "- code: V001"),
        ("a date in words", replace("2026-11-20", "today"), "date: is no date such as 2026-11-24", "date: today"),
        ("a date in short", replace("2026-11-20", "20261120"), "date: is no date such as", "date: 20261120"),
        ("a date with a time", replace("2026-11-20", "2026-11-20T09:00"), "date: is no date such as", "T09:00"),
        ("a day that is none", replace("2026-11-20", "2026-02-30"), "date: is no day of the calendar", "2026-02-30"),
        ("a finding that is no id", replace("topic: brewing", "finding: c-000000000000"),
         "finding: String should match", "finding: c-0"),
        ("a waiver twice", append("- {code: V001, property: steeping-time, sources: [orlo1911, page-a], reason: x, "
         "by: Cy, date: 2026-11-22}\n"), "waives the same as line 6", LAST),
    )
]

CLAIM_CASES = [
    Case(CLAIMS, *fault)
    for fault in (
        ("truncated after a key", cut_after("- text: Cliff leaf keeps well."), "has no locator", LAST),
        ("a text for the claims", write("source: page-a\nclaims: none\n"), "is no claim file", 1),
        ("a text for a claim", append("- hello\n"), "is not a claim", "- hello"),
        ("a list for a text", replace("text: Cliff leaf keeps well.", "text: [x]"), "text: Input should be",
         "text: [x]"),
        ("an unknown key of the file", append("author: me\n"), "has the unknown key “author”", "author"),
        ("an unknown key of a claim", replace("subject: marsh-leaf", "subjct: marsh-leaf"),
         "has the unknown key “subjct”", "subjct"),
        ("a key of a claim twice",
         replace("  property: steeping-time", "  property: strength\n  property: steeping-time"),
         "has the key “property” twice", "property: steeping-time"),
        ("another source's name", replace("source: page-a", "source: page-b"), "holds claims of “page-b”", 1),
        ("an unknown source", replace("source: page-a", "source: page-z"), "source “page-z” is neither", 1),
        ("a list for the source", replace("source: page-a", "source: [page-a]"), "is neither", 1),
        ("the file named otherwise", rename("page-b.yaml"), "holds claims of “page-a”", 1, "claims/page-b.yaml"),
        ("a name that would not be read", rename("page-a.yml"), "would not be read", 0, "claims/page-a.yml"),
        ("a wrong id", replace("- text: Cliff leaf keeps", "- id: c-000000000000\n  text: Cliff leaf keeps"),
         "id c-000000000000 should be c-", "- id: c-0"),
        ("a claim twice", repeat_from("- text: Marsh leaf steeps", "- text: Cliff leaf is more"),
         "has the same quote, subject, property", 50),
        ("an unknown kind", replace("kind: comparison", "kind: rumour"), "kind: Input should be", "rumour"),
        ("an unknown subject", replace("subject: marsh-leaf", "subject: moss"), "subject “moss” is not known", "moss"),
        ("an unknown other side", replace("than: marsh-leaf", "than: moss"), "than “moss” is not known", "moss"),
        ("a malformed subject", replace("subject: marsh-leaf", "subject: Marsh Leaf"), "subject: String should match",
         "Marsh Leaf"),
        ("an unknown property", replace("property: keeps-well", "property: keeps"), "property “keeps” is not known",
         "property: keeps"),
        ("a property that takes no value", replace("property: steeping-time", "property: keeps-well"),
         "property keeps-well is a statement", "property: keeps-well"),
        ("an unknown unit", replace("unit: min", "unit: blink"), "unknown unit “blink”", "unit: blink"),
        ("a unit that measures something else", replace("unit: min", "unit: m"), "m does not measure steeping-time",
         "unit: m"),
        ("no unit", replace("    unit: min\n", ""), "value.unit: Field required", "value:"),
        ("an unknown dimension", replace("leaf: cliff-leaf", "leef: cliff-leaf"), "unknown dimension “leef”", "leef"),
        ("an unknown dimension left open", replace("    - altitude", "    - attitude"),
         "dimension “attitude” is not known", "unknown:"),
        ("an unknown concept as scope", replace("leaf: cliff-leaf", "leaf: moss"), "leaf “moss” is not known",
         "leaf: moss"),
        ("a scope without a value", replace("leaf: cliff-leaf", "leaf: []"), "leaf has no value", "leaf: []"),
        ("a dimension given and left open", replace("    - altitude", "    - leaf"), "leaf is both unknown and given",
         "unknown:"),
        ("a text for the scope",
         replace("  scope:\n    stated:\n      leaf: cliff-leaf\n    unknown:\n    - altitude\n", "  scope: all\n"),
         "scope is malformed", "scope: all"),
        ("no locator", replace("  at: ", "  # at: "), "has no locator", "- text: Marsh"),
        ("an empty locator", match(r"at: \d+-\d+", "at: 30-30"), "at 30-30 is empty or backwards", "at: 30-30"),
        ("a backward locator", match(r"at: \d+-\d+", "at: 30-20"), "at 30-20 is empty or backwards", "at: 30-20"),
        ("a negative locator", match(r"at: \d+-\d+", "at: -5-20"), "is no locator", "at: -5-20"),
        ("a locator in other digits", match(r"at: \d+-\d+", "at: ١-٢"), "is no locator", "at: ١-٢"),
        ("a locator that is a list", match(r"at: \d+-\d+", "at: [1, 2]"), "is no locator", "at: [1, 2]"),
        ("a locator of 400 digits", match(r"at: \d+-\d+", f"at: 1-{DIGITS}"), "is no locator", DIGITS),
        ("a locator beyond the end", match(r"at: \d+-\d+", "at: 26-9999"), "ends at 9999, the document", "26-9999"),
        ("a locator of another passage", match(r"at: \d+-\d+", "at: 0-6"), "at 0-6 is not what was quoted", "at: 0-6"),
        ("another quote's hash", match(r"(?<=quote_sha256: )\w+", "0" * 64), "is not what was quoted", "  at: "),
        ("a hash that is too short", match(r"(?<=quote_sha256: )\w+", "abc"), "is no SHA-256", "quote_sha256: abc"),
        ("a hash in capitals", match(r"(?<=quote_sha256: )\w+", "A" * 64), "is no SHA-256", "A" * 64),
        ("a list for the hash", match(r"(?<=quote_sha256: )\w+", "[a]"), "is no SHA-256", "quote_sha256: [a]"),
        ("no hash", match(r"  quote_sha256: \w+\n", ""), "is no SHA-256", "- text: Marsh"),
        ("low above high", replace("low: 3", "low: 9"), "low 9 is above high 5", "value:"),
        ("a number beyond all bounds", replace("high: 5", "high: 1e999999"), "high: is no plain decimal", "high: 1e"),
        ("a number of 400 digits", replace("high: 5", f"high: {DIGITS}"), "value.high: is no plain decimal", "high: 9"),
        ("a number too small to tell", replace("low: 3", "low: 1e-999999"), "low: is no plain decimal", "low: 1e"),
        ("NaN", replace("low: 3", "low: NaN"), "value.low: is no plain decimal", "low: NaN"),
        ("Infinity", replace("high: 5", "high: Infinity"), "value.high: is no plain decimal", "high: Inf"),
        ("a word for a number", replace("low: 3", "low: three"), "value.low: is no plain decimal", "low: three"),
        ("at least, without a low end", both(replace("    low: 3\n", ""), replace("bound: range", "bound: at_least")),
         "at_least needs low", "value:"),
        ("no end at all", replace("    low: 3\n    high: 5\n", ""), "an interval needs low, high or both", "value:"),
        ("a set in mixed order", replace("low: 3\n    high: 5", "any_of: [5, 3]"), "in rising order", "value:"),
        ("a set with a repeat", replace("low: 3\n    high: 5", "any_of: [3, 3]"), "without repeats", "value:"),
        ("an empty set", replace("low: 3\n    high: 5", "any_of: []"), "value.any_of: ", "any_of"),
        ("an unknown class", replace("class: strong", "class: stronk"), "“stronk” is on no scale", "class: stronk"),
        ("a class without a rank", replace("class: strong", "class: tea"), "class “tea” is on no scale", "class: tea"),
        ("an interval for a class", replace("class: strong", "low: 1\n    unit: min"), "strength takes a class", 47),
        ("a class for an interval", replace("property: strength", "property: steeping-time"), "is on no scale",
         "class: strong"),
        ("a vague value that is not vague", replace("class: strong", "vague: no\n    unit: min"), "vague is true",
         47),
        ("a quantity without value", match(r"  value:\n(    .*\n)+", ""), "a quantity needs value", "- text: Marsh"),
        ("a comparison without than", replace("  than: marsh-leaf\n", ""), "a comparison needs than",
         "- text: Cliff leaf is"),
        ("a comparison without relation", replace("  relation: greater\n", ""), "needs relation",
         "- text: Cliff leaf is"),
        ("a statement with value", replace("  attribution: reported", "  value: {low: 3, unit: min}"),
         "a statement has no value", "- text: Cliff leaf keeps"),
        ("a statement with than", replace("  attribution: reported", "  than: tea"), "a statement has no than",
         "- text: Cliff leaf keeps"),
        ("an inferred link that is too sure", replace("basis: described", "basis: inferred\n    confidence: 0.95"),
         "give it a confidence below 0.9", "- work: orlo1911"),
        ("a confidence above 1", replace("basis: described", "basis: described\n    confidence: 1.5"),
         "confidence: Input should be less", "confidence: 1.5"),
        ("a confidence of NaN", replace("basis: described", "basis: described\n    confidence: NaN"),
         "confidence: is no plain decimal", "confidence: NaN"),
        ("a confidence too small to tell", replace("basis: described", "basis: described\n    confidence: 1e-999999"),
         "confidence: is no plain decimal", "confidence: 1e"),
        ("an unresolved link without a marker", replace("work: orlo1911", "marker: '[1]'"),
         "only a printed marker may stay unresolved", "- marker: '[1]'"),
        ("an unknown work", replace("work: orlo1911", "work: orlo1912"), "work “orlo1912” is not known",
         "- work: orlo1912"),
        ("a document for a work", replace("work: orlo1911", "work: page-a"), "work “page-a” is not known",
         "- work: page-a"),
        ("a right-to-left override in a name", replace("subject: marsh-leaf", "subject: ab\u202ecd"), "ab[U+202E]cd",
         "subject: ab"),
        ("a line end in a key", append('"more\\nthan": x\n'), "“more[U+000A]than”", LAST),
    )
]

EVIDENCE_CASES = [
    Case(EVIDENCE, *fault)
    for fault in (
        ("a locator in a work", append("  at: 1-5\n"), "at belongs to claims of documents only", LAST),
        ("a hash in a work", append(f"  quote_sha256: {'0' * 64}\n"), "quote_sha256 belongs to claims of", LAST),
        ("an altitude that runs backwards", replace("<= 300 m", "400-300 m"), "is no quantity", "altitude"),
        ("an altitude too fine to tell", replace("<= 300 m", "0.0000000000000001 m"), "is no quantity", "altitude"),
        ("a line end after an altitude", replace("<= 300 m", '"300 m\\n"'), "is no quantity", "altitude"),
    )
]

SOURCE_CASES = [
    Case(SOURCE, *fault)
    for fault in (
        ("empty", write(""), "is not the snapshot of page-a", 0),
        ("truncated", cut_after("Cliff leaf is more"), "is not the snapshot of page-a", 0),
        ("one character changed", replace("three", "Three"), "is not the snapshot of page-a", 0),
        ("CRLF", crlf, "is not the snapshot of page-a", 0),
        ("a byte order mark", prepend(b"\xef\xbb\xbf"), "is not the snapshot of page-a", 0),
        ("a folder in its place", into_folder, "is not the snapshot of page-a", 0),
        ("a snapshot that is not UTF-8", snapshot(b"Leaves\nof \xff\n", 12), "is not UTF-8", 2),
        ("a snapshot without what was quoted", snapshot(TEXT.lower().encode(), len(TEXT)), "is not what was quoted",
         "  at: ", CLAIMS),
        ("a snapshot of another length", snapshot(TEXT.encode(), 150), f"{len(TEXT)} characters, not 150", 0,
         DOCUMENTS),
    )
]
VERDICT_CASES = [
    Case(VERDICTS, *fault)
    for fault in (
        ("truncated", cut_after('{"finding": "f-000000000002"'), "has no line end: the writing", LAST),
        ("truncated within a character",
         lambda path: path.write_bytes(path.read_bytes().rpartition("”".encode())[0] + b"\xe2"), "has no line end",
         LAST),
        ("no line end", lambda path: path.write_bytes(path.read_bytes()[:-1]), "has no line end: the writing", LAST),
        ("an empty line", replace('"Marsh."}]}\n', '"Marsh."}]}\n\n'), "is an empty line", 2),
        ("not JSON", replace('"code": "V001"', '"code": V001'), "is not JSON: Expecting value at character 39", 1),
        ("two records on a line", replace("]}\n", "]} "), "is not JSON: Extra data", 1),
        ("a list for a verdict", write("[]\n"), "is no verdict", 1),
        ("a text for a verdict", append('"so"\n'), "is no verdict", LAST),
        ("deep nesting", append("[" * 100000 + "\n"), "cannot be read: it is nested too deeply", LAST),
        ("a number of 5,000 digits", append("9" * 5000 + "\n"), "cannot be read: Exceeds the limit", LAST),
        ("a key twice", replace('"by": "Ann"', '"by": "Ann", "by": "Bo"'), "has the key “by” twice", 1),
        ("a key of a member twice", replace('"pole": "A"', '"pole": "A", "pole": "B"'), "has the key “pole” twice", 1),
        ("an unknown key", replace('"by": "Ann"', '"by": "Ann", "for": "Bo"'), "for: Extra inputs", 1),
        ("an unknown key of a member", replace('"pole": "A"', '"pole": "A", "end": "B"'),
         "members.0.end: Extra inputs", 1),
        ("no code", replace('"code": "V001", ', ""), "code: Field required", 1),
        ("a finding that is no id", replace("f-000000000002", "f-2"), "finding: String should match", LAST),
        ("an unknown kind", replace('"tension"', '"quarrel"'), "kind: Input should be", 1),
        ("an unknown verdict", replace('"confirmed"', '"refuted"'), "verdict: Input should be", 1),
        ("a verdict without a reason", replace('"reason": "“both”", ', ""), "a verdict of confirmed needs a reason", 1),
        ("a verdict with an empty reason", replace("“both”", " "), "a verdict of confirmed needs a reason", 1),
        ("a reason of two lines", replace("“both”", "a\\nb"), "reason: holds a line end or a control character", 1),
        ("an escape sequence in a reason", replace("“both”", "\\u001b[2J"), "reason: holds a line end or a control", 1),
        ("half a character in a reason", replace("“both”", "\\ud800"), "reason: Input should be a valid string", 1),
        ("a number for a reason", replace('"“both”"', "7"), "reason: Input should be a valid string", 1),
        ("by nobody", replace('"by": "Ann"', '"by": " "'), "by: String should have at least 1", 1),
        ("no moment", replace("2026-11-24T09:30:02Z", "today"), "at: is no moment such as", LAST),
        ("a moment without a zone", replace("09:30:02Z", "09:30:02"), "at: is no moment such as", LAST),
        ("a moment of another zone", replace("09:30:02Z", "09:30:02+01:00"), "at: is no moment such as", LAST),
        ("a part of a second", replace("09:30:02Z", "09:30:02.5Z"), "at: is no moment such as", LAST),
        ("a day that is none", replace("2026-11-24T09:30:02Z", "2026-02-30T09:30:02Z"),
         "at: is no moment of the", LAST),
        ("a text for the members", match(r'"members": \[.*\]', '"members": "all"'), "members: Input should be", 1),
        ("a text for a member", replace('"members": [', '"members": ["all", '), "members.0: Input should be", 1),
        ("a hash that is none", replace("0" * 64, "0" * 63), "members.0.hash: String should match", 1),
        ("a source that is no id", replace('"source": "page-a"', '"source": ""'), "members.0.source: String should", 1),
        ("CRLF", crlf, "has carriage returns", 1),
        ("a byte order mark", prepend(b"\xef\xbb\xbf"), "byte order mark", 1),
        ("not UTF-8", replace("“both”", b"\xff"), "is not UTF-8", 1),
        ("NUL", replace("“both”", "a\0b"), "has the control character [U+0000]", 1),
        ("a folder in its place", into_folder, "cannot be read: Is a directory", 0),
        ("a link to nothing", lambda path: (path.unlink(), path.symlink_to("gone")), "cannot be read: No such file", 0),
    )
]
# fmt: on

CASES = [
    *YAML_CASES,
    *VOCABULARY_CASES,
    *BIBLIOGRAPHY_CASES,
    *DOCUMENT_CASES,
    *POLICY_CASES,
    *CLAIM_CASES,
    *EVIDENCE_CASES,
    *SOURCE_CASES,
    *VERDICT_CASES,
]


def read(folder: Path) -> KnowledgeBase:
    return build(folder, [folder / "sources"])


def faults(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as raised:
        read(folder)
    assert all(problem.message and problem.remedy for problem in raised.value.problems)
    assert len(str(raised.value).splitlines()) == len(raised.value.problems)
    return raised.value.problems


def line_of(path: Path, at: int | str) -> int:
    if isinstance(at, int) and at != LAST:
        return at
    lines = path.read_bytes().decode("utf-8", "replace").rstrip("\n").split("\n")
    return len(lines) if at == LAST else next(number for number, line in enumerate(lines, 1) if str(at) in line)


def name(case: Case) -> str:
    return f"{case.file}: {case.what}"


def test_the_folder_is_valid_as_it_is(tmp_path):
    kb = read(small_folder(tmp_path))
    assert (len(kb.claims), len(kb.documents), len(kb.works), set(kb.texts)) == (5, 2, 2, {"page-a"})


@pytest.mark.parametrize("case", CASES, ids=name)
def test_wrong_input_is_reported_with_its_place(case, tmp_path):
    folder = small_folder(tmp_path)
    case.change(folder / case.file)
    file = case.reported or case.file
    line = line_of(folder / file, case.at)
    found = [
        (problem.path.removeprefix(f"{folder}/").replace(str(folder), "."), problem.line, str(problem))
        for problem in faults(folder)
    ]
    assert any(path == file and at == line and case.says in text for path, at, text in found), (line, found)


@pytest.mark.parametrize(
    "case", [next(c for c in CASES if c.file == file) for file in dict.fromkeys(c.file for c in CASES)], ids=name
)
def test_the_command_line_reports_it_too(case, tmp_path):
    folder = small_folder(tmp_path)
    case.change(folder / case.file)
    done = check(folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert case.says in done.stderr
    assert Path(case.file).name in done.stderr
    assert "Traceback" not in done.stderr


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KB_")}
    command = [sys.executable, "-m", "kb.cli", "--data", str(folder), "check"]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=60, check=False)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: folder.rename(folder.with_name("gone")), "policy.yaml: cannot be read: No such file"),
        (
            lambda folder: [p.unlink() for p in (folder / "claims").iterdir()] and (folder / "claims").rmdir(),
            "claims: is no folder",
        ),
        (
            lambda folder: (folder.rename(folder.with_name("gone")), folder.write_text("a file")),
            "cannot be read: Not a directory",
        ),
    ],
    ids=["no data folder", "no claims folder", "a file for the data folder"],
)
def test_missing_folders(spoil, says, tmp_path):
    folder = small_folder(tmp_path)
    spoil(folder)
    assert any(says in str(problem) for problem in faults(folder))


def test_a_text_need_not_be_at_hand(tmp_path):
    folder = small_folder(tmp_path)
    (folder / SOURCE).unlink()
    assert read(folder).texts == {}


@pytest.mark.parametrize(
    ("file", "changes", "lines"),
    [
        (
            CLAIMS,
            [("low: 3", "low: NaN"), ("relation: greater", "relation: huge"), ("keeps-well", "keeps")],
            ["low: NaN", "relation: huge", "property: keeps"],
        ),
        (
            VOCABULARY,
            [
                ("kb:rank 2", "kb:rnak 2"),
                ("h:leaf ;\n    kb:nested", "h:leef ;\n    kb:nested"),
                ("c:tea ;", "c:tee ;"),
            ],
            ["c:strong a", "s:leaf a", "c:marsh-leaf a"],
        ),
        (
            DOCUMENTS,
            [("title: Leaves", "titel: Leaves"), ("characters: 10", "characters: ten"), ("id: page-b", "id: B")],
            ["titel:", "- id: page-a", "characters: ten", "id: B"],
        ),
        (
            BIBLIOGRAPHY,
            [("{1911}", "{MCMXI}"), ("{1902}", "{MCMII}"), ("Orlo, Mina", "Orlo et al")],
            ["MCMXI", "MCMII", "et al"],
        ),
        (POLICY, [("error", "loud"), ("info", "soft"), ("levels:", "colour: x\nlevels:")], ["loud", "soft", "colour"]),
        (
            POLICY,
            [("by: Ann", 'by: ""'), ("-11-21\n", "-21-11\n- {code: C001, topic: brewing}\n"), ("error", "loud")],
            ["loud", 'by: ""', "2026-21-11", "- {code: C001, topic"],
        ),
        (
            VERDICTS,
            [("confirmed", "refuted"), ("09:30:02Z", "09:30:72Z"), ('2Z"', '2Z", "x": 1'), ('."}]}\n', '."}]}\n\n')],
            ["refuted", "09:30:72Z"],
        ),
    ],
)
def test_all_faults_of_a_file_are_reported_at_once(file, changes, lines, tmp_path):
    folder = small_folder(tmp_path)
    for old, new in changes:
        replace(old, new)(folder / file)
    assert {line_of(folder / file, line) for line in lines} <= {problem.line for problem in faults(folder)}


def test_faults_of_several_files_are_reported_at_once(tmp_path):
    folder = small_folder(tmp_path)
    for file in (CLAIMS, EVIDENCE):
        replace("keeps-well", "keeps")(folder / file)
    replace("three", "Three")(folder / SOURCE)
    assert {Path(problem.path).name for problem in faults(folder)} == {"page-a.yaml", "orlo1911.yaml", "page-a.txt"}


def test_right_to_left_text_is_accepted_and_cannot_disturb_a_report(tmp_path):
    folder = small_folder(tmp_path)
    replace("text: Cliff leaf keeps well.", "text: Cliff \u202eleaf\u202c keeps \u2066well\u2069.")(folder / CLAIMS)
    assert any("\u202eleaf\u202c" in claim.text for claim in read(folder).claims)
    replace("attribution: reported", "attribution: \u202eX\u2066\u0085")(folder / CLAIMS)
    report = "\n".join(map(str, faults(folder)))
    assert all(mark.isprintable() or mark == "\n" for mark in report)


def test_control_characters_of_a_snapshot_are_its_own(tmp_path):
    folder = small_folder(tmp_path)
    text = TEXT + "\u202eend\u202c \x00 \x1b[2J\r\n"
    snapshot(text.encode(), len(text))(folder / SOURCE)
    assert read(folder).texts["page-a"] == text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from([VOCABULARY, DOCUMENTS, POLICY, BIBLIOGRAPHY, CLAIMS, EVIDENCE, SOURCE, VERDICTS]),
    at=st.floats(0, 1),
    drop=st.integers(0, 40),
    junk=st.one_of(
        st.binary(max_size=6),
        st.text(max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.sampled_from(
            [b"{", b"[", b'"', b"'", b"&a ", b"*a", b"!!x ", b": ", b"\n", b"- ", b"1e999999", b"^", b"\\"]
        ),
    ),
)
def test_any_damage_is_accepted_or_reported_but_never_crashes(file, at, drop, junk, tmp_path_factory):
    folder = small_folder(tmp_path_factory.mktemp("damaged"))
    data = (folder / file).read_bytes()
    start = int(at * len(data))
    (folder / file).write_bytes(data[:start] + junk + data[start + drop :])
    with suppress(InputError):
        read(folder)
