"""Opening the knowledge base that a command works on, and judging it, with progress on a terminal."""

from __future__ import annotations

import typer

from kb.audit import find_all
from kb.build import KnowledgeBase, read
from kb.bulk.claims_table import is_table
from kb.checking import unknown_codes
from kb.console import progress_bar, warn
from kb.errors import InputError, Problem
from kb.place import Place
from kb.standing import Review, review
from kb.verdicts import FILE, load_verdicts


def refuse_table(place: Place) -> None:
    """Raise `InputError` for a table folder, of which other commands would see no claims."""
    if is_table(place.data):
        remedy = "use “kb findings” or “kb serve” on it, or make a data folder with: kb import table"
        raise InputError([Problem(str(place.data), 0, "is a table folder, and this command reads claim files", remedy)])


def load(context: typer.Context) -> KnowledgeBase:
    """Build the knowledge base of the command's place; faults in the verdicts wait for who asks for a review."""
    place: Place = context.obj
    refuse_table(place)
    with progress_bar("reading") as advance:
        kb, problems = read(place.data, place.folders, advance)
    if kb is None or any(problem.path != FILE for problem in problems):
        raise InputError(problems)
    warn(unknown_codes(kb))
    return kb


def reviewed(kb: KnowledgeBase) -> Review:
    """Run the detectors with a progress bar, and say where each finding stands."""
    load_verdicts(kb.path / FILE, FILE)  # says what is wrong with them, if anything is
    with progress_bar("comparing") as advance:
        return review(kb, find_all(kb, advance))
