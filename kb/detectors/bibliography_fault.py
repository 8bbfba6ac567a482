"""A reference list prints of a work what is not so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kb.bibliography import Work
from kb.faults import fault
from kb.model import Finding, Reference
from kb.pages import Page
from kb.wording import join

CODE = "K008"
NAME = "bibliography-fault"
SUMMARY = "an entry prints a wrong author, year, title, page or DOI"

PAGES = re.compile(r"[A-Za-z]?\d+(?:\s*[-–]+\s*[A-Za-z]?\d+)?(?:\.e\d+)?")


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding for every entry of the list that differs from the work it names."""
    for number, entry in enumerate(page.document.lists, 1):
        work = page.works.get(entry.work)
        wrong = list(_wrong(page, entry, work)) if work is not None else []
        if wrong:
            yield fault(
                page,
                CODE,
                (entry.work, str(number)),
                (),
                works=[entry.work],
                title=f"{page.name}: entry {number} ({page.names[entry.work]}) is printed wrongly",
                sentence=f"Entry {number} of the list of {page.name}, {page.names[entry.work]}, {join(wrong)}.",
            )


def _wrong(page: Page, entry: Reference, work: Work) -> Iterator[str]:
    surname = work.authors[0].partition(",")[0] if work.authors else ""
    if entry.first_author and surname and _plain(entry.first_author) != _plain(surname):
        yield f"names {entry.first_author} as first author, who is {surname}"
    if entry.year is not None and work.year is not None and entry.year != work.year:
        yield f"gives {entry.year} as the year, which is {work.year}"
    if entry.title and _plain(entry.title) != _plain(work.title):
        yield f"gives another title than the work has, “{work.title}”"
    if entry.doi and work.doi and entry.doi.casefold() != work.doi.casefold():
        owner = next((w.key for w in page.works.values() if (w.doi or "").casefold() == entry.doi.casefold()), None)
        yield f"gives a DOI that belongs to {page.names[owner]}" if owner else f"gives a DOI that is not {work.doi}"
    if entry.pages:
        yield from _wrong_pages(entry.pages, work)


def _wrong_pages(printed: str, work: Work) -> Iterator[str]:
    if not PAGES.fullmatch(printed):
        yield f"gives “{printed}” as its pages, which is no page"
        return
    if work.eid and _plain(printed) == _plain(work.eid):
        return
    if work.eid and not work.pages:
        yield f"gives {printed} as its pages, but has an article number, {work.eid}"
    elif work.pages and _digits(printed) != _digits(work.pages):
        yield f"gives {printed} as its pages, which are {work.pages.replace('--', '–')}"


def _plain(text: str) -> str:
    """Return letters and digits alone, without accents or case, for comparing names and titles."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in folded if char.isalnum())


def _digits(pages: str) -> tuple[str, ...]:
    """Return first and last page, the last spelt out ("101-9" is 101 to 109)."""
    numbers = re.findall(r"[A-Za-z]*\d+", pages)
    if len(numbers) == 2 and len(numbers[1]) < len(numbers[0]):
        numbers[1] = numbers[0][: -len(numbers[1])] + numbers[1]
    return tuple(number.casefold() for number in numbers)
