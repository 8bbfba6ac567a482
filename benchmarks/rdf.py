"""How fast claims become RDF, and in how much memory: our writer, rdflib's TriG and pyoxigraph's writer in one run.

    python benchmarks/rdf.py [--claims 1000000] [--subset 1000]

Claims are synthetic, made one by one and dropped again; making them is not timed. All three start from the same records
of a subset and the same mapping; what the others take for serialising alone, their terms ready made, stands beside it.
Seconds are of processor time, so that a busy machine skews little.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path

from kb.domain import Domain
from kb.ids import sha256_text
from kb.model import Bound, Citation, Claim, Interval, Kind, Locator, ScopeValue, State
from kb.rdf.claim_quads import claim_quads
from kb.rdf.exporting import copy_texts
from kb.rdf.rows import Rows
from kb.rdf.templates import claim_texts
from kb.rdf.tokens import plain
from kb.rdf.writers import RdfFormat, Writer
from kb.vocabulary import load_domain

VOCABULARY = Path(__file__).parent.parent / "data" / "ketamine" / "vocabulary.ttl"


def synthetic(domain: Domain, count: int, seed: int = 7) -> Iterator[Claim]:
    """Yield claims with skewed subjects and properties, about half of them quantities."""
    pick = random.Random(seed)
    concepts = sorted(domain.concepts)
    quantities = sorted((p.id, p.unit) for p in domain.properties.values() if p.kind == "quantity" and p.unit)
    statements = sorted(p.id for p in domain.properties.values() if p.kind == "statement")
    scoped = sorted((d.id, [c.id for c in domain.concepts.values() if c.scheme in d.schemes]) for d in
                    domain.dimensions.values() if d.schemes)  # fmt: skip
    scoped = [(name, values) for name, values in scoped if values]
    digest = sha256_text("quote")
    for number in range(count):
        subject = concepts[int(len(concepts) * pick.random() ** 3)]
        scope = tuple(
            ScopeValue.model_construct(dimension=name, values=(pick.choice(values),), state=State.STATED, basis="")
            for name, values in scoped[: pick.randrange(4)]
        )
        fields = {
            "id": f"c-{number:012x}",
            "source": f"page-{number % 5000}",
            "text": f"Synthetic statement {number} about {subject}, “as told”.",
            "subject": subject,
            "scope": scope,
            "locator": Locator.model_construct(start=number % 9000, end=number % 9000 + 40, quote_sha256=digest),
        }
        if number % 4 == 0:
            link = Citation.model_construct(
                marker="[1]", work=f"work{number % 900}", basis="marker", confidence=Decimal(1)
            )
            fields["cites"] = (link,)
        if number % 2:
            name, unit = quantities[int(len(quantities) * pick.random() ** 2)]
            low = Decimal(pick.randrange(1, 200)) / 4
            value = Interval.model_construct(
                low=low, high=low + 1, unit=unit, bound=Bound.RANGE, printed=f"about {low}"
            )
            yield Claim.model_construct(kind=Kind.QUANTITY, property=name, value=value, **fields)
        else:
            name = statements[int(len(statements) * pick.random() ** 2)]
            yield Claim.model_construct(kind=Kind.STATEMENT, property=name, object=pick.choice(concepts), **fields)


def ours(domain: Domain, count: int, form: RdfFormat, path: Path) -> float:
    """Write ``count`` claims (a million are 12 GB, so to nowhere); return the seconds without making the records."""
    rows = Rows(domain)
    writer = Writer(form, rows.root)
    making = 0.0

    def timed() -> Iterator[Claim]:
        nonlocal making
        records = synthetic(domain, count)
        while True:
            began = time.process_time()
            chunk = list(islice(records, 1000))
            making += time.process_time() - began
            if not chunk:
                return
            yield from chunk

    began = time.process_time()
    with path.open("wb") as file:
        copy_texts(claim_texts(rows, writer, timed()), file)
    return time.process_time() - began - making


def statements_in(domain: Domain, count: int) -> int:
    rows = Rows(domain)
    return sum(sum(1 for _ in claim_quads(rows.root, rows.claim(claim))) for claim in synthetic(domain, count))


def memory() -> float:
    """Return the highest resident memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def alone(what: str, domain: Domain, count: int) -> tuple[float, float, float]:
    """Run another writer in its own process; return its seconds in all, those of serialising, and its peak in MB."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        whole, part = {"rdflib": by_rdflib, "pyoxigraph": by_pyoxigraph}[what](domain, list(synthetic(domain, count)))
        os.write(write, f"{whole} {part} {memory()}".encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    whole, part, peak = os.read(read, 200).decode().split()
    return float(whole), float(part), float(peak)


def by_rdflib(domain: Domain, claims: list[Claim]) -> tuple[float, float]:
    from rdflib import Dataset
    from rdflib.util import from_n3

    rows = Rows(domain)
    began = time.process_time()
    dataset = Dataset()
    for claim in claims:
        dataset.addN((from_n3(s), from_n3(p), from_n3(o), dataset.graph(from_n3(g)))
                     for s, p, o, g in claim_quads(rows.root, rows.claim(claim)))  # fmt: skip
    middle = time.process_time()
    dataset.serialize(format="trig")
    return time.process_time() - began, time.process_time() - middle


def by_pyoxigraph(domain: Domain, claims: list[Claim]) -> tuple[float, float]:
    import pyoxigraph as ox

    rows = Rows(domain)

    def term(token: str) -> ox.NamedNode | ox.Literal:
        if token[0] == "<":
            return ox.NamedNode(token[1:-1])
        body, _, datatype = token.rpartition("^^") if token[-1] == ">" else (token, "", "")
        return ox.Literal(plain(body[1:-1]), datatype=ox.NamedNode(datatype[1:-1]) if datatype else None)

    def quads() -> Iterator[ox.Quad]:
        for claim in claims:
            for s, p, o, g in claim_quads(rows.root, rows.claim(claim)):
                yield ox.Quad(term(s), term(p), term(o), term(g))

    began = time.process_time()
    ox.serialize(quads(), io.BytesIO(), format=ox.RdfFormat.TRIG)
    whole = time.process_time() - began
    made = list(quads())
    began = time.process_time()
    ox.serialize(made, io.BytesIO(), format=ox.RdfFormat.TRIG)
    return whole, time.process_time() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--subset", type=int, default=1_000)
    asked = parser.parse_args()
    domain = load_domain(VOCABULARY, "vocabulary.ttl")
    each = statements_in(domain, asked.subset) / asked.subset
    total = each * asked.subset
    path = Path(os.devnull)
    ours(domain, asked.subset, RdfFormat.NQUADS, path)
    print(f"{'writer':34}{'statements':>12}{'seconds':>10}{'statements/s':>14}{'peak MB':>9}")

    def line(name: str, statements: float, seconds: float, peak: float) -> float:
        print(f"{name:34}{statements:>12,.0f}{seconds:>10.2f}{statements / seconds:>14,.0f}{peak:>9.0f}", flush=True)
        return statements / seconds

    slow = {}
    for name in ("rdflib", "pyoxigraph"):
        whole, part, peak = alone(name, domain, asked.subset)
        slow[name] = line(f"{name}, TriG, from records", total, whole, peak)
        line(f"{name}, TriG, serialising alone", total, part, peak)
    line("ours, TriG, from records, subset", total, ours(domain, asked.subset, RdfFormat.TRIG, path), memory())
    speeds = []
    for count in (asked.claims // 10, asked.claims):
        for form in (RdfFormat.NQUADS, RdfFormat.TRIG):
            seconds = ours(domain, count, form, path)
            speeds.append(line(f"ours, {form}, {count:,} claims", each * count, seconds, memory()))
    ours_trig, small_trig = speeds[-1], speeds[1]
    print(f"ours against rdflib: {ours_trig / slow['rdflib']:.0f} times; ", end="")
    print(f"against pyoxigraph: {ours_trig / slow['pyoxigraph']:.1f} times; ", end="")
    print(f"speed at ten times the size: {ours_trig / small_trig:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
