"""What a screen works on: the records of the present build, and where its findings stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.build import KnowledgeBase
from kb.catalogue import Catalogue, Inbox
from kb.errors import Problem


@dataclass(frozen=True)
class Desk:
    """The records by id, the findings with their verdicts, and what could not be read (shown as a banner).

    ``stamp`` names the version of the files that was read. ``left_out`` counts what is on record but not held here,
    where only part of the records is: facts on the topic by work, other findings on the same claims by finding.
    """

    catalogue: Catalogue
    inbox: Inbox
    problems: tuple[Problem, ...] = ()
    partial: tuple[str, ...] = ()
    stale: bool = False
    stamp: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def kb(self) -> KnowledgeBase:
        """The knowledge base."""
        return self.catalogue.kb
