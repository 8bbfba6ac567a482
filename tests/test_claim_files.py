"""Claim files: whatever claims are written canonically read back as the same records and the same bytes."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kb.claims import claim_id, dump_claims, load_claims
from kb.domain import Domain
from kb.model import (
    Attribution,
    Bound,
    Certainty,
    Checked,
    Citation,
    Claim,
    Duty,
    Interval,
    Kind,
    Locator,
    Made,
    Ordinal,
    Polarity,
    Relation,
    Role,
    ScopeValue,
    State,
    Strength,
    Vague,
    ValueSet,
)
from kb.vocabulary import load_domain

from small_folder import VOCABULARY, small_folder

SOURCES = {"page-a": Role.CLAIM, "orlo1911": Role.EVIDENCE, "tarn1902": Role.EVIDENCE}
CONCEPTS = ["tea", "marsh-leaf", "cliff-leaf", "work:orlo1911"]
TRICKY = [
    *("no", "Yes", "null", "~", "true", "12:30", "010", "0x1F", "1e5", "1_000", ".inf", "2020-01-01", "=", "<<"),
    *("- dash", "-", "? key", "a: b", "a #b", "# b", "'single'", '"double"', 'it\'s "both"', "[7]", "{a: b}", "a,b"),
    *("&anchor", "*alias", "!tag", "%directive", "@at", "`tick`", "| pipe", "> fold", "---", "...", "trailing:"),
    *(
        "naïve café",
        "日本語",
        "𝔘nicode 🫖",
        "\u202eright to left\u202c",
        "zero\u200bwidth",
        "no\u00a0break",
        "\ufeffmark",
    ),
    *("back\\slash", "a\u2028b", "1.50", "+1", "word " * 60, "x" * 300, "double  space", "tab\there"),
]


words = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=60),
    st.lists(st.sampled_from(TRICKY), min_size=2, max_size=4).map(" ".join),
)
texts = words.map(lambda text: text[:1900].strip()).filter(bool)
printed = words.map(lambda text: text[:200])
numbers = st.decimals(-(10**9), 10**9, places=3)
pairs = st.tuples(numbers, numbers).map(sorted)
units = st.sampled_from(["s", "min"])

exact = st.builds(
    lambda pair, unit, bound, said: Interval(low=pair[0], high=pair[1], unit=unit, bound=bound, printed=said),
    pairs,
    units,
    st.sampled_from(Bound),
    printed,
)
at_least = st.builds(Interval, low=numbers, unit=units, bound=st.just(Bound.AT_LEAST), printed=printed)
up_to = st.builds(Interval, high=numbers, unit=units, bound=st.just(Bound.UP_TO), printed=printed)
sets = st.builds(
    ValueSet,
    any_of=st.lists(numbers, min_size=1, max_size=5, unique=True).map(lambda n: tuple(sorted(n))),
    unit=units,
    bound=st.sampled_from(Bound),
    printed=printed,
)
vague = st.builds(Vague, vague=st.just(True), unit=units, printed=printed.filter(bool))
classes = st.builds(
    lambda name, said: Ordinal.model_validate({"class": name, "printed": said}),
    st.sampled_from(["mild", "strong"]),
    printed,
)

leaf = st.lists(st.sampled_from(["tea", "marsh-leaf", "cliff-leaf"]), min_size=1, max_size=3, unique=True)
altitude = st.sampled_from(["<= 300 m", "200-400 m", ">= 5 min", "~ 3 s"]).map(lambda one: [one])
bases = st.sampled_from(["page", "heading", "list-lead"])
confidences = st.decimals(Decimal("0.01"), Decimal("0.89"), places=2)
works = st.sampled_from(["orlo1911", "tarn1902"])
citations = st.one_of(
    st.builds(
        Citation,
        marker=st.sampled_from(["[7]", "1, 2", "no", "¹", "#1"]),
        basis=st.just("marker"),
        work=st.one_of(st.none(), works),
    ),
    st.builds(Citation, basis=st.just("described"), work=works),
    st.builds(Citation, basis=st.just("inferred"), work=works, confidence=confidences),
)


@st.composite
def scope(draw):
    """Return the scope of a claim and the dimensions it leaves open."""
    found, unknown = [], []
    for dimension, values in (("altitude", altitude), ("leaf", leaf)):
        state = draw(st.sampled_from([None, "unknown", State.STATED, State.INHERITED]))
        if state == "unknown":
            unknown.append(dimension)
        elif state is not None:
            basis = draw(bases) if state is State.INHERITED else ""
            listed = tuple(sorted(draw(values)))
            found.append(ScopeValue(dimension=dimension, values=listed, state=state, basis=basis))
    return tuple(found), tuple(unknown)


@st.composite
def claims_of(draw, source):
    """Return one claim of any kind."""
    role, kind = SOURCES[source], draw(st.sampled_from(Kind))
    prop = {Kind.COMPARISON: "bitterness", Kind.STATEMENT: "keeps-well"}.get(kind) or draw(
        st.sampled_from(["steeping-time", "strength"])
    )
    fields = {"subject": draw(st.sampled_from(CONCEPTS)), "property": prop, "part": draw(words)}
    fields["object"] = draw(st.one_of(st.none(), st.sampled_from(CONCEPTS)))
    if kind is Kind.COMPARISON:
        fields |= {"relation": draw(st.sampled_from(Relation)), "than": draw(st.sampled_from(CONCEPTS))}
    if kind is Kind.QUANTITY:
        fields["value"] = draw(classes if prop == "strength" else st.one_of(exact, at_least, up_to, sets, vague))
    quote = ""
    if role is Role.CLAIM:
        start = draw(st.integers(0, 10**6))
        quote = hashlib.sha256(draw(words).encode("utf-8")).hexdigest()
        fields["locator"] = Locator(start=start, end=start + draw(st.integers(1, 500)), quote_sha256=quote)
    fields["scope"], fields["unknown"] = draw(scope())
    choices = {
        "polarity": Polarity, "certainty": Certainty, "duty": Duty, "strength": Strength,
        "attribution": Attribution, "checked": Checked, "made": Made,
    }  # fmt: skip
    fields |= {name: draw(st.sampled_from(choice)) for name, choice in choices.items()}
    return Claim(
        id=claim_id(source, quote, fields),
        source=source,
        role=role,
        text=draw(texts),
        kind=kind,
        implied=draw(st.booleans()),
        cites=tuple(draw(st.lists(citations, max_size=2))),
        seen_at=draw(words),
        note=draw(words),
        **fields,
    )


def file_of(source):
    return st.tuples(st.just(source), st.lists(claims_of(source), max_size=3, unique_by=lambda claim: claim.id))


@pytest.fixture(scope="module")
def domain(tmp_path_factory) -> Domain:
    path = tmp_path_factory.mktemp("domain") / "vocabulary.ttl"
    path.write_text(VOCABULARY, "utf-8")
    return load_domain(path, path.name)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.one_of(file_of("page-a"), file_of("orlo1911")))
def test_what_is_written_reads_back_as_it_was(domain, tmp_path_factory, file):
    source, claims = file
    path = tmp_path_factory.getbasetemp() / f"{source}.yaml"
    data = dump_claims(source, claims)
    path.write_bytes(data)
    found = load_claims(path, path.name, domain, SOURCES)
    assert {claim.id: claim for claim in found} == {claim.id: claim for claim in claims}
    assert dump_claims(source, found) == data
    assert dump_claims(source, reversed(found)) == data


@given(st.lists(words, max_size=4))
def test_written_texts_are_texts_for_any_reader_of_yaml(items):
    claims = [
        Claim(id=f"c-{n}", source="tarn1902", role=Role.EVIDENCE, text="x", kind=Kind.STATEMENT, subject="tea",
              property="keeps-well", note=item)
        for n, item in enumerate(items)
    ]  # fmt: skip
    data = yaml.load(dump_claims("tarn1902", claims), Loader=yaml.CBaseLoader)  # noqa: S506 (it makes texts only)
    assert [claim.get("note", "") for claim in data["claims"]] == items


def test_ids_are_kept_when_the_answer_changes():
    question = {"subject": "tea", "property": "steeping-time", "object": None, "than": None, "part": ""}
    one = claim_id("page-a", "0" * 64, question | {"value": "3", "text": "x"})
    assert one == claim_id("page-a", "0" * 64, question | {"value": "5", "text": "y"})
    assert all(one != claim_id("page-a", "0" * 64, question | {name: "other"}) for name in question)


def test_the_order_of_scope_values_does_not_matter(domain, tmp_path):
    folder = small_folder(tmp_path)
    path = folder / "claims" / "page-a.yaml"
    text = path.read_text("utf-8")
    dumps = set()
    for listed in ("[marsh-leaf, cliff-leaf]", "[cliff-leaf, marsh-leaf]"):
        path.write_text(text.replace("leaf: cliff-leaf", f"leaf: {listed}"), "utf-8")
        dumps.add(dump_claims("page-a", load_claims(path, path.name, domain, SOURCES)))
    assert len(dumps) == 1
