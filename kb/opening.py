"""Opening the knowledge base that a command works on, and judging it, with progress on a terminal."""

from __future__ import annotations

import typer

from kb.audit import find_all
from kb.build import KnowledgeBase, build
from kb.console import progress_bar
from kb.place import Place
from kb.standing import Review, review


def load(context: typer.Context) -> KnowledgeBase:
    """Build the knowledge base of the command's place."""
    place: Place = context.obj
    with progress_bar("reading") as advance:
        return build(place.data, place.folders, advance)


def reviewed(kb: KnowledgeBase) -> Review:
    """Run the detectors with a progress bar, and say where each finding stands."""
    with progress_bar("comparing") as advance:
        return review(kb, find_all(kb, advance))
