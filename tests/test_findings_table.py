"""Findings beside a table: the same as on the small path, whole or refused, and every query as a plain loop has it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from kb.build import KnowledgeBase
from kb.bulk import browsing, inbox, overview
from kb.bulk.asking import Asking
from kb.bulk.ego import ego, near
from kb.bulk.findings_table import FILES, FOLDER, is_stale, read_findings, read_mark
from kb.bulk.found_claims import NEGATED
from kb.bulk.inbox import Asked
from kb.bulk.judged import Judged, judged_findings
from kb.bulk.opened_table import duck, open_table
from kb.catalogue import Catalogue, Inbox
from kb.cli import app
from kb.coverage import matrix
from kb.errors import InputError
from kb.judging import judge
from kb.model import Attribution, Certainty, Claim, FindingKind, Polarity
from kb.policy import load_policy
from kb.stances import effective_polarity
from kb.standing import Standing, review
from kb.ui.components import card
from kb.ui.desk import Desk
from kb.ui.filters import Filter
from kb.ui.table_desk import TableDesk
from kb.verdicts import FILE, Ruling, Verdict, append_verdict, load_verdicts
from typer.testing import CliRunner

from building import toy_copy
from table_folder import index, make_table, shipped

pytest.importorskip("duckdb")

EVERY = tuple(FindingKind)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index(make_table(tmp_path_factory.mktemp("bulk") / "table"))


@pytest.fixture(scope="module")
def asking(table: Path) -> Asking:
    return Asking(table)


@pytest.fixture(scope="module")
def kb(table: Path) -> KnowledgeBase:
    """The shipped data with the policy of the table, which waives some findings."""
    return replace(shipped()[0], policy=load_policy(table / "policy.yaml", "policy.yaml"), verdicts=())


@pytest.fixture(scope="module")
def verdicts(kb: KnowledgeBase) -> tuple[Verdict, ...]:
    """Three verdicts that hold and one on a member that says something else now."""
    findings = shipped()[1]
    standings = [s for s in review(kb, findings).standings if s.waiver is None and len(s.finding.members) > 1]
    found = review(kb, findings)
    made = [
        judge(
            kb, found, standings[number].finding.id, ruling, "a reason", "Ada", f"2026-01-0{number % 9 + 1}T00:00:00Z"
        )
        for number, ruling in (
            (1, Ruling.CONFIRMED),
            (4, Ruling.DISMISSED),
            (60, Ruling.EXPLAINED),
            (30, Ruling.CONFIRMED),
        )
    ]
    changed = made[-1].members[0].model_copy(update={"hash": "0" * 64})
    return (*made[:-1], made[-1].model_copy(update={"members": (changed, *made[-1].members[1:])}))


@pytest.fixture(scope="module")
def judged(asking: Asking, verdicts: tuple[Verdict, ...]) -> Judged:
    return judged_findings(asking, verdicts)


@pytest.fixture(scope="module")
def small(kb: KnowledgeBase, verdicts: tuple[Verdict, ...]) -> tuple[Catalogue, Inbox]:
    judged_kb = replace(kb, verdicts=verdicts)
    found = Inbox(review(judged_kb, shipped()[1]))
    assert found.waived, "nothing is waived, so that nothing is tested of it"
    return Catalogue(judged_kb), found


# The folder


def test_findings_are_read_back_as_they_were(table: Path, kb: KnowledgeBase) -> None:
    wanted = [standing.finding for standing in review(kb, shipped()[1]).standings]
    assert list(read_findings(table)) == wanted
    mark = read_mark(table)
    assert (mark.claims, mark.findings, mark.parts) == (len(kb.claims), len(wanted), 0)
    assert mark.made == sum(claim.role == "claim" for claim in kb.claims)


def test_the_same_claims_give_the_same_bytes(table: Path, tmp_path: Path) -> None:
    again = index(make_table(tmp_path / "again"))
    for path in sorted((table / FOLDER).iterdir()):
        assert path.read_bytes() == (again / FOLDER / path.name).read_bytes(), path.name


def test_what_changed_since_is_noticed(table: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(table, tmp_path / "t"))
    mark = read_mark(copied)
    assert not is_stale(copied, mark)
    (copied / FILE).write_text("", "utf-8")
    assert not is_stale(copied, mark), "verdicts are not what findings are made of"
    policy = (copied / "policy.yaml").read_text("utf-8")
    (copied / "policy.yaml").write_text(policy + "# another line\n", "utf-8")
    assert is_stale(copied, mark)
    (copied / "policy.yaml").write_text(policy, "utf-8")
    assert not is_stale(copied, mark)
    part = next((copied / "claims").iterdir())
    data = part.read_bytes()
    at = data.rindex(b"parquet-cpp")
    part.write_bytes(data[:at] + b"P" + data[at + 1 :])
    assert is_stale(copied, mark), "the part was written anew, with as many bytes"


def spoil_mark(folder: Path) -> None:
    (folder / "found.json").write_text("{", "utf-8")


def raise_version(folder: Path) -> None:
    about = json.loads((folder / "found.json").read_text("utf-8")) | {"version": 99}
    (folder / "found.json").write_text(json.dumps(about), "utf-8")


def lose_rows(folder: Path) -> None:
    shutil.copy(folder / "sources.parquet", folder / "findings.parquet")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoil_mark, "no sound found.json"),
        (raise_version, "is of version 99, not 1"),
        (lose_rows, "rows, but found.json says"),
        (lambda folder: (folder / "taken.parquet").unlink(), "taken.parquet: is no Parquet file"),
        (lambda folder: (folder / "ids.parquet").write_bytes(b"PAR1"), "ids.parquet: is no Parquet file"),
        (lambda folder: (folder / "policy.yaml").unlink(), "policy.yaml: is missing"),
    ],
)
def test_a_broken_folder_is_refused_with_the_remedy(table: Path, tmp_path: Path, spoil, told: str) -> None:
    copied = Path(shutil.copytree(table, tmp_path / "t"))
    spoil(copied / FOLDER)
    with pytest.raises(InputError) as caught:
        Asking(copied)
    assert told in str(caught.value)
    assert "kb --data DIR index" in str(caught.value)


def test_the_command_makes_findings_anew_in_place_of_the_old(tmp_path: Path) -> None:
    data = toy_copy(tmp_path)
    runner = CliRunner()
    table = tmp_path / "table"
    assert runner.invoke(app, ["--data", str(data), "export", "table", "--out", str(table)]).exit_code == 0
    (table / FOLDER).mkdir()
    (table / FOLDER / "left-over").write_text("x", "utf-8")
    done = runner.invoke(app, ["--data", str(table), "index"])
    assert done.exit_code == 0, done.output
    shown = runner.invoke(app, ["--data", str(table), "findings", "--waived", "--format", "jsonl"])
    ids = [json.loads(line)["id"] for line in shown.stdout.splitlines()]
    assert [finding.id for finding in read_findings(table)] == ids
    assert sorted(path.name for path in (table / FOLDER).iterdir()) == sorted(
        (*FILES, "found.json", "policy.yaml", "vocabulary.ttl")
    )
    assert not [path.name for path in table.iterdir() if path.name.startswith(".")]
    assert runner.invoke(app, ["--data", str(table), "index", "--top", "1"]).exit_code == 0
    assert (read_mark(table).looked, read_mark(table).findings < len(ids)) == (1, True)
    refused = runner.invoke(app, ["--data", str(data), "index"])
    assert isinstance(refused.exception, InputError)
    assert "is no table folder" in str(refused.exception)


def test_nothing_is_left_when_writing_fails(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = Path(shutil.copytree(table, tmp_path / "t"))
    before = (copied / FOLDER / "found.json").read_bytes()

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("kb.bulk.findings_table.write_claims", fail)
    with pytest.raises(OSError, match="full"):
        index(copied)
    assert (copied / FOLDER / "found.json").read_bytes() == before
    assert not [path.name for path in copied.iterdir() if path.name.startswith(".")]


# The inbox


def walk(asking: Asking, asked: Asked, judged: Judged, size: int) -> list[str]:
    """Return the ids of all pages, each found by the first finding of it, as links lead through them."""
    found: list[str] = []
    current = ""
    while True:
        page = inbox.page(asking, asked, judged, current, size)
        ids = [finding.id for finding in page.findings]
        assert page.first == len(found)
        assert page.earlier == (found[-size] if found else "")
        found += ids
        assert len(found) <= page.total
        if not page.later:
            assert len(found) == page.total
            return found
        current = page.later


FILTERS = [
    {},
    {"state": "all", "kinds": EVERY},
    {"state": "remaining"},
    {"state": "reopened", "kinds": EVERY},
    {"state": "judged", "kinds": EVERY},
    {"state": "open"},
    {"kinds": (FindingKind.FAULT, FindingKind.EXPLAINED)},
    {"kinds": ()},
    {"topic": "efficacy", "severity": 3},
    {"source": "page-003"},
    {"source": "page-001", "topic": "safety", "state": "all"},
    {"source": "nobody"},
    {"words": "Response RATE"},
    {"words": "100% '; DROP TABLE findings; --"},
    {"source": "x' OR '1'='1"},
]


@pytest.mark.parametrize("given", FILTERS, ids=str)
def test_the_inbox_is_that_of_the_small_path(asking: Asking, judged: Judged, small, given: dict) -> None:
    plain = Filter(**given)
    wanted = [standing.finding.id for standing in plain.select(small[1].standings)]
    asked = Asked(**given)
    assert walk(asking, asked, judged, 40) == wanted
    counted = inbox.counts(asking, asked, judged)
    assert {k: n for k, n in counted.items() if n} == dict(plain.counts(small[1].standings))


def test_filters_of_the_table_alone(asking: Asking, judged: Judged, small) -> None:
    findings = [s.finding for s in small[1].standings]
    claim = findings[0].members[0].claim
    for asked, wanted in (
        (Asked(EVERY, span="within", state="all"), [f.id for f in findings if f.same_source]),
        (Asked(EVERY, span="across", state="all"), [f.id for f in findings if not f.same_source]),
        (Asked(EVERY, code="V001", state="all"), [f.id for f in findings if f.code == "V001"]),
        (Asked(EVERY, property="efficacy", state="all"), [f.id for f in findings if f.property == "efficacy"]),
        (Asked(EVERY, claim=claim, state="all"), [f.id for f in findings if claim in {m.claim for m in f.members}]),
    ):
        got = inbox.page(asking, asked, judged, size=len(findings))
        assert wanted
        assert sorted(f.id for f in got.findings) == sorted(wanted)
    assert inbox.codes(asking) == sorted({f.code for f in findings})


def test_neighbours_lead_through_the_whole_list(asking: Asking, judged: Judged, small) -> None:
    wanted = [standing.finding.id for standing in Filter().select(small[1].standings)]
    for at in (0, 1, 24, 25, 49, 50, len(wanted) - 1):
        page = inbox.page(asking, Asked(), judged, wanted[at])
        assert page.before == (wanted[at - 1] if at else "")
        assert page.after == (wanted[at + 1] if at + 1 < len(wanted) else "")
        assert wanted[at] in [finding.id for finding in page.findings]


def test_verdicts_stand_as_on_the_small_path(judged: Judged, small, verdicts: tuple[Verdict, ...]) -> None:
    named = {verdict.finding for verdict in verdicts}
    by_id = small[1].review.by_id
    assert judged.review.standings
    for standing in judged.review.standings:
        assert standing == by_id[standing.finding.id]
    assert named <= set(judged.review.by_id)
    assert len(judged.reopened) == 1
    assert judged.review.verdicts == small[1].review.verdicts


def test_the_card_is_that_of_the_small_path(asking: Asking, judged: Judged, small) -> None:
    whole = Desk(*small)
    desk = TableDesk(asking, judged)
    same = 0
    more = 0
    for number, standing in enumerate(small[1].standings):
        part, beside = desk.around(standing.finding)
        if beside.more_works or beside.more_related or (number % 3 and not beside.more_facts):
            continue
        assert card.build(part, part.inbox.review.by_id[standing.finding.id]) == card.build(whole, standing)
        same += 1
        more += bool(beside.more_facts)
    assert same > 35
    assert more, "no work has more facts than are read"


def test_one_more_verdict_gives_what_all_give_at_once(asking: Asking, verdicts: tuple[Verdict, ...]) -> None:
    known: dict = {}
    taken_back = verdicts[1].model_copy(update={"verdict": Ruling.WITHDRAWN, "reason": ""})
    every = (*verdicts, taken_back)
    for count in (1, 3, len(every), 2):
        assert judged_findings(asking, every[:count], known) == judged_findings(asking, every[:count])
    assert len(judged_findings(asking, every, known).judged) == 2


# Claims


def brute_answers(claims: list[Claim]) -> Counter[tuple]:
    from kb.bulk.rows import claim_row

    found: Counter[tuple] = Counter()
    for claim in claims:
        row = claim_row(claim)
        key = tuple(row[name] for name in ("subject", "object", "relation", "than", "form", "bound", "exact", "class"))
        found[key, effective_polarity(claim)] += 1
    return found


def test_topics_and_answers_are_counted_as_a_loop_counts(asking: Asking, judged: Judged, small) -> None:
    catalogue, box = small
    left = [s.finding for s in box.standings if s.remains]
    for line in overview.topics(asking, judged):
        claims = catalogue.by_topic.get(line.topic, [])
        sources = {claim.source for claim in claims}
        documents = sum(map(catalogue.is_document, sources))
        assert line[:4] == (line.topic, len(claims), documents, len(sources) - documents)
        assert +line.kinds == Counter(f.kind for f in left if f.topic == line.topic)
    lines = {line.property: line for topic in catalogue.topics for line in browsing.properties(asking, judged, topic)}
    assert set(lines) == set(catalogue.by_property)
    for name, claims in catalogue.by_property.items():
        found = brute_answers(claims)
        line = lines[name]
        assert (line.claims, line.sources) == (len(claims), len({claim.source for claim in claims}))
        topic = catalogue.kb.domain.properties[name].topic
        assert line.answers == len(found)
        assert line.findings == sum((f.property, f.topic) == (name, topic) for f in left)
        answers = browsing.answers(asking, name, 0, 1000)
        assert [answer.claims for answer in answers] == sorted(found.values(), reverse=True)[: len(answers)]
        for answer in answers[:1]:
            where = browsing.on_property(name, answer.rank)
            same = browsing.page_on_property(asking, where, 0, 1000)
            assert len(same) == browsing.count_on_property(asking, where) == answer.claims
            assert len(brute_answers(same)) == 1
            assert answer.claim in same
            assert answer.sources == len({claim.source for claim in same})


def test_denied_and_superseded_claims_are_turned_round(asking: Asking) -> None:
    claim = shipped()[0].claims[0]
    for polarity, certainty, attribution in product(Polarity, Certainty, Attribution):
        told = claim.model_copy(update={"polarity": polarity, "certainty": certainty, "attribution": attribution})
        given = {"polarity": polarity.value, "certainty": certainty.value, "attribution": attribution.value}
        inside = ", ".join(f"${name} AS {name}" for name in given)
        query = f"SELECT {NEGATED} FROM (SELECT {inside})"  # noqa: S608 - our own names
        assert asking.ask(query, given) == [(int(effective_polarity(told) is Polarity.NEGATED),)]


def test_pages_of_claims_are_those_of_the_catalogue(asking: Asking, small) -> None:
    catalogue, _ = small
    name = max(catalogue.by_property, key=lambda n: len(catalogue.by_property[n]))
    wanted = sorted(catalogue.by_property[name], key=lambda c: (c.source, list(catalogue.by_source[c.source]).index(c)))
    where = browsing.on_property(name)
    got = [c for first in range(0, len(wanted), 25) for c in browsing.page_on_property(asking, where, first)]
    assert got == wanted
    for source in ("page-001", wanted[0].source):
        claims = catalogue.by_source[source]
        assert browsing.page_of_source(asking, source, "", 0, 9999) == claims
        assert browsing.page_of_source(asking, source, "", 5, 7) == claims[5:12]
        topic = catalogue.topic(claims[-1])
        inside = [claim for claim in claims if catalogue.topic(claim) == topic]
        assert browsing.page_of_source(asking, source, topic, 1, 4) == inside[1:5]
        assert browsing.claims_before(asking, inside[-1].id, source, topic) == len(inside) - 1
        assert browsing.claims_before(asking, claims[-1].id, source, "") == len(claims) - 1
        assert browsing.topics_of(asking, source)[topic] == len(inside)
        assert browsing.properties_of(asking, source) == Counter(claim.property for claim in claims)
    other = next(claim for claim in claims if catalogue.topic(claim) != topic)
    assert browsing.claims_before(asking, other.id, source, topic) is None
    assert browsing.claims_before(asking, other.id, "page-002", "") is None


def test_sources_and_what_touches_claims(asking: Asking, judged: Judged, small) -> None:
    catalogue, box = small
    lines = browsing.sources(asking, "", 0, 999)
    assert {line.source for line in lines} == set(catalogue.documents)
    for line in lines:
        found = Counter(s.finding.kind for s in box.by_source.get(line.source, ()))
        assert (line.claims, line.kinds) == (
            len(catalogue.by_source.get(line.source, ())),
            tuple(found[k] for k in EVERY),
        )
    assert browsing.count_sources(asking, "", "work") == len(catalogue.works)
    one = lines[2]
    assert browsing.sources(asking, one.title.upper(), 0)[0] == one == browsing.one_source(asking, one.source)
    assert browsing.one_source(asking, "nobody") is None
    claims = [claim.id for claim in catalogue.by_source["page-003"]]
    touching = browsing.touching(asking, judged, claims)
    for claim in claims:
        standings: list[Standing] = box.by_claim.get(claim, [])
        found_on = touching.get(claim, browsing.Touching(0, None, ()))
        assert (found_on.found, found_on.worst) == (len(standings), box.worst.get(claim))
        assert {name for name, _, _ in found_on.first} <= {s.finding.id for s in standings}


def test_the_overview_counts_what_is_left(asking: Asking, judged: Judged, small) -> None:
    catalogue, box = small
    held = overview.totals(asking, judged)
    left = [s.finding for s in box.standings if s.remains]
    assert (held.documents, held.works) == (len(catalogue.documents), len(catalogue.works))
    assert held.kinds == Counter(f.kind for f in left)
    assert (held.settled, held.waived) == (len(box.standings) - len(left), len(box.waived))
    documents = [name for name, _ in overview.contested_documents(asking)]
    cells = overview.cells(asking, judged, documents)
    wanted = {(cell.topic, cell.document): cell for cell in matrix(catalogue.kb, left)}
    for (topic, document), cell in wanted.items():
        if document in documents:
            got = cells.get((topic, document), overview.Cell(0, 0, None))
            assert (got.claims, got.findings) == (cell.claims, cell.findings if cell.claims else 0)
    between, against = overview.gravest(asking, judged)
    assert between
    assert all(f.severity == 3 and f in left for f in (*between, *against))


def test_the_graph_is_that_of_the_claims(asking: Asking, table: Path) -> None:
    engine = open_table(table, duck).engine
    for centre in ("page-001", "ketamine", "no-such-thing"):
        wanted = ego(engine, centre, 9999)
        got = near(asking, centre, 9999)
        plain = [(e.a.removeprefix("work:"), e.b.removeprefix("work:"), e.how, e.claims) for e in wanted.edges]
        assert (got.total, sorted(got.edges)) == (wanted.total, sorted(plain))


def test_names_that_are_no_names_find_nothing(asking: Asking) -> None:
    for bad in ("' OR 1=1 --", "$source", "%", "\u202e", ""):
        assert asking.place_of(bad) is None
        assert asking.claims_by_id([bad]) == []
        assert browsing.one_source(asking, bad) is None
        assert near(asking, bad).edges == ()


def test_a_verdict_on_a_table_is_the_same_line(kb: KnowledgeBase, tmp_path: Path, asking: Asking) -> None:
    findings = shipped()[1]
    finding = findings[0]
    part, _ = TableDesk(asking, judged_findings(asking, ())).around(finding)
    given = (finding.id, Ruling.DISMISSED, "said twice", "Ada", "2026-01-01T00:00:00Z")
    made = judge(part.kb, part.inbox.review, *given)
    assert made == judge(kb, review(kb, findings), *given)
    append_verdict(tmp_path / FILE, FILE, made)
    again = judged_findings(asking, load_verdicts(tmp_path / FILE, FILE))
    assert again.settled == [asking.place_of(finding.id)]


@pytest.fixture(autouse=True)
def untouched(table: Path) -> Iterator[None]:
    yield
    assert not (table / FILE).exists(), "a test wrote into the table that all tests share"
