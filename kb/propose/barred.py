"""Places whose digits state no quantity: addresses, telephone numbers, dates, times of day, identifiers."""

from __future__ import annotations

import re
from functools import cache

from kb.propose.english import english

Span = tuple[int, int]

_WEB = r"(?:https?://|www\.)\S+|\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}|\b10\.\d{4,9}/\S+"
_TELEPHONE = (
    r"(?<![\w.])\+?(?:\d{1,2}[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?!\d)|"
    r"(?<![\w.])\d{3}-\d{4}(?!\d)|\b1-8\d\d-[\w-]{4,12}"
)
_CLOCK = r"\b\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?|\b\d{1,2}\s?[ap]\.?m\b\.?|\b24\s?/\s?7\b"
_DATE = r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b(?:19|20)\d\ds\b|['’]\d\ds?\b"
_POST = (
    r"\b[A-Z]{2},?\s\d{5}(?:-\d{4})?\b|"
    r"(?<![\d.,$€£])\b\d{1,6}[A-Z]?\s(?:[NSEW]\.?\s)?(?:[A-Z][\w.'’-]*\s){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Suite|"
    r"Ste|Way|Court|Ct|Place|Pl|Parkway|Pkwy|Highway|Hwy|Circle|Square|Plaza)\b\.?(?:,?\s(?:Suite|Ste\.?|Unit|Floor|#)\s?\w{1,6})?"
)
_PHRASES = (
    r"\bone[- ](?:of|on[- ]one|another|to[- ]one|size|way|stop|by[- ]one|thing|may|might|can|could|should|must|"
    r"would|such|that|who|which|is|has|needs|more|reason|side|hand)\b|"
    r"\b(?:no|any|some|this|that|the|another|which|loved|good|right|only|first|new)[- ]one\b|"
    r"(?<!in )(?<!within )(?<!after )(?<!for )(?<!than )(?<!just )(?<!only )(?<!about )\bone day\b|"
    r"\b\d+[- ]min(?:ute)? read\b|"
    r"\b(?:two|three)[- ](?:fold|way|sided|dimensional)\b|\bsecond[- ]to[- ]none\b|\bone's\b"
)


def barred(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the spans in ``text[start:end]`` in which no quantity begins or ends."""
    found = [match.span() for pattern in _patterns() for match in pattern.finditer(text, start, end)]
    return tuple(sorted(found))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    months = "|".join(sorted((month.capitalize() for month in english().months), key=lambda m: (-len(m), m)))
    day = r"\d{1,2}(?:st|nd|rd|th)?"
    dates = (
        rf"\b(?:{months})\.?\s{day}(?!\d|\s?(?:mg|%|percent))(?:,?\s(?:19|20)\d\d)?\b|"
        rf"\b{day}\s(?:of\s)?(?:{months})\b\.?(?:,?\s(?:19|20)\d\d)?|\b(?:{months})\.?,?\s(?:19|20)\d\d\b"
    )
    return (
        re.compile(_WEB, re.I),
        re.compile(_TELEPHONE),
        re.compile(_CLOCK, re.I),
        re.compile(_DATE),
        re.compile(_POST),
        re.compile(dates),
        re.compile(_PHRASES, re.I),
    )
