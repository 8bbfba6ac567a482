"""How large a page may be to be proposed: what takes a person weeks to review is split first."""

from __future__ import annotations

import re

from kb.errors import InputError, Problem

MOST_CHARACTERS = 2_000_000
MOST_SENTENCES = 40_000
MOST_NUMBERS = 40_000
MOST_PROPOSALS = 10_000
_NUMBER = re.compile(r"\d+")


def refuse_size(source: str, text: str, sentences: int) -> None:
    """Raise `InputError` for a page with so much text, sentences or numbers that proposing would take minutes."""
    if len(text) > MOST_CHARACTERS:
        raise too_many(source, f"more than {MOST_CHARACTERS:,} characters")
    if sentences > MOST_SENTENCES:
        raise too_many(source, f"more than {MOST_SENTENCES:,} sentences")
    if sum(1 for _ in _NUMBER.finditer(text)) > MOST_NUMBERS:
        raise too_many(source, f"more than {MOST_NUMBERS:,} numbers")


def too_many(source: str, what: str) -> InputError:
    """Return the error of a page that holds too much."""
    return InputError([Problem(source, 0, f"holds {what}", "split it into documents")])
