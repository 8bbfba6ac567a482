"""The entry of the screen; what it shows is in kb.ui.screens.documents."""

from kb.ui.frame import run
from kb.ui.screens import adding, documents

run("documents", documents.show, adding.reviews)
