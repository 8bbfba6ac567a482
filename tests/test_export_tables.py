"""Exports that are not RDF, each read back by the tool's own reader: pyarrow, csv, networkx, citeproc, bibtexparser."""

from __future__ import annotations

import csv
import io
import json
import warnings
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import bibtexparser
import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kb.audit import find_all
from kb.bibliography import Work, read_bibliography
from kb.build import KnowledgeBase, build
from kb.errors import InputError
from kb.exports import bibtex, csl, graphml, typed_tables
from kb.exports.columns import TABLES
from kb.exports.using import works_in_use
from kb.quantities import shown
from kb.standing import Review, review

from building import TOY, build_folder

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def shipped() -> tuple[KnowledgeBase, Review]:
    kb = build(ROOT / "data" / "ketamine")
    return kb, review(kb, find_all(kb))


@pytest.fixture(scope="module")
def toy() -> tuple[KnowledgeBase, Review]:
    kb = build_folder(TOY)
    return kb, review(kb, find_all(kb))


# Tables


def test_parquet_keeps_numbers_exact_and_lists_as_lists(shipped: tuple[KnowledgeBase, Review], tmp_path: Path) -> None:
    kb, found = shipped
    written = dict(typed_tables.write_all(kb, found, tmp_path / "out", "parquet"))
    tables = {path.stem: pq.read_table(path) for path in written}
    assert list(tables) == list(TABLES)
    assert {path.stem: count for path, count in written.items()} == {n: t.num_rows for n, t in tables.items()}
    claims = {row["id"]: row for row in tables["claims"].to_pylist()}
    assert set(claims) == {claim.id for claim in kb.claims}
    lows = [(claims[c.id]["low"], c.value.low) for c in kb.claims if getattr(c.value, "low", None) is not None]
    assert len(lows) > 100
    assert all(isinstance(read, Decimal) and read == own for read, own in lows)
    assert tables["claims"].schema.field("any_of").type == pa.list_(pa.decimal128(30, 12))
    assert any(row["any_of"] for row in claims.values())
    members = tables["finding_members"].to_pylist()
    assert {row["finding"] for row in members} == {s.finding.id for s in found.standings if s.finding.members}
    described = tables["claims"].schema.field("end").metadata[b"description"]
    assert described == b"code point after its place"


def test_a_table_without_rows_keeps_its_types(tmp_path: Path, toy: tuple[KnowledgeBase, Review]) -> None:
    kb, _ = toy
    typed_tables.write_all(replace(kb, claims=()), Review((), ()), tmp_path, "parquet")
    for name, columns in TABLES.items():
        assert pq.read_table(tmp_path / f"{name}.parquet").column_names == [column.name for column in columns]


def test_csv_says_what_parquet_says(toy: tuple[KnowledgeBase, Review], tmp_path: Path) -> None:
    kb, found = toy
    typed_tables.write_all(kb, found, tmp_path, "csv")
    typed_tables.write_all(kb, found, tmp_path, "parquet")
    for name, columns in TABLES.items():
        with (tmp_path / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            texts = list(csv.DictReader(file))
        typed = pq.read_table(tmp_path / f"{name}.parquet").to_pylist()
        assert len(texts) == len(typed) > 0, name
        for column in columns:
            for text, value in zip(texts, typed, strict=True):
                assert _same(text[column.name], value[column.name]), (name, column.name)


def _same(text: str, value: object) -> bool:
    if value is None:
        return text == ""
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, Decimal):
        return Decimal(text) == value
    if isinstance(value, list):
        plain = [shown(item) if isinstance(item, Decimal) else item for item in value]
        return bool(json.loads(text) == plain)
    return text.removeprefix("'") == str(value).removeprefix("'")


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    columns = TABLES["finding_members"]
    row = {column.name: text for column in columns}
    read = list(csv.reader(io.StringIO(typed_tables.to_csv(columns, [row]).decode("utf-8"), newline="")))
    assert read[1] == [f"'{text}"] * len(columns)


def test_the_columns_are_documented() -> None:
    told = (ROOT / "docs" / "tables.md").read_text("utf-8")
    for name, columns in TABLES.items():
        part = told.split(f"## {name}\n")[1].split("\n## ")[0]
        rows = [line for line in part.splitlines() if line.startswith("| `")]
        assert rows == [f"| `{c.name}` | {c.type} | {c.meaning} |" for c in columns]


def test_tables_are_not_written_over_a_file(toy: tuple[KnowledgeBase, Review], tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="is a file"):
        typed_tables.write_all(*toy, tmp_path / "x", "csv")
    assert (tmp_path / "x").read_text("utf-8") == "mine"


# GraphML


def test_graphml_comes_back_node_for_node_with_types(shipped: tuple[KnowledgeBase, Review]) -> None:
    graph = graphml.typed_graph(*shipped)
    read = nx.read_graphml(io.BytesIO(graphml.to_xml(graph)), edge_key_type=int, force_multigraph=True)
    assert dict(read.nodes(data=True)) == dict(graph.nodes(data=True))
    own = sorted((a, b, key, sorted(given.items())) for a, b, key, given in graph.edges(keys=True, data=True))
    # networkx keeps the key of an edge as its attribute "id"
    back = sorted(
        (a, b, key, sorted((n, v) for n, v in given.items() if n != "id"))
        for a, b, key, given in read.edges(keys=True, data=True)
    )
    assert back == own
    assert isinstance(read.nodes["bahji2021"]["year"], int)
    assert read.nodes["page-003"]["kind"] == "document"


