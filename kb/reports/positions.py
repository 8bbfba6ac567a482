"""The distinct answers within a question: what is said, by whom, how it is supported, what stands against it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.catalogue import KIND_ORDER
from kb.look import KINDS
from kb.model import Certainty, Claim, FindingKind, Relation, Role
from kb.reports.desk import Desk, cited, refer, source_line
from kb.reports.parts import Jump, Line, Table, join, words
from kb.scopes import describe_scope, effective_scope
from kb.stances import is_hedged, position_of
from kb.standing import Standing

LEADING, MOST_LEADING = 10, 12
"""Answers that lead: some, and more where those in grave dispute are more."""
MANY = 40
"""Answers from which on those that are folded are parted by property."""
HOLDERS = 6
TURNED = {Relation.GREATER: Relation.LESS, Relation.LESS: Relation.GREATER}
COLUMNS = ("What is said", "Who says it", "Support that is given", "Disagreement")
SURE = (Certainty.ASSERTED, Certainty.PROBABLE, Certainty.POSSIBLE, Certainty.DENIED)


@dataclass(frozen=True)
class Position:
    """One answer in one scope; the first claim words it, the others say the like. ``against`` are open findings."""

    claims: tuple[Claim, ...]
    against: tuple[Standing, ...]
    part: str = ""

    @property
    def sources(self) -> list[str]:
        """Who holds it, in order of the claims."""
        return list(dict.fromkeys(claim.source for claim in self.claims))


def positions(desk: Desk, claims: Iterable[Claim], by: str = "") -> list[Position]:
    """Return the positions: the most gravely contested first, then those of documents, then those of most sources.

    With ``by``, a dimension of scope, answers are parted by it as well, and ordered by it first.
    """
    found: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        found[_key(desk, claim, by)].append(claim)
    made = [_position(desk, members_, by) for members_ in found.values()]
    common = Counter(claim.property for claims_ in found.values() for claim in claims_)
    return sorted(made, key=lambda position: (position.part if by else "", *_rank(desk, position, common)))


def _key(desk: Desk, claim: Claim, by: str) -> tuple[object, ...]:
    domain = desk.kb.domain
    scope = effective_scope(domain, claim)
    separating = domain.properties[claim.property].separated_by
    within = tuple(scope.get(name) for name in (*separating, *([by] if by else [])))
    sides: tuple[str | None, ...] = (claim.subject, claim.than)
    answer = position_of(domain, claim)
    if claim.than is not None and claim.relation in TURNED and claim.subject > claim.than:
        sides = (claim.than, claim.subject)
        answer = (str(TURNED[claim.relation]), *answer[1:])
    # two values of one study are two results, never one position held twice
    own = claim.id if claim.role is Role.EVIDENCE and claim.value is not None else ""
    return (claim.property, *sides, claim.object, claim.kind, answer, is_hedged(claim), claim.attribution, within, own)


def _position(desk: Desk, found: Sequence[Claim], by: str) -> Position:
    ordered = sorted(found, key=lambda c: (c.role, SURE.index(c.certainty), desk.numbers.get(c.id, 0), c.id))
    against = {s.finding.id: s for c in ordered for s in desk.inbox.by_claim.get(c.id, ()) if _counts(s)}
    graver = sorted(against.values(), key=lambda s: (-s.finding.severity, KIND_ORDER.index(s.finding.kind)))
    return Position(tuple(ordered), tuple(graver), part_of(desk, ordered[0], by) if by else "")


def part_of(desk: Desk, claim: Claim, by: str) -> str:
    """Return what a claim states in the dimension that parts the answers."""
    values = effective_scope(desk.kb.domain, claim).get(by)
    label = desk.kb.domain.dimensions[by].label
    return describe_scope(desk.kb.domain, by, values) if values else f"{label} not stated"


def _counts(standing: Standing) -> bool:
    """Say whether a finding sets a claim against another, or against the work behind it, and is not settled."""
    poles = {member.pole for member in standing.finding.members}
    return standing.remains and len(poles) > 1 and standing.finding.kind is not FindingKind.FAULT


def _rank(desk: Desk, position: Position, common: Mapping[str, int]) -> tuple[object, ...]:
    worst = position.against[0].finding if position.against else None
    gravity = (-worst.severity, KIND_ORDER.index(worst.kind)) if worst else (0, len(KIND_ORDER))
    works_only = all(claim.role is Role.EVIDENCE for claim in position.claims)
    first = position.claims[0]
    dispute = worst.id if worst else ""  # the sides of one disagreement stand side by side
    many = (-len(position.sources), -common[first.property], first.property)
    return (*gravity, dispute, works_only, *many, desk.numbers.get(first.id, 0), first.id)


def _is_grave(position: Position) -> bool:
    return bool(position.against) and position.against[0].finding.severity == 3


def tables(desk: Desk, found: Sequence[Position], by: str = "") -> list[Table]:
    """Return the leading positions as a table, and the others as one that is folded and says how many they are."""
    columns = ((desk.kb.domain.dimensions[by].label.capitalize(),) if by else ()) + COLUMNS
    grave = sum(map(_is_grave, found))
    leading = min(max(LEADING, grave), MOST_LEADING)
    shown, rest = list(found[:leading]), list(found[leading:])
    if by:  # of every part the first, so that none is missing from the table that leads, and what is gravely disputed
        firsts = list({position.part: position for position in reversed(found)}.values())[::-1]
        first = {id(position) for position in firsts[:LEADING]}
        shown = [position for position in found if id(position) in first or _is_grave(position)]
        kept = {id(position) for position in shown}
        rest = [position for position in found if id(position) not in kept]
    lead = "What the sources say" if not rest else f"What the sources say: {len(shown)} of {len(found)} answers"
    made = [Table(lead, columns, tuple(_row(desk, position, by) for position in shown))]
    for name, those in _folds(desk, rest):
        caption = f"{len(those)} more answer{'s' if len(those) > 1 else ''}{name}"
        made.append(Table(caption, columns, tuple(_row(desk, position, by) for position in those), folded=True))
    return made


def _folds(desk: Desk, rest: Sequence[Position]) -> list[tuple[str, list[Position]]]:
    """Return the answers that are folded: all together, or where they are many one lot for each property."""
    if len(rest) < MANY:
        return [("", list(rest))] if rest else []
    lots: dict[str, list[Position]] = {}
    for position in rest:
        lots.setdefault(position.claims[0].property, []).append(position)
    large = {name: lot for name, lot in lots.items() if len(lot) >= LEADING}
    others = [position for position in rest if position.claims[0].property not in large]
    label = {name: desk.kb.domain.properties[name].label for name in large}
    told = [(f": {label[name]}", lot) for name, lot in sorted(large.items(), key=lambda item: -len(item[1]))]
    return told + ([(" of other kinds", others)] if others else [])


def _row(desk: Desk, position: Position, by: str) -> tuple[Line, ...]:
    first = position.claims[0]
    told = f"{first.text.rstrip('.')}." if first.text[-1:] not in "?!" else first.text
    cells = (words(told), _holders(desk, position), _support(desk, position), disagreement(desk, position))
    return (words(position.part), *cells) if by else cells


def _holders(desk: Desk, position: Position) -> Line:
    by_source: dict[str, list[Claim]] = {}
    for claim in position.claims:
        by_source.setdefault(claim.source, []).append(claim)
    first = position.claims[0]
    lines = [
        words(source_line(desk, name), " ", refer(desk, found), _adds(desk, first, found[0]))
        for name, found in by_source.items()
    ]
    more = len(lines) - HOLDERS
    told = words(lines[0], "; also " if len(lines) > 1 else "", join(lines[1:HOLDERS], "; "))
    return words(told, f"; and {more} more sources" if more > 0 else "")


def _adds(desk: Desk, first: Claim, claim: Claim) -> str:
    """Return in brackets what a claim states in its scope that the claim which words the answer does not."""
    if claim.source == first.source:
        return ""
    domain = desk.kb.domain
    said = effective_scope(domain, first)
    more = {name: values for name, values in effective_scope(domain, claim).items() if said.get(name) != values}
    told = [describe_scope(domain, name, values) for name, values in more.items()]
    return f" ({'; '.join(told)})" if told else ""


def _support(desk: Desk, position: Position) -> Line:
    """Return what each holder gives as support, so that nobody is lent the support of another."""
    found: dict[str, dict[Line, None]] = {}
    for claim in position.claims:
        found.setdefault(claim.source, {})[cited(desk, claim) or words("not recorded")] = None
    alike = {tuple(told) for told in found.values()}
    none = (words("no source named"),)
    several = len(found) > 1 and len(alike) > 1
    lines = [
        words(f"{desk.name(source)}: " if several else "", join(list(told)[:3], "; "), "; …" if len(told) > 3 else "")
        for source, told in found.items()
        if tuple(told) != none or not several
    ]
    shown = lines[:HOLDERS] if several else lines[:1]
    left = [source for source, told in found.items() if tuple(told) == none] if several else []
    rest = "the others" if len(left) > 1 else "".join(map(desk.name, left))
    return words(join(shown, ". "), f". {rest[:1].upper()}{rest[1:]}: no source named" if rest else "")


def disagreement(desk: Desk, position: Position) -> Line:
    """Return the open findings on a position: kind, and who stands on the other side."""
    if not position.against:
        return words("none found")
    worst = position.against[0].finding
    mine = {claim.id for claim in position.claims}
    own = {member.pole for member in worst.members if member.claim in mine}
    others = {desk.name(member.source) for member in worst.members if member.pole not in own}
    itself = {desk.name(claim.source) for claim in position.claims}
    names = sorted(others - itself)[:3] or (["itself"] if others else [])
    opposite = f" with {', '.join(names)}" if names else ""
    more = len(position.against) - 1
    look = KINDS[worst.kind]
    link = Jump(f"{look.glyph} {look.word.lower()}", worst.id)
    return words(link, opposite, f"; {more} more" if more else "")
