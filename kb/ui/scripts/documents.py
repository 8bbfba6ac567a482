"""The entry of the screen; what it shows is in kb.ui.screens.documents, of a table in kb.ui.table_screens.documents."""

from kb.ui.entry import run
from kb.ui.screens import adding, documents
from kb.ui.table_screens import documents as in_table

run("documents", documents.show, in_table.show, adding.reviews)
