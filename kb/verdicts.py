"""Verdicts: what people decided about findings, one line of JSON each, in a file that only ever grows.

A verdict remembers what every member of the finding said when it was judged, as a hash and in words, so that a
later build can tell whether the same thing is still being judged.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from filelock import FileLock, Timeout
from pydantic import AfterValidator, StringConstraints, ValidationError, model_validator

from kb.errors import InputError, Problem, Problems
from kb.ids import sha256_text
from kb.model import Claim, Finding, FindingKind, Record, Sha256, Slug
from kb.quantities import shown
from kb.yamlfile import CONTROL, Lines, read_text, report

FILE = "verdicts.jsonl"
WAIT_SECONDS = 30.0
AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
NO_MEANING = {"checked", "made", "note", "seen_at"}


def _one_line(text: str) -> str:
    if CONTROL.search(text) or re.search(r"[\t\n\r]", text):
        raise ValueError("holds a line end or a control character")
    return text


def _moment(text: str) -> str:
    if not AT.fullmatch(text):
        raise ValueError("is no moment such as 2026-11-24T09:30:00Z (UTC, to the second)")
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is no moment of the calendar") from None
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_one_line)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
Moment = Annotated[str, AfterValidator(_moment)]
FindingId = Annotated[str, StringConstraints(pattern=r"^f-[0-9a-f]{12}$")]


class Ruling(StrEnum):
    """What a person decided: it stands, it is explained, it is no finding; or an earlier verdict is taken back."""

    CONFIRMED = "confirmed"
    EXPLAINED = "explained"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class JudgedMember(Record):
    """A member of a finding as it was when judged; ``claim`` and ``text`` are empty for a source as a whole."""

    claim: Annotated[str, StringConstraints(max_length=90)]
    source: Slug
    pole: Annotated[str, StringConstraints(min_length=1, max_length=10)]
    hash: Sha256
    text: Annotated[str, StringConstraints(max_length=2000)]

    @property
    def key(self) -> str:
        """The claim, or the source where that is meant as a whole."""
        return self.claim or self.source


class Verdict(Record):
    """A person's judgement of a finding. ``kind`` is that of the finding when judged, ``at`` is in UTC."""

    finding: FindingId
    code: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    question: Annotated[str, StringConstraints(max_length=2000)]
    kind: FindingKind
    verdict: Ruling
    reason: Line = ""
    by: Name
    at: Moment
    members: tuple[JudgedMember, ...]

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if not self.reason and self.verdict is not Ruling.WITHDRAWN:
            raise ValueError(f"a verdict of {self.verdict} needs a reason")
        return self

    @property
    def withdraws(self) -> bool:
        """Whether this takes back what was judged before."""
        return self.verdict is Ruling.WITHDRAWN


# What a claim says


def content_hash(claim: Claim) -> str:
    """Return the SHA-256 of what a claim means: all of it but its review state, notes and place in the text.

    What has its default value is left out, so that a field that claims get later changes no hash; neither does the
    order in which a file gives scope values or citations, nor a trailing zero.
    """
    meaning = claim.model_dump(exclude_defaults=True, exclude=NO_MEANING)
    if claim.locator is not None:
        meaning["locator"] = claim.locator.quote_sha256
    for name in ("scope", "unknown", "cites"):
        if name in meaning:
            meaning[name] = sorted(meaning[name], key=_canonical)
    for entry in meaning.get("scope", ()):
        entry["values"] = sorted(entry["values"])
    return sha256_text(_canonical(meaning))


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_number)


def _number(value: object) -> str:
    if isinstance(value, Decimal):
        return shown(value)
    raise TypeError(f"a claim holds {value!r}, which has no canonical form")


def judged_members(finding: Finding, claims: Mapping[str, Claim]) -> tuple[JudgedMember, ...]:
    """Return the members of a finding as a verdict remembers them."""
    return tuple(
        JudgedMember(
            claim=member.claim,
            source=member.source,
            pole=member.pole,
            hash=content_hash(claims[member.claim]) if member.claim else sha256_text(""),
            text=claims[member.claim].text if member.claim else "",
        )
        for member in finding.members
    )


