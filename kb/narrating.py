"""The sentence of a finding: who says what, how it clashes, and what scope has to do with it."""

from __future__ import annotations

from collections.abc import Iterable

from kb.clashes import LIKELY, POSSIBLE, Outcome
from kb.domain import Domain
from kb.groups import Group
from kb.model import Certainty, Claim, FindingKind, Role
from kb.scopes import describe_scope
from kb.stances import Stance
from kb.wording import claim_value, join

POLES_IN_WORDS = 5
NAMES_IN_WORDS = 12

Answer = tuple[str, list[Claim], list[Stance]]


def narrate(group: Group, outcome: Outcome, answers: list[Answer], reason: str) -> tuple[str, str]:
    """Return the title (the answers) and the sentence (who says what, and why it matters or does not)."""
    domain = group.domain
    definition = domain.properties[outcome.property]
    sides: list[str] = []
    said: list[str] = []
    short = []
    figures = {claim_value(domain, claims[0]) for _, claims, _ in answers}
    quantities = "" not in figures and len(figures) > 1  # one figure on all sides tells nothing
    several = quantities and len({stance.property_id for _, _, found in answers for stance in found}) > 1
    items = sorted({claims[0].object for _, claims, _ in answers if claims[0].object})
    products = _products(group, answers) if quantities else {}
    for letter, claims, _ in answers:
        names = join(_names(group, claims))
        if quantities:
            label, value = domain.properties[claims[0].property].label, claim_value(domain, claims[0])
            text = value + (f" ({label})" if several and label not in value else "") + products[letter]
            text += f" ({domain.label(claims[0].object)})" if len(items) > 1 and claims[0].object else ""
            verb = "says" if len({claim.source for claim in claims}) == 1 else "say"
            again = several and sides and sides[-1].startswith(f"{names} {verb} ")
            said = [*said, text] if again else [text]
            sides[len(sides) - bool(again) :] = [f"{names} {verb} {join(said)}"]
            short.append(text)
        else:
            first = min(claims, key=_telling)
            likewise = _likewise(group, first, claims)
            sides.append(f"{_names(group, [first])[0]}: {first.text.rstrip('.')}{likewise}")
            short.append(f"“{first.text.rstrip('.')}”")
    subject = domain.label(_common(domain, {stance.subject for _, _, found in answers for stance in found}))
    if quantities:
        what = [] if several else [definition.label]
        of = ", ".join([*what, subject, *(domain.label(item) for item in items if len(items) == 1)])
        start = f"{_capital(of)}: "
    else:
        start = ""
    if len(sides) > POLES_IN_WORDS:
        more = len(sides) - POLES_IN_WORDS
        sides[POLES_IN_WORDS - 1 : -1] = [
            f"{more} more answers lie between" if more > 1 else "one more answer lies between"
        ]
        short[1:-1] = [f"{len(short) - 2} others"]
    title = start + (f"{join(short)} do not fit together" if several else " against ".join(short))
    if outcome.kind is FindingKind.EXPLAINED and quantities and len(answers) > 2:
        return title, _by_scope(group, outcome, answers, start, products) + _sampled(answers)
    why = reason if outcome.within else _attributed(group, reason, answers)
    told = f"{start}{'; '.join(sides)}. {_capital(why)}{_tail(group, outcome, answers)}"
    every = "Both" if len(answers) == 2 else "All of them"
    where = f" {every} stand in the same document." if outcome.within else ""
    return title, f"{told}{where}{_sampled(answers)}"


def _likewise(group: Group, first: Claim, claims: list[Claim]) -> str:
    """Return in brackets who else holds the answer: of the same thing, or of one related to it."""
    others = [claim for claim in claims if claim.source != first.source]
    same = [c for c in others if (c.subject, c.object, c.than) == (first.subject, first.object, first.than)]
    told = {claim.source for claim in same}
    related = [claim for claim in others if claim.source not in told]
    parts = [f"similarly {join(_names(group, same))}"] if same else []
    parts += [f"compare {join(_names(group, related))}"] if related else []
    return f" ({'; '.join(parts)})" if parts else ""


