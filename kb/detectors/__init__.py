"""The detectors: one small file each, pure, on one comparison group or on one page.

A detector is a module with a code, a name, a one-line summary and ``find``. The lists below are the registry:
group detectors set claims of several sources side by side, page detectors judge the citing and wording of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from kb.detectors import (
    bound_reversed,
    comparison_against_affirmation,
    comparison_against_values,
    declared_opposites,
    disjoint_quantity,
    duty_clash,
    frequency_class_clash,
    opposing_comparison,
    opposite_polarity,
    overlapping_range,
)
from kb.groups import Group
from kb.model import Finding
from kb.pages import Page


class Rule(Protocol):
    """What every detector module has."""

    CODE: str
    NAME: str
    SUMMARY: str


class Detector(Rule, Protocol):
    """A detector of one comparison group."""

    def find(self, group: Group) -> Iterator[Finding]:
        """Yield the findings of one comparison group."""


class PageDetector(Rule, Protocol):
    """A detector of one document."""

    def find(self, page: Page) -> Iterator[Finding]:
        """Yield the findings about one document."""


DETECTORS: tuple[Detector, ...] = (
    disjoint_quantity,
    overlapping_range,
    bound_reversed,
    frequency_class_clash,
    opposing_comparison,
    comparison_against_values,
    comparison_against_affirmation,
    opposite_polarity,
    declared_opposites,
    duty_clash,
)

PAGE_DETECTORS: tuple[PageDetector, ...] = ()

RULES: tuple[Rule, ...] = (*DETECTORS, *PAGE_DETECTORS)
