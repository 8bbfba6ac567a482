"""Strict YAML: every scalar is a string, duplicate keys, aliases and tags are refused, lines are kept.

Plain YAML loading turns ``no`` into false, ``12:30`` into 750 and lets the last of two equal keys win.
None of that can happen here: the text is composed into nodes, and types are given later by the records.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kb.errors import InputError, Problem, Problems, visible

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 20
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

Place = tuple[str | int, ...]
Lines = dict[Place, int]


def read_text(path: Path, shown: str, limit: int = MAX_BYTES) -> str:
    """Return the text of a UTF-8 file; raise `InputError` where it cannot be read as such.

    A byte order mark is refused, because it shifts nothing visible and every offset; so are carriage returns
    and control characters, because no reader sees them.
    """
    try:
        if path.stat().st_size > limit:
            raise InputError([Problem(shown, 0, f"larger than {limit:,} bytes", "split it into several files")])
        data = path.read_bytes()
    except OSError as error:
        raise InputError([Problem(shown, 0, f"cannot be read: {error.strerror}", "check path and rights")]) from None
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise InputError([Problem(shown, 1, "starts with a byte order mark", "save it as UTF-8 without one")])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError([Problem(shown, line, "is not UTF-8", "save it as UTF-8")]) from None
    problems = Problems(shown)
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        problems.add(line, "has carriage returns", "save it with Unix line ends")
    for number, line_text in enumerate(text.split("\n"), 1):
        if found := CONTROL.search(line_text):
            problems.add(number, f"has the control character {visible(found[0])}", "remove it")
    problems.raise_any()
    return text


def read_yaml(path: Path, shown: str) -> tuple[Any, Lines]:
    """Return the data of a YAML file, all scalars as strings, and the line (from 1) of each place in it.

    Raises `InputError` with every duplicate key, alias, tag and syntax fault.
    """
    text = read_text(path, shown)
    problems = Problems(shown)
    try:
        _refuse_shared(text, problems)
        problems.raise_any()
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
        line = marks[0].line + 1 if marks else 0
        if "nesting depth" in str(error.problem):  # libyaml 0.2.6 and later give up before our own limit is met
            problems.add(line, f"is nested deeper than {MAX_DEPTH} levels", "flatten it")
        else:
            problems.add(line, f"is not YAML: {error.problem}", "mend the syntax there")
        raise InputError(problems.found) from None
    except yaml.YAMLError as error:
        reason = getattr(error, "reason", None) or "unreadable characters"
        problems.add(0, f"is not YAML: {reason}", "remove control characters")
        raise InputError(problems.found) from None
    if node is None:
        problems.add(0, "is empty", "write its content or delete the file")
    lines: Lines = {}
    data = _plain(node, (), lines, problems) if node is not None else None
    problems.raise_any()
    return data, lines


def _refuse_shared(text: str, problems: Problems) -> None:
    """Refuse aliases and deep nesting on the event stream, before anything is built from them."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        line = event.start_mark.line + 1 if event.start_mark is not None else 0
        if isinstance(event, yaml.AliasEvent):
            problems.add(line, f"uses the alias *{event.anchor}", "write the content out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                problems.add(line, f"is nested deeper than {MAX_DEPTH} levels", "flatten it")
                return
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            problems.add(line, f"uses the tag {tag}", "remove the tag; types follow from the field")


def _plain(node: yaml.Node, place: Place, lines: Lines, problems: Problems) -> Any:
    line = node.start_mark.line + 1
    lines[place] = line
    if isinstance(node, yaml.ScalarNode):
        if found := CONTROL.search(node.value) or re.search("\r", node.value):
            problems.add(line, f"has the control character {visible(found[0])}", "remove it")
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, i), lines, problems) for i, item in enumerate(node.value)]
    result: dict[str, Any] = {}
    for key, value in node.value:
        at = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.add(at, "has a key that is not plain text", "use a plain key")
            continue
        if key.value in result:
            problems.add(at, f"has the key “{key.value}” twice", "keep one of them")
            continue
        result[key.value] = _plain(value, (*place, key.value), lines, problems)
        lines[(*place, key.value)] = at
    return result


def report(error: ValidationError, place: Place, lines: Lines, problems: Problems) -> None:
    """Add every fault of a pydantic error at the nearest line that is known for it."""
    for fault in error.errors(include_url=False, include_context=False, include_input=True):
        spot = place
        for part in fault["loc"]:  # it also names the form of a value, which is no place in the file
            spot = (*spot, part) if (*spot, part) in lines else spot
        missing = fault["loc"][-1:] if fault["type"] == "missing" else ()
        name = ".".join(str(part) for part in (*spot[len(place) :], *missing)) or "record"
        reason = fault["msg"].removeprefix("Value error, ")
        given = fault["input"]
        got = f" (got “{given[:60]}”)" if isinstance(given, str) else ""
        problems.add(lines.get(spot, 0), f"{name}: {reason}{got}", "see docs/data-formats.md")
