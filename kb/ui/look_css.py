"""The style sheet of the app, from the one table of looks; it follows the theme by itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kb.look import KINDS, css_colours


@cache
def style_sheet() -> str:
    """Return the style sheet as an element."""
    kinds = "".join(
        f".kb-{kind.value}{{--kb-kind:var(--kb-{kind.value});}}.kb-u-{kind.value}{{text-decoration-style:{look.line};}}"
        for kind, look in KINDS.items()
    )
    rules = Path(__file__).with_name("style.css").read_text("utf-8")
    return f"<style>:root{{{css_colours()}}}{kinds}{rules}</style>"
