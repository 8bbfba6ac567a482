"""Findings as annotations of a check on GitHub: one line of workflow command for each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kb.build import KnowledgeBase
from kb.errors import visible
from kb.ids import sha256_bytes
from kb.judging import level_of
from kb.model import Document, Finding
from kb.standing import Standing

LEVELS = {"error": "error", "warning": "warning"}


def workflow_commands(kb: KnowledgeBase, standings: Iterable[Standing], source: str | None, root: Path) -> str:
    """Return the findings that remain as annotations, at the place of their claims on ``source`` (or of the first).

    A place is a line of the snapshot where that is a file below ``root``, else of ``documents.yaml``. GitHub reads
    the paths from the top of the repository, so run it there.
    """
    files = _snapshots(kb, root)
    return "".join(_annotation(kb, s.finding, source, files, root) for s in standings if s.remains)


def _snapshots(kb: KnowledgeBase, root: Path) -> dict[str, Path]:
    """Return the snapshots that lie in the data folder below ``root``, by document."""
    wanted = {document.sha256: document.id for document in kb.documents if document.id in kb.texts}
    folder = kb.path / "sources"
    found: dict[str, Path] = {}
    if not folder.is_dir() or not folder.resolve().is_relative_to(root.resolve()):
        return {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        name = wanted.get(sha256_bytes(path.read_bytes()))
        if name:
            found.setdefault(name, path)
    return found


def _annotation(kb: KnowledgeBase, finding: Finding, source: str | None, files: dict[str, Path], root: Path) -> str:
    documents = {document.id: document for document in kb.documents}
    member = next(
        (m for m in finding.members if m.source in documents and source in (None, m.source)),
        next((m for m in finding.members if m.source in documents), None),
    )
    path, line = kb.path / "documents.yaml", 1
    if member is not None and member.source in files and member.start is not None:
        path, line = files[member.source], kb.texts[member.source].count("\n", 0, member.start) + 1
    elif member is not None:
        line = _line_of(path, documents[member.source])
    level = LEVELS.get(level_of(kb, finding), "notice")
    title = f"{finding.kind} {finding.code} {finding.id}"
    place = f"file={_property(_below(path, root))},line={line},title={_property(title)}"
    return f"::{level} {place}::{_data(finding.sentence)}\n"


def _below(path: Path, root: Path) -> str:
    resolved = path.resolve()
    return resolved.relative_to(root.resolve()).as_posix() if resolved.is_relative_to(root.resolve()) else path.name


def _line_of(path: Path, document: Document) -> int:
    lines = path.read_text("utf-8").split("\n")
    return next((n for n, text in enumerate(lines, 1) if text.strip() == f"- id: {document.id}"), 1)


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
