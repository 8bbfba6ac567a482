"""Which quotes of a page still stand in another version of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from kb.model import Claim, Record


class Place(StrEnum):
    """Where a quote of the old version is in the new one."""

    SAME = "same place"
    MOVED = "moved"
    GONE = "gone"


class Requoted(Record):
    """A claim with the place of its quote (code points) in the old version and in the new one, and its wording."""

    claim: str
    document: str
    place: Place
    start: int
    end: int
    new_start: int | None
    new_end: int | None
    text: str


def requote(claims: Iterable[Claim], old: str, new: str) -> tuple[Requoted, ...]:
    """Return where the quotes of claims on the old text are in the new one, in order of the old text.

    Only the very words count. Of several places that hold them, the one nearest to the old place is taken.
    """
    found = []
    for claim in claims:
        if claim.locator is not None:
            start, end = claim.locator.start, claim.locator.end
            at = _nearest(old[start:end], new, start)
            place = Place.GONE if at is None else Place.SAME if at == start else Place.MOVED
            found.append(
                Requoted(
                    claim=claim.id,
                    document=claim.source,
                    place=place,
                    start=start,
                    end=end,
                    new_start=at,
                    new_end=None if at is None else at + end - start,
                    text=claim.text,
                )
            )
    return tuple(sorted(found, key=lambda row: (row.start, row.end, row.claim)))


def _nearest(quote: str, text: str, start: int) -> int | None:
    before = text.rfind(quote, 0, start + len(quote))
    after = text.find(quote, start)
    places = [place for place in (before, after) if place >= 0]
    return min(places, key=lambda place: (abs(place - start), place)) if places else None
