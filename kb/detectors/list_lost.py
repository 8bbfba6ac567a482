"""The capture of a page lost lists that the text announces."""

from __future__ import annotations

from collections.abc import Iterator

from kb.faults import counted, fault
from kb.model import Finding
from kb.pages import Page

CODE = "D001"
NAME = "list-lost"
SUMMARY = "text that announces a list which the capture lost"


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding for the page if lead-ins lost their lists."""
    count = len(page.document.damage)
    if count:
        sentence = (
            f"The capture of {page.name} lost {counted(count, 'list')} that the text announces, so what the page says "
            "there is not on record, and its silence on a topic may be a loss."
        )
        yield fault(
            page, CODE, (), (), title=f"{page.name}: {counted(count, 'list')} lost in capture", sentence=sentence
        )
