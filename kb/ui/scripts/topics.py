"""The entry of the screen; what it shows is in kb.ui.screens.topics."""

from kb.ui.frame import run
from kb.ui.screens import topics

run("topics", topics.show)
