"""The export: every format says the same, the same bytes each time, and what was written is read back."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kb.audit import find_all
from kb.build import KnowledgeBase, build
from kb.errors import InputError
from kb.model import Claim, FindingKind, Role
from kb.rdf.claim_quads import claim_quads
from kb.rdf.exporting import all_quads, export_texts, write_texts
from kb.rdf.facts import Facts, _by_rdflib, _statements, read_facts
from kb.rdf.folder import write_folder
from kb.rdf.importing import import_facts
from kb.rdf.rows import Rows
from kb.rdf.simple import simple_texts
from kb.rdf.templates import claim_texts
from kb.rdf.tokens import Quad, iri, lexical, path, plain
from kb.rdf.validating import nanopublication_problems, shape_problems
from kb.rdf.writers import RdfFormat, Writer
from kb.standing import Review, review
from kb.verdicts import Ruling, Verdict, judged_members

from rdf_grammar import Statement, by_expanded_jsonld, by_turtle_grammar

ox = pytest.importorskip("pyoxigraph")
TOY = Path(__file__).parent / "toy"
SHIPPED = Path(__file__).parent.parent / "data" / "ketamine"
OX = {"turtle": "TURTLE", "trig": "TRIG", "nquads": "N_QUADS", "ntriples": "N_TRIPLES", "jsonld": "JSON_LD"}
RDFLIB = {"turtle": "turtle", "trig": "trig", "nquads": "nquads", "ntriples": "nt", "jsonld": "json-ld"}
HOSTILE = 'q"uo\\te\n\r\t\x00\x07\x1b[31m \u202e\u2066\u200b<a href="x">{}|^` é 漢 \U0001f6b2 %s %% \x01 \ue000'


@pytest.fixture(scope="module")
def toy() -> tuple[KnowledgeBase, Review]:
    kb = build(TOY)
    found = find_all(kb)
    claims = {claim.id: claim for claim in kb.claims}
    verdicts = tuple(
        Verdict(
            finding=finding.id,
            code=finding.code,
            question=finding.question,
            kind=finding.kind,
            verdict=ruling,
            reason="Looked at it, “twice”.",
            by=by,
            at=f"2026-11-2{number}T09:30:00Z",
            members=judged_members(finding, claims),
        )
        for number, (finding, ruling, by) in enumerate(
            zip(found, (Ruling.CONFIRMED, Ruling.DISMISSED), ("Ada <b>", "Bo"), strict=False)
        )
    )
    judged = KnowledgeBase(
        kb.path, kb.domain, kb.policy, kb.documents, kb.works, kb.claims, {"lantern": "x" * 10**5}, verdicts
    )
    return judged, review(judged, found)


def written(toy: tuple[KnowledgeBase, Review], form: RdfFormat, quotes: bool = False) -> str:
    return "".join(export_texts(*toy, form, quotes))


def by_oxigraph(text: str, form: RdfFormat) -> set[tuple[str, ...]]:
    parsed = ox.parse(text.encode(), format=getattr(ox.RdfFormat, OX[form]))
    return {(str(q.subject), str(q.predicate), str(q.object), str(q.graph_name)) for q in parsed}


def by_rdflib(text: str, form: RdfFormat) -> set[tuple[str, ...]]:
    from rdflib import Dataset

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own, within its parsers
        dataset = Dataset()
        dataset.parse(data=text, format=RDFLIB[form])
    return {(s.n3(), p.n3(), _n3(o), g.n3() if g else "DEFAULT") for s, p, o, g in dataset.quads()}


def _n3(value: Any) -> str:
    from rdflib import Literal, URIRef

    if isinstance(value, URIRef):
        return value.n3()
    assert isinstance(value, Literal)
    kind = f"^^<{value.datatype}>" if value.datatype and not str(value.datatype).endswith("#string") else ""
    text = str(value).replace("+00:00", "Z") if kind.endswith("#dateTime>") else str(value)  # rdflib writes times anew
    return str(ox.Literal(text, datatype=ox.NamedNode(kind[3:-1])) if kind else ox.Literal(text))


STRICT = re.compile(
    r'(<[^\x00-\x20<>"{}|\\^`]+>) (<[^\x00-\x20<>"{}|\\^`]+>) '
    r'(<[^\x00-\x20<>"{}|\\^`]+>|"(?:[^"\\\n\r]|\\[tbnrf"\\]|\\u[0-9A-F]{4})*"(?:\^\^<[^\x00-\x20<>"{}|\\^`]+>)?)'
    r'(?: (<[^\x00-\x20<>"{}|\\^`]+>))? \.'
)


def by_grammar(text: str) -> set[tuple[str, ...]]:
    """Read N-Quads by the letter of its grammar; anything else, blank nodes too, fails."""
    found = set()
    for line in text.split("\n")[:-1]:
        match = STRICT.fullmatch(line)
        assert match, line[:300]
        s, p, o, g = match.groups()
        if o[0] == '"':
            body, _, kind = o.rpartition("^^") if o[-1] == ">" else (o, "", "")
            value = json.loads(body)  # the escapes of N-Quads are those of JSON
            o = str(ox.Literal(value, datatype=ox.NamedNode(kind[1:-1])) if kind else ox.Literal(value))
        found.add((s, p, o, g or "DEFAULT"))
    return found


def test_three_parsers_read_every_format_alike(toy: tuple[KnowledgeBase, Review]) -> None:
    """rdflib, Oxigraph, and readers by the letter of each grammar; with a text that has everything in it."""
    kb, judged = toy
    claims = (kb.claims[0].model_copy(update={"note": HOSTILE}), *kb.claims[1:])
    toy = (dataclasses.replace(kb, claims=claims), judged)
    quads = by_grammar(written(toy, RdfFormat.NQUADS))
    assert any(str(ox.Literal(HOSTILE)) == o for _, _, o, _ in quads)
    triples = {(s, p, o, "DEFAULT") for s, p, o, _ in quads}
    assert by_grammar(written(toy, RdfFormat.NTRIPLES)) == triples
    for form in RdfFormat:
        wanted = quads if form in (RdfFormat.NQUADS, RdfFormat.TRIG, RdfFormat.JSONLD) else triples
        if form in (RdfFormat.TURTLE, RdfFormat.NTRIPLES):
            wanted = triples
        assert by_oxigraph(written(toy, form), form) == wanted, form
        found = by_rdflib(written(toy, form), form)
        assert {q[:3] for q in found} == {q[:3] for q in wanted}, form
        if wanted is quads:
            assert found == wanted, form
    assert spelt(by_turtle_grammar(written(toy, RdfFormat.TURTLE))) == triples
    assert spelt(by_turtle_grammar(written(toy, RdfFormat.TRIG))) == quads
    assert spelt(by_expanded_jsonld(written(toy, RdfFormat.JSONLD))) == quads


def spelt(statements: set[Statement]) -> set[tuple[str, ...]]:
    """Literals as Oxigraph spells them."""
    found = set()
    for s, p, o, g in statements:
        if o[0] == '"':
            body, _, kind = o.rpartition("^^")
            o = str(ox.Literal(json.loads(body), datatype=ox.NamedNode(kind[1:-1])))
        found.add((s, p, o, g))
    return found


def test_the_same_records_give_the_same_bytes(toy: tuple[KnowledgeBase, Review], tmp_path: Path) -> None:
    for form in RdfFormat:
        assert written(toy, form) == written(toy, form)
    for name in ("a", "b"):
        write_texts(export_texts(*toy, RdfFormat.TRIG), tmp_path / name, packed=True)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert gzip.decompress((tmp_path / "a").read_bytes()).decode() == written(toy, RdfFormat.TRIG)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]


def test_what_templates_give_is_what_the_mapping_gives() -> None:
    kb = build(SHIPPED)
    rows = Rows(kb.domain)
    for form in RdfFormat:
        plainly, fast = Writer(form, rows.root), Writer(form, rows.root)
        filled = claim_texts(rows, fast, kb.claims)
        for claim, text in zip(kb.claims, filled, strict=True):
            assert text == plainly.render(list(claim_quads(rows.root, rows.claim(claim)))), claim.id


@pytest.mark.parametrize("form", list(RdfFormat))
def test_the_records_come_back(toy: tuple[KnowledgeBase, Review], tmp_path: Path, form: RdfFormat) -> None:
    kb, _ = toy
    file = tmp_path / f"x.{form}.gz"
    write_texts(export_texts(*toy, form), file, packed=True)
    found = import_facts(read_facts(file))
    assert (found.claims, found.documents, found.verdicts) == (kb.claims, kb.documents, kb.verdicts)
    assert [w.model_copy(update={"line": 0}) for w in found.works] == [
        w.model_copy(update={"line": 0}) for w in kb.works
    ]


def test_the_records_come_back_without_oxigraph(toy: tuple[KnowledgeBase, Review]) -> None:
    facts = Facts(_by_rdflib(written(toy, RdfFormat.TRIG).encode(), "trig"))
    found = import_facts(facts)
    assert (found.claims, found.documents, found.verdicts) == (toy[0].claims, toy[0].documents, toy[0].verdicts)


@pytest.mark.parametrize("data", [TOY, SHIPPED])
def test_a_folder_made_of_an_export_exports_the_same(data: Path, tmp_path: Path) -> None:
    kb = build(data)
    first = "".join(export_texts(kb, review(kb, find_all(kb)), RdfFormat.TRIG))
    (tmp_path / "x.trig").write_text(first, "utf-8")
    facts = read_facts(tmp_path / "x.trig")
    write_folder(facts, import_facts(facts), tmp_path / "made")
    again = build(tmp_path / "made")
    pieces = re.compile("ckb:waivedBecause .*|ckb:standing .*")
    second = "".join(export_texts(again, review(again, find_all(again)), RdfFormat.TRIG))
    if not kb.policy.waivers:
        assert pieces.sub("", first) == pieces.sub("", second)
    assert again.claims == kb.claims
    with pytest.raises(InputError, match="not empty"):
        write_folder(facts, import_facts(facts), tmp_path / "made")


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_claim_comes_back(toy: tuple[KnowledgeBase, Review], data: st.DataObject) -> None:
    """Claims with texts of any characters, in any format."""
    kb, _ = toy
    claim = data.draw(st.sampled_from(kb.claims))
    text = data.draw(st.just(HOSTILE) | WORDS)
    fields = claim.model_dump() | {"note": text, "seen_at": text[::-1], "part": data.draw(WORDS)}
    fields["text"] = f"a{text}b"
    if fields["value"] is not None:
        fields["value"]["printed"] = f"a{text}b"
    cites = [{"basis": "marker", "marker": text[:40]}, {"basis": "inferred", "work": "w-1", "confidence": "0.25"}]
    fields["cites"] = cites if data.draw(st.booleans()) else []
    changed = Claim.model_validate(fields)
    rows, form = Rows(kb.domain), data.draw(st.sampled_from(RdfFormat))
    writer = Writer(form, rows.root)
    out = writer.header + "".join(claim_texts(rows, writer, [changed])) + writer.footer
    vocabulary = "".join(
        export_texts(KnowledgeBase(kb.path, kb.domain, kb.policy, (), (), (), {}), Review((), ()), RdfFormat.NTRIPLES)
    )
    parsed = [*by_objects(out, form), *by_objects(vocabulary, RdfFormat.NTRIPLES)]
    assert import_facts(Facts(parsed)).claims == (changed,)


def by_objects(text: str, form: RdfFormat) -> list[Any]:
    return list(_statements(text.encode(), form))


def test_hostile_texts_and_names(toy: tuple[KnowledgeBase, Review]) -> None:
    for text in (HOSTILE, "x" * 1_000_000 + '"\\\n', "".join(map(chr, range(0x300)))):
        token = f'"{lexical(text)}"'
        line = f"<urn:a> <urn:b> {token} .\n"
        assert plain(token[1:-1]) == text
        for form in (RdfFormat.TURTLE, RdfFormat.NTRIPLES):
            assert next(iter(ox.parse(line.encode(), format=getattr(ox.RdfFormat, OX[form])))).object.value == text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x1f]", lexical(HOSTILE))
    assert path("..") == "%2E%2E"
    assert path("a b/<c>") == "a%20b%2F%3Cc%3E"
    for bad in ("no scheme", "http://a b/", "http://a/<x>", "http://x/\ud800", "a"):
        with pytest.raises(InputError, match="no absolute IRI"):
            iri(bad)
    with pytest.raises(InputError, match="surrogate"):
        lexical("a\ud800")


def test_quotes_are_written_only_when_asked(toy: tuple[KnowledgeBase, Review]) -> None:
    assert "TextQuoteSelector" not in written(toy, RdfFormat.TRIG)
    assert "oa:exact" in written(toy, RdfFormat.TRIG, quotes=True)
    assert by_grammar(written(toy, RdfFormat.NQUADS, quotes=True))


def test_an_inferred_link_is_no_citation_and_no_conflict_is_one() -> None:
    kb = build(SHIPPED)
    rows = Rows(kb.domain)
    for claim in kb.claims:
        quads = list(claim_quads(rows.root, rows.claim(claim)))
        cited = {q.subject for q in quads if "/cito/" in q.object or "/cito/" in q.predicate}
        ours = {
            f"<{rows.root}claim/{claim.id}#cites-{n}>" for n, c in enumerate(claim.cites, 1) if c.basis == "inferred"
        }
        assert not cited & ours


def test_equal_content_is_one_proposition() -> None:
    kb = build(SHIPPED)
    rows = Rows(kb.domain)
    claim = next(c for c in kb.claims if c.role is Role.CLAIM and c.value is not None)
    same = claim.model_copy(update={"id": "c-other", "text": "In other words.", "note": "x", "certainty": "possible"})
    other = claim.model_copy(update={"polarity": "negated"})
    assert rows.proposition(claim).id == rows.proposition(same).id != rows.proposition(other).id
    assert len({rows.proposition(c).id for c in kb.claims}) < len(kb.claims)


def test_the_simple_profile_is_schema_org(toy: tuple[KnowledgeBase, Review]) -> None:
    text = "".join(simple_texts(toy[0]))
    kinds = {node["@type"] for node in json.loads(text)["@graph"]}
    assert {"Claim", "ClaimReview"} <= kinds <= {"Claim", "ClaimReview", "CreativeWork", "ScholarlyArticle"}
    assert not any(s.startswith("_:") for s, *_ in by_oxigraph(text, RdfFormat.JSONLD))


# Shapes


@pytest.fixture(scope="module")
def whole(toy: tuple[KnowledgeBase, Review]) -> str:
    pytest.importorskip("pyshacl")
    return written(toy, RdfFormat.NTRIPLES)


def test_the_export_fits_its_shapes(whole: str, toy: tuple[KnowledgeBase, Review]) -> None:
    assert shape_problems(whole) == []
    assert nanopublication_problems(all_quads(*toy)) == []


MUTATIONS = {  # shape: what is taken for what, once
    "Claim": (r"claims#role-claim> \.", "claims#role-judge> ."),
    "Proposition": (r"claims#polarity-affirmed> \.", "claims#polarity-maybe> ."),
    "Quantity": (r'(schema.org/minValue> )"[^"]*"', r'\1"999999999999"'),
    "Annotation": (r"(oa#hasBody> <)", r"\1https://example.org/nobody/"),
    "Target": (r"(oa#hasSource> <)", r"\1https://example.org/nothing/"),
    "Position": (r'(oa#start> )"[0-9]+"', r'\1"999999999"'),
    "ScopeEntry": (r"claims#scope-stated> \.", "claims#scope-guessed> ."),
    "CitationLink": (r'(claims#confidence> )"[^"]*"', r'\1"1.5"'),
    "Citation": (r"(cito/hasCitedEntity> <)", r"\1https://example.org/nothing/"),
    "Document": (r'(claims#sha256> )"[^"]*"', r'\1"abc"'),
    "Work": (r"(terms/issued> \"[0-9]+\"\^\^)<[^>]*>", r"\1<http://www.w3.org/2001/XMLSchema#string>"),
    "Finding": (r'(claims#severity> )"[0-9]"', r'\1"7"'),
    "Member": (r"<[^>]*> (<[^>]*claims#pole> [^\n]*)", r"<urn:x> \1"),
    "Verdict": (r"claims#ruling-confirmed> \.", "claims#ruling-perhaps> ."),
    "Nanopublication": (r"<[^>]*> (<[^>]*nschema#hasProvenance> [^\n]*)", r"<urn:x> \1"),
}


def test_every_shape_has_a_mutation() -> None:
    from kb.rdf.validating import SHAPES

    assert set(re.findall(r"^s:(\w+) a sh:NodeShape", SHAPES.read_text("utf-8"), re.M)) == set(MUTATIONS)


def test_shapes_catch_their_mutations(whole: str) -> None:
    text = whole
    for name, (pattern, change) in MUTATIONS.items():
        text, count = re.subn(pattern, change, text, count=1)
        assert count == 1, name
    problems = " ".join(f"{p.path} {p.message}" for p in shape_problems(text))
    signs = {
        "Claim": "role-judge",
        "Proposition": "polarity-maybe",
        "Quantity": "LessThanOrEquals",
        "Annotation": "nobody",
        "Target": "hasSource is https://example.org/nothing/",
        "Position": "oa#start is 999999999",
        "ScopeEntry": "scope-guessed",
        "CitationLink": "confidence is 1.5",
        "Citation": "hasCitedEntity is https://example.org/nothing/",
        "Document": "sha256 is abc",
        "Work": "terms/issued is",
        "Finding": "severity is 7",
        "Member": "claims#pole is not",
        "Verdict": "ruling-perhaps",
        "Nanopublication": "hasProvenance is not",
    }
    caught = [name for name, sign in signs.items() if sign in problems]
    assert caught == list(MUTATIONS), problems


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda q: None if q.graph.endswith("c-1#pubinfo>") else q, "is empty"),
        (lambda q: None if q.predicate.endswith("#hasAssertion>") else q, "does not name one"),
        (lambda q: q._replace(subject="<urn:x>") if q.graph.endswith("#provenance>") else q, "does not speak of"),
        (lambda q: q._replace(object=q.object.replace("#pubinfo", "#provenance")), "not four"),
        (
            lambda q: (
                q._replace(object=q.object.replace("wasAttributedTo", "x"), predicate="<urn:p>")
                if q.graph.endswith("#pubinfo>")
                else q
            ),
            "who made it",
        ),
    ],
)
def test_broken_nanopublications_are_found(change: Callable[[Quad], Quad | None], message: str) -> None:
    kb = build(TOY)
    rows = Rows(kb.domain)
    claim = kb.claims[0].model_copy(update={"id": "c-1"})
    quads = [q for quad in claim_quads(rows.root, rows.claim(claim)) if (q := change(quad)) is not None]
    assert any(message in p.message for p in nanopublication_problems(quads))


# A conflict, derived again from the claims alone

APART = """
PREFIX ckb: <https://claims-kb.example/claims#>
PREFIX kb: <https://claims-kb.example/vocab#>
PREFIX schema: <https://schema.org/>
SELECT DISTINCT ?a ?b ?y WHERE {
 ?a ckb:states ?p ; ckb:attribution ?ta ; ckb:certainty ?ca .
 ?b ckb:states ?q ; ckb:attribution ?tb ; ckb:certainty ?cb .
 FILTER (?ta IN (ckb:attribution-author, ckb:attribution-reported))
 FILTER (?tb IN (ckb:attribution-author, ckb:attribution-reported))
 FILTER (?ca IN (ckb:certainty-asserted, ckb:certainty-probable))
 FILTER (?cb IN (ckb:certainty-asserted, ckb:certainty-probable))
 ?p ckb:subject ?s ; ckb:property ?y ; ckb:polarity ckb:polarity-affirmed .
 ?q ckb:subject ?s ; ckb:property ?y ; ckb:polarity ckb:polarity-affirmed .
 FILTER NOT EXISTS { ?y kb:compared "false" }
 FILTER NOT EXISTS { ?y kb:varies "true" . ?a ckb:role ckb:role-evidence . ?b ckb:role ckb:role-evidence }
 FILTER NOT EXISTS { ?p ckb:object ?o . FILTER NOT EXISTS { ?q ckb:object ?o } }
 FILTER NOT EXISTS { ?q ckb:object ?o . FILTER NOT EXISTS { ?p ckb:object ?o } }
 ?p ckb:span ?u . ?q ckb:span ?v . ?u schema:maxValue ?high . ?v schema:minValue ?low .
 OPTIONAL { ?y kb:tolerance ?tol }
 FILTER (?low - ?high > COALESCE(<http://www.w3.org/2001/XMLSchema#decimal>(?tol), 0) * ?low)
 FILTER NOT EXISTS { ?p ckb:span ?u2 . ?q ckb:span ?v2 . FILTER (?u2 != ?u || ?v2 != ?v)
    FILTER NOT EXISTS { ?u2 schema:maxValue ?h2 . ?v2 schema:minValue ?l2 . FILTER (?h2 < ?l2) }
    FILTER NOT EXISTS { ?v2 schema:maxValue ?h3 . ?u2 schema:minValue ?l3 . FILTER (?h3 < ?l3) } }
 FILTER NOT EXISTS { ?y kb:separatedBy|kb:alsoSeparatedBy ?d . ?p ?d ?x . ?q ?d ?z .
    FILTER NOT EXISTS { ?p ?d ?w . ?q ?d ?w } }
 FILTER NOT EXISTS { ?y kb:separatedBy ?d . FILTER NOT EXISTS { ?p ?d ?x . ?q ?d ?z } }
}"""


def test_conflicts_derived_in_sparql_are_those_of_the_detector() -> None:
    """Values of one subject, property and object that lie apart in a scope that is known and shared.

    What the detector finds beyond that rests on the hierarchy of concepts, which the query leaves aside.
    """
    kb = build(SHIPPED)
    judged = review(kb, find_all(kb))
    store = ox.Store()
    store.load("".join(export_texts(kb, judged, RdfFormat.NTRIPLES)).encode(), format=ox.RdfFormat.N_TRIPLES)
    root = Rows(kb.domain).root
    derived = {
        frozenset(str(solution[name].value).removeprefix(f"{root}claim/") for name in ("a", "b"))
        for solution in store.query(APART)
    }
    asked = {claim.id: (claim.subject, claim.property, claim.object) for claim in kb.claims}
    detected = set()
    for finding in (standing.finding for standing in judged.standings):
        if finding.code != "V001" or finding.kind not in (FindingKind.CONTRADICTION, FindingKind.DISCREPANCY):
            continue
        for a in finding.members:
            for b in finding.members:
                if (a.pole, b.pole) in finding.opposed and asked[a.claim] == asked[b.claim]:
                    detected.add(frozenset((a.claim, b.claim)))
    assert derived == detected
    assert derived