def now() -> str:
    """Return the present moment as a verdict gives it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def make_verdict(fields: Mapping[str, Any]) -> Verdict:
    """Return a verdict from what a user gave; raise `InputError` where an option is missing or cannot be kept."""
    try:
        return Verdict.model_validate(fields)
    except ValidationError as error:
        problems = []
        for fault in error.errors(include_url=False, include_context=False):
            option = f"--{fault['loc'][0]}" if fault["loc"] else "--reason"
            remedy = "write it on one line of plain text" if fault["loc"] else "say why: --reason TEXT"
            problems.append(Problem(option, 0, fault["msg"].removeprefix("Value error, "), remedy))
        raise InputError(problems) from None


# Reading


def load_verdicts(path: Path, shown_path: str) -> tuple[Verdict, ...]:
    """Return the verdicts of a file in order of time; none if there is no file.

    Raises `InputError` with every fault of every line.
    """
    if not path.exists() and not path.is_symlink():
        return ()
    problems = Problems(shown_path)
    torn = _torn_line(path)
    try:
        text = read_text(path, shown_path)
    except InputError as error:
        problems.found.extend(problem for problem in error.problems if problem.line != torn or not torn)
        text = ""
    found = []
    for number, line in enumerate(text.split("\n")[:-1], 1):
        verdict = _read_line(line, number, problems)
        if verdict is not None:
            found.append(verdict)
    if torn:
        message = "has no line end: the writing of this line was cut short"
        problems.add(torn, message, "delete this last line, or end it with a line end if it is whole; then judge again")
    problems.raise_any()
    return tuple(sorted(found, key=lambda verdict: verdict.at))


def _torn_line(path: Path) -> int:
    """Return the number of the last line if no line end closes it, else 0."""
    try:
        data = path.read_bytes()
    except OSError:
        return 0
    return 0 if not data or data.endswith(b"\n") else data.count(b"\n") + 1


def _read_line(line: str, number: int, problems: Problems) -> Verdict | None:
    if not line.strip():
        problems.add(number, "is an empty line", "delete it")
        return None
    try:
        data = json.loads(line, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        problems.add(number, f"is not JSON: {error.msg} at character {error.colno}", "mend or delete the line")
        return None
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        problems.add(number, f"cannot be read: {reason}", "mend or delete the line")
        return None
    if not isinstance(data, dict):
        problems.add(number, "is no verdict", "write one JSON object a line")
        return None
    try:
        return Verdict.model_validate(data)
    except ValidationError as error:
        report(error, (), _places(data, number), problems)
        return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"it has the key “{name}” twice")
    return dict(pairs)


def _places(data: dict[str, Any], line: int) -> Lines:
    """Return every place of a verdict with its line, as fault reports want them."""
    places: Lines = {(): line} | {(key,): line for key in data}
    members = data.get("members")
    for number, member in enumerate(members if isinstance(members, list) else ()):
        places[("members", number)] = line
        if isinstance(member, dict):
            places |= {("members", number, key): line for key in member}
    return places


# Writing


def dump_verdict(verdict: Verdict) -> str:
    """Return a verdict as one line with its line end, keys in the order of the record."""
    text = json.dumps(verdict.model_dump(mode="json"), ensure_ascii=False)
    return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def append_verdict(path: Path, shown_path: str, verdict: Verdict) -> None:
    """Write a verdict behind those in the file, durably; raise `InputError` and write nothing if the file is faulty.

    Processes that append at once wait for one another. What a failed write left behind is cut off again.
    """
    with _locked(path, shown_path):
        load_verdicts(path, shown_path)
        target = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        size = os.fstat(target).st_size
        try:
            _write_all(target, dump_verdict(verdict).encode("utf-8"))
            os.fsync(target)
        except BaseException:
            os.ftruncate(target, size)
            raise
        finally:
            os.close(target)


def _write_all(target: int, data: bytes) -> None:
    while data:
        data = data[os.write(target, data) :]


@contextmanager
def _locked(path: Path, shown_path: str) -> Iterator[None]:
    try:
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=WAIT_SECONDS):
            yield
    except Timeout:
        message = f"is being written by another process (waited {WAIT_SECONDS:g} s)"
        raise InputError([Problem(shown_path, 0, message, "try again when that process has ended")]) from None