def test_graphml_holds_what_xml_cannot(toy: tuple[KnowledgeBase, Review]) -> None:
    kb, found = toy
    claim = kb.claims[0].model_copy(update={"text": 'a\x00b<&"\u202e\ud800\uffff]]>'})
    changed = replace(kb, claims=(claim, *kb.claims[1:]))
    data = graphml.to_xml(graphml.typed_graph(changed, found))
    read = nx.read_graphml(io.BytesIO(data))
    assert read.nodes[claim.id]["label"] == 'a\ufffdb<&"\u202e\ufffd\ufffd]]>'


# CSL


STYLE = b"""<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
<info><title>t</title><id>t</id><updated>2026-01-01T00:00:00+00:00</updated></info>
<citation><layout><text variable="title"/></layout></citation>
<bibliography><layout>
<names variable="author"><name/></names><date variable="issued"><date-part name="year" prefix=" "/></date>
<text variable="title" prefix=". "/></layout></bibliography></style>"""
"""A style of our own, as small as can be."""


def test_citeproc_prints_every_work(shipped: tuple[KnowledgeBase, Review]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        citeproc = pytest.importorskip("citeproc")
        from citeproc.source.json import CiteProcJSON
    items = json.loads(csl.to_json(shipped[0].works))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = CiteProcJSON([{k: v for k, v in item.items() if k != "custom"} for item in items])
        style = citeproc.CitationStylesStyle(io.BytesIO(STYLE), validate=False)
        shelf = citeproc.CitationStylesBibliography(style, source, citeproc.formatter.plain)
        for item in items:
            shelf.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
        printed = [str(line) for line in shelf.bibliography()]
    assert len(printed) == len(items)
    assert any("Bahji" in line and "2021" in line for line in printed)


def test_names_in_csl() -> None:
    assert csl.name("van der Berg, Jan") == {"family": "van der Berg", "given": "Jan"}
    assert csl.name("Ames Jr., Bo") == {"family": "Ames", "suffix": "Jr.", "given": "Bo"}
    assert csl.name("Tea and Cake Society") == {"literal": "Tea and Cake Society"}


# BibTeX


def _plain(work: Work) -> dict[str, object]:
    return work.model_dump(exclude={"line"})


def test_bibtex_comes_back_as_the_same_works(shipped: tuple[KnowledgeBase, Review], tmp_path: Path) -> None:
    works = shipped[0].works
    path = tmp_path / "made.bib"
    path.write_text(bibtex.to_bibtex(works), "utf-8")
    assert [_plain(work) for work in read_bibliography(path)] == [_plain(work) for work in works]
    library = bibtexparser.parse_file(str(path))
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [work.key for work in works]


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"], exclude_characters="\\~`'\"-")
    | st.sampled_from(" &%$#_{}"),
    min_size=1,
    max_size=30,
).map(lambda text: " ".join(text.split()))


@settings(max_examples=60)
@given(title=WORDS, journal=WORDS, family=WORDS, note=WORDS)
def test_hostile_words_come_back_from_bibtex(
    tmp_path_factory: pytest.TempPathFactory, title: str, journal: str, family: str, note: str
) -> None:
    import unicodedata

    title, journal, family, note = (unicodedata.normalize("NFC", text) for text in (title, journal, family, note))
    if not all(text.strip("{} ") for text in (title, journal, family, note)) or "et al" in family:
        return
    if any(c in family for c in ",") or family.lower() == "others":
        return
    work = Work(
        key="a1", entry_type="article", title=title, authors=(family,), year=1999, journal=journal, note=note, line=1
    )
    path = tmp_path_factory.getbasetemp() / "hostile.bib"
    path.write_text(bibtex.to_bibtex([work]), "utf-8")
    assert [_plain(read) for read in read_bibliography(path)] == [_plain(work)]


def test_capitals_of_a_title_are_kept_by_braces() -> None:
    work = Work(key="a1", entry_type="article", title="Role of NMDA in Rats, 5%", authors=("A, B.",), year=1999, line=1)
    assert "title = {Role of {NMDA} in {Rats,} 5\\%}," in bibtex.entry(work)


def test_works_in_use(shipped: tuple[KnowledgeBase, Review]) -> None:
    kb = shipped[0]
    used = works_in_use(kb)
    assert 0 < len(used) < len(kb.works) + 1
    bare = replace(kb, claims=(), documents=())
    assert works_in_use(bare) == ()


def test_the_users_own_bibliography_is_never_written_to(toy: tuple[KnowledgeBase, Review], tmp_path: Path) -> None:
    kb = toy[0]
    link = tmp_path / "linked.bib"
    link.symlink_to((kb.path / kb.policy.bibliography).resolve())
    with pytest.raises(InputError, match="yours to edit"):
        bibtex.refuse_own(kb, link)
    bibtex.refuse_own(kb, tmp_path / "other.bib")
    bibtex.refuse_own(kb, None)
