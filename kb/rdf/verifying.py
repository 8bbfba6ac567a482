"""Whether a nanopublication is what was signed: its four graphs, its name, its signature. Nothing is fetched."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.errors import InputError, Problem
from kb.rdf.facts import OXIGRAPH, SUFFIXES
from kb.rdf.keys import fingerprint, need, stated_key, weakness
from kb.rdf.terms import NP, RDF
from kb.rdf.tokens import Quad, plain
from kb.rdf.trusty import CODE, code_of, normal_form
from kb.rdf.validating import PARTS, nanopublication_problems

if TYPE_CHECKING:
    from Crypto.PublicKey.RSA import RsaKey

NPX = "http://purl.org/nanopub/x/"
PUBLIC_KEY, ALGORITHM, TARGET, SIGNATURE, SIGNED_BY = (
    f"<{NPX}{name}>" for name in ("hasPublicKey", "hasAlgorithm", "hasSignatureTarget", "hasSignature", "signedBy")
)
MOST_BYTES = 10_000_000
REMEDY = "do not rely on it; ask its author for the original"


class Sound(NamedTuple):
    """What a verified nanopublication says of itself; ``key`` is the SHA-256 of the public key, in hex."""

    name: str
    statements: int
    signed_by: str
    bits: int
    key: str


def verify_file(path: Path, expected: RsaKey | None = None) -> Sound:
    """Return what a sound nanopublication says of itself; raise `InputError` with every reason why it is not sound.

    With ``expected`` it must state this very public key.
    """
    need("nanopub verify")
    sound, reasons = verify(read_quads(path), expected)
    if sound is None:
        raise InputError(Problem(str(path), 0, reason, REMEDY) for reason in reasons)
    return sound


def read_quads(path: Path) -> list[Quad]:
    """Return the statements of a TriG or N-Quads file as tokens, with literals as they are written."""
    import pyoxigraph

    form = SUFFIXES.get(path.suffix.lower())
    if form not in ("trig", "nquads"):
        raise InputError([Problem(str(path), 0, "is no file of named graphs", "name a .trig or .nq file")])
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise InputError([Problem(str(path), 0, "is larger than 10 MB", "give one nanopublication")])
        known: Any = getattr(pyoxigraph.RdfFormat, OXIGRAPH[form])
        return [
            Quad(str(q.subject), str(q.predicate), str(q.object), str(q.graph_name))
            for q in pyoxigraph.parse(data, format=known)
        ]
    except OSError as error:
        raise InputError([Problem(str(path), 0, f"cannot be read: {error.strerror}", "name a file")]) from None
    except (SyntaxError, ValueError) as error:
        message = " ".join(str(error).split())[:300]
        raise InputError([Problem(str(path), getattr(error, "lineno", 0) or 0, message, "mend the syntax")]) from None


def verify(quads: Sequence[Quad], expected: RsaKey | None = None) -> tuple[Sound | None, list[str]]:
    """Return what a sound nanopublication says of itself, or None and the reasons why it is not sound."""
    quads = sorted(set(quads))
    names = {q.subject for q in quads if q.predicate == RDF.type and q.object == NP.Nanopublication}
    if len(names) != 1:
        return None, [f"holds {len(names)} nanopublications, not one"]
    name = names.pop()
    reasons = _shape_faults(quads, name)
    if reasons:
        return None, reasons
    code = name[1:-1][-45:]
    if not CODE.fullmatch(code):
        return None, [f"its name {name} is no trusty URI: it does not end with the hash of its content"]
    given = code_of(quads, code)
    if given != code:
        reasons.append(f"its content was changed after it was named: the name says {code}, the content gives {given}")
    key, faults = _signature_faults(quads, name, code)
    reasons += faults
    if key is not None and expected is not None and key != expected:
        reasons.append(f"is signed with another key than yours: {fingerprint(key)}, not {fingerprint(expected)}")
    if reasons or key is None:
        return None, reasons
    signers = sorted(q.object[1:-1] for q in quads if q.predicate == SIGNED_BY and q.object[0] == "<")
    return Sound(name[1:-1], len(quads), ", ".join(signers), key.size_in_bits(), fingerprint(key)), []


def _shape_faults(quads: Sequence[Quad], name: str) -> list[str]:
    """Say what is wrong with the four graphs: these and no other, and nothing in them that has no name."""
    reasons = [problem.message for problem in nanopublication_problems(quads)]
    own = {q.object for q in quads if q.subject == name and q.predicate in PARTS}
    own |= {q.graph for q in quads if q.subject == name and q.object == NP.Nanopublication}
    outside = sum(q.graph not in own for q in quads)
    if outside:
        reasons.append(f"{outside} of its statements stand outside its four graphs")
    unnamed = [t for q in quads for t in q[:3] if not t.startswith(("<", '"')) or t.startswith("<<")]
    if unnamed:
        reasons.append(f"holds {len(unnamed)} blank nodes or quoted statements, which no signature of this kind covers")
    return reasons


def _signature_faults(quads: Sequence[Quad], name: str, code: str) -> tuple[RsaKey | None, list[str]]:
    """Return the key that is stated, and what is wrong with the signature."""
    info = next(q.object for q in quads if q.subject == name and q.predicate == NP.hasPublicationInfo)
    stated = {term: [q for q in quads if q.predicate == term] for term in (PUBLIC_KEY, ALGORITHM, TARGET, SIGNATURE)}
    if not stated[SIGNATURE]:
        return None, ["is not signed"]
    if any(len(found) != 1 or found[0].graph != info for found in stated.values()):
        return None, ["its publication info does not state one key, algorithm, target and signature"]
    if len({found[0].subject for found in stated.values()}) != 1 or stated[TARGET][0].object != name:
        return None, ["its signature is not about itself"]
    if stated[ALGORITHM][0].object != '"RSA"':
        return None, [f"its algorithm is {stated[ALGORITHM][0].object}, not RSA"]
    key = stated_key(plain(stated[PUBLIC_KEY][0].object[1:-1]))
    if key is None:
        return None, ["the public key that it states is no RSA key"]
    if weakness(key):
        return key, [weakness(key)]
    signed = normal_form((q for q in quads if q.predicate != SIGNATURE), code)
    if not _fits(key, signed, plain(stated[SIGNATURE][0].object[1:-1])):
        return key, ["its signature does not fit its content and the public key that it states"]
    return key, []


def _fits(key: RsaKey, signed: str, signature: str) -> bool:
    """Whether the RSA signature (PKCS #1 v1.5, SHA-256, base64) is one of this text by this key."""
    from Crypto.Hash import SHA256
    from Crypto.Signature import pkcs1_15

    try:
        pkcs1_15.new(key).verify(SHA256.new(signed.encode("utf-8")), base64.b64decode(signature, validate=True))
    except (ValueError, TypeError, binascii.Error):
        return False
    return True
