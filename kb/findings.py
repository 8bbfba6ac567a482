"""From clashes of stances to findings: scope decides the kind, one finding answers one question.

A detector says only "these two answers would clash in the same scope". Here the scopes are compared, the
clash becomes a contradiction, discrepancy, tension, possible or explained, and the clashes of one question
with one outcome become one finding with a pole for every answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import networkx as nx

from kb.clashes import Clash, Outcome, pole_key
from kb.groups import Group
from kb.ids import derive
from kb.model import Attribution, Checked, Claim, Finding, FindingKind, Member, Role, ScopeState
from kb.narrating import narrate
from kb.scopes import Comparison, compare_scopes
from kb.stances import Stance

MEMBERS_PER_POLE = 12
FEW = 2
STRENGTH = list(FindingKind)


def _within_one_work(clash: Clash) -> bool:
    """The results of one study are its arms and time points, not disagreements with itself."""
    return len(clash.sources) == 1 and clash.a.first.role is Role.EVIDENCE and not clash.one_account


def _retold(clash: Clash) -> bool:
    """A source that tells what others say and then says otherwise itself does not contradict itself.

    One that appeals to studies or experts for a claim makes it its own.
    """
    if len(clash.sources) > 1 or clash.one_account:
        return False
    told = (claim for stance in clash.stances for claim in stance.claims)
    return any(claim.attribution is Attribution.REPORTED and claim.appeals_to is None for claim in told)


def _unsure(clash: Clash) -> bool:
    """What nobody has checked at its source is shown, but never set against anything."""
    return any(all(claim.checked is Checked.UNVERIFIED for claim in s.claims) for s in clash.stances)


def _read_alike(clash: Clash) -> bool:
    """Figures that are both read as another property's are set against each other on their own.

    One that is read so stands against other documents only: a study says what it measured.
    """
    read = [bool(stance.reading) and stance.property_id != clash.property for stance in clash.stances]
    studies = [stance.first.role is Role.EVIDENCE for stance in clash.stances]
    return all(read) or (any(read) and any(studies))


def _compare(group: Group, clash: Clash) -> Comparison:
    """Compare the scopes of all stances pairwise: what differs or is unknown between any two counts."""
    definition = group.domain.properties[clash.property]
    found = [
        compare_scopes(group.domain, definition, a.scope, b.scope, clash.ignored)
        for a, b in combinations(clash.stances, 2)
    ]
    if len(found) == 1:
        return found[0]
    return Comparison(
        states=_scope_table(found),
        differing=tuple(sorted({name for comparison in found for name in comparison.differing})),
        unknown=tuple(sorted({name for comparison in found for name in comparison.unknown})),
    )


def _kind(group: Group, clash: Clash) -> FindingKind:
    """A general statement and one on a special case are a tension: the case may be the exception."""
    domain = group.domain
    a, b = clash.a.subject, clash.b.subject
    special = clash.a.than is None and clash.b.than is None and a != b and domain.nested(a, b)
    ours, theirs = domain.implied(a), domain.implied(b)
    alike = all(
        (ours.get(d) and theirs.get(d) and domain.nested(ours[d], theirs[d])) or ours.get(d) == theirs.get(d)
        for d in {*ours, *theirs}
    )
    if special and alike and clash.kind is FindingKind.CONTRADICTION:
        return FindingKind.TENSION
    if clash.a.reading or clash.b.reading:
        return FindingKind.TENSION  # how much "a few" is lies with the reader
    return clash.kind


def _worth_explaining(group: Group, clash: Clash, dimensions: tuple[str, ...]) -> bool:
    """An explained clash helps a reader who would take two sources for opposed.

    It does not where nearly everything differs, nor for figures on two plainly different subjects.
    """
    if any(stance.reading for stance in clash.stances):
        return False  # a guess at a figure, and then an excuse for it
    ours, theirs = (set(group.domain.implied(s.subject)) for s in (clash.a, clash.b))
    unsettled = any(not s.scope.get(d) for s in (clash.a, clash.b) for d in ours | theirs)
    if clash.a.spans and clash.b.spans and (unsettled or (ours | theirs) & set(dimensions)):
        return False
    documents = any(c.role is Role.CLAIM for s in clash.stances for c in s.claims)
    return documents and len(clash.sources) > 1 and len(dimensions) <= FEW


def _in_focus(group: Group, clash: Clash) -> bool:
    return any(claim.id in group.focus for stance in clash.stances for claim in stance.claims)


def assemble(group: Group, code: str, clashes: Iterable[Clash]) -> Iterator[Finding]:
    """Yield the findings of one detector in one group, in order of id.

    A weaker outcome is folded away where the same answers already stand in a stronger one.
    """
    outcomes: dict[Outcome, list[tuple[Clash, Comparison]]] = defaultdict(list)
    for clash in clashes:
        if group.focus and not _in_focus(group, clash):
            continue
        if _within_one_work(clash) or _retold(clash) or _unsure(clash) or _read_alike(clash):
            continue
        comparison = _compare(group, clash)
        if comparison.differing:
            kind, dimensions = FindingKind.EXPLAINED, comparison.differing
        elif comparison.unknown and clash.needs_scope:
            kind, dimensions = FindingKind.POSSIBLE, comparison.unknown
        else:
            kind, dimensions = _kind(group, clash), ()
        if kind is FindingKind.EXPLAINED and not _worth_explaining(group, clash, dimensions):
            continue
        within = min(clash.sources) if len(clash.sources) == 1 else ""
        outcome = Outcome(kind, dimensions, within, clash.question, clash.property)
        outcomes[outcome].append((clash, comparison))
    met: dict[tuple[str, ...], set[tuple[str, str]]] = defaultdict(set)
    covered: set[tuple[tuple[str, ...], str, frozenset[tuple[str, ...]]]] = set()
    findings: list[Finding] = []
    ordered = sorted(outcomes, key=lambda o: (STRENGTH.index(o.kind), len(o.dimensions), o.dimensions, o.within))
    for outcome in ordered:
        explained = outcome.kind is FindingKind.EXPLAINED
        held = _held(clash for clash, _ in outcomes[outcome]) if explained else {}
        kept = [
            (clash, comparison)
            for clash, comparison in outcomes[outcome]
            if (outcome.question, outcome.within, clash.poles) not in covered
            and not (explained and (_sides(clash) <= met[_asked(outcome, clash)] or _explains_itself(held, clash)))
        ]
        if outcome.kind not in (FindingKind.POSSIBLE, FindingKind.EXPLAINED):
            for clash, _ in kept:
                met[_asked(outcome, clash)] |= _sides(clash)
        covered.update((outcome.question, outcome.within, clash.poles) for clash, _ in kept)
        findings.extend(_finding(group, code, outcome, part) for part in _components(kept))
    yield from sorted(findings, key=lambda finding: finding.id)


def _asked(outcome: Outcome, clash: Clash) -> tuple[str, ...]:
    """Return what a clash is about: a question and the subjects.

    Where two sources clash on it in one scope, another scope explains nothing.
    """
    return (*outcome.question, *sorted(stance.subject for stance in clash.stances))


def _sides(clash: Clash) -> set[tuple[str, str]]:
    """Return who meets whom in a clash."""
    meeting = combinations(clash.stances, 2)
    return {(min(x, y), max(x, y)) for a, b in meeting for x in a.sources for y in b.sources if x != y}


def _held(clashes: Iterable[Clash]) -> dict[tuple[str, ...], set[str]]:
    """Return who gives which answer."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for stance in (stance for clash in clashes for stance in clash.stances):
        found[pole_key(stance)] |= stance.sources
    return found


