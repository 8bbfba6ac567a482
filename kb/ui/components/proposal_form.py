"""The form in which a proposal is edited: it makes the text of a claim file, which is read as any other is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

import streamlit as st

from kb.build import KnowledgeBase
from kb.claims import dump_claims
from kb.domain import kinds_allowed
from kb.errors import InputError, Problem
from kb.model import DECIMAL, Bound, Certainty, Claim, Duty, Interval, Ordinal, Polarity, Relation, Vague, ValueSet
from kb.propose.drafts import Draft
from kb.propose.reviewing import read_edited

E = TypeVar("E", bound=StrEnum)
Typed = dict[str, Any]


def fields(kb: KnowledgeBase, claim: Claim, key: str) -> Typed:
    """Show the fields of a claim; return what stands in them."""
    domain = kb.domain
    text = st.text_area("In your own words", claim.text, max_chars=2000, key=f"{key} text", height=90)
    allowed = [p for p in domain.properties.values() if p.kind in kinds_allowed(claim.kind) or p.id == claim.property]
    known = {p.id: f"{p.label} · {domain.topics[p.topic].label}" for p in allowed}
    concepts = {name: domain.label(name) for name in domain.concepts} | {
        name: domain.label(name) for name in (claim.subject, claim.object, claim.than) if name
    }
    typed: Typed = {
        "text": text,
        "property": _one_of("Property", known, claim.property, f"{key} property"),
        "subject": _one_of("Subject", concepts, claim.subject, f"{key} subject"),
        "object": _one_of("Object", {"": "none"} | concepts, claim.object or "", f"{key} object") or None,
    }
    if claim.relation is not None:
        typed["relation"] = _choice("Relation", Relation, claim.relation, f"{key} relation")
        typed["than"] = _one_of("Than", concepts, claim.than or "", f"{key} than")
    if claim.value is not None:
        typed["value"] = _value(kb, claim.value, key)
    first, second, third = st.columns(3)
    with first:
        typed["polarity"] = _choice("Polarity", Polarity, claim.polarity, f"{key} polarity")
    with second:
        typed["certainty"] = _choice("Certainty", Certainty, claim.certainty, f"{key} certainty")
    with third:
        typed["duty"] = _choice("Duty", Duty, claim.duty, f"{key} duty")
    return typed


def _one_of(label: str, names: dict[str, str], present: str, key: str) -> str:
    """Show a list that can be searched by typing, in order of what it shows; what means nothing stands first."""
    ordered = sorted(names, key=lambda name: (name != "", names[name].casefold(), name))
    chosen = st.selectbox(label, ordered, index=ordered.index(present), format_func=names.__getitem__, key=key)
    return str(chosen)


def _choice(label: str, kind: type[E], present: E, key: str) -> E:
    members = list(kind)
    chosen: E = st.selectbox(
        label, members, index=members.index(present), format_func=lambda m: m.value.replace("_", " "), key=key
    )
    return chosen


def _value(kb: KnowledgeBase, value: Interval | ValueSet | Ordinal | Vague, key: str) -> Typed:
    domain = kb.domain
    if isinstance(value, Ordinal):
        scales = {p.scale for p in domain.properties.values() if p.scale}
        classes = {c.id: c.label for c in domain.concepts.values() if c.scheme in scales or c.id == value.class_}
        return {"class_": _one_of("Class", classes, value.class_, f"{key} class")}
    typed: Typed = {}
    first, second, third, fourth = st.columns(4)
    if isinstance(value, Interval):
        with first:
            typed["low"] = st.text_input("Low", _number(value.low), max_chars=40, key=f"{key} low")
        with second:
            typed["high"] = st.text_input("High", _number(value.high), max_chars=40, key=f"{key} high")
    elif isinstance(value, ValueSet):
        with first:
            any_of = "; ".join(map(_number, value.any_of))
            typed["any_of"] = st.text_input("Any of (;)", any_of, max_chars=400, key=f"{key} set")
    units = {unit: unit for unit in domain.units} | {value.unit: value.unit}
    with third:
        typed["unit"] = _one_of("Unit", units, value.unit, f"{key} unit")
    with fourth:
        typed["bound"] = _choice("Bound", Bound, value.bound, f"{key} bound")
    return typed


def _number(number: Decimal | None) -> str:
    return "" if number is None else format(number, "f")


def edited(kb: KnowledgeBase, draft: Draft, claim: Claim, typed: Typed) -> Claim:
    """Return the claim as it was edited; raise `InputError` with every fault in it, as the command line does."""
    problems: list[Problem] = []
    changed = dict(typed)
    if not str(changed["text"]).strip():
        problems.append(Problem("text", 0, "text is empty", "say in your own words what the page claims"))
    if claim.value is not None:
        changed["value"] = claim.value.model_copy(update=_typed_value(changed["value"], problems))
    if problems:
        raise InputError(problems)
    return read_edited(kb, draft, dump_claims(draft.page.id, [claim.model_copy(update=changed)]).decode("utf-8"))


def _typed_value(typed: Typed, problems: list[Problem]) -> Typed:
    found = dict(typed)
    for name in ("low", "high"):
        if name in typed:
            numbers = _numbers(name, [typed[name]], problems)
            found[name] = numbers[0] if numbers else None
    if "any_of" in typed:
        found["any_of"] = tuple(sorted(set(_numbers("any of", typed["any_of"].split(";"), problems))))
    return found


def _numbers(name: str, words: Iterable[str], problems: list[Problem]) -> Sequence[Decimal]:
    found = []
    for word in filter(None, (word.strip() for word in words)):
        if DECIMAL.fullmatch(word):
            found.append(Decimal(word))
        else:
            problems.append(Problem(name, 0, f"{name}: “{word}” is no number", "write digits, with a point: 0.5"))
    return found
