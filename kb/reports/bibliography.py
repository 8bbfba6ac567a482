"""A bibliography as plain text, Markdown or HTML, in which nothing that a record says can act."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import quote

from kb.bibliography import Work
from kb.errors import visible
from kb.reports.styles import STYLES, Formatted, RunKind, address, format_works

NUMBERED = frozenset(STYLES) - {"apa"}
"""The styles whose entries stand in numbered order."""

ACTS = re.compile(r"([\\`*_\[\]<>#~|$!{}]|&(?=[#\w]))")
"""What Markdown, with its tables, formulas and strike-through, may take for something else than text."""

LIST_START = re.compile(r"^(\d*)([.)+=-])")


class Form(StrEnum):
    """The forms of a bibliography."""

    TEXT = "text"
    MARKDOWN = "md"
    HTML = "html"


def bibliography_text(works: Sequence[Work], style: str, form: Form) -> str:
    """Return the works as a bibliography, one entry a line (a paragraph in Markdown), with a line end."""
    entries = format_works(works, style)
    numbered = style in NUMBERED
    if form is Form.HTML:
        return _html(entries, numbered)
    render = markdown_entry if form is Form.MARKDOWN else plain_entry
    lines = [f"{number}. {render(entry)}" if numbered else render(entry) for number, entry in enumerate(entries, 1)]
    gap = "\n" if form is Form.TEXT or numbered else "\n\n"
    return gap.join(lines) + "\n" if lines else ""


def plain_entry(entry: Formatted) -> str:
    """Return an entry without typefaces."""
    return visible(entry.text)


def markdown_entry(entry: Formatted) -> str:
    """Return an entry as Markdown."""
    text = "".join(_markdown(visible(text), kind) for text, kind in entry.runs)
    return LIST_START.sub(r"\1\\\2", text)


def _markdown(text: str, kind: RunKind) -> str:
    escaped = ACTS.sub(r"\\\1", text)
    if kind == "link":
        return f"[{escaped}](<{_target(text)}>)"
    sign = {"italic": "*", "bold": "**"}.get(kind, "")
    lead, core, tail = re.fullmatch(r"(\s*)(.*?)(\s*)", escaped, re.S).groups()  # type: ignore[union-attr]
    return f"{lead}{sign}{core}{sign}{tail}" if core else escaped


def _target(link: str) -> str:
    return quote(address(link), safe=":/?#[]@!$&'()*+,;=%~")


def _html(entries: Sequence[Formatted], numbered: bool) -> str:
    name = "ol" if numbered else "ul"
    lines = "".join(f'<li id="ref-{html.escape(entry.key)}">{html_entry(entry)}</li>\n' for entry in entries)
    return f'<{name} class="bibliography">\n{lines}</{name}>\n'


def html_entry(entry: Formatted) -> str:
    """Return an entry as HTML, without an element around it."""
    return "".join(_marked(visible(text), kind) for text, kind in entry.runs)


def _marked(text: str, kind: RunKind) -> str:
    escaped = html.escape(text)
    if kind == "link":
        return f'<a href="{html.escape(_target(text))}">{escaped}</a>'
    element = {"italic": "i", "bold": "b"}.get(kind)
    return f"<{element}>{escaped}</{element}>" if element else escaped
