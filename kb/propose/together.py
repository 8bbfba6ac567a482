"""Several files that change together: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kb.files import write_atomically


def write_together(changes: Mapping[Path, bytes | None]) -> None:
    """Write (or remove, where there are no bytes) each file in order; if one fails, restore those before it.

    Each single file is whole at any time. What a power cut may leave is some of the files new and the rest old, so
    the caller orders them such that this is told by the next build.
    """
    before = {path: path.read_bytes() if path.is_file() else None for path in changes}
    done: list[Path] = []
    try:
        for path, data in changes.items():
            done.append(path)
            _put(path, data)
    except BaseException:
        for path in reversed(done):
            if (path.read_bytes() if path.is_file() else None) != before[path]:
                _put(path, before[path])
        raise


def _put(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        write_atomically(path, data)
