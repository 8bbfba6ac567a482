"""Every screen on a table folder, in Streamlit's own test harness: as it is, without findings, stale, broken."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from kb.bulk.findings_table import FOLDER, read_findings
from kb.model import FindingKind
from kb.ui.store import shelf
from kb.ui.table_store import forget
from kb.verdicts import FILE, Ruling, load_verdicts
from streamlit.testing.v1 import AppTest

from table_folder import index, make_table, shipped
from test_screens import words

pytest.importorskip("duckdb")

ROOT = Path(__file__).resolve().parent.parent
FAILED = "This screen failed"
PAGES = ("overview", "findings", "topics", "documents", "works", "graph", "summary", "data")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index(make_table(tmp_path_factory.mktemp("screens") / "table"), (3, 9))


@pytest.fixture(autouse=True)
def shown_to(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_DATA", str(made))
    monkeypatch.delenv("KB_SOURCES", raising=False)
    monkeypatch.setenv("KB_USER", "Ada")


@pytest.fixture
def table(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy that a test may write to."""
    folder = Path(shutil.copytree(made, tmp_path / "table"))
    monkeypatch.setenv("KB_DATA", str(folder))
    yield folder
    shelf.clear()
    forget()


@pytest.fixture(scope="module")
def visitor() -> AppTest:
    """One visitor who goes from address to address, as people do; the app is started once."""
    return AppTest.from_file(ROOT / "app.py", default_timeout=60)


def opened(at: AppTest, page: str, /, **names: str) -> AppTest:
    if not at.get("html"):
        at.run()
    at.query_params.clear()
    for name, value in names.items():
        at.query_params[name] = value
    return at.switch_page(f"kb/ui/scripts/{page}.py").run()


