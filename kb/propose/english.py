"""The lists of English words that extraction rests on, read from ``english.yaml`` beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from kb.model import Bound
from kb.propose.tokens import Phrases


class English:
    """The lists, each in the form in which it is asked."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.numbers = {word: Decimal(value) for word, value in raw["numbers"].items()}
        self.scales = {word: Decimal(value) for word, value in raw["scales"].items()}
        self.fractions = {word: Decimal(value) for word, value in raw["fractions"].items()}
        self.times = {word: Decimal(value) for word, value in raw["times"].items()}
        self.rates: dict[str, str] = raw["rates"]
        self.share_before = frozenset(raw["share_before"])
        self.no_share = frozenset(raw["no_share"])
        self.no_share_after = frozenset(raw["no_share_after"])
        self.no_rate = frozenset(raw["no_rate"])
        self.before_article = frozenset(raw["before_article"])
        self.before_bare = frozenset(raw["before_bare"])
        self.crowds = Phrases((phrase, phrase) for phrase in raw["crowds"])
        self.vague = Phrases((phrase, phrase) for phrase in raw["vague"])
        bounds = {Bound(name): sides for name, sides in raw["bounds"].items()}
        self.bound_before = Phrases((phrase, bound) for bound, sides in bounds.items() for phrase in sides["before"])
        self.bound_after = Phrases((phrase, bound) for bound, sides in bounds.items() for phrase in sides["after"])
        self.passed_over = frozenset(raw["passed_over"])
        self.longer_after = frozenset(raw["longer_after"])
        self.units = Phrases((word, code) for code, words in raw["units"].items() for word in words)
        self.signs: dict[str, str] = {sign.lower(): code for sign, code in raw["signs"].items()}
        self.per = Phrases((word, word) for word in raw["per"])
        self.no_count = frozenset(raw["no_count"])
        self.people = frozenset(raw["people"])
        self.named_before = Phrases((word, word) for word in raw["not_quantity"]["strongly"])
        self.not_before = Phrases((word, word) for word in raw["not_quantity"]["before"])
        self.not_after = Phrases((word, word) for word in raw["not_quantity"]["after"])
        self.negations = frozenset(raw["negations"])
        self.months = frozenset(raw["months"])
        self.age_before = Phrases((word, word) for word in raw["age_before"])
        self.age_units = Phrases((word, word) for word in raw["age_units"])


@cache
def english() -> English:
    """Return the lists; they are read once."""
    text = files("kb.propose").joinpath("english.yaml").read_text(encoding="utf-8")
    raw = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - all strings, and our own file
    return English(raw)
