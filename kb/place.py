"""Where a knowledge base lies: the data folder that was named or is the only one, and the folders of texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kb.documents import source_folders
from kb.errors import InputError, Problem

START = "start one with: kb init DIR"


@dataclass(frozen=True)
class Place:
    """Where the command works: the data folder and the folders of texts."""

    named: Path | None
    sources: Path | None

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return known_folder(self.named)

    @property
    def folders(self) -> list[Path]:
        """Return the folders in which texts are looked for."""
        return source_folders(self.sources, self.data)


def known_folder(named: Path | None) -> Path:
    """Return the data folder: the one named, else the only one below ``data``; raise `InputError` if unclear."""
    if named is not None:
        if not (named / "vocabulary.ttl").is_file():
            raise InputError([Problem(str(named), 0, "is no knowledge base (it has no vocabulary.ttl)", START)])
        return named
    found = sorted(path.parent for path in Path("data").glob("*/vocabulary.ttl"))
    if not found:
        raise InputError([Problem("data", 0, "holds no knowledge base", f"name one with --data DIR, or {START}")])
    if len(found) > 1:
        names = ", ".join(str(path) for path in found)
        raise InputError([Problem("data", 0, f"holds {len(found)}: {names}", "name one with --data DIR or KB_DATA")])
    return found[0]
