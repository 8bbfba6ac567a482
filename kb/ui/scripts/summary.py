"""The entry of the screen; what it shows is in kb.ui.screens.summary."""

from kb.ui.frame import run
from kb.ui.screens import summary

run("summary", summary.show)
