"""The orders in which the questions of a survey are listed."""

from __future__ import annotations

from enum import StrEnum


class Order(StrEnum):
    """What comes first: most pairs in one scope, most pairs at all, or most claims."""

    SAME = "same"
    PAIRS = "pairs"
    CLAIMS = "claims"
