"""The entry of the screen; what it shows is in kb.ui.screens.overview."""

from kb.ui.frame import run
from kb.ui.screens import overview

run("overview", overview.show)
