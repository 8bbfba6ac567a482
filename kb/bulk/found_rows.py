"""Findings as rows: what the inbox filters and sorts by in columns of its own, the record itself as JSON text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kb.bibliography import Work
from kb.build import work_name
from kb.model import Document, Finding, FindingKind
from kb.policy import Policy
from kb.waivers import waiver_of

Row = dict[str, Any]
KINDS = tuple(FindingKind)

FINDINGS = {
    "place": "whole",
    "id": "text",
    "code": "text",
    "kind": "text",
    "strength": "whole",
    "severity": "whole",
    "topic": "text",
    "property": "text",
    "question": "text",
    "same_source": "whole",
    "claims": "whole",
    "sources": "whole",
    "documents": "whole",
    "waived": "whole",
    "title": "text",
    "words": "text",
    "record": "text",
}
"""``place`` counts from 0 in the order of the list, ``strength`` from 0 (contradiction); ``words`` is the sentence in
the form in which it is searched, ``record`` the whole finding."""

MEMBERS = {"claim": "text", "source": "text", "pole": "text", "place": "whole"}
"""A row for each claim in a finding, sorted by claim; of a source as a whole ``claim`` is empty."""

TAKING_PART = {"source": "text", "place": "whole", "topic": "text", "strength": "whole", "waived": "whole"}
"""A row for each source in a finding, sorted by source."""

SOURCES = {
    "source": "text",
    "role": "text",
    "name": "text",
    "title": "text",
    "words": "text",
    "findings": "whole",
    "kinds": "text",
    "record": "text",
}
"""A row for each document and work, sorted by id; ``kinds`` counts its findings by kind, strongest first."""


def finding_rows(findings: Iterable[Finding], policy: Policy, documents: frozenset[str]) -> list[Row]:
    """Return the findings, in the order given, as rows of `FINDINGS`."""
    return [_finding(place, finding, policy, documents) for place, finding in enumerate(findings)]


def _finding(place: int, finding: Finding, policy: Policy, documents: frozenset[str]) -> Row:
    sources = {member.source for member in finding.members}
    return {
        "place": place,
        "id": finding.id,
        "code": finding.code,
        "kind": finding.kind.value,
        "strength": KINDS.index(finding.kind),
        "severity": finding.severity,
        "topic": finding.topic,
        "property": finding.property,
        "question": finding.question,
        "same_source": int(finding.same_source),
        "claims": finding.claims,
        "sources": len(sources),
        "documents": len(sources & documents),
        "waived": int(waiver_of(policy, finding) is not None),
        "title": finding.title,
        "words": finding.sentence.casefold(),
        "record": finding.model_dump_json(),
    }


def member_rows(findings: Sequence[Finding]) -> list[Row]:
    """Return the members of the findings as rows of `MEMBERS`."""
    rows = [
        {"claim": member.claim, "source": member.source, "pole": member.pole, "place": place}
        for place, finding in enumerate(findings)
        for member in finding.members
    ]
    return sorted(rows, key=lambda row: (row["claim"], row["source"], row["place"], row["pole"]))


def part_rows(findings: Sequence[Row], members: Iterable[Row]) -> list[Row]:
    """Return which source takes part in which finding as rows of `TAKING_PART`."""
    kept = ("topic", "strength", "waived")
    return [
        {"source": source, "place": place} | {name: findings[place][name] for name in kept}
        for source, place in sorted({(row["source"], row["place"]) for row in members})
    ]


def source_rows(documents: Iterable[Document], works: Iterable[Work], parts: Iterable[Row]) -> list[Row]:
    """Return the sources as rows of `SOURCES`; findings that the policy waives are not counted."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(KINDS))
    for row in parts:
        if not row["waived"]:
            counts[row["source"]][row["strength"]] += 1
    rows = [_source(d.id, "document", d.short, d.title, d.model_dump_json(by_alias=True), counts) for d in documents]
    rows += [_source(w.key, "work", work_name(w), w.title, w.model_dump_json(by_alias=True), counts) for w in works]
    return sorted(rows, key=lambda row: str(row["source"]))


def _source(key: str, role: str, name: str, title: str, record: str, counts: Mapping[str, Sequence[int]]) -> Row:
    kinds = counts[key]
    return {
        "source": key,
        "role": role,
        "name": name,
        "title": title,
        "words": f"{key} {name} {title}".casefold(),
        "findings": sum(kinds),
        "kinds": ",".join(map(str, kinds)),
        "record": record,
    }
