"""From the entry of a screen to the screen: one for a data folder, or its sister for a table folder."""

from __future__ import annotations

from collections.abc import Callable

from kb.ui import frame, table_frame
from kb.ui.desk import Desk
from kb.ui.store import table_at_hand
from kb.ui.table_desk import TableDesk


def run(
    page: str,
    show: Callable[[Desk], None],
    in_table: Callable[[TableDesk], None],
    rests: Callable[[], bool] = lambda: False,
) -> None:
    """Show a screen: with ``in_table`` where the app works on a table folder; for ``rests`` see `kb.ui.frame.run`."""
    if table_at_hand():
        table_frame.run(page, in_table)
    else:
        frame.run(page, show, rests)
