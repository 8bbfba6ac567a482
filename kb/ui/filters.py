"""Which findings a person asked for: by kind, topic, source, state, severity and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kb.model import FindingKind
from kb.standing import USUAL, Standing, StandingState

STATES = {"": "still to judge", "remaining": "still counts", "reopened": "reopened", "judged": "judged", "all": "all"}


@dataclass(frozen=True)
class Filter:
    """What is asked for; "" and () ask for anything but the state, where "" is what is still to judge."""

    kinds: tuple[FindingKind, ...] = USUAL
    topic: str = ""
    source: str = ""
    claim: str = ""
    state: str = ""
    severity: int = 0
    words: str = ""

    def select(self, standings: Iterable[Standing]) -> list[Standing]:
        """Return what is asked for, the reopened first, else in the order given."""
        found = [standing for standing in standings if self._fits(standing)]
        return sorted(found, key=lambda standing: standing.state is not StandingState.REOPENED)

    def without(self, name: str) -> Filter:
        """Return this filter without the part that an address calls ``name``."""
        field = {"doc": "source", "kind": "kinds", "sev": "severity", "q": "words"}.get(name, name)
        return replace(self, **{field: getattr(Filter(), field)})

    def counts(self, standings: Iterable[Standing]) -> Counter[FindingKind]:
        """Return how many there are of each kind, whichever kinds are asked for."""
        every = replace(self, kinds=tuple(FindingKind))
        return Counter(standing.finding.kind for standing in standings if every._fits(standing))

    def _fits(self, standing: Standing) -> bool:
        finding = standing.finding
        return (
            finding.kind in self.kinds
            and self.topic in ("", finding.topic)
            and (not self.source or any(member.source == self.source for member in finding.members))
            and (not self.claim or any(member.claim == self.claim for member in finding.members))
            and self.severity in (0, finding.severity)
            and self._in_state(standing)
            and (not self.words or all(w in finding.sentence.casefold() for w in self.words.casefold().split()))
        )

    def _in_state(self, standing: Standing) -> bool:
        if self.state == "all":
            return True
        if self.state == "remaining":
            return standing.remains
        if self.state == "":
            return standing.state is not StandingState.JUDGED
        return standing.state.value == self.state


def neighbour(found: Sequence[Standing], current: str, step: int) -> str:
    """Return the id of the finding ``step`` places on in a selection, the same one at its ends, "" of none."""
    ids = [standing.finding.id for standing in found]
    if not ids:
        return ""
    if current not in ids:
        return ids[0]
    return ids[min(max(ids.index(current) + step, 0), len(ids) - 1)]
