"""The entry of the screen; what it shows is in kb.ui.screens.overview, of a table in kb.ui.table_screens.overview."""

from kb.ui.entry import run
from kb.ui.screens import overview
from kb.ui.table_screens import overview as in_table

run("overview", overview.show, in_table.show)
