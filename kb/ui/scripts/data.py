"""The entry of the screen; what it shows is in kb.ui.screens.data, of a table in kb.ui.table_screens.data."""

from kb.ui.entry import run
from kb.ui.screens import data
from kb.ui.table_screens import data as in_table

run("data", data.show, in_table.show)
