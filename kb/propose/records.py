"""The records of proposing: a proposed claim with its evidence, or a quantity that waits for a property."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from kb.model import Bound, Claim, Kind, Record, Slug


class Measured(Record):
    """A quantity as printed at ``start:end`` (code points).

    An absent end is open; ``unit`` is the symbol of the vocabulary, else a code or the counted noun.
    """

    printed: str
    start: int
    end: int
    low: Decimal | None = None
    high: Decimal | None = None
    any_of: tuple[Decimal, ...] = ()
    unit: str
    bound: Bound
    form: str
    per: str = ""


class Proposal(Record):
    """What a page may claim at ``start:end``, for a person to accept, edit or reject.

    ``claim`` is absent where the vocabulary has no property for a stated quantity. ``confidence`` (0 to 1) is the
    share of the probability that the likeliest reading has among all, not a promise; ``reasons`` say in plain
    sentences what the proposal rests on.
    """

    id: str
    source: Slug
    kind: Kind
    start: int
    end: int
    claim: Claim | None = None
    measured: Measured | None = None
    confidence: Annotated[Decimal, Field(ge=0, le=1)]
    reasons: tuple[str, ...] = ()
