"""What a document leans on: its own stance beside what the work that it cites for it is on record as saying.

A link is *stated* where the document prints a marker or describes the work; an inferred one is ours, and a sentence
says so. Cost is the claims that cite a work times the recorded facts of that work, summed over works.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.groups import Group
from kb.model import Claim, Role
from kb.stances import Stance

STATED = ("marker", "described")
CLAUSES = {
    "marker": "{page} cites {work} for this, but {said}",
    "described": "{page} refers to {work} for this, but {said}",
    "inferred": "{page} seems to lean on {work} for this (our inference), but {said}",
}


@dataclass(frozen=True)
class Leaning:
    """One stance of a document, with only the claims by which it leans on ``work``; ``found`` is what that work says.

    ``basis`` is the surest by which any of the claims is linked.
    """

    page: str
    work: str
    basis: str
    own: Stance
    found: tuple[Stance, ...]
    by_property: Mapping[str, Sequence[Stance]]

    @property
    def stated(self) -> bool:
        """Say whether the document itself names or describes the work."""
        return self.basis in STATED

    def on(self, *names: str) -> list[Stance]:
        """Return what the work says on some properties, in order."""
        return [fact for name in sorted(names) for fact in self.by_property.get(name, ())]

    def clause(self, group: Group, said: str) -> str:
        """Return the clause that the document leans on this very work, which ``said`` something else."""
        names = group.names
        return CLAUSES[self.basis].format(
            page=names.get(self.page, self.page), work=names.get(self.work, self.work), said=said
        )


def leanings(group: Group) -> Iterator[Leaning]:
    """Yield what documents of the group lean on, in order; only where the group records something of the work."""
    recorded: dict[str, list[Stance]] = defaultdict(list)
    for stance in group.stances:
        facts: dict[str, list[Claim]] = defaultdict(list)
        for claim in stance.claims:
            if claim.role is Role.EVIDENCE:
                facts[claim.source].append(claim)
        for work, claims in facts.items():
            recorded[work].append(replace(stance, claims=tuple(claims)))
    found_by = {work: tuple(facts) for work, facts in recorded.items()}
    by_property = {work: _by_property(facts) for work, facts in found_by.items()}
    for stance in group.stances:
        linked: dict[tuple[str, str], dict[str, Claim]] = defaultdict(dict)
        bases: dict[tuple[str, str], set[str]] = defaultdict(set)
        for claim in stance.claims:
            for link in claim.cites if claim.role is Role.CLAIM else ():
                if link.work in recorded:
                    linked[(claim.source, link.work)][claim.id] = claim
                    bases[(claim.source, link.work)].add(link.basis)
        for (page, work), found in sorted(linked.items()):
            own = replace(stance, claims=tuple(found.values()))
            basis = next(known for known in CLAUSES if known in bases[(page, work)])
            yield Leaning(page, work, basis, own, found_by[work], by_property[work])


def _by_property(facts: Iterable[Stance]) -> Mapping[str, Sequence[Stance]]:
    found: dict[str, list[Stance]] = defaultdict(list)
    for fact in facts:
        found[fact.property_id].append(fact)
    return found
