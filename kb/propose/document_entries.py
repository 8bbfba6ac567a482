"""One entry of documents.yaml edited in place: its neighbours, their order, comments and layout stay as they are."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from kb.errors import InputError, Problem, visible


def edited(text: str, document: str, values: Mapping[str, str | tuple[str, ...]]) -> str:
    """Return ``documents.yaml`` with new values of one entry; a key that it lacks is added behind ``sha256``.

    An empty list removes nothing: it is written as ``[]``, or left out where the key was not there.
    """
    entry = _entry(yaml.compose(text, Loader=yaml.SafeLoader), document)
    keys = {key.value: (key, value) for key, value in entry.value}
    changes: list[tuple[int, int, str]] = []
    for name, value in values.items():
        written = _written(value)
        if name in keys:
            node = keys[name][1]
            changes.append((node.start_mark.index, node.end_mark.index, written))
        elif value:
            key, node = keys["sha256"]
            between = ", " if entry.flow_style else "\n" + " " * key.start_mark.column
            changes.append((node.end_mark.index, node.end_mark.index, f"{between}{name}: {written}"))
    for start, end, written in sorted(changes, reverse=True):
        tail = "\n" if text[start:end].endswith("\n") else ""  # a folded text ends with its line
        text = text[:start] + written + tail + text[end:]
    return text


def _entry(root: yaml.Node | None, document: str) -> yaml.MappingNode:
    if isinstance(root, yaml.MappingNode):
        for node in (node for _, value in root.value for node in value.value):
            if any(key.value == "id" and value.value == document for key, value in node.value):
                assert isinstance(node, yaml.MappingNode)  # noqa: S101 - `load_documents` has read it
                return node
    raise InputError([Problem("documents.yaml", 0, f"has no entry {document}", "correct the id")])


def _written(value: str | tuple[str, ...]) -> str:
    """Return a plain scalar where that is safe, else one in double quotes; a list in flow style."""
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    if value.isascii() and value.isalnum():
        return value
    shown = visible(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'
