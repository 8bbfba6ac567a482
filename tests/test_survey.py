"""The survey counts what a plain double loop over the claims counts, with the notions of the small path."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from kb.build import KnowledgeBase
from kb.bulk.claims_table import Table, write_table
from kb.bulk.engines import DuckEngine, LiteEngine
from kb.bulk.rows import claim_row
from kb.bulk.survey import QuestionSurvey, survey
from kb.bulk.survey_order import Order
from kb.bulk.survey_rows import ordered, sentence
from kb.cli import app
from kb.domain import Domain
from kb.errors import InputError
from kb.model import (
    Bound,
    Claim,
    Duty,
    FindingKind,
    Interval,
    Kind,
    Ordinal,
    Polarity,
    Relation,
    ScopeValue,
    Strength,
    ValueSet,
)
from kb.oppositions import RANKINGS_APART, TURNED
from kb.scopes import compare_scopes, effective_scope
from kb.stances import ABOUT, claim_spans, effective_polarity, holds, is_hedged
from typer.testing import CliRunner

from building import TOY
from test_bulk import jumbled, shipped, toy

pytest.importorskip("duckdb")

Asked = tuple[str, str, str, str, str]
Expected = tuple[object, ...]


# The same by a plain double loop


def asked(claim: Claim) -> Asked:
    sides = [claim.subject, claim.than or ""]
    return (claim.property, claim.kind.value, *(sorted(sides) if claim.than else sides), claim.object or "")


def answer(domain: Domain, claim: Claim) -> object:
    if claim.kind is Kind.STATEMENT:
        return effective_polarity(claim)
    if claim.kind is Kind.COMPARISON and claim.relation and claim.than:
        return TURNED.get(claim.relation, claim.relation) if claim.than < claim.subject else claim.relation
    if isinstance(claim.value, Ordinal):
        return claim.value.class_
    spans = claim_spans(domain, claim)
    about = isinstance(claim.value, Interval | ValueSet) and claim.value.bound is Bound.ABOUT
    return tuple(span.widened(ABOUT) for span in spans) if about else spans


def takes_part(domain: Domain, claim: Claim) -> bool:
    if not holds(claim) or not domain.properties[claim.property].compared:
        return False
    denied = effective_polarity(claim) is Polarity.NEGATED
    if claim.kind is Kind.STATEMENT:
        return claim.duty is Duty.NONE and not (denied and claim.strength is Strength.SUPERLATIVE)
    return not denied


def apart(domain: Domain, claim: Claim, a: object, b: object) -> bool:
    if isinstance(a, tuple) and isinstance(b, tuple):
        tolerance = domain.properties[claim.property].tolerance
        return all(x.apart(y, tolerance) for x in a for y in b)
    if claim.kind is Kind.STATEMENT:
        return a != b
    if claim.kind is Kind.COMPARISON:
        assert isinstance(a, Relation)
        assert isinstance(b, Relation)
        return RANKINGS_APART.get(frozenset({a, b})) is FindingKind.CONTRADICTION
    if isinstance(a, str) and isinstance(b, str):
        ours, theirs = domain.concepts[a].rank, domain.concepts[b].rank
        return None not in (ours, theirs) and ours != theirs
    return False


def by_hand(domain: Domain, claims: Iterable[Claim]) -> dict[Asked, Expected]:
    questions: dict[Asked, list[Claim]] = defaultdict(list)
    hedged: Counter[Asked] = Counter()
    for claim in claims:
        if takes_part(domain, claim):
            if is_hedged(claim):
                hedged[asked(claim)] += 1
            elif answer(domain, claim) != ():  # a vague number that nothing says how to read is no answer
                questions[asked(claim)].append(claim)
    found = {}
    for question, members in questions.items():
        given = {id(claim): answer(domain, claim) for claim in members}
        distinct = sorted(set(given.values()), key=repr)
        gaps = sum(apart(domain, members[0], a, b) for a, b in combinations(distinct, 2))
        if not gaps:
            continue
        definition = domain.properties[members[0].property]
        sides = {question[2], question[3]} if members[0].than else set()
        ignored = frozenset(d for side in sides for d in domain.implied(side))
        classes: Counter[str] = Counter()
        dimensions: Counter[str] = Counter()
        for a, b in combinations(members, 2):
            if a.source == b.source or not apart(domain, a, given[id(a)], given[id(b)]):
                continue
            scopes = effective_scope(domain, a), effective_scope(domain, b)
            compared = compare_scopes(domain, definition, *scopes, ignored)
            classes["explained" if compared.differing else "unknown" if compared.unknown else "same"] += 1
            dimensions.update(compared.differing)
        sources = len({claim.source for claim in members})
        counted = [classes[name] for name in ("same", "explained", "unknown")]
        sizes = (len(members), sources, len(distinct), gaps, hedged[question], sum(classes.values()))
        found[question] = (*sizes, *counted, dict(dimensions))
    return found


def told(rows: Iterable[QuestionSurvey]) -> dict[Asked, Expected]:
    found = {}
    for row in rows:
        assert row.left_out == 0
        sizes = (row.claims, row.sources, row.answers, row.apart_answers, row.hedged, row.pairs)
        counted = (row.same, row.explained, row.unknown, dict(row.by_dimension))
        found[(row.property, row.kind.value, row.subject, row.than, row.object)] = (*sizes, *counted)
    return found


def lite(claims: Iterable[Claim]) -> LiteEngine:
    return LiteEngine(map(claim_row, claims), ())


def duck(kb: KnowledgeBase, folder: Path) -> DuckEngine:
    write_table(kb, kb.claims, folder, 300)
    table = Table(folder)
    return DuckEngine(table.parts, table.links)


# Counts


@pytest.mark.parametrize("base", [shipped, toy])
def test_all_data_are_counted_as_by_hand(base: Callable[[], KnowledgeBase], tmp_path: Path) -> None:
    kb = base()
    wanted = by_hand(kb.domain, kb.claims)
    assert wanted
    assert told(survey(lite(kb.claims), kb.domain)) == wanted
    assert told(survey(duck(kb, tmp_path / "t"), kb.domain)) == wanted


def test_random_claims_are_counted_as_by_hand() -> None:
    """Poly-hierarchies, units to convert, sets, open bounds, unknown scope; many claims of few sources."""
    seen: Counter[str] = Counter()
    for seed in range(100):
        kb = with_rankings(jumbled(shipped(), seed, 30 + seed, 1 + seed % 12), seed, 20)
        wanted = by_hand(kb.domain, kb.claims)
        rows = list(survey(lite(kb.claims), kb.domain))
        assert told(rows) == wanted
        for row in rows:
            seen.update({"same": row.same, "explained": row.explained, "unknown": row.unknown, str(row.kind): 1})
    named = ("same", "explained", "unknown", "quantity", "statement", "comparison")
    assert [name for name in named if not seen[name]] == []


def with_rankings(kb: KnowledgeBase, seed: int, count: int) -> KnowledgeBase:
    """Add rankings of a few pairs: seen from either side, with any relation and the scope of any other ranking."""
    rng = random.Random(seed)  # noqa: S311 - test data
    known = [claim for claim in shipped().claims if claim.kind is Kind.COMPARISON]
    models, claims = rng.sample(known, 3), list(kb.claims)
    for number in range(count):
        model = rng.choice(models)
        sides = rng.sample([model.subject, model.than], 2)
        changed = {"id": f"r-{number:05}", "source": f"s-{rng.randrange(8)}", "relation": rng.choice(list(Relation))}
        changed |= {"subject": sides[0], "than": sides[1], "scope": rng.choice(known).scope}
        claims.append(model.model_copy(update=changed))
    return replace(kb, claims=tuple(claims))


@pytest.mark.parametrize("seed", range(3))
def test_duckdb_counts_the_same(seed: int, tmp_path: Path) -> None:
    kb = with_rankings(jumbled(shipped(), seed, 300, 5), seed, 60)
    assert told(survey(duck(kb, tmp_path / "t"), kb.domain)) == by_hand(kb.domain, kb.claims)


def crowded(count: int, sources: int) -> KnowledgeBase:
    """Return many claims of few sources on one question: values of all forms, and four dimensions that separate."""
    kb = shipped()
    chosen = max(
        (p for p in kb.domain.properties.values() if p.kind == "quantity" and p.unit and p.tolerance and p.compared),
        key=lambda p: (len(p.separated_by) + len(p.also_separated_by), p.id),
    )
    model = next(c for c in jumbled(kb, 1, 40, 20).claims if isinstance(c.value, Interval))
    names = sorted({*chosen.separated_by, *chosen.also_separated_by})
    subject = sorted(c for c in kb.domain.concepts if not kb.domain.implied(c))[0]
    claims = []
    for number in range(count):
        scope = tuple(
            ScopeValue(dimension=name, values=(_scope_value(kb.domain, name, number, place),), state="stated")
            for place, name in enumerate(names)
            if (number * (place + 3)) % 5
        )
        fields = {"id": f"c-{number:05}", "source": f"s-{number % sources}", "property": chosen.id, "scope": scope}
        fields |= {"value": _some_value(chosen.unit or "", number), "subject": subject, "object": None}
        fields |= {"certainty": "asserted", "attribution": "author", "polarity": "affirmed"}
        claims.append(Claim.model_validate(model.model_dump() | fields))
    return replace(kb, claims=tuple(claims))


def _scope_value(domain: Domain, name: str, number: int, place: int) -> str:
    schemes = domain.dimensions[name].schemes
    if not schemes:
        return f"{number * 7 % 5 + 1} day"
    known = sorted(c.id for c in domain.concepts.values() if c.scheme in schemes)
    return known[number * 7 // (place + 2) % min(5, len(known))]


def _some_value(unit: str, number: int) -> Interval | ValueSet:
    low = Decimal(number * 37 % 23)
    forms = [
        {"low": low, "high": low},
        {"low": low, "high": low + 4, "bound": "range"},
        {"low": low, "bound": "at_least"},
        {"high": low, "bound": "up_to"},
        {"low": low, "high": low, "bound": "about"},
    ]
    if number % 7 == 6:
        return ValueSet(any_of=(low, low + 3, low + 9), unit=unit)
    return Interval.model_validate({"unit": unit} | forms[number % 7 % 5])


@pytest.mark.parametrize(("count", "sources"), [(300, 4), (300, 30), (200, 200)])
def test_one_crowded_question_is_counted_as_by_hand(count: int, sources: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources with many claims take the matrix way; tiny blocks and either form of product give the same."""
    kb = crowded(count, sources)
    wanted = by_hand(kb.domain, kb.claims)
    assert len(wanted) == 1
    for cells, full in ((4_000_000, 30), (500, 0), (500, 10**9)):
        monkeypatch.setattr("kb.bulk.scope_kernel.CELLS", cells)
        monkeypatch.setattr("kb.bulk.scope_kernel.FULL", full)
        monkeypatch.setattr("kb.bulk.scope_kernel.PAIRED", cells)
        assert told(survey(lite(kb.claims), kb.domain)) == wanted


