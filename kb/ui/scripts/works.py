"""The entry of the screen; what it shows is in kb.ui.screens.works."""

from kb.ui.frame import run
from kb.ui.screens import works

run("works", works.show)
