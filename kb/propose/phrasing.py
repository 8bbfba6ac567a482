"""A proposed claim in plain words made from its record, so that no sentence of a page is copied."""

from __future__ import annotations

from kb.domain import Domain
from kb.model import Certainty, Duty, Interval, Ordinal, Polarity, Relation, Value, ValueSet
from kb.propose.manner import Manner
from kb.wording import value_text

_RELATIONS = {
    Relation.GREATER: "greater for {a} than for {b}",
    Relation.LESS: "less for {a} than for {b}",
    Relation.EQUAL: "alike for {a} and {b}",
    Relation.DIFFERS: "different for {a} and {b}",
    Relation.UNCLEAR: "not clear between {a} and {b}",
}

_SURE = {Certainty.POSSIBLE: "said to be possible", Certainty.PROBABLE: "said to be likely"}
_DUTIES = {
    Duty.NEVER: "warned against",
    Duty.CAUTION: "with caution",
    Duty.MAY: "allowed",
    Duty.RECOMMENDED: "recommended",
    Duty.REQUIRED: "said to be required",
}


def statement(domain: Domain, subject: str, property_id: str, item: str | None, manner: Manner) -> str:
    """Return “Sealant damages rim (said to be possible).”-like words for a statement."""
    said = f"{_opened(domain.label(subject))} {domain.properties[property_id].label}"
    if item:
        said = f"{said} {domain.label(item)}"
    return f"{said}{_aside(manner)}."


def amount(domain: Domain, subject: str, property_id: str, item: str | None, value: Value, manner: Manner) -> str:
    """Return “Slick tyre: pressure, 6 bar.”-like words for a quantity."""
    of = f" ({domain.label(item)})" if item else ""
    what = f"{domain.properties[property_id].label}{of}"
    return f"{_opened(domain.label(subject))}: {what}, {printed(domain, value)}{_aside(manner)}."


def comparison(domain: Domain, subject: str, property_id: str, relation: Relation, than: str, manner: Manner) -> str:
    """Return “Efficacy is greater for A than for B.”-like words for a comparison."""
    sides = _RELATIONS[relation].format(a=domain.label(subject), b=domain.label(than))
    return f"{_opened(domain.properties[property_id].label)} is {sides}{_aside(manner)}."


def printed(domain: Domain, value: Value) -> str:
    """Return a value with its bound and unit."""
    if isinstance(value, Ordinal):
        return domain.label(value.class_)
    if not isinstance(value, Interval | ValueSet):
        return f"“{value.printed}”"
    return value_text(value, domain.units[value.unit])


def _aside(manner: Manner) -> str:
    """Return in brackets what differs from a plain assertion."""
    notes = ["denied"] if manner.polarity is Polarity.NEGATED else []
    notes += [_SURE[manner.certainty]] if manner.certainty in _SURE else []
    notes += [_DUTIES[manner.duty]] if manner.duty in _DUTIES else []
    return f" ({', '.join(notes)})" if notes else ""


def _opened(label: str) -> str:
    return label[:1].upper() + label[1:]
