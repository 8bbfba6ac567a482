"""A tiny valid data folder in a made-up domain (teas of an island that does not exist), for tests to spoil."""

from __future__ import annotations

import hashlib
from pathlib import Path

VOCABULARY = """\
@prefix kb: <https://claims-kb.example/vocab#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix t: <https://claims-kb.example/tea/topic#> .
@prefix p: <https://claims-kb.example/tea/property#> .
@prefix s: <https://claims-kb.example/tea/dimension#> .
@prefix u: <https://claims-kb.example/tea/unit#> .
@prefix h: <https://claims-kb.example/tea/scheme#> .
@prefix a: <https://claims-kb.example/tea/axiom#> .
@prefix c: <https://claims-kb.example/tea/concept#> .

<https://claims-kb.example/tea/> a kb:Domain ;
    dcterms:title "tea of Ostrava Island" .

t:brewing a kb:Topic ;
    skos:prefLabel "brewing"@en ;
    kb:order 1 .

h:leaf a kb:Scheme ;
    skos:prefLabel "leaf"@en .

h:strength a kb:Scheme ;
    skos:prefLabel "strength"@en .

s:leaf a kb:Dimension ;
    skos:prefLabel "leaf"@en ;
    kb:scheme h:leaf ;
    kb:nested "unknown" .

s:altitude a kb:Dimension ;
    skos:prefLabel "altitude"@en .

u:second a kb:Unit ;
    kb:symbol "s" ;
    kb:quantityKind "time" ;
    kb:factor 1 .

u:minute a kb:Unit ;
    kb:symbol "min" ;
    kb:quantityKind "time" ;
    kb:factor 60 .

u:metre a kb:Unit ;
    kb:symbol "m" ;
    kb:quantityKind "length" ;
    kb:factor 1 .

c:tea a skos:Concept ;
    skos:inScheme h:leaf ;
    skos:prefLabel "tea"@en .

c:marsh-leaf a skos:Concept ;
    skos:inScheme h:leaf ;
    skos:prefLabel "marsh leaf"@en ;
    skos:broader c:tea ;
    kb:implies "leaf=marsh-leaf" .

c:cliff-leaf a skos:Concept ;
    skos:inScheme h:leaf ;
    skos:prefLabel "cliff leaf"@en ;
    skos:broader c:tea .

c:mild a skos:Concept ;
    skos:inScheme h:strength ;
    skos:prefLabel "mild"@en ;
    kb:rank 1 .

c:strong a skos:Concept ;
    skos:inScheme h:strength ;
    skos:prefLabel "strong"@en ;
    kb:rank 2 .

p:steeping-time a kb:Property ;
    skos:prefLabel "steeping time"@en ;
    kb:kind "quantity" ;
    kb:topic t:brewing ;
    kb:stakes "2" ;
    kb:unit u:minute ;
    kb:tolerance 0.1 ;
    kb:separatedBy s:leaf .

p:strength a kb:Property ;
    skos:prefLabel "strength"@en ;
    kb:kind "quantity" ;
    kb:topic t:brewing ;
    kb:stakes "1" ;
    kb:scale h:strength .

p:bitterness a kb:Property ;
    skos:prefLabel "bitterness"@en ;
    kb:kind "scale" ;
    kb:topic t:brewing ;
    kb:stakes "1" .

p:keeps-well a kb:Property ;
    skos:prefLabel "keeps well"@en ;
    kb:kind "statement" ;
    kb:topic t:brewing ;
    kb:stakes "1" .

a:one-island a kb:Axiom ;
    skos:prefLabel "there is one island"@en ;
    dcterms:source "the map in the hall" ;
    kb:about p:bitterness .
"""

TEXT = """\
Leaves of Ostrava Island

Marsh leaf steeps for three to five minutes.
Cliff leaf is more bitter than marsh leaf [7].
Cliff leaf keeps well, as Orlo found.
A cup of cliff leaf is strong.
"""

BIBLIOGRAPHY = """\
@article{orlo1911,
  author = {Orlo, Mina},
  title = {On the keeping of cliff leaf},
  journal = {Island Leaves},
  year = {1911},
}

@book{tarn1902,
  author = {Tarn, Bo},
  title = {The marshes of Ostrava},
  year = {1902},
}
"""

