"""Tables of an HTML page as lines of cells, ``| a | b |``; spanned cells leave empty ones, so that columns agree."""

from __future__ import annotations

from collections.abc import Mapping

from selectolax.lexbor import LexborNode

from kb.intake.listing import integer
from kb.intake.tree import HEADINGS, Facts

MAX_SPANNED = 100  # columns in which spans are followed
CELL_CHARS = 2000  # a longer cell holds a page part, not a value


class Rows:
    """One table while it is walked."""

    def __init__(self) -> None:
        self.cells: list[str] | None = None  # of the row that is open
        self.is_first = True
        self._spanned: dict[int, int] = {}  # column → rows that a cell above still covers

    def open_row(self) -> None:
        """Begin a row."""
        self.cells = []

    def add(self, text: str, attributes: Mapping[str, str | None]) -> None:
        """Add a cell to the open row."""
        if self.cells is None:
            self.cells = []
        self._fill()
        column = len(self.cells)
        width = min(max(integer(attributes.get("colspan")) or 1, 1), MAX_SPANNED)
        height = min(max(integer(attributes.get("rowspan")) or 1, 1), 65534)
        self.cells.extend([text.replace("|", "¦"), *[""] * (width - 1)])
        if height > 1:
            for covered in range(column, min(column + width, MAX_SPANNED)):
                self._spanned[covered] = height

    def close_row(self) -> str:
        """Return the line of the open row, or "" if it says nothing."""
        cells, self.cells = self.cells or [], None
        if any(cells) and self._spanned:
            self.cells = cells
            self._fill()
            self.cells = None
        self._spanned = {column: left - 1 for column, left in self._spanned.items() if left > 1}
        return f"| {' | '.join(cells)} |" if any(cells) else ""

    def _fill(self) -> None:
        while self.cells is not None and len(self.cells) in self._spanned:
            self.cells.append("")


def is_of_data(table: LexborNode, attributes: Mapping[str, str | None], facts: Mapping[int, Facts]) -> bool:
    """Tell a table of values from one that lays out a page (one column, a table or heading inside, long cells)."""
    if (attributes.get("role") or "").lower() in ("presentation", "none"):
        return False
    cells = widest = 0
    node: LexborNode | None = table.child
    path: list[LexborNode] = []
    while node is not None or path:
        if node is None:
            node = path.pop().next
            continue
        tag = node.tag or ""
        if tag == "table" or tag in HEADINGS or tag in ("form", "article", "main"):
            return False
        if tag == "tr":
            cells = 0
        if tag in ("td", "th"):
            cells += 1
            widest = max(widest, cells)
            if node.mem_id in facts and facts[node.mem_id].chars > CELL_CHARS:
                return False
        if node.child is not None:
            path.append(node)
            node = node.child
        else:
            node = node.next
    return widest > 1
