"""From clashes of stances to findings: scope decides the kind, one finding answers one question.

A detector says only "these two answers would clash in the same scope". Here the scopes are compared, the
clash becomes a contradiction, discrepancy, tension, possible or explained, and the clashes of one question
with one outcome become one finding with a pole for every answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import networkx as nx

from kb.domain import Domain
from kb.groups import Group, Stance
from kb.ids import derive
from kb.model import Attribution, Checked, Claim, Finding, FindingKind, Member, Role, ScopeState
from kb.scopes import Comparison, compare_scopes, describe_scope
from kb.wording import claim_value, join

MEMBERS_PER_POLE = 12
FEW = 2
POLES_IN_WORDS = 5
NAMES_IN_WORDS = 12
STRENGTH = list(FindingKind)


@dataclass(frozen=True)
class Clash:
    """Two stances that could not comfortably stand together in one scope.

    ``question`` is what both answer; ``kind`` is how they clash if the scope is the same; ``property`` is the
    one whose separating dimensions decide; ``reason`` is one clause for the reader. ``ignored`` are
    dimensions that the compared things themselves differ in, which therefore cannot separate the claims.
    Rankings are made without the scope that single values need: with ``needs_scope`` false an unknown
    dimension does not lower the clash.
    """

    a: Stance
    b: Stance
    kind: FindingKind
    question: tuple[str, ...]
    property: str
    reason: str
    rests_on: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()
    needs_scope: bool = True


@dataclass(frozen=True)
class _Outcome:
    kind: FindingKind
    dimensions: tuple[str, ...]
    same_source: bool
    question: tuple[str, ...]
    property: str


def pole_key(stance: Stance) -> tuple[str, ...]:
    """Return what makes an answer one pole: the typed position, and for comparisons its sides in order.

    "A above B" and "B below A" are one pole.
    """
    if stance.than is None:
        return (stance.property_id, *stance.position)
    sides, relation = [stance.subject, stance.than], stance.position[0]
    if sides[0] > sides[1]:
        sides.reverse()
        relation = {"greater": "less", "less": "greater"}.get(relation, relation)
    return (stance.property_id, *sides, relation, *stance.position[1:])


def implied_by(group: Group, *concepts: str | None) -> frozenset[str]:
    """Return the dimensions that naming any of ``concepts`` implies."""
    return frozenset(d for concept in concepts if concept for d in group.domain.implied(concept))


def _within_one_work(clash: Clash) -> bool:
    """The results of one study are its arms and time points, not disagreements with itself."""
    return len(clash.a.sources | clash.b.sources) == 1 and clash.a.first.role is Role.EVIDENCE


def _retold(clash: Clash) -> bool:
    """A source that tells what others say and then says otherwise itself does not contradict itself."""
    if len(clash.a.sources | clash.b.sources) > 1:
        return False
    return any(claim.attribution is Attribution.REPORTED for s in (clash.a, clash.b) for claim in s.claims)


def _unsure(clash: Clash) -> bool:
    """What nobody has checked at its source is shown, but never set against anything."""
    return any(all(claim.checked is Checked.UNVERIFIED for claim in s.claims) for s in (clash.a, clash.b))


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
    return clash.kind


def _worth_explaining(group: Group, clash: Clash, dimensions: tuple[str, ...]) -> bool:
    """An explained clash helps a reader who would take two sources for opposed.

    It does not where nearly everything differs, nor for figures on two plainly different subjects.
    """
    ours, theirs = (set(group.domain.implied(s.subject)) for s in (clash.a, clash.b))
    unsettled = any(not s.scope.get(d) for s in (clash.a, clash.b) for d in ours | theirs)
    if clash.a.spans and clash.b.spans and (unsettled or (ours | theirs) & set(dimensions)):
        return False
    documents = any(c.role is Role.CLAIM for s in (clash.a, clash.b) for c in s.claims)
    return documents and len(clash.a.sources | clash.b.sources) > 1 and len(dimensions) <= FEW


def assemble(group: Group, code: str, clashes: Iterable[Clash]) -> Iterator[Finding]:
    """Yield the findings of one detector in one group, in order of id.

    A weaker outcome is folded away where the same answers already stand in a stronger one.
    """
    outcomes: dict[_Outcome, list[tuple[Clash, Comparison]]] = defaultdict(list)
    for clash in clashes:
        definition = group.domain.properties[clash.property]
        if _within_one_work(clash) or _retold(clash) or _unsure(clash):
            continue
        comparison = compare_scopes(group.domain, definition, clash.a.scope, clash.b.scope, clash.ignored)
        if comparison.differing:
            kind, dimensions = FindingKind.EXPLAINED, comparison.differing
        elif comparison.unknown and clash.needs_scope:
            kind, dimensions = FindingKind.POSSIBLE, comparison.unknown
        else:
            kind, dimensions = _kind(group, clash), ()
        if kind is FindingKind.EXPLAINED and not _worth_explaining(group, clash, dimensions):
            continue
        same = len(clash.a.sources | clash.b.sources) == 1
        outcome = _Outcome(kind, dimensions, same, clash.question, clash.property)
        outcomes[outcome].append((clash, comparison))
    covered: set[tuple[tuple[str, ...], bool, frozenset[tuple[str, ...]]]] = set()
    findings: list[Finding] = []
    ordered = sorted(outcomes, key=lambda o: (STRENGTH.index(o.kind), len(o.dimensions), o.dimensions, o.same_source))
    for outcome in ordered:
        kept = [
            (clash, comparison)
            for clash, comparison in outcomes[outcome]
            if (outcome.question, outcome.same_source, _pair(clash)) not in covered
        ]
        covered.update((outcome.question, outcome.same_source, _pair(clash)) for clash, _ in kept)
        findings.extend(_finding(group, code, outcome, part) for part in _components(kept))
    yield from sorted(findings, key=lambda finding: finding.id)


def _pair(clash: Clash) -> frozenset[tuple[str, ...]]:
    return frozenset({pole_key(clash.a), pole_key(clash.b)})


def _components(clashes: list[tuple[Clash, Comparison]]) -> list[list[tuple[Clash, Comparison]]]:
    """Split clashes into parts whose answers hang together."""
    graph = nx.Graph(tuple(sorted((pole_key(clash.a), pole_key(clash.b)))) for clash, _ in clashes)
    parts = sorted(sorted(part) for part in nx.connected_components(graph))
    where = {pole: number for number, part in enumerate(parts) for pole in part}
    found: list[list[tuple[Clash, Comparison]]] = [[] for _ in parts]
    for clash, comparison in clashes:
        found[where[pole_key(clash.a)]].append((clash, comparison))
    return found


def _finding(group: Group, code: str, outcome: _Outcome, part: list[tuple[Clash, Comparison]]) -> Finding:
    poles: dict[tuple[str, ...], dict[str, Claim]] = defaultdict(dict)
    stances: dict[tuple[str, ...], list[Stance]] = defaultdict(list)
    for stance in {id(stance): stance for clash, _ in part for stance in (clash.a, clash.b)}.values():
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
    identity = {"code": code, "kind": "|".join(outcome.question)}
    identity["members"] = "|".join(sorted(member.claim for member in members))
    definition = group.domain.properties[outcome.property]
    pairs = {_pair(clash) for clash, _ in part}
    measured = all(stance.spans for _, _, found in answers for stance in found)
    partly = measured and len(pairs) < len(answers) * (len(answers) - 1) // 2
    title, sentence = _words(group, outcome, answers, "not all of them agree" if partly else part[0][0].reason)
    return Finding(
        id=derive("f", identity),
        code=code,
        kind=outcome.kind,
        severity=definition.stakes,
        topic=group.topic,
        property=outcome.property,
        members=members,
        claims=sum(len(claims) for _, claims, _ in answers),
        scope=_scope_table(comparison for _, comparison in part),
        explained_by=outcome.dimensions if outcome.kind is FindingKind.EXPLAINED else (),
        unknown=outcome.dimensions if outcome.kind is FindingKind.POSSIBLE else (),
        same_source=outcome.same_source,
        rests_on=tuple(sorted({axiom for clash, _ in part for axiom in clash.rests_on})),
        title=title,
        sentence=sentence,
    )


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


# Words

Answer = tuple[str, list[Claim], list[Stance]]


def _words(group: Group, outcome: _Outcome, answers: list[Answer], reason: str) -> tuple[str, str]:
    """Return the title (the answers) and the sentence (who says what, and why it matters or does not)."""
    domain = group.domain
    definition = domain.properties[outcome.property]
    sides = []
    short = []
    quantities = all(claims[0].value is not None for _, claims, _ in answers)
    for _, claims, _ in answers:
        names = join(_names(group, claims))
        if quantities:
            text = claim_value(domain, claims[0])
            verb = "says" if len({claim.source for claim in claims}) == 1 else "say"
            sides.append(f"{names} {verb} {text}")
            short.append(text)
        else:
            first = min(claims, key=lambda claim: (claim.role, claim.source, claim.id))
            sides.append(f"{names}: {first.text.rstrip('.')}")
            short.append(f"“{first.text.rstrip('.')}”")
    subject = domain.label(_common(domain, {stance.subject for _, _, found in answers for stance in found}))
    about = next((claims[0].object for _, claims, _ in answers if claims[0].object), None)
    if quantities:
        of = f"{definition.label}, {subject}" + (f", {domain.label(about)}" if about else "")
        start = f"{_capital(of)}: "
    else:
        start = ""
    if len(sides) > POLES_IN_WORDS:
        more = len(sides) - POLES_IN_WORDS
        sides[POLES_IN_WORDS - 1 : -1] = [
            f"{more} more answers lie between" if more > 1 else "one more answer lies between"
        ]
        short[1:-1] = [f"{len(short) - 2} others"]
    title = start + " against ".join(short)
    told = f"{start}{'; '.join(sides)}. {_capital(reason)}{_tail(group, outcome, answers)}"
    where = " Both stand in the same document." if outcome.same_source else ""
    return (
        title,
        f"{start}{'; '.join(sides)}. {_capital(reason)}{_tail(group, outcome, answers)}{where}{_sampled(answers)}",
    )


def _sampled(answers: list[Answer]) -> str:
    """Return the sentence that a large question was compressed before it was compared, "" if none was."""
    sampled = [stance.sampled for _, _, found in answers for stance in found if stance.sampled]
    if not sampled:
        return ""
    stances, claims = max(sampled)
    named = answers if len(answers) <= POLES_IN_WORDS else [answers[0], answers[-1]]
    behind = join([f"{len(found):,} behind {letter}" for letter, found, _ in named])
    return f" A sample of {stances:,} stances in {claims:,} claims was compared; claims in it: {behind}."


def _common(domain: Domain, subjects: set[str]) -> str:
    """Return the nearest concept that all subjects are or are kinds of; the first of them if there is none."""
    shared = set.intersection(*({subject} | domain.ancestors(subject) for subject in subjects))
    return max(shared, key=lambda name: (len(domain.ancestors(name)), name)) if shared else min(subjects)


def _names(group: Group, claims: Iterable[Claim]) -> list[str]:
    """Return the short names of the sources of claims, documents before works; the rest only counted if many."""
    found = {(claim.role is Role.EVIDENCE, group.names.get(claim.source, claim.source)) for claim in claims}
    names = [name for _, name in sorted(found)]
    more = len(names) - NAMES_IN_WORDS
    return names if more < 2 else [*names[:NAMES_IN_WORDS], f"{more:,} more sources"]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tail(group: Group, outcome: _Outcome, answers: list[Answer]) -> str:
    """Return the clause on scope: what is shared, what is missing, or what explains."""
    domain = group.domain
    labels = join([domain.dimensions[d].label for d in outcome.dimensions])
    if outcome.kind is FindingKind.EXPLAINED:
        parts = []
        for dimension in outcome.dimensions:
            values = [_values(group, dimension, stances) for _, _, stances in answers]
            shown_values = list(dict.fromkeys(value for value in values if value))
            parts.append(f"{domain.dimensions[dimension].label} ({' against '.join(shown_values)})")
        verb = "differs" if len(outcome.dimensions) == 1 else "differ"
        return f", but the {join(parts)} {verb}, so both can hold."
    if outcome.kind is FindingKind.POSSIBLE:
        silent: list[Claim] = []
        for _, _, stances in answers:
            missing = [d for d in outcome.dimensions if any(not stance.scope.get(d) for stance in stances)]
            if missing:
                silent.extend(c for s in stances if any(not s.scope.get(d) for d in missing) for c in s.claims)
        who = join(_names(group, silent))
        missing_from = f"{who} does not state it" if len(_names(group, silent)) == 1 else f"{who} do not state it"
        broader = f"one of them only names the {labels} more broadly"
        return f". This holds only if both mean the same {labels}; {missing_from if who else broader}."
    return "."


def _values(group: Group, dimension: str, stances: list[Stance]) -> str:
    found = sorted(
        {describe_scope(group.domain, dimension, s.scope[dimension]) for s in stances if s.scope.get(dimension)}
    )
    return " or ".join(found)
