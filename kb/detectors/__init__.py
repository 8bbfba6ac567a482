"""The detectors: one small file each, pure, on one comparison group.

A detector is a module with a code, a name, a one-line summary and ``find``. The list below is the registry.
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


class Detector(Protocol):
    """What every detector module has."""

    CODE: str
    NAME: str
    SUMMARY: str

    def find(self, group: Group) -> Iterator[Finding]:
        """Yield the findings of one comparison group."""


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