def _explains_itself(held: dict[tuple[str, ...], set[str]], clash: Clash) -> bool:
    """Say whether one source gives both answers itself, each in its scope: then nobody takes them for opposed."""
    return bool(set.intersection(*(held[pole_key(stance)] for stance in clash.stances)))


def _components(clashes: list[tuple[Clash, Comparison]]) -> list[list[tuple[Clash, Comparison]]]:
    """Split clashes into parts whose answers hang together."""
    graph = nx.Graph()
    for clash, _ in clashes:
        nx.add_path(graph, sorted(clash.poles))
    parts = sorted(sorted(part) for part in nx.connected_components(graph))
    where = {pole: number for number, part in enumerate(parts) for pole in part}
    found: list[list[tuple[Clash, Comparison]]] = [[] for _ in parts]
    for clash, comparison in clashes:
        found[where[pole_key(clash.a)]].append((clash, comparison))
    return found


def _finding(group: Group, code: str, outcome: Outcome, part: list[tuple[Clash, Comparison]]) -> Finding:
    poles: dict[tuple[str, ...], dict[str, Claim]] = defaultdict(dict)
    stances: dict[tuple[str, ...], list[Stance]] = defaultdict(list)
    for stance in {id(stance): stance for clash, _ in part for stance in clash.stances}.values():
        stances[pole_key(stance)].append(stance)
        poles[pole_key(stance)].update({claim.id: claim for claim in stance.claims})
    letters = {key: _letter(number) for number, key in enumerate(sorted(poles, key=lambda k: _rank(stances[k])))}
    members = tuple(
        Member(
            claim=claim.id,
            source=claim.source,
            start=claim.locator.start if claim.locator else None,
            end=claim.locator.end if claim.locator else None,
            pole=letters[key],
        )
        for key in letters
        for claim in _sample(poles[key].values())
    )
    answers = [(letters[key], list(poles[key].values()), stances[key]) for key in letters]
    question = "|".join(outcome.question)
    identity = {"code": code, "question": question}
    identity["outcome"] = "|".join((outcome.kind, *outcome.dimensions))
    identity["within"] = outcome.within
    identity["members"] = "|".join(sorted(member.claim for member in members))
    definition = group.domain.properties[outcome.property]
    pairs = {clash.poles for clash, _ in part}
    one = len({stance.property_id for _, _, found in answers for stance in found}) == 1
    measured = one and all(stance.spans for _, _, found in answers for stance in found)
    partly = measured and len(pairs) < len(answers) * (len(answers) - 1) // 2
    reason = "not all of them agree" if partly else _reasons(clash for clash, _ in part)
    title, sentence = narrate(group, outcome, answers, reason)
    return Finding(
        id=derive("f", identity),
        code=code,
        kind=outcome.kind,
        severity=definition.stakes,
        topic=group.topic,
        property=outcome.property,
        question=question,
        members=members,
        opposed=_opposed(letters, part),
        claims=sum(group.counted.weight(claims) for _, claims, _ in answers),
        scope=_scope_table(comparison for _, comparison in part),
        explained_by=outcome.dimensions if outcome.kind is FindingKind.EXPLAINED else (),
        unknown=outcome.dimensions if outcome.kind is FindingKind.POSSIBLE else (),
        same_source=bool(outcome.within),
        rests_on=tuple(sorted({axiom for clash, _ in part for axiom in _assumed(clash)})),
        working=tuple(dict.fromkeys(step for clash, _ in part for step in clash.working)),
        title=title,
        sentence=sentence,
    )


