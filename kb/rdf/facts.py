"""Statements of a file, by subject and property, whatever the format; graphs are left aside."""

from __future__ import annotations

import gzip
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kb.errors import InputError, Problem
from kb.rdf.terms import RDF

SUFFIXES = {".ttl": "turtle", ".turtle": "turtle", ".trig": "trig", ".nq": "nquads", ".nquads": "nquads"}
SUFFIXES |= {".nt": "ntriples", ".ntriples": "ntriples", ".jsonld": "jsonld"}
OXIGRAPH = {"turtle": "TURTLE", "trig": "TRIG", "nquads": "N_QUADS", "ntriples": "N_TRIPLES", "jsonld": "JSON_LD"}
RDFLIB = {"turtle": "turtle", "trig": "trig", "nquads": "nquads", "ntriples": "nt", "jsonld": "json-ld"}


class Thing(NamedTuple):
    """The object of a statement: an IRI, or the text of a literal."""

    text: str
    is_iri: bool


class Facts:
    """Statements by subject and property."""

    def __init__(self, statements: Iterable[tuple[str, str, Thing]]) -> None:
        self._held: dict[str, dict[str, dict[Thing, None]]] = {}
        for subject, predicate, thing in statements:
            self._held.setdefault(subject, {}).setdefault(predicate, {})[thing] = None

    def things(self, subject: str, term: str) -> list[Thing]:
        """Return the objects, each once, in order of text."""
        return sorted(self._held.get(subject, {}).get(term[1:-1], ()))

    def texts(self, subject: str, term: str) -> list[str]:
        """Return the IRIs and texts of the objects, in order."""
        return [thing.text for thing in self.things(subject, term)]

    def one(self, subject: str, term: str) -> str | None:
        """Return the object, or None; raise `InputError` if there are several."""
        found = self.texts(subject, term)
        if len(found) > 1:
            raise InputError([Problem(subject, 0, f"{term} is given {len(found)} times", "keep one")])
        return found[0] if found else None

    def needed(self, subject: str, term: str) -> str:
        """Return the object; raise `InputError` if there is none."""
        found = self.one(subject, term)
        if found is None:
            raise InputError([Problem(subject, 0, f"has no {term}", "export it again with --profile full")])
        return found

    def of_type(self, term: str) -> list[str]:
        """Return the subjects of a class, in order."""
        wanted = Thing(term[1:-1], True)
        return sorted(s for s, held in self._held.items() if wanted in held.get(RDF.type[1:-1], ()))

    def about(self, subject: str) -> Iterator[tuple[str, Thing]]:
        """Yield every property and object of a subject."""
        for predicate, things in sorted(self._held.get(subject, {}).items()):
            for thing in sorted(things):
                yield predicate, thing


def read_facts(path: Path) -> Facts:
    """Read a file whose format its name tells (``.trig``, ``.nq.gz``); raise `InputError` if that cannot be done."""
    names = [suffix.lower() for suffix in path.suffixes]
    packed = names[-1:] == [".gz"]
    form = SUFFIXES.get((names[:-1] if packed else names)[-1] if names[:-1] or (not packed and names) else "")
    if form is None:
        raise InputError([Problem(str(path), 0, "has no known suffix", f"use one of {', '.join(sorted(SUFFIXES))}")])
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if packed else data
    except (OSError, EOFError) as error:
        raise InputError([Problem(str(path), 0, f"cannot be read: {error}", "check path and file")]) from None
    try:
        return Facts(_statements(data, form))
    except (SyntaxError, ValueError, UnicodeError) as error:
        message = " ".join(str(error).split())[:300]
        raise InputError([Problem(str(path), getattr(error, "lineno", 0) or 0, message, "mend the syntax")]) from None


def _statements(data: bytes, form: str) -> Iterator[tuple[str, str, Thing]]:
    try:
        import pyoxigraph
    except ImportError:
        yield from _by_rdflib(data, form)
        return
    known: Any = getattr(pyoxigraph.RdfFormat, OXIGRAPH[form])
    for quad in pyoxigraph.parse(data, format=known):
        is_iri = isinstance(quad.object, pyoxigraph.NamedNode)
        yield quad.subject.value, quad.predicate.value, Thing(quad.object.value, is_iri)


def _by_rdflib(data: bytes, form: str) -> Iterator[tuple[str, str, Thing]]:
    from rdflib import Dataset, URIRef

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own, within its parsers
        dataset = Dataset()
        dataset.parse(data=data, format=RDFLIB[form])
    for subject, predicate, value, _ in dataset.quads():
        yield str(subject), str(predicate), Thing(str(value), isinstance(value, URIRef))
