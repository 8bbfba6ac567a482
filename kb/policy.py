"""The policy of a data folder: where its bibliography lies and which detectors count."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from kb.errors import InputError, Problems
from kb.model import Record
from kb.yamlfile import read_yaml, report

Level = Literal["error", "warning", "info", "off"]


class Policy(Record):
    """``bibliography`` is relative to the data folder; a detector without a level is a warning."""

    bibliography: str = "references.bib"
    levels: dict[str, Level] = Field(default_factory=dict)

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
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        report(error, (), lines, problems)
        raise InputError(problems.found) from None
