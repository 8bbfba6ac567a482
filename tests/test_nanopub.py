"""Signed nanopublications: sound ones are accepted however they are written down, and any change is told."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import sys
import warnings
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest
from kb.audit import find_all
from kb.build import KnowledgeBase, build
from kb.cli import app
from kb.errors import InputError
from kb.rdf.keys import fingerprint, public_text, read_key
from kb.rdf.rows import Rows
from kb.rdf.signing import sign, signed_text, signer, unsigned
from kb.rdf.tokens import Quad, plain, text
from kb.rdf.trusty import code_of, normal_form
from kb.rdf.verifying import PUBLIC_KEY, SIGNATURE, read_quads, verify, verify_file
from kb.verdicts import Ruling, Verdict, judged_members
from typer.testing import CliRunner

pytest.importorskip("nanopub", reason="the extra nanopub is not installed")
ox = pytest.importorskip("pyoxigraph")
from Crypto.PublicKey import RSA  # noqa: E402

TOY = Path(__file__).parent / "toy"
BY = "0000-0002-1825-0097"  # the example of orcid.org
HOSTILE = 'q"uo\\te\\n\n\r\t\x00\x07 \u202e<a> é 漢 \U0001f6b2 RA %s \\u0041'


@pytest.fixture(scope="module", autouse=True)
def offline() -> Any:
    """Nothing in this file may open a connection."""

    def refuse(*_: Any) -> NoReturn:
        raise AssertionError("a connection was opened")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


@pytest.fixture(scope="module")
def key() -> RSA.RsaKey:
    return RSA.generate(2048)


@pytest.fixture(scope="module")
def other() -> RSA.RsaKey:
    return RSA.generate(2048)


@pytest.fixture(scope="module")
def toy() -> KnowledgeBase:
    kb = build(TOY)
    finding = find_all(kb)[0]
    verdict = Verdict(
        finding=finding.id,
        code=finding.code,
        question=finding.question,
        kind=finding.kind,
        verdict=Ruling.CONFIRMED,
        reason="Looked at it, “twice”.",
        by="Ada <b>",
        at="2026-11-20T09:30:00Z",
        members=judged_members(finding, {claim.id: claim for claim in kb.claims}),
    )
    claims = (kb.claims[0].model_copy(update={"note": HOSTILE}), *kb.claims[1:])
    return KnowledgeBase(kb.path, kb.domain, kb.policy, kb.documents, kb.works, claims, {}, (verdict,))


@pytest.fixture(scope="module")
def signed(toy: KnowledgeBase, key: RSA.RsaKey) -> list[Quad]:
    claim = next(claim for claim in toy.claims if claim.value is not None)
    return sign(Rows(toy.domain).root, unsigned(toy, claim.id), key, BY)


def name_of(quads: Sequence[Quad]) -> str:
    return quads[0].subject[1:-1]


def rehashed(quads: Sequence[Quad]) -> list[Quad]:
    """Statements under the name that their content gives: what a forger without the key can do."""
    old = name_of(quads)[-45:]
    new = code_of(quads, old)
    return [Quad(*(t.replace(old, new) if t[0] == "<" else t for t in quad)) for quad in quads]


def changed(quads: Sequence[Quad], predicate: str, to: str) -> list[Quad]:
    made = [q._replace(object=to) if q.predicate == predicate else q for q in quads]
    assert made != list(quads)
    return made


def reasons(quads: Sequence[Quad]) -> str:
    sound, found = verify(quads)
    assert (sound is None) == bool(found)
    return "; ".join(found)


def trig(quads: Sequence[Quad]) -> bytes:
    return b"".join(f"{g} {{ {s} {p} {o} . }}\n".encode() for s, p, o, g in quads)


# What is sound


def test_every_record_can_be_signed_and_is_sound(toy: KnowledgeBase, key: RSA.RsaKey, tmp_path: Path) -> None:
    held = set()
    for name in (*(claim.id for claim in toy.claims[:8]), toy.verdicts[0].finding):
        (tmp_path / "x.trig").write_text(signed_text(toy, name, key, BY), "utf-8")
        sound = verify_file(tmp_path / "x.trig", key.public_key())
        assert sound.signed_by == f"https://orcid.org/{BY}"
        assert sound.key == fingerprint(key)
        assert sound.name.startswith(f"{Rows(toy.domain).root}np/RA")
        held |= {plain(q.object[1:-1]) for q in read_quads(tmp_path / "x.trig")}
    assert HOSTILE in held
    assert any(value.startswith("2026-11-20T09:30:00Z") for value in held)  # as it was written, not as rdflib would


def test_the_same_record_key_and_signer_give_the_same_bytes(toy: KnowledgeBase, key: RSA.RsaKey) -> None:
    name = toy.claims[0].id
    first = signed_text(toy, name, key, "Ada")
    assert first == signed_text(toy, name, key, "Ada") != signed_text(toy, name, key, "Bo")


def test_what_is_written_anew_stays_sound(signed: list[Quad], tmp_path: Path) -> None:
    """Other prefixes, another order, statements twice, another format: the content is the same."""
    shuffled = [*signed, *signed[:5]]
    random.Random(7).shuffle(shuffled)  # noqa: S311
    (tmp_path / "a.trig").write_bytes(trig(shuffled))
    parsed = list(ox.parse(trig(shuffled), format=ox.RdfFormat.TRIG))
    prefixes = {"zz": "https://schema.org/", "q": "http://www.nanopub.org/nschema#", "k": "https://claims-kb.example/"}
    ox.serialize(parsed, str(tmp_path / "b.trig"), format=ox.RdfFormat.TRIG, prefixes=prefixes)
    ox.serialize(parsed, str(tmp_path / "c.nq"), format=ox.RdfFormat.N_QUADS)
    assert "zz:" in (tmp_path / "b.trig").read_text("utf-8")
    assert len({verify_file(tmp_path / name) for name in ("a.trig", "b.trig", "c.nq")}) == 1


def test_the_library_and_openssl_agree(signed: list[Quad], toy: KnowledgeBase, key: RSA.RsaKey, tmp_path: Path) -> None:
    from nanopub import Nanopub

    (tmp_path / "x.trig").write_bytes(trig(signed))
    (tmp_path / "v.trig").write_text(signed_text(toy, toy.verdicts[0].finding, key, "Ada"), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert Nanopub(rdf=tmp_path / "x.trig").has_valid_trusty
        assert Nanopub(rdf=tmp_path / "v.trig").has_valid_trusty
        forged = trig(changed(signed, "<https://schema.org/text>", '"Something else."'))
        (tmp_path / "y.trig").write_bytes(forged)
        assert Nanopub(rdf=tmp_path / "y.trig").has_valid_signature  # why it is not asked
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    content = normal_form((q for q in signed if q.predicate != SIGNATURE), name_of(signed)[-45:])
    (tmp_path / "content").write_bytes(content.encode())
    (tmp_path / "public.pem").write_bytes(key.public_key().export_key())
    value = next(q.object for q in signed if q.predicate == SIGNATURE)
    (tmp_path / "signature").write_bytes(b64decode(value[1:-1]))
    command = "openssl dgst -sha256 -verify public.pem -signature signature content".split()
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout == "Verified OK\n"


def test_the_normal_form_by_hand() -> None:
    code = "RA" + "x" * 43
    quads = [
        Quad(f"<urn:{code}>", "<urn:p>", '"a\\\\b\\nc"', f"<urn:{code}#g>"),
        Quad(f"<urn:{code}>", "<urn:p>", "<urn:z>", f"<urn:{code}#g>"),
        Quad(f"<urn:{code}>", "<urn:p>", '"x"@EN', f"<urn:{code}#g>"),
        Quad(f"<urn:{code}>", "<urn:p>", f'"{code}"^^<urn:t>', f"<urn:{code}#g>"),
    ]
    lead = "urn: #g\nurn: \nurn:p\n"
    xsd = "http://www.w3.org/2001/XMLSchema#string"
    wanted = f"{lead}urn:z\n{lead}^urn:t {code}\n{lead}^{xsd} a\\\\b\\nc\n{lead}@en x\n"
    assert normal_form([*quads, *reversed(quads)], code) == wanted


# What is not


def test_every_statement_counts(signed: list[Quad]) -> None:
    """Taken away, given another object, or moved to another graph: each statement, one at a time."""
    assert reasons(signed) == ""
    graphs = sorted({q.graph for q in signed})
    for number, quad in enumerate(signed):
        rest = [*signed[:number], *signed[number + 1 :]]
        elsewhere = graphs[(graphs.index(quad.graph) + 1) % 4]
        literal = quad.object[0] == '"'
        other = quad.object.replace('"', '"x', 1) if literal else quad.object.replace("<", "<urn:x:", 1)
        assert reasons(rest), quad
        assert reasons([*rest, quad._replace(object=other)]), quad
        assert reasons([*rest, quad._replace(graph=elsewhere)]), quad
        assert reasons([*signed, quad._replace(graph=elsewhere)]), quad


TEXT = "<https://schema.org/text>"
FORGERIES: dict[str, tuple[Callable[[list[Quad]], list[Quad]], str]] = {
    "a changed literal": (lambda q: changed(q, TEXT, '"No."'), "content was changed after it was named"),
    "an added statement": (lambda q: [*q, q[5]._replace(object='"more"')], "content was changed after"),
    "a removed statement": (lambda q: [x for x in q if x.predicate != TEXT], "content was changed after"),
    "re-hashed, a changed literal": (lambda q: rehashed(changed(q, TEXT, '"No."')), "signature does not fit"),
    "re-hashed, an added statement": (lambda q: rehashed([*q, q[5]._replace(object='"x"')]), "signature does not fit"),
    "re-hashed, a removed statement": (lambda q: rehashed([x for x in q if x.predicate != TEXT]), "does not fit"),
    "re-hashed, another datatype": (
        lambda q: rehashed([x._replace(object=x.object.replace("#decimal>", "#double>")) for x in q]),
        "signature does not fit",
    ),
    "re-hashed, another signer": (
        lambda q: rehashed([x._replace(object=x.object.replace(BY, "0000-0001-2345-6789")) for x in q]),
        "signature does not fit",
    ),
    "re-hashed, no signature": (lambda q: rehashed([x for x in q if x.predicate != SIGNATURE]), "is not signed"),
    "re-hashed, a signature of nonsense": (lambda q: rehashed(changed(q, SIGNATURE, '"AAAA"')), "does not fit"),
    "re-hashed, a signature of no base64": (lambda q: rehashed(changed(q, SIGNATURE, '"é!"')), "does not fit"),
    "re-hashed, a key of nonsense": (lambda q: rehashed(changed(q, PUBLIC_KEY, '"AAAA"')), "is no RSA key"),
    "re-hashed, two signatures": (
        lambda q: rehashed([*q, next(x for x in q if x.predicate == SIGNATURE)._replace(object='"AAAA"')]),
        "does not state one",
    ),
    "a fifth graph": (lambda q: [*q, q[5]._replace(graph="<urn:more>")], "1 of its statements stand outside"),
    "the default graph": (lambda q: [*q, q[5]._replace(graph="DEFAULT")], "stand outside its four graphs"),
    "a blank node": (lambda q: [*q, q[5]._replace(object="_:x")], "1 blank nodes"),
    "two nanopublications": (lambda q: [*q, q[0]._replace(subject="<urn:other>")], "holds 2 nanopublications"),
    "none": (lambda q: q[4:], "holds 0 nanopublications"),
    "no provenance": (lambda q: [x for x in q if "#provenance" not in x.graph], "is empty"),
    "another name": (
        lambda q: [Quad(*(t.replace(name_of(q), "urn:plain") for t in x)) for x in q],
        "is no trusty URI",
    ),
}


@pytest.mark.parametrize("what", list(FORGERIES))
def test_a_forgery_is_told(signed: list[Quad], what: str) -> None:
    forge, reason = FORGERIES[what]
    assert reason in reasons(forge(signed))


def test_a_changed_signature_is_told(signed: list[Quad]) -> None:
    value = bytearray(b64decode(next(q.object for q in signed if q.predicate == SIGNATURE)[1:-1]))
    value[100] ^= 1
    forged = changed(signed, SIGNATURE, text(b64encode(value).decode()))
    assert "content was changed" in reasons(forged)
    assert reasons(rehashed(forged)) == "its signature does not fit its content and the public key that it states"


def test_a_swapped_key_is_told(
    signed: list[Quad], toy: KnowledgeBase, key: RSA.RsaKey, other: RSA.RsaKey, tmp_path: Path
) -> None:
    forged = changed(signed, PUBLIC_KEY, text(public_text(other)))
    assert "content was changed" in reasons(forged)
    assert "does not fit" in reasons(rehashed(forged))
    (tmp_path / "x.trig").write_text(signed_text(toy, toy.claims[0].id, other, BY), "utf-8")
    assert verify_file(tmp_path / "x.trig").key == fingerprint(other)  # sound in itself: whose key, no file can show
    with pytest.raises(InputError, match="another key than yours"):
        verify_file(tmp_path / "x.trig", key.public_key())


def test_a_weak_key_is_told(signed: list[Quad], tmp_path: Path) -> None:
    weak = RSA.generate(1024)  # noqa: S505
    assert "1024 bits" in reasons(rehashed(changed(signed, PUBLIC_KEY, text(public_text(weak)))))
    (tmp_path / "weak.pem").write_bytes(weak.export_key())
    with pytest.raises(InputError, match="1024 bits"):
        read_key(tmp_path / "weak.pem", private=True)


@pytest.mark.parametrize("data", [b"", b"<a> <b>", b"\xff\xfe", b"<urn:g> { <urn:a> <urn:b c> <urn:d> }", b"{}"])
def test_a_file_that_is_none_is_told(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.trig").write_bytes(data)
    with pytest.raises(InputError):
        verify_file(tmp_path / "x.trig")
    with pytest.raises(InputError, match=r"name a \.trig"):
        verify_file(tmp_path / "x.ttl")
    with pytest.raises(InputError, match="cannot be read"):
        verify_file(tmp_path / "none.trig")


# Keys, names, commands


def test_keys_are_read_in_the_usual_forms_and_no_other(key: RSA.RsaKey, tmp_path: Path) -> None:
    file = tmp_path / "key"
    der = key.export_key("DER", pkcs=8)
    for data in (key.export_key(), key.export_key(pkcs=8), der, b64encode(der) + b"\n"):
        file.write_bytes(data)
        assert read_key(file, private=True) == key
        assert not read_key(file, private=False).has_private()
    locked = key.export_key(passphrase="x", pkcs=8, protection="PBKDF2WithHMAC-SHA1AndAES128-CBC")  # noqa: S106
    for data in (locked, b"", b"-----BEGIN PRIVATE KEY-----\nsecret-words\n-----END PRIVATE KEY-----\n", b"\x30" * 99):
        file.write_bytes(data)
        with pytest.raises(InputError, match="no private RSA key") as caught:
            read_key(file, private=True)
        assert "secret" not in str(caught.value)
    file.write_bytes(key.public_key().export_key())
    with pytest.raises(InputError, match="is a public key"):
        read_key(file, private=True)


def test_who_signs() -> None:
    assert signer("https://x.example/", f"https://orcid.org/{BY}") == (f"<https://orcid.org/{BY}>", [])
    person, about = signer("https://x.example/", ' Ada "<b>" ')
    assert person.startswith("<https://x.example/person/n-")
    assert about[1][2] == '"Ada \\"<b>\\""'
    for bad in ("", "  ", "0000-0002-1825-0098", "0000-0002-1825", "https://orcid.org/x"):
        with pytest.raises(InputError, match="--by"):
            signer("https://x.example/", bad)


def test_the_commands(key: RSA.RsaKey, tmp_path: Path) -> None:
    (tmp_path / "k.pem").write_bytes(key.export_key())
    (tmp_path / "p.pem").write_bytes(key.public_key().export_key())
    claim, out = build(TOY).claims[0].id, tmp_path / "x.trig"
    lead = ["--data", str(TOY), "export", "nanopub"]
    run = CliRunner().invoke
    made = run(app, [*lead, claim, "--key", str(tmp_path / "k.pem"), "--by", BY, "--out", str(out)])
    assert (made.exit_code, made.output) == (0, ""), made.exception
    assert "PRIVATE" not in out.read_text("utf-8")
    assert b64encode(key.export_key("DER", pkcs=8))[:60].decode() not in out.read_text("utf-8")
    said = run(app, ["nanopub", "verify", str(out), "--key", str(tmp_path / "p.pem")])
    assert "sound:" in said.stdout
    assert said.stderr == ""
    assert "give --key" in run(app, ["nanopub", "verify", str(out)]).stderr
    out.write_text(out.read_text("utf-8").replace('schema:text "', 'schema:text "No: '), "utf-8")
    refused = run(app, ["nanopub", "verify", str(out)])
    assert isinstance(refused.exception, InputError)
    assert "changed after it was named" in str(refused.exception)
    unknown = run(app, [*lead, "c-none", "--key", str(tmp_path / "k.pem"), "--by", BY])
    assert "is no claim" in str(unknown.exception)
    over = run(app, [*lead, claim, "--key", str(tmp_path / "k.pem"), "--by", BY, "--out", str(tmp_path / "k.pem")])
    assert "is your key" in str(over.exception)
    assert (tmp_path / "k.pem").read_bytes() == key.export_key()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["k.pem", "p.pem", "x.trig"]


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "nanopub", None)
    with pytest.raises(InputError, match=r"claims-kb\[nanopub\]"):
        verify_file(tmp_path / "x.trig")
    shown = CliRunner().invoke(app, ["--data", str(TOY), "export", "nanopub", "c", "--key", "k", "--by", "x"])
    assert "needs the nanopub extra" in str(shown.exception)
