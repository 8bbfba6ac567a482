"""Errors a user can act on: every problem of a file at once, each with its place and its remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of an input.

    ``line`` counts from 1; 0 means that the fault belongs to the file as a whole.
    """

    path: str
    line: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        remedy = f" → {self.remedy}" if self.remedy else ""
        return visible(f"{place}: {self.message}{remedy}")


def visible(text: str) -> str:
    """Return text on one line, with line ends, control and bidirectional characters shown as their code points."""
    return "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in text)


class InputError(Exception):
    """Raised when an input cannot be used; carries every problem found, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Problems:
    """Collects problems so that a reader can go on to the end of a file before it gives up."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Problem] = []

    def add(self, line: int, message: str, remedy: str = "") -> None:
        """Record one fault at ``line`` (from 1; 0 for the whole file)."""
        self.found.append(Problem(self.path, line, message, remedy))

    def raise_any(self) -> None:
        """Raise `InputError` if anything was recorded."""
        if self.found:
            raise InputError(self.found)
