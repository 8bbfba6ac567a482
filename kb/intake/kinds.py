"""What a file is: told by its first bytes, and by its suffix only where several kinds of text are possible."""

from __future__ import annotations

import re

from kb.intake.records import UnreadableError

HTML = "text/html"
PDF = "application/pdf"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_BY_SUFFIX = {
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".pdf": PDF,
    ".docx": DOCX,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".txt": PLAIN,
    ".text": PLAIN,
}
SUFFIXES: tuple[str, ...] = tuple(_BY_SUFFIX)

_OTHER = (
    (b"\xd0\xcf\x11\xe0", "is an old Word file or one with a password", "save it as .docx without a password"),
    (b"{\\rtf", "is Rich Text", "save it as .docx or as plain text"),
    (b"\x89PNG", "is a picture (PNG)", "name a file of text"),
    (b"\xff\xd8\xff", "is a picture (JPEG)", "name a file of text"),
    (b"GIF8", "is a picture (GIF)", "name a file of text"),
    (b"\x1f\x8b", "is compressed (gzip)", "unpack it first"),
    (b"\x7fELF", "is a program", "name a file of text"),
    (b"MZ\x90", "is a program", "name a file of text"),
)
_OPENS_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*){0,5}(?:<!doctype\s+html|<html\b)",
    re.I | re.S,
)
_HAS_TAG = re.compile(rb"<(?:!--|/?[a-z][a-z0-9-]*[\s/>])", re.I)
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def media_type(data: bytes, suffix: str) -> str:
    """Return the type of a file's bytes; raise `UnreadableError` if it is none that can be read."""
    opening = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    named = _BY_SUFFIX.get(suffix.lower(), PLAIN)
    if opening.startswith(b"%PDF-") or (named == PDF and b"%PDF-" in data[:1024]):
        return PDF
    if opening.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return DOCX  # the reader looks what the archive holds
    for magic, message, remedy in _OTHER:
        if data.startswith(magic):
            raise UnreadableError(message, remedy)
    if _OPENS_HTML.match(_narrow(data[:8192])):
        return HTML
    if named in (PDF, DOCX):
        if b"\0" in data[:4096] and data[:2] not in _WIDE:
            raise UnreadableError(f"is no {suffix.lower()[1:].upper()} file, or a broken one", "export it again")
        return PLAIN
    if named == HTML and not _HAS_TAG.search(_narrow(data[:1_000_000])):
        return PLAIN
    return named


def _narrow(data: bytes) -> bytes:
    """Return the bytes of UTF-16 text as those of UTF-8, so that one pattern serves."""
    name = _WIDE.get(data[:2])
    return data[2:].decode(name, "replace").encode() if name else data
