"""Reading a risky file in a child process: any file ends in a reading or an error, in bounded time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from kb.intake.records import Excluded, Reading, UnreadableError

SECONDS = 20
MEMORY = 1024**3  # bytes of address space


def read_guarded(data: bytes, media_type: str) -> Reading:
    """Read ``data`` in a child process; raise `UnreadableError` also when it takes too long or breaks off."""
    command = [sys.executable, "-P", "-m", "kb.intake.child", media_type, str(SECONDS), str(MEMORY)]
    paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONIOENCODING": "ascii"}
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the file comes in as bytes
            command, input=data, capture_output=True, timeout=SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise _too_long() from None
    return _reading(done)


def _reading(done: subprocess.CompletedProcess[bytes]) -> Reading:
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        if done.returncode in (-24, -9):  # SIGXCPU, SIGKILL
            raise _too_long() from None
        if b"MemoryError" in done.stderr or done.returncode < 0:
            message = f"needs more than {MEMORY // 2**20:,} MB of memory to read, or is broken"
            raise UnreadableError(message, "export it again, or split it") from None
        raise UnreadableError("cannot be read: the reader broke off", "export it again") from None
    if "message" in found:
        raise UnreadableError(found["message"], found["remedy"])
    excluded = tuple(Excluded(**span) for span in found.pop("excluded"))
    return Reading(excluded=excluded, **found)


def _too_long() -> UnreadableError:
    return UnreadableError(f"takes longer than {SECONDS} seconds to read", "export it again, or split it")
