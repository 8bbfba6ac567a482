"""A new data folder: one small example of every file, ready to be replaced."""

from __future__ import annotations

from pathlib import Path

from kb.errors import InputError, Problem
from kb.files import write_atomically
from kb.ids import sha256_text

TEXT = """Kettle guide

Boiling one litre takes 3 minutes in the electric kettle.
On the stove the same litre takes 3 minutes as well, some say 9 minutes.
"""

VOCABULARY = """# The vocabulary of your domain. See docs/starting-a-domain.md in the project.
@prefix kb: <https://claims-kb.example/vocab#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix t: <https://example.org/mine/topic#> .
@prefix p: <https://example.org/mine/property#> .
@prefix s: <https://example.org/mine/dimension#> .
@prefix u: <https://example.org/mine/unit#> .
@prefix h: <https://example.org/mine/scheme#> .
@prefix c: <https://example.org/mine/concept#> .

<https://example.org/mine/> a kb:Domain ;
    dcterms:title "kettles" .

t:speed a kb:Topic ;
    skos:prefLabel "speed"@en ;
    kb:order 1 .

s:device a kb:Dimension ;
    skos:prefLabel "device"@en ;
    kb:scheme h:device .

u:minute a kb:Unit ;
    kb:symbol "min" ;
    kb:quantityKind "time" ;
    kb:factor 60 .

p:boiling-time a kb:Property ;
    skos:prefLabel "time to boil one litre"@en ;
    kb:kind "quantity" ;
    kb:topic t:speed ;
    kb:stakes "2" ;
    kb:unit u:minute ;
    kb:separatedBy s:device .

h:device a kb:Scheme ;
    skos:prefLabel "device"@en .

c:stove a skos:Concept ;
    skos:inScheme h:device ;
    skos:prefLabel "stove"@en .

c:electric-kettle a skos:Concept ;
    skos:inScheme h:device ;
    skos:prefLabel "electric kettle"@en .

h:thing a kb:Scheme ;
    skos:prefLabel "thing"@en .

c:water a skos:Concept ;
    skos:inScheme h:thing ;
    skos:prefLabel "water"@en .
"""

WORKS = """@misc{example2020,
  author = {Doe, Jane},
  title = {An example to replace},
  year = {2020},
}
"""

CLAIMS = (
    ("3 minutes in the electric", "3 minutes", "electric-kettle", 3),
    ("takes 3 minutes as well", "3 minutes", "stove", 3),
    ("9 minutes", "9 minutes", "stove", 9),
)


def start_folder(folder: Path) -> list[Path]:
    """Write the example into ``folder``; raise `InputError` if it exists and is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError([Problem(str(folder), 0, "exists and is not empty", "name a new folder")])
    files = {
        "vocabulary.ttl": VOCABULARY,
        "policy.yaml": "bibliography: references.bib\nlevels: {}\n",
        "references.bib": WORKS,
        "documents.yaml": _documents(),
        "claims/kettle-guide.yaml": _claims(),
        "sources/kettle-guide.txt": TEXT,
    }
    for name, text in files.items():
        write_atomically(folder / name, text.encode("utf-8"))
    return [folder / name for name in files]


def _documents() -> str:
    return f"""documents:
- id: kettle-guide
  title: Kettle guide
  publisher: an invented publisher
  kind: web-page
  short: Kettle guide
  captured: written for this example
  characters: {len(TEXT)}
  sha256: {sha256_text(TEXT)}
  references: none
"""


def _claims() -> str:
    lines = ["source: kettle-guide", "claims:"]
    for context, quote, device, minutes in CLAIMS:
        start = TEXT.index(context) + context.index(quote)
        lines += [
            f"- text: Boiling one litre of water takes {minutes} minutes ({device.replace('-', ' ')}).",
            f"  at: {start}-{start + len(quote)}",
            f"  quote_sha256: {sha256_text(quote)}",
            "  kind: quantity",
            "  subject: water",
            "  property: boiling-time",
            f"  value: {{low: {minutes}, high: {minutes}, unit: min, bound: exact, printed: {minutes} minutes}}",
            "  scope:",
            f"    stated: {{device: {device}}}",
            f"  part: {device}",
        ]
    return "\n".join(lines) + "\n"
