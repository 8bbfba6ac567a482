"""Reports as PDF, by typst: every text is a string literal of its language, so that nothing in it is code.

Needs the ``export`` extra; works offline, with the fonts that typst brings.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kb.errors import InputError, Problem, visible
from kb.reports.parts import (
    Block,
    Figure,
    Items,
    Jump,
    Line,
    Link,
    Mark,
    Paragraph,
    Quote,
    Report,
    Run,
    Table,
    anchors,
    walk,
)

HEAD = """#set page(paper: "a4", margin: (x: 2cm, y: 2.2cm), numbering: "1 / 1")
#set text(size: 9.5pt, lang: "en", hyphenate: true)
#set par(justify: false)
#set table(stroke: 0.4pt + luma(180), inset: 4pt)
#show heading: set block(above: 1.4em, below: 0.7em)
#show link: underline
#show figure.where(kind: table): set block(breakable: true)
#show figure.where(kind: table): set align(left)
#show figure.caption: set align(left)
#set figure.caption(position: top)
"""


def pdf(report: Report) -> bytes:
    """Return a report as a PDF file. Raises `InputError` without the extra."""
    try:
        import typst
    except ImportError:
        remedy = "install it: python -m pip install 'claims-kb[export]'"
        raise InputError([Problem("--format pdf", 0, "needs the extra export (typst)", remedy)]) from None
    return bytes(typst.compile(source(report).encode("utf-8"), format="pdf", timestamp=0, ignore_system_fonts=False))


@lru_cache(maxsize=32)
def png(svg: str) -> bytes | None:
    """Return a picture as PNG; None without the extra."""
    try:
        import typst
    except ImportError:
        return None
    text = f'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes({_string(svg)}), format: "svg")\n'
    return bytes(typst.compile(text.encode("utf-8"), format="png", ppi=144.0, timestamp=0))


def source(report: Report) -> str:
    """Return a report in the language of typst."""
    known = anchors(report)
    parts = [HEAD, f"#set document(title: {_text(report.title)}, date: none)"]
    parts.append(f"#text(size: 20pt, weight: 700, {_text(report.title)})\n")
    parts.append(f"#text(fill: luma(90), {_text(report.subtitle)})\n")
    parts += [_block(block, known) for block in report.lead]
    for depth, section in walk(report.sections):
        label = _label(section.anchor)
        parts.append(f"#heading(level: {min(depth - 1, 6)}, {_text(section.title)}){label}\n")
        parts += [_block(block, known) for block in section.blocks]
    if report.notes:
        parts.append('#heading(level: 1, "Notes")\n')
        parts += [f"#{_text(f'{n} ')}{_line(note, known)}\n" for n, note in enumerate(report.notes, 1)]
    return "\n".join(parts)


def _string(text: str) -> str:
    """Return text as a string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "") + '"'


def _text(text: str) -> str:
    """Return text for people as a string literal, on one line, with what does not show as code points."""
    start, end = " " * text[:1].isspace(), " " * (text[-1:].isspace() and bool(text.strip()))
    return _string(f"{start}{visible(' '.join(text.split()))}{end}")


def _label(name: str) -> str:
    return f" <{_name(name)}>" if name else ""


def _name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)


def _line(line: Line, known: frozenset[str]) -> str:
    return "".join(_run(run, known) for run in line)


def _run(run: Run, known: frozenset[str]) -> str:
    if isinstance(run, Mark):
        return f"#super({_text(str(run.note))})"
    if isinstance(run, Jump):
        return f"#link(<{_name(run.to)}>, {_text(run.text)})" if run.to in known else f"#{_text(run.text)}"
    if isinstance(run, Link):
        safe = run.address.startswith(("https://", "http://"))
        return f"#link({_text(run.address)}, {_text(run.text)})" if safe else f"#{_text(run.text)}"
    wrap = {"strong": "strong", "emphasis": "emph", "code": "raw"}.get(run.look)
    return f"#{wrap}({_text(run.text)})" if wrap else f"#{_text(run.text)}"


def _block(block: Block, known: frozenset[str]) -> str:
    if isinstance(block, Paragraph):
        return f"{_line(block.line, known)}\n"
    if isinstance(block, Quote):
        return f"#quote(block: true, quotes: true, {_text(block.text)})\n"
    if isinstance(block, Figure):
        told = _text(f"{block.caption}. {block.alternative}")
        picture = f'image(bytes({_string(block.svg)}), format: "svg", width: 100%, alt: {told})'
        return f"#figure({picture}, caption: {told}, supplement: none, numbering: none)\n"
    if isinstance(block, Items):
        names = block.anchors or ("",) * len(block.lines)
        lines = [f"[{_line(x, known)}{_label_here(name)}]" for name, x in zip(names, block.lines, strict=True)]
        return f"#list(marker: [], {', '.join(lines)})\n" if block.hanging else f"#list({', '.join(lines)})\n"
    return _table(block, known)


def _label_here(name: str) -> str:
    return f"#metadata(none){_label(name)}" if name else ""


def _table(table: Table, known: frozenset[str]) -> str:
    head = ", ".join(f"strong({_text(column)})" for column in table.columns)
    names = table.anchors or ("",) * len(table.rows)
    cells = []
    for name, row in zip(names, table.rows, strict=True):
        for number, line in enumerate(row):
            cells.append(f"[{_line(line, known)}{_label_here(name) if number == 0 else ''}]")
    columns = f"({', '.join('auto' if len(table.columns) == 2 and n else '1fr' for n in range(len(table.columns)))},)"
    drawn = f"table(columns: {columns}, table.header({head}), {', '.join(cells)})"
    return f"#figure({drawn}, caption: {_text(table.caption)}, kind: table, supplement: none, numbering: none)\n"
