"""Numbers as English writes them: digits, words, fractions, scales; each as an exact decimal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from kb.propose.english import English
from kb.propose.tokens import Token

_GLYPHS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8)}
_DIGITS = 28  # longer numbers measure nothing
_ORDINAL = ("st", "nd", "rd", "th")
_ATTACHED_SCALES = ("k", "m", "mn", "bn")  # "$3k": only right behind the digits


class Figure(NamedTuple):
    """A number made of the tokens ``first`` up to, not including, ``last``; ``is_share`` if written as a fraction."""

    value: Decimal
    first: int
    last: int
    is_share: bool = False
    in_words: bool = False


def figure(text: str, tokens: Sequence[Token], index: int, english: English) -> Figure | None:
    """Return the longest number that begins at token ``index``, or None."""
    if index >= len(tokens):
        return None
    token = tokens[index]
    if token.is_number:
        return _of_digits(text, tokens, index, english)
    glyph = text[token.start]
    if glyph in _GLYPHS:
        top, bottom = _GLYPHS[glyph]
        return Figure(_ratio(Decimal(top), Decimal(bottom)), index, index + 1, is_share=True)
    return _of_words(tokens, index, english)


def _ratio(top: Decimal, bottom: Decimal) -> Decimal:
    return (top / bottom).quantize(Decimal("0.000001"))


def decimal_of(printed: str) -> Decimal | None:
    """Return the number that digits with thousands marks stand for, or None if it is longer than any measured one."""
    digits = re.sub(r"[,\s]", "", printed)
    return Decimal(digits) if len(digits) <= _DIGITS else None


def _norm(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].norm if 0 <= index < len(tokens) else ""


def _joined(tokens: Sequence[Token], index: int) -> bool:
    """Say whether the token stands right behind the one before it."""
    return 0 < index < len(tokens) and tokens[index].start == tokens[index - 1].end


def _of_digits(text: str, tokens: Sequence[Token], index: int, english: English) -> Figure | None:
    token = tokens[index]
    value = decimal_of(text[token.start : token.end])
    if value is None:
        return None
    after = index + 1
    mixed = _fraction_after(text, tokens, after)
    if mixed is not None:  # 2 ½, 1 1/2
        return Figure(value + mixed[0], index, mixed[1])
    is_slashed = _norm(tokens, after) == "/" and _joined(tokens, after) and _joined(tokens, after + 1)
    if is_slashed and tokens[after + 1].is_number:
        return _slashed(value, tokens, index)
    scale = english.scales.get(_norm(tokens, after))
    if scale is not None and (_norm(tokens, after) not in _ATTACHED_SCALES or _is_money(tokens, index, after)):
        return Figure(value * scale, index, after + 1)
    return Figure(value, index, after)


def _is_money(tokens: Sequence[Token], index: int, after: int) -> bool:
    return _joined(tokens, after) and _norm(tokens, index - 1) in ("$", "€", "£")


def _fraction_after(text: str, tokens: Sequence[Token], index: int) -> tuple[Decimal, int] | None:
    if index >= len(tokens):
        return None
    glyph = text[tokens[index].start]
    if glyph in _GLYPHS:
        return _ratio(*map(Decimal, _GLYPHS[glyph])), index + 1
    small = [_norm(tokens, index + step) for step in range(3)]
    if small[1] == "/" and small[0] in ("1", "2", "3") and small[2] in ("2", "3", "4") and not _joined(tokens, index):
        return _ratio(Decimal(small[0]), Decimal(small[2])), index + 3
    return None


def _slashed(top: Decimal, tokens: Sequence[Token], index: int) -> Figure | None:
    """Read ``1/3`` and ``1/3rd``; other numbers around a slash (24/7, a date) are none."""
    bottom = _norm(tokens, index + 2)
    if not bottom.isdecimal() or not bottom.isascii() or not 1 < int(bottom[:6]) <= 10 or top >= int(bottom):
        return None
    last = index + 3
    if _norm(tokens, last) in _ORDINAL and _joined(tokens, last):
        last += 1
    return Figure(_ratio(top, Decimal(bottom)), index, last, is_share=True)


def _of_words(tokens: Sequence[Token], index: int, english: English) -> Figure | None:
    word = _norm(tokens, index)
    if word in ("a", "an"):
        return _after_article(tokens, index, english)
    if word in ("half", "halves"):
        return Figure(Decimal("0.5"), index, index + 1, is_share=True, in_words=True)
    if word not in english.numbers:
        return None
    return _fraction_of(tokens, _cardinal(tokens, index, english), english)


def _after_article(tokens: Sequence[Token], index: int, english: English) -> Figure | None:
    """Read “a hundred”, “a dozen”, “a third”, “a quarter”; “a half”."""
    word = _norm(tokens, index + 1)
    if word in ("hundred", "thousand", "million", "billion"):
        return Figure(english.scales[word], index, index + 2, in_words=True)
    if word == "dozen":
        return Figure(Decimal(12), index, index + 2, in_words=True)
    if word in english.fractions and not word.endswith("s"):
        of = _norm(tokens, index + 2) in ("of", "of the") or word == "half"
        if of:
            return Figure(_ratio(Decimal(1), english.fractions[word]), index, index + 2, is_share=True, in_words=True)
    return None


def _cardinal(tokens: Sequence[Token], index: int, english: English) -> Figure:
    """Read “twenty-five”, “one hundred and twenty”, “two thousand”."""
    total, current, at, last = Decimal(0), Decimal(0), index, index
    before = Decimal("Infinity")
    while True:
        word = _norm(tokens, at)
        if word in english.numbers and (english.numbers[word] < before):
            number = english.numbers[word]
            current += number
            before = Decimal(10) if number >= 20 and number % 10 == 0 else Decimal(0)
        elif word in ("hundred",) and current:
            current, before = current * 100, Decimal(100)
        elif word in ("thousand", "million", "billion", "trillion") and current:
            total, current, before = total + current * english.scales[word], Decimal(0), Decimal(1000)
        elif at == last and at > index and word in ("-", "and") and _goes_on(tokens, at, before, english):
            at += 1
            continue
        else:
            break
        at += 1
        last = at
    return Figure(total + current, index, last, in_words=True)


def _goes_on(tokens: Sequence[Token], at: int, before: Decimal, english: English) -> bool:
    following = english.numbers.get(_norm(tokens, at + 1))
    if following is None or following >= before:
        return False
    return before == 10 if _norm(tokens, at) == "-" else before >= 100


def _fraction_of(tokens: Sequence[Token], top: Figure, english: English) -> Figure:
    """Read “two-thirds”, “one third”, “three quarters”, “one and a half”; else return the number itself."""
    at = top.last + (_norm(tokens, top.last) == "-")
    bottom = english.fractions.get(_norm(tokens, at))
    if bottom is not None and top.value < bottom and (top.value > 1) == _norm(tokens, at).endswith("s"):
        return Figure(_ratio(top.value, bottom), top.first, at + 1, is_share=True, in_words=True)
    tail = [_norm(tokens, top.last + step) for step in range(3)]
    if tail == ["and", "a", "half"]:
        return Figure(top.value + Decimal("0.5"), top.first, top.last + 3, in_words=True)
    return top
