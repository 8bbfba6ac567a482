"""Reports as one HTML file: accessible and printable, with no script and nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kb.markup import Child, Html, join, tag
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
    Section,
    Table,
    Words,
    anchors,
)


def page(report: Report) -> str:
    """Return a report as an HTML file."""
    body = tag("body", tag("a", "Skip to the report", href="#report", cls="skip"), _header(report), _main(report))
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"),
        tag("title", report.title),
        Html(f"<style>{style_sheet()}</style>"),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


@cache
def style_sheet() -> str:
    """Return the style of reports."""
    return Path(__file__).with_name("page.css").read_text("utf-8")


def body(report: Report, addresses: Mapping[str, str]) -> Html:
    """Return what a report says, for a screen that shows it in its own frame; pictures are in words there.

    ``addresses`` says where the anchors of the report are found on screens.
    """
    lead = [_block(block, addresses) for block in report.lead]
    sections = [_section(_told(section), 2, addresses) for section in report.sections]
    head = [tag("h1", report.title), tag("p", report.subtitle, cls="muted")]
    return join([*head, *lead, *sections, _notes(report, addresses)])


def _told(section: Section) -> Section:
    """Return a section with its pictures in words."""
    blocks = tuple(
        Paragraph((Words(f"{block.caption}. ", "strong"), Words(block.alternative)))
        if isinstance(block, Figure)
        else block
        for block in section.blocks
    )
    return Section(section.title, blocks, tuple(map(_told, section.sections)), section.anchor)


def _header(report: Report) -> Html:
    return tag("header", tag("h1", report.title), tag("p", report.subtitle, cls="muted"))


def _main(report: Report) -> Html:
    """Return what leads, then the contents: whoever reads no further has read what matters most."""
    known = {name: f"#{name}" for name in anchors(report)}
    lead = [_block(block, known) for block in report.lead]
    links = [tag("li", tag("a", s.title, href=f"#section-{n}")) for n, s in enumerate(report.sections, 1)]
    contents = tag("nav", tag("ol", *links), aria_label="contents")
    sections = [_section(section, 2, known, f"section-{n}") for n, section in enumerate(report.sections, 1)]
    return tag("main", *lead, contents, *sections, _notes(report, known), id="report", tabindex="-1")


def _section(section: Section, depth: int, known: Mapping[str, str], name: str = "") -> Html:
    title = tag(f"h{min(depth, 6)}", section.title)
    blocks = [_block(block, known) for block in section.blocks]
    inner = [_section(part, depth + 1, known) for part in section.sections]
    return tag("section", title, *blocks, *inner, id=section.anchor or name or None)


def _notes(report: Report, known: Mapping[str, str]) -> Html | None:
    items = [tag("li", _line(note, known), id=f"note-{n}") for n, note in enumerate(report.notes, 1)]
    return tag("section", tag("h2", "Notes"), tag("ol", *items)) if items else None


def _line(line: Line, known: Mapping[str, str]) -> Html:
    return join([_run(run, known) for run in line])


def _run(run: Run, known: Mapping[str, str]) -> Child:
    if isinstance(run, Mark):
        return tag("sup", tag("a", str(run.note), href=f"#note-{run.note}"))
    if isinstance(run, Jump):
        return tag("a", run.text, href=known[run.to]) if run.to in known else run.text
    if isinstance(run, Link):
        return tag("a", run.text, href=run.address, rel="noopener noreferrer")
    name = {"emphasis": "em", "strong": "strong", "code": "code"}.get(run.look)
    return tag(name, run.text) if name else run.text


def _block(block: Block, known: Mapping[str, str]) -> Html:
    if isinstance(block, Paragraph):
        return tag("p", _line(block.line, known))
    if isinstance(block, Quote):
        return tag("blockquote", f"“{' '.join(block.text.split())}”")
    if isinstance(block, Figure):
        picture = tag("div", Html(block.svg), role="img", aria_label=f"{block.caption}. {block.alternative}")
        return tag("figure", picture, tag("figcaption", tag("strong", f"{block.caption}. "), block.alternative))
    if isinstance(block, Items):
        names = block.anchors or ("",) * len(block.lines)
        items = [tag("li", _line(x, known), id=name or None) for name, x in zip(names, block.lines, strict=True)]
        return tag("ul", *items, cls="hanging" if block.hanging else None)
    return _table(block, known)


def _table(table: Table, known: Mapping[str, str]) -> Html:
    head = tag("thead", tag("tr", *(tag("th", column, scope="col") for column in table.columns)))
    names = table.anchors or ("",) * len(table.rows)
    rows = [_row(table, row, name, known) for name, row in zip(names, table.rows, strict=True)]
    caption = None if table.folded else tag("caption", table.caption)
    drawn = tag("table", caption, head, tag("tbody", *rows), aria_label=table.caption if table.folded else None)
    scroll = tag("div", drawn, cls="scroll", tabindex="0", role="region", aria_label=table.caption)
    return tag("details", tag("summary", table.caption), scroll) if table.folded else scroll


def _row(table: Table, row: tuple[Line, ...], name: str, known: Mapping[str, str]) -> Html:
    first = tag("th", _line(row[0], known), scope="row")
    rest = [tag("td", _line(cell, known), data_label=c) for c, cell in zip(table.columns[1:], row[1:], strict=True)]
    return tag("tr", first, *rest, id=name or None)
