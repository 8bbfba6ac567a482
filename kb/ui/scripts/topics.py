"""The entry of the screen; what it shows is in kb.ui.screens.topics, of a table in kb.ui.table_screens.topics."""

from kb.ui.entry import run
from kb.ui.screens import topics
from kb.ui.table_screens import topics as in_table

run("topics", topics.show, in_table.show)
