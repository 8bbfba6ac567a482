"""The colours of kinds keep apart from one another and from the paper, for every kind of sight; glyphs are unique."""

from __future__ import annotations

import itertools

import pytest
from kb.look import CLAIM, KINDS, PAPER, STUDY
from kb.model import FindingKind

SIGHT = {  # linear RGB as seen; Machado and others 2009, severity 1
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
APART, READABLE = 19, 4.5
Triple = tuple[float, ...]


def linear(code: str) -> Triple:
    parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)


def seen(colour: Triple, sight: str) -> Triple:
    return tuple(min(1, max(0, sum(a * b for a, b in zip(row, colour, strict=True)))) for row in SIGHT[sight])


def lab(colour: Triple) -> Triple:
    red, green, blue = colour
    tristimulus = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in tristimulus)
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))


def contrast(one: str, other: str) -> float:
    low, high = sorted(
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_kinds_can_be_told_apart(theme: str, sight: str) -> None:
    looks = [*KINDS.values(), CLAIM]
    for one, other in itertools.combinations(looks, 2):
        a, b = (lab(seen(linear(getattr(look, theme)), sight)) for look in (one, other))
        distance = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
        assert distance >= APART, (one.word, other.word, distance)


@pytest.mark.parametrize(("theme", "paper"), [("light", PAPER[0]), ("dark", PAPER[1])])
def test_colours_can_be_read(theme: str, paper: str) -> None:
    for look in (*KINDS.values(), CLAIM, STUDY):
        assert contrast(getattr(look, theme), paper) >= READABLE, look


def test_every_kind_has_a_look_of_its_own() -> None:
    assert set(KINDS) == set(FindingKind)
    assert len({look.glyph for look in KINDS.values()}) == len({look.word for look in KINDS.values()}) == len(KINDS)
