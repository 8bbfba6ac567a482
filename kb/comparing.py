"""How far the claims of a source could be compared: whether anybody else answers the same question, in a known scope.

It tells "nothing found" apart from "nothing comparable".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from kb.build import KnowledgeBase
from kb.model import Claim
from kb.scopes import compare_scopes, effective_scope

Reach = Literal["compared", "scope unknown", "scope differs", "alone"]
REACHES: dict[Reach, str] = {
    "compared": "set against another source in a scope that both state",
    "scope unknown": "never comparable: a source does not state the scope that decides",
    "scope differs": "answered by others in another scope only",
    "alone": "no other source answers the same question",
}


def reaches(kb: KnowledgeBase, source: str) -> dict[str, Reach]:
    """Return for each claim of a source how far it could be compared with those of others.

    Two claims answer one question if property (or its declared opposite), object and family of subjects are the
    same. Of claims on one question only distinct scopes are compared.
    """
    others: dict[tuple[str, str, str], dict[tuple[object, ...], dict[str, tuple[str, ...]]]] = defaultdict(dict)
    mine = [claim for claim in kb.claims if claim.source == source]
    wanted = {key for claim in mine for key in _questions(kb, claim)}
    for claim in kb.claims:
        if claim.source != source:
            scope = effective_scope(kb.domain, claim)
            for key in _own(kb, claim):
                if key in wanted:
                    others[key].setdefault(tuple(scope.items()), scope)
    return {claim.id: _reach(kb, claim, others) for claim in mine}


def _own(kb: KnowledgeBase, claim: Claim) -> Iterable[tuple[str, str, str]]:
    for family in sorted(kb.domain.families(claim.subject)):
        yield claim.property, claim.object or "", family


def _questions(kb: KnowledgeBase, claim: Claim) -> Iterable[tuple[str, str, str]]:
    for name in (claim.property, *kb.domain.properties[claim.property].opposite_of):
        for family in sorted(kb.domain.families(claim.subject)):
            yield name, claim.object or "", family


def _reach(
    kb: KnowledgeBase,
    claim: Claim,
    others: dict[tuple[str, str, str], dict[tuple[object, ...], dict[str, tuple[str, ...]]]],
) -> Reach:
    scope = effective_scope(kb.domain, claim)
    definition = kb.domain.properties[claim.property]
    found: set[Reach] = set()
    for key in _questions(kb, claim):
        for other in others[key].values() if key in others else ():
            comparison = compare_scopes(kb.domain, definition, scope, other)
            if not comparison.differing and not comparison.unknown:
                return "compared"
            found.add("scope differs" if comparison.differing else "scope unknown")
    return "scope unknown" if "scope unknown" in found else "scope differs" if found else "alone"
