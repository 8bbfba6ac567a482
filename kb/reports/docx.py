"""Reports as DOCX: headings, captions, tables with a head row, bookmarks and links. Needs the ``export`` extra."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

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
    Table,
    anchors,
    walk,
)
from kb.reports.typst import png

LONGEST = 40
"""Characters that Word allows in the name of a bookmark."""
EPOCH = (1980, 1, 1, 0, 0, 0)


def docx(report: Report) -> bytes:
    """Return a report as a DOCX file; the same report gives the same bytes. Raises `InputError` without the extra."""
    try:
        from docx import Document
    except ImportError:
        remedy = "install it: python -m pip install 'claims-kb[export]'"
        raise InputError([Problem("--format docx", 0, "needs the extra export (python-docx)", remedy)]) from None
    writer = _Writer(Document(), anchors(report))
    writer.write(report)
    target = io.BytesIO()
    writer.document.save(target)
    return _dated(target.getvalue())


def _dated(data: bytes) -> bytes:
    """Return a package with every part dated alike, so that equal reports are equal files."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def bookmark(name: str) -> str:
    """Return an anchor as the name of a bookmark: letters, digits and underlines, not too long."""
    return "b_" + re.sub(r"[^A-Za-z0-9]", "_", name)[: LONGEST - 2]


class _Writer:
    """Writes blocks into a document of python-docx, one behind the other."""

    def __init__(self, document: Any, known: frozenset[str]) -> None:
        self.document = document
        self.known = known
        self.marks = 0

    def write(self, report: Report) -> None:
        """Write the whole report."""
        facts = self.document.core_properties
        facts.title, facts.author, facts.comments, facts.language = visible(report.title)[:250], "", "", "en"
        facts.created = facts.modified = datetime.datetime(2000, 1, 1)
        self.document.add_heading(visible(report.title), 0)
        self.document.add_paragraph(visible(report.subtitle), style="Subtitle")
        for block in report.lead:
            self._block(block)
        for depth, section in walk(report.sections):
            heading = self.document.add_heading(visible(section.title), min(depth - 1, 9))
            if section.anchor:
                self._mark(heading, section.anchor)
            for block in section.blocks:
                self._block(block)
        if report.notes:
            self.document.add_heading("Notes", 1)
            for number, note in enumerate(report.notes, 1):
                self._line(self.document.add_paragraph(f"{number} "), note)

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._line(self.document.add_paragraph(), block.line)
        elif isinstance(block, Quote):
            self.document.add_paragraph(f"“{_clean(block.text)}”", style="Quote")
        elif isinstance(block, Figure):
            self._figure(block)
        elif isinstance(block, Items):
            names = block.anchors or ("",) * len(block.lines)
            for name, line in zip(names, block.lines, strict=True):
                style = "Normal" if block.hanging else "List Bullet"
                paragraph = self.document.add_paragraph(style=style)
                if name:
                    self._mark(paragraph, name)
                self._line(paragraph, line)
        else:
            self._table(block)

    def _figure(self, figure: Figure) -> None:
        from docx.shared import Cm

        drawn = png(figure.svg)
        if drawn is not None:
            picture = self.document.add_picture(io.BytesIO(drawn), width=Cm(16))
            told = picture._inline.docPr
            told.set("descr", visible(figure.alternative))
            told.set("title", visible(figure.caption))
        text = f"{visible(figure.caption)}. {visible(figure.alternative)}"
        self.document.add_paragraph(text, style="Caption")

    def _table(self, table: Table) -> None:
        from docx.oxml import OxmlElement

        self.document.add_paragraph(_clean(table.caption), style="Caption")
        drawn = self.document.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
        grid = drawn._tbl.tr_lst
        repeat = OxmlElement("w:tblHeader")
        grid[0].get_or_add_trPr().append(repeat)
        names = table.anchors or ("",) * len(table.rows)
        for column, cell in zip(table.columns, drawn.rows[0].cells, strict=True):
            cell.paragraphs[0].add_run(_clean(column)).bold = True
        for row, name, target in zip(table.rows, names, grid[1:], strict=True):
            for number, (line, cell) in enumerate(zip(row, target.tc_lst, strict=True)):
                from docx.text.paragraph import Paragraph as Written

                paragraph = Written(cell.p_lst[0], drawn)
                if name and number == 0:
                    self._mark(paragraph, name)
                self._line(paragraph, line)
        self.document.add_paragraph()

    def _line(self, paragraph: Any, line: Line) -> None:
        for run in line:
            if isinstance(run, Mark):
                paragraph.add_run(str(run.note)).font.superscript = True
            elif isinstance(run, Jump) and run.to in self.known:
                self._linked(paragraph, run.text, anchor=bookmark(run.to))
            elif isinstance(run, Link) and run.address.startswith(("https://", "http://")):
                self._linked(paragraph, run.text, address=run.address)
            else:
                written = paragraph.add_run(_spaced(run.text))
                look = getattr(run, "look", "plain")
                written.bold, written.italic = look == "strong" or None, look == "emphasis" or None
                if look == "code":
                    written.font.name = "Consolas"

    def _linked(self, paragraph: Any, text: str, anchor: str = "", address: str = "") -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        link = OxmlElement("w:hyperlink")
        if anchor:
            link.set(qn("w:anchor"), anchor)
        else:
            link.set(
                qn("r:id"), paragraph.part.relate_to(visible(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            )
        run = paragraph.add_run(_spaced(text))
        run.font.underline = True
        link.append(run._r)
        paragraph._p.append(link)

    def _mark(self, paragraph: Any, name: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self.marks += 1
        for kind in ("bookmarkStart", "bookmarkEnd"):
            mark = OxmlElement(f"w:{kind}")
            mark.set(qn("w:id"), str(self.marks))
            if kind == "bookmarkStart":
                mark.set(qn("w:name"), bookmark(name))
            paragraph._p.append(mark)


def _clean(text: str) -> str:
    return visible(" ".join(text.split()))


def _spaced(text: str) -> str:
    """Return text as it may stand in a run, with its blanks at both ends."""
    start, end = " " * text[:1].isspace(), " " * (text[-1:].isspace() and bool(text.strip()))
    return f"{start}{_clean(text)}{end}"
