"""Wrong input of every kind: each case spoils one file of a small valid folder and says what must be reported."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kb.build import KnowledgeBase, build
from kb.documents import find_texts, load_documents
from kb.domain import load_domain
from kb.errors import InputError, Problem
from small_folder import TEXT, small_folder

ROOT = Path(__file__).resolve().parents[1]
CLI = ROOT / "kb" / "cli.py"

VOCABULARY, DOCUMENTS, POLICY = "vocabulary.ttl", "documents.yaml", "policy.yaml"
BIBLIOGRAPHY, CLAIMS, EVIDENCE = "references.bib", "claims/page-a.yaml", "claims/orlo1911.yaml"
SOURCE = "sources/page-a.txt"

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


def crlf(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def remove(path: Path) -> None:
    path.unlink()


def into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def rename(name: str) -> Change:
    return lambda path: path.rename(path.with_name(name))


def repeat_from(start: str, end: str) -> Change:
    """Write the stretch from ``start`` up to ``end`` (or the end of the file) a second time."""

    def change(path: Path) -> None:
        text = path.read_text("utf-8")
        stretch = text[text.index(start) :].partition(end)[0] if end else text[text.index(start) :]
        path.write_bytes((text + stretch).encode("utf-8"))

    return change


class Case(NamedTuple):
    """``at`` is the line that must be named: its number (0: the file), or what stands on it after the change."""

    file: str
    what: str
    change: Change
    says: str
    at: int | str
    reported: str = ""  # the file that must be named, where it is not the one that was changed


YAML_FAULTS = [
    (file, *fault)
    for file, first in ((DOCUMENTS, "documents:"), (POLICY, "bibliography:"), (CLAIMS, "source:"))
    for fault in (
        ("empty", write(""), "is empty", 0),
        ("only a comment", write("# nothing\n"), "is empty", 0),
        ("truncated within a quotation", append('"and then'), "is not YAML", 'and then'),
        ("a list at the top", write("- a\n- b\n"), "is no ", 1),
        ("a text at the top", write("hello\n"), "is no ", 1),
        ("duplicate keys at the top", append(f"{first} x\n"), "has the key", None),
        ("aliases that multiply (billion laughs)", write(LAUGHS), "uses the alias *a", 2),
        ("a python tag", write("a: 1\nb: !!python/object:os.system x\n"), "python/object:os.system", 2),
        ("nested too deep", write("a:\n " + "[" * 5000), "nested deeper than", 2),
        ("a key that is a list", write("a: 1\n? [b]\n: c\n"), "not plain text", 2),
        ("two YAML documents", append("---\na: b\n"), "is not YAML", "---"),
        ("CRLF", crlf, "carriage returns", 1),
        ("a byte order mark", prepend(b"\xef\xbb\xbf"), "byte order mark", 1),
        ("UTF-16", prepend(b"\xff\xfe"), "byte order mark", 1),
        ("not UTF-8", append("") and (lambda path: path.write_bytes(path.read_bytes() + b"\xff")), "not UTF-8", None),
        ("NUL", prepend(b"# \x00\n"), "control character [U+0000]", 1),
        ("an escape sequence of a terminal", prepend(b"#\n# \x1b[2J\n"), "control character [U+001B]", 2),
        ("NUL as an escape in YAML", append('more: "\\0"\n'), "control character [U+0000]", "more:"),
        ("a surrogate as an escape in YAML", append('more: "\\ud800"\n'), "is not YAML", "more:"),
        ("an unknown key", append("colour: green\n"), "", None),
        ("missing", remove, "cannot be read: No such file", 0),
        ("a folder in its place", into_folder, "cannot be read: Is a directory", 0),
    )
]
