"""Stems of English words, alike for the forms of most verbs and nouns."""

from __future__ import annotations

from functools import lru_cache

from kb.propose.tokens import singular, tokens

COMMON = frozenset(
    "the a an of to and or in on for with as at by from this that it is are be was were has have had its their they "
    "your you we our i he she his her which who also such these those there than then can may will".split()
)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return a word without the endings of number and tense; crude, and alike for all forms of most verbs."""
    short = singular(word)
    for ending in ("ing", "ed"):
        if short.endswith(ending) and len(short) > len(ending) + 3:
            short = short.removesuffix(ending)
            break
    if len(short) > 3 and short[-1] == short[-2] and short[-1] not in "sl":
        short = short[:-1]
    return short.removesuffix("e") if len(short) > 3 else short


@lru_cache(maxsize=5_000)
def stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words of a text that carry meaning, in order."""
    return tuple(stem(token.norm) for token in tokens(text) if token.is_word and token.norm not in COMMON)
