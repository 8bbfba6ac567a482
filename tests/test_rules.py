"""Rules that hold for every detector, each once broken and mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from kb.audit import judge, order_findings
from kb.build import with_page_scope
from kb.detectors import DETECTORS
from kb.domain import Domain
from kb.groups import make_groups
from kb.model import Document, Finding, ScopeState, ScopeValue, State
from kb.scopes import compare_dimension, effective_scope
from kb.vocabulary import load_domain

from building import claim_from_row, faults

VOCABULARY = Path(__file__).parent.parent / "data" / "ketamine" / "vocabulary.ttl"


@pytest.fixture(scope="module")
def domain() -> Domain:
    return load_domain(VOCABULARY, "vocabulary.ttl")


def found(domain: Domain, *rows: dict[str, str]) -> list[Finding]:
    claims = [claim_from_row(number, {"source": f"page {number}", **row}) for number, row in enumerate(rows, 1)]
    groups = make_groups(domain, claims)
    return list(order_findings(judge(groups, [detector.CODE for detector in DETECTORS])))


RANKED = {"subject": "esketamine", "property": "efficacy", "than": "arketamine"}
LASTING = {"subject": "ketamine", "property": "recovery-time"}


def test_a_denied_ranking_or_figure_is_not_held_by_its_source(domain: Domain) -> None:
    above, below = RANKED | {"relation": "greater"}, RANKED | {"relation": "less"}
    assert len(found(domain, above, below)) == 1
    assert found(domain, above | {"certainty": "denied"}, below) == []
    assert found(domain, above | {"polarity": "negated"}, below) == []
    short, long = LASTING | {"value": "10 min"}, LASTING | {"value": "90 min"}
    assert len(found(domain, short, long)) == 1
    assert found(domain, short, long | {"polarity": "negated"}) == []
    assert found(domain, short, long | {"certainty": "denied"}) == []


def test_a_source_that_retells_others_does_not_contradict_itself(domain: Domain) -> None:
    below = RANKED | {"relation": "less", "source": "page 1"}
    above = RANKED | {"relation": "greater", "source": "page 1"}
    assert len(found(domain, above, below)) == 1
    assert found(domain, above | {"attribution": "reported"}, below) == []


@pytest.mark.parametrize(
    ("a", "b", "state"),
    [
        ("< 24 h", "> 24 h", ScopeState.DIFFERS),
        ("< 24 h", ">= 24 h", ScopeState.DIFFERS),
        ("<= 4 week", "> 4 week", ScopeState.DIFFERS),
        ("<= 24 h", ">= 24 h", ScopeState.SAME),
        ("~24 h", "25 h", ScopeState.SAME),
        ("1 day", "24 h", ScopeState.SAME),
        ("day 2", "day 28", ScopeState.DIFFERS),
        ("7 day", "30 min", ScopeState.DIFFERS),
    ],
)
def test_time_points_keep_strict_bounds(domain: Domain, a: str, b: str, state: ScopeState) -> None:
    time = domain.dimensions["time"]
    assert compare_dimension(domain, time, (a,), (b,)) is state
    assert compare_dimension(domain, time, (b,), (a,)) is state


def test_the_scope_of_a_page_does_not_overrule_what_a_subject_implies(domain: Domain) -> None:
    page = Document(
        id="page",
        title="Page",
        publisher="somebody",
        kind="page",
        captured="now",
        characters=1,
        sha256="0" * 64,
        short="Page",
        scope=(ScopeValue(dimension="route", values=("intravenous",), state=State.INHERITED, basis="page"),),
    )
    nasal = claim_from_row(1, {"source": "page", "subject": "esketamine-nasal", "property": "dose", "value": "1 mg/kg"})
    plain = claim_from_row(2, {"source": "page", "subject": "ketamine", "property": "dose", "value": "1 mg/kg"})
    assert effective_scope(domain, with_page_scope(domain, nasal, page))["route"] == ("intranasal",)
    assert effective_scope(domain, with_page_scope(domain, plain, page))["route"] == ("intravenous",)


def test_scope_and_classes_come_from_their_own_scheme(domain: Domain) -> None:
    row = {
        "source": "page",
        "subject": "ketamine",
        "property": "dose",
        "value": "1 mg/kg",
        "scope": "route: depression",
    }
    assert "is of the scheme indication" in faults(domain, [claim_from_row(1, row)])[0]
    classed = {"source": "page", "subject": "ketamine", "property": "frequency-class", "object": "nausea"}
    assert faults(domain, [claim_from_row(1, classed | {"value": "rare"})]) == []
    assert "on no scale" in faults(domain, [claim_from_row(1, classed | {"value": "oral"})])[0]


def test_findings_with_the_same_members_are_all_kept(domain: Domain) -> None:
    """A chain in which neighbours share a route and the others do not: one contradiction, one explained."""
    routes = ("intravenous", "intravenous or oral", "intranasal or oral", "intranasal")
    rows = [
        LASTING | {"value": f"{value} min", "scope": f"route: {route}"}
        for value, route in zip((1, 5, 25, 125), routes, strict=True)
    ]
    kinds = [finding.kind.value for finding in found(domain, *rows)]
    assert sorted(kinds) == ["contradiction", "explained"]


def lasting(source: str, value: int, route: str) -> dict[str, str]:
    return LASTING | {"source": source, "value": f"{value} min", "scope": f"route: {route}"}


def test_where_two_sources_clash_in_one_scope_another_scope_explains_nothing(domain: Domain) -> None:
    here, there = lasting("page 1", 10, "intravenous"), lasting("page 2", 90, "intravenous")
    elsewhere = lasting("page 2", 200, "oral")
    assert [finding.kind for finding in found(domain, here, elsewhere)] == ["explained"]
    assert [finding.kind for finding in found(domain, here, there, elsewhere)] == ["contradiction"]


def test_one_figure_for_two_products_is_two_answers(domain: Domain) -> None:
    rows = [
        lasting(f"page {n}", n % 2 * 80 + 10, route) for n, route in enumerate(("intravenous",) * 2 + ("oral",) * 2)
    ]
    clashes = [finding for finding in found(domain, *rows) if finding.kind == "contradiction"]
    assert [len(finding.members) for finding in clashes] == [2, 2]
