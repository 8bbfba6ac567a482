"""The claims of a table once more, in order of source and place, and what is counted of them for the screens."""

from __future__ import annotations

from pathlib import Path

from kb.bulk.ego import EDGES
from kb.bulk.engines import DuckEngine
from kb.bulk.filtering import prepare
from kb.bulk.rows import COLUMNS, DERIVED
from kb.bulk.terms import TABLES, term_tables
from kb.domain import Domain

ANSWERS = 200
"""How many answers are kept of a property, those of most claims; how many there are in all is told beside them."""

NEGATED = """CASE WHEN (attribution = 'superseded' OR certainty = 'denied') = (polarity = 'affirmed')
THEN 1 ELSE 0 END"""
"""What a source now holds: a belief told as superseded or denied is turned round (`kb.stances.effective_polarity`)."""

KEY = ("subject", "object", "relation", "than", "negated", "form", "bound", "exact", '"class"')
"""What makes two claims on a property the same answer."""

COLUMN_LIST = ", ".join(f'"{name}"' for name in COLUMNS)

CLAIMS = f"""
SELECT {COLUMN_LIST}, {NEGATED} AS negated,
    row_number() OVER (PARTITION BY source ORDER BY COALESCE(starts, 0), id) - 1 AS number
FROM claims ORDER BY source, number
"""  # noqa: S608 - our own names
TAKEN = f"""
SELECT m.place, {", ".join(f'c."{name}"' for name in COLUMNS)}, c.number
FROM (SELECT DISTINCT place, claim FROM found_members WHERE claim <> '') m JOIN placed_claims c ON c.id = m.claim
ORDER BY m.place, c.source, c.number
"""  # noqa: S608 - our own names
IDS = "SELECT id, source, number FROM placed_claims ORDER BY id"
SAID = """
SELECT c.source, p.topic, c.role, COUNT(*) AS claims FROM placed_claims c JOIN kb_property p ON p.property = c.property
GROUP BY c.source, p.topic, c.role ORDER BY c.source, p.topic, c.role
"""
GROUPS = f"""
SELECT property, {", ".join(KEY)}, COUNT(*) AS claims, COUNT(DISTINCT source) AS sources,
    MIN({{"source": source, "number": number}}) AS example
FROM placed_claims GROUP BY property, {", ".join(KEY)}
"""  # noqa: S608 - our own names
RANKED = """
SELECT *,
    row_number() OVER (PARTITION BY property ORDER BY claims DESC, sources DESC, example) - 1 AS rank
FROM answer_groups
"""
KEPT = f"""
SELECT {", ".join(f'c."{name}"' for name in COLUMNS)}, c.negated, c.number, r.rank, r.claims, r.sources
FROM (SELECT * FROM ranked_answers WHERE rank < {ANSWERS}) r
JOIN placed_claims c ON c.source = r.example.source AND c.number = r.example.number
ORDER BY c.property, r.rank
"""  # noqa: S608 - our own names
ABOUT = f"""
SELECT c.property, c.source, c.number, r.rank AS answer FROM placed_claims c JOIN ranked_answers r
ON r.property = c.property AND {" AND ".join(f"r.{column} IS NOT DISTINCT FROM c.{column}" for column in KEY)}
"""  # noqa: S608 - our own names
BY_PROPERTY = f"""
SELECT property, row_number() OVER (PARTITION BY property ORDER BY source, number) - 1 AS turn, answer, source, number
FROM ({ABOUT}) ORDER BY property, turn
"""  # noqa: S608 - our own names
COUNTED = f"""
SELECT {", ".join(f"CASE WHEN {end} LIKE 'work:%' THEN substr({end}, 6) ELSE {end} END AS {end}" for end in "ab")},
    how, COUNT(*) AS claims
FROM ({EDGES}) GROUP BY ALL
"""  # noqa: S608 - our own text
NEAR = """
SELECT node, a, b, how, claims FROM (
    SELECT a AS node, a, b, how, claims FROM counted_edges
    UNION ALL SELECT b AS node, a, b, how, claims FROM counted_edges WHERE b <> a
) ORDER BY node, claims DESC, a, b, how
"""
PROPERTIES = """
SELECT p.topic, p.property, c.claims, c.made, c.sources, a.answers
FROM (SELECT property, COUNT(*) AS claims, COUNT(*) FILTER (role = 'claim') AS made, COUNT(DISTINCT source) AS sources
      FROM placed_claims GROUP BY property) c
JOIN kb_property p ON p.property = c.property
JOIN (SELECT property, COUNT(*) AS answers FROM answer_groups GROUP BY property) a ON a.property = c.property
ORDER BY p.topic, p.property
"""

