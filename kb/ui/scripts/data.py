"""The entry of the screen; what it shows is in kb.ui.screens.data."""

from kb.ui.frame import run
from kb.ui.screens import data

run("data", data.show)
