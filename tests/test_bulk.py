"""The bulk path loses nothing: its findings are those of the small path, byte for byte, on DuckDB and on SQLite."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kb.audit import find_all, findings_about
from kb.build import KnowledgeBase, build
from kb.bulk.adding import opened_by
from kb.bulk.claims_table import Table, write_table
from kb.bulk.ego import ego
from kb.bulk.engines import DuckEngine, LiteEngine
from kb.bulk.filtering import RULES
from kb.bulk.finding import codes_in, find_gravest, find_in
from kb.bulk.looking import World
from kb.bulk.restoring import restore
from kb.bulk.rows import claim_of, claim_row, link_rows, trusted_claims
from kb.cli import app
from kb.detectors import DETECTORS, LEANING
from kb.domain import Domain
from kb.errors import InputError
from kb.model import Claim, Finding, Interval, Kind, Role, ValueSet
from typer.testing import CliRunner

from building import TOY, toy_copy
from strategies import RECIPES, Scene

pytest.importorskip("duckdb")

DATA = Path(__file__).resolve().parent.parent / "data" / "ketamine"
QUIET = settings(
    derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck), max_examples=20
)


@cache
def shipped() -> KnowledgeBase:
    return build(DATA)


@cache
def toy() -> KnowledgeBase:
    return build(TOY)


def world(kb: KnowledgeBase) -> World:
    return World(kb.domain, kb.documents, {work.key: work for work in kb.works}, kb.names, codes_in(kb.policy))


def lite(claims: Iterable[Claim]) -> LiteEngine:
    claims = list(claims)
    return LiteEngine(map(claim_row, claims), (row for claim in claims for row in link_rows(claim)))


def duck(kb: KnowledgeBase, folder: Path, rows_per_part: int = 300) -> DuckEngine:
    write_table(kb, kb.claims, folder, rows_per_part)
    table = Table(folder)
    return DuckEngine(table.parts, table.links)


def plain(findings: Iterable[Finding]) -> list[str]:
    return [finding.model_dump_json() for finding in findings]


# The same findings


@pytest.mark.parametrize("base", [shipped, toy])
def test_findings_on_all_data_are_those_of_the_small_path(base, tmp_path: Path) -> None:
    kb = base()
    wanted = plain(find_all(kb))
    assert plain(find_in(lite(kb.claims), world(kb))) == wanted
    assert plain(find_in(duck(kb, tmp_path / "t"), world(kb), batch=500)) == wanted
    assert wanted


@pytest.mark.parametrize("code", RECIPES)
@settings(QUIET, max_examples=8)
@given(data=st.data())
def test_what_is_planted_passes_the_filter(code: str, data: st.DataObject) -> None:
    """For every detector: sets, open bounds, vague numbers, units, unknown scope and cited works by recipe."""
    kb = shipped()
    plants = [RECIPES[code](Scene(kb.domain, data.draw))]
    works = {work.key: work for plant in plants for work in plant.works}
    claims = {claim.id: claim for plant in plants for claim in plant.claims}
    base = replace(kb, documents=(), claims=tuple(claims[name] for name in sorted(claims)), works=tuple(works.values()))
    wanted = plain(find_all(base))
    assert wanted
    assert plain(find_in(lite(base.claims), world(base))) == wanted


@settings(QUIET, max_examples=60)
@given(seed=st.integers(0, 10**6), size=st.integers(2, 60), few=st.integers(1, 12))
def test_random_claims_on_few_questions_give_the_same_findings(seed: int, size: int, few: int) -> None:
    kb = jumbled(shipped(), seed, size, few)
    assert plain(find_in(lite(kb.claims), world(kb))) == plain(find_all(kb))


@pytest.mark.parametrize("seed", range(4))
def test_duckdb_gives_the_same_findings_on_random_claims(seed: int, tmp_path: Path) -> None:
    kb = jumbled(shipped(), seed, 400, 40)
    wanted = plain(find_all(kb))
    assert plain(find_in(duck(kb, tmp_path / "t"), world(kb), batch=100)) == wanted
    assert wanted


def jumbled(kb: KnowledgeBase, seed: int, size: int, few: int) -> KnowledgeBase:
    """Return a base of shipped claims with subjects, objects, units, values, scope and sources shuffled."""
    rng = random.Random(seed)  # noqa: S311 - test data
    models = rng.sample(kb.claims, few)
    models += [c for c in kb.claims if c.property in {m.property for m in models}]
    concepts = sorted(kb.domain.concepts)
    near = [rng.choice(concepts) for _ in range(3)] + [c.subject for c in models[:3]]
    sources = rng.sample([d.id for d in kb.documents], 3) + rng.sample([w.key for w in kb.works], 3)
    claims = [_jumble(kb.domain, rng, rng.choice(models), n, near, sources, kb) for n in range(size)]
    return replace(kb, claims=tuple(sorted(claims, key=lambda claim: claim.id)))


def _jumble(
    domain: Domain,
    rng: random.Random,
    model: Claim,
    number: int,
    near: Sequence[str],
    sources: Sequence[str],
    kb: KnowledgeBase,
) -> Claim:
    source = rng.choice(sources)
    role = Role.CLAIM if source in {d.id for d in kb.documents} else Role.EVIDENCE
    changed: dict[str, object] = {"id": f"c-{number:05}", "source": source, "role": role}
    if role is Role.EVIDENCE:
        changed |= {"locator": None, "cites": ()}
    if rng.random() < 0.3 and not model.subject.startswith("work:"):
        subject = rng.choice(near)
        changed["subject"] = rng.choice([subject, *sorted(domain.ancestors(subject))])
    if model.object and rng.random() < 0.3:
        changed["object"] = rng.choice([model.object, *sorted(domain.ancestors(model.object))])
    if model.kind is Kind.STATEMENT and rng.random() < 0.4:
        changed["polarity"] = rng.choice(["affirmed", "negated"])
    if isinstance(model.value, Interval) and rng.random() < 0.6:
        changed["value"] = _other_value(domain, rng, model.value)
    if rng.random() < 0.3:
        changed["certainty"] = rng.choice(["asserted", "possible", "probable", "denied"])
    if rng.random() < 0.2:
        changed["strength"] = rng.choice(["plain", "universal", "superlative"])
    if rng.random() < 0.2 and model.kind is Kind.STATEMENT:
        changed["duty"] = rng.choice(["none", "may", "never", "required"])
    if rng.random() < 0.1:
        changed["attribution"] = rng.choice(["reported", "superseded", "hypothetical"])
    if rng.random() < 0.4:
        changed["scope"] = ()
    return Claim.model_validate(model.model_dump() | changed)


def _other_value(domain: Domain, rng: random.Random, value: Interval) -> Interval | ValueSet:
    """Return a value near the old one, in any unit that fits: a point, a range, a set or one with an open end."""
    kind = domain.units[value.unit].kind
    unit = rng.choice(sorted(u.symbol for u in domain.units.values() if u.kind == kind))
    numbers = sorted({Decimal(rng.choice([1, 2, 7, 14, 24, 60, 70, 100, 168])) for _ in range(3)})
    form = rng.randrange(5)
    if form == 0 and len(numbers) > 1:
        return ValueSet(any_of=tuple(numbers), unit=unit)
    if form == 1:
        return Interval(low=numbers[0], unit=unit, bound="at_least")
    if form == 2:
        return Interval(high=numbers[-1], unit=unit, bound="up_to")
    bound = rng.choice(["exact", "about", "typical"])
    return Interval(low=numbers[0], high=numbers[0] if form == 3 else numbers[-1], unit=unit, bound=bound)


def test_numbers_that_a_double_cannot_tell_apart_still_clash() -> None:
    first, *_ = (c for c in shipped().claims if c.kind is Kind.QUANTITY and c.role is Role.CLAIM)
    fact = shipped().domain.properties
    name = next(
        p.id for p in fact.values() if p.kind == "quantity" and p.unit and not p.tolerance and not p.separated_by
    )
    unit = fact[name].unit or ""
    claims = []
    for number, text in enumerate(["100000000000000000.1", "100000000000000000.2"]):
        value = Interval(low=Decimal(text), high=Decimal(text), unit=unit)
        fields = {"id": f"c-{number}", "source": shipped().documents[number].id, "property": name, "value": value}
        claims.append(first.model_copy(update=fields | {"object": None, "cites": (), "scope": ()}))
    kb = replace(shipped(), claims=tuple(claims), documents=())
    wanted = plain(find_all(kb))
    assert any('"V001"' in text for text in wanted)
    assert plain(find_in(lite(kb.claims), world(kb))) == wanted


# Tables


@settings(QUIET)
@given(seed=st.integers(0, 10**6))
def test_a_claim_is_the_same_after_its_row(seed: int) -> None:
    for claim in jumbled(shipped(), seed, 20, 5).claims:
        row = claim_row(claim)
        assert claim_of(row) == claim
        assert list(trusted_claims([row])) == [claim]


@pytest.mark.parametrize("base", [DATA, TOY])
def test_a_table_made_into_a_folder_again_has_the_same_records(base: Path, tmp_path: Path) -> None:
    kb = build(base)
    write_table(kb, kb.claims, tmp_path / "table", 100)
    restore(Table(tmp_path / "table"), tmp_path / "back")
    again = build(tmp_path / "back")
    assert (again.claims, again.documents, again.works) == (kb.claims, kb.documents, kb.works)


def test_a_table_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_table(toy(), toy().claims, tmp_path / name, 7)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) > 8
    assert all((tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes() for path in files)


def test_an_empty_table_has_no_findings(tmp_path: Path) -> None:
    kb = replace(toy(), claims=(), documents=(), works=())
    assert find_in(duck(kb, tmp_path / "t"), world(kb)) == ()


@pytest.mark.parametrize("damage", ["missing", "version", "count", "bytes", "text"])
def test_a_damaged_table_is_refused_with_a_reason(damage: str, tmp_path: Path) -> None:
    folder = tmp_path / "t"
    write_table(toy(), toy().claims, folder, 10)
    part, mark = folder / "claims" / "part-00000.parquet", folder / "table.json"
    if damage == "missing":
        mark.unlink()
    elif damage == "version":
        mark.write_text('{"version": 99, "claims": 1}')
    elif damage == "text":
        mark.write_text("[]")
    elif damage == "count":
        part.unlink()
    else:
        part.write_bytes(b"PAR1 nonsense")
    with pytest.raises(InputError, match="kb export table"):
        Table(folder)


# The gravest, and one more document


def test_the_gravest_parts_give_findings_of_the_whole(tmp_path: Path) -> None:
    kb = shipped()
    found, parts = find_gravest(duck(kb, tmp_path / "t"), world(kb), 5)
    assert parts > 20
    assert found
    assert max(finding.severity for finding in found) == 3
    every = {finding.id: finding for finding in find_all(kb)}
    assert all(every.get(finding.id, finding) == finding for finding in found)


@pytest.mark.parametrize("base", [shipped, toy])
def test_one_more_document_opens_what_a_rebuild_would_find_of_it(base, tmp_path: Path) -> None:
    kb = base()
    for number, document in enumerate(kb.documents):
        rest = replace(kb, claims=tuple(claim for claim in kb.claims if claim.source != document.id))
        own = [claim for claim in kb.claims if claim.source == document.id]
        found = opened_by(duck(rest, tmp_path / f"t{number}"), world(kb), own, document)
        assert plain(found) == plain(_of(find_all(kb), document.id))
        assert plain(opened_by(lite(kb.claims), world(kb), own, document)) == plain(found)


def _of(findings: Iterable[Finding], source: str) -> Iterable[Finding]:
    return findings_about(findings, source)


# The command line


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_commands_agree_with_the_small_path(tmp_path: Path) -> None:
    folder = toy_copy(tmp_path)
    wanted = run("--data", folder, "findings", "-f", "jsonl")
    assert wanted.count("\n") > 5
    assert run("--data", folder, "findings", "-f", "jsonl", "--engine", "duckdb") == wanted
    run("--data", folder, "export", "table", "--out", tmp_path / "table")
    assert run("--data", tmp_path / "table", "findings", "-f", "jsonl") == wanted
    with pytest.raises(InputError, match="table folder"):
        CliRunner().invoke(app, ["--data", str(tmp_path / "table"), "audit"], catch_exceptions=False)
    run("import", "table", tmp_path / "table", "--into", tmp_path / "back")
    assert run("--data", tmp_path / "back", "findings", "-f", "jsonl") == wanted


def test_a_claim_file_opens_its_own_findings_only(tmp_path: Path) -> None:
    folder = toy_copy(tmp_path)
    source = next(d.id for d in toy().documents)
    rows = run("--data", folder, "findings", source, "-f", "jsonl")
    assert run("--data", folder, "findings", "--with", folder / "claims" / f"{source}.yaml", "-f", "jsonl") == rows


def test_what_does_not_go_together_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--engine small"):
        CliRunner().invoke(
            app, ["--data", str(TOY), "findings", "--engine", "small", "--top", "3"], catch_exceptions=False
        )
    with pytest.raises(InputError, match="exists already"):
        CliRunner().invoke(app, ["--data", str(TOY), "export", "table", "-o", str(tmp_path)], catch_exceptions=False)


# The neighbourhood of one thing


def test_the_ego_network_counts_claims_and_is_capped(tmp_path: Path) -> None:
    kb = shipped()
    engine = duck(kb, tmp_path / "t")
    source = kb.documents[0].id
    own = [claim for claim in kb.claims if claim.source == source]
    whole = ego(engine, source, 10_000)
    assert sum(edge.claims for edge in whole.edges if edge.how == "says of") == len(own)
    cited = {link.work for claim in own for link in claim.cites if link.work}
    assert {edge.b for edge in whole.edges if edge.how == "cites"} == cited
    few = ego(engine, source, 3)
    assert few.edges == whole.edges[:3]
    assert few.total == len(whole.edges)
    assert ego(lite(kb.claims), source, 10_000) == whole


def test_a_name_is_never_run() -> None:
    assert ego(lite(toy().claims), "x' OR '1'='1").edges == ()


def test_every_detector_of_groups_has_its_way_through_the_filter() -> None:
    """A new detector without an entry would be passed over on tables without a word."""
    known = {code for codes in RULES.values() for code in codes} | set(LEANING)
    assert {detector.CODE for detector in DETECTORS} == known
