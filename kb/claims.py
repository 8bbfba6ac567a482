"""Claim files: one YAML file a source, read strictly, checked against the domain, written canonically."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kb.domain import Domain, kinds_allowed
from kb.errors import InputError, Problem, Problems
from kb.ids import derive
from kb.model import Bound, Citation, Claim, Interval, Ordinal, Role, ScopeValue, State, Value, ValueSet
from kb.quantities import convert, shown
from kb.scope_fields import check_scope, read_scope
from kb.yamlfile import Lines, Place, read_yaml, report

AT = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
SHA256 = re.compile(r"[0-9a-f]{64}")
CLAIM_KEYS = (
    "id text at quote_sha256 kind subject property object value relation than implied scope polarity certainty "
    "duty strength attribution appeals_to cites part checked made seen_at note"
).split()
DEFAULTS = {
    "polarity": "affirmed",
    "certainty": "asserted",
    "duty": "none",
    "strength": "plain",
    "attribution": "author",
    "checked": "read_once",
    "made": "curated",
}


def claim_id(source: str, quote_sha256: str, raw: Mapping[str, Any]) -> str:
    """Return the id of a claim: from its source, quote and question, not from its answer or place.

    So correcting a value or settling a scope keeps the id (and the verdicts that name it), and so does a
    quote that only moved within its document.
    """
    named = {name: str(raw.get(name) or "") for name in ("subject", "property", "object", "than", "part")}
    return derive("c", {"source": source, "quote": quote_sha256, **named})


def load_claims(
    path: Path, shown_path: str, domain: Domain, sources: Mapping[str, Role], check_ids: bool = True
) -> tuple[Claim, ...]:
    """Read one claim file; raise `InputError` with every fault in it.

    ``sources`` gives the known source ids and whether each makes claims or holds evidence. Only the
    command that rewrites ids reads without ``check_ids``.
    """
    data, lines = read_yaml(path, shown_path)
    problems = Problems(shown_path)
    if not isinstance(data, dict) or not isinstance(data.get("claims"), list) or "source" not in data:
        problems.add(1, "is no claim file", "it needs the keys “source” and “claims” (a list)")
        raise InputError(problems.found)
    for key in sorted(set(data) - {"source", "claims"}):
        problems.add(lines[(key,)], f"has the unknown key “{key}”", "remove it")
    source = data["source"]
    if not isinstance(source, str) or source not in sources:
        problems.add(lines[("source",)], f"source “{source}” is neither a document nor a work", "correct it")
        raise InputError(problems.found)
    if path.stem != source:
        problems.add(lines[("source",)], f"holds claims of “{source}”", f"name the file {source}.yaml")
    role = sources[source]
    claims: dict[str, Claim] = {}
    for number, raw in enumerate(data["claims"]):
        place: Place = ("claims", number)
        before = len(problems.found)
        claim = _claim(raw, source, role, place, lines, problems)
        if claim is None:
            continue
        line = lines[place]
        if claim.id in claims:
            remedy = "give one of them a “part” that tells them apart"
            problems.add(line, f"has the same quote, subject, property and object as {claim.id}", remedy)
        claims.setdefault(claim.id, claim)
        check_against(domain, sources, claim, place, lines, problems)
        given = raw.get("id", claim.id)
        if check_ids and given != claim.id and len(problems.found) == before:
            remedy = "run “kb format” after changing quote, subject, property, object, than or part"
            problems.add(line, f"id {given} should be {claim.id}", remedy)
    problems.raise_any()
    return tuple(sorted(claims.values(), key=_order))


def _order(claim: Claim) -> tuple[int, int, str]:
    at = claim.locator
    return (at.start, at.end, claim.id) if at else (0, 0, claim.id)


def _claim(raw: Any, source: str, role: Role, place: Place, lines: Lines, problems: Problems) -> Claim | None:
    line = lines[place]
    if not isinstance(raw, dict):
        problems.add(line, "is not a claim", "write it as a mapping of keys and values")
        return None
    before = len(problems.found)
    for key in sorted(set(raw) - set(CLAIM_KEYS)):
        problems.add(lines[(*place, key)], f"has the unknown key “{key}”", f"use {', '.join(CLAIM_KEYS)}")
    fields = {key: value for key, value in raw.items() if key in CLAIM_KEYS and key not in ("at", "quote_sha256")}
    fields["locator"] = _locator(raw, role, place, lines, problems)
    fields["scope"], fields["unknown"] = read_scope(raw.get("scope", {}), (*place, "scope"), lines, problems)
    if len(problems.found) > before:
        return None
    fields.pop("id", None)
    fields |= {"source": source, "role": role, "id": claim_id(source, raw.get("quote_sha256", ""), raw)}
    try:
        claim = Claim.model_validate(fields)
    except ValidationError as error:
        report(error, place, lines, problems)
        return None
    return claim


def _locator(raw: dict[str, Any], role: Role, place: Place, lines: Lines, problems: Problems) -> dict[str, Any] | None:
    line = lines[place]
    if role is Role.EVIDENCE:
        for key in ("at", "quote_sha256"):
            if key in raw:
                problems.add(lines[(*place, key)], f"{key} belongs to claims of documents only", "remove it")
        return None
    digest = str(raw.get("quote_sha256", ""))
    if not SHA256.fullmatch(digest):
        spot = lines.get((*place, "quote_sha256"), line)
        problems.add(spot, "quote_sha256 is no SHA-256", "give the 64 hex digits of the hash of the quoted text")
    match = AT.fullmatch(str(raw.get("at", "")))
    if match is None:
        given = f"“at: {str(raw['at'])[:40]}” is no locator" if "at" in raw else "has no locator"
        problems.add(lines.get((*place, "at"), line), given, "give “at: START-END” in code points (kb locate)")
        return None
    start, end = int(match[1]), int(match[2])
    if start >= end:
        problems.add(lines[(*place, "at")], f"at {start}-{end} is empty or backwards", "the end is exclusive")
        return None
    return {"start": start, "end": end, "quote_sha256": digest}


def check_against(
    domain: Domain, sources: Mapping[str, Role], claim: Claim, place: Place, lines: Lines, problems: Problems
) -> None:
    """Report everything in ``claim`` that the domain does not know or does not allow."""

    def line(*within: str | int) -> int:
        spots = ((*place, *within[:length]) for length in range(len(within), -1, -1))
        return next(lines[spot] for spot in spots if spot in lines)

    def unknown(what: str, name: str, known: Iterable[str], *within: str | int) -> None:
        near = get_close_matches(name, list(known), 1)
        guess = f"did you mean “{near[0]}”? " if near else ""
        home = "references.bib" if what == "work" else "the vocabulary"
        problems.add(line(*within), f"{what} “{name}” is not known", f"{guess}Else add it to {home}")

    for what, name in (("subject", claim.subject), ("object", claim.object), ("than", claim.than)):
        if name and not _is_known(name, domain, sources):
            unknown(what, name, domain.concepts, what)
    if claim.property not in domain.properties:
        unknown("property", claim.property, domain.properties, "property")
    elif (kind := domain.properties[claim.property].kind) not in kinds_allowed(claim.kind):
        message = f"property {claim.property} is a {kind}"
        problems.add(line("property"), message, f"do not use it in a {claim.kind}")
    elif claim.value is not None:
        _check_value(domain, claim.property, claim.value, line, problems)
    for entry in claim.scope:
        check_scope(domain, entry, line("scope", entry.state.value, entry.dimension), problems)
    for name in sorted(set(claim.unknown) - set(domain.dimensions)):
        unknown("dimension", name, domain.dimensions, "scope", "unknown")
    for number, citation in enumerate(claim.cites):
        if citation.work and sources.get(citation.work) is not Role.EVIDENCE:
            unknown("work", citation.work, sources, "cites", number)


def _is_known(name: str, domain: Domain, sources: Mapping[str, Role]) -> bool:
    if name.startswith("work:"):
        return sources.get(name.removeprefix("work:")) is Role.EVIDENCE
    return name in domain.concepts


def _check_value(domain: Domain, property_id: str, value: Value, line: Callable[..., int], problems: Problems) -> None:
    definition = domain.properties[property_id]
    if isinstance(value, Ordinal):
        concept = domain.concepts.get(value.class_)
        if concept is None or concept.rank is None or concept.scheme != definition.scale:
            message = f"class “{value.class_}” is on no scale of {property_id}"
            problems.add(line("value", "class"), message, "use a ranked concept")
        return
    if definition.scale:
        problems.add(line("value"), f"{property_id} takes a class", "write “class: CONCEPT”")
        return
    unit, target = domain.units.get(value.unit), domain.unit_of(property_id)
    if unit is None:
        remedy = f"use one of {', '.join(sorted(domain.units))}"
        problems.add(line("value", "unit"), f"unknown unit “{value.unit}”", remedy)
    elif target and unit.kind != target.kind:
        message = f"{value.unit} does not measure {property_id}"
        problems.add(line("value", "unit"), message, f"use a unit of {target.kind}")
    elif target and isinstance(value, Interval | ValueSet):
        for number in value.any_of if isinstance(value, ValueSet) else (value.low, value.high):
            if number is not None:
                convert(number, unit, target)


# Writing


def _scalar(value: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", value)


def _node(value: Any, flow: bool = False) -> yaml.Node:
    if isinstance(value, dict):
        pairs = [(_scalar(key), _node(item, True)) for key, item in value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=flow)
    if isinstance(value, list):
        return yaml.SequenceNode("tag:yaml.org,2002:seq", [_node(item, True) for item in value], flow_style=flow)
    return _scalar(str(value))


def _plain_value(value: Value) -> dict[str, Any]:
    if isinstance(value, Ordinal):
        return {"class": value.class_, "printed": value.printed}
    if isinstance(value, ValueSet):
        numbers: dict[str, Any] = {"any_of": [shown(number) for number in value.any_of]}
        return numbers | {"unit": value.unit, "bound": value.bound.value, "printed": value.printed}
    if isinstance(value, Interval):
        ends = {name: shown(end) for name in ("low", "high") if (end := getattr(value, name)) is not None}
        return ends | {"unit": value.unit, "bound": value.bound.value, "printed": value.printed}
    bound = {"bound": value.bound.value} if value.bound is not Bound.ABOUT else {}
    return {"vague": "true", "unit": value.unit, **bound, "printed": value.printed}


def _plain_scope(claim: Claim) -> dict[str, Any]:
    def values(entry: ScopeValue) -> Any:
        return entry.values[0] if len(entry.values) == 1 else list(entry.values)

    stated = {e.dimension: values(e) for e in claim.scope if e.state is State.STATED}
    inherited = {e.dimension: {"is": values(e), "from": e.basis} for e in claim.scope if e.state is State.INHERITED}
    parts = {"stated": stated, "inherited": inherited, "unknown": list(claim.unknown)}
    return {name: part for name, part in parts.items() if part}


def _plain_citation(citation: Citation) -> dict[str, Any]:
    fields: dict[str, Any] = {"marker": citation.marker, "work": citation.work, "basis": citation.basis}
    if citation.confidence != 1:
        fields["confidence"] = shown(citation.confidence)
    return {key: value for key, value in fields.items() if value}


def _plain_claim(claim: Claim) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(claim, name) for name in CLAIM_KEYS if hasattr(claim, name)}
    at = claim.locator
    fields["at"] = f"{at.start}-{at.end}" if at else None
    fields["quote_sha256"] = at.quote_sha256 if at else None
    fields["value"] = _plain_value(claim.value) if claim.value else None
    fields["scope"] = _plain_scope(claim)
    fields["implied"] = "true" if claim.implied else None
    fields["cites"] = [_plain_citation(citation) for citation in claim.cites]
    kept = {}
    for name in CLAIM_KEYS:
        value = fields.get(name)
        if value and DEFAULTS.get(name) != value:
            kept[name] = value
    return kept


def dump_claims(source: str, claims: Iterable[Claim]) -> bytes:
    """Return the canonical bytes of the claim file of ``source``: claims in order of place, fields in order."""
    items = [_node(_plain_claim(claim)) for claim in sorted(claims, key=_order)]
    pairs = [
        (_scalar("source"), _scalar(source)),
        (_scalar("claims"), yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=False)),
    ]
    root = yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)
    text: str = yaml.serialize(root, Dumper=yaml.BaseDumper, allow_unicode=True, width=110)
    return text.encode("utf-8")


def claim_files(folder: Path) -> list[Path]:
    """Return the claim files of a data folder in order; raise `InputError` if there is no such folder."""
    if not folder.is_dir():
        raise InputError([Problem(str(folder), 0, "is no folder", "run “kb init DIR” to start a knowledge base")])
    found = sorted(folder.glob("*.yaml"))
    misnamed = [path for path in sorted(folder.iterdir()) if re.fullmatch(r"\.ya?ml", path.suffix, re.I)]
    misnamed = [path for path in misnamed if path not in found]
    if misnamed:
        raise InputError(Problem(str(path), 0, "would not be read", "let its name end in .yaml") for path in misnamed)
    return found
