"""The entry of the screen; what it shows is in kb.ui.screens.graph, of a table in kb.ui.table_screens.graph."""

from kb.ui.entry import run
from kb.ui.screens import graph
from kb.ui.table_screens import graph as in_table

run("graph", graph.show, in_table.show)
