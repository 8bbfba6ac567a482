"""The element tree of an HTML page: how it is walked without recursion, and what is counted of every element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborNode

DROPPED = frozenset(
    "script style template noscript iframe object embed video audio canvas map area head link meta base param source "
    "track rp textarea datalist colgroup col desc metadata defs symbol annotation annotation-xml noframes".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body button center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option optgroup p pre "
    "search section select summary svg table tbody td tfoot th thead title tr ul caption text".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
TEXT = "-text"

_PARTS = BLOCKS - HEADINGS - {"button", "svg", "title", "text", "hr"}
_SPACE = re.compile(r"\s+")


class Facts(NamedTuple):
    """Of one element with all that is in it: characters of text, those in links, links, and what kinds of element."""

    chars: int
    linked: int
    links: int
    has_blocks: bool
    has_heart: bool  # a main heading, an article or the main part


NOTHING = Facts(0, 0, 0, False, False)


def steps(root: LexborNode) -> Iterator[tuple[LexborNode, str, bool]]:
    """Yield (node, tag, enters) for every text and element, on the way in and on the way out, in order.

    A text is entered only. Comments and elements that show no text are left out with all that is in them.
    """
    open_nodes: list[tuple[LexborNode, str]] = []
    node: LexborNode | None = root
    while True:
        while node is not None:
            tag = node.tag or ""
            if tag == TEXT:
                yield node, tag, True
            elif _is_shown(tag, open_nodes[-1][1] if open_nodes else ""):
                yield node, tag, True
                open_nodes.append((node, tag))
                node = node.child
                continue
            node = node.next if open_nodes else None
        if not open_nodes:
            return
        left, tag = open_nodes.pop()
        yield left, tag, False
        node = left.next if open_nodes else None


def _is_shown(tag: str, parent: str) -> bool:
    if not tag or tag[0] in "-!" or tag in DROPPED:
        return False
    return tag != "title" or parent != "svg"


def facts(root: LexborNode) -> dict[int, Facts]:
    """Return what is counted of every element below ``root``, by its ``mem_id``."""
    found: dict[int, Facts] = {}
    sums: list[list[int]] = [[0] * 5]
    for node, tag, enters in steps(root):
        if tag == TEXT:
            sums[-1][0] += len(_SPACE.sub("", node.text_content or ""))
        elif enters:
            sums.append([0] * 5)
        else:
            inner = sums.pop()
            found[node.mem_id] = Facts(inner[0], inner[1], inner[2], bool(inner[3]), bool(inner[4]))
            outer = sums[-1]
            outer[0] += inner[0]
            outer[1] += inner[0] if tag == "a" else inner[1]
            outer[2] += inner[2] + (tag == "a")
            outer[3] |= inner[3] | (tag in _PARTS)
            outer[4] |= inner[4] | (tag in ("h1", "article", "main"))
    return found