def test_a_cap_leaves_totals_exact_and_says_what_it_left_out() -> None:
    kb = crowded(300, 50)
    (whole,) = survey(lite(kb.claims), kb.domain)
    (few,) = survey(lite(kb.claims), kb.domain, cap=10)
    assert whole.scopes > 10
    assert (whole.capped, whole.left_out, few.capped) == (False, 0, True)
    assert few.left_out > 0
    assert (few.claims, few.sources, few.pairs, few.apart_answers) == (
        (whole.claims, whole.sources, whole.pairs, whole.apart_answers)
    )
    assert few.same + few.explained + few.unknown + few.left_out == few.pairs
    kept = _most_frequent(kb, 10)
    (alone,) = by_hand(kb.domain, kept).values()
    assert (few.same, few.explained, few.unknown) == alone[6:9]
    assert f"{few.left_out:,} not looked at" in sentence(kb.domain, few)


def _most_frequent(kb: KnowledgeBase, cap: int) -> list[Claim]:
    """Return the claims of the scopes with most claims; equal ones rank by the order in which values first occur."""
    definition = kb.domain.properties[kb.claims[0].property]
    names = sorted({*definition.separated_by, *definition.also_separated_by})
    codes: dict[str, dict[tuple[str, ...], int]] = {name: {(): 0} for name in names}
    for claim in sorted(kb.claims, key=lambda c: claim_row(c)["scope"]):
        for name, value in effective_scope(kb.domain, claim).items():
            codes[name].setdefault(value, len(codes[name]))
    scope_of = {c.id: tuple(codes[n][effective_scope(kb.domain, c).get(n, ())] for n in names) for c in kb.claims}
    counts = Counter(scope_of.values())
    chosen = set(sorted(counts, key=lambda scope: (-counts[scope], scope))[:cap])
    return [claim for claim in kb.claims if scope_of[claim.id] in chosen]


