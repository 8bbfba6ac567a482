"""Raised and lowered characters as Unicode: ``word.<sup>1,2</sup>`` is ``word.¹,²``, ``H<sub>2</sub>O`` is ``H₂O``."""

from __future__ import annotations

import re

_DIGITS = str.maketrans("0123456789;—−‐‑", "⁰¹²³⁴⁵⁶⁷⁸⁹,––––")
_SIGNED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_LOW = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_NUMBERS = re.compile(r"\d{1,4}(?:[,;–—−‐‑-]\d{1,4}){0,60}[,;]?")
_SIGN = re.compile(r"[+−–-]\d{1,4}|\d{1,4}[+−–-]|[+−–-]")
_LETTER_LIST = re.compile(r"[a-pr-z](?:,[a-pr-z]){0,20}")
_LOWERED = re.compile(r"[\d+−/,-]{1,12}")
_SPACE = re.compile(r"\s+")


def raised(text: str) -> str:
    """Return what stood raised: numbers and single letters as superscripts, anything else as it is.

    Numbers in brackets stay as printed, for they are told from the word before them by the bracket.
    """
    bare = _SPACE.sub("", text)
    if _NUMBERS.fullmatch(bare):
        return _between(text, bare.translate(_DIGITS))
    if _SIGN.fullmatch(bare):
        return _between(text, bare.translate(_SIGNED))
    if _LETTER_LIST.fullmatch(bare):
        return _between(text, bare.translate(_LETTERS))
    return text


def lowered(text: str) -> str:
    """Return what stood lowered: numbers as subscripts, anything else as it is."""
    bare = _SPACE.sub("", text)
    return _between(text, bare.translate(_LOW)) if _LOWERED.fullmatch(bare) else text


def _between(text: str, inner: str) -> str:
    """Return ``inner`` with a space where ``text`` had white space at an end."""
    return " " * text[:1].isspace() + inner + " " * text[-1:].isspace()
