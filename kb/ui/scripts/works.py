"""The entry of the screen; what it shows is in kb.ui.screens.works, of a table in kb.ui.table_screens.works."""

from kb.ui.entry import run
from kb.ui.screens import works
from kb.ui.table_screens import works as in_table

run("works", works.show, in_table.show)