def test_numbers_that_a_double_cannot_tell_apart_are_two_answers() -> None:
    kb = crowded(2, 2)
    name = next(p for p in kb.domain.properties.values() if p.kind == "quantity" and p.unit and not p.tolerance)
    claims = []
    for claim, text in zip(kb.claims, ["100000000000000000.1", "100000000000000000.2"], strict=True):
        value = Interval(low=Decimal(text), high=Decimal(text), unit=name.unit or "")
        claims.append(claim.model_copy(update={"value": value, "property": name.id, "scope": ()}))
    (row,) = survey(lite(claims), kb.domain)
    assert (row.answers, row.apart_answers, row.pairs) == (2, 1, 1)


def test_the_order_of_claims_changes_nothing() -> None:
    kb = crowded(200, 30)
    few = jumbled(shipped(), 5, 200, 6)
    for claims in (kb.claims, few.claims):
        once = list(survey(lite(claims), kb.domain, cap=10))
        assert once
        assert list(survey(lite(claims[::-1]), kb.domain, cap=10)) == once


def test_no_claims_have_no_questions() -> None:
    assert list(survey(lite(()), toy().domain)) == []


# Words, order and the command line


def test_a_sentence_says_what_was_counted() -> None:
    row = QuestionSurvey(
        "t", "p", Kind.QUANTITY, "s", "", "", 12, 9, 5, 7, 20, 3, 15, 2, 0, (("route", 12), ("time", 5)), 1, 6, False
    )
    route = shipped().domain.dimensions["route"].label
    assert sentence(shipped().domain, row) == (
        f"12 claims of 9 sources give 5 values; of 20 pairs that do not go together, 3 in one scope, "
        f"15 explained (most by {route}), 2 unknown."
    )


