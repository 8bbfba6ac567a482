"""PDF to captured text: pypdf gives the lines of each page, our own rules make paragraphs of them."""

from __future__ import annotations

import io
import logging
from typing import Any

from kb.intake.kinds import PDF
from kb.intake.lines import assemble, collapsed
from kb.intake.pdf_lines import captured_lines
from kb.intake.records import Reading, UnreadableError

MAX_PAGES = 2000
_EXTRA = "pip install 'claims-kb[ingest]'"


def read(data: bytes) -> Reading:
    """Read a PDF; raise `UnreadableError` if it is encrypted, broken, or holds pictures of text only."""
    try:
        import pypdf
    except ImportError:
        raise UnreadableError("reading PDF needs the extra ingest", _EXTRA) from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        _unlock(reader)
        count = len(reader.pages)
        pages = [(reader.pages[number].extract_text() or "").split("\n") for number in range(min(count, MAX_PAGES + 1))]
        title = str((reader.metadata.title if reader.metadata else "") or "")
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # pypdf lets through whatever a broken file makes it trip over
        raise UnreadableError(f"is a broken PDF ({type(error).__name__})", "export it again") from None
    if count > MAX_PAGES:
        raise UnreadableError(f"has {count:,} pages; at most {MAX_PAGES:,} are read", "split it into documents")
    text, excluded = assemble(captured_lines([[_clean(line) for line in page] for page in pages]))
    if not any(char.isalnum() for char in text):
        message = "This PDF has no text layer: its pages are pictures or empty"
        raise UnreadableError(message, "run text recognition (OCR) on it first")
    extractor = f"claims-kb pdf 1 (pypdf {pypdf.__version__})"
    return Reading(text, excluded, PDF, extractor, _clean(collapsed(title[:500])))


def _clean(text: str) -> str:
    """Return text without what cannot be stored: lone surrogates and NULs that a broken font table makes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _unlock(reader: Any) -> None:
    """Open a PDF that is encrypted with an empty password, as many are; refuse any other."""
    if not reader.is_encrypted:
        return
    try:
        is_open = bool(reader.decrypt(""))
    except Exception:  # AES without the library for it, or broken keys
        is_open = False
    if not is_open:
        raise UnreadableError("This PDF is encrypted", "save it without a password, then name that file")
