"""Reports: what they say, that every sentence leads to its claims, that no format lets text act, and how they scale."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from kb.audit import find_all
from kb.build import KnowledgeBase
from kb.cli import app
from kb.comparing import reaches
from kb.errors import InputError
from kb.model import FindingKind, Member
from kb.reports import annotations
from kb.reports.desk import Desk, open_desk
from kb.reports.docx import docx
from kb.reports.html import page
from kb.reports.jsonl import json_lines
from kb.reports.letter import letter
from kb.reports.markdown import markdown
from kb.reports.parts import Figure, Items, Jump, Link, Report, Section, Table, anchors, plain, walk, words
from kb.reports.question import answer, ask
from kb.reports.sides import parted
from kb.reports.summary import Include, summary
from kb.reports.typst import pdf, source
from kb.standing import Review, Standing, review
from kb.tables import render
from tests.building import TOY, build_folder
from tools.reports import EXPECTED, kept, open_shipped, reports
from typer.testing import CliRunner

RUNNER = CliRunner()
ATTACKS = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</title></style><style>*{display:none}</style>",
    '" onmouseover="alert(1)',
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "http://evil.example and www.evil.example and <http://evil.example>",
    "`code` | cell\n\n# Heading\n\n| a | b |",
    "- item\n1. item\n> quote\n---\n[^1]: note",
    '=HYPERLINK("http://evil.example";"x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    '"); #read("/etc/passwd"); #("',
    '#eval("panic()") $ x $ \\ #import "x.typ"',
    '\\"#panic()',
    '{ INCLUDETEXT "/etc/passwd" } \x13 DDEAUTO c:\\\\windows',
    "]]></w:t><w:instrText>DDE</w:instrText>",
    "\u202edesrever\u0000\u001b[31m\ufdd0",
    "%0A::error file=x::y\n::set-output name=a::b",
]


@pytest.fixture(scope="module")
def shipped() -> Desk:
    return open_shipped()


@pytest.fixture(scope="module")
def toy() -> KnowledgeBase:
    return build_folder(TOY)


def desk_of(kb: KnowledgeBase) -> Desk:
    return open_desk(kb, review(kb, find_all(kb)))


# Kept expectations


def test_the_shipped_reports_are_as_expected(shipped: Desk) -> None:
    made = {name: kept(report) for name, report in reports(shipped).items()}
    stored = {path.stem: path.read_text("utf-8") for path in EXPECTED.glob("*.md")}
    changed = sorted(name for name in {*made, *stored} if made.get(name) != stored.get(name))
    assert not changed, f"{', '.join(changed)}: read them, then renew with make reports KEEP=--keep"


def test_every_link_inside_a_report_has_its_place(shipped: Desk) -> None:
    for name, report in reports(shipped).items():
        known = anchors(report)
        for line in lines_of(report):
            lost = [run.to for run in line if isinstance(run, Jump) and run.to not in known]
            assert not lost, (name, lost)


def test_every_answer_and_disagreement_leads_to_claims(shipped: Desk) -> None:
    for report in reports(shipped).values():
        for _, section in walk(report.sections):
            if section.title not in ("What the sources say", "Where they disagree"):
                continue
            for block in section.blocks:
                rows = block.rows if isinstance(block, Table) else [(x,) for x in getattr(block, "lines", ())]
                for row in rows:
                    to = [run.to for line in row for run in line if isinstance(run, Jump)]
                    assert any(name.startswith("c-") for name in to), plain(row[0])


def test_no_finding_against_a_claim_of_a_topic_is_left_out(shipped: Desk) -> None:
    for topic in ("efficacy", "onset", "dose", "cost"):
        report = summary(shipped, ask(shipped.kb, topic), include=Include(False, False, False))
        known = anchors(report)
        for standing in shipped.inbox.by_topic.get(topic, ()):
            assert standing.finding.id in known, (topic, standing.finding.sentence)


def lines_of(report: Report) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for block in [*report.lead, *(b for _, s in walk(report.sections) for b in s.blocks)]:
        if isinstance(block, Table):
            found += [line for row in block.rows for line in row]
        elif isinstance(block, Items):
            found += block.lines
        elif hasattr(block, "line"):
            found.append(block.line)
    return found


# Questions


def test_a_query_names_concept_topic_and_dimension(shipped: Desk) -> None:
    asked = ask(shipped.kb, "Esketamine’s efficacy by route")
    assert (asked.topics, asked.concepts, asked.by) == (("efficacy",), ("esketamine",), "route")


def test_what_is_unknown_is_refused_with_what_is_near(shipped: Desk) -> None:
    with pytest.raises(InputError) as caught:
        ask(shipped.kb, "eficacy", ["prise"], ["rout=oral"], ["page-03"])
    told = str(caught.value)
    for near in ("efficacy", "price", "route", "page-003"):
        assert near in told
    with pytest.raises(InputError):
        ask(shipped.kb, "of the and")


def test_a_control_arm_is_not_about_the_drug_it_is_compared_with(shipped: Desk) -> None:
    found = answer(shipped.kb, shipped.catalogue.claims.values(), ask(shipped.kb, "esketamine efficacy"))
    assert {claim.subject for claim in found.claims}.isdisjoint({"antidepressant", "placebo"})


def test_claims_that_do_not_state_the_scope_asked_for_are_counted_apart(shipped: Desk) -> None:
    question = ask(shipped.kb, "onset", scope=["route=intravenous"])
    found = answer(shipped.kb, shipped.catalogue.claims.values(), question)
    assert found.claims
    assert found.unsure
    assert not {c.id for c in found.claims} & {c.id for c in found.unsure}
    assert "might belong here" in markdown(summary(shipped, question))


def test_a_letter_parts_the_sides_as_its_source_sees_them(shipped: Desk) -> None:
    found = (standing.finding for standing in shipped.inbox.by_source["page-002"])
    finding = next(f for f in found if f.id == "f-034a4d756f4e")
    verdun, clinic, prime = (parted(finding, name) for name in ("page-002", "page-004", "page-003"))
    assert {member.source for member in verdun.other} == {"page-003"} == {member.source for member in clinic.other}
    assert {member.source for member in verdun.beside} == {"page-004"}  # "may prescribe off label" is no other side
    assert {member.source for member in prime.other} == {"page-002", "page-004"}
    assert (prime.beside, prime.like, verdun.torn) == ([], [], False)


def test_a_question_names_the_properties_that_it_leaves_out(shipped: Desk) -> None:
    told = markdown(summary(shipped, ask(shipped.kb, "price")))
    assert "It leaves out price of a course, price of the drug alone and price of the drug for a course" in told
    assert "It leaves out" not in markdown(summary(shipped, ask(shipped.kb, "cost")))


def test_an_empty_answer_says_so(shipped: Desk) -> None:
    question = ask(shipped.kb, "cost", sources=["page-000"])
    told = markdown(summary(shipped, question))
    assert "No source on record says anything" in told


# Audits


def test_coverage_tells_nothing_found_from_nothing_comparable(shipped: Desk) -> None:
    found = reaches(shipped.kb, "page-003")
    assert len(found) == len(shipped.catalogue.by_source["page-003"])
    assert set(found.values()) == {"compared", "scope unknown", "scope differs", "alone"}


def test_quotes_stand_only_where_asked_for_and_attached(toy: KnowledgeBase) -> None:
    desk = desk_of(toy)
    name = next(d.id for d in toy.documents if desk.inbox.by_source.get(d.id))
    assert "> “" in markdown(letter(desk, name, quotes=True))
    assert "> “" not in markdown(letter(desk, name))
    bare = desk_of(replace(toy, texts={}))
    assert "> “" not in markdown(letter(bare, name, quotes=True))


@pytest.mark.parametrize("form", ["md", "html", "docx", "pdf"])
def test_the_command_line_writes_every_format(form: str, tmp_path: Path) -> None:
    for command in (["summary", "pressure"], ["audit", "lantern"]):
        out = tmp_path / f"{command[0]}.{form}"
        given = ["--data", str(TOY), *command, "--format", form, "--out", str(out)]
        first = RUNNER.invoke(app, given)
        assert first.exit_code == 0, first.output
        before = out.read_bytes()
        RUNNER.invoke(app, given)
        assert out.read_bytes() == before


def test_a_report_audit_is_still_a_gate(tmp_path: Path) -> None:
    given = ["--data", "data/ketamine", "audit", "page-003", "-f", "html", "-o", str(tmp_path / "a.html")]
    assert RUNNER.invoke(app, [*given, "--fail-on", "contradiction"]).exit_code == 1


def test_annotations_name_file_and_line(toy: KnowledgeBase) -> None:
    desk = desk_of(toy)
    told = annotations.workflow_commands(toy, desk.inbox.standings, None, TOY)
    assert re.search(r"^::(error|warning|notice) file=sources/[^,:]+,line=[1-9]\d*,title=[^:,]+::", told, re.M)
    bare = replace(toy, texts={})
    told = annotations.workflow_commands(bare, desk.inbox.standings, None, TOY)
    assert "file=documents.yaml" in told
    assert "file=sources" not in told


# Text that would act


class Seen(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names.update(name for name, _ in attrs)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


def hostile(toy: KnowledgeBase, attack: str) -> KnowledgeBase:
    """Return the toy domain with an attack in every text that reaches a report."""
    safe = " ".join(attack.split()) or "x"
    claims = tuple(c.model_copy(update={"text": attack, "seen_at": attack}) for c in toy.claims)
    documents = tuple(
        d.model_copy(update={"title": attack, "publisher": attack, "short": attack}) for d in toy.documents
    )
    works = tuple(w.model_copy(update={"title": safe, "authors": (safe,), "shorthand": safe}) for w in toy.works)
    return replace(toy, claims=claims, documents=documents, works=works)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_acts_in_any_format(toy: KnowledgeBase, attack: str) -> None:
    desk = desk_of(hostile(toy, attack))
    name = desk.kb.documents[0].id
    topic = next(t for t in desk.kb.domain.topics if desk.catalogue.by_topic.get(t))
    made = [summary(desk, ask(desk.kb, topic)), letter(desk, name, quotes=True)]
    for report in made:
        seen = Seen()
        text = page(report)
        seen.feed(text)
        assert not seen.tags & {"script", "img", "iframe", "object", "link", "form"}
        assert not [attribute for attribute in seen.names if attribute.startswith("on")]
        assert all(to.startswith(("#", "https://", "http://")) for to in seen.addresses)
        assert "\x1b" not in text
        assert "\u202e" not in text
        shown = markdown(report)
        bare = re.sub(r'<a id="[^"<>]*"></a>|\(<https?://[^<>\s]*>\)|`[^`\n]*`', "", shown)
        assert not re.search(r"(?<!\\)<(?!/?a)", bare)
        assert "](javascript" not in bare
        assert not re.search(r"(?<![\\:/.\w])(https?://|www\.)", bare)
        assert all(json.loads(line) for line in json_lines(report).splitlines())
        with zipfile.ZipFile(io.BytesIO(docx(report))) as file:
            body = ElementTree.fromstring(file.read("word/document.xml"))  # noqa: S314 - our own file
        kinds = {element.tag.rpartition("}")[2] for element in body.iter()}
        assert not kinds & {"instrText", "fldSimple", "fldChar", "altChunk"}
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', source(report))
        assert not re.search(r"#(read|eval|import|include|panic|plugin)\b", bare)
    told = annotations.workflow_commands(desk.kb, desk.inbox.standings, None, TOY)
    assert all(line.startswith("::") and line.count("::") >= 2 for line in told.splitlines())
    assert not re.search(r"^::(set-output|error file=x)", told, re.M)
    cells = [cell for row in csv.reader(io.StringIO(render("claims", [{"text": attack}], "csv"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\t")) or re.match(r"[+-]\D|\+1\+", cell)]


def test_a_hostile_report_still_compiles_to_pdf(toy: KnowledgeBase) -> None:
    desk = desk_of(hostile(toy, " ".join(ATTACKS)[:1500]))
    assert pdf(letter(desk, desk.kb.documents[0].id)).startswith(b"%PDF")


def test_an_address_that_is_no_web_page_is_no_link() -> None:
    line = words(Link("x", "javascript:alert(1)"), Link("y", "data:text/html,x"))
    report = Report("t", "s", (), (Section("a", (Items((line,)),)),))
    for told in (page(report), markdown(report), source(report)):
        assert "javascript:" not in told
        assert "data:text" not in told


# The page


def test_the_page_is_one_accessible_file(shipped: Desk) -> None:
    text = page(summary(shipped, ask(shipped.kb, "cost")))
    for part in ('<html lang="en">', "<main", "<nav", 'href="#report"', 'scope="col"', 'scope="row"', "<caption"):
        assert part in text
    assert not re.search(r'(?:src|@import|url\()\s*=?\s*"?https?:', text)
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


def test_a_document_has_headings_tables_and_working_links(shipped: Desk) -> None:
    from docx import Document
    from docx.oxml.ns import qn

    written = Document(io.BytesIO(docx(summary(shipped, ask(shipped.kb, "cost")))))
    styles = {p.style.name for p in written.paragraphs}
    assert {"Title", "Heading 1", "Caption", "List Bullet"} <= styles
    body = written.element.body
    marks = {m.get(qn("w:name")) for m in body.iter(qn("w:bookmarkStart"))}
    targets = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} - {None}
    assert targets
    assert targets <= marks
    assert all(t._tbl.tr_lst[0].trPr is not None for t in written.tables)


def test_pictures_have_words(shipped: Desk) -> None:
    report = summary(shipped, ask(shipped.kb, "esketamine efficacy"))
    figures = [block for _, s in walk(report.sections) for block in s.blocks if isinstance(block, Figure)]
    assert len(figures) == 2
    assert all(ElementTree.fromstring(f.svg).tag.endswith("svg") and len(f.alternative) > 40 for f in figures)  # noqa: S314


# Scale


def test_ten_thousand_findings_give_a_report_in_seconds(shipped: Desk) -> None:
    kb, base = shipped.kb, shipped.inbox.standings[0].finding
    claims = sorted(c.id for c in kb.claims if c.source == "page-003")
    sources = {c.id: c.source for c in kb.claims}
    found = []
    for number in range(10_000):
        pair = (claims[number % len(claims)], claims[(number * 7 + 1) % len(claims)])
        sides = tuple(
            Member(claim=c, source=sources[c], start=0, end=1, pole=p) for c, p in zip(pair, "AB", strict=True)
        )
        changed = {"id": f"f-{number:012x}", "members": sides, "kind": list(FindingKind)[number % 6]}
        found.append(Standing(base.model_copy(update=changed)))
    desk = open_desk(kb, Review(tuple(found), ()))
    start = time.perf_counter()
    made = [markdown(letter(desk, "page-003")), page(summary(desk, ask(kb, "efficacy")))]
    assert time.perf_counter() - start < 15
    assert all(made)
