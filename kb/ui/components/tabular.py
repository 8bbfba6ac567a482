"""Tables as HTML: a caption, scopes, cells that may hold links, stacked on narrow screens, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from kb.ui import url
from kb.ui.markup import Child, Html, join, tag

PAGE = 50
TAIL = 10
"""A last page of so few rows is not worth a click: they stand on the page before it."""

T = TypeVar("T")


def build(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Child]]) -> Html:
    """Return a table; the first cell of a row names the row."""
    head = tag("thead", tag("tr", *(tag("th", column, scope="col") for column in columns)))
    body = tag("tbody", *(_row(columns, row) for row in rows))
    table = tag("table", tag("caption", caption), head, body, cls="kb-table kb-stack")
    return tag("div", table, cls="kb-scroll", tabindex="0", role="region", aria_label=caption)


def _row(columns: Sequence[str], row: Sequence[Child]) -> Html:
    cells = [tag("td", cell, data_label=column or None) for column, cell in zip(columns, row, strict=True)]
    return tag("tr", *cells)


def pages(count: int, size: int = PAGE) -> int:
    """Return how many pages a long table has."""
    return max(1, -(-(count - TAIL) // size))


def shown(items: Sequence[T], number: int, size: int = PAGE) -> Sequence[T]:
    """Return what stands on a page; the last one holds all that is left."""
    return items[(number - 1) * size : number * size if number < pages(len(items), size) else None]


def page_number(count: int, size: int = PAGE) -> int:
    """Return the page that the address names, from 1, within what there is."""
    given = url.get("page")
    last = pages(count, size)
    return min(max(int(given), 1), last) if given.isdecimal() and len(given) < 8 else 1


def pager(page: str, count: int, number: int, size: int = PAGE) -> Html | None:
    """Return where a person is in a long table, with links on and back."""
    last = pages(count, size)
    if last == 1:
        return None
    first = (number - 1) * size
    back = tag("a", "‹ earlier", href=url.here(page, page=number - 1 if number > 2 else None)) if number > 1 else None
    on = tag("a", "later ›", href=url.here(page, page=number + 1)) if number < last else None
    return tag(
        "div",
        join([back]),
        tag("span", f"{first + 1:,}–{first + size if number < last else count:,} of {count:,}"),
        join([on]),
        cls="kb-pages",
    )
