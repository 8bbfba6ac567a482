"""Draw docs/audit.svg: the first lines of the audit of the shipped data, as a terminal shows them."""

from __future__ import annotations

import html
import textwrap
from pathlib import Path

from kb.audit import find_all
from kb.build import build
from kb.model import FindingKind
from kb.reading import GLYPHS, counts_sentence

ROOT = Path(__file__).resolve().parent.parent
COLOURS = {"✕": "#F8704A", "≠": "#FFB81F", "⇄": "#F0AEF7", "?": "#8F98A6", "○": "#2ADBA2"}
WIDTH = 104
SHOWN = {FindingKind.CONTRADICTION: 2, FindingKind.DISCREPANCY: 2, FindingKind.TENSION: 2, FindingKind.EXPLAINED: 2}


def main() -> None:
    """Write the picture."""
    kb = build(ROOT / "data" / "ketamine")
    findings = find_all(kb)
    lines: list[tuple[str, str]] = [("$ kb audit", "#E6E9EF"), ("", "")]
    lines += [(line, "#E6E9EF") for line in textwrap.wrap(counts_sentence(kb, findings), WIDTH)]
    for kind, count in SHOWN.items():
        chosen = [f for f in findings if f.kind is kind and not f.same_source and len(f.sentence) < 300][:count]
        lines.append(("", ""))
        lines.append((f"{GLYPHS[kind]} {kind.value}", COLOURS[GLYPHS[kind]]))
        for finding in chosen:
            dots = "●" * finding.severity + "○" * (3 - finding.severity)
            wrapped = textwrap.wrap(finding.sentence, WIDTH - 6)
            lines.append((f"  {dots} {wrapped[0]}", "#C9CFD9"))
            lines += [(f"      {line}", "#C9CFD9") for line in wrapped[1:]]
    height = 22 * len(lines) + 40
    text = "\n".join(
        f'<text x="24" y="{36 + 22 * number}" fill="{colour}" xml:space="preserve">{html.escape(line)}</text>'
        for number, (line, colour) in enumerate(lines)
        if line
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 {height}" role="img" '
        'aria-label="The audit of the shipped pages, printed in a terminal" '
        'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">\n'
        f'<rect width="920" height="{height}" rx="10" fill="#12161D"/>\n{text}\n</svg>\n'
    )
    (ROOT / "docs" / "audit.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
