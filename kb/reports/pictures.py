"""The pictures of a summary: number lines, and who says how much on what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from kb.drawing.line_words import told
from kb.drawing.lines import rows
from kb.drawing.numberline_svg import svg
from kb.markup import Html, tag
from kb.model import Claim, Kind, Role
from kb.reports.desk import Desk, capital, count
from kb.reports.parts import Figure
from kb.wording import join

LINES = 3
LEAST = 3
NAMES = 12
STEP, ROW, LEFT, TOP = 92, 30, 250, 78
INK, MUTED, NONE, SHADES = "#1F2430", "#566075", "#F4F5F7", ("#DCE8FB", "#B5D0F7", "#82B0F1", "#4F8EEA")


def figures(desk: Desk, claims: Sequence[Claim]) -> list[Figure]:
    """Return the number lines of the properties with most figures, then the matrix of who says what."""
    by_property: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind is Kind.QUANTITY:
            by_property[claim.property].append(claim)
    drawn = [(name, rows(desk.kb, found)) for name, found in by_property.items()]
    lines = [(name, line) for name, line in drawn if line.axis is not None and len(line.measured) >= LEAST]
    lines.sort(key=lambda item: (-len(item[1].rows), item[0]))
    made = [Figure(svg(line), f"Number line: {line.title}", " ".join(told(line))) for _, line in lines[:LINES]]
    return [*made, coverage(desk, claims)] if claims else made


def coverage(desk: Desk, claims: Sequence[Claim]) -> Figure:
    """Return how many claims each document, and all works together, make on each property."""
    counts = Counter((c.property, c.source if c.role is Role.CLAIM else "") for c in claims)
    sizes = Counter(claim.property for claim in claims)
    properties = sorted(sizes, key=lambda name: (-sizes[name], name))[:NAMES]
    documents = [d.id for d in desk.kb.documents][:NAMES]
    columns = [(d, desk.name(d)) for d in documents] + [("", "works")]
    labels = desk.kb.domain.properties
    cells = [
        _cell(number, place, counts[name, column])
        for number, name in enumerate(properties)
        for place, (column, _) in enumerate(columns)
    ]
    middles = [LEFT + STEP * place + STEP / 2 for place in range(len(columns))]
    heads = [_text(x, TOP - 12, _short(name, 15), "middle") for x, (_, name) in zip(middles, columns, strict=True)]
    names = [_text(LEFT - 10, TOP + ROW * n + 20, _short(labels[p].label, 38), "end") for n, p in enumerate(properties)]
    width, height = LEFT + STEP * len(columns) + 10, TOP + ROW * len(properties) + 12
    title = "Who says how much: claims by property and source"
    alternative = _words(desk, properties, documents, counts, len(sizes) - len(properties))
    picture = tag(
        "svg",
        tag("title", title),
        tag("desc", alternative),
        tag("rect", width=str(width), height=str(height), fill="#FFFFFF"),
        tag("text", title, x="12", y="26", font_size="16", font_weight="bold", fill=INK),
        *heads,
        *names,
        *cells,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=str(width),
        height=str(height),
        font_family="Source Sans 3, Source Sans Pro, Helvetica, Arial, sans-serif",
    )
    return Figure(str(picture), title, alternative)


def _cell(number: int, place: int, size: int) -> Html:
    x, y = LEFT + STEP * place, TOP + ROW * number
    fill = SHADES[min(size, 12) // 4] if size else NONE
    box = tag("rect", x=f"{x + 2}", y=f"{y + 2}", width=f"{STEP - 4}", height=f"{ROW - 4}", fill=fill)
    word = _text(x + STEP / 2, y + 20, str(size) if size else "silent", "middle", INK if size else MUTED)
    return tag("g", box, word)


def _text(x: float, y: float, value: str, anchor: str, fill: str = INK) -> Html:
    shown = "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in value)
    return tag("text", shown, x=f"{x:g}", y=f"{y:g}", font_size="12", fill=fill, text_anchor=anchor)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _words(
    desk: Desk, properties: Sequence[str], documents: Sequence[str], counts: Counter[tuple[str, str]], left: int
) -> str:
    told = []
    for name in properties:
        said = [f"{desk.name(d)} {counts[name, d]}" for d in documents if counts[name, d]]
        said += [f"works {counts[name, '']}"] if counts[name, ""] else []
        told.append(f"{capital(desk.kb.domain.properties[name].label)}: {join(said)}.")
    told += [f"{count(left, 'further property', 'further properties')} with fewer claims not drawn."] if left else []
    return " ".join(told)
