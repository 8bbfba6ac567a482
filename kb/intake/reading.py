"""A file to a capture: looked at before it is opened, told by its content, read within bounds."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from kb.errors import InputError, Problem
from kb.ids import sha256_bytes
from kb.intake.guarded import read_guarded
from kb.intake.kinds import DOCX, HTML, PDF, media_type
from kb.intake.readers import content
from kb.intake.records import Capture, Reading, UnreadableError

MAX_BYTES = 64 * 1024 * 1024
GUARDED_BYTES = 2_000_000  # a larger file is read in a child process, whatever its type


def read_capture(path: Path) -> Capture:
    """Return the text of a file; raise `InputError` that says what is wrong with it and the remedy."""
    try:
        data = _bytes(path)
        reading = _read(data, media_type(data, path.suffix))
    except UnreadableError as error:
        raise InputError([Problem(str(path), 0, error.message, error.remedy)]) from None
    return Capture(raw_sha256=sha256_bytes(data), **reading._asdict())


def _read(data: bytes, kind: str) -> Reading:
    if kind in (PDF, DOCX) or len(data) > GUARDED_BYTES or (kind == HTML and not _is_easy(data)):
        return read_guarded(data, kind)
    return content(data, kind)


def _is_easy(data: bytes) -> bool:
    """Tell whether a page can be parsed in this process: cost grows with its depth times its tags."""
    from kb.intake.encoding import decoded
    from kb.intake.html_page import EASY, weigh

    weight = weigh(decoded(data)[0])
    return weight.depth * weight.tags <= EASY


def _bytes(path: Path) -> bytes:
    """Return the content of a regular file; a pipe or a device is never waited for."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise _unopened(error) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableError("is no regular file", "name a file")
    with os.fdopen(handle, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"is larger than {MAX_BYTES // 2**20} MB", "split it into documents")
    if not data.strip():
        raise UnreadableError("is empty", "capture the page again")
    return data


def _unopened(error: OSError | ValueError) -> UnreadableError:
    if isinstance(error, OSError) and error.errno in (errno.EISDIR, errno.ENXIO):
        return UnreadableError("is no regular file", "name a file")
    said = (error.strerror or "no such file") if isinstance(error, OSError) else "no name of a file"
    return UnreadableError(f"cannot be read: {said}", "check path and rights")
