"""From bytes to a capture's content: the reader of the file's type, and the bounds that hold for all of them."""

from __future__ import annotations

from kb.intake import markdown, plain
from kb.intake.kinds import DOCX, HTML, MARKDOWN, PDF
from kb.intake.records import Reading, UnreadableError

MAX_CHARACTERS = 5_000_000


def content(data: bytes, media_type: str) -> Reading:
    """Read ``data`` as ``media_type``; raise `UnreadableError`. Libraries are imported only for their type."""
    if media_type in (MARKDOWN, HTML) or media_type not in (PDF, DOCX):
        _refuse_length(len(data) // 4 if media_type != HTML else 0)
    reading = _read(data, media_type)
    _refuse_length(len(reading.text))
    if not any(char.isalnum() for char in reading.text):
        raise UnreadableError("holds no words", "capture the page again, with its text")
    return reading


def _read(data: bytes, media_type: str) -> Reading:
    if media_type == HTML:
        from kb.intake import html_page

        return html_page.read(data)
    if media_type == PDF:
        from kb.intake import pdf

        return pdf.read(data)
    if media_type == DOCX:
        from kb.intake import word

        return word.read(data)
    return markdown.read(data) if media_type == MARKDOWN else plain.read(data)


def _refuse_length(characters: int) -> None:
    if characters > MAX_CHARACTERS:
        message = f"holds more than {MAX_CHARACTERS:,} characters of text"
        raise UnreadableError(message, "split it into documents")
