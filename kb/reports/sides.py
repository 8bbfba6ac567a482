"""The sides of a finding as one source sees them: its own claims, who says the like, and who stands against them."""

from __future__ import annotations

from typing import NamedTuple

from kb.model import Finding, Member


class Sides(NamedTuple):
    """Members of a finding by where they stand to one source. ``torn`` says that it clashes with itself, too.

    ``beside`` gives another answer that does not clash with that of the source: in a chain, the middle fits both ends.
    """

    own: list[Member]
    like: list[Member]
    beside: list[Member]
    other: list[Member]
    torn: bool


def parted(finding: Finding, source: str) -> Sides:
    """Return the members of a finding, parted as ``source`` sees them; those without a claim are left out."""
    members = [member for member in finding.members if member.claim]
    own = [member for member in members if member.source == source]
    poles = {member.pole for member in own}
    pairs = {pair for a, b in finding.opposed for pair in ((a, b), (b, a))}
    against = {b for a, b in pairs if a in poles}
    others = [member for member in members if member.source != source]
    apart = [member for member in others if member.pole not in poles]
    return Sides(
        own=own,
        like=[member for member in others if member.pole in poles],
        beside=[member for member in apart if pairs and member.pole not in against],
        other=[member for member in apart if not pairs or member.pole in against],
        torn=bool(poles & against),
    )
