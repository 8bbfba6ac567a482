"""The examples to learn from: reviewed claims in their own words and, where the page is at hand, in the page's."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kb.domain import Domain
from kb.model import Claim, Kind, Ordinal
from kb.propose.learning import NONE, Learnt, label_examples, object_features
from kb.propose.measure import Measure
from kb.propose.page import Line, Reader
from kb.propose.stemming import COMMON, stem, stems
from kb.propose.years import years

REACH = 8  # tokens on either side of a number that tell what it measures
MOST_CLAIMS = 20_000
MOST_PAGES = 40
CUE_REACH = 25  # tokens between a label of a property and the object that it may take
CUE_WEIGHT = 4
Example = tuple[str, list[str]]


class Lessons(NamedTuple):
    """What was learnt, by form of claim; ``subjects`` counts how often each property was said of each subject."""

    statements: Learnt
    quantities: Learnt
    comparisons: Learnt
    subjects: Mapping[str, Counter[str]]
    object_share: Mapping[str, float]
    object_schemes: Mapping[str, Counter[str]]


def learn(reader: Reader, claims: Iterable[Claim], texts: Mapping[str, str]) -> Lessons:
    """Learn from reviewed claims of a domain; ``texts`` are those of their sources that are at hand.

    At most 20,000 claims and 40 pages are used, the first in order, so that cost stays bounded.
    """
    chosen = sorted(claims, key=lambda claim: claim.id)[:MOST_CLAIMS]
    domain = reader.domain
    pages = {source: texts[source] for source in sorted({c.source for c in chosen} & set(texts))[:MOST_PAGES]}
    lines = {source: reader.lines(text) for source, text in pages.items()}
    placed = _placed(chosen, lines)
    statements: list[Example] = label_examples(domain, ("statement", "scale"))
    quantities = label_examples(domain, ("quantity",))
    comparisons = label_examples(domain, ("scale", "quantity"))
    for claim in chosen:
        home = {Kind.STATEMENT: statements, Kind.QUANTITY: quantities, Kind.COMPARISON: comparisons}[claim.kind]
        home.append((claim.property, _own_words(domain, claim)))
    covered: set[tuple[str, int, str | None]] = set()
    dated: set[tuple[str, int]] = set()
    for claim, line in placed:
        if claim.kind is Kind.STATEMENT:
            covered.add((claim.source, line.sentence.start, claim.object))
            statements.append((claim.property, line_features(domain, line, texts[claim.source], claim.object)))
        elif claim.kind is Kind.COMPARISON:
            comparisons.append((claim.property, line_features(domain, line, texts[claim.source], None)))
        elif (measure := _measure_of(claim, line, texts[claim.source])) is not None:
            dated.add((claim.source, line.sentence.start))
            quantities.append((claim.property, measure_features(domain, line, measure, texts[claim.source])))
    _add_unclaimed(domain, lines, texts, covered, dated, statements, quantities)
    return Lessons(
        Learnt(statements), Learnt(quantities), Learnt(comparisons), _subjects(chosen), *_objects(domain, chosen)
    )


def _add_unclaimed(
    domain: Domain,
    lines: Mapping[str, Sequence[Line]],
    texts: Mapping[str, str],
    covered: set[tuple[str, int, str | None]],
    dated: set[tuple[str, int]],
    statements: list[Example],
    quantities: list[Example],
) -> None:
    """Add what reviewers passed over: concepts and years of reviewed pages that no claim was made of."""
    for source, page in lines.items():
        for line in page:
            for mention in line.mentions:
                for concept in mention.concepts:
                    if (source, line.sentence.start, concept) not in covered:
                        at = (mention.first, mention.last)
                        statements.append((NONE, line_features(domain, line, texts[source], concept, at)))
            for year in years(texts[source], line) if line.tokens else ():
                if (source, line.sentence.start) not in dated:
                    quantities.append((NONE, measure_features(domain, line, year, texts[source])))


def _own_words(domain: Domain, claim: Claim) -> list[str]:
    object_words = set(stems(domain.label(claim.object))) if claim.object else set()
    words = ["w:" + word for word in stems(claim.text) if word not in object_words]
    extra = object_features(domain, claim.object) if claim.object else []
    if claim.value is not None:
        extra = [*extra, *(["u:class"] if isinstance(claim.value, Ordinal) else [f"u:{claim.value.unit}"])]
    return words + extra


def _placed(claims: Iterable[Claim], lines: Mapping[str, Sequence[Line]]) -> list[tuple[Claim, Line]]:
    """Return each claim of a page at hand with the sentence that it overlaps most, the first of equals."""
    starts = {source: [line.sentence.start for line in page] for source, page in lines.items()}
    found = []
    for claim in claims:
        if claim.locator is None or claim.source not in lines:
            continue
        page, shared = lines[claim.source], []
        at = bisect_left(starts[claim.source], claim.locator.end) - 1
        while at >= 0 and page[at].sentence.end > claim.locator.start:
            sentence = page[at].sentence
            inside = min(sentence.end, claim.locator.end) - max(sentence.start, claim.locator.start)
            shared.append((inside, -at, page[at]))
            at -= 1
        if shared:
            found.append((claim, max(shared, key=lambda entry: entry[:2])[2]))
    return found


def _measure_of(claim: Claim, line: Line, text: str) -> Measure | None:
    at = claim.locator
    inside = [
        m for m in (*line.measures, *years(text, line)) if at is not None and m.start < at.end and at.start < m.end
    ]
    return inside[0] if len(inside) == 1 else None


def _subjects(claims: Iterable[Claim]) -> Mapping[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for claim in claims:
        found[claim.property][claim.subject] += 1
    return found


def _objects(domain: Domain, claims: Iterable[Claim]) -> tuple[Mapping[str, float], Mapping[str, Counter[str]]]:
    """Return the share of claims with an object, and the schemes of the objects, by property."""
    known: Counter[str] = Counter()
    given: Counter[str] = Counter()
    schemes: dict[str, Counter[str]] = defaultdict(Counter)
    for claim in claims:
        known[claim.property] += 1
        concept = domain.concepts.get(claim.object or "")
        if claim.object:
            given[claim.property] += 1
        if concept is not None:
            schemes[claim.property][concept.scheme] += 1
    return {name: given[name] / known[name] for name in known}, schemes


def line_features(
    domain: Domain, line: Line, text: str, concept: str | None, at: tuple[int, int] | None = None
) -> list[str]:
    """Return the features of a sentence that may say something of ``concept``, named by the tokens ``at``.

    ``w:`` are stems, ``n:`` and ``a:`` those just before and behind the concept, ``h:`` those above the sentence,
    ``q:`` the properties whose labels stand near before it, ``qa:`` those elsewhere in the sentence or above it.
    """
    own = set(stems(domain.label(concept))) if concept else set()
    place = at or _place_of(line, concept)
    words = [stem(token.norm) for token in line.tokens if token.is_word and token.norm not in COMMON]
    features = ["w:" + word for word in words if word not in own]
    if place:
        features += ["n:" + stem(norm) for norm in line.norms[max(0, place[0] - 4) : place[0]] if norm[:1].isalpha()]
        features += ["a:" + stem(norm) for norm in line.norms[place[1] : place[1] + 2] if norm[:1].isalpha()]
    for context in line.contexts:
        if context.basis in ("heading", "list-lead", "table-header") and context.end:
            features += ["h:" + word for word in stems(text[context.start : min(context.end, context.start + 300)])]
    features += _cues(line, place)
    features += [f"q:{name}" for context in line.contexts if context.basis == "list-lead" for name in context.cues] * 2
    features += [f"qa:{name}" for context in line.contexts if context.basis != "list-lead" for name in context.cues]
    return features + (object_features(domain, concept) if concept else [])


def _place_of(line: Line, concept: str | None) -> tuple[int, int] | None:
    return next(((m.first, m.last) for m in line.mentions if concept in m.concepts), None) if concept else None


def _cues(line: Line, place: tuple[int, int] | None) -> list[str]:
    """Return the labels of properties in a sentence as features: the nearest before the concept counts most."""
    before = [names for last, names in line.cues if place and last < place[0] and place[0] - last <= CUE_REACH]
    nearest = [f"q:{name}" for name in before[-1]] * CUE_WEIGHT if before else []
    return nearest + [f"qa:{name}" for _, names in line.cues for name in names]


def measure_features(domain: Domain, line: Line, measure: Measure, text: str) -> list[str]:
    """Return the features of a quantity: the stems around it, its unit and the concepts of its sentence."""
    first, last = line.place(measure.start, measure.end)
    near = [*line.tokens[max(0, first - REACH) : first], *line.tokens[last : last + REACH // 2]]
    features = ["w:" + stem(token.norm) for token in near if token.is_word and token.norm not in COMMON]
    closest = [*line.tokens[max(0, first - 3) : first], *line.tokens[last : last + 2]]
    features += ["w:" + stem(token.norm) for token in closest if token.is_word and token.norm not in COMMON]
    features += [f"f:{measure.form}", *(f"u:{code}" for code in measure.units[:2])]
    features += [
        f"s:{domain.concepts[concept].scheme}" for mention in line.mentions for concept in mention.concepts[:1]
    ]
    for context in line.contexts:
        if context.basis in ("heading", "table-header") and context.end:
            features += ["h:" + word for word in stems(text[context.start : min(context.end, context.start + 200)])]
    return features + [f"q:{name}" for _, names in line.cues for name in names]
