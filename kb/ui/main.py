"""What `kb serve` runs: the same as app.py at the top of the project."""

from kb.ui.navigation import run

run()
