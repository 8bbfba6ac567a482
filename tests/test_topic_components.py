"""The pictures of a topic: number line, classes, order, time line, statements and the matrix, without a browser."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kb.audit import find_all
from kb.build import build
from kb.catalogue import Catalogue, Inbox
from kb.coverage import matrix as coverage
from kb.model import Claim, Kind, Ordinal, Relation
from kb.standing import review
from kb.ui.components import matrix, numberline, order, ordinal, positions, timeline
from kb.ui.components.lines import Axis, Ends, Lines, figure, nice
from kb.ui.components.topic_css import CSS
from kb.ui.desk import Desk
from kb.ui.store import shelf
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = '"><script>alert(1)</script>\u202e\\N'


@pytest.fixture(scope="module")
def desk() -> Desk:
    kb = build(ROOT / "data" / "ketamine")
    return Desk(Catalogue(kb), Inbox(review(kb, find_all(kb))))


def hostile(desk: Desk, claims: Iterable[Claim]) -> Desk:
    """The same desk, with hostile names of all sources and hostile text in some claims."""
    ids = {claim.id for claim in claims}
    spoilt = tuple(c.model_copy(update={"text": HOSTILE}) if c.id in ids else c for c in desk.kb.claims)
    documents = tuple(d.model_copy(update={"short": HOSTILE}) for d in desk.kb.documents)
    works = tuple(w.model_copy(update={"shorthand": HOSTILE, "title": HOSTILE}) for w in desk.kb.works)
    return Desk(Catalogue(replace(desk.kb, claims=spoilt, documents=documents, works=works)), desk.inbox)


def valued(desk: Desk, *values: dict[str, Any], **more: Any) -> list[Claim]:
    """Claims on one property that differ in their value alone."""
    first = next(c for c in desk.catalogue.by_property["dose"] if c.kind is Kind.QUANTITY)
    return [
        Claim.model_validate(first.model_dump() | {"id": f"c-{number}", "value": value, "scope": ()} | more)
        for number, value in enumerate(values)
    ]


def drawn(desk: Desk, *values: dict[str, Any]) -> Lines:
    return numberline.rows(desk.kb, valued(desk, *values))


def safe(shown: str) -> None:
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert "&lt;script&gt;" in shown


# The number line


def test_each_form_of_value_is_drawn_in_its_own_way(desk: Desk) -> None:
    lines = drawn(
        desk,
        {"low": "0.5", "high": "1", "unit": "mg/kg", "bound": "range"},
        {"low": "2", "high": "2", "unit": "mg/kg"},
        {"any_of": ["1", "3"], "unit": "mg/kg"},
        {"low": "1", "unit": "mg/kg", "bound": "at_least"},
        {"high": "2", "unit": "mg/kg", "bound": "up_to"},
        {"vague": True, "unit": "mg/kg", "printed": "a few milligrams"},
    )
    shown = numberline.build(lines)
    assert shown.count('class="kb-t-dot"') == 2
    assert shown.count('class="kb-t-joined"') == 1
    assert shown.count('class="kb-t-point"') == 1
    assert shown.count('class="kb-t-bar"') == 3
    assert shown.count('class="kb-t-on"') == 1
    assert shown.count('class="kb-t-cap"') == 4  # both ends of the range, the lower one, the upper one
    assert "“a few milligrams”" in shown
    assert "no number given" in shown
    assert lines.rows[-1].ends == ()
    bounds = [row["bound"] for row in numberline.table_rows(lines)]
    assert bounds == ["up to", "range", "exact", "at least", "exact", "in words"]


def test_a_vague_value_gets_no_number(desk: Desk) -> None:
    lines = drawn(desk, {"vague": True, "unit": "mg/kg", "printed": "a few"})
    assert lines.axis is None
    assert "kb-t-track" not in numberline.build(lines)
    assert numberline.table_rows(lines)[0]["in the unit of the axis"] == "no number given"
    assert "1 in words only" in numberline.summary(lines)


def test_the_band_is_where_most_overlap(desk: Desk) -> None:
    spread = [("0", "4"), ("2", "6"), ("3", "8"), ("20", "30")]
    lines = drawn(desk, *({"low": low, "high": high, "unit": "mg/kg", "bound": "range"} for low, high in spread))
    assert lines.band is not None
    assert tuple(lines.band) == (3.0, 4.0, 3, 4)
    assert "3 of 4 overlap in 3–4 mg/kg" in numberline.summary(lines)
    apart = drawn(desk, *({"low": n, "high": n, "unit": "mg/kg"} for n in "1234567"))
    assert apart.band is None


def test_numbers_far_apart_stand_on_a_logarithmic_axis(desk: Desk) -> None:
    lines = drawn(desk, *({"low": n, "high": n, "unit": "mg/kg"} for n in ("0.5", "20", "400")))
    assert lines.axis is not None
    assert lines.axis.log
    assert "logarithmic" in numberline.build(lines)
    near = drawn(desk, *({"low": n, "high": n, "unit": "mg/kg"} for n in ("2", "20", "400")))
    assert near.axis is not None
    assert not near.axis.log


def test_values_are_set_in_the_unit_of_the_property(desk: Desk) -> None:
    claims = [c for c in desk.catalogue.by_property["onset-of-action"] if c.kind is Kind.QUANTITY]
    ends = {row.said: row.ends for row in numberline.rows(desk.kb, claims).rows}
    assert ends["about 30 s"] == (Ends(0.5, 0.5),)


def test_a_long_list_is_cut_and_says_so(desk: Desk) -> None:
    lines = drawn(desk, *({"low": str(n), "high": str(n), "unit": "mg/kg"} for n in range(1, 101)))
    shown = numberline.build(lines)
    assert shown.count("<li ") == 60
    assert "40 more claims are in the table." in shown
    assert len(numberline.table_rows(lines)) == 100
    assert numberline.svg(lines).count("<polygon") == 60


def test_nothing_is_said_plainly(desk: Desk) -> None:
    lines = numberline.rows(desk.kb, [])
    assert "No claims in this selection." in numberline.build(lines)
    ElementTree.fromstring(numberline.svg(lines))  # noqa: S314 - made here


def test_every_quantity_of_the_shipped_data_is_drawn_within_the_picture(desk: Desk) -> None:
    for claims in desk.catalogue.by_property.values():
        numbers = [c for c in claims if c.kind is Kind.QUANTITY and not isinstance(c.value, Ordinal)]
        if not numbers:
            continue
        lines = numberline.rows(desk.kb, numbers)
        shown = numberline.build(lines)
        assert len(lines.rows) == len(numbers)
        for name, number in re.findall(r"(left|width):(-?[\d.]+)%", shown):
            assert 0 <= float(number) <= 100.01, name
        ElementTree.fromstring(numberline.svg(lines))  # noqa: S314 - made here
        assert f"{len(numbers):,} claim" in numberline.summary(lines)


def test_hostile_text_stays_text_on_the_line(desk: Desk) -> None:
    claims = valued(
        desk,
        {"low": "1", "high": "1", "unit": "mg/kg", "printed": HOSTILE},
        {"vague": True, "unit": "mg/kg", "printed": HOSTILE},
        text=HOSTILE,
    )
    spoilt = hostile(desk, claims)
    lines = numberline.rows(spoilt.kb, claims)
    safe(numberline.build(lines))
    picture = numberline.svg(lines)
    safe(picture)
    root = ElementTree.fromstring(picture)  # noqa: S314 - made here
    assert {node.tag.rpartition("}")[2] for node in root.iter()} <= {"svg", "title", "desc", "rect", "text", "g"} | {
        "line",
        "polygon",
        "circle",
    }
    assert root.attrib["width"] == "720"


@given(st.floats(1e-6, 1e9), st.floats(1, 1e4))
def test_places_lie_within_the_axis(low: float, factor: float) -> None:
    for log in (False, True):
        axis = Axis(low, low * (1 + factor), (), log)
        assert axis.place(low) == 0
        assert axis.place(math.inf) == 100
        assert axis.place(-math.inf) == 0
        assert 0 < axis.place(low * (1 + factor / 2)) <= 100
    assert factor * (1 - 1e-8) <= nice(factor) <= 10 * factor


@pytest.mark.parametrize(
    ("number", "years", "told"),
    [
        (17_300_000, False, "17.3 million"),
        (1877, False, "1,877"),
        (0.25, False, "0.25"),
        (0.0005, False, "0.0005"),
        (13.0451, False, "13.05"),
        (-4.5, False, "-4.5"),
        (0, False, "0"),
        (1964, True, "1964"),
    ],
)
def test_numbers_are_written_as_people_write_them(number: float, years: bool, told: str) -> None:
    assert figure(number, years) == told


# Classes, order, time line, statements


def test_classes_stand_in_rank_order_and_differing_rows_first(desk: Desk) -> None:
    claims = [c for c in desk.catalogue.by_property["frequency-class"] if isinstance(c.value, Ordinal)]
    ranks = [concept.rank or 0 for concept in ordinal.scale(desk.kb, claims)]
    assert ranks == sorted(ranks)
    made = ordinal.rows(desk.kb, claims)
    assert [row.disagrees for row in made] == sorted((row.disagrees for row in made), reverse=True)
    shown = ordinal.build(desk.kb, claims)
    assert shown.count("kb-t-chip") == len(claims)
    assert "<caption>" in shown
    assert 'scope="row"' in shown
    safe(ordinal.build(hostile(desk, claims).kb, claims))


def test_less_is_greater_the_other_way_round(desk: Desk) -> None:
    claims = [c for c in desk.catalogue.by_property["efficacy"] if c.relation is Relation.LESS]
    for edge in order.edges(claims, desk.inbox):
        assert edge.relation is Relation.GREATER
        assert all((claim.than, claim.subject) == (edge.upper, edge.lower) for claim in edge.claims)


def test_the_order_names_every_source_and_marks_what_clashes(desk: Desk) -> None:
    claims = [c for c in desk.catalogue.by_property["efficacy"] if c.kind is Kind.COMPARISON]
    found = order.edges(claims, desk.inbox)
    assert sum(len(edge.claims) for edge in found) == len(claims)
    assert found[0].opposed
    graph = order.dot(desk.kb, found)
    assert graph.count(" -> ") == sum(not edge.denied for edge in found)
    assert 'penwidth="2.5"' in graph
    assert 'dir="none"' in graph
    assert "#86149B" in graph
    assert "#F0AEF7" in order.dot(desk.kb, found, dark=True)
    assert order.listed(desk.kb, found).count('<a href="/') == len(claims)
    assert "is greater for" in order.alternative(desk.kb, found)


def test_hostile_names_cannot_end_a_string_of_the_graph(desk: Desk) -> None:
    claims = [c for c in desk.catalogue.by_property["efficacy"] if c.kind is Kind.COMPARISON]
    spoilt = hostile(desk, claims)
    graph = order.dot(spoilt.kb, order.edges(claims, desk.inbox))
    assert "\u202e" not in graph
    bare = re.sub(r'"(?:\\.|[^"\\])*"', "", graph)
    assert "script" not in bare
    assert bare.count('"') == 0
    assert order.quoted('a"\\N\n&lt;') == '"a\\"\\\\N\\n&amp;lt;"'
    safe(order.listed(hostile(desk, claims).kb, order.edges(claims, desk.inbox)))


def test_works_stand_in_order_of_their_years(desk: Desk) -> None:
    works = timeline.cited_works(desk.kb, desk.catalogue.by_topic["efficacy"])
    years = [work.year or 0 for work in works]
    assert years == sorted(years)
    shown = timeline.build(desk.kb, works)
    assert shown is not None
    assert shown.count("<a ") == len(works)
    assert timeline.build(desk.kb, []) is None
    safe(timeline.build(hostile(desk, []).kb, works) or "")


def test_statements_count_every_claim_once_and_name_what_they_rest_on(desk: Desk) -> None:
    claims = [c for c in desk.catalogue.by_property["causes"] if c.kind is Kind.STATEMENT]
    found = positions.positions(desk, claims)
    assert sorted(c.id for p in found for c in p.claims) == sorted(c.id for c in claims)
    ranks = [positions._rank(position.worst) for position in found]
    assert ranks == sorted(ranks)
    shown = positions.build(desk, found)
    assert "no source named" in shown
    assert "rests on" in shown
    spoilt = hostile(desk, claims)
    safe(positions.build(spoilt, positions.positions(spoilt, spoilt.catalogue.by_property["causes"])))


# The screen


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setenv("KB_DATA", str(ROOT / "data" / "ketamine"))
    monkeypatch.delenv("KB_SOURCES", raising=False)
    yield AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    shelf.clear()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({}, "Expected by the vocabulary, found nowhere"),
        ({"order": "disagreement"}, "kb-matrix"),
        ({"topic": HOSTILE}, "is not in the vocabulary"),
        ({"topic": "dose", "prop": "dose"}, "kb-t-point"),
        ({"topic": "dose", "prop": "no-such"}, "No claim on this topic is about a property no-such"),
        ({"topic": "onset", "prop": "onset-of-action", "doc": "page-001"}, "kb-t"),
        ({"topic": "onset", "prop": "onset-of-action", "doc": "page-003"}, "No claims in this selection"),
        ({"topic": "dose", "prop": "dose", "scope": "route:oral"}, "oral ketamine"),
        ({"topic": "dose", "prop": "dose", "scope": "no:such"}, "kb-t-point"),
        ({"topic": "dose", "prop": "plasma-peak"}, "there is nothing to compare"),
        ({"topic": "safety", "prop": "causes", "page": "2"}, "‹ earlier"),
        ({"topic": "safety", "prop": "frequency-class"}, "kb-t-ordinal"),
    ],
)
def test_the_screen_answers_every_address(app: AppTest, names: dict[str, str], told: str) -> None:
    for name, value in names.items():
        app.query_params[name] = value
    app.switch_page("kb/ui/scripts/topics.py").run()
    assert not app.exception
    shown = "\n".join(str(element.proto.body) for element in app.get("html"))
    assert "This screen failed" not in shown, shown[-3000:]
    assert told in shown
    assert "<script" not in shown


# The matrix


def test_the_matrix_counts_every_claim_of_a_document(desk: Desk) -> None:
    shown = matrix.build(desk)
    cells = coverage(desk.kb, [s.finding for s in desk.inbox.standings if s.remains])
    counts = [int(n) for n in re.findall(r'title="(\d+) claims', shown)]
    assert sum(counts) == sum(cell.claims for cell in cells)
    assert sum(counts) == desk.catalogue.made
    assert shown.count("kb-silent") == sum(cell.state == "silent" for cell in cells)
    assert 'role="region"' in shown
    assert 'tabindex="0"' in shown
    assert shown.count('scope="row"') == len(desk.catalogue.topics)
    safe(matrix.build(hostile(desk, [])))


def test_the_style_names_nothing_outside() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert "</" not in CSS
    assert CSS.count("{") == CSS.count("}")