SIDE = """CASE WHEN r.kind = 'statement' THEN CASE WHEN r.polarity = 'affirmed' THEN 1.0 ELSE 0.0 END
WHEN r.kind = 'comparison' THEN CASE r.relation WHEN 'greater' THEN 1.0 WHEN 'less' THEN -1.0 ELSE 0.0 END
ELSE COALESCE(r.{end}, 0.0) END::DOUBLE"""
"""Where an answer lies on a line (`kb.condensing.rough_ends`)."""
RECORD = (
    "to_json({{" + ", ".join(f"'{name}': {{of}}.\"{name}\"" for name in COLUMNS if name not in DERIVED) + "{also}}})"
)
"""The columns of which a claim is made, as one text: one value is read faster than thirty."""
LIGHT = ("source", "cell", "setting", "property", "subject", "duty", "strength", "certainty")
OPPONENTS = f"""
SELECT h.id, {", ".join(f'h."{name}"' for name in LIGHT)},
    COALESCE(h.object, '') AS object, COALESCE(h."class", '') AS "class", r.hedged,
    {SIDE.format(end="low")} AS low, {SIDE.format(end="high")} AS high, h.weight,
    {RECORD.format(of="h", also=", 'weight': h.weight, 'of_variants': h.of_variants, 'of_claims': h.of_claims")}::TEXT
    AS record
FROM held h JOIN records r ON r.id = h.id ORDER BY h.property, h.subject, h.object, h.id
"""  # noqa: S608 - our own names
"""What the search compared, for a quick look at what one more document opens (`kb.bulk.beside`)."""
FACTS = f"""
SELECT c.source, c.property, {RECORD.format(of="c", also="")}::TEXT AS record
FROM placed_claims c WHERE c.role = 'evidence' ORDER BY c.source, c.property, c.id
"""  # noqa: S608 - our own names
"""What is recorded of works, in order of work."""

GROUP = 2_048
"""Rows of Parquet that are read together: the least that DuckDB reads at once."""


FACTS_PER_GROUP = 256
"""A work has some dozens of facts: what is read for it is little more than these."""


def _regroup(path: Path) -> None:
    """Write a file anew with small groups of rows, which DuckDB does not write."""
    import pyarrow.parquet as pq

    working = path.with_suffix(".making")
    with pq.ParquetFile(path) as old, pq.ParquetWriter(working, old.schema_arrow, compression="zstd") as new:
        for batch in old.iter_batches(GROUP):
            new.write_batch(batch, row_group_size=FACTS_PER_GROUP)
    working.replace(path)


def write_claims(engine: DuckEngine, domain: Domain, folder: Path) -> dict[str, int]:
    """Write the files on claims into ``folder``; return how many claims there are, and how many documents make.

    The members of the findings lie in ``folder`` already: their claims are written once more in order of the findings,
    so that what stands in one finding is read together.
    """
    engine.load("kb_property", TABLES["kb_property"], term_tables(domain)["kb_property"])
    cursor = engine.connection.cursor()
    cursor.execute("SET preserve_insertion_order = true")  # the order of the rows is the order of the file

    def copy(query: str, name: str) -> None:
        target = str(folder / name).replace("'", "''")
        cursor.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})")

    def view(name: str, file: str) -> None:
        written = str(folder / file).replace("'", "''")
        cursor.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet('{written}')")  # noqa: S608

    if not engine.has("records"):
        prepare(engine, domain)
    try:
        copy(CLAIMS, "claims.parquet")
        view("placed_claims", "claims.parquet")
        view("found_members", "members.parquet")
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE answer_groups AS {GROUPS}")
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE ranked_answers AS {RANKED}")
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE counted_edges AS {COUNTED}")
        copy(BY_PROPERTY, "by_property.parquet")
        copy(NEAR, "edges.parquet")
        copy(TAKEN, "taken.parquet")
        copy(IDS, "ids.parquet")
        copy(SAID, "said.parquet")
        copy(KEPT, "answers.parquet")
        copy(PROPERTIES, "properties.parquet")
        copy(OPPONENTS, "opponents.parquet")
        copy(FACTS, "facts.parquet")
        _regroup(folder / "facts.parquet")
        counted = cursor.execute("SELECT COUNT(*), COUNT(*) FILTER (role = 'claim') FROM placed_claims").fetchall()
    finally:
        cursor.execute("SET preserve_insertion_order = false")
        cursor.close()
    return {"claims": counted[0][0], "made": counted[0][1]}
