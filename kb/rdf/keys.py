"""RSA keys: from a file the user names, or as a nanopublication states them. Nothing here stores or prints a key."""

from __future__ import annotations

import base64
import binascii
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import InputError, Problem

if TYPE_CHECKING:
    from Crypto.PublicKey.RSA import RsaKey

LEAST_BITS, MOST_BITS = 2048, 16384
MOST_BYTES = 16_384
MAKE_ONE = "make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out private.pem"


def need(what: str) -> None:
    """Raise `InputError` if the extra is not there."""
    if not all(find_spec(name) for name in ("Crypto", "nanopub", "pyoxigraph")):
        remedy = "python -m pip install 'claims-kb[nanopub]'"
        raise InputError([Problem(what, 0, "needs the nanopub extra", remedy)])


def read_key(path: Path, private: bool) -> RsaKey:
    """Return the key of a file (PEM, DER, or DER in base64); raise `InputError` that never quotes the file."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES)
    except OSError as error:
        raise InputError([Problem(str(path), 0, f"cannot be read: {error.strerror}", "name a key file")]) from None
    key = _imported(data)
    kind = "private" if private else "public"
    if key is None:
        message = f"is no {kind} RSA key that can be read without a passphrase"
        raise InputError([Problem(str(path), 0, message, MAKE_ONE if private else "name the signer's public key")])
    if private and not key.has_private():
        raise InputError([Problem(str(path), 0, "is a public key: signing needs the private one", MAKE_ONE)])
    fault = weakness(key)
    if fault:
        raise InputError([Problem(str(path), 0, fault, MAKE_ONE)])
    return key if private else key.public_key()


def stated_key(text: str) -> RsaKey | None:
    """Return the public key that a nanopublication states as DER in base64, or None if it is none."""
    if len(text) > MOST_BYTES:
        return None
    key = _imported(text.encode("utf-8", "replace"))
    return None if key is None or key.has_private() else key


def weakness(key: RsaKey) -> str:
    """Say why a key is not to be relied on, or nothing."""
    bits = key.size_in_bits()
    if not LEAST_BITS <= bits <= MOST_BITS:
        return f"its key has {bits} bits, which is not between {LEAST_BITS:,} and {MOST_BITS:,}"
    return "its key has an unsafe exponent" if key.e < 3 or key.e % 2 == 0 else ""


def public_text(key: RsaKey) -> str:
    """Return the public half as DER in base64, as nanopublications state it."""
    return base64.b64encode(key.public_key().export_key("DER")).decode("ascii")


def fingerprint(key: RsaKey) -> str:
    """Return the SHA-256 of the public half, as OpenSSL prints it of the DER."""
    return sha256(key.public_key().export_key("DER")).hexdigest()


def _imported(data: bytes) -> RsaKey | None:
    from Crypto.PublicKey import RSA

    candidates = [data]
    with suppress(binascii.Error, ValueError):
        candidates.append(base64.b64decode(b"".join(data.split()), validate=True))
    for candidate in candidates:
        try:
            return RSA.import_key(candidate)
        except (ValueError, IndexError, TypeError):
            continue
    return None
