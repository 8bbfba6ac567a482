"""One claim or verdict as a signed nanopublication under a name that its content gives. Nothing is published."""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kb.build import KnowledgeBase
from kb.errors import InputError, Problem
from kb.ids import derive
from kb.rdf.claim_quads import claim_quads
from kb.rdf.judged_quads import verdict_id, verdict_quads
from kb.rdf.keys import need, public_text
from kb.rdf.rows import Rows
from kb.rdf.terms import DCTERMS, NP, RDF, SCHEMA
from kb.rdf.tokens import Quad, plain, text
from kb.rdf.trusty import CODE
from kb.rdf.verifying import ALGORITHM, PUBLIC_KEY, SIGNATURE, SIGNED_BY, TARGET, verify
from kb.rdf.writers import RdfFormat, Writer

if TYPE_CHECKING:
    from Crypto.PublicKey.RSA import RsaKey
    from rdflib import Literal, URIRef

ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")


def signed_text(kb: KnowledgeBase, name: str, key: RsaKey, by: str) -> str:
    """Return the TriG of one signed nanopublication; the same claim, key and signer give the same bytes.

    ``name`` is a claim, a verdict (``v-…``), or a finding, whose last verdict is meant.
    """
    need("export nanopub")
    root = Rows(kb.domain).root
    quads = sign(root, [*unsigned(kb, name)], key, by)
    writer = Writer(RdfFormat.TRIG, root)
    return writer.header + writer.render(quads) + writer.footer


def unsigned(kb: KnowledgeBase, name: str) -> Sequence[Quad]:
    """Return the nanopublication of a claim or verdict; raise `InputError` if there is none of that name."""
    rows = Rows(kb.domain)
    for claim in kb.claims:
        if claim.id == name:
            return list(claim_quads(rows.root, rows.claim(claim)))
    works = frozenset(work.key for work in kb.works)
    for position, verdict in reversed([*enumerate(kb.verdicts, 1)]):
        if name in (verdict.finding, verdict_id(position, verdict)):
            return list(verdict_quads(rows.root, position, verdict, works))
    message = "is no claim, no verdict, and no finding with a verdict"
    raise InputError([Problem(name, 0, message, "see kb claims and kb verdicts")])


def sign(root: str, quads: Sequence[Quad], key: RsaKey, by: str) -> list[Quad]:
    """Return a nanopublication with its signature, under its trusty URI ``ROOT np/RA…``."""
    np = quads[0].subject[1:-1]
    info = f"<{np}#pubinfo>"
    sig = f"<{np}#sig>"
    person, about = signer(root, by)
    stated = [*quads, Quad(f"<{np}>", DCTERMS.creator, person, info)]
    stated += [Quad(s, p, o, info) for s, p, o in about]
    stated.append(Quad(sig, SIGNED_BY, person, info))
    code, signature = _by_library(f"{root}np/", np, stated, key)
    stated += [
        Quad(sig, PUBLIC_KEY, text(public_text(key)), info),
        Quad(sig, ALGORITHM, text("RSA"), info),
        Quad(sig, TARGET, f"<{np}>", info),
        Quad(sig, SIGNATURE, text(signature), info),
    ]
    signed = _renamed(stated, np, f"{root}np/{code}", "#")
    sound, reasons = verify(signed, key.public_key())  # what the library made is believed only when it holds
    if sound is None:
        raise InputError(
            Problem("export nanopub", 0, f"the signature does not hold: {r}", "report this") for r in reasons
        )
    return signed


def signer(root: str, by: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Return who signs as an IRI, and what is said of them: nothing of an ORCID, the name of anybody else."""
    by = by.strip()
    if not by:
        raise InputError([Problem("--by", 0, "nobody is named", "give an ORCID or a name")])
    match = ORCID.fullmatch(by)
    if match is None and re.search(r"orcid|\d{4}-\d{4}", by, re.I):
        raise InputError([Problem("--by", 0, f"“{by}” is no ORCID", "write it as 0000-0002-1825-0097")])
    if match is None:
        person = f"<{root}person/{derive('n', {'name': by})}>"
        return person, [(person, RDF.type, SCHEMA.Person), (person, SCHEMA.name, text(by))]
    if not _checked(match[1]):
        raise InputError([Problem("--by", 0, f"“{by}” is no ORCID: its last digit does not fit", "correct it")])
    return f"<https://orcid.org/{match[1]}>", []


def _checked(orcid: str) -> bool:
    """Whether the last character is the check digit of the others (ISO 7064, MOD 11-2)."""
    total = 0
    digits = orcid.replace("-", "")
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == digits[-1]


def _renamed(quads: Sequence[Quad], old: str, new: str, separator: str) -> list[Quad]:
    """Return statements in which the nanopublication and its parts have other names."""

    def name(token: str) -> str:
        if token == f"<{old}>":
            return f"<{new}>"
        return f"<{new}{separator}{token[len(old) + 2 :]}" if token.startswith(f"<{old}#") else token

    return [Quad(*map(name, quad)) for quad in quads]


def _by_library(space: str, np: str, quads: Sequence[Quad], key: RsaKey) -> tuple[str, str]:
    """Return the trusty code and the signature that the nanopub library gives.

    Its ``Nanopub`` class, which knows servers, is left aside: only the function that signs a graph is used.
    """
    from nanopub.profile import Profile
    from nanopub.sign_utils import add_signature
    from rdflib import ConjunctiveGraph, Graph, Namespace, URIRef

    profile = Profile("", "", private_key=_private_text(key), public_key=public_text(key))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the library wants a class that rdflib has deprecated
        graph = ConjunctiveGraph()
        for s, p, o, g in _renamed(quads, np, space, ""):
            context = Graph(graph.store, URIRef(g[1:-1]))
            graph.add((URIRef(s[1:-1]), URIRef(p[1:-1]), _term(o), context))
        signed = add_signature(graph, profile, Namespace(space), Graph(graph.store, URIRef(f"{space}pubinfo")))
        name = str(next(signed.subjects(URIRef(RDF.type[1:-1]), URIRef(NP.Nanopublication[1:-1]))))
        signature = str(next(signed.objects(None, URIRef(SIGNATURE[1:-1]))))
    code = CODE.search(name, len(name) - 45)
    return code[0] if code else "", signature


def _term(token: str) -> URIRef | Literal:
    """Return an object as rdflib's, a literal as it is written."""
    from rdflib import Literal, URIRef

    if token[0] == "<":
        return URIRef(token[1:-1])
    body, _, datatype = token.rpartition("^^") if token[-1] == ">" else (token, "", "")
    return Literal(plain(body[1:-1]), datatype=URIRef(datatype[1:-1]) if datatype else None, normalize=False)


def _private_text(key: RsaKey) -> str:
    return base64.b64encode(key.export_key("DER", pkcs=8)).decode("ascii")
