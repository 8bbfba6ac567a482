"""Words, numbers and signs of a text, each with its place in the untouched text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

_TOKEN = re.compile(
    r"(?<![0-9.,])[0-9]{1,3}(?:[,\u00a0\u2009\u202f][0-9]{3})+(?:\.[0-9]+)?(?![0-9])"  # 5,000
    r"|(?<=[$€£])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])"  # $5 000
    r"|[0-9]+(?:\.[0-9]+)?"
    r"|['’]s\b"
    r"|(?:[^\W\d_]|[\u0300-\u036f])+(?:['’](?!s\b)[^\W\d_]+)?"
    r"|\S"
)
_DASHES = str.maketrans("‐‑‒–—−", "------")
_PLAIN = {"’": "'", "≧": "≥", "≦": "≤"}


class Token(NamedTuple):
    """A piece of text at ``start:end``; ``norm`` is how it is looked up: NFKC, case folded, one sort of dash."""

    start: int
    end: int
    norm: str

    @property
    def is_number(self) -> bool:
        """Say whether the token is written in digits."""
        return "0" <= self.norm[0] <= "9"

    @property
    def is_word(self) -> bool:
        """Say whether the token is made of letters."""
        return self.norm[0].isalpha()


@lru_cache(maxsize=50_000)
def normal(text: str) -> str:
    """Return a token as it is looked up."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    if any("0" <= char <= "9" for char in folded) and not text[0].isdecimal():
        return text  # ½, ² and ① are no digits: a marker must not become a number
    return _PLAIN.get(folded, folded.replace("’", "'").translate(_DASHES)) or text


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of ``text[start:end]`` in order; white space is between them, never in them."""
    stop = len(text) if end is None else end
    return [Token(m.start(), m.end(), normal(m[0])) for m in _TOKEN.finditer(text, start, stop)]


def singular(word: str) -> str:
    """Return an English noun without the ending of its plural; other words may lose an s, too."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


T = TypeVar("T")


class Phrases(Generic[T]):
    """Phrases of tokens and what they stand for; the longest that begins (or ends) at a place is found.

    Built once from ``(phrase, meaning)`` pairs; several meanings of one phrase are kept in order.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._found: dict[tuple[str, ...], tuple[T, ...]] = {}
        self._longest: dict[str, int] = {}
        self._longest_back: dict[str, int] = {}
        for phrase, meaning in entries:
            key = tuple(token.norm for token in tokens(phrase))
            if not key:
                continue
            known = self._found.get(key, ())
            self._found[key] = known if meaning in known else (*known, meaning)
            self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))
            self._longest_back[key[-1]] = max(self._longest_back.get(key[-1], 0), len(key))

    def at(self, norms: Sequence[str], index: int) -> tuple[int, tuple[T, ...]] | None:
        """Return the index behind the longest phrase that begins at ``index``, and its meanings."""
        if index >= len(norms):
            return None
        for length in range(min(self._longest.get(norms[index], 0), len(norms) - index), 0, -1):
            meanings = self._found.get(tuple(norms[index : index + length]))
            if meanings:
                return index + length, meanings
        return None

    def all_in(self, norms: Sequence[str]) -> Iterator[tuple[int, int, tuple[T, ...]]]:
        """Yield (first, behind the last, meanings) of the phrases in a text, the longest at each place."""
        index = 0
        while index < len(norms):
            match = self.at(norms, index)
            if match is None:
                index += 1
                continue
            yield index, *match
            index = match[0]

    def before(self, norms: Sequence[str], index: int) -> tuple[int, tuple[T, ...]] | None:
        """Return where the longest phrase that ends just before ``index`` begins, and its meanings."""
        if index <= 0:
            return None
        for length in range(min(self._longest_back.get(norms[index - 1], 0), index), 0, -1):
            meanings = self._found.get(tuple(norms[index - length : index]))
            if meanings:
                return index - length, meanings
        return None
