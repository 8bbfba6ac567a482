"""What a screen works on: the records of the present build, and where its findings stand."""

from __future__ import annotations

from dataclasses import dataclass

from kb.build import KnowledgeBase
from kb.catalogue import Catalogue, Inbox
from kb.errors import Problem


@dataclass(frozen=True)
class Desk:
    """The records by id, the findings with their verdicts, and what could not be read (shown as a banner).

    ``stamp`` names the version of the files that was read.
    """

    catalogue: Catalogue
    inbox: Inbox
    problems: tuple[Problem, ...] = ()
    partial: tuple[str, ...] = ()
    stale: bool = False
    stamp: str = ""

    @property
    def kb(self) -> KnowledgeBase:
        """The knowledge base."""
        return self.catalogue.kb
