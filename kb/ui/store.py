"""Reading once: the records and findings of a data folder are built once per version of its files, for all visitors.

Verdicts are a layer of their own, so that judging a finding never reads a claim again. Where a file cannot be read,
the last good state stays on the screen, with the problems beside it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import streamlit as st

from kb.audit import find_all
from kb.build import KnowledgeBase, Progress, read
from kb.bulk.claims_table import is_table
from kb.catalogue import Catalogue, Inbox
from kb.errors import InputError, Problem
from kb.model import Finding
from kb.place import Place
from kb.policy import load_policy
from kb.standing import review
from kb.ui.desk import Desk
from kb.verdicts import FILE, load_verdicts

KEPT = 2
NAMED_FILES = ("vocabulary.ttl", "documents.yaml", "policy.yaml")


@dataclass(frozen=True)
class Built:
    """One version of a data folder: what could be read of it, its findings, and what could not be read."""

    stamp: str
    catalogue: Catalogue | None
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


class Shelf:
    """What is kept between visits, one for the whole process: the latest builds, the last good one, and overlays.

    One visitor builds while the others wait.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.builds: OrderedDict[str, Built] = OrderedDict()
        self.good: dict[str, Built] = {}
        self.inboxes: OrderedDict[tuple[str, str], Inbox] = OrderedDict()

    def build(self, data: Path, folders: list[Path], report: Progress | None = None) -> Built:
        """Return the build of the present files, made if it is not at hand."""
        stamp = version(data, folders)
        with self.lock:
            if stamp not in self.builds:
                _keep(self.builds, stamp, make(stamp, data, folders, report), KEPT)
            built = self.builds[stamp]
            if not built.problems:
                self.good[str(data)] = built
            return built

    def inbox(self, data: Path, built: Built, kb: KnowledgeBase) -> Inbox:
        """Return the findings of a build under the present verdicts; raise `InputError` if those cannot be read."""
        key = (built.stamp, verdicts_stamp(data))
        with self.lock:
            if key not in self.inboxes:
                judged = replace(kb, verdicts=load_verdicts(data / FILE, FILE))
                _keep(self.inboxes, key, Inbox(review(judged, built.findings)), KEPT)
            return self.inboxes[key]


K = TypeVar("K")
V = TypeVar("V")


def _keep(shelf: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    shelf[key] = value
    while len(shelf) > most:
        shelf.popitem(last=False)


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """Return the shelf of this process."""
    return Shelf()


def present_place() -> Place:
    """Return where the app works: KB_DATA and KB_SOURCES, as the command line has them."""
    data = os.environ.get("KB_DATA")
    return Place(Path(data) if data else None, None)


def table_at_hand() -> bool:
    """Say whether the app works on a table folder."""
    try:
        return is_table(present_place().data)
    except InputError:
        return False


def desk(place: Place, report: Progress | None = None, at_hand: bool = False) -> Desk | tuple[Problem, ...]:
    """Return what screens work on, or the problems if there is nothing at all to show.

    With ``at_hand`` the last good state serves as it is, where there is one: files that changed since are not read.
    """
    try:
        data, folders = place.data, place.folders
    except InputError as error:
        return error.problems
    known = shelf().good.get(str(data)) if at_hand else None
    built = known or shelf().build(data, folders, report)
    shown = shelf().good.get(str(data), built) if built.problems else built
    if shown.catalogue is None:
        return built.problems
    kb = shown.catalogue.kb
    faults: tuple[Problem, ...] = ()
    try:
        inbox = shelf().inbox(data, shown, kb)
    except InputError as error:
        inbox, faults = Inbox(review(replace(kb, verdicts=()), shown.findings)), error.problems
    left_out = _left_out(shown.problems)
    return Desk(
        shown.catalogue, inbox, (*built.problems, *faults), left_out, stale=shown is not built, stamp=shown.stamp
    )


def make(stamp: str, data: Path, folders: list[Path], report: Progress | None = None) -> Built:
    """Read a data folder as far as it goes and run the detectors on it."""
    kb, problems = read(data, folders, _half(report, "Reading", 0))
    problems = [problem for problem in problems if problem.path != FILE]  # verdicts are read apart from this
    if kb is None:
        return Built(stamp, None, (), tuple(problems))
    return Built(stamp, Catalogue(kb), find_all(kb, _half(report, "Comparing", 1)), tuple(problems))


def _half(report: Progress | None, what: str, before: int) -> Progress | None:
    """Return a progress call for the first or the second half of the work."""
    if report is None:
        return None
    return lambda name, done, total: report(f"{what} {name}", before * total + done, 2 * total)


def version(data: Path, folders: Iterable[Path]) -> str:
    """Return a stamp of all files that a build reads but the verdicts: it changes when one of them is written."""
    paths = [data / name for name in NAMED_FILES]
    with suppress(InputError):  # the build reports it
        paths.append(data / load_policy(data / "policy.yaml", "policy.yaml").bibliography)
    listed = [entry for folder in (data / "claims", *folders) for entry in _entries(folder)]
    listed += [(str(path), path.stat()) for path in paths if path.is_file()]
    parts = sorted(f"{name} {found.st_mtime_ns} {found.st_size}" for name, found in listed)
    return hashlib.sha256("\n".join([str(data), *parts]).encode("utf-8", "surrogateescape")).hexdigest()


def verdicts_stamp(data: Path) -> str:
    """Return a stamp of the file of verdicts."""
    try:
        found = (data / FILE).stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns} {found.st_size}"


def _entries(folder: Path) -> list[tuple[str, os.stat_result]]:
    try:
        with os.scandir(folder) as entries:
            return [(entry.path, entry.stat()) for entry in entries if entry.is_file()]
    except OSError:
        return []


def _left_out(problems: Iterable[Problem]) -> tuple[str, ...]:
    names = {problem.path for problem in problems}
    return tuple(sorted(Path(name).stem for name in names if name.startswith("claims/")))
