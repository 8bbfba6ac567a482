"""Files that nobody should be sent, made from a seed: ``python -m tools.hostile [COUNT]`` reads them all.

Prints how many gave a capture and how many an error, which was the slowest, and the greatest memory of any process.
"""

from __future__ import annotations

import io
import os
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tools.small_pdf import small_pdf

SECONDS, MEGABYTES = 25.0, 1100  # what any file may take
_WORDS = "dose course effect of the a 40 0.5 mg/kg minutes weeks – “quoted” naïve ½ ① 中文 שלום".split()
_TAGS = "div p b i a span ul li ol table tr td th h1 h2 form nav sup sub pre svg math template select button br".split()


class Hostile(NamedTuple):
    """How one kind of file is made: its suffix and its bytes."""

    suffix: str
    data: bytes


def words(rng: random.Random, count: int) -> str:
    """Return some words."""
    return " ".join(rng.choice(_WORDS) for _ in range(count))


def random_bytes(rng: random.Random) -> Hostile:
    """Noise under any suffix."""
    return Hostile(rng.choice([".html", ".pdf", ".docx", ".md", ".txt", ""]), rng.randbytes(rng.randrange(1, 20_000)))


def magic_noise(rng: random.Random) -> Hostile:
    """Noise that begins as a known type does."""
    magic = rng.choice(
        [b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<!doctype html>", b"\xff\xfe", b"\xfe\xff"]
    )
    return Hostile(rng.choice([".html", ".pdf", ".docx", ".txt"]), magic + rng.randbytes(rng.randrange(0, 5000)))


def broken_page(rng: random.Random) -> Hostile:
    """Tags opened and closed in any order."""
    parts = []
    for _ in range(rng.randrange(1, 1500)):
        tag = rng.choice(_TAGS)
        style = rng.choice(
            ["", "", " hidden", ' style="display:none"', " colspan=99999999999", " start=-7 reversed", " =<"]
        )
        parts.append(
            rng.choice([f"<{tag}{style}>", f"</{tag}>", words(rng, 3), f"<{tag}", "<!--", "-->", "&#xD800;", "&"])
        )
    return Hostile(".html", "".join(parts).encode())


def deep_page(rng: random.Random) -> Hostile:
    """Elements in elements."""
    tag = rng.choice(
        ["div", "ul><li", "table><tr><td", "b", "sup", "blockquote", "form><div", "font", "svg", "a", "select"]
    )
    depth = rng.choice([500, 5000, 9000, 100_000])
    return Hostile(".html", f"{f'<{tag}>' * depth}{words(rng, 20)}".encode())


def formatting_blow_up(rng: random.Random) -> Hostile:
    """Formatting elements that every paragraph opens anew: a small file whose tree is huge."""
    count = rng.choice([300, 1000, 5000])
    return Hostile(".html", ("".join(f"<b id={n}>" for n in range(count)) + "<p>word" * count).encode())


def one_long_line(rng: random.Random) -> Hostile:
    """Megabytes without a line end."""
    unit = rng.choice(
        ["word ", "a", "[", "**", "<a ", "1. ", "“", "| ", "&lt;", "_a", "- ", "<!--", "`", "![", "](", "\\"]
    )
    size = rng.choice([1_000_000, 4_000_000, 50_000_000])
    return Hostile(rng.choice([".txt", ".md", ".html"]), (unit * (size // len(unit))).encode())


def zip_bomb(rng: random.Random) -> Hostile:
    """A Word file that unpacks to far more than it is."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        size = rng.choice([10, 60, 300]) * 2**20
        with archive.open("word/document.xml", "w") as part:
            for _ in range(size // 2**20):
                part.write(b"<a>" + b" " * (2**20 - 3) if rng.random() < 0.5 else b"\0" * 2**20)
    data = held.getvalue()
    if rng.random() < 0.3:  # lie about the size
        at = data.rfind(b"PK\x01\x02")
        data = data[: at + 24] + (1000).to_bytes(4, "little") + data[at + 28 :]
    return Hostile(".docx", data)


def word_parts(rng: random.Random) -> Hostile:
    """A real Word file with a part cut, swapped or blown up by entities."""
    import docx

    held = io.BytesIO()
    document = docx.Document()
    for _ in range(rng.randrange(1, 30)):
        document.add_paragraph(words(rng, 12), style=rng.choice(["Normal", "Heading 1", "List Number", "List Bullet"]))
    document.save(held)
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
    made = io.BytesIO()
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(made, "w") as new:
        victim = rng.choice(old.namelist())
        for name in old.namelist():
            data = old.read(name)
            if name == victim:
                data = rng.choice([b"", bomb, data[: len(data) // 2], b"<w:p " + b"<x>" * 5000, rng.randbytes(500)])
            new.writestr(name, data)
    data = made.getvalue()
    return Hostile(".docx", data[: rng.randrange(10, len(data))] if rng.random() < 0.3 else data)


def pdf_parts(rng: random.Random) -> Hostile:
    """A PDF cut short, encrypted, empty, or with bytes changed."""
    pages = [[words(rng, 8) for _ in range(rng.randrange(0, 30))] for _ in range(rng.randrange(1, 6))]
    data = small_pdf(pages, encrypted=rng.random() < 0.2)
    if rng.random() < 0.3:
        data = data[: rng.randrange(9, len(data))]
    held = bytearray(data)
    for _ in range(rng.choice([0, 0, 1, 20])):
        held[rng.randrange(len(held))] = rng.randrange(256)
    return Hostile(rng.choice([".pdf", ".txt", ".html"]), bytes(held))


def pdf_bomb(rng: random.Random) -> Hostile:
    """A PDF of one page with a stream that inflates, or with page trees that hold themselves."""
    import zlib

    if rng.random() < 0.5:
        stream = zlib.compress(b"BT (word) Tj ET " * rng.choice([100_000, 10_000_000]), 9)
        data = small_pdf([["word"]]).replace(b"endobj\n4 0 obj", b"endobj\n4 0 obj")
        at, end = data.rfind(b"5 0 obj"), data.rfind(b"endobj\n6 0 obj")
        body = b"5 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream\n"
        return Hostile(".pdf", data[:at] + body + data[end:])
    return Hostile(".pdf", small_pdf([["word"]]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"))


def wrong_encoding(rng: random.Random) -> Hostile:
    """Text in one encoding that declares another, or none."""
    declared = rng.choice(["utf-8", "utf-16", "shift_jis", "zip", "unicode_escape", "x-none", "utf-7", "iso-8859-1"])
    text = f"<meta charset={declared}><p>{words(rng, 50)} café"
    name = rng.choice(["utf-16", "utf-16-le", "cp1252", "shift_jis", "utf-32", "utf-8-sig", "koi8-r", "cp037"])
    return Hostile(rng.choice([".html", ".txt", ".md"]), text.encode(name, "replace"))


def odd_characters(rng: random.Random) -> Hostile:
    """NULs, surrogates encoded one by one, directions overridden, characters that no one sees."""
    odd = [b"\0", b"\xed\xa0\x80", "\u202e\u2066\u200b\ufeff".encode(), b"\x1b[31m", b"\r", "\u2028\x85\ue000".encode()]
    parts = [rng.choice([words(rng, 4).encode(), *odd[rng.randrange(6) :]]) for _ in range(rng.randrange(1, 60))]
    return Hostile(rng.choice([".html", ".txt", ".md"]), b" ".join(parts))


def huge_attributes(rng: random.Random) -> Hostile:
    """Attributes of a megabyte, or a hundred thousand of them."""
    many = " ".join(f"a{n}=1" for n in range(rng.choice([10, 5000])))
    name = rng.choice(["class", "id", "style", "href", "role"])
    value = rng.choice(["x", "nav-", "a b ", "display:", "A-"]) * rng.choice([1000, 300_000])
    return Hostile(".html", f"<div {many} {name}='{value}'><p>{words(rng, 9)}</p></div>".encode())


def unclosed(rng: random.Random) -> Hostile:
    """A comment, quotation, fence or raw text that never ends."""
    opener = rng.choice(
        ["<!--", "<script>", "<textarea>", "<title>", "<![CDATA[", "<a href='", "```\n", "---\n", "<style>"]
    )
    return Hostile(rng.choice([".html", ".md"]), f"<p>{words(rng, 9)}</p>\n{opener}{words(rng, 2000)}".encode())


def wide_table(rng: random.Random) -> Hostile:
    """Ten thousand columns, or spans that cover a million cells."""
    if rng.random() < 0.5:
        row = "".join(f"<td>{n}" for n in range(10_000))
        return Hostile(".html", f"<table>{f'<tr>{row}' * rng.choice([2, 10])}</table>".encode())
    row = "<tr>" + "<td rowspan=65534 colspan=1000>1" * 50
    return Hostile(rng.choice([".html"]), f"<table>{row * 300}</table>".encode())


def polyglot(rng: random.Random) -> Hostile:
    """Two types in one file."""
    pdf, page = small_pdf([[words(rng, 5)]]), f"<!doctype html><p>{words(rng, 9)}".encode()
    return Hostile(
        rng.choice([".html", ".pdf", ".md", ".docx"]), rng.choice([pdf + page, page + pdf, b"PK\x03\x04" + page])
    )


def nothing(rng: random.Random) -> Hostile:
    """Nothing, or as good as nothing."""
    return Hostile(
        rng.choice([".html", ".txt", ".md", ".pdf", ".docx"]), rng.choice([b"", b"\n", b"\xef\xbb\xbf", b"<p>", b"- -"])
    )


LIGHT: tuple[Callable[[random.Random], Hostile], ...] = (
    *(random_bytes, magic_noise, broken_page, broken_page, word_parts, pdf_parts, wrong_encoding, odd_characters),
    *(huge_attributes, unclosed, polyglot, nothing),
)
WEIGHTY = (deep_page, formatting_blow_up, one_long_line, zip_bomb, pdf_bomb, wide_table)


def hostile_paths(folder: Path, count: int, seed: int = 2031, weighty: int = 8) -> Iterator[tuple[str, Path]]:
    """Make ``count`` files in ``folder`` one at a time, and yield the kind and path of each; it is deleted afterwards.

    Every ``weighty``-th file is of a kind that takes time; the last ones are no regular files.
    """
    rng = random.Random(seed)
    odd = list(_no_files(folder))
    for number in range(max(count - len(odd), 0)):
        kinds = WEIGHTY if number % weighty == weighty - 1 else LIGHT
        make = kinds[number // (weighty if kinds is WEIGHTY else 1) % len(kinds)]
        suffix, data = make(rng)
        path = folder / f"{number:04}{suffix}"
        path.write_bytes(data)
        yield make.__name__, path
        path.unlink()
    yield from odd[:count]


def _no_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Make what is no readable file."""
    names = "folder.html pipe.pdf dangling.md loop.txt locked.txt".split()
    directory, pipe, dangling, loop, locked = (folder / name for name in names)
    directory.mkdir()
    os.mkfifo(pipe)
    dangling.symlink_to(folder / "missing")
    loop.symlink_to(loop)
    locked.write_text("words")
    locked.chmod(0)
    device, absent, nul = Path("/dev/zero"), folder / "absent.html", folder / "a\0b.html"
    yield from (("no_file", path) for path in (directory, pipe, dangling, loop, locked, device, absent, nul))


def main() -> int:
    """Read ``COUNT`` (1,000) hostile files; exit status 1 if one ends in neither a capture nor an error, or late."""
    from kb.errors import InputError
    from kb.intake import read_capture

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    ended: dict[str, list[int]] = {}
    slowest, bad = (0.0, ""), []
    with tempfile.TemporaryDirectory() as name:
        for kind, path in hostile_paths(Path(name), count):
            started = time.perf_counter()
            tally = ended.setdefault(kind, [0, 0])
            try:
                read_capture(path)
                tally[0] += 1
            except InputError:
                tally[1] += 1
            except Exception as error:
                bad.append(f"{kind} {path.name}: {error!r}"[:300])
            slowest = max(slowest, (time.perf_counter() - started, f"{kind} {path.name}"))
    for kind, (captures, errors) in sorted(ended.items()):
        print(f"{kind:20} {captures:4} captures {errors:4} errors")
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    captures, errors = (sum(pair[at] for pair in ended.values()) for at in (0, 1))
    print(f"{count} files: {captures} captures, {errors} clear errors, {len(bad)} neither")
    print(f"slowest {slowest[0]:.1f} s ({slowest[1]}); greatest memory of a process {peak} MB")
    print(*bad, sep="\n")
    return int(bool(bad) or slowest[0] > SECONDS or peak > MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
