"""Documents and their snapshots: who published what, and where its text is found by hash.

The text belongs to its publisher. The knowledge base keeps a hash of it; this module finds the text at run
time in the folders that a user names, and never anywhere else.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kb.domain import Domain
from kb.errors import InputError, Problem, Problems
from kb.files import write_atomically
from kb.ids import sha256_bytes
from kb.model import Document
from kb.scope_fields import check_scope, read_scope
from kb.yamlfile import Lines, Place, read_yaml, report

SOURCES_VARIABLE = "KB_SOURCES"
MAX_SNAPSHOT = 64 * 1024 * 1024


def load_documents(path: Path, shown: str, domain: Domain, works: Iterable[str]) -> tuple[Document, ...]:
    """Read ``documents.yaml``, sorted by id; raise `InputError` with every fault in it."""
    data, lines = read_yaml(path, shown)
    problems = Problems(shown)
    if not isinstance(data, dict) or set(data) != {"documents"} or not isinstance(data["documents"], list):
        problems.add(1, "is no list of documents", "it needs the single key “documents” (a list)")
        raise InputError(problems.found)
    known = set(works)
    documents: dict[str, Document] = {}
    for number, raw in enumerate(data["documents"]):
        document = _document(raw, number, lines, problems)
        if document is None:
            continue
        place: Place = ("documents", number)
        line = lines[place]
        if document.id in documents or document.id in known:
            problems.add(line, f"id {document.id} is taken", "give every document and work an id of its own")
        for other in documents.values():
            if other.sha256 == document.sha256:
                problems.add(line, f"has the same snapshot as {other.id}", "list a snapshot once")
        for work in sorted(set(document.listed) - known):
            problems.add(line, f"lists the unknown work “{work}”", "add it to references.bib or correct the key")
        for entry in document.scope:
            spot = lines.get((*place, "scope", entry.state.value, entry.dimension), line)
            check_scope(domain, entry, spot, problems)
        documents[document.id] = document
    problems.raise_any()
    return tuple(documents[key] for key in sorted(documents))


def _document(raw: Any, number: int, lines: Lines, problems: Problems) -> Document | None:
    place = ("documents", number)
    if not isinstance(raw, dict):
        problems.add(lines[place], "is not a document", "write it as a mapping of keys and values")
        return None
    scope, unknown = read_scope(raw.get("scope", {}), (*place, "scope"), lines, problems)
    if unknown or any(entry.state != "inherited" for entry in scope):
        problems.add(lines[place], "a page scope is inherited by claims", "write it under scope.inherited")
    try:
        return Document.model_validate({**raw, "scope": scope})
    except ValidationError as error:
        report(error, place, lines, problems)
        return None


def source_folders(option: Path | None, data: Path) -> list[Path]:
    """Return where texts are looked for: the option alone, else ``KB_SOURCES`` and ``data/sources``."""
    if option is not None and not option.is_dir():
        raise InputError([Problem(str(option), 0, "is no folder of sources", "correct --sources")])
    if option is not None:
        return [option]  # what is named counts, whatever is attached
    named = [Path(p) for p in os.environ.get(SOURCES_VARIABLE, "").split(os.pathsep) if p]
    for folder in named:
        if not folder.is_dir():
            raise InputError([Problem(str(folder), 0, "is no folder of sources", "correct KB_SOURCES")])
    return [*named, data / "sources"]


def find_texts(documents: Iterable[Document], folders: Iterable[Path]) -> dict[str, str]:
    """Return the text of every document whose exact snapshot lies in ``folders``, by document id.

    Raises `InputError` if a snapshot is not UTF-8, if its length contradicts ``documents.yaml``, or if a file
    bears the id of a document but is not its snapshot and no other file is.
    """
    wanted = {document.sha256: document for document in documents}
    searched = list(folders)
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path, data in _contents(searched):
        document = wanted.get(sha256_bytes(data))
        if document is None:
            continue
        try:
            texts[document.id] = text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            problems.append(Problem(str(path), line, "is not UTF-8", "capture the page again as UTF-8"))
            continue
        if len(text) != document.characters:
            message = f"{document.id}: {len(text)} characters, not {document.characters}"
            problems.append(Problem("documents.yaml", 0, message, "correct the length"))
    for document in wanted.values():
        for path in (folder / f"{document.id}.txt" for folder in searched) if document.id not in texts else ():
            if path.exists() and not any(problem.path == str(path) for problem in problems):
                message = f"is not the snapshot of {document.id}, whose SHA-256 is {document.sha256}"
                problems.append(Problem(str(path), 0, message, "restore the exact snapshot, or delete the file"))
    if problems:
        raise InputError(problems)
    return texts


def attach(folder: Path, documents: Iterable[Document], target: Path) -> dict[str, Path]:
    """Copy every snapshot that ``folder`` holds into ``target``, named by document id; return what was found."""
    if not folder.is_dir():
        raise InputError([Problem(str(folder), 0, "is no folder", "name the folder that holds the page texts")])
    wanted: Mapping[str, Document] = {document.sha256: document for document in documents}
    found: dict[str, Path] = {}
    for _, data in _contents([folder]):
        document = wanted.get(sha256_bytes(data))
        if document is not None and document.id not in found:
            found[document.id] = target / f"{document.id}.txt"
            write_atomically(found[document.id], data)
    return dict(sorted(found.items()))


def _contents(folders: Iterable[Path]) -> Iterable[tuple[Path, bytes]]:
    for folder in folders:
        for path in sorted(folder.glob("*")) if folder.is_dir() else []:
            try:
                if path.is_file() and path.stat().st_size <= MAX_SNAPSHOT:
                    yield path, path.read_bytes()
            except OSError as error:
                message = f"cannot be read: {error.strerror}"
                raise InputError([Problem(str(path), 0, message, "check path and rights")]) from None
