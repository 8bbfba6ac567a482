"""Large cells are condensed alike in Python and in SQL, and what they are condensed to is telling."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from kb.audit import find_all, findings_about
from kb.build import KnowledgeBase, build
from kb.bulk.adding import opened_by
from kb.bulk.engines import Engine
from kb.bulk.filtering import prepare
from kb.bulk.finding import find_in
from kb.condensing import CELL_WHOLE, VARIANTS_KEPT, condense
from kb.counting import cell_of
from kb.model import Attribution, Bound, Certainty, Claim, Interval, Kind, Polarity

from test_bulk import duck, jumbled, lite, plain, shipped, world

pytest.importorskip("duckdb")

SEEDS = range(12)


@cache
def dense(seed: int, size: int = 500) -> KnowledgeBase:
    """Return a base of which some cells hold very many claims, of every kind over the seeds."""
    kb = shipped()
    kinds = list(Kind)
    wanted = kinds[seed % len(kinds)]
    one = replace(kb, claims=tuple(c for c in kb.claims if c.kind is wanted and c.scope))
    few = jumbled(one, seed, size, 1)
    by_size: dict[str, int] = {}
    for claim in few.claims:
        by_size[claim.property] = by_size.get(claim.property, 0) + 1
    commonest = {name for name, _ in sorted(by_size.items(), key=lambda item: -item[1])[:3]}
    claims = []
    for number, claim in enumerate(few.claims):
        alike = claim.property in commonest and number % 4
        subject = "ketamine" if alike and claim.than != "ketamine" else claim.subject
        claims.append(claim.model_copy(update={"subject": subject}))
    return replace(few, claims=tuple(claims))


def kept_in(engine: Engine, kb: KnowledgeBase) -> dict[str, tuple[int, int, int]]:
    prepare(engine, kb.domain)
    rows = engine.ask("SELECT id, weight, of_variants, of_claims FROM held")
    return {name: (int(weight), int(variants), int(claims)) for name, weight, variants, claims in rows}


@pytest.mark.parametrize("seed", SEEDS)
def test_sql_condenses_to_the_same_claims_as_python(seed: int, tmp_path: Path) -> None:
    kb = dense(seed)
    claims, counted = condense(kb.domain, kb.claims)
    wanted = {c.id: (counted.weights.get(c.id, 1), *counted.totals.get(cell_of(c), (0, 0))) for c in claims}
    assert kept_in(lite(kb.claims), kb) == wanted
    assert counted.totals
    if seed < 3:
        assert kept_in(duck(kb, tmp_path / "t"), kb) == wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_findings_on_large_cells_are_those_of_the_small_path(seed: int, tmp_path: Path) -> None:
    kb = dense(seed)
    wanted = plain(find_all(kb))
    assert plain(find_in(lite(kb.claims), world(kb))) == wanted
    if seed < 3:
        assert plain(find_in(duck(kb, tmp_path / "t"), world(kb), batch=100)) == wanted


def test_some_of_these_large_cells_clash_and_say_that_a_sample_was_compared() -> None:
    sampled = [any("A sample of" in line for line in plain(find_all(dense(seed)))) for seed in SEEDS]
    assert sum(sampled) >= 4


@cache
def model() -> tuple[KnowledgeBase, Claim]:
    kb = build(Path(__file__).resolve().parent.parent / "data" / "ketamine")
    return kb, next(c for c in kb.claims if c.property == "dose" and isinstance(c.value, Interval) and c.scope)


def figures(values: list[int], **changed: object) -> list[Claim]:
    _, claim = model()
    assert isinstance(claim.value, Interval)
    made = []
    for number, value in enumerate(values):
        own = claim.value.model_copy(update={"low": Decimal(value), "high": Decimal(value), "bound": Bound.EXACT})
        made.append(claim.model_copy(update={"id": f"c-{number:05}", "value": own, **changed}))
    return made


def test_a_cell_of_no_more_than_the_bound_stays_whole() -> None:
    kb, _ = model()
    found = figures([1] * CELL_WHOLE)
    claims, counted = condense(kb.domain, found)
    assert list(claims) == found
    assert not counted.totals
    assert not counted.weights


def test_claims_that_say_the_same_are_two_with_the_weight_of_all() -> None:
    kb, _ = model()
    claims, counted = condense(kb.domain, figures([1] * 100 + [7]))
    assert [claim.id for claim in claims] == ["c-00000", "c-00099", "c-00100"]
    assert counted.weight(claims) == 101
    assert counted.totals == {cell_of(claims[0]): (2, 101)}


def test_the_ends_and_the_most_common_answers_are_kept() -> None:
    kb, _ = model()
    common = [50] * 30 + [60] * 20
    claims, _ = condense(kb.domain, figures([*range(100, 400), 1, 9000, *common]))
    kept = {int(c.value.low) for c in claims if isinstance(c.value, Interval) and c.value.low is not None}
    assert {1, 9000, 50, 60} <= kept
    assert len(claims) <= 2 * VARIANTS_KEPT


def test_the_ends_of_every_common_scope_are_kept() -> None:
    kb, claim = model()
    scopes = [claim.scope, claim.scope[:1], ()]
    found = []
    for scope, (shift, value) in product(scopes, enumerate([5, 100, *range(10, 60)])):
        (one,) = figures([value], scope=scope)
        found.append(one.model_copy(update={"id": f"c-{len(found):03}-{shift}"}))
    claims, _ = condense(kb.domain, found)
    for scope in scopes:
        own = {int(c.value.low) for c in claims if c.scope == scope and isinstance(c.value, Interval) and c.value.low}
        assert {5, 100} <= own


def test_a_rare_denial_among_many_affirmations_is_kept() -> None:
    kb, _ = model()
    claim = next(c for c in kb.claims if c.kind is Kind.STATEMENT and c.certainty is Certainty.ASSERTED)
    many = [claim.model_copy(update={"id": f"c-{n:05}", "polarity": Polarity.AFFIRMED}) for n in range(500)]
    rare = claim.model_copy(update={"id": "c-99999", "polarity": Polarity.NEGATED})
    claims, counted = condense(kb.domain, [*many, rare])
    assert rare in claims
    assert counted.weight(claims) == 501


def test_hypotheses_are_nobodys_claims() -> None:
    kb, _ = model()
    claims, _ = condense(kb.domain, figures([1, 2], attribution=Attribution.HYPOTHETICAL))
    assert claims == ()


@pytest.mark.parametrize("seed", range(4))
def test_one_more_document_opens_what_a_rebuild_finds_of_it_on_large_cells(seed: int) -> None:
    kb = dense(seed)
    document = max(kb.documents, key=lambda document: sum(claim.source == document.id for claim in kb.claims))
    own = [claim for claim in kb.claims if claim.source == document.id]
    rest = [claim for claim in kb.claims if claim.source != document.id]
    wanted = plain(findings_about(find_all(kb), document.id))
    assert plain(opened_by(lite(rest), world(kb), own, document)) == wanted
    assert own


def test_the_ends_of_the_whole_cell_are_kept_though_their_scopes_are_rare() -> None:
    kb, claim = model()
    entry = claim.scope[0]
    found = []
    for number in range(122):
        rare = number >= 120
        value = (1, 9000)[number - 120] if rare else 100 + number
        scope = (entry.model_copy(update={"values": (f"scope {number if rare else number % 40}",)}),)
        (one,) = figures([value], scope=scope)
        found.append(one.model_copy(update={"id": f"c-{number:03}"}))
    claims, _ = condense(kb.domain, found)
    assert {"c-120", "c-121"} <= {claim.id for claim in claims}


def test_a_finding_counts_the_claims_that_others_stand_for() -> None:
    kb, _ = model()
    pages = [document.id for document in kb.documents]
    said = [c.model_copy(update={"source": pages[n % 4]}) for n, c in enumerate(figures([1] * 100 + [7]))]
    said[-1] = said[-1].model_copy(update={"source": pages[4]})
    found = find_all(replace(kb, claims=tuple(said), verdicts=()))
    (apart,) = [finding for finding in found if finding.code == "V001"]
    assert apart.claims == 101
    assert "A sample of 2 stances in 101 claims was compared" in apart.sentence
    assert {"100 behind A", "1 behind B"} <= set(re.findall(r"\d+ behind \w", apart.sentence))
