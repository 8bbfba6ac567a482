"""A quick look at one more document: what it clashes with among the claims that the index keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from kb.audit import find_all
from kb.build import KnowledgeBase
from kb.bulk.adding import opened_by
from kb.bulk.asking import Asking
from kb.bulk.beside import Near, Record, look_beside
from kb.bulk.claims_table import write_table
from kb.bulk.finding import codes_in
from kb.bulk.findings_table import write_found
from kb.bulk.opened_table import duck, open_table
from kb.cli import app
from kb.model import Claim, Finding, FindingKind, Interval, Role
from typer.testing import CliRunner

from building import toy_copy
from strategies import RECIPES, Scene
from test_bulk import QUIET, lite, shipped, toy, world

pytest.importorskip("duckdb")

BEYOND = frozenset({"C004", "S006", "V008"})
"""What needs more than pairs of claims near one another: circles, exceptions of any sort, numbers of people."""


def recorded(kb: KnowledgeBase, folder: Path) -> Record:
    """Return the record of a base as the index of a table of it keeps it."""
    write_table(kb, kb.claims, folder)
    opened = open_table(folder, duck)
    write_found(opened.kb, opened.engine, ())
    return Record(Asking(folder))


def without(kb: KnowledgeBase, source: str) -> KnowledgeBase:
    return replace(kb, claims=tuple(claim for claim in kb.claims if claim.source != source), verdicts=())


def graver(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.kind not in (FindingKind.FAULT, FindingKind.EXPLAINED, FindingKind.POSSIBLE)]


@pytest.mark.parametrize("base", [shipped, toy])
def test_most_of_what_a_document_opens_is_seen_at_a_glance(base, tmp_path: Path) -> None:
    """Of the questions on which a document of the base clashes with others, the quick look names nearly nine in ten."""
    kb = base()
    asked = seen = 0
    for number, document in enumerate(kb.documents):
        rest = without(kb, document.id)
        claims = [claim for claim in kb.claims if claim.source == document.id]
        record = recorded(rest, tmp_path / f"t{number}")
        exact = opened_by(lite(rest.claims), world(kb), claims, document)
        quick = look_beside(record, claims, codes_in(kb.policy), document)
        faults = {f.id for f in exact if f.kind is FindingKind.FAULT and f.code[0] in "KLD"}
        assert faults <= {f.id for f in quick}
        new = {claim.id for claim in claims}
        assert all(any(m.claim in new for m in f.members) or f.kind is FindingKind.FAULT for f in quick)
        questions = {(f.code, f.question) for f in graver(exact) if f.code not in BEYOND}
        found = {(f.code, f.question) for f in quick}
        asked += len(questions)
        seen += len(questions & found)
    assert asked
    assert seen >= 0.85 * asked


@pytest.mark.parametrize("code", sorted(set(RECIPES) - BEYOND))
@settings(QUIET, max_examples=1, phases=[Phase.generate])
@given(data=st.data())
def test_a_planted_clash_with_the_record_is_seen(code: str, data: st.DataObject, tmp_path_factory) -> None:
    kb = shipped()
    plant = RECIPES[code](Scene(kb.domain, data.draw))
    new = [claim for claim in plant.claims if claim.source == _page(plant.claims)]
    old = [claim for claim in plant.claims if claim not in new]
    if not new or not old:
        return
    works = {work.key: work for work in (*kb.works, *plant.works)}
    base = replace(kb, claims=tuple(sorted(old, key=lambda c: c.id)), works=tuple(works.values()), verdicts=())
    exact = [f.code for f in opened_by(lite(base.claims), world(base), new)]
    record = recorded(base, tmp_path_factory.mktemp("t") / "table")
    quick = [f.code for f in look_beside(record, new, codes_in(kb.policy))]
    assert code in quick or code not in exact


def _page(claims: Iterable[Claim]) -> str:
    """Return the document whose claims are new: the last that makes any."""
    return max((claim.source for claim in claims if claim.role is Role.CLAIM), default="")


def test_near_properties_are_those_that_detectors_set_against_one_another() -> None:
    near = Near(shipped().domain)
    opposed = next(p for p in shipped().domain.properties.values() if p.opposite_of)
    assert opposed.id in near.properties[opposed.opposite_of[0]]
    assert opposed.opposite_of[0] in near.properties[opposed.id]


def test_the_command_looks_quickly_where_there_is_an_index_and_exactly_if_told(tmp_path: Path) -> None:
    data = toy_copy(tmp_path / "toy")
    run = CliRunner().invoke
    table = tmp_path / "table"
    assert run(app, ["--data", str(data), "export", "table", "--out", str(table)]).exit_code == 0
    file = sorted((data / "claims").glob("*.yaml"))[0]
    ask = ["--data", str(table), "findings", "--with", str(file), "--format", "jsonl"]
    before = run(app, ask)
    assert "--exact" not in before.stderr
    assert run(app, ["--data", str(table), "index"]).exit_code == 0
    quick = run(app, ask)
    assert quick.exit_code == 0, quick.stderr
    assert "--exact compares with all" in quick.stderr
    assert run(app, [*ask, "--exact"]).stdout == before.stdout
    (table / "policy.yaml").write_text((table / "policy.yaml").read_text("utf-8") + "\n# changed\n", "utf-8")
    stale = run(app, ask)
    assert stale.exit_code != 0
    assert "other claims" in str(stale.exception)


def test_nothing_on_record_opens_nothing_but_faults(tmp_path: Path) -> None:
    kb = shipped()
    record = recorded(replace(kb, claims=(), verdicts=()), tmp_path / "t")
    document = kb.documents[0]
    claims = [claim for claim in kb.claims if claim.source == document.id]
    alone = replace(kb, documents=(document,), claims=tuple(claims), verdicts=())
    within = {f.question for f in find_all(alone) if f.kind is not FindingKind.FAULT}
    found = look_beside(record, claims, codes_in(kb.policy), document)
    assert {f.question for f in found if f.kind is not FindingKind.FAULT} <= within


def test_of_very_many_that_agree_the_one_that_clashes_is_looked_at(tmp_path: Path) -> None:
    kb = shipped()
    claim = next(c for c in kb.claims if c.property == "dose" and isinstance(c.value, Interval) and c.scope)
    assert isinstance(claim.value, Interval)
    far = claim.value.model_copy(update={"low": Decimal(900), "high": Decimal(900)})
    works = [work.key for work in kb.works][:30]
    told = {"role": Role.EVIDENCE, "locator": None, "cites": ()}
    same = [claim.model_copy(update={"id": f"c-{n:03}", "source": key, **told}) for n, key in enumerate(works)]
    page, other = (document.id for document in kb.documents[:2])
    clash = claim.model_copy(update={"id": "c-999", "source": other, "value": far})
    record = recorded(replace(kb, claims=(*same, clash), verdicts=()), tmp_path / "t")
    new = claim.model_copy(update={"id": "c-new", "source": page})
    found = look_beside(record, [new], codes_in(kb.policy))
    assert any({"c-new", "c-999"} <= {member.claim for member in finding.members} for finding in found)
