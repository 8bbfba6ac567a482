"""Opening a table folder once: its files are asked, never read whole; verdicts are a layer of their own above them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import streamlit as st

from kb.bulk.asking import Asking
from kb.bulk.claims_table import Table, row_count
from kb.bulk.findings_table import COPIED, FOLDER, MARK, is_found, is_stale
from kb.bulk.judged import Part, Question, judged_findings
from kb.errors import InputError, Problem
from kb.place import Place
from kb.ui.desk import Desk
from kb.ui.store import desk, present_place, table_at_hand, verdicts_stamp
from kb.ui.table_desk import TableDesk, Unfound
from kb.verdicts import FILE, load_verdicts

KEPT = 2
V = TypeVar("V")


class TableShelf:
    """What is kept between visits: opened tables by version, whether they are stale, what verdicts say of them."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.kept: dict[str, OrderedDict[tuple[str, ...], object]] = {}

    def get(self, what: str, key: tuple[str, ...], make: Callable[[], V]) -> V:
        """Return what is kept under a key, made if it is not there; of each kind only the latest are kept."""
        with self.lock:
            shelf = self.kept.setdefault(what, OrderedDict())
            if key not in shelf:
                shelf[key] = make()
            while len(shelf) > KEPT:
                shelf.popitem(last=False)
            return shelf[key]  # type: ignore[return-value]


@st.cache_resource(show_spinner=False)
def table_shelf() -> TableShelf:
    """Return the shelf of this process."""
    return TableShelf()


def table_desk(place: Place) -> TableDesk | Unfound | tuple[Problem, ...]:
    """Return what screens work on, a table without findings, or the problems if there is nothing to show."""
    try:
        path, folders = place.data, place.folders
        claims = _stats([path / "claims", path / "links", *(path / name for name in COPIED)])
        if not is_found(path):
            return table_shelf().get("size", (str(path), claims), lambda: _size(path))
        found = _stats([path / FOLDER / MARK])
        asking = table_shelf().get("asking", (str(path), found), lambda: Asking(path))
    except InputError as error:
        return error.problems
    problems: tuple[Problem, ...] = ()
    stale, faults = table_shelf().get("stale", (str(path), found, claims), lambda: _stale(path, asking))
    problems += faults
    try:
        stamp = (str(path), found, verdicts_stamp(path))
        known = table_shelf().get("parts", (str(path), found), dict[Question, Part])
        judged = table_shelf().get(
            "judged", stamp, lambda: judged_findings(asking, load_verdicts(path / FILE, FILE), known)
        )
    except InputError as error:
        judged, problems = judged_findings(asking, ()), (*problems, *error.problems)
    return TableDesk(asking, judged, problems, stale, tuple(folders))


def desk_of(place: Place, finding: str) -> Desk | tuple[Problem, ...]:
    """Return a desk that holds a finding: all of a data folder, or the part of a table that the finding is about."""
    if not table_at_hand():
        return desk(place)
    found = table_desk(place)
    if isinstance(found, Unfound):
        return (Problem(str(found.path), 0, "holds no findings", "make them with: kb --data DIR index"),)
    if not isinstance(found, TableDesk):
        return found
    number = found.asking.place_of(finding)
    if number is None:
        return found.desk(())
    return found.around(found.asking.findings_at([number])[number])[0]


def forget() -> None:
    """Forget every opened table."""
    table_shelf.clear()


def present_table() -> TableDesk | Unfound | tuple[Problem, ...]:
    """Return what the screens of the present table work on."""
    return table_desk(present_place())


def _size(path: Path) -> Unfound:
    table = Table(path)
    documents, works = (row_count(path / f"{name}.parquet") for name in ("documents", "works"))
    return Unfound(path, table.domain.title, table.count, documents, works)


def _stale(path: Path, asking: Asking) -> tuple[bool, tuple[Problem, ...]]:
    try:
        return is_stale(path, asking.mark), ()
    except InputError as error:
        return True, error.problems


def _stats(paths: list[Path]) -> str:
    """Return moment and size of files, and of the files in folders: it changes when one of them is written."""
    listed = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    listed = [file for file in listed if file.is_file()]
    found = ((file.name, file.stat()) for file in listed)
    return " ".join(f"{name} {stat.st_mtime_ns} {stat.st_size} {stat.st_ino}" for name, stat in found)
