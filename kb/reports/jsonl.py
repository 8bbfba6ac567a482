"""Reports as JSON Lines: a line for each block, with the claims, findings and works that it leads to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kb.reports.parts import Block, Figure, Items, Jump, Line, Paragraph, Quote, Report, plain, walk


def json_lines(report: Report) -> str:
    """Return a report as JSON Lines; the first line is its title."""
    rows: list[dict[str, Any]] = [{"kind": "title", "text": report.title, "subtitle": report.subtitle}]
    rows += [row for block in report.lead for row in _block("", block)]
    for depth, section in walk(report.sections):
        rows.append({"kind": "heading", "level": depth, "text": section.title, "id": section.anchor or None})
        rows += [row for block in section.blocks for row in _block(section.title, block)]
    rows += [{"kind": "note", "number": n, **_line(line)} for n, line in enumerate(report.notes, 1)]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _line(line: Line) -> dict[str, Any]:
    to = list(dict.fromkeys(run.to for run in line if isinstance(run, Jump)))
    return {
        "text": plain(line),
        "claims": [name for name in to if name.startswith("c-")],
        "findings": [name for name in to if name.startswith("f-")],
        "works": [name.removeprefix("work-") for name in to if name.startswith("work-")],
    }


def _block(section: str, block: Block) -> Iterator[dict[str, Any]]:
    if isinstance(block, Paragraph):
        yield {"kind": "paragraph", "section": section, **_line(block.line)}
    elif isinstance(block, Quote):
        yield {"kind": "quote", "section": section, "text": block.text}
    elif isinstance(block, Figure):
        yield {"kind": "figure", "section": section, "text": block.alternative, "caption": block.caption}
    elif isinstance(block, Items):
        names = block.anchors or ("",) * len(block.lines)
        for name, line in zip(names, block.lines, strict=True):
            yield {"kind": "item", "section": section, "id": name or None, **_line(line)}
    else:
        names = block.anchors or ("",) * len(block.rows)
        for name, row in zip(names, block.rows, strict=True):
            cells = dict(zip(block.columns, map(plain, row), strict=True))
            led = _line(tuple(run for cell in row for run in cell))
            yield {"kind": "row", "section": section, "table": block.caption, "id": name or None, "cells": cells} | {
                key: led[key] for key in ("claims", "findings", "works")
            }
