"""Draw the rows of ``scale.py --json`` as a picture of growth: seconds against claims, both by powers of ten.

Run ``python benchmarks/growth.py ROWS.json [MORE.json …] > docs/growth.svg``.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SHOWN = {
    "filter": ("where something may clash (SQL)", "#1b6ca8"),
    "full": ("every finding, behind the filter", "#0b7a4b"),
    "small": ("every finding, in memory", "#7a4b0b"),
    "rdflib": ("pairs of figures, rdflib", "#a82b1b"),
    "oxigraph": ("pairs of figures, Oxigraph", "#a81b86"),
    "pairs": ("pairs of figures, DuckDB", "#555555"),
}
LEFT, TOP, WIDE, HIGH = 60, 20, 420, 300


def points(rows: Sequence[dict[str, Any]], way: str) -> list[tuple[int, float]]:
    return sorted((row["claims"], max(row["seconds"], 0.001)) for row in rows if row["way"] == way)


def draw(rows: Sequence[dict[str, Any]]) -> str:
    claims = [row["claims"] for row in rows]
    low, high = math.floor(math.log10(min(claims))), math.ceil(math.log10(max(claims)))
    floor, top = -3, 4

    def x(size: float) -> float:
        return LEFT + WIDE * (math.log10(size) - low) / (high - low)

    def y(seconds: float) -> float:
        return TOP + HIGH * (top - math.log10(seconds)) / (top - floor)

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 370" font-family="sans-serif" font-size="12" '
        'role="img" aria-label="Seconds against number of claims">',
        '<rect width="720" height="370" fill="#ffffff"/>',
    ]
    for power in range(low, high + 1):
        at = x(10**power)
        parts.append(f'<line x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{TOP + HIGH}" stroke="#dddddd"/>')
        parts.append(f'<text x="{at:.1f}" y="{TOP + HIGH + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(floor, top + 1):
        at = y(10.0**power)
        parts.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{LEFT + WIDE}" y2="{at:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    shown = [way for way in SHOWN if points(rows, way)]
    for number, way in enumerate(shown):
        label, colour = SHOWN[way]
        found = points(rows, way)
        path = " ".join(f"{x(size):.1f},{y(seconds):.1f}" for size, seconds in found)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(s):.1f}" cy="{y(t):.1f}" r="3" fill="{colour}"/>' for s, t in found]
        parts.append(f'<text x="{LEFT + WIDE + 16}" y="{TOP + 16 + 20 * number}" fill="{colour}">{label}</text>')
    parts.append(f'<text x="{LEFT + WIDE / 2}" y="{TOP + HIGH + 40}" text-anchor="middle">claims</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    rows = [row for name in sys.argv[1:] for row in json.loads(Path(name).read_text("utf-8"))]
    if not rows:
        sys.exit(__doc__)
    sys.stdout.write(draw(rows))


if __name__ == "__main__":
    main()
