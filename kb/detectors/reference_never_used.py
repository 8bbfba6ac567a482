"""A page lists works that no claim of it can be tied to."""

from __future__ import annotations

from collections.abc import Iterator

from kb.faults import counted, fault
from kb.model import Finding
from kb.pages import Page
from kb.wording import join

CODE = "K004"
NAME = "reference-never-used"
SUMMARY = "listed works that no claim leans on"


def find(page: Page) -> Iterator[Finding]:
    """Yield one finding with all listed works that nothing on the page uses."""
    used = {work.key for _, _, work in page.links()}
    unused = sorted(set(page.document.listed) - used)
    if unused:
        names = join([page.names[key] for key in unused])
        yield fault(
            page,
            CODE,
            (),
            (),
            works=unused,
            title=f"{page.name}: {counted(len(unused), 'reference')} never used",
            sentence=f"{page.name} lists {names}, but no claim of the page could be tied to "
            f"{'it' if len(unused) == 1 else 'them'}.",
        )
