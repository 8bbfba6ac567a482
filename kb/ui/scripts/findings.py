"""The entry of the screen; what it shows is in kb.ui.screens.findings, of a table in kb.ui.table_screens.findings."""

from kb.ui.entry import run
from kb.ui.screens import findings
from kb.ui.table_screens import findings as in_table

run("findings", findings.show, in_table.show)
