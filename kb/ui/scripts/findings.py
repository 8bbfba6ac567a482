"""The entry of the screen; what it shows is in kb.ui.screens.findings."""

from kb.ui.frame import run
from kb.ui.screens import findings

run("findings", findings.show)
