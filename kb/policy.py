"""The policy of a data folder: where its bibliography lies, which detectors count, and which findings are waived."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from kb.errors import InputError, Problems
from kb.model import Record, Slug
from kb.yamlfile import Lines, read_yaml, report

Level = Literal["error", "warning", "info", "off"]
LEVELS: tuple[Level, ...] = ("info", "warning", "error")
"""The levels that count, weakest first."""


def _day(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("is no date such as 2026-11-24")
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no day of the calendar") from None
    return text


Day = Annotated[str, AfterValidator(_day)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
SELECTORS = ("claims", "sources", "property", "topic", "finding")


class Waiver(Record):
    """Hides the findings of one detector that every selector fits; all of ``claims`` and ``sources`` must take part."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    claims: Annotated[tuple[Slug, ...], Field(min_length=1)] = ()
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)] = ()
    property: Slug | None = None
    topic: Slug | None = None
    finding: Annotated[str, StringConstraints(pattern=r"^f-[0-9a-f]{12}$")] | None = None
    reason: Line
    by: Line
    date: Day

    @model_validator(mode="after")
    def _narrow(self) -> Self:
        if not any(getattr(self, name) for name in SELECTORS):
            raise ValueError(f"a waiver needs one of {', '.join(SELECTORS)}; to leave out a detector, set its level")
        return self

    def selected(self) -> str:
        """Return what the waiver selects, in one canonical form: ``sources=a,b topic=cost``."""
        given = {name: getattr(self, name) for name in SELECTORS}
        shown = {n: ",".join(sorted(set(v))) if isinstance(v, tuple) else v for n, v in given.items()}
        return " ".join(f"{name}={value}" for name, value in shown.items() if value)


class Policy(Record):
    """``bibliography`` is relative to the data folder; a detector without a level is a warning."""

    bibliography: str = "references.bib"
    levels: dict[str, Level] = Field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()

    def level(self, code: str) -> Level:
        """Return the level of a detector."""
        return self.levels.get(code, "warning")


def load_policy(path: Path, shown: str) -> Policy:
    """Read ``policy.yaml``; raise `InputError` with every fault in it."""
    data, lines = read_yaml(path, shown)
    problems = Problems(shown)
    if not isinstance(data, dict):
        problems.add(1, "is no mapping", "write “bibliography: FILE” and “levels: {CODE: LEVEL}”")
        raise InputError(problems.found)
    _report_repeated(data.get("waivers"), lines, problems)
    try:
        policy = Policy.model_validate(data)
    except ValidationError as error:
        report(error, (), lines, problems)
        raise InputError(problems.found) from None
    problems.raise_any()
    return policy


def _report_repeated(waivers: object, lines: Lines, problems: Problems) -> None:
    """Report every waiver that selects what an earlier one selects."""
    seen: dict[str, int] = {}
    for number, waiver in enumerate(waivers if isinstance(waivers, list) else ()):
        if isinstance(waiver, dict):
            line = lines[("waivers", number)]
            first = seen.setdefault(repr(list(_selected(waiver))), line)
            if first != line:
                problems.add(line, f"waives the same as line {first}", "keep one of them")


def _selected(waiver: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    for name in ("code", *SELECTORS):
        value = waiver.get(name)
        yield name, sorted(map(str, value)) if isinstance(value, list) else value
