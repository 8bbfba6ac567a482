"""What a reader hands over: the captured text of one file, and what of it is no content of the page."""

from __future__ import annotations

from typing import NamedTuple

from kb.model import Record, Sha256


class Excluded(Record):
    """Whole lines ``start:end`` of the text that are furniture of the page; ``reason`` says which kind."""

    start: int
    end: int
    reason: str


class Capture(Record):
    """A file as canonical text: one line is one block, as `kb.passages` reads it.

    ``extractor`` names reader, its version, and the library with its version, so that a capture can be repeated.
    ``address`` is the canonical link that the file prints; it is never fetched. ``raw_sha256`` is of the file.
    """

    text: str
    media_type: str
    extractor: str
    title: str = ""
    publisher: str = ""
    address: str = ""
    raw_sha256: Sha256
    excluded: tuple[Excluded, ...] = ()


class Reading(NamedTuple):
    """A capture before the file's own hash is added: what a reader makes of bytes."""

    text: str
    excluded: tuple[Excluded, ...]
    media_type: str
    extractor: str
    title: str = ""
    publisher: str = ""
    address: str = ""


class UnreadableError(Exception):
    """Raised by a reader: what is wrong with the file, and the remedy."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
