"""HTML that cannot be broken out of: every text is escaped unless it was made here.

Text of documents, claims and file names reaches a screen only through these functions. Characters that do not show
(controls, bidirectional marks, zero-width ones) appear as their code points in a box, so that no text can disguise
itself.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

VOID = frozenset({"br", "hr", "img", "input", "wbr"})
SAFE_LINKS = ("/", "?", "#", "https://", "http://")


class Html(str):
    """Markup that was made here, and so needs no escaping."""

    __slots__ = ()


Child = str | Html | None
"""What an element may hold: text (escaped), markup, or nothing."""


def text(value: str) -> Html:
    """Return text as markup: escaped, with characters that do not show as boxed code points."""
    return Html("".join(_character(c) for c in value))


def _character(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs" or character in "\n\t":
        return html.escape(character, quote=True)
    return f'<span class="kb-code-point">U+{ord(character):04X}</span>'


def plain(value: str) -> str:
    """Return text for a label that Streamlit reads as Markdown, so that it stands there as it is."""
    shown = "".join(c if c.isprintable() else " " for c in value)
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", shown)


def tag(name: str, *children: Child, **attributes: str | bool | None) -> Html:
    """Return an element. ``cls`` stands for class, ``_`` in a name for a hyphen; None and False leave one out.

    An address that does not lead into the app or to the web (``javascript:``) is left out.
    """
    given = []
    for key, value in attributes.items():
        attribute = {"cls": "class", "for_": "for"}.get(key, key.replace("_", "-"))
        if value is None or value is False or (attribute in ("href", "src") and not safe_address(str(value))):
            continue
        shown = "" if value is True else "".join(c if c.isprintable() else " " for c in str(value))
        given.append(f' {attribute}="{html.escape(shown, quote=True)}"')
    start = f"<{name}{''.join(given)}>"
    return Html(start) if name in VOID else Html(f"{start}{join(children)}</{name}>")


def safe_address(address: str) -> bool:
    """Say whether an address may be linked to: a place in the app, or a page of the web."""
    return address.startswith(SAFE_LINKS) and not address.startswith("//")


def join(children: Iterable[Child], between: Child = "") -> Html:
    """Return children one behind the other as markup."""
    parts = [child if isinstance(child, Html) else text(child) for child in children if child is not None]
    separator = between if isinstance(between, Html) else text(between or "")
    return Html(separator.join(parts))
