"""A reference list names one work more than once."""

from __future__ import annotations

from collections.abc import Iterator

from kb.faults import fault
from kb.model import Finding
from kb.pages import Page
from kb.wording import join

CODE = "K005"
NAME = "duplicate-reference"
SUMMARY = "one work stands more than once in a list"


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding for every work that the list repeats."""
    listed = page.document.listed
    for work in sorted({work for work in listed if listed.count(work) > 1}):
        places = [str(number) for number, entry in enumerate(listed, 1) if entry == work]
        name = page.names[work]
        yield fault(
            page,
            CODE,
            (work,),
            (),
            works=[work],
            title=f"{page.name}: {name} listed {len(places)} times",
            sentence=f"{page.name} lists {name} {_times(len(places))}, as entries {join(places)}, so its "
            f"{len(listed)} references are {len(set(listed))} works.",
        )


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number} times"