def test_rows_are_ordered_by_what_is_asked() -> None:
    rows = list(survey(lite(shipped().claims), shipped().domain))
    for order in Order:
        sizes = [getattr(row, order.value) for row in ordered(rows, order)]
        assert sizes == sorted(sizes, reverse=True)
        assert ordered(rows, order, 3) == ordered(rows[::-1], order)[:3]


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_says_the_same_of_a_data_folder_and_its_table(tmp_path: Path) -> None:
    run("--data", TOY, "export", "table", "--out", tmp_path / "t")
    wanted = run("--data", TOY, "survey", "--limit", 0, "-f", "jsonl")
    assert run("--data", tmp_path / "t", "survey", "--limit", 0, "-f", "jsonl") == wanted
    rows = [json.loads(line) for line in wanted.splitlines()]
    topic = rows[0]["topic"]
    only = run("--data", TOY, "survey", "--topic", topic, "--limit", 0, "-f", "csv")
    assert [row["question"] for row in csv.DictReader(io.StringIO(only))] == [
        row["question"] for row in rows if row["topic"] == topic
    ]
    assert len(run("--data", TOY, "survey", "--limit", 2, "-f", "jsonl").splitlines()) == 2
    run("--data", TOY, "survey", "-f", "parquet", "-o", tmp_path / "rows.parquet")
    assert (tmp_path / "rows.parquet").stat().st_size > 100


def test_a_topic_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="is no topic"):
        CliRunner().invoke(app, ["--data", str(TOY), "survey", "--topic", "nonsense"], catch_exceptions=False)
