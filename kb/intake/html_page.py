"""HTML to captured text, losslessly: selectolax parses, our own walk decides what stands on which line."""

from __future__ import annotations

import re
from typing import NamedTuple

import selectolax
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from kb.intake.encoding import decoded
from kb.intake.html_walk import Walk
from kb.intake.kinds import HTML
from kb.intake.lines import assemble, collapsed
from kb.intake.records import Reading, UnreadableError
from kb.intake.tree import NOTHING, facts

EXTRACTOR = f"claims-kb html 1 (selectolax {selectolax.__version__})"
MAX_DEPTH = 10_000  # elements; the parser takes time with the square of it
EASY = 2_000_000  # depth × tags up to which a page is parsed in this process
_TITLE_CHARS = 500
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea|title)\b.*?(?:</\1|\Z)|<(/?)([a-z][a-z0-9]*)", re.I | re.S
)
_UNCOUNTED = frozenset(  # void, or closed by the next of its kind
    "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr tbody thead tfoot option "
    "optgroup rp rt a html head body".split()
)


class Weight(NamedTuple):
    """How deep a page nests at most, and how many tags it has: estimates from the text, in linear time."""

    depth: int
    tags: int


def weigh(text: str) -> Weight:
    """Return the weight of a page that is not parsed yet."""
    depth = deepest = tags = 0
    for token in _TOKEN.finditer(text):
        name = token[3]
        if name is None:
            continue
        tags += 1
        if name.lower() not in _UNCOUNTED:
            depth = max(depth - 1, 0) if token[2] else depth + 1
            deepest = max(deepest, depth)
    return Weight(deepest, tags)


def read(data: bytes) -> Reading:
    """Read a page from the bytes of its file; raise `UnreadableError`."""
    text, note = decoded(data)
    weight = weigh(text)
    if weight.depth > MAX_DEPTH:
        message = f"nests elements {weight.depth:,} deep; at most {MAX_DEPTH:,} are read"
        raise UnreadableError(message, "save the page again from a browser")
    tree = _parsed(text)
    root = tree.body or tree.root
    if root is None:
        raise UnreadableError("holds no page", "save the page again from a browser")
    found = facts(root)
    walk = Walk(found, found.get(root.mem_id, NOTHING))
    walk.run(root)
    captured, excluded = assemble(walk.lines)
    named = _named(tree)
    return Reading(
        text=captured,
        excluded=excluded,
        media_type=HTML,
        extractor=f"{EXTRACTOR}, {note}" if note else EXTRACTOR,
        title=named.get("og:title") or _text(tree.css_first("title")) or _text(tree.css_first("h1")),
        publisher=named.get("og:site_name") or named.get("publisher") or named.get("application-name") or "",
        address=_address(tree, named),
    )


def _parsed(text: str) -> LexborHTMLParser:
    """Parse a page. There is no wrong HTML: where the parser gives up, it has no memory left."""
    try:
        return LexborHTMLParser(text)
    except SelectolaxError:
        raise MemoryError from None


def _named(tree: LexborHTMLParser) -> dict[str, str]:
    """Return what the page says of itself in ``<meta>``; the first of a name counts."""
    found: dict[str, str] = {}
    for node in tree.css("meta")[:1000]:
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or "").lower()
        content = collapsed((attributes.get("content") or "")[: 2 * _TITLE_CHARS])[:_TITLE_CHARS]
        if name and content:
            found.setdefault(name, content)
    return found


def _address(tree: LexborHTMLParser, named: dict[str, str]) -> str:
    link = tree.css_first('link[rel~="canonical"]')
    for address in ((link.attributes.get("href") if link else "") or "", named.get("og:url", "")):
        if re.fullmatch(r"https?://[^\s<>\"]{1,2000}", address.strip()):
            return address.strip()
    return ""


def _text(node: LexborNode | None) -> str:
    return collapsed((node.text(deep=True) or "")[: 4 * _TITLE_CHARS])[:_TITLE_CHARS] if node else ""
