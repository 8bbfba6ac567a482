"""Identifiers that derive from named content, so that equal content has the same id on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

ID_DIGITS = 12  # 48 bits: one chance in a hundred million of a clash among 2,000 records


def sha256_text(text: str) -> str:
    """Return the SHA-256 of the UTF-8 bytes of ``text`` as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def sha256_bytes(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def derive(prefix: str, content: Mapping[str, str]) -> str:
    """Return ``prefix-`` and hex digits of the named fields, whatever their order.

    Each name and value is preceded by its length, so no two different mappings can run together.
    """
    parts = (f"{len(name)}:{name}{len(value)}:{value}" for name, value in sorted(content.items()))
    return f"{prefix}-{sha256_text(''.join(parts))[:ID_DIGITS]}"
