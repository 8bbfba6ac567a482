"""What screens are made of, without a browser: markup, addresses, filters, the card, the graph, and what is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kb.audit import find_all
from kb.build import build, read
from kb.catalogue import Catalogue, Inbox
from kb.errors import InputError
from kb.graph import around
from kb.judging import judge
from kb.model import FindingKind, ScopeState
from kb.scopes import describe_scope, member_values, state_words
from kb.standing import StandingState, review
from kb.ui.components import card, ring_graph, tabular
from kb.ui.components.scope_table import poles_of
from kb.ui.desk import Desk
from kb.ui.filters import Filter, neighbour
from kb.ui.markup import Html, join, plain, tag, text
from kb.ui.reasons import explaining, reason
from kb.ui.store import Shelf, make, version
from kb.ui.url import to
from kb.verdicts import FILE, Ruling, append_verdict

from small_folder import small_folder

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = [
    "<script>document.title='PWNED'</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "[link](javascript:alert(1)) **bold** $x^2$ :material/home:",
    "&lt;b&gt; \u202eabc\u202c \x00\x07",
]


@pytest.fixture(scope="module")
def desk() -> Desk:
    kb = build(ROOT / "data" / "ketamine")
    return Desk(Catalogue(kb), Inbox(review(kb, find_all(kb))))


# Markup


@given(st.text())
def test_text_never_becomes_markup(value: str) -> None:
    shown = text(value)
    assert not re.search(r"<(?!span class=\"kb-code-point\">|/span>)", shown)
    assert '"' not in re.sub(r'<span class="kb-code-point">', "", shown)


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_is_shown_as_it_stands(value: str) -> None:
    shown = tag("p", value, title=value)
    assert shown.count("<p ") == 1
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<svg" not in shown
    assert not any(ord(c) < 32 or c == "\u202e" for c in shown)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example/x", " javascript:x", "ftp://x"]
)
def test_an_address_that_leads_elsewhere_is_left_out(address: str) -> None:
    assert "href" not in tag("a", "x", href=address)
    assert tag("a", "x", href="/findings?f=1&kind=a") == '<a href="/findings?f=1&amp;kind=a">x</a>'


def test_a_label_is_no_markdown() -> None:
    assert plain("**b** [l](x) :material/home: $x$") == r"\*\*b\*\* \[l\]\(x\) \:material\/home\: \$x\$"
    assert plain("a\nb\u202e") == "a b "


def test_markup_is_escaped_once() -> None:
    inner = tag("b", "1 < 2")
    assert join([inner, "&"]) == "<b>1 &lt; 2</b>&amp;"
    assert isinstance(tag("p", inner), Html)
    assert to("findings", f="f-1", topic="", kind="a,b") == "/findings?f=f-1&kind=a%2Cb"
    assert to("overview") == "/"


# Filters


def test_filters_find_what_is_asked_for(desk: Desk) -> None:
    standings = desk.inbox.standings
    assert len(Filter(tuple(FindingKind), state="all").select(standings)) == len(standings)
    asked = Filter((FindingKind.TENSION,), topic="efficacy", source="page-003", words="SPRAY relief")
    found = asked.select(standings)
    assert found
    for standing in found:
        assert standing.finding.kind is FindingKind.TENSION
        assert standing.finding.topic == "efficacy"
        assert "spray" in standing.finding.sentence.casefold()
    counts = asked.counts(standings)
    assert counts[FindingKind.TENSION] == len(found)
    assert Filter((), state="all").select(standings) == []


def test_next_and_back_stop_at_the_ends(desk: Desk) -> None:
    found = Filter().select(desk.inbox.standings)
    first, last = found[0].finding.id, found[-1].finding.id
    assert neighbour(found, first, -1) == first
    assert neighbour(found, last, 1) == last
    assert neighbour(found, first, 1) == found[1].finding.id
    assert neighbour(found, "f-unknown", 1) == first
    assert neighbour([], first, 1) == ""


# The card


def test_every_finding_has_a_card_with_all_that_is_on_record(desk: Desk) -> None:
    for standing in desk.inbox.standings:
        finding = standing.finding
        shown = card.build(desk, standing)
        assert text(finding.sentence) in shown
        for member in finding.members:
            if member.claim:
                assert text(desk.catalogue.claims[member.claim].text) in shown, finding.id
        for dimension, _ in finding.scope:
            assert text(desk.kb.domain.dimensions[dimension].label) in shown
        for step in finding.working:
            assert text(step) in shown
        assert shown.count("<section") == shown.count("</section")


def test_the_same_is_said_only_of_what_is_equal(desk: Desk) -> None:
    said = set()
    for standing in desk.inbox.standings:
        for name, state in standing.finding.scope:
            values = member_values(desk.kb.domain, standing.finding, desk.catalogue.claims, name)
            words = state_words(desk.kb.domain, name, state, values)
            said.add(words)
            shown = {describe_scope(desk.kb.domain, name, sorted(each)) for each in values}
            assert (words == "the same") == (state is ScopeState.SAME and len(shown) == 1), standing.finding.id
    assert said == {"the same", "compatible", "one includes the other", "differs", "unknown"}


def test_of_many_sides_each_says_with_which_it_disagrees(desk: Desk) -> None:
    seen = set()
    for finding in (standing.finding for standing in desk.inbox.standings):
        poles = poles_of(finding)
        for pole in poles:
            told = card.opposition(finding, pole)
            against = {other for pair in finding.opposed if pole in pair for other in pair} - {pole}
            assert bool(told) == (len(poles) > 2 and bool(against))
            if told and len(against) < len(poles) - 1:
                assert all(other in told.partition(";")[0] for other in against)
                assert all(other in told.partition(";")[2] for other in {*poles} - against - {pole})
                seen.add(finding.kind)
    assert seen


def test_only_what_may_explain_is_offered_as_a_reason(desk: Desk) -> None:
    domain = desk.kb.domain
    for finding in (standing.finding for standing in desk.inbox.standings):
        definition = domain.properties.get(finding.property)
        separating = {*definition.separated_by, *definition.also_separated_by} if definition else set()
        for name, state in explaining(domain, finding).items():
            assert name in separating or state is not ScopeState.SAME
            assert reason(domain, {name: state}, [name], "").startswith("differs in") == (state is ScopeState.DIFFERS)


def test_what_the_cited_work_found_stands_on_the_card(desk: Desk) -> None:
    found = [
        s for s in desk.inbox.standings if s.finding.code == "C001" and s.finding.kind is FindingKind.CONTRADICTION
    ]
    shown = card.build(desk, found[0])
    assert "What the cited works found" in shown
    assert "/works?work=bahji2021" in shown
    assert "our guess" in shown


def test_a_quote_is_shown_in_its_context_between_words(tmp_path: Path) -> None:
    folder = small_folder(tmp_path)
    kb = build(folder, [folder / "sources"])
    small = Desk(Catalogue(kb), Inbox(review(kb, find_all(kb))))
    located = [c for c in kb.claims if c.locator and c.source in kb.texts]
    assert located
    for claim in located:
        at = claim.locator
        assert at is not None
        quoted = " ".join(kb.texts[claim.source][at.start : at.end].split())
        assert f"<mark>{text(quoted)}</mark>" in str(card.quote(small, claim))


# The graph


def test_a_neighbourhood_is_bounded_and_laid_out_the_same_way(desk: Desk) -> None:
    for centre in ("page-003", "bahji2021", desk.inbox.standings[0].finding.id, next(iter(desk.catalogue.claims))):
        graph, _ = around(desk.catalogue, desk.inbox, centre, 2, 60)
        assert 1 < len(graph) <= 60
        places = ring_graph.layout(graph, centre)
        assert set(places) == set(graph)
        assert len({(p.x, p.y) for p in places.values()}) == len(places)
        again, _ = around(desk.catalogue, desk.inbox, centre, 2, 60)
        assert ring_graph.layout(again, centre) == places
        chart, order = ring_graph.spec(graph, centre, places, dark=False)
        assert [node["name"] for node in chart["series"][0]["data"]] == order == sorted(graph)


def test_what_is_left_out_of_a_neighbourhood_is_counted(desk: Desk) -> None:
    whole, passed = around(desk.catalogue, desk.inbox, "page-003", 1, 10_000)
    part, left = around(desk.catalogue, desk.inbox, "page-003", 1, 20)
    claims = {claim.id for claim in desk.catalogue.by_source["page-003"]}
    assert passed == len(claims - set(whole)) > 0, "claims in no finding are passed over, and counted"
    assert len(part) == 20
    assert left == len(whole) - 20 + passed


def test_the_last_page_of_a_table_is_not_a_handful() -> None:
    for count in range(250):
        found = [row for number in range(1, tabular.pages(count) + 1) for row in tabular.shown(range(count), number)]
        assert found == list(range(count))
        last = len(tabular.shown(range(count), tabular.pages(count)))
        assert last > tabular.TAIL or count == last


# What is kept


def test_a_folder_is_built_once_per_version(tmp_path: Path) -> None:
    folder = small_folder(tmp_path)
    shelf = Shelf()
    first = shelf.build(folder, [])
    assert shelf.build(folder, []) is first
    (folder / FILE).write_text("", "utf-8")
    assert shelf.build(folder, []) is first, "verdicts are no reason to read again"
    path = folder / "documents.yaml"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert shelf.build(folder, []) is not first


def test_a_broken_claim_file_leaves_the_rest(tmp_path: Path) -> None:
    folder = small_folder(tmp_path)
    whole = build(folder)
    path = folder / "claims" / "page-a.yaml"
    path.write_text(path.read_text("utf-8").replace("unit: min", "unit: mgs"), "utf-8")
    kb, problems = read(folder)
    with pytest.raises(InputError) as caught:
        build(folder)
    assert caught.value.problems == tuple(sorted(problems))
    assert kb is not None
    assert {claim.source for claim in kb.claims} == {claim.source for claim in whole.claims} - {"page-a"}
    shelf = Shelf()
    built = shelf.build(folder, [])
    assert built.problems
    assert str(folder) not in shelf.good


def test_without_a_vocabulary_there_is_nothing(tmp_path: Path) -> None:
    folder = small_folder(tmp_path)
    (folder / "vocabulary.ttl").write_text("c:x a", "utf-8")
    built = make(version(folder, []), folder, [])
    assert built.catalogue is None
    assert built.problems[0].path == "vocabulary.ttl"


def test_verdicts_are_a_layer_over_a_build(tmp_path: Path) -> None:
    folder = small_folder(tmp_path)
    shelf = Shelf()
    built = shelf.build(folder, [])
    assert built.catalogue is not None
    kb = built.catalogue.kb
    before = shelf.inbox(folder, built, kb)
    assert before is shelf.inbox(folder, built, kb)
    finding = before.review.standings[0].finding.id
    append_verdict(
        folder / FILE, FILE, judge(kb, before.review, finding, Ruling.CONFIRMED, "so", "Ann", "2026-11-26T10:00:00Z")
    )
    after = shelf.inbox(folder, built, kb)
    assert after.review.by_id[finding].state is StandingState.JUDGED
    (folder / FILE).write_text("{\n", "utf-8")
    with pytest.raises(InputError):
        shelf.inbox(folder, built, kb)
