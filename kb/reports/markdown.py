"""Reports as Markdown (GitHub's): text is escaped, so that nothing in it is read as markup, HTML or a link."""

from __future__ import annotations

import re

from kb.errors import visible
from kb.reports.parts import Block, Figure, Items, Jump, Line, Link, Mark, Paragraph, Quote, Report, Run, Table, walk

SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~$&!@])")
LINKED = re.compile(r"(?i)(https?|ftp|mailto|www)([:.])")
START = re.compile(r"^(\s*)([-+=:>]|\d+(?=[.)]))")


def markdown(report: Report) -> str:
    """Return a report as Markdown."""
    parts = [f"# {text(report.title)}", text(report.subtitle), *map(_block, report.lead)]
    for depth, section in walk(report.sections):
        parts.append(f"{_anchor(section.anchor)}{'#' * min(depth, 6)} {text(section.title)}")
        parts.extend(map(_block, section.blocks))
    parts.extend(f"[^{number}]: {_line(note)}" for number, note in enumerate(report.notes, 1))
    return "\n\n".join(part for part in parts if part) + "\n"


def text(value: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    shown = SPECIAL.sub(r"\\\1", visible(" ".join(value.split())))
    return LINKED.sub(r"\1\\\2", shown)


def _line(line: Line) -> str:
    """Return a line; what would begin a list or a rule is escaped."""
    shown = "".join(map(_run, line))
    return START.sub(lambda m: f"{m[1]}{m[2]}\\" if m[2].isdigit() else f"{m[1]}\\{m[2]}", shown)


def _run(run: Run) -> str:
    if isinstance(run, Mark):
        return f"[^{run.note}]"
    start = " " if run.text[:1].isspace() else ""
    end = " " if run.text[-1:].isspace() and run.text.strip() else ""
    shown = text(run.text)
    if not shown:
        return start
    if isinstance(run, Jump):
        return f"{start}[{shown}](#{run.to}){end}"
    if isinstance(run, Link):
        return f"{start}[{shown}](<{_address(run.address)}>){end}" if _safe(run.address) else f"{start}{shown}{end}"
    if run.look == "code":
        return f"{start}`{visible(run.text.strip()).replace('`', '’')}`{end}"
    marks = {"strong": "**", "emphasis": "*"}.get(run.look, "")
    return f"{start}{marks}{shown}{marks}{end}"


def _safe(address: str) -> bool:
    return address.startswith(("https://", "http://")) and address.isprintable() and " " not in address


def _address(address: str) -> str:
    return address.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")


def _anchor(name: str) -> str:
    return f'<a id="{name}"></a>\n\n' if name else ""


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return _line(block.line)
    if isinstance(block, Quote):
        return f"> “{text(block.text)}”"
    if isinstance(block, Figure):
        return f"**{text(block.caption)}.** {text(block.alternative)}"
    if isinstance(block, Items):
        names = block.anchors or ("",) * len(block.lines)
        return "\n".join(f"- {_place(name)}{_line(line)}" for name, line in zip(names, block.lines, strict=True))
    return _table(block)


def _place(name: str) -> str:
    return f'<a id="{name}"></a>' if name else ""


def _table(table: Table) -> str:
    rows = [f"| {' | '.join(map(text, table.columns))} |", f"|{' --- |' * len(table.columns)}"]
    names = table.anchors or ("",) * len(table.rows)
    for name, row in zip(names, table.rows, strict=True):
        rows.append(f"| {_place(name)}{' | '.join(map(_line, row))} |")
    return f"**{text(table.caption)}**\n\n" + "\n".join(rows)