def _by_scope(group: Group, outcome: Outcome, answers: list[Answer], start: str, products: dict[str, str]) -> str:
    """Return many explained figures in the order of the scope that explains them: for this illness, for that."""
    domain = group.domain
    found: dict[str, list[str]] = {}
    for letter, claims, stances in answers:
        scope = ", ".join(filter(None, (_values(group, d, stances) for d in outcome.dimensions))) or "not stated"
        verb = "says" if len({claim.source for claim in claims}) == 1 else "say"
        text = f"{join(_names(group, claims))} {verb} {claim_value(domain, claims[0])}{products[letter]}"
        found.setdefault(scope, []).append(text)
    parts = [f"for {scope}, {join(texts)}" for scope, texts in found.items()]
    labels = join([domain.dimensions[d].label for d in outcome.dimensions])
    verb = "differs" if len(outcome.dimensions) == 1 else "differ"
    return f"{start}{'; '.join(parts)}. The {labels} {verb}, so what is said for one does not contradict the other."


def _attributed(group: Group, reason: str, answers: list[Answer]) -> str:
    """Return the reason with the names of those who hedge in place of "one side", if not all of them do."""
    for clause, hedge in ((POSSIBLE, Certainty.POSSIBLE), (LIKELY, Certainty.PROBABLE)):
        hedged = [c for _, claims, _ in answers if all(x.certainty is hedge for x in claims) for c in claims]
        if clause in reason and hedged and len({claim.id for claim in hedged}) < sum(len(c) for _, c, _ in answers):
            names = _names(group, hedged)
            said = clause.removeprefix("one side only calls")
            reason = reason.replace(clause, f"{join(names)} only call{'s' if len(names) == 1 else ''}{said}")
    both = f"{LIKELY}; {POSSIBLE}"
    return reason.replace(both, "one side only calls it likely or possible")


def _telling(claim: Claim) -> tuple[object, ...]:
    """Order the claims of one answer: documents before works, firm before hedged, then by source and id."""
    return (claim.role, claim.certainty is not Certainty.ASSERTED, claim.source, claim.id)


def _sampled(answers: list[Answer]) -> str:
    """Return the sentence that a large question was compressed before it was compared, "" if none was."""
    sampled = [stance.sampled for _, _, found in answers for stance in found if stance.sampled]
    if not sampled:
        return ""
    stances, claims = max(sampled)
    named = answers if len(answers) <= POLES_IN_WORDS else [answers[0], answers[-1]]
    counted = answers[0][2][0].counted
    behind = join([f"{counted.weight(found):,} behind {letter}" for letter, found, _ in named])
    return f" A sample of {stances:,} stances in {claims:,} claims was compared; claims in it: {behind}."


def _products(group: Group, answers: list[Answer]) -> dict[str, str]:
    """Return for each pole what sets its product apart, in brackets, if another pole gives the same figure."""
    domain = group.domain
    figures = [claim_value(domain, claims[0]) for _, claims, _ in answers]
    found = {}
    for (letter, _, stances), figure in zip(answers, figures, strict=True):
        rivals = [s for (_, _, s), other in zip(answers, figures, strict=True) if other == figure]
        apart = [d for d in domain.implied_dimensions if len({_values(group, d, s) for s in rivals}) > 1]
        words = [_values(group, d, stances) or f"{domain.dimensions[d].label} not stated" for d in apart]
        found[letter] = f" ({', '.join(words)})" if words else ""
    return found


def _common(domain: Domain, subjects: set[str]) -> str:
    """Return the nearest concept that all subjects are or are kinds of; the first of them if there is none."""
    subjects = {subject for subject in subjects if subject in domain.concepts} or subjects
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


def _tail(group: Group, outcome: Outcome, answers: list[Answer]) -> str:
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
        both = "so both can hold" if len(answers) == 2 else "which explains why these answers are not the same"
        return f", but the {join(parts)} {verb}, {both}."
    if outcome.kind is FindingKind.POSSIBLE:
        silent: list[Claim] = []
        for _, _, stances in answers:
            missing = [d for d in outcome.dimensions if any(not stance.scope.get(d) for stance in stances)]
            if missing:
                silent.extend(c for s in stances if any(not s.scope.get(d) for d in missing) for c in s.claims)
        who = join(_names(group, silent))
        missing_from = f"{who} does not state it" if len(_names(group, silent)) == 1 else f"{who} do not state it"
        broader = f"one of them only names the {labels} more broadly"
        every = "both" if len(answers) == 2 else "all of them"
        return f". This holds only if {every} mean the same {labels}; {missing_from if who else broader}."
    return "."


def _values(group: Group, dimension: str, stances: list[Stance]) -> str:
    found = sorted(
        {describe_scope(group.domain, dimension, s.scope[dimension]) for s in stances if s.scope.get(dimension)}
    )
    return " or ".join(found)
