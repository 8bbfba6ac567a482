"""What an edit did to the meaning of a sentence: numbers, units, negation, comparatives and hedges, in plain words.

The words that matter are data (``english_meaning.yaml``). In doubt a change is reported: a claim that is looked
at once too often costs a minute, one that is silently wrong costs the trust in all of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from kb.yamlfile import read_yaml

_DATA = Path(__file__).with_name("english_meaning.yaml")
_TOKEN = re.compile(r"\d+(?:[ ,]\d{3})*(?![\d])(?:\.\d+)?|\d+(?:[.,]\d+)?|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]")
_RAISED = re.compile(r"[⁰¹²³⁴-⁹₀-₉]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-") | {"’": "'", "‘": "'", "ʼ": "'", "μ": "µ"})
_LINKS = frozenset({"-", "to", "or", "and", "of", "by", "^", "+", "x", "×", "through"})
_SCALES = frozenset({100, 1000, 1_000_000, 1_000_000_000, 1_000_000_000_000})


class _Words(NamedTuple):
    units: dict[str, str]  # every name of a unit: its first name
    marks: dict[str, str]  # a word that carries meaning: its list
    fronts: tuple[str, ...]
    numbers: dict[str, Decimal]


class _Token(NamedTuple):
    kind: str  # number, unit, mark, dash or word
    value: str  # what is compared
    printed: str


@lru_cache(maxsize=2000)
def changed_meaning(before: str, after: str) -> tuple[str, ...]:
    """Return what changed of numbers, units, negation, comparatives and hedges; empty if nothing did."""
    old, new = _tokens(before), _tokens(after)
    changes: list[str] = []
    for one, other in _edits(_telling(old), _telling(new)):
        changes.append(_in_words(one, other))
    for one, other in _edits([t for t in old if t.kind == "word"], [t for t in new if t.kind == "word"]):
        changes += [_in_words([a], [b]) for a in one for b in other if _opposed(a.value, b.value)]
    return tuple(dict.fromkeys(changes))


def word_changes(before: str, after: str) -> tuple[str, ...]:
    """Return every change of words from one sentence to another, in plain words."""
    return tuple(_in_words(one, other) for one, other in _edits(_tokens(before), _tokens(after)))


def _edits(old: Sequence[_Token], new: Sequence[_Token]) -> list[tuple[list[_Token], list[_Token]]]:
    matcher = SequenceMatcher(None, [t.value for t in old], [t.value for t in new], autojunk=False)
    return [(list(old[a:b]), list(new[c:d])) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _in_words(old: Sequence[_Token], new: Sequence[_Token]) -> str:
    one, other = (" ".join(token.printed for token in tokens) for tokens in (old, new))
    if not one:
        return f"“{other}” was added"
    return f"“{one}” became “{other}”" if other else f"“{one}” was removed"


def _opposed(one: str, other: str) -> bool:
    """Tell whether one word is the other with a front such as "un" or "in"."""
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and any(long == front + short for front in _words().fronts)


@cache
def _words() -> _Words:
    data, _ = read_yaml(_DATA, _DATA.name)
    marks = {word: name for name in ("hedge", "comparative", "negation") for word in data[name]}
    return _Words(
        units={name: names[0] for names in data["units"] for name in names},
        marks=marks,
        fronts=tuple(data["opposing_fronts"]),
        numbers={word: Decimal(value) for word, value in data["numbers"].items()},
    )


def _telling(tokens: Sequence[_Token]) -> list[_Token]:
    """Return what must not change: numbers with what they count, units, marks of meaning, links of numbers."""
    told: list[_Token] = []
    counted = False
    for at, token in enumerate(tokens):
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.kind == "number" and after is not None and _is_counted(after):
            told.append(_Token("number", f"{token.value} {_stem(after.value)}", f"{token.printed} {after.printed}"))
            counted = True
            continue
        if _links_numbers(tokens, at):
            told.append(token._replace(value="to" if token.value == "-" else token.value))
        elif token.kind == "mark" or (not counted and (token.kind in ("number", "unit") or _is_graded(token, after))):
            told.append(token)
        counted = False
    return told


def _is_counted(after: _Token) -> bool:
    return (after.kind == "word" and after.value not in _LINKS) or (after.kind == "unit" and after.value != "per")


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _is_graded(token: _Token, after: _Token | None) -> bool:
    """Tell whether a word is a comparative by its form: "gentler than", "the gentlest"."""
    value = token.value
    return (
        token.kind == "word"
        and len(value) > 5
        and (value.endswith("est") or (value.endswith("er") and after is not None and after.value == "than"))
    )


def _links_numbers(tokens: Sequence[_Token], at: int) -> bool:
    """Tell whether a dash or small word stands before a number: 4–8 is neither 4 or 8, nor −8."""
    return tokens[at].value in _LINKS and at + 1 < len(tokens) and tokens[at + 1].kind == "number"


def _tokens(text: str) -> list[_Token]:
    raised = _RAISED.sub(lambda m: f" ^ {unicodedata.normalize('NFKC', m[0])} ", text)
    spaced = re.sub(r"[½¼¾⅐-⅞]", lambda m: f" {unicodedata.numeric(m[0]):.3f} ", raised)
    shown = "".join(c for c in unicodedata.normalize("NFKC", spaced) if unicodedata.category(c) != "Cf")
    shown = re.sub(r"(?<=\d)\.\s?(?=\D|$)", " . ", shown.translate(_DASHES))
    return _joined([t for match in _TOKEN.finditer(shown) for t in _token(match[0])])


def _token(printed: str) -> list[_Token]:
    words, low = _words(), printed.casefold()
    if printed[0].isdigit():
        return [_Token("number", _plain_number(printed), printed)]
    if low in ("cannot", "can't"):
        return [_Token("mark", "can", printed), _Token("mark", "not", printed)]
    if low.endswith("n't"):
        stem = {"wo": "will", "sha": "shall", "ai": "is"}.get(low[:-3], low[:-3])
        return [_Token("mark" if stem in words.marks else "word", stem, printed), _Token("mark", "not", printed)]
    low = low.removesuffix("'s")
    if low in words.numbers:
        return [_Token("number", _short(words.numbers[low]), printed)]
    if low in words.units:
        return [_Token("unit", words.units[low], printed)]
    if low in words.marks:
        return [_Token("mark", low, printed)]
    if low.isalpha() or low in "-^+×":
        return [_Token("word" if low.isalpha() else "dash", low, printed)]
    return []


def _plain_number(printed: str) -> str:
    if re.fullmatch(r"\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?", printed):
        printed = re.sub(r"[ ,]", "", printed)
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in printed.replace(",", "."))
    try:
        return _short(Decimal(digits.replace(" ", "")))
    except ArithmeticError:
        return digits


def _short(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _joined(tokens: list[_Token]) -> list[_Token]:
    """Join numbers in words: "twenty-nine" is 29, "two hundred" 200, "5 million" 5,000,000."""
    found: list[_Token] = []
    for token in tokens:
        at = -2 if len(found) > 1 and found[-1].value == "-" else -1
        before = found[at] if len(found) >= -at else None
        joined = _sum(before, token) if before is not None else None
        if joined is not None:
            del found[at:]
            found.append(joined)
        else:
            found.append(token)
    return found


def _sum(before: _Token, token: _Token) -> _Token | None:
    if before.kind != "number" or token.kind != "number" or not token.printed.isalpha():
        return None
    try:
        one, other = Decimal(before.value), Decimal(token.value)
    except ArithmeticError:
        return None
    if other in _SCALES or (token.printed.casefold() in ("thirds", "quarters", "third", "quarter") and one < 10):
        total = one * other
    elif before.printed.isalpha() and 20 <= one < 100 and one % 10 == 0 and 0 < other < 10:
        total = one + other
    else:
        return None
    return _Token("number", _short(total), f"{before.printed} {token.printed}")
