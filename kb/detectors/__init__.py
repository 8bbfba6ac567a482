"""The detectors: one small file each, pure, on one comparison group or on one page.

A detector is a module with a code, a name, a one-line summary and ``find``. The lists below are the registry:
group detectors set claims of several sources side by side, page detectors judge the citing and wording of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from kb.detectors import (
    absolute_without_support,
    arithmetic,
    bibliography_fault,
    bound_reversed,
    certainty_gap,
    comparison_against_affirmation,
    comparison_against_values,
    declared_opposites,
    described_not_cited,
    design_mismatch,
    disjoint_quantity,
    duplicate_reference,
    duty_clash,
    exclusive_category,
    frequency_class_clash,
    impossible_percentage,
    incompatible_statements,
    list_lost,
    list_without_markers,
    marker_without_list,
    missing_comparator,
    missing_denominator,
    opposing_comparison,
    opposite_polarity,
    ordering_cycle,
    overlapping_range,
    quantities_out_of_order,
    range_or_qualifier_dropped,
    rate_complement,
    reference_never_used,
    second_hand,
    set_or_range_narrowed,
    source_says_otherwise,
    superlative_against_denial,
    swapped,
    uncited_claim,
    universal_against_exception,
    vague_authority,
    withdrawn_or_superseded,
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
    set_or_range_narrowed,
    rate_complement,
    arithmetic,
    impossible_percentage,
    quantities_out_of_order,
    opposing_comparison,
    comparison_against_values,
    comparison_against_affirmation,
    ordering_cycle,
    opposite_polarity,
    declared_opposites,
    duty_clash,
    exclusive_category,
    certainty_gap,
    universal_against_exception,
    superlative_against_denial,
    incompatible_statements,
    source_says_otherwise,
    swapped,
    range_or_qualifier_dropped,
)

PAGE_DETECTORS: tuple[PageDetector, ...] = (
    design_mismatch,
    withdrawn_or_superseded,
    uncited_claim,
    marker_without_list,
    list_without_markers,
    reference_never_used,
    duplicate_reference,
    described_not_cited,
    second_hand,
    bibliography_fault,
    absolute_without_support,
    missing_comparator,
    missing_denominator,
    vague_authority,
    list_lost,
)

RULES: tuple[Rule, ...] = (*DETECTORS, *PAGE_DETECTORS)

ON_CITED_WORKS = frozenset(
    rule.CODE
    for rule in (source_says_otherwise, design_mismatch, swapped, range_or_qualifier_dropped, withdrawn_or_superseded)
)
"""The codes of those that hold a claim against the work that it cites."""

LEANING = frozenset(rule.CODE for rule in (source_says_otherwise, swapped, range_or_qualifier_dropped))
"""The codes of those that look, claim by claim, at what a document leans on."""
