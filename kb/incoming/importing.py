"""New works into the bibliography of a knowledge base: read, matched, appended; what is there stays as it is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from kb.bibliography import Work, read_bibliography
from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.incoming.csl import read_csl
from kb.incoming.entries import Keys, entry
from kb.incoming.fields import RefusedError
from kb.incoming.matching import Match, Shelf
from kb.incoming.ris import read_ris
from kb.model import Record

MAX_BYTES = 256 * 1024 * 1024
WAIT_SECONDS = 30.0
READERS = {".ris": read_ris, ".json": read_csl}
Read = tuple[int, Work | RefusedError]
"""The line of a reference, and its work or why it is none."""


class Outcome(StrEnum):
    """What became of a reference of the file."""

    ADDED = "added"
    THERE = "already there"
    CONFLICT = "conflict"
    REFUSED = "refused"


class Imported(Record):
    """A reference of the file: its line there, what became of it, the key it has or conflicts with, and why."""

    file: str
    line: int
    outcome: Outcome
    key: str | None = None
    title: str | None = None
    doi: str | None = None
    why: str | None = None
    remedy: str | None = None


class Plan(NamedTuple):
    """What an import would do: a row for each reference in the order of the file, and the works to append."""

    rows: tuple[Imported, ...]
    added: tuple[Work, ...]


def read_references(path: Path) -> list[Read]:
    """Return the references of a RIS, CSL-JSON or BibTeX file; raise `InputError` where it is none of these."""
    shown = str(path)
    kind = path.suffix.casefold()
    if kind == ".bib":
        return [(work.line, work) for work in sorted(read_bibliography(path), key=lambda work: work.line)]
    if kind not in READERS:
        remedy = "name a file that ends in .ris, .json (CSL-JSON) or .bib"
        raise InputError([Problem(shown, 0, "is of no kind that can be read", remedy)])
    found = list(READERS[kind](_text(path, shown), shown))
    if not found:
        raise InputError([Problem(shown, 0, "holds no reference", "export it again from the reference manager")])
    return found


def _text(path: Path, shown: str) -> str:
    """Return the text of an export with Unix line ends; a byte order mark is no part of it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError([Problem(shown, 0, f"larger than {MAX_BYTES:,} bytes", "split it into several files")])
        data = path.read_bytes()
    except OSError as error:
        raise InputError([Problem(shown, 0, f"cannot be read: {error.strerror}", "check path and rights")]) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError([Problem(shown, line, "is not UTF-8", "export it again with the encoding UTF-8")]) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plan_import(file: str, references: Iterable[Read], works: tuple[Work, ...], ids: Iterable[str]) -> Plan:
    """Match references with the works that are there and with one another; ``ids`` are keys that nobody may take."""
    shelf, keys = Shelf(works), Keys([*ids, *(work.key for work in works)])
    rows: list[Imported] = []
    added: list[Work] = []
    for line, read in references:
        if isinstance(read, RefusedError):
            rows.append(Imported(file=file, line=line, outcome=Outcome.REFUSED, why=read.why, remedy=read.remedy))
            continue
        match, key, why = shelf.match(read)
        if match is Match.NEW:
            key = keys.free(read)
            work = read.model_copy(update={"key": key, "superseded_by": None})
            shelf.add(work)
            added.append(work)
        outcome = Outcome.ADDED if match is Match.NEW else Outcome(match.value)
        rows.append(
            Imported(file=file, line=line, outcome=outcome, key=key, title=read.title, doi=read.doi, why=why or None)
        )
    return Plan(tuple(rows), tuple(added))


def append_works(path: Path, works: Iterable[Work]) -> None:
    """Append works to a bibliography: what is there stays to the last byte, and all of it is read back first.

    Raises `InputError`, and writes nothing, if the file is faulty, has changed meanwhile, or would read otherwise.
    """
    new = tuple(works)
    if not new:
        return
    with _locked(path):
        before = path.read_bytes()
        data = before + (b"" if before.endswith(b"\n") else b"\n") + "".join(f"\n{entry(w)}" for w in new).encode()
        _check_reads_back(path, data, new)
        write_atomically(path, data)


def _check_reads_back(path: Path, data: bytes, new: tuple[Work, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_bytes(data)
        try:
            read = {work.key: work for work in read_bibliography(trial)}
        except InputError as error:
            moved = (problem.message for problem in error.problems)
            raise InputError(
                Problem(str(path), 0, f"would be broken: {message}", "report this; nothing was written")
                for message in moved
            ) from None
    for work in new:
        if read[work.key].model_copy(update={"line": work.line}) != work:
            message = f"the entry {work.key} would not read back as it was imported"
            raise InputError([Problem(str(path), 0, message, "report this; nothing was written")])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=WAIT_SECONDS):
            yield
    except Timeout:
        message = f"is being written by another process (waited {WAIT_SECONDS:g} s)"
        raise InputError([Problem(str(path), 0, message, "try again when that process has ended")]) from None


def counted(rows: Iterable[Imported]) -> Iterator[str]:
    """Yield how many references met each outcome, as "3 added"."""
    found = [row.outcome for row in rows]
    for outcome in Outcome:
        if number := found.count(outcome):
            yield f"{number:,} {outcome}"
