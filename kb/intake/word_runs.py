"""The text of one paragraph of a Word file, with raised numbers and note marks as superscripts."""

from __future__ import annotations

from typing import Any

from kb.intake.raised import lowered, raised

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BREAK = "\0"  # a forced line break; XML holds no NUL

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_UNSEEN = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}instrText", f"{_MC}Fallback", f"{W}rPr", f"{W}sdtPr", f"{W}rt"}
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_FIXED = {f"{W}tab": " ", f"{W}br": BREAK, f"{W}cr": BREAK, f"{W}noBreakHyphen": "\u2011", f"{W}ptab": " "}


def said(paragraph: Any, notes: list[tuple[str, str]]) -> tuple[str, list[Any]]:
    """Return the text and the text boxes of a paragraph; references to notes are added to ``notes`` and numbered."""
    pieces: list[tuple[str, str]] = []  # (how it is shifted, text)
    boxes: list[Any] = []
    waiting = list(reversed(paragraph))
    shift = ""
    while waiting:
        element = waiting.pop()
        if element.tag in _UNSEEN:
            continue
        if element.tag == f"{W}txbxContent":
            boxes.append(element)
        elif element.tag == f"{W}r":
            shift = _shift(element)
            if shift != "hidden":
                waiting.extend(reversed(element))
        elif element.tag == f"{W}t" or element.tag.endswith("/math}t"):
            pieces.append((shift, element.text or ""))
        elif element.tag in _NOTES:
            notes.append((_NOTES[element.tag], attribute(element, "id")))
            pieces.append(("raised", str(len(notes))))
        elif element.tag in _FIXED:
            pieces.append(("", " " if attribute(element, "type") == "page" else _FIXED[element.tag]))
        else:
            waiting.extend(reversed(element))
    return _joined(pieces), boxes


def attribute(element: Any, name: str) -> str:
    """Return an attribute of Word's own, or ""."""
    return str(element.get(f"{W}{name}") or "")


def _shift(run: Any) -> str:
    properties = run.find(f"{W}rPr")
    if properties is None:
        return ""
    vanish = properties.find(f"{W}vanish")
    if vanish is not None and attribute(vanish, "val") not in ("0", "false"):
        return "hidden"
    aligned = properties.find(f"{W}vertAlign")
    return {"superscript": "raised", "subscript": "lowered"}.get(
        attribute(aligned, "val") if aligned is not None else "", ""
    )


def _joined(pieces: list[tuple[str, str]]) -> str:
    """Return the text; neighbouring runs of one shift are one, as Word parts them at will."""
    merged: list[tuple[str, list[str]]] = []
    for shift, text in pieces:
        if merged and merged[-1][0] == shift:
            merged[-1][1].append(text)
        else:
            merged.append((shift, [text]))
    change = {"raised": raised, "lowered": lowered}
    return "".join(change[shift]("".join(texts)) if shift else "".join(texts) for shift, texts in merged)
