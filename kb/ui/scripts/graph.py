"""The entry of the screen; what it shows is in kb.ui.screens.graph."""

from kb.ui.frame import run
from kb.ui.screens import graph

run("graph", graph.show)
