"""Markdown: the text as it is, without the signs that a reader does not see (emphasis, addresses of links)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from kb.intake.encoding import decoded
from kb.intake.kinds import MARKDOWN
from kb.intake.lines import collapsed
from kb.intake.plain import unwrapped
from kb.intake.raised import lowered, raised
from kb.intake.records import Excluded, Reading

EXTRACTOR = "claims-kb markdown 1"
_FRONT = re.compile(r"---[ \t]*\n(?:[^\n]*\n){0,500}?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_TITLE = re.compile(r"^title:[ \t]*([^\n]{1,500})$", re.M)
_FENCE = re.compile(r" {0,3}(```|~~~)")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#{1,20})?[ \t]*")
_DELIMITER = re.compile(r"\s*\|?(?:\s{0,20}:?-{1,200}:?\s{0,20}\|){0,1000}\s{0,20}:?-{1,200}:?\s{0,20}\|?\s*")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_ITEM = re.compile(r"([ \t]*)(?:([*+-])|(\d{1,9}[.)]))[ \t]+(?=\S)")
_QUOTE = re.compile(r"(?: {0,3}> ?)+")
_DEFINITION = re.compile(r" {0,3}\[([^\]^\[]{1,200})\]:[ \t]*(?:<[^>\n]{0,2000}>|\S{1,2000})(?:[ \t].{0,300})?")
_NOTE = re.compile(r" {0,3}\[\^([\w-]{1,40})\]:[ \t]*")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_SHIFTED = re.compile(r"<(sup|sub)\b[^<>]{0,200}>([^<>]{0,100})</\1>", re.I)
_TAG = re.compile(r"</?[a-zA-Z][\w-]{0,30}(?:\s[^<>]{0,1000})?/?>")
_INLINE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`{1,3})(?P<code>[^`\n]{1,1000})(?P=ticks)"
    r"|<(?P<auto>(?:https?://|mailto:)[^<>\s]{1,2000})>"
    r"|!\[[^\]\[]{0,500}\](?:\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)|\[[^\]\[]{0,200}\])"
    r"|\[\^(?P<note>[\w-]{1,40})\]"
    r"|\[(?P<text>[^\]\[]{1,1000})\](?:\((?:<[^<>\n]{0,2000}>|[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500})?)"
    r"(?:\s+(?:\"[^\"]{0,500}\"|'[^']{0,500}'))?\)|\[(?P<label>[^\]\[]{0,200})\])"
)
_STRONG = re.compile(
    r"(\*\*\*|\*\*|~~)(?=\S)([^*~]{1,2000}?)(?<=\S)\1|(?<!\w)(___|__)(?=\S)([^_]{1,2000}?)(?<=\S)\3(?!\w)"
)
_PLAIN_EMPHASIS = re.compile(
    r"(?<!\w)\*(?=[^\s*])([^*]{1,2000}?)(?<=[^\s*])\*(?!\w)|(?<!\w)_(?=[^\s_])([^_]{1,2000}?)(?<=[^\s_])_(?!\w)"
)
_KEPT = "\ue000"  # stands for a character that a rule must not read again; private, and taken out first


def read(data: bytes) -> Reading:
    """Read Markdown; raise `UnreadableError` if it cannot be decoded. Front matter stays, listed as excluded."""
    text, note = decoded(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    head = front[0].rstrip("\n") if front else ""
    body = _COMMENT.sub("", text[front.end() :] if front else text)
    body = unwrapped(body)
    shown = "\n".join(_lines(body.split("\n"), _labels(body)))
    if not shown.endswith("\n"):
        shown += "\n"
    excluded = (Excluded(start=0, end=len(head), reason="front matter"),) if head else ()
    title = _TITLE.search(head)
    return Reading(
        text=f"{head}\n{shown}" if head else shown,
        excluded=excluded,
        media_type=MARKDOWN,
        extractor=f"{EXTRACTOR}, {note}" if note else EXTRACTOR,
        title=collapsed(title[1]).strip("\"'") if title else _first_heading(shown),
    )


def _first_heading(text: str) -> str:
    found = re.search(r"^#{1,6} ([^\n]{1,500})", text, re.M)
    return found[1].strip() if found else ""


def _labels(text: str) -> frozenset[str]:
    """Return the labels of links that are defined somewhere."""
    return frozenset(found[1].lower() for line in text.split("\n") if (found := _DEFINITION.fullmatch(line)))


def _lines(lines: list[str], labels: frozenset[str]) -> Iterator[str]:
    fence = ""
    notes: dict[str, int] = {}
    skips = False
    for at, line in enumerate(lines):
        opens = _FENCE.match(line)
        if opens and (not fence or opens[1] == fence):
            fence = "" if fence else opens[1]
        elif fence:
            yield line
        elif skips:
            skips = False
        elif not _DEFINITION.fullmatch(line) and not ("|" in line and _DELIMITER.fullmatch(line)):
            following = lines[at + 1] if at + 1 < len(lines) else ""
            underline = _UNDERLINE.fullmatch(following) if line.strip() and "|" not in line else None
            skips = underline is not None and not _ITEM.match(line) and not _HEADING.match(line)
            yield _line(
                line, following, "#" * (1 + underline[1].startswith("-")) if skips and underline else "", labels, notes
            )


def _line(line: str, following: str, level: str, labels: frozenset[str], notes: dict[str, int]) -> str:
    quote = _QUOTE.match(line)
    line = line[quote.end() :] if quote else line
    if level:
        return f"{level} {_inline(line.strip(), labels, notes)}"
    if heading := _HEADING.fullmatch(line):
        return f"{heading[1]} {_inline(heading[2], labels, notes)}"
    if note := _NOTE.match(line):
        return f"{_note_number(note[1], notes)}. {_inline(line[note.end() :], labels, notes)}"
    if item := _ITEM.match(line):
        return f"{item[1]}{item[3] or '-'} {_inline(line[item.end() :], labels, notes)}"
    if "|" in line and _DELIMITER.fullmatch(following) and "|" in following and not line.lstrip().startswith("|"):
        line = f"| {line.strip()} |"
    return _inline(line, labels, notes)


def _note_number(label: str, notes: dict[str, int]) -> int:
    return int(label) if label.isdecimal() and len(label) < 4 else notes.setdefault(label, len(notes) + 1)


def _inline(line: str, labels: frozenset[str], notes: dict[str, int]) -> str:
    if not re.search(r"[\\`<\[*_~&!]", line):
        return line
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return _KEPT

    def shown(match: re.Match[str]) -> str:
        if match["escaped"]:
            return keep("¦" if match["escaped"] == "|" else match["escaped"])
        if match["code"] or match["auto"]:
            return keep(match["code"] or match["auto"])
        if match["note"]:
            return raised(str(_note_number(match["note"], notes)))
        if match["text"] is None:
            return ""  # a picture
        label = match["label"]
        if label is not None and (label or match["text"]).lower() not in labels:
            return match[0]
        return match["text"]

    line = _INLINE.sub(shown, line.replace(_KEPT, "\ufffd"))
    line = _SHIFTED.sub(lambda m: (raised if m[1].lower() == "sup" else lowered)(m[2]), line)
    line = _TAG.sub(lambda m: " " if m[0].lower().startswith("<br") else "", line)
    for _ in range(2):
        line = _STRONG.sub(lambda m: m[2] or m[4], line)
        line = _PLAIN_EMPHASIS.sub(lambda m: m[1] or m[2], line)
    line = html.unescape(line).replace("\n", " ") if "&" in line else line
    parts = line.split(_KEPT)
    return "".join(part + end for part, end in zip(parts, [*kept, ""], strict=False))
