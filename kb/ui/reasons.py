"""Reasons that a verdict can give: which scope dimensions may explain a finding, and how that is put in words."""

from __future__ import annotations

from collections.abc import Sequence

from kb.domain import Domain
from kb.model import Finding, FindingKind, ScopeState
from kb.wording import join

DISMISSALS = ("about different things", "misread by us", "says the same as another finding", "trivial")


def explaining(domain: Domain, finding: Finding) -> dict[str, ScopeState]:
    """Return the dimensions that may explain a finding, with their state: those that differ or are unknown first.

    After them come those that set claims on its property apart, whatever is on record of them.
    """
    states = dict(finding.scope)
    open_ones = [
        name for wanted in (ScopeState.DIFFERS, ScopeState.UNKNOWN) for name in states if states[name] is wanted
    ]
    definition = domain.properties.get(finding.property)
    separating = (*definition.separated_by, *definition.also_separated_by) if definition else ()
    fault = finding.kind is FindingKind.FAULT
    return {name: states.get(name, ScopeState.UNKNOWN) for name in (*open_ones, *(() if fault else separating))}


def reason(domain: Domain, states: dict[str, ScopeState], chosen: Sequence[str], words: str) -> str:
    """Return why scope explains a finding; only what is on record as different is said to differ."""
    labels = {name: domain.dimensions[name].label for name in chosen}
    parts = []
    for state, told in (
        (ScopeState.DIFFERS, "differs in {}"),
        (ScopeState.UNKNOWN, "explained by {}, not stated on every side"),
        (ScopeState.SAME, "explained by {}, not on record as different"),
    ):
        if named := [label for name, label in labels.items() if states[name] is state]:
            parts.append(told.format(join(named)))
    return "; ".join(filter(None, [*parts, words.strip()]))
