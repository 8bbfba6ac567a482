"""Word files (DOCX) to captured text: python-docx opens them, our own walk keeps what it skips.

It skips links, inserted text and content controls, which readers see; deleted and hidden text stays out.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from kb.intake.kinds import DOCX
from kb.intake.lines import Line, assemble, collapsed
from kb.intake.records import Reading, UnreadableError
from kb.intake.word_numbering import Numbering
from kb.intake.word_runs import BREAK, W, attribute, said

MAX_UNPACKED = 256 * 1024 * 1024  # bytes of all parts; of one: a quarter
MAX_PARTS = 10_000
_EXTRA = "pip install 'claims-kb[ingest]'"
_WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
_OTHERS = (("xl/", "an Excel sheet"), ("ppt/", "a PowerPoint file"), ("META-INF/", "an e-book or OpenDocument file"))
_NOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def read(data: bytes) -> Reading:
    """Read a Word file; raise `UnreadableError`."""
    _look(data)
    try:
        import docx
    except ImportError:
        raise UnreadableError("reading DOCX needs the extra ingest", _EXTRA) from None
    try:
        document = docx.Document(io.BytesIO(data))
        text, excluded = assemble(_Body(document).lines())
        title = collapsed(document.core_properties.title or "")[:500]
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # lxml, zipfile and python-docx each raise their own on broken files
        raise UnreadableError(f"is a broken Word file ({type(error).__name__})", "save it again from Word") from None
    version = getattr(docx, "__version__", "")
    return Reading(text, excluded, DOCX, f"claims-kb docx 1 (python-docx {version})", title or _first_title(text))


def _first_title(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first[2:502] if first.startswith("# ") else ""


def _look(data: bytes) -> None:
    """Refuse an archive by its list of contents: no Word file, or one that unpacks to more than is sensible."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadableError("is a broken archive, or a part of one", "save it again from Word") from None
    names = [part.filename for part in parts]
    if "word/document.xml" not in names and "[Content_Types].xml" not in names:
        what = next(
            (what for prefix, what in _OTHERS if any(name.startswith(prefix) for name in names)), "a ZIP archive"
        )
        raise UnreadableError(f"is {what}, no Word file", "unpack it, or save it as .docx")
    total, largest = sum(part.file_size for part in parts), max(part.file_size for part in parts)
    if total > MAX_UNPACKED or largest > MAX_UNPACKED // 4 or len(parts) > MAX_PARTS:
        message = (
            f"unpacks to {total // 2**20:,} MB in {len(parts):,} parts; at most {MAX_UNPACKED // 2**20} MB are read"
        )
        raise UnreadableError(message, "save the text without its pictures")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError("is encrypted", "save it without a password")


class _Body:
    """The body of one document on its way to lines."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.numbering = Numbering(document)
        self.notes: list[tuple[str, str]] = []  # (kind, id) in the order they are referred to
        self.styles = {style.style_id: style for style in document.styles}

    def lines(self) -> Iterator[Line]:
        """Yield heads, body, notes and feet."""
        yield from self._margins("header", "running head")
        yield from self._within(self.document.element.body)
        yield from self._footnotes()
        yield from self._margins("footer", "running foot")

    def _within(self, element: Any) -> Iterator[Line]:
        """Yield the lines of the paragraphs and tables right below ``element`` (lxml bounds the depth at 256)."""
        for child in element:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag in _WRAPPERS:
                yield from self._within(child)

    def _paragraph(self, element: Any) -> Iterator[Line]:
        text, boxes = said(element, self.notes)
        parts = [part for piece in text.split(BREAK) if (part := collapsed(piece))]
        if parts:
            style = self._style(element)
            level, mark = _heading_level(style), self.numbering.mark(element, style)
            if level:
                yield Line("#" * level + " " + mark.removeprefix("- ").lstrip() + " ".join(parts))
            else:
                yield Line(mark + parts[0], gap=not mark)
                yield from (Line(part, gap=False) for part in parts[1:])
        for box in boxes:
            yield from self._within(box)

    def _style(self, element: Any) -> Any:
        chosen = element.find(f"{W}pPr/{W}pStyle")
        return self.styles.get(attribute(chosen, "val")) if chosen is not None else None

    def _table(self, table: Any) -> Iterator[Line]:
        rows = [list(_cells(row)) for row in _rows(table)]
        if max(map(len, rows), default=0) < 2 or any(
            cell.find(f".//{W}tbl") is not None for row in rows for cell, _ in row
        ):
            for row in rows:
                for cell, _ in row:
                    yield from self._within(cell)
            return
        is_first = True
        for row in rows:
            texts: list[str] = []
            for cell, width in row:
                texts.extend([self._cell(cell), *[""] * (width - 1)])
            if any(texts):
                yield Line(f"| {' | '.join(texts)} |", gap=is_first)
                is_first = False

    def _cell(self, cell: Any) -> str:
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        if merged is not None and attribute(merged, "val") != "restart":
            return ""  # covered by the cell above
        return collapsed(" ".join(line.text for line in self._within(cell))).replace("|", "¦")

    def _footnotes(self) -> Iterator[Line]:
        kinds = {kind: self._note_texts(kind) for kind in {kind for kind, _ in self.notes}}
        for number, (kind, identifier) in enumerate(self.notes, start=1):
            text = kinds[kind].get(identifier, "")
            if text:
                yield Line(f"{number}. {text}", gap=number == 1)

    def _note_texts(self, kind: str) -> dict[str, str]:
        from docx.oxml import parse_xml

        for relation in self.document.part.rels.values():
            if relation.reltype == f"{_NOTES}{kind}s":
                root = parse_xml(relation.target_part.blob)
                return {attribute(note, "id"): self._note(note) for note in root if note.tag == f"{W}{kind}"}
        return {}

    def _note(self, note: Any) -> str:
        return collapsed(" ".join(said(p, [])[0].replace(BREAK, " ") for p in note.iter(f"{W}p")))

    def _margins(self, which: str, reason: str) -> Iterator[Line]:
        seen: set[str] = set()
        for section in list(self.document.sections)[:100]:
            for part in (getattr(section, which), getattr(section, f"first_page_{which}")):
                for element in () if part.is_linked_to_previous else part._element.iter(f"{W}p"):
                    text = collapsed(said(element, [])[0].replace(BREAK, " "))
                    if text and text not in seen:
                        seen.add(text)
                        yield Line(text, reason)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == f"{W}tr":
            yield child
        elif child.tag in _WRAPPERS:
            yield from _rows(child)


def _cells(row: Any) -> Iterator[tuple[Any, int]]:
    """Yield the cells of a row with the columns that each covers."""
    for child in row:
        if child.tag == f"{W}tc":
            span = child.find(f"{W}tcPr/{W}gridSpan")
            width = attribute(span, "val") if span is not None else "1"
            yield child, min(int(width), 100) if width.isdecimal() and len(width) < 6 and width != "0" else 1
        elif child.tag in _WRAPPERS:
            yield from _cells(child)


def _heading_level(style: Any) -> int:
    """Return 1 to 6 for a heading's style or one based on it, else 0."""
    for _ in range(10):
        if style is None:
            return 0
        name = (style.name or "").lower()
        if name == "title":
            return 1
        if name.startswith("heading ") and name[8:].isdecimal():
            return min(int(name[8:9]), 6)
        style = getattr(style, "base_style", None)
    return 0
