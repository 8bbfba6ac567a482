"""What a report is, whatever it is written to: frozen sections of paragraphs, lists, tables and pictures.

A report holds text and never markup; each renderer escapes for its own format. Places inside a report are named by
anchors: ``c-…`` for a claim, ``f-…`` for a finding, ``work-KEY`` for a work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Look = Literal["plain", "emphasis", "strong", "code"]


class Words(NamedTuple):
    """Text."""

    text: str
    look: Look = "plain"


class Jump(NamedTuple):
    """Text that leads to an anchor of the same report."""

    text: str
    to: str


class Link(NamedTuple):
    """Text that leads to a page of the web."""

    text: str
    address: str


class Mark(NamedTuple):
    """The mark of a footnote, numbered from 1."""

    note: int


Run = Words | Jump | Link | Mark
Line = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    line: Line


@dataclass(frozen=True)
class Items:
    """A list; each item may have an anchor. A bibliography is one, with ``hanging`` lines."""

    lines: tuple[Line, ...]
    anchors: tuple[str, ...] = ()
    hanging: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose first cell names the row. ``folded`` hides it behind its caption where a format can."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    folded: bool = False
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A picture as an SVG document, with what it shows in words."""

    svg: str
    caption: str
    alternative: str


@dataclass(frozen=True)
class Quote:
    """The words of a source."""

    text: str


Block = Paragraph | Items | Table | Figure | Quote


@dataclass(frozen=True)
class Section:
    """A section with its blocks, then its sub-sections."""

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    anchor: str = ""


@dataclass(frozen=True)
class Report:
    """A whole report: ``lead`` stands before the first section, ``notes`` are the footnotes in order."""

    title: str
    subtitle: str
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    notes: tuple[Line, ...] = ()


def words(*parts: str | Run | Line) -> Line:
    """Return text and runs one behind the other as a line."""
    found: list[Run] = []
    for part in parts:
        if isinstance(part, str):
            found.extend([Words(part)] if part else [])
        elif isinstance(part, Words | Jump | Link | Mark):
            found.append(part)
        else:
            found.extend(part)
    return tuple(found)


def join(lines: list[Line], between: str = ", ") -> Line:
    """Return lines one behind the other with ``between`` between them."""
    return tuple(run for number, line in enumerate(lines) for run in ((Words(between),) if number else ()) + line)


def plain(line: Line) -> str:
    """Return a line as text alone."""
    return "".join(f"[note {run.note}]" if isinstance(run, Mark) else run.text for run in line)


def walk(sections: tuple[Section, ...], depth: int = 2) -> Iterator[tuple[int, Section]]:
    """Yield every section with the level of its heading, in order of the report."""
    for section in sections:
        yield depth, section
        yield from walk(section.sections, depth + 1)


def anchors(report: Report) -> frozenset[str]:
    """Return the names of all places in a report."""
    found = set()
    for _, section in walk(report.sections):
        found.add(section.anchor)
        for block in section.blocks:
            found.update(block.anchors if isinstance(block, Items | Table) else ())
    return frozenset(found - {""})
