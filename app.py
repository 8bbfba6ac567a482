"""The app: navigation only. Start it with ``make run``, ``kb serve`` or ``streamlit run app.py``."""

from kb.ui.navigation import run

run()
