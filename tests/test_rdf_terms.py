"""Every term in use is defined: ours in kb.ttl, those of others where their vocabularies say so."""

from __future__ import annotations

from pathlib import Path

import pytest
from kb.rdf import terms
from kb.vocabulary import LOCAL_TERMS
from rdflib import DCAT, DCTERMS, PROV, RDF, SDO, SKOS, VOID, Graph, URIRef

VOCABULARY = Path(terms.__file__).with_name("kb.ttl")
BY_HAND = {
    # https://sparontologies.github.io/cito/current/cito.html
    "CITO": "Citation hasCitedEntity hasCitingEntity",
    # https://sparontologies.github.io/fabio/current/fabio.html
    "FABIO": "Book BookChapter ConferencePaper Expression Journal JournalArticle WebPage",
    # https://www.w3.org/TR/annotation-vocab/
    "OA": "Annotation SpecificResource TextPositionSelector TextQuoteSelector end exact hasBody hasSelector hasSource "
    "hasTarget identifying motivatedBy start",
    # https://www.qudt.org/doc/DOC_SCHEMA-QUDT.html
    "QUDT": "hasUnit",
    # https://nanopub.net/guidelines/working_draft/
    "NP": "Nanopublication hasAssertion hasProvenance hasPublicationInfo",
}


def names(of: type) -> dict[str, str]:
    return {name: value[1:-1] for name, value in vars(of).items() if isinstance(value, terms.Term)}


@pytest.mark.parametrize("name", ["DCTERMS", "SKOS", "PROV", "DCAT", "VOID", "SCHEMA"])
def test_foreign_terms_are_in_the_definitions_that_rdflib_ships(name: str) -> None:
    known = {"DCTERMS": DCTERMS, "SKOS": SKOS, "PROV": PROV, "DCAT": DCAT, "VOID": VOID, "SCHEMA": SDO}[name]
    defined = {str(known) + (key[:-1] if key == "class_" else key) for key in known.__annotations__} | {
        f"{known}{extra}" for extra in getattr(known, "_extras", ())
    }
    assert set(names(getattr(terms, name)).values()) <= defined


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_foreign_terms_are_in_the_list_made_by_hand(name: str) -> None:
    assert set(names(getattr(terms, name))) <= set(BY_HAND[name].split())


def test_every_term_of_ours_is_defined_and_none_else() -> None:
    graph = Graph().parse(VOCABULARY)
    used = {*names(terms.CKB).values(), *names(terms.KB).values(), *(t[1:-1] for t in terms.INDIVIDUALS.values())}
    ours = (terms.NAMESPACES["ckb"], terms.NAMESPACES["kb"])
    assert used == {str(s) for s in graph.subjects(RDF.type) if str(s).startswith(ours)}


def test_the_language_of_domains_is_whole() -> None:
    assert set(names(terms.KB)) >= LOCAL_TERMS


def test_a_slip_is_an_error() -> None:
    with pytest.raises(AttributeError):
        terms.CITO.hasCitedEntitty  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(KeyError):
        terms.individual("certainty", "sure")


def test_no_link_of_cito_that_means_cites_is_at_hand() -> None:
    assert not {"supports", "disputes", "refutes", "agreesWith", "disagreesWith", "cites"} & set(names(terms.CITO))
    assert URIRef(terms.NAMESPACES["cito"] + "Citation")
