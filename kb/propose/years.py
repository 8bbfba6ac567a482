"""Years of the calendar in a sentence, as quantities on a scale whose zero means nothing."""

from __future__ import annotations

import re
from decimal import Decimal

from kb.model import Bound
from kb.propose.barred import barred
from kb.propose.measure import Measure
from kb.propose.page import Line

_YEAR = re.compile(r"(?<![\w.,/$€£-])((?:1[89]|20)[0-9]{2})(s?)(?![\w%/]|[.,][0-9])")


def years(text: str, line: Line) -> tuple[Measure, ...]:
    """Return the years that a sentence prints outside its quantities; “1950s” is the range of ten years."""
    found = []
    shut = [*barred(text, line.sentence.start, line.tokens[-1].end), *((m.start, m.end) for m in line.measures)]
    for match in _YEAR.finditer(text, line.sentence.start, line.tokens[-1].end):
        start, end = match.span()
        inside = [(first, last) for first, last in shut if first < end and start < last]
        if any(last - first > end - start for first, last in inside):
            continue  # part of a date, an address or a quantity
        low = Decimal(match[1])
        high = low + 9 if match[2] else low
        bound = Bound.RANGE if match[2] else Bound.EXACT
        found.append(Measure(start, end, start, end, low, high, (), ("calendar-year",), bound, "amount"))
    return tuple(found)
