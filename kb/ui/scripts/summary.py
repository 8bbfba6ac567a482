"""The entry of the screen; what it shows is in kb.ui.screens.summary, of a table in kb.ui.table_screens.summary."""

from kb.ui.entry import run
from kb.ui.screens import summary
from kb.ui.table_screens import summary as in_table

run("summary", summary.show, in_table.show)