DOCUMENTS = """\
documents:
- id: page-a
  title: Leaves of Ostrava Island
  publisher: The Island Tea House
  kind: shop-page
  short: Tea House page
  captured: written for these tests
  characters: {characters}
  sha256: {sha256}
  scope:
    inherited:
      altitude: {{is: 200-400 m, from: page}}
  references: markers without list
  lists:
  - orlo1911
- id: page-b
  title: Another page
  publisher: The Island Tea House
  kind: shop-page
  short: Other page
  captured: no snapshot of it is in the folder
  characters: 10
  sha256: {other}
"""

CLAIMS = """\
source: page-a
claims:
- text: Marsh leaf steeps for three to five minutes.
  {steeps}
  kind: quantity
  subject: marsh-leaf
  property: steeping-time
  value:
    low: 3
    high: 5
    unit: min
    bound: range
    printed: three to five minutes
- text: Cliff leaf is more bitter than marsh leaf.
  {bitter}
  kind: comparison
  subject: cliff-leaf
  property: bitterness
  relation: greater
  than: marsh-leaf
  cites:
  - marker: '[7]'
    basis: marker
- text: Cliff leaf keeps well.
  {keeps}
  kind: statement
  subject: cliff-leaf
  property: keeps-well
  scope:
    stated:
      leaf: cliff-leaf
    unknown:
    - altitude
  attribution: reported
  cites:
  - work: orlo1911
    basis: described
- text: A cup of cliff leaf is strong.
  {strong}
  kind: quantity
  subject: cliff-leaf
  property: strength
  value:
    class: strong
    printed: strong
"""

EVIDENCE = """\
source: orlo1911
claims:
- text: Orlo kept cliff leaf at two heights.
  kind: statement
  subject: cliff-leaf
  property: keeps-well
  scope:
    stated:
      altitude: <= 300 m
  seen_at: the second table
"""

POLICY = """\
bibliography: references.bib
levels:
  V001: error
  C001: info
waivers:
- code: V001
  sources: [page-a, orlo1911]
  property: steeping-time
  reason: the old table
  by: Ann
  date: 2026-11-20
- code: C001
  topic: brewing
  reason: both are known
  by: Bo
  date: 2026-11-21
"""

VERDICT = (
    '{{"finding": "f-00000000000{number}", "code": "V001", "question": "steeping-time|", "kind": "tension", '
    '"verdict": "confirmed", "reason": "“both”", "by": "Ann", "at": "2026-11-24T09:30:0{number}Z", '
    '"members": [{{"claim": "c-1", "source": "page-a", "pole": "A", "hash": "{hash}", "text": "Marsh."}}]}}\n'
)


def located(quote: str) -> str:
    """Return the two lines of a claim that say where ``quote`` stands in `TEXT`."""
    start = TEXT.index(quote)
    return f"at: {start}-{start + len(quote)}\n  quote_sha256: {hashlib.sha256(quote.encode()).hexdigest()}"


def small_folder(parent: Path) -> Path:
    """Write the folder into ``parent`` and return its path; `kb.build.build` accepts it as it is."""
    text = TEXT.encode()
    files = {
        "vocabulary.ttl": VOCABULARY,
        "documents.yaml": DOCUMENTS.format(
            characters=len(TEXT), sha256=hashlib.sha256(text).hexdigest(), other=hashlib.sha256(b"other").hexdigest()
        ),
        "references.bib": BIBLIOGRAPHY,
        "policy.yaml": POLICY,
        "verdicts.jsonl": "".join(VERDICT.format(number=number, hash="0" * 64) for number in (1, 2)),
        "claims/page-a.yaml": CLAIMS.format(
            steeps=located("Marsh leaf steeps for three to five minutes."),
            bitter=located("Cliff leaf is more bitter than marsh leaf [7]."),
            keeps=located("Cliff leaf keeps well, as Orlo found."),
            strong=located("A cup of cliff leaf is strong."),
        ),
        "claims/orlo1911.yaml": EVIDENCE,
        "sources/page-a.txt": TEXT,
    }
    folder = parent / "tea"
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8"))
    return folder