@pytest.mark.parametrize("page", PAGES)
def test_a_screen_shows_the_table_and_reads_no_claim_file(
    visitor: AppTest, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the whole was read")

    for name in ("kb.ui.store.read", "kb.bulk.claims_table.Table.claims", "kb.bulk.claims_table.Table.documents"):
        monkeypatch.setattr(name, never)
    shown = words(opened(visitor, page))
    assert f'data-page="{page}"' in shown
    assert "<h1" in shown
    kb, _ = shipped()
    assert f"of {len(kb.works):,} works" in shown
    assert "Compared were the 3 gravest of 9 parts" in shown
    if page in ("works", "summary", "data"):
        assert "kb import table DIR --into FOLDER" in shown


@pytest.mark.parametrize(
    ("page", "names", "told"),
    [
        ("findings", {"f": "f-000000000000"}, "is not in this build"),
        ("findings", {"q": "no such words anywhere"}, "No findings in this selection"),
        ("findings", {"kind": "none"}, "leave it out"),
        ("findings", {"claim": "c-000000000000"}, "is not in this table"),
        ("findings", {"topic": "no-such", "doc": "nobody", "state": "x", "sev": "9", "code": "x"}, "kb-card"),
        ("topics", {"topic": "no-such-topic"}, "is not in the vocabulary"),
        ("topics", {"topic": "efficacy", "prop": "no-such", "answer": "99999", "page": "77777"}, "Who says so"),
        ("documents", {"doc": "page-999"}, "is not in this table"),
        ("documents", {"q": "no such words"}, "No documents with these words"),
        ("documents", {"doc": "page-001", "claim": "c-000000000000"}, "is not in this selection"),
        ("documents", {"add": ""}, "kb import table DIR --into FOLDER"),
        ("works", {"work": "nobody1900"}, "is not in this table"),
        ("graph", {"centre": "c-000000000000"}, "is not in this table"),
        ("graph", {"q": "zzzzz"}, "Nothing has these words"),
        ("data", {"claim": "c-000000000000"}, "is not in this table"),
    ],
)
def test_a_stale_address_is_said_to_be_one(visitor: AppTest, page: str, names: dict[str, str], told: str) -> None:
    assert told in words(opened(visitor, page, **names))


def test_deep_links_lead_to_what_they_name(made: Path, visitor: AppTest) -> None:
    finding = next(f for f in read_findings(made) if len(f.members) > 1 and f.property)
    claim = next(c for c in shipped()[0].claims if c.id == finding.members[0].claim)
    assert f'data-finding="{finding.id}"' in words(opened(visitor, "findings", f=finding.id))
    listed = words(opened(visitor, "findings", claim=claim.id, state="all", kind=",".join(FindingKind)))
    assert f"f={finding.id}" in listed
    document = words(opened(visitor, "documents", doc="page-003"))
    assert "page-003" in document
    assert "in order of place" in document
    assert "claim=" in document
    topic = words(opened(visitor, "topics", topic=finding.topic, prop=finding.property, answer="1"))
    assert finding.title in topic.replace("&#x27;", "'").replace("&quot;", '"')
    assert "answer: " in topic
    assert "Close ✕" in words(opened(visitor, "data", claim=claim.id))
    for centre in ("page-003", "bahji2021", "ketamine"):
        at = opened(visitor, "graph", centre=centre)
        assert "links of most claims" in words(at)
        (chart,) = at.get("echarts_chart")
        assert str(chart.proto).count("symbolSize") > 5
    for centre in (finding.id, claim.id):
        assert "Next to the centre" in words(opened(visitor, "graph", centre=centre))
    assert "meta-analysis" in words(opened(visitor, "works", work="bahji2021"))


def test_paging_leads_through_the_inbox(visitor: AppTest) -> None:
    first = words(opened(visitor, "findings", state="all"))
    items = re.findall(r'class="kb-item[^"]*"|aria-current', first)
    assert len([item for item in items if "kb-item" in item]) == 25
    later = re.search(r'href="/findings\?([^"]*)">later ›', first)
    assert later
    name = re.search(r"f=(f-[0-9a-f]{12})", later[1])
    assert name
    second = words(opened(visitor, "findings", state="all", f=name[1]))
    assert re.search(r"26–50 of \d+", second)
    assert f'data-finding="{name[1]}"' in second


def test_verdicts_are_given_and_taken_back(table: Path, visitor: AppTest) -> None:
    findings = list(read_findings(table))
    at = opened(visitor, "findings", f=findings[0].id)
    at.button(key=f"stands {findings[0].id}").click().run()
    (verdict,) = load_verdicts(table / FILE, FILE)
    assert (verdict.finding, verdict.verdict, verdict.by) == (findings[0].id, Ruling.CONFIRMED, "Ada")
    assert at.query_params["f"] == findings[1].id
    assert f'data-finding="{findings[1].id}"' in words(at)
    assert f"1 of {len(findings):,} judged" in words(at)
    at.button(key=f"undo {findings[1].id}").click().run()
    assert [v.verdict for v in load_verdicts(table / FILE, FILE)] == [Ruling.CONFIRMED, Ruling.WITHDRAWN]
    assert f"0 of {len(findings):,} judged" in words(at)


def test_without_findings_the_command_is_named_and_nothing_is_compared(table: Path, visitor: AppTest) -> None:
    shutil.rmtree(table / FOLDER)
    for page in ("overview", "findings", "graph"):
        shown = words(opened(visitor, page))
        assert "kb --data DIR index" in shown
        assert f"{len(shipped()[0].claims):,} claims" in shown
    assert not (table / FOLDER).exists()


def test_stale_and_broken_findings_are_told(table: Path, visitor: AppTest) -> None:
    policy = table / "policy.yaml"
    policy.write_text(policy.read_text("utf-8") + "# changed\n", "utf-8")
    shown = words(opened(visitor, "overview"))
    assert "changed since these findings were made" in shown
    assert "Where the documents disagree" in shown
    (table / FILE).write_text("{\n", "utf-8")
    assert "verdicts.jsonl:1" in words(opened(visitor, "findings"))
    mark = table / FOLDER / "found.json"
    mark.write_text(json.dumps(json.loads(mark.read_text("utf-8")) | {"findings": 1}), "utf-8")
    shown = words(opened(visitor, "overview"))
    assert "There is nothing to show yet" in shown
    assert "but found.json says 1" in shown


def test_an_address_is_never_markup(visitor: AppTest) -> None:
    nasty = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    for page, names in (
        ("findings", {"q": nasty, "f": nasty, "claim": nasty}),
        ("documents", {"doc": nasty}),
        ("topics", {"topic": nasty, "prop": nasty, "answer": nasty}),
        ("graph", {"centre": nasty}),
        ("works", {"work": nasty}),
        ("data", {"claim": nasty}),
    ):
        shown = words(opened(visitor, page, **names))
        assert "<script" not in shown
        assert "<img" not in shown
