"""The manner of a statement by cue phrases: denied or not, how sure, what ought to be done, whose word, how far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from kb.model import Appeal, Attribution, Certainty, Duty, Polarity, Relation, Strength
from kb.propose.tokens import Phrases

REACH = 12  # tokens between a denial and what it denies
CLAUSE = frozenset(",;:.!?()—")


class Manner(NamedTuple):
    """How something is said, in the terms of a claim."""

    polarity: Polarity = Polarity.AFFIRMED
    certainty: Certainty = Certainty.ASSERTED
    duty: Duty = Duty.NONE
    strength: Strength = Strength.PLAIN
    attribution: Attribution = Attribution.AUTHOR
    appeals_to: Appeal | None = None


class Cues:
    """The cue lists, each in the form in which it is asked."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        def graded(name: str) -> Phrases[str]:
            return Phrases((phrase, value) for value, phrases in raw[name].items() for phrase in phrases)

        self.denial: Phrases[str] = Phrases(
            [*((phrase, "yes") for phrase in raw["negation"]), *((phrase, "no") for phrase in raw["no_negation"])]
        )
        self.certainty, self.duty, self.strength = graded("certainty"), graded("duty"), graded("strength")
        self.attribution, self.appeals = graded("attribution"), graded("appeals")
        self.comparatives = graded("comparatives")
        self.than: Phrases[str] = Phrases((phrase, phrase) for phrase in raw["than"])
        self.turned = frozenset(raw["turned"])
        self.order = {name: list(raw[name]) for name in ("certainty", "duty", "strength", "attribution", "appeals")}


@cache
def cues() -> Cues:
    """Return the cue lists; they are read once."""
    text = files("kb.propose").joinpath("manner.yaml").read_text(encoding="utf-8")
    raw = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - all strings, and our own file
    return Cues(raw)


def manner(norms: Sequence[str], first: int, last: int) -> Manner:
    """Return the manner of what the tokens ``first`` up to ``last`` of a sentence say.

    A denial counts within the clause and a dozen tokens before ``last``; the other cues in the clause before it.
    """
    lists = cues()
    start = _clause_start(norms, first)
    window = range(start, last)
    denied = [i for i in range(max(start, first - REACH), last) if _meaning(lists.denial, norms, i) == "yes"]
    duty = _graded(lists.duty, lists.order["duty"], norms, window)
    polarity = Polarity.NEGATED if len(denied) % 2 and duty != "never" else Polarity.AFFIRMED
    sentence = range(len(norms))
    appeal = _graded(lists.appeals, lists.order["appeals"], norms, sentence)
    return Manner(
        polarity,
        Certainty(_graded(lists.certainty, ["possible", "probable"], norms, window) or "asserted"),
        Duty(duty or "none"),
        Strength(_graded(lists.strength, lists.order["strength"], norms, window) or "plain"),
        Attribution(_graded(lists.attribution, lists.order["attribution"], norms, sentence) or "author"),
        Appeal(appeal) if appeal else None,
    )


def _clause_start(norms: Sequence[str], index: int) -> int:
    for at in range(index - 1, -1, -1):
        if norms[at] in CLAUSE and norms[at] not in ",()":
            return at + 1
    return 0


def _meaning(phrases: Phrases[str], norms: Sequence[str], index: int) -> str:
    found = phrases.at(norms, index)
    return found[1][0] if found else ""


def _graded(phrases: Phrases[str], order: Sequence[str], norms: Sequence[str], window: range) -> str:
    """Return the meaning found in the window that stands first in ``order``; empty if there is none."""
    found = {_meaning(phrases, norms, index) for index in window}
    return next((name for name in order if name in found), "")


def relation(norms: Sequence[str], first: int, last: int) -> tuple[Relation, int] | None:
    """Return the comparative between two tokens and its index, or None."""
    lists = cues()
    for index in range(first, last):
        found = lists.comparatives.at(norms, index)
        if found is not None:
            return Relation(found[1][0]), index
    return None
