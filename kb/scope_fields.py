"""How scope is written in claim and document files: read into records and checked against the domain."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from kb.domain import Domain
from kb.errors import Problems
from kb.model import ScopeValue, State
from kb.quantities import parse_scope_quantity
from kb.yamlfile import Lines, Place


def read_scope(
    raw: Any, here: Place, lines: Lines, problems: Problems
) -> tuple[tuple[ScopeValue, ...], tuple[str, ...]]:
    """Turn ``{stated: {...}, inherited: {dim: {is: ..., from: ...}}, unknown: [...]}`` into records."""
    line = lines.get(here, lines.get(here[:-1], 0))
    if not isinstance(raw, dict) or set(raw) - {"stated", "inherited", "unknown"}:
        problems.add(line, "scope is malformed", "use the keys stated, inherited and unknown")
        return (), ()
    found: dict[str, ScopeValue] = {}
    for state in State:
        part = raw.get(state.value, {})
        if not isinstance(part, dict):
            problems.add(line, f"scope.{state.value} is malformed", "write “dimension: value”")
            continue
        for dimension, value in part.items():
            at = lines.get((*here, state.value, dimension), line)
            basis = ""
            if state is State.INHERITED:
                if not isinstance(value, dict) or set(value) != {"is", "from"}:
                    problems.add(at, f"inherited {dimension} is malformed", "write “{is: VALUE, from: heading}”")
                    continue
                basis, value = value["from"], value["is"]
            values = value if isinstance(value, list) else [value]
            if not values or not all(isinstance(item, str) and item for item in values):
                problems.add(at, f"{dimension} has no value", "name one, or leave the dimension out (unknown)")
                continue
            if dimension in found:
                problems.add(at, f"{dimension} is both stated and inherited", "keep one")
                continue
            record = {"dimension": dimension, "values": tuple(sorted(values)), "state": state, "basis": basis}
            try:
                found[dimension] = ScopeValue.model_validate(record)
            except ValidationError as error:
                name, reason = error.errors()[0]["loc"][0], error.errors()[0]["msg"]
                problems.add(at, f"{dimension}: {name}: {reason}", "see docs/data-formats.md")
    unknown = raw.get("unknown", [])
    at = lines.get((*here, "unknown"), line)
    if not isinstance(unknown, list) or not all(isinstance(item, str) for item in unknown):
        problems.add(at, "scope.unknown is malformed", "write a list of dimensions")
        unknown = []
    twice = {name for name in unknown if name in found or unknown.count(name) > 1}
    for name in sorted(twice):
        problems.add(at, f"{name} is both unknown and given, or unknown twice", "keep one")
    return tuple(found[key] for key in sorted(found)), tuple(sorted(unknown))


def check_scope(domain: Domain, entry: ScopeValue, line: int, problems: Problems) -> None:
    """Report a scope value whose dimension or concepts the domain does not know."""
    dimension = domain.dimensions.get(entry.dimension)
    if dimension is None:
        remedy = f"use one of {', '.join(sorted(domain.dimensions))}"
        problems.add(line, f"unknown dimension “{entry.dimension}”", remedy)
        return
    for value in entry.values:
        if not dimension.schemes:
            parsed = parse_scope_quantity(value)
            if parsed is None or parsed[1] not in domain.units:
                problems.add(line, f"{entry.dimension} “{value}” is no quantity", "write e.g. “<= 24 h” or “24-72 h”")
        elif value not in domain.concepts:
            problems.add(line, f"{entry.dimension} “{value}” is not known", "add it to the vocabulary or correct it")
        elif domain.concepts[value].scheme not in dimension.schemes:
            message = f"{entry.dimension} “{value}” is of the scheme {domain.concepts[value].scheme}"
            problems.add(line, message, f"use a concept of {' or '.join(dimension.schemes)}")