def _reasons(clashes: Iterable[Clash]) -> str:
    """Return why the answers clash; of reasons that begin alike, the first stands for all."""
    found: dict[str, str] = {}
    for reason in sorted({clash.reason for clash in clashes}):
        found.setdefault(reason.partition(",")[0], reason)
    return "; ".join(found.values())


def _opposed(letters: dict[tuple[str, ...], str], part: list[tuple[Clash, Comparison]]) -> tuple[tuple[str, str], ...]:
    found: set[tuple[str, str]] = set()
    for clash, _ in part:
        named = sorted({letters[pole_key(stance)] for stance in clash.stances})
        found.update(combinations(named, 2))
    return tuple(sorted(found))


def _assumed(clash: Clash) -> set[str]:
    return {*clash.rests_on, *(stance.reading for stance in clash.stances)} - {""}


def _sample(claims: Iterable[Claim]) -> list[Claim]:
    """Return the members shown for a pole: one of every source first, then the rest, up to the limit."""
    ordered = sorted(claims, key=lambda claim: (claim.source, claim.id))
    first = {claim.source: claim for claim in reversed(ordered)}
    rest = [claim for claim in ordered if claim is not first[claim.source]]
    chosen = [*reversed(first.values()), *rest][:MEMBERS_PER_POLE]
    return sorted(chosen, key=lambda claim: (claim.source, claim.id))


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"P{number + 1}"


def _rank(stances: list[Stance]) -> tuple[object, ...]:
    """Order poles by value where they have one, else by name, so that A is the lowest answer."""
    first = stances[0]
    lowest = (1, first.spans[0].low, first.spans[0].high) if first.spans else (0, 0, 0)
    works_only = all(claim.role is Role.EVIDENCE for stance in stances for claim in stance.claims)
    return (*lowest, works_only, pole_key(first))


def _scope_table(comparisons: Iterable[Comparison]) -> tuple[tuple[str, ScopeState], ...]:
    rank = [ScopeState.DIFFERS, ScopeState.UNKNOWN, ScopeState.SAME]
    found: dict[str, ScopeState] = {}
    for comparison in comparisons:
        for name, state in comparison.states:
            found[name] = min(found.get(name, state), state, key=rank.index)
    return tuple(sorted(found.items()))
